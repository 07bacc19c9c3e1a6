package report

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

func tableText(t *testing.T, c Check, lang string) string {
	t.Helper()
	var b strings.Builder
	if err := WriteTable(&b, c, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTable(t *testing.T) {
	golden(t, "table.zh.txt", tableText(t, smallCheck(), "zh"))
	golden(t, "table.en.txt", tableText(t, smallCheck(), "en"))
}

func TestTableOfCityInOrderSaysSoAndNothingElse(t *testing.T) {
	res := rules.Result{
		Point: on("2023-09-28"), PointDay: on("2023-09-27"),
		Columns: []rules.ColumnResult{{State: rules.Fresh}}, Sites: []rules.SiteResult{{Verdict: rules.Pass}},
	}
	city := &inventory.City{Report: inventory.Report{Decimals: 1}}
	got := tableText(t, NewCheck(city, ruleSet(), round(), res), "zh")
	want := "监测时间点2023-09-27：1家网站1家合格（100.0%），0个账号0个合格（初判）。0个栏目超期未更新，0个临期，0个未能监测。\n\n" +
		"监测范围及未能监测情况说明：计划监测栏目1个，监测到1个，未能监测0个；计划监测账号0个，监测到0个，未能监测0个。未能监测的不作为问题。\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What we could not read must not sound like something the unit left undone.
func TestUnknownIsSaidAsOurs(t *testing.T) {
	for reason, want := range map[extract.Reason]string{
		extract.ReasonDown:      "未能监测：无法访问",
		extract.ReasonBlocked:   "未能监测：访问被拦截",
		extract.ReasonGone:      "未能监测：页面失效",
		extract.ReasonLost:      "未能监测：页面改版，采集规则待更新",
		extract.ReasonScript:    "未能监测：需要浏览器渲染",
		extract.ReasonUndated:   "未能监测：未识别到日期",
		extract.ReasonPartial:   "未能监测：未能读全",
		extract.ReasonRobots:    "未能监测：协议不允许",
		extract.ReasonNotLooked: "未能监测：本次未巡查",
		"":                      "未能监测：本次未巡查",
		"new\x1breason":         "未能监测：new reason",
	} {
		if got := chinese.stateAndReason(rules.Unknown, reason); got != want {
			t.Errorf("%q: got %s, want %s", reason, got, want)
		}
	}
}

func TestStatesHaveSignAndWord(t *testing.T) {
	for state, want := range map[rules.State]string{
		rules.Fresh: "●正常fresh", rules.Due: "◐临期due", rules.Stale: "■超期未更新stale", rules.Blank: "□空白栏目blank",
		rules.Missing: "▲疑似未开设suspected missing", rules.Unknown: "◌未能监测unknown", "newer": "◌未能监测unknown",
	} {
		if got := sign(state) + chinese.state(state) + english.state(state); got != want {
			t.Errorf("%s: got %s, want %s", state, got, want)
		}
	}
}

// hostileCheck is a check whose texts come from a page that means harm.
func hostileCheck() Check {
	c := staleColumn("a/b", "市财政局", "\x1b[31m工作\n动态\u202e|<b>", "2023-06-20")
	c.NewestTitle = `=HYPERLINK("http://evil.example","点我")`
	d := staleColumn("a/c", "市财政局", strings.Repeat("长", 10000), "2023-06-20")
	res := rules.Result{Point: on("2023-09-28"), PointDay: on("2023-09-27"), Columns: []rules.ColumnResult{c, d}}
	return NewCheck(&inventory.City{}, ruleSet(), round(), res)
}

func TestHostileTitlesCannotHarmATerminal(t *testing.T) {
	got := tableText(t, hostileCheck(), "zh")
	if strings.ContainsAny(got, "\x1b\u202e") {
		t.Errorf("control characters reach the terminal: %q", got)
	}
	for line := range strings.Lines(got) {
		if width(strings.TrimRight(line, "\n")) > 7*(widest+2) {
			t.Errorf("line of %d cells: %.80q…", width(line), line)
		}
	}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	if err := WriteCSV(&b, smallCheck()); err != nil {
		t.Fatal(err)
	}
	golden(t, "columns.csv", b.String())
	if !strings.HasPrefix(b.String(), "\uFEFF对象,") {
		t.Errorf("spreadsheets need the byte order mark: %.20q", b.String())
	}
}

func TestCSVDisarmsFormulasAndCutsNothing(t *testing.T) {
	var b strings.Builder
	if err := WriteCSV(&b, hostileCheck()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := rows[1][10], `'=HYPERLINK("http://evil.example","点我")`; got != want {
		t.Errorf("title: got %q, want %q", got, want)
	}
	if got := rows[2][4]; got != strings.Repeat("长", 10000) {
		t.Errorf("name of 10000 characters: got %d bytes", len(got))
	}
}

// fullDisk refuses every byte.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestWritersReportTheirError(t *testing.T) {
	for name, err := range map[string]error{
		"table": WriteTable(fullDisk{}, smallCheck(), "zh"),
		"csv":   WriteCSV(fullDisk{}, smallCheck()),
		"json":  WriteJSON(fullDisk{}, smallCheck()),
		"print": Print(fullDisk{}, Draft{}),
		"show":  Show(fullDisk{}, Proof{}, "zh"),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want %v", name, err, errFull)
		}
	}
}
