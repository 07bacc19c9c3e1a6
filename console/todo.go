package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

// A todo is one line of 需要您处理: what waits, and where it is dealt with.
type todo struct {
	State rules.State // whose sign and colour it bears
	Text  string
	Do    string // one word
	URL   string
}

// todos are what waits for the user, by what they may do: the office decides, an
// operator mends, a unit publishes and answers.
func (q *request) todos(d *digest, rows []board.Row) []todo {
	var list []todo
	list = append(list, q.caseTodos()...)
	if q.user.May(people.Propose) {
		list = append(list, q.handedTodos(d, rows)...)
	}
	if q.user.May(people.Tune) || q.user.May(people.Oversee) {
		list = append(list, q.platformTodos()...)
	}
	list = append(list, q.recipeTodos(rows)...)
	if !q.user.May(people.Propose) && !q.user.Everywhere() {
		list = q.add(list, rows, rules.Stale, "个栏目超期未更新", "columns stale", q.updates())
	}
	missing := q.updates()
	if q.user.May(people.Propose) {
		missing = q.say("核实", "verify")
	}
	list = q.add(list, rows, rules.Missing, "个应设栏目疑似未开设", "mandated sections suspected missing", missing)
	list = append(list, q.unknownTodos(rows)...)
	list = append(list, q.holidayTodos(rows)...)
	return append(list, q.dueTodos(rows)...)
}

// updates is what the user can do about columns that want an article: a clerk
// publishes one, others look.
func (q *request) updates() string {
	if slices.Contains(q.user.Roles, people.Clerk) && !q.user.May(people.Propose) {
		return q.say("更新", "update")
	}
	return q.say("查看", "see")
}

// alerting names what is amiss with the program: the overview tells of it at once.
func (c *Console) alerting(q *request) (state string, keep bool, err error) {
	var all []string
	for _, t := range c.alertTodos(q) {
		all = append(all, t.Text)
	}
	return strings.Join(all, "\n"), true, nil
}

// alertTodos are what is amiss with the program itself: nothing else on the page can
// be relied on while, say, no round is made. Platforms that turn us away stand there
// with their accounts.
func (c *Console) alertTodos(q *request) (list []todo) {
	if c.Alerts == nil || !q.user.May(people.Oversee) {
		return nil
	}
	for _, a := range c.Alerts() {
		if a.Kind == alertPlatform {
			continue
		}
		list = append(list, todo{rules.Stale, q.say(a.Chinese, a.English), q.say("查看", "see"), "/system"})
	}
	return list
}

// alertPlatform is the kind of alert that [request.platformTodos] tells of.
const alertPlatform = "adapter-down"

// add appends the columns and sections in a state.
func (q *request) add(list []todo, rows []board.Row, s rules.State, zh, en, do string) []todo {
	n := 0
	for _, r := range rows {
		if r.State == s && (r.Kind == inventory.KindColumn || r.Kind == inventory.KindSection) {
			n++
		}
	}
	if n == 0 {
		return list
	}
	return append(list, todo{s, fmt.Sprintf("%d %s", n, q.say(zh, en)), do, columnsURL("state", string(s))})
}

// unknownTodos are the columns that could not be read, with why.
func (q *request) unknownTodos(rows []board.Row) []todo {
	by, proposals, proposed := map[extract.Reason]int{}, 0, q.proposed()
	n := 0
	for _, r := range rows {
		if r.State == rules.Unknown && (r.Kind == inventory.KindColumn || r.Kind == inventory.KindSection) {
			n++
			by[r.Reason]++
			if proposed[r.ID] {
				proposals++
			}
		}
	}
	if n == 0 {
		return nil
	}
	var why []string
	for _, reason := range reasons {
		if by[reason] > 0 {
			why = append(why, fmt.Sprintf("%s %d", report.ReasonWord(reason, q.lang), by[reason]))
		}
	}
	text := fmt.Sprintf(q.say("%d 个栏目未能监测：%s", "%d columns not monitored: %s"), n, strings.Join(why, q.say("，", ", ")))
	do := q.say("查看", "see")
	if q.user.May(people.Tune) {
		do = q.say("处理", "mend")
		if proposals > 0 {
			text += fmt.Sprintf(q.say("；%d 个有建议的采集规则", "; a recipe is proposed for %d"), proposals)
		}
	}
	return []todo{{rules.Unknown, text, do, columnsURL("state", string(rules.Unknown))}}
}

// dueTodos are the columns that will fall stale, by the first such day.
func (q *request) dueTodos(rows []board.Row) []todo {
	n := 0
	var first time.Time
	for _, r := range rows {
		if r.Kind == inventory.KindColumn && r.State == rules.Due {
			n++
			if !r.StaleOn.IsZero() && (first.IsZero() || r.StaleOn.Before(first)) {
				first = r.StaleOn
			}
		}
	}
	if n == 0 {
		return nil
	}
	text := fmt.Sprintf(q.say("%d 个栏目临期", "%d columns due"), n)
	if !first.IsZero() {
		text += q.say("，最早 ", ", the first on ") + dayWord(first, q.board.Result.PointDay, q.lang) + q.say("起超期", "")
	}
	return []todo{{rules.Due, text, q.updates(), columnsURL("state", string(rules.Due), "kind", string(inventory.KindColumn))}}
}

