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

// ErrNotEditable marks a file that is not for operators to change: city.yaml holds
// how many people a decision takes, rule sets hold the law, submissions.yaml who
// has checked what.
var ErrNotEditable = errors.New("is not changed here: only sites/, cms/, platforms/ and accounts.yaml are")

var editable = regexp.MustCompile(`^(?:(?:sites|cms|platforms)/[A-Za-z0-9][A-Za-z0-9_-]{0,63}|accounts)\.yaml$`)

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
	files := slices.DeleteFunc(slices.Clone(b.City.Files), func(x inventory.File) bool { return x.Name == f.Name })
	files = append(files, f)
	slices.SortFunc(files, func(a, b inventory.File) int { return strings.Compare(a.Name, b.Name) })
	city, err := b.Parse(files)
	if err != nil {
		return d, b.worse(err, f.Name)
	}
	d.city = city
	d.Columns = b.changed(city, f.Name)
	return d, nil
}

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
