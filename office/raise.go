package office

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// Sync brings a period of the book up to a judgement and says how many suspicions
// were entered and withdrawn. A judgement of a day outside of the period is
// refused.
func (d *Desk) Sync(period report.Period, j Judged, at time.Time) (raised, withdrawn int, err error) {
	if err := period.Admits(j.Result.PointDay); err != nil {
		return 0, 0, Mistake{err}
	}
	for _, e := range d.Book.Sync(period.String(), j.Result, j.Set, at) {
		if err := d.Do(e); err != nil {
			return 0, 0, err
		}
		if e.Kind == cases.Raise {
			raised++
		} else {
			withdrawn++
		}
	}
	return raised, withdrawn, nil
}

// Suspect enters one suspicion of a judgement by the ID of its case, where the book
// does not have it yet.
func (d *Desk) Suspect(id string, period report.Period, j Judged, at time.Time) error {
	if err := period.Admits(j.Result.PointDay); err != nil {
		return Mistake{err}
	}
	for _, e := range d.Book.Sync(period.String(), j.Result, j.Set, at) {
		if e.Kind == cases.Raise && e.Case == id {
			return d.Do(e)
		}
	}
	if d.Book.Occurrence(id, period.String()) != nil {
		return nil
	}
	return Say("最近一批巡查的判定中没有这个疑似问题；请刷新页面", "the newest judgement has no such suspicion; load the page again")
}

// Quarter is the period in whose history a round's suspicions are entered.
func Quarter(r store.Round) report.Period {
	return report.PeriodOf(extract.DayOf(r.Finished.Add(-time.Nanosecond)))
}

// A Seen is a finding as a person enters it.
type Seen struct {
	Subject   string
	Indicator string // ID
	Text      string // what was seen; "" as the indicator says it
	Source    string // 人工核查, 上级通报, 网民反映
	Publicity string // "" as the indicator says
}

// Raise enters a finding of a person. The event says in which period, by whom and
// when; where it happened on an earlier day, that is the day of the finding.
func (d *Desk) Raise(s Seen, e cases.Event) (*cases.Occurrence, error) {
	subject, known := SubjectOf(d.City, s.Subject)
	if !known {
		return nil, Say("没有对象“%s”；请写 fgw、fgw/tzgg、account:标识码 或 unit:单位编号", "no subject %s; write fgw, fgw/tzgg, account:CODE or unit:ID", s.Subject)
	}
	ind := d.Set.Indicator(s.Indicator)
	if ind == nil {
		return nil, noIndicator(s.Indicator)
	}
	e.Kind = cases.Raise
	found := e.At
	if !e.On.IsZero() {
		found = e.On.AddDate(0, 0, 1)
	}
	if s.Text == "" {
		s.Text = ind.Text
	}
	if s.Publicity == "" {
		s.Publicity = ind.Publicity
	}
	e.Facts = &cases.Facts{
		Subject: s.Subject, Unit: subject.Unit, Indicator: ind.ID, Effect: ind.Effect, Sources: []string{s.Source}, Publicity: s.Publicity,
		Text: s.Text, Basis: ind.Basis, AtPoint: s.Text, Point: found, RuleSet: d.Set.Digest,
	}
	if err := d.Do(e); err != nil {
		return nil, err
	}
	last := d.events[len(d.events)-1]
	return d.Book.Occurrence(last.Case, last.Period), nil
}

func noIndicator(id string) error {
	return Say("检查指标中没有“%s”；请写检查指标文件中的编号", "the rule set has no indicator %s; write its ID as in the rule set", id)
}

// What one may draw from.
const (
	OfSites    = "sites"
	OfAccounts = "accounts"
	OfColumns  = "columns"
)

// Population are the subjects that one draws from; on is the day on which an
// account must be 正常.
func Population(city *inventory.City, of string, on time.Time) []string {
	var ids []string
	switch of {
	case OfSites:
		for _, c := range city.Sites() {
			ids = append(ids, c.ID)
		}
	case OfColumns:
		for _, c := range city.Carriers {
			for _, col := range c.Columns {
				ids = append(ids, col.ID)
			}
		}
	case OfAccounts:
		for _, acc := range city.Accounts {
			if state, _ := acc.StateOn(extract.DayOf(on)); state == inventory.StateNormal {
				ids = append(ids, acc.ID())
			}
		}
	}
	return ids
}

// Checked are the indicators of a check list: those named, or else those that
// people judge on such subjects.
func Checked(set *rules.RuleSet, of string, named []string) ([]rules.Indicator, error) {
	var list []rules.Indicator
	for _, id := range named {
		ind := set.Indicator(id)
		if ind == nil {
			return nil, noIndicator(id)
		}
		list = append(list, *ind)
	}
	if len(list) > 0 {
		return list, nil
	}
	for _, ind := range set.Indicators {
		ofAccounts := len(ind.Platforms) > 0 || strings.Contains(ind.Name, "新媒体")
		byHand := ind.Kind == rules.KindHand || ind.Kind == rules.KindAccess // where nobody knocks
		if byHand && ofAccounts == (of == OfAccounts) {
			list = append(list, ind)
		}
	}
	return list, nil
}

// CheckListTable is the form that people fill in.
func CheckListTable(city *inventory.City, subjects []string, period string, indicators []rules.Indicator) sheet.Table {
	t := sheet.Table{Name: "检查单", Head: []string{"序号", "检查期", "对象", "名称", "单位", "检查指标", "指标名称", "判定依据", "检查结果（正常、有问题、无法判断）", "所见情况", "检查人", "检查日期"}}
	for _, id := range subjects {
		subject, _ := SubjectOf(city, id)
		list := cases.NewCheckList(id, subject.Unit, period, indicators)
		for _, item := range list.Items {
			t.Rows = append(t.Rows, []string{
				fmt.Sprint(len(t.Rows) + 1), period, id, subject.Name, UnitName(city, subject.Unit), item.Indicator, item.Name, item.Basis, "", "", "", "",
			})
		}
	}
	return t
}

// A Marked is what a person found on one subject by one indicator.
type Marked struct {
	Subject, Indicator, Period string
	Mark                       cases.Mark
	Text                       string
}

// Check enters what a person marked; e says who, when and with which papers. What
// is fine enters nothing.
func (d *Desk) Check(m Marked, e cases.Event) error {
	subject, known := SubjectOf(d.City, m.Subject)
	ind := d.Set.Indicator(m.Indicator)
	if !known || ind == nil {
		return Say("没有对象“%s”或检查指标“%s”；请按检查单原样填写", "no subject %s, or no indicator %s; leave them as the check list has them", m.Subject, m.Indicator)
	}
	list := cases.NewCheckList(m.Subject, subject.Unit, m.Period, []rules.Indicator{*ind})
	if err := list.Mark(ind.ID, m.Mark, m.Text, slices.Clone(e.Attachments)...); err != nil {
		return err
	}
	for _, found := range list.Findings(e.By, e.At) {
		found.Facts.RuleSet = d.Set.Digest
		if err := d.Do(found); err != nil {
			return err
		}
	}
	return nil
}
