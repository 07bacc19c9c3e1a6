package console

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

var detailRoutes = []Route{
	{"GET", "/columns/{id...}", people.See, ofBoardAnd((*Console).newestLook, (*Console).detail)},
}

// Limits of what one page shows.
const (
	detailNights = 90
	detailItems  = 200 // rows of a reading
	detailLooks  = 20  // of the list of looks
	detailMoved  = 10  // dates that pages mark otherwise than they show
)

// A detailPage is one subject with its proof.
type detailPage struct {
	Row        board.Row
	URLs       []string
	Indicators []clause
	Findings   []foundLine
	Period     string // that its findings are of
	Note       string
	Next       string    // what to do where it was not read, "" where it was
	Last       *lastRead // the last look that read it, where it was not read now
	Moves      []move    // of the newest date
	Chart      template.HTML

	Recipe string // as YAML
	Method string // of the recipe in force

	Seen  *seenLook // what is shown; nil where nothing is kept
	Rests bool      // the state rests on it
	Basis string    // the address of the look that it rests on, "" for none

	Looks    []lookLine
	List     listing
	Proposal *proposed
}

// A clause is an indicator by which the subject was judged.
type clause struct {
	rules.IndicatorState
	Name, Basis string
}

// A move is a night on which the newest date became another.
type move struct{ Night, Newest time.Time }

// A lastRead is what was seen when a subject was last read.
type lastRead struct {
	At      time.Time
	Outcome extract.Outcome
	Newest  extract.Date
	Title   string
	URL     string // of that look, "" where it is no longer kept
}

// A lookLine is one look in the list of them.
type lookLine struct {
	store.Summary
	URL   string
	Shown bool
}

// A seenLook is what one look saw.
type seenLook struct {
	store.Snapshot
	Items   []extract.Item
	Left    int // items that are not shown
	Dated   int
	Moved   []extract.Moved
	Pages   []seenPage
	Shown   int // of Pages, from 1
	Picture string
	Method  string
}

// A seenPage is one page of a look.
type seenPage struct {
	extract.Page
	N       int
	URL     string // of this page with that page shown
	Frame   string // of its copy
	Raw     string // of its bytes, "" where there are none
	Headers []headerLine
}

type headerLine struct{ Name, Value string }

// detail shows one subject: how it stands, since when, and what that rests on.
func (c *Console) detail(w http.ResponseWriter, q *request) error {
	row, err := q.row(q.PathValue("id"))
	if err != nil {
		return err
	}
	p := &detailPage{Row: row}
	p.judged(c, q)
	p.Findings = q.findingsOf(row.ID)
	all, err := c.looks(row.ID)
	if err != nil {
		return err
	}
	p.lastRead(c.columnOf(q, row.ID), all)
	if err := c.seen(q, p, all); err != nil {
		return err
	}
	if err := p.looks(q, all); err != nil {
		return err
	}
	if p.Proposal, err = c.proposal(q, row, all); err != nil {
		return err
	}
	return c.render(w, q, http.StatusOK, "detail", p)
}

// newestLook names the newest look that is kept of a subject, "" for none: a round
// under way keeps looks that the board does not show yet.
func (c *Console) newestLook(q *request) (digest string, keep bool, err error) {
	if c.Archive == nil {
		return "", true, nil
	}
	for sum, err := range c.Archive.History(q.PathValue("id"), time.Time{}) {
		return sum.Digest, true, err
	}
	return "", true, nil
}

// judged fills in what the board says.
func (p *detailPage) judged(c *Console, q *request) {
	b, row := q.board, p.Row
	states, note := c.memo.digestOf(b).statesOf(row.ID)
	p.Note = q.masked(hintWord(note, q.lang))
	for _, s := range states {
		x := clause{IndicatorState: s}
		for _, ind := range b.Set.Indicators {
			if ind.ID == s.Indicator {
				x.Name, x.Basis = ind.Name, ind.Basis
			}
		}
		p.Indicators = append(p.Indicators, x)
	}
	p.Period = b.Period()
	if row.State == rules.Unknown {
		p.Next = nextStep(row.Reason, q.lang)
	}
	if s, ok := subjectOf(b.City, row.ID, b.Result.Point); ok {
		p.URLs = s.Task.URLs
		p.Recipe, p.Method = inventory.RecipeYAML(s.Task.Recipe, ""), methodWord(s.Task.Method, q.lang)
	}
	nights := b.Recent(detailNights)
	cells := b.Strip(row.ID, detailNights)
	var last time.Time
	for i, cell := range cells {
		if !cell.Newest.IsZero() && !cell.Newest.Equal(last) {
			p.Moves, last = append(p.Moves, move{nights[i].Day(), cell.Newest}), cell.Newest
		}
	}
	slices.Reverse(p.Moves)
	p.Chart = newestChart(q.lang, nights, cells)
}

