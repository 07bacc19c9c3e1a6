package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// How long a holiday is that people are warned of, and how many working days
// before it.
const (
	longHoliday   = 3
	holidayNotice = 3
)

// Digests are the messages of a night, at most one a channel: what is new since
// the nights before, and what is near. Who has no news gets none.
//
// The board must be the one of the night's round, with the nights before it.
func Digests(b *board.Board, m inventory.Messages, calendar *workday.Calendar) []Message {
	n := newNews(b, calendar)
	var all []Message
	for _, c := range m.Channels {
		if parts := n.parts(c); len(parts) > 0 {
			v := voice(c.Lang)
			day := b.Result.PointDay.Format(time.DateOnly)
			all = append(all, Message{
				ID: "digest/" + b.Round.ID + "/" + c.Name, Channel: c.Name, Lang: c.Lang, Made: b.Round.Finished, Link: m.Console,
				Title: v.say("巡查 "+day+"："+safe(b.City.Name), "Xuncha "+day+": "+safe(b.City.Name)) + simulatedMark(b),
				Parts: parts,
			})
		}
	}
	return all
}

func simulatedMark(b *board.Board) string {
	if b.City.Simulated {
		return "（模拟数据，非正式通报）"
	}
	return ""
}

// A news is what a night brought, before anybody is told.
type news struct {
	board    *board.Board
	calendar *workday.Calendar
	before   []board.Night // without the board's own, oldest first
}

func newNews(b *board.Board, calendar *workday.Calendar) *news {
	n := &news{board: b, calendar: calendar}
	for _, night := range b.Nights {
		if night.Round != b.Round.ID && night.Started.Before(b.Round.Started) {
			n.before = append(n.before, night)
		}
	}
	return n
}

// last is what a subject was in the newest night before in which it could be
// judged, and the zero Cell if there was none.
func (n *news) last(id string) board.Cell {
	for _, night := range slices.Backward(n.before) {
		if c := night.Cell(id); c.State != "" && c.State != rules.Unknown {
			return c
		}
	}
	return board.Cell{}
}

// yesterday is what a subject was in the night before.
func (n *news) yesterday(id string) board.Cell {
	if len(n.before) == 0 {
		return board.Cell{}
	}
	return n.before[len(n.before)-1].Cell(id)
}

// parts are what a channel is told.
func (n *news) parts(c inventory.Channel) []Part {
	v := voice(c.Lang)
	mine := n.rowsFor(c)
	var parts []Part
	add := func(heading string, lines []string) {
		if len(lines) > 0 {
			parts = append(parts, Part{heading, lines})
		}
	}
	if slices.Contains(c.About, inventory.AboutFindings) {
		add(v.say("新发现（疑似，待核实）", "New (suspected, to be checked)"), n.found(mine, v))
		add(v.say("已恢复正常", "Cleared"), n.cleared(mine, v))
	}
	if slices.Contains(c.About, inventory.AboutWarnings) {
		add(v.say("临期", "Due"), n.due(mine, v))
		heading, lines := n.holiday(mine, v)
		add(heading, lines)
	}
	if slices.Contains(c.About, inventory.AboutOperator) {
		add(v.say("未能监测（不是单位的问题）", "Not read (no fault of the units)"), n.unread(v))
		add(v.say("待确认的采集规则", "Recipes that wait"), n.proposed(v))
	}
	return parts
}

// rowsFor are the subjects that a channel is told of.
func (n *news) rowsFor(c inventory.Channel) []board.Row {
	if len(c.Units) == 0 {
		return n.board.Rows
	}
	var mine []board.Row
	for _, r := range n.board.Rows {
		if slices.ContainsFunc(c.Units, func(u string) bool { return n.board.Below(r.Unit, u) }) {
			mine = append(mine, r)
		}
	}
	return mine
}

// accusing reports whether a state says that something is wrong.
func accusing(s rules.State) bool { return s == rules.Stale || s == rules.Blank || s == rules.Missing }

// found are the subjects that would be accused and were not when last judged.
func (n *news) found(rows []board.Row, v voice) (lines []string) {
	for _, r := range rows {
		if !accusing(r.State) || accusing(n.last(r.ID).State) {
			continue
		}
		line := safe(n.board.Title(r))
		switch r.State {
		case rules.Stale:
			line += v.say("：超期未更新", ": stale")
			if !r.Newest.IsZero() {
				line += fmt.Sprintf(v.say("，已超期 %d 天，最近更新 %s", ", %d days past its window, newest %s"), n.board.Past(r), r.Newest.Day().Format(time.DateOnly))
			}
			if r.Title != "" {
				line += v.say("《", ": ") + safe(r.Title) + v.say("》", "")
			}
		case rules.Blank:
			line += v.say("：空白栏目", ": blank")
		default:
			line += v.say("：疑似未开设", ": suspected missing")
		}
		lines = append(lines, line)
	}
	return lines
}

