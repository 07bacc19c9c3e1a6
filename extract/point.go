package extract

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

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

// nameTitle names the element of the title, and its link where it is or holds
// one. The row's first link needs no name.
func (q *pointer) nameTitle(raw *Recipe, p pointed) error {
	row := rowHolding(p.rows, q.title)
	if row == nil {
		return ErrApart
	}
	link := linkAround(q.title, row)
	if link == nil {
		link = firstElement(q.title, atom.A)
	}
	if link != nil && link == linkOf(row) && (q.title == link || len(textOf(q.title)) == len(textOf(link)) || q.title.DataAtom != atom.A && within(link, q.title)) {
		raw.Title, raw.Link = "", ""
		return nil
	}
	target := q.title
	if link != nil && len(textOf(q.title)) == len(textOf(link)) {
		target = link
	}
	sel, ok := q.field(p.rows, row, target, func(f *field, row *html.Node) bool { return f.first(row) != "" })
	if !ok {
		return ErrUnnamed
	}
	raw.Title = sel
	if link == nil || link == linkOf(row) {
		raw.Link = ""
		return nil
	}
	if raw.Link = sel; link != target {
		if raw.Link, ok = q.field(p.rows, row, link, func(f *field, row *html.Node) bool { return len(f.nodes(row)) > 0 }); !ok {
			return ErrUnnamed
		}
	}
	return nil
}

// linkAround is the link of a row that an element is or stands in.
func linkAround(n, row *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.A {
			return n
		}
		if n == row {
			break
		}
	}
	return nil
}

// nameDate names the element of the date: as its text, as the attribute that holds
// it, or with what stands around it where it is but half of the date.
func (q *pointer) nameDate(raw *Recipe, p pointed) error {
	row := rowHolding(p.rows, q.date)
	if row == nil {
		if row, sel := q.neighbour(p); row != nil {
			raw.Date = sel
			return nil
		}
		return ErrApart
	}
	reads := q.dated(*raw)
	for n := q.date; n != nil && n != row && within(n, row); n = n.Parent {
		if sel, ok := q.field(p.rows, row, n, reads); ok {
			raw.Date = sel
			return nil
		}
	}
	if row == q.date || len((clues{seen: q.d.page.seen()}).find(textOf(row), free)) > 0 || likeDate(textOf(q.date)) {
		raw.Date = "" // the row's own text, as where nobody says it
		return nil
	}
	return fmt.Errorf("%w: the element shows no date", ErrUnnamed)
}

// neighbour names a date that stands next to its row and not in it.
func (q *pointer) neighbour(p pointed) (row *html.Node, sel string) {
	for _, r := range p.rows {
		for _, x := range []struct {
			n    *html.Node
			axis string
		}{{nextElement(r), "following"}, {previousElement(r), "preceding"}} {
			if x.n != nil && within(q.date, x.n) && rowHolding(p.rows, x.n) == nil {
				return r, fmt.Sprintf("./%s-sibling::%s[1]", x.axis, x.n.Data)
			}
		}
	}
	return nil, ""
}

// dated reports of a field whether it gives a row a date.
func (q *pointer) dated(raw Recipe) func(*field, *html.Node) bool {
	raw.Date = ""
	c, err := compile(raw)
	k := clues{seen: q.d.page.seen()}
	return func(f *field, row *html.Node) bool {
		if err != nil {
			return false
		}
		c.date = f
		return c.dateOf(c.place(q.d, row, map[*html.Node]bool{row: true}), k).found()
	}
}

// fieldShare is the least share of rows, in percent, in which a field of one row
// must be found to be that of all.
const fieldShare = 50

// field is the plainest selector by which an element is found first in its own
// row, and what holds of it holds in the most rows.
func (q *pointer) field(rows []*html.Node, row, n *html.Node, holds func(*field, *html.Node) bool) (string, bool) {
	best, most := "", 0
	sample := sampleOf(rows, row)
	for _, sel := range q.fieldSelectors(n, row) {
		f, err := parseField(sel)
		if err != nil || len(sel) > maxSelector {
			continue
		}
		if found := f.nodes(row); len(found) == 0 || found[0] != n || !holds(f, row) {
			continue
		}
		count := 0
		for _, r := range sample {
			if len(f.nodes(r)) == 1 && holds(f, r) {
				count += 2
			} else if holds(f, r) {
				count++ // finds more than is meant
			}
		}
		if count > most {
			best, most = sel, count
		}
	}
	return best, most*100 >= fieldShare*len(sample) && best != ""
}

// sampledRows is how many rows a field is tried on.
const sampledRows = 40

func sampleOf(rows []*html.Node, own *html.Node) []*html.Node {
	sample := slices.Clone(rows[:min(len(rows), sampledRows)])
	if !slices.Contains(sample, own) {
		sample = append(sample, own)
	}
	return sample
}

// fieldSelectors are the ways to name an element of a row, the plainest first: by
// class, by name, by place, by the way down to it.
func (q *pointer) fieldSelectors(n, row *html.Node) []string {
	class := common([]*html.Node{n})
	if strings.HasPrefix(class, "#") {
		class = ""
	}
	var plain []string
	if class != "" {
		plain = append(plain, n.Data+class)
	}
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		plain = append(plain, fmt.Sprintf("%s:nth-child(%d)", n.Data, place1(n)))
	} else {
		plain = append(plain, n.Data)
	}
	if n.Parent != row && n.Parent != nil {
		up := n.Parent.Data + cmp.Or(classOnly(n.Parent), fmt.Sprintf(":nth-child(%d)", place1(n.Parent)))
		plain = append(plain, up+" > "+n.Data, up+" > "+fmt.Sprintf("%s:nth-of-type(%d)", n.Data, ofType(n)))
	}
	plain = append(plain, fmt.Sprintf("%s:nth-of-type(%d)", n.Data, ofType(n)), wayDown(n, row))
	if key := dateAttribute(n); key != "" && !likeDate(textOf(n)) {
		if field := attributeField([]*html.Node{n}); field != "" {
			plain = append([]string{field}, plain...)
		}
	}
	return plain
}

func classOnly(n *html.Node) string {
	if class := common([]*html.Node{n}); strings.HasPrefix(class, ".") {
		return class
	}
	return ""
}

// wayDown is the path from a row to an element in it.
func wayDown(n, row *html.Node) string {
	path := ""
	for ; n != nil && n != row; n = n.Parent {
		path = fmt.Sprintf("/%s[%d]", n.Data, ofType(n)) + path
	}
	return "." + path
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
