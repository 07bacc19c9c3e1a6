package extract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Profile is what is known of one content management system: how to recognise
// its pages and the forms in which its lists come.
type Profile struct {
	ID   string // "trs"
	Name string // the product

	// Any and All are the signs of the system: RE2 expressions that begin with
	// plain text and are looked for in a page's address and in the first 64 KiB
	// of its source. A page is the system's if all of All are found and, where
	// Any is not empty, one of Any.
	Any []string
	All []string

	// Lists are the recipes of list pages, Homes those of home pages; the first
	// that reads a dated list is used.
	Lists []Recipe
	Homes []Recipe
}

// A Book is the profiles that a reader may use by itself, for carriers of which
// nobody has said what system they run on. It never changes and may be shared.
type Book struct {
	profiles []bound
	digest   string
	begins   map[[2]byte][]*sign // signs by the first two bytes of their texts
	first    [1 << 16]bool       // those bytes
}

// A bound profile is one made ready.
type bound struct {
	Profile
	any, all     []*sign
	lists, homes []recipe
}

// A sign is a text in a page, and an expression that must match from there.
type sign struct {
	text []byte
	re   *regexp.Regexp // nil where the text is all of it
}

// NewBook makes profiles ready. It reports everything that is wrong at once.
func NewBook(profiles []Profile) (*Book, error) {
	b := &Book{begins: map[[2]byte][]*sign{}}
	var errs []error
	for _, p := range profiles {
		made, err := bind(p)
		if err != nil {
			errs = append(errs, fmt.Errorf("profile %s: %w", p.ID, err))
			continue
		}
		b.profiles = append(b.profiles, made)
		for _, s := range slices.Concat(made.any, made.all) {
			two := [2]byte{s.text[0], s.text[1]}
			b.begins[two] = append(b.begins[two], s)
			b.first[int(two[0])<<8|int(two[1])] = true
		}
	}
	text, err := json.Marshal(profiles)
	if err != nil {
		errs = append(errs, err)
	}
	sum := sha256.Sum256(text)
	b.digest = hex.EncodeToString(sum[:])
	return b, errors.Join(errs...)
}

// MarshalText returns a digest of the profiles: a task is the same as long as
// they are.
func (b *Book) MarshalText() ([]byte, error) { return []byte(b.digest), nil }

func bind(p Profile) (bound, error) {
	out := bound{Profile: p}
	var errs []error
	for _, f := range []struct {
		from []string
		to   *[]*sign
	}{{p.Any, &out.any}, {p.All, &out.all}} {
		for _, s := range f.from {
			made, err := parseSign(s)
			if err != nil {
				errs = append(errs, err)
			}
			*f.to = append(*f.to, &made)
		}
	}
	for _, f := range []struct {
		from []Recipe
		to   *[]recipe
	}{{p.Lists, &out.lists}, {p.Homes, &out.homes}} {
		for _, r := range f.from {
			c, err := compile(r)
			if err != nil {
				errs = append(errs, err)
			}
			*f.to = append(*f.to, c)
		}
	}
	return out, errors.Join(errs...)
}

// CheckSign reports what is wrong with a sign of a profile.
func CheckSign(s string) error {
	_, err := parseSign(s)
	return err
}

// parseSign reads one sign. The plain text it begins with is looked for first.
func parseSign(s string) (sign, error) {
	if len(s) > maxSelector {
		return sign{}, fmt.Errorf("sign %q is %d bytes long; at most %d are allowed", cut(s, 80), len(s), maxSelector)
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return sign{}, fmt.Errorf("sign %q is no RE2 regexp: %w", cut(s, 80), err)
	}
	text, whole := re.LiteralPrefix()
	if len(text) < 3 {
		return sign{}, fmt.Errorf("sign %q begins with fewer than three plain characters; begin it with text that stands in the page", cut(s, 80))
	}
	if whole {
		re = nil
	}
	return sign{[]byte(text), re}, nil
}

