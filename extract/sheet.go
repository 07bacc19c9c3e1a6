package extract

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A sheet is one page of a list as read: its rows, or that it is truly empty, or
// what stands in the way, or that the page is an article. Exactly one of them holds.
type sheet struct {
	doc      *document // nil where there was nothing to parse
	rows     []row
	empty    bool
	obstacle *obstacle
	single   bool     // an article stands in the place of a list
	noItems  bool     // the list is there and no row matched it
	article  *Reading // the page is one item's; a reading of its own

	follow  string  // the address of the frame or page to read in its place
	data    string  // the address of the data to read in its place
	by      *recipe // what they are read by, nil for the task's recipe
	charset string
	name    string
	method  string
	more    bool // rows were left out
	look    bool // a browser may show what the page as it came does not
	notes   []string
	emptied time.Time // when a list that held items was first found empty

	shape  string    // of the rows' place
	spared *Proposal // a recipe that asks for the data of the list, so that no browser is needed
	found  *Proposal // a recipe that was induced; the rows are its own if it was needed and accepted
}

// read reads one page by the recipe.
func (r *reader) read(p Page) sheet {
	if o := r.task.refuse(p); o != nil {
		return sheet{obstacle: o}
	}
	switch {
	case r.recipe.data != nil && p.Why != WhyData && p.Why != WhyNext:
		return r.lead(p)
	case r.recipe.source.listed():
		return r.answer(p)
	case r.recipe.source == SourceFeed, r.unguided() && isFeed(p.Body):
		return r.feed(p)
	}
	d, o := parse(p)
	if o != nil {
		return r.dataInstead(p, o)
	}
	s := r.readDocument(d)
	s.doc, s.charset, s.notes = d, d.charset, r.task.oddities(d)
	return s
}

// readFirst reads the first page of a list, which has a history.
func (r *reader) readFirst(p Page) sheet {
	s := r.read(p)
	if s.doc == nil || s.follow != "" || s.data != "" || s.article != nil {
		return s
	}
	settled := r.settled(s)
	settled.found = s.doc.carried(settled.found, r.recipe.raw)
	settled.look = s.look && len(settled.rows) == 0
	return settled.orFilled()
}

// settled holds a sheet against what is known of the list and keeps what it says
// of its page.
func (r *reader) settled(s sheet) sheet {
	out := r.settle(s.doc, s)
	out.doc, out.charset, out.name = s.doc, s.charset, s.name
	if len(out.notes) == 0 {
		out.notes = s.notes
	}
	return out
}

func (r *reader) readDocument(d *document) sheet {
	look := d.sketch()
	if o := d.unfit(look); o != nil {
		return sheet{obstacle: o}
	}
	if to := d.refresh(); to != "" {
		follow, o := r.task.detour(d, to)
		return sheet{obstacle: o, follow: follow}
	}
	h, s := harvest{}, sheet{}
	if r.unguided() {
		if s = r.induce(d); len(s.rows) == 0 && s.article == nil && !s.single {
			if known, ok := r.knownForm(d); ok {
				return known
			}
		}
	} else {
		h = r.recipe.harvest(d)
		s = sheet{rows: h.rows, more: h.more, shape: h.shape}
	}
	s.name = r.nameIn(d)
	if anyDated(s.rows) || s.article != nil {
		return s
	}
	if o := d.doubtful(look, len(s.rows)); o != nil {
		return sheet{obstacle: o}
	}
	if len(s.rows) > 0 {
		return s
	}
	if to := d.jump(look); to != "" {
		follow, o := r.task.detour(d, to)
		return sheet{obstacle: o, follow: follow}
	}
	out := r.withoutRows(d, h, look)
	if s.obstacle != nil && out.obstacle != nil && out.obstacle.reason == ReasonLost {
		out.obstacle = s.obstacle // induction says it better
	}
	return out
}

// unguided reports whether the recipe says nothing of where the list is.
func (r *reader) unguided() bool {
	return r.recipe.list == nil && r.recipe.item == nil && r.recipe.rows == nil
}

func anyDated(rows []row) bool {
	for _, r := range rows {
		if r.dated() {
			return true
		}
	}
	return false
}

// nameIn returns the shown name of an account.
func (r *reader) nameIn(d *document) string {
	if r.recipe.name == nil {
		return ""
	}
	return title(r.recipe.name.first(d.root))
}

