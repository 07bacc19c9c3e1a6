package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
	"xuncha/workshop"
)

// What the tuner's script asks, and what it is answered. It sends numbers of
// elements and fields of recipes; what they mean is decided here.

// An asked is one question of the tuner's script.
type asked struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	Page   int    `json:"page"`

	// One of these: what was pointed at, a recipe, or the wish for suggestions.
	Point   *extract.Pointing `json:"point"`
	Recipe  *extract.Recipe   `json:"recipe"`
	Suggest bool              `json:"suggest"`
	Before  bool              `json:"before"` // what the recipe in force reads as well
}

// ask reads a question, and finds the column and the pages that it is about.
func (c *Console) ask(w http.ResponseWriter, q *request) (a asked, row board.Row, bench *workshop.Bench, p *pagesAt, err error) {
	d := json.NewDecoder(q.Body)
	d.DisallowUnknownFields()
	if err = d.Decode(&a); err != nil {
		var tooLarge *http.MaxBytesError
		if !errors.As(err, &tooLarge) {
			err = refuse(http.StatusBadRequest, "提交的内容无法识别；请刷新页面", "what was sent cannot be read; load the page again")
		}
		return
	}
	if row, bench, err = c.tuned(q, a.ID); err != nil {
		return
	}
	if p, err = c.pagesOf(q, a.ID, a.Source); err != nil {
		return
	}
	if a.Page != 0 {
		if a.Page < 1 || a.Page > len(p.Pages) {
			err = errNoLook()
			return
		}
		p.N = a.Page
	}
	if a.Recipe != nil {
		if wrong := a.Recipe.Validate(); wrong != nil {
			err = pointSentence(wrong)
		}
	}
	return
}

// reply serves a question of a script: a refusal is JSON as well.
func (c *Console) reply(w http.ResponseWriter, q *request, answer func() (any, error)) error {
	v, err := answer()
	var r *refusal
	if errors.As(err, &r) {
		writeJSON(w, r.status, map[string]string{"error": q.say(r.chinese, r.english)})
		return nil
	}
	if err != nil {
		return err
	}
	return sendJSON(w, q, v)
}

// A tried is what a recipe reads.
type tried struct {
	Recipe      extract.Recipe  `json:"recipe"`
	YAML        string          `json:"yaml"`
	Fields      []recipeField   `json:"fields"`
	Confidence  string          `json:"confidence"`
	Why         string          `json:"why"`
	After       side            `json:"after"`
	Before      *side           `json:"before,omitempty"`
	Suggestions []suggestedList `json:"suggestions,omitempty"`
}

// A side is what is read by one recipe.
type side struct {
	OK     bool       `json:"ok"`
	Word   string     `json:"word"`
	Detail string     `json:"detail"`
	Method string     `json:"method"`
	Newest string     `json:"newest"`
	Count  int        `json:"count"`
	Dated  int        `json:"dated"`
	Items  []sideItem `json:"items"`
}

// A sideItem is one item, and where it stands on the page that is shown.
type sideItem struct {
	Date   string `json:"date"`
	Title  string `json:"title"`
	Source string `json:"source"`

	Place extract.Place `json:"place"`
}

// A suggestedList is a list of the page that may be meant.
type suggestedList struct {
	Recipe     extract.Recipe `json:"recipe"`
	Confidence string         `json:"confidence"`
	Label      string         `json:"label"`
}

// previewed is how many items a preview lists; all are outlined.
const previewed = 60

