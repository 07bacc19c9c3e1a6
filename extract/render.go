package extract

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A page is looked at in a browser where that may change what is read: its list
// is filled by script, it seems to be blank and runs scripts, or a wall sent a
// script in its place. It is looked at once. What the browser does not show
// leaves the page as it came, except that a list which might be filled is then
// not called blank.

// challenged reports whether a wall's script stands in the place of the page. It
// is run once; nothing else is tried against walls.
func (s sheet) challenged() bool { return s.obstacle != nil && s.obstacle.class == ClassChallenge }

// challenge is an obstacle that a browser may pass by running its script.
func challenge(format string, args ...any) *obstacle {
	o := hindered(ReasonBlocked, "a script challenge: "+format, args...)
	o.class = ClassChallenge
	return o
}

// render asks for the page as a browser shows it and reads that.
func (r *reader) render(s sheet, address string, why Why) (sheet, bool) {
	p, ok := r.take(Want{URL: address, Why: why, Render: true})
	switch {
	case !ok:
		return sheet{}, false
	case p.Class == "", p.Class == ClassForeign:
		p.Rendered = true
		shown := r.readFirst(p)
		if shown.stillUnfilled() && s.obstacle != nil {
			s.obstacle.detail += "; the browser shows no more"
			return s, true
		}
		shown.spared = proposeData(shown.rows, r.all)
		return shown, true
	case p.Class == ClassNoBrowser:
		if s.obstacle != nil {
			s.obstacle.detail += "; no browser is at hand"
		}
		return s, true
	case s.obstacle == nil:
		s.obstacle, s.empty = hindered(ReasonScript, "the list is empty as long as no script runs"), false
	}
	s.obstacle.detail += fmt.Sprintf("; in the browser: %s", byStatus(p).detail)
	return s, true
}

// stillUnfilled reports whether scripts that should have filled a page did not,
// in the browser either: they may be gone, or want more than we may do.
func (s sheet) stillUnfilled() bool {
	return s.obstacle != nil && s.obstacle.reason == ReasonLost && s.doc != nil && s.doc.shell(s.doc.sketch()) != ""
}

// orFilled tells a list that was not found from one that a script has yet to
// write into an empty box.
func (s sheet) orFilled() sheet {
	if s.obstacle == nil || s.obstacle.reason != ReasonLost || s.doc.page.Rendered {
		return s
	}
	if box := s.doc.hollow(); box != "" {
		s.obstacle = hindered(ReasonScript, "%s; %s", s.obstacle.detail, box)
		s.look = true
	}
	return s
}

// hollow returns the empty box on the page that a script fills, "" if there is
// none: one that an inline script names, or that stands before it.
func (d *document) hollow() string {
	loaders := d.loaders()
	if len(loaders) == 0 {
		return ""
	}
	for n := range d.root.Descendants() {
		if !isBox(n) || sideBox(n) || hasLink(n) || len(pieces(n, nil)) > 0 {
			continue
		}
		for _, l := range loaders {
			if nextElement(n) == l.node || l.spells(attr(n, "id")) {
				return fmt.Sprintf("an empty <%s id=%q class=%q> waits for a script", n.Data, attr(n, "id"), attr(n, "class"))
			}
		}
	}
	return ""
}

// sideBox reports whether an element is named as what is never a list, or holds
// one that is.
func sideBox(n *html.Node) bool {
	if otherFrames.MatchString(attr(n, "id") + " " + attr(n, "class")) {
		return true
	}
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && otherFrames.MatchString(attr(c, "id")+" "+attr(c, "class")) {
			return true
		}
	}
	return false
}

// spells reports whether a script spells the id of an element out.
func (l loader) spells(id string) bool {
	return id != "" && (strings.Contains(l.source, "#"+id) || strings.Contains(l.source, `"`+id+`"`) || strings.Contains(l.source, "'"+id+"'"))
}

// isBox reports whether an element may hold a list.
func isBox(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Ul, atom.Ol, atom.Dl, atom.Div, atom.Section, atom.Table, atom.Tbody:
		return true
	}
	return false
}
