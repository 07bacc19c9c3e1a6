package inventory

import (
	"net/url"
	"slices"

	"xuncha/extract"
)

// sections makes the mandated sections of a portal.
func (a *assembly) sections(d *decoder, c *Carrier, home *url.URL, profile *profileForm, form *siteForm) []Section {
	asked := a.sectionsOf(c)
	own := map[string]*siteSectionForm{}
	for i := range form.Sections {
		f := &form.Sections[i]
		checkRecipe(d, &f.Recipe)
		switch {
		case f.ID == "":
		case own[f.ID] != nil:
			d.report("section "+quoted(f.ID)+" stands here twice", "keep one", &f.ID)
		case a.faulty[cityFile] || form.Unit != "" && c.Unit == "": // reported already
		case !slices.ContainsFunc(asked, func(s sectionForm) bool { return s.ID == f.ID }):
			d.report("section "+quoted(f.ID)+" is not asked of this carrier", cityFile+" asks sections of portals, by the level of their unit", &f.ID)
		}
		own[f.ID] = f
	}
	var all []Section
	for _, spec := range asked {
		s := Section{ID: c.ID + "/" + spec.ID, Unit: c.Unit, Carrier: c.ID, Spec: sectionSpec(spec)}
		f := own[spec.ID]
		if f == nil {
			f = &siteSectionForm{}
		}
		s.Recipe, s.Method = method(f.Recipe, profile.List.Recipe, c.CMS)
		s.Search = a.search(d, c, home, f.Search)
		a.unique(d, "subject", s.ID, &form.Name)
		all = append(all, s)
	}
	return all
}

// sectionsOf returns the sections that city.yaml asks of a carrier.
func (a *assembly) sectionsOf(c *Carrier) []sectionForm {
	unit, ok := a.city.Unit(c.Unit)
	if !ok || !c.Portal || c.Kind != Site {
		return nil
	}
	var asked []sectionForm
	for _, spec := range a.form.Sections {
		if slices.Contains(spec.Levels, unit.Level) {
			asked = append(asked, spec)
		}
	}
	return asked
}

// search returns the pages to search for a section: the home page always, for a
// section is missing only where it was looked for everywhere.
func (a *assembly) search(d *decoder, c *Carrier, home *url.URL, given texts) []string {
	var all []string
	for _, page := range append([]string{c.Home}, a.urls(d, home, given)...) {
		if page != "" && !slices.Contains(all, page) {
			all = append(all, page)
		}
	}
	return all
}

// directories checks the pages of single units on a platform.
func (a *assembly) directories(d *decoder, c *Carrier, home *url.URL, form *siteForm) []Directory {
	if len(form.Directories) > 0 && c.Kind != DisclosurePlatform {
		d.report("only a disclosure platform has directories of units", "take directories away, or the kind", &form.Directories)
	}
	var all []Directory
	for i := range form.Directories {
		f := &form.Directories[i]
		unit := a.unit(d, f.Unit, &f.Unit)
		if f.URL == "" {
			continue
		}
		u, message, hint := absolute(home, f.URL)
		if message != "" {
			d.report("url "+message, hint, &f.URL)
			continue
		}
		all = append(all, Directory{Unit: unit, URL: u.String()})
	}
	return all
}

// searchPlatforms adds to the pages on which a portal's sections are searched
// those of the disclosure platforms: the unit's directory there, and the home
// page of a platform that the unit runs itself. What is published on a platform
// is not missing.
func (a *assembly) searchPlatforms() {
	for i := range a.city.Carriers {
		for j := range a.city.Carriers[i].Sections {
			s := &a.city.Carriers[i].Sections[j]
			for _, page := range a.platformPages(s.Unit) {
				if !slices.Contains(s.Search, page) {
					s.Search = append(s.Search, page)
				}
			}
		}
	}
}

// platformPages are the pages of a unit on the disclosure platforms.
func (a *assembly) platformPages(unit string) []string {
	var pages []string
	for _, c := range a.city.Carriers {
		if c.Kind != DisclosurePlatform || unit == "" {
			continue
		}
		if c.Unit == unit && c.Home != "" {
			pages = append(pages, c.Home)
		}
		for _, dir := range c.Directories {
			if dir.Unit == unit {
				pages = append(pages, dir.URL)
			}
		}
	}
	return pages
}

// sectionSpec is what a section task looks for.
func sectionSpec(form sectionForm) extract.SectionSpec {
	spec := extract.SectionSpec{Name: form.Name, Synonyms: form.Synonyms}
	for _, p := range form.Parts {
		spec.Parts = append(spec.Parts, extract.PartSpec{Name: p.Name, Synonyms: p.Synonyms})
	}
	return spec
}
