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

// A refusal is what is wrong with a fact, if it is.
type refusal struct {
	wrong bool
	says  string
}

// first returns the first of refusals that hold, nil if none does.
func first(all ...refusal) error {
	for _, r := range all {
		if r.wrong {
			return errors.New(r.says)
		}
	}
	return nil
}

// fits refuses keys that mean nothing for a kind of subject.
func (f fact) fits(kind inventory.SubjectKind) error {
	switch kind {
	case inventory.KindSection:
		if f.publishes() || f.Newest.given() || f.Unreadable != "" || f.Rendered || f.Titled != "" || f.ofAccount() {
			return errors.New("a section can be absent or called otherwise, nothing else")
		}
		return nil
	case inventory.KindSite:
		if f.publishes() || f.Titled != "" {
			return errors.New("a home page can have a newest day or be unreadable, nothing else")
		}
	}
	of := func(only inventory.SubjectKind, given bool) bool { return given && kind != only }
	return first(
		refusal{of(inventory.KindColumn, f.Rendered), "only a column can be rendered"},
		refusal{of(inventory.KindColumn, f.Linked != ""), "only a column's items can be linked otherwise"},
		refusal{f.Absent || f.Called != "", "only a section can be absent or called otherwise"},
		refusal{of(inventory.KindAccount, f.Renamed != ""), "only an account can be renamed"},
		refusal{of(inventory.KindAccount, f.ofAccount()), "only an account can be verified, have a pinned post or be closed"},
	)
}

// publishes reports whether a fact says how its subject publishes, beyond the
// newest day.
func (f fact) publishes() bool {
	return f.From.given() || f.Before.given() || f.Items != nil || f.OnlyYear || f.Every > 0 || f.Empty
}

// ofAccount reports whether a fact says what only accounts have.
func (f fact) ofAccount() bool {
	return f.Renamed != "" || f.Verified != "" || f.Pinned || f.Closed != "" || f.ClosedOn.given()
}

// faultsOf lists in which ways a subject can be unreadable.
func faultsOf(kind inventory.SubjectKind) []fault {
	if kind != inventory.KindAccount {
		return faults()
	}
	return append(faults(), mediaFaults()...)
}

// order refuses days that contradict each other.
func (f fact) order() error {
	newest, items := f.Newest.given(), f.Items != nil
	if err := first(
		refusal{f.Empty && (newest || f.From.given() || items), "empty, and yet with items"},
		refusal{newest && items, "newest beside items; the newest of items is enough"},
		refusal{f.Before.given() && !items, "before without items; say newest"},
		refusal{f.ClosedOn.given() && f.Closed == "", "closed_on without closed"},
		refusal{f.OnlyYear && !newest, "only_year without newest"},
		refusal{f.From.notAfter(f.Newest), "from is not after newest"},
	); err != nil {
		return err
	}
	for _, d := range f.Items {
		if d.notAfter(f.Before) || f.From.notAfter(d) {
			return fmt.Errorf("item %s is not between before and from", d)
		}
	}
	return nil
}

// notAfter reports whether d, if both are given, does not lie after another day.
func (d factDay) notAfter(other factDay) bool {
	return d.given() && other.given() && d.day() <= other.day()
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
