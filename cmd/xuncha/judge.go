package main

import (
	"fmt"
	"slices"
	"time"

	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/registers"
	"xuncha/rules"
	"xuncha/store"
)

// A judged city is a result with all it rests on.
type judged struct {
	setup
	found  []inventory.Entry // the registers it was judged with
	round  store.Round
	result rules.Result
	config string // digest of the configuration in force, "" where that is the round's
}

// judge judges a city at a point, by default the end of the newest finished
// round. What was planned comes from the round; what is asked of it, the rule
// set, the registers and the form of the notice, from the configuration in
// force, or from the round's where config is "". So does what units handed in,
// which the office may have checked since. What was imported of other bodies'
// findings counts beside the registers of the configuration.
func judge(st *store.Store, config, at string) (judged, error) {
	var now *setup
	if config != "" {
		s, err := loadSetup(config)
		if err != nil {
			return judged{}, err
		}
		now = &s
	}
	return judgeBy(st, now, at)
}

// judgeBy judges by a configuration that is loaded, or by the round's for nil.
func judgeBy(st *store.Store, now *setup, at string) (judged, error) {
	return judgeAsOf(st, now, at, 0)
}

// judgeAsOf is judgeBy with the registers as they were after an import, as
// [store.Store.Register] counts them.
func judgeAsOf(st *store.Store, now *setup, at string, imports int) (judged, error) {
	round, point, err := roundAt(st, at)
	if err != nil {
		return judged{}, err
	}
	files, err := st.Files(round.ID)
	if err != nil {
		return judged{}, fmt.Errorf("configuration of round %s: %w", round.ID, err)
	}
	s, err := parseSetup(files)
	if err != nil {
		return judged{}, fmt.Errorf("configuration of round %s:\n%w", round.ID, err)
	}
	j := judged{round: round}
	if now != nil {
		s, j.config = inForce(s, *now), now.city.Digest
	}
	rows, err := st.Register(registers.Superior, imports)
	if err != nil {
		return judged{}, err
	}
	found := append(slices.Clone(s.city.Registers), registers.Entries(rows)...)
	result, err := patrol.Judge(st, s.city, s.set, found, point)
	if err != nil {
		return judged{}, err
	}
	j.setup, j.found, j.result = s, found, result
	return j, nil
}

// inForce is the round's inventory under the rules of a configuration.
func inForce(s, now setup) setup {
	s.set, s.city.Registers, s.city.Report, s.city.People, s.city.Submissions = now.set, now.city.Registers, now.city.Report, now.city.People, now.city.Submissions
	s.city.Calendar = now.city.Calendar
	s.city.Simulated = s.city.Simulated || now.city.Simulated
	return s
}

// roundAt finds the round whose inventory was in force at a point: the newest
// finished one that began before the point, or by the day after it.
func roundAt(st *store.Store, at string) (store.Round, time.Time, error) {
	rounds, err := st.Rounds()
	if err != nil {
		return store.Round{}, time.Time{}, err
	}
	var point time.Time
	if at != "" {
		if point, err = parseMoment(at); err != nil {
			return store.Round{}, time.Time{}, usage("--at: %w", err)
		}
	}
	if err := notYet(rounds, point); err != nil {
		return store.Round{}, point, err
	}
	for _, r := range rounds {
		if r.State != store.Finished {
			continue
		}
		if point.IsZero() {
			return r, r.Finished, nil
		}
		if r.Started.Before(point.Add(24 * time.Hour)) {
			return r, point, nil
		}
	}
	if len(rounds) > 0 && !point.IsZero() {
		return store.Round{}, point, fmt.Errorf("%w by %s", errNoRound, at)
	}
	return store.Round{}, point, errNoRound
}

// notYet refuses a point that nobody can have seen: after now, and after every
// round, which in a simulation may lie in any year.
func notYet(rounds []store.Round, point time.Time) error {
	latest := time.Now()
	for _, r := range rounds {
		if r.Simulated {
			latest = time.Time{}
		}
	}
	for _, r := range rounds {
		if end := r.Started.Add(48 * time.Hour); end.After(latest) {
			latest = end
		}
	}
	if point.After(latest.Add(24 * time.Hour)) {
		return usage("--at %s lies in the future: name a point that has been looked at", point.Format(time.DateOnly))
	}
	return nil
}
