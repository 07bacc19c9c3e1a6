package extract

import (
	"errors"
	"math"
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Pointing is what a person pointed at on the copy of a page, by the numbers of
// its elements: see [CopyOf]. One row is enough; the rest is 0 where the reader is
// to find it.
type Pointing struct {
	// Rows are elements of rows, or in them. The first decides; further ones must
	// belong to the same list.
	Rows []int `json:"rows"`

	// Title and Date are elements of one row that show its title and its date.
	Title int `json:"title,omitempty"`
	Date  int `json:"date,omitempty"`
}

// Why [Point] makes no recipe.
var (
	ErrNotMarkup = errors.New("the page is no HTML with elements to point at")
	ErrNowhere   = errors.New("no such element on the page")
	ErrNoLink    = errors.New("nothing there, or around it, is a row with a link")
	ErrApart     = errors.New("what was pointed at does not belong to one row of one list")
	ErrUnnamed   = errors.New("no selector tells these rows from the rest of the page")
)

// Point makes a recipe of what a person pointed at: from one row it goes to all of
// its list, from one title to the titles of all rows, from one date to their
// dates. The proposal says what the recipe reads on this page and how sure the
// reader would be of it; nothing is held against earlier looks.
//
// The recipe says by itself whatever base says, the profile that its column
// inherits from, so that nothing of base remains in force unseen.
func Point(t Task, p Page, at Pointing, base Recipe) (*Proposal, error) {
	d, o := parse(p)
	if o != nil || d.data != nil {
		return nil, ErrNotMarkup
	}
	q := pointer{d: d, base: base}
	if err := q.find(at); err != nil {
		return nil, err
	}
	r := &reader{task: t}
	all, s := r.candidates(d)
	list, ok := q.listed(all, s)
	if !ok {
		return nil, ErrNoLink
	}
	return q.recipe(list, s)
}

// maxPointed bounds the rows that are pointed at.
const maxPointed = 20

// A pointer is what was pointed at, as elements.
type pointer struct {
	d           *document
	base        Recipe
	rows        []*html.Node
	title, date *html.Node
}

// find looks the elements up.
func (q *pointer) find(at Pointing) error {
	if len(at.Rows) > maxPointed {
		return ErrNowhere
	}
	wanted := map[int][]**html.Node{}
	q.rows = make([]*html.Node, len(at.Rows))
	for i, n := range at.Rows {
		wanted[n] = append(wanted[n], &q.rows[i])
	}
	if at.Title != 0 {
		wanted[at.Title] = append(wanted[at.Title], &q.title)
	}
	if at.Date != 0 {
		wanted[at.Date] = append(wanted[at.Date], &q.date)
	}
	n, left := 0, len(wanted)
	for node := range q.d.root.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		n++
		for _, to := range wanted[n] {
			*to = node
		}
		if len(wanted[n]) > 0 {
			left--
		}
	}
	if len(at.Rows) == 0 && q.title != nil {
		q.rows = []*html.Node{q.title}
	}
	if left > 0 || len(q.rows) == 0 {
		return ErrNowhere
	}
	return nil
}

// A pointed is rows of one kind, and which of them was pointed at.
type pointed struct {
	cl   *cluster
	rows []*html.Node
	own  *html.Node // the row that was pointed at
}

// listed finds the list that the rows belong to: one that the census of the page
// knows, with dates before without, else whatever repeats around the element.
func (q *pointer) listed(all []candidate, s *scene) (pointed, bool) {
	best, size := pointed{}, math.MaxInt
	for _, a := range all {
		for _, row := range a.rows {
			if !within(q.rows[0], row) {
				continue
			}
			weight := len(textOf(row)) + 1
			if len(a.cl.rows) == 0 {
				weight += maxRowText // rows without dates are the second choice
			}
			if weight < size && q.inOne(a.rows) {
				best, size = pointed{a.cl, a.rows, row}, weight
			}
		}
	}
	if best.own == nil {
		best = q.boxed(all)
	}
	if best.own == nil {
		best = q.repeated()
	}
	if best.own == nil {
		return pointed{}, false
	}
	return q.widened(best), true
}

