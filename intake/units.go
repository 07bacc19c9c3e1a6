package intake

import (
	"slices"
	"strings"

	"xuncha/inventory"
)

// unitNames find units by what lists call them.
type unitNames struct {
	exact map[string]string   // id, name, full name or alias → id
	loose map[string][]string // the same with or without the city's name in front
	city  string              // 阳泉 of 阳泉市
}

// newUnitNames learns the units of a city.
func newUnitNames(city *inventory.City) *unitNames {
	n := &unitNames{exact: map[string]string{}, loose: map[string][]string{}}
	if head, _, ok := strings.Cut(city.Name, "市"); ok && len([]rune(head)) <= 8 {
		n.city = head
	}
	for _, u := range city.Units {
		n.learn(u.ID, append([]string{u.ID, u.Name, u.FullName}, u.Aliases...)...)
	}
	return n
}

// learn adds the names of a unit.
func (n *unitNames) learn(id string, names ...string) {
	for _, name := range names {
		key := compact(name)
		if key == "" {
			continue
		}
		if _, taken := n.exact[key]; !taken {
			n.exact[key] = id
		}
		for _, v := range n.variants(key) {
			if !slices.Contains(n.loose[v], id) {
				n.loose[v] = append(n.loose[v], id)
			}
		}
	}
}

// variants are a name without the city's in front, and with 人民政府 for 政府.
func (n *unitNames) variants(name string) []string {
	bare := strings.TrimPrefix(name, "市")
	if n.city != "" {
		if rest, ok := strings.CutPrefix(name, n.city+"市"); ok && rest != "" {
			bare = rest
		}
	}
	all := []string{bare}
	switch {
	case strings.HasSuffix(bare, "人民政府"):
		all = append(all, strings.TrimSuffix(bare, "人民政府")+"政府")
	case strings.HasSuffix(bare, "政府"):
		all = append(all, strings.TrimSuffix(bare, "政府")+"人民政府")
	}
	return all
}

