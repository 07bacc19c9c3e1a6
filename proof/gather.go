package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// A listed is one file of a configuration, as a round keeps it.
type listed struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// gather takes from an archive what a pack is derived from.
func gather(a Archive, o Order) (*kept, error) {
	p, err := report.NewProof(o.City, o.RuleSet, o.Round, o.Result, o.Subject, nil)
	if err != nil {
		return nil, err
	}
	k := &kept{bodies: map[string][]byte{}, manifest: Manifest{
		Version: manifestVersion, Kind: "xuncha-proof", Form: formVersion, Simulated: p.Simulated, Subject: p.Subject, Point: o.Result.Point, Round: o.Round.ID,
	}}
	if err := k.choose(p, o.Indicator); err != nil {
		return nil, err
	}
	if o.Case != nil && k.manifest.Finding != "" {
		if k.history, err = o.Case(k.manifest.Finding); err != nil {
			return nil, err
		}
	}
	var ids []string
	k.basis, ids = newBasis(o.City, o.Registers, o.Round, p.Subject)
	if err := k.configuration(a, o.Round.ID); err != nil {
		return nil, err
	}
	for _, id := range bearing(ids, k.basis, p.Subject) {
		looks, err := o.Looks(id)
		if err != nil {
			return nil, err
		}
		if err := k.gatherLooks(a, id, looks); err != nil {
			return nil, err
		}
	}
	return k, k.gatherNights(a)
}

// choose finds the finding that is asked for.
func (k *kept) choose(p report.Proof, indicator string) error {
	for _, f := range p.Findings {
		if indicator == "" || f.Indicator == indicator {
			k.manifest.Indicator, k.manifest.Finding = f.Indicator, f.ID
			return nil
		}
	}
	if indicator != "" {
		var have []string
		for _, f := range p.Findings {
			have = append(have, f.Indicator)
		}
		return fmt.Errorf("%w by %q; its findings: %s", ErrNoFinding, indicator, strings.Join(have, ", "))
	}
	return nil
}

// configuration takes over the list of a round's files and its rule sets.
func (k *kept) configuration(a Archive, round string) error {
	files, err := a.Files(round)
	if err != nil {
		return err
	}
	list := make([]listed, 0, len(files))
	for _, f := range files {
		list = append(list, listed{f.Name, digestOf(f.Data)})
		if strings.HasPrefix(f.Name, "rulesets/") {
			k.rules = append(k.rules, f)
		}
	}
	k.list, err = json.Marshal(list)
	return err
}

// gatherLooks takes over the looks at one subject.
func (k *kept) gatherLooks(a Archive, subject string, looks []rules.Look) error {
	wanted := map[string]bool{}
	for _, l := range looks {
		wanted[l.Digest] = true
	}
	var found []look
	for sum, err := range a.History(subject, time.Time{}) {
		if err != nil {
			return err
		}
		if len(wanted) == 0 {
			break
		}
		if !wanted[sum.Digest] {
			continue
		}
		delete(wanted, sum.Digest)
		l, err := k.gatherLook(a, sum)
		if err != nil {
			return fmt.Errorf("look %s: %w", sum.Digest, err)
		}
		found = append(found, l)
	}
	if len(wanted) > 0 {
		return fmt.Errorf("%d looks at %s: %w", len(wanted), subject, store.ErrNotFound)
	}
	slices.Reverse(found)
	for _, l := range found {
		k.manifest.Looks = append(k.manifest.Looks, l.Kept)
	}
	k.looks = append(k.looks, found...)
	return nil
}

// gatherLook takes over one look with the bytes it rests on.
func (k *kept) gatherLook(a Archive, sum store.Summary) (look, error) {
	record, err := a.Record(sum)
	if err != nil {
		return look{}, err
	}
	var names struct {
		ReadingSHA256 string `json:"reading_sha256"`
	}
	if err := json.Unmarshal(record, &names); err != nil {
		return look{}, err
	}
	var reading []byte
	if names.ReadingSHA256 != "" {
		if reading, err = a.Body(names.ReadingSHA256); err != nil {
			return look{}, err
		}
	}
	l, err := newLook(Kept{Subject: sum.Subject, Digest: sum.Digest, Round: sum.Round}, record, reading)
	if err != nil {
		return look{}, err
	}
	for _, p := range l.snap.Pages {
		if p.SHA256 == "" || k.bodies[p.SHA256] != nil {
			continue
		}
		if k.bodies[p.SHA256], err = a.Body(p.SHA256); err != nil {
			return look{}, err
		}
	}
	switch place, err := a.Place(sum); {
	case errors.Is(err, store.ErrNotFound): // its round runs, or ended before nights were sealed
	case err != nil:
		return look{}, err
	default:
		l.Place = &place
	}
	return l, nil
}

// gatherNights takes over the nights from the first to the last that the pack
// rests on, without a gap.
func (k *kept) gatherNights(a Archive) error {
	all, err := a.Nights()
	if err != nil {
		return err
	}
	first, last := len(all), -1
	for i, n := range all {
		rests := n.Round == k.manifest.Round || slices.ContainsFunc(k.looks, func(l look) bool { return l.Round == n.Round })
		if rests {
			first, last = min(first, i), i
		}
	}
	if last >= 0 {
		k.nights = all[first : last+1]
	}
	for _, n := range k.nights {
		if n.Round == k.manifest.Round && n.Files != digestOf(k.list) {
			return fmt.Errorf("the configuration of round %s is not the one that was sealed: %w", n.Round, store.ErrDamaged)
		}
	}
	return nil
}

// set reads the rule set from the files of the pack.
func (k *kept) set() (*rules.RuleSet, error) {
	return rules.Parse(k.rules, k.basis.City.RuleSet)
}

// ofList reports whether the list of a configuration holds a file as it is.
func (k *kept) ofList(f inventory.File) bool {
	var list []listed
	if json.NewDecoder(bytes.NewReader(k.list)).Decode(&list) != nil {
		return false
	}
	return slices.Contains(list, listed{f.Name, digestOf(f.Data)})
}
