package patrol

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// ProbeOf says what a knock at a home page came to. What turns us away, and what
// may be a fault of ours, says nothing of whether the site opens.
func ProbeOf(p extract.Page, at time.Time) rules.Probe {
	probe := rules.Probe{At: at, URL: p.Asked, Came: rules.Untold, Status: p.Status, Class: p.Class, Detail: p.Detail, Took: p.Took}
	switch p.Class {
	case "":
		probe.Came = rules.Opened
	case extract.ClassDNSNotFound, extract.ClassDNSTemporary, extract.ClassDNSTimeout, extract.ClassRefused, extract.ClassReset,
		extract.ClassTimeout, extract.ClassTooSlow, extract.ClassUnreachable, extract.ClassCutBody:
		probe.Came = rules.Shut
	case extract.ClassStatus5xx:
		if p.Status != 0 { // else it was robots.txt that failed, and the page was not asked for
			probe.Came = rules.Shut
		}
	}
	if probe.Came == rules.Opened {
		probe.Detail = ""
	}
	return probe
}

// Probes are the knocks that are kept, on a shelf of the store: a record for each
// site and day.
type Probes struct{ shelf store.Shelf }

// ProbesOf returns the probes that a store keeps.
func ProbesOf(s Shelves) Probes { return Probes{s.Shelf("probes")} }

// Shelves is what has shelves: a store.
type Shelves interface {
	Shelf(name string) store.Shelf
}

func probesKey(site string, day time.Time) string {
	return day.In(extract.Beijing).Format(time.DateOnly) + " " + site
}

// Keep keeps a knock at a site.
func (p Probes) Keep(site string, probe rules.Probe) error {
	key := probesKey(site, probe.At)
	return p.shelf.Update(func(tx store.ShelfTx) error {
		var day []rules.Probe
		if kept := tx.Get(key); kept != nil {
			if err := json.Unmarshal(kept, &day); err != nil {
				return fmt.Errorf("probes %s: %w", key, err)
			}
		}
		value, err := json.Marshal(append(day, probe))
		if err != nil {
			return fmt.Errorf("probes %s: %w", key, err)
		}
		return tx.Put(key, value)
	})
}

// Between returns the knocks of the Beijing days from one on up to another, which
// is not included, by site and in the order they were kept.
func (p Probes) Between(from, to time.Time) (map[string][]rules.Probe, error) {
	all := map[string][]rules.Probe{}
	end := to.In(extract.Beijing).Format(time.DateOnly)
	for r, err := range p.shelf.Walk("", from.In(extract.Beijing).Format(time.DateOnly)) {
		if err != nil {
			return nil, err
		}
		if r.Key >= end {
			break
		}
		_, site, _ := strings.Cut(r.Key, " ")
		var day []rules.Probe
		if err := json.Unmarshal(r.Value, &day); err != nil {
			return nil, fmt.Errorf("probes %s: %w", r.Key, err)
		}
		all[site] = append(all[site], day...)
	}
	return all, nil
}

// Drop lets go of the knocks of the days before one.
func (p Probes) Drop(before time.Time) error {
	end := before.In(extract.Beijing).Format(time.DateOnly)
	var gone []string
	for r, err := range p.shelf.Walk("", "") {
		if err != nil {
			return err
		}
		if r.Key >= end {
			break
		}
		gone = append(gone, r.Key)
	}
	if len(gone) == 0 {
		return nil
	}
	return p.shelf.Update(func(tx store.ShelfTx) error {
		for _, key := range gone {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
}

// probesAt returns the knocks that bear on a point: those of the whole days before
// it that the rule set's indicators ask for. A History without shelves has none.
func probesAt(h History, set *rules.RuleSet, point time.Time) (map[string][]rules.Probe, error) {
	kept, ok := h.(Shelves)
	days := 0
	for _, ind := range set.Indicators {
		if ind.Kind == rules.KindAccess {
			days = max(days, ind.Window.Days)
		}
	}
	if !ok || days == 0 {
		return nil, nil
	}
	end := extract.DayOf(point)
	return ProbesOf(kept).Between(end.AddDate(0, 0, -days), end)
}

// Within is how long a knock may take before it has failed, by the rule set; 0
// where no indicator asks for it.
func Within(set *rules.RuleSet) time.Duration {
	for _, ind := range set.Indicators {
		if ind.Kind == rules.KindAccess {
			return time.Duration(ind.Seconds) * time.Second
		}
	}
	return 0
}

// Homes are the sites of a city that can be knocked at.
func Homes(city *inventory.City, now time.Time) []inventory.Subject {
	var homes []inventory.Subject
	for _, s := range city.Subjects(now) {
		if s.Kind == inventory.KindSite && len(s.Task.URLs) > 0 {
			homes = append(homes, s)
		}
	}
	return homes
}