// lastRead fills in when a subject that is not read now last was: of columns as the
// judgement has it, of others by what is kept.
func (p *detailPage) lastRead(column *rules.ColumnResult, all []store.Summary) {
	if p.Row.State != rules.Unknown {
		return
	}
	if column != nil && column.LastGood != nil {
		look := column.LastGood
		p.Last = &lastRead{At: look.At, Outcome: look.Reading.Outcome, Newest: look.Reading.Newest, Title: look.Reading.NewestTitle()}
		if n := slices.IndexFunc(all, func(s store.Summary) bool { return s.Digest == look.Digest }); n >= 0 {
			p.Last.URL = lookURL(all, n)
		}
		return
	}
	if n := slices.IndexFunc(all, store.Summary.Conclusive); column == nil && n >= 0 {
		p.Last = &lastRead{At: all[n].At, Outcome: all[n].Outcome, Newest: all[n].Newest, URL: lookURL(all, n)}
	}
}

// statesOf is how a subject stands by each indicator, with the hint for people.
func (d *digest) statesOf(id string) (states []rules.IndicatorState, note string) {
	if r := d.columns[id]; r != nil {
		return r.States, r.Note
	}
	if r := d.accounts[id]; r != nil {
		return r.States, r.Note
	}
	if r := d.sites[id]; r != nil && r.Home.Indicator != "" {
		return []rules.IndicatorState{r.Home}, ""
	}
	return nil, ""
}

func subjectOf(city *inventory.City, id string, at time.Time) (inventory.Subject, bool) {
	all := city.Subjects(at)
	i := slices.IndexFunc(all, func(s inventory.Subject) bool { return s.ID == id })
	if i < 0 {
		return inventory.Subject{}, false
	}
	return all[i], true
}

// seen chooses the look that is shown: the one that the address asks for by its
// moment or by its digest, else the one that the state rests on, else the newest.
func (c *Console) seen(q *request, p *detailPage, all []store.Summary) (err error) {
	digest := q.URL.Query().Get("snapshot")
	if len(all) == 0 {
		if digest != "" {
			return errNoLook()
		}
		return nil
	}
	rests := slices.IndexFunc(all, func(s store.Summary) bool { return p.Row.Look != nil && s.Digest == p.Row.Look.Digest })
	sum := all[max(rests, 0)]
	if text := q.URL.Query().Get("at"); text != "" {
		at, ok := parseAt(text)
		if !ok {
			return refuse(http.StatusBadRequest, "地址里的at应是日期或时刻，如 2023-09-27", "at must be a day or a moment, like 2023-09-27")
		}
		number, err := q.number("look", 0, 0, 99)
		if err != nil {
			return err
		}
		if sum, err = lookAt(all, at, number); err != nil {
			return err
		}
	}
	if digest != "" {
		if sum, err = lookOf(all, digest); err != nil {
			return err
		}
	}
	if rests >= 0 {
		p.Rests = all[rests].Digest == sum.Digest
		p.Basis = lookURL(all, rests)
	}
	snap, err := c.load(sum)
	if err != nil {
		return err
	}
	p.Seen, err = q.seenLook(snap)
	return err
}

// seenLook prepares a look to be shown.
func (q *request) seenLook(snap store.Snapshot) (*seenLook, error) {
	r := snap.Reading
	s := &seenLook{Snapshot: snap, Items: r.Items[:min(len(r.Items), detailItems)], Method: methodWord(r.Method, q.lang)}
	s.Left = len(r.Items) - len(s.Items)
	s.Moved = r.Moved[:min(len(r.Moved), detailMoved)]
	for _, item := range r.Items {
		if !item.Date.IsZero() {
			s.Dated++
		}
	}
	for i, page := range snap.Pages {
		if page.Why == extract.WhyPicture {
			s.Picture = keptURL(snap.Subject, snap.Digest, i+1)
			continue
		}
		x := seenPage{Page: page, N: i + 1, Frame: keptURL(snap.Subject, snap.Digest, i+1) + "#xc-newest"}
		if page.SHA256 != "" {
			x.Raw = keptURL(snap.Subject, snap.Digest, i+1) + "?as=raw"
		}
		for name, values := range page.Header {
			x.Headers = append(x.Headers, headerLine{name, strings.Join(values, "; ")})
		}
		slices.SortFunc(x.Headers, func(a, b headerLine) int { return strings.Compare(a.Name, b.Name) })
		s.Pages = append(s.Pages, x)
	}
	n, err := q.number("shown", listPage(snap.Pages)+1, 1, max(1, len(snap.Pages)))
	s.Shown = n
	return s, err
}

// MovedLeft is how many dates that pages mark otherwise are not shown.
func (s *seenLook) MovedLeft() int { return len(s.Reading.Moved) - len(s.Moved) }

// Technical is what the reader said of its work, in its own words.
func (s *seenLook) Technical() string {
	words := s.Reading.Notes
	if s.Reading.Detail != "" && s.Reading.Outcome != extract.Dated {
		words = append([]string{s.Reading.Detail}, words...)
	}
	return strings.Join(words, "; ")
}