// cleared are those that would have been accused when last judged and are not now.
func (n *news) cleared(rows []board.Row, v voice) (lines []string) {
	for _, r := range rows {
		if (r.State == rules.Fresh || r.State == rules.Due) && accusing(n.last(r.ID).State) {
			line := safe(n.board.Title(r))
			if !r.Newest.IsZero() {
				line += v.say("，最近更新 ", ", newest ") + r.Newest.Day().Format(time.DateOnly)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// due are those near the end of their window, if there is one that was not the
// night before or whose last day it is: else everybody has been told.
func (n *news) due(rows []board.Row, v voice) []string {
	var fresh, known []string
	last := n.board.Result.PointDay.AddDate(0, 0, 1)
	for _, r := range rows {
		if r.State != rules.Due || r.StaleOn.IsZero() {
			continue
		}
		line := safe(n.board.Title(r)) + fmt.Sprintf(v.say("：%s起超期", ": stale from %s"), r.StaleOn.Format(v.say("1月2日", time.DateOnly)))
		if n.yesterday(r.ID).State != rules.Due || !r.StaleOn.After(last) {
			fresh = append(fresh, line)
		} else {
			known = append(known, line)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return append(fresh, known...)
}

// holiday warns, on the third working day before a long holiday, of what falls
// stale in it.
func (n *news) holiday(rows []board.Row, v voice) (heading string, lines []string) {
	if n.calendar == nil {
		return "", nil
	}
	// A round at night is told of in the morning: the day that counts is the one on
	// which its message is read.
	today := extract.DayOf(n.board.Round.Finished)
	h, err := n.calendar.NextLongHoliday(today, longHoliday)
	if err != nil {
		return "", nil // a year not announced yet: nothing is known of it
	}
	warn, err := n.calendar.Add(h.From, -holidayNotice)
	if err != nil || !warn.Equal(today) {
		return "", nil
	}
	for _, r := range rows {
		if on := r.StaleOn; (r.State == rules.Fresh || r.State == rules.Due) && !on.IsZero() && !on.Before(h.From) && !on.After(h.To.AddDate(0, 0, 1)) {
			lines = append(lines, safe(n.board.Title(r))+fmt.Sprintf(v.say("：%s起超期", ": stale from %s"), on.Format(v.say("1月2日", time.DateOnly))))
		}
	}
	return fmt.Sprintf(v.say("%s（%s至%s）期间将超期，请节前更新", "Stale during %s (%s to %s) unless updated before"),
		h.Name, h.From.Format(v.say("1月2日", time.DateOnly)), h.To.Format(v.say("1月2日", time.DateOnly))), lines
}

// ours is the share of subjects from which a failure is taken to be of our own
// network.
const ours = 0.8

// unread is what could not be read and was read the night before, by cause: one
// line for a host or a platform, one for all if it is our own network.
func (n *news) unread(v voice) []string {
	type cause struct {
		where  string
		reason extract.Reason
	}
	count, fresh, down, unknown := map[cause]int{}, map[cause]int{}, 0, 0
	var order []cause
	for _, r := range n.board.Rows {
		if r.State != rules.Unknown {
			continue
		}
		unknown++
		if r.Reason == extract.ReasonDown {
			down++
		}
		c := cause{safe(n.board.Place(r)), r.Reason}
		if count[c] == 0 {
			order = append(order, c)
		}
		count[c]++
		if y := n.yesterday(r.ID); y.State != rules.Unknown || y.Reason != r.Reason {
			fresh[c]++
		}
	}
	if len(n.board.Rows) > 0 && float64(down) >= ours*float64(len(n.board.Rows)) {
		return []string{fmt.Sprintf(v.say("%d 个对象几乎全部无法访问，多半是本机网络的问题；请检查网络后重新巡查", "%d subjects, nearly all, did not answer: most likely our own network; check it and patrol again"), down)}
	}
	var lines []string
	for _, c := range order {
		if fresh[c] > 0 {
			lines = append(lines, fmt.Sprintf(v.say("%s：%d 个%s", "%s: %d %s"), c.where, count[c], report.ReasonWord(c.reason, string(v))))
		}
	}
	if rest := unknown - sum(fresh); len(lines) > 0 && rest > 0 {
		lines = append(lines, fmt.Sprintf(v.say("此前已知未能监测的还有 %d 个", "%d more were unknown before"), rest))
	}
	return lines
}

func sum[K comparable](m map[K]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// proposed counts by carrier the recipes that wait for somebody since that night.
func (n *news) proposed(v voice) (lines []string) {
	count := map[string]int{}
	var order []string
	for _, c := range n.board.Result.Columns {
		if c.Proposal == nil || c.Look == nil || c.Look.Round != n.board.Round.ID {
			continue
		}
		if y := n.yesterday(c.Column.ID); y.State == rules.Unknown && y.Reason == c.Reason {
			continue // told of when it was lost
		}
		r, ok := n.board.Row(c.Column.ID)
		if !ok {
			continue
		}
		where := safe(n.board.Place(r))
		if count[where] == 0 {
			order = append(order, where)
		}
		count[where]++
	}
	for _, where := range order {
		lines = append(lines, fmt.Sprintf(v.say("%s：%d 个栏目改版，新的采集规则请确认", "%s: %d columns were redesigned; accept or mend their recipes"), where, count[where]))
	}
	return lines
}

// An Alert is something wrong with the program itself.
type Alert struct {
	ID    string // what it is about: no-round, coverage, clock, disk, backup, platform/weibo …
	Since time.Time

	// Chinese and English say what is wrong and what to do.
	Chinese, English string
}

// Alerts are the messages about alerts, one a channel and alert. The same alert,
// since the same moment, is one message however often it is told.
func Alerts(alerts []Alert, m inventory.Messages, office string, now time.Time) []Message {
	var all []Message
	for _, a := range alerts {
		for _, c := range m.Channels {
			if !slices.Contains(c.About, inventory.AboutAlerts) {
				continue
			}
			v := voice(c.Lang)
			all = append(all, Message{
				ID: strings.Join([]string{"alert", a.ID, a.Since.UTC().Format(time.RFC3339), c.Name}, "/"), Channel: c.Name, Lang: c.Lang, Made: now, Link: m.Console,
				Title: v.say("巡查系统告警", "Xuncha: alert"),
				Parts: []Part{{safe(office), []string{v.say(a.Chinese, a.English)}}},
			})
		}
	}
	return all
}