// seen returns the signs that a text holds. All are looked for in one pass, so
// that a book of many profiles costs little.
func (b *Book) seen(text []byte) map[*sign]bool {
	found := map[*sign]bool{}
	for i := 0; i+2 < len(text); i++ {
		if !b.first[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		for _, s := range b.begins[[2]byte{text[i], text[i+1]}] {
			if _, known := found[s]; !known && bytes.HasPrefix(text[i:], s.text) {
				found[s] = s.re == nil || s.re.Match(text[i:])
			}
		}
	}
	return found
}

// signHead is how far into a page signs are looked for.
const signHead = 64 << 10

// Recognise returns the IDs of the profiles whose signs a page shows, those of
// which it shows most first.
func (b *Book) Recognise(p Page) []string {
	d, o := parse(p)
	if o != nil {
		return nil
	}
	var ids []string
	for _, p := range b.sighted(d) {
		ids = append(ids, p.ID)
	}
	return ids
}

// sighted returns the profiles whose signs a page shows, those of which it shows
// most first.
func (b *Book) sighted(d *document) []bound {
	text := append([]byte(d.page.URL+"\n"), d.text[:min(len(d.text), signHead)]...)
	seen := b.seen(text)
	found := map[string]int{}
	var out []bound
	for _, p := range b.profiles {
		if n := p.shows(seen); n > 0 {
			found[p.ID] = n
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b bound) int { return found[b.ID] - found[a.ID] })
	return out
}

// shows counts the signs of a profile that were seen, 0 if they do not suffice.
func (p bound) shows(seen map[*sign]bool) int {
	for _, s := range p.all {
		if !seen[s] {
			return 0
		}
	}
	n := 0
	for _, s := range p.any {
		if seen[s] {
			n++
		}
	}
	if n == 0 && len(p.any) > 0 {
		return 0
	}
	return n + 2*len(p.all)
}

// byBook reads a page by the first form of a recognised profile that finds its
// list there: dated rows, the words of an empty list, or the address of its data,
// which then still have to be read. The method is "cms:trs".
func (r *reader) byBook(d *document) (s sheet, ok bool) {
	if r.task.Book == nil {
		return sheet{}, false
	}
	for _, p := range r.task.Book.sighted(d) {
		forms := p.lists
		if u := d.address(); isRoot(u.Path) && u.RawQuery == "" {
			forms = p.homes
		}
		for _, form := range forms {
			if s, ok := r.byForm(d, form); ok {
				s.charset, s.method, s.by = d.charset, "cms:"+p.ID, &form
				return s, true
			}
		}
	}
	return sheet{}, false
}

// knownForm reads a page in which nothing was induced by the book. Rows that
// stand in several lists of the page, or in a block that is no column's, are no
// list. Where another list of the page shows a newer date, what the book reads is
// a lower bound: it may clear the column and never accuse it.
func (r *reader) knownForm(d *document) (sheet, bool) {
	s, ok := r.byBook(d)
	if !ok || len(s.rows) == 0 {
		return s, ok
	}
	keys := make(map[string]bool, len(s.rows))
	for _, row := range s.rows {
		keys[row.key] = true
	}
	newest, lists := newestOf(s.rows), 0
	for _, c := range r.crops(d, false) {
		s.more = s.more || c.newest().Day().After(newest.Day())
		if slices.ContainsFunc(c.rows, func(r row) bool { return keys[r.key] }) {
			if lists++; lists > 1 || c.block {
				return sheet{}, false
			}
		}
	}
	return s, true
}

// isRoot reports whether a path is that of a home page.
func isRoot(p string) bool { return p == "" || p == "/" || isIndex(strings.TrimPrefix(p, "/")) }

// byForm reads a page by one recipe of a profile.
func (r *reader) byForm(d *document, form recipe) (sheet, bool) {
	defer r.using(form)()
	s := sheet{doc: d}
	switch {
	case form.data != nil:
		to, ok := r.dataAddress(form.data, d)
		if !ok {
			return s, false
		}
		s = r.leadTo(s, to, form)
		return s, s.data != ""
	case form.source == SourceFeed || form.source.listed() != (d.from != nil) || form.list == nil && form.item == nil:
		return s, false
	case d.from != nil && (form.source != d.from.Source || form.raw.Markup != d.from.Markup):
		return s, false
	}
	h := form.harvest(d)
	s.rows, s.more = h.rows, h.more
	if len(h.rows) == 0 {
		s.empty = form.list != nil && len(h.boxes) == 1 && form.saysNothing(h)
		return s, s.empty
	}
	whole := len(h.rows) >= 3 || form.list != nil && len(h.boxes) == 1
	return s, whole && undated(h.rows) == nil
}
