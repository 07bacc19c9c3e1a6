package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/internal/sheet"
)

// itoa is strconv.Itoa.
func itoa(n int) string { return strconv.Itoa(n) }

// threeDigits writes a number with zeros in front.
func threeDigits(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 3-len(s))) + s
}

// wrongAt reports whether a mistake was found at a field of this row.
func (r *row) wrongAt(f field) bool {
	col, ok := r.t.cols[f]
	if !ok {
		return false
	}
	ref := r.r.At(col).Ref()
	for i := len(r.sink.mistakes) - 1; i >= 0; i-- {
		m := r.sink.mistakes[i]
		if m.Row != r.r.Number || m.Sheet != r.t.sheet || m.File != r.t.file {
			return false
		}
		if m.Cell == ref {
			return true
		}
	}
	return false
}

// properName reads a name that must be there and be one.
func (r *row) properName(f field) string {
	name := r.name(f)
	plain := compact(name)
	switch {
	case name == "":
		if !r.wrongAt(f) {
			r.mistake("name.missing", f, "")
		}
	case looksLikeAddress(name):
		r.mistake("name.url", f, name)
	case isSiteCode(plain) || isAccountCode(plain):
		r.mistake("name.code", f, name)
	case digitsForm.MatchString(plain) || powerForm.MatchString(plain) || r.cell(f).Kind == sheet.Number:
		r.mistake("name.number", f, name)
	default:
		return name
	}
	return ""
}

// list reads several names in one cell.
func (r *row) list(f field) []string {
	var all []string
	for _, part := range strings.FieldsFunc(r.raw(f), func(c rune) bool { return strings.ContainsRune("\n\r;；,，、", c) }) {
		if part = nameText(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// truth reads yes or no; said is false where the cell says nothing.
func (r *row) truth(f field) (yes, said bool) {
	text := strings.ToLower(r.text(f))
	switch {
	case text == "":
		return false, false
	case slices.Contains(yesWords, text):
		return true, true
	case slices.Contains(noWords, text):
		return false, true
	}
	r.mistake("yes.bad", f, text)
	return false, false
}

// dateForm is how people write days.
var dateForm = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s.*|T.*)?$|^(\d{4})(\d{2})(\d{2})$`)

// date reads a day as 2006-01-02: as it is written, or as a count of days.
func (r *row) date(f field) string {
	text := strings.TrimSpace(narrow(r.raw(f)))
	if text == "" {
		return ""
	}
	if r.cell(f).Kind == sheet.Number {
		if v, err := strconv.ParseFloat(text, 64); err == nil && v < 100_000 {
			if day := sheet.SerialDay(v); day != "" {
				text = day
			}
		}
	}
	m := dateForm.FindStringSubmatch(text)
	if m == nil {
		r.mistake("date.bad", f, text)
		return ""
	}
	parts := m[1:4]
	if m[1] == "" {
		parts = m[4:7]
	}
	day, err := time.Parse("2006-1-2", strings.Join([]string{parts[0], strings.TrimPrefix(parts[1], "0"), strings.TrimPrefix(parts[2], "0")}, "-"))
	switch {
	case err != nil:
		r.mistake("date.bad", f, text)
		return ""
	case day.Year() < 1990 || day.Year() > 2100:
		r.mistake("date.far", f, text)
		return ""
	}
	return day.Format(time.DateOnly)
}
