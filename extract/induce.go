package extract

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

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
	if s.obstacle == nil && s.found.Confidence >= beyondArticle && undated(s.rows) == nil {
		return s
	}
	article, ok := r.articleSheet(d)
	switch {
	case !ok:
		return s
	case r.task.Column != "":
		return sheet{obstacle: hindered(ReasonLost, "the page is an article, %q, and no list", cut(article.Items[0].Title, 60))}
	}
	return sheet{article: &article}
}

// beyondArticle is the confidence of a list that is no block beside an article.
const beyondArticle = 0.85

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
	if s.heading > 0 {
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

// candidates lists the clusters of a page that may be a list, the likeliest
// first.
func (r *reader) candidates(d *document) []candidate {
	c := takeCensus(d)
	s := newScene(d, c, r.task.Column)
	paged := c.paged()
	var all []candidate
	for _, cl := range c.order {
		cl.grow()
		rows := cl.rows
		if len(rows) == 0 {
			if rows = cl.bare; len(rows) < 4 {
				continue
			}
		}
		st := s.stand(cl, rows)
		st.pager = cl == paged
		all = append(all, candidate{cl, rows, st})
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.most(), a.most()) })
	return all
}

// crops reads the likeliest clusters of a page, the most certain first. What
// cannot come near the best any more is not read.
func (r *reader) crops(d *document, every bool) []crop {
	var out []crop
	best := 0.0
	for _, a := range r.candidates(d) {
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
	if a.stand.block() {
		out.confidence = min(out.confidence, sure-0.05)
	}
	out.confidence = max(0, min(out.confidence, 1))
	return out, true
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
		items = append(items, strings.TrimSpace(c.recipe.List+" > "+c.recipe.Item))
		confidence = max(confidence, c.confidence)
	}
	if len(items) == 0 {
		return sheet{obstacle: notSure(crops)}
	}
	out.rows = unseenRows(out.rows, make(map[string]bool))
	out.found = crop{recipe: Recipe{Item: strings.Join(items, ", ")}, rows: out.rows, confidence: confidence}.proposal()
	return out
}