// tunerTry answers with what a recipe reads: one made of what was pointed at, one
// that was typed, or the reader's own suggestion.
func (c *Console) tunerTry(w http.ResponseWriter, q *request) error {
	return c.reply(w, q, func() (any, error) {
		a, _, bench, p, err := c.ask(w, q)
		if err != nil {
			return nil, err
		}
		c.copying <- struct{}{} // as costly as a copy
		defer func() { <-c.copying }()
		subject, ok := bench.Subject(a.ID, p.At)
		if !ok {
			return nil, errNoLook()
		}
		t := &tried{}
		if err := q.recipeOf(t, a, bench, subject, p); err != nil {
			return nil, err
		}
		reading, wants, err := bench.Try(subject, t.Recipe, p.Pages)
		if err != nil {
			return nil, pointSentence(err)
		}
		t.YAML, t.Fields = inventory.RecipeYAML(t.Recipe, ""), recipeFields(t.Recipe, q.lang)
		t.After = q.side(reading, wants, p)
		if a.Before {
			task := subject.Task
			task.Before = nil
			before, wants := extract.Read(task, p.Pages)
			s := q.side(before, wants, nil)
			t.Before = &s
		}
		return t, nil
	})
}

// recipeOf is the recipe that a question is about.
func (q *request) recipeOf(t *tried, a asked, bench *workshop.Bench, subject inventory.Subject, p *pagesAt) error {
	base, err := bench.City.Inherited(a.ID)
	if err != nil {
		return err
	}
	switch {
	case a.Point != nil:
		made, err := extract.Point(subject.Task, p.Page(), *a.Point, base)
		if err != nil {
			return pointSentence(err)
		}
		t.Recipe, t.Confidence, t.Why = made.Recipe, percent(made.Confidence), made.Why
	case a.Suggest:
		all := extract.Suggest(subject.Task, p.Page(), base)
		if len(all) == 0 {
			return refuse(http.StatusUnprocessableEntity, "这一页上没有找到像列表的内容；请点选一条信息，或换一份页面", "nothing on this page looks like a list; point at an item, or choose another page")
		}
		t.Recipe, t.Confidence, t.Why = all[0].Recipe, percent(all[0].Confidence), all[0].Why
		for _, s := range all {
			x := suggestedList{Recipe: s.Recipe, Confidence: percent(s.Confidence)}
			if len(s.Items) > 0 {
				x.Label = shownDate(s.Items[0].Date) + " " + report.Plain(s.Items[0].Title, 60)
			}
			t.Suggestions = append(t.Suggestions, x)
		}
	case a.Recipe != nil:
		t.Recipe = *a.Recipe
		weighed := extract.Weigh(subject.Task, p.Page(), t.Recipe)
		t.Confidence = percent(weighed)
	default:
		return refuse(http.StatusBadRequest, "没有说明要试什么；请刷新页面", "nothing was said of what to try; load the page again")
	}
	return nil
}

func shownDate(d extract.Date) string {
	if d.IsZero() {
		return "----------"
	}
	return stamp(d.Time, time.DateOnly)
}

// side says what was read, and where on the page it stands; p is nil where that is
// not asked.
func (q *request) side(r extract.Reading, wants []extract.Want, p *pagesAt) side {
	s := side{OK: r.Conclusive() && len(wants) == 0, Detail: r.Detail, Method: methodWord(r.Method, q.lang), Count: len(r.Items), Items: []sideItem{}}
	switch {
	case len(wants) > 0:
		s.Word = q.say("还需要另外的页面才能读完：", "another page would have to be seen: ") + report.Plain(wants[0].URL, 120)
	default:
		s.Word = outcomeWord(r.Outcome, r.Reason, q.lang)
	}
	if !r.Newest.IsZero() {
		s.Newest = stamp(r.Newest.Time, time.DateOnly)
	}
	var places []extract.Place
	if p != nil {
		places = extract.Locate(p.Page(), r)
	}
	for i, item := range r.Items {
		if !item.Date.IsZero() {
			s.Dated++
		}
		x := sideItem{Date: shownDate(item.Date), Title: item.Title, Source: item.Source}
		if i < len(places) {
			x.Place = places[i]
		}
		if i < previewed || x.Place.Row != 0 {
			s.Items = append(s.Items, x)
		}
	}
	return s
}

