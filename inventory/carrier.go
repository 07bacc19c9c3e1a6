package inventory

import (
	"cmp"
	"net/url"
	"regexp"

	"xuncha/extract"
)

// siteForms reads the carriers.
func (a *assembly) siteForms() {
	for _, f := range a.in(sitesDir) {
		form := &siteForm{}
		d := a.decode(f, form)
		if d.broken {
			a.faulty[f.Name] = true
		} else {
			a.carrier(d, stem(f.Name), form)
		}
		a.done(d)
	}
}

// carrier makes one carrier with its columns and sections.
func (a *assembly) carrier(d *decoder, id string, form *siteForm) {
	if like, _ := patternOf("id"); !like.matches(id) || id == "none" || id == "account" {
		d.report("the file's name makes no id of a carrier", "use "+like.hint+"; none and account mean something else", form)
	}
	c := Carrier{
		ID: id, Kind: form.Kind, Unit: a.unit(d, form.Unit, &form.Unit), Name: form.Name, Code: form.Code, CMS: form.CMS,
		Portal: form.Portal, Navigation: form.Navigation, RobotsOverride: form.RobotsOverride,
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
	if c.Kind != Site && c.Portal {
		d.report("only a site is a portal", "take portal away, or the kind", &form.Portal)
	}
	a.unique(d, "网站标识码", form.Code, &form.Code)
	home := a.home(d, &c, form)
	a.hosts(d, &c, form)
	profile := a.profile(d, form)
	checkRecipe(d, &form.HomeRecipe.Recipe)
	c.HomeRecipe, c.HomeMethod = method(form.HomeRecipe.Recipe, profile.Home.Recipe, c.CMS)
	for i := range form.Columns {
		c.Columns = append(c.Columns, a.column(d, &c, home, profile, &form.Columns[i]))
	}
	c.Sections = a.sections(d, &c, home, profile, form)
	c.Directories = a.directories(d, &c, home, form)
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
	return home
}

// hosts checks the hosts of a carrier. Two carriers may share one, but not ask
// different manners of the crawler.
func (a *assembly) hosts(d *decoder, c *Carrier, form *siteForm) {
	if c.Home != "" {
		a.policy(d, hostOf(c.Home), form, &form.Home)
	}
	for i := range form.Hosts {
		host := &form.Hosts[i]
		if *host == "" {
			continue
		}
		if !validHost(*host) {
			d.report(quoted(*host)+" is no host", hostHint, host)
			continue
		}
		c.Hosts = append(c.Hosts, hostKey(&url.URL{Scheme: "http", Host: *host}))
		a.policy(d, c.Hosts[len(c.Hosts)-1], form, host)
	}
}

// A policy is what a carrier asks of the crawler for its hosts.
type policy struct{ override, where string }

// policy notes a host's policy, or that another carrier asks for another.
func (a *assembly) policy(d *decoder, host string, form *siteForm, at any) {
	mine := policy{form.RobotsOverride, d.where(at)}
	first, ok := a.policies[host]
	if !ok {
		a.policies[host] = mine
		return
	}
	if first.override != mine.override {
		d.report("host "+host+" has another robots_override at "+first.where, "one host is crawled in one manner: write the same in both files", &form.RobotsOverride, at)
	}
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
	if !d.has(&form.Unit) {
		col.Unit = c.Unit
		if c.Kind != Site {
			// Who runs a platform does not answer for what others keep there.
			d.report("the column needs a unit", "on a carrier that is no site, each column names who answers for it", &form.Name, form)
		}
	}
	col.Recipe, col.Method = method(form.Recipe, profile.List.Recipe, c.CMS)
	local := form.ID
	if local == "" && len(col.URLs) > 0 {
		local = LocalID(col.URLs[0])
	}
	col.ID = c.ID + "/" + local
	id, _ := patternOf("column-id")
	switch {
	case id.matches(local):
		a.unique(d, "subject", col.ID, &form.ID, &form.URL, &form.Name)
	case len(col.URLs) > 0 || d.loose[form] && !d.has(&form.URL) && !d.has(&form.ID):
		d.report("the column has no id", "give it one: its address makes none", &form.ID, &form.URL, &form.Name)
	}
	return col
}

// method merges a recipe over its profile's and names where it comes from.
// A recipe for another kind of document than the profile's inherits nothing.
func method(own, profile extract.Recipe, cms string) (extract.Recipe, string) {
	if own == (extract.Recipe{}) && cms != "" {
		return profile, "cms:" + cms
	}
	if kind := cmp.Or(profile.Source, extract.SourceHTML); own.Source != "" && own.Source != kind {
		return own, "recipe"
	}
	return own.Over(profile), "recipe"
}

// category is what some platforms tell their columns apart by: one page, and a
// number behind the #.
var category = regexp.MustCompile(`#(\d{1,12})$`)

// urls makes the addresses of a key absolute.
func (a *assembly) urls(d *decoder, home *url.URL, given texts) []string {
	var all []string
	for i, raw := range given {
		u, message, hint := absolute(home, raw)
		if message != "" {
			d.report("url "+message, hint, &given[i], &given)
			continue
		}
		if m := category.FindStringSubmatch(raw); m != nil {
			u.Fragment = m[1]
		}
		all = append(all, u.String())
	}
	return all
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
		var sites []string
		for _, site := range a.city.Sites() {
			sites = append(sites, site.ID)
		}
		hint := cmp.Or(didYouMean(form.CountsTo, sites), "give the id of a site, or none")
		d.report("counts_to names no site: "+quoted(form.CountsTo), hint, &form.CountsTo)
	}
	return form.CountsTo
}
