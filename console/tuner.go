package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/store"
	"xuncha/workshop"
)

var tunerRoutes = []Route{
	{"GET", "/tuner", people.TryOut, (*Console).tunerWork},
	{"GET", "/tuner/{id...}", people.TryOut, (*Console).tuner},
	{"GET", "/tuner-page/{source}/{page}/{id...}", people.TryOut, (*Console).tunerPage},
	{"POST", "/tuner/fetch", people.TryOut, (*Console).tunerFetch},
	{"POST", "/tuner/try", people.TryOut, (*Console).tunerTry},
	{"POST", "/tuner/effects", people.TryOut, (*Console).tunerEffects},
	{"POST", "/tuner/diff", people.TryOut, (*Console).tunerDiff},
	{"POST", "/tuner/save", people.Tune, (*Console).tunerSave},
	{"POST", "/tuner/accept", people.Tune, (*Console).tunerAccept},
	{"POST", "/tuner/undo", people.Tune, (*Console).tunerUndo},
}

// A Workshop is where recipes are tried and changed. It is safe for concurrent use.
type Workshop interface {
	// Bench is the configuration as it stands on disk now.
	Bench() (*workshop.Bench, error)

	// Files is a bench whose city is nothing but the files as they stand, valid or
	// not.
	Files() (*workshop.Bench, error)

	// Visit fetches the pages of a subject now, as politely as a round does and
	// from where a round may.
	Visit(ctx context.Context, s inventory.Subject) (workshop.Seen, error)

	// Keep remembers a change that was written, Changes are those remembered, the
	// newest first.
	Keep(workshop.Change) error
	Changes() ([]workshop.Change, error)
}

// errNoWorkshop is the refusal where there is nothing to change.
func errNoWorkshop() error {
	return refuse(http.StatusConflict, "这里没有可修改的配置；请用 xuncha serve --config 目录 启动", "there is no configuration to change here; start with xuncha serve --config DIR")
}

func (c *Console) bench() (*workshop.Bench, error) {
	if c.Workshop == nil {
		return nil, errNoWorkshop()
	}
	b, err := c.Workshop.Bench()
	var broken inventory.Errors
	if errors.As(err, &broken) {
		return nil, brokenFile(broken[0], "配置文件有错误，改正后才能维护采集规则", "the configuration has mistakes that must be mended first")
	}
	return b, err
}

// A tunerView is one column at the bench.
type tunerView struct {
	Row    board.Row
	Now    *pagesAt // what is shown, nil where nothing is at hand
	Looks  []lookChoice
	Fields []recipeField // of the recipe to begin with
	Of     string        // where that comes from: [ofForce], [ofProposal] or [ofPicks]
	Was    string        // digest of the file as it is
	File   string
	Locked string // why nothing can be saved, "" where it can
	Change *workshop.Change
	URLs   []string

	// Of an order that was refused: why, and the other columns that it was for.
	Refused, Detail string
	Also            []string
}

// Where the recipe comes from that the tuner begins with.
const (
	ofForce    = "force"
	ofProposal = "proposal"
	ofPicks    = "picks" // what somebody picked, which was not saved
)

// Others are the columns besides that an order was for, as one attribute.
func (v *tunerView) Others() string { return strings.Join(v.Also, " ") }

// PageURL is the address of the tuner with another of the pages.
func (v *tunerView) PageURL(n int) string {
	from := ""
	if v.Of == ofProposal {
		from = ofProposal
	}
	return listURL("/tuner/"+pathOf(v.Row.ID), "source", v.Now.Source, "page", strconv.Itoa(n), "from", from)
}

// A lookChoice is a kept look that may be worked on.
type lookChoice struct {
	Source, Label string
	Shown         bool
}

// A recipeField is one field of a recipe, as people see it; as JSON it has the same
// names.
type recipeField struct{ Key, Word, Value string }

// A pagesAt is pages to work on, kept ones or such that were just fetched.
type pagesAt struct {
	Source string // as addresses name it: "look-…", "live-…"
	workshop.Seen
	N int // the page that is shown, from 1
}

// Live reports whether the pages were just fetched.
func (p *pagesAt) Live() bool { return strings.HasPrefix(p.Source, liveMark) }

// Page is the page that is shown.
func (p *pagesAt) Page() extract.Page { return p.Pages[p.N-1] }

// How sources are named.
const (
	lookMark = "look-"
	liveMark = "live-"
)

// tuner shows a page beside its recipe.
func (c *Console) tuner(w http.ResponseWriter, q *request) error {
	v, err := c.atBench(q, q.PathValue("id"), q.URL.Query().Get("source"), q.URL.Query().Get("from"))
	if err != nil {
		return err
	}
	return c.render(w, q, http.StatusOK, "tuner", v)
}

