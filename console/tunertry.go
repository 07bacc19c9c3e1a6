package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
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
	row, bench, p, err = c.bound(q, a)
	return
}

// bound is the column and the pages that a question is about.
func (c *Console) bound(q *request, a asked) (row board.Row, bench *workshop.Bench, p *pagesAt, err error) {
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
		writeJSON(w, r.status, map[string]string{"error": q.say(r.chinese, r.english), "detail": detailOf(err)})
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
	Fields      []recipeField   `json:"fields" doc:"of the recipe, by the words of the page"`
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
	Next   string     `json:"next" doc:"what to do where nothing was read"`
	Detail string     `json:"detail" doc:"what the reader says of it, in its own words"`
	Method string     `json:"method"`
	Newest string     `json:"newest"`
	Count  int        `json:"count"`
	Titled int        `json:"titled"`
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
		return c.try(q, a, bench, p)
	})
}

// try is what the recipe of a question reads.
func (c *Console) try(q *request, a asked, bench *workshop.Bench, p *pagesAt) (*tried, error) {
	leave, err := c.slot(q.Context())
	if err != nil {
		return nil, err
	}
	defer leave()
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
	if !r.Conclusive() && len(wants) == 0 {
		s.Next = nextStep(r.Reason, q.lang)
	}
	if !r.Newest.IsZero() {
		s.Newest = stamp(r.Newest.Time, time.DateOnly)
	}
	var places []extract.Place
	if p != nil {
		places = extract.Locate(p.Page(), r)
	}
	for i, item := range r.Items {
		if strings.TrimSpace(item.Title) != "" {
			s.Titled++
		}
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
		return c.diff(q.Context(), a, bench)
	})
}

// diff is what saving the recipe of a question would write.
func (c *Console) diff(ctx context.Context, a asked, bench *workshop.Bench) (*drafted, error) {
	if a.Recipe == nil {
		return nil, refuse(http.StatusBadRequest, "没有规则可看；请先点选", "there is no recipe to show; point at an item first")
	}
	leave, err := c.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	d, err := bench.Draft(*a.Recipe, a.ID)
	if err != nil {
		return nil, pointSentence(err)
	}
	return draftOf(d)
}

// draftOf shows the first file of a draft and the samples that speak against it.
func draftOf(d *workshop.Draft) (*drafted, error) {
	out := drafted{File: d.After[0].Name, Lines: []diffShown{}}
	from, lines := workshop.Diff(d.Before[0].Data, d.After[0].Data)
	out.From = from
	for _, l := range lines {
		out.Lines = append(out.Lines, diffShown{string(l.Mark), report.Row("|" + l.Text)[0][1:]})
	}
	own, others, err := d.Obsolete()
	out.Own, out.Others = sampleNames(own), sampleNames(others)
	return &out, err
}

func sampleNames(all []inventory.Replayed) []string {
	out := []string{}
	for _, r := range all {
		out = append(out, r.Sample.File)
	}
	return out
}
