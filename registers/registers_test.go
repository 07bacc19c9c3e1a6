package registers_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/internal/workday"
	"xuncha/inventory"
	"xuncha/registers"
	"xuncha/rules"
)

func town() (*inventory.City, *registers.Known) {
	city := &inventory.City{
		Units: []inventory.Unit{
			{ID: "fgw", Name: "市发展和改革委员会", FullName: "某市发展和改革委员会", Aliases: []string{"市发改委"}},
			{ID: "czj", Name: "市财政局", FullName: "某市财政局"},
			{ID: "yq", Name: "市人民政府"},
		},
		Carriers: []inventory.Carrier{
			{ID: "fgw", Kind: inventory.Site, Unit: "fgw", Name: "某市发展和改革委员会", Code: "1403000012", Home: "http://fgw.example.gov.cn/",
				Columns: []inventory.Column{{ID: "fgw/tzgg", Unit: "fgw", Name: "通知公告", URLs: []string{"http://fgw.example.gov.cn/tzgg/"}}}},
			{ID: "xxgk", Kind: inventory.DisclosurePlatform, Unit: "yq", Name: "信息公开平台", Home: "http://xxgk.example.gov.cn/",
				Columns:     []inventory.Column{{ID: "xxgk/czj/tzgg", Unit: "czj", Name: "工作动态--通知公告", URLs: []string{"http://xxgk.example.gov.cn/czj/gzdt/tzgg/"}}},
				Directories: []inventory.Directory{{Unit: "czj", URL: "http://xxgk.example.gov.cn/czj/"}}},
		},
		Accounts: []inventory.Account{
			{Code: "140300M019XL0001", Name: "某市发改", Unit: "fgw"},
			{Code: "140300M010XL0001", Name: "两用", Unit: "czj"}, {Code: "140300M010DY0001", Name: "两用", Unit: "czj"},
		},
	}
	set := &rules.RuleSet{Indicators: []rules.Indicator{{ID: "n.V4", Name: "栏目不更新"}, {ID: "n.hand", Name: "领导信息"}}}
	return city, registers.Know(city, set)
}

