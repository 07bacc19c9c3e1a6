package metrics

import (
	"fmt"
	"io/fs"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/configs"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

var point = time.Date(2023, 9, 28, 0, 0, 0, 0, extract.Beijing)

// demo is the city of the demonstration with its rule set.
func demo(tb testing.TB) (*inventory.City, *rules.RuleSet) {
	tb.Helper()
	dir, err := fs.Sub(configs.FS, "demo")
	if err != nil {
		tb.Fatal(err)
	}
	files, err := inventory.ReadFiles(dir, configs.FS)
	if err != nil {
		tb.Fatal(err)
	}
	city, err := inventory.Parse(files)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := rules.Parse(files, city.RuleSet)
	if err != nil {
		tb.Fatal(err)
	}
	return city, set
}

// inEveryState gives the subjects of a city every state in turn.
func inEveryState(city *inventory.City, set *rules.RuleSet) rules.Result {
	res := rules.Judge(rules.Input{City: city, RuleSet: set, Point: point})
	for i := range res.Columns {
		c := &res.Columns[i]
		c.State, c.Reason, c.States = columnStates[i%len(columnStates)], "", nil
		if c.State == rules.Unknown {
			c.Reason = reasons[i/len(columnStates)%len(reasons)]
		}
	}
	for i := range res.Sections {
		s := &res.Sections[i]
		s.State, s.Reason = sectionStates[i%len(sectionStates)], ""
		if s.State == rules.Unknown {
			s.Reason = extract.ReasonLost
		}
	}
	for i := range res.Accounts {
		a := &res.Accounts[i]
		a.State, a.Reason, a.States, a.Verdict = accountStates[i%len(accountStates)], "", nil, verdicts[i%len(verdicts)]
		if a.State == rules.Unknown {
			a.Reason = extract.ReasonBlocked
		}
	}
	for i := range res.Sites {
		res.Sites[i].Verdict = verdicts[i%len(verdicts)]
		res.Sites[i].Access = &rules.Access{Visits: 168, Shut: i, NotMade: 2, Judged: i%4 != 0, Fails: i > 9}
	}
	res.Findings = []rules.Finding{
		{ID: "one", Subject: "xxgk/czj", Indicator: set.Indicators[0].ID, Status: "疑似"},
		{ID: "two", Subject: "fgw", Indicator: set.Indicators[1].ID, Status: "认定"},
	}
	return res
}

// boardOf makes a board without nights.
func boardOf(city *inventory.City, set *rules.RuleSet, res rules.Result) *board.Board {
	return board.New(board.Input{City: city, Set: set, Round: store.Round{ID: "20230927-0130"}, Result: res, Book: &cases.Book{}})
}

// busy is a status in which there is something of everything.
func busy(city *inventory.City) Status {
	at := point.Add(3 * time.Hour)
	s := Status{
		Round: Round{
			Running: true, Started: at, Done: 40, Planned: 815, Waiting: 12, LastDuration: 25 * time.Minute,
		},
		Store:    Store{FileBytes: 80 << 20, DiskFreeBytes: 80 << 30, DiskBytes: 100 << 30},
		Reload:   Reload{Failed: true, Problems: 2, Loaded: at},
		Backup:   Backup{Bytes: 70 << 20, Kept: 7},
		Tasks:    map[string]Task{},
		Alerts:   map[string]bool{},
		Knocks:   map[string]rules.Probe{},
		Channels: map[string]Channel{"wecom": {Waiting: 2, Oldest: at, Sent: 30, Failed: 1}},
	}
	for _, name := range []string{"round", "backup", "tidy"} {
		s.Tasks[name] = Task{LastSuccess: at, Next: at.AddDate(0, 0, 1), Failing: name == "tidy"}
	}
	for i, name := range []string{"no-round", "coverage", "clock", "disk-low", "backup-stale", "adapter-down"} {
		s.Alerts[name] = i == 0
	}
	for i, c := range city.Carriers {
		if c.Kind == inventory.Site {
			s.Knocks[c.ID] = rules.Probe{Came: []rules.Came{rules.Opened, rules.Shut, rules.Untold}[i%3], Took: time.Duration(i) * time.Second}
		}
	}
	return s
}

// worked is what a crawler has done that met with everything.
func worked() crawler.Stats {
	s := crawler.Stats{
		Requests: 4000, WireBytes: 30 << 20, BodyBytes: 120 << 20, Rendered: 40, NotModified: 600, TakenOver: 500,
		Visiting: 8, Tabs: 2, TabsBusy: 1, Waited: time.Hour, Pages: map[extract.Class]int64{"": 3900},
	}
	for i := range 40 {
		s.Pages[extract.Class(fmt.Sprintf("class_%d", i))] = int64(i)
	}
	for _, p := range inventory.Platforms() {
		s.Platforms = append(s.Platforms, crawler.PlatformStats{Name: string(p), Asked: 100, Refused: 3})
	}
	s.Platforms[0].Closed = extract.ClassTooMany
	return s
}

// everything measures a city in every state and a busy daemon.
func everything(tb testing.TB) Config {
	tb.Helper()
	city, set := demo(tb)
	b, s := boardOf(city, set, inEveryState(city, set)), busy(city)
	return Config{
		Version: "v1.2.3", Board: func() *board.Board { return b }, Status: func() Status { return s },
		Traffic: worked, Now: func() time.Time { return point },
	}
}
