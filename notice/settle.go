package notice

import (
	"slices"
	"strings"

	"xuncha/cases"
	"xuncha/report"
	"xuncha/rules"
)

// A settled judgement is one under what people decided.
type settled struct {
	result rules.Result
	told   bool // without what is 仅内部
	by     report.Decisions
	cases  map[report.Key]*cases.Occurrence // those told of
}

// settle puts the decisions of people over a judgement. What they found untrue or
// exempt is not told of, in a final notice neither is what they have not
// confirmed; what they found themselves is added; and a verdict that rests on
// either follows.
func settle(in Input) settled { return settleAs(in, false) }

// settleAs is settle, told without what is 仅内部.
func settleAs(in Input, told bool) settled {
	s := settled{result: in.Result, told: told, by: report.Decisions{Dropped: map[report.Key]bool{}, Notes: map[report.Key]string{}},
		cases: map[report.Key]*cases.Occurrence{}}
	s.result.Findings = nil
	touched := map[string]bool{} // subjects whose verdict is to be made anew
	for _, f := range in.Result.Findings {
		key := report.Key{Subject: f.Subject, Indicator: f.Indicator}
		o := in.Book.Occurrence(f.ID, in.Period.String())
		if f.Effect != rules.EffectHint && (!counts(o, in.Final) || s.withheld(f, o)) {
			s.by.Dropped[key], touched[f.Subject] = true, true
			continue
		}
		if o != nil {
			f.Publicity, f.Sources, f.Status = o.Publicity, o.Facts.Sources, string(o.State)
			s.tell(key, o)
		}
		s.result.Findings = append(s.result.Findings, f)
	}
	for _, o := range in.Book.In(in.Period.String()) {
		key := report.Key{Subject: o.Facts.Subject, Indicator: o.Facts.Indicator}
		if s.by.Dropped[key] || s.cases[key] != nil || !counts(o, in.Final) || s.withheld(rules.Finding{}, o) {
			continue
		}
		s.result.Findings = append(s.result.Findings, findingOf(o))
		touched[key.Subject] = true
		s.tell(key, o)
	}
	slices.SortStableFunc(s.result.Findings, func(a, b rules.Finding) int {
		return strings.Compare(a.Subject+"\n"+a.Indicator, b.Subject+"\n"+b.Indicator)
	})
	s.verdicts(in, touched)
	return s
}

// Decided is the input's judgement under what people decided by now: what they
// dropped is not in it, what they found is. What nobody looked into stays.
func Decided(in Input) rules.Result {
	in.Final = false
	return settle(in.withBook()).result
}

// Told is [Decided] for those who may not know of what is 仅内部: neither is it in
// the judgement, nor does a verdict rest on it.
func Told(in Input) rules.Result {
	in.Final = false
	return settleAs(in.withBook(), true).result
}

// withheld reports whether a finding is kept from those who are told: by what people
// said of it, else by its indicator.
func (s *settled) withheld(f rules.Finding, o *cases.Occurrence) bool {
	publicity := f.Publicity
	if o != nil {
		publicity = o.Publicity
	}
	return s.told && publicity == cases.Internal
}

// counts reports whether a finding is told of. One that nobody has looked into
// is told of in a draft.
func counts(o *cases.Occurrence, final bool) bool {
	if final {
		return o != nil && o.Counted()
	}
	return o == nil || o.State != cases.Unfounded && o.State != cases.Exempted
}

func (s *settled) tell(key report.Key, o *cases.Occurrence) {
	s.cases[key] = o
	if note := o.Annotation(); note != "" {
		s.by.Notes[key] = note
	}
}

// findingOf is what people found, as a judgement would say it.
func findingOf(o *cases.Occurrence) rules.Finding {
	f := o.Facts
	return rules.Finding{
		ID: o.Case, Subject: f.Subject, Unit: f.Unit, Indicator: f.Indicator, Effect: f.Effect, Sources: f.Sources,
		Status: string(o.State), Publicity: o.Publicity, Since: f.Since, Newest: f.Newest, Text: f.Text, Basis: f.Basis,
	}
}

