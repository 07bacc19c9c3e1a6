package console

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/report"
	"xuncha/rules"
)

// Sizes of a night strip, in pixels: a cell, and the step from one to the next.
const (
	cellStep    = 9
	stripHeight = 18
)

// stripOf draws what a subject was in the last n nights.
func stripOf(lang string, b *board.Board, id string, n int) template.HTML {
	if b == nil {
		return ""
	}
	return drawStrip(lang, n, b.Recent(n), b.Strip(id, n))
}

// cellsOf draws the cells of the last nights of a board, as many as lists show.
func cellsOf(lang string, b *board.Board, cells []board.Cell) template.HTML {
	if b == nil {
		return ""
	}
	return drawStrip(lang, unitNights, b.Recent(len(cells)), cells)
}

// drawStrip draws a night strip: a cell for each night that is on record, n at most,
// with the night, the state and the newest date behind each, and a tick
// where that date moved. For whoever does not see it the whole is one picture that
// says how many nights were what.
//
// It is markup made here, of days and of our own words alone: a page of fifty rows
// has fifteen hundred cells, which a template would take twenty times as long for.
func drawStrip(lang string, n int, nights []board.Night, cells []board.Cell) template.HTML {
	var out, ticks strings.Builder
	out.Grow(160 * len(cells))
	n = min(n, max(1, len(cells)))
	fmt.Fprintf(&out, `<svg class="strip" role="img" tabindex="0" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" preserveAspectRatio="none" aria-label="%[3]s">`,
		n*cellStep-1, stripHeight, template.HTMLEscapeString(stripLabel(lang, cells)))
	var last time.Time
	for i, c := range cells {
		x := strconv.Itoa((n - len(cells) + i) * cellStep)
		out.WriteString(`<rect class="` + cellClass(c) + `" x="` + x + `" width="8" height="18"><title>`)
		out.WriteString(template.HTMLEscapeString(cellTitle(lang, nights[i], c)))
		out.WriteString(`</title></rect>`)
		if !c.Newest.IsZero() {
			if !last.IsZero() && !c.Newest.Equal(last) {
				ticks.WriteString("M" + x + " 10m4 0v8")
			}
			last = c.Newest
		}
	}
	if ticks.Len() > 0 {
		out.WriteString(`<path class="tick" d="` + ticks.String() + `"/>`)
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// cellClass is the class that colours a cell; a night in which the subject was not
// planned is only outlined.
func cellClass(c board.Cell) string {
	if c.State == "" {
		return "c-none"
	}
	return "c-" + stateClass(c.State)
}

// stateClass is a state as classes of the style sheet name it.
func stateClass(s rules.State) string {
	switch s {
	case rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Missing:
		return string(s)
	}
	return string(rules.Unknown)
}

func cellTitle(lang string, n board.Night, c board.Cell) string {
	say := sayer(lang)
	text := n.Day().Format(time.DateOnly) + " "
	switch c.State {
	case "":
		return text + say("未列入巡查", "not planned")
	case rules.Unknown:
		text += report.StateWord(c.State, lang) + say("：", ": ") + report.ReasonWord(c.Reason, lang)
	default:
		text += report.StateWord(c.State, lang)
	}
	if !c.Newest.IsZero() {
		text += say("，最近更新 ", ", newest ") + c.Newest.Format(time.DateOnly)
	}
	return text
}

// stripLabel says how many nights were what.
func stripLabel(lang string, cells []board.Cell) string {
	say := sayer(lang)
	count := map[rules.State]int{}
	for _, c := range cells {
		count[c.State]++
	}
	var parts []string
	for _, s := range []rules.State{rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Missing, rules.Unknown} {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf(say("%s %d 夜", "%s %d"), report.StateWord(s, lang), count[s]))
		}
	}
	if len(parts) == 0 {
		return say("没有往夜的记录", "no nights on record")
	}
	return fmt.Sprintf(say("近 %d 夜：", "last %d nights: "), len(cells)) + strings.Join(parts, say("，", ", "))
}