// Bounds of the columns that a recipe is tried on besides its own.
const (
	maxNeighbours  = 300
	effectsTimeout = 8 * time.Second
)

// An effects answer says what a recipe would do to the columns beside its own.
type effects struct {
	Sentence string       `json:"sentence"`
	Lines    []effectLine `json:"lines"`
}

// An effectLine is one column.
type effectLine struct {
	ID     string              `json:"id"`
	Name   string              `json:"name"`
	Kind   workshop.EffectKind `json:"kind"`
	Word   string              `json:"word"`
	Before string              `json:"before"`
	After  string              `json:"after"`
}

// tunerEffects tries a recipe on the newest kept pages of the columns of the same
// site, and of those of the same platform that are not read now.
func (c *Console) tunerEffects(w http.ResponseWriter, q *request) error {
	return c.reply(w, q, func() (any, error) {
		a, row, bench, _, err := c.ask(w, q)
		if err != nil {
			return nil, err
		}
		if a.Recipe == nil {
			return nil, refuse(http.StatusBadRequest, "没有规则可试；请先点选", "there is no recipe to try; point at an item first")
		}
		c.copying <- struct{}{}
		defer func() { <-c.copying }()
		ctx, cancel := context.WithTimeout(q.Context(), effectsTimeout)
		defer cancel()
		rows := q.neighbours(bench, row)
		var all []workshop.Neighbour
		for _, r := range rows {
			if n, ok, err := c.neighbour(bench, r.ID); err != nil {
				return nil, err
			} else if ok {
				all = append(all, n)
			}
			if ctx.Err() != nil {
				break
			}
		}
		return q.effects(rows, len(all), bench.Effects(ctx, *a.Recipe, all)), nil
	})
}

// neighbours are the columns that a recipe may serve besides its own: those of the
// same site, and those of the same platform that cannot be read.
func (q *request) neighbours(bench *workshop.Bench, row board.Row) []board.Row {
	cms := ""
	if carrier, ok := bench.City.Carrier(row.Carrier); ok {
		cms = carrier.CMS
	}
	var near, far []board.Row
	for _, r := range q.rows(inventory.KindColumn) {
		if r.ID == row.ID {
			continue
		}
		if r.Carrier == row.Carrier {
			near = append(near, r)
			continue
		}
		carrier, ok := bench.City.Carrier(r.Carrier)
		if ok && cms != "" && carrier.CMS == cms && r.State == rules.Unknown && slices.Contains(mendable, r.Reason) {
			far = append(far, r)
		}
	}
	all := slices.Concat(near, far)
	return all[:min(len(all), maxNeighbours)]
}

// neighbour is a column with its newest kept pages; ok is false where none are.
func (c *Console) neighbour(bench *workshop.Bench, id string) (n workshop.Neighbour, ok bool, err error) {
	if c.Archive == nil {
		return n, false, nil
	}
	for sum, err := range c.Archive.History(id, time.Time{}) {
		if err != nil {
			return n, false, err
		}
		snap, err := c.load(sum)
		if err != nil {
			return n, false, err
		}
		if !slices.ContainsFunc(snap.Pages, func(p extract.Page) bool { return p.SHA256 != "" && p.Class == "" }) {
			continue // nothing came that night
		}
		n.Subject, ok = bench.Subject(id, sum.At)
		if ok {
			n.Pages, err = c.withBodies(snap)
		}
		return n, ok, err
	}
	return n, false, nil
}

