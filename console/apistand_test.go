package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

// A document is the OpenAPI document of the interface, by which answers are read.
type document struct {
	compiler *jsonschema.Compiler
	paths    map[string]map[string]operationDoc

	mu      sync.Mutex // guards the rest
	schemas map[string]*jsonschema.Schema
	shapes  map[string]*regexp.Regexp
}

// schema is the one at a place of the document, compiled once.
func (d *document) schema(at string) (s *jsonschema.Schema, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s = d.schemas[at]; s == nil {
		s, err = d.compiler.Compile("openapi.json#" + at)
		d.schemas[at] = s
	}
	return s, err
}

// shape is what addresses of a path look like.
func (d *document) shape(path string) *regexp.Regexp {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shapes[path] == nil {
		pattern := regexp.QuoteMeta(path)
		pattern = regexp.MustCompile(`\\\{(id|name)\\\}$`).ReplaceAllString(pattern, `.+`)
		pattern = regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(pattern, `[^/]+`)
		d.shapes[path] = regexp.MustCompile("^" + pattern + "$")
	}
	return d.shapes[path]
}

type operationDoc struct {
	ID        string                 `json:"operationId"`
	Responses map[string]responseDoc `json:"responses"`
}

type responseDoc struct {
	Content map[string]json.RawMessage `json:"content"`
}

