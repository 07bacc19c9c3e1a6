package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// accountForms reads accounts.yaml; a city may have none.
func (a *assembly) accountForms() {
	f, ok := a.file(accountsFile)
	if !ok {
		return
	}
	forms := &[]accountForm{}
	d := a.decode(f, forms)
	a.faulty[accountsFile] = d.broken
	for i := range *forms {
		a.account(d, &(*forms)[i])
	}
	a.done(d)
}

// account makes one account. Its sources are known later.
func (a *assembly) account(d *decoder, form *accountForm) {
	a.unique(d, "新媒体标识码", form.Code, &form.Code)
	acc := Account{
		Code: form.Code, Platform: form.Platform, Name: form.Name, Unit: a.unit(d, form.Unit, &form.Unit),
		Supervisor: a.unit(d, form.Supervisor, &form.Supervisor), Owner: form.Owner, UID: form.UID, Album: form.Album,
		Home: form.Home, Feed: form.Feed, FeedWhole: form.FeedWhole, Kinds: form.Sources, States: states(d, form),
	}
	for _, p := range []*string{&form.Feed, &form.Home} {
		if *p == "" {
			continue
		}
		if _, message, hint := absolute(nil, *p); message != "" {
			d.report(message, hint, p)
		}
	}
	if form.FeedWhole && form.Feed == "" {
		d.report("feed_whole speaks of a feed, and there is none", "name the feed, or take feed_whole away", &form.FeedWhole)
	}
	checkKinds(d, form)
	a.checkCode(d, form, acc)
	a.identify(d, form, &acc)
	a.city.Accounts = append(a.city.Accounts, acc)
}

// states makes the registered states of an account, in order of time.
func states(d *decoder, form *accountForm) []AccountSpell {
	if !d.has(&form.States) {
		return []AccountSpell{{State: cmp.Or(form.State, StateNormal), From: form.Since}}
	}
	switch {
	case form.State != "" || !form.Since.IsZero():
		d.report("states holds all states, and there is a state beside it", "write it into states, with its first day", &form.State, &form.Since)
	case len(form.States) == 0:
		d.report("states is an empty list", "give it a state, or take the key away", &form.States)
		return []AccountSpell{{State: StateNormal}}
	}
	var all []AccountSpell
	for i := range form.States {
		s := &form.States[i]
		if i > 0 {
			switch before := form.States[i-1].From; {
			case s.From.IsZero() && !d.has(&s.From):
				d.report("the state has no first day", "only the first state may have none: it holds since ever", s)
			case !s.From.IsZero() && !s.From.After(before):
				d.report(fmt.Sprintf("the state begins on %s, not after the one above it", s.From.Format(time.DateOnly)), "write the states in order of time", &s.From)
			}
		}
		all = append(all, AccountSpell{State: s.State, From: s.From})
	}
	return all
}

// checkKinds reports kinds of sources that stand twice.
func checkKinds(d *decoder, form *accountForm) {
	if d.has(&form.Sources) && len(form.Sources) == 0 {
		d.report("sources is an empty list", "name a kind, or take the key away: all there are are asked then", &form.Sources)
	}
	for i, kind := range form.Sources {
		if kind != "" && slices.Contains(form.Sources[:i], kind) {
			d.report("sources names "+string(kind)+" twice", "keep one", &form.Sources[i])
		}
	}
}

// checkCode compares what a 新媒体标识码 says with what its account says. Only
// letters that notices were seen to use can be wrong; anything else that does not
// agree is for the office to look at.
func (a *assembly) checkCode(d *decoder, form *accountForm, acc Account) {
	code, err := ParseAccountCode(form.Code)
	if err != nil {
		return // reported by its form
	}
	p, known := a.city.byLetters(code.Letters)
	switch {
	case !known || form.Platform == "" || p.ID == form.Platform:
	case slices.Contains(p.Seen, code.Letters):
		d.report("the letters "+code.Letters+" of the code stand for "+string(p.ID)+", not for "+string(form.Platform), "correct the code or the platform", &form.Platform)
	default:
		d.doubt(fmt.Sprintf("%s is %s, but the letters %s are expected to stand for %s", form.Code, form.Platform, code.Letters, p.ID), &form.Code)
	}
	if u, ok := a.city.Unit(acc.Unit); ok && u.District != "" && u.District != code.Area {
		d.doubt(fmt.Sprintf("%s has the area %s, and its unit %s stands in %s", form.Code, code.Area, u.ID, u.District), &form.Code)
	}
}

// byLetters returns the platform that letters of a 新媒体标识码 stand for.
func (c *City) byLetters(letters string) (PlatformProfile, bool) {
	return find(c.Platforms, func(p PlatformProfile) bool { return slices.Contains(p.Letters, letters) })
}

// identify finds out what the platform calls the account by: what its entry says,
// else what the address of its page shows. What no address of the platform is made
// with is kept, but nothing is asked by it: it would be somebody else, or nobody.
func (a *assembly) identify(d *decoder, form *accountForm, acc *Account) {
	p, ok := a.city.Platform(acc.Platform)
	if !ok {
		return
	}
	if acc.UID == "" {
		for _, re := range p.UIDIn {
			if m := re.FindStringSubmatch(acc.Home); len(m) == 2 {
				acc.UID = m[1]
				break
			}
		}
	}
	if acc.UID == "" {
		return
	}
	if !p.names(acc.UID) {
		d.doubt(fmt.Sprintf("uid %s is not what %s calls an account by in its addresses", quoted(acc.UID), p.Name), &form.UID, &form.Code)
		return
	}
	key := string(acc.Platform) + " " + acc.UID
	if first, twice := a.uids[key]; twice {
		d.doubt(fmt.Sprintf("%s has the uid %s, as has %s", acc.Code, acc.UID, first), &form.UID, &form.Code)
		return
	}
	a.uids[key] = acc.Code
}

// names reports whether the platform may call an account by a uid.
func (p PlatformProfile) names(uid string) bool {
	return uid != "" && (p.UIDLike == nil || p.UIDLike.FindString(uid) == uid)
}

// posts reports whether there are posts to be seen on a platform.
func (p Platform) posts() bool { return p != App && p != MiniApp }
