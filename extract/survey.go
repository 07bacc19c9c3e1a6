package extract

import (
	"net/url"
	"slices"

	"golang.org/x/net/html"
)

// Limits of one survey.
const (
	maxSurveyed = 10000 // links looked at
	maxElements = 60000 // elements looked at
	maxOffered  = 3000  // columns offered
	maxGroups   = 3     // levels above a column, the nearest
	maxExamples = 3     // names shown of what was left out
)

// A SurveyTask says whose columns are looked for on a page.
type SurveyTask struct {
	// Hosts are the registered hosts of the carrier. A link to another host is
	// no column of it; empty allows only the page's own host.
	Hosts []string

	// Words are what names of columns hold: 公告, 动态. A name without any may
	// be a column all the same.
	Words []string
}

// An Offer is what one page offers as columns.
type Offer struct {
	// Title is the page's.
	Title string `json:"title"`

	// Columns stand as on the page, each address once, under the longest of its
	// paths.
	Columns []Candidate `json:"columns"`

	// Skipped counts the links that are no columns, by why.
	Skipped []Skip `json:"skipped"`

	// SiteMap is the address of the site's map, "" if none is linked.
	SiteMap string `json:"site_map,omitempty"`

	// More says that the page holds more links than are looked at.
	More bool `json:"more,omitempty"`

	// Reason and Detail say why the page could not be looked at.
	Reason Reason `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// A Candidate is a link that looks like a column.
type Candidate struct {
	Name   string   `json:"name"`
	Groups []string `json:"groups,omitempty"` // what it stands below, outermost first
	URL    string   `json:"url"`
	Seen   Spot     `json:"seen"`

	// Confidence is how sure it is that the link is a column, from 0 to 1.
	Confidence float64 `json:"confidence"`
}

// Spot is where on a page a column was seen.
type Spot string

// The spots.
const (
	SpotMenu    Spot = "menu"    // in a navigation or a list of links
	SpotHeading Spot = "heading" // the heading of a list
	SpotMore    Spot = "more"    // 更多 beside a heading
	SpotItems   Spot = "items"   // a heading or tab without a link; the address is that of its items
	SpotMap     Spot = "map"     // an area of a picture
)

// A Skip counts links that are no columns for one reason.
type Skip struct {
	Why      SkipWhy  `json:"why"`
	Count    int      `json:"count"`
	Examples []string `json:"examples,omitempty"`
}

// SkipWhy is why a link is no column.
type SkipWhy string

// The reasons to leave a link out.
const (
	SkipArticle   SkipWhy = "article"   // one item of a list
	SkipService   SkipWhy = "service"   // 登录, English, 网站地图 …
	SkipPaging    SkipWhy = "paging"    // 下一页
	SkipElsewhere SkipWhy = "elsewhere" // another host
	SkipHome      SkipWhy = "home"      // the home page, or the page itself
	SkipScript    SkipWhy = "script"    // a script holds the address
	SkipUnnamed   SkipWhy = "unnamed"   // a picture without a text
	SkipFile      SkipWhy = "file"      // a document to download
	SkipFoot      SkipWhy = "foot"      // the foot of the page, links of friends
	SkipTrail     SkipWhy = "trail"     // 当前位置
	SkipUnlikely  SkipWhy = "unlikely"  // too little speaks for it
)

// Survey finds the columns that a page links to: by navigation, menus of two
// levels, headings with 更多, tabs, areas of pictures, and the lists below the
// names of units. It looks at this one page only.
func Survey(p Page, t SurveyTask) Offer {
	task := Task{Hosts: t.Hosts}
	if p.Class != "" {
		return Offer{Reason: p.Class.Reason(), Detail: p.Detail}
	}
	d, o := parse(p)
	if o == nil {
		o = d.unfit(d.sketch())
	}
	if o != nil {
		return Offer{Reason: o.reason, Detail: cut(o.detail, maxDetail)}
	}
	s := &surveyor{doc: d, task: task, words: t.Words, here: addressOf(p.URL), site: letters(d.title()), skips: map[SkipWhy]*Skip{}, panels: map[*html.Node]*head{}, at: map[string]int{}}
	s.walk(d.root, scope{})
	s.vote()
	for i := range s.found {
		s.take(&s.found[i])
	}
	s.fromItems()
	return s.offer()
}

// A surveyor gathers the links of one page and tells columns from the rest.
type surveyor struct {
	doc   *document
	task  Task
	words []string
	here  *url.URL
	site  string // the page's title, as names are compared

	found   []found
	heads   []*head
	panels  map[*html.Node]*head // of tabs
	seen    int                  // elements so far
	more    bool
	siteMap string
	skips   map[SkipWhy]*Skip
	under   map[string]int // directory → articles of the page that stand in it
	columns []Candidate
	order   []int          // of columns: the number of the link each was first seen at
	at      map[string]int // address → index in columns
}

// skip counts a link that is no column.
func (s *surveyor) skip(why SkipWhy, example string) {
	k := s.skips[why]
	if k == nil {
		k = &Skip{Why: why}
		s.skips[why] = k
	}
	k.Count++
	if example = cut(example, 60); example != "" && len(k.Examples) < maxExamples && !slices.Contains(k.Examples, example) {
		k.Examples = append(k.Examples, example)
	}
}

// add offers a column that was first seen at the nth link. An address that is
// offered already keeps the longer path and becomes surer.
func (s *surveyor) add(c Candidate, nth int) {
	where := placeOf(c.URL)
	i, known := s.at[where]
	switch {
	case !known && len(s.columns) == maxOffered:
		s.more = true
	case !known:
		s.at[where] = len(s.columns)
		s.columns, s.order = append(s.columns, c), append(s.order, nth)
	default:
		old := &s.columns[i]
		sure := min(max(old.Confidence, c.Confidence)+0.05, maxSure)
		if len(c.Groups) > len(old.Groups) || old.Seen == SpotItems && c.Seen != SpotItems {
			*old = c
		}
		old.Confidence = sure
	}
}

// placeOf is the spelling under which a column is offered once.
func placeOf(address string) string {
	u := addressOf(address)
	if u == nil {
		return address
	}
	return place(u)
}

// offer puts together what was found, in page order.
func (s *surveyor) offer() Offer {
	out := Offer{Title: s.doc.title(), SiteMap: s.siteMap, More: s.more}
	byPage := make([]int, len(s.columns))
	for i := range byPage {
		byPage[i] = i
	}
	slices.SortStableFunc(byPage, func(a, b int) int { return s.order[a] - s.order[b] })
	for _, i := range byPage {
		out.Columns = append(out.Columns, s.columns[i])
	}
	for _, why := range []SkipWhy{SkipArticle, SkipElsewhere, SkipService, SkipFoot, SkipTrail, SkipHome, SkipPaging, SkipScript, SkipUnnamed, SkipFile, SkipUnlikely} {
		if k := s.skips[why]; k != nil {
			out.Skipped = append(out.Skipped, *k)
		}
	}
	return out
}
