package report

import (
	"slices"
	"strconv"
	"strings"

	"xuncha/inventory"
	"xuncha/rules"
)

// sites are the sites that come to 不合格.
func (b *tables) sites() []entry {
	var out []entry
	for i, r := range b.res.Sites {
		if c := r.Carrier; r.Verdict == rules.Fail && !b.unnamed(c.ID) {
			out = append(out, entry{c.Unit, i, []string{c.Name, c.Code, annotated(strings.Join(r.Reasons, "；"), b.noted(c.ID))}})
		}
	}
	return out
}

// allSites are all sites, whatever they come to.
func (b *tables) allSites() []entry {
	var out []entry
	for i, r := range b.res.Sites {
		c := r.Carrier
		out = append(out, entry{c.Unit, i, []string{c.Name, c.Code, b.comesTo(r.Verdict, c.ID), b.because(r.Verdict, r.Reasons, c.ID)}})
	}
	return out
}

// allAccounts are all accounts, whatever they come to. The newest date of one
// that could not be monitored is a lower bound and stays out: beside 未能监测 it
// reads as a reproach.
func (b *tables) allAccounts(style string) []entry {
	var out []entry
	for _, r := range b.res.Accounts {
		a, newest := r.Account, ""
		if r.Verdict == rules.Pass || r.Verdict == rules.Fail {
			newest = dated(r.Newest, style)
		}
		out = append(out, entry{a.Unit, b.places[a.ID()], []string{
			accountName(a.Name, PlatformName(b.city, a.Platform)), a.Code, newest, b.comesTo(r.Verdict, a.ID()), b.because(r.Verdict, r.Reasons, a.ID()),
		}})
	}
	return out
}

// comesTo is a verdict as a table of everybody prints it. Of a failure that is
// not to be told of by name it says nothing.
func (b *tables) comesTo(v rules.Verdict, subject string) string {
	if v == rules.Fail && b.unnamed(subject) {
		return "—"
	}
	return string(v)
}

func (b *tables) because(v rules.Verdict, reasons []string, subject string) string {
	if v != rules.Fail || b.unnamed(subject) {
		return ""
	}
	return annotated(strings.Join(reasons, "；"), b.noted(subject))
}

// platforms count the accounts of each platform, in the order of the platforms.
func (b *tables) platforms() [][]string {
	var rows [][]string
	for _, p := range PlatformTallies(b.city, b.res) {
		rows = append(rows, []string{
			strconv.Itoa(len(rows) + 1), p.Name, strconv.Itoa(p.Total), strconv.Itoa(p.Total - p.NotMonitored),
			percent(rules.Rate(p.Total, p.NotMonitored, b.city.Report.Decimals)), strconv.Itoa(p.Fail), percent(string(p.Rate)),
		})
	}
	return rows
}

// A PlatformTally counts the verdicts of one platform's accounts.
type PlatformTally struct {
	Name string
	Verdicts
}

// PlatformTallies counts a judgement's verdicts by platform, in the order in
// which the accounts first name each.
func PlatformTallies(city *inventory.City, res rules.Result) []PlatformTally {
	var order []inventory.Platform
	by := map[inventory.Platform]map[rules.Verdict]int{}
	for _, r := range res.Accounts {
		p := r.Account.Platform
		if by[p] == nil {
			by[p] = map[rules.Verdict]int{}
			order = append(order, p)
		}
		by[p][r.Verdict]++
	}
	out := make([]PlatformTally, 0, len(order))
	for _, p := range order {
		out = append(out, PlatformTally{PlatformName(city, p), newVerdicts(by[p], city.Report.Decimals)})
	}
	return out
}

// unnamed reports whether no veto of a subject may be told of by name.
func (b *tables) unnamed(subject string) bool {
	vetoes := slices.DeleteFunc(b.of(subject), func(f rules.Finding) bool { return f.Effect != rules.EffectVeto })
	return len(vetoes) > 0 && !slices.ContainsFunc(vetoes, named)
}

// noted is the note of a subject whose every veto has the same one.
func (b *tables) noted(subject string) string {
	note := ""
	for i, f := range b.of(subject) {
		n := b.by.Notes[Key{f.Subject, f.Indicator}]
		if i > 0 && n != note {
			return ""
		}
		note = n
	}
	return note
}

// of are the findings of a subject that are told of.
func (b *tables) of(subject string) []rules.Finding {
	var out []rules.Finding
	for _, f := range b.res.Findings {
		if f.Subject == subject && f.Effect != rules.EffectHint && !b.by.Dropped[Key{f.Subject, f.Indicator}] {
			out = append(out, f)
		}
	}
	return out
}

// annotated is a cell with a note behind it.
func annotated(cell, note string) string {
	switch {
	case note == "":
		return cell
	case cell == "":
		return note
	}
	return cell + "（" + note + "）"
}

// percent is a rate with its sign, "" for none.
func percent(rate string) string {
	if rate == "" {
		return ""
	}
	return rate + "%"
}
