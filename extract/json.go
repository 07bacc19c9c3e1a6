package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

var (
	errTooDeep = fmt.Errorf("nested too deep: more than %d levels", maxDataDepth)
	errTooMuch = errors.New("holds too much: a list interface answers with some hundred rows")
	errNoData  = errors.New("is neither an object nor an array")
)

// jsonGuard is what stands before JSON to keep it from being run, or to have it
// run: )]}', and while(1); and for(;;); and callback( of JSONP.
var jsonGuard = regexp.MustCompile(`^[\s\x{FEFF}]*(?:\)\]\}'?,?|while\s*\(1\);|for\s*\(;;\);|(?:/\*[^*]{0,200}\*/\s*)?(?:(?:var\s+)?[\w$.]{1,100}\s*=|[\w$.]{0,100}\s*\())?\s*`)

// bareJSON returns text without its guard, nil if no JSON can follow.
func bareJSON(text []byte) []byte {
	text = text[len(jsonGuard.Find(text[:min(len(text), prescan)])):]
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil
	}
	return text
}

// looksJSON reports whether the head of a page begins like JSON rather than like
// a line of prose in brackets.
func looksJSON(head []byte) bool {
	bare := bareJSON(head)
	switch {
	case bare == nil:
		return false
	case bare[0] == '{':
		return len(bare) == len(head) || bytes.ContainsAny(bare, `":`)
	}
	return bytes.ContainsAny(bare, `{"`) && (bytes.IndexByte(bare, '{') == 1 || !bytes.Contains(bare, []byte("<")))
}

// parseJSON reads JSON, whatever guards it. Control characters, which no string
// of JSON may hold and many do, count as blanks.
func parseJSON(text []byte) (*datum, error) {
	if len(text) > maxData {
		return nil, fmt.Errorf("is larger than %d bytes", maxData)
	}
	bare := bareJSON(text)
	if bare == nil {
		return nil, errNoData
	}
	p := &jsonParser{in: json.NewDecoder(bytes.NewReader(blanked(bare)))}
	p.in.UseNumber()
	token, err := p.in.Token()
	if err != nil {
		return nil, err
	}
	root := &datum{}
	if err := p.fill(root, token, 1); err != nil {
		return nil, err
	}
	if rest := bytes.Trim(bare[p.in.InputOffset():], " \t\r\n;)\x00"); len(rest) > 0 {
		return nil, fmt.Errorf("goes on behind its end: %q", cut(string(rest), 40))
	}
	return root, nil
}

// blanked returns text with blanks for control characters.
func blanked(text []byte) []byte {
	control := func(b rune) bool { return b < ' ' }
	if bytes.IndexFunc(text, control) < 0 {
		return text
	}
	out := bytes.Clone(text)
	for i, b := range out {
		if b < ' ' {
			out[i] = ' '
		}
	}
	return out
}

// A jsonParser makes a datum of tokens.
type jsonParser struct {
	in    *json.Decoder
	count int
}

// fill makes d the value that begins with a token.
func (p *jsonParser) fill(d *datum, token json.Token, depth int) error {
	if p.count++; p.count > maxDatums {
		return errTooMuch
	}
	switch v := token.(type) {
	case json.Delim:
		if depth > maxDataDepth {
			return errTooDeep
		}
		if d.form = array; v == '{' {
			d.form = object
		}
		return p.members(d, depth)
	case nil:
		d.form = nothing
	case string:
		d.text = v
	case json.Number:
		d.text = v.String()
	case bool:
		d.text = fmt.Sprint(v)
	}
	return nil
}

// members reads what is in an object or array.
func (p *jsonParser) members(d *datum, depth int) error {
	for p.in.More() {
		token, err := p.in.Token()
		if err != nil {
			return err
		}
		kid := datum{}
		if d.form == object {
			kid.name, _ = token.(string) // the decoder takes nothing else
			if token, err = p.in.Token(); err != nil {
				return err
			}
		}
		if err := p.fill(&kid, token, depth+1); err != nil {
			return err
		}
		d.kids = append(d.kids, kid)
	}
	_, err := p.in.Token()
	return err
}