// atBench is a column with the pages of a source, "" for its newest kept ones, and
// the recipe that it begins with.
func (c *Console) atBench(q *request, id, source, from string) (*tunerView, error) {
	row, bench, err := c.tuned(q, id)
	if err != nil {
		return nil, err
	}
	v := &tunerView{Row: row}
	col, _ := bench.Column(row.ID)
	v.URLs = col.URLs
	all, err := c.looks(row.ID)
	if err != nil {
		return nil, err
	}
	if v.Now, err = c.chosenPages(q, row.ID, source, all); err != nil {
		return nil, err
	}
	for _, sum := range all[:min(len(all), detailLooks)] {
		source := lookMark + sum.Digest[:digestForm]
		v.Looks = append(v.Looks, lookChoice{source, stamp(sum.At, "2006-01-02 15:04") + " " + outcomeWord(sum.Outcome, sum.Reason, q.lang), v.Now != nil && v.Now.Source == source})
	}
	recipe := own(col.Recipe)
	v.Of = ofForce
	if r := c.columnOf(q, row.ID); r != nil && r.Proposal != nil && from == ofProposal {
		recipe, v.Of = r.Proposal.Recipe, ofProposal
	}
	v.Fields = recipeFields(recipe, q.lang)
	file, err := bench.File(row.ID)
	if err != nil {
		return nil, err
	}
	v.File, v.Was = file.Name, digestOf(file.Data)
	if bench.Folder == "" {
		v.Locked = q.say("这套配置是程序内置的，只能试，不能保存。把配置目录复制出来，用 xuncha serve --config 目录 启动后再改。",
			"This configuration is built into the program: recipes can be tried and not saved. Copy it to a folder of your own and start with xuncha serve --config DIR.")
	}
	v.Change, err = c.lastChange(row.ID)
	return v, err
}

// own is a recipe without what is not seen on one page; that stays in the file.
func own(r extract.Recipe) extract.Recipe {
	r.Next, r.Last, r.Empty, r.Name = "", "", "", ""
	return r
}

// tuned is a column of the user's that can be worked on.
func (c *Console) tuned(q *request, id string) (board.Row, *workshop.Bench, error) {
	row, err := q.row(id)
	if err != nil {
		return row, nil, err
	}
	bench, err := c.bench()
	if err != nil {
		return row, nil, err
	}
	if _, ok := bench.Column(id); !ok {
		return row, nil, refuse(http.StatusNotFound, "这不是栏目，或配置中已没有它：只有栏目的采集规则可以在此维护", "this is no column of the configuration: only columns have recipes that can be changed here")
	}
	return row, bench, nil
}

// chosenPages are the pages of a source, else of the newest look that brought any.
func (c *Console) chosenPages(q *request, id, source string, all []store.Summary) (*pagesAt, error) {
	if source == "" {
		for _, sum := range all[:min(len(all), detailLooks)] {
			p, err := c.pagesOf(q, id, lookMark+sum.Digest[:digestForm])
			if err != nil {
				return nil, err
			}
			if p.Pages[p.N-1].SHA256 != "" && p.Pages[p.N-1].Class == "" {
				return p, nil
			}
		}
		return nil, nil
	}
	p, err := c.pagesOf(q, id, source)
	if err != nil {
		return nil, err
	}
	p.N, err = q.number("page", p.N, 1, len(p.Pages))
	return p, err
}

// pagesOf are the pages of a source, with the one that the list was read from.
func (c *Console) pagesOf(q *request, id, source string) (*pagesAt, error) {
	p := &pagesAt{Source: source}
	if token, live := strings.CutPrefix(source, liveMark); live {
		seen, err := c.live.find(q.user.Name, id, token, time.Now())
		if err != nil {
			return nil, err
		}
		p.Seen = seen
	} else {
		digest, ok := strings.CutPrefix(source, lookMark)
		if !ok || c.Archive == nil {
			return nil, errNoLook()
		}
		sum, err := c.keptLook(id, digest)
		if err != nil {
			return nil, err
		}
		snap, err := c.load(sum)
		if err != nil {
			return nil, err
		}
		p.At, p.Reading = snap.At, snap.Reading
		if p.Pages, err = c.withBodies(snap); err != nil {
			return nil, err
		}
	}
	if len(p.Pages) == 0 {
		return nil, errNoLook()
	}
	p.N = listPage(p.Pages) + 1
	return p, nil
}

