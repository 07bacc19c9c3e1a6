package intake

import (
	"slices"
	"strings"

	"xuncha/inventory"
)

// readAccounts reads lists of accounts.
func (t *taking) readAccounts(tables []*table) []*entry {
	t.sites = newSiteNames(t.city, t.names)
	known := map[string]inventory.Account{}
	for _, a := range t.city.Accounts {
		known[a.Code] = a
	}
	var all []*entry
	codes, uids, each := map[string]firstRow{}, map[string]firstRow{}, map[string]string{}
	for r := range t.rows(tables) {
		e := &entry{kind: Accounts, row: r, keys: map[string]string{}}
		all = append(all, e)
		code := r.accountCode(fCode)
		e.id = code
		e.set("code", code)
		e.name = r.properName(fName)
		e.set("name", e.name)
		if _, ok := known[code]; ok {
			e.old = code
		}
		p := t.platform(r, code)
		e.set("platform", string(p))
		e.set("unit", t.accountUnit(r, e.old != ""))
		if supervisor := t.unit(r, fSupervisor); supervisor != e.keys["unit"] {
			e.set("supervisor", supervisor)
		}
		e.set("owner", r.name(fOwner))
		home := r.address(fHome, nil)
		e.set("home", home)
		e.set("feed", r.address(fFeed, nil))
		e.set("album", r.identity(fAlbum))
		t.accountUID(r, e, p, home)
		r.accountState(e)
		r.area(code)
		if on, said := r.truth(fMonitor); said && !on {
			r.hint("account.off", fMonitor, r.raw(fMonitor))
		}
		once(r, fCode, "account.twice", codes, code, e.name)
		if e.keys["uid"] != "" {
			once(r, fUID, "uid.twice", uids, string(p)+" "+e.keys["uid"], e.name)
		}
		if unit := e.keys["unit"]; unit != "" && p != "" {
			if first := each[unit+" "+string(p)]; first != "" {
				r.hint("account.repeated", fName, e.name, platformName(p), first)
			} else {
				each[unit+" "+string(p)] = e.name
			}
		}
	}
	return all
}

// platform reads where an account posts: what the list says, else what the
// letters of its code are known to mean. Both must agree.
func (t *taking) platform(r *row, code string) inventory.Platform {
	byLetters := inventory.Platform("")
	letters := ""
	if parts, err := inventory.ParseAccountCode(code); err == nil {
		letters = parts.Letters
		byLetters = t.letters[letters]
	}
	word, detail := r.text(fPlatform), r.text(fPlatName)
	stated, ok := t.platformNamed(word)
	more, okMore := t.platformNamed(detail)
	switch {
	case word == "" && detail == "":
		if byLetters == "" && !r.wrong {
			r.mistake("platform.missing", fPlatform, "")
		}
		return byLetters
	case ok && okMore && stated != more:
		r.mistake("platform.two", fPlatName, detail, platformName(stated), platformName(more))
		return ""
	case !ok && okMore && (word == "" || digitsForm.MatchString(word) || word == "其他"):
		stated = more
	case !ok && word != "":
		r.mistake("platform.unknown", fPlatform, word, nearest(strings.ToLower(word), allWords(platformWords)))
		return ""
	case !ok:
		r.mistake("platform.unknown", fPlatName, detail, nearest(strings.ToLower(detail), allWords(platformWords)))
		return ""
	}
	if byLetters != "" && stated != byLetters && t.seenLetters[letters] {
		r.mistake("account.letters", fCode, code, platformName(byLetters), platformName(stated))
		return ""
	}
	return stated
}

// platformNamed finds the platform that a word or the letters of codes mean.
func (t *taking) platformNamed(word string) (inventory.Platform, bool) {
	if word == "" {
		return "", false
	}
	if p, ok := t.letters[strings.ToUpper(word)]; ok {
		return p, true
	}
	return lookup(platformWords, word)
}

