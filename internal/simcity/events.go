package simcity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"xuncha/inventory"
)

// An event is something that is otherwise in the city from one day to another.
type event struct {
	from, to day // both included
	all      bool
	hosts    map[string]bool
	subjects []func(id string) bool

	kind, what string // "redesign", "markup"
	as         string // of a redesign: the new skin
	old        int    // status of the old addresses
}

// forever is the last day of an event without an end.
const forever = day(1 << 30)

func (e *event) on(d day) bool { return e.from <= d && d <= e.to }

// whole reports whether the event touches everything on a host.
func (e *event) whole(host string) bool { return e.all || e.hosts[host] }

// touches reports whether the event touches a subject by its ID.
func (e *event) touches(id string) bool {
	return slices.ContainsFunc(e.subjects, func(match func(string) bool) bool { return match(id) })
}

// eventForm is an event as the file says it: when, where, and one kind.
type eventForm struct {
	From     factDay  `yaml:"from"`
	To       factDay  `yaml:"to"`
	All      bool     `yaml:"all"`
	Hosts    []string `yaml:"hosts"`
	Subjects []string `yaml:"subjects"`

	Redesign  string `yaml:"redesign"`
	As        string `yaml:"as"`
	Old       int    `yaml:"old"`
	Script    string `yaml:"script"`
	Fails     string `yaml:"fails"`
	Charset   string `yaml:"charset"`
	Dates     string `yaml:"dates"`
	Rows      string `yaml:"rows"`
	Publishes string `yaml:"publishes"`
	Renames   string `yaml:"renames"`
	Closes    string `yaml:"closes"`
}

// eventKinds lists the kinds of events and what each can say.
func eventKinds() map[string][]string {
	return map[string][]string{
		"redesign":  {"markup", "cms", "addresses"},
		"script":    {"rendered", "never"},
		"fails":     nightFaultNames(),
		"charset":   {"gbk-as-utf-8", "utf-8-as-gbk"},
		"dates":     {"one-day", "head", "every-row", "relative", "far-ahead", "tomorrow"},
		"rows":      {"pinned", "upwards", "turned", "doubled", "hot", "gone"},
		"publishes": {"nothing", "again"},
		"closes":    texts(closures()),
	}
}

// said returns the one kind of the form.
func (f eventForm) said() (kind, what string, err error) {
	for _, k := range []struct{ kind, what string }{
		{"redesign", f.Redesign}, {"script", f.Script}, {"fails", f.Fails}, {"charset", f.Charset},
		{"dates", f.Dates}, {"rows", f.Rows}, {"publishes", f.Publishes},
		{"renames", f.Renames}, {"closes", f.Closes},
	} {
		switch {
		case k.what == "":
		case kind != "":
			return "", "", fmt.Errorf("%s beside %s; an event is of one kind", k.kind, kind)
		default:
			kind, what = k.kind, k.what
		}
	}
	kinds := eventKinds()
	switch kind {
	case "":
		return "", "", fmt.Errorf("nothing happens; kinds are %s, renames", strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	case "renames": // any name will do
		return kind, what, nil
	}
	if !slices.Contains(kinds[kind], what) {
		return "", "", fmt.Errorf("%s: unknown %q; known are %s", kind, what, strings.Join(kinds[kind], ", "))
	}
	return kind, what, nil
}

// eventReader reads an events file and gathers everything wrong with it.
type eventReader struct {
	reader
	events []*event
}

// parseEvents reads the events of a city; name is the file's, for errors.
func parseEvents(city *inventory.City, data []byte, name string) ([]*event, error) {
	r := eventReader{reader: reader{file: name, known: subjectKinds(city), hosts: hostNames(city)}}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, doc := range file.Docs {
		r.entries(doc.Body, func(key string, at, value ast.Node) {
			list, ok := value.(*ast.SequenceNode)
			switch {
			case key != "events":
				r.fail(at, "unknown key %q; known is events", key)
			case !ok:
				r.fail(value, "want a list of events, not %s", value.Type())
			default:
				for _, n := range list.Values {
					r.event(n)
				}
			}
		})
	}
	slices.SortStableFunc(r.events, func(a, b *event) int { return int(a.from - b.from) })
	return r.events, errors.Join(r.errs...)
}

// event reads one event.
func (r *eventReader) event(n ast.Node) {
	var f eventForm
	if !r.decode(n, &f) {
		return
	}
	e, err := f.event()
	if err == nil {
		err = r.place(f, e)
	}
	if err == nil {
		err = e.fits(r.known)
	}
	if err != nil {
		r.fail(n, "%s", err)
		return
	}
	r.events = append(r.events, e)
}

// event turns the form into an event without its places.
func (f eventForm) event() (*event, error) {
	kind, what, err := f.said()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.From.check(), f.To.check()); err != nil {
		return nil, err
	}
	if !f.From.given() {
		return nil, errors.New("from: name the first day")
	}
	e := &event{from: f.From.day(), to: forever, all: f.All, kind: kind, what: what, as: f.As, old: f.Old}
	if f.To.given() {
		e.to = f.To.day()
	}
	if e.to < e.from {
		return nil, errors.New("to is before from")
	}
	return e, nil
}