// tunerPage is the copy of a page that a person may point at.
func (c *Console) tunerPage(w http.ResponseWriter, q *request) error {
	row, _, err := c.tuned(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := c.pagesOf(q, row.ID, q.PathValue("source"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(q.PathValue("page"))
	if err != nil || n < 1 || n > len(p.Pages) {
		return errNoLook()
	}
	w.Header().Set("Content-Security-Policy", pointedPolicy)
	return c.frame(w, q, p.Pages[n-1], extract.Reading{})
}

// tunerFetch fetches the pages of a column now.
func (c *Console) tunerFetch(w http.ResponseWriter, q *request) error {
	form, err := q.form()
	if err != nil {
		return err
	}
	id := form.Get("id")
	source, _, err := c.fetched(q, id)
	if err != nil {
		return err
	}
	http.Redirect(w, q.Request, listURL("/tuner/"+pathOf(id), "source", source, "from", form.Get("from")), http.StatusSeeOther)
	return nil
}

// fetched fetches the pages of a column now, and returns by which name they are
// held.
func (c *Console) fetched(q *request, id string) (source string, seen workshop.Seen, err error) {
	_, bench, err := c.tuned(q, id)
	if err != nil {
		return "", seen, err
	}
	subject, ok := bench.Subject(id, c.Now())
	if !ok || len(subject.Task.URLs) == 0 {
		return "", seen, refuse(http.StatusConflict, "这个栏目没有网址，无从抓取；请先在配置中写 url", "this column has no address to fetch; write its url into the configuration first")
	}
	if err := c.live.mayFetch(q.user.Name, time.Now()); err != nil {
		return "", seen, err
	}
	ctx, cancel := context.WithTimeout(q.Context(), fetchTimeout)
	defer cancel()
	seen, err = c.Workshop.Visit(ctx, subject)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "", seen, refuse(http.StatusGatewayTimeout, "对方网站 60 秒内没有答复；请稍后再试，或选一份快照", "the site did not answer in 60 seconds; try later, or choose a snapshot")
	case err != nil:
		return "", seen, err
	case len(seen.Pages) == 0:
		return "", seen, refuse(http.StatusBadGateway, "没有抓到页面："+report.ReasonWord(seen.Reading.Reason, "zh")+"；可选一份快照", "no page came: "+report.ReasonWord(seen.Reading.Reason, "en")+"; choose a snapshot")
	}
	return liveMark + c.live.keep(q.user.Name, id, seen, time.Now()), seen, nil
}

// fetchTimeout bounds how long somebody waits for pages.
const fetchTimeout = 60 * time.Second

// lastChange is the newest change of a column, nil for none.
func (c *Console) lastChange(id string) (*workshop.Change, error) {
	all, err := c.Workshop.Changes()
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if slices.Contains(x.Columns, id) {
			return &x, nil
		}
	}
	return nil, nil
}

// recipeFields are the fields of a recipe that people edit, in order.
func recipeFields(r extract.Recipe, lang string) []recipeField {
	say := sayer(lang)
	return []recipeField{
		{"list", say("列表", "list"), r.List}, {"item", say("条目", "item"), r.Item}, {"title", say("标题", "title"), r.Title},
		{"link", say("链接", "link"), r.Link}, {"date", say("日期", "date"), r.Date}, {"date_format", say("日期格式", "date format"), r.DateFormat},
		{"source", say("种类", "kind"), string(r.Source)}, {"data", say("数据地址", "data"), r.Data}, {"markup", say("数据中的网页", "markup"), r.Markup},
	}
}

// digestOf names a file's bytes, so that one that changed in the meantime is told.
func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

// pointSentence says why nothing came of what was pointed at.
func pointSentence(err error) error {
	for _, x := range []struct {
		is     error
		zh, en string
	}{
		{extract.ErrNotMarkup, "这一页不是网页，没有可点选的元素；请用“自动建议”，或在下方填写字段", "this page has no elements to point at; use the suggestion, or fill in the fields below"},
		{extract.ErrNowhere, "页面上没有这个元素；请刷新后重新点选", "there is no such element on the page; load it again and point again"},
		{extract.ErrNoLink, "点到的地方不在任何带链接的条目里；请点一条信息的标题", "what you pointed at is in no row with a link; point at the title of an item"},
		{extract.ErrApart, "标题、日期要和条目在同一行里；请在同一条信息上点选", "title and date must belong to the row you pointed at; point at the same item"},
		{extract.ErrUnnamed, "写不出只选中这些条目的规则；请换一条信息再点，或在下方填写字段", "no rule finds these rows alone; point at another item, or fill in the fields below"},
	} {
		if errors.Is(err, x.is) {
			return refuse(http.StatusUnprocessableEntity, x.zh, x.en)
		}
	}
	var wrong *extract.RecipeError
	if errors.As(err, &wrong) {
		return withDetail(refuse(http.StatusUnprocessableEntity, fmt.Sprintf("字段 %s 的写法不对；请改正后再试，或在页面上点选", wrong.Field),
			fmt.Sprintf("the field %s is not written as it should be; correct it, or point at the page", wrong.Field)), wrong.Error())
	}
	return withDetail(refuse(http.StatusUnprocessableEntity, "这条规则不能用于该栏目；请重新点选，或改写字段", "this recipe cannot be used for the column; point again, or change its fields"), report.Plain(err.Error(), 300))
}
