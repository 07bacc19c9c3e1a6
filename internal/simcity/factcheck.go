package simcity

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"xuncha/inventory"
)

// check reports what is wrong with a fact about a subject of a kind.
func (f fact) check(kind inventory.SubjectKind) error {
	for _, d := range append([]factDay{f.Newest, f.From, f.Before, f.ClosedOn}, f.Items...) {
		if err := d.check(); err != nil {
			return err
		}
	}
	if known := faultsOf(kind); f.Unreadable != "" && !slices.Contains(known, f.Unreadable) {
		return fmt.Errorf("unknown kind of unreadable %q; known are %v", f.Unreadable, known)
	}
	if f.Closed != "" && !slices.Contains(closures(), f.Closed) {
		return fmt.Errorf("closed: unknown %q; known are %v", f.Closed, closures())
	}
	if f.Every < 0 {
		return errors.New("every: want at least 1 day")
	}
	if err := f.fits(kind); err != nil {
		return err
	}
	return f.order()
}

// fits refuses keys that mean nothing for a kind of subject.
func (f fact) fits(kind inventory.SubjectKind) error {
	items := f.Newest.given() || f.From.given() || f.Before.given() || f.Items != nil || f.OnlyYear || f.Every > 0 || f.Empty
	switch kind {
	case inventory.KindSection:
		if items || f.Unreadable != "" || f.Renamed != "" {
			return errors.New("a section can be absent or called otherwise, nothing else")
		}
		return nil
	case inventory.KindSite:
		if f.From.given() || f.Before.given() || f.Items != nil || f.OnlyYear || f.Every > 0 || f.Empty {
			return errors.New("a home page can have a newest day or be unreadable, nothing else")
		}
	}
	if f.Rendered && kind != inventory.KindColumn {
		return errors.New("only a column can be rendered")
	}
	if f.Absent || f.Called != "" {
		return errors.New("only a section can be absent or called otherwise")
	}
	if f.Renamed != "" && kind != inventory.KindAccount {
		return errors.New("only an account can be renamed")
	}
	if (f.Verified != "" || f.Pinned || f.Closed != "" || f.ClosedOn.given()) && kind != inventory.KindAccount {
		return errors.New("only an account can be verified, have a pinned post or be closed")
	}
	return nil
}

// faultsOf lists in which ways a subject can be unreadable.
func faultsOf(kind inventory.SubjectKind) []fault {
	if kind != inventory.KindAccount {
		return faults()
	}
	return append(faults(), faultCaptcha, faultLogin, faultVisitor, faultFrequency, faultOldList, faultEmpty, faultNoUser, faultExpired)
}

// order refuses days that contradict each other.
func (f fact) order() error {
	switch {
	case f.Empty && (f.Newest.given() || f.From.given() || f.Items != nil):
		return errors.New("empty, and yet with items")
	case f.Newest.given() && f.Items != nil:
		return errors.New("newest beside items; the newest of items is enough")
	case f.Before.given() && f.Items == nil:
		return errors.New("before without items; say newest")
	case f.ClosedOn.given() && f.Closed == "":
		return errors.New("closed_on without closed")
	case f.OnlyYear && !f.Newest.given():
		return errors.New("only_year without newest")
	case f.From.given() && f.Newest.given() && f.From.day() <= f.Newest.day():
		return errors.New("from is not after newest")
	}
	for _, d := range f.Items {
		if f.Before.given() && d.day() <= f.Before.day() || f.From.given() && d.day() >= f.From.day() {
			return fmt.Errorf("item %s is not between before and from", d)
		}
	}
	return nil
}

// subjectKinds lists everything that a fact can be about.
func subjectKinds(city *inventory.City) map[string]inventory.SubjectKind {
	kinds := map[string]inventory.SubjectKind{}
	for _, c := range city.Carriers {
		kinds[c.ID] = inventory.KindSite
		for _, col := range c.Columns {
			kinds[col.ID] = inventory.KindColumn
		}
		for _, s := range c.Sections {
			kinds[s.ID] = inventory.KindSection
		}
	}
	for _, a := range city.Accounts {
		kinds[a.ID()] = inventory.KindAccount
	}
	return kinds
}

// hostNames lists every host the city has.
func hostNames(city *inventory.City) map[string]bool {
	names := map[string]bool{}
	add := func(address string) {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			names[strings.ToLower(u.Hostname())] = true
		}
	}
	for _, c := range city.Carriers {
		add(c.Home)
		for _, col := range c.Columns {
			for _, address := range col.URLs {
				add(address)
			}
		}
	}
	for _, a := range city.Accounts {
		add(a.Feed)
		for _, s := range a.Sources {
			if s.Kind == "feed" {
				add(s.URL)
			}
		}
		if a.UID == "" {
			continue
		}
		for _, m := range mediaOf(a.Platform) {
			names[m.host] = true
		}
	}
	return names
}
