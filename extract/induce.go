package extract

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// What induction demands before it believes a list.
const (
	// sure is the least confidence of a list that is read; below it the page is
	// lost, not guessed.
	sure = 0.55

	// margin is how far the best list must lead before one that shows another
	// newest date is left aside.
	margin = 0.12

	// maxCrops bounds the clusters of one page that are read.
	maxCrops = 4
)

// A crop is a cluster as read: the recipe it came to and its rows.
type crop struct {
	recipe     Recipe
	rows       []row
	more       bool
	shape      string
	confidence float64
	stand      stand
	dated      bool
	block      bool // it is no column's list, whatever it shows
	nodes      []*html.Node
}

// methodInduced is the method of a reading that no recipe was given for.
const methodInduced = "induced"

// induce finds the list of a page from the page alone, or says that the page is
// an article. Neither is guessed: not sure is lost.
func (r *reader) induce(d *document) sheet {
	if r.isHome(d) {
		return r.induceHome(r.crops(d, true))
	}
	s := r.likeliest(r.crops(d, false))
	least := sureArticle
	if s.obstacle == nil && s.found.Confidence >= beyondArticle && undated(s.rows) == nil {
		if !d.titled() {
			return s
		}
		least = plainArticle
	}
	article, ok := r.articleFrom(d, least)
	switch {
	case !ok:
		return s
	case r.task.Column != "":
		return sheet{single: true, obstacle: hindered(ReasonLost, "the page is an article, %q, and no list", cut(article.Items[0].Title, 60))}
	}
	return sheet{article: &article}
}

// beyondArticle is the confidence of a list that is no block beside an article,
// unless the page is plainly one.
const (
	beyondArticle = 0.85
	plainArticle  = 0.80
)

// titled reports whether the page's title may be that of an article: part of it
// is longer than the names of columns are.
func (d *document) titled() bool {
	for _, s := range titleParts.Split(d.title(), -1) {
		if utf8.RuneCountInString(letters(s)) >= longTitle && !siteWords.MatchString(s) {
			return true
		}
	}
	return false
}

// longTitle is how long the title of an article is at least, in runes, that is
// not taken for a name.
const longTitle = 10

// likeliest chooses among the lists of a page.
func (r *reader) likeliest(crops []crop) sheet {
	if len(crops) == 0 || crops[0].confidence < sure {
		return sheet{obstacle: notSure(crops)}
	}
	best := crops[0]
	for _, other := range crops[1:] {
		if best.rivals(other) && !best.agrees(other) {
			return sheet{obstacle: hindered(ReasonLost, "not sure: two lists may be the column's, %q with %s and %q with %s",
				best.recipe.List, best.shown(), other.recipe.List, other.shown())}
		}
	}
	return sheet{rows: best.rows, more: best.more, shape: best.shape, method: methodInduced, found: best.proposal()}
}

// notSure says why no list is believed.
func notSure(crops []crop) *obstacle {
	if len(crops) == 0 || crops[0].confidence < 0.3 {
		return hindered(ReasonLost, "no list was found on the page")
	}
	return hindered(ReasonLost, "not sure: the likeliest list, %q, has a confidence of %.2f, and %.2f is needed", crops[0].recipe.List, crops[0].confidence, sure)
}

// rivals reports whether another list of the page may be the column's as well.
func (c crop) rivals(o crop) bool {
	return c.confidence-o.confidence < margin
}

// agrees reports whether two lists say the same of the newest date: one then
// repeats the other, or it does not matter which is meant.
func (c crop) agrees(o crop) bool {
	return c.dated == o.dated && c.newest().Day().Equal(o.newest().Day())
}

func (c crop) newest() Date {
	var best Date
	for _, r := range c.rows {
		if r.dated() && r.item.Date.Time.After(best.Time) {
			best = r.item.Date
		}
	}
	return best
}

// shown says in a word what a list shows.
func (c crop) shown() string {
	if d := c.newest(); !d.IsZero() {
		return d.Time.Format("2006-01-02")
	}
	return "no date"
}

