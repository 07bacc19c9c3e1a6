package registers

import (
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// Entries returns what other bodies found as the registers of a configuration
// would hold it. What stands in both, or comes from two bodies, is one fact with
// several sources: rules count it once.
func Entries(rows []Row) []inventory.Entry {
	entries := make([]inventory.Entry, 0, len(rows))
	for _, r := range rows {
		v := r.Values
		entries = append(entries, inventory.Entry{
			Subject: v["subject"], Indicator: v["indicator"], Source: v["source"], Body: v["body"],
			Date: r.Day("date"), Text: v["text"], Inferred: v["inferred"] == "是", Period: v["period"],
		})
	}
	return entries
}

// Ambiguous returns how many of the rows are dated early enough in a quarter to
// count at the point of the one before too, and do not say which they speak of.
func Ambiguous(rows []Row) int {
	n := 0
	for _, r := range rows {
		day := r.Day("date")
		quarter := time.Date(day.Year(), (day.Month()-1)/3*3+1, 1, 0, 0, 0, 0, extract.Beijing)
		n += one(r.Values["period"] == "" && day.Before(quarter.AddDate(0, 1, 0)))
	}
	return n
}

// A Filing is what a unit filed about a subject.
type Filing struct {
	Subject     string
	Type        string // 改版, 临时停更, 无应公开内容, 关停
	From, Until time.Time
	Note        string
	Document    string
	Approved    string
}

// Covers reports whether a filing is about a subject: that itself, or the site or
// platform that it is on.
func (f Filing) Covers(subject string) bool {
	return f.Subject == subject || strings.HasPrefix(subject, f.Subject+"/")
}

// String says what was filed and until when: 改版（至2023-12-31）.
func (f Filing) String() string {
	if f.Until.IsZero() {
		return f.Type
	}
	return f.Type + "（至" + f.Until.Format(time.DateOnly) + "）"
}

// InForce returns the filings that hold on a day.
func InForce(rows []Row, on time.Time) []Filing {
	var found []Filing
	for _, r := range rows {
		f := Filing{
			Subject: r.Values["subject"], Type: r.Values["type"], From: r.Day("from"), Until: r.Day("until"),
			Note: r.Values["note"], Document: r.Values["document"], Approved: r.Values["approved"],
		}
		if !f.From.After(on) && (f.Until.IsZero() || !f.Until.Before(on)) {
			found = append(found, f)
		}
	}
	return found
}

// FilingsFor returns what was filed of a subject for the day of a point.
func FilingsFor(rows []Row, subject string, point time.Time) (found []Filing) {
	for _, f := range InForce(rows, extract.DayOf(point.Add(-time.Nanosecond))) {
		if f.Covers(subject) {
			found = append(found, f)
		}
	}
	return found
}

// FiledFor says what was filed of a subject for the day of a point, "" for nothing.
func FiledFor(rows []Row, subject string, point time.Time) string {
	var texts []string
	for _, f := range FilingsFor(rows, subject, point) {
		texts = append(texts, f.String())
	}
	return strings.Join(texts, "、")
}
