package cases

import (
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

func TestPropose(t *testing.T) {
	back := []Backfill{{Title: "关于某事的公告", Day: day("2023-09-20 00:00")}}
	reported := day("2023-10-18 10:00")
	tests := []struct {
		name string
		look Observation
		want Kind
		says string
	}{
		{"fresh", Observation{At: reported.AddDate(0, 0, 1), State: rules.Fresh, Newest: extract.Date{Time: day("2023-10-17 00:00")}}, Clear, "复核已达到要求，最近更新时间2023-10-17"},
		{"due", Observation{At: reported.AddDate(0, 0, 1), State: rules.Due}, Clear, "复核已达到要求"},
		{"stale", Observation{At: reported.AddDate(0, 0, 1), State: rules.Stale, Newest: extract.Date{Time: day("2023-08-23 00:00")}}, Return, "复核仍未达到要求，最近更新时间2023-08-23"},
		{"blank", Observation{At: reported.AddDate(0, 0, 1), State: rules.Blank}, Return, "复核仍未达到要求"},
		{"not read", Observation{At: reported.AddDate(0, 0, 1), State: rules.Unknown}, "", "未能监测，请人工复核"},
		{"nothing", Observation{At: reported.AddDate(0, 0, 1)}, "", "未能监测，请人工复核"},
		{"older than the report", Observation{At: reported.AddDate(0, 0, -1), State: rules.Fresh}, "", "所据巡查早于整改报告，请重新巡查"},
		{
			"fresh, and an item dated back", Observation{At: reported.AddDate(0, 0, 1), State: rules.Fresh, Newest: extract.Date{Time: day("2023-10-17 00:00")}, Backfilled: back},
			Clear, "复核已达到要求，最近更新时间2023-10-17；补录2023-09-20",
		},
		{
			"fresh by nothing but items dated back", Observation{At: reported.AddDate(0, 0, 1), State: rules.Fresh, Newest: extract.Date{Time: day("2023-09-20 00:00")}, Backfilled: back},
			"", "最近更新为补录，请人工复核；补录2023-09-20",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := reach(t, stale("fgw/tzgg"), Reported).now()
			if p := o.Propose(tt.look); p.Then != tt.want || p.Chinese != tt.says || p.English == "" {
				t.Errorf("got %q, %s; want %q, %s", p.Then, p.Chinese, tt.want, tt.says)
			}
		})
	}
	if p := reach(t, stale("fgw/tzgg"), Fixing).now().Propose(Observation{At: day("2023-12-01"), State: rules.Fresh}); p.Then != "" {
		t.Errorf("nothing was reported: got %s", p.Then)
	}
}

// A look that fails cannot be recorded as one that passed.
func TestARecheckIsWhatWasSeen(t *testing.T) {
	tests := []struct {
		name string
		by   Person
		fill []func(*Event)
		ok   bool
	}{
		{"passed by a fresh look", machine, []func(*Event){result(Passed), seen(day("2023-10-19"), rules.Fresh)}, true},
		{"passed by a stale look", machine, []func(*Event){result(Passed), seen(day("2023-10-19"), rules.Stale)}, false},
		{"passed by a look that saw nothing", machine, []func(*Event){result(Passed), seen(day("2023-10-19"), rules.Unknown)}, false},
		{"passed by a look before the report", machine, []func(*Event){result(Passed), seen(day("2023-10-17"), rules.Fresh)}, false},
		{"passed by a look of tomorrow", machine, []func(*Event){result(Passed), seen(day("2024-10-17"), rules.Fresh)}, false},
		{"the program without a look", machine, []func(*Event){result(Passed), note("已更新")}, false},
		{"a person with a note", zhang, []func(*Event){result(Passed), note("已更新")}, true},
		{"a person without a word", zhang, []func(*Event){result(Passed)}, false},
		{"no result", zhang, []func(*Event){note("已更新")}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := reach(t, stale("fgw/tzgg"), Reported).on("2023-10-20")
			if err := d.try(tt.by, Recheck, tt.fill...); tt.ok && err != nil {
				t.Error(err)
			} else if !tt.ok {
				refused(t, err)
			}
		})
	}
}

func TestStandingIsWhatWasSeen(t *testing.T) {
	d := reach(t, stale("fgw/tzgg"), Confirmed)
	refused(t, d.try(machine, Standing, result(Passed), seen(day("2023-09-28"), rules.Stale)))
	refused(t, d.try(machine, Standing, result(Passed)))
	d.do(machine, Standing, result(Failed), seen(day("2023-09-28"), rules.Stale))
	if o := d.now(); o.Annotation() != "" || o.BeforeNotice.Fixed {
		t.Errorf("got %+v", o.BeforeNotice)
	}
}

// Only a re-check that passed after the last report clears.
func TestNoClearanceWithoutARecheckThatPassed(t *testing.T) {
	for _, r := range []Result{Failed, Unclear} {
		d := reach(t, stale("fgw/tzgg"), Reported)
		d.do(zhang, Recheck, result(r), note("所见"))
		want := "最近一次复核未通过，不能销号；请再次复核，或退回重改"
		if got := refused(t, d.try(zhang, Clear)).Chinese(); got != want {
			t.Errorf("%s: got %s, want %s", r, got, want)
		}
	}
	d := reach(t, stale("fgw/tzgg"), Returned)
	d.do(clerk, Report, signed("孙立"))
	refused(t, d.try(zhang, Clear))
}