// proposal writes the crop down for a person.
func (c crop) proposal() *Proposal {
	p := &Proposal{Recipe: c.recipe, Confidence: c.confidence, Why: c.stand.String()}
	rows := slices.Clone(c.rows)
	slices.SortStableFunc(rows, func(a, b row) int { return b.item.Date.Time.Compare(a.item.Date.Time) })
	for _, r := range rows[:min(len(rows), 5)] {
		p.Items = append(p.Items, r.item)
	}
	return p
}

// String says what speaks for a list.
func (s stand) String() string {
	var why []string
	if s.heading == headColumn {
		why = append(why, "the column's name stands above it")
	}
	if s.pager {
		why = append(why, "links to further pages stand below it")
	}
	if s.prefix >= 0.5 {
		why = append(why, "its links lead below the page's own folder")
	}
	if s.share >= 0.5 {
		why = append(why, fmt.Sprintf("it holds %.0f%% of the dated text", 100*s.share))
	}
	if len(why) == 0 {
		return "it is the likeliest list of the page"
	}
	return strings.Join(why, "; ")
}

// A candidate is a cluster before it is read.
type candidate struct {
	cl    *cluster
	rows  []*html.Node
	stand stand
}

// most is the confidence that a candidate can reach at best.
func (a candidate) most() float64 {
	if len(a.cl.rows) == 0 {
		return a.stand.points() + bareWeight
	}
	return a.stand.points() + maxDateWeight
}

// plainList reports whether a candidate is a list without dates whose articles
// lie below the page's own folder.
func (a candidate) plainList() bool {
	return len(a.cl.rows) == 0 && a.stand.prefix > 0.5 && a.stand.deep > 0.5 && a.stand.aside < 2 && a.stand.titles >= longTitles && a.stand.heading < headForeign
}

// weighPlain holds dated lists against lists without dates.
func weighPlain(all []candidate) {
	titles := make(map[string]bool)
	plain := false
	for _, a := range all {
		if a.plainList() {
			plain = true
			for _, n := range a.rows {
				titles[headOf(titleOf(linkOf(n)), cutRunes)] = true
			}
		}
	}
	for i, a := range all {
		if !plain || len(a.cl.rows) == 0 {
			continue
		}
		shared := 0
		for _, n := range a.rows {
			if titles[headOf(titleOf(linkOf(n)), cutRunes)] {
				shared++
			}
		}
		all[i].stand.repeats = 2*shared > len(a.rows)
		all[i].stand.beside = a.stand.prefix < 0.5
	}
}

// candidates lists the clusters of a page that may be a list, the likeliest
// first.
func (r *reader) candidates(d *document) ([]candidate, *scene) {
	c := takeCensus(d)
	s := newScene(d, c, r.task.Column)
	var parts []*cluster
	for _, cl := range c.order {
		cl.grow()
		parts = append(parts, s.split(cl)...)
	}
	c.order = parts
	paged := c.paged()
	var all []candidate
	for _, cl := range c.order {
		rows := cl.rows
		if len(rows) == 0 {
			if rows = cl.bare; len(rows) < leastBare {
				continue
			}
		}
		st := s.stand(cl, rows)
		st.pager = cl == paged && (st.heading < headForeign || within(c.pagers[len(c.pagers)-1], st.box))
		all = append(all, candidate{cl, rows, st})
	}
	weighPlain(all)
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.most(), a.most()) })
	return all, s
}

// crops reads the likeliest clusters of a page, the most certain first. What
// cannot come near the best any more is not read.
func (r *reader) crops(d *document, every bool) []crop {
	var out []crop
	best := 0.0
	all, s := r.candidates(d)
	for _, a := range all {
		most := a.most()
		hopeless := most < best-margin || len(out) == maxCrops
		if most < 0.3 || hopeless && !every || every && len(a.cl.rows) == 0 {
			continue
		}
		if got, ok := r.crop(d, a); ok {
			out = append(out, got)
			best = max(best, got.confidence)
		}
	}
	slices.SortStableFunc(out, func(a, b crop) int { return cmp.Compare(b.confidence, a.confidence) })
	if len(out) > 0 && !every {
		out[0] = r.crown(d, out[0], all, s)
		if out[0].dated && s.hidesNewer(out[0]) {
			out[0].block, out[0].confidence = true, min(out[0].confidence, sure-0.05)
		}
	}
	return out
}

