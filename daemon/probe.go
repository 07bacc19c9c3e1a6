package daemon

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
)

// defaultWithin is how long a knock may take where no indicator says.
const defaultWithin = 15 * time.Second

// probesKept is how long knocks are kept: a year's notices can be gone back to.
const probesKept = 400 * 24 * time.Hour

// knocksAtOnce bounds the knocks that are out at once.
const knocksAtOnce = 16

// lateKnock is how much later than planned a knock may be made. What the machine
// slept through is not made up for: the clause wants visits that are spread.
const lateKnock = 10 * time.Minute

// A knocked is one knock as the daemon remembers it.
type knocked struct {
	site string
	at   time.Time
	came rules.Came
}

// A plannedKnock is one knock of a slot.
type plannedKnock struct {
	home inventory.Subject
	at   time.Time
}

// probe knocks at the home page of every site, as often a day as the city wants:
// once in each slot of the day, in an order that chance decides, in the middle half
// of the slot. So there is a pause of half a slot at least between two knocks at
// one site, and who fails with whom is chance.
func (d *Daemon) probe(ctx context.Context) {
	var k door
	defer func() { k.close() }()
	for ctx.Err() == nil {
		now := d.Clock.Now()
		setup := d.Setup()
		perDay := setup.City.Schedule.Probes
		if perDay == 0 || d.held() {
			d.sleep(ctx, time.Minute)
			continue
		}
		start, length := slotOf(now, perDay)
		if err := k.open(d, setup, start); err != nil {
			d.Log.Error("knocks cannot be prepared", "error", err)
			d.sleep(ctx, 10*time.Minute)
			continue
		}
		d.slot(ctx, k.knocker, d.plan(setup, start, length))
		d.sleepUntil(ctx, start.Add(length))
	}
}

// slotOf is the slot of the Beijing day that holds a moment.
func slotOf(now time.Time, perDay int) (start time.Time, length time.Duration) {
	length = 24 * time.Hour / time.Duration(perDay)
	day := extract.DayOf(now)
	return day.Add(now.Sub(day) / length * length), length
}

// A door is the crawler by which is knocked. It is made anew with each
// configuration, and each day: what it knows of robots.txt must not grow old.
type door struct {
	knocker Knocker
	hangUp  func()
	config  string
	day     time.Time
}

func (k *door) open(d *Daemon, s Setup, slot time.Time) error {
	if day := extract.DayOf(slot); k.knocker == nil || k.config != s.City.Digest || !k.day.Equal(day) {
		knocker, hangUp, err := d.Knocker(s, cmp.Or(patrol.Within(s.Set), defaultWithin))
		if err != nil {
			return err
		}
		k.close()
		*k = door{knocker, hangUp, s.City.Digest, day}
	}
	return nil
}

func (k *door) close() {
	if k.hangUp != nil {
		k.hangUp()
	}
}

// plan orders the sites that have not been knocked at in a slot.
func (d *Daemon) plan(s Setup, start time.Time, length time.Duration) []plannedKnock {
	homes := patrol.Homes(s.City, start)
	done := map[string]bool{}
	if kept, err := patrol.ProbesOf(d.Store).Between(start, start.AddDate(0, 0, 1)); err == nil {
		for site, probes := range kept {
			done[site] = slices.ContainsFunc(probes, func(p rules.Probe) bool { return !p.At.Before(start) })
		}
	}
	now := d.Clock.Now()
	var planned []plannedKnock
	for place, i := range rand.Perm(len(homes)) {
		at := start.Add(length/4 + length/2*time.Duration(place)/time.Duration(len(homes)))
		if !done[homes[i].ID] && now.Sub(at) <= lateKnock {
			planned = append(planned, plannedKnock{homes[i], at})
		}
	}
	return planned
}

// slot makes the knocks of a slot and returns when all have been answered.
func (d *Daemon) slot(ctx context.Context, k Knocker, planned []plannedKnock) {
	var out sync.WaitGroup
	defer out.Wait()
	room := make(chan struct{}, knocksAtOnce)
	for _, p := range planned {
		d.sleepUntil(ctx, p.at)
		if ctx.Err() != nil {
			return
		}
		if d.Clock.Now().Sub(p.at) > lateKnock {
			continue
		}
		room <- struct{}{}
		out.Go(func() {
			defer func() { <-room }()
			d.knock(ctx, k, p.home)
		})
	}
}

// knock knocks once and keeps what came of it.
func (d *Daemon) knock(ctx context.Context, k Knocker, home inventory.Subject) {
	defer d.hold()()
	page, err := k.Knock(ctx, home)
	if err != nil || ctx.Err() != nil {
		return
	}
	probe := patrol.ProbeOf(page, d.Clock.Now())
	d.mu.Lock()
	d.knocked = append(d.knocked[max(0, len(d.knocked)-lastKnocks+1):], knocked{home.ID, probe.At, probe.Came})
	d.mu.Unlock()
	if err := patrol.ProbesOf(d.Store).Keep(home.ID, probe); err != nil {
		d.Log.Warn("a knock was not kept", "site", home.ID, "error", d.noted(err))
	}
}

// lastKnocks is by how many knocks our own network is judged.
const lastKnocks = 20

// sleepUntil waits until the clock shows a moment.
func (d *Daemon) sleepUntil(ctx context.Context, until time.Time) {
	for ctx.Err() == nil && d.Clock.Now().Before(until) {
		d.Clock.Sleep(ctx, until)
	}
}

// LastKnock is when a home page was last knocked at by this process, the zero time
// for never.
func (d *Daemon) LastKnock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.knocked) == 0 {
		return time.Time{}
	}
	return d.knocked[len(d.knocked)-1].at
}

// Knocks are the knocks at a site on the days from one on up to another, as far as
// they say something of it: what may have been our own network is untold.
func (d *Daemon) Knocks(site string, from, to time.Time) ([]rules.Probe, error) {
	all, err := patrol.ProbesOf(d.Store).Between(from, to)
	if err != nil {
		return nil, err
	}
	return rules.Settled(d.Setup().City, all, site), nil
}
