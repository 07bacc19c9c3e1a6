package main

import (
	"errors"
	"fmt"
	"time"

	"xuncha/inventory"
	bureau "xuncha/office"
	"xuncha/rules"
	"xuncha/store"
)

// A judged city is a result with all it rests on.
type judged struct {
	setup
	found  []inventory.Entry // the registers it was judged with
	round  store.Round
	result rules.Result
	office bureau.Judged // the same
}

// judge judges a city at a point, by default the end of the newest finished
// round, by the configuration in force, or by the round's where config is "".
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
	point, err := parsePoint(at)
	if err != nil {
		return judged{}, err
	}
	j, err := bureau.Judge(st, now.inForce(), point, time.Now())
	return judgedAs(j), atPoint(st, at, err)
}

// judgeRound judges the inventory of a round at a point, as judgeBy does.
func judgeRound(st *store.Store, now *setup, round store.Round, point time.Time) (judged, error) {
	j, err := bureau.JudgeRound(st, now.inForce(), round, point, 0)
	return judgedAs(j), err
}

// inForce is a configuration to judge by, nil for that of the round.
func (s *setup) inForce() *bureau.Setup {
	if s == nil {
		return nil
	}
	o := s.office()
	return &o
}

// judgedAs is a judged city as commands use it.
func judgedAs(j bureau.Judged) judged {
	return judged{setup: setup{city: j.City, set: j.Set}, found: j.Found, round: j.Round, result: j.Result, office: j}
}

// parsePoint reads a monitoring point, zero for "".
func parsePoint(at string) (point time.Time, err error) {
	if at == "" {
		return point, nil
	}
	if point, err = parseMoment(at); err != nil {
		return point, usage("--at: %w", err)
	}
	return point, nil
}

// atPoint says of which point an error is.
func atPoint(st *store.Store, at string, err error) error {
	switch {
	case errors.Is(err, bureau.ErrAhead):
		return usage("--at %w", err)
	case errors.Is(err, bureau.ErrNoRound) && at != "":
		if rounds, listErr := st.Rounds(); listErr == nil && len(rounds) > 0 {
			return fmt.Errorf("%w by %s", err, at)
		}
	}
	return err
}
