package notify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

var firstMorning = time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)

// A teller tells of one morning after the other, as a program does that keeps what it
// told of.
type teller struct {
	told   Told
	nights []board.Night
}

// morning is what is told of one more morning, with the judgement changed before.
func (w *teller) morning(m inventory.Messages, states map[string]rules.State, change func(*rules.Result), book *cases.Book) string {
	round, res := night(firstMorning.AddDate(0, 0, len(w.nights)), states)
	if change != nil {
		change(&res)
	}
	w.nights = append(w.nights, board.NightOf(round, res))
	b := board.New(board.Input{City: mediaCity(), Set: set, Round: round, Result: res, Nights: w.nights, Book: book})
	said := whole(Digests(b, w.told, m, nil))
	w.told = ToldOf(b, w.told)
	return said
}

var set = &rules.RuleSet{Indicators: []rules.Indicator{
	{ID: "name", Kind: rules.KindName, Effect: rules.EffectVeto}, {ID: "access", Kind: rules.KindAccess, Effect: rules.EffectVeto},
	{ID: "count", Kind: rules.KindCount, Effect: rules.EffectVeto}, {ID: "owner", Kind: rules.KindOwner, Effect: rules.EffectHint},
	{ID: "labels", Kind: rules.KindLabels, Effect: rules.EffectNotice},
}}

// mediaCity is the city of the tests with an account.
func mediaCity() *inventory.City {
	c := testCity()
	c.Accounts = []inventory.Account{{Code: "1", Name: "甲县发布", Unit: "pd", Platform: "weibo"}}
	return c
}

// finds adds a finding of the program.
func finds(res *rules.Result, subject, unit, indicator, text string) *rules.Finding {
	res.Findings = append(res.Findings, rules.Finding{
		ID: rules.FindingID(subject, indicator), Subject: subject, Unit: unit, Indicator: indicator, Effect: set.Indicator(indicator).Effect,
		Sources: []string{cases.ByPatrol}, Publicity: cases.Named, Text: text,
	})
	return &res.Findings[len(res.Findings)-1]
}

// account adds the account, which shows a name or was not read.
func account(res *rules.Result, read bool) {
	a := rules.AccountResult{Account: mediaCity().Accounts[0], State: rules.Unknown, Reason: extract.ReasonBlocked}
	if read {
		a.State, a.Reason, a.Named = rules.Fresh, "", &rules.Look{}
	}
	res.Accounts = append(res.Accounts, a)
}

// site adds a site with a verdict.
func site(res *rules.Result, v rules.Verdict, access *rules.Access) {
	res.Sites = append(res.Sites, rules.SiteResult{Carrier: testCity().Carriers[0], Home: rules.IndicatorState{State: rules.Fresh}, Verdict: v, Access: access})
	for i := range res.Columns {
		res.Columns[i].Column.CountsTo = "czj"
	}
}

