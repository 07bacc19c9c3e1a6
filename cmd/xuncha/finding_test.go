//go:build !race

package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xuncha/cases"
	tables "xuncha/internal/sheet"
	"xuncha/people"
	"xuncha/store"
)

// An office is a simulated city with its findings, dealt with from the command
// line.
type office struct {
	t          *testing.T
	city, data string
}

// finding runs a command of findings and wants a status; what it printed to
// either side is returned.
func (o office) finding(status int, args ...string) string {
	o.t.Helper()
	args = append([]string{"finding"}, args...)
	if args[1] != "list" && args[1] != "show" && args[1] != "history" && args[1] != "slip" {
		args = append(args, "--config", o.city)
	}
	stdout, stderr := xuncha(o.t, status, append(args, "--data", o.data)...)
	return stdout + stderr
}

// refused wants a command to be refused with a sentence.
func (o office) refused(sentence string, args ...string) {
	o.t.Helper()
	if got := o.finding(1, args...); !strings.Contains(got, sentence) {
		o.t.Errorf("xuncha finding %s: got %q, want a refusal that says %q", strings.Join(args, " "), got, sentence)
	}
}

// list returns the findings of a period by subject.
func (o office) list(period string) map[string]findingRow {
	o.t.Helper()
	var rows []findingRow
	if err := json.Unmarshal([]byte(o.finding(0, "list", "--period", period, "--format", "json")), &rows); err != nil {
		o.t.Fatal(err)
	}
	found := map[string]findingRow{}
	for _, r := range rows {
		found[r.Subject] = r
	}
	return found
}

// crawl looks at what the story is about, with the clock at a day and the facts
// changed: old, new.
func (o office) crawl(day string, changes ...string) {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.city, "facts.yaml"))
	if err != nil {
		o.t.Fatal(err)
	}
	facts := string(text)
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(facts, changes[i]) {
			o.t.Fatalf("the facts do not hold %q", changes[i])
		}
		facts = strings.Replace(facts, changes[i], changes[i+1], 1)
	}
	name := filepath.Join(o.t.TempDir(), "facts.yaml")
	if err := os.WriteFile(name, []byte(facts), 0o600); err != nil {
		o.t.Fatal(err)
	}
	for _, only := range []string{"xxgk/*", "account:140300M01*"} {
		xuncha(o.t, 0, "crawl", "--config", o.city, "--data", o.data, "--simulate", day+":"+name, "--simulate-latency", "0s", "--only", only)
	}
}

// who are flags for a person at a moment.
func who(name, role, at string, more ...string) []string {
	return append([]string{"--by", name, "--role", role, "--at", at}, more...)
}

func with(first []string, more ...string) []string { return append(first, more...) }

const (
	czj = "xxgk/czj/gzdt/tzgggs" // fixed in October
	tyj = "xxgk/tyj/gzdt/tzgggs" // first dated back, fixed in November
	xfj = "xxgk/xfj/gzdt/rcgzdt" // has nothing to publish until the end of October
	sfj = "xxgk/sfj/gzdt/bmhyxx" // fixed before the notice, and counted all the same
	wjw = "xxgk/wjw/gzdt/gzjb"   // never fixed, and unreadable in December
	mzj = "xxgk/mzj/gzdt/tzgggs" // fails in December alone, as an account that fell silent in September
	dy1 = "account:140300M019DY0001"
	dy4 = "account:140300M010DY0004"
	xl1 = "account:140300M019XL0001" // silent in both quarters
)

