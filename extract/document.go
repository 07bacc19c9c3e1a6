package extract

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An obstacle is why a page could not be read.
type obstacle struct {
	reason Reason
	class  Class // of the page, if that was it
	detail string
	moved  bool // the answer came from another folder of the site
}

func hindered(r Reason, format string, args ...any) *obstacle {
	return &obstacle{reason: r, detail: fmt.Sprintf(format, args...)}
}

// A document is a page decoded and parsed, once.
type document struct {
	page    Page
	text    []byte // decoded
	root    *html.Node
	base    *url.URL
	charset string

	data *datum  // of JSON or XML
	from *Recipe // the source and markup of a document that data held; nil for a page
}

// decode turns a page's bytes into UTF-8 text, or says what they are instead.
func decode(p Page) (text []byte, encoding string, o *obstacle) {
	if kind := binary(p.Body); kind != "" {
		return nil, "", hindered(ReasonLost, "the address answers with %s, not with a page", kind)
	}
	text, name, how := Decode(p.Body, p.HeaderValue("Content-Type"))
	if damaged(text) {
		return nil, "", hindered(ReasonLost, "the characters cannot be decoded as %s (%s)", name, how)
	}
	return text, name + " " + how, nil
}

// parse reads a page as HTML: also the HTML that data hold, in answers of list
// interfaces and in islands of the page.
func parse(p Page) (*document, *obstacle) {
	text, encoding, o := decode(p)
	if o != nil {
		return nil, o
	}
	head := bytes.TrimSpace(text[:min(len(text), prescan)])
	switch {
	case len(head) == 0:
		return nil, &obstacle{reason: ClassEmptyBody.Reason(), class: ClassEmptyBody, detail: "the page is empty"}
	case looksJSON(head):
		return fromJSON(p, text, encoding)
	}
	switch first := rootName(head); {
	case first == "rss", first == "feed", first == "rdf:RDF":
		return nil, hindered(ReasonLost, "the address answers with a feed; set source: feed in the recipe")
	case first == "datastore", first == recordset, bytes.HasPrefix(head, []byte("<?xml")) && !strings.EqualFold(first, "html"):
		return fromXML(p, text, encoding)
	}
	root, err := html.Parse(bytes.NewReader(oneRoot(text)))
	if err != nil {
		return nil, &obstacle{reason: ClassTooDeep.Reason(), class: ClassTooDeep, detail: fmt.Sprintf("%s: nested too deep: the page cannot be parsed (%v)", ClassTooDeep, err)}
	}
	d := &document{page: p, text: text, root: root, charset: encoding}
	if where := d.cutShort(); where != "" {
		return nil, &obstacle{reason: ClassCutBody.Reason(), class: ClassCutBody, detail: "the page is cut short: it ends " + where}
	}
	d.base = baseOf(root, p.URL)
	d.expand()
	return d, nil
}

// maxRoots is how many <html> and <body> tags may bring attributes. Pages put
// together of others have some; the parser compares the attributes of each with
// those of all before it.
const maxRoots = 16

// rootTag finds such a tag.
var rootTag = regexp.MustCompile(`(?i)<(html|body)[\s/][^>]*>`)

// oneRoot takes the attributes of surplus <html> and <body> tags away: 20,000 of
// them would keep the parser busy for minutes.
func oneRoot(text []byte) []byte {
	if roots(text) <= maxRoots || len(rootTag.FindAllIndex(text, maxRoots+1)) <= maxRoots {
		return text
	}
	return rootTag.ReplaceAll(text, []byte("<$1>"))
}

// roots counts what may be such tags. It spares nearly every page the search by
// regular expression, which takes a tenth of the time of parsing it.
func roots(text []byte) (n int) {
	const letters = 4
	for i := bytes.IndexByte(text, '<'); i >= 0; i = bytes.IndexByte(text, '<') {
		text = text[i+1:]
		name := text[:min(len(text), letters)]
		if bytes.EqualFold(name, []byte("html")) || bytes.EqualFold(name, []byte("body")) {
			n++
		}
	}
	return n
}

// firstTag finds the first element behind declarations and comments.
var firstTag = regexp.MustCompile(`(?s)^(?:\s+|<\?.*?\?>|<!--.*?-->|<![A-Za-z][^>]*>)*<([A-Za-z][\w:.-]*)`)

// rootName returns the name of the first element, "" without one.
func rootName(head []byte) string {
	if m := firstTag.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// binary names the kind of a body that is no text, by its first bytes: what the
// header says about type is too often wrong in both directions.
func binary(body []byte) string {
	for _, kind := range []struct{ begins, name string }{
		{"%PDF-", "a PDF document"},
		{"PK\x03\x04", "a ZIP archive or an Office document"},
		{"\xD0\xCF\x11\xE0", "an Office document"},
		{"\x89PNG", "a picture"},
		{"\xFF\xD8\xFF", "a picture"},
		{"GIF8", "a picture"},
		{"RIFF", "a picture, sound or film"},
		{"\x1F\x8B", "a compressed file"},
		{"Rar!", "a RAR archive"},
		{"7z\xBC\xAF", "a 7z archive"},
	} {
		if bytes.HasPrefix(body, []byte(kind.begins)) {
			return kind.name
		}
	}
	return ""
}

// baseOf returns what links of the page are relative to. A <base> that leads to
// another host or to no web address is not followed.
func baseOf(root *html.Node, address string) *url.URL {
	own, err := url.Parse(address)
	if err != nil {
		own = &url.URL{}
	}
	if n := firstElement(root, atom.Base); n != nil {
		if u, err := own.Parse(strings.TrimSpace(attr(n, "href"))); err == nil && web(u) && sameHost(u, own) {
			return u
		}
	}
	return own
}

// firstElement returns the first element with a name below n, or nil.
func firstElement(n *html.Node, name atom.Atom) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.DataAtom == name {
			return c
		}
	}
	return nil
}

// nextElement returns the element behind n, nil at the end.
func nextElement(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
	}
	return n
}

// previousElement returns the element in front of n, nil at the beginning.
func previousElement(n *html.Node) *html.Node {
	for n = n.PrevSibling; n != nil && n.Type != html.ElementNode; n = n.PrevSibling {
	}
	return n
}

// title returns the text of the <title>.
func (d *document) title() string {
	if n := firstElement(d.root, atom.Title); n != nil && n.FirstChild != nil {
		return title(n.FirstChild.Data)
	}
	return ""
}

// maxLink bounds an address, in bytes.
const maxLink = 4 << 10

// resolve returns an address of the page as an absolute one, or "" if it leads
// nowhere: a script, an anchor, no address.
func (d *document) resolve(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || ref[0] == '#' || len(ref) > maxLink {
		return ""
	}
	u, err := d.base.Parse(strings.ReplaceAll(ref, "\\", "/"))
	if err != nil || !web(u) {
		return ""
	}
	u.Fragment, u.User = "", nil
	return u.String()
}

func web(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// addressOf parses an address, nil if it is none.
func addressOf(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	return u
}
