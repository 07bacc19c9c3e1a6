package console

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
)

// Size of the chart of the newest date, in units of its own: it is as wide as its
// box.
const (
	chartWidth  = 720
	chartHeight = 120
	chartLeft   = 76
	chartFoot   = 20
)

// newestChart draws the newest date of each night as a line of steps: level means
// that nothing was published, a step up that something was, a gap that it could not
// be told. It is "" where less than two nights tell a date. As a night strip it is
// markup of days and of our own words alone.
func newestChart(lang string, nights []board.Night, cells []board.Cell) template.HTML {
	var first, last time.Time // of the newest dates
	told := 0
	for _, c := range cells {
		if c.Newest.IsZero() {
			continue
		}
		told++
		if first.IsZero() || c.Newest.Before(first) {
			first = c.Newest
		}
		if c.Newest.After(last) {
			last = c.Newest
		}
	}
	if told < 2 {
		return ""
	}
	top := nights[len(nights)-1].Day() // today: the distance to it is the age
	if last.After(top) {
		top = last
	}
	span := max(top.Sub(first).Hours(), 24)
	x := func(i int) int { return chartLeft + i*(chartWidth-chartLeft-8)/max(1, len(cells)-1) }
	y := func(t time.Time) int {
		return 8 + int((1-t.Sub(first).Hours()/span)*float64(chartHeight-chartFoot-16))
	}
	var b, line strings.Builder
	pen := false
	at := 0
	for i, c := range cells {
		if c.Newest.IsZero() {
			pen = false
			continue
		}
		switch here := y(c.Newest); {
		case !pen:
			fmt.Fprintf(&line, "M%d %d", x(i), here)
			at = here
		default:
			fmt.Fprintf(&line, "H%d", x(i))
			if here != at {
				fmt.Fprintf(&line, "V%d", here)
				at = here
			}
		}
		pen = true
	}
	say := sayer(lang)
	label := fmt.Sprintf(say("近 %d 夜的最近更新日期，从 %s 到 %s", "newest date over %d nights, from %s to %s"), len(cells), first.Format(time.DateOnly), last.Format(time.DateOnly))
	fmt.Fprintf(&b, `<svg class="newest-chart" viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, chartHeight, template.HTMLEscapeString(label))
	grid := func(t time.Time, word string) {
		fmt.Fprintf(&b, `<path class="grid" d="M%d %dH%d"/><text class="tick-label" x="%d" y="%d" text-anchor="end">%s</text>`,
			chartLeft, y(t), chartWidth-8, chartLeft-6, y(t)+4, template.HTMLEscapeString(word))
	}
	grid(first, first.Format(time.DateOnly))
	if y(first)-y(last) > 14 {
		grid(last, last.Format(time.DateOnly))
	}
	if y(last)-y(top) > 14 {
		grid(top, say("当夜", "the night"))
	}
	// The night itself, as a slope: what lies below it is the age.
	fmt.Fprintf(&b, `<path class="today" d="M%d %dL%d %d"/>`, x(0), y(later(first, nights[0].Day())), x(len(cells)-1), y(nights[len(nights)-1].Day()))
	b.WriteString(`<path class="line" d="` + line.String() + `"/>`)
	for _, i := range []int{0, len(cells) - 1} {
		anchor := "start"
		if i > 0 {
			anchor = "end"
		}
		b.WriteString(`<text class="tick-label" x="` + strconv.Itoa(x(i)) + `" y="` + strconv.Itoa(chartHeight-4) + `" text-anchor="` + anchor + `">` + nights[i].Day().Format("01-02") + `</text>`)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
