package patrol

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/store"
)

// A Queue hands out the hosts to visit; the hosts of a platform are one to it.
// Implementations are safe for concurrent use.
type Queue interface {
	// Claim leases one host with all its subjects to the caller. Two leases
	// never share a host or a platform. It returns ErrExhausted once nothing is waiting.
	Claim(ctx context.Context) (crawler.Job, error)

	// Done ends a lease. One that never ends, because the process died, is
	// handed out again by the next round.
	Done(job crawler.Job) error
}

// ErrExhausted says that a queue holds no more hosts.
var ErrExhausted = errors.New("no more hosts")

// jobs groups subjects by host, the longest job first: the slowest host decides
// how long a round takes, so it starts at once.
func jobs(subjects []inventory.Subject, fresh bool) []crawler.Job {
	return grouped(subjects, fresh, func(s inventory.Subject) string { return s.Host })
}

// platformJobs groups the subjects that are asked of a platform by that, and
// returns the others.
func platformJobs(subjects []inventory.Subject, manners []crawler.Manner, fresh bool) (all []crawler.Job, rest []inventory.Subject) {
	of := func(s inventory.Subject) string {
		for _, m := range manners {
			if m.Owns(s.Host) {
				return m.Name
			}
		}
		return ""
	}
	var asked []inventory.Subject
	for _, s := range subjects {
		if of(s) == "" {
			rest = append(rest, s)
		} else {
			asked = append(asked, s)
		}
	}
	return grouped(asked, fresh, of), rest
}

// grouped groups subjects by a key, in their order, the longest job first.
func grouped(subjects []inventory.Subject, fresh bool, key func(inventory.Subject) string) []crawler.Job {
	at := map[string]int{}
	var all []crawler.Job
	for _, s := range subjects {
		i, ok := at[key(s)]
		if !ok {
			i = len(all)
			at[key(s)] = i
			all = append(all, crawler.Job{Host: s.Host, Fresh: fresh})
		}
		all[i].Subjects = append(all[i].Subjects, s)
	}
	slices.SortStableFunc(all, func(a, b crawler.Job) int { return cmp.Compare(len(b.Subjects), len(a.Subjects)) })
	return all
}

// localQueue is the queue of one machine.
type localQueue struct {
	mu   sync.Mutex // guards jobs
	jobs []crawler.Job
}

func (q *localQueue) Claim(context.Context) (crawler.Job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) == 0 {
		return crawler.Job{}, ErrExhausted
	}
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	return job, nil
}

func (q *localQueue) Done(crawler.Job) error { return nil }

func (q *localQueue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.jobs)
}

// look has every subject visited once and its snapshot kept, and returns once
// every goroutine it started has stopped: nil when all is done or the context
// is, else the first failure of our own storage. A platform has a worker of its
// own, because it has its worker wait most of the time: that holds up nobody else.
func (p *planned) look(parent context.Context, subjects []inventory.Subject, look int) error {
	if len(subjects) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	slow, rest := platformJobs(subjects, crawler.MannersOf(p.City), look > 1)
	list := jobs(rest, look > 1)
	for i := range list {
		list[i].Picture = p.Picture && look > 1
	}
	platforms, hosts := &localQueue{jobs: slow}, &localQueue{jobs: list}
	p.waiting = func() int { return platforms.waiting() + hosts.waiting() }
	visits := make(chan crawler.Visit, batch)

	var workers, keeper sync.WaitGroup
	start := func(n int, queue Queue) {
		for range n {
			workers.Go(func() {
				if err := p.work(ctx, queue, visits); err != nil {
					cancel(err)
				}
			})
		}
	}
	start(len(platforms.jobs), platforms)
	start(min(p.City.Crawl.Workers, len(hosts.jobs)), hosts)
	keeper.Go(func() {
		if err := p.keepAll(visits, look); err != nil {
			cancel(err)
			for range visits { // a worker must never wait for a keeper that has given up
			}
		}
	})
	workers.Wait()
	close(visits)
	keeper.Wait()
	if parent.Err() == nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// work visits one host at a time. A page that cannot be fetched is an ordinary
// visit, kept like any other.
func (p *planned) work(ctx context.Context, queue Queue, visits chan<- crawler.Visit) error {
	for {
		job, err := queue.Claim(ctx)
		switch {
		case ctx.Err() != nil, errors.Is(err, ErrExhausted):
			return nil
		case err != nil:
			return fmt.Errorf("claim a host: %w", err)
		}
		err = p.Visitor.Crawl(ctx, job, func(v crawler.Visit) error { return deliver(ctx, visits, v) })
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("crawl %s: %w", job.Host, err)
		}
		if err := queue.Done(job); err != nil {
			return fmt.Errorf("finish %s: %w", job.Host, err)
		}
	}
}

// deliver hands a visit to the keeper. One that is done is kept as long as there is
// room for it, even if the round is just being stopped.
func deliver(ctx context.Context, visits chan<- crawler.Visit, v crawler.Visit) error {
	select {
	case visits <- v:
		return nil
	default:
	}
	select {
	case visits <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// batch bounds the snapshots of one transaction, and gather the time it waits
// for them: a commit costs the same for one as for many, and what waits for it
// is held in memory and not yet acknowledged.
const (
	batch  = 128
	gather = 200 * time.Millisecond
)

// keepAll keeps visits in the order they come, a batch at a time, until the
// channel is closed. What was visited is kept even while the round is being
// stopped.
func (p *planned) keepAll(visits <-chan crawler.Visit, look int) error {
	for v := range visits {
		snaps := p.gather(v, visits, look)
		digests, err := p.Keeper.Keep(snaps)
		if err != nil {
			return fmt.Errorf("keep %s: %w", snaps[0].Subject, err)
		}
		for i, s := range snaps {
			p.tell(s, digests[i])
		}
	}
	return nil
}

// gather takes what arrives within a moment of the first visit.
func (p *planned) gather(first crawler.Visit, visits <-chan crawler.Visit, look int) []store.Snapshot {
	snaps := []store.Snapshot{p.snapshot(first, look)}
	timer := time.NewTimer(gather)
	defer timer.Stop()
	for len(snaps) < batch {
		select {
		case v, ok := <-visits:
			if !ok {
				return snaps
			}
			snaps = append(snaps, p.snapshot(v, look))
		case <-timer.C:
			return snaps
		}
	}
	return snaps
}

// tell reports one kept snapshot.
func (p *planned) tell(s store.Snapshot, digest string) {
	if s.Look == 1 {
		p.done++
	}
	if p.Tell == nil {
		return
	}
	e := Event{Round: s.Round, Subject: s.Subject, Digest: digest, Look: s.Look, Outcome: s.Reading.Outcome, Done: p.done, Planned: len(p.all), Waiting: p.waiting()}
	if s.Reading.Outcome == extract.Unread {
		e.Reason = s.Reading.Reason
	}
	p.Tell(e)
}