// What is no state of a column is told as well, once, and that it is over only by a
// night that shows it.
func TestEveryKindOfFindingIsToldOfOnce(t *testing.T) {
	shut := &rules.Access{Indicator: "access", Judged: true, Fails: true}
	tests := []struct {
		name    string
		with    func(*rules.Result)
		unsure  func(*rules.Result) // it is not found, and nobody can tell
		without func(*rules.Result)
		want    string
	}{
		{
			"another name", func(r *rules.Result) {
				account(r, true)
				finds(r, "account:1", "pd", "name", "名称不符，显示名称“甲 @all”")
			},
			func(r *rules.Result) { account(r, false) }, func(r *rules.Result) { account(r, true) },
			"甲县发布（weibo）：疑似：名称不符，显示名称“甲 ＠all”",
		},
		{
			"another owner", func(r *rules.Result) { account(r, true); finds(r, "account:1", "pd", "owner", "认证主体不一致") },
			func(r *rules.Result) { account(r, false) }, func(r *rules.Result) { account(r, true) },
			"甲县发布（weibo）：疑似：认证主体不一致",
		},
		{
			"a site that does not open", func(r *rules.Result) {
				site(r, rules.Pending, shut)
				finds(r, "czj", "czj", "access", "网站无法访问")
			},
			func(r *rules.Result) { site(r, rules.Pass, &rules.Access{Indicator: "access"}) },
			func(r *rules.Result) { site(r, rules.Pass, &rules.Access{Indicator: "access", Judged: true}) },
			"市财政局网站：疑似：网站无法访问",
		},
		{
			"too many columns of a site", func(r *rules.Result) {
				site(r, rules.Fail, nil)
				finds(r, "czj", "czj", "count", "累计5个")
			},
			func(r *rules.Result) {
				site(r, rules.Pending, nil)
				r.Columns[0].State, r.Columns[0].States[0].State = rules.Unknown, rules.Unknown
			},
			func(r *rules.Result) { site(r, rules.Pass, nil) },
			"市财政局网站：疑似：累计5个",
		},
		{
			"a list without dates", func(r *rules.Result) {
				r.Columns[0].State, r.Columns[0].Reason, r.Columns[0].States[0].State = rules.Unknown, extract.ReasonUndated, rules.Unknown
				finds(r, "czj/a", "czj", "labels", "未标注发布时间")
			},
			func(r *rules.Result) { r.Columns[0].State, r.Columns[0].States[0].State = rules.Unknown, rules.Unknown },
			func(*rules.Result) {},
			"市财政局网站：栏目a：疑似：未标注发布时间",
		},
	}
	m := office
	m.Channels = []inventory.Channel{{Name: "办公室", About: []inventory.Topic{inventory.AboutFindings}, Lang: "zh"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &teller{}
			if said := w.morning(m, nil, nil, nil); said != "" {
				t.Errorf("of a quiet night: %s", said)
			}
			if said := w.morning(m, nil, tt.with, nil); !strings.Contains(said, "【新发现】疑似问题，待核实\n· "+tt.want) {
				t.Errorf("found: told:\n%s\nwant %s", said, tt.want)
			}
			for i, change := range []func(*rules.Result){tt.with, tt.unsure, tt.with, tt.unsure} {
				if said := w.morning(m, nil, change, nil); said != "" {
					t.Errorf("night %d after: told:\n%s", i+1, said)
				}
			}
			if said := w.morning(m, nil, tt.without, nil); !strings.Contains(said, "【不再发现】") || strings.Contains(said, "【已恢复】") {
				t.Errorf("over: told:\n%s", said)
			}
			if said := w.morning(m, nil, tt.without, nil); said != "" {
				t.Errorf("told once more:\n%s", said)
			}
		})
	}
}

// What comes to no finding accuses nobody, though its state is shown: a column with
// nothing to publish, an account whose silence was filed.
func TestAStateWithoutAFindingAccusesNobody(t *testing.T) {
	w := &teller{}
	w.morning(office, nil, nil, nil)
	for range 9 {
		if said := w.morning(office, map[string]rules.State{"czj/a": rules.Stale}, func(r *rules.Result) { r.Findings = nil }, nil); said != "" {
			t.Errorf("told:\n%s", said)
		}
	}
}

// A column that fails a second indicator by the same state was told of as stale.
func TestASecondIndicatorOfAStateIsNoNews(t *testing.T) {
	w := &teller{}
	stale := map[string]rules.State{"czj/a": rules.Stale}
	w.morning(office, nil, nil, nil)
	w.morning(office, stale, nil, nil)
	if said := w.morning(office, stale, func(r *rules.Result) {
		r.Columns[0].States = append(r.Columns[0].States, rules.IndicatorState{Indicator: "labels", State: rules.Stale})
		finds(r, "czj/a", "czj", "labels", "应更新栏目超过1年未更新")
	}, nil); said != "" {
		t.Errorf("told:\n%s", said)
	}
	if said := w.morning(office, nil, nil, nil); strings.Count(said, "栏目a") != 1 || !strings.Contains(said, "【已恢复】") {
		t.Errorf("over: told:\n%s", said)
	}
}

