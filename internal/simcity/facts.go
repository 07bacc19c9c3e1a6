package simcity

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"xuncha/inventory"
)

// facts are what the city published, as the file says it.
type facts struct {
	cadence    map[inventory.Class]int
	disclosure int
	posts      int
	hosts      map[string]hostFact
	subjects   map[string]fact
}

// A fact is what is special about one subject.
type fact struct {
	Newest     factDay   `yaml:"newest"`
	From       factDay   `yaml:"from"`
	Items      []factDay `yaml:"items"`
	Before     factDay   `yaml:"before"`
	OnlyYear   bool      `yaml:"only_year"`
	Every      int       `yaml:"every"`
	Empty      bool      `yaml:"empty"`
	Rendered   bool      `yaml:"rendered"`
	Unreadable fault     `yaml:"unreadable"`
	Renamed    string    `yaml:"renamed"`
	Titled     string    `yaml:"titled"`
	Linked     string    `yaml:"linked"`
	Absent     bool      `yaml:"absent"`
	Called     string    `yaml:"called"`
	Verified   string    `yaml:"verified"`
	Pinned     bool      `yaml:"pinned"`
	Closed     fault     `yaml:"closed"`
	ClosedOn   factDay   `yaml:"closed_on"`
}

// hostFact is what is special about one host.
type hostFact struct {
	Down   bool `yaml:"down"`   // takes no connection
	Silent bool `yaml:"silent"` // takes them and never answers
}

// factDay is a day written 2023-09-20; empty where it is not given.
type factDay string

func (d factDay) given() bool { return d != "" }

// day returns the Beijing day; parse has checked it.
func (d factDay) day() day {
	t, _ := time.ParseInLocation(time.DateOnly, string(d), beijing)
	return dayOf(t)
}

func (d factDay) check() error {
	if _, err := time.ParseInLocation(time.DateOnly, string(d), beijing); d.given() && err != nil {
		return fmt.Errorf("%q is no day; write it as 2023-09-20", string(d))
	}
	return nil
}

// A fault is a way in which a page cannot be read.
type fault string

// The faults.
const (
	faultDown       fault = "down"       // 503
	faultTimeout    fault = "timeout"    // no answer, ever
	faultCut        fault = "cut"        // the body ends early
	faultBlocked    fault = "blocked"    // a firewall's page, with 200
	faultForbidden  fault = "forbidden"  // 403
	faultChallenge  fault = "challenge"  // 412 and a script
	faultGone       fault = "gone"       // 404
	faultSoft404    fault = "soft-404"   // "not found", with 200
	faultLost       fault = "lost"       // a redesigned list
	faultScript     fault = "script"     // rows filled in by script
	faultUndated    fault = "undated"    // dates in list and articles are pictures
	faultUnlabelled fault = "unlabelled" // no date of any kind in list or article
	faultPartial    fault = "partial"    // 503 from page two on
	faultRobots     fault = "robots"     // robots.txt forbids it
)

func faults() []fault {
	return []fault{
		faultDown, faultTimeout, faultCut, faultBlocked, faultForbidden, faultChallenge, faultGone,
		faultSoft404, faultLost, faultScript, faultUndated, faultUnlabelled, faultPartial, faultRobots,
	}
}

// reader reads a facts file and gathers everything that is wrong with it.
type reader struct {
	file  string
	known map[string]inventory.SubjectKind
	hosts map[string]bool
	facts facts
	errs  []error
}

// parseFacts reads the facts of a city; name is the file's, for errors.
func parseFacts(city *inventory.City, data []byte, name string) (facts, error) {
	r := reader{
		file: name, known: subjectKinds(city), hosts: hostNames(city),
		facts: facts{cadence: map[inventory.Class]int{}, disclosure: 4, posts: 2, hosts: map[string]hostFact{}, subjects: map[string]fact{}},
	}
	for _, class := range inventory.Classes() {
		r.facts.cadence[class] = 12
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return facts{}, fmt.Errorf("%s: %w", name, err)
	}
	for _, doc := range file.Docs {
		r.entries(doc.Body, r.top)
	}
	return r.facts, errors.Join(r.errs...)
}

// entries calls each for every entry of a mapping.
func (r *reader) entries(n ast.Node, each func(key string, at, value ast.Node)) {
	switch m := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
	case *ast.MappingNode:
		for _, v := range m.Values {
			each(v.Key.GetToken().Value, v.Key, v.Value)
		}
	case *ast.MappingValueNode:
		each(m.Key.GetToken().Value, m.Key, m.Value)
	default:
		r.fail(n, "want a mapping, not %s", n.Type())
	}
}

// fail notes what is wrong at a node.
func (r *reader) fail(at ast.Node, format string, args ...any) {
	line, column := 1, 1
	if t := at.GetToken(); t != nil && t.Position != nil {
		line, column = t.Position.Line, t.Position.Column
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d:%d: %s", r.file, line, column, fmt.Sprintf(format, args...)))
}

// decode reads a value strictly; it reports false and notes why where it cannot.
func (r *reader) decode(n ast.Node, to any) bool {
	err := yaml.NodeToValue(n, to, yaml.Strict())
	if err == nil {
		return true
	}
	at := n
	var yerr yaml.Error
	message := err.Error()
	if errors.As(err, &yerr) {
		message = yerr.GetMessage()
		if t := yerr.GetToken(); t != nil {
			at = ast.String(t)
		}
	}
	r.fail(at, "%s", message)
	return false
}

// top reads one key of the file.
func (r *reader) top(key string, at, value ast.Node) {
	switch key {
	case "cadence":
		r.entries(value, r.cadence)
	case "disclosure":
		r.days(value, &r.facts.disclosure)
	case "posts":
		r.days(value, &r.facts.posts)
	case "hosts":
		r.entries(value, r.host)
	case "subjects":
		r.entries(value, r.subject)
	default:
		r.fail(at, "unknown key %q; known are cadence, disclosure, posts, hosts and subjects", key)
	}
}

func (r *reader) days(value ast.Node, to *int) {
	if r.decode(value, to) && *to < 1 {
		r.fail(value, "want at least 1 day")
	}
}

func (r *reader) cadence(key string, at, value ast.Node) {
	class := inventory.Class(key)
	if !slices.Contains(inventory.Classes(), class) {
		r.fail(at, "unknown class %q", key)
		return
	}
	days := 1
	r.days(value, &days)
	r.facts.cadence[class] = days
}

func (r *reader) host(key string, at, value ast.Node) {
	var f hostFact
	switch {
	case !r.hosts[strings.ToLower(key)]:
		r.fail(at, "unknown host %q; no carrier, no platform and no feed of the city is there", key)
	case r.decode(value, &f):
		r.facts.hosts[strings.ToLower(key)] = f
	}
}

func (r *reader) subject(key string, at, value ast.Node) {
	kind, ok := r.known[key]
	if !ok {
		r.fail(at, "unknown subject %q; subjects are sites (fgw), columns (fgw/tzgg), sections (pd/zdhy) and accounts (account:CODE)", key)
		return
	}
	var f fact
	if !r.decode(value, &f) {
		return
	}
	if err := f.check(kind); err != nil {
		r.fail(value, "%s: %s", key, err)
		return
	}
	r.facts.subjects[key] = f
}
