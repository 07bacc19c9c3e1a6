package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxTextNode bounds the bytes of one text node that are matched against
// anything: no title and no date is longer.
const maxTextNode = 64 << 10

// maxText bounds the text gathered from one element.
const maxText = 64 << 10

// unseen reports whether a browser shows nothing of n.
func unseen(n *html.Node) bool {
	if silent(n) {
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			s := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

// silent reports whether nothing below n is text, or a link that a reader can
// follow. Menus hidden until they are pointed at are not silent.
func silent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Textarea, atom.Head, atom.Select:
		return true
	}
	return false
}

// gap stands among pieces where a node was left out.
const gap = "\x00"

// pieces returns the visible texts below n in page order, with a gap in place of
// each node that leave names. What a reader sees as two words comes as two
// pieces.
func pieces(n *html.Node, leave func(*html.Node) bool) []string {
	var out []string
	size := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && size < maxText; c = c.NextSibling {
			switch c.Type {
			case html.TextNode:
				if s := strings.TrimSpace(cut(c.Data, maxTextNode)); s != "" {
					out = append(out, s)
					size += len(s)
				}
			case html.ElementNode:
				switch {
				case unseen(c):
				case leave != nil && leave(c):
					out = append(out, gap)
				default:
					walk(c)
				}
			}
		}
	}
	walk(n)
	return out
}

// textOf returns the visible text of n in one line. Of a script it returns the
// source, because a selector that names a script wants nothing else.
func textOf(n *html.Node) string {
	if n.DataAtom == atom.Script || n.DataAtom == atom.Style {
		if n.FirstChild != nil {
			return cut(n.FirstChild.Data, maxTextNode)
		}
		return ""
	}
	return strings.Join(pieces(n, nil), " ")
}

// FoldName brings the spellings of an account's name together: full-width forms
// and blanks of any kind differ on screens only. Nothing else is folded: case is
// the owner's choice, and another suffix is another name.
func FoldName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s)
}

// title returns s as the title of an item: one line, without characters that
// are not seen or that turn the text around.
func title(s string) string {
	var b strings.Builder
	space := false
	for _, r := range cut(s, 2000) {
		switch {
		case unicode.IsSpace(r) || r == '\u3000':
			space = b.Len() > 0
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\uFEFF':
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return cut(strings.TrimLeft(b.String(), bullets), 1000)
}

// bullets are printed in front of titles and are no part of them.
const bullets = "•·●■◆▪○※ "

// cut returns at most n bytes of s and no half rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// attr returns the value of an attribute, or "".
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if strings.EqualFold(a.Key, key) {
			return cut(a.Val, maxTextNode)
		}
	}
	return ""
}

// within reports whether n is top or stands below it.
func within(n, top *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}
