package notice

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/cases"
	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

const (
	dynamic = "yangquan.disclosure.dynamic"
	week    = "yangquan.posts.week"
	yearly  = "yangquan.proposals.year"
)

var q3 = report.Period{Year: 2023, Quarter: 3}

func on(text string) time.Time {
	d, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		return time.Time{}
	}
	return d
}

// shipped reads a template that the program is shipped with.
func shipped(t testing.TB, name string) *Template {
	t.Helper()
	data, err := fs.ReadFile(configs.FS, "templates/"+name+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := ParseTemplate(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// city is a small one: two sites, two accounts, a column of each kind; nothing of
// it is simulated.
func city() *inventory.City {
	column := func(id, unit, name string) inventory.Column {
		return inventory.Column{ID: id, Unit: unit, Carrier: "xxgk", Name: name, Class: inventory.ClassNotice}
	}
	return &inventory.City{
		Name: "阳泉市", Office: "阳泉市人民政府办公室", Digest: strings.Repeat("1", 64),
		Units: []inventory.Unit{
			{ID: "czj", Name: "市财政局", District: "140300", Level: inventory.LevelDepartment}, {ID: "gaj", Name: "市公安局", District: "140300", Level: inventory.LevelDepartment},
			{ID: "pd", Name: "平定县人民政府", District: "140321", Level: inventory.LevelCounty},
		},
		Carriers: []inventory.Carrier{
			{ID: "czj", Kind: inventory.Site, Unit: "czj", Name: "阳泉市财政局", Code: "1403000011"}, {ID: "pd", Kind: inventory.Site, Unit: "pd", Name: "平定县人民政府"},
			{ID: "xxgk", Kind: inventory.DisclosurePlatform, Unit: "czj", Columns: []inventory.Column{
				column("xxgk/czj/tzgg", "czj", "工作动态--通知公告"), column("xxgk/gaj/tzgg", "gaj", "工作动态--通知公告"), column("pd/jyta", "pd", "建议提案"),
			}},
		},
		Accounts: []inventory.Account{
			{Code: "140300M010XL0004", Platform: inventory.Weibo, Name: "阳泉交警", Unit: "gaj"}, {Code: "140300M011XL0001", Platform: inventory.Weibo, Name: "阳泉财政", Unit: "czj"},
		},
		Report: inventory.Report{Decimals: 1, Attachments: []inventory.Attachment{
			{Name: "1", Table: inventory.TableAccounts, Title: "{year}年第{quarter}季度不合格政务新媒体问题情况"},
			{Name: "2", Table: inventory.TableYear, Title: "{year}年各县区建议提案栏目更新情况", Indicator: yearly, DateStyle: "2006年1月2日"},
			{Name: "3", Table: inventory.TableColumns, Title: "{year}年信息公开动态类栏目更新情况", Indicator: dynamic, DateStyle: "2006-01-02"},
		}},
	}
}

func ruleSet() *rules.RuleSet {
	return &rules.RuleSet{ID: "yangquan-2023", Name: "阳泉市2023年检查指标", Digest: strings.Repeat("2", 64), Indicators: []rules.Indicator{
		{ID: dynamic, Text: "动态类栏目超过2周未更新", Effect: rules.EffectNotice}, {ID: week, Text: "1周无更新", Effect: rules.EffectVeto},
		{ID: yearly, Text: "建议提案栏目{year}年未更新", Effect: rules.EffectNotice}, {ID: "national.V1.safety", Kind: rules.KindHand, Text: "存在安全、泄密等严重问题", Effect: rules.EffectVeto},
	}}
}

// judged is what the program suspects of that city.
func judged(c *inventory.City) rules.Result {
	point := on("2023-09-28")
	res := rules.Result{Point: point, PointDay: on("2023-09-27")}
	add := func(subject, unit, indicator string, effect rules.Effect, newest, text string) {
		res.Findings = append(res.Findings, rules.Finding{
			ID: rules.FindingID(subject, indicator), Subject: subject, Unit: unit, Indicator: indicator, Effect: effect, Sources: []string{cases.ByPatrol},
			Status: "疑似", Publicity: cases.Named, Newest: extract.Date{Time: on(newest)}, Text: text + "，最近更新时间" + newest, Basis: "监测时间点前2周内要有更新", Preliminary: true,
		})
	}
	for _, col := range c.Carriers[2].Columns {
		indicator, newest := dynamic, "2023-06-20"
		if col.ID == "pd/jyta" {
			indicator, newest = yearly, "2022-12-27"
		}
		look := &rules.Look{Subject: col.ID, Digest: strings.Repeat("a", 63) + col.ID[:1], Evidence: []rules.Evidence{{URL: "http://xxgk.yq.gov.cn/" + col.ID + "/", Status: 200}}}
		res.Columns = append(res.Columns, rules.ColumnResult{
			Column: col, State: rules.Stale, Looks: 2, Newest: extract.Date{Time: on(newest)}, Look: look, OnlyYear: false,
			States: []rules.IndicatorState{{Indicator: indicator, State: rules.Stale, Effect: rules.EffectNotice}},
		})
		add(col.ID, col.Unit, indicator, rules.EffectNotice, newest, "动态类栏目超过2周未更新")
	}
	for i, a := range c.Accounts {
		r := rules.AccountResult{Account: a, State: rules.Fresh, Verdict: rules.Pass, Newest: extract.Date{Time: on("2023-09-26")}}
		if i == 0 {
			r.State, r.Verdict, r.Reasons = rules.Stale, rules.Fail, []string{"1周无更新"}
			add(a.ID(), a.Unit, week, rules.EffectVeto, "2023-09-11", "1周无更新")
		}
		res.Accounts = append(res.Accounts, r)
	}
	for _, site := range c.Carriers[:2] {
		res.Sites = append(res.Sites, rules.SiteResult{Carrier: site, Verdict: rules.Pass})
	}
	return res
}

func input(t testing.TB) Input {
	t.Helper()
	c := city()
	return Input{
		City: c, RuleSet: ruleSet(), Round: store.Round{ID: "20230928-0000", Started: on("2023-09-28"), Finished: on("2023-09-28")},
		Result: judged(c), Period: q3, Template: shipped(t, "yangquan"), Date: on("2023-10-11"), Config: strings.Repeat("3", 64),
	}
}

// An office is people at work on the findings of a judgement.
type office struct {
	t    testing.TB
	book *cases.Book
	at   time.Time
}

var (
	handler = cases.Person{Name: "张明", Role: cases.Handler}
	signer  = cases.Person{Name: "王芳", Role: cases.Signer}
)

func newOffice(t testing.TB, in Input) *office {
	t.Helper()
	o := &office{t: t, book: &cases.Book{}, at: on("2023-09-28").Add(9 * time.Hour)}
	for _, e := range o.book.Sync("2023Q3", in.Result, in.RuleSet, o.at) {
		o.do(e)
	}
	return o
}

func (o *office) do(e cases.Event) {
	o.t.Helper()
	o.at = o.at.Add(time.Minute)
	e.At = o.at
	if e.Period == "" {
		e.Period = "2023Q3"
	}
	sealed, err := o.book.Seal(cases.Policy{Alone: true}, e)
	if err == nil {
		err = o.book.Apply(sealed)
	}
	if err != nil {
		o.t.Fatalf("%s: %v", e.Kind, err)
	}
}

func (o *office) confirmAll() {
	o.t.Helper()
	for _, x := range o.book.In("2023Q3") {
		if !x.Settled() {
			o.do(cases.Event{Case: x.Case, Kind: cases.Confirm, By: signer})
		}
	}
}

func make1(t testing.TB, in Input) (Notice, map[string]string) {
	t.Helper()
	n, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	files, err := n.Files()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range files {
		out[f.Name] = string(f.Data)
	}
	return n, out
}

func contains(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func without(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(text, w) {
			t.Errorf("%q in\n%s", w, text)
		}
	}
}

func TestDraftSaysThatNobodyHasLookedIntoIt(t *testing.T) {
	_, files := make1(t, input(t))
	contains(t, files["notice.txt"], "初稿，未经人工核实", "不合格政务新媒体1个，合格率50.0%", "务于2023年10月20日前", "部分单位信息公开动态类栏目未及时更新",
		"监测范围及未能监测情况说明", "“我为政府网站找错”留言尚未登记")
	contains(t, files["summary.json"], `"draft": true`, `"made_from"`)
	contains(t, files["attachment-1.csv"], "1,市公安局,阳泉交警（微博）,140300M010XL0004,1周无更新")
}

func TestFinalIsRefusedByName(t *testing.T) {
	in := input(t)
	in.Final = true
	in.Result.Sites[1].Verdict = rules.NotMonitored
	in.Result.Accounts[1].Verdict = rules.Pending
	_, err := New(in)
	var refused *Refusal
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	contains(t, refused.Chinese(), "市公安局阳泉交警（疑似，尚未列入核实）", "平定县人民政府（未能监测）", "市财政局阳泉财政（待核实）")

	o := newOffice(t, in)
	in.Book = o.book
	if _, err = New(in); !errors.As(err, &refused) {
		t.Fatalf("with suspicions: got %v, want a refusal", err)
	}
	contains(t, refused.Chinese(), "市财政局工作动态--通知公告（疑似）", "平定县人民政府（未能监测）")
	o.confirmAll()
	if _, err = New(in); !errors.As(err, &refused) || len(refused.Unsettled) != 2 {
		t.Fatalf("with two subjects that nobody settled: got %v", err)
	}

	in.City.Simulated = true
	if _, err := New(in); !errors.Is(err, ErrSimulated) {
		t.Errorf("of a simulated city: got %v, want ErrSimulated", err)
	}
}

func TestFinalTakesWhatPeopleConfirmed(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	in.Book, in.Final = o.book, true
	o.do(cases.Event{Case: rules.FindingID("xxgk/gaj/tzgg", dynamic), Kind: cases.Reject, By: signer, Note: "栏目已迁移"})
	o.do(cases.Event{Case: rules.FindingID("account:140300M010XL0004", week), Kind: cases.Reject, By: signer, Note: "当日有更新"})
	o.do(cases.Event{Case: rules.FindingID("pd/jyta", yearly), Kind: cases.Exempt, By: signer, Note: "无提案", Exemption: &cases.Exemption{Reason: cases.Nothing, Until: on("2023-12-31")},
		Attachments: []cases.Attachment{{Name: "备案.pdf", SHA256: strings.Repeat("ab", 32)}}})
	o.do(cases.Event{Case: rules.FindingID("xxgk/czj/tzgg", dynamic), Kind: cases.Standing, By: handler, Result: cases.Passed, Note: "9月27日更新"})
	o.confirmAll()
	n, files := make1(t, in)
	contains(t, files["notice.txt"], "不合格政务新媒体0个，合格率100.0%", "个别单位信息公开动态类栏目未及时更新")
	without(t, files["notice.txt"], "初稿", "疑似", "人大代表建议、政协提案栏目")
	contains(t, files["attachment-2.csv"], "平定县人民政府,经核实，不作为问题,\n")
	contains(t, files["attachment-3.csv"], "市财政局,工作动态--通知公告,2023-06-20（发文前已整改（2023-09-28））")
	without(t, files["attachment-3.csv"], "市公安局")
	without(t, files["attachment-1.csv"], "阳泉交警")
	contains(t, files["summary.json"], `"draft": false`)
	if got := Decided(in); got.Accounts[0].Verdict != rules.Pass || len(got.Findings) != 1 {
		t.Errorf("as decided: the account is %s, %d findings", got.Accounts[0].Verdict, len(got.Findings))
	}
	if len(n.Problems) != 1 || n.Problems[0].Subject != "xxgk/czj/tzgg" {
		t.Errorf("problems %+v, want one", n.Problems)
	}
}

// What people found themselves is told of and makes a verdict; what is outlined
// names nobody in any file.
func TestWhatPeopleFound(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	in.Book = o.book
	raise := func(subject, unit, indicator, text, publicity string, effect rules.Effect) {
		f := cases.Facts{Subject: subject, Unit: unit, Indicator: indicator, Effect: effect, Sources: []string{cases.ByHand}, Publicity: publicity,
			Text: text, Basis: "检查指标", Point: on("2023-09-20")}
		o.do(cases.Event{Case: rules.FindingID(subject, indicator), Kind: cases.Raise, By: handler, Facts: &f})
	}
	raise("czj", "czj", "national.V5.interaction", "未按时答复留言", cases.Named, rules.EffectVeto)
	raise("pd", "pd", "national.V1.safety", "泄露个人信息", cases.Outlined, rules.EffectVeto)
	n, files := make1(t, in)
	contains(t, files["notice.txt"], "不合格政府网站2家，合格率为0.0%", "市财政局未按时答复留言。", "个别单位信息发布工作审核把关不严，泄露个人信息等问题时有发生。")
	without(t, n.Problems.Outlined().Units()+n.Problems.Outlined().Names()+n.Problems.Outlined().Sites(), "平定县")
	in.Template = shipped(t, "county")
	_, files = make1(t, in)
	contains(t, files["attachment-1.csv"], "平定县人民政府,平定县人民政府,,—,\n", "市财政局,阳泉市财政局,1403000011,不合格,未按时答复留言")
	in.Template = shipped(t, "province")
	_, files = make1(t, in)
	without(t, files["attachment-1.csv"], "平定县")
}

// What is 概述不点名 names nobody in any file, whatever the person who found it
// wrote, and what is 仅内部 is in none. Beside a problem of the same account that is
// told of by name, it is not told of.
func TestWhatIsNotToBeNamedIsNotNamed(t *testing.T) {
	account := "account:140300M010XL0004"
	for _, template := range []string{"yangquan", "province", "county"} {
		in := input(t)
		o := newOffice(t, in)
		in.Book, in.Template = o.book, shipped(t, template)
		raise := func(subject, unit, text, publicity string) {
			f := cases.Facts{Subject: subject, Unit: unit, Indicator: "national.V1.safety", Effect: rules.EffectVeto, Sources: []string{cases.ByHand}, Publicity: publicity,
				Text: text, Basis: "检查指标", Point: on("2023-09-20")}
			o.do(cases.Event{Case: rules.FindingID(subject, f.Indicator), Kind: cases.Raise, By: handler, Facts: &f})
		}
		raise("pd", "pd", "平定县门户网站公开了秦某某的身份证号110101199003070011", cases.Outlined)
		raise(account, "gaj", "阳泉交警公开了卫某某的住址", cases.Outlined)
		raise("czj", "czj", "内部掌握的情况", cases.Internal)
		n, files := make1(t, in)
		for _, s := range n.Sheets() {
			for _, row := range s.Rows {
				files["notice.xlsx"] += strings.Join(row, "|") + "\n"
			}
		}
		annex, err := Compare([]Standing{StandingOf(in)}, nil, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		files[annex.Name] = string(annex.Data)
		for file, text := range files {
			for _, unwanted := range []string{"秦某某", "卫某某", "110101", "内部掌握", "公开了", rules.FindingID("pd", "national.V1.safety")} {
				if strings.Contains(text, unwanted) {
					t.Errorf("%s, %s: it holds %q", template, file, unwanted)
				}
			}
		}
		contains(t, files["notice.txt"], "泄露个人信息")
		if template == "yangquan" {
			contains(t, files["attachment-1.csv"], "140300M010XL0004,1周无更新\n")
			without(t, files[annex.Name], "平定县人民政府</th><td>合格率0.0%")
		}
		brief, err := n.Paper(Brief, shipped(t, "brief"), on("2023-10-12"))
		if err != nil {
			t.Fatal(err)
		}
		without(t, string(brief[0].Data), "平定县人民政府：泄露", "秦某某")
	}
}

// A section that people found to be there is in no file any more.
func TestAnUnfoundedSectionIsNotToldOf(t *testing.T) {
	in := input(t)
	section := inventory.Section{ID: "pd/zdhy", Unit: "pd", Spec: extract.SectionSpec{Name: "重大会议信息"}}
	in.City.Carriers[1].Sections = []inventory.Section{section}
	in.RuleSet.Indicators = append(in.RuleSet.Indicators, rules.Indicator{ID: "yangquan.section.meetings", Kind: rules.KindSection, Effect: rules.EffectNotice, Text: "疑似未开设"})
	in.Result.Sections = []rules.SectionResult{{Section: section, State: rules.Missing, Looks: 2}}
	in.Result.Findings = append(in.Result.Findings, rules.Finding{
		ID: rules.FindingID(section.ID, "yangquan.section.meetings"), Subject: section.ID, Unit: "pd", Indicator: "yangquan.section.meetings", Effect: rules.EffectNotice,
		Sources: []string{cases.ByPatrol}, Status: "疑似", Publicity: cases.Named, Text: "疑似未开设重大会议信息栏目", Basis: "检查指标", Preliminary: true,
	})
	o := newOffice(t, in)
	in.Book = o.book
	_, files := make1(t, in)
	contains(t, files["attachments.md"], "疑似未开设：平定县人民政府（重大会议信息）")
	o.do(cases.Event{Case: rules.FindingID(section.ID, "yangquan.section.meetings"), Kind: cases.Reject, By: signer, Note: "开设在另一栏目下"})
	_, files = make1(t, in)
	for file, text := range files {
		if strings.Contains(text, "平定县人民政府（重大会议信息") || strings.Contains(text, `"subject": "pd/zdhy"`) {
			t.Errorf("%s tells of it still", file)
		}
	}
}

// One fact with two sources is told of once in the text.
func TestTwoSourcesAreToldOfOnce(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	in.Book = o.book
	in.City.Registers = []inventory.Entry{{Subject: "czj", Indicator: "national.V5.interaction", Source: cases.BySuperior, Body: "省政府办公厅", Text: "未按时答复留言", Date: on("2023-09-15")}}
	for _, source := range []string{cases.ByHand, cases.ByCitizens, cases.BySuperior} {
		f := cases.Facts{Subject: "czj", Unit: "czj", Indicator: "national.V5.interaction", Effect: rules.EffectNotice, Sources: []string{source},
			Publicity: cases.Named, Text: "未按时答复留言", Basis: "检查指标", Point: on("2023-09-20")}
		o.do(cases.Event{Kind: cases.Raise, By: handler, Facts: &f})
		_, files := make1(t, in)
		if n := strings.Count(files["notice.txt"], "未按时答复留言"); n != 1 {
			t.Errorf("with the source %s it is told of %d times, want once", source, n)
		}
	}
}

// A site that fails by the number of its columns does not fail any more once people
// have dropped some of them: a final notice waits until that is decided anew.
func TestASiteOfFewerColumnsIsDecidedAnew(t *testing.T) {
	in := input(t)
	in.Final = true
	in.RuleSet.Indicators = append(in.RuleSet.Indicators, rules.Indicator{ID: "n.count", Kind: rules.KindCount, Of: []string{dynamic}, AtLeast: 2, Effect: rules.EffectVeto, Text: "累计{count}个"})
	for i := range in.City.Carriers[2].Columns {
		in.City.Carriers[2].Columns[i].CountsTo = "czj"
	}
	in.Result.Sites[0].Verdict = rules.Fail
	in.Result.Findings = append(in.Result.Findings, rules.Finding{
		ID: rules.FindingID("czj", "n.count"), Subject: "czj", Unit: "czj", Indicator: "n.count", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol},
		Status: "疑似", Publicity: cases.Named, Text: "累计2个", Basis: "检查指标", Preliminary: true,
	})
	o := newOffice(t, in)
	in.Book = o.book
	o.do(cases.Event{Case: rules.FindingID("xxgk/gaj/tzgg", dynamic), Kind: cases.Reject, By: signer, Note: "栏目已迁移"})
	o.confirmAll()
	_, err := New(in)
	var refused *Refusal
	if !errors.As(err, &refused) || len(refused.Unsettled) != 1 {
		t.Fatalf("got %v, want a refusal for the site", err)
	}
	contains(t, refused.Chinese(), "市财政局（所计栏目经核实只余1个，不足2个，请重新核定）")
	o.do(cases.Event{Case: rules.FindingID("czj", "n.count"), Kind: cases.Reject, By: signer, Note: "不足个数"})
	if _, err := New(in); err != nil {
		t.Error(err)
	}
}

// What another body told of in the quarter before is not told of again, though
// the problem is still there.
func TestAnEarlierTellingIsNotToldAgain(t *testing.T) {
	in := input(t)
	account := in.City.Accounts[0].ID()
	in.City.Registers = []inventory.Entry{{Subject: account, Indicator: week, Source: cases.BySuperior, Body: "省政府办公厅", Text: "长期不更新", Date: on("2023-06-15")}}
	in.Result.Findings[3].Sources = []string{cases.ByPatrol, cases.BySuperior}
	_, files := make1(t, in)
	without(t, files["notice.txt"], "长期不更新")
	in.City.Registers[0].Date = on("2023-09-15")
	_, files = make1(t, in)
	contains(t, files["notice.txt"], "“阳泉交警”长期不更新被省政府办公厅通报")
}

// What could not be monitored does not become 合格 because people dropped or
// entered something else about it.
func TestUnreadStaysUnread(t *testing.T) {
	in := input(t)
	in.Result.Sites[0].Verdict, in.Result.Sites[0].Home.State = rules.NotMonitored, rules.Unknown
	in.Result.Accounts[0].State = rules.Unknown // its veto is about something else
	o := newOffice(t, in)
	in.Book = o.book
	f := cases.Facts{Subject: "czj", Unit: "czj", Indicator: "national.V5.interaction", Effect: rules.EffectNotice, Sources: []string{cases.ByHand},
		Publicity: cases.Named, Text: "未按时答复留言", Basis: "检查指标", Point: on("2023-09-20")}
	o.do(cases.Event{Kind: cases.Raise, By: handler, Facts: &f})
	o.do(cases.Event{Case: rules.FindingID(in.City.Accounts[0].ID(), week), Kind: cases.Reject, By: signer, Note: "核实不属实"})
	n, _ := make1(t, in)
	if got := n.Draft.Check.Totals; got.Sites.NotMonitored != 1 || got.Sites.Pass != 1 || got.Accounts.NotMonitored != 1 || got.Accounts.Fail != 0 {
		t.Errorf("totals %+v: what was not read is to stay 未能监测", got)
	}
}

func TestEveryShippedTemplateFillsIn(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	o.confirmAll()
	in.Book = o.book
	in.Registers = &Registers{Messages: &Messages{Received: 3, Closed: 3, OnTime: 2}, Unreported: []string{"市财政局"}}
	in.Last = &Standing{Sites: report.Verdicts{Total: 2, Fail: 1}, Accounts: report.Verdicts{Total: 2, Fail: 1}}
	in.Visits, in.Number = Visits{66, 182}, "阳政办函〔2023〕15号"
	in.Owed = []Owed{{"czj", "2023-09", "月度报表", on("2023-10-02"), "未报送"}}
	entries, err := fs.ReadDir(configs.FS, "templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".yaml")
		t.Run(name, func(t *testing.T) {
			tmpl := shipped(t, name)
			if tmpl.Paper != "" {
				n, _ := make1(t, in)
				if _, err := n.Paper(Paper(tmpl.Paper), tmpl, on("2023-10-12")); err != nil && !errors.Is(err, ErrNothing) {
					t.Error(err)
				}
				return
			}
			in := in
			in.Template = tmpl
			_, files := make1(t, in)
			contains(t, files["notice.txt"], "3条", "较上季度上升50.0", "阳政办函〔2023〕15号", "监测范围及未能监测情况说明")
			without(t, files["notice.txt"], "<no value>", "{{", "%!")
		})
	}
}

func TestRegistersAndTheLastQuarter(t *testing.T) {
	in := input(t)
	in.Registers = &Registers{Messages: &Messages{Received: 5, Closed: 3, OnTime: 2, Overdue: 1}} // one is open, and its day has not come
	n, _ := make1(t, in)
	if got := n.fields().Clues; got.Rate != "60" || got.OnTimeRate != "50" {
		t.Errorf("rates %q and %q, want 60 and 50 as the register has them", got.Rate, got.OnTimeRate)
	}
	in.Registers = &Registers{Messages: &Messages{Received: 3, Closed: 2}, Unreported: []string{"市财政局", "市公安局"}}
	in.Last = &Standing{Sites: report.Verdicts{Total: 2}, Accounts: report.Verdicts{Total: 2}}
	_, files := make1(t, in)
	contains(t, files["notice.txt"], "反映我市政府网站问题3条", "办结率66.7%", "部分单位对第二季度通报指出的问题未按时报送整改报告",
		"合格率为100.0%，与上季度持平", "合格率50.0%，较上季度下降50.0个百分点")
}

// Of messages that nobody listed no notice says that there were none, nor how many
// were closed, whatever else the office keeps.
func TestWhereNoMessagesAreKept(t *testing.T) {
	for _, template := range []string{"yangquan", "province", "county"} {
		in := input(t)
		in.Template = shipped(t, template)
		in.Registers = &Registers{Unreported: []string{"市财政局"}}
		_, files := make1(t, in)
		without(t, files["notice.txt"], "平台没有反映", "留言0条", "办结率")
		in.Registers.Messages = &Messages{}
		if _, files = make1(t, in); template == "yangquan" {
			contains(t, files["notice.txt"], "监督举报平台没有反映我市政府网站的问题")
		}
	}
}

// The same input gives the same bytes in every format, and nothing of it is
// changed on the way.
func TestTheSameBytesTwice(t *testing.T) {
	in := input(t)
	_, first := make1(t, in)
	for range 3 {
		_, again := make1(t, in)
		for name, data := range first {
			if again[name] != data {
				t.Errorf("%s differs", name)
			}
		}
	}
	in.Template = shipped(t, "county")
	make1(t, in)
	if got := in.City.Report.Attachments[0].Table; got != inventory.TableAccounts {
		t.Errorf("a template changed the city: its first table is %s", got)
	}
}

// Whatever the names hold, they stay texts: no formula, no markup, no heading, no
// template, no second line.
func TestHostileNames(t *testing.T) {
	hostile := []string{`=HYPERLINK("http://x.example/")`, "a\x00b\x1b[2Jc\r\nd", strings.Repeat("长", 10_000), "\u202e倒\u2066写", "{{.City}}{{range .X}}", "# 一、标题", "<script>alert(1)</script>"}
	for _, name := range hostile {
		in := input(t)
		in.City.Carriers[2].Columns[0].Name, in.City.Accounts[0].Name, in.City.Units[0].Name = name, name, name
		in.Result = judged(in.City)
		in.Result.Columns[0].NewestTitle = name
		_, files := make1(t, in)
		for file, text := range files {
			for _, unwanted := range []string{"\x1b", "\u202e", "\x00b"} {
				if strings.Contains(cutTo(text, file), unwanted) {
					t.Errorf("%.20q: %s holds %q", name, file, unwanted)
				}
			}
		}
		for _, line := range strings.Split(files["attachment-3.csv"], "\n") {
			for _, cell := range strings.Split(line, ",") {
				if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, `"=`) {
					t.Errorf("an armed formula: %.80s", line)
				}
			}
		}
		for _, unwanted := range []string{"<script>", "<no value>", ">一、标题<"} {
			if strings.Contains(files["notice.html"], unwanted) {
				t.Errorf("%.20q: notice.html holds %q", name, unwanted)
			}
		}
		made, err := ReadMade([]byte(files["notice.docx"]))
		if err != nil || made.Period != "2023Q3" {
			t.Errorf("%.20q: the document cannot be read back: %v", name, err)
		}
		if _, err := Compare([]Standing{StandingOf(in)}, nil, 1, true); err != nil {
			t.Error(err)
		}
	}
}

// cutTo is what of a file is to be searched: of packed ones their texts stand
// stored, with other bytes around them.
func cutTo(text, file string) string {
	if strings.HasSuffix(file, ".docx") || strings.HasSuffix(file, ".xlsx") {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), "\x1b", "")
	}
	return text
}