// The findings of the third quarter are confirmed, sent down, answered, looked at
// again and cleared, or come back in the fourth.
func TestThirdQuarterIntoTheFourth(t *testing.T) {
	o := office{t, cityFolder(t), t.TempDir()}
	o.crawl("2023-09-27")
	xuncha(t, 0, "report", "--config", o.city, "--data", o.data, "--period", "2023Q3", "--at", "2023-09-27", "--out", t.TempDir())
	found := o.list("2023Q3")
	if len(found) != 23 {
		t.Errorf("got %d findings, want the 5 accounts, 16 columns and 2 sites of the notice", len(found))
	}
	if got := o.finding(0, "sync", "--period", "2023Q3", "--point", "2023-09-27"); !strings.Contains(got, "0 suspicions entered, 0 withdrawn") {
		t.Errorf("a second time: got %q", got)
	}
	o.beforeTheNotice()
	for _, dropped := range o.states("2023Q3", "报备不计") {
		_, stderr := xuncha(t, 0, "show", dropped.Subject, "--data", o.data, "--at", "2023-09-27", "--pack", filepath.Join(t.TempDir(), "pack"), "--indicator", dropped.Indicator)
		if !strings.Contains(stderr, "accuse nobody by it") {
			t.Errorf("the pack of %s, which is %s: %q", dropped.Subject, dropped.State, stderr)
		}
	}
	o.afterTheNotice()

	o.crawl("2023-10-25",
		czj+": {newest: 2023-06-20}", czj+": {newest: 2023-06-20, from: 2023-10-18}",
		tyj+": {newest: 2023-07-14}", tyj+": {newest: 2023-09-20}",
		dy4+": {newest: 2023-09-19}", dy4+": {newest: 2023-09-19, from: 2023-10-16}")
	o.recheck()
	if _, stderr := xuncha(t, 0, "report", "--config", o.city, "--data", o.data, "--period", "2023Q3", "--out", t.TempDir()); !strings.Contains(stderr, "give --at 2023-09-27") {
		t.Errorf("a draft as of another day: %q", stderr)
	}

	o.crawl("2023-12-27",
		czj+": {newest: 2023-06-20}", czj+": {newest: 2023-06-20, from: 2023-10-18}",
		tyj+": {newest: 2023-07-14}", tyj+": {newest: 2023-09-20, from: 2023-11-20}",
		dy4+": {newest: 2023-09-19}", dy4+": {newest: 2023-09-19, from: 2023-10-16}",
		sfj+": {newest: 2023-04-03}", sfj+": {newest: 2023-04-03, from: 2023-10-08}",
		wjw+": {newest: 2021-03-06}", wjw+": {unreadable: gone}",
		"  pd/zdhy: {absent: true}", "  "+mzj+": {newest: 2023-11-30}\n  pd/zdhy: {absent: true}")
	for range 2 {
		if got := o.finding(0, "sync", "--period", "2023Q4", "--point", "2023-12-27"); !strings.Contains(got, "in 2023Q4 1 findings are there again that were exempt last time") {
			t.Errorf("nobody is told to ask anew: %s", got)
		}
	}
	if got := o.finding(0, "list", "--exempt", "--format", "csv"); strings.Count(got, "\n") != 2 || !strings.Contains(got, xfj) || !strings.Contains(got, "2023Q4") {
		t.Errorf("what is to be asked about anew: %s", got)
	}
	o.fourthQuarter()

	if _, err := cases.Import([]byte(o.finding(0, "history"))); err != nil {
		t.Errorf("the exported history: %v", err)
	}
	if stdout, _ := xuncha(t, 0, "data", "verify", "--data", o.data); !strings.Contains(stdout, "as it was kept") {
		t.Errorf("verify: %s", stdout)
	}
}