// withoutRows tells an empty list from one that was not found, that stands in a
// frame, or that a script fills. Only what cannot be anything else is empty.
func (r *reader) withoutRows(d *document, h harvest, look sketch) sheet {
	if to := d.frame(); to != "" {
		return sheet{follow: to, obstacle: hindered(ReasonLost, "%s; a frame, %s, may hold the list", r.missing(h), to)}
	}
	if found := r.filledBy(d, h, look); found != "" {
		return sheet{look: true, obstacle: hindered(ReasonScript, "%s, and the page is filled by script: it holds %s", r.missing(h), found)}
	}
	if r.empty(d, h) {
		return sheet{empty: true, look: !d.page.Rendered && d.scripted()}
	}
	if r.recipe.list != nil && len(h.boxes) > 0 && !d.page.Rendered && d.scripted() {
		return sheet{look: true, obstacle: hindered(ReasonScript, "%s, without a word that says so, on a page that runs scripts", r.missing(h))}
	}
	return sheet{obstacle: hindered(ReasonLost, "%s", r.missing(h)), noItems: len(h.boxes) > 0}
}

// filledBy returns what gives a page away as one whose list a script fills, "" if
// nothing does.
func (r *reader) filledBy(d *document, h harvest, look sketch) string {
	if d.page.Rendered {
		return ""
	}
	if found := d.shell(look); found != "" {
		return found
	}
	switch {
	case r.recipe.list == nil:
		return firstIn(bytes.ToLower(d.text), templates)
	case len(h.boxes) > 0 && !slices.ContainsFunc(h.boxes, hasLink):
		return d.filler(h.boxes)
	}
	return ""
}

// missing says what of the recipe found nothing.
func (r *reader) missing(h harvest) string {
	switch {
	case len(h.boxes) == 0:
		return fmt.Sprintf("list selector %q matches nothing", r.recipe.raw.List)
	case h.matched == 0 && r.recipe.raw.Item != "":
		return fmt.Sprintf("item selector %q matches nothing", r.recipe.raw.Item)
	case h.matched == 0:
		return fmt.Sprintf("list selector %q holds no items", r.recipe.raw.List)
	}
	return fmt.Sprintf("none of the %d elements that item selector %q matches has a link and a title", h.matched, r.recipe.raw.Item)
}

// empty reports whether a list without rows is truly empty: it shows the text
// that the recipe names, or it was found by its own selector and holds nothing.
func (r *reader) empty(d *document, h harvest) bool {
	if f := r.recipe.empty.field; f != nil && f.first(d.root) != "" {
		return true
	}
	if len(h.boxes) == 0 {
		return false
	}
	text := h.text()
	if mark := r.recipe.empty.text; mark != "" && strings.Contains(text, mark) {
		return true
	}
	if r.recipe.list == nil || slices.ContainsFunc(h.boxes, holdsAnything) {
		return false
	}
	return text == "" && (d.page.Rendered || !d.scripted()) || nothingHere.MatchString(text)
}

// holdsAnything reports whether a box holds what could be an item that is not
// read.
func holdsAnything(box *html.Node) bool {
	for n := range box.Descendants() {
		switch n.DataAtom {
		case atom.A, atom.Img, atom.Iframe, atom.Frame, atom.Object, atom.Embed, atom.Canvas, atom.Input:
			return true
		}
	}
	return false
}

// nothingHere matches the words that stand in the place of a list to say that
// there is nothing, and only words.
var nothingHere = regexp.MustCompile(`^(?:对不起|很?抱歉|您好)?[,，]?(?:当前|目前)?(?:[该本此]?栏目)?下?(?:暂无|暂时?没有|暂未发布|没有|尚无|无)(?:找到|任何|相关|更多|可用的?)*(?:数据|信息|内容|记录|文章|新闻|公告|资料|结果|查询结果)*[!！。.…~]*$`)

// open reads the first page of a list, wherever it stands now; ok is false while
// a page is awaited.
func (r *reader) open(address string, why Why) (sheet, bool) {
	s, ok := r.openAt(address, why)
	if !ok || why != WhyList {
		return s, ok
	}
	return r.pursue(s, address)
}

// openAt reads the page at an address: the frame in its place, or the page as a
// browser shows it, where the list is only there.
func (r *reader) openAt(address string, why Why) (s sheet, ok bool) {
	p, ok := r.take(Want{URL: address, Why: why})
	if !ok {
		return sheet{}, false
	}
	s = r.readFirst(p)
	if s.follow != "" {
		inner, ok := r.take(Want{URL: s.follow, Why: WhyFrame})
		if !ok {
			return sheet{}, false
		}
		address, why = s.follow, WhyFrame
		s = r.readFirst(inner)
		if s.follow != "" {
			s.follow = "" // one level only
		}
	}
	if s.data != "" {
		return r.openData(s)
	}
	if p.Rendered || !s.look && !s.challenged() {
		return s, true
	}
	return r.render(s, address, why)
}
