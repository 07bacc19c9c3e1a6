package simcity

import (
	"net/url"
	"strconv"
	"strings"
)

// A skin is one family of content management systems: how it names pages and
// how it marks them up.
type skin struct {
	name     string
	shared   bool // its sites are hosted together, at one address
	size     int  // rows of a list page
	charsets []charset

	first   func(dir string) string         // path of a list's first page
	dir     func(first string) string       // and back
	later   func(l *list, n, of int) string // path of page n ≥ 2
	article func(dir string, at moment, number string) string

	head    string // what gives the family away in a page's head
	list    frame
	home    frame
	pager   func(p *page, l *list, n, of int)
	content string // class of an article's text

	// Families whose lists are data write their own body of a list page and
	// answer their interfaces; both are nil for the others.
	body   func(p *page, l *list, n, of int)
	answer func(h *host, p *page, u *url.URL) (response, bool)
}

// A frame is the markup around and of rows.
type frame struct {
	open, close string
	row         func(p *page, r row)
	empty       string // what stands instead of rows
}

// A row is one item as a page shows it.
type row struct {
	title, href string
	number      string
	at          moment
	nth         int
	pinned      bool
	undated     bool
	ago         string // what stands instead of a day, ""
	unlabelled  bool
}

// when returns the row's day by a layout; a row without a readable date shows
// a picture of it.
func (r row) when(layout string) string {
	if r.unlabelled {
		return ""
	}
	if r.undated {
		return `<img src="/images/rq.ashx?id=` + r.number + `" alt="">`
	}
	if r.ago != "" && fullLayout(layout) {
		return r.ago
	}
	return r.at.time().Format(layout)
}

// dated is the row's day in its element; a row without any date has none.
func (r row) dated(open, layout, end string) string {
	if r.unlabelled {
		return ""
	}
	return open + r.when(layout) + end
}

// skins returns every family.
func skins() []*skin {
	return []*skin{
		trs(), trsOld(), ucap(), vsb(), nfcms(), epoint(), dedecms(), aspx(), rss(),
		hanweb(), jpaas(), gkmlpt(), jeecms(), empirecms(), ucapSearch(),
	}
}

// skinNamed returns a family, nil if there is none of that name.
func skinNamed(name string) *skin {
	for _, s := range skins() {
		if s.name == name {
			return s
		}
	}
	return nil
}

func skinNames() []string {
	var names []string
	for _, s := range skins() {
		names = append(names, s.name)
	}
	return names
}

// directory is first and dir of families whose lists are directories.
func directory(path string) string { return path }

// stem is dir of families whose lists are files beside their directory.
func stem(ext string) func(string) string {
	return func(first string) string { return strings.TrimSuffix(first, ext) + "/" }
}

// file is first of those families.
func file(ext string) func(string) string {
	return func(dir string) string { return strings.TrimSuffix(dir, "/") + ext }
}

// inside is first, and outside dir, of families whose lists are a file in
// their directory.
func inside(name string) func(string) string { return func(dir string) string { return dir + name } }

func outside(name string) func(string) string {
	return func(first string) string { return strings.TrimSuffix(first, name) }
}

// pinMark is what some families put before a pinned row.
func pinMark(r row, mark string) string {
	if r.pinned {
		return mark
	}
	return ""
}

// cut shortens a title as narrow lists do.
func cut(title string, runes int) string {
	r := []rune(title)
	if len(r) <= runes {
		return title
	}
	return string(r[:runes]) + "…"
}

// link is the usual link of a row.
func link(r row) string {
	return `<a href="` + r.href + `" title="` + r.title + `" target="_blank">` + r.title + `</a>`
}

func itoa(n int) string { return strconv.Itoa(n) }