// Hints and what is 仅内部 are for those who see the whole city, what is 概述不点名 is
// not spelled out, and numbers of persons are covered.
func TestWhatIsInsideStaysInside(t *testing.T) {
	m := office
	m.Channels = []inventory.Channel{{Name: "甲县", Units: []string{"pd"}, About: inventory.Topics(), Lang: "zh"}, {Name: "办公室", About: inventory.Topics(), Lang: "zh"}}
	w := &teller{}
	w.morning(m, nil, nil, nil)
	said := w.morning(m, nil, func(r *rules.Result) {
		account(r, true)
		finds(r, "account:1", "pd", "owner", "认证主体不一致")
		finds(r, "pd/a", "pd", "labels", "泄露他人住址").Publicity = cases.Outlined
		finds(r, "pd/b", "pdjyj", "labels", "联系人13812345678未标注")
	}, nil)
	if strings.Count(said, "认证主体") != 1 || strings.Contains(said, "住址") || strings.Contains(said, "13812345678") || strings.Count(said, "内容请到控制台查看") != 2 {
		t.Errorf("told:\n%s", said)
	}
}

// What other bodies found is no suspicion of ours.
func TestWhatOthersStateIsToldAsTheirs(t *testing.T) {
	w := &teller{}
	w.morning(office, nil, nil, nil)
	said := w.morning(office, nil, func(r *rules.Result) {
		site(r, rules.Fail, nil)
		finds(r, "czj", "czj", "count", "互动回应差").Sources = []string{cases.BySuperior}
	}, nil)
	if !strings.Contains(said, "【他方指出】上级通报等登记的问题\n· 市财政局网站：上级通报：互动回应差") || strings.Contains(said, "疑似") {
		t.Errorf("told:\n%s", said)
	}
}

// A program that was upgraded, or never told of anything, goes by the nights.
func TestWithoutMemoryNightsTell(t *testing.T) {
	w := &teller{}
	stale := map[string]rules.State{"czj/a": rules.Stale}
	w.morning(office, stale, nil, nil)
	w.told = Told{Round: w.told.Round}
	if said := w.morning(office, stale, nil, nil); said != "" {
		t.Errorf("told:\n%s", said)
	}
}

// Once a week people are reminded of what lasts, with since when.
func TestWhatLastsIsRemindedOfWeekly(t *testing.T) {
	w := &teller{}
	m := office
	m.Channels = []inventory.Channel{{Name: "市财政局", Units: []string{"czj"}, About: []inventory.Topic{inventory.AboutFindings}, Lang: "zh"}, {Name: "运维", About: []inventory.Topic{inventory.AboutOperator}, Lang: "zh"}}
	states := map[string]rules.State{"czj/a": rules.Stale, "czj/b": rules.Unknown, "pd/a": rules.Unknown}
	redesigned := func(r *rules.Result) { r.Columns[1].Proposal = &extract.Proposal{} }
	for i := range 22 {
		said := w.morning(m, states, redesigned, nil)
		switch {
		case i == 0:
		case i%week != 0 && said != "":
			t.Errorf("morning %d: told:\n%s", i+1, said)
		case i%week == 0:
			for _, want := range []string{
				"【仍未解决】此前已告知的疑似问题，每周提醒\n· 市财政局网站：栏目a：超期未更新", "2023-0", fmt.Sprintf("，已%d夜", i+1), "甲县网站：1 个，页面改版，采集规则待更新，已" + fmt.Sprint(i+1) + "夜",
				"市财政局网站：1 个栏目改版，请确认或修改采集规则，已" + fmt.Sprint(i+1) + "夜",
			} {
				if !strings.Contains(said, want) {
					t.Errorf("morning %d: not told: %q in\n%s", i+1, want, said)
				}
			}
		}
	}
}

// A desk is an office at work.
type desk struct {
	t    *testing.T
	book *cases.Book
}

// do records an event about a finding on a day of September at noon, and hands out the
// history as it is then.
func (d *desk) do(day int, by cases.Person, e cases.Event) *cases.Book {
	d.t.Helper()
	e.Period, e.By, e.At = "2023Q3", by, time.Date(2023, 9, day, 12, 0, 0, 0, extract.Beijing)
	sealed, err := d.book.Seal(cases.Policy{}, e)
	if err == nil {
		err = d.book.Apply(sealed)
	}
	if err != nil {
		d.t.Fatalf("%s: %v", e.Kind, err)
	}
	book, err := cases.Open(d.book.Events())
	fatal(d.t, err)
	return book
}

