package console

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

//go:embed all:templates static
var files embed.FS

// A page is its templates, once for each language.
type page struct{ zh, en *template.Template }

func (p *page) in(lang string) *template.Template {
	if lang == "en" {
		return p.en
	}
	return p.zh
}

// A pageSet is every page there is and the layout that frames them, the same for
// every console of the program.
type pageSet struct {
	pages  map[string]*page
	layout *page
}

// parsed are the pages, parsed when the first console is made.
var parsed = sync.OnceValues(parsePages)

// parsePages parses every page with the shared parts, and the layout that frames
// them. A page is a file of templates/; those that begin with an underscore are the
// parts.
func parsePages() (*pageSet, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	c := &pageSet{pages: map[string]*page{}}
	if c.layout, err = parsePage(); err != nil {
		return nil, err
	}
	for _, name := range names {
		base := strings.TrimSuffix(path.Base(name), ".html")
		if strings.HasPrefix(base, "_") {
			continue
		}
		if c.pages[base], err = parsePage(name); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func parsePage(names ...string) (*page, error) {
	p := &page{}
	for lang, t := range map[string]**template.Template{"zh": &p.zh, "en": &p.en} {
		var err error
		if *t, err = template.New(lang).Funcs(functions(lang)).ParseFS(files, append([]string{"templates/_*.html"}, names...)...); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// A view is what a template is given.
type view struct {
	Lang      string
	User      people.User
	Office    string
	Simulated bool
	Path      string // of the request
	Here      string // the page's own address, to come back to; "/" behind a form
	Query     url.Values
	Now       time.Time
	Board     *board.Board // nil before the first round has ended
	Flash     string       // what a form that was just sent has done
	Data      any          // of the page

	Title, Head template.HTML // of the page, for its frame

	needs map[string]people.Right
}

// Unit returns a unit's name as notices print it, its ID where the inventory does
// not know it.
func (v view) Unit(id string) string { return unitName(v.Board, id, v.Lang) }

// Platform returns the name of a platform as notices print it.
func (v view) Platform(p inventory.Platform) string {
	if v.Board == nil {
		return string(p)
	}
	return report.PlatformName(v.Board.City, p)
}

// Carrier returns the name of a site or platform.
func (v view) Carrier(id string) string { return carrierName(v.Board, id) }

// WithData is the view with other data, for a piece of a page.
func (v view) WithData(data any) view {
	v.Data = data
	return v
}

// Say returns the sentence in the page's language.
func (v view) Say(zh, en string) string { return sayer(v.Lang)(zh, en) }

// With returns the page's own address with one parameter changed: filters, sort
// and page live in the address. An empty value takes it away, and any change but
// that of the page goes back to the first.
func (v view) With(pairs ...string) string {
	q := url.Values{}
	for k, list := range v.Query {
		q[k] = list
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != "page" {
			q.Del("page")
		}
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.Path
	}
	return v.Path + "?" + q.Encode()
}

// Filters are what of the page's address says which rows it shows: what goes with a
// form that is sent from the list, so that it is about the same rows.
func (v view) Filters() url.Values {
	q := url.Values{}
	for k, list := range v.Query {
		if !slices.Contains([]string{"id", "page", "size", "format", "table", "to"}, k) {
			q[k] = list
		}
	}
	return q
}

// render answers with a page. It is made whole before its first byte is sent, so
// that a mistake in it is an error and no half of a page.
func (c *Console) render(w http.ResponseWriter, q *request, status int, name string, data any) error {
	p := c.pages[name]
	if p == nil {
		return fmt.Errorf("no page %s", name)
	}
	v, t := c.view(q, data), p.in(q.lang)
	m := &made{status: status, framed: true}
	parts := map[string][]byte{}
	for _, part := range []string{"title", "head", "main"} {
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, part, v); err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
		parts[part] = out.Bytes()
	}
	m.title, m.head, m.body = template.HTML(parts["title"]), template.HTML(parts["head"]), newPiece(parts["main"]) // escaped by their templates
	if q.into != nil {
		*q.into = *m
		return nil
	}
	return c.inFrame(w, q, m)
}

// inFrame answers with a page in its frame, which is made for each request: it says
// whose it is and what was just done for them.
func (c *Console) inFrame(w http.ResponseWriter, q *request, m *made) error {
	v := c.view(q, nil)
	v.Flash, v.Title, v.Head = flashed(w, q), m.title, m.head
	var top, foot bytes.Buffer
	for part, out := range map[string]*bytes.Buffer{"top": &top, "foot": &foot} {
		if err := c.layout.in(q.lang).ExecuteTemplate(out, part, v); err != nil {
			return fmt.Errorf("frame: %w", err)
		}
	}
	sendPieces(w, q.Request, m.status, "text/html; charset=utf-8", newPiece(top.Bytes()), m.body, newPiece(foot.Bytes()))
	return nil
}

// whose console it is, and whether what it shows is simulated.
func (c *Console) whose() (office string, simulated bool) {
	if c.InForce != nil {
		return c.InForce()
	}
	return c.Office, c.Simulated
}

// view is what the templates of a request are given.
func (c *Console) view(q *request, data any) view {
	office, simulated := c.whose()
	v := view{
		Lang: q.lang, User: q.user, Office: office, Simulated: simulated,
		Path: q.URL.Path, Here: "/", Query: q.URL.Query(), Now: q.now, Board: q.board, Data: data, needs: c.needs,
	}
	if q.Method == http.MethodGet {
		v.Here = q.URL.RequestURI()
	}
	return v
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // whoever went away misses nothing
}

func sayer(lang string) func(zh, en string) string {
	return func(zh, en string) string {
		if lang == "zh" {
			return zh
		}
		return en
	}
}

// functions are what templates may call besides Go's own.
func functions(lang string) template.FuncMap {
	return template.FuncMap{
		"say":        sayer(lang),
		"date":       func(t time.Time) string { return stamp(t, time.DateOnly) },
		"minute":     func(t time.Time) string { return stamp(t, "2006-01-02 15:04") },
		"second":     func(t time.Time) string { return stamp(t, time.DateTime) },
		"doing":      func(what string) string { return doing(what, lang) },
		"state":      func(s rules.State) string { return report.StateWord(s, lang) },
		"sign":       sign,
		"reason":     func(r extract.Reason) string { return report.ReasonWord(r, lang) },
		"source":     func(k extract.SourceKind) string { return report.SourceWord(k, lang) },
		"hindrance":  func(h extract.Hindrance) string { return report.HindranceWord(h, lang) },
		"try":        func(t extract.Try) string { return report.TryWord(t, lang) },
		"lasting":    func(d time.Duration) string { return lasting(d, lang) },
		"came":       func(c extract.Class) string { return cameWord(c, lang) },
		"content":    func(text string) string { return contentWord(text, lang) },
		"after":      func(state string) string { return stateAfter(state, lang) },
		"totals":     func(text string) string { return totalsWord(text, lang) },
		"longminute": func(t time.Time) string { return longDate(t, lang) + stamp(t, " 15:04") },
		"longdate":   func(t time.Time) string { return longDate(t, lang) },
		"term":       func(word any) string { return termWord(word, lang) },
		"faultword":  func(text string) string { return faultWord(text, lang) },
		"todo":       func(r extract.Reason) string { return nextStep(r, lang) },
		"jobword":    func(name string) string { return jobWord(name, lang) },
		"alertword":  func(kind string) string { return alertWord(kind, lang) },
		"effect":     func(e rules.Effect) string { return report.EffectWord(e, lang) },
		"list":       func(items ...any) []any { return items },
		"safe":       safeLink,
		"own":        func(path string) bool { return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") },
		"asset":      assetURL,

		"why":     func(w extract.Why) string { return whyWord(w, lang) },
		"outcome": func(o extract.Outcome, r extract.Reason) string { return outcomeWord(o, r, lang) },
		"percent": percent,
		"inc":     func(i int) int { return i + 1 },
		"moment":  func(t time.Time) string { return stamp(t, time.RFC3339Nano) },

		// What the shared parts are given; see parts.go and the parts themselves.
		"badge":     newBadge,
		"heads":     newHeads,
		"verdictOf": func(v rules.Verdict) *verdict { return newVerdict(v, lang) },
		"role":      func(r people.Role) string { return roleWord(r, lang) },
		"class":     stateClass,
		"th":        newHead,
		"pager":     newPager,
		"filter":    newFilter,
		"cells":     func(b *board.Board, cells []board.Cell) template.HTML { return cellsOf(lang, b, cells) },
		"casebadge": func(s cases.State) caseBadge { return newCaseBadge(s, lang) },
		"userstate": func(a people.Account) string { return userStateWord(userState(a), lang) },
		"message":   func(e notify.Entry) string { return messageWord(e, lang) },
		"deedword":  func(k cases.Kind) string { return kindWord(k, lang) },
		"size":      sizeWord,
		"strip":     func(b *board.Board, id string, n int) template.HTML { return stripOf(lang, b, id, n) },
	}
}

// stamp shows a moment in Beijing time, "" for none.
func stamp(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(extract.Beijing).Format(layout)
}

// sign is a state's sign, which says it without colour.
func sign(s rules.State) string {
	switch s {
	case rules.Fresh:
		return "●"
	case rules.Due:
		return "◐"
	case rules.Stale:
		return "■"
	case rules.Blank:
		return "□"
	case rules.Missing:
		return "▲"
	}
	return "◌"
}

// safeLink returns an address from a crawled page that may be a link: of the web,
// and nothing that runs. Else it is "".
func safeLink(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

// Where says whose a column is and where it lives. A unit's own site says both.
func (v view) Where(r board.Row) string {
	unit, carrier := v.Unit(r.Unit), v.Carrier(r.Carrier)
	if v.Board != nil {
		if x, ok := v.Board.City.Carrier(r.Carrier); ok && x.Unit == r.Unit {
			return carrier
		}
	}
	return unit + " · " + carrier
}

// unitName is a unit as notices print it.
func unitName(b *board.Board, id, lang string) string {
	switch {
	case id == "":
		return sayer(lang)("（未指明单位）", "(no unit)")
	case b != nil && b.City != nil:
		if u, ok := b.City.Unit(id); ok {
			return u.Name
		}
	}
	return id
}

// carrierName is a site or platform by its name, its ID where nobody named it.
func carrierName(b *board.Board, id string) string {
	if b != nil && b.City != nil {
		if x, ok := b.City.Carrier(id); ok && x.Name != "" {
			return x.Name
		}
	}
	return id
}
