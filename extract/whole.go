package extract

import (
	"bytes"
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tailBytes is how much of a page's end is looked at to see whether it is one.
const tailBytes = 4 << 10

var (
	pageEnd = regexp.MustCompile(`(?i)</(?:html|body)`)
	halfTag = regexp.MustCompile(`^(?:</?|<!)[A-Za-z][^>]*$`)
)

// cutShort tells where a page breaks off, "" if it does not. Many good pages
// lack their last tags, so only what nobody leaves out counts: half a tag, half
// a character, the end of a link, a script or a comment. Every one of them may
// be all that is left of a list whose newest rows are missing.
func (d *document) cutShort() string {
	tail := d.text[max(0, len(d.text)-tailBytes):]
	if pageEnd.Match(tail) {
		return ""
	}
	rest := tail[bytes.LastIndexByte(tail, '>')+1:]
	at := bytes.LastIndexByte(rest, '<')
	switch {
	case bytes.HasSuffix(tail, []byte("\uFFFD")):
		return "in the middle of a character"
	case at >= 0 && halfTag.Match(rest[at:]):
		return "in the middle of a tag"
	case len(bytes.TrimSpace(rest)) > 0 && len(bytes.TrimSpace(rest)) == len(bytes.TrimLeft(rest, " \t\r\n")):
		return openEnd(d.root)
	}
	return ""
}

// openEnd says inside of what a page ends that ends with text: of the elements
// whose end no browser takes for granted.
func openEnd(root *html.Node) string {
	n := root
	for n.LastChild != nil {
		n = n.LastChild
	}
	for ; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.A, atom.Script, atom.Style, atom.Title, atom.Textarea, atom.Span, atom.Em, atom.H1, atom.H2, atom.H3, atom.H4:
			return "inside of <" + n.Data + ">"
		}
		if n.Type == html.CommentNode {
			return "inside of a comment"
		}
	}
	return ""
}