// A finding's life is told of step by step, to the unit too, and nothing is called
// confirmed before people have confirmed it.
func TestTheStepsOfAFindingAreTold(t *testing.T) {
	zhang, li, wang := cases.Person{Name: "张明", Role: cases.Handler}, cases.Person{Name: "李华", Role: cases.Reviewer}, cases.Person{Name: "王芳", Role: cases.Signer}
	clerk := cases.Person{Name: "赵强", Role: cases.Unit, Unit: "czj"}
	due := func(day int) time.Time { return time.Date(2023, 9, day, 0, 0, 0, 0, extract.Beijing) }
	facts := &cases.Facts{
		Subject: "czj/a", Unit: "czj", Indicator: "labels", Effect: rules.EffectVeto, Sources: []string{cases.ByHand}, Publicity: cases.Named,
		Text: "服务不实用", Basis: "V6", Point: due(9),
	}
	d := &desk{t, &cases.Book{}}
	raise := func(e cases.Event) cases.Event { e.Facts = facts; return e }
	id := rules.FindingID("czj/a", "labels")
	of := func(k cases.Kind) cases.Event { return cases.Event{Case: id, Kind: k} }
	with := func(e cases.Event, change func(*cases.Event)) cases.Event { change(&e); return e }
	m := office
	m.Channels = []inventory.Channel{{Name: "市财政局", Units: []string{"czj"}, About: []inventory.Topic{inventory.AboutFindings}, Lang: "zh"}}
	w := &teller{}
	w.morning(m, nil, nil, d.book) // of the 10th
	steps := []struct {
		name string
		book func() *cases.Book
		want string // "" for no message
	}{
		{"entered by hand", func() *cases.Book { return d.do(10, zhang, raise(of(cases.Raise))) }, "：新登记，来源：人工核查；疑似，待核实"},
		{"put to the unit", func() *cases.Book {
			return d.do(11, zhang, with(of(cases.Verify), func(e *cases.Event) { e.Due = due(16) }))
		}, "：已发核实单，请于9月16日前答复"},
		{"three days before", nil, "核实单请于9月16日前报送，还有3天"},
		{"two days before", nil, ""},
		{"answered", func() *cases.Book {
			return d.do(14, clerk, with(of(cases.Reply), func(e *cases.Event) { e.Answer = cases.Admitted }))
		}, "单位答复：属实"},
		{"half confirmed", func() *cases.Book { return d.do(15, zhang, of(cases.Confirm)) }, ""},
		{"confirmed", func() *cases.Book { return d.do(16, li, of(cases.Approve)) }, "：已认定"},
		{"sent down", func() *cases.Book {
			return d.do(17, wang, with(of(cases.Send), func(e *cases.Event) { e.Due = due(19) }))
		}, "：已交办，请于9月19日前报送整改"},
		{"the last day", nil, "整改情况今天到期"},
		{"the day after", nil, "整改情况已逾期1天"},
		{"late", nil, ""},
	}
	book := d.do(9, zhang, with(of(cases.Raise), func(e *cases.Event) { // another, which nobody hears of
		e.Case, e.Facts = rules.FindingID("pd/a", "labels"), &cases.Facts{
			Subject: "pd/a", Unit: "pd", Indicator: "labels", Effect: rules.EffectVeto, Sources: []string{cases.ByHand}, Publicity: cases.Internal, Text: "x", Basis: "y", Point: due(9),
		}
	}))
	for _, step := range steps {
		if step.book != nil {
			book = step.book()
		}
		said := w.morning(m, nil, nil, book)
		if !strings.Contains(said, step.want) || step.want == "" && said != "" || step.name != "confirmed" && strings.Contains(said, "已认定") {
			t.Errorf("%s: told:\n%s\nwant %q", step.name, said, step.want)
		}
		if said != "" && (!strings.Contains(said, "市财政局网站：栏目a：服务不实用（2023Q3）") || !strings.Contains(said, "https://xuncha.example/findings/"+id+"/2023Q3")) {
			t.Errorf("%s: it is not said of what:\n%s", step.name, said)
		}
	}
}

