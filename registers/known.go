package registers

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A Known is what the cells of a list may name: units, subjects and indicators of
// a city.
type Known struct {
	units      map[string]string   // any name → ID
	unitNames  []string            // for hints
	subjects   map[string][]string // ID, code or name → IDs
	indicators map[string]string   // ID or name → ID
	columns    map[string]string   // carrier, line feed, name → ID
	prefixes   []prefix
	today      string // the last day on which anything can have happened, "" for any
}

// A prefix is where a unit's pages begin.
type prefix struct{ address, unit string }

// Know collects what lists may name.
func Know(city *inventory.City, set *rules.RuleSet) *Known {
	k := &Known{
		units: map[string]string{}, subjects: map[string][]string{}, indicators: map[string]string{}, columns: map[string]string{},
	}
	for _, u := range city.Units {
		for _, name := range append([]string{u.ID, u.Name, u.FullName}, u.Aliases...) {
			k.units[squeezed(name)] = u.ID
		}
		k.unitNames = append(k.unitNames, u.Name)
		k.add("unit:" + u.ID)
	}
	for _, c := range city.Carriers {
		k.carrier(c)
	}
	for _, a := range city.Accounts {
		k.add(a.ID(), a.Code, a.Name)
	}
	for _, ind := range set.Indicators {
		k.indicators[squeezed(ind.ID)] = ind.ID
		if _, taken := k.indicators[squeezed(ind.Name)]; !taken {
			k.indicators[squeezed(ind.Name)] = ind.ID
		}
	}
	slices.SortStableFunc(k.prefixes, func(a, b prefix) int { return len(b.address) - len(a.address) })
	return k
}

// carrier learns a site or platform with its columns.
func (k *Known) carrier(c inventory.Carrier) {
	if c.Kind == inventory.Site {
		k.add(c.ID, c.Code, c.Name, c.Home)
	}
	k.begins(c.Home, c.Unit, true)
	for _, host := range c.Hosts {
		k.begins("http://"+host+"/", c.Unit, true)
	}
	for _, d := range c.Directories {
		k.begins(d.URL, d.Unit, false)
	}
	for _, col := range c.Columns {
		k.add(col.ID)
		for _, address := range col.URLs {
			k.begins(address, col.Unit, false)
		}
		for _, of := range []string{c.ID, c.Code, c.Name, c.Unit} {
			if of != "" {
				k.columns[squeezed(of)+"\n"+squeezed(col.Name)] = col.ID
			}
		}
		k.columns["\n"+col.Unit+"\n"+squeezed(col.Name)] = col.ID
	}
	for _, s := range c.Sections {
		k.add(s.ID)
	}
}

func (k *Known) add(id string, names ...string) {
	for _, name := range append([]string{id}, names...) {
		if name = squeezed(name); name != "" && !slices.Contains(k.subjects[name], id) {
			k.subjects[name] = append(k.subjects[name], id)
		}
	}
}

// begins notes that addresses below one are a unit's: of a home page the whole
// host, of a list its folder.
func (k *Known) begins(address, unit string, host bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || unit == "" {
		return
	}
	path := u.EscapedPath()
	if host {
		path = "/"
	}
	k.prefixes = append(k.prefixes, prefix{strings.ToLower(u.Host) + path[:strings.LastIndexByte(path, '/')+1], unit})
}

// UnitOf returns the unit below whose pages an address lies, by the longest
// beginning that fits, "" where none does.
func (k *Known) UnitOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	at := strings.ToLower(u.Host) + u.EscapedPath()
	for _, p := range k.prefixes {
		if strings.HasPrefix(at, p.address) {
			return p.unit
		}
	}
	return ""
}

// squeezed is what is compared of names.
func squeezed(s string) string { return strings.ToLower(strings.ReplaceAll(plain(s), " ", "")) }

// maxHints bounds the names a sentence offers.
const maxHints = 3

func (k *Known) unit(s string) (string, *complaint) {
	if id, ok := k.units[squeezed(s)]; ok {
		return id, nil
	}
	var near []string
	for _, name := range k.unitNames {
		if strings.Contains(s, name) || strings.Contains(name, s) || strings.Contains(s, strings.TrimPrefix(name, "市")) {
			near = append(near, name)
		}
	}
	if len(near) > 0 {
		near = near[:min(len(near), maxHints)]
		return "", complain("没有单位“%s”：是不是%s？或在 units.yaml 中补充别名", "no unit %s; did you mean %s? or add the alias to units.yaml", short(s), strings.Join(near, "、"))
	}
	return "", complain("没有单位“%s”：核对名称，或在 units.yaml 中补充", "no unit %s; check the name, or add it to units.yaml", short(s))
}

func (k *Known) indicator(s string) (string, *complaint) {
	if id, ok := k.indicators[squeezed(s)]; ok {
		return id, nil
	}
	return "", complain("没有检查指标“%s”：填写指标编号（如 national.V4.count-a）或名称", "no indicator %s; write its ID, such as national.V4.count-a, or its name", short(s))
}

// agree complains where two cells name two subjects: whichever was meant, the
// other would be accused.
func (k *Known) agree(first, second string) *complaint {
	a, b := k.subjects[squeezed(first)], k.subjects[squeezed(second)]
	if len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(id string) bool { return slices.Contains(b, id) }) {
		return nil
	}
	return complain("“%s”和“%s”不是同一个对象：改正其中一项", "%s and %s are two subjects; mend one of them", short(first), short(second))
}

// AsOf is k for a list that is taken in on a day: what is said to have happened
// later is a mistake. Without it no day is too late.
func (k *Known) AsOf(day time.Time) *Known {
	known := *k
	known.today = extract.DayOf(day).Format(time.DateOnly)
	return &known
}

// subject finds the subject that a row speaks of, by the cells that say so.
func (k *Known) subject(id, code, name, column string) (string, *complaint) {
	given := []string{id, code, name}
	if column != "" {
		for _, of := range given {
			if found := k.columns[squeezed(of)+"\n"+squeezed(column)]; of != "" && found != "" {
				return found, nil
			}
			if found := k.columns["\n"+k.units[squeezed(of)]+"\n"+squeezed(column)]; of != "" && found != "" {
				return found, nil
			}
		}
		return "", complain("没有栏目“%s”：核对网站和栏目名称，或填写对象编号（如 fgw/tzgg）", "no column %s; check the site and the name, or write the subject's ID, such as fgw/tzgg", short(column))
	}
	for _, of := range given {
		if of == "" {
			continue
		}
		switch found := k.subjects[squeezed(of)]; len(found) {
		case 1:
			return found[0], nil
		case 0:
			return "", complain("没有对象“%s”：填写对象编号、标识码或登记的名称", "no subject %s; write its ID, its code or its registered name", short(of))
		default:
			return "", complain("“%s”可指%s：填写对象编号或标识码", "%s may be %s; write the ID or the code", short(of), strings.Join(found[:min(len(found), maxHints)], "、"))
		}
	}
	return "", complain("没有写明对象：填写对象编号、标识码或名称", "no subject; write its ID, its code or its name")
}