// beforeTheNotice: 7 and 8 October are worked, so two working days after the 7th
// end on the 9th.
func (o office) beforeTheNotice() {
	t := o.t
	found := o.list("2023Q3")
	got := o.finding(0, with([]string{"verify", "--period", "2023Q3", "--state", "疑似"}, who("王敏", "经办", "2023-10-07")...)...)
	if strings.Count(got, "due 2023-10-09") != 23 {
		t.Errorf("verify: got %s, want the 9th for all", got)
	}
	dir := t.TempDir()
	o.finding(0, "slip", "--period", "2023Q3", "--out", dir)
	book, err := tables.Open(filepath.Join(dir, "核实单-2023Q3-gaj.xlsx"))
	if err != nil || len(book.Sheets[0].Rows) != 6 {
		t.Errorf("市公安局's slip: %v, want four accounts and a column", err)
	}
	id := found[czj].ID
	o.refused("the unit may answer until 2023-10-09", with([]string{"confirm", id}, who("王敏", "经办", "2023-10-08")...)...)
	o.refused("one of 属实, 不属实, 已整改", with([]string{"answer", id, "--answer", "也许"}, who("赵红", "单位", "2023-10-08")...)...)
	o.refused("needs proof, or a note", with([]string{"answer", tyj, "--answer", "不属实"}, who("赵红", "单位", "2023-10-08")...)...)
	o.finding(0, with([]string{"answer", id[:6], "--answer", "属实"}, who("赵红", "单位", "2023-10-08")...)...)
	o.finding(0, with([]string{"answer", tyj, "--answer", "不属实", "--note", "栏目已更新"}, who("钱伟", "单位", "2023-10-08")...)...)
	o.finding(0, with([]string{"answer", sfj, "--answer", "已整改"}, who("孙丽", "单位", "2023-10-09")...)...)
	o.finding(0, with([]string{"standing", sfj, "--fixed", "--note", "10月8日已发布会议信息"}, who("王敏", "经办", "2023-10-10")...)...)

	paper := filepath.Join(t.TempDir(), "报备.txt")
	if err := os.WriteFile(paper, []byte("近期无应公开内容"), 0o600); err != nil {
		t.Fatal(err)
	}
	exempt := []string{"exempt", xfj, "--reason", "无应公开内容", "--until", "2023-10-31", "--note", "机构调整"}
	o.refused("needs the filing as an attachment", with(exempt, who("王敏", "经办", "2023-10-10")...)...)
	o.finding(0, with(exempt, who("王敏", "经办", "2023-10-10", "--attach", paper)...)...)
	o.refused("another person must approve", with([]string{"approve", xfj}, who("王敏", "审核", "2023-10-10")...)...)
	o.finding(0, with([]string{"approve", xfj}, who("李强", "审核", "2023-10-10")...)...)

	if got := o.finding(0, "list", "--period", "2023Q3", "--exempt"); strings.Count(got, "\n") != 2 || !strings.Contains(got, "2023-10-31") || !strings.Contains(got, "无应公开内容") {
		t.Errorf("the exemption and its end: %s", got)
	}
	if got := o.finding(0, "list", "--period", "2023Q3"); !strings.Contains(got, "exemptions in force: 1, the first ends on 2023-10-31") {
		t.Errorf("list says nothing of the exemption: %s", got)
	}

	confirm := []string{"confirm", "--period", "2023Q3", "--state", "核实"}
	o.refused("say why it is confirmed all the same", with(confirm, who("王敏", "经办", "2023-10-10")...)...)
	if n := len(o.states("2023Q3", "认定")); n != 0 {
		t.Errorf("%d are confirmed, though one of all was refused", n)
	}
	o.finding(0, with(confirm, who("王敏", "经办", "2023-10-10", "--note", "监测时间点前两周内无更新，有快照")...)...)
	if waiting := o.states("2023Q3", pending); len(waiting) != 7 {
		t.Errorf("%d wait for a second person, want the five accounts and the two sites: they are vetoes", len(waiting))
	}
	o.refused("may not send", with([]string{"send", id, "--due", "2023-10-20"}, who("王敏", "经办", "2023-10-11")...)...)
	o.finding(0, with([]string{"approve", "--period", "2023Q3", "--state", pending}, who("李强", "审核", "2023-10-10")...)...)

	// What a person found counts beside.
	got = o.finding(0, with([]string{"add", "unit:jtj", "national.V5.interaction", "--period", "2023Q3", "--text", "留言超过3个月未答复", "--source", "网民反映"}, who("王敏", "经办", "2023-10-10")...)...)
	if !strings.Contains(got, "疑似") {
		t.Errorf("add: %s", got)
	}
	o.refused("no subject nowhere", with([]string{"add", "nowhere", "national.V5.interaction", "--period", "2023Q3"}, who("王敏", "经办", "2023-10-10")...)...)
	o.finding(0, with([]string{"reject", "unit:jtj", "--note", "留言已按期答复"}, who("王敏", "经办", "2023-10-10")...)...)
}

// states returns the findings of a period in a state.
func (o office) states(period, state string) []findingRow {
	o.t.Helper()
	var rows []findingRow
	if err := json.Unmarshal([]byte(o.finding(0, "list", "--period", period, "--state", state, "--format", "json")), &rows); err != nil {
		o.t.Fatal(err)
	}
	return rows
}

