package proof

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// A basis is what a finding is judged with besides looks and rules: of the
// inventory only what bears on the subject, so that a pack tells a unit nothing
// of others.
type basis struct {
	City  inventory.City  `json:"city"`
	Round store.Round     `json:"round"`
	Proof inventory.Proof `json:"proof"`
}

// newBasis cuts a city down to a subject, and lists the subjects whose looks
// bear on it.
func newBasis(city *inventory.City, registers []inventory.Entry, round store.Round, subject string) (basis, []string) {
	b := basis{Round: round, Proof: city.Proof, City: inventory.City{
		Name: city.Name, Office: city.Office, Simulated: city.Simulated, RuleSet: city.RuleSet,
	}}
	b.Round.Planned = nil
	b.accounts(city, subject)
	b.carriers(city, subject)
	ids, units := b.subjects()
	for _, u := range city.Units {
		if slices.Contains(units, u.ID) {
			b.City.Units = append(b.City.Units, u)
		}
	}
	for _, e := range registers {
		if slices.Contains(ids, e.Subject) {
			b.City.Registers = append(b.City.Registers, e)
		}
	}
	return b, ids
}

// accounts keeps the account, and those that are judged together with it.
func (b *basis) accounts(city *inventory.City, subject string) {
	i := slices.IndexFunc(city.Accounts, func(a inventory.Account) bool { return a.ID() == subject || a.Code == subject })
	if i < 0 {
		return
	}
	group := rules.GroupID(city.Accounts[i].Unit, city.Accounts[i].Platform)
	for _, a := range city.Accounts {
		if rules.GroupID(a.Unit, a.Platform) == group {
			b.City.Accounts = append(b.City.Accounts, a)
		}
	}
	for _, s := range city.Submissions {
		if slices.ContainsFunc(b.City.Accounts, func(a inventory.Account) bool { return a.Code == s.Account }) {
			b.City.Submissions = append(b.City.Submissions, s)
		}
	}
	for _, p := range city.Platforms {
		if p.ID == city.Accounts[i].Platform {
			b.City.Platforms = append(b.City.Platforms, inventory.PlatformProfile{ID: p.ID, Name: p.Name, Hand: p.Hand, HandEN: p.HandEN})
		}
	}
}

// carriers keeps the column or the section alone, or a site with all columns by
// which it is judged.
func (b *basis) carriers(city *inventory.City, subject string) {
	for _, c := range city.Carriers {
		bears := func(col inventory.Column) bool {
			return col.ID == subject || col.CountsTo == subject || col.Carrier == subject && c.Kind == inventory.Site
		}
		own := inventory.Carrier{
			ID: c.ID, Kind: c.Kind, Unit: c.Unit, Name: c.Name, Code: c.Code, Home: c.Home, Portal: c.Portal, Hosts: c.Hosts, Navigation: c.Navigation,
		}
		for _, col := range c.Columns {
			if bears(col) {
				own.Columns = append(own.Columns, col)
			}
		}
		for _, s := range c.Sections {
			if s.ID == subject {
				own.Sections = append(own.Sections, s)
			}
		}
		if c.ID == subject || len(own.Columns)+len(own.Sections) > 0 {
			b.City.Carriers = append(b.City.Carriers, own)
		}
	}
}

// subjects lists the subjects of what was kept, and the units that answer.
func (b *basis) subjects() (ids, units []string) {
	for _, c := range b.City.Carriers {
		units = append(units, c.Unit)
		if c.Kind == inventory.Site {
			ids = append(ids, c.ID)
		}
		for _, col := range c.Columns {
			ids, units = append(ids, col.ID), append(units, col.Unit)
		}
		for _, s := range c.Sections {
			ids, units = append(ids, s.ID), append(units, s.Unit)
		}
	}
	for _, a := range b.City.Accounts {
		ids, units = append(ids, a.ID()), append(units, a.Unit, a.Supervisor)
	}
	return ids, units
}

// bearing are the subjects whose looks a pack of a subject holds: a site's home
// page is no evidence for one of its columns.
func bearing(ids []string, b basis, subject string) []string {
	site := slices.ContainsFunc(b.City.Carriers, func(c inventory.Carrier) bool { return c.ID == subject })
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		home := slices.ContainsFunc(b.City.Carriers, func(c inventory.Carrier) bool { return c.ID == id })
		return home && !site && id != subject
	})
}

// judge judges the subject by the looks of a pack alone.
func (b basis) judge(set *rules.RuleSet, looks []look, point time.Time) rules.Result {
	in := rules.Input{City: &b.City, RuleSet: set, Registers: b.City.Registers, Looks: map[string][]rules.Look{}, Point: point}
	for _, l := range looks {
		in.Looks[l.snap.Subject] = append(in.Looks[l.snap.Subject], l.snap.AsLook())
	}
	return rules.Judge(in)
}

// textsOf lists what a look shows people: the titles of its items, and its
// pages as they are read.
func textsOf(s store.Snapshot, body func(sha256 string) []byte) []string {
	var texts []string
	for _, item := range s.Reading.Items {
		texts = append(texts, item.Title)
	}
	for _, p := range s.Pages {
		if data := body(p.SHA256); data != nil && p.Why != extract.WhyPicture {
			text, _, _ := extract.Decode(data, p.HeaderValue("Content-Type"))
			texts = append(texts, string(text))
		}
	}
	return texts
}
