package notify

import (
	"strings"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// city is a city of two units with a site each, and one platform.
func testCity() *inventory.City {
	return &inventory.City{
		Name:  "某市",
		Units: []inventory.Unit{{ID: "czj", Name: "市财政局"}, {ID: "pd", Name: "甲县"}, {ID: "pdjyj", Name: "甲县教育局", Superior: "pd"}},
		Carriers: []inventory.Carrier{
			{ID: "czj", Name: "市财政局网站", Unit: "czj"}, {ID: "pd", Name: "甲县网站", Unit: "pd"},
		},
	}
}

// night is a judgement of the morning of a day: columns in states.
func night(day time.Time, states map[string]rules.State) (store.Round, rules.Result) {
	res := rules.Result{Point: day, PointDay: extract.DayOf(day)}
	for _, id := range []string{"czj/a", "czj/b", "czj/c", "pd/a", "pd/b"} {
		s, ok := states[id]
		if !ok {
			s = rules.Fresh
		}
		carrier, name, _ := strings.Cut(id, "/")
		unit := carrier
		if id == "pd/b" {
			unit = "pdjyj"
		}
		c := rules.ColumnResult{Column: inventory.Column{ID: id, Carrier: carrier, Unit: unit, Name: "栏目" + name}, State: s}
		st := rules.IndicatorState{Indicator: "i", State: s}
		switch s {
		case rules.Due:
			st.StaleOn = res.PointDay.AddDate(0, 0, 3)
		case rules.Fresh:
			st.StaleOn = res.PointDay.AddDate(0, 0, 9)
		case rules.Stale:
			st.StaleSince = res.PointDay.AddDate(0, 0, -4)
			c.Newest = extract.Date{Time: res.PointDay.AddDate(0, 0, -20)}
			c.NewestTitle = "公示 @所有人 <b>"
		case rules.Unknown:
			c.Reason, st.Reason = extract.ReasonLost, extract.ReasonLost
		}
		c.States = []rules.IndicatorState{st}
		if accusing(s) {
			res.Findings = append(res.Findings, rules.Finding{
				ID: rules.FindingID(id, "i"), Subject: id, Unit: unit, Indicator: "i", Effect: rules.EffectNotice, Sources: []string{cases.ByPatrol}, Publicity: cases.Named,
			})
		}
		res.Columns = append(res.Columns, c)
	}
	return store.Round{ID: day.Format("20060102-1504"), Started: day, Finished: day.Add(20 * time.Minute)}, res
}

// boards plays mornings one after the other and returns the last board.
func boards(first time.Time, mornings ...map[string]rules.State) *board.Board {
	var nights []board.Night
	var b *board.Board
	for i, states := range mornings {
		round, res := night(first.AddDate(0, 0, i), states)
		nights = append(nights, board.NightOf(round, res))
		b = board.New(board.Input{City: testCity(), Round: round, Result: res, Nights: nights})
	}
	return b
}

var office = inventory.Messages{Console: "https://xuncha.example", Channels: []inventory.Channel{{Name: "办公室", About: inventory.Topics(), Lang: "zh"}}}

func whole(messages []Message) string {
	var b strings.Builder
	for _, m := range messages {
		b.WriteString(m.text(inventory.Mail, false) + "\n")
	}
	return b.String()
}

func TestADigestTellsWhatIsNew(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first,
		map[string]rules.State{"czj/a": rules.Stale, "czj/b": rules.Due, "pd/a": rules.Stale},
		map[string]rules.State{"czj/a": rules.Unknown, "czj/b": rules.Stale, "pd/a": rules.Fresh, "pd/b": rules.Due},
	)
	said := whole(Digests(b, Told{}, office, workday.Mainland()))
	for _, want := range []string{
		"某市巡查 2023年9月11日：新发现1，临期1，恢复1，未能监测1\n",
		"【新发现】疑似问题，待核实\n· 市财政局网站：栏目b：超期未更新，已超期5天，最近更新2023-08-22《公示 ＠所有人 ＜b＞》\n  https://xuncha.example/columns/czj/b",
		"【临期】请在超期前更新\n· 甲县教育局 · 甲县网站：栏目b：9月14日起超期，还有3天（新增）",
		"【已恢复】此前的疑似问题，本次巡查已正常\n· 甲县网站：栏目a",
		"【未能监测】不计为单位问题，请运维人员处理\n· 市财政局网站：1 个，页面改版，采集规则待更新\n  https://xuncha.example/columns?carrier=czj&reason=lost&state=unknown",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not told: %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "栏目a：超期") {
		t.Errorf("an old finding is told as new:\n%s", said)
	}
}

