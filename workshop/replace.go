package workshop

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"xuncha/inventory"
)

// MaxFileBytes is the most that a file may hold, as package inventory takes it.
const MaxFileBytes = 4 << 20

// unitsFile is where the units are.
const unitsFile = "units.yaml"

// ErrNotEditable marks a file that is not for operators to change: city.yaml holds
// how many people a decision takes, rule sets hold the law, submissions.yaml who
// has checked what.
var ErrNotEditable = errors.New("is not changed here: only sites/, cms/, platforms/, accounts.yaml and units.yaml are")

// ErrUnits marks a list of units that would take one away or put it below another:
// by that it is decided who sees what.
var ErrUnits = errors.New("units can be added and named here, and neither taken away nor put below others")

var editable = regexp.MustCompile(`^(?:(?:sites|cms|platforms)/[A-Za-z0-9][A-Za-z0-9_-]{0,63}|accounts|units)\.yaml$`)

// Editable reports whether [Bench.Replace] takes a file of that name.
func Editable(name string) bool { return editable.MatchString(name) }

// Replace is the configuration with a file, which may be a new one, as it would
// be. It is refused with [inventory.Errors] where the file has mistakes, or others
// would have some that they do not have now: in a configuration that is broken one
// file can be mended after the other. Its samples are replayed where all is valid.
func (b *Bench) Replace(f inventory.File) (*Draft, error) {
	if !Editable(f.Name) {
		return nil, fmt.Errorf("%s %w", f.Name, ErrNotEditable)
	}
	d := &Draft{bench: b, Before: []inventory.File{{Name: f.Name}}, After: []inventory.File{f}}
	switch data, err := fs.ReadFile(b.Dir, f.Name); {
	case err == nil:
		d.Before[0].Data = data
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	city, err := b.Parse(with(b.City.Files, f.Name, f.Data))
	if f.Name == unitsFile && (err == nil || b.City.Units == nil) {
		if err != nil { // of a broken configuration nobody can tell whose scope it would change
			return d, err
		}
		if err := b.unitsStay(city); err != nil {
			return d, err
		}
	}
	if err != nil {
		return d, b.worse(err, f.Name)
	}
	d.city = city
	d.Columns = b.changed(city, f.Name)
	return d, nil
}

// with are the files of a configuration with one as it would be, nil for none.
func with(files []inventory.File, name string, data []byte) []inventory.File {
	files = slices.DeleteFunc(slices.Clone(files), func(x inventory.File) bool { return x.Name == name })
	if data == nil {
		return files
	}
	files = append(files, inventory.File{Name: name, Data: data})
	slices.SortFunc(files, func(a, b inventory.File) int { return strings.Compare(a.Name, b.Name) })
	return files
}

// unitsStay refuses a city in which a unit of this one is gone or below another.
func (b *Bench) unitsStay(city *inventory.City) error {
	for _, was := range b.City.Units {
		if now, stays := city.Unit(was.ID); !stays || now.Superior != was.Superior {
			return fmt.Errorf("%s: %w", was.ID, ErrUnits)
		}
	}
	return nil
}

// Remove is the configuration without a file, as it would be, and without the
// samples of what the file tells of. It is refused as in [Bench.Replace] where others
// still name what is in it. The units stay.
func (b *Bench) Remove(name string) (*Draft, error) {
	if !Editable(name) || name == unitsFile {
		return nil, fmt.Errorf("%s %w", name, ErrNotEditable)
	}
	data, err := fs.ReadFile(b.Dir, name)
	if err != nil {
		return nil, err
	}
	d := &Draft{bench: b, Before: []inventory.File{{Name: name, Data: data}}, After: []inventory.File{{Name: name}}}
	if d.orphans, err = b.orphans(name); err != nil {
		return nil, err
	}
	city, err := b.Parse(with(b.City.Files, name, nil))
	if err != nil {
		return d, b.worse(err, name)
	}
	d.city = city
	d.Columns = b.changed(city, name)
	for _, c := range b.City.Carriers {
		if fileOf(c.ID) == name {
			for _, col := range c.Columns {
				d.Columns = append(d.Columns, col.ID)
			}
		}
	}
	return d, nil
}

// orphans are the samples of the city's own that are of what a file tells of.
func (b *Bench) orphans(name string) ([]inventory.Sample, error) {
	all, err := inventory.ReadSamples(b.Dir, nil)
	return slices.DeleteFunc(all, func(s inventory.Sample) bool { return !tellsOf(name, s) }), err
}

// tellsOf reports whether a file of the configuration is the one of a sample's site
// or profile.
func tellsOf(name string, s inventory.Sample) bool {
	if s.Profile != "" {
		return name == "cms/"+s.Profile+".yaml"
	}
	site, _, _ := strings.Cut(s.Subject, "/")
	return name == fileOf(site)
}

// Orphans are the samples that go with the file that a draft takes away.
func (d *Draft) Orphans() []inventory.Sample { return d.orphans }

// worse returns the mistakes that are in a file, or were not there before; nil
// where all were.
func (b *Bench) worse(err error, name string) error {
	var now, before inventory.Errors
	if !errors.As(err, &now) {
		return err
	}
	if _, err := b.Parse(b.City.Files); !errors.As(err, &before) {
		return now
	}
	known := map[string]bool{}
	for _, p := range before {
		known[p.File+"\x00"+p.Message] = true
	}
	now = slices.DeleteFunc(slices.Clone(now), func(p inventory.Problem) bool {
		return p.File != name && known[p.File+"\x00"+p.Message]
	})
	if len(now) == 0 {
		return nil
	}
	return now
}

// changed are the columns that say something else than before, and those that
// inherit from the file where it is a profile.
func (b *Bench) changed(city *inventory.City, file string) (ids []string) {
	profile, isProfile := strings.CutPrefix(strings.TrimSuffix(file, ".yaml"), "cms/")
	after := map[string]inventory.Column{}
	for _, c := range city.Carriers {
		for _, col := range c.Columns {
			after[col.ID] = col
		}
	}
	for _, c := range b.City.Carriers {
		for _, col := range c.Columns {
			now, stays := after[col.ID]
			if stays && (isProfile && c.CMS == profile || !reflect.DeepEqual(col, now)) {
				ids = append(ids, col.ID)
			}
		}
	}
	return ids
}

// Valid reports whether the whole configuration of the draft is.
func (d *Draft) Valid() bool { return d.city != nil }
