package extract

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// keptRows is how many rows of a list are remembered.
const keptRows = 40

// fingerprint remembers a list that was read.
func fingerprint(rows []row, shape string, p Page, before *Fingerprint) *Fingerprint {
	f := &Fingerprint{Shape: shape, Rows: len(rows), At: p.FetchedAt}
	for i, r := range rows {
		d := r.item.Date
		if r.dated() {
			f.Dated++
			if d.Time.After(f.Newest.Time) {
				f.Newest = d
			}
		}
		if i >= keptRows {
			continue
		}
		f.Links = append(f.Links, digest(r.key))
		f.Titles = append(f.Titles, digest(headOf(r.item.Title)))
		if r.dated() && (f.Oldest.IsZero() || d.Time.Before(f.Oldest.Time)) {
			f.Oldest = d
		}
	}
	if before != nil && before.Newest.Time.After(f.Newest.Time) {
		f.Newest = before.Newest
	}
	return f
}

// headOf is the part of a title that lists show however narrow they are.
func headOf(s string) string {
	runes := []rune(letters(s))
	return string(runes[:min(len(runes), 14)])
}

// digest shortens a text to eight characters.
func digest(s string) string {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return strconv.FormatUint(h>>24, 36)
}

// A past is a fingerprint made ready to compare with.
type past struct {
	*Fingerprint
	known map[string]bool // digests of links and titles, told apart by a prefix
}

// recall makes a fingerprint ready; it is nil without one or without rows.
func recall(f *Fingerprint) *past {
	if f == nil || len(f.Links) == 0 {
		return nil
	}
	p := &past{Fingerprint: f, known: make(map[string]bool, 2*len(f.Links))}
	for _, l := range f.Links {
		p.known["l"+l] = true
	}
	for _, t := range f.Titles {
		p.known["t"+t] = true
	}
	return p
}

// saw reports whether a row stood on the list before.
func (p *past) saw(r row) bool {
	return p.known["l"+digest(r.key)] || p.known["t"+digest(headOf(r.item.Title))]
}

// maxShape bounds the shape of a list, in bytes.
const maxShape = 160

// shapeOf names the tags and classes around a row, from the outside in.
func shapeOf(row *html.Node) string {
	var rungs []string
	size := 0
	for n := row; n != nil && n.Type == html.ElementNode && n.DataAtom != atom.Body; n = n.Parent {
		rung := n.Data + common([]*html.Node{n})
		if size += len(rung) + 1; size > maxShape {
			break
		}
		rungs = append([]string{rung}, rungs...)
	}
	return strings.Join(rungs, ">")
}
