package notice

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"xuncha/cases"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// A Problem is a finding as documents tell of it.
type Problem struct {
	ID        string
	Subject   string
	Kind      string // site, column, section, account; "" for what is none of them
	Name      string // 政务新媒体、栏目、网站的名称
	Platform  string // of an account
	Unit      string // 通报用名
	Indicator string
	Effect    string
	Publicity string
	Text      string // what was seen
	Short     string // the indicator's words
	Basis     string
	Newest    string // 2023-09-15, "" for none
	Sources   []string
	Status    string // 疑似, or where it stands
	Confirmed bool   // by people, or printed by another body
	Note      string // fixed before the notice was issued
	Repeats   int    // earlier periods in which it counted
	Body      string // who told of it, where another body did
	Told      string // and in whose words

	order int    // of its unit
	unit  string // whose it is, told or not: only to be counted
}

// Problems are problems in the order of the notice. Templates choose among them
// and say them; of what is 概述不点名 nothing is in them but its number, what kind
// of problem it is and the clause.
type Problems []Problem

// outlines are the words for what is told of without a name, by what the person
// who found it wrote. That itself is never printed: it may name who or what was
// hurt.
var outlines = []struct {
	found *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`个人信息|隐私|身份证|手机号|银行卡|住址`), "泄露个人信息"},
	{regexp.MustCompile(`表述错误|表述不当|表述不规范`), "表述错误"},
	{regexp.MustCompile(`错敏词|敏感词`), "错敏词"},
	{regexp.MustCompile(`错别字`), "错别字"},
}

// outlined is a problem without all that could tell whose it is.
func (p Problem) outlined(set *rules.RuleSet) Problem {
	words := "不符合检查指标"
	if ind := set.Indicator(p.Indicator); ind != nil && !strings.Contains(ind.Text, "{") {
		words = cmp.Or(ind.Text, ind.Name, words)
	}
	for _, o := range outlines {
		if slices.Contains(p.Sources, cases.ByPatrol) {
			break // the program words no such thing
		}
		if o.found.MatchString(p.Text) {
			words = o.words
			break
		}
	}
	p.Subject, p.Name, p.Platform, p.Unit, p.Newest, p.Body, p.Told = "", "", "", "", "", "", ""
	p.Text, p.Short = words, words
	return p
}

// A naming is what a subject is called.
type naming struct{ kind, name, platform, unit string }

// said is the name with the unit, where it does not hold that already.
func (w naming) said() string {
	if w.unit != "" && !strings.Contains(w.name, w.unit) {
		return w.unit + w.name
	}
	return w.name
}

// subjects names the subjects of a city.
func subjects(city *inventory.City) func(id string) naming {
	units := map[string]string{}
	for _, u := range city.Units {
		units[u.ID] = u.Name
	}
	known := map[string]naming{}
	for _, c := range city.Carriers {
		known[c.ID] = naming{"site", c.Name, "", units[c.Unit]}
		for _, col := range c.Columns {
			known[col.ID] = naming{"column", col.Name, "", units[col.Unit]}
		}
		for _, sec := range c.Sections {
			known[sec.ID] = naming{"section", sec.Spec.Name, "", units[sec.Unit]}
		}
	}
	for _, a := range city.Accounts {
		known[a.ID()] = naming{"account", a.Name, report.PlatformName(city, a.Platform), units[a.Unit]}
	}
	return func(id string) naming {
		if w, ok := known[id]; ok {
			return w
		}
		return naming{name: id}
	}
}

