package inventory

import (
	"errors"

	"xuncha/extract"
)

// cmsForms reads the CMS profiles.
func (a *assembly) cmsForms() {
	for _, f := range a.in(cmsDir) {
		form := &profileForm{}
		d := a.decode(f, form)
		checkRecipe(d, &form.List.Recipe)
		checkRecipe(d, &form.Home.Recipe)
		for i := range form.Lists {
			checkRecipe(d, &form.Lists[i].Recipe)
			if form.Lists[i].Recipe == (extract.Recipe{}) {
				d.report("the form is empty", "say how its lists are read, or take it away", &form.Lists[i])
			}
		}
		checkSigns(d, form.Signs.Any)
		checkSigns(d, form.Signs.All)
		a.profiles[stem(f.Name)] = form
		a.done(d)
	}
}

// checkSigns reports signs that cannot be looked for.
func checkSigns(d *decoder, signs texts) {
	for i := range signs {
		if err := extract.CheckSign(signs[i]); err != nil && signs[i] != "" {
			d.report(firstLine(err.Error()), "", &signs[i], &signs)
		}
	}
}

// book makes the profiles that have signs ready for carriers of which nobody says
// what they run on.
func (a *assembly) book() *extract.Book {
	if len(a.problems) > 0 {
		return nil
	}
	var all []extract.Profile
	for _, f := range a.in(cmsDir) {
		id := stem(f.Name)
		form := a.profiles[id]
		if len(form.Signs.Any)+len(form.Signs.All) == 0 {
			continue
		}
		p := extract.Profile{ID: id, Name: form.Name, Any: form.Signs.Any, All: form.Signs.All, Lists: form.lists()}
		if form.Home.Recipe != (extract.Recipe{}) {
			p.Homes = []extract.Recipe{form.Home.Recipe}
		}
		all = append(all, p)
	}
	b, err := extract.NewBook(all)
	if err != nil { // every part was checked at its line
		a.problems = append(a.problems, Problem{File: cmsDir, Message: err.Error()})
		return nil
	}
	return b
}

// lists returns the forms of list pages, in the order in which they are tried.
func (form *profileForm) lists() []extract.Recipe {
	var all []extract.Recipe
	if form.List.Recipe != (extract.Recipe{}) {
		all = append(all, form.List.Recipe)
	}
	for _, further := range form.Lists {
		all = append(all, further.Recipe)
	}
	return all
}

// Profiles returns the CMS profiles among the files of a configuration, by ID.
func Profiles(files []File) ([]Profile, error) {
	a := &assembly{files: files, profiles: map[string]*profileForm{}, city: &City{}}
	a.cmsForms()
	if len(a.problems) > 0 {
		return nil, errors.Join(a.problems)
	}
	var all []Profile
	for _, f := range a.in(cmsDir) {
		form := a.profiles[stem(f.Name)]
		all = append(all, Profile{ID: stem(f.Name), Name: form.Name, List: form.List.Recipe, Lists: form.lists(), Home: form.Home.Recipe})
	}
	return all, nil
}
