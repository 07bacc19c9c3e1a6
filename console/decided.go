package console

import (
	"xuncha/board"
	"xuncha/cases"
	"xuncha/rules"
)

// A foundLine is something that is found of a subject, with where it stands in the
// book. Status is that, as the history has it.
type foundLine struct {
	rules.Finding
	State cases.State
	Case  *cases.Occurrence // nil where nobody has entered it
}

// findingsOf are what the judgement finds of a subject and what people found of it,
// each with what was decided in the board's period, as far as the user may be told.
func (q *request) findingsOf(subject string) []foundLine {
	var out []foundLine
	known := map[string]bool{}
	period := q.board.Period()
	for _, f := range q.board.Result.Findings {
		if f.Subject != subject {
			continue
		}
		known[f.ID] = true
		if q.told(f) {
			out = append(out, q.foundLine(f, q.book().Occurrence(f.ID, period)))
		}
	}
	if x := q.board.Book; x != nil {
		for _, o := range x.In(period) {
			if f := o.Facts; f.Subject == subject && !known[o.Case] && q.shown(o) && !o.Withdrawn() {
				out = append(out, q.foundLine(rules.Finding{
					ID: o.Case, Subject: f.Subject, Unit: f.Unit, Indicator: f.Indicator, Effect: f.Effect, Sources: f.Sources, Publicity: o.Publicity,
					Since: f.Since, Newest: f.Newest, Text: f.Text, Basis: f.Basis,
				}, o))
			}
		}
	}
	return out
}

func (q *request) foundLine(f rules.Finding, o *cases.Occurrence) foundLine {
	line := foundLine{f, cases.State(f.Status), o}
	if o != nil {
		line.State = o.State
	}
	line.Status = string(line.State)
	line.Text = q.masked(f.Text)
	return line
}

// settledWord says what people made of a verdict, "" where there is nothing to say of
// it: a verdict of the program alone is 初判.
func settledWord(r board.Row, lang string) string {
	say := sayer(lang)
	switch {
	case r.Settled == cases.Confirmed:
		return say("已认定", "confirmed")
	case r.Settled == cases.Unfounded:
		return say("已核实不属实", "not true")
	case r.Settled == cases.Exempted:
		return say("报备不计", "exempt")
	case r.Verdict == rules.Pass, r.Verdict == rules.Fail:
		return say("初判", "preliminary")
	}
	return ""
}

// SettledWord is what people made of a verdict.
func (v view) SettledWord(r board.Row) string { return settledWord(r, v.Lang) }

// Preliminary reports whether something that is not 合格 waits for people.
func (v verdicts) Preliminary() bool { return v.Open > 0 }
