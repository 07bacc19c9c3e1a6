package extract

import (
	"fmt"
	"strings"

	"golang.org/x/net/html/atom"
)

// conclude makes the reading of a section of what was seen.
func (q *quest) conclude() Reading {
	out := Reading{Outcome: Found, Method: q.method("")}
	var all []label
	for _, v := range q.searched {
		out.Searched = append(out.Searched, v.url)
		all = append(all, v.labels...)
		if v.doc != nil && out.Charset == "" {
			out.Charset = v.doc.charset
		}
	}
	for _, v := range q.entered {
		if v.url != "" && v.doc != nil {
			out.Searched = appendNew(out.Searched, v.url)
		}
	}
	found := q.parts(&out)
	switch {
	case len(q.links) > 0:
		q.inside(&out)
	case found == 0:
		q.nowhere(&out, all)
	default:
		out.Scattered = q.scattered(out.Parts)
		out.Notes = append(out.Notes, fmt.Sprintf("%q itself is not linked; its parts are", q.spec.Name))
	}
	return out
}

// parts fills in each part and returns how many were found. A part that was not
// found is absent only if every page it could be on was read.
func (q *quest) parts(out *Reading) int {
	found := 0
	for _, spec := range q.spec.Parts {
		part, ok := q.find(spec)
		if ok {
			found++
		} else if o := q.hindrance(); o != nil {
			part = Part{Name: spec.Name, Outcome: Unread, Reason: o.reason}
		} else if q.inScripts(names(spec.Name, spec.Synonyms)) {
			part = Part{Name: spec.Name, Outcome: Unread, Reason: ReasonScript}
		} else if q.hidden(spec.Name) != "" {
			part = Part{Name: spec.Name, Outcome: Unread, Reason: ReasonLost}
		}
		out.Parts = append(out.Parts, part)
		if part.Newest.Time.After(out.Newest.Time) {
			out.Newest = part.Newest
		}
	}
	return found
}

// find looks for one part: on the section's own pages, where any text may name
// it, then among the links of the pages searched, where only a column's name
// does.
func (q *quest) find(spec PartSpec) (Part, bool) {
	for _, v := range q.entered {
		if p, ok := findInside(v, spec); ok {
			return p, true
		}
	}
	n := names(spec.Name, spec.Synonyms)
	for _, v := range q.searched {
		for _, l := range v.labels {
			if l.link && n.likeColumn(l) {
				return Part{Name: spec.Name, Outcome: Found, URL: l.url}, true
			}
		}
	}
	return Part{Name: spec.Name, Outcome: Absent}, false
}

// findInside looks for a part on a page of its section: a link or tab named like
// it, else items whose titles name it.
func findInside(v view, spec PartSpec) (Part, bool) {
	n := names(spec.Name, spec.Synonyms)
	part := Part{Name: spec.Name, Outcome: Found, URL: v.url}
	titled := false
	for _, r := range v.rows {
		if n.in(letters(r.item.Title)) {
			titled = true
			if r.item.Date.Time.After(part.Newest.Time) {
				part.Newest = r.item.Date
			}
		}
	}
	for _, l := range v.labels {
		if n.likeColumn(l) {
			if l.url != "" {
				part.URL = l.url
			}
			return part, true
		}
	}
	if titled {
		return part, true
	}
	for _, l := range v.labels {
		if n.in(l.norm) {
			if l.url != "" {
				part.URL = l.url
			}
			return part, true
		}
	}
	return Part{Name: spec.Name, Outcome: Absent}, false
}

// hindrance returns the first obstacle on any page a part could be on.
func (q *quest) hindrance() *obstacle {
	for _, views := range [][]view{q.entered, q.searched} {
		for _, v := range views {
			if v.obstacle != nil {
				return v.obstacle
			}
		}
	}
	return nil
}

// inScripts reports whether a name stands in a script of a page looked at.
func (q *quest) inScripts(n naming) bool {
	for _, views := range [][]view{q.entered, q.searched} {
		for _, v := range views {
			if v.doc != nil && !v.doc.page.Rendered && n.onlyInScript(v.doc) {
				return true
			}
		}
	}
	return false
}

// inside concludes on a section that is linked: it is found, unless what is
// missing may stand on a page of it that could not be read.
func (q *quest) inside(out *Reading) {
	var first *view
	readable := false
	for i, v := range q.entered {
		if v.obstacle == nil {
			readable = true
		} else if first == nil {
			first = &q.entered[i]
		}
	}
	settled := !q.missing(out) && (len(out.Parts) > 0 || readable)
	if first == nil || settled {
		return
	}
	out.Outcome, out.Reason = Unread, first.obstacle.reason
	out.Detail = cut(fmt.Sprintf("the section's page %s: %s", first.url, first.obstacle.detail), maxDetail)
}

// hidden says what on the pages of the section, or where none was found on those
// searched, may lead to a part that no text names.
func (q *quest) hidden(name string) string {
	views := q.entered
	if len(views) == 0 {
		views = q.searched
	}
	for _, v := range views {
		if hides := v.hides(name); hides != "" {
			return v.url + ": " + hides
		}
	}
	return ""
}

// missing reports whether a part was not found.
func (q *quest) missing(out *Reading) bool {
	for _, p := range out.Parts {
		if p.Outcome != Found {
			return true
		}
	}
	return false
}

// nowhere concludes on a section that is linked on no page searched: absent only
// if every page was read and none builds its menu by script.
func (q *quest) nowhere(out *Reading, all []label) {
	every := append(naming(nil), q.section...)
	for _, p := range q.spec.Parts {
		every = append(every, names(p.Name, p.Synonyms)...)
	}
	out.Outcome, out.Nearest = Absent, nearest(all, every)
	for _, v := range q.searched {
		if v.obstacle != nil {
			out.Outcome, out.Reason = Unread, v.obstacle.reason
			out.Detail = cut(fmt.Sprintf("%s: %s", v.url, v.obstacle.detail), maxDetail)
			return
		}
	}
	for _, v := range q.searched {
		if hides := v.hides(q.spec.Name); hides != "" {
			out.Outcome, out.Reason = Unread, ReasonLost
			out.Detail = cut(fmt.Sprintf("%s: %s", v.url, hides), maxDetail)
			return
		}
	}
	if q.inScripts(q.section) {
		out.Outcome, out.Reason = Unread, ReasonScript
		out.Detail = fmt.Sprintf("%q stands only in a script; the menu must be seen in a browser", q.spec.Name)
		for i := range out.Parts {
			out.Parts[i].Outcome, out.Parts[i].Reason = Unread, ReasonScript
		}
	}
}

// hides says why a page searched may lead to a section that no link of it names:
// its menu stands in a frame, or the name stands where we follow nothing.
func (v view) hides(name string) string {
	if v.doc == nil {
		return ""
	}
	if to := v.doc.frame(); to != "" {
		return "a frame, " + to + ", may hold the menu"
	}
	if to := v.doc.nameless(); to != "" {
		return "its menu links " + to + " by a picture without a text"
	}
	for n := range v.doc.root.Descendants() {
		if (n.DataAtom == atom.Option || n.DataAtom == atom.Area) && strings.Contains(squeeze(textOf(n)+attr(n, "alt")), squeeze(name)) {
			return "its name stands in a menu that is no link"
		}
	}
	return ""
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return list
		}
	}
	return append(list, s)
}