// accountUnit resolves who runs an account: by name, else by the code of the
// site that the unit runs, else by the name of the 账号主体.
//
// An account that is configured keeps its unit where the list names none.
func (t *taking) accountUnit(r *row, configured bool) string {
	byCode := ""
	if text := r.text(fUnitCode); text != "" {
		switch lower := strings.ToLower(text); {
		case lostDigits(r.cell(fUnitCode), text) == "power":
			r.mistake("unit-code.power", fUnitCode, text)
		case !unitCodeForm.MatchString(lower):
			r.mistake("unit-code.shape", fUnitCode, text)
		default:
			if c, ok := t.city.Carrier(t.sites.byCode[lower]); ok {
				byCode = c.Unit
			}
		}
	}
	if r.raw(fUnit) != "" || r.wrongAt(fUnit) {
		id := t.unit(r, fUnit)
		if byCode != "" && id != "" && byCode != id {
			r.mistake("unit-code.disagree", fUnitCode, r.text(fUnitCode), byCode, id)
		}
		return id
	}
	if byCode != "" {
		return byCode
	}
	if owner := r.name(fOwner); owner != "" {
		if found := t.names.find(owner); len(found) == 1 {
			return found[0]
		}
		if t.implicit {
			return t.unit(r, fOwner)
		}
	}
	if !r.wrongAt(fUnitCode) && !configured {
		r.mistake("unit.missing", fUnit, "")
	}
	return ""
}

// identity reads what a platform calls something by.
func (r *row) identity(f field) string {
	text := r.text(f)
	switch lost := lostDigits(r.cell(f), text); lost {
	case "power", "rounded", "point":
		r.mistake("uid."+lost, f, text)
		return ""
	}
	return text
}

// accountUID reads what the platform calls the account by, or finds it in the
// address of its page.
func (t *taking) accountUID(r *row, e *entry, p inventory.Platform, home string) {
	uid := r.identity(fUID)
	if uid == "" && p == inventory.Wechat {
		uid = r.identity(fWechat)
	}
	profile := t.profiles[p]
	if profile.UIDLike != nil && uid != "" && uid != t.values(Accounts, e.old)["uid"] && profile.UIDLike.FindString(uid) != uid {
		r.mistake("uid.shape", fUID, uid, platformName(p), profile.UIDLike.String())
		return
	}
	if whose := t.platformOf(hostOf(home)); whose != "" && whose != p && p != "" && p != inventory.Other {
		r.mistake("page.platform", fHome, home, platformName(whose), platformName(p))
	}
	shown := uidShown(profile, home)
	switch {
	case uid != "" && shown != "" && uid != shown && p != inventory.Wechat && p != inventory.Douyin:
		r.mistake("uid.home", fUID, uid, shown)
	case uid == "" && shown == "" && r.has(fUID) && !r.wrongAt(fUID) && !slices.Contains([]inventory.Platform{inventory.App, inventory.MiniApp, inventory.Other, inventory.Channels}, p):
		r.hint("account.no-uid", fUID, "")
	case uid == "" && shown != "":
		r.hint("account.uid-from", fHome, shown)
		uid = shown
	}
	e.set("uid", uid)
}

// platformOf returns the platform that a host is one of, or below one of; "" for
// none.
func (t *taking) platformOf(host string) inventory.Platform {
	for _, p := range t.city.Platforms {
		if slices.ContainsFunc(p.Manner.Hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) }) {
			return p.ID
		}
	}
	return ""
}

// uidShown is what the address of an account's page shows it to be called by, ""
// for nothing.
func uidShown(p inventory.PlatformProfile, home string) string {
	for _, re := range p.UIDIn {
		if m := re.FindStringSubmatch(home); m != nil {
			return m[1]
		}
	}
	return ""
}

// accountState reads the registered state and its first day.
func (r *row) accountState(e *entry) {
	text := r.text(fState)
	since := r.date(fSince)
	if text == "" {
		return
	}
	state, ok := lookup(accountStates, text)
	if !ok {
		r.mistake("account-state.bad", fState, text, nearest(text, allWords(accountStates)))
		return
	}
	e.set("state", string(state))
	e.set("since", since)
}

// area compares the area that the list states with that of the code.
func (r *row) area(code string) {
	text := r.text(fArea)
	if areaForm.MatchString(text) && len(code) > 6 && areaForm.MatchString(code[:6]) && code[:4] != text[:4] {
		r.mistake("area.bad", fArea, text, code[:6])
	}
}
