package forms

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/rules"
)

// on is noon of a day of 2023 in Beijing.
func on(month, day int) time.Time {
	return time.Date(2023, time.Month(month), day, 12, 0, 0, 0, extract.Beijing)
}

// item is a row dated on a day of 2023.
func item(title, link string, month, day int) extract.Item {
	return extract.Item{Title: title, Link: link, Date: extract.Date{Time: extract.DayOf(on(month, day))}}
}

// look is a reading of a list.
func look(subject string, at time.Time, items ...extract.Item) rules.Look {
	return rules.Look{Subject: subject, At: at, Reading: extract.Reading{Outcome: extract.Dated, Items: items}}
}

// complete says that a look saw all there is.
func complete(l rules.Look) rules.Look {
	l.Reading.Complete = true
	return l
}

// unread says that a look could not be read, whatever rows it bears.
func unread(l rules.Look) rules.Look {
	l.Reading.Outcome, l.Reading.Reason = extract.Unread, extract.ReasonBlocked
	return l
}

func period(t *testing.T, k Kind, s string) Period {
	t.Helper()
	p, err := ParsePeriod(k, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCountsAreLowerBounds(t *testing.T) {
	const list = "fgw/dt"
	for _, c := range []struct {
		name  string
		looks []rules.Look
		want  value
	}{
		{"nobody looked", nil, open("本期没有巡查")},
		{"could not be read", []rules.Look{unread(look(list, on(9, 5), item("甲", "http://a/1", 9, 1)))}, open("未能读取")},
		{"nothing in the period is not zero", []rules.Look{look(list, on(9, 5), item("甲", "http://a/1", 8, 31))}, open("巡查未见，不等于没有")},
		{"the ends of the period are in it", []rules.Look{look(list, on(10, 1), item("甲", "http://a/1", 9, 1), item("乙", "http://a/2", 9, 30), item("丙", "http://a/3", 10, 1))}, value{"2", seenAtLeast}},
		{"seen twice is one", []rules.Look{look(list, on(9, 5), item("甲", "http://a/1", 9, 1)), look(list, on(9, 6), item("甲", "http://a/1", 9, 1), item("乙", "http://a/2", 9, 6))}, value{"2", seenAtLeast}},
		{"what is gone again was published", []rules.Look{look(list, on(9, 5), item("甲", "http://a/1", 9, 1)), look(list, on(9, 6), item("乙", "http://a/2", 9, 6))}, value{"2", seenAtLeast}},
		{"another scheme and a mended title", []rules.Look{look(list, on(9, 5), item("甲", "http://a/1", 9, 1)), look(list, on(9, 6), item("甲（更正）", "https://a/1", 9, 1))}, value{"1", seenAtLeast}},
		{"a new address, and then a new title", []rules.Look{look(list, on(9, 5), item("甲", "http://a/1", 9, 1)), look(list, on(9, 6), item("甲", "http://b/1", 9, 1)), look(list, on(9, 7), item("乙", "http://b/1", 9, 1))}, value{"1", seenAtLeast}},
		{"routes of a script are pages", []rules.Look{look(list, on(9, 5), item("甲", "http://a/#/1", 9, 1), item("乙", "http://a/#/2", 9, 1))}, value{"2", seenAtLeast}},
		{"without links, by title and day", []rules.Look{look(list, on(9, 5), item("甲", "", 9, 1), item("甲", "", 9, 2), item(" 甲 ", "", 9, 2))}, value{"2", seenAtLeast}},
		{"all of it, after the period", []rules.Look{complete(look(list, on(10, 1), item("甲", "http://a/1", 9, 1)))}, value{"1", seenWhole}},
		{"all of it, and nothing", []rules.Look{complete(look(list, on(10, 1), item("甲", "http://a/1", 8, 1)))}, value{"0", seenWhole}},
		{"all of it, before the period was over", []rules.Look{complete(look(list, on(9, 30), item("甲", "http://a/1", 9, 1)))}, value{"1", seenAtLeast}},
		{"all of it, one row without a date", []rules.Look{complete(look(list, on(10, 1), item("甲", "http://a/1", 9, 1), extract.Item{Title: "乙"}))}, value{"1", seenAtLeast}},
		{"all of it, two of one title", []rules.Look{complete(look(list, on(10, 1), item("甲", "http://a/1", 9, 1), item("甲", "http://a/2", 9, 1)))}, value{"1", seenAtLeast}},
	} {
		counter := NewCounter(period(t, Monthly, "2023-09"))
		for _, l := range c.looks {
			counter.Add(l)
		}
		if got := one(counter.count([]source{{list, "fgw"}})); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestPeriodsAreThoseOfTheForm(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		want string // "" is refused
	}{
		{Monthly, "2023-09", "2023年9月"}, {Monthly, "2023Q3", ""}, {Monthly, "2023-13", ""}, {Monthly, "2023", ""},
		{SelfCheck, "2023Q3", "2023年第三季度"}, {SelfCheck, "2023-02", "2023年2月"}, {SelfCheck, "2023Q5", ""},
		{Annual, "2023", "2023年度"}, {Annual, "2023-09", ""}, {Supervision, "2023", "2023年度"}, {"yearly", "2023", ""},
	} {
		p, err := ParsePeriod(c.kind, c.text)
		if (err != nil) != (c.want == "") || p.Name != c.want {
			t.Errorf("%s %s: got %q, %v; want %q", c.kind, c.text, p.Name, err, c.want)
		}
	}
	if p := period(t, Monthly, "2023-02"); p.End.Format(time.DateOnly) != "2023-02-28" {
		t.Errorf("February ends on %s", p.End)
	}
}

// town is a city of two units: one with a site, columns on it and on the
// platform, and an account; one with an account alone.
func town(title string) *inventory.City {
	column := func(id, unit, carrier, name string, class inventory.Class) inventory.Column {
		return inventory.Column{ID: id, Unit: unit, Carrier: carrier, Name: name, Class: class}
	}
	return &inventory.City{
		Name: "甲市",
		Units: []inventory.Unit{
			{ID: "fgw", Name: "市发改委", FullName: "甲市发展和改革委员会"}, {ID: "gaj", Name: "市公安局"}, {ID: "none", Name: "市空局"},
		},
		Carriers: []inventory.Carrier{
			{ID: "fgw", Kind: inventory.Site, Unit: "fgw", Name: title, Code: "1403000001", Home: "http://fgw/", Columns: []inventory.Column{
				column("fgw/dt", "fgw", "fgw", "工作动态", inventory.ClassNews), column("fgw/jd", "fgw", "fgw", "政策解读", inventory.ClassInterpret),
				column("fgw/ft", "fgw", "fgw", "互动交流--在线访谈", inventory.ClassOther), column("fgw/zt", "fgw", "fgw", "专题专栏", inventory.ClassOther),
			}},
			{ID: "xxgk", Kind: inventory.DisclosurePlatform, Unit: "none2", Columns: []inventory.Column{
				column("xxgk/fgw/tz", "fgw", "xxgk", "工作动态--通知公告", inventory.ClassNotice),
			}},
		},
		Accounts: []inventory.Account{
			{Code: "140300M001XL0001", Unit: "fgw", Name: title, Platform: inventory.Weibo},
			{Code: "140300M010XL0001", Unit: "gaj", Name: "甲市公安", Platform: inventory.Weibo},
		},
	}
}

func input(t *testing.T, k Kind, id, title string) Input {
	t.Helper()
	in := Input{Kind: k, Period: period(t, k, id), City: town(title)}
	in.Seen = NewCounter(in.Period)
	for _, l := range []rules.Look{
		look("fgw/dt", on(9, 20), item(title, "http://fgw/1", 9, 1), item("乙", "http://fgw/2", 9, 2)),
		look("fgw/jd", on(9, 20), item("解读", "http://fgw/3", 9, 3), item("乙", "http://fgw/2", 9, 2)),
		look("fgw/ft", on(9, 20), item("访谈", "http://fgw/4", 9, 4)),
		look("xxgk/fgw/tz", on(9, 20), item("通知", "http://xxgk/1", 9, 4)),
		look("account:140300M001XL0001", on(9, 20), item(title, "", 9, 5), item("二", "", 9, 6)),
	} {
		in.Seen.Add(l)
	}
	return in
}

// filled are the values of a form by their names.
func filled(in Input, id string) map[string]value {
	out := map[string]value{}
	for _, s := range in.scopes() {
		if s.id != id {
			continue
		}
		for _, p := range s.parts() {
			for _, l := range p.lines {
				out[p.name+"/"+l.name] = value{l.text, l.from}
			}
		}
	}
	return out
}

func TestFormsAreFilledFromWhatWasSeen(t *testing.T) {
	for _, c := range []struct {
		kind              Kind
		period, id, field string
		want              value
	}{
		{Annual, "2023", "fgw", "信息发布/总数", value{"5", seenAtLeast}},
		{Annual, "2023", "fgw", "信息发布/政务动态信息更新量", value{"2", seenAtLeast}},
		{Annual, "2023", "fgw", "信息发布/信息公开目录信息更新量", value{"1", seenAtLeast}},
		{Annual, "2023", "fgw", "信息发布/概况类信息更新量", open("巡查清单中没有这类栏目")},
		{Annual, "2023", "fgw", "解读回应/解读信息发布总数", value{"2", seenAtLeast}},
		{Annual, "2023", "fgw", "互动交流/在线访谈期数", value{"1", seenAtLeast}},
		{Annual, "2023", "fgw", "专栏专题/维护数量", value{"1", listed}},
		{Annual, "2023", "fgw", "专栏专题/新开设数量", open("本期只有一批巡查，无从比较")},
		{Annual, "2023", "fgw", "基本信息/政府网站标识码", value{"1403000001", registered}},
		{Annual, "2023", "fgw", "基本信息/ICP备案号", open("")},
		{Annual, "2023", "fgw", "移动新媒体/是否有移动新媒体", value{"是", registered}},
		{Monthly, "2023-09", "fgw", "信息发布/动态要闻类", value{"3", seenAtLeast}},
		{Monthly, "2023-09", "fgw", "信息发布/专题专栏类", open("本期没有巡查")},
		{Monthly, "2023-09", "fgw", "信息发布/经济社会类", open("")},
		{Monthly, "2023-09", "gaj", "政务新媒体信息发布/总数", open("本期没有巡查")},
		{Monthly, "2023-09", "gaj", "信息发布/总数", open("巡查清单中没有这类栏目")},
		{Monthly, "2023-09", "", "信息发布/总数", value{"5", seenAtLeast}},
		{Monthly, "2023-09", "", "政务新媒体信息发布/总数", value{"2", seenAtLeast}},
		{Supervision, "2023", "", "网站开设整合/年末网站数量", value{"1", registered}},
		{Supervision, "2023", "", "网站抽查/第一季度不合格网站数量", open("")},
	} {
		if got := filled(input(t, c.kind, c.period, "甲委网"), c.id)[c.field]; got != c.want {
			t.Errorf("%s %s %s: got %v, want %v", c.kind, c.id, c.field, got, c.want)
		}
	}
	if got := filled(input(t, Monthly, "2023-09", "甲"), "none"); len(got) != 0 {
		t.Errorf("a unit with nothing to report has a form: %v", got)
	}
}

func TestFormsCompareInventoriesAndQuarters(t *testing.T) {
	in := input(t, Supervision, "2023", "甲委网")
	in.First = town("甲委网")
	in.First.Carriers = in.First.Carriers[1:]
	in.Messages = &Messages{Received: 7, Closed: 6, OnTime: 5}
	in.Quarters = []Quarter{{3, rules.Result{Sites: []rules.SiteResult{{Verdict: rules.Fail}, {Verdict: rules.Pass}, {Verdict: rules.NotMonitored}}}}}
	got := filled(in, "")
	for name, want := range map[string]value{
		"网站开设整合/新开设网站数量": {"1", listedNew}, "网站开设整合/关停整合网站数量": open("巡查清单没有变动"),
		"网站抽查/第三季度不合格网站数量": {"1", preliminary}, "网站抽查/第三季度待核实、未能监测网站数量": {"1", preliminary},
		"“我为政府网站找错”网民留言办理/办结留言数量": {"6", fromList}, "网站抽查/全年不合格网站数量": open(""),
	} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	in.Kind, in.Period = Monthly, period(t, Monthly, "2023-09")
	if got := filled(in, "fgw")["栏目/新开设栏目数量"]; got != (value{"4", listedNew}) {
		t.Errorf("new columns: %v, want those of the site that is new", got)
	}
}

func TestWhatCouldNotBeReadIsNotZero(t *testing.T) {
	in := input(t, SelfCheck, "2023-09", "甲委网")
	column := func(id string, st rules.State) rules.ColumnResult {
		return rules.ColumnResult{Column: inventory.Column{ID: id}, State: st}
	}
	in.Result = &rules.Result{
		Columns: []rules.ColumnResult{column("fgw/dt", rules.Unknown), column("fgw/jd", rules.Unknown)},
		Sites:   []rules.SiteResult{{Carrier: in.City.Carriers[0], Verdict: rules.Pass, Home: rules.IndicatorState{State: rules.Stale}}},
	}
	got := filled(in, "fgw")
	for name, want := range map[string]value{
		"栏目/正常": open("未能监测"), "栏目/超期未更新": open("未能监测"), "栏目/未能监测": {"2", preliminary}, "政务新媒体/合格": open(""),
		"网站/甲委网：检查情况": {"合格", preliminary}, "网站/甲委网：首页": {"疑似超期未更新", preliminary},
	} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	in.Result.Columns[1].State = rules.Fresh
	if got := filled(in, "fgw"); got["栏目/正常"] != (value{"1", preliminary}) || got["栏目/超期未更新"] != (value{"0", preliminary}) {
		t.Errorf("one column read: %v, %v", got["栏目/正常"], got["栏目/超期未更新"])
	}
}

// What a site calls itself is text in every format, and the same form gives the
// same bytes.
func TestHostileNamesStayTexts(t *testing.T) {
	for name, title := range map[string]string{
		"formula": `=HYPERLINK("http://evil/","甲")`, "control": "甲\x00\x07\x1b委", "long": strings.Repeat("长", 40_000), "direction": "甲\u202e乙", "markup": "<w:p>&</w:p>",
	} {
		for _, k := range []Kind{Monthly, SelfCheck, Annual, Supervision} {
			id := map[Kind]string{Monthly: "2023-09", SelfCheck: "2023Q3"}[k]
			if id == "" {
				id = "2023"
			}
			files, err := Files(input(t, k, id, title), "")
			if err != nil {
				t.Fatalf("%s, %s: %v", name, k, err)
			}
			again, err := Files(input(t, k, id, title), "")
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range files {
				if !bytes.Equal(f.Data, again[i].Data) {
					t.Errorf("%s: %s differs between two runs", name, f.Name)
				}
				if strings.HasSuffix(f.Name, ".xlsx") {
					textsAlone(t, f.Name, f.Data)
				}
			}
		}
	}
}

func textsAlone(t *testing.T, name string, data []byte) {
	t.Helper()
	book, err := sheet.Read(name, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range book.Sheets {
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				if c.Formula || strings.ContainsAny(c.Text, "\x00\x07\x1b\u202e") {
					t.Errorf("%s, %s: %.40q is no plain text", name, c.Ref(), c.Text)
				}
			}
		}
	}
}

func TestOneUnitOnly(t *testing.T) {
	files, err := Files(input(t, Annual, "2023", "甲"), "fgw")
	if err != nil || len(files) != 2 || files[0].Name != "annual-2023-fgw.docx" {
		t.Errorf("files %v, %v", files, err)
	}
	if files, err := Files(input(t, Monthly, "2023-09", "甲"), "gaj"); err != nil || len(files) != 2 {
		t.Errorf("%d files, %v; want the form of one unit", len(files), err)
	}
	if _, err := Files(input(t, Annual, "2023", "甲"), "gaj"); !errors.Is(err, ErrNobody) {
		t.Errorf("a unit without a site has a yearly form: %v", err)
	}
}
