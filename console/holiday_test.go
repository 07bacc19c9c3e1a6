package console

import (
	"strings"
	"testing"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/rules"
)

// What falls stale in a long holiday that is near is told on the overview, with the way
// to just those rows; and so are the windows that holidays fill.
func TestOverviewWarnsOfTheHoliday(t *testing.T) {
	in := town(t).Input // as of 27 September 2023; the holiday begins on the 29th
	in.Set = &rules.RuleSet{ID: "s", Name: "检查指标", Indicators: []rules.Indicator{{ID: "fresh", Name: "动态栏目更新", Window: rules.Window{Days: 7}}}}
	d := newDesk(t)
	d.b = board.New(in)
	page := d.get(aViewer, "/").Body.String()
	for _, want := range []string{"1 个栏目将在", "内超期，请节前更新", `href="/columns?holiday=1"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	if rows := d.get(aViewer, "/columns?holiday=1").Body.String(); !strings.Contains(rows, "政策文件") || strings.Contains(rows, "市长调研") {
		t.Error("the link does not lead to just what falls stale")
	}
	in.Result.Point, in.Result.PointDay = townDay(10, 7).Add(1), townDay(10, 7)
	d.b = board.New(in)
	if page := d.get(aViewer, "/").Body.String(); !strings.Contains(page, "动态栏目更新的更新时限自") || !strings.Contains(page, "超过三分之一") {
		t.Error("the overview does not say that a holiday fills a window")
	}
}

// A single site is judged by nobody's knocks, and its page says why.
func TestASingleSiteSaysWhyItsVisitsDoNotCount(t *testing.T) {
	const why = "没有第二个网站可作对照"
	d := newDesk(t)
	d.b = town(t)
	if strings.Contains(d.get(aViewer, "/sites/czj/visits").Body.String(), why) {
		t.Error("with others beside it, it says that it is alone")
	}
	in := town(t).Input
	in.City.Carriers = in.City.Carriers[:1]
	in.Result = rules.Result{Point: in.Result.Point, PointDay: in.Result.PointDay, Sites: []rules.SiteResult{{Carrier: inventory.Carrier{ID: "czj", Kind: inventory.Site, Unit: "czj"}}}}
	d.b = board.New(in)
	if !strings.Contains(d.get(aViewer, "/sites/czj/visits").Body.String(), why) {
		t.Error("alone, it does not say why nothing is judged")
	}
}
