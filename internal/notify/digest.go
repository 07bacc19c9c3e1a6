package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/inventory"
	"xuncha/rules"
)

// LongHoliday is how many days a holiday has that people are warned of.
const LongHoliday = 3

// holidayNotice is how many working days before it they are.
const holidayNotice = 3

// Digests are the messages of a night, at most one a channel: what is new since
// the round that was told of last, and what is near. Who has no news gets none. A
// round of which nobody was told, because the program was down, is told of with
// the next.
//
// The board must be the one of the night's round, with the nights before it. Where
// the round that was told of is not among them, news is what is new since the night
// before.
func Digests(b *board.Board, told Told, m inventory.Messages, calendar *workday.Calendar) []Message {
	n := newNews(b, told, calendar)
	var all []Message
	for _, c := range m.Channels {
		if parts := n.parts(c); len(parts) > 0 {
			v := voice(c.Lang)
			all = append(all, Message{
				ID: "digest/" + b.Round.ID + "/" + c.Name, Channel: c.Name, Lang: c.Lang, Made: b.Round.Finished, Link: m.Console,
				Title: n.title(parts, v), Parts: plain(parts),
			})
		}
	}
	return all
}

// A section is a part of a digest with the word by which the title counts it.
type section struct {
	Part
	word string
	n    int
}

func plain(sections []section) []Part {
	parts := make([]Part, len(sections))
	for i, s := range sections {
		parts[i] = s.Part
	}
	return parts
}

// title says of which city and day a digest is, and how much of what is in it: it
// is the subject of a mail, and all that a telephone shows.
func (n *news) title(sections []section, v voice) string {
	var counts []string
	for _, s := range sections {
		counts = append(counts, fmt.Sprintf(v.say("%s%d", "%s %d"), s.word, s.n))
	}
	day := n.board.Result.PointDay
	title := fmt.Sprintf(v.say("%s巡查 %s：%s", "%s, patrol of %s: %s"), safe(n.board.City.Name),
		day.Format(v.say("2006年1月2日", time.DateOnly)), strings.Join(counts, v.say("，", ", ")))
	if n.board.City.Simulated {
		title += v.say("（模拟数据，非正式通报）", " (simulated data, no official notice 「模拟数据，非正式通报」)")
	}
	return title
}

// A news is what a night brought, before anybody is told.
type news struct {
	board    *board.Board
	calendar *workday.Calendar
	told     Told
	before   []board.Night // up to the one that was told of last, oldest first
	today    time.Time     // on which it is read: a round at night is told of in the morning
	weekly   bool          // it is time to be reminded of what lasts
	unit     map[string]int

	states  map[string][]rules.IndicatorState // by subject
	named   map[string]bool                   // accounts that showed a name
	present map[string]rules.Finding          // by ID
	known   map[string]bool                   // IDs that were told of
	accused map[string]bool                   // subjects whose state was told of
	earlier *cases.Book                       // as it was told of, nil where nothing says
}

func newNews(b *board.Board, told Told, calendar *workday.Calendar) *news {
	n := &news{
		board: b, calendar: calendar, told: told, today: extract.DayOf(b.Round.Finished), unit: map[string]int{}, states: statesOf(b.Result),
		named: map[string]bool{}, present: map[string]rules.Finding{}, known: map[string]bool{}, accused: map[string]bool{}, earlier: earlierBook(b.Book, told.Book),
	}
	n.weekly = reminds(told, n.today)
	for _, f := range b.Result.Findings {
		n.present[f.ID] = f
	}
	for _, s := range told.Suspected {
		n.known[s.ID] = true
		n.accused[s.Subject] = n.accused[s.Subject] || s.ByState
	}
	for _, a := range b.Result.Accounts {
		n.named[a.Account.ID()] = a.Named != nil
	}
	for _, night := range b.Nights {
		if night.Round != b.Round.ID && night.Started.Before(b.Round.Started) {
			n.before = append(n.before, night)
		}
	}
	if i := slices.IndexFunc(n.before, func(night board.Night) bool { return night.Round == told.Round }); i >= 0 {
		n.before = n.before[:i+1]
	}
	for i, u := range b.City.Units {
		n.unit[u.ID] = i
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

// yesterday is what a subject was in the night that was told of last.
func (n *news) yesterday(id string) board.Cell {
	if len(n.before) == 0 {
		return board.Cell{}
	}
	return n.before[len(n.before)-1].Cell(id)
}

// firstOn reports whether nobody was told of anything yet on a day or after.
func (n *news) firstOn(day time.Time) bool {
	return len(n.before) == 0 || extract.DayOf(n.before[len(n.before)-1].Finished).Before(day)
}

// parts are what a channel is told.
func (n *news) parts(c inventory.Channel) []section {
	v := voice(c.Lang)
	mine := n.rowsFor(c)
	var parts []section
	add := func(word, heading string, of []item) {
		if len(of) > 0 {
			parts = append(parts, section{n.part(heading, of), word, len(of)})
		}
	}
	findings, warnings := slices.Contains(c.About, inventory.AboutFindings), slices.Contains(c.About, inventory.AboutWarnings)
	if findings {
		suspected, stated := n.found(c, v)
		add(v.say("新发现", "new"), v.say("【新发现】疑似问题，待核实", "NEW: suspected, to be checked"), suspected)
		add(v.say("他方指出", "by others"), v.say("【他方指出】上级通报等登记的问题", "BY OTHERS: entered in the registers"), stated)
	}
	if warnings {
		add(v.say("临期", "due"), v.say("【临期】请在超期前更新", "DUE: update before the day"), n.due(mine, v))
		heading, inIt := n.holiday(mine, v)
		add(v.say("节前提醒", "before the holiday"), heading, inIt)
	}
	if findings {
		over, gone := n.cleared(c, v)
		add(v.say("恢复", "cleared"), v.say("【已恢复】此前的疑似问题，本次巡查已正常", "CLEARED: suspected before, in order now"), over)
		add(v.say("不再发现", "not found again"), v.say("【不再发现】此前的疑似问题，本次巡查未再发现", "NOT FOUND AGAIN: suspected before, not by this round"), gone)
		parts = append(parts, n.casework(c, v)...)
		add(v.say("仍未解决", "lasting"), v.say("【仍未解决】此前已告知的疑似问题，每周提醒", "LASTING: told of before, a weekly reminder"), n.lasting(mine, v))
	}
	if slices.Contains(c.About, inventory.AboutOperator) {
		for _, s := range []section{n.unread(v), n.proposed(v)} {
			if len(s.Lines) > 0 {
				parts = append(parts, s)
			}
		}
	}
	return parts
}

// An item is a row with what is told of it.
type item struct {
	board.Row
	text string
}

// part makes a part of what is told, in its order.
func (n *news) part(heading string, all []item) Part {
	p := Part{Heading: heading}
	var rows []board.Row
	for _, t := range all {
		p.Lines = append(p.Lines, Line{n.name(t.Row) + t.text, rowPath(t.Row)})
		rows = append(rows, t.Row)
	}
	p.Paths = tables(rows)
	return p
}

// byUnit orders rows by the unit that answers.
func (n *news) byUnit(all []item) []item {
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Compare(n.unit[a.Unit], n.unit[b.Unit]) })
	return all
}

