package inventory

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// Parse makes a city from its files, or reports everything that is wrong with
// any of them as [Errors]. The same files give the same city. Rule sets are
// carried along and left to package rules.
func Parse(files []File) (*City, error) {
	b := newBuilder(files)
	b.loadUnits()
	b.loadProfiles()
	b.loadCity()
	b.loadSites()
	b.loadAccounts()
	b.loadRegisters()

	b.resolveUnits()
	b.resolveCity()
	b.resolveSites()
	b.resolveAccounts()
	b.resolveRegisters()
	if problems := b.problems(); len(problems) > 0 {
		return nil, problems
	}
	return b.city, nil
}

// A builder makes a city in two passes: first every file is decoded, then what
// they say is resolved, so that files may speak of each other in any order.
type builder struct {
	files map[string]File
	city  *City
	whole Errors     // mistakes of no file in particular, or of a missing one
	read  []*decoder // of every file, in order of their names

	cityDoc  *doc[cityForm]
	units    *doc[[]unitForm]
	accounts *doc[[]accountForm]
	profiles map[string]*doc[profileForm]
	sites    []*doc[siteForm]
	entries  []*doc[[]entryForm]

	unitIDs   map[string][]string // any name of a unit → IDs of those that bear it
	siteKinds map[string]CarrierKind
	subjects  map[string]origin // ID of each subject → where it is declared
	codes     map[string]origin
}

// A doc is one decoded file.
type doc[T any] struct {
	*decoder
	stem string
	form T
}

// An origin is where something was declared, for messages about a second one.
type origin struct {
	file string
	line int
}

// newBuilder indexes the files. Of two with one name the first is taken.
func newBuilder(files []File) *builder {
	sorted := slices.Clone(files)
	slices.SortStableFunc(sorted, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	sorted = slices.CompactFunc(sorted, func(a, b File) bool { return a.Name == b.Name })
	b := &builder{
		city: &City{Files: sorted, Digest: digest(sorted)}, files: map[string]File{},
		profiles: map[string]*doc[profileForm]{}, unitIDs: map[string][]string{}, siteKinds: map[string]CarrierKind{},
		subjects: map[string]origin{}, codes: map[string]origin{},
	}
	for _, f := range sorted {
		b.files[f.Name] = f
	}
	return b
}

// load decodes one file into a form.
func load[T any](b *builder, f File) *doc[T] {
	d := &doc[T]{decoder: newDecoder(f.Name), stem: stem(f.Name)}
	d.decode(f, &d.form)
	b.read = append(b.read, d.decoder)
	return d
}

// names returns the names of the files in a folder.
func (b *builder) names(dir string) []string {
	var names []string
	for _, f := range b.city.Files {
		if path.Dir(f.Name) == dir && isYAML(f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// stems returns the names of the files in a folder as other files use them.
func (b *builder) stems(dir string) []string {
	names := b.names(dir)
	for i := range names {
		names[i] = stem(names[i])
	}
	return names
}

// loadOne decodes a file that every city has, or notes that it is missing.
func loadOne[T any](b *builder, name, what string) *doc[T] {
	f, ok := b.files[name]
	if !ok {
		b.whole = append(b.whole, Problem{File: name, Message: "the file is missing", Hint: "it holds " + what})
		return &doc[T]{decoder: newDecoder(name)}
	}
	return load[T](b, f)
}

func (b *builder) loadCity() {
	b.cityDoc = loadOne[cityForm](b, cityFile, "the city's name, rule set and manner of crawling")
}

func (b *builder) loadUnits() {
	b.units = loadOne[[]unitForm](b, unitsFile, "the units that answer for columns and accounts")
}

// loadAccounts decodes the accounts, which a city may lack.
func (b *builder) loadAccounts() {
	if f, ok := b.files[accountsFile]; ok {
		b.accounts = load[[]accountForm](b, f)
		return
	}
	b.accounts = &doc[[]accountForm]{decoder: newDecoder(accountsFile)}
}

func (b *builder) loadProfiles() {
	for _, name := range b.names(cmsDir) {
		d := load[profileForm](b, b.files[name])
		d.recipe(&d.form.List.Recipe)
		d.recipe(&d.form.Home.Recipe)
		b.profiles[d.stem] = d
	}
}

func (b *builder) loadSites() {
	for _, name := range b.names(sitesDir) {
		b.sites = append(b.sites, load[siteForm](b, b.files[name]))
	}
	slices.SortFunc(b.sites, func(x, y *doc[siteForm]) int { return strings.Compare(x.stem, y.stem) })
}

func (b *builder) loadRegisters() {
	for _, name := range b.names(registersDir) {
		b.entries = append(b.entries, load[[]entryForm](b, b.files[name]))
	}
}

// problems gathers what was found, and what nobody could confirm, over all
// files.
func (b *builder) problems() Errors {
	all := b.whole
	slices.SortStableFunc(b.read, func(x, y *decoder) int { return strings.Compare(x.file, y.file) })
	for _, d := range b.read {
		all = append(all, d.problems...)
		b.city.Unconfirmed = append(b.city.Unconfirmed, d.unconfirmed...)
	}
	all.sort()
	return all
}

// claim takes an ID of a subject, or notes that it is taken.
func (b *builder) claim(d *decoder, id string, p any, others ...any) {
	if first, taken := b.subjects[id]; taken {
		d.report("the id "+id+" is taken by "+first.String(), "give one of them another id:", p, others...)
		return
	}
	b.subjects[id] = d.origin(p, others...)
}

// claimCode takes a registered code, or notes that it is taken.
func (b *builder) claimCode(d *decoder, code string, p any) {
	if first, taken := b.codes[code]; taken {
		d.report("the code "+code+" is taken by "+first.String(), "a code is registered once; correct one of them", p)
		return
	}
	b.codes[code] = d.origin(p)
}

// origin returns where the first of the values that the file gives stood.
func (d *decoder) origin(p any, others ...any) origin {
	for _, at := range append([]any{p}, others...) {
		if m, ok := d.places[at]; ok {
			return origin{file: d.file, line: m.line}
		}
	}
	return origin{file: d.file}
}

// String returns the place as messages show it.
func (o origin) String() string {
	if o.line == 0 {
		return o.file
	}
	return o.file + ":" + strconv.Itoa(o.line)
}
