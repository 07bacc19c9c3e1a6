package office

import (
	"slices"
	"strings"

	"xuncha/inventory"
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

// SubjectName is what people call a subject.
func SubjectName(city *inventory.City, id string) string {
	for _, c := range city.Carriers {
		if c.ID == id {
			return c.Name
		}
		for _, col := range c.Columns {
			if col.ID == id {
				return c.Name + "：" + col.Name
			}
		}
		for _, s := range c.Sections {
			if s.ID == id {
				return c.Name + "：" + s.Spec.Name
			}
		}
	}
	if code, ok := strings.CutPrefix(id, "account:"); ok {
		if acc, known := city.Account(code); known {
			platform := string(acc.Platform)
			if p, known := city.Platform(acc.Platform); known {
				platform = p.Name
			}
			return acc.Name + "（" + platform + "）"
		}
	}
	if unit, ok := strings.CutPrefix(id, "unit:"); ok {
		unit, _, _ = strings.Cut(unit, "/")
		return UnitName(city, unit)
	}
	return id
}

// SubjectUnit is the unit that answers for a subject; ok is false for one that is
// not in the inventory.
func SubjectUnit(city *inventory.City, id string) (unit string, ok bool) {
	for _, c := range city.Carriers {
		if c.ID == id {
			return c.Unit, true
		}
		for _, col := range c.Columns {
			if col.ID == id {
				return col.Unit, true
			}
		}
		for _, s := range c.Sections {
			if s.ID == id {
				return s.Unit, true
			}
		}
	}
	if code, is := strings.CutPrefix(id, "account:"); is {
		acc, known := city.Account(code)
		return acc.Unit, known
	}
	if unit, is := strings.CutPrefix(id, "unit:"); is {
		unit, _, _ = strings.Cut(unit, "/")
		_, known := city.Unit(unit)
		return unit, known
	}
	return "", false
}
