package extract

import (
	"slices"
)

// A reader answers one call of Read. It knows the pages so far and gathers what
// it would like to see.
type reader struct {
	task   Task
	given  recipe // of the task
	recipe recipe // in force for the list being read
	past   *past  // what earlier looks knew, nil without any
	pages  map[Want][]Page
	count  int
	wants  []Want
}

func newReader(t Task, pages []Page) (*reader, error) {
	c, err := compile(t.Recipe)
	r := &reader{task: t, given: c, recipe: c, pages: make(map[Want][]Page, len(pages)), count: len(pages)}
	for _, p := range pages {
		w := Want{URL: key(p.Asked), Why: p.Why}
		r.pages[w] = append(r.pages[w], p)
	}
	if r.past = recall(t.Before); r.past != nil {
		r.past.several = len(t.URLs) > 1
	}
	return r, err
}

// adopt puts an induced recipe in force, so that later pages of the list are
// read as the first one was.
func (r *reader) adopt(raw Recipe) {
	if c, err := compile(raw); err == nil {
		c.empty, c.name = r.given.empty, r.given.name
		r.recipe = c
	}
}

// take returns the page that answers a want. Without one the want is noted and
// ok is false; a task that has asked for all its pages gets a page that says so.
// No want is ever noted twice, nor after it was answered.
func (r *reader) take(w Want) (p Page, ok bool) {
	w.URL = key(w.URL)
	answers := r.pages[Want{URL: w.URL, Why: w.Why}]
	for i, p := range answers {
		rendered := p.Rendered || p.Class == ClassNoBrowser || i > 0
		if rendered == w.Render || p.Rendered && !w.Render {
			return p, true
		}
	}
	if slices.Contains(r.wants, w) {
		return Page{}, false
	}
	if r.count+len(r.wants) >= MaxPages {
		return Page{Asked: w.URL, URL: w.URL, Why: w.Why, Class: ClassBudget, Detail: "the subject asked for too many pages"}, true
	}
	r.wants = append(r.wants, w)
	return Page{}, false
}

// unread returns the reading that says what stood in the way.
func (r *reader) unread(o *obstacle) Reading {
	return Reading{Outcome: Unread, Reason: o.reason, Detail: cut(o.detail, maxDetail), Method: r.method("")}
}

// maxDetail bounds Reading.Detail, in bytes.
const maxDetail = 500

// method returns how the list was read.
func (r *reader) method(of string) string {
	switch {
	case of != "":
		return of
	case r.task.Method != "":
		return r.task.Method
	}
	return "recipe"
}