// find returns the unit that a list calls by a name; several where it could be
// either, none where it is unknown.
func (n *unitNames) find(name string) []string {
	key := compact(name)
	if id, ok := n.exact[key]; ok {
		return []string{id}
	}
	if bare, ok := strings.CutSuffix(key, "(本级)"); ok {
		return n.find(bare)
	}
	var found []string
	for _, v := range n.variants(key) {
		for _, id := range n.loose[v] {
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	return found
}

// near returns the known name that a name is a slip of.
func (n *unitNames) near(name string) string {
	var all []string
	for known := range n.exact {
		all = append(all, known)
	}
	slices.Sort(all)
	return nearest(compact(name), all)
}

// unit resolves the unit of a field; "" where it names none or the row is wrong.
func (t *taking) unit(r *row, f field) string {
	name := r.name(f)
	if name == "" {
		return ""
	}
	switch found := t.names.find(name); {
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		r.mistake("unit.two", f, name, strings.Join(found, "、"))
	case looksLikeAddress(name):
		r.mistake("name.url", f, name)
	case digitsForm.MatchString(compact(name)):
		r.mistake("name.number", f, name)
	case t.implicit:
		return t.newUnit(r, f, name)
	default:
		r.mistake("unit.unknown", f, name, t.nearUnit(name))
	}
	return ""
}

// nearUnit is near, remembered: a wrong name often stands in many rows.
func (t *taking) nearUnit(name string) string {
	near, ok := t.nears[name]
	if !ok {
		near = t.names.near(name)
		t.nears[name] = near
	}
	return near
}

// newUnit makes a unit of a name that nobody knows.
func (t *taking) newUnit(r *row, f field, name string) string {
	id := t.unitID(name)
	t.unitIDs[id] = true
	t.names.learn(id, name)
	u := &entry{kind: Units, row: r, id: id, name: name, keys: map[string]string{
		"name": name, "level": string(levelOf(name)), "confirmed": "false",
	}}
	t.made = append(t.made, u)
	r.hint("unit.new", f, name)
	return id
}

// unitID makes an ID for a unit: that of the site it runs, else a number.
func (t *taking) unitID(name string) string {
	id := ""
	for _, v := range append([]string{compact(name)}, t.names.variants(compact(name))...) {
		if s := t.stems[v]; s != "" {
			id = s
			break
		}
	}
	if id == "" {
		id = "u001"
	}
	return unused(id, func(id string) bool { return t.unitIDs[id] })
}

// unused returns an id that is not taken, with a number behind it where need be,
// and takes it.
func unused(id string, taken func(string) bool) string {
	if !taken(id) {
		return id
	}
	if rest, ok := strings.CutPrefix(id, "u"); ok && len(rest) == 3 && digitsForm.MatchString(rest) {
		for n := 1; ; n++ {
			if next := "u" + threeDigits(n); !taken(next) {
				return next
			}
		}
	}
	for n := 2; ; n++ {
		if next := id + "-" + itoa(n); !taken(next) {
			return next
		}
	}
}

// levelOf guesses the level of a unit by its name.
func levelOf(name string) inventory.Level {
	bare := strings.TrimSuffix(strings.TrimSuffix(compact(name), "人民政府"), "政府")
	if bare == compact(name) {
		return inventory.LevelDepartment
	}
	switch {
	case strings.HasSuffix(bare, "县"), strings.HasSuffix(bare, "区"), strings.HasSuffix(bare, "旗"):
		return inventory.LevelCounty
	case strings.HasSuffix(bare, "市"):
		return inventory.LevelCity
	}
	return inventory.LevelDepartment
}

// readUnits reads lists of units.
func (t *taking) readUnits(tables []*table) []*entry {
	var all []*entry
	seen, ids := map[string]int{}, map[string]int{}
	for r := range t.rows(tables) {
		e := &entry{kind: Units, row: r, keys: map[string]string{}}
		all = append(all, e)
		e.name = r.properName(fName)
		if e.name != "" {
			if first, twice := seen[compact(e.name)]; twice {
				r.mistake("unit.twice", fName, e.name, itoa(first))
			} else {
				seen[compact(e.name)] = r.r.Number
			}
		}
		e.set("name", e.name)
		e.set("full_name", r.name(fFull))
		e.set("aliases", strings.Join(r.list(fAliases), ", "))
		e.set("district", r.district(fDistrict))
		r.level(e)
		from, to := r.date(fFrom), r.date(fTo)
		e.set("from", from)
		e.set("to", to)
		if from != "" && to != "" && to < from {
			r.mistake("date.order", fTo, to, from)
		}
		t.matchUnit(r, e, ids)
	}
	t.superiors(all)
	return all
}

// level reads the level of a unit, or guesses it for a new one.
func (r *row) level(e *entry) {
	text := r.text(fLevel)
	if text == "" {
		return
	}
	if l, ok := lookup(unitLevels, text); ok {
		e.set("level", string(l))
		return
	}
	r.mistake("level.bad", fLevel, text)
}

// district reads an area code.
func (r *row) district(f field) string {
	text := r.text(f)
	switch {
	case text == "":
	case lostDigits(r.cell(f), text) != "":
		r.mistake("district.power", f, text)
	case !areaForm.MatchString(text):
		r.mistake("district.bad", f, text)
	default:
		return text
	}
	return ""
}

// matchUnit finds the unit of the configuration that an entry is, or gives it an
// ID.
func (t *taking) matchUnit(r *row, e *entry, ids map[string]int) {
	switch id := r.text(fID); {
	case id != "" && !idForm.MatchString(id):
		r.mistake("id.bad", fID, id)
		return
	case id != "" && ids[id] > 0:
		r.mistake("id.twice", fID, id, itoa(ids[id]))
		return
	case !t.identifyUnit(r, e, id), e.id == "":
		return
	}
	if first := ids[e.id]; first > 0 {
		r.mistake("unit.twice", fName, e.name, itoa(first))
		return
	}
	ids[e.id] = r.r.Number
	t.unitIDs[e.id] = true
	if e.old == "" && e.keys["level"] == "" && e.name != "" {
		e.keys["level"] = string(levelOf(e.name))
		e.keys["confirmed"] = "false"
		r.hint("level.guessed", fName, e.name, e.keys["level"])
	}
	if e.old == "" {
		t.names.learn(e.id, append([]string{e.id, e.name, e.keys["full_name"]}, r.list(fAliases)...)...)
	}
}

// identifyUnit finds out which unit an entry is: by the ID it gives, else by its
// name, else by its full name. It reports whether these agree.
func (t *taking) identifyUnit(r *row, e *entry, id string) bool {
	found := t.namedUnit(e.name, e.keys["full_name"])
	_, known := t.city.Unit(id)
	switch {
	case found != "" && id != "" && found != id:
		r.mistake("unit.name-taken", fName, e.name, found)
		return false
	case known:
		e.id, e.old = id, id
	case found != "":
		e.id, e.old = found, found
	case id != "":
		e.id = id
	case e.name != "":
		e.id = t.unitID(e.name)
	}
	return true
}

// namedUnit is the one unit that has the first of some names that only one has, ""
// for none.
func (t *taking) namedUnit(names ...string) string {
	for _, name := range names {
		if name == "" {
			continue
		}
		if found := t.names.find(name); len(found) == 1 {
			return found[0]
		}
	}
	return ""
}

// superiors resolves the units above, all of which are known by now.
func (t *taking) superiors(all []*entry) {
	above := map[string]string{}
	for _, u := range t.city.Units {
		above[u.ID] = u.Superior
	}
	for _, e := range all {
		name := e.row.name(fSuperior)
		if name == "" {
			continue
		}
		switch found := t.names.find(name); {
		case len(found) == 1 && found[0] == e.id:
			e.row.mistake("unit.self", fSuperior, name)
		case len(found) == 1:
			e.set("superior", found[0])
			above[e.id] = found[0]
		case len(found) > 1:
			e.row.mistake("unit.two", fSuperior, name, strings.Join(found, "、"))
		default:
			e.row.mistake("superior.unknown", fSuperior, name, t.nearUnit(name))
		}
	}
	for _, e := range all {
		steps, id := 0, above[e.id]
		for ; id != "" && steps <= len(above); steps++ {
			if id == e.id {
				e.row.mistake("unit.loop", fSuperior, e.name)
				break
			}
			id = above[id]
		}
	}
}
