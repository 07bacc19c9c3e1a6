package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// parseXML reads XML data; the datum is its root element. What a declaration
// says of the encoding is void, because the text is decoded, and entities that a
// document type declares are not expanded.
func parseXML(text []byte) (*datum, error) {
	if len(text) > maxData {
		return nil, fmt.Errorf("is larger than %d bytes", maxData)
	}
	in := xml.NewDecoder(bytes.NewReader(text))
	in.Strict = false
	in.Entity = xml.HTMLEntity
	in.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	p := &xmlParser{in: in}
	for {
		token, err := in.RawToken()
		if err != nil {
			return nil, fmt.Errorf("holds no whole element: %w", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			root := &datum{}
			return root, p.element(root, start, 1)
		}
	}
}

// An xmlParser makes datums of tokens.
type xmlParser struct {
	in    *xml.Decoder
	count int
}

// element fills d with the element that a start tag begins.
func (p *xmlParser) element(d *datum, start xml.StartElement, depth int) error {
	if p.count += 1 + len(start.Attr); p.count > maxDatums {
		return errTooMuch
	}
	if depth > maxDataDepth {
		return errTooDeep
	}
	d.name, d.form = start.Name.Local, object
	for _, a := range start.Attr {
		d.kids = append(d.kids, datum{name: "@" + a.Name.Local, text: a.Value})
	}
	var text strings.Builder
	for {
		token, err := p.in.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("<%s> has no end", cut(d.name, 40))
		case err != nil:
			return err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			kid := datum{}
			if err := p.element(&kid, t, depth+1); err != nil {
				return err
			}
			d.kids = append(d.kids, kid)
		case xml.EndElement:
			if t.Name.Local != d.name {
				return fmt.Errorf("<%s> ends with </%s>", cut(d.name, 40), cut(t.Name.Local, 40))
			}
			d.text = strings.TrimSpace(text.String())
			return nil
		}
	}
}

// Parts of XML that hold HTML.
const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

// elements returns what stands in the elements of a name, as HTML: in CDATA, as
// it is, or escaped. It looks for their tags only, because the data that pages
// hold in islands are no well-formed XML often enough.
func elements(text, name string) []string {
	var out []string
	open, end := "<"+name, "</"+name
	for len(out) < maxNodes {
		_, tail, found := strings.Cut(text, open)
		if !found || tail == "" {
			return out
		}
		text = tail
		if !strings.ContainsRune(" \t\r\n>", rune(tail[0])) {
			continue
		}
		_, tail, _ = strings.Cut(tail, ">")
		size := contentSize(tail, end)
		if size < 0 {
			return out
		}
		out = append(out, markupOf(tail[:size]))
		text = tail[size:]
	}
	return out
}

// contentSize returns where an element that has begun ends, -1 if it does not. A
// tag inside CDATA is none.
func contentSize(s, end string) int {
	to := strings.Index(s, end)
	for at := 0; to >= 0; {
		data := strings.Index(s[at:to], cdataOpen)
		if data < 0 {
			return to
		}
		closed := strings.Index(s[at+data:], cdataClose)
		if closed < 0 {
			return -1
		}
		if at += data + closed + len(cdataClose); at > to {
			if to = strings.Index(s[at:], end); to >= 0 {
				to += at
			}
		}
	}
	return -1
}

// markupOf returns the HTML in the content of an element.
func markupOf(s string) string {
	if !strings.Contains(s, cdataOpen) {
		if !strings.Contains(s, "<") {
			s = html.UnescapeString(s)
		}
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	for {
		_, tail, found := strings.Cut(s, cdataOpen)
		if !found {
			return strings.TrimSpace(b.String())
		}
		text, rest, _ := strings.Cut(tail, cdataClose)
		b.WriteString(text)
		s = rest
	}
}
