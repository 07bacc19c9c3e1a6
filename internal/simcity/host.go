package simcity

import (
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"

	"xuncha/inventory"
)

// A host is one name that answers: a site, a platform, a server of feeds.
type host struct {
	name  string
	title string // name of the site
	code  string // 网站标识码, or ""
	skin  *skin
	look  look
	addr  netip.Addr
	down  bool

	platform bool
	writer   writer

	lists  []*list
	byPath map[string]*list // first pages, by path
	byDir  map[string]*list // directories of lists

	feeds    map[string]*account // with a feed here, by path
	accounts map[string]*account // that post here, by UID
	medium   *medium             // nil for a site
	visitors *visitors           // of the city
	secure   bool                // answers with TLS too

	section *section // mandated, nil if there is none
	index   string   // path of a page that lists the columns, ""

	homePath string
	homeAs   factDay // home page frozen on this day
	fault    fault   // of the home page

	style string // the page's style sheet, made up once

	events     []*event               // that touch the host, in order of time
	tonight    *atomic.Pointer[night] // the day last asked for
	id         string                 // of the carrier
	everywhere fault                  // of every page
	moved      map[string]string      // old paths of lists, with the new ones
	oldStatus  int                    // how old paths answer
	redesigned string                 // the newest redesign, ""
}

// A look is what differs between two hosts of one family.
type look struct {
	charset charset
	gzip    bool
	etag    bool
	lastMod bool
	today   bool    // shows today's date in the page head
	side    bool    // shows a list 热点 beside the column
	robots  bool    // has a robots.txt
	hot     bool    // shows what is new elsewhere above the column
	says    charset // what the host says of its encoding, if that is not so
}

// A charset says how a host encodes its pages and where it says so: both, in
// the Content-Type header, in a <meta> element, or nowhere.
type charset string

// said is what the host says of its encoding.
func (l look) said() charset {
	if l.says != "" {
		return l.says
	}
	return l.charset
}

// The charsets.
const (
	utf8Both   charset = "utf-8 header meta"
	utf8Meta   charset = "utf-8 meta"
	utf8Header charset = "utf-8 header"
	gbkHeader  charset = "gb2312 header"
	gbkMeta    charset = "gb2312 meta"
	gbkUnsaid  charset = "gb2312"
)

// name is the name by which pages call the encoding.
func (c charset) name() string {
	name, _, _ := strings.Cut(string(c), " ")
	return name
}

func (c charset) gbk() bool    { return c.name() == "gb2312" }
func (c charset) header() bool { return strings.Contains(string(c), "header") }
func (c charset) meta() bool   { return strings.Contains(string(c), "meta") }

// A list is one list of a column: its pages have one directory.
type list struct {
	id    string // of the column
	index int    // on its host
	name  string
	class inventory.Class
	unit  string // ID
	path  string // of its first page
	dir   string

	line   *timeline
	nth    int // the list shows items nth, nth+of, nth+2*of … of the timeline
	of     int
	fault  fault
	pinned bool
	filled bool // its rows come by script
	quirks quirks
	writer writer
	linked string // where items lead, "" to their articles
}

// A section is a mandated section that is there.
type section struct {
	name  string
	path  string
	on    string // path of the page that links to it
	parts []*list
}

// An item is one published thing.
type item struct {
	k     int
	at    moment
	shown moment // as its list shows it; the same, but for quirks
	title string
}

// size is how many items the list shows at a moment.
func (l *list) size(now moment) int {
	if l.quirks.withdrawn {
		return 0
	}
	n := l.line.count(now)
	return (n - l.nth + l.of - 1) / l.of
}

// item returns item i of the list, counted from its oldest.
func (l *list) item(i int) item {
	k := i*l.of + l.nth
	return l.numbered(k)
}

// numbered returns the item k of the timeline.
func (l *list) numbered(k int) item {
	at := l.line.at(k)
	return item{k: k, at: at, shown: l.quirks.listed(at), title: l.writer.title(l.class, mix(l.line.key, uint64(k)), at.day)}
}

// number numbers an item on its host; it rises with time, as real ones do.
func (l *list) number(it item) int { return firstNumber + it.k*maxLists + l.index }

// Article numbers.
const (
	firstNumber = 1_000_000
	maxLists    = 512 // of a host
)

// find returns the list and the item behind an article's number.
func (h *host) find(number int, now moment) (*list, item, bool) {
	n := number - firstNumber
	if n < 0 || n%maxLists >= len(h.lists) {
		return nil, item{}, false
	}
	l, k := h.lists[n%maxLists], n/maxLists
	if k%l.of != l.nth || k >= l.line.count(now) {
		return nil, item{}, false
	}
	return l, l.numbered(k), true
}

// hostOf returns the host of an address, in lower case.
func hostOf(address string) string {
	name, _ := pathOf(address)
	return name
}

// requestPath returns the path of an address, with its query.
func requestPath(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// pathOf returns the path of an address, and its host in lower case.
func pathOf(address string) (name, path string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	if path = u.Path; path == "" {
		path = "/"
	}
	return strings.ToLower(u.Hostname()), path
}
