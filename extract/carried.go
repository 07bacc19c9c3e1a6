package extract

import (
	"bytes"
	"strings"
)

// fromJSON makes a document of the HTML that JSON holds. JSON that holds rows
// themselves is for [reader.dataSheet].
func fromJSON(p Page, text []byte, encoding string) (*document, *obstacle) {
	d := &document{page: p, text: text, charset: encoding}
	data, err := parseJSON(text)
	if err != nil {
		return nil, hindered(ReasonLost, "the address answers with JSON, not with a page, and it cannot be read: %v", err)
	}
	at, markup := fragment(data)
	if at == nil {
		return nil, hindered(ReasonLost, "the address answers with JSON, not with a page")
	}
	if err := d.holdHTML(markup); err != nil {
		return nil, hindered(ReasonLost, "nested too deep: the HTML in the answer cannot be parsed (%v)", err)
	}
	d.base, d.data = baseOf(d.root, p.URL), data
	d.from = &Recipe{Source: SourceJSON, Markup: strings.Join(at, ".")}
	return d, nil
}

// fragment finds the one text of an answer that is HTML with links.
func fragment(root *datum) (at trail, markup string) {
	others := 0
	var walk func(d *datum, p trail, depth int)
	walk = func(d *datum, p trail, depth int) {
		for i := range d.kids {
			k := &d.kids[i]
			here := append(p[:len(p):len(p)], k.name)
			switch {
			case depth > 0 && k.form == object:
				walk(k, here, depth-1)
			case k.form != scalar || !isFragment(k.text):
			case len(k.text) > len(markup) && sayable(k.name):
				others += len(markup)
				at, markup = here, k.text
			default:
				others += len(k.text)
			}
		}
	}
	walk(root, nil, 5)
	if others*2 > len(markup) {
		return nil, ""
	}
	return at, markup
}

// isFragment reports whether a text is HTML that could hold a list.
func isFragment(s string) bool {
	lower := strings.ToLower(s)
	return strings.Contains(lower, "<a ") && strings.Contains(lower, "href") && strings.Contains(lower, "</")
}

// fromXML makes a document of the records in XML whose rows are HTML.
func fromXML(p Page, text []byte, encoding string) (*document, *obstacle) {
	d := &document{page: p, text: text, charset: encoding, base: addressOf(p.URL)}
	texts := elements(string(text), record)
	rows := 0
	for _, t := range texts {
		if strings.Contains(t, "<") {
			rows++
		}
	}
	if d.base == nil || rows == 0 || rows*2 < len(texts) || bytes.Contains(text[:min(len(text), prescan)], []byte("<rss")) {
		return nil, hindered(ReasonLost, "the address answers with XML data, not with a page")
	}
	d.holdRecords(texts)
	d.from = &Recipe{Source: SourceXML, Markup: record}
	return d, nil
}