// problems are the findings that a notice may tell of.
func problems(in Input, s settled) Problems {
	subject, order := subjects(in.City), map[string]int{}
	names := map[string]string{}
	for i, u := range in.City.Units {
		order[u.ID], names[u.ID] = i, u.Name
	}
	var out Problems
	for _, f := range s.result.Findings {
		if f.Effect == rules.EffectHint || f.Publicity == cases.Internal {
			continue
		}
		w, key := subject(f.Subject), report.Key{Subject: f.Subject, Indicator: f.Indicator}
		p := Problem{
			ID: f.ID, Subject: f.Subject, Kind: w.kind, Name: w.name, Platform: w.platform, Unit: names[f.Unit],
			Indicator: f.Indicator, Effect: string(f.Effect), Publicity: f.Publicity, Text: f.Text, Short: short(in.RuleSet, f),
			Basis: f.Basis, Sources: f.Sources, Status: f.Status, Note: s.by.Notes[key],
			Confirmed: !f.Preliminary && f.Status == string(cases.Confirmed), order: order[f.Unit],
		}
		if p.Unit == "" {
			p.Unit = f.Unit
		}
		p.unit = p.Unit
		if !f.Newest.IsZero() {
			p.Newest = f.Newest.Day().Format("2006-01-02")
		}
		if o := s.cases[key]; o != nil {
			p.Confirmed, p.Repeats = o.Counted(), in.Book.Case(o.Case).Repeats(in.Period.String())
		}
		p.tell(in)
		if p.Publicity == cases.Outlined {
			p = p.outlined(in.RuleSet)
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return a.order - b.order })
	return out
}

// tell looks up which other body told of the problem in this period: what one
// told of in an earlier period, it does not tell of again.
func (p *Problem) tell(in Input) {
	if !slices.Contains(p.Sources, cases.BySuperior) {
		return
	}
	for _, e := range in.City.Registers {
		if e.Subject == p.Subject && e.Indicator == p.Indicator && e.Source == cases.BySuperior && rules.InForce(e, in.Result.PointDay) {
			p.Body, p.Told = e.Body, e.Text
		}
	}
}

func (ps Problems) filter(keep func(Problem) bool) Problems {
	var out Problems
	for _, p := range ps {
		if keep(p) {
			out = append(out, p)
		}
	}
	return out
}

// Of are those by indicators whose IDs match one of some patterns, in which *
// stands for anything.
func (ps Problems) Of(patterns ...string) Problems {
	return ps.filter(func(p Problem) bool {
		return slices.ContainsFunc(patterns, func(glob string) bool {
			ok, err := path.Match(glob, p.Indicator)
			return ok && err == nil
		})
	})
}

// Besides are those by no indicator that matches.
func (ps Problems) Besides(patterns ...string) Problems {
	these := ps.Of(patterns...)
	return ps.filter(func(p Problem) bool { return !slices.ContainsFunc(these, func(q Problem) bool { return q.ID == p.ID }) })
}

// About are those about one kind of subject: site, column, section or account.
func (ps Problems) About(kind string) Problems {
	return ps.filter(func(p Problem) bool { return p.Kind == kind })
}

// From are those with a source: 巡查, 人工核查, 上级通报, 网民反映.
func (ps Problems) From(source string) Problems {
	return ps.filter(func(p Problem) bool { return slices.Contains(p.Sources, source) })
}

// NotFrom are those without a source, so that a text tells of a fact with two
// sources once.
func (ps Problems) NotFrom(source string) Problems {
	return ps.filter(func(p Problem) bool { return !slices.Contains(p.Sources, source) })
}

// Untold are those that no other body told of: [Problems.Tellings] tells of the
// others.
func (ps Problems) Untold() Problems { return ps.filter(func(p Problem) bool { return p.Body == "" }) }

// Vetoes are those that make a site or an account 不合格.
func (ps Problems) Vetoes() Problems {
	return ps.filter(func(p Problem) bool { return p.Effect == string(rules.EffectVeto) })
}

// Again are those that counted in an earlier period too.
func (ps Problems) Again() Problems { return ps.filter(func(p Problem) bool { return p.Repeats > 0 }) }

// Fixed are those that were fixed before the notice was issued.
func (ps Problems) Fixed() Problems { return ps.filter(func(p Problem) bool { return p.Note != "" }) }

// Named are those whose units may be named.
func (ps Problems) Named() Problems {
	return ps.filter(func(p Problem) bool { return p.Publicity == "" || p.Publicity == cases.Named })
}