// inOne reports whether all rows that were pointed at are rows of one list.
func (q *pointer) inOne(rows []*html.Node) bool {
	return !slices.ContainsFunc(q.rows, func(n *html.Node) bool { return rowHolding(rows, n) == nil })
}

// rowHolding is the row that holds an element, nil if none does.
func rowHolding(rows []*html.Node, n *html.Node) *html.Node {
	for _, row := range rows {
		if within(n, row) {
			return row
		}
	}
	return nil
}

// boxed takes an element around a whole list for the list: of several in it the
// one with the most rows, the first of which stands for what was pointed at.
func (q *pointer) boxed(all []candidate) (best pointed) {
	for _, a := range all {
		var held []*html.Node
		for _, row := range a.rows {
			if within(row, q.rows[0]) {
				held = append(held, row)
			}
		}
		if len(held) == len(a.rows) && len(held) > len(best.rows) && len(held) > 1 {
			best = pointed{a.cl, a.rows, held[0]}
		}
	}
	return best
}

// repeated finds rows by nothing but their place: the smallest element around what
// was pointed at that holds a link and has others like it, else the smallest that
// may be the one row of its list.
func (q *pointer) repeated() (best pointed) {
	places := placesOf(q.d.root)
	for n := q.rows[0]; n != nil && n.DataAtom != atom.Body && n.DataAtom != atom.Html; n = n.Parent {
		if !hasLink(n) {
			continue
		}
		var like []*html.Node
		for _, other := range places[placeKey(n)] {
			if hasLink(other) {
				like = append(like, other)
			}
		}
		if len(like) > 1 && q.inOne(like) {
			return pointed{&cluster{tag: n.DataAtom, bare: like}, like, n}
		}
		if best.own == nil && (rowOf(n) || n.DataAtom == atom.Div || n.DataAtom == atom.P) && q.inOne([]*html.Node{n}) {
			one := []*html.Node{n}
			best = pointed{&cluster{tag: n.DataAtom, bare: one}, one, n}
		}
	}
	return best
}

// placesOf gathers the elements of a page by their places.
func placesOf(root *html.Node) map[uint64][]*html.Node {
	all := map[uint64][]*html.Node{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			key := placeKey(n)
			all[key] = append(all[key], n)
		}
	}
	return all
}

// placeKey is an element's tag and those of what it stands in, up to what bears an
// id or a class, and not far.
func placeKey(n *html.Node) uint64 {
	h := uint64(n.DataAtom)
	for up, i := n.Parent, 0; up != nil && up.Type == html.ElementNode && i < maxRungs; up, i = up.Parent, i+1 {
		h = rung(h, up)
		if attr(up, "id") != "" || attr(up, "class") != "" {
			break
		}
	}
	return h
}

// widened makes the rows large enough to hold the title and the date that were
// pointed at, as long as each still holds one row.
func (q *pointer) widened(p pointed) pointed {
	for _, n := range []*html.Node{q.title, q.date} {
		if n == nil || rowHolding(p.rows, n) != nil {
			continue
		}
		up := p.own
		for up != nil && !within(n, up) {
			up = up.Parent
		}
		if up == nil || up.DataAtom == atom.Body || up.DataAtom == atom.Html {
			continue
		}
		if rows, ok := raised(p.rows, p.own, up); ok {
			p = pointed{&cluster{tag: up.DataAtom, bare: rows}, rows, up}
		}
	}
	return p
}

// raised takes, in place of each row, the element as far above it as top is above
// own; ok is false where two rows come together in one.
func raised(rows []*html.Node, own, top *html.Node) (up []*html.Node, ok bool) {
	steps := 0
	for n := own; n != top; n = n.Parent {
		steps++
	}
	for _, row := range rows {
		n := row
		for range steps {
			if n = n.Parent; n == nil {
				return nil, false
			}
		}
		if n.DataAtom != top.DataAtom || len(up) > 0 && up[len(up)-1] == n {
			continue
		}
		up = append(up, n)
	}
	return up, len(up) > 0 && (len(up) == len(rows) || len(up) > 1) && len(slices.Compact(slices.Clone(up))) == len(up) && rowHolding(up, own) == top &&
		len(up)*2 > len(rows)
}