func reading(complete bool, rows ...string) extract.Reading {
	r := extract.Reading{Outcome: extract.Dated, Complete: complete}
	for _, row := range rows {
		date, title, _ := strings.Cut(row, " ")
		r.Items = append(r.Items, extract.Item{Title: title, Link: "http://a.gov.cn/" + title, Date: extract.Date{Time: day(date + " 00:00")}})
	}
	return r
}

func TestBackfilled(t *testing.T) {
	point := day("2023-09-28 00:00")
	before := reading(false, "2023-08-23 乙", "2023-08-01 甲")
	tests := []struct {
		name          string
		before, after extract.Reading
		want          string
	}{
		{"nothing new", before, before, ""},
		{"new and dated after the point", before, reading(false, "2023-10-08 丙", "2023-08-23 乙"), ""},
		{"new and dated before the point", before, reading(false, "2023-09-20 丙", "2023-08-23 乙"), "补录2023-09-20"},
		{"new and dated on the point's last day", before, reading(false, "2023-09-27 丙"), "补录2023-09-27"},
		{"two", before, reading(false, "2023-09-20 丙", "2023-09-06 丁", "2023-08-23 乙"), "补录2023-09-20、2023-09-06"},
		{"older than what was in sight", before, reading(false, "2023-07-01 丙"), ""},
		{"older, of a list that was seen whole", reading(true, "2023-08-23 乙"), reading(true, "2023-07-01 丙", "2023-08-23 乙"), "补录2023-07-01"},
		{"into an empty list", extract.Reading{Outcome: extract.Empty}, reading(true, "2023-07-01 丙"), "补录2023-07-01"},
		{"into a list that was not read", extract.Reading{Outcome: extract.Unread}, reading(true, "2023-07-01 丙"), ""},
		{"moved to another address", before, func() extract.Reading {
			r := reading(false, "2023-08-23 乙")
			r.Items[0].Link = "http://b.gov.cn/1"
			return r
		}(), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if items := Backfilled(point, tt.before, tt.after); len(items) > 0 {
				got = BackfillNote(items)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// What a judgement does not know of a subject, a re-check does not know either.
func TestObserve(t *testing.T) {
	at := day("2023-10-25 00:00")
	account := inventory.Account{Code: "140300M010XL0009", Name: "阳泉某号"}
	named := func(observed string) rules.Result {
		return rules.Result{Point: at, Accounts: []rules.AccountResult{{Account: account, Observed: observed}}}
	}
	site := func(v rules.Verdict, home rules.State) rules.Result {
		return rules.Result{Point: at, Sites: []rules.SiteResult{{Carrier: inventory.Carrier{ID: "zjj"}, Verdict: v, Home: rules.IndicatorState{State: home}}}}
	}
	column := func(s rules.State, sources ...string) rules.Result {
		q := newQuarter("2023-10-25")
		q.column("fgw/tzgg", s, "2023-10-01")
		for i := range q.res.Findings {
			q.res.Findings[i].Sources = sources
		}
		return q.res
	}
	tests := []struct {
		name               string
		res                rules.Result
		subject, indicator string
		want               rules.State
	}{
		{"a fresh column", column(rules.Fresh), "fgw/tzgg", "t.column", rules.Fresh},
		{"a stale one", column(rules.Stale, ByPatrol), "fgw/tzgg", "t.column", rules.Stale},
		{"stale by another body's word alone", column(rules.Stale, BySuperior), "fgw/tzgg", "t.column", rules.Unknown},
		{"a column that was not read", column(rules.Unknown), "fgw/tzgg", "t.column", rules.Unknown},
		{"a column that is gone from the inventory", column(rules.Fresh), "fgw/other", "t.column", rules.Unknown},
		{"an indicator that is gone from the rule set", column(rules.Fresh), "fgw/tzgg", "t.gone", rules.Unknown},
		{"an indicator for people", column(rules.Fresh), "fgw/tzgg", "t.privacy", rules.Unknown},
		{"the registered name is shown", named("阳泉某号"), account.ID(), "t.name", rules.Fresh},
		{"another name is shown", named("阳泉另号"), account.ID(), "t.name", rules.Unknown},
		{"no name is shown", named(""), account.ID(), "t.name", rules.Unknown},
		{"a site that passes", site(rules.Pass, rules.Fresh), "zjj", "t.count", rules.Fresh},
		{"a site some of whose columns were not read", site(rules.Pending, rules.Fresh), "zjj", "t.count", rules.Unknown},
		{"its home page", site(rules.Pending, rules.Fresh), "zjj", "t.home", rules.Fresh},
		{"a home page that looks stale and is no finding", site(rules.Pending, rules.Stale), "zjj", "t.home", rules.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Observe(tt.res, aSet(), Facts{Subject: tt.subject, Indicator: tt.indicator})
			if got.State != tt.want {
				t.Errorf("got %s, want %s", got.State, tt.want)
			}
		})
	}
	got := Observe(column(rules.Fresh), aSet(), Facts{Subject: "fgw/tzgg", Indicator: "t.column"})
	if got.Snapshot != "look-fgw/tzgg-2023-10-25" || !got.At.Equal(at.Add(-22*time.Hour)) {
		t.Errorf("the look it rests on: %+v", got)
	}
}