func (o office) afterTheNotice() {
	o.refused("send needs a due day", with([]string{"send", czj}, who("周涛", "签发", "2023-10-11")...)...)
	o.finding(0, with([]string{"send", "--period", "2023Q3", "--state", "认定", "--due", "2023-10-20", "--document", "阳政办函〔2023〕12号"}, who("周涛", "签发", "2023-10-11")...)...)
	if n := len(o.states("2023Q3", "交办")); n != 22 {
		o.t.Errorf("%d were sent down, want all but the one that is exempt", n)
	}
	o.refused("it stands at 交办", with([]string{"clear", czj}, who("王敏", "经办", "2023-10-12")...)...)
	o.finding(0, with([]string{"accept", czj, tyj}, who("赵红", "单位", "2023-10-12")...)...)
	o.refused("signed by the head of the unit", with([]string{"report", czj}, who("赵红", "单位", "2023-10-19")...)...)
	o.finding(0, with([]string{"report", czj, dy4, tyj, "--signed-by", "陈局长"}, who("赵红", "单位", "2023-10-19")...)...)
	if late := o.finding(0, "list", "--state", overdue, "--at", "2023-10-23", "--format", "csv"); strings.Count(late, "\n") != 1+19 {
		o.t.Errorf("overdue on the 23rd:\n%s\nwant the 19 that did not report", late)
	}
	o.refused("is older than the report", with([]string{"recheck", czj}, "--at", "2023-10-20")...)
	if got := o.finding(0, with([]string{"recheck"}, "--at", "2023-10-20")...); !strings.Contains(got, "the look is older than the report") || strings.Contains(got, "复核\n") {
		o.t.Errorf("looks from before the reports: %s", got)
	}
}

func (o office) recheck() {
	got := o.finding(0, "recheck")
	for _, want := range []string{"suggested: clear", "suggested: return"} {
		if !strings.Contains(got, want) {
			o.t.Errorf("recheck: got no %q in\n%s", want, got)
		}
	}
	if history := o.finding(0, "show", tyj); !strings.Contains(history, "补录2023-") {
		o.t.Errorf("%s was dated back, and its history does not say so:\n%s", tyj, history)
	}
	o.refused("the last re-check did not pass", with([]string{"clear", tyj}, who("王敏", "经办", "2023-10-26")...)...)
	o.finding(0, with([]string{"return", tyj, "--due", "2023-11-30", "--note", "仅为补录，监测时间点后无更新"}, who("王敏", "经办", "2023-10-26")...)...)
	o.finding(0, with([]string{"clear", czj, dy4}, who("王敏", "经办", "2023-10-26")...)...)
	o.refused("another person must approve", with([]string{"approve", czj}, who("王 敏", "审核", "2023-10-26")...)...)
	o.finding(0, with([]string{"approve", czj, dy4}, who("李强", "审核", "2023-10-26")...)...)
	o.finding(0, with([]string{"report", tyj, "--signed-by", "吴局长"}, who("钱伟", "单位", "2023-11-25")...)...)
}

func (o office) fourthQuarter() {
	t := o.t
	o.finding(0, "recheck", tyj, "--period", "2023Q3")
	o.finding(0, with([]string{"clear", tyj, "--period", "2023Q3"}, who("王敏", "经办", "2023-12-28")...)...)
	o.finding(0, with([]string{"approve", tyj, "--period", "2023Q3"}, who("李强", "审核", "2023-12-28")...)...)
	third, fourth := o.list("2023Q3"), o.list("2023Q4")
	for subject, want := range map[string]struct {
		third  string
		fourth bool // found again
		before int  // times it counted before
	}{
		czj: {"销号", false, 0}, tyj: {"销号", false, 0}, dy4: {"销号", false, 0}, sfj: {"交办", false, 0}, wjw: {"交办", false, 0},
		xfj: {"报备不计", true, 0}, xl1: {"交办", true, 1}, dy1: {"", true, 0}, "xxgk/fgw/tzgg": {"交办", true, 1}, mzj: {"", true, 0},
		"zjj": {"交办", false, 0}, // the province's finding is of the third quarter alone
	} {
		got, again := fourth[subject]
		if third[subject].State != want.third || again != want.fourth || got.Repeats != want.before {
			t.Errorf("%s: third quarter %s, in the fourth %v after %d; want %+v", subject, third[subject].State, again, got.Repeats, want)
		}
		if again && got.State != "疑似" {
			t.Errorf("%s begins the fourth quarter as %s, want 疑似", subject, got.State)
		}
	}
	if !third[sfj].Counted || third[xfj].Counted {
		t.Error("what was fixed before the notice counts, what is exempt does not")
	}
	if show := o.finding(0, "show", sfj, "--period", "2023Q3"); !strings.Contains(show, "发文前已整改") {
		t.Errorf("the notice's note is missing:\n%s", show)
	}
	again := 0
	for subject := range fourth {
		if _, before := third[subject]; before {
			again++
		} else if subject != mzj && subject != dy1 {
			t.Errorf("%s is new in the fourth quarter", subject)
		}
	}
	// Of 23: three cleared, one fixed before the notice, one unreadable, and the two sites of the province.
	if again != 16 || len(fourth) != 18 {
		t.Errorf("%d findings come back of %d in the fourth quarter, want 16 of 18", again, len(fourth))
	}
}

