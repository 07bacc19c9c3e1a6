package notice

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"xuncha/cases"
	"xuncha/report"
	"xuncha/rules"
)

// Fields are what the texts of a template may say. docs/templates.md lists them
// for the office.
type Fields struct {
	City   string // 阳泉市
	Office string // 阳泉市人民政府办公室
	Draft  bool

	Year           int    // 2023
	Quarter        string // 三
	LastYear       int    // of the period before
	LastQuarter    string
	From, To       string // first and last day of the period: 2023年7月1日
	Point          string // 监测时间点: 2023年9月27日
	Date, Due      string // 成文日期 and 整改时限, （待定） while they are not known
	Number         string // 文号
	RuleSet        string
	Sites          Tally
	Accounts       Tally
	Platforms      []Tally
	Columns        report.States
	Visits         Visits
	Clues          Clues
	Unreported     string // units that did not send their 整改报告, joined with 、
	UnreportedSome string // 个别单位 or 部分单位, "" for none
	Problems       Problems
	Tellings       []Telling
	Followed       Followed // what became of the last period's findings
	Attachments    int
	Set            map[string]string // the template's settings

	// Of papers only.
	Unit string // whom it is for
	Rows int    // of its table
}

// A Tally is how sites or accounts stand.
type Tally struct {
	Name         string // of a platform
	Total        int
	Checked      int    // those that could be monitored
	Share        string // of Total, in percent without its sign
	Fail, Pass   int
	Pending      int
	NotMonitored int
	Rate         string // pass rate in percent without its sign
	Change       string // against the last period: 较上季度上升1.2个百分点, "" where it is not kept
}

// Clues are the messages of 我为政府网站找错. Known is false where no list is kept
// that speaks of the period.
type Clues struct {
	Known                    bool
	Received, Closed, OnTime int
	Rate, OnTimeRate         string // 办结率, 按期办结率: of those closed or past their day, as the register counts it
}

// Followed is what became of the findings of the period before.
type Followed struct{ Total, Cleared, Open int }

// undecided stands for a day that is not known yet.
const undecided = "（待定）"

func (n Notice) fields() Fields {
	in, c := n.in, n.Draft.Check
	last := in.Period.Before()
	f := Fields{
		City: in.City.Name, Office: in.City.Office, Draft: !in.Final,
		Year: in.Period.Year, Quarter: in.Period.InChinese(), LastYear: last.Year, LastQuarter: last.InChinese(),
		From: dayWords(in.Period.Start()), To: dayWords(in.Period.End()), Point: dayWords(in.Result.PointDay),
		Date: dayWords(in.Date), Due: dayWords(in.Due), Number: in.Number, RuleSet: in.RuleSet.Name,
		Sites: tally("", c.Totals.Sites, in.City.Report.Decimals), Accounts: tally("", c.Totals.Accounts, in.City.Report.Decimals),
		Columns: c.Totals.Columns, Visits: in.Visits, Problems: n.Problems, Attachments: len(n.Draft.Tables) + 1, Set: in.Template.Settings,
	}
	if f.Date == "" {
		f.Date = undecided
	}
	if f.Due == "" {
		f.Due = undecided
	}
	if f.Set == nil {
		f.Set = map[string]string{}
	}
	for _, p := range n.platforms {
		f.Platforms = append(f.Platforms, tally(p.Name, p.Verdicts, in.City.Report.Decimals))
	}
	if in.Last != nil {
		f.Sites.Change = change(f.Sites, tally("", in.Last.Sites, in.City.Report.Decimals))
		f.Accounts.Change = change(f.Accounts, tally("", in.Last.Accounts, in.City.Report.Decimals))
	}
	if r := in.Registers; r != nil {
		if m := r.Messages; m != nil {
			f.Clues = Clues{true, m.Received, m.Closed, m.OnTime, share(m.Closed, m.Received), share(m.OnTime, m.Closed+m.Overdue)}
		}
		f.Unreported = strings.Join(r.Unreported, "、")
		if len(r.Unreported) > 0 {
			f.UnreportedSome = "个别单位"
		}
		if len(r.Unreported) > 1 {
			f.UnreportedSome = "部分单位"
		}
	}
	f.Tellings = n.Problems.Tellings()
	for i := range f.Tellings {
		f.Tellings[i].Body = in.Template.body(f.Tellings[i].Body)
	}
	for _, o := range in.Book.In(last.String()) {
		if !o.Counted() || o.Publicity == cases.Internal {
			continue // no notice told of it
		}
		f.Followed.Total++
		if o.State == cases.Cleared {
			f.Followed.Cleared++
		} else {
			f.Followed.Open++
		}
	}
	return f
}

func tally(name string, v report.Verdicts, decimals int) Tally {
	return Tally{
		Name: name, Total: v.Total, Checked: v.Total - v.NotMonitored, Share: rules.Rate(v.Total, v.NotMonitored, decimals),
		Fail: v.Fail, Pass: v.Pass, Pending: v.Pending, NotMonitored: v.NotMonitored, Rate: rules.Rate(v.Total, v.Fail, decimals),
	}
}

// change says how a rate moved, by the rates as they are printed.
func change(now, last Tally) string {
	a, okA := new(big.Rat).SetString(now.Rate)
	b, okB := new(big.Rat).SetString(last.Rate)
	if !okA || !okB {
		return ""
	}
	decimals := len(now.Rate) - 1 - strings.IndexByte(now.Rate+".", '.')
	d := a.Sub(a, b)
	word := "上升"
	switch d.Sign() {
	case 0:
		return "与上季度持平"
	case -1:
		word = "下降"
	}
	return fmt.Sprintf("较上季度%s%s个百分点", word, d.Abs(d).FloatString(max(decimals, 0)))
}

// share is part of whole in percent, whole numbers without a fraction: 100, 66.7.
func share(part, whole int) string {
	if whole <= 0 {
		return ""
	}
	if part*100%whole == 0 {
		return strconv.Itoa(part * 100 / whole)
	}
	return rules.Rate(whole, whole-part, 1)
}
