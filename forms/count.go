package forms

import (
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A Counter counts the distinct items of a period that looks saw. Looks come in
// any order; each is let go of.
type Counter struct {
	period Period
	seen   map[string]*seen
}

// seen is what the looks at one subject saw.
type seen struct {
	items map[mark]bool
	looks int
	read  int // looks that could be read

	// whole says that a look after the period's last day saw all there is.
	whole bool
}

// A mark is what one item is known again by. Either half may be empty.
type mark struct{ link, title string }

// NewCounter makes a counter of the items dated in a period.
func NewCounter(p Period) *Counter { return &Counter{period: p, seen: map[string]*seen{}} }

// Add takes what a look saw. What could not be read adds nothing.
func (c *Counter) Add(l rules.Look) {
	s := c.seen[l.Subject]
	if s == nil {
		s = &seen{items: map[mark]bool{}}
		c.seen[l.Subject] = s
	}
	s.looks++
	if o := l.Reading.Outcome; o != extract.Dated && o != extract.Empty {
		return
	}
	s.read++
	dated := true
	for _, item := range l.Reading.Items {
		dated = dated && !item.Date.IsZero()
		if c.period.holds(item.Date) {
			s.items[markOf(item)] = true
		}
	}
	if l.Reading.Complete && dated && !l.At.Before(c.period.Over()) {
		s.whole = true
	}
}

// markOf makes the mark of an item. Two addresses that differ in what stands
// behind "#" are one page, save where a script reads its route there.
func markOf(item extract.Item) mark {
	var m mark
	switch link := item.Link; {
	case strings.Contains(link, "#/"), strings.Contains(link, "#!"):
		m.link = link
	case link != "":
		m.link = inventory.Canonical(link)
	}
	if title := strings.Join(strings.Fields(item.Title), " "); title != "" || m.link == "" {
		m.title = item.Date.Day().Format("2006-01-02 ") + title
	}
	return m
}

// A source is a subject whose items are counted, and the group within which two
// items of one title and day are one.
type source struct{ subject, group string }

// A tally is a count with what must be known to word it.
type tally struct {
	items    int
	subjects int
	looked   int // subjects that were looked at
	read     int // subjects of which a look could be read
	whole    bool
}

// count counts distinct items over subjects. What shares a link or, within a
// group, a title and a day is one item, over any number of steps: the count may
// be too low and never too high.
func (c *Counter) count(of []source) tally {
	t := tally{subjects: len(of), whole: len(of) > 0}
	j := joiner{parent: map[string]string{}}
	titles := 0
	for _, src := range of {
		s := c.seen[src.subject]
		if s == nil {
			t.whole = false
			continue
		}
		t.looked++
		if s.read > 0 {
			t.read++
		}
		t.whole = t.whole && s.whole
		for m := range s.items {
			link, title := "link "+m.link, "title "+src.group+" "+m.title
			switch {
			case m.link == "":
				j.add(title)
			case m.title == "":
				j.add(link)
			default:
				j.join(link, title)
			}
			titles++
		}
	}
	t.items = j.sets()
	t.whole = t.whole && titles == t.items // nothing was taken for the same by its title
	return t
}

// A joiner puts names into sets.
type joiner struct{ parent map[string]string }

func (j joiner) add(name string) string {
	if _, ok := j.parent[name]; !ok {
		j.parent[name] = name
	}
	root := name
	for j.parent[root] != root {
		root = j.parent[root]
	}
	for j.parent[name] != root {
		j.parent[name], name = root, j.parent[name]
	}
	return root
}

func (j joiner) join(a, b string) {
	if ra, rb := j.add(a), j.add(b); ra != rb {
		j.parent[ra] = rb
	}
}

// sets is how many sets there are.
func (j joiner) sets() (n int) {
	for name, parent := range j.parent {
		if name == parent {
			n++
		}
	}
	return n
}
