package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// The columns that the notice on the third quarter of 2023 names, and what it
// prints as their newest date.
var attachment3 = []struct {
	unit, column string
	class        inventory.Class
	newest       string
}{
	{"fgw", "领导动态--领导活动", inventory.ClassNews, "2022-08-29"},
	{"fgw", "通知公告", inventory.ClassNotice, "2023-08-23"},
	{"gaj", "工作动态--通知公告公示", inventory.ClassNotice, "2023-07-20"},
	{"czj", "工作动态--通知公告公示", inventory.ClassNotice, "2023-06-20"},
	{"zjj", "工作动态--双公示", inventory.ClassOther, "2023-06-28"},
	{"sjj", "工作动态--日常工作动态", inventory.ClassNews, "2023-01-03"},
	{"tyj", "工作动态--通知公告公示", inventory.ClassNotice, "2023-07-14"},
	{"xfj", "工作动态--日常工作动态", inventory.ClassNews, "2023-03-12"},
	{"jrb", "工作动态--通知公告公示", inventory.ClassNotice, "2023-01-31"},
	{"jrb", "工作动态--日常工作动态", inventory.ClassNews, "2023-08-16"},
	{"sfj", "工作动态--部门会议信息", inventory.ClassMeeting, "2023-04-03"},
	{"tyjrj", "工作动态--通知公告公示", inventory.ClassNotice, "2021-09-01"},
	{"tyjrj", "工作动态--日常工作动态", inventory.ClassNews, "2021-12-15"},
	{"tyjrj", "工作动态--部门会议信息", inventory.ClassMeeting, "2021-07-12"},
	{"wjw", "工作动态--日常工作动态", inventory.ClassNews, "2023-06-03"},
	{"wjw", "工作动态--工作简报", inventory.ClassNews, "2021-03-06"},
}

func TestTheNoticesColumnsAreNamedAndNoOthers(t *testing.T) {
	w := newTown(t)
	for _, row := range attachment3 {
		w.column("xxgk", row.column, row.class, look(night, listed(row.newest)), look(at("2023-09-27 03:00"), listed(row.newest)))
		w.City.Carriers[2].Columns[len(w.City.Carriers[2].Columns)-1].Unit = row.unit
	}
	for _, name := range []string{"工作动态--通知公告公示", "工作动态--工作简报", "领导动态--领导活动", "通知公告"} {
		w.column("xxgk", name, inventory.ClassNews, look(night, listed("2023-09-13")))
		w.column("xxgk", name, inventory.ClassNews, look(night, unread(extract.ReasonLost)))
	}
	res := w.judge()
	var got, want []string
	for _, f := range res.Findings {
		if f.Effect != EffectHint {
			got = append(got, f.Unit+" "+f.Text)
		}
	}
	for _, row := range attachment3 {
		want = append(want, row.unit+" 动态类栏目超过2周未更新，最近更新时间"+row.newest)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, s := range res.Sites {
		if s.Verdict != Pass {
			t.Errorf("%s: %s %v: the platform's columns count to no site", s.Carrier.ID, s.Verdict, s.Reasons)
		}
	}
	if n := res.Totals().Columns; n[Stale] != 16 || n[Due] != 4 || n[Unknown] != 4 {
		t.Errorf("columns %v", n)
	}
}

func TestTheNoticesProposals(t *testing.T) {
	ten := []string{
		"2023-01-29", "2023-01-29", "2023-01-28", "2023-01-19", "2023-01-19",
		"2023-01-18", "2023-01-12", "2023-01-11", "2023-01-06", "2023-01-05",
	}
	tests := []struct {
		county string
		r      extract.Reading
		want   string // state, count, whether all are of the year, newest
	}{
		{"平定县", whole("2022-12-27"), "stale 0 false 2022-12-27"},
		{"盂县", whole("2022-12-05"), "stale 0 false 2022-12-05"},
		{"城区", whole(append(ten, "2022-12-22")...), "fresh 10 false 2023-01-29"},
		{"郊区", whole("2023-01-18", "2023-01-17"), "fresh 2 true 2023-01-18"},
		{"矿区", whole("2022-12-28"), "stale 0 false 2022-12-28"},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.column("pd", "建议提案", inventory.ClassProposals, look(night, tt.r))
		c := w.judge().Columns[0]
		if got := fmt.Sprint(c.State, " ", *c.InYear, " ", c.OnlyYear, " ", shown(c.Newest.Time)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.county, got, tt.want)
		}
	}
}