// documented is the document as it is served.
var documented = sync.OnceValues(func() (*document, error) {
	c, err := New(Config{Board: func() *board.Board { return nil }, Gate: as(viewer), Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/api/v1/openapi.json", nil))
	var doc struct {
		Paths map[string]map[string]operationDoc `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		return nil, err
	}
	whole, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		return nil, err
	}
	d := &document{compiler: jsonschema.NewCompiler(), paths: doc.Paths, schemas: map[string]*jsonschema.Schema{}, shapes: map[string]*regexp.Regexp{}}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	return d, d.compiler.AddResource("openapi.json", whole)
})

// holes are the names in a path.
var holes = regexp.MustCompile(`\{\w+\}`)

// operationAt finds the operation that an address is of.
func (d *document) operationAt(method, address string) (path, id string) {
	address, _, _ = strings.Cut(address, "?")
	best := -1
	for p, methods := range d.paths {
		op, ok := methods[strings.ToLower(method)]
		if !ok {
			continue
		}
		if n := len(holes.ReplaceAllString(p, "")); n > best && d.shape(p).MatchString(address) {
			best, path, id = n, p, op.ID
		}
	}
	return path, id
}

// holds holds an answer against the document, and returns the operation's ID.
func holds(t testing.TB, method, address string, w *httptest.ResponseRecorder) string {
	t.Helper()
	d, err := documented()
	check(t, err)
	path, id := d.operationAt(method, address)
	if id == "" {
		t.Errorf("%s %s is of no operation", method, address)
		return ""
	}
	status := fmt.Sprint(w.Code)
	if w.Code >= 400 {
		if status = "400"; w.Header().Get("ETag") != "" {
			t.Errorf("%s %s: %d has an ETag", method, address, w.Code)
		}
	}
	content := d.paths[path][strings.ToLower(method)].Responses[status].Content
	if _, isJSON := content["application/json"]; !isJSON {
		if w.Code != http.StatusNotModified && content["application/octet-stream"] == nil && content["text/event-stream"] == nil {
			t.Errorf("%s: an answer with %s is not described", id, status)
		}
		return id
	}
	at := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path)
	schema, err := d.schema("/paths/" + at + "/" + strings.ToLower(method) + "/responses/" + status + "/content/application~1json/schema")
	check(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Errorf("%s: %v: %.300s", id, err, w.Body)
		return id
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v\nof %.600s", id, err, w.Body)
	}
	return id
}

// A stand is a console behind which there is everything, and somebody who asks it
// as a program does.
type stand struct {
	*desk
	*atelier // of recipes, snapshots and the configuration
	people   *people.Gate
	t        testing.TB
	tray     *tray
	letters  *letters
	patrols  *fakePatrols
	backups  []string
	idle     bool // no round is under way
}

func newStand(t testing.TB) *stand {
	t.Helper()
	s := &stand{desk: &desk{fakeOffice: newOffice(), now: noon}, atelier: newAtelier(t, tunerUser), tray: &tray{}, patrols: &fakePatrols{}}
	s.letters = &letters{entries: []notify.Entry{{Message: notify.Message{ID: "1", Channel: "办公室", Title: hostileTitle, Made: noon, Parts: []notify.Part{{Heading: "一", Lines: []notify.Line{{Text: "二"}}}}}, State: notify.Sent, Sent: noon}}}
	kept, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, LockTimeout: -1, NoSync: true})
	check(t, err)
	t.Cleanup(func() { check(t, kept.Close()) })
	s.people, err = people.Open(people.Config{Store: kept, Now: noonNow, Cost: people.Cost{MemoryKiB: 8, Passes: 1}})
	check(t, err)
	cfg := Config{
		Gate: s.desk, People: s.people, Now: noonNow, Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室",
		Mask:   func(s string) string { return strings.ReplaceAll(s, "13812345678", "138******78") },
		Rounds: s, Patrols: s.patrols, Progress: s, System: s, Backups: s, Submissions: s.tray, Mailbox: s.letters,
	}
	s.desk.into(&cfg)
	s.desk.console, err = New(cfg)
	check(t, err)
	s.reset(t)
	return s
}

// reset brings the stand back to where it began.
func (s *stand) reset(t testing.TB) {
	t.Helper()
	s.t, s.desk.t = t, t
	was := newOffice()
	s.desk.b, s.desk.bodies, s.desk.rows, s.desk.kept, s.desk.orders, s.desk.writes = was.b, was.bodies, was.rows, nil, nil, 0
	s.desk.imports, s.idle = nil, false
	s.desk.b = s.desk.withHanded()
	s.patrols.asked, s.backups, s.atelier.done, s.atelier.live = nil, nil, nil, nil
	for name, text := range atelierFiles {
		check(t, os.WriteFile(filepath.Join(s.folder, filepath.FromSlash(name)), []byte(text), 0o644))
	}
	check(t, os.RemoveAll(filepath.Join(s.folder, "samples")))
}

// withHanded is the board with something handed in, nights, and a platform.
func (d *desk) withHanded() *board.Board {
	in := d.b.Input
	city := *in.City
	city.Submissions = []inventory.Submission{{Account: "140300M019XL0001", By: "张", Date: noon, Posted: noon, Picture: "shots/a.png", SHA256: strings.Repeat("b", 64)}}
	city.Files = []inventory.File{{Name: "shots/a.png", Data: onePixel}}
	app := inventory.Account{Code: "140300M019AP0001", Unit: "czj", Platform: inventory.App, Name: secretName + "客户端"}
	city.Accounts = append(slices.Clone(city.Accounts), app)
	in.Result.Accounts = append(slices.Clone(in.Result.Accounts), rules.AccountResult{Account: app, State: rules.Unknown, Reason: extract.ReasonNotLooked, Verdict: rules.NotMonitored})
	in.City = &city
	in.Result.Platforms = []rules.PlatformHealth{{Platform: inventory.Weibo, Tried: 4, Read: 1, Blocked: 3, Reasons: map[extract.Reason]int{extract.ReasonBlocked: 3}, Since: noon}}
	in.Result.Findings = []rules.Finding{{ID: rules.FindingID("czj/tzgg", "fresh"), Subject: "czj/tzgg", Unit: "czj", Indicator: "fresh", Effect: rules.EffectVeto, Text: "两周未更新", Basis: "依据", Publicity: "点名"}}
	in.Set = &rules.RuleSet{ID: "some", Indicators: []rules.Indicator{{ID: "fresh", Name: "栏目不更新", Basis: "依据第一条", Effect: rules.EffectVeto}}}
	in.Round = store.Round{ID: "20230927-0130", Finished: noon}
	in.Nights = []board.Night{board.NightOf(townRound(27), in.Result)}
	return board.New(in)
}

type fakePatrols struct{ asked []string }

func (p *fakePatrols) Begin(by string, globs []string) error {
	if slices.Contains(globs, "busy") {
		return stuck{"正在巡查", "a round is under way"}
	}
	p.asked = append(p.asked, by+" begins "+strings.Join(globs, " "))
	return nil
}

func (p *fakePatrols) Again(by string, ids []string) error {
	p.asked = append(p.asked, by+" again "+strings.Join(ids, " "))
	return nil
}

func (p *fakePatrols) Cancel(string) bool { return len(p.asked) > 0 }

func (p *fakePatrols) Waiting() []WaitingRound { return []WaitingRound{{ID: "w1", At: noon}} }

func (p *fakePatrols) Withdraw(_, id string) (bool, error) {
	if id != "w1" {
		return false, nil
	}
	p.asked = append(p.asked, "withdraws "+id)
	return true, nil
}

var aRound = Round{Round: store.Round{ID: "20230927-0130", State: store.Finished, Started: noon, Finished: noon.Add(time.Hour), Read: 3, Failed: 1}, Plan: 4}

func (s *stand) Rounds() ([]Round, error) { return []Round{aRound}, nil }

func (s *stand) Round(id string) (RoundSeen, error) {
	if id != aRound.ID {
		return RoundSeen{}, store.ErrNotFound
	}
	return RoundSeen{
		Round: aRound, Failures: []RoundFailure{{"czj/tzgg", extract.ReasonDown, "timeout"}, {"nobody/knows", extract.ReasonLost, ""}},
		Hosts: []HostSpan{{Host: "czj.example.gov.cn", Began: noon, Ended: noon.Add(time.Minute), Subjects: 2, Failed: 1, Look: 1}},
	}, nil
}

func (s *stand) Visits(string, time.Time, time.Time) ([]rules.Probe, error) {
	return []rules.Probe{{At: noon, URL: "http://czj.example.gov.cn/", Came: rules.Opened}, {At: noon.Add(-time.Hour), URL: "http://czj.example.gov.cn/", Came: rules.Shut, Class: extract.ClassTimeout}}, nil
}

func (s *stand) Under() (Under, bool, <-chan struct{}) {
	if s.idle {
		return Under{}, false, nil
	}
	return Under{Round: "20230928-0130", Began: noon, Planned: 10, Done: 4, Read: 3, Reasons: map[extract.Reason]int{extract.ReasonDown: 1}, Hosts: []HostSpan{{Host: "x", Began: noon}}}, true, nil
}

func (s *stand) System() (SystemState, error) {
	return SystemState{
		Version: "1", Started: noon, Alerts: []Alert{{Kind: "disk-low", Since: noon, Chinese: "磁盘不足", English: "disk low"}}, Jobs: []Job{{Name: "round", Line: "30 1 * * *", Next: noon}},
		Config: ConfigState{Digest: "c0ffee", Since: noon, Mistakes: []Mistake{{File: "units.yaml", Line: 1, Column: 2, Message: "m", Hint: "h", Text: "t"}}},
		Disks:  []Disk{{"/", 1, 2}}, Backups: []Backup{{Name: "b.db", At: noon, Bytes: 3}},
	}, nil
}

func (s *stand) Make() error {
	s.backups = append(s.backups, "made")
	return nil
}

func (s *stand) Verify(name string) error {
	if name != "b.db" {
		return store.ErrNotFound
	}
	s.backups = append(s.backups, "read "+name)
	return nil
}

// A call is one question of a program.
type call struct {
	who    people.User
	method string
	path   string
	body   any               // as JSON, or a string as it is
	head   map[string]string // further headers
}

// ask asks, and holds what is answered against the document.
func (s *stand) ask(t testing.TB, c call) *httptest.ResponseRecorder {
	t.Helper()
	var body []byte
	switch b := c.body.(type) {
	case nil:
	case string:
		body = []byte(b)
	default:
		var err error
		body, err = json.Marshal(b)
		check(t, err)
	}
	r := httptest.NewRequest(c.method, c.path, bytes.NewReader(body))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", "zh-CN")
	for k, v := range c.head {
		r.Header.Set(k, v)
	}
	s.desk.asks, s.atelier.user = c.who, c.who
	var h http.Handler = s.desk.console.Handler()
	if ofAtelier.MatchString(c.path) {
		h = s.atelier.Handler
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	holds(t, c.method, c.path, w)
	return w
}

// ofAtelier are the operations that are asked of the city of the atelier.
var ofAtelier = regexp.MustCompile(`^/api/v1/(snapshots|recipes|configuration|columns/tyj)`)

// pagesOfTheSite is what a visit brings.
func pagesOfTheSite() []extract.Page {
	return []extract.Page{{Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(redesigned("通知公告", 7))}}
}
