package intake

import (
	"net/url"
	"slices"
	"strings"

	"xuncha/inventory"
)

// firstRow is where a value first stood.
type firstRow struct {
	row  int
	name string
}

// readSites reads lists of sites and other carriers.
func (t *taking) readSites(tables []*table) []*entry {
	var all []*entry
	codes, homes, ids := map[string]firstRow{}, map[string]firstRow{}, map[string]firstRow{}
	for r := range t.rows(tables) {
		e := &entry{kind: Sites, row: r, keys: map[string]string{}}
		e.name = r.properName(fName)
		e.set("name", e.name)
		kind := r.siteType(e)
		state := r.siteState()
		code := r.siteCode(fCode)
		switch {
		case (kind == "platform" || kind == "carrier") && code != "":
			r.mistake("code.not-carrier", fCode, code)
		case code == "" && (kind == "site" || kind == "") && !r.wrong:
			r.mistake("code.missing", fCode, "")
		}
		e.set("code", code)
		home := r.address(fHome, nil)
		if home == "" && !r.wrongAt(fHome) {
			r.mistake("url.missing", fHome, "")
		}
		e.set("home", home)
		e.set("unit", t.siteUnit(r, kind))
		e.set("hosts", strings.Join(r.hosts(), ", "))
		r.system(t, e)
		once(r, fCode, "code.twice", codes, code, e.name)
		once(r, fHome, "home.twice", homes, canonicalHome(home), e.name)
		t.matchSite(r, e, ids)
		if state == "closed" {
			e.closed = true
		}
		all = append(all, e)
	}
	return all
}

// once notes where a value stands, or that it stood somewhere before.
func once(r *row, f field, rule string, seen map[string]firstRow, value, name string) {
	if value == "" {
		return
	}
	if first, twice := seen[value]; twice {
		r.mistake(rule, f, r.raw(f), itoa(first.row), first.name)
		return
	}
	seen[value] = firstRow{r.r.Number, name}
}

// canonicalHome is the one spelling of a home page, "" for none.
func canonicalHome(home string) string {
	if home == "" {
		return ""
	}
	return inventory.Canonical(home)
}

// siteType reads the type and what it makes of the entry: "portal", "site",
// "platform", "carrier", or "" where the list does not say.
func (r *row) siteType(e *entry) string {
	text := r.text(fType)
	if text == "" {
		if strings.Contains(e.name, "信息公开平台") && r.raw(fCode) == "" {
			text = "政府信息公开平台"
		} else {
			return ""
		}
	}
	kind, ok := lookup(siteTypes, text)
	switch {
	case !ok:
		r.mistake("site-type.bad", fType, text)
		return "bad"
	case kind == "portal":
		e.keys["kind"], e.keys["portal"] = "site", "true"
	case kind == "site":
		e.keys["kind"], e.keys["portal"] = "site", "false"
	case kind == "platform":
		e.keys["kind"], e.keys["portal"] = string(inventory.DisclosurePlatform), "false"
	default:
		e.keys["kind"], e.keys["portal"] = string(inventory.OtherCarrier), "false"
	}
	if kind == "portal" {
		return "site"
	}
	return kind
}

// siteState reads whether the site runs.
func (r *row) siteState() string {
	text := r.text(fState)
	if text == "" {
		return ""
	}
	state, ok := lookup(siteStates, text)
	switch {
	case !ok:
		r.mistake("site-state.bad", fState, text, nearest(text, allWords(siteStates)))
	case state == "closed":
		r.hint("site.closed", fState, text)
	case state == "paused":
		r.hint("site.paused", fState, text)
	}
	return state
}

// siteUnit resolves who runs a site.
func (t *taking) siteUnit(r *row, kind string) string {
	id := t.unit(r, fUnit)
	if id == "" && !r.wrongAt(fUnit) && kind != "carrier" && kind != "platform" {
		r.mistake("unit.missing", fUnit, "")
	}
	return id
}