// What people refuted, or filed, is not reminded of, though the program finds it still.
func TestWhatPeopleRefutedIsLeftAlone(t *testing.T) {
	zhang := cases.Person{Name: "张明", Role: cases.Handler}
	d := &desk{t, &cases.Book{}}
	stale := map[string]rules.State{"czj/a": rules.Stale}
	facts := cases.Facts{
		Subject: "czj/a", Unit: "czj", Indicator: "i", Effect: rules.EffectNotice, Sources: []string{cases.ByPatrol}, Publicity: cases.Named, Text: "超期", Basis: "V4",
		Point: firstMorning,
	}
	id := rules.FindingID("czj/a", "i")
	book := d.do(9, cases.Machine(), cases.Event{Kind: cases.Raise, Case: id, Facts: &facts})
	w := &teller{}
	if said := w.morning(office, stale, nil, book); !strings.Contains(said, "新发现1") {
		t.Errorf("told:\n%s", said)
	}
	book = d.do(10, zhang, cases.Event{Kind: cases.Reject, Case: id, Note: "当日有更新"})
	if said := w.morning(office, stale, nil, book); !strings.Contains(said, "核实不属实，不再列为问题") {
		t.Errorf("told:\n%s", said)
	}
	for range 8 {
		if said := w.morning(office, stale, nil, book); said != "" {
			t.Errorf("told:\n%s", said)
		}
	}
}

// Three sites on one machine that is down are one line.
func TestWhatIsTiedTogetherIsOneCause(t *testing.T) {
	city := testCity()
	city.Carriers = nil
	var res rules.Result
	for i, c := range []struct{ home, cms string }{
		{"http://one.example/a", "x"}, {"http://one.example/b", "x"}, {"http://one.example/c", "y"},
		{"http://d.example/", "z"}, {"http://e.example/", "z"}, {"http://f.example/", "z"},
		{"http://g.example/", "x"}, {"http://h.example/", "w"}, {"http://i.example/", "w"}, {"http://j.example/", "v"},
	} {
		id := string(rune('a' + i))
		city.Carriers = append(city.Carriers, inventory.Carrier{ID: id, Name: "网站" + id, Unit: "czj", Home: c.home, CMS: c.cms})
		state, reason := rules.Unknown, extract.ReasonDown
		if id == "g" || id == "j" {
			state, reason = rules.Fresh, ""
		}
		for _, name := range []string{"/1", "/2"} {
			res.Columns = append(res.Columns, rules.ColumnResult{
				Column: inventory.Column{ID: id + name, Carrier: id, Unit: "czj"}, State: state, Reason: reason,
				States: []rules.IndicatorState{{State: state, Reason: reason}},
			})
		}
	}
	for range 2 { // so that it is not nearly all
		for _, id := range []string{"g", "j"} {
			res.Columns = append(res.Columns, rules.ColumnResult{Column: inventory.Column{ID: fmt.Sprint(id, len(res.Columns)), Carrier: id, Unit: "czj"}, State: rules.Fresh, States: []rules.IndicatorState{{State: rules.Fresh}}})
		}
	}
	res.PointDay = extract.DayOf(firstMorning)
	b := board.New(board.Input{City: city, Round: store.Round{ID: "r", Started: firstMorning, Finished: firstMorning}, Result: res})
	var lines []string
	for _, l := range newNews(b, Told{}, nil).unread("zh").Lines {
		lines = append(lines, l.Text)
	}
	want := []string{
		"同一主机 one．example 上的 3 个网站或平台：6 个，无法访问", "同一系统 z 的 3 个网站或平台，疑为同一原因：6 个，无法访问", "网站h：2 个，无法访问", "网站i：2 个，无法访问",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("told %q, want %q", lines, want)
	}
}
