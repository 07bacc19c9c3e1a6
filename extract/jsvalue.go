package extract

import (
	"bytes"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A page's script may hold data as a program writes them, not as JSON wants
// them: with undefined, names without quotes, texts in single quotes, or all of
// it as one text, escaped for the script, for HTML, or as a part of an address.
// Nothing is run.

var errNoValue = errors.New("no data follow")

// wrappers are calls around a text that holds data.
var wrappers = regexp.MustCompile(`^(?:(?:JSON\.parse|decodeURIComponent|decodeURI|unescape|htmlDecode)\(\s*){1,4}`)

// maxWraps is how often data may be wrapped in texts.
const maxWraps = 4

// scriptValue reads the value at the start of text.
func scriptValue(text []byte) (*datum, error) {
	if len(text) > maxData {
		text = text[:maxData]
	}
	for range maxWraps {
		text = bytes.TrimLeft(text, " \t\r\n")
		text = text[len(wrappers.Find(text[:min(len(text), prescan)])):]
		if len(text) == 0 {
			return nil, errNoValue
		}
		switch text[0] {
		case '{', '[':
			plain, err := literal(text)
			if err != nil {
				return nil, err
			}
			return parseJSON(plain)
		case '"', '\'', '`':
			inner, _, ok := scriptText(text)
			if !ok {
				return nil, errNoValue
			}
			text = unwrapped(inner)
		case '%', '&':
			end := bytes.IndexAny(text, "<\"' \n")
			if end < 0 {
				end = len(text)
			}
			next := unwrapped(string(text[:end]))
			if bytes.Equal(next, text[:end]) {
				return nil, errNoValue
			}
			text = next
		default:
			return nil, errNoValue
		}
	}
	return nil, errNoValue
}

// unwrapped undoes what a text of data was escaped for.
func unwrapped(s string) []byte {
	s = strings.TrimSpace(s)
	switch {
	case strings.HasPrefix(s, "%"):
		if plain, err := url.PathUnescape(s); err == nil {
			return []byte(plain)
		}
	case strings.Contains(s[:min(len(s), 64)], "&quot;"):
		return []byte(html.UnescapeString(s))
	}
	return []byte(s)
}

// scriptText reads a text in quotes and returns how many bytes it took.
func scriptText(in []byte) (out string, size int, ok bool) {
	var b strings.Builder
	quote := in[0]
	for i := 1; i < len(in); i++ {
		switch c := in[i]; {
		case c == quote:
			return b.String(), i + 1, true
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(in):
			r, n := escaped(in[i+1:])
			i += n
			if r >= 0 {
				b.WriteRune(r)
			}
		}
	}
	return "", 0, false
}

// simpleEscapes are what a letter behind a backslash stands for.
const simpleEscapes = "n\nr\rt\tb\bf\fv\v0\x00"

// escaped reads what follows a backslash; r is negative for nothing.
func escaped(in []byte) (r rune, size int) {
	switch in[0] {
	case 'x':
		if n, ok := hexDigits(in, 1, 2); ok {
			return n, 3
		}
	case 'u':
		n, ok := hexDigits(in, 1, 4)
		if !ok {
			break
		}
		if utf16.IsSurrogate(n) && len(in) >= 11 && in[5] == '\\' && in[6] == 'u' {
			if low, ok := hexDigits(in, 7, 4); ok {
				return utf16.DecodeRune(n, low), 11
			}
		}
		return n, 5
	case '\n':
		return -1, 1
	}
	if i := strings.IndexByte(simpleEscapes, in[0]); i >= 0 && i%2 == 0 && in[0] >= '0' {
		return rune(simpleEscapes[i+1]), 1
	}
	return utf8.DecodeRune(in)
}

func hexDigits(in []byte, from, count int) (rune, bool) {
	if len(in) < from+count {
		return 0, false
	}
	n, err := strconv.ParseUint(string(in[from:from+count]), 16, 32)
	return rune(n), err == nil
}

// words that JSON has no word for, and what stands for them in it.
var scriptWords = map[string]string{
	"undefined": "null", "NaN": "null", "Infinity": "null", "void 0": "null", "!0": "true", "!1": "false",
	"true": "true", "false": "false", "null": "null",
}

var (
	wordShape   = regexp.MustCompile(`^(?:void 0|![01]|-?Infinity|[A-Za-z_$][\w$]*)`)
	numberShape = regexp.MustCompile(`^[-+]?(?:0[xX][0-9a-fA-F]+|\d*\.?\d+(?:[eE][-+]?\d+)?)`)
	callShape   = regexp.MustCompile(`^new Date\([^()]{0,40}\)`)
)

// literal returns the object or array at the start of text as JSON.
func literal(in []byte) ([]byte, error) {
	w := &literalWriter{in: in}
	for w.at < len(in) {
		if done, err := w.step(); done || err != nil {
			return w.out.Bytes(), err
		}
	}
	return nil, errors.New("the data break off")
}

// A literalWriter turns a literal of a script into JSON.
type literalWriter struct {
	in    []byte
	at    int
	out   bytes.Buffer
	open  []byte // brackets that are open
	comma bool   // a comma was read and not yet written
}

// step reads one token.
func (w *literalWriter) step() (done bool, err error) {
	rest := w.in[w.at:]
	switch c := rest[0]; c {
	case ' ', '\t', '\r', '\n':
		w.at++
	case '{', '[':
		w.put(string(c), 1)
		if w.open = append(w.open, c); len(w.open) > maxDataDepth {
			return false, errTooDeep
		}
	case '}', ']':
		if len(w.open) == 0 || w.open[len(w.open)-1] != c-2 {
			return false, errors.New("brackets do not match")
		}
		w.comma, w.open = false, w.open[:len(w.open)-1] // a comma behind the last member
		w.put(string(c), 1)
		return len(w.open) == 0, nil
	case ',':
		if w.comma { // a hole in an array
			w.out.WriteString(",null")
		}
		w.comma = true
		w.at++
	case ':':
		w.put(":", 1)
	case '"', '\'', '`':
		s, size, ok := scriptText(rest)
		if !ok {
			return false, errors.New("a text breaks off")
		}
		w.put(quoted(s), size)
	default:
		return false, w.word(rest)
	}
	return false, nil
}

// put writes a token, behind the comma in front of it.
func (w *literalWriter) put(token string, size int) {
	if w.comma {
		w.out.WriteByte(',')
		w.comma = false
	}
	w.out.WriteString(token)
	w.at += size
}

// word reads a number, a word, or a name without quotes.
func (w *literalWriter) word(rest []byte) error {
	head := rest[:min(len(rest), 256)]
	if call := callShape.Find(head); call != nil {
		w.put("null", len(call))
		return nil
	}
	if name := wordShape.Find(head); name != nil {
		if plain, known := scriptWords[strings.TrimPrefix(string(name), "-")]; known && !w.named(len(name)) {
			w.put(plain, len(name))
		} else {
			w.put(quoted(string(name)), len(name))
		}
		return nil
	}
	number := numberShape.Find(head)
	if number == nil {
		return errors.New("the data hold more than values")
	}
	s := strings.TrimPrefix(string(number), "+")
	if s[0] == '.' {
		s = "0" + s
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil || strings.ContainsAny(s, "xX") || len(s) > 1 && s[0] == '0' && s[1] != '.' || w.named(len(number)) {
		s = quoted(s)
	}
	w.put(s, len(number))
	return nil
}

// named reports whether the token is the name of a member: a colon follows.
func (w *literalWriter) named(size int) bool {
	rest := bytes.TrimLeft(w.in[w.at+size:min(len(w.in), w.at+size+64)], " \t\r\n")
	return len(rest) > 0 && rest[0] == ':' && len(w.open) > 0 && w.open[len(w.open)-1] == '{'
}

// quoted writes a text as JSON.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
