package notice

import (
	"slices"

	"xuncha/cases"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// A Standing is how a city stood in a period, for comparing it with others.
type Standing struct {
	City      string          `json:"city"`
	Period    string          `json:"period"`
	PointDay  string          `json:"point_day"`
	Round     string          `json:"round"`
	Sites     report.Verdicts `json:"sites"`
	Accounts  report.Verdicts `json:"accounts"`
	Units     []Share         `json:"units"`
	Districts []Share         `json:"districts"`
	Classes   []Share         `json:"classes"`
	Platforms []Share         `json:"platforms"`
}

// A Share is how a part of a city stood: a unit, a district, a class of columns
// or a platform.
type Share struct {
	ID   string `json:"id"`
	Name string `json:"name"`

	// Sites and accounts, with those 不合格; columns, with those 超期 or empty, and
	// those that could not be monitored.
	Bodies  int `json:"bodies"`
	Failed  int `json:"failed"`
	Columns int `json:"columns"`
	Stale   int `json:"stale"`
	Unknown int `json:"unknown"`
}

// StandingOf is how a city stood by a judgement and what people decided by now.
func StandingOf(in Input) Standing {
	in = in.withBook()
	s := settle(in)
	totals := report.NewCheck(in.City, in.RuleSet, in.Round, s.result).Totals
	tellable := s.tellable()
	return Standing{
		City: in.City.Name, Period: in.Period.String(), PointDay: in.Result.PointDay.Format("2006-01-02"), Round: in.Round.ID,
		Sites: totals.Sites, Accounts: totals.Accounts,
		Units: unitShares(in.City, tellable), Districts: districtShares(in.City, tellable),
		Classes: classShares(s.result), Platforms: platformShares(in.City, s.result),
	}
}

// tellable is the judgement without sites and accounts that fail by nothing that
// may be told of by name: what counts by units would give them away.
func (s settled) tellable() rules.Result {
	named, hidden := map[string]bool{}, map[string]bool{}
	for _, f := range s.result.Findings {
		if f.Effect == rules.EffectVeto {
			named[f.Subject] = named[f.Subject] || f.Publicity == "" || f.Publicity == cases.Named
			hidden[f.Subject] = true
		}
	}
	res := s.result
	res.Sites = slices.DeleteFunc(slices.Clone(res.Sites), func(r rules.SiteResult) bool { return hidden[r.Carrier.ID] && !named[r.Carrier.ID] })
	res.Accounts = slices.DeleteFunc(slices.Clone(res.Accounts), func(r rules.AccountResult) bool {
		return hidden[r.Account.ID()] && !named[r.Account.ID()]
	})
	return res
}

// A shares gathers shares in the order in which they are first named.
type shares struct {
	all   []*Share
	index map[string]*Share
}

func (s *shares) of(id, name string) *Share {
	if s.index == nil {
		s.index = map[string]*Share{}
	}
	if s.index[id] == nil {
		s.index[id] = &Share{ID: id, Name: name}
		s.all = append(s.all, s.index[id])
	}
	return s.index[id]
}

func (s *shares) list() []Share {
	out := make([]Share, 0, len(s.all))
	for _, x := range s.all {
		if x.Bodies+x.Columns > 0 {
			out = append(out, *x)
		}
	}
	return out
}

func (x *Share) body(v rules.Verdict) {
	x.Bodies++
	if v == rules.Fail {
		x.Failed++
	}
}

func (x *Share) column(s rules.State) {
	x.Columns++
	switch s {
	case rules.Stale, rules.Blank:
		x.Stale++
	case rules.Fresh, rules.Due:
	default:
		x.Unknown++
	}
}

// parts counts a judgement by what a unit belongs to.
func parts(city *inventory.City, res rules.Result, of func(inventory.Unit) (id, name string)) []Share {
	var s shares
	units := map[string]inventory.Unit{}
	for _, u := range city.Units {
		units[u.ID] = u
		s.of(of(u))
	}
	for _, r := range res.Sites {
		s.of(of(units[r.Carrier.Unit])).body(r.Verdict)
	}
	for _, r := range res.Accounts {
		s.of(of(units[r.Account.Unit])).body(r.Verdict)
	}
	for _, r := range res.Columns {
		s.of(of(units[r.Column.Unit])).column(r.State)
	}
	return s.list()
}

func unitShares(city *inventory.City, res rules.Result) []Share {
	return parts(city, res, func(u inventory.Unit) (string, string) { return u.ID, u.Name })
}

// districtShares count by area code. A district bears the name of its county,
// or of the city where it is that of the city's own bodies.
func districtShares(city *inventory.City, res rules.Result) []Share {
	names := map[string]string{}
	for _, level := range []inventory.Level{inventory.LevelCity, inventory.LevelCounty} {
		for _, u := range city.Units {
			if u.Level == level && u.District != "" && names[u.District] == "" {
				names[u.District] = u.Name
			}
		}
	}
	return parts(city, res, func(u inventory.Unit) (string, string) {
		name := names[u.District]
		if i := slices.IndexFunc(city.Units, func(v inventory.Unit) bool { return v.Level == inventory.LevelCity && v.District == u.District }); i >= 0 {
			name = "市本级"
		}
		if name == "" {
			name = "未注明区划"
		}
		return u.District, name
	})
}

func classShares(res rules.Result) []Share {
	var s shares
	for _, c := range inventory.Classes() {
		s.of(string(c), string(c))
	}
	for _, r := range res.Columns {
		s.of(string(r.Column.Class), string(r.Column.Class)).column(r.State)
	}
	return s.list()
}

func platformShares(city *inventory.City, res rules.Result) []Share {
	var out []Share
	for _, p := range report.PlatformTallies(city, res) {
		out = append(out, Share{ID: p.Name, Name: p.Name, Bodies: p.Total, Failed: p.Fail})
	}
	return out
}
