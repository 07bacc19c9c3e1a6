package extract

import (
	"cmp"
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

// methodInduced is the method of a reading that no recipe was given for.
const methodInduced = "induced"

// induce finds the list of a page from the page alone, or says that the page is
// an article. Neither is guessed: not sure is lost.
func (r *reader) induce(d *document) sheet {
	if r.isHome(d) {
		return r.induceHome(r.crops(d, true))
	}
	crops := r.crops(d, false)
	s := r.likeliest(crops)
	least, loose := sureArticle, false
	if s.obstacle == nil && s.found.Confidence >= beyondArticle && undated(s.rows) == nil {
		addressed := d.articleAddress() && !d.listAddress()
		if !addressed && !d.titled() {
			return s
		}
		best := crops[0].stand
		if loose = addressed && !best.pager && best.heading != headColumn; !loose {
			least = plainArticle
		}
	}
	article, ok := r.articleFrom(d, least)
	switch {
	case !ok && loose && readArticle(d).prose() >= muchProse:
		return sheet{single: true, obstacle: hindered(ReasonLost, "not sure: the page has the address and the text of an article, and a list beside it")}
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

// muchProse is more running text than stands above a list, in runes.
const muchProse = 150

// titled reports whether the page's title may be that of an article: the part
// that is not the site's is longer than the names of columns are.
func (d *document) titled() bool {
	parts := titleParts.Split(d.title(), -1)
	own := parts[0]
	if siteWords.MatchString(own) {
		own = parts[len(parts)-1]
	}
	return utf8.RuneCountInString(letters(own)) >= longTitle && !siteWords.MatchString(own)
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
	// A list that nothing ties to the column may stand beside a blank one.
	stray := r.task.Column != "" && best.stand.heading != headColumn && !best.stand.pager && best.stand.prefix < 0.5
	return sheet{rows: best.rows, more: best.more || stray, shape: best.shape, method: methodInduced, found: best.proposal()}
}

// notSure says why no list is believed.
func notSure(crops []crop) *obstacle {
	if len(crops) == 0 || crops[0].confidence < 0.3 {
		return hindered(ReasonLost, "no list was found on the page")
	}
	return hindered(ReasonLost, "not sure: the likeliest list, %q, has a confidence of %.2f, and %.2f is needed", crops[0].recipe.List, crops[0].confidence, sure)
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
	near := false
	for _, cl := range c.order {
		rows := cl.rows
		if len(rows) == 0 {
			if rows = cl.bare; len(rows) < 2 {
				continue
			}
		}
		st := s.stand(cl, rows)
		near = near || st.near()
		if len(cl.rows) == 0 && len(rows) < leastBare {
			continue
		}
		st.pager = cl == paged && (st.heading < headForeign || within(c.pagers[len(c.pagers)-1], st.box))
		all = append(all, candidate{cl, rows, st})
	}
	s.weighNear(all, near)
	weighPlain(all)
	weighShared(all)
	if saysNothing(d.root) {
		for i := range all {
			all[i].stand.beside = all[i].stand.beside || all[i].stand.prefix < 0.5
		}
	}
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
