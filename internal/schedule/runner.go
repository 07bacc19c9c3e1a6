package schedule

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// A Clock is the clock of the wall, or one that stands for it.
type Clock interface {
	Now() time.Time

	// Sleep returns once ctx is done, or the clock shows a moment, or when it
	// likes before.
	Sleep(ctx context.Context, until time.Time)
}

// Wall is the machine's clock.
type Wall struct{}

// Now is the time in Beijing.
func (Wall) Now() time.Time { return time.Now().In(beijing) }

// longest is the longest sleep: whatever the wall's clock does meanwhile is then
// noticed.
const longest = time.Minute

// Sleep waits, a minute at most.
func (Wall) Sleep(ctx context.Context, until time.Time) {
	timer := time.NewTimer(max(0, min(time.Until(until), longest)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// A Job is something to do at the times of a line.
type Job struct {
	Name  string // unique
	Group string // jobs of one group never run at once; "" is a group of its own

	// When is its line. It is asked before each decision, and may change.
	When func() Spec

	// Held, if set and true, keeps it from being begun.
	Held func() bool

	// Run does it for one of its times. Where it fails it is tried again, at
	// longer and longer intervals, until its next time has come. Once ctx is done
	// what it returns does not matter: the job has not run.
	Run func(ctx context.Context, slot time.Time) error
}

// A Mark is what is remembered of a job.
type Mark struct {
	// Slot is the newest of its times that it has run for or need not run for,
	// by Line.
	Slot time.Time `json:"slot"`
	Line string    `json:"line"`

	// Ran are the last times that it ran for, which it never does again: a clock
	// that was wrong and is right again comes past them once more.
	Ran []time.Time `json:"ran,omitempty"`

	Began time.Time `json:"began,omitzero"` // the last run
	Ended time.Time `json:"ended,omitzero"`
	Good  time.Time `json:"good,omitzero"` // the last end without an error
	Error string    `json:"error,omitempty"`
}

// Marks keep what a Runner remembers beyond its process.
type Marks interface {
	// Load returns a job's mark, the zero Mark for one that never ran.
	Load(job string) (Mark, error)
	Store(job string, m Mark) error
}

// A Runner runs jobs.
type Runner struct {
	clock Clock
	marks Marks
	log   *slog.Logger
	woken chan struct{} // holds a token where something has changed

	keeping sync.Mutex // held while a mark is written: the newest must win

	mu      sync.Mutex // never held while anything is written: whoever asks for the status waits for it
	jobs    []*scheduled
	busy    map[string]bool // by group
	changed chan struct{}   // closed and replaced when a group is free
}

// A scheduled job is one with what is known of it; guarded by Runner.mu.
type scheduled struct {
	Job
	mark    Mark
	running bool
	fails   int       // in a row
	again   time.Time // not before, after a failure
}

// A Status is how a job stands.
type Status struct {
	Name string
	Line string
	Mark
	Next    time.Time // zero for never
	Running bool
}

// NewRunner makes a runner of jobs and remembers what they have run for.
func NewRunner(clock Clock, marks Marks, log *slog.Logger, jobs ...Job) (*Runner, error) {
	r := &Runner{clock: clock, marks: marks, log: log, woken: make(chan struct{}, 1), busy: map[string]bool{}, changed: make(chan struct{})}
	for _, j := range jobs {
		m, err := marks.Load(j.Name)
		if err != nil {
			return nil, fmt.Errorf("mark of job %s: %w", j.Name, err)
		}
		j.Group = cmp.Or(j.Group, "job "+j.Name)
		r.jobs = append(r.jobs, &scheduled{Job: j, mark: m})
	}
	return r, nil
}

// Run runs jobs as they fall due until ctx is done, and returns once all of them
// have ended.
func (r *Runner) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	for ctx.Err() == nil {
		r.sleep(ctx, r.begin(ctx, &running))
	}
}

// Wake has the runner look at once at what is due, as after a change of a line.
func (r *Runner) Wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// Do runs something in a group out of schedule, as soon as nothing else of the
// group runs, and returns when it is done.
func (r *Runner) Do(ctx context.Context, group string, run func(context.Context) error) error {
	for {
		r.mu.Lock()
		taken, changed := r.busy[group], r.changed
		r.busy[group] = true
		r.mu.Unlock()
		if !taken {
			defer r.free(group)
			return run(ctx)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Status is how the jobs stand, in the order they were given.
func (r *Runner) Status() []Status {
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]Status, len(r.jobs))
	for i, j := range r.jobs {
		line := j.When()
		all[i] = Status{Name: j.Name, Line: line.String(), Mark: j.mark, Running: j.running}
		if !line.IsZero() {
			all[i].Next = line.Next(now)
		}
	}
	return all
}

// free ends the use of a group.
func (r *Runner) free(group string) {
	r.mu.Lock()
	delete(r.busy, group)
	close(r.changed)
	r.changed = make(chan struct{})
	r.mu.Unlock()
	r.Wake()
}

// begin starts what is due and may run, and says until when there is nothing to
// do.
func (r *Runner) begin(ctx context.Context, running *sync.WaitGroup) (until time.Time) {
	var moved []*scheduled
	defer func() {
		for _, j := range moved {
			r.keep(j)
		}
	}()
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	until = now.Add(24 * time.Hour)
	for _, j := range r.jobs {
		line := j.When()
		slot, due := j.due(line, now, func(j *scheduled) { moved = append(moved, j) })
		switch {
		case due && j.again.After(now) && j.again.Sub(now) <= slowest: // else the clock has gone back
			until = earlier(until, j.again)
		case due && !j.running && !r.busy[j.Group] && (j.Held == nil || !j.Held()):
			j.running, r.busy[j.Group] = true, true
			j.mark.Began, j.mark.Ended = now, time.Time{}
			running.Go(func() { r.run(ctx, j, slot, line) })
		case due:
			until = earlier(until, now.Add(longest)) // it waits for others, or is held
		}
		if !line.IsZero() {
			until = earlier(until, line.Next(now))
		}
	}
	return until
}

// back is how far a mark may lie ahead of the clock and be believed: a clock that
// was put back by an hour must not run a night twice. One that lies further ahead
// was made while the clock was wrong.
const back = 2 * time.Hour

// due says which of a job's times it has to run for. What a new job or a new line
// would have had to do before is passed over.
func (j *scheduled) due(line Spec, now time.Time, moved func(*scheduled)) (slot time.Time, due bool) {
	if line.IsZero() {
		return time.Time{}, false
	}
	slot = line.Last(now)
	if j.mark.Slot.IsZero() || j.mark.Line != line.String() || j.mark.Slot.Sub(now) > back {
		j.mark.Slot, j.mark.Line = slot, line.String()
		moved(j)
	}
	ran := slices.ContainsFunc(j.mark.Ran, slot.Equal)
	return slot, slot.After(j.mark.Slot) && !ran
}

// keep keeps a job's mark as it stands. A mark that cannot be kept is still known to this
// process; the next process then runs the job once more.
func (r *Runner) keep(j *scheduled) {
	r.keeping.Lock()
	defer r.keeping.Unlock()
	r.mu.Lock()
	mark := j.mark
	r.mu.Unlock()
	if err := r.marks.Store(j.Name, mark); err != nil {
		r.log.Warn("a job's mark was not kept", "job", j.Name, "error", err)
	}
}

// remembered is how many times a job's mark holds.
const remembered = 16

// Intervals after failures.
const (
	quickest = time.Minute
	slowest  = time.Hour
)

// run runs a job for one of its times.
func (r *Runner) run(ctx context.Context, j *scheduled, slot time.Time, line Spec) {
	defer r.free(j.Group)
	if r.ran(ctx, j, slot, line, j.Run(ctx, slot)) {
		r.keep(j)
	}
}

// ran notes what a run of a job came to, and reports whether there is anything to keep.
func (r *Runner) ran(ctx context.Context, j *scheduled, slot time.Time, line Spec, err error) bool {
	now := r.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	j.running, j.mark.Ended, j.mark.Error = false, now, ""
	switch {
	case ctx.Err() != nil: // the next process goes on with it
		return false
	case err != nil:
		j.mark.Error = err.Error()
		j.again = now.Add(min(quickest<<min(j.fails, 10), slowest))
		j.fails++
		r.log.Error("a job failed", "job", j.Name, "error", err)
	default:
		j.mark.Slot, j.mark.Line, j.mark.Good = slot, line.String(), now
		j.mark.Ran = append(slices.Clone(j.mark.Ran[max(0, len(j.mark.Ran)-remembered+1):]), slot)
		j.again, j.fails = time.Time{}, 0
	}
	return true
}

// sleep waits until there may be something to do.
func (r *Runner) sleep(ctx context.Context, until time.Time) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		r.clock.Sleep(ctx, until)
	}()
	select {
	case <-r.woken:
		cancel()
	case <-slept:
	}
	<-slept
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