// Who may act is the city's to say, and one person may be enough.
func TestPeopleOfTheCity(t *testing.T) {
	deciding := "rule_set: yangquan-2023\npeople: {alone: true, report_days: 7, list: [{name: 王敏, roles: [经办]}, {name: 周涛, roles: [审核, 签发]}]}"
	o := office{t, cityFolder(t, [3]string{"city.yaml", "rule_set: yangquan-2023", deciding}), t.TempDir()}
	add := []string{"add", "fgw", "national.V5.interaction", "--period", "2023Q3", "--at", "2023-10-10"}
	o.refused("陌生人 is not listed as 经办", with(add, "--by", "陌生人", "--role", "经办")...)
	if got := o.finding(2, with(add, "--by", "周涛")...); !strings.Contains(got, "--role is missing") {
		t.Errorf("got %q", got)
	}
	o.finding(0, with(add, "--by", "王敏")...) // has one role
	if got := o.finding(0, "confirm", "fgw", "--by", "王敏", "--at", "2023-10-10"); !strings.Contains(got, ": 认定") {
		t.Errorf("got %q, want it confirmed by one person", got)
	}
	if got := o.finding(0, with([]string{"send", "fgw"}, who("周涛", "签发", "2023-10-11")...)...); !strings.Contains(got, "due 2023-10-20") {
		t.Errorf("got %q, want seven working days", got)
	}
	if got := o.finding(2, with([]string{"note", "fgw", "--note", "x"}, who("王敏", "经办", "2199-01-01")...)...); !strings.Contains(got, "out of range") {
		t.Errorf("got %q", got)
	}
	stdout, _ := xuncha(t, 0, "finding", "show", "fgw", "--data", o.data, "--config", o.city, "--lang", "zh")
	if !strings.Contains(stdout, "按配置由一人办理") {
		t.Errorf("the history does not say that one person decided:\n%s", stdout)
	}

	// So is whoever decides in the console, for as long as they do.
	if got := o.finding(1, with([]string{"note", "fgw", "--note", "x"}, who("李强", "经办", "2023-10-12")...)...); !strings.Contains(got, "李强 is not listed as 经办") {
		t.Errorf("got %q", got)
	}
	o.user("li", "李强")
	if got := o.finding(0, "note", "fgw", "--note", "x", "--by", "李强", "--at", "2023-10-12"); !strings.HasPrefix(got, "note ") {
		t.Errorf("got %q", got)
	}
}

// user makes somebody a user of the console who is 经办.
func (o office) user(name, full string) {
	o.t.Helper()
	st, err := store.Open(filepath.Join(o.data, storeName), store.Options{})
	if err != nil {
		o.t.Fatal(err)
	}
	gate, err := people.Open(people.Config{Store: st, Cost: people.Cost{MemoryKiB: 8, Passes: 1}})
	if err == nil {
		_, err = gate.Create(people.Actor{}, people.User{Name: name, FullName: full, Roles: []people.Role{people.Handler}})
	}
	if err := errors.Join(err, st.Close()); err != nil {
		o.t.Fatal(err)
	}
}

func TestDrawCanBeRepeated(t *testing.T) {
	city := cityFolder(t)
	draw := func(seed string) (string, string) {
		dir := t.TempDir()
		xuncha(t, 0, "finding", "draw", "--config", city, "--of", "accounts", "--share", "0.3", "--seed", seed, "--period", "2023Q3", "--out", dir)
		book, err := tables.Open(filepath.Join(dir, "checklist.xlsx"))
		if err != nil || len(book.Sheets[0].Rows) < 29 {
			t.Errorf("the check list: %v", err)
		}
		return read(t, dir, "draw.txt"), read(t, dir, "draw.json")
	}
	first, data := draw("20231001")
	second, again := draw("20231001")
	other, _ := draw("20231002")
	if first != second || data != again || first == other || strings.Count(first, "抽中") != 28 {
		t.Errorf("got\n%s\nand\n%s", first, second)
	}
}