// verdicts makes the verdicts of subjects anew about which people decided: 不合格
// by what is left of their vetoes, else what the looks say without them. The
// reasons that tables print are those that may be told of by name.
func (s *settled) verdicts(in Input, touched map[string]bool) {
	for _, f := range s.result.Findings {
		hidden := f.Publicity != "" && f.Publicity != cases.Named
		if f.Effect == rules.EffectVeto && (hidden || ofAccess(in.RuleSet, f)) {
			touched[f.Subject] = true
		}
	}
	s.result.Sites = slices.Clone(in.Result.Sites)
	for i := range s.result.Sites {
		if r := &s.result.Sites[i]; touched[r.Carrier.ID] {
			r.Verdict, r.Reasons = s.verdict(in.RuleSet, r.Carrier.ID, siteOtherwise(in.Result, *r))
		}
	}
	s.result.Accounts = slices.Clone(in.Result.Accounts)
	for i := range s.result.Accounts {
		if r := &s.result.Accounts[i]; touched[r.Account.ID()] {
			r.Verdict, r.Reasons = s.verdict(in.RuleSet, r.Account.ID(), accountOtherwise(*r))
		}
	}
}

func (s *settled) verdict(set *rules.RuleSet, subject string, otherwise rules.Verdict) (rules.Verdict, []string) {
	fails, waits, reasons := false, false, []string(nil)
	for _, f := range s.result.Findings {
		if f.Subject != subject || f.Effect != rules.EffectVeto {
			continue
		}
		if forPeople(set, f) {
			waits = true
		} else {
			fails = true
		}
		if f.Publicity == "" || f.Publicity == cases.Named {
			reasons = append(reasons, short(set, f))
		}
	}
	switch {
	case fails:
		return rules.Fail, reasons
	case waits && otherwise == rules.Pass:
		return rules.Pending, reasons
	case waits:
		return otherwise, reasons
	}
	return otherwise, nil
}

// forPeople reports whether a veto comes to no verdict before people have settled
// it: a site was knocked at from one place alone.
func forPeople(set *rules.RuleSet, f rules.Finding) bool {
	return ofAccess(set, f) && (f.Status == string(cases.Suspected) || f.Status == string(cases.Verifying))
}

func ofAccess(set *rules.RuleSet, f rules.Finding) bool {
	ind := set.Indicator(f.Indicator)
	return ind != nil && ind.Kind == rules.KindAccess
}

// siteOtherwise is what a site comes to without a veto. What nobody could read
// does not become 合格 because people dropped a finding or entered another.
func siteOtherwise(res rules.Result, r rules.SiteResult) rules.Verdict {
	known := slices.ContainsFunc(res.Columns, func(c rules.ColumnResult) bool {
		return (c.Column.Carrier == r.Carrier.ID || c.Column.CountsTo == r.Carrier.ID) && c.State != rules.Unknown
	})
	switch {
	case r.Access != nil && r.Access.Fails && r.Besides != rules.Fail:
		return r.Besides
	case r.Verdict != rules.Fail:
		return r.Verdict
	case r.Home.State == rules.Unknown && !known:
		return rules.NotMonitored
	}
	return rules.Pass
}

// accountOtherwise is what an account comes to without a veto.
func accountOtherwise(r rules.AccountResult) rules.Verdict {
	switch {
	case r.Verdict != rules.Fail:
		return r.Verdict
	case r.State == rules.Unknown:
		return rules.NotMonitored
	case r.State == rules.Blank:
		return rules.Pending
	}
	return rules.Pass
}

// short is a finding as a table prints it: the indicator's words where they are
// whole, and for what people found, theirs.
func short(set *rules.RuleSet, f rules.Finding) string {
	ind := set.Indicator(f.Indicator)
	if ind == nil || ind.Kind == rules.KindSection || strings.Contains(ind.Text, "{") || !slices.Contains(f.Sources, cases.ByPatrol) {
		text, _, _ := strings.Cut(f.Text, "，最近更新时间")
		return text
	}
	return ind.Text
}
