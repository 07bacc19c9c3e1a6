package extract

import (
	"net/url"
	"slices"
)

// fewLinks is the least number of links a page must show before it can prove
// that a section is not linked there.
const fewLinks = 5

// maxSectionPages bounds the pages of a section's own list, and maxCandidates
// the pages that may be the section.
const (
	maxSectionPages = 10
	maxCandidates   = 3
)

// A view is a page looked at for names.
type view struct {
	url      string
	doc      *document
	labels   []label
	rows     []row
	obstacle *obstacle
}

// section looks for a mandated section on the pages to search and then, on its
// own page, for its parts.
func (r *reader) section() (Reading, []Want) {
	spec := r.task.Section
	if spec == nil || len(r.task.URLs) == 0 {
		return r.unread(hindered(ReasonNotLooked, "the task names no section or no page to search")), nil
	}
	searched := r.views(r.task.URLs, WhySearch)
	if len(r.wants) > 0 {
		return Reading{}, r.wants
	}
	q := r.newQuest(*spec, searched)
	q.enter()
	if len(r.wants) > 0 {
		return Reading{}, r.wants
	}
	return q.conclude(), nil
}

// views looks at pages, all of which are wanted at once.
func (r *reader) views(addresses []string, why Why) []view {
	var out []view
	for _, u := range addresses {
		if v, ok := r.view(u, why); ok {
			out = append(out, v)
		}
	}
	return out
}

// view looks at one page, in its frame or rendered where its links are only
// there; ok is false while a page is awaited.
func (r *reader) view(address string, why Why) (view, bool) {
	p, ok := r.take(Want{URL: address, Why: why})
	if !ok {
		return view{}, false
	}
	v, follow := r.inspect(p)
	if follow != "" {
		inner, ok := r.take(Want{URL: follow, Why: WhyFrame})
		if !ok {
			return view{}, false
		}
		v, _ = r.inspect(inner)
	}
	if o := v.obstacle; o != nil && (o.reason == ReasonScript || o.class == ClassChallenge) && !p.Rendered {
		shown, ok := r.take(Want{URL: address, Why: why, Render: true})
		if !ok {
			return view{}, false
		}
		if shown.Class == "" {
			shown.Rendered = true
			v, _ = r.inspect(shown)
		}
	}
	v.url = address
	return v, true
}

// inspect reads one page for its names, or says what stands in the way and
// where to look instead.
func (r *reader) inspect(p Page) (v view, follow string) {
	if o := r.task.refuse(p); o != nil {
		return view{obstacle: o}, ""
	}
	d, o := parse(p)
	if o != nil {
		return view{obstacle: o}, ""
	}
	look := d.sketch()
	if o := d.unfit(look); o != nil {
		return view{obstacle: o}, ""
	}
	to := d.refresh()
	if to == "" {
		to = d.jump(look)
	}
	if to != "" {
		follow, o := r.task.detour(d, to)
		return view{obstacle: o}, follow
	}
	v = view{doc: d, labels: d.labels(), rows: r.itemsOn(d)}
	v.obstacle, follow = r.bareness(d, look, v)
	return v, follow
}

// itemsOn reads the items of a page of a section: by the recipe, or by what the
// page shows where nobody has written one.
func (r *reader) itemsOn(d *document) []row {
	if r.unguided() {
		return r.induce(d).rows
	}
	return r.recipe.harvest(d).rows
}

// bareness says why a page with next to no links proves nothing.
func (r *reader) bareness(d *document, look sketch, v view) (o *obstacle, follow string) {
	links := 0
	for _, l := range v.labels {
		if l.link {
			links++
		}
	}
	if links >= fewLinks || len(v.rows) > 0 {
		return nil, ""
	}
	if o := d.doubtful(look, 0); o != nil {
		return o, ""
	}
	if to := d.frame(); to != "" {
		return hindered(ReasonLost, "the page is a frame around %s", to), to
	}
	if found := d.shell(look); found != "" && !d.page.Rendered {
		return hindered(ReasonScript, "the page is filled by script: it holds %s", found), ""
	}
	return hindered(ReasonLost, "the page shows only %d links", links), ""
}