// place finds what the event touches.
func (r *eventReader) place(f eventForm, e *event) error {
	if given := b2i(f.All) + b2i(f.Hosts != nil) + b2i(f.Subjects != nil); given != 1 {
		return errors.New("say either all: true, or hosts, or subjects")
	}
	e.hosts = map[string]bool{}
	for _, h := range f.Hosts {
		if !r.hosts[strings.ToLower(h)] {
			return fmt.Errorf("unknown host %q; no carrier, no platform and no feed of the city is there", h)
		}
		e.hosts[strings.ToLower(h)] = true
	}
	for _, glob := range f.Subjects {
		match := inventory.Match(glob)
		if !slices.ContainsFunc(slices.Collect(maps.Keys(r.known)), match) {
			return fmt.Errorf("no subject is called %q", glob)
		}
		e.subjects = append(e.subjects, match)
	}
	return nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fits refuses events that mean nothing where they are said to happen.
func (e *event) fits(known map[string]inventory.SubjectKind) error {
	switch {
	case (e.kind == "redesign" || e.kind == "charset") && len(e.hosts) == 0:
		return fmt.Errorf("%s: a whole site changes; name its hosts", e.kind)
	case e.kind == "publishes" && e.subjects == nil:
		return errors.New("publishes: name the subjects")
	case e.what == "network" && !e.all:
		return errors.New("fails: our own network fails for all of the city")
	}
	if err := e.redesigned(); err != nil {
		return err
	}
	return e.suits(known)
}

// suits refuses that anything publishes but columns and accounts, and that
// anything but an account is renamed, closed, or hindered as accounts are.
func (e *event) suits(known map[string]inventory.SubjectKind) error {
	alone := e.kind == "renames" || e.kind == "closes" || e.kind == "fails" && onlyMedia(fault(e.what))
	if alone && e.all || (e.kind == "renames" || e.kind == "closes") && e.subjects == nil {
		return fmt.Errorf("%s: name the accounts", e.kind)
	}
	for id, kind := range known {
		switch {
		case !e.touches(id), kind == inventory.KindAccount:
		case e.kind == "publishes" && kind != inventory.KindColumn:
			return fmt.Errorf("publishes: %s is neither a column nor an account", id)
		case alone:
			return fmt.Errorf("%s: %s is no account", e.kind, id)
		}
	}
	return nil
}

// texts turns faults into what a file says.
func texts(fs []fault) []string {
	var out []string
	for _, f := range fs {
		out = append(out, string(f))
	}
	return out
}

// redesigned refuses what no redesign can be, and what only one can say.
func (e *event) redesigned() error {
	switch {
	case e.kind != "redesign" && e.as != "", e.what != "addresses" && e.old != 0:
		return errors.New("as goes with a redesign, old with one of addresses")
	case e.what == "addresses" && !slices.Contains([]int{301, 302, 404}, e.old):
		return fmt.Errorf("old: %d; the old addresses answer 301, 302 or 404", e.old)
	}
	names := slices.Sorted(maps.Keys(newFrames()))
	if e.what == "cms" {
		names = slices.DeleteFunc(skinNames(), func(name string) bool { return name == "rss" })
	}
	if e.kind == "redesign" && !slices.Contains(names, e.as) {
		return fmt.Errorf("as: unknown %q; known are %s", e.as, strings.Join(names, ", "))
	}
	return nil
}

// published puts what events say of a subject's publishing into its fact.
func published(f fact, id string, events []*event) (fact, error) {
	for _, e := range events {
		if e.kind != "publishes" || !e.touches(id) {
			continue
		}
		switch {
		case f.Items != nil || f.Empty || f.From.given():
			return f, fmt.Errorf("%s: its facts or another event say already what it publishes", id)
		case e.what == "again" && !f.Newest.given():
			return f, fmt.Errorf("%s publishes again, and its facts do not say that it stopped", id)
		case e.what == "again":
			f.From = factOf(e.from)
		case f.Newest.given():
			return f, fmt.Errorf("%s stops publishing, and its facts say that it has", id)
		default:
			f.Newest = factOf(e.from - 1)
			if e.to != forever {
				f.From = factOf(e.to + 1)
			}
		}
	}
	return f, nil
}

// factOf writes a day as facts do.
func factOf(d day) factDay { return factDay(d.time().Format("2006-01-02")) }
