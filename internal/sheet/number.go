package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A number format is what a cell's number is shown by.
type numberFormat struct {
	general  bool
	date     bool
	power    bool // 1.4E+09
	decimals int  // of a power
}

// formatOf reads a number format by its number and, for those that a book
// brings, its code.
func formatOf(id int, code string) numberFormat {
	if code == "" {
		code = builtInFormats[id]
	}
	switch {
	case code == "" && (id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58):
		return numberFormat{date: true}
	case code == "" || strings.EqualFold(code, "General") || code == "@":
		return numberFormat{general: true}
	}
	plain := barePattern(code)
	if i := strings.IndexAny(plain, "eE"); i >= 0 && i+1 < len(plain) && strings.ContainsRune("+-", rune(plain[i+1])) {
		f := numberFormat{power: true}
		if point := strings.IndexByte(plain[:i], '.'); point >= 0 {
			f.decimals = i - point - 1
		}
		return f
	}
	return numberFormat{date: strings.ContainsAny(strings.ToLower(plain), "ymdhs") && !strings.Contains(strings.ToLower(plain), "general")}
}

// builtInFormats are those of the built-in formats that show a power; it is
// never written to.
var builtInFormats = map[int]string{11: "0.00E+00", 48: "##0.0E+0"}

// barePattern takes texts, colours and conditions out of a format's first part.
func barePattern(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			if end := strings.IndexByte(code[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '[':
			if end := strings.IndexByte(code[i:], ']'); end >= 0 {
				i += end
			}
		case '\\', '_', '*':
			i++
		case ';':
			return b.String()
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// numberCell fills in what a cell with a number holds and shows.
func numberCell(c *Cell, v float64, f numberFormat, from1904 bool) {
	c.Kind = Number
	c.Text = strconv.FormatFloat(v, 'f', -1, 64)
	if math.Abs(v) >= 1e21 || math.IsNaN(v) || math.IsInf(v, 0) {
		c.Text = strconv.FormatFloat(v, 'E', -1, 64)
		return
	}
	switch {
	case f.date:
		if day, ok := dayOf(v, from1904); ok {
			c.Kind, c.Text = Date, day
		}
	case f.power:
		c.Shown = strconv.FormatFloat(v, 'E', f.decimals, 64)
	case f.general && math.Abs(v) >= 1e11:
		head, power, _ := strings.Cut(strconv.FormatFloat(v, 'E', 5, 64), "E")
		c.Shown = strings.TrimRight(strings.TrimRight(head, "0"), ".") + "E" + power
	}
	if c.Shown == c.Text {
		c.Shown = ""
	}
}

// SerialDay returns the day of a count of days as Excel keeps it, "" for one of
// no plausible year.
func SerialDay(v float64) string {
	day, _ := dayOf(v, false)
	return day
}

// dayOf turns a count of days into a date, with its time of day if it has one.
func dayOf(v float64, from1904 bool) (string, bool) {
	if v < 1 || v > 73050 { // 2099-12-31
		return "", false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if v < 61 {
		base = base.AddDate(0, 0, 1) // Excel counts 1900-02-29
	}
	days, part := math.Modf(v)
	t := base.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	if part == 0 {
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}
