package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxTabs bounds the tabs of one strip.
const maxTabs = 12

// tabs reports whether n is a strip of tabs without links, and notes which of
// the elements after it belongs to which tab.
func (s *surveyor) tabs(n *html.Node, sc scope) bool {
	if n.DataAtom != atom.Ul && n.DataAtom != atom.Div {
		return false
	}
	names := tabNames(n)
	if len(names) < 2 {
		return false
	}
	shown := panelsAfter(n, len(names))
	if shown == nil {
		return false
	}
	for i, name := range names {
		h := &head{name: name, level: levelTitle, parent: sc.head, nth: len(s.found)}
		s.heads = append(s.heads, h)
		s.panels[shown[i]] = h
	}
	return true
}

// tabNames returns the names of a strip of tabs, nil for what is none: all of
// its texts are short, and none leads anywhere.
func tabNames(n *html.Node) []string {
	var names []string
	nodes := 0
	for c := range n.Descendants() {
		if nodes++; nodes > 10*maxTabs {
			return nil
		}
		switch {
		case c.Type == html.TextNode:
			text := title(cut(c.Data, 200))
			if text == "" {
				continue
			}
			if text = cleanName(text); !groupName(text) || len(names) == maxTabs {
				return nil
			}
			names = append(names, text)
		case c.Type == html.ElementNode && c.DataAtom == atom.A && leads(attr(c, "href")):
			return nil
		}
	}
	return names
}

// leads reports whether a reference is an address and no script.
func leads(ref string) bool {
	ref = strings.TrimSpace(ref)
	return ref != "" && ref[0] != '#' && !strings.HasPrefix(strings.ToLower(cut(ref, 20)), "javascript:")
}

// panelsAfter returns the elements that so many tabs show: the next siblings, or
// the children of the next one.
func panelsAfter(n *html.Node, tabs int) []*html.Node {
	next := nextElement(n)
	if next == nil {
		return nil
	}
	if inner := childElements(next, tabs+1); len(inner) == tabs && allLink(inner) {
		return inner
	}
	var beside []*html.Node
	for c := next; c != nil && len(beside) < tabs; c = nextElement(c) {
		beside = append(beside, c)
	}
	if len(beside) == tabs && allLink(beside) {
		return beside
	}
	return nil
}

func allLink(nodes []*html.Node) bool {
	for _, n := range nodes {
		if !container(n) || !hasLink(n) {
			return false
		}
	}
	return true
}

func childElements(n *html.Node, most int) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil && len(out) < most; c = c.NextSibling {
		if c.Type == html.ElementNode && !silent(c) {
			out = append(out, c)
		}
	}
	return out
}
