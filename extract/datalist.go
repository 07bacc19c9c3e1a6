package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
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
// that can be told from others; the confidence says how sure the reading is.
func (r *reader) dataSheet(p Page) (s sheet, made Recipe, confidence float64, ok bool) {
	text, encoding, o := decode(p)
	if o != nil {
		return sheet{}, Recipe{}, 0, false
	}
	d := &document{page: p, text: text, root: element(0, ""), base: baseURL(p.URL), charset: encoding}
	if d.base == nil || !d.hold(text) {
		return sheet{}, Recipe{}, 0, false
	}
	found, ok := r.oneList(d)
	if !ok {
		return sheet{}, Recipe{}, 0, false
	}
	s = sheet{doc: d, charset: encoding, rows: found.rows, more: len(found.rows) == MaxItems}
	return s, found.recipe, found.confidence, true
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
		s.rows, s.more, s.method = found.rows, len(found.rows) == MaxItems, "induced"
	}
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

// sayable reports whether a name can stand in a path of a recipe.
func sayable(name string) bool {
	p, err := parsePath(name)
	return err == nil && len(p) == 1 && p[0] == name
}

// A member is one value that rows have: its path, and its texts row by row.
type member struct {
	path  string
	name  string // the last of the path, in lower case
	texts []string
}

// members gathers what the rows of a list have in common.
func members(items []*datum) []member {
	var out []member
	sample := items[:min(len(items), 40)]
	sample[0].scalars(nil, 3, func(p trail) {
		m := member{path: strings.Join(p, "."), name: strings.ToLower(p[len(p)-1])}
		filled := 0
		for _, it := range sample {
			v := p.value(it)
			m.texts = append(m.texts, cut(v, maxTextNode))
			if v != "" {
				filled++
			}
		}
		if filled*5 >= len(sample)*4 && len(out) < 80 {
			out = append(out, m)
		}
	})
	return out
}

// scalars calls visit for the path of every scalar in an object.
func (d *datum) scalars(at trail, depth int, visit func(trail)) {
	seen := map[string]bool{}
	for i := range d.kids {
		k := &d.kids[i]
		if seen[k.name] || !sayable(k.name) || len(seen) > 100 {
			continue
		}
		seen[k.name] = true
		p := append(slices.Clone(at), k.name)
		if k.form == scalar || k.form == object && len(k.kids) == 0 {
			visit(p)
		} else if k.form == object && depth > 1 {
			k.scalars(p, depth-1, visit)
		}
	}
}

// Names of members, the best first. A day of publication beats one of creation,
// which beats one of a change; other days are never the day of an item.
var (
	dataTitles = []*regexp.Regexp{
		regexp.MustCompile(`^(?:show_?title|title|doc_?title|gk_?doctitle|article_?title|info_?title|news_?title|title_?name|headline|biaoti|bt)$`),
		regexp.MustCompile(`^(?:name|subject|topic|caption|text|mc|\w*_?title|\w*title\w*)$`),
	}
	dataLinks = []*regexp.Regexp{
		regexp.MustCompile(`^(?:url|link|href|doc_?pub_?url|pub_?url|link_?url|article_?url|info_?url|detail_?url|page_?url|html_?url|news_?url|web_?url|visit_?url|file_?url|linkto)$`),
		regexp.MustCompile(`(?:url|link|href|path)`),
	}
	dataDays = []*regexp.Regexp{
		regexp.MustCompile(`^(?:pub_?date|publish(?:ed)?_?(?:date|time)?(?:str|_str|_?string)?|doc_?rel_?time|doc_?pub_?time|release_?(?:date|time)|show_?(?:date|time)|display_?(?:date|time)|info_?date|pub_?time|publish_?date_?time|fbsj|fbrq|first_?publish(?:ed)?_?time)$`),
		regexp.MustCompile(`^(?:date|time|day|news_?(?:date|time)|article_?(?:date|time)|send_?(?:date|time)|add_?(?:date|time)|input_?(?:date|time)|post_?(?:date|time)|rq|sj|\w*publish\w*|\w*pub_?(?:date|time)\w*)$`),
		regexp.MustCompile(`creat|crtime|cjsj|write`),
		regexp.MustCompile(`date|time`),
		regexp.MustCompile(`updat|modif|oper|chang|edit|last`),
	}
	otherDays = regexp.MustCompile(`expire|expiry|deadline|end_?(?:date|time)|start_?(?:date|time)|begin_?(?:date|time)|valid|effect|invalid|abolish|birth|apply|exam|hold|meeting|sign_?(?:date|time)|cwrq|jzrq|write_?time|issue_?by|top_?time|order`)
)