// recipe writes the list down.
func (q *pointer) recipe(p pointed, s *scene) (*Proposal, error) {
	raw, ok := p.cl.compose(q.d, p.rows)
	if !ok {
		return nil, ErrUnnamed
	}
	if q.title != nil {
		if err := q.nameTitle(&raw, p); err != nil {
			return nil, err
		}
	}
	if q.date != nil {
		if err := q.nameDate(&raw, p); err != nil {
			return nil, err
		}
	}
	q.overBase(&raw, p)
	c, err := compile(raw)
	if err != nil {
		return nil, ErrUnnamed
	}
	h := c.harvest(q.d)
	if len(h.rows) == 0 {
		return nil, ErrNoLink
	}
	got := crop{recipe: raw, rows: h.rows, stand: s.stand(p.cl, p.rows), confidence: s.sureOf(p, h.rows)}
	return got.proposal(), nil
}

// overBase sets what base sets and the recipe leaves open.
func (q *pointer) overBase(raw *Recipe, p pointed) {
	if raw.Date != "" || q.base.Date == "" {
		return
	}
	raw.Date = wholeRow
	c, err := compile(*raw)
	if err != nil {
		return
	}
	rows := c.harvest(q.d).rows
	for _, w := range q.d.locate(itemsIn(rows)) {
		if w.date == nil || w.row == nil {
			continue
		}
		row := rowHolding(p.rows, w.date)
		if row == nil || row == w.date {
			continue
		}
		if sel, ok := q.field(p.rows, row, w.date, q.dated(*raw)); ok {
			raw.Date = sel
		}
		return
	}
}

// wholeRow is the path of a date that stands anywhere in its row.
const wholeRow = "./self::*"

func itemsIn(rows []row) []Item {
	items := make([]Item, len(rows))
	for i, r := range rows {
		items[i] = r.item
	}
	return items
}

// Suggest lists the recipes that the reader itself would make of a page, the
// likeliest first, whether or not it would believe any of them. As with [Point]
// each says by itself whatever base says.
func Suggest(t Task, p Page, base Recipe) []Proposal {
	d, o := parse(p)
	if o != nil || d.data != nil {
		return nil
	}
	r := &reader{task: t}
	q := pointer{d: d, base: base}
	var all []Proposal
	for _, c := range r.crops(d, false) {
		q.overBase(&c.recipe, pointed{rows: c.nodes})
		all = append(all, *c.proposal())
	}
	return all
}

// Weigh is how sure the reader would be of the list that a recipe finds on a page,
// had it found it by itself; 0 where the recipe finds none.
func Weigh(t Task, p Page, given Recipe) float64 {
	c, err := compile(given)
	d, o := parse(p)
	if err != nil || o != nil || d.data != nil || c.source != SourceHTML {
		return 0
	}
	boxes := []*html.Node{d.root}
	if c.list != nil {
		boxes = c.list.find(d.root)
	}
	nodes := c.items(boxes)
	nodes = c.leaves(nodes[:min(len(nodes), maxNodes)])
	h := c.harvest(d)
	if len(nodes) == 0 || len(h.rows) == 0 {
		return 0
	}
	r := &reader{task: t}
	all, s := r.candidates(d)
	list := pointed{&cluster{tag: nodes[0].DataAtom, bare: nodes}, nodes, nodes[0]}
	if i := slices.IndexFunc(all, func(a candidate) bool { return within(nodes[0], a.rows[0]) || within(a.rows[0], nodes[0]) }); i >= 0 {
		list.cl = all[i].cl
	}
	return s.sureOf(list, h.rows)
}

// sureOf is how sure the reader is of a list that a person chose.
func (s *scene) sureOf(p pointed, rows []row) float64 {
	st := s.stand(p.cl, p.rows)
	st.pager = s.c.paged() == p.cl
	points := st.points() + dateWeight(rows, true)
	if st.block() || mostAhead(rows) {
		points = min(points, blockSure)
	}
	return math.Round(100*max(0, min(points, 1))) / 100
}

// blockSure is the most that the reader believes of a list that stands where no
// column's does.
const blockSure = sure - 0.05
