package board

import (
	"slices"

	"xuncha/cases"
	"xuncha/notice"
	"xuncha/report"
	"xuncha/rules"
)

// Period is the quarter in whose notice the board's findings are told of.
func (b *Board) Period() string { return report.PeriodOf(b.Result.PointDay).String() }

// decide puts what people decided over the rows, as the notice of the period does.
func (b *Board) decide() {
	b.Rows, b.Told = slices.Clone(b.found), slices.Clone(b.found)
	if b.Book != nil && b.Set != nil && b.City != nil {
		in := notice.Input{City: b.City, RuleSet: b.Set, Round: b.Round, Result: b.Result, Period: report.PeriodOf(b.Result.PointDay), Book: b.Book}
		b.under(b.Rows, notice.Decided(in))
		b.under(b.Told, notice.Told(in))
		all, told := b.settlements(false), b.settlements(true)
		for i := range b.Rows {
			b.Rows[i].Settled, b.Told[i].Settled = all[b.Rows[i].ID].state(), told[b.Rows[i].ID].state()
		}
	}
	b.countUnits()
}

// under gives rows the verdicts of a judgement.
func (b *Board) under(rows []Row, res rules.Result) {
	for _, s := range res.Sites {
		r := &rows[b.byID[s.Carrier.ID]]
		r.Verdict, r.Reasons = s.Verdict, s.Reasons
	}
	for _, a := range res.Accounts {
		r := &rows[b.byID[a.Account.ID()]]
		r.Verdict, r.Reasons = a.Verdict, a.Reasons
	}
}

// A settlement is what became of all that is found of one subject.
type settlement struct {
	counted, unfounded, exempted int
	open                         bool // of one of them nobody has decided
}

// state is what people made of all that is found of a subject: 认定 where any of it
// counts, else 核实不属实, or 报备不计 where that holds of any of it; "" while any of it
// is open, and where nothing is found.
func (s settlement) state() cases.State {
	switch {
	case s.open:
		return ""
	case s.counted > 0:
		return cases.Confirmed
	case s.exempted > 0:
		return cases.Exempted
	case s.unfounded > 0:
		return cases.Unfounded
	}
	return ""
}

// settlements tells of every subject what became of what is found of it. What
// another body printed is settled; a hint is nothing that anybody settles.
func (b *Board) settlements(told bool) map[string]settlement {
	all := map[string]settlement{}
	entered := map[string]bool{}
	found := map[string]bool{}
	for _, f := range b.Result.Findings {
		found[f.ID] = true
	}
	for _, o := range b.Book.In(b.Period()) {
		entered[o.Case] = true
		if o.Facts.Effect == rules.EffectHint || told && o.Publicity == cases.Internal || o.Withdrawn() && !found[o.Case] {
			continue
		}
		s := all[o.Facts.Subject]
		switch {
		case !o.Settled(), o.Withdrawn():
			s.open = true
		case o.Counted():
			s.counted++
		case o.State == cases.Exempted:
			s.exempted++
		default:
			s.unfounded++
		}
		all[o.Facts.Subject] = s
	}
	for _, f := range b.Result.Findings {
		if entered[f.ID] || f.Effect == rules.EffectHint || told && f.Publicity == cases.Internal {
			continue
		}
		s := all[f.Subject]
		if f.Status == string(cases.Confirmed) && !f.Preliminary {
			s.counted++
		} else {
			s.open = true
		}
		all[f.Subject] = s
	}
	return all
}
