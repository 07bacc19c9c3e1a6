package extract

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// How sure a survey is, in parts of one. What is less sure than leastSure is
// not offered; nothing is certain that nobody has looked at.
const (
	maxSure   = 0.95
	leastSure = 0.4
)

var (
	fileName    = regexp.MustCompile(`(?i)\.(?:pdf|docx?|xlsx?|wps|et|pptx?|zip|rar|7z|jpe?g|png|gif|mp[34]|apk|exe|txt|ofd)$`)
	serialName  = regexp.MustCompile(`(?:^|[_-])\d{3,}(?:\.\w+)?$|^[0-9a-f]{8}-[0-9a-f-]{20,}`)
	serialArg   = regexp.MustCompile(`(?i)(?:^|&)\w*id=\d+|(?:^|&)\w*id=[0-9a-f]{16,}`)
	listAddress = regexp.MustCompile(`(?i)list|/col/|/col\d|column|channel|category|class|tree|lanmu|catalog|subpage|moreinfo|node`)
	dayPath     = regexp.MustCompile(`/(?:19|20)\d{2}[-/]?(?:0[1-9]|1[0-2]|[1-9])(?:[-/]?\d{1,2})?/`)
	rowDate     = regexp.MustCompile(`(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}|(?:^|[\[(\s【])(?:0?[1-9]|1[0-2])[-/](?:3[01]|[12]\d|0?[1-9])(?:[\])\s】]|$)|\d{1,2}月\d{1,2}日`)
)

// take offers a link as a column, or says why it is none.
func (s *surveyor) take(f *found) {
	plain := letters(f.name)
	if siteMapName.MatchString(plain) && f.url != "" && s.siteMap == "" {
		s.siteMap = f.url
	}
	if why := s.refused(f, plain); why != "" {
		s.skip(why, f.name)
		return
	}
	c := Candidate{Name: f.name, URL: f.url, Groups: s.groups(f.head), Seen: SpotMenu}
	switch {
	case f.more:
		h := f.head
		if h == nil {
			s.skip(SkipUnnamed, f.name)
			return
		}
		h.linked = true
		c.Name, c.Groups, c.Seen = h.name, s.groups(h.parent), SpotMore
	case f.heading:
		c.Seen = SpotHeading
	case f.node.DataAtom == atom.Area:
		c.Seen = SpotMap
	}
	c.Confidence = s.sure(f, c.Name)
	if c.Confidence < leastSure {
		s.skip(SkipUnlikely, f.name)
		return
	}
	s.add(c, s.nth(f))
}

// nth is the number of a link, or that of the heading it belongs to.
func (s *surveyor) nth(f *found) int {
	if f.more && f.head != nil {
		return f.head.nth
	}
	return f.number
}

// refused returns why a link is no column, "" if it may be one.
func (s *surveyor) refused(f *found, plain string) SkipWhy {
	u := addressOf(f.url)
	switch {
	case plain != "" && (serviceName.MatchString(plain) && !pagingName.MatchString(plain) || serviceWord.MatchString(plain)):
		return SkipService
	case pagingName.MatchString(plain):
		return SkipPaging
	case f.url == "" || u == nil:
		return SkipScript
	case f.name == "" || plain == "" && !f.more:
		return SkipUnnamed
	case fileName.MatchString(u.Path):
		return SkipFile
	case s.here != nil && !s.task.allowed(u, s.here):
		return SkipElsewhere
	case s.home(u):
		return SkipHome
	case f.scope.trail:
		return SkipTrail
	case f.scope.foot:
		return SkipFoot
	case !f.more && (f.article || articleish(f, plain)):
		return SkipArticle
	}
	return ""
}

// home reports whether an address is the page itself, the home page, or that of
// another of the carrier's hosts.
func (s *surveyor) home(u *url.URL) bool {
	if s.here != nil && place(u) == place(s.here) {
		return true
	}
	bare := *u
	bare.RawQuery = ""
	return strings.TrimPrefix(hostOf(u), "www.")+"/" == place(&bare) && u.RawQuery == ""
}

// articleish reports whether a link by itself looks like an item of a list.
func articleish(f *found, plain string) bool {
	runes := len([]rune(plain))
	switch {
	case runes > maxColumnName, datedLink(f):
		return true
	case articleLink.MatchString(f.url):
		return true
	case newsWords.MatchString(plain):
		return runes > 8 || serial(f.url)
	}
	return serial(f.url) && runes > 10
}

// serial reports whether an address names one of many by a number, outside of
// what lists are called.
func serial(address string) bool {
	u := addressOf(address)
	if u == nil || listAddress.MatchString(u.Path) || strings.HasSuffix(u.Path, "/") || isIndex(path.Base(u.Path)) {
		return false
	}
	return serialName.MatchString(path.Base(u.Path)) || serialArg.MatchString(u.RawQuery) && !strings.Contains(strings.ToLower(u.RawQuery), "treeid=")
}