// A column that could not be read for a night was accused before and is after: it
// is no news.
func TestWhatWasUnknownForANightIsNoNews(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first,
		map[string]rules.State{"czj/a": rules.Stale},
		map[string]rules.State{"czj/a": rules.Unknown},
		map[string]rules.State{"czj/a": rules.Stale},
	)
	if said := Digests(b, Told{}, office, workday.Mainland()); len(said) != 0 {
		t.Errorf("told:\n%s", whole(said))
	}
}

func TestAUnitIsToldOfItselfAndThoseBelow(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first, nil, map[string]rules.State{"czj/a": rules.Stale, "pd/b": rules.Stale, "pd/a": rules.Unknown})
	m := inventory.Messages{Channels: []inventory.Channel{{Name: "甲县", Units: []string{"pd"}, About: []inventory.Topic{inventory.AboutWarnings, inventory.AboutFindings}, Lang: "zh"}}}
	said := whole(Digests(b, Told{}, m, workday.Mainland()))
	if !strings.Contains(said, "甲县教育局 · 甲县网站：栏目b") || strings.Contains(said, "财政") || strings.Contains(said, "未能监测") {
		t.Errorf("told:\n%s", said)
	}
}

func TestBeforeALongHolidayPeopleAreWarned(t *testing.T) {
	// 2023-09-29 to 10-06 was a holiday; the third working day before it is 09-26.
	for day, want := range map[int]bool{25: false, 26: true, 27: false} {
		b := boards(time.Date(2023, 9, day-1, 1, 30, 0, 0, extract.Beijing), nil, nil)
		said := whole(Digests(b, Told{}, office, workday.Mainland()))
		if strings.Contains(said, "内将超期") != want {
			t.Errorf("on 9月%d日 told:\n%s", day, said)
		}
	}
}

func TestOneCauseIsOneLine(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first, nil, map[string]rules.State{"czj/a": rules.Unknown, "czj/b": rules.Unknown, "czj/c": rules.Unknown})
	if said := whole(Digests(b, Told{}, office, nil)); strings.Count(said, "\n· ") != 1 || !strings.Contains(said, "市财政局网站：3 个") {
		t.Errorf("told:\n%s", said)
	}
	round, res := night(first.AddDate(0, 0, 1), nil)
	for i := range res.Columns {
		c := &res.Columns[i]
		c.State, c.Reason = rules.Unknown, extract.ReasonDown
		c.States[0].State, c.States[0].Reason = rules.Unknown, extract.ReasonDown
	}
	b = board.New(board.Input{City: testCity(), Round: round, Result: res, Nights: b.Nights[:1]})
	if said := whole(Digests(b, Told{}, office, nil)); strings.Count(said, "\n· ") != 1 || !strings.Contains(said, "本机网络") {
		t.Errorf("of a night without network is told:\n%s", said)
	}
}

func TestAnAlertIsOneMessageForAsLongAsItLasts(t *testing.T) {
	since := time.Date(2023, 9, 27, 2, 0, 0, 0, extract.Beijing)
	a := []Alert{{ID: "disk", Since: since, Chinese: "磁盘空间不足", English: "disk low"}}
	one, two := Alerts(a, office, "某市", since), Alerts(a, office, "某市", since.Add(time.Hour))
	if len(one) != 1 || one[0].ID != two[0].ID || one[0].Title != "巡查系统告警：磁盘空间不足" {
		t.Errorf("alerts %v, %v", one, two)
	}
}

// The program was down for two nights, and one ended just before: nobody was told.
// What they brought is told with the next, once.
func TestNightsThatNobodyWasToldOfAreMadeUpFor(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first,
		nil,
		map[string]rules.State{"czj/a": rules.Stale, "pd/b": rules.Due},
		map[string]rules.State{"czj/a": rules.Stale, "pd/b": rules.Due},
	)
	if said := whole(Digests(b, Told{Round: "20230910-0130"}, office, nil)); !strings.Contains(said, "新发现1") || !strings.Contains(said, "临期1") {
		t.Errorf("told of two nights:\n%s", said)
	}
	if said := Digests(b, Told{Round: "20230911-0130"}, office, nil); len(said) != 0 {
		t.Errorf("told once more:\n%s", whole(said))
	}
}

// The warning comes a day late where nobody was told on the third working day, and
// not again on the next.
func TestTheWarningBeforeAHolidayIsMadeUpFor(t *testing.T) {
	b := boards(time.Date(2023, 9, 25, 1, 30, 0, 0, extract.Beijing), nil, nil, nil) // the last is of 27 September
	for told, want := range map[string]bool{"20230925-0130": true, "20230926-0130": false} {
		if said := whole(Digests(b, Told{Round: told}, office, workday.Mainland())); strings.Contains(said, "节前提醒") != want {
			t.Errorf("told of %s before, then:\n%s", told, said)
		}
	}
}