// name is what a line calls a row: by its unit too, where its title does not.
func (n *news) name(r board.Row) string {
	title := n.board.Title(r)
	u, ok := n.board.City.Unit(r.Unit)
	if !ok || strings.Contains(title, u.Name) || u.FullName != "" && strings.Contains(title, u.FullName) {
		return safe(title)
	}
	return safe(u.Name) + " · " + safe(title)
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

// accusation says what looks wrong with a row.
func (n *news) accusation(r board.Row, v voice) string {
	switch r.State {
	case rules.Blank:
		return v.say("：空白栏目", ": blank")
	case rules.Missing:
		return v.say("：疑似未开设", ": suspected missing")
	}
	text := v.say("：超期未更新", ": stale")
	if past := n.board.Past(r); past > 0 {
		text += fmt.Sprintf(v.say("，已超期%d天", ", %d days past its window"), past)
	}
	if !r.Newest.IsZero() {
		text += v.say("，最近更新", ", newest ") + r.Newest.Day().Format(time.DateOnly)
	}
	if r.Title != "" {
		text += v.say("《", " “") + safe(r.Title) + v.say("》", "”")
	}
	return text
}

// due are those near the end of their window, the nearest first, if there is one
// that was not when last told of, or whose last day it is: else everybody has been
// told.
func (n *news) due(rows []board.Row, v voice) []item {
	var all []item
	worth := false
	tomorrow := n.board.Result.PointDay.AddDate(0, 0, 1)
	reminds := n.firstOn(n.today)
	for _, r := range rows {
		if r.State != rules.Due || r.StaleOn.IsZero() {
			continue
		}
		text := n.staleFrom(r, v)
		if n.yesterday(r.ID).State != rules.Due {
			text += v.say("（新增）", " (new)")
			worth = true
		}
		worth = worth || reminds && !r.StaleOn.After(tomorrow)
		all = append(all, item{r, text})
	}
	if !worth {
		return nil
	}
	return soonest(n.byUnit(all))
}

// soonest orders by the day on which each becomes stale.
func soonest(all []item) []item {
	slices.SortStableFunc(all, func(a, b item) int { return a.StaleOn.Compare(b.StaleOn) })
	return all
}

// staleFrom says when a row becomes stale, and how many days are left before.
func (n *news) staleFrom(r board.Row, v voice) string {
	on := r.StaleOn.Format(v.say("1月2日", time.DateOnly))
	left := int(r.StaleOn.Sub(n.board.Result.PointDay).Hours() / 24)
	switch {
	case left <= 0:
		return fmt.Sprintf(v.say("：%s起超期", ": stale from %s"), on)
	case left == 1:
		return fmt.Sprintf(v.say("：%s起超期，今天是最后一天", ": stale from %s, today is the last day"), on)
	}
	return fmt.Sprintf(v.say("：%s起超期，还有%d天", ": stale from %s, in %d days"), on, left)
}

// holiday warns, from the third working day before a long holiday on and once, of
// what falls stale in it.
func (n *news) holiday(rows []board.Row, v voice) (heading string, all []item) {
	if n.calendar == nil {
		return "", nil
	}
	h, err := n.calendar.NextLongHoliday(n.today, LongHoliday)
	if err != nil {
		return "", nil // a year not announced yet: nothing is known of it
	}
	warn, err := n.calendar.Add(h.From, -holidayNotice)
	if err != nil || n.today.Before(warn) || !n.today.Before(h.From) || !n.firstOn(warn) {
		return "", nil
	}
	for _, r := range rows {
		if on := r.StaleOn; (r.State == rules.Fresh || r.State == rules.Due) && !on.IsZero() && !on.Before(h.From) && !on.After(h.To.AddDate(0, 0, 1)) {
			all = append(all, item{r, n.staleFrom(r, v)})
		}
	}
	return fmt.Sprintf(v.say("【节前提醒】%s假期（%s至%s）内将超期，请节前更新", "BEFORE THE HOLIDAY: stale during %s (%s to %s) unless updated before"),
		h.Name, h.From.Format(v.say("1月2日", time.DateOnly)), h.To.Format(v.say("1月2日", time.DateOnly))), soonest(n.byUnit(all))
}