// list is a CSV file with a head and rows.
func list(t *testing.T, lines ...string) *sheet.Book {
	t.Helper()
	book, err := sheet.Read("列表.csv", strings.NewReader(strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// read reads a list that is right.
func read(t *testing.T, kind registers.Kind, lines ...string) []registers.Row {
	t.Helper()
	_, known := town()
	rows, mistakes := registers.Read(kind, list(t, lines...), known)
	for _, m := range mistakes {
		t.Error(m.Error())
	}
	return rows
}

func TestSubjectsByAnyName(t *testing.T) {
	rows := read(t, registers.Superior,
		"2023年第三季度省政府通报问题",
		"序号,网站（账号）名称,网站标识码,栏目名称,检查指标,通报单位,通报日期,存在问题",
		"1,,1403000012,,n.V4,省政府办公厅,2023年9月15日,动态栏目更新不及时",
		"2,某市发改,,,领导信息,省政府办公厅,2023/9/15,名称变更未同步",
		"3,市发改委,,通知公告,n.V4,省政府办公厅,2023.9.15,未更新",
		"4,市财政局,,工作动态--通知公告,n.V4,省政府办公厅,20230915,未更新",
		"合计,,,,,,,4")
	var got []string
	for _, e := range registers.Entries(rows) {
		got = append(got, fmt.Sprint(e.Subject, " ", e.Indicator, " ", e.Source, " ", e.Date.Format(time.DateOnly)))
	}
	want := []string{
		"fgw n.V4 上级通报 2023-09-15", "account:140300M019XL0001 n.hand 上级通报 2023-09-15",
		"fgw/tzgg n.V4 上级通报 2023-09-15", "xxgk/czj/tzgg n.V4 上级通报 2023-09-15",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A register's own export reads back as it is, whatever the register.
func TestExportReadsBack(t *testing.T) {
	city, known := town()
	for kind, rows := range map[registers.Kind][]registers.Row{
		registers.Superior: read(t, registers.Superior, "对象,检查指标,通报单位,通报日期,问题,是否推定", "fgw,n.V4,省政府办公厅,2023-09-15,=1+1,是"),
		registers.Messages: read(t, registers.Messages, "留言编号,收到时间,责任单位,问题网址,转办时间,办结时间,状态,是否属实", "0012,2023-09-27 16:30,市财政局,http://xxgk.example.gov.cn/czj/,2023-09-28,2023-09-28 9:05,办结,属实"),
		registers.Reports:  read(t, registers.Reports, "季度,单位,期限,收到日期,签字人", "2023年第二季度,某市财政局,2023-07-20,2023-07-21,张某"),
		registers.Monthly:  read(t, registers.Monthly, "月份,单位,报表,报送日期,信息发布数", "2023年9月,市财政局,月报,2023-10-02,35条"),
		registers.Filings:  read(t, registers.Filings, "对象,类型,开始日期,结束日期,说明", "fgw,升级改版,2023-09-01,2023-10-31,首页改版"),
		registers.Words: read(t, registers.Words,
			"错敏词,推荐修改,修改说明,所在上下文,所在文章链接,所在文章标题,快照,网站名称,网站标识码,发布时间,问题类型,问题级别,内容类型,父页面地址",
			"部暑,部署,别字,全面部暑工作,http://xxgk.example.gov.cn/czj/gzdt/tzgg/202309/t1.shtml,关于会议,,信息公开平台,,2023-09-01 08:00:00,错别字,一般,正文,http://xxgk.example.gov.cn/czj/gzdt/tzgg/"),
	} {
		if len(rows) != 1 {
			t.Fatalf("%s: got %d rows, want 1", kind, len(rows))
		}
		for name, write := range map[string]func(*bytes.Buffer, sheet.Table) error{
			"a.csv":  func(b *bytes.Buffer, x sheet.Table) error { return sheet.WriteCSV(b, x) },
			"a.xlsx": func(b *bytes.Buffer, x sheet.Table) error { return sheet.WriteXLSX(b, x) },
		} {
			var b bytes.Buffer
			if err := write(&b, registers.Table(kind, rows, city)); err != nil {
				t.Fatal(err)
			}
			book, err := sheet.Read(name, &b)
			if err != nil {
				t.Fatal(err)
			}
			again, mistakes := registers.Read(kind, book, known)
			if fmt.Sprint(again) != fmt.Sprint(rows) || len(mistakes) > 0 {
				t.Errorf("%s in %s: got %v %v, want %v", kind, name, again, mistakes, rows)
			}
		}
	}
}

// Every mistake names its cell and says what to do, in both languages.
func TestMistakesByCell(t *testing.T) {
	_, known := town()
	tests := []struct {
		name  string
		kind  registers.Kind
		lines []string
		want  []string // the place, and a word of the sentence
	}{
		{"no head", registers.Messages, []string{"甲,乙", "1,2"}, []string{"列表.csv: no head"}},
		{"a column missing", registers.Messages, []string{"编号,收到时间", "1,2023-09-01"}, []string{"row 1: the column 责任单位 is missing"}},
		{"two heads for one thing", registers.Messages, []string{"编号,收到时间,留言时间,责任单位", "1,2023-09-01,,fgw"}, []string{"row 1, C1 (留言时间): another column"}},
		{"cells of a message", registers.Messages, []string{
			"编号,收到时间,责任单位,网站标识码,网址,答复时间,办结时间,状态,是否属实",
			"1,昨天,市发改局,14030,fgw.example.gov.cn/a,2023-02-30,1989-01-01,做完了,也许",
		}, []string{
			"row 2, B2 (收到时间): 昨天 is no date", "row 2, C2 (责任单位): no unit 市发改局", "D2 (网站标识码): 14030 is no", "E2 (网址): fgw.example.gov.cn/a is no address",
			"F2 (答复时间): there is no day", "G2 (办结时间): 1989-01-01 lies before 1990", "H2 (状态): 做完了 is none", "I2 (是否属实): 也许 is neither",
		}},
		{"what must be there", registers.Messages, []string{"编号,收到时间,责任单位", "1,,"}, []string{"B2 (收到时间): 收到时间 is empty", "C2 (责任单位)"}},
		{"days in a wrong order", registers.Messages, []string{"编号,收到时间,责任单位,转办时间,办结时间", "1,2023-09-05,fgw,2023-09-04,2023-09-03"}, []string{"D2 (转办时间): 2023-09-04 lies before", "E2 (办结时间): 2023-09-03 lies before"}},
		{"closed without a day", registers.Messages, []string{"编号,收到时间,责任单位,办结时间,状态", "1,2023-09-05,fgw,,已办结", "2,2023-09-05,fgw,2023-09-06,受理"}, []string{"D2 (办结时间): it is closed", "E3 (状态): it has a time"}},
		{"a row twice", registers.Messages, []string{"编号,收到时间,责任单位", "1,2023-09-05,fgw", "1,2023-09-06,czj"}, []string{"row 3: the same as row 2"}},
		{"an unsigned report", registers.Reports, []string{"季度,单位,期限,收到日期,签字人", "2023Q2,czj,2023-07-20,2023-07-19,", "第三季度,czj,2023-07-20,,"}, []string{"E2 (签字人): a report must be signed", "A3 (季度): 第三季度 is no period"}},
		{"a monthly paper", registers.Monthly, []string{"月份,单位,报表,退回日期,信息发布数", "9月,czj,年报,2023-10-08,很多", "2023-09,czj,月报,2023-10-08,"}, []string{"A2 (月份): 9月 is no month", "C2 (报表): 年报 is none", "E2 (信息发布数): 很多 is no count", "row 3: a return needs its reason"}},
		{"a filing", registers.Filings, []string{"对象,名称,栏目,类型,开始日期,结束日期,说明", "nowhere,,,改版,2023-09-01,2023-10-01,x", ",两用,,改版,2023-09-01,2023-10-01,x", "fgw,,没有,改版,2023-09-01,,x", ",,,改版,2023-09-01,2023-08-01,x"}, []string{
			"A2 (对象): no subject nowhere", "B3 (名称): 两用 may be account:140300M010XL0001、account:140300M010DY0001", "C4 (栏目): no column 没有", "F4 (结束日期): a filing needs", "F5 (结束日期): 2023-08-01 lies before", "A5 (对象): no subject;",
		}},
		{"an indicator", registers.Superior, []string{"对象,检查指标,通报单位,通报日期,问题,问题来源", "fgw,不存在,省,2023-09-15,x,听说"}, []string{"B2 (检查指标): no indicator", "F2 (问题来源): 听说 is none"}},
		{"two subjects in one row", registers.Superior, []string{
			"对象,标识码,名称,栏目,检查指标,通报单位,通报日期,问题", "fgw,140300M019XL0001,,,n.hand,省,2023-09-15,x", ",1403000012,两用,,n.hand,省,2023-09-15,x", "fgw,,某市发改,通知公告,n.hand,省,2023-09-15,x",
			"fgw,1403000012,某市发展和改革委员会,,n.hand,省,2023-09-15,x", ",140300M010XL0001,两用,,n.hand,省,2023-09-15,x",
		}, []string{"B2 (标识码): fgw and 140300M019XL0001 are two subjects", "C3 (名称): 1403000012 and 两用 are two", "C4 (名称): fgw and 某市发改 are two"}},
		{"what is yet to come", registers.Messages, []string{"编号,收到时间,责任单位,答复时间", "1,2033-09-05,fgw,", "2,2023-09-05,fgw,2023-12-31 08:00", "3,2023-12-30 23:59,fgw,"}, []string{"B2 (收到时间): 2033-09-05 lies after", "D3 (答复时间): 2023-12-31 08:00 lies after"}},
		{"garbled", registers.Filings, []string{"对象,类型,开始日期,结束日期,说明", "fgw,改版,2023-09-01,2023-10-01," + strings.Repeat("长", 5001)}, []string{"E2 (说明): more than 5000"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, mistakes := registers.Read(tt.kind, list(t, tt.lines...), known.AsOf(day("2023-12-30")))
			var all string
			for _, m := range mistakes {
				all += m.Error() + "\n"
				if m.Chinese() == "" || strings.Contains(m.Chinese(), "%!") || strings.Contains(m.Error(), "%!") {
					t.Errorf("the sentence is broken: %s", m.Chinese())
				}
			}
			for _, want := range tt.want {
				if !strings.Contains(all, want) {
					t.Errorf("got no %q in\n%s", want, all)
				}
			}
			if len(mistakes) != len(tt.want) {
				t.Errorf("got %d mistakes, want %d:\n%s", len(mistakes), len(tt.want), all)
			}
		})
	}
}

func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, extract.Beijing)
	if err != nil {
		panic(err)
	}
	return t
}

// The holidays of 2023-09-29 to 10-06 are no working days, 10-07 and 10-08 are.
func TestMessagesByWorkingDays(t *testing.T) {
	rows := read(t, registers.Messages,
		"编号,收到时间,责任单位,转办时间,答复时间,办结时间,状态",
		"1,2023-09-28,fgw,2023-10-07,2023-10-09,2023-10-09,已办结", // the third working day
		"2,2023-09-28,fgw,2023-10-08,2023-10-10,2023-11-10,已办结", // forwarded and answered late, closed after a month
		"3,2023-09-27,czj,,,,未处理",
		"4,2023-09-27,czj,,,,不予受理",
		"5,2023-06-30,czj,,,,未处理", // of the quarter before
		"6,2023-09-29,czj,,2023-10-08,,受理")
	f, err := registers.CountMessages(rows, day("2023-07-01"), day("2023-09-30"), day("2023-12-31"), workday.Mainland(), 1)
	want := registers.MessageFigures{
		Received: 4, Declined: 1, Forwarded: 2, LateOn: 1, Answered: 3, InTime: 2, Closed: 2, ByTheDay: 1, Slow: 1, Open: 2, Overdue: 1,
		Rate: "50.0", OnTime: "33.3", AnswerOn: "50.0",
	}
	if err != nil || f != want {
		t.Errorf("got %+v %v, want %+v", f, err, want)
	}
	early, err := registers.CountMessages(rows, day("2023-07-01"), day("2023-09-30"), day("2023-10-07"), workday.Mainland(), 1)
	if err != nil || early.Closed != 0 || early.Overdue != 0 || early.Forwarded != 1 {
		t.Errorf("on 10-07: got %+v %v; what came later is not known yet, and nothing is overdue", early, err)
	}
	late := read(t, registers.Messages, "编号,收到时间,责任单位", "1,2099-12-30,fgw")
	if _, err := registers.CountMessages(late, day("2099-01-01"), day("2099-12-31"), day("2099-12-31"), workday.Mainland(), 1); err == nil {
		t.Error("a year that the calendar lacks was counted")
	}
}

func TestReportsAndMonthlyPapers(t *testing.T) {
	rows := read(t, registers.Reports, "季度,单位,期限,收到日期,签字人",
		"2023Q3,市财政局,2023-10-20,2023-10-20,张某", "2023Q3,市发改委,2023-10-20,2023-10-21,李某", "2023Q3,市人民政府,2023-10-20,,")
	var got []string
	for _, d := range registers.ReportsOf(rows, "2023Q3", day("2023-10-25")) {
		got = append(got, d.Unit+" "+string(d.Standing))
	}
	slices.Sort(got)
	if want := []string{"czj 按期报送", "fgw 逾期报送", "yq 未报送"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if d := registers.ReportsOf(rows, "", day("2023-10-20")); d[2].Standing.Owed() || d[1].Standing.Owed() {
		t.Errorf("on the last day nothing is owed: %+v", d)
	}

	city, _ := town()
	months := read(t, registers.Monthly, "月份,单位,报表,报送日期,退回日期,退回原因,信息发布数,新媒体发布数,发现问题数",
		"2023-09,市财政局,月报,2023-10-02,,,35,2,", "2023-09,市财政局,自查,2023-10-03,,,35,,4",
		"2023-09,市发改委,月报,2023-10-01,2023-10-08,数字不符,12,,", "2023-09,市人民政府,月报,2023-10-09,2023-10-08,数字不符,0,1,", "2023-08,市财政局,月报,2023-09-01,,,99,,")
	got = nil
	for _, d := range registers.MonthlyOf(months, "2023-09", city.Units, []string{registers.MonthlyForm, registers.SelfCheck}, day("2023-10-10")) {
		got = append(got, fmt.Sprint(d.Unit, d.Form[:6], " ", d.Standing))
	}
	want := []string{"fgw月度 退回后未重报", "fgw月度 未报送", "czj月度 按期报送", "czj月度 逾期报送", "yq月度 逾期报送", "yq月度 未报送"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if sum := registers.MonthlySum(months, "2023-09"); sum.Published != 35 || sum.Posts != 3 || sum.Found != 4 || sum.Units != 2 || !slices.Equal(sum.Silent, []string{"yq"}) {
		t.Errorf("got %+v", sum)
	}
}

func TestWordsBelongToUnits(t *testing.T) {
	_, known := town()
	for address, want := range map[string]string{
		"http://xxgk.example.gov.cn/czj/gzdt/tzgg/202309/t1.shtml": "czj",
		"https://XXGK.example.gov.cn/czj/other/a.html":             "czj",
		"http://xxgk.example.gov.cn/other/a.html":                  "yq",
		"http://fgw.example.gov.cn/x":                              "fgw",
		"http://elsewhere.example/czj/":                            "",
		"http://fgw.example.gov.cn.evil.example/":                  "",
	} {
		if got := known.UnitOf(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
	row := registers.Row{Values: map[string]string{"word": "部暑", "better": "部署", "context": "全面部暑 工作"}}
	for page, want := range map[string]registers.Fixed{
		"会议全面部暑工作。": registers.FixedNo, "会议全面部署\n工作。": registers.FixedYes, "页面不存在": registers.FixedUnsure, "": registers.FixedUnsure,
	} {
		if got := registers.WordFixed(row, page); got != want {
			t.Errorf("%q: got %s, want %s", page, got, want)
		}
	}
}

func TestFilingsInForce(t *testing.T) {
	rows := read(t, registers.Filings, "对象,类型,开始日期,结束日期,说明", "fgw,改版,2023-09-01,2023-09-30,x", "account:140300M019XL0001,关停,2023-09-01,,x")
	for on, want := range map[string]int{"2023-08-31": 0, "2023-09-30": 2, "2023-10-01": 1} {
		if got := registers.InForce(rows, day(on)); len(got) != want {
			t.Errorf("%s: got %v, want %d", on, got, want)
		}
	}
}

// Whatever bytes come, reading ends with rows or mistakes and never with a panic.
// What another body tells of in October may be about September: a row that says so
// counts there and nowhere else.
func TestTheQuarterOfATelling(t *testing.T) {
	rows := read(t, registers.Superior, "对象,检查指标,通报单位,通报日期,问题,检查期", "fgw,n.hand,省,2023-10-15,x,2023年第三季度", "fgw,n.V4,省,2023-10-15,x,", "fgw,n.V4,省,2023-11-15,x,")
	if got := registers.Ambiguous(rows); got != 1 {
		t.Errorf("got %d rows that count twice, want 1", got)
	}
	third, fourth := day("2023-09-27"), day("2023-12-27")
	for i, want := range [][2]bool{{true, false}, {true, true}, {false, true}} {
		e := registers.Entries(rows)[i]
		if got := [2]bool{rules.InForce(e, third), rules.InForce(e, fourth)}; got != want {
			t.Errorf("row %d: in force in the third and fourth quarter: got %v, want %v", i+1, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("编号,收到时间,责任单位\n1,2023-09-05,fgw\n")
	f.Add("对象,检查指标,通报单位,通报日期,问题\n,,,,\n=cmd|'/C calc'!A0,x,y,2023-13-45,z\n")
	_, known := town()
	f.Fuzz(func(t *testing.T, text string) {
		book, err := sheet.Read("x.csv", strings.NewReader(text))
		if err != nil {
			return
		}
		for _, kind := range registers.Kinds() {
			rows, _ := registers.Read(kind, book, known)
			for _, r := range rows {
				if r.Key == "" {
					t.Errorf("%s: a row without a key: %v", kind, r.Values)
				}
			}
		}
	})
}
