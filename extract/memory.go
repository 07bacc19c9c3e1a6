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
	f.Oldest = oldest(rows[pinned(rows):min(len(rows), keptRows)])
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
		f.Titles = append(f.Titles, digest(titleKey(r.item.Title)))
		f.Heads = append(f.Heads, digest(headOf(r.item.Title, cutRunes)))
	}
	if before != nil && before.Newest.Time.After(f.Newest.Time) {
		f.Newest = before.Newest
	}
	return f
}

// pinned counts the rows on top that are older than one below them: they are
// shown out of turn, and items as old as they stand on later pages.
func pinned(rows []row) int {
	rows = rows[:min(len(rows), keptRows)]
	var newest Date
	n := 0
	for i := len(rows) - 1; i >= 0; i-- {
		if d := rows[i].item.Date; rows[i].dated() && !d.Day().Before(newest.Day()) {
			newest, n = d, i
		}
	}
	return n
}

// oldest returns the least date of rows, zero without one.
func oldest(rows []row) Date {
	var least Date
	for _, r := range rows {
		if d := r.item.Date; r.dated() && (least.IsZero() || d.Time.Before(least.Time)) {
			least = d
		}
	}
	return least
}

// How many letters of a title are compared: of a whole one, and of one that a
// narrow list cuts.
const (
	wholeRunes = 14
	cutRunes   = 9
)

// headOf is the beginning of a title, in letters.
func headOf(s string, most int) string {
	at := 0
	for i := range s { // what lies further on is not looked at: few signs stand between letters
		if at++; at > 3*most {
			s = s[:i]
			break
		}
	}
	runes := []rune(letters(s))
	return string(runes[:min(len(runes), most)])
}

// titleKey is what a title is known by. One that the page cut is marked, because
// it says less.
func titleKey(s string) string {
	if head := headOf(s, wholeRunes); !wasCut(s) || len([]rune(head)) == wholeRunes {
		return head
	}
	return cutMark + headOf(s, cutRunes)
}

const cutMark = "…"

// wasCut reports whether a page shows but the beginning of a title.
func wasCut(s string) bool { return strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") }

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

	// several says that it remembers several lists read as one, so that one list
	// alone may lack what it knows.
	several bool
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
	for _, h := range f.Heads {
		p.known["h"+h] = true
	}
	return p
}

// saw reports whether a row stood on the list before.
func (p *past) saw(r row) bool {
	return p.known["l"+digest(r.key)] || p.sawTitle(r.item.Title)
}

// sawTitle reports whether a title stood on the list before, whole or cut.
func (p *past) sawTitle(s string) bool {
	k := titleKey(s)
	if strings.HasPrefix(k, cutMark) {
		return p.known["h"+digest(headOf(s, cutRunes))]
	}
	return p.known["t"+digest(k)] || p.known["t"+digest(cutMark+headOf(s, cutRunes))]
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
