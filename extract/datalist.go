package extract

import (
	"fmt"
	"slices"
	"strings"
)

// A dataList is a list that was found in JSON or XML without a recipe, with the
// recipe that reads it.
type dataList struct {
	recipe     Recipe
	rows       []row
	confidence float64
}

// sureOfData is the confidence from which on a list that was found in data is
// read.
const sureOfData = 0.7

// dataSheet reads an answer in JSON or XML that nobody has written a recipe for:
// its one list of objects with titles and dates. Ok is false where it holds none
// that can be told from others.
func (r *reader) dataSheet(p Page) (s sheet, found dataList, ok bool) {
	text, encoding, o := decode(p)
	if o != nil {
		return sheet{}, dataList{}, false
	}
	d := dataDocument(p, text, encoding)
	if d.base == nil || !d.hold(text) {
		return sheet{}, dataList{}, false
	}
	if found, ok = r.oneList(d); !ok {
		return sheet{}, dataList{}, false
	}
	return sheet{doc: d, charset: encoding}.of(found), found, true
}

// dataInstead reads what is no page, where nobody has said what it is: a list in
// JSON or XML that the reader is sure of. Else the obstacle stands.
func (r *reader) dataInstead(p Page, o *obstacle) sheet {
	if !r.unguided() || r.recipe.source == SourceHTML && r.recipe.raw.Source != "" {
		return sheet{obstacle: o}
	}
	s, found, ok := r.dataSheet(p)
	if !ok || found.confidence < sureOfData {
		return sheet{obstacle: o}
	}
	return s
}

// proposal writes a list down for a person.
func (l dataList) proposal() *Proposal {
	return &Proposal{Recipe: l.recipe, Confidence: l.confidence, Why: l.why(), Items: newestItems(l.rows)}
}

// hold gives a document its data by what the text looks like.
func (d *document) hold(text []byte) bool {
	source := SourceJSON
	data, err := parseJSON(text)
	if err != nil {
		source = SourceXML
		if data, err = parseXML(text); err != nil || strings.EqualFold(data.name, "html") {
			return false
		}
	}
	d.data, d.from = data, &Recipe{Source: source}
	return true
}

// findRows reads an answer whose recipe says no more than its kind.
func (r *reader) findRows(s sheet) sheet {
	s.doc.from = &Recipe{Source: r.recipe.source}
	found, ok := r.oneList(s.doc)
	switch {
	case !ok:
		s.obstacle = hindered(ReasonLost, "the answer holds no list that can be told from others; name list, title and date in the recipe")
		if bad := failed(s.doc.data); bad != "" {
			s.obstacle.detail += "; it says " + bad
		}
	case found.confidence < sureOfData:
		s.obstacle = hindered(ReasonLost, "not sure of the list at %q, %.2f; name list, title and date in the recipe", found.recipe.List, found.confidence)
	default:
		found.recipe.Data = r.recipe.raw.Data
		s = s.of(found)
	}
	return s
}

// of is the sheet with the rows of a list that was found.
func (s sheet) of(l dataList) sheet {
	s.rows, s.more, s.method, s.found = l.rows, len(l.rows) == MaxItems, methodInduced, l.proposal()
	s.shape = string(l.recipe.Source) + ": " + l.recipe.List
	return s
}

// oneList returns the best list of an answer. Another that could be meant as
// well, and says another day, makes it less sure.
func (r *reader) oneList(d *document) (dataList, bool) {
	all := r.jsonLists(d)
	if len(all) == 0 {
		return dataList{}, false
	}
	best := all[0]
	for _, other := range all[1:] {
		near := best.confidence-other.confidence < 0.15 && 4*len(other.rows) >= len(best.rows)
		if near && !newestOf(other.rows).Day().Equal(newestOf(best.rows).Day()) {
			best.confidence -= 0.4
			break
		}
	}
	return best, best.confidence > 0
}

// newestOf is the greatest date among rows.
func newestOf(rows []row) Date {
	var d Date
	for _, r := range rows {
		if r.dated() && r.item.Date.Time.After(d.Time) {
			d = r.item.Date
		}
	}
	return d
}

// jsonLists finds the lists in an answer, those it is surest of first.
func (r *reader) jsonLists(d *document) []dataList {
	var out []dataList
	d.data.lists(nil, 5, func(p trail, items []*datum) {
		if list, ok := r.listOf(d, p, items); ok && len(out) < 50 {
			out = append(out, list)
		}
	})
	slices.SortStableFunc(out, func(a, b dataList) int {
		wa, wb := a.confidence*float64(min(len(a.rows), 10)), b.confidence*float64(min(len(b.rows), 10))
		switch {
		case wa > wb:
			return -1
		case wa < wb:
			return 1
		}
		return len(b.rows) - len(a.rows)
	})
	return out
}

// lists calls visit for every array of objects, and for every set of elements of
// one name, outside of arrays.
func (d *datum) lists(at trail, depth int, visit func(trail, []*datum)) {
	if d.form == array {
		if items, _ := itemsOf([]*datum{d}); len(items) > 0 && items[0].form == object {
			if len(at) == 0 {
				at = trail{"."}
			}
			visit(at, items)
		}
		return
	}
	if depth == 0 {
		return
	}
	groups := map[string][]*datum{}
	var order []string
	for i := range d.kids {
		k := &d.kids[i]
		if groups[k.name] == nil {
			order = append(order, k.name)
		}
		groups[k.name] = append(groups[k.name], k)
	}
	for _, name := range order[:min(len(order), 200)] {
		if !sayable(name) {
			continue
		}
		p := append(slices.Clone(at), name)
		if group := groups[name]; len(group) > 1 && group[0].form == object {
			visit(p, group)
		} else {
			group[0].lists(p, depth-1, visit)
		}
	}
}

// listOf reads the rows of one list, if they have titles and dates.
func (r *reader) listOf(d *document, at trail, items []*datum) (dataList, bool) {
	all := members(items)
	titled, titleRank, ok := pick(all, dataTitles, isTitle)
	if !ok {
		return dataList{}, false
	}
	dated, dateRank, doubt, ok := r.pickDate(d, all)
	if !ok {
		return dataList{}, false
	}
	linked, linkRank, hasLink := pick(all, dataLinks, isLink)
	recipe := Recipe{Source: d.from.Source, List: strings.Join(at, "."), Title: titled.path, Date: dated.path}
	if hasLink {
		recipe.Link = linked.path
	}
	c, err := compile(recipe)
	if err != nil {
		return dataList{}, false
	}
	list := dataList{recipe: recipe, confidence: 0.97}
	list.rows, _ = r.rowsOf(d, *c.rows, items)
	list.confidence -= []float64{0, 0.05, 0.3}[titleRank] + []float64{0, 0.05, 0.12, 0.2, 0.35, 0.35}[dateRank]
	if hasLink {
		list.confidence -= []float64{0, 0.05, 0.1}[linkRank]
	} else {
		list.confidence -= 0.15
	}
	if doubt {
		list.confidence -= 0.3
	}
	if n := len(list.rows); n < 3 {
		list.confidence -= 0.2
	}
	return list, undated(list.rows) == nil && len(list.rows) > 0
}

// why says in one line what speaks for a list.
func (l dataList) why() string {
	return fmt.Sprintf("%d rows at %q with titles at %q and dates at %q", len(l.rows), l.recipe.List, l.recipe.Title, l.recipe.Date)
}
