package notify

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/inventory"
)

// earlierBook is the history of findings up to the event that people know of last,
// nil where nothing says which that is, or where the history is another one.
func earlierBook(now *cases.Book, told *cases.Head) *cases.Book {
	if now == nil || told == nil || now.Continues(*told) != nil {
		return nil
	}
	book, err := cases.Open(now.Events()[:told.Seq])
	if err != nil {
		return nil // it was opened before, so it opens
	}
	return book
}

// casework is what people have done about findings since they were told of last, and
// what is due by units.
func (n *news) casework(c inventory.Channel, v voice) []section {
	if n.board.Book == nil {
		return nil
	}
	done := section{Part: Part{Heading: v.say("【问题办理】", "FINDINGS: what was done about them")}, word: v.say("问题办理", "steps")}
	owed := section{Part: Part{Heading: v.say("【待单位办理】", "OWED by units")}, word: v.say("待办", "owed")}
	for _, x := range n.board.Book.Cases() {
		for _, o := range x.Occurrences {
			if !n.concerns(c, o.Facts.Unit, o.Publicity == cases.Internal) {
				continue
			}
			if step := n.step(o, v); step != "" {
				done.add(n.caseLine(o, step, v))
			} else if step := n.owes(o, v); step != "" {
				owed.add(n.caseLine(o, step, v))
			}
		}
	}
	return slices.DeleteFunc([]section{done, owed}, func(s section) bool { return s.n == 0 })
}

// add adds a line about a finding.
func (s *section) add(l Line) {
	s.Lines = append(s.Lines, l)
	s.n++
	if len(s.Paths) < named {
		s.Paths = append(s.Paths, l.Path)
	} else {
		s.Paths = []string{"/findings"}
	}
}

// caseLine is a line about a finding: whose it is, what it says, and a step.
func (n *news) caseLine(o *cases.Occurrence, step string, v voice) Line {
	name := n.name(n.rowOf(o.Facts.Subject, o.Facts.Unit))
	return Line{
		Text: name + v.say("：", ": ") + n.words(o.Facts.Text, o.Publicity, v) + v.say("（", " (") + safe(o.Period) + v.say("）：", "): ") + step,
		Path: "/findings/" + url.PathEscape(o.Case) + "/" + url.PathEscape(o.Period),
	}
}

// step says what has become of a finding since it was told of, "" for nothing. What
// the program enters and withdraws by itself is told as what it found.
func (n *news) step(o *cases.Occurrence, v voice) string {
	if n.earlier == nil {
		return ""
	}
	was := n.earlier.Occurrence(o.Case, o.Period)
	if was == nil {
		was = &cases.Occurrence{}
	}
	var steps []string
	told := append(slices.Clone(was.Facts.Sources), n.present[o.Case].Sources...) // a register's entry is told as what was found
	if from := gained(told, o.Facts.Sources); len(from) > 0 {
		steps = append(steps, v.say("新登记，来源：", "entered, by ")+strings.Join(from, v.say("、", ", ")))
	}
	switch {
	case o.Withdrawn(), o.State == cases.Suspected:
		if o.State == cases.Suspected && len(steps) > 0 {
			steps = append(steps, v.say("疑似，待核实", "suspected, to be checked"))
		}
	case o.State != was.State, !o.Owed().Equal(was.Owed()):
		steps = append(steps, stateStep(o, v))
	}
	if o.Urged > was.Urged {
		steps = append(steps, v.say("催办", "the unit was urged"))
	}
	if a := o.Answer; a != nil && (was.Answer == nil || !was.Answer.On.Equal(a.On) || was.Answer.Answer != a.Answer) {
		steps = append(steps, v.say("单位答复：", "the unit answers: ")+string(a.Answer))
	}
	if x := o.Objection; x != nil && x.Open && (was.Objection == nil || !was.Objection.Open) {
		steps = append(steps, v.say("单位提出异议，待答复", "the unit objects, to be answered"))
	}
	return strings.Join(steps, v.say("；", "; "))
}

// gained are the sources of a finding that are no rounds of ours and were not there.
func gained(was, now []string) []string {
	return slices.DeleteFunc(slices.Clone(now), func(s string) bool { return s == cases.ByPatrol || slices.Contains(was, s) })
}

// stateStep says where a finding stands and what is asked of the unit.
func stateStep(o *cases.Occurrence, v voice) string {
	day := func(t time.Time) string { return t.Format(v.say("1月2日", time.DateOnly)) }
	switch o.State {
	case cases.Verifying:
		if o.Owed().IsZero() {
			return v.say("正在核实", "being looked into")
		}
		return fmt.Sprintf(v.say("已发核实单，请于%s前答复", "put to the unit, to be answered by %s"), day(o.AnswerDue))
	case cases.Confirmed:
		return v.say("已认定", "confirmed")
	case cases.Sent:
		return fmt.Sprintf(v.say("已交办，请于%s前报送整改", "sent to the unit, to be put right by %s"), day(o.Due))
	case cases.Fixing:
		return fmt.Sprintf(v.say("整改中，请于%s前报送整改", "being put right, to be reported by %s"), day(o.Due))
	case cases.Returned:
		return fmt.Sprintf(v.say("退回重改，请于%s前报送整改", "sent back, to be put right by %s"), day(o.Due))
	case cases.Reported:
		return v.say("单位已报整改，待复核", "reported as put right, to be checked")
	case cases.Rechecked:
		return v.say("已复核，待办结", "checked again, to be closed")
	case cases.Cleared:
		return v.say("已销号", "cleared")
	case cases.Unfounded:
		return v.say("核实不属实，不再列为问题", "refuted, no finding any more")
	case cases.Exempted:
		return fmt.Sprintf(v.say("报备不计，有效期至%s", "filed and not counted, until %s"), day(o.Exemption.Until))
	}
	return string(o.State)
}

// owedNotice is how many days before its last day people are reminded of what a unit
// owes.
const owedNotice = 3

// owes reminds of what a unit owes: three days before the last day, on it, on the day
// after, and each week from then on; "" for no reminder.
func (n *news) owes(o *cases.Occurrence, v voice) string {
	due := o.Owed()
	if due.IsZero() {
		return ""
	}
	left := int(due.Sub(n.today).Hours() / 24)
	first := func(day time.Time) bool { return !n.today.Before(day) && n.firstOn(day) }
	what := v.say("整改情况", "the report of the fix")
	if o.State == cases.Verifying {
		what = v.say("核实单", "the answer")
	}
	switch {
	case left < 0 && (n.weekly || first(due.AddDate(0, 0, 1))):
		return fmt.Sprintf(v.say("%s已逾期%d天", "%s is %d days late"), what, -left)
	case left == 0 && first(due):
		return fmt.Sprintf(v.say("%s今天到期", "%s is due today"), what)
	case left > 0 && first(due.AddDate(0, 0, -owedNotice)):
		return fmt.Sprintf(v.say("%s请于%s前报送，还有%d天", "%s is due by %s, in %d days"), what, due.Format(v.say("1月2日", time.DateOnly)), left)
	}
	return ""
}
