package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// graceDays is how long after its period a point may lie and still be used for
// a notice about it: points shortly after New Year belong to the year before.
const graceDays = 31

// A Table is one attachment of a notice, as printed.
type Table struct {
	Name   string // "1": attachment-1.csv
	Title  string
	Header []string

	// Rows begin with 序号, which counts units, and the unit's name; both are
	// repeated on each row of a unit.
	Rows [][]string
}

// Units is how many units the table names.
func (t Table) Units() int {
	if len(t.Rows) == 0 {
		return 0
	}
	n, err := strconv.Atoi(t.Rows[len(t.Rows)-1][0])
	if err != nil {
		return 0
	}
	return n
}

// attachments makes the tables that the city's configuration asks for. It
// refuses a period that the judgement is not about: a column stale in autumn
// must not be accused of spring. What could not be monitored is never listed as
// a problem.
func (by Decisions) attachments(city *inventory.City, res rules.Result, period Period) ([]Table, error) {
	if err := period.Admits(res.PointDay); err != nil {
		return nil, err
	}
	if err := checkNames(city.Report.Attachments); err != nil {
		return nil, err
	}
	b := newTables(city, res, period)
	b.by = by
	out := make([]Table, 0, len(city.Report.Attachments))
	for _, a := range city.Report.Attachments {
		t, err := b.table(a)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// Admits refuses a monitoring point, by its day, that says nothing about the
// period.
func (p Period) Admits(pointDay time.Time) error {
	switch {
	case pointDay.Before(p.Start()):
		return &periodError{
			fmt.Sprintf("%s自%s开始，晚于监测时间点%s；请用更晚的监测时间点，或更早的季度", p, day(p.Start()), day(pointDay)),
			fmt.Sprintf("period %s begins on %s, after the monitoring point %s: choose a later --at or an earlier --period", p, day(p.Start()), day(pointDay)),
		}
	case pointDay.After(p.End().AddDate(0, 0, graceDays)):
		return &periodError{
			fmt.Sprintf("%s到%s结束，比监测时间点%s早%d天以上；请用该季度内的监测时间点", p, day(p.End()), day(pointDay), graceDays),
			fmt.Sprintf("period %s ended on %s, more than %d days before the monitoring point %s: choose an --at in that period", p, day(p.End()), graceDays, day(pointDay)),
		}
	}
	return nil
}

// A periodError is a monitoring point that says nothing about a period.
type periodError struct{ chinese, english string }

func (e *periodError) Chinese() string { return e.chinese }
func (e *periodError) Error() string   { return e.english }

// checkNames refuses names that are no file names, or that stand twice.
func checkNames(attachments []inventory.Attachment) error {
	plain := regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_-]*$`)
	seen := map[string]bool{}
	var errs []error
	for _, a := range attachments {
		if !plain.MatchString(a.Name) {
			errs = append(errs, fmt.Errorf("city.yaml: attachment %q: its name becomes a file name: use letters and digits", a.Name))
		}
		if seen[a.Name] {
			errs = append(errs, fmt.Errorf("city.yaml: attachment %q stands twice: give each its own name", a.Name))
		}
		seen[a.Name] = true
	}
	return errors.Join(errs...)
}

// tables makes attachments of one judgement.
type tables struct {
	city   *inventory.City
	res    rules.Result
	period Period
	unit   func(id string) string
	by     Decisions

	places map[string]int // of columns and accounts, in the inventory's order
	found  map[Key]rules.Finding
}

func newTables(city *inventory.City, res rules.Result, period Period) *tables {
	b := &tables{city: city, res: res, period: period, unit: unitNames(city),
		places: map[string]int{}, found: map[Key]rules.Finding{}}
	for _, carrier := range city.Carriers {
		for _, column := range carrier.Columns {
			b.places[column.ID] = len(b.places)
		}
	}
	for _, account := range city.Accounts {
		b.places[account.ID()] = len(b.places)
	}
	for _, f := range res.Findings {
		b.found[Key{f.Subject, f.Indicator}] = f
	}
	return b
}

// table makes one attachment.
func (b *tables) table(a inventory.Attachment) (Table, error) {
	if a.DateStyle == "" {
		a.DateStyle = time.DateOnly
	}
	t := Table{Name: a.Name, Title: b.period.fill(a.Title)}
	var entries []entry
	switch a.Table {
	case inventory.TableAccounts:
		t.Header = []string{"序号", "单位名称", "政务新媒体名称", "新媒体标识码", "不合格原因"}
		entries = b.accounts()
	case inventory.TableYear:
		if b.res.PointDay.In(extract.Beijing).Year() != b.period.Year {
			return Table{}, fmt.Errorf("attachment %s counts what was published in the year of the monitoring point %s, "+
				"and the period is %s: choose an --at in %d", a.Name, day(b.res.PointDay), b.period, b.period.Year)
		}
		t.Header = []string{"序号", "单位", fmt.Sprintf("%d年更新情况", b.period.Year), "最近更新时间"}
		entries = b.years(a)
	case inventory.TableColumns:
		t.Header = []string{"序号", "单位", "栏目名称", "最近更新时间"}
		entries = b.columns(a)
	case inventory.TableSites:
		t.Header = []string{"序号", "单位名称", "网站名称", "网站标识码", "不合格原因"}
		entries = b.sites()
	case inventory.TableAllSites:
		t.Header = []string{"序号", "单位名称", "网站名称", "网站标识码", "检查结果", "存在问题"}
		entries = b.allSites()
	case inventory.TableAllAccounts:
		t.Header = []string{"序号", "单位名称", "政务新媒体名称", "新媒体标识码", "最近更新时间", "检查结果", "存在问题"}
		entries = b.allAccounts(a.DateStyle)
	case inventory.TablePlatforms:
		t.Header = []string{"序号", "平台", "账号总数", "抽查数", "抽查比例", "不合格数", "合格率"}
		t.Rows = b.platforms()
		return t, nil
	default:
		return Table{}, fmt.Errorf("attachment %q: table %q is unknown: use %s, %s, %s, %s, %s, %s or %s", a.Name, a.Table,
			inventory.TableAccounts, inventory.TableYear, inventory.TableColumns, inventory.TableSites,
			inventory.TableAllSites, inventory.TableAllAccounts, inventory.TablePlatforms)
	}
	t.Rows = b.number(entries, a.Order)
	return t, nil
}

// An entry is a row before its unit has a number.
type entry struct {
	unit  string // ID
	place int    // in the inventory
	cells []string
}

// accounts are the accounts that come to 不合格.
func (b *tables) accounts() []entry {
	var out []entry
	for _, r := range b.res.Accounts {
		a := r.Account
		if r.Verdict != rules.Fail || b.unnamed(a.ID()) {
			continue
		}
		out = append(out, entry{a.Unit, b.places[a.ID()], []string{
			accountName(a.Name, PlatformName(b.city, a.Platform)), a.Code, annotated(strings.Join(r.Reasons, "；"), b.noted(a.ID())),
		}})
	}
	return out
}

// columns are the columns that are stale by the attachment's indicator, as far
// as a notice names them. The date is the one the finding rests on: the column
// as a whole may rest on another look.
func (b *tables) columns(a inventory.Attachment) []entry {
	var out []entry
	for _, r := range b.res.Columns {
		s, ok := stateBy(r, a.Indicator)
		key := Key{r.Column.ID, a.Indicator}
		if !ok || s.State != rules.Stale || s.Effect == rules.EffectHint || b.by.Dropped[key] {
			continue
		}
		newest := r.Newest
		if f, ok := b.found[key]; ok {
			if !named(f) {
				continue
			}
			newest = f.Newest
		}
		out = append(out, entry{r.Column.Unit, b.places[r.Column.ID], []string{
			r.Column.Name, annotated(dated(newest, a.DateStyle), b.by.Notes[key]),
		}})
	}
	return out
}

// named reports whether a notice may name the unit for a finding.
func named(f rules.Finding) bool {
	return f.Effect != rules.EffectHint && (f.Publicity == "" || f.Publicity == "点名")
}

// number puts the rows in the order of the notice and counts their units.
func (b *tables) number(entries []entry, order []string) [][]string {
	rank := make(map[string]int, len(b.city.Units))
	for _, u := range b.city.Units {
		rank[u.ID] = len(order) + len(rank)
	}
	for i, id := range order {
		rank[id] = i
	}
	rankOf := func(unit string) int {
		if n, ok := rank[unit]; ok {
			return n
		}
		return len(order) + len(b.city.Units)
	}
	slices.SortStableFunc(entries, func(x, y entry) int {
		if d := rankOf(x.unit) - rankOf(y.unit); d != 0 {
			return d
		}
		if x.unit != y.unit {
			return strings.Compare(x.unit, y.unit)
		}
		return x.place - y.place
	})
	rows, n := make([][]string, 0, len(entries)), 0
	for i, e := range entries {
		if i == 0 || e.unit != entries[i-1].unit {
			n++
		}
		rows = append(rows, append([]string{strconv.Itoa(n), b.unit(e.unit)}, e.cells...))
	}
	return rows
}

// stateBy is a column's state by one indicator; ok is false where the indicator
// does not bear on it.
func stateBy(r rules.ColumnResult, indicator string) (s rules.IndicatorState, ok bool) {
	for _, s := range r.States {
		if s.Indicator == indicator {
			return s, true
		}
	}
	return rules.IndicatorState{}, false
}

// dated prints a date in a table's style, "" where there is none.
func dated(d extract.Date, style string) string {
	if d.IsZero() {
		return ""
	}
	return d.Time.In(extract.Beijing).Format(style)
}
