package notice

import (
	"fmt"
	"strconv"
	"strings"

	"xuncha/rules"
)

// A measure is one figure of the parts of a city over the periods, as small charts
// of one scale: one a part.
type measure struct {
	Title  string
	Panels []panel
}

// A panel is the small chart of one part.
type panel struct {
	Name  string
	Says  string // the same in words
	Floor int    // where the axis lies
	Left  int
	Right int
	Lines []string
	Dots  []panelDot
	Ticks []mark
}

// A panelDot is the figure of one period; an open one is a lower bound.
type panelDot struct {
	X, Y  int
	Text  string
	Below bool // the figure stands below, in a valley of the line
	Open  bool
}

// The edges of a panel, in pixels.
const (
	panelWidth, panelHeight = 180, 96
	panelLeft, panelRight   = 22, 158
	panelTop, panelFloor    = 22, 72
)

// maxLabels is how many figures a panel has room for; of more periods the first and
// the last are labelled.
const maxLabels = 5

// measures are the small charts of a group: the pass rates of its parts and their
// stale columns, each where the group has any.
func (c comparison) measures(g group) []measure {
	low := 100.0
	rate := func(s Share) (float64, string, bool) {
		text := rules.Rate(s.Bodies, s.Failed, c.Decimals)
		v, err := strconv.ParseFloat(text, 64)
		return v, text, err == nil
	}
	for _, r := range g.Rows {
		for _, cell := range r.Cells {
			if v, _, ok := rate(cell.Share); cell.Known && ok {
				low = min(low, v)
			}
		}
	}
	floor := float64(max(0, int(low)/10*10-10))
	rates := measure{Title: fmt.Sprintf("合格率（%%），各图同一尺度：%.0f至100", floor)}
	stale := measure{Title: fmt.Sprintf("超期栏目（个），各图同一尺度：0至%d；空心点是至少数，另有栏目未能监测", g.Most)}
	for _, r := range g.Rows {
		p, ok := c.panel(r, func(s Share) (float64, string, bool, bool) {
			v, text, ok := rate(s)
			return (v - floor) / (100 - floor), text, false, ok
		})
		if ok {
			rates.Panels = append(rates.Panels, p)
		}
		p, ok = c.panel(r, func(s Share) (float64, string, bool, bool) {
			return float64(s.Stale) / float64(max(g.Most, 1)), strconv.Itoa(s.Stale), s.Unknown > 0, s.Columns > s.Unknown
		})
		if ok {
			stale.Panels = append(stale.Panels, p)
		}
	}
	var all []measure
	for _, m := range []measure{rates, stale} {
		if len(m.Panels) > 0 {
			all = append(all, m)
		}
	}
	return all
}

// panel draws one part, by what of says of a period: how high from 0 to 1, the
// figure, whether it is a lower bound, and whether there is one. A period without
// one breaks the line; a part that has fewer than two has no chart.
func (c comparison) panel(r groupRow, of func(Share) (height float64, text string, open, ok bool)) (panel, bool) {
	p := panel{Name: r.Name, Left: panelLeft, Right: panelRight, Floor: panelFloor}
	var says []string
	var line []string
	flush := func() {
		if len(line) > 1 {
			p.Lines = append(p.Lines, strings.Join(line, " "))
		}
		line = nil
	}
	for i, cell := range r.Cells {
		height, text, open, ok := of(cell.Share)
		if !cell.Known || !ok {
			flush()
			continue
		}
		d := panelDot{X: panelLeft, Y: panelFloor - int(height*(panelFloor-panelTop)+0.5), Text: text, Open: open}
		if n := len(r.Cells); n > 1 {
			d.X += i * (panelRight - panelLeft) / (n - 1)
		}
		line = append(line, fmt.Sprintf("%d,%d", d.X, d.Y))
		p.Dots, says = append(p.Dots, d), append(says, c.Periods[i]+" "+text)
	}
	flush()
	if len(p.Dots) < 2 {
		return panel{}, false
	}
	for i := range p.Dots {
		p.Dots[i].Below = valley(p.Dots, i)
		if len(r.Cells) > maxLabels && i > 0 && i < len(p.Dots)-1 {
			p.Dots[i].Text = ""
		}
	}
	last := len(c.Periods) - 1
	p.Ticks = []mark{{X: panelLeft, Y: panelHeight - 6, Text: c.Periods[0]}, {X: panelRight, Y: panelHeight - 6, Text: c.Periods[last]}}
	p.Says = r.Name + "：" + strings.Join(says, "，")
	return p, true
}

// valley reports whether a dot lies lower than those beside it, with room for a
// figure below.
func valley(dots []panelDot, i int) bool {
	const room = panelFloor - 12
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(dots) && dots[j].Y >= dots[i].Y {
			return false
		}
	}
	return dots[i].Y <= room
}
