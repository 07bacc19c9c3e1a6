package cases

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"xuncha/extract"
	"xuncha/rules"
)

// caseID is the identity of what facts claim.
func caseID(f Facts) string { return rules.FindingID(f.Subject, f.Indicator) }

// admit returns a refusal for an event that may not happen now. It asks nothing
// but the book and the event, so that a history is judged by what it says.
func (b *Book) admit(e Event) error {
	if err := e.wellFormed(); err != nil {
		return err
	}
	m, known := moveOf(e.Kind)
	if !known {
		return refuse(fmt.Sprintf("没有“%s”这种办理；请查看可办事项", e.Kind), fmt.Sprintf("there is no %q; see the list of what can be done", e.Kind))
	}
	if !slices.Contains(m.Roles, e.By.Role) {
		return refuse(
			fmt.Sprintf("%s不能办理“%s”；请由%s办理", e.By, m.Chinese, joinRoles(m.Roles, "或")),
			fmt.Sprintf("%s as %s may not %s; let it be done as %s", e.By.Name, e.By.Role, m.Kind, joinRoles(m.Roles, " or ")))
	}
	o := b.Occurrence(e.Case, e.Period)
	if e.Kind == Raise {
		return b.admitRaise(o, e)
	}
	if o == nil {
		return refuse(
			fmt.Sprintf("%s没有编号为%s的问题；请先登记（发现）", e.Period, e.Case),
			fmt.Sprintf("no finding %s in %s; raise it first", e.Case, e.Period))
	}
	if err := b.inTime(e); err != nil {
		return err
	}
	if err := o.admitState(m, e); err != nil {
		return err
	}
	return o.demands(m, e)
}

// inTime refuses what is older than what the case has seen.
func (b *Book) inTime(e Event) error {
	c := b.cases[e.Case]
	last := b.events[c.events[len(c.events)-1]]
	if !e.At.Before(last.At) {
		return nil
	}
	return refuse(
		fmt.Sprintf("办理时间%s早于上一条记录的%s；请核对电脑时间", moment(e.At), moment(last.At)),
		fmt.Sprintf("%s is before the last entry, %s; check the computer's clock", moment(e.At), moment(last.At)))
}

func moment(t time.Time) string { return t.In(extract.Beijing).Format("2006-01-02 15:04:05") }

// admitRaise refuses a finding that is not one, or not of its case.
func (b *Book) admitRaise(o *Occurrence, e Event) error {
	f := e.Facts
	switch {
	case f == nil || f.Subject == "" || f.Indicator == "" || strings.TrimSpace(f.Text) == "" || f.Point.IsZero():
		return refuse("登记问题须写明对象、检查指标、问题描述和监测时间点", "a finding needs a subject, an indicator, a text and a monitoring point; add what is missing")
	case e.Case != caseID(*f):
		return refuse(fmt.Sprintf("编号%s与对象、检查指标不符；请留空，由系统生成", e.Case), fmt.Sprintf("%s is not the number of this subject and indicator; leave it out", e.Case))
	case !slices.Contains([]rules.Effect{rules.EffectVeto, rules.EffectDeduct, rules.EffectNotice}, f.Effect):
		return refuse("仅作提示的指标不能登记为问题；请换用检查指标", "an indicator that only hints makes no finding; use another")
	case utf8.RuneCountInString(f.Text) > maxNote:
		return refuse(fmt.Sprintf("问题描述超过%d字；请缩短", maxNote), fmt.Sprintf("the text has more than %d characters; shorten it", maxNote))
	case len(f.Sources) == 0 || slices.ContainsFunc(f.Sources, func(s string) bool { return !slices.Contains(sources, s) }):
		return refuse("问题来源须为"+strings.Join(sources, "、")+"之一", "the source must be one of "+strings.Join(sources, ", "))
	case !slices.Contains(publicities, f.Publicity):
		return refusePublicity()
	}
	if b.cases[e.Case] == nil {
		return nil
	}
	if err := b.inTime(e); err != nil || o == nil {
		return err
	}
	fresh := slices.ContainsFunc(f.Sources, func(s string) bool { return !slices.Contains(o.Facts.Sources, s) })
	if !fresh && !o.Withdrawn() && (o.State != Suspected || o.Pending != nil) {
		return refuse(
			fmt.Sprintf("该问题在%s已登记，现为“%s”；请在原问题上办理", e.Period, o.State),
			fmt.Sprintf("it was raised in %s and stands at %s; go on with that", e.Period, o.State))
	}
	return nil
}