// hosts reads further hosts.
func (r *row) hosts() []string {
	var all []string
	for _, part := range splitAddresses(r.raw(fHosts)) {
		host := strings.ToLower(narrow(part))
		if u, err := url.Parse(host); err == nil && u.Host != "" {
			host = u.Host
		}
		host = strings.TrimSuffix(host, "/")
		if !validHost(&url.URL{Host: host}) {
			r.mistake("host.bad", fHosts, part)
			continue
		}
		all = append(all, host)
	}
	return all
}

// system reads the CMS.
func (r *row) system(t *taking, e *entry) {
	text := strings.ToLower(r.text(fCMS))
	if text == "" {
		return
	}
	if id, ok := t.systems[text]; ok {
		e.set("cms", id)
		return
	}
	var known []string
	for name := range t.systems {
		known = append(known, name)
	}
	slices.Sort(known)
	r.mistake("cms.unknown", fCMS, text, nearest(text, known))
}

// matchSite finds the carrier of the configuration that an entry is, or gives it
// an ID.
func (t *taking) matchSite(r *row, e *entry, ids map[string]firstRow) {
	id, home := r.text(fID), e.keys["home"]
	if id != "" && !idForm.MatchString(id) {
		r.mistake("id.bad", fID, id)
		id = ""
	}
	e.old = t.knownSite(r, e, id)
	e.id = e.old
	if e.old == "" {
		e.id = t.siteID(id, home)
	}
	if e.id == "" {
		return
	}
	if first, twice := ids[e.id]; twice && !r.wrong {
		if id != "" {
			r.mistake("id.twice", fID, id, itoa(first.row))
		} else {
			r.mistake("home.twice", fHome, r.raw(fHome), itoa(first.row), first.name)
		}
		return
	}
	ids[e.id] = firstRow{r.r.Number, e.name}
	t.siteIDs[e.id] = true
}

// knownSite finds the carrier that an entry is: by its code, else by its ID, else by
// its home page. What does not agree is a mistake. It is "" for a new one.
func (t *taking) knownSite(r *row, e *entry, id string) string {
	code, home := e.keys["code"], e.keys["home"]
	byCode := t.siteBy(code, func(c inventory.Carrier) bool { return c.Code == code })
	byID := t.siteBy(id, func(c inventory.Carrier) bool { return c.ID == id })
	byHome := t.siteBy(home, func(c inventory.Carrier) bool { return c.Home != "" && canonicalHome(c.Home) == canonicalHome(home) })
	other := func(c, of inventory.Carrier) bool { return c.ID != "" && c.ID != of.ID }
	switch {
	case byCode.ID != "":
		if other(byHome, byCode) {
			r.mistake("home.taken", fHome, home, byHome.Name)
		} else if byHome.ID == "" && home != "" && byCode.Home != "" && e.name != "" && compact(byCode.Name) != compact(e.name) {
			r.mistake("code.other-site", fCode, code, byCode.Name)
		}
		if other(byID, byCode) {
			r.mistake("id.taken", fID, id, byID.Name)
		}
		return byCode.ID
	case byID.ID != "":
		if other(byHome, byID) {
			r.mistake("home.taken", fHome, home, byHome.Name)
		}
		return byID.ID
	}
	return byHome.ID
}

// siteBy returns the last carrier that a test accepts, the zero one where the value
// that it asks for is not given.
func (t *taking) siteBy(value string, test func(inventory.Carrier) bool) (found inventory.Carrier) {
	if value == "" {
		return found
	}
	for _, c := range t.city.Carriers {
		if test(c) {
			found = c
		}
	}
	return found
}

// siteID makes an ID for a new carrier: what the list says, else of its host,
// else, where another has that, of its path.
func (t *taking) siteID(given, home string) string {
	if given != "" && given != "none" && given != "account" {
		return given
	}
	id := hostStem(home)
	taken := func(id string) bool { return t.siteIDs[id] }
	if u := parsed(home); u != nil && taken(id) {
		if first, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/"); idOf(first) != "" && !taken(idOf(first)) {
			return idOf(first)
		}
	}
	if id == "" {
		return ""
	}
	return unused(id, taken)
}
