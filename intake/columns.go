package intake

import (
	"net/url"
	"slices"
	"strings"

	"xuncha/inventory"
)

// siteNames find carriers by what lists call them.
type siteNames struct {
	byCode map[string]string
	byName map[string][]string
	byHost map[string][]string
	city   *inventory.City
}

// newSiteNames learns the carriers of a city.
func newSiteNames(city *inventory.City, units *unitNames) *siteNames {
	n := &siteNames{byCode: map[string]string{}, byName: map[string][]string{}, byHost: map[string][]string{}, city: city}
	add := func(m map[string][]string, key, id string) {
		if key != "" && !slices.Contains(m[key], id) {
			m[key] = append(m[key], id)
		}
	}
	runs := map[string][]string{}
	for _, c := range city.Carriers {
		if c.Code != "" {
			n.byCode[c.Code] = c.ID
		}
		add(n.byName, compact(c.Name), c.ID)
		for _, v := range units.variants(strings.TrimSuffix(strings.TrimSuffix(compact(c.Name), "网站"), "门户")) {
			add(n.byName, v, c.ID)
		}
		add(n.byName, c.ID, c.ID)
		for _, h := range append([]string{hostOf(c.Home)}, c.Hosts...) {
			add(n.byHost, h, c.ID)
		}
		if c.Kind == inventory.Site {
			runs[c.Unit] = append(runs[c.Unit], c.ID)
		}
	}
	for _, u := range city.Units { // a list may name a site by who runs it
		if len(runs[u.ID]) != 1 {
			continue
		}
		for _, name := range append([]string{u.Name, u.FullName}, u.Aliases...) {
			if key := compact(name); len(n.byName[key]) == 0 {
				add(n.byName, key, runs[u.ID][0])
			}
		}
	}
	return n
}

