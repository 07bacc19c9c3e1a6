//go:build !race

// The end-to-end tests call the program as its users do, against the simulated
// city: what it prints and writes must follow from the pages alone.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"xuncha/configs"
	"xuncha/report"
)

// cityFolder writes the demonstration's configuration, without its delays and its
// browser, and with some texts of some files replaced: file, old, new.
func cityFolder(t *testing.T, changes ...[3]string) string {
	t.Helper()
	return browsedFolder(t, append(changes, [3]string{"city.yaml", "browser_sandbox: false", "browser: off"})...)
}

// browsedFolder is cityFolder with the browser that is installed.
func browsedFolder(t *testing.T, changes ...[3]string) string {
	t.Helper()
	own, err := fs.Sub(configs.FS, "demo")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "city")
	if err := os.CopyFS(dir, own); err != nil {
		t.Fatal(err)
	}
	for _, c := range append(changes, [3]string{"city.yaml", "delay: 50ms", "delay: 0s"}) {
		name := filepath.Join(dir, c[0])
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), c[1]) {
			t.Fatalf("%s does not hold %q", c[0], c[1])
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(text), c[1], c[2], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// xuncha runs the program and wants a status.
func xuncha(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(t.Context(), append(args, "--lang", "en"), &out, &errs); got != status {
		t.Fatalf("xuncha %s: status %d, want %d\n%s%s", strings.Join(args, " "), got, status, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// A night is one crawled and reported city.
type night struct {
	city, data, out string
	check           report.Check
}

// patrolled crawls a city at the demonstration's point, and reports and checks
// it.
func patrolled(t *testing.T, city string) night {
	t.Helper()
	n := night{city: city, data: t.TempDir(), out: filepath.Join(t.TempDir(), "out")}
	xuncha(t, 0, "crawl", "--config", city, "--data", n.data, "--simulate", "2023-09-27", "--simulate-latency", "0s")
	xuncha(t, 0, "report", "--config", city, "--data", n.data, "--period", "2023Q3", "--out", n.out)
	stdout, _ := xuncha(t, 0, "check", "--config", city, "--data", n.data, "--format", "json")
	if err := json.Unmarshal([]byte(stdout), &n.check); err != nil {
		t.Fatalf("check --format json: %v", err)
	}
	return n
}

// plain holds the demonstration's city as [patrolled] once, without a browser; the
// folder goes at the end of all tests.
var plain struct {
	once  sync.Once
	dir   string
	check report.Check
}

// patrolledPlain is the demonstration's city without a browser, patrolled. What the
// test does with it no other test sees.
func patrolledPlain(t *testing.T) night {
	t.Helper()
	plain.once.Do(func() {
		dir, err := os.MkdirTemp("", "xuncha-plain-")
		if err != nil {
			t.Fatal(err)
		}
		plain.dir = dir
		n := patrolled(t, cityFolder(t))
		for name, from := range map[string]string{"data": n.data, "out": n.out} {
			if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		}
		plain.check = n.check
	})
	if plain.check.Totals.Sites.Total == 0 {
		t.Fatal("the city could not be patrolled")
	}
	n := night{city: cityFolder(t), data: t.TempDir(), out: filepath.Join(t.TempDir(), "out"), check: plain.check}
	for name, to := range map[string]string{"data": n.data, "out": n.out} {
		if err := os.CopyFS(to, os.DirFS(filepath.Join(plain.dir, name))); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// file returns a file of the report.
func (n night) file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(n.out, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// With a browser 微博, 抖音, 今日头条 and 快手 show their own pages; without one an
// RSSHub stands in.
func TestNoticeComesOutOfThePages(t *testing.T) {
	t.Run("in a browser too", func(t *testing.T) { noticeIsRight(t, patrolled(t, browsedFolder(t))) })
	t.Run("without a browser", func(t *testing.T) { noticeIsRight(t, patrolledPlain(t)) })
}

func noticeIsRight(t *testing.T, n night) {
	t.Helper()
	for _, name := range []string{"attachment-1.csv", "attachment-2.csv", "attachment-3.csv"} {
		want, err := os.ReadFile(filepath.Join("testdata", "notice", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := n.file(t, name); got != string(want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
	sites, accounts := n.check.Totals.Sites, n.check.Totals.Accounts
	if sites.Total != 33 || sites.Fail != 2 || sites.Rate != "93.9" || sites.Pass != 31 {
		t.Errorf("sites %+v; want 33, 2 failing, 31 passing, 93.9", sites)
	}
	for _, a := range n.check.Accounts {
		if a.State == "unknown" {
			t.Errorf("%s is unknown (%v)", a.Code, a.Reason)
		}
	}
	if accounts.Total != 91 || accounts.Fail != 5 || accounts.Rate != "94.5" || accounts.Pass != 86 {
		t.Errorf("accounts %+v; want 91, 5 failing, 86 passing, 94.5", accounts)
	}
	missing := ""
	for _, s := range n.check.Sections {
		if s.State == "missing" {
			missing += s.Unit + " "
		}
	}
	if missing != "平定县人民政府 盂县人民政府 " {
		t.Errorf("missing sections of %q, want 平定县 and 盂县", missing)
	}
}

// Every column that the facts make unreadable is unknown for that reason, and
// nothing is accused that the notice does not name.
func TestUnknownIsExactlyWhatCannotBeRead(t *testing.T) {
	n := patrolledPlain(t)
	want := map[string]string{
		"tjj/ghjh": "down", "zt/yhyshj": "down", "zt/aqscy": "down", "kjj/zcjd": "blocked", "swj/czxx": "gone",
		"jtj/rsxx": "lost", "wlj/zcjd": "script", "nyncj/ghjh": "undated", "slj/czxx": "robots",
	}
	for _, c := range n.check.Columns {
		switch {
		case c.State == "unknown" && want[c.ID] == "":
			t.Errorf("%s is unknown (%s), and the facts say that it can be read", c.ID, c.Reason)
		case want[c.ID] != "" && string(c.Reason) != want[c.ID]:
			t.Errorf("%s is %s (%s), want unknown (%s)", c.ID, c.State, c.Reason, want[c.ID])
		case c.State == "stale" && !strings.HasPrefix(c.ID, "xxgk/") && !strings.HasSuffix(c.ID, "/jyta"):
			t.Errorf("%s is accused, and the notice does not name it", c.ID)
		}
	}
	for _, f := range n.check.Findings {
		if f.Source == "巡查" && f.Effect == "veto" && !strings.HasPrefix(f.Subject, "account:") {
			t.Errorf("finding %s at %s: own rules leave every site 合格", f.Indicator, f.Subject)
		}
	}
}

func TestOwnRulesAloneLeaveBothSitesPassing(t *testing.T) {
	city := cityFolder(t)
	if err := os.RemoveAll(filepath.Join(city, "registers")); err != nil {
		t.Fatal(err)
	}
	n := patrolled(t, city)
	if s := n.check.Totals.Sites; s.Fail != 0 || s.Pass != 33 {
		t.Errorf("sites %+v, want all 33 合格 without the province's register", s)
	}
	if a := n.check.Totals.Accounts; a.Fail != 5 {
		t.Errorf("%d accounts fail, want 5: the rename is seen on its page too", a.Fail)
	}
}

func TestTablesFollowTheFacts(t *testing.T) {
	city := browsedFolder(t,
		[3]string{"facts.yaml", "xxgk/czj/gzdt/tzgggs: {newest: 2023-06-20}", "xxgk/czj/gzdt/tzgggs: {newest: 2023-06-20, from: 2023-09-20}"},
		[3]string{"facts.yaml", "  pd/zdhy: {absent: true}", "  xxgk/mzj/gzdt/tzgggs: {newest: 2023-05-04}\n  pd/zdhy: {absent: true}"},
		[3]string{"facts.yaml", "  kq/jyta: {newest: 2022-12-28}", "  kq/jyta: {newest: 2023-03-09}"},
		[3]string{"facts.yaml", "account:140300M019DY0001: {newest: 2023-09-20}", "account:140300M019DY0001: {newest: 2023-09-19}"},
		[3]string{"facts.yaml", "account:140300M010XL0009: {renamed: 阳泉网警}", "account:140300M019TT0001: {renamed: 泉民市监在线}"},
		[3]string{"facts.yaml", "zt.yq.gov.cn: {down: true}", "fgw.yq.gov.cn: {down: true}"},
	)
	if err := os.RemoveAll(filepath.Join(city, "registers")); err != nil {
		t.Fatal(err)
	}
	n := patrolled(t, city)
	one, two, three := n.file(t, "attachment-1.csv"), n.file(t, "attachment-2.csv"), n.file(t, "attachment-3.csv")
	for _, c := range []struct {
		table, text string
		want        bool
	}{
		{three, "市财政局,工作动态--通知公告公示", false},
		{three, "市民政局,工作动态--通知公告公示,2023-05-04", true},
		{two, "矿区人民政府,未更新", false},
		{two, "2023年3月9日", true},
		{one, "泉民市监（抖音）,140300M019DY0001,1周无更新", true},
		{one, "140300M010XL0009", false},
		{one, "140300M019TT0001,账号名称变更未在系统同步", true},
	} {
		if strings.Contains(c.table, c.text) != c.want {
			t.Errorf("%q in the table: want %v\n%s", c.text, c.want, c.table)
		}
	}
	for _, s := range n.check.Sites {
		if s.ID == "fgw" && s.Verdict != "未能监测" {
			t.Errorf("fgw is down and its verdict is %s, want 未能监测", s.Verdict)
		}
	}
}

func TestTheSameFactsGiveTheSameFiles(t *testing.T) {
	a, b := patrolledPlain(t), patrolled(t, cityFolder(t))
	for _, name := range []string{"attachment-1.csv", "attachment-2.csv", "attachment-3.csv", "attachments.md", "summary.json"} {
		if a.file(t, name) != b.file(t, name) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

// A second night over the same pages takes readings over, and comes to the same.
func TestSecondRoundComesToTheSame(t *testing.T) {
	n := patrolledPlain(t)
	before := n.file(t, "attachment-3.csv")
	stdout, _ := xuncha(t, 0, "crawl", "--config", n.city, "--data", n.data, "--simulate", "2023-09-27", "--simulate-latency", "0s")
	if !strings.Contains(stdout, "20230928-0000-2 finished") {
		t.Errorf("got %q, want a second round", stdout)
	}
	xuncha(t, 0, "report", "--config", n.city, "--data", n.data, "--period", "2023Q3", "--out", n.out)
	if after := n.file(t, "attachment-3.csv"); after != before {
		t.Errorf("the tables differ after a second round:\n%s", after)
	}
	stdout, _ = xuncha(t, 0, "data", "verify", "--data", n.data)
	if !strings.Contains(stdout, "as it was kept") {
		t.Errorf("verify: %s", stdout)
	}
}

// Stopped, a round ends in good order and goes on where it was.
func TestStoppedRoundGoesOn(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	stop := stopper{after: 100, cancel: cancel}
	args := []string{"crawl", "--config", city, "--data", data, "--simulate", "2023-09-27", "--simulate-latency", "0s", "--verbose", "--lang", "en"}
	if status := run(ctx, args, &out, &stop); status != 0 {
		t.Fatalf("status %d, want 0", status)
	}
	if !strings.Contains(out.String(), "run the same command to go on") {
		t.Errorf("got %q", out.String())
	}
	_, stderr := xuncha(t, 1, "check", "--config", city, "--data", data)
	if !strings.Contains(stderr, "no finished round") {
		t.Errorf("check of an unfinished round: %s", stderr)
	}
	out.Reset()
	second := stopper{after: -1}
	if status := run(t.Context(), args, &out, &second); status != 0 || !strings.Contains(out.String(), "20230928-0000 finished: planned 815") {
		t.Errorf("status %d, %s; want the same round finished", status, out.String())
	}
	if second.lines >= 815 {
		t.Errorf("%d snapshots were kept by the second run; those of the first were looked at again", second.lines)
	}
}

// A stopper cancels after so many lines.
type stopper struct {
	after, lines int
	cancel       func()
}

func (s *stopper) Write(p []byte) (int, error) {
	s.lines += bytes.Count(p, []byte("\n"))
	if s.after >= 0 && s.lines >= s.after {
		s.cancel()
	}
	return len(p), nil
}

func TestShowTellsWhatWasSeen(t *testing.T) {
	n := patrolledPlain(t)
	stdout, _ := xuncha(t, 0, "show", "xxgk/czj/gzdt/tzgggs", "--data", n.data)
	for _, want := range []string{"2023-06-20", "http://xxgk.yq.gov.cn/czj/gzdt/tzgggs/", "2023-09-13", "200"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("show does not say %q:\n%s", want, stdout)
		}
	}
	_, stderr := xuncha(t, 1, "show", "xxgk/czj/gzdt/tzgg", "--data", n.data)
	if !strings.Contains(stderr, "xxgk/czj/gzdt/tzgggs") {
		t.Errorf("an unknown subject: %q, want the near one named", stderr)
	}
}

// Old snapshots go, what a finding cites stays, and the tables of the past
// quarter can still be made.
func TestRetentionKeepsWhatFindingsCite(t *testing.T) {
	n := patrolledPlain(t)
	before := n.file(t, "attachment-3.csv")
	xuncha(t, 0, "crawl", "--config", n.city, "--data", n.data, "--simulate", "2023-12-20", "--simulate-latency", "0s")
	stdout, _ := xuncha(t, 0, "data", "compact", "--data", n.data, "--keep-days", "30")
	if !strings.Contains(stdout, "Let go of ") || strings.Contains(stdout, "Let go of 0 ") {
		t.Errorf("got %q, want old snapshots let go", stdout)
	}
	xuncha(t, 0, "report", "--config", n.city, "--data", n.data, "--period", "2023Q3", "--at", "2023-09-27", "--out", n.out)
	if after := n.file(t, "attachment-3.csv"); after != before {
		t.Errorf("the tables of the past quarter changed:\n%s", after)
	}
	xuncha(t, 0, "data", "verify", "--data", n.data)
}