func (q *request) effects(rows []board.Row, tried int, all []workshop.Effect) effects {
	out := effects{Lines: []effectLine{}}
	count := map[workshop.EffectKind]int{}
	for _, e := range all {
		count[e.Kind]++
		i := slices.IndexFunc(rows, func(r board.Row) bool { return r.ID == e.ID })
		line := effectLine{ID: e.ID, Kind: e.Kind, Word: q.effectWord(e.Kind), Before: q.shortly(e.Before), After: q.shortly(e.After)}
		if i >= 0 {
			line.Name = unitName(q.board, rows[i].Unit, q.lang) + " › " + rows[i].Name
		}
		out.Lines = append(out.Lines, line)
	}
	order := []workshop.EffectKind{workshop.Mended, workshop.Differs, workshop.Same, workshop.Unfit}
	slices.SortStableFunc(out.Lines, func(a, b effectLine) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	switch {
	case len(all) == 0:
		out.Sentence = q.say("同站点、同平台没有其他可试的栏目。", "There is no other column of this site or platform to try it on.")
	default:
		var parts []string
		for _, k := range order {
			if count[k] > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", count[k], q.effectWord(k)))
			}
		}
		out.Sentence = fmt.Sprintf(q.say("同站点、同平台另试了 %d 个栏目：%s。", "Tried on %d other columns of this site or platform: %s."), len(all), strings.Join(parts, q.say("，", ", ")))
	}
	if len(all) < tried {
		out.Sentence += q.say("时间所限，其余未试。", " There was no time for the rest.")
	}
	return out
}

func (q *request) effectWord(k workshop.EffectKind) string {
	switch k {
	case workshop.Same:
		return q.say("读数一致", "read the same")
	case workshop.Mended:
		return q.say("可一并修复", "would be mended")
	case workshop.Differs:
		return q.say("读数不同", "would read otherwise")
	}
	return q.say("不适用", "do not fit")
}

// shortly is a reading in a few words.
func (q *request) shortly(r extract.Reading) string {
	if !r.Conclusive() {
		if r.Outcome == "" {
			return "—"
		}
		return outcomeWord(r.Outcome, r.Reason, q.lang)
	}
	text := fmt.Sprintf(q.say("%d 条", "%d items"), len(r.Items))
	if !r.Newest.IsZero() {
		text += q.say("，最近 ", ", newest ") + stamp(r.Newest.Time, time.DateOnly)
	}
	return text
}

// A drafted answer shows what saving would write.
type drafted struct {
	File   string      `json:"file"`
	From   int         `json:"from"`
	Lines  []diffShown `json:"lines"`
	Own    []string    `json:"own"`    // samples of the column that would have to go
	Others []string    `json:"others"` // samples of others that speak against it
}

type diffShown struct {
	Mark string `json:"mark"`
	Text string `json:"text"`
}

// tunerDiff shows what saving a recipe would write, and which samples it would not
// read any more. Nothing is written.
func (c *Console) tunerDiff(w http.ResponseWriter, q *request) error {
	return c.reply(w, q, func() (any, error) {
		a, _, bench, _, err := c.ask(w, q)
		if err != nil {
			return nil, err
		}
		if a.Recipe == nil {
			return nil, refuse(http.StatusBadRequest, "没有规则可看；请先点选", "there is no recipe to show; point at an item first")
		}
		c.copying <- struct{}{}
		defer func() { <-c.copying }()
		d, err := bench.Draft(*a.Recipe, a.ID)
		if err != nil {
			return nil, pointSentence(err)
		}
		out := drafted{File: d.After[0].Name, Own: []string{}, Others: []string{}, Lines: []diffShown{}}
		from, lines := workshop.Diff(d.Before[0].Data, d.After[0].Data)
		out.From = from
		for _, l := range lines {
			out.Lines = append(out.Lines, diffShown{string(l.Mark), report.Line("|" + l.Text)[1:]})
		}
		own, others, err := d.Obsolete()
		if err != nil {
			return nil, err
		}
		out.Own, out.Others = sampleNames(own), sampleNames(others)
		return out, nil
	})
}

func sampleNames(all []inventory.Replayed) []string {
	out := []string{}
	for _, r := range all {
		out = append(out, r.Sample.File)
	}
	return out
}

var _ Archive = (*store.Store)(nil)