// platformTodos are the platforms that turned most accounts away: one cause, told
// once.
func (q *request) platformTodos() []todo {
	var list []todo
	for _, h := range q.board.Result.Platforms {
		if !h.Failing() {
			continue
		}
		text := fmt.Sprintf(q.say("%s：%d 个账号中 %d 个未能从平台读到", "%s: of %d accounts %d could not be read from the platform"),
			report.PlatformName(q.board.City, h.Platform), h.Tried, h.Tried-h.Read)
		if !h.Since.IsZero() {
			text += q.say("，自 ", ", since ") + stamp(h.Since, time.DateOnly)
		}
		list = append(list, todo{rules.Unknown, text, q.say("查看", "see"), listURL("/accounts", "platform", string(h.Platform), "unread", "1")})
	}
	return list
}

// handedTodos are the accounts about which something was handed in that waits for
// the office.
func (q *request) handedTodos(d *digest, rows []board.Row) []todo {
	n := 0
	for _, r := range rows {
		if d.waiting[r.ID] {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	text := fmt.Sprintf(q.say("%d 个账号交来的材料待核对", "%d accounts with something handed in to be checked"), n)
	return []todo{{rules.Due, text, q.say("核对", "check"), listURL("/accounts", "handed", "waiting")}}
}

// caseTodos are the findings on which it is the user's turn.
func (q *request) caseTodos() []todo {
	office := q.user.May(people.Propose)
	type wait struct {
		mine   bool
		zh, en string
		do     string
		state  rules.State
		url    string
		is     func(*cases.Occurrence) bool
	}
	waits := []wait{
		{office, "个疑似问题待核实", "suspected findings to verify", q.say("核实", "verify"), rules.Missing, findingsURL("state", string(cases.Suspected)),
			func(o *cases.Occurrence) bool { return o.State == cases.Suspected }},
		{q.user.May(people.Review), "项决定待审核", "decisions to review", q.say("审核", "review"), rules.Due, findingsURL("pending", "1"),
			func(o *cases.Occurrence) bool { return o.Pending != nil }},
		{office, "个问题已报整改，待复核", "reported fixes to re-check", q.say("复核", "re-check"), rules.Due, findingsURL("state", string(cases.Reported)),
			func(o *cases.Occurrence) bool { return o.State == cases.Reported }},
		{office, "件异议待答复", "objections to answer", q.say("答复", "answer"), rules.Due, findingsURL("objection", "1"),
			objected},
		{office, "个问题上期报备不计，须重新询问", "findings were exempt last time: ask anew", q.say("核对", "check"), rules.Due, findingsURL("reask", "1"), q.book().AsksAnew},
		{office, "个报备不计已到期", "exemptions have ended", q.say("核对", "check"), rules.Due, findingsURL("lapsed", "1"),
			func(o *cases.Occurrence) bool { return o.Lapsed(q.now) }},
		{q.user.May(people.Reply), "个问题逾期", "findings overdue", q.say("查看", "see"), rules.Stale, findingsURL("overdue", "1"),
			func(o *cases.Occurrence) bool { return o.Overdue(q.now) }},
		{!office && q.user.May(people.Reply), "个问题待整改", "findings to put right", q.say("整改", "put right"), rules.Stale, findingsURL("open", "1"),
			toPutRight},
	}
	for _, period := range q.book().Periods() { // each has a 核实单 of its own
		waits = append(waits, wait{!office && q.user.May(people.Reply), "个疑似问题请贵单位核实（" + period + "）", "suspected findings of " + period + " to answer", q.say("答复", "answer"), rules.Due, q.slipToAnswer(period),
			func(o *cases.Occurrence) bool { return o.Period == period && unanswered(o) }})
	}
	counts := make([]int, len(waits))
	for _, x := range q.book().Cases() {
		for _, o := range x.Occurrences {
			if !q.shown(o) {
				continue
			}
			for i, w := range waits {
				if w.mine && w.is(o) {
					counts[i]++
				}
			}
		}
	}
	var list []todo
	for i, w := range waits {
		if counts[i] > 0 {
			list = append(list, todo{w.state, fmt.Sprintf("%d %s", counts[i], q.say(w.zh, w.en)), w.do, w.url})
		}
	}
	return list
}

// toPutRight reports whether it is the unit's turn to put a finding right.
func toPutRight(o *cases.Occurrence) bool {
	return slices.Contains([]cases.State{cases.Sent, cases.Fixing, cases.Returned}, o.State)
}

// slipToAnswer is the 核实单 of a period that the user is to answer, or the list of
// them where several units are asked.
func (q *request) slipToAnswer(period string) string {
	unit := ""
	for _, o := range q.book().In(period) {
		switch {
		case !unanswered(o) || !q.shown(o) || o.Facts.Unit == unit:
		case unit != "":
			return listURL("/slips", "period", period)
		default:
			unit = o.Facts.Unit
		}
	}
	return slipURL(unit, period)
}

// unanswered reports whether a unit was asked about a finding and has said nothing
// yet.
func unanswered(o *cases.Occurrence) bool { return o.State == cases.Verifying && o.Answer == nil }

// objected reports whether an objection to a finding waits for its answer.
func objected(o *cases.Occurrence) bool { return o.Objection != nil && o.Objection.Open }

func findingsURL(pairs ...string) string { return listURL("/findings", pairs...) }