// Another round on the same day is no reason to remind of a last day twice.
func TestALastDayIsRemindedOfOnce(t *testing.T) {
	morning := time.Date(2023, 9, 11, 1, 30, 0, 0, extract.Beijing)
	var nights []board.Night
	for i, at := range []time.Time{morning.AddDate(0, 0, -1), morning, morning.Add(8 * time.Hour)} {
		round, res := night(at, map[string]rules.State{"pd/a": rules.Due})
		for c := range res.Columns {
			if res.Columns[c].State == rules.Due {
				res.Columns[c].States[0].StaleOn = time.Date(2023, 9, 12, 0, 0, 0, 0, extract.Beijing)
			}
		}
		nights = append(nights, board.NightOf(round, res))
		b := board.New(board.Input{City: testCity(), Round: round, Result: res, Nights: nights})
		said := whole(Digests(b, Told{}, office, nil))
		if want := i < 2; strings.Contains(said, "临期") != want {
			t.Errorf("round %d: told:\n%s", i, said)
		}
		if i == 1 && !strings.Contains(said, "今天是最后一天") {
			t.Errorf("the last day is not named:\n%s", said)
		}
	}
}

// What is nearest stands first: it must not be what a robot's message has no room
// for.
func TestTheNearestStandsFirst(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	round, res := night(first, map[string]rules.State{"czj/a": rules.Due, "czj/b": rules.Due, "pd/a": rules.Due})
	for i, days := range []int{3, 2, 0, 1} {
		if res.Columns[i].State == rules.Due {
			res.Columns[i].States[0].StaleOn = res.PointDay.AddDate(0, 0, days+1)
		}
	}
	b := board.New(board.Input{City: testCity(), Round: round, Result: res})
	said := whole(Digests(b, Told{}, office, nil))
	one, two, three := strings.Index(said, "甲县网站：栏目a"), strings.Index(said, "栏目b：9"), strings.Index(said, "市财政局网站：栏目a")
	if one < 0 || one > two || two > three {
		t.Errorf("told:\n%s", said)
	}
}

func TestEnglishIsEnglish(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first, nil, map[string]rules.State{"czj/a": rules.Stale, "czj/b": rules.Due, "pd/a": rules.Unknown})
	m := office
	m.Channels = []inventory.Channel{{Name: "desk", About: inventory.Topics(), Lang: "en"}}
	said := whole(Digests(b, Told{}, m, workday.Mainland()))
	for _, want := range []string{
		"某市, patrol of 2023-09-11: new 1, due 1, not read 1", ": stale, 5 days past its window, newest 2023-08-22 “", ": stale from 2023-09-14, in 3 days (new)", "NOT READ: ", "Console: https://xuncha.example",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not told: %q in\n%s", want, said)
		}
	}
	for _, r := range "，。《》还天" {
		if strings.ContainsRune(said, r) {
			t.Errorf("%c in\n%s", r, said)
		}
	}
}

// A robot's message has links to the tables of its rows.
func TestARobotLinksToTheRows(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	b := boards(first, nil, map[string]rules.State{"czj/a": rules.Stale, "pd/a": rules.Stale})
	text := Digests(b, Told{}, office, nil)[0].text(inventory.WeCom, false)
	if !strings.Contains(text, "待核实\nhttps://xuncha.example/columns?id=czj%2Fa&id=pd%2Fa\n·") {
		t.Error(text)
	}
	var many []board.Row
	for _, id := range strings.Fields("a b c d e f account:1 account:2 site") {
		r := board.Row{ID: id, Kind: inventory.KindColumn, State: rules.Stale}
		if strings.HasPrefix(id, "account:") {
			r.Kind = inventory.KindAccount
		} else if id == "site" {
			r.Kind = inventory.KindSite
		}
		many = append(many, r)
	}
	if got := strings.Join(tables(many), " "); got != "/sites?id=site /columns?state=stale /accounts?id=account%3A1&id=account%3A2" {
		t.Error(got)
	}
}

// A redesign is told of when its proposal comes, and not on every night on which it
// waits.
func TestAProposalIsToldOfOnce(t *testing.T) {
	first := time.Date(2023, 9, 10, 1, 30, 0, 0, extract.Beijing)
	told := Told{}
	for i, want := range []string{"市财政局网站：2 个栏目改版", "", "甲县网站：1 个栏目改版，请确认或修改采集规则\n  https://xuncha.example/tuner\n· 另有 2 个此前已告知"} {
		round, res := night(first.AddDate(0, 0, i), nil)
		for c := range 2 + i/2*2 {
			if c != 2 {
				res.Columns[c].Proposal = &extract.Proposal{}
			}
		}
		b := board.New(board.Input{City: testCity(), Round: round, Result: res})
		if said := whole(Digests(b, told, office, nil)); !strings.Contains(said, want) || want == "" && said != "" {
			t.Errorf("night %d: told:\n%s\nwant %q", i+1, said, want)
		}
		told = ToldOf(b, told)
	}
}