func TestRegistersFromTheCommandLine(t *testing.T) {
	city, data, dir := cityFolder(t), t.TempDir(), t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	bad := write("bad.csv", "编号,收到时间,责任单位\n1,2023-09-05,市财政局\n2,昨天,市财政局\n")
	take := func(status int, kind, file string, more ...string) string {
		stdout, stderr := xuncha(t, status, append([]string{"register", "import", kind, file, "--config", city, "--data", data, "--by", "王敏"}, more...)...)
		return stdout + stderr
	}
	if got := take(1, "messages", bad); !strings.Contains(got, "row 3, B3 (收到时间): 昨天 is no date") || !strings.Contains(got, "nothing was written") {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(filepath.Join(data, storeName)); err == nil {
		t.Error("something was written all the same")
	}
	good := write("good.csv", "编号,收到时间,责任单位,办结时间,状态\n1,2023-09-05,市财政局,2023-09-06,已办结\n2,2023-09-07,市审计局,2023-09-12,已办结\n3,2023-09-28,市公安局,2023-10-07,已办结\n")
	if got := take(0, "messages", good, "--dry-run"); !strings.Contains(got, "added 3") || !strings.Contains(got, "nothing was written") {
		t.Errorf("got %q", got)
	}
	take(0, "messages", good)
	if got := take(0, "messages", good); !strings.Contains(got, "added 0, changed 0, same 3") {
		t.Errorf("got %q", got)
	}
	stdout, _ := xuncha(t, 0, "register", "list", "messages", "--period", "2023Q3", "--data", data, "--config", city)
	for _, want := range []string{"已办结 3", "办结率（%） 100.0", "按期办结 3", "未办结 0"} {
		if !strings.Contains(strings.Join(strings.Fields(stdout), " "), want) {
			t.Errorf("got no %q in\n%s", want, stdout)
		}
	}
	out := filepath.Join(dir, "out.xlsx")
	xuncha(t, 0, "register", "export", "messages", out, "--data", data, "--config", city)
	if got := take(0, "messages", out); !strings.Contains(got, "same 3") {
		t.Errorf("what was exported is another: %q", got)
	}
	stdout, _ = xuncha(t, 0, "register", "list", "--data", data, "--config", city)
	if strings.Count(stdout, "王敏") != 3 {
		t.Errorf("the imports: %s", stdout)
	}
	xuncha(t, 0, "register", "export", "words", filepath.Join(dir, "空表.csv"), "--empty")
	xuncha(t, 2, "register", "export", "nonsense", out)
}

// What the province found and a register holds is one fact with what the program
// saw, and counts once.
func TestOneFactWithTwoSources(t *testing.T) {
	o := office{t, cityFolder(t), t.TempDir()}
	xuncha(t, 0, "crawl", "--config", o.city, "--data", o.data, "--simulate", "2023-09-27", "--simulate-latency", "0s", "--only", "xxgk/czj/*")
	list := filepath.Join(t.TempDir(), "省通报.csv")
	text := "对象,检查指标,通报单位,通报日期,问题\n" + czj + ",yangquan.disclosure.dynamic,山西省人民政府办公厅,2023-09-20,动态栏目更新不及时\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	xuncha(t, 0, "register", "import", "superior", list, "--config", o.city, "--data", o.data, "--by", "王敏")
	o.finding(0, "sync", "--period", "2023Q3", "--point", "2023-09-27")
	n := 0
	for subject, row := range o.list("2023Q3") {
		if subject == czj {
			n++
			if strings.Join(row.Sources, "、") != "巡查、上级通报" {
				t.Errorf("got sources %v", row.Sources)
			}
		}
	}
	if n != 1 {
		t.Errorf("got %d findings of %s, want one", n, czj)
	}
}

func TestCheckWarnsOfHolidays(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	xuncha(t, 0, "crawl", "--config", city, "--data", data, "--simulate", "2023-10-08", "--simulate-latency", "0s", "--only", "fgw")
	if _, stderr := xuncha(t, 0, "check", "--config", city, "--data", data); !strings.Contains(stderr, "holidays (中秋节、国庆节) take 8 of 14 days") && !strings.Contains(stderr, "take 8 of 15 days") {
		t.Errorf("got %q, want a note on the holidays", stderr)
	}
	if stdout, _ := xuncha(t, 0, "check", "--config", city, "--data", data, "--format", "json"); !strings.Contains(stdout, `"indicator": "yangquan.disclosure.dynamic"`) || !strings.Contains(stdout, `"window_start": "2023-09-24"`) {
		t.Errorf("check as JSON does not tell of the holidays:\n%s", stdout[max(0, len(stdout)-2000):])
	}
	xuncha(t, 0, "crawl", "--config", city, "--data", data, "--simulate", "2023-11-20", "--simulate-latency", "0s", "--only", "fgw")
	if _, stderr := xuncha(t, 0, "check", "--config", city, "--data", data); strings.Contains(stderr, "holidays") {
		t.Errorf("got %q in November", stderr)
	}
}

// fill writes a sheet again with some cells of its first rows filled in: row,
// the beginning of a column's head, text.
func fill(t *testing.T, name string, cells ...[3]string) {
	t.Helper()
	book, err := tables.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var grid [][]string
	for _, r := range book.Sheets[0].Rows {
		row := make([]string, len(book.Sheets[0].Rows[0].Cells))
		for _, c := range r.Cells {
			row[c.Col-1] = c.Text
		}
		grid = append(grid, row)
	}
	for _, c := range cells {
		for i, head := range grid[0] {
			if strings.HasPrefix(head, c[1]) {
				grid[len(c[0])][i] = c[2]
			}
		}
	}
	if err := writeSheets(name, tables.Table{Name: "表", Head: grid[0], Rows: grid[1:]}); err != nil {
		t.Fatal(err)
	}
}

// What people fill into the sheets that the program wrote is read back.
func TestFilledSheetsComeBack(t *testing.T) {
	o, dir := office{t, cityFolder(t), t.TempDir()}, t.TempDir()
	xuncha(t, 0, "crawl", "--config", o.city, "--data", o.data, "--simulate", "2023-09-27", "--simulate-latency", "0s", "--only", "xxgk/fgw/*")
	list := filepath.Join(dir, "checklist.xlsx")
	xuncha(t, 0, "finding", "draw", "--config", o.city, "--share", "0.05", "--seed", "1", "--period", "2023Q3", "--indicator", "national.V5.interaction", "--out", dir)
	fill(t, list, [3]string{"x", "检查结果", "有问题"}, [3]string{"x", "所见情况", "留言超过3个月未答复"}, [3]string{"xx", "检查结果", "正常"})
	fill(t, list, [3]string{"x", "检查期", "第三季度"})
	o.refused("row 2: 第三季度 is no period", with([]string{"checked", list}, who("王敏", "经办", "2023-10-06")...)...)
	fill(t, list, [3]string{"x", "检查期", "2023Q3"})
	if got := o.finding(0, with([]string{"checked", list}, who("王敏", "经办", "2023-10-06")...)...); strings.Count(got, "raise ") != 1 {
		t.Errorf("checked: got %s, want one problem entered", got)
	}
	if got := o.finding(2, with([]string{"sync", "--period", "2023Q1", "--point", "2023-09-27"}, "--at", "2023-10-06")...); !strings.Contains(got, "2023Q1 ended on 2023-03-31") {
		t.Errorf("a point of another quarter: %s", got)
	}
	o.finding(0, with([]string{"sync", "--period", "2023Q3", "--point", "2023-09-27"}, "--at", "2023-10-06")...)
	o.finding(0, with([]string{"verify", "--period", "2023q3", "--unit", "fgw"}, who("王敏", "经办", "2023-10-07")...)...)
	o.finding(0, "slip", "--period", "2023Q3", "--unit", "市发展和改革委员会", "--out", dir)
	slip := filepath.Join(dir, "核实单-2023Q3-fgw.xlsx")
	o.refused("nothing is filled in", with([]string{"answers", slip}, who("赵红", "单位", "2023-10-08")...)...)
	fill(t, slip, [3]string{"x", "答复（", "属实"}, [3]string{"xx", "答复（", "不属实"})
	o.refused("row 3: ", with([]string{"answers", slip}, who("赵红", "单位", "2023-10-08")...)...)
	fill(t, slip, [3]string{"xx", "说明", "已按期更新"})
	if got := o.finding(0, with([]string{"answers", slip}, who("赵红", "单位", "2023-10-08")...)...); strings.Count(got, "reply ") != 2 {
		t.Errorf("answers: got %s, want both", got)
	}
	if _, stderr := xuncha(t, 1, "finding", "answers", list+".none", "--by", "赵红", "--config", o.city, "--data", o.data); !strings.Contains(stderr, "none") {
		t.Errorf("got %q", stderr)
	}
	xuncha(t, 0, "data", "verify", "--data", o.data)
}