// A quest is the search for one section and its parts.
type quest struct {
	*reader
	spec     SectionSpec
	section  naming
	searched []view
	entered  []view // pages of the section itself
	links    []label
}

func (r *reader) newQuest(spec SectionSpec, searched []view) *quest {
	q := &quest{reader: r, spec: spec, section: names(spec.Name, spec.Synonyms), searched: searched}
	for _, exact := range []bool{true, false} {
		for _, v := range searched {
			for _, l := range v.labels {
				if l.link && len(q.links) < maxCandidates && q.section.likeColumn(l) && q.section.is(l.norm) == exact && !q.known(l) {
					q.links = append(q.links, l)
				}
			}
		}
	}
	return q
}

// known reports whether a link leads where one before it leads.
func (q *quest) known(l label) bool {
	return slices.ContainsFunc(q.links, func(m label) bool { return key(m.url) == key(l.url) })
}

// enter looks at the pages the section's links lead to.
func (q *quest) enter() {
	for _, l := range q.links {
		if v, ok := q.enterOne(l); ok {
			q.entered = append(q.entered, v)
		}
	}
}

func (q *quest) enterOne(l label) (view, bool) {
	if l.url == "" {
		return view{obstacle: hindered(ReasonScript, "%q is linked by script only", l.text)}, true
	}
	for _, v := range q.searched {
		if key(v.url) == key(l.url) {
			return v, true
		}
	}
	here, err := url.Parse(q.task.URLs[0])
	there, err2 := url.Parse(l.url)
	if err != nil || err2 != nil || !q.task.allowed(there, here) {
		return view{url: l.url, obstacle: hindered(ReasonNotLooked, "%q leads to another host, %s; name its address among the pages to search", l.text, l.url)}, true
	}
	v, ok := q.view(l.url, WhyPart)
	if !ok || v.obstacle != nil || v.doc == nil {
		return v, ok
	}
	return q.furtherPages(v)
}

// furtherPages reads on in a section that is one list, for parts that only older
// items name.
func (q *quest) furtherPages(v view) (view, bool) {
	first, last := v.doc, v.doc
	total := q.total(first)
	for n := 1; q.lacking(v); n++ {
		to := q.next(first, last, n, total)
		if len(v.rows) == 0 && !to.told {
			return v, true // no list that we read, and no page after it
		}
		switch {
		case to.end:
			return v, true
		case to.lost != "" || n >= maxSectionPages:
			v.obstacle = hindered(ReasonPartial, "read %d pages of %s, which has more", n, v.url)
			return v, true
		}
		p, ok := q.take(Want{URL: to.url, Why: WhyNext})
		if !ok {
			return v, false
		}
		further, _ := q.inspect(p)
		if o := further.obstacle; o != nil {
			if o.reason != ReasonGone || to.told || total > n {
				v.obstacle = hindered(ReasonPartial, "page %d of %s: %s", n+1, v.url, o.detail)
			}
			return v, true
		}
		seen := make(map[string]bool)
		unseenRows(v.rows, seen)
		fresh := unseenRows(further.rows, seen)
		if len(fresh) == 0 {
			if to.told || total > n {
				v.obstacle = hindered(ReasonPartial, "page %d of %s holds no further items", n+1, v.url)
			}
			return v, true
		}
		v.rows = append(v.rows, fresh...)
		v.labels = append(v.labels, further.labels...)
		last = further.doc
	}
	return v, true
}

// lacking reports whether a part is not named on a page.
func (q *quest) lacking(v view) bool {
	return slices.ContainsFunc(q.spec.Parts, func(p PartSpec) bool {
		_, found := findInside(v, p)
		return !found
	})
}