// find returns the carriers that a name may mean.
func (n *siteNames) find(name string, units *unitNames) []string {
	key := compact(name)
	if ids := n.byName[key]; len(ids) > 0 {
		return ids
	}
	if u := parsed(name); u != nil && u.Host != "" {
		return n.byHost[strings.ToLower(u.Host)]
	}
	for _, v := range units.variants(strings.TrimSuffix(strings.TrimSuffix(key, "网站"), "门户")) {
		if ids := n.byName[v]; len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// carrierOf finds whose column a row is: by code, name and, where neither is
// given, by the host of its address.
func (t *taking) carrierOf(r *row) (inventory.Carrier, bool) {
	code := r.siteCode(fSiteCode)
	name := r.name(fSite)
	var byCode, byName string
	if code != "" {
		if byCode = t.sites.byCode[code]; byCode == "" {
			r.mistake("site.unknown", fSiteCode, code)
			return inventory.Carrier{}, false
		}
	}
	if name != "" {
		switch found := t.sites.find(name, t.names); {
		case len(found) == 1:
			byName = found[0]
		case len(found) > 1 && byCode == "":
			if byName = t.byAddress(r, found); byName == "" {
				r.mistake("site.two", fSite, name, strings.Join(found, "、"))
			}
		case len(found) == 0 && byCode == "":
			r.mistake("site.unknown", fSite, name, t.nearSite(name))
		}
	}
	if byCode != "" && byName != "" && byCode != byName {
		r.mistake("site.disagree", fSite, name, byName, byCode)
		return inventory.Carrier{}, false
	}
	id := byCode + byName
	if byCode != "" {
		id = byCode
	}
	if id == "" && !r.wrong {
		if id = t.byAddress(r, nil); id == "" {
			r.mistake("site.missing", fSite, "")
		}
	}
	return t.city.Carrier(id)
}

// nearSite is the name of a carrier that a name is a slip of, remembered.
func (t *taking) nearSite(name string) string {
	near, ok := t.nears["site "+name]
	if !ok {
		var all []string
		for known := range t.sites.byName {
			all = append(all, known)
		}
		slices.Sort(all)
		near = nearest(compact(name), all)
		t.nears["site "+name] = near
	}
	return near
}

// byAddress finds the carrier, among some or all, whose home page begins the
// address of a row's column; "" where it could be several.
func (t *taking) byAddress(r *row, among []string) string {
	parts := splitAddresses(r.raw(fURL))
	if len(parts) == 0 {
		return ""
	}
	u := parsed(narrow(parts[0]))
	if u == nil || u.Host == "" {
		return ""
	}
	best, longest, several := "", -1, false
	for _, id := range t.sites.byHost[strings.ToLower(u.Host)] {
		c, _ := t.city.Carrier(id)
		if among != nil && !slices.Contains(among, id) {
			continue
		}
		prefix := "/"
		if home := parsed(c.Home); home != nil && strings.EqualFold(home.Host, u.Host) {
			prefix = home.Path
		}
		if !strings.HasPrefix(u.Path+"/", prefix) {
			continue
		}
		switch n := len(prefix); {
		case n > longest:
			best, longest, several = id, n, false
		case n == longest:
			several = true
		}
	}
	if several {
		return ""
	}
	return best
}

// readColumns reads column duty lists.
func (t *taking) readColumns(tables []*table) []*entry {
	t.sites = newSiteNames(t.city, t.names)
	known := t.knownColumns()
	var all []*entry
	urls, names, ids := map[string]firstRow{}, map[string]firstRow{}, map[string]firstRow{}
	for r := range t.rows(tables) {
		e := &entry{kind: Columns, row: r, keys: map[string]string{}}
		all = append(all, e)
		e.name = r.columnName()
		e.set("name", e.name)
		c, ok := t.carrierOf(r)
		if !ok {
			if strings.Contains(r.raw(fURL), ":") { // any other may be of the carrier that is not known
				r.addresses(fURL, nil)
			}
			r.columnWords(t, e)
			continue
		}
		e.carrier = c.ID
		e.set("unit", t.columnUnit(r, c))
		all := r.addresses(fURL, parsed(c.Home))
		if len(all) == 0 && !r.wrongAt(fURL) {
			r.mistake("url.missing", fURL, "")
		}
		t.columnAddresses(r, c, all)
		e.set("url", strings.Join(all, "\n"))
		r.columnWords(t, e)
		t.counts(r, c, e)
		for _, u := range all {
			once(r, fURL, "column.url-two", urls, c.ID+" "+e.keys["unit"]+" "+pageKey(u), e.name)
		}
		once(r, nameField(r), "column.twice", names, c.ID+" "+e.keys["unit"]+" "+compact(e.name), e.name)
		t.matchColumn(r, c, e, known[c.ID], ids)
		if e.old == "" && e.keys["class"] == "" && e.name != "" && !r.wrongAt(fClass) {
			guess := t.opts.Classes.Classify(e.name)
			e.keys["class"], e.keys["confirmed"] = string(guess.Class), "false"
			r.hint("class.guessed", fClass, e.name, string(guess.Class))
		}
	}
	return all
}

// pageKey is the one spelling of the address of a list.
func pageKey(address string) string {
	u := parsed(address)
	if u == nil {
		return address
	}
	return inventory.Canonical(address) + "#" + u.Fragment
}

// nameField is the column of a list that holds the last level of a name.
func nameField(r *row) field {
	for _, f := range []field{fName, fLevel3, fLevel2, fLevel1} {
		if r.has(f) {
			return f
		}
	}
	return fName
}

// maxLevels bounds the levels of a column's name.
const maxLevels = 6

// columnName puts the levels of a column's name together.
func (r *row) columnName() string {
	var parts []string
	add := func(text string) {
		for _, part := range splitLevels(text) {
			if part != "" && part != "首页" && (len(parts) == 0 || parts[len(parts)-1] != part) {
				parts = append(parts, part)
			}
		}
	}
	gap := false
	for _, f := range []field{fLevel1, fLevel2, fLevel3} {
		text := r.name(f)
		if text == "" {
			gap = gap || r.has(f)
			continue
		}
		if gap && r.has(fLevel1) {
			r.mistake("column.gap", f, text)
			return ""
		}
		add(text)
	}
	if whole := r.name(fName); whole != "" {
		if levels := splitLevels(whole); len(levels) > 1 && len(parts) > 0 && levels[0] == parts[0] {
			parts = nil
		}
		add(whole)
	}
	f := nameField(r)
	name := strings.Join(parts, levels)
	switch {
	case name == "" && !r.wrong:
		r.mistake("column.missing", f, "")
	case len(parts) > maxLevels:
		r.mistake("column.deep", f, name)
	case looksLikeAddress(name):
		r.mistake("name.url", f, name)
	case name != "" && digitsForm.MatchString(name):
		r.mistake("name.number", f, name)
	}
	return name
}

// splitLevels takes a path of names apart.
func splitLevels(text string) []string {
	for _, sign := range []string{"-->", "->", "=>", "→", "»", ">>", ">", "＞", "——", "—", "--", "－－"} {
		text = strings.ReplaceAll(text, sign, "\x00")
	}
	parts := strings.Split(text, "\x00")
	for i := range parts {
		parts[i] = strings.Trim(parts[i], " -")
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// columnUnit resolves who answers for a column.
func (t *taking) columnUnit(r *row, c inventory.Carrier) string {
	id := t.unit(r, fUnit)
	switch {
	case id != "" || r.wrongAt(fUnit):
	case c.Kind != inventory.Site:
		r.mistake("column.no-unit", fUnit, "")
	default:
		return c.Unit
	}
	return id
}

// columnAddresses notes addresses that cannot be a column's or are another
// host's.
func (t *taking) columnAddresses(r *row, c inventory.Carrier, all []string) {
	for _, u := range all {
		switch host := hostOf(u); {
		case c.Home != "" && pageKey(u) == pageKey(c.Home) && parsed(u).Fragment == "":
			r.mistake("column.homepage", fURL, u)
		case c.Home != "" && host != hostOf(c.Home) && !slices.Contains(c.Hosts, host):
			r.hint("column.far", fURL, host)
		}
	}
}

// columnWords reads class and frequency.
func (r *row) columnWords(t *taking, e *entry) {
	if text := r.text(fClass); text != "" {
		if class, ok := t.classOf(text); ok {
			e.set("class", string(class))
		} else {
			r.mistake("class.bad", fClass, text, nearest(text, classTexts()))
		}
	}
	demand, said := r.truth(fOnDemand)
	if text := r.text(fOften); text != "" {
		days, ok := lookup(oftenWords, strings.TrimSuffix(strings.TrimPrefix(text, "至少"), "更新一次"))
		if !ok {
			days, ok = lookup(oftenWords, strings.TrimSuffix(text, "1次"))
		}
		switch {
		case !ok:
			r.mistake("often.bad", fOften, text)
		case said && demand != (days == 0):
			r.mistake("often.conflict", fOften, text)
		default:
			demand, said = days == 0, true
		}
	}
	if said {
		e.keys["on_demand"] = map[bool]string{true: "true", false: "false"}[demand]
	}
}

// classTexts are the names of all classes.
func classTexts() []string {
	var all []string
	for _, c := range inventory.Classes() {
		all = append(all, string(c))
	}
	return all
}

// classOf finds the class that a word means.
func (t *taking) classOf(word string) (inventory.Class, bool) {
	for _, c := range inventory.Classes() {
		if compact(word) == string(c) {
			return c, true
		}
	}
	if c, ok := lookup(classWords, word); ok {
		return c, true
	}
	if g := t.opts.Classes.Classify(word); g.Sure >= 0.6 && g.Word == strings.ToLower(word) {
		return g.Class, true
	}
	return "", false
}

// counts reads whose veto a column counts to.
func (t *taking) counts(r *row, c inventory.Carrier, e *entry) {
	text := r.name(fCounts)
	if text == "" {
		return
	}
	if slices.Contains([]string{"不计入", "none", "否"}, compact(text)) {
		e.keys["counts_to"] = "none"
		return
	}
	found := slices.DeleteFunc(slices.Clone(t.sites.find(text, t.names)), func(id string) bool {
		site, ok := t.city.Carrier(id)
		return !ok || site.Kind != inventory.Site
	})
	if len(found) != 1 {
		r.mistake("counts-to.unknown", fCounts, text)
		return
	}
	e.keys["counts_to"] = found[0]
}

// A knownColumn is a column of the configuration by what it is known by.
type knownColumn struct {
	id, name, unit string
	pages          []string
}

// knownColumns are the columns of each carrier.
func (t *taking) knownColumns() map[string][]knownColumn {
	known := map[string][]knownColumn{}
	for _, c := range t.city.Carriers {
		for _, col := range c.Columns {
			k := knownColumn{id: col.ID, name: compact(col.Name), unit: col.Unit}
			for _, u := range col.URLs {
				k.pages = append(k.pages, pageKey(u))
			}
			known[c.ID] = append(known[c.ID], k)
		}
	}
	return known
}

// matchColumn finds the column of the configuration that an entry is, or gives it
// an ID: by its ID, its address, or its name and unit where one alone has them.
func (t *taking) matchColumn(r *row, c inventory.Carrier, e *entry, known []knownColumn, ids map[string]firstRow) {
	given := strings.TrimPrefix(r.text(fID), c.ID+"/")
	if given != "" && !columnIDForm.MatchString(given) {
		r.mistake("column.no-id", fID, given)
		return
	}
	var byID, byURL, byName []string
	urls := strings.Split(e.keys["url"], "\n")
	name, pages := compact(e.name), make([]string, len(urls))
	for i, u := range urls {
		pages[i] = pageKey(u)
	}
	for _, col := range known {
		if given != "" && col.id == c.ID+"/"+given {
			byID = append(byID, col.id)
		}
		if slices.ContainsFunc(col.pages, func(p string) bool { return slices.Contains(pages, p) }) {
			byURL = append(byURL, col.id)
		}
		if col.name == name && col.unit == e.keys["unit"] {
			byName = append(byName, col.id)
		}
	}
	for _, found := range [][]string{byID, byURL, byName} {
		if len(found) == 1 {
			e.old = found[0]
			break
		}
	}
	if e.id = e.old; e.old == "" {
		e.id = t.columnID(c.ID, given, urls[0])
	}
	if e.id == "" {
		if !r.wrong {
			r.mistake("column.no-id", fURL, urls[0])
		}
		return
	}
	if first, twice := ids[e.id]; twice {
		f := nameField(r)
		if given != "" {
			f = fID
		}
		if !r.wrong {
			r.mistake("column.id-taken", f, e.id, "第"+itoa(first.row)+"行 / row "+itoa(first.row))
		}
		return
	}
	ids[e.id] = firstRow{r.r.Number, e.name}
	t.columnIDs[e.id] = true
}

// columnID makes an ID for a new column: what the list says, else of its
// address, with what tells addresses apart behind the path.
func (t *taking) columnID(carrier, given, address string) string {
	taken := func(local string) bool { return t.columnIDs[carrier+"/"+local] }
	if given != "" {
		return carrier + "/" + given
	}
	local := ""
	if u := parsed(address); u != nil {
		if local = inventory.LocalID(address); !columnIDForm.MatchString(local) {
			local = idOf(local)
		}
		if behind := idOf(u.RawQuery + u.Fragment); behind != "" && (local == "" || taken(local)) {
			local = strings.Trim(local+"-"+behind, "-")
		}
	}
	if local == "" {
		return ""
	}
	return carrier + "/" + unused(local, taken)
}

// looksLikeAddress reports whether a name is an address.
func looksLikeAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.Scheme != "" || strings.HasPrefix(strings.ToLower(s), "www.")
}