// crop reads one cluster by the recipe composed of it.
func (r *reader) crop(d *document, a candidate) (crop, bool) {
	raw, ok := a.cl.compose(d, a.rows)
	if !ok {
		return crop{}, false
	}
	c, err := compile(raw)
	if err != nil {
		return crop{}, false
	}
	h := c.harvest(d)
	if len(h.rows) == 0 {
		return crop{}, false
	}
	out := crop{recipe: raw, rows: h.rows, more: h.more, shape: h.shape, stand: a.stand}
	out.dated = anyDated(h.rows) && undated(h.rows) == nil
	out.confidence = a.stand.points() + dateWeight(h.rows, len(a.cl.rows) > 0)
	out.nodes = a.rows
	if out.block = a.stand.block() || a.cl.event != "" || mostAhead(h.rows); out.block {
		out.confidence = min(out.confidence, sure-0.05)
	}
	out.confidence = math.Round(100*max(0, min(out.confidence, 1))) / 100
	return out, true
}

// mostAhead reports whether as many rows lie in the future as do not: what they
// show is when something is to happen.
func mostAhead(rows []row) bool {
	ahead := 0
	for _, r := range rows {
		if r.ahead > 1 {
			ahead++
		}
	}
	return 2*ahead > len(rows)
}

// What dates may add to a stand, and what a list without any gets.
const (
	maxDateWeight = 0.24
	bareWeight    = -0.1
)

// dateWeight is what the dates of a list speak for it.
func dateWeight(rows []row, expected bool) float64 {
	dated, ahead, ups, downs := 0, 0, 0, 0
	var last Date
	for _, r := range rows {
		if r.ahead > 0 {
			ahead++
		}
		if !r.dated() {
			continue
		}
		if dated++; dated > 1 {
			switch r.item.Date.Day().Compare(last.Day()) {
			case 1:
				ups++
			case -1:
				downs++
			}
		}
		last = r.item.Date
	}
	w := 0.0
	switch share := float64(dated) / float64(len(rows)); {
	case dated == 0 && expected:
		return -0.3
	case dated == 0:
		return bareWeight
	default:
		w += 0.16 * share
	}
	if ups == 0 && downs > 0 || downs > 4*ups {
		w += 0.08
	}
	if len(rows) < 3 {
		w -= 0.06 * float64(3-len(rows))
	}
	return w - 0.2*float64(ahead)/float64(len(rows))
}

// isHome reports whether a page is a home page, whose newest item stands in any
// of its lists.
func (r *reader) isHome(d *document) bool {
	u, err := url.Parse(d.page.URL)
	if err != nil || r.task.Column != "" {
		return false
	}
	return place(u) == place(&url.URL{Scheme: u.Scheme, Host: u.Host})
}

// induceHome reads every dated list of a home page as one.
func (r *reader) induceHome(crops []crop) sheet {
	out := sheet{method: methodInduced}
	var items []string
	confidence := 0.0
	for _, c := range crops {
		if !c.dated || len(c.rows) < 2 || c.stand.aside > 1 && c.confidence < sure {
			continue
		}
		out.rows = append(out.rows, c.rows...)
		out.more = out.more || c.more
		items = append(items, c.recipe.selector())
		confidence = max(confidence, c.confidence)
	}
	if len(items) == 0 {
		return sheet{obstacle: notSure(crops)}
	}
	out.rows = unseenRows(out.rows, make(map[string]bool))
	out.found = crop{recipe: Recipe{Item: strings.Join(items, ", ")}, rows: out.rows, confidence: confidence}.proposal()
	return out
}
