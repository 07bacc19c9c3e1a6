package inventory

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"xuncha/extract"
)

// siteForms reads the carriers.
func (a *assembly) siteForms() {
	for _, f := range a.in(sitesDir) {
		form := &siteForm{}
		d := a.decode(f, form)
		a.carrier(d, stem(f.Name), form)
		a.done(d)
	}
}

// carrier makes one carrier with its columns and sections.
func (a *assembly) carrier(d *decoder, id string, form *siteForm) {
	c := Carrier{
		ID: id, Kind: form.Kind, Unit: a.unit(d, form.Unit, &form.Unit), Name: form.Name, Code: form.Code, CMS: form.CMS,
		Portal: form.Portal, Hosts: form.Hosts, Navigation: form.Navigation, RobotsOverride: form.RobotsOverride,
		HomeRecipe: form.HomeRecipe.Recipe,
	}
	if c.Kind == "" {
		c.Kind = Site
	}
	if c.Kind == Site && c.Unit == "" && form.Unit == "" {
		d.report("a site needs a unit", "name who runs it", &form.Unit, &form.Name)
	}
	if c.Kind != Site && c.Code != "" {
		d.report("only a site has a 网站标识码", "take the code away, or the kind", &form.Code)
	}
	a.unique(d, "网站标识码", form.Code, &form.Code)
	home := a.home(d, &c, form)
	profile := a.profile(d, form)
	checkRecipe(d, &form.HomeRecipe.Recipe)
	c.HomeRecipe = c.HomeRecipe.Over(profile.Home.Recipe)
	for i := range form.Columns {
		c.Columns = append(c.Columns, a.column(d, &c, home, profile, &form.Columns[i]))
	}
	c.Sections = a.sections(d, &c, home, profile, form)
	a.city.Carriers = append(a.city.Carriers, c)
	a.settleCounts(d, len(a.city.Carriers)-1, form)
}

// home checks the home page's address, which two carriers cannot share.
func (a *assembly) home(d *decoder, c *Carrier, form *siteForm) *url.URL {
	if form.Home == "" {
		return nil
	}
	home, message, hint := absolute(nil, form.Home)
	if message != "" {
		d.report("home "+message, hint, &form.Home)
		return nil
	}
	c.Home = home.String()
	a.unique(d, "home page", c.Home, &form.Home)
	for i, host := range form.Hosts {
		if u, message, hint := absolute(nil, "http://"+host+"/"); message != "" || u.Path != "/" {
			d.report("host "+quoted(host)+" is no host name", hint, &form.Hosts[i])
		}
	}
	return home
}

// profile finds the CMS profile of a carrier; one that names none has an empty
// one.
func (a *assembly) profile(d *decoder, form *siteForm) *profileForm {
	if form.CMS == "" {
		return &profileForm{}
	}
	if p, ok := a.profiles[form.CMS]; ok {
		return p
	}
	d.report("no CMS profile "+quoted(form.CMS), oneOf(form.CMS, a.stems(cmsDir)), &form.CMS)
	return &profileForm{}
}

// column makes one column.
func (a *assembly) column(d *decoder, c *Carrier, home *url.URL, profile *profileForm, form *columnForm) Column {
	checkRecipe(d, &form.Recipe)
	col := Column{
		Carrier: c.ID, Name: form.Name, Class: form.Class, OnDemand: form.OnDemand, CountsTo: form.CountsTo,
		Unit: a.unit(d, form.Unit, &form.Unit), URLs: a.urls(d, home, form.URL),
	}
	if form.Unit == "" {
		col.Unit = c.Unit
	}
	if col.Unit == "" && form.Unit == "" {
		d.report("the column needs a unit", "name who answers for it", &form.Unit, &form.Name)
	}
	col.Recipe, col.Method = method(form.Recipe, profile.List.Recipe, c.CMS)
	local := form.ID
	if local == "" && len(col.URLs) > 0 {
		local = localID(col.URLs[0])
	}
	if id, ok := patternOf("column-id"); ok && !id.matches(local) {
		d.report("the column has no id", "give it one: its address makes none", &form.ID, &form.URL, &form.Name)
	}
	col.ID = c.ID + "/" + local
	a.unique(d, "subject", col.ID, &form.ID, &form.URL, &form.Name)
	return col
}

// method merges a recipe over its profile's and names where it comes from.
func method(own, profile extract.Recipe, cms string) (extract.Recipe, string) {
	if own == (extract.Recipe{}) && cms != "" {
		return profile, "cms:" + cms
	}
	return own.Over(profile), "recipe"
}

