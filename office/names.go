package office

import (
	"slices"
	"strings"

	"xuncha/inventory"
	"xuncha/report"
)

// UnitName is a unit's name in notices, its ID where the city lacks it.
func UnitName(city *inventory.City, id string) string {
	if u, ok := city.Unit(id); ok {
		return u.Name
	}
	return id
}

// UnitID finds a unit by any of its names.
func UnitID(city *inventory.City, name string) (string, error) {
	for _, u := range city.Units {
		if u.ID == name || u.Name == name || u.FullName == name || slices.Contains(u.Aliases, name) {
			return u.ID, nil
		}
	}
	return "", Say("没有单位“%s”；请写 units.yaml 中的编号或名称", "no unit %s; write its ID or name as in units.yaml", name)
}

// A Named subject is one of the inventory: what people call it, and the unit that
// answers for it.
type Named struct{ Name, Unit string }

// SubjectOf finds a subject in the inventory.
func SubjectOf(city *inventory.City, id string) (Named, bool) {
	for _, c := range city.Carriers {
		if c.ID == id {
			return Named{c.Name, c.Unit}, true
		}
		for _, col := range c.Columns {
			if col.ID == id {
				return Named{c.Name + "：" + col.Name, col.Unit}, true
			}
		}
		for _, s := range c.Sections {
			if s.ID == id {
				return Named{c.Name + "：" + s.Spec.Name, s.Unit}, true
			}
		}
	}
	if code, is := strings.CutPrefix(id, "account:"); is {
		acc, known := city.Account(code)
		return Named{acc.Name + "（" + report.PlatformName(city, acc.Platform) + "）", acc.Unit}, known
	}
	if unit, is := strings.CutPrefix(id, "unit:"); is {
		unit, _, _ = strings.Cut(unit, "/")
		_, known := city.Unit(unit)
		return Named{UnitName(city, unit), unit}, known
	}
	return Named{}, false
}

// SubjectName is what people call a subject; of one that is not in the inventory
// it is the ID.
func SubjectName(city *inventory.City, id string) string {
	if s, known := SubjectOf(city, id); known {
		return s.Name
	}
	return id
}
