package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// Parse makes a city from its files, as ReadFiles returns them or as a round has
// kept them. All mistakes of all files come at once, as [Errors].
func Parse(files []File) (*City, error) {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	a := &assembly{
		files: files, profiles: map[string]*profileForm{}, refs: map[string]string{}, taken: map[string]string{}, policies: map[string]policy{}, faulty: map[string]bool{},
		manners: map[Platform]func(Manner) Manner{}, uids: map[string]string{},
		city: &City{Files: files, Digest: digest(files)},
	}
	a.cityForm()
	a.cmsForms()
	a.classForms()
	a.city.Book = a.book()
	a.unitForms()
	a.siteForms()
	a.platformForms()
	a.accountForms()
	a.submissionForms()
	a.accountSources()
	a.settle()
	a.searchPlatforms()
	a.registerForms()
	a.calendarText()
	if len(a.problems) > 0 {
		a.problems.sort()
		return nil, a.problems
	}
	return a.city, nil
}

// An assembly puts a city together. It goes on after a mistake.
type assembly struct {
	files    []File
	city     *City
	form     cityForm
	profiles map[string]*profileForm          // by stem
	refs     map[string]string                // id, name, full name or alias of a unit → its id
	taken    map[string]string                // what must be unique → where it was first given
	policies map[string]policy                // by host
	rsshub   string                           // base address without a slash at its end, or ""
	manners  map[Platform]func(Manner) Manner // what the city lays over a platform's manner
	uids     map[string]string                // platform and uid → the code of the account that has it
	faulty   map[string]bool                  // files whose mistakes make others look like mistakes
	open     []pending                        // what can only be checked once all is read
	problems Errors
}

// A pending check names something that another file may define.
type pending struct {
	d   *decoder
	run func(d *decoder)
}

// decode fills a form from a file and returns the decoder, which knows places.
// done must be called when nothing more is found wrong with the file at once.
func (a *assembly) decode(f File, into any) *decoder {
	d := newDecoder(f.Name)
	d.decode(f, into)
	return d
}

// done takes over what a decoder found.
func (a *assembly) done(d *decoder) {
	a.problems = append(a.problems, d.problems...)
	d.problems = nil
	a.city.Unconfirmed = append(a.city.Unconfirmed, d.unconfirmed...)
	d.unconfirmed = nil
}

// later puts a check off until everything has been read.
func (a *assembly) later(d *decoder, run func(d *decoder)) {
	a.open = append(a.open, pending{d, run})
}

// settle runs the checks that were put off.
func (a *assembly) settle() {
	for _, p := range a.open {
		p.run(p.d)
		a.done(p.d)
	}
	a.open = nil
}

// file returns the file with a name.
func (a *assembly) file(name string) (File, bool) {
	i := slices.IndexFunc(a.files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return a.files[i], true
}

// in returns the files of a folder.
func (a *assembly) in(dir string) []File {
	var found []File
	for _, f := range a.files {
		if strings.HasPrefix(f.Name, dir+"/") && isYAML(f.Name) {
			found = append(found, f)
		}
	}
	return found
}

// unique notes a value that may stand only once in a city, and reports it where
// it stands again. At are the places to point to, the best first.
func (a *assembly) unique(d *decoder, what, value string, at any, others ...any) {
	if value == "" {
		return
	}
	if first, ok := a.taken[what+" "+value]; ok {
		d.report(what+" "+quoted(value)+" is taken by "+first, "each stands once in a city: change one of them", at, others...)
		return
	}
	a.taken[what+" "+value] = d.where(append([]any{at}, others...)...)
}

// where returns the place of the first of the values that the file gives.
func (d *decoder) where(at ...any) string {
	for _, p := range at {
		if m, ok := d.places[p]; ok {
			return fmt.Sprintf("%s:%d", d.file, m.line)
		}
	}
	return d.file
}

// doubt notes what is no mistake for certain, at the first place that is known.
func (d *decoder) doubt(what string, at ...any) {
	u := Unsure{File: d.file, What: what, Doubt: true}
	for _, p := range at {
		if m, ok := d.places[p]; ok {
			u.Line = m.line
			break
		}
	}
	d.unconfirmed = append(d.unconfirmed, u)
}

// unit resolves a reference to a unit. Where not one unit could be read, only
// that is reported.
func (a *assembly) unit(d *decoder, ref string, at any) string {
	if ref == "" || len(a.refs) == 0 {
		return ""
	}
	id, ok := a.refs[ref]
	if !ok {
		var names []string
		for name := range a.refs {
			names = append(names, name)
		}
		slices.Sort(names)
		hint := didYouMean(ref, names)
		if hint == "" {
			hint = "add it to " + unitsFile
		}
		d.report("no unit "+quoted(ref), hint, at)
	}
	return id
}

// mustHave reports a file without which there is no city.
func (a *assembly) mustHave(name string) (File, bool) {
	f, ok := a.file(name)
	if !ok {
		a.problems = append(a.problems, Problem{File: name, Message: "is missing", Hint: "every city has one"})
	}
	return f, ok
}