func TestMadeNamesWhatDiffers(t *testing.T) {
	in := input(t)
	n, files := make1(t, in)
	for _, name := range []string{"notice.docx", "notice.html", "summary.json"} {
		made, err := ReadMade([]byte(files[name]))
		if err != nil || made != n.Made {
			t.Errorf("%s says it was made from %+v (%v), want %+v", name, made, err, n.Made)
		}
	}
	in.Result.Columns[0].Look.Evidence[0].SHA256 = strings.Repeat("f", 64)
	in.City.Registers = []inventory.Entry{{Subject: "czj", Indicator: week, Source: cases.BySuperior, Date: on("2023-09-15")}}
	in.Book = newOffice(t, in).book
	other, _ := make1(t, in)
	var names []string
	for _, d := range n.Made.Differs(other.Made) {
		names = append(names, d.Name)
		if d.Chinese() == "" {
			t.Errorf("%s has no Chinese name", d.Name)
		}
	}
	if want := []string{"events", "sha256_looks", "sha256_registers", "sha256_cases"}; !slices.Equal(names, want) {
		t.Errorf("differs: %q, want %q", names, want)
	}
	book, err := BookAt(in.Book, "2")
	if err != nil || book.Head().Seq != 2 {
		t.Errorf("a book as it stood after two events: %v, %v", book, err)
	}
	if _, err := BookAt(in.Book, "99"); err == nil {
		t.Error("a book with fewer events than the notice rests on: no error")
	}
	for _, data := range []string{"", "PK", "{}", `{"made_from": 1}`, "<html></html>"} {
		if _, err := ReadMade([]byte(data)); !errors.Is(err, ErrNotMade) {
			t.Errorf("%q: got %v, want ErrNotMade", data, err)
		}
	}
}

func FuzzReadMade(f *testing.F) {
	_, files := make1(f, input(f))
	for _, name := range []string{"notice.docx", "notice.html", "summary.json"} {
		f.Add([]byte(files[name]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := ReadMade(data)
		if (err == nil) != (made.Format != "") {
			t.Errorf("made %+v, error %v", made, err)
		}
	})
}