var (
	sources     = []string{ByPatrol, ByHand, BySuperior, ByCitizens}
	publicities = []string{Named, Outlined, Internal}
	answers     = []Answer{Admitted, Denied, Fixed}
	reasons     = []Reason{Redesign, Pause, Nothing}
	results     = []Result{Passed, Failed, Unclear}
)

// refusePublicity refuses a way of telling that there is not.
func refusePublicity() *Refusal {
	return refuse("公开方式须为"+strings.Join(publicities, "、")+"之一", "the publicity must be one of "+strings.Join(publicities, ", "))
}

// admitState refuses what the table does not let happen now.
func (o *Occurrence) admitState(m Move, e Event) error {
	if o.Pending != nil && !slices.Contains(meanwhile, m.Kind) {
		return refuse(
			fmt.Sprintf("%s提出的“%s”尚待另一人审核；请先同意或不同意", o.Pending.By.Name, o.Pending.Kind.Chinese()),
			fmt.Sprintf("the %s proposed by %s waits for a second person; approve or decline it first", o.Pending.Kind, o.Pending.By.Name))
	}
	if o.Pending == nil && (m.Kind == Approve || m.Kind == Decline) {
		return refuse("没有待审核的事项；请先由经办人提出", "nothing waits for a second person; let somebody propose it first")
	}
	if len(m.From) > 0 && !slices.Contains(m.From, o.State) {
		return refuse(
			fmt.Sprintf("该问题现为“%s”，不能“%s”；%s", o.State, m.Chinese, advice(o.State)),
			fmt.Sprintf("it stands at %s and cannot be taken to %s; %s", o.State, m.Kind, adviceEnglish(o.State)))
	}
	if m.Note && strings.TrimSpace(e.Note) == "" {
		return refuse(fmt.Sprintf("“%s”须说明理由", m.Chinese), fmt.Sprintf("%s needs a note that says why", m.Kind))
	}
	if m.Due && e.Due.IsZero() {
		return refuse(fmt.Sprintf("“%s”须写明期限", m.Chinese), fmt.Sprintf("%s needs a due day", m.Kind))
	}
	if !e.Due.IsZero() && e.Due.Before(extract.DayOf(e.At)) {
		return refuse(fmt.Sprintf("期限%s已过；请写明今后的日期", dayText(e.Due)), fmt.Sprintf("the due day %s is past; give a later one", dayText(e.Due)))
	}
	return nil
}

// advice says what can be done in a state: the moves that lead out of it.
func advice(s State) string {
	var names []string
	for _, m := range next(s) {
		names = append(names, m.Chinese)
	}
	return "可以：" + strings.Join(names, "、")
}

func adviceEnglish(s State) string {
	var names []string
	for _, m := range next(s) {
		names = append(names, string(m.Kind))
	}
	return "what can be done: " + strings.Join(names, ", ")
}

// next lists the moves that lead from a state to another.
func next(s State) []Move {
	var found []Move
	for _, m := range moves {
		if slices.Contains(m.From, s) && (m.To != "" || m.Kind == Reopen) {
			found = append(found, m)
		}
	}
	return found
}

func joinRoles(roles []Role, with string) string {
	var names []string
	for _, r := range roles {
		if r != System {
			names = append(names, string(r))
		}
	}
	return strings.Join(names, with)
}

// Allowed returns the kinds of events that a person in a role may add to an
// occurrence now, for a screen's buttons.
func (o *Occurrence) Allowed(r Role) []Kind {
	var kinds []Kind
	for _, m := range moves {
		waits := m.Kind == Approve || m.Kind == Decline
		switch {
		case m.Kind == Raise, !slices.Contains(m.Roles, r), m.Kind == Reject && r == System && o.State != Suspected:
		case o.Pending != nil && !slices.Contains(meanwhile, m.Kind), o.Pending == nil && waits:
		case len(m.From) > 0 && !slices.Contains(m.From, o.State):
		case m.Kind == Uphold && (o.Objection == nil || !o.Objection.Open):
		default:
			kinds = append(kinds, m.Kind)
		}
	}
	return kinds
}