// rankIn returns the place of a name in a list of names, len(list) if it is not
// there.
func rankIn(list []*regexp.Regexp, name string) int {
	for i, re := range list {
		if re.MatchString(name) {
			return i
		}
	}
	return len(list)
}

// dateRank is the rank of a name of a date. A change is one, whatever else the
// name says.
func dateRank(name string) int {
	const change = 4
	if rankIn(dataDays[:2], name) > 1 && dataDays[change].MatchString(name) {
		return change
	}
	return rankIn(dataDays, name)
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

// pick returns the member with the best name whose values have the shape.
func pick(all []member, names []*regexp.Regexp, shape func([]string) bool) (best member, rank int, ok bool) {
	rank = len(names) + 1
	for _, m := range all {
		if got := rankIn(names, m.name); got < rank && shape(m.texts) {
			best, rank, ok = m, got, true
		}
	}
	return best, rank, ok
}

// isTitle reports whether texts are titles: words, most of them different.
func isTitle(texts []string) bool {
	words, different := 0, map[string]bool{}
	for _, t := range texts {
		different[t] = true
		if plain := []rune(plainText(t)); len(plain) >= 4 && strings.ContainsFunc(string(plain), ideograph) {
			words++
		}
	}
	return words*5 >= len(texts)*4 && (len(different)*2 > len(texts) || len(texts) < 3)
}

func ideograph(r rune) bool { return r >= 0x3400 && r <= 0x9fff }

var linkShape = regexp.MustCompile(`^(?:https?://|//|\.{0,2}/)\S+$|^[^\s:]+\.(?:s?html?|jhtml|jsp|aspx?|php|do)(?:[?#]\S*)?$`)

// isLink reports whether texts are addresses, most of them different.
func isLink(texts []string) bool {
	links, different := 0, map[string]bool{}
	for _, t := range texts {
		different[t] = true
		if linkShape.MatchString(t) {
			links++
		}
	}
	return links*5 >= len(texts)*4 && (len(different)*2 > len(texts) || len(texts) < 3)
}

// pickDate returns the member that is the day of the items. Two of one rank that
// disagree leave a doubt.
func (r *reader) pickDate(d *document, all []member) (best member, rank int, doubt, ok bool) {
	rank = len(dataDays) + 1
	var days time.Time
	for _, m := range all {
		if otherDays.MatchString(m.name) {
			continue
		}
		newest, dated := r.daysOf(d, m.texts)
		if !dated {
			continue
		}
		switch got := dateRank(m.name); {
		case got > len(dataDays)-1:
			continue // a number may be anything
		case got < rank:
			best, rank, doubt, days, ok = m, got, false, newest, true
		case got == rank && !newest.Equal(days):
			doubt = true
		}
	}
	return best, rank, doubt, ok
}

// daysOf returns the newest day of texts, four in five of which must be dates.
func (r *reader) daysOf(d *document, texts []string) (newest time.Time, ok bool) {
	k := clues{seen: d.page.seen()}
	count := 0
	for _, t := range texts {
		chosen, ok, _ := settle(k.find(t, named))
		if !ok || chosen.date.IsZero() && !chosen.early {
			continue
		}
		count++
		if day := chosen.date.Day(); day.After(newest) {
			newest = day
		}
	}
	return newest, len(texts) > 0 && count*5 >= len(texts)*4
}

// why says in one line what speaks for a list.
func (l dataList) why() string {
	return fmt.Sprintf("%d rows at %q with titles at %q and dates at %q", len(l.rows), l.recipe.List, l.recipe.Title, l.recipe.Date)
}
