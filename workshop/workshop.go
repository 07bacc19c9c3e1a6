// Package workshop changes a configuration: recipes, which it tries on pages that
// were kept or just fetched and shows beside columns that they would touch, and
// whole files, those of sites, profiles, platforms, accounts and units.
//
// A [Bench] is a configuration as it stands. Nothing is written from a bench but
// through a [Draft], which is the whole configuration as it would be: it is valid,
// a recipe reads in its place what was shown, and every sample of the city reads
// as it did. A file is then the old one or the new one, whatever happens; where a
// recipe is put in, nothing changes but its lines.
//
// What was written is a [Change], which holds what stood there before and can be
// taken back as long as nobody has touched the files since.
package workshop

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// Why nothing was written.
var (
	// ErrBuiltIn marks a configuration that is part of the program.
	ErrBuiltIn = errors.New("is built in and cannot be written: copy it to a folder of your own and name that with --config")

	// ErrMoved marks a file that somebody else has changed since it was read.
	ErrMoved = errors.New("has changed in the meantime: try again")

	// ErrLink marks a file that is a link and would be replaced by one.
	ErrLink = errors.New("is a link: accept the recipe in the folder that it leads to")

	// ErrDisagrees marks a recipe that does not read in its column what was shown
	// of it.
	ErrDisagrees = errors.New("the recipe does not read in its column what was shown")

	// ErrTaken marks a name under which something stands already.
	ErrTaken = errors.New("is there already: take it away, or give the sample another name")

	// ErrNoColumn marks a subject that is no column of the configuration.
	ErrNoColumn = errors.New("is no column: only a column's recipe can be written")
)

// A Bench is a configuration at which recipes are changed. It is read only, and
// safe for concurrent use.
type Bench struct {
	City *inventory.City

	// Dir and Shared are where the files came from, as in inventory.ReadFiles.
	// Folder is Dir on disk, "" for a configuration that is built in.
	Dir, Shared fs.FS
	Folder      string

	// Parse makes a city of files and reports whatever would not be accepted of
	// them, be it the inventory's or not.
	Parse func([]inventory.File) (*inventory.City, error)
}

// Seen are the pages of one subject, as fetched at one time, and what they read as.
type Seen struct {
	At      time.Time
	Pages   []extract.Page
	Reading extract.Reading
}

// Column returns a column of the configuration.
func (b *Bench) Column(id string) (inventory.Column, bool) {
	for _, carrier := range b.City.Carriers {
		for _, col := range carrier.Columns {
			if col.ID == id {
				return col, true
			}
		}
	}
	return inventory.Column{}, false
}

// Subject returns a subject with what is asked of it at a moment.
func (b *Bench) Subject(id string, at time.Time) (inventory.Subject, bool) {
	return subjectIn(b.City, id, at)
}

func subjectIn(city *inventory.City, id string, at time.Time) (inventory.Subject, bool) {
	all := city.Subjects(at)
	i := slices.IndexFunc(all, func(s inventory.Subject) bool { return s.ID == id })
	if i < 0 {
		return inventory.Subject{}, false
	}
	return all[i], true
}

// File returns the file in which a column is written.
func (b *Bench) File(id string) (inventory.File, error) {
	col, ok := b.Column(id)
	if !ok {
		return inventory.File{}, fmt.Errorf("%s %w", id, ErrNoColumn)
	}
	i := slices.IndexFunc(b.City.Files, func(f inventory.File) bool { return f.Name == fileOf(col.Carrier) })
	if i < 0 {
		return inventory.File{}, fmt.Errorf("%s has no file of its own in %s", col.Carrier, b.Folder)
	}
	return b.City.Files[i], nil
}

func fileOf(carrier string) string { return "sites/" + carrier + ".yaml" }

// InForce returns the recipe by which a column would be read if it said a recipe:
// with what its profile says, and with what it says itself of further pages.
func (b *Bench) InForce(id string, r extract.Recipe) (extract.Recipe, error) {
	own, err := b.City.Adopt(id, r)
	if err != nil {
		return r, err
	}
	base, err := b.City.Inherited(id)
	if err != nil {
		return r, err
	}
	col, _ := b.Column(id)
	stays := extract.Recipe{Next: col.Recipe.Next, Last: col.Recipe.Last, Empty: col.Recipe.Empty, Name: col.Recipe.Name}
	if kind := cmp.Or(own.Source, extract.SourceHTML); kind != cmp.Or(base.Source, extract.SourceHTML) {
		return own.Over(stays), nil // another kind of document inherits nothing
	}
	return own.Over(stays).Over(base), nil
}

// Try reads pages as a column that said a recipe would be read, without what
// earlier looks knew of it: whoever tries a recipe sees for themselves which list
// it finds. Wants are pages that the reading would have to see besides.
func (b *Bench) Try(s inventory.Subject, r extract.Recipe, pages []extract.Page) (extract.Reading, []extract.Want, error) {
	force, err := b.InForce(s.ID, r)
	if err != nil {
		return extract.Reading{}, nil, err
	}
	if err := force.Validate(); err != nil {
		return extract.Reading{}, nil, err
	}
	t := s.Task
	t.Recipe, t.Method, t.Before, t.Book = force, "recipe", nil, nil
	reading, wants := extract.Read(t, pages)
	return reading, wants, nil
}