// urls makes the addresses of a key absolute.
func (a *assembly) urls(d *decoder, home *url.URL, given texts) []string {
	var all []string
	for i, raw := range given {
		u, message, hint := absolute(home, raw)
		if message != "" {
			d.report("url "+message, hint, &given[i], &given)
			continue
		}
		all = append(all, u.String())
	}
	return all
}

// absolute resolves an address, or says what is wrong with it.
func absolute(home *url.URL, raw string) (u *url.URL, message, hint string) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, quoted(raw) + " is no address", "write it as http://www.example.gov.cn/tzgg/"
	}
	if home != nil {
		u = home.ResolveReference(u)
	}
	name := u.Hostname()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, quoted(raw) + " is not http or https", "begin it with http:// or https://, or with / where the carrier has a home"
	case u.User != nil:
		return nil, quoted(raw) + " holds a user name", "take it away: pages are read as any guest reads them"
	case name == "" || len(name) > 253 || strings.ContainsAny(name, "_ ") || u.Port() == "0":
		return nil, quoted(raw) + " has no valid host", "write the host name as in a browser"
	}
	for label := range strings.SplitSeq(name, ".") {
		if len(label) > 63 {
			return nil, quoted(raw) + " has no valid host", "no part of a host name is longer than 63 characters"
		}
	}
	u.Host = strings.ToLower(u.Host)
	return u, "", ""
}

// localID makes an ID of an address: its path without index pages.
func localID(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	p := u.Path
	if base := path.Base(p); strings.HasPrefix(base, "index.") {
		p = strings.TrimSuffix(p, base)
	}
	return strings.Trim(p, "/")
}

// settleCounts resolves counts_to, which may name a site of a later file.
func (a *assembly) settleCounts(d *decoder, carrier int, form *siteForm) {
	a.later(d, func(d *decoder) {
		for i := range form.Columns {
			c := &a.city.Carriers[carrier]
			c.Columns[i].CountsTo = a.countsTo(d, c, &form.Columns[i])
		}
	})
}

func (a *assembly) countsTo(d *decoder, c *Carrier, form *columnForm) string {
	switch {
	case form.CountsTo == "none", form.CountsTo == "" && c.Kind != Site:
		return ""
	case form.CountsTo == "":
		return c.ID
	}
	if to, ok := a.city.Carrier(form.CountsTo); !ok || to.Kind != Site {
		d.report("counts_to names no site: "+quoted(form.CountsTo), "give the id of a site, or none", &form.CountsTo)
	}
	return form.CountsTo
}

// sections makes the mandated sections of a portal.
func (a *assembly) sections(d *decoder, c *Carrier, home *url.URL, profile *profileForm, form *siteForm) []Section {
	for i := range form.Sections {
		own := &form.Sections[i]
		checkRecipe(d, &own.Recipe)
		if !slices.ContainsFunc(a.form.Sections, func(s sectionForm) bool { return s.ID == own.ID }) && own.ID != "" {
			d.report("no section "+quoted(own.ID)+" in "+cityFile, "add it there first", &own.ID)
		}
	}
	unit, ok := a.city.Unit(c.Unit)
	if !ok || !c.Portal || c.Kind != Site {
		return nil
	}
	var all []Section
	for _, spec := range a.form.Sections {
		if !slices.Contains(spec.Levels, unit.Level) {
			continue
		}
		s := Section{ID: c.ID + "/" + spec.ID, Unit: c.Unit, Carrier: c.ID, Spec: sectionSpec(spec), Search: []string{c.Home}}
		s.Recipe, s.Method = method(extract.Recipe{}, profile.List.Recipe, c.CMS)
		for i := range form.Sections {
			if own := &form.Sections[i]; own.ID == spec.ID {
				s.Recipe, s.Method = method(own.Recipe, profile.List.Recipe, c.CMS)
				s.Search = append(s.Search, a.urls(d, home, own.Search)...)
			}
		}
		slices.Sort(s.Search[1:])
		s.Search = slices.Compact(s.Search)
		a.unique(d, "subject", s.ID, &form.Name)
		all = append(all, s)
	}
	return all
}

// sectionSpec is what a section task looks for.
func sectionSpec(form sectionForm) extract.SectionSpec {
	spec := extract.SectionSpec{Name: form.Name, Synonyms: form.Synonyms}
	for _, p := range form.Parts {
		spec.Parts = append(spec.Parts, extract.PartSpec{Name: p.Name, Synonyms: p.Synonyms})
	}
	return spec
}