// Technical is what the crawler said of a page that did not come.
func (p seenPage) Technical() string {
	if p.Class == "" {
		return p.Detail
	}
	return strings.TrimSuffix(string(p.Class)+": "+p.Detail, ": ")
}

// Page is the page that is shown, nil where there is none.
func (s *seenLook) Page() *seenPage {
	for i := range s.Pages {
		if s.Pages[i].N == s.Shown {
			return &s.Pages[i]
		}
	}
	return nil
}

// looks lists what is kept.
func (p *detailPage) looks(q *request, all []store.Summary) (err error) {
	if p.List, err = q.listing("at"); err != nil {
		return err
	}
	p.List.Size = detailLooks
	lines := make([]lookLine, len(all))
	for i, sum := range all {
		lines[i] = lookLine{Summary: sum, URL: lookURL(all, i), Shown: p.Seen != nil && p.Seen.Digest == sum.Digest}
	}
	p.Looks = cut(&p.List, lines)
	return nil
}

// OutcomeWord is what a look came to.
func (l lookLine) OutcomeWord(lang string) string { return outcomeWord(l.Outcome, l.Reason, lang) }

func outcomeWord(o extract.Outcome, r extract.Reason, lang string) string {
	say := sayer(lang)
	switch o {
	case extract.Dated:
		return say("读到日期", "dated")
	case extract.Empty:
		return say("列表为空", "list is empty")
	case extract.Found:
		return say("已找到", "found")
	case extract.Absent:
		return say("未找到", "not found")
	}
	return say("未能监测：", "not read: ") + report.ReasonWord(r, lang)
}

// methodWord says how a list was read.
func methodWord(method, lang string) string {
	say := sayer(lang)
	switch name, isCMS := strings.CutPrefix(method, "cms:"); {
	case isCMS:
		return say("平台规则 ", "profile ") + name
	case method == "recipe":
		return say("本栏目的采集规则", "the column's own recipe")
	case method == "induced":
		return say("自动识别", "found by itself")
	case method == "feed":
		return say("订阅源", "feed")
	case method == "article":
		return say("单篇文章", "one article")
	}
	return method
}

// whyWord is what a page was asked for.
func whyWord(w extract.Why, lang string) string {
	if w == extract.WhyPicture {
		return sayer(lang)("截图", "screenshot")
	}
	return report.WhyWord(w, lang)
}

// percent is a confidence as people read it, "" where a person chose the recipe.
// Nothing that was found by itself is certain.
func percent(confidence float64) string {
	if confidence <= 0 {
		return ""
	}
	return fmt.Sprintf("%.0f%%", min(100*confidence, 99))
}

// Window is an ISO 8601 window in words.
func (v view) Window(iso string) string { return report.WindowWord(iso, v.Lang) }

// A proposed recipe is what the reader made up for a column and a person has not
// looked at yet.
type proposed struct {
	*extract.Proposal
	YAML     string
	Look     string // digest of the look that proposes it, as addresses hold it
	Old      []extract.Item
	OldAt    time.Time // zero where the recipe in force never read the list
	OldBy    string
	Accepted bool // it is read by already
}

// olderLooks is how many looks are searched for the last that the recipe in force
// read.
const olderLooks = 30

// proposal is the recipe that waits for a person, nil for none.
func (c *Console) proposal(q *request, row board.Row, all []store.Summary) (*proposed, error) {
	waiting := proposedFor(c.columnOf(q, row.ID))
	if waiting == nil || len(all) == 0 {
		return nil, nil
	}
	p := &proposed{Proposal: waiting, YAML: inventory.RecipeYAML(waiting.Recipe, ""), Look: all[0].Digest[:digestForm], Accepted: waiting.Accepted}
	for _, sum := range all[:min(len(all), olderLooks)] {
		if !sum.Conclusive() {
			continue
		}
		snap, err := c.load(sum)
		if err != nil {
			return nil, err
		}
		if own := snap.Reading.Proposal; own != nil && (own.Accepted || snap.Reading.Confidence > 0) {
			continue // it was read by a proposal itself
		}
		p.Old, p.OldAt, p.OldBy = extract.NewestItems(snap.Reading.Items, len(waiting.Items)), snap.At, methodWord(snap.Reading.Method, q.lang)
		break
	}
	return p, nil
}

// Rows puts the items of both sides next to each other.
func (p *proposed) Rows() [][2]*extract.Item {
	rows := make([][2]*extract.Item, max(len(p.Old), len(p.Items)))
	for i := range rows {
		if i < len(p.Old) {
			rows[i][0] = &p.Old[i]
		}
		if i < len(p.Items) {
			rows[i][1] = &p.Items[i]
		}
	}
	return rows
}

// pathOf is an ID as it stands in an address.
func pathOf(id string) string { return (&url.URL{Path: id}).EscapedPath() }