// A column seen night after night: what is said of it on each day.
func TestNights(t *testing.T) {
	w := newTown(t)
	id := w.column("fgw", "发改动态", inventory.ClassNews)
	nights := []struct {
		r    extract.Reading
		want string
	}{
		{listed("2023-09-01"), "fresh stale on 2023-09-16"},               // 09-10
		{listed("2023-09-01"), "fresh stale on 2023-09-16"},               // 09-11
		{unread(extract.ReasonDown), "fresh stale on 2023-09-16"},         // 09-12: what was seen stays seen
		{listed("2023-09-01"), "due stale on 2023-09-16"},                 // 09-13
		{unread(extract.ReasonDown), "due stale on 2023-09-16"},           // 09-14
		{unread(extract.ReasonDown), "due stale on 2023-09-16"},           // 09-15: the last day
		{unread(extract.ReasonDown), "unknown down"},                      // 09-16: nobody looked since
		{unread(extract.ReasonLost), "unknown lost"},                      // 09-17: redesigned
		{listed("2023-09-01"), "stale since 2023-09-16, 1"},               // 09-18: read again
		{listed("2023-09-01"), "stale since 2023-09-16, 2"},               // 09-19
		{unread(extract.ReasonDown), "unknown down"},                      // 09-20: what was published since the last look is not known
		{listed("2023-09-21", "2023-09-01"), "fresh stale on 2023-10-06"}, // 09-21: revived
		{emptyList, "fresh stale on 2023-10-06"},                          // 09-22: emptied, no accusation
	}
	first := at("2023-09-10 01:30")
	for i, n := range nights {
		w.Looks[id] = append(w.Looks[id], look(first.AddDate(0, 0, i), n.r))
		w.Point = extract.DayOf(first).AddDate(0, 0, i+1)
		c := w.judge().Columns[0]
		st := state(t, c, "national.V4.dynamic")
		got := string(st.State)
		switch st.State {
		case Fresh, Due:
			got += " stale on " + shown(st.StaleOn)
		case Stale:
			got += fmt.Sprint(" since ", shown(st.StaleSince), ", ", c.Looks)
		default:
			got += " " + string(st.Reason)
		}
		if got != n.want {
			t.Errorf("night of %s: got %s, want %s", shown(first.AddDate(0, 0, i)), got, n.want)
		}
	}
}

// What was judged once is judged the same from all that was kept since.
func TestLaterLooksDoNotChangeAnEarlierPoint(t *testing.T) {
	w := newTown(t)
	id := w.column("fgw", "发改动态", inventory.ClassNews, look(night, listed("2023-06-20")))
	before := plain(w.judge())
	for i := range 5 {
		w.Looks[id] = append(w.Looks[id], look(night.AddDate(0, 0, 3+i), listed("2023-10-01")))
	}
	if after := plain(w.judge()); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
}

func TestTheDayOfAnItemIsItsBeijingDay(t *testing.T) {
	late := listed("2023-06-20")
	late.Newest = extract.Date{Time: at("2023-09-13 00:05"), Minute: true}
	utc := late
	utc.Newest.Time = utc.Newest.Time.UTC()
	for name, r := range map[string]extract.Reading{"Beijing": late, "UTC": utc} {
		w := newTown(t)
		w.column("fgw", "发改动态", inventory.ClassNews, look(night, r))
		if got := w.judge().Columns[0]; got.State != Due {
			t.Errorf("five past midnight of the window's first day, said in %s: %s", name, got.State)
		}
	}
}

func TestWhatAReadingShowsUpToTheDay(t *testing.T) {
	unbelieved := listed("2023-09-20", "2023-06-20")
	unbelieved.Items = append(unbelieved.Items, extract.Item{Title: "预告", Date: extract.Date{Time: day("2023-09-27")}})
	noItems := extract.Reading{Outcome: extract.Dated, Newest: extract.Date{Time: day("2023-09-20")}, NewestItem: 7}
	future := noItems
	future.Newest.Time = day("2023-09-28")
	tests := []struct {
		name   string
		r      extract.Reading
		newest string
		title  string
	}{
		{"the reading's newest", listed("2023-06-20", "2023-09-20"), "2023-09-20", "第2023-09-20条"},
		{"of those up to the day", listed("2023-09-28", "2023-09-27", "2023-09-01"), "2023-09-27", "第2023-09-27条"},
		{"none up to the day", listed("2023-09-28"), "", ""},
		{"not what the reader did not believe", unbelieved, "2023-09-20", "第2023-09-20条"},
		{"a date without its item", noItems, "2023-09-20", ""},
		{"a date after the day without items", future, "", ""},
		{"nothing", extract.Reading{Outcome: extract.Unread}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := viewOf(look(night, tt.r), day("2023-09-27"))
			if shown(v.newest.Time) != tt.newest || v.title != tt.title {
				t.Errorf("got %s %q, want %s %q", shown(v.newest.Time), v.title, tt.newest, tt.title)
			}
		})
	}
}
