package forms

import (
	"slices"

	"xuncha/inventory"
	"xuncha/rules"
)

// A scope is whom a form is about, with what is theirs.
type scope struct {
	in       Input
	id       string // of the unit or site; "" for the city
	name     string // 填报单位
	sites    []inventory.Carrier
	columns  []inventory.Column
	accounts []inventory.Account
	platform map[string]bool // IDs of disclosure platforms
}

// whole is the scope of the city.
func whole(in Input) scope {
	s := scope{in: in, name: in.City.Name, sites: in.City.Sites(), accounts: in.City.Accounts, platform: map[string]bool{}}
	for _, c := range in.City.Carriers {
		s.platform[c.ID] = c.Kind == inventory.DisclosurePlatform
		s.columns = append(s.columns, c.Columns...)
	}
	return s
}

// units are the scopes of the units that have something to report, in order of
// the inventory.
func units(in Input) []scope {
	city := whole(in)
	var out []scope
	for _, u := range in.City.Units {
		s := city.of(u)
		if len(s.sites)+len(s.columns)+len(s.accounts) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// of narrows a city to a unit: its sites with all that is on them, its columns
// on carriers that are no site, its accounts.
func (s scope) of(u inventory.Unit) scope {
	out := scope{in: s.in, id: u.ID, name: u.FullName, platform: s.platform}
	if out.name == "" {
		out.name = u.Name
	}
	for _, c := range s.in.City.Carriers {
		if c.Kind == inventory.Site {
			if c.Unit == u.ID {
				out.sites = append(out.sites, c)
				out.columns = append(out.columns, c.Columns...)
			}
			continue
		}
		for _, col := range c.Columns {
			if col.Unit == u.ID {
				out.columns = append(out.columns, col)
			}
		}
	}
	for _, a := range s.accounts {
		if a.Unit == u.ID {
			out.accounts = append(out.accounts, a)
		}
	}
	return out
}

// bySite are the scopes of sites. What a unit has beside its sites goes with the
// first of them.
func bySite(in Input) []scope {
	var out []scope
	for _, u := range units(in) {
		for i, c := range u.sites {
			s := u
			s.id, s.sites, s.columns = c.ID, []inventory.Carrier{c}, nil
			for _, col := range u.columns {
				if col.Carrier == c.ID || i == 0 && !u.onSite(col) {
					s.columns = append(s.columns, col)
				}
			}
			if i > 0 {
				s.accounts = nil
			}
			out = append(out, s)
		}
	}
	return out
}

func (s scope) onSite(c inventory.Column) bool {
	return slices.ContainsFunc(s.sites, func(site inventory.Carrier) bool { return site.ID == c.Carrier })
}

func (s scope) onPlatform(c inventory.Column) bool { return s.platform[c.Carrier] }

// sources are the columns of a topic that none of the topics before it covers.
func (s scope) sources(t topic, before ...topic) []source {
	var out []source
	for _, c := range s.columns {
		if t.covers(s, c) && !slices.ContainsFunc(before, func(b topic) bool { return b.covers(s, c) }) {
			out = append(out, sourceOf(c))
		}
	}
	return out
}

// all are all columns.
func (s scope) all() []source {
	var out []source
	for _, c := range s.columns {
		out = append(out, sourceOf(c))
	}
	return out
}

func sourceOf(c inventory.Column) source { return source{c.ID, c.Carrier + " " + c.Unit} }

// posts are the accounts' posts.
func (s scope) posts() []source {
	var out []source
	for _, a := range s.accounts {
		out = append(out, source{a.ID(), a.ID()})
	}
	return out
}

// site is the judgement of a site, nil where there is none.
func (s scope) site(id string) *rules.SiteResult {
	if s.in.Result == nil {
		return nil
	}
	for i := range s.in.Result.Sites {
		if r := &s.in.Result.Sites[i]; r.Carrier.ID == id {
			return r
		}
	}
	return nil
}

// column is the judgement of a column, nil where there is none.
func (s scope) column(id string) *rules.ColumnResult {
	if s.in.Result == nil {
		return nil
	}
	for i := range s.in.Result.Columns {
		if r := &s.in.Result.Columns[i]; r.Column.ID == id {
			return r
		}
	}
	return nil
}

// account is the judgement of an account, nil where there is none.
func (s scope) account(code string) *rules.AccountResult {
	if s.in.Result == nil {
		return nil
	}
	for _, list := range [][]rules.AccountResult{s.in.Result.Accounts, s.in.Result.Uncounted} {
		for i := range list {
			if list[i].Account.Code == code {
				return &list[i]
			}
		}
	}
	return nil
}