// datedLink reports whether a date stands in the link or beside it in its row.
func datedLink(f *found) bool {
	if f.heading || f.more {
		return false
	}
	row := f.row
	if row == nil {
		row = f.node
	}
	text, links, nodes := "", 0, 0
	for c := range row.Descendants() {
		if nodes++; nodes > linkNodes || len(text) > 600 {
			break
		}
		switch {
		case c.Type == html.TextNode:
			text += " " + strings.TrimSpace(cut(c.Data, 200))
		case c.DataAtom == atom.A:
			links++
		}
	}
	return links <= 2 && rowDate.MatchString(text+" ")
}

// listed reports whether a link is one of a list: neither its heading nor 更多.
func (f *found) listed() bool { return f.box != nil && !f.more && !f.heading }

// vote makes articles of all plain links of a list most of whose links are
// articles, and notes in which directories the page's articles stand.
func (s *surveyor) vote() {
	type tally struct{ links, articles int }
	boxes := map[*html.Node]tally{}
	s.under = map[string]int{}
	for i := range s.found {
		f := &s.found[i]
		f.number = i
		f.article = f.url != "" && !f.more && articleish(f, letters(f.name))
		if f.article {
			s.under[columnDir(f.url)]++
		}
		if !f.listed() || f.url == "" {
			continue
		}
		t := boxes[f.box]
		t.links++
		if f.article {
			t.articles++
		}
		boxes[f.box] = t
	}
	for i := range s.found {
		f := &s.found[i]
		if t := boxes[f.box]; f.listed() && t.links >= 3 && t.articles*10 >= t.links*6 {
			f.article = true
		}
	}
}

// columnDir returns the host and directory that an article's address stands in,
// without those that are days: what a column's address may be. It is "" for the
// top of a host.
func columnDir(address string) string {
	u := addressOf(address)
	if u == nil {
		return ""
	}
	dir := directory(u)
	if at := dayPath.FindStringIndex(dir); at != nil {
		dir = dir[:at[0]+1]
	}
	if dir == "/" {
		return ""
	}
	return strings.TrimPrefix(hostOf(u), "www.") + dir
}

// sure weighs what speaks for a link that it is a column.
func (s *surveyor) sure(f *found, name string) float64 {
	u := addressOf(f.url)
	plain := letters(name)
	runes := len([]rune(plain))
	sure := 0.5
	if f.scope.nav || f.heading || f.more {
		sure += 0.15
	}
	if strings.HasSuffix(u.Path, "/") || isIndex(path.Base(u.Path)) || listAddress.MatchString(u.Path) {
		sure += 0.1
	}
	if s.under[strings.TrimPrefix(hostOf(u), "www.")+directory(u)] > 0 {
		sure += 0.15
	}
	if slices.ContainsFunc(s.words, func(w string) bool { return strings.Contains(plain, w) }) {
		sure += 0.15
	}
	switch {
	case runes > 12:
		sure -= 0.15
	case runes < 2:
		sure -= 0.3
	}
	if newsWords.MatchString(plain) {
		sure -= 0.15
	}
	if serial(f.url) {
		sure -= 0.2
	}
	return min(max(sure, 0.05), maxSure)
}

// fromItems offers headings and tabs without a link of their own: where their
// items share a directory, that is the column's address.
func (s *surveyor) fromItems() {
	for _, h := range s.heads {
		if h.linked || len(h.items) < leastItems {
			continue
		}
		if address := s.shared(h.items); address != "" {
			s.add(Candidate{Name: h.name, Groups: s.groups(h.parent), Seen: SpotItems, URL: address, Confidence: leastSure}, h.nth)
		}
	}
}

// leastItems is how many articles must stand below a heading before they say
// where its list is.
const leastItems = 3

// shared returns the directory in which most of the articles among some links
// stand, as an address, or "".
func (s *surveyor) shared(items []int) string {
	count := map[string]int{}
	best, at := "", 0
	for _, i := range items {
		f := &s.found[i]
		u := addressOf(f.url)
		dir := columnDir(f.url)
		if !f.article || dir == "" || u == nil || s.here != nil && !s.task.allowed(u, s.here) {
			continue
		}
		if count[dir]++; count[dir] > count[best] {
			best, at = dir, i
		}
	}
	if best == "" || count[best] < leastItems || count[best]*10 < len(items)*6 {
		return ""
	}
	u := *addressOf(s.found[at].url)
	_, p, _ := strings.Cut(best, "/")
	u.Path, u.RawPath, u.RawQuery = "/"+p, "", ""
	return u.String()
}
