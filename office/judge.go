package office

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/registers"
	"xuncha/rules"
	"xuncha/store"
)

// ErrNoRound says that nothing has been crawled to its end.
var ErrNoRound = errors.New("no finished round to judge")

// ErrAhead marks a point that nobody can have seen.
var ErrAhead = errors.New("lies in the future: name a point that has been looked at")

// A Judged city is a result with all it rests on.
type Judged struct {
	Setup
	Found  []inventory.Entry // the registers it was judged with
	Round  store.Round
	Result rules.Result
	Config string // digest of the configuration in force, "" where that is the round's
}

// Judge judges a city at a point, the zero time for the end of the newest
// finished round. What was planned comes from the round; what is asked of it, the
// rule set, the registers and the form of the notice, from the configuration in
// force, or from the round's where that is nil. So does what units handed in,
// which the office may have checked since. What was imported of other bodies'
// findings counts beside the registers of the configuration.
func Judge(st *store.Store, inForce *Setup, point, now time.Time) (Judged, error) {
	round, point, err := RoundAt(st, point, now)
	if err != nil {
		return Judged{}, err
	}
	return JudgeRound(st, inForce, round, point, 0)
}

// JudgeRound judges the inventory of a round at a point, as [Judge] does, with the
// registers as they were after an import, as [store.Store.Register] counts them.
func JudgeRound(st *store.Store, inForce *Setup, round store.Round, point time.Time, imports int) (Judged, error) {
	files, err := st.Files(round.ID)
	if err != nil {
		return Judged{}, fmt.Errorf("configuration of round %s: %w", round.ID, err)
	}
	s, err := Parse(files)
	if err != nil {
		return Judged{}, fmt.Errorf("configuration of round %s:\n%w", round.ID, err)
	}
	j := Judged{Round: round}
	if inForce != nil {
		s, j.Config = s.under(*inForce), inForce.City.Digest
	}
	rows, err := st.Register(registers.Superior, imports)
	if err != nil {
		return Judged{}, err
	}
	found := append(slices.Clone(s.City.Registers), registers.Entries(rows)...)
	result, err := patrol.Judge(st, s.City, s.Set, found, point)
	if err != nil {
		return Judged{}, err
	}
	j.Setup, j.Found, j.Result = s, found, result
	return j, nil
}

// under is a round's inventory under the rules of a configuration.
func (s Setup) under(now Setup) Setup {
	s.Set, s.City.Registers, s.City.Report, s.City.People, s.City.Submissions = now.Set, now.City.Registers, now.City.Report, now.City.People, now.City.Submissions
	s.City.Calendar = now.City.Calendar
	s.City.Simulated = s.City.Simulated || now.City.Simulated
	return s
}

// RoundAt finds the round whose inventory was in force at a point: the newest
// finished one that began before the point, or by the day after it. The zero time
// is the end of the newest. A point that nobody can have seen by now is
// [ErrAhead].
func RoundAt(st *store.Store, point, now time.Time) (store.Round, time.Time, error) {
	rounds, err := st.Rounds()
	if err != nil {
		return store.Round{}, time.Time{}, err
	}
	if err := notYet(rounds, point, now); err != nil {
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
	return store.Round{}, point, ErrNoRound
}

// notYet refuses a point that nobody can have seen: after now, and after every
// round, which in a simulation may lie in any year.
func notYet(rounds []store.Round, point, now time.Time) error {
	latest := now
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
		return Mistake{&Saying{
			Text: fmt.Sprintf("监测时间点%s尚未到来；请选择已巡查过的时间点", point.In(extract.Beijing).Format(time.DateOnly)),
			Err:  fmt.Errorf("%s %w", point.Format(time.DateOnly), ErrAhead),
		}}
	}
	return nil
}
