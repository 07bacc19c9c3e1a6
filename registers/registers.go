// Package registers holds the lists that an office keeps beside what the program
// sees: what other bodies found, messages of 我为政府网站找错, 整改 reports,
// monthly forms, filings, and lists of wrong words.
//
// A register is a form, see forms.go: columns, the names by which lists call them, and what a
// cell of each may hold. Lists are read by their heads, whatever their columns
// are called and in whatever order they stand. A cell that says something wrong
// is a [Mistake] with its place and what to do, and a list with mistakes is taken
// not at all. What was read is a [Row] with values in one spelling, so that a row
// that comes again, by its key, is known.
//
// Figures are pure functions of rows and a day: rates, what is overdue, what is
// missing. The package has no clock, disk or network.
package registers

import (
	"maps"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
)

// A Kind is a register.
type Kind string

// The registers.
const (
	Superior Kind = "superior" // 其他单位发现的问题
	Messages Kind = "messages" // 我为政府网站找错
	Reports  Kind = "reports"  // 整改报告
	Monthly  Kind = "monthly"  // 月度报表和自查报告
	Filings  Kind = "filings"  // 报备
	Words    Kind = "words"    // 错敏词
)

// Kinds returns every register.
func Kinds() []Kind { return []Kind{Superior, Messages, Reports, Monthly, Filings, Words} }

// Chinese is what people call a register, "" for one that there is not.
func (k Kind) Chinese() string { return forms[k].chinese }

// A Row is one row of a register. Values are by field, days as 2006-01-02,
// moments as 2006-01-02 15:04:05, units and subjects by ID; what is not known is
// left out.
type Row struct {
	Key    string            `json:"key"`
	Values map[string]string `json:"values"`
}

// Day returns the day of a value, zero where there is none.
func (r Row) Day(field string) time.Time {
	text, _, _ := strings.Cut(r.Values[field], " ")
	day, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		return time.Time{}
	}
	return day
}

// A Change counts what taking rows in does.
type Change struct {
	Added, Changed, Same, Gone int
}

// Merge takes rows into those that are there, by key, and returns all by key.
// Whole says that rows that are not among the new ones are gone.
func Merge(have, rows []Row, whole bool) ([]Row, Change) {
	before := map[string]Row{}
	for _, r := range have {
		before[r.Key] = r
	}
	after, change := maps.Clone(before), Change{}
	if whole {
		after = map[string]Row{}
	}
	for _, r := range rows {
		switch old, known := before[r.Key]; {
		case !known:
			change.Added++
		case maps.Equal(old.Values, r.Values):
			change.Same++
		default:
			change.Changed++
		}
		after[r.Key] = r
	}
	for key := range before {
		if _, stays := after[key]; !stays {
			change.Gone++
		}
	}
	merged := make([]Row, 0, len(after))
	for _, key := range slices.Sorted(maps.Keys(after)) {
		merged = append(merged, after[key])
	}
	return merged, change
}
