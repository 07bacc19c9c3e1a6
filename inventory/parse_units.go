package inventory

import (
	"slices"
	"strings"
	"time"
)

// resolveUnits makes the units and the index of their names.
func (b *builder) resolveUnits() {
	forms, d := b.units.form, b.units.decoder
	ids := map[string]origin{}
	for i := range forms {
		f := &forms[i]
		if f.ID == "" {
			continue
		}
		if first, taken := ids[f.ID]; taken {
			d.report("the id "+f.ID+" is taken by "+first.String(), "give one of the units another id", &f.ID)
			continue
		}
		ids[f.ID] = d.origin(&f.ID)
		b.city.Units = append(b.city.Units, Unit{
			ID: f.ID, Name: f.Name, FullName: fallback(f.FullName, f.Name), Aliases: f.Aliases,
			District: f.District, Level: f.Level, From: f.From, To: f.To,
		})
		if !f.To.IsZero() && f.To.Before(f.From) {
			d.report("the name ends before it begins", "exchange from and to", &f.To)
		}
		b.nameUnit(f)
	}
	b.resolveSuperiors()
}

// fallback returns s, or other where it is empty.
func fallback(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// nameUnit enters every name of a unit, unless another unit bears it at the
// same time.
func (b *builder) nameUnit(f *unitForm) {
	d := b.units.decoder
	names := []*string{&f.ID, &f.Name, &f.FullName}
	for i := range f.Aliases {
		names = append(names, &f.Aliases[i])
	}
	for _, name := range names {
		if *name == "" || slices.Contains(b.unitIDs[*name], f.ID) {
			continue
		}
		for _, other := range b.unitIDs[*name] {
			if u, _ := b.city.Unit(other); overlap(f.From, f.To, u.From, u.To) {
				d.report(quoted(*name)+" names the unit "+other+" already", "give each unit names of its own, or bound them by from and to", name)
				break
			}
		}
		b.unitIDs[*name] = append(b.unitIDs[*name], f.ID)
	}
}

// overlap reports whether two spans of days share one; a zero end is open.
func overlap(from1, to1, from2, to2 time.Time) bool {
	before := func(to, from time.Time) bool { return !to.IsZero() && to.Before(from) }
	return !before(to1, from2) && !before(to2, from1)
}

// resolveSuperiors links the units and refuses circles.
func (b *builder) resolveSuperiors() {
	d := b.units.decoder
	place := map[string]*string{}
	for i := range b.units.form {
		f := &b.units.form[i]
		u := b.unitAt(f.ID)
		if u == nil || place[f.ID] != nil {
			continue
		}
		place[f.ID] = &f.Superior
		if f.Superior != "" {
			u.Superior = b.unit(d, &f.Superior)
		}
	}
	for _, u := range b.city.Units {
		above := u.Superior
		for range b.city.Units {
			if above == u.ID {
				d.report("the unit "+u.ID+" is its own superior", "name the unit above it", place[u.ID])
				break
			}
			next, ok := b.city.Unit(above)
			if !ok {
				break
			}
			above = next.Superior
		}
	}
}

// unitAt returns the unit with an ID to be filled in, or nil.
func (b *builder) unitAt(id string) *Unit {
	i := slices.IndexFunc(b.city.Units, func(u Unit) bool { return u.ID == id })
	if i < 0 {
		return nil
	}
	return &b.city.Units[i]
}

// unit returns the ID of the unit that a file names by any of its names, or ""
// and notes why there is none. Where no unit could be read at all nothing is
// said: that mistake has been reported.
func (b *builder) unit(d *decoder, name *string) string {
	switch ids := b.unitIDs[*name]; {
	case *name == "" || len(b.unitIDs) == 0:
	case len(ids) == 1:
		return ids[0]
	case len(ids) > 1:
		d.report(quoted(*name)+" names several units: "+strings.Join(ids, ", "), "write the id of one", name)
	default:
		d.report("no unit is named "+quoted(*name), fallback(didYouMean(*name, b.unitNames()), "add it to "+unitsFile), name)
	}
	return ""
}

// unitNames returns every name a unit is known by, in order of the units.
func (b *builder) unitNames() []string {
	var names []string
	for _, u := range b.city.Units {
		names = append(names, u.ID, u.Name, u.FullName)
		names = append(names, u.Aliases...)
	}
	return names
}
