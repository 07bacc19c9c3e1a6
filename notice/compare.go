package notice

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"xuncha/report"
	"xuncha/rules"
)

// FileCompare is the annex that [Compare] makes.
const FileCompare = "compare.html"

//go:embed compare.html
var comparePage string

// Compare makes the annex that holds periods against each other, oldest first,
// and other cities beside them: one page with tables and charts that refers to
// nothing outside of itself.
func Compare(periods []Standing, others []Standing, decimals int, simulated bool) (report.File, error) {
	page := comparison{Decimals: decimals, Others: others}
	if simulated {
		page.Banner = simulatedBanner
	}
	for _, p := range periods {
		page.City, page.Periods = p.City, append(page.Periods, p.Period)
	}
	page.Rates = []line{
		page.rates("政府网站", periods, func(s Standing) report.Verdicts { return s.Sites }),
		page.rates("政务新媒体", periods, func(s Standing) report.Verdicts { return s.Accounts }),
	}
	page.Chart = chart(page.Periods, page.Rates)
	for _, g := range []struct {
		title string
		of    func(Standing) []Share
	}{
		{"按区划", func(s Standing) []Share { return s.Districts }}, {"按单位", func(s Standing) []Share { return s.Units }},
		{"按栏目类别", func(s Standing) []Share { return s.Classes }}, {"按平台", func(s Standing) []Share { return s.Platforms }},
	} {
		made := page.group(g.title, periods, g.of)
		made.Measures = page.measures(made)
		page.Groups = append(page.Groups, made)
	}
	t, err := template.New("compare").Funcs(template.FuncMap{"rate": func(total, failed int) string { return rules.Rate(total, failed, decimals) }}).Parse(comparePage)
	if err != nil {
		return report.File{}, fmt.Errorf("%s: %w", FileCompare, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, page); err != nil {
		return report.File{}, fmt.Errorf("%s: %w", FileCompare, err)
	}
	return report.File{Name: FileCompare, Data: b.Bytes()}, nil
}

// A comparison is what the page shows.
type comparison struct {
	City, Banner string
	Decimals     int
	Periods      []string
	Rates        []line
	Chart        picture
	Groups       []group
	Others       []Standing
}

// A line is a pass rate over the periods.
type line struct {
	Name   string
	Cells  []rateCell
	values []float64 // -1 where there is none
}

type rateCell struct {
	Total, Fail int
	Rate        string
}

func (c comparison) rates(name string, periods []Standing, of func(Standing) report.Verdicts) line {
	l := line{Name: name}
	for _, p := range periods {
		v := of(p)
		rate := rules.Rate(v.Total, v.Fail, c.Decimals)
		l.Cells = append(l.Cells, rateCell{v.Total, v.Fail, rate})
		value, err := strconv.ParseFloat(rate, 64)
		if err != nil {
			value = -1
		}
		l.values = append(l.values, value)
	}
	return l
}

// A group is one table: a row a part, a cell a period.
type group struct {
	Title string
	Rows  []groupRow
	Most  int // stale columns of any cell

	Measures []measure
}

type groupRow struct {
	Name  string
	Cells []groupCell
}

// A groupCell is a part in a period; Known is false where it was not there.
type groupCell struct {
	Share
	Known bool
	Width int // of its bar, in percent
}

func (c comparison) group(title string, periods []Standing, of func(Standing) []Share) group {
	g := group{Title: title}
	var ids []string
	names := map[string]string{}
	for _, p := range slices.Backward(periods) {
		for _, s := range of(p) {
			if names[s.ID] == "" {
				ids, names[s.ID] = append(ids, s.ID), s.Name
			}
			g.Most = max(g.Most, s.Stale)
		}
	}
	for _, id := range ids {
		row := groupRow{Name: names[id]}
		for _, p := range periods {
			var cell groupCell
			if i := slices.IndexFunc(of(p), func(s Share) bool { return s.ID == id }); i >= 0 {
				cell = groupCell{Share: of(p)[i], Known: true}
				if g.Most > 0 {
					cell.Width = 100 * cell.Stale / g.Most
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// A picture is a chart of lines, with all its coordinates.
type picture struct {
	Width, Height int
	Grid          []mark
	Ticks         []mark
	Lines         []drawn
}

type mark struct {
	X, Y  int
	Text  string
	Below bool // the text stands below the place
}

type drawn struct {
	Name   string
	Class  string
	Points string
	Dots   []mark
	Key    mark
}

// The chart's edges, in pixels.
const (
	chartWidth, chartHeight = 720, 260
	chartLeft, chartRight   = 50, 110
	chartTop, chartBottom   = 20, 40
)

// chart draws pass rates between the lowest ten below all of them and 100.
func chart(periods []string, lines []line) picture {
	p := picture{Width: chartWidth, Height: chartHeight}
	low := 100.0
	for _, l := range lines {
		for _, v := range l.values {
			if v >= 0 {
				low = min(low, v)
			}
		}
	}
	floor := max(0, int(low)/10*10-10)
	y := func(v float64) int {
		return chartTop + int((100-v)/float64(100-floor)*(chartHeight-chartTop-chartBottom))
	}
	x := func(i int) int {
		if len(periods) < 2 {
			return chartLeft + 20
		}
		return chartLeft + 20 + i*(chartWidth-chartLeft-chartRight-40)/(len(periods)-1)
	}
	for v := floor; v <= 100; v += 10 {
		p.Grid = append(p.Grid, mark{X: chartLeft, Y: y(float64(v)), Text: strconv.Itoa(v) + "%"})
	}
	for i, name := range periods {
		p.Ticks = append(p.Ticks, mark{X: x(i), Y: chartHeight - chartBottom + 18, Text: name})
	}
	for n, l := range lines {
		d := drawn{Name: l.Name, Class: "line" + strconv.Itoa(n+1)}
		for i, v := range l.values {
			if v < 0 {
				continue
			}
			at := mark{X: x(i), Y: y(v), Text: l.Cells[i].Rate, Below: below(lines, n, i)}
			d.Points += fmt.Sprintf("%d,%d ", at.X, at.Y)
			d.Dots, d.Key = append(d.Dots, at), mark{X: at.X + 10, Y: at.Y + 4}
		}
		p.Lines = append(p.Lines, d)
	}
	if len(p.Lines) == 2 {
		upper, lower := &p.Lines[0].Key, &p.Lines[1].Key
		if lower.Y < upper.Y {
			upper, lower = lower, upper
		}
		lower.Y = max(lower.Y, upper.Y+16) // two names at one height cannot be read
	}
	return p
}

// below reports whether the figure of a line stands below its dot: where another
// line is higher, or as high and drawn before.
func below(lines []line, n, i int) bool {
	v := lines[n].values[i]
	for m, other := range lines {
		if w := other.values[i]; w > v || w == v && m < n {
			return true
		}
	}
	return false
}

// StandingOfSummary reads how another city stood out of its summary.json.
func StandingOfSummary(data []byte) (Standing, error) {
	var s struct {
		City   string `json:"city"`
		Period struct {
			ID string `json:"id"`
		} `json:"period"`
		PointDay string `json:"point_day"`
		Totals   struct {
			Sites    report.Verdicts `json:"sites"`
			Accounts report.Verdicts `json:"accounts"`
		} `json:"totals"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return Standing{}, fmt.Errorf("no summary.json: %w", err)
	}
	if s.City == "" || s.Period.ID == "" {
		return Standing{}, fmt.Errorf("no summary.json: it names no city or no period")
	}
	return Standing{City: s.City, Period: s.Period.ID, PointDay: s.PointDay, Sites: s.Totals.Sites, Accounts: s.Totals.Accounts}, nil
}