// Outlined are those that are told of without a name.
func (ps Problems) Outlined() Problems {
	return ps.filter(func(p Problem) bool { return p.Publicity == cases.Outlined })
}

// Count is how many there are.
func (ps Problems) Count() int { return len(ps) }

// UnitCount is how many units they are of.
func (ps Problems) UnitCount() int {
	return len(distinct(ps, func(p Problem) string { return p.unit }))
}

// Units names the units that may be named, joined with 、.
func (ps Problems) Units() string {
	return strings.Join(distinct(ps.Named(), func(p Problem) string { return p.Unit }), "、")
}

// Sites names the sites of sections and columns that may be named.
func (ps Problems) Sites() string {
	return strings.Join(distinct(ps.Named(), func(p Problem) string { return p.Unit + "门户网站" }), "、")
}

// Names names the subjects that may be named: “阳泉网警”抖音, 市财政局“通知公告”栏目.
func (ps Problems) Names() string {
	return strings.Join(distinct(ps.Named(), Problem.Said), "、")
}

// Texts are the distinct words of their indicators, joined with 、.
func (ps Problems) Texts() string {
	return strings.Join(distinct(ps, func(p Problem) string { return p.Short }), "、")
}

// Some says how many units they are of without a number: 个别单位 or 部分单位.
func (ps Problems) Some() string {
	if ps.UnitCount() <= 1 {
		return "个别单位"
	}
	return "部分单位"
}

// Maybe is 疑似 while nobody has confirmed one of them, else "".
func (ps Problems) Maybe() string {
	if slices.ContainsFunc(ps, func(p Problem) bool { return !p.Confirmed }) {
		return "疑似"
	}
	return ""
}

// Said names a problem's subject as running text does.
func (p Problem) Said() string {
	switch p.Kind {
	case "account":
		return "“" + p.Name + "”" + p.Platform
	case "column":
		return p.Unit + "“" + p.Name + "”栏目"
	case "section":
		return p.Unit + p.Name + "栏目"
	}
	return p.Unit
}

// A Telling is what another body told of.
type Telling struct {
	Who   string // joined with 、
	Units bool   // Who are units and not accounts
	Text  string
	Body  string
}

// Tellings are what other bodies told of, in groups of one body and one text.
func (ps Problems) Tellings() []Telling {
	var out []Telling
	for _, p := range ps.Named() {
		if p.Body == "" {
			continue
		}
		who, units := p.Unit, true
		if p.Kind == "account" {
			who, units = "“"+p.Name+"”", false
		}
		i := slices.IndexFunc(out, func(t Telling) bool { return t.Text == p.Told && t.Body == p.Body && t.Units == units })
		if i < 0 {
			out = append(out, Telling{who, units, p.Told, p.Body})
		} else if !slices.Contains(strings.Split(out[i].Who, "、"), who) {
			out[i].Who += "、" + who
		}
	}
	slices.SortStableFunc(out, func(a, b Telling) int { // units first, as notices have it
		switch {
		case a.Units == b.Units:
			return 0
		case a.Units:
			return -1
		}
		return 1
	})
	return out
}

// A Group are the problems that may be named and are told of in the same words.
type Group struct {
	Problems
	Text string // without 疑似 once all are confirmed
}

// Groups are the problems that may be named, by their words, in order.
func (ps Problems) Groups() []Group {
	var out []Group
	for _, p := range ps.Named() {
		i := slices.IndexFunc(out, func(g Group) bool { return g.Text == p.Short })
		if i < 0 {
			i, out = len(out), append(out, Group{Text: p.Short})
		}
		out[i].Problems = append(out[i].Problems, p)
	}
	for i := range out {
		if out[i].Maybe() == "" {
			out[i].Text = strings.ReplaceAll(out[i].Text, "疑似", "")
		}
	}
	return out
}

// distinct are the texts that something says of problems, each once, in order.
func distinct(ps Problems, of func(Problem) string) []string {
	var out []string
	for _, p := range ps {
		if text := of(p); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
