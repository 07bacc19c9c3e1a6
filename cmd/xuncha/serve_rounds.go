package main

import (
	"errors"
	"time"

	"xuncha/console"
	"xuncha/daemon"
	"xuncha/extract"
	"xuncha/rules"
	"xuncha/store"
)

// fillRounds shows the daemon's rounds and lets people ask for some.
func (s *service) fillRounds(cfg *console.Config) error {
	r := rounds{s.daemon, s.store}
	cfg.Rounds, cfg.Patrols, cfg.Progress = r, r, r
	return nil
}

// rounds are what the console asks of the daemon about rounds.
type rounds struct {
	daemon *daemon.Daemon
	store  *store.Store
}

// Rounds are all rounds, the one that began last first.
func (r rounds) Rounds() ([]console.Round, error) {
	kept, err := r.store.Rounds()
	if err != nil {
		return nil, err
	}
	asked, err := r.daemon.AskedFor()
	if err != nil {
		return nil, err
	}
	all := make([]console.Round, len(kept))
	for i, round := range kept {
		all[i] = roundOf(round, asked[round.ID])
	}
	return all, nil
}

// roundOf adds to a round what the daemon knows of it. How much was planned is told
// without the plan: a round that has ended has looked at all of it.
func roundOf(round store.Round, asked daemon.Asked) console.Round {
	plan := len(round.Planned)
	if plan == 0 && round.State == store.Finished {
		plan = round.Read + round.Failed
	}
	return console.Round{Round: round, By: asked.By, Chosen: asked.Chosen, Plan: plan}
}

// Round is one round with what became of its subjects.
func (r rounds) Round(id string) (console.RoundSeen, error) {
	round, err := r.store.Round(id)
	if err != nil {
		return console.RoundSeen{}, err
	}
	asked, err := r.daemon.AskedFor()
	if err != nil {
		return console.RoundSeen{}, err
	}
	hosts, err := r.daemon.Hosts(id)
	if err != nil {
		return console.RoundSeen{}, err
	}
	seen := console.RoundSeen{Round: roundOf(round, asked[id]), Hosts: spans(hosts)}
	until := round.Finished
	if until.IsZero() {
		until = round.Started.Add(48 * time.Hour)
	}
	for _, subject := range round.Planned {
		if err := r.add(&seen, subject, until); err != nil {
			return console.RoundSeen{}, err
		}
	}
	return seen, nil
}

// add adds what became of one subject in a round.
func (r rounds) add(seen *console.RoundSeen, subject string, until time.Time) error {
	for sum, err := range r.store.History(subject, until) {
		switch {
		case err != nil:
			return err
		case sum.At.Before(seen.Started):
			return nil
		case sum.Round != seen.ID:
		case sum.Look > 1:
			seen.Again++
		case sum.Outcome == extract.Unread:
			snap, err := r.store.Load(sum)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			seen.Failures = append(seen.Failures, console.RoundFailure{Subject: subject, Reason: sum.Reason, Detail: snap.Reading.Detail})
		}
	}
	return nil
}

func spans(hosts []daemon.HostRun) []console.HostSpan {
	all := make([]console.HostSpan, len(hosts))
	for i, h := range hosts {
		all[i] = console.HostSpan(h)
	}
	return all
}

// Visits are the knocks at a site.
func (r rounds) Visits(site string, from, to time.Time) ([]rules.Probe, error) {
	return r.daemon.Knocks(site, from, to)
}

// Under is the round under way.
func (r rounds) Under() (u console.Under, ok bool, moved <-chan struct{}) {
	moved = r.daemon.Moved() // before it is looked: what happens meanwhile is news
	p, ok := r.daemon.Progress()
	return console.Under{
		Round: p.Round, By: p.By, Chosen: p.Chosen, Began: p.Began, Planned: p.Planned, Done: p.Done, Read: p.Read, Unread: p.Unread, Again: p.Again,
		Reasons: p.Reasons, Hosts: spans(p.Hosts), Waiting: p.Waiting, HostsWaiting: p.HostsWaiting, Paused: p.Paused, Stopping: p.Stopping,
	}, ok, moved
}

// Begin asks for a round.
func (r rounds) Begin(by string, globs []string) error {
	return inWords(r.daemon.RunNow(by, globs))
}

// Again asks for another look at subjects.
func (r rounds) Again(by string, ids []string) error {
	return inWords(r.daemon.LookAgain(by, ids))
}

// Cancel ends the round under way.
func (r rounds) Cancel(string) bool { return r.daemon.Cancel() }

// Waiting are the rounds that wait.
func (r rounds) Waiting() []console.WaitingRound {
	var all []console.WaitingRound
	for _, w := range r.daemon.Waiting() {
		all = append(all, console.WaitingRound(w))
	}
	return all
}

// Withdraw takes back a round that waits.
func (r rounds) Withdraw(_, id string) (bool, error) { return r.daemon.Withdraw(id) }

// inWords says why a round is not begun.
func inWords(err error) error {
	switch {
	case errors.Is(err, daemon.ErrBusy):
		return say("已有巡查或备份在进行，请等它结束", "a round or a backup is under way: wait until it ends")
	case errors.Is(err, daemon.ErrClock):
		return say("系统时间早于已留存的内容，不能巡查；请先校准系统时间", "the clock is behind what has been kept, and no round can be made: set the clock first")
	case errors.Is(err, daemon.ErrMany):
		return say("排队的巡查已太多，请等几批结束", "too many rounds wait: wait until some have ended")
	case errors.Is(err, store.ErrFull):
		return say("磁盘已满，未能安排；请腾出磁盘空间后重试", "the disk is full and nothing was arranged: free some space and try again")
	case errors.Is(err, daemon.ErrNobody):
		return say("没有这样的对象；编号如 fgw、fgw/tzgg、xxgk/czj/*", "there is no such subject; IDs are like fgw, fgw/tzgg, xxgk/czj/*")
	}
	return err
}
