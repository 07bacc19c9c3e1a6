package notify

import (
	"context"
	"errors"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// Deliver sends what may be sent at a moment and returns when there will be more
// to do, zero if nothing waits. The messages of a channel go in the order in which
// they came, so one that is not taken holds up those behind it, and no others. A test
// passes them all, and the quiet hours; a channel that takes it is tried at once.
func (o *Outbox) Deliver(ctx context.Context, m inventory.Messages, now time.Time) (next time.Time, err error) {
	loose, err := o.deliverLoose(ctx, m, now)
	if err != nil {
		return time.Time{}, err
	}
	entries, err := o.Entries()
	if err != nil {
		return time.Time{}, err
	}
	d := delivery{Outbox: o, settings: m, now: now, next: loose, quiet: quietUntil(m, now), anew: o.again(), held: map[string]bool{}, inMinute: map[string]int{}, oldest: map[string]time.Time{}}
	for _, e := range entries {
		if ago := now.Sub(e.Sent); e.State == Sent && ago >= 0 && ago < time.Minute {
			d.took(e.Channel, e.Sent)
		}
	}
	for _, tests := range []bool{true, false} {
		for _, e := range entries {
			if ctx.Err() != nil {
				return d.next, errors.Join(d.failed, ctx.Err())
			}
			if e.Test != tests {
				continue
			}
			if err := d.deliver(ctx, e); err != nil {
				return d.next, errors.Join(d.failed, err)
			}
		}
	}
	return d.next, d.failed
}

// A delivery is one pass through the outbox.
type delivery struct {
	*Outbox
	settings inventory.Messages
	now      time.Time
	quiet    time.Time       // until when nothing is delivered, zero for now
	anew     map[string]bool // channels that are tried whenever they were to be
	next     time.Time       // when there is more to do, zero if nothing waits
	failed   error           // what could not be kept, and keeps nothing else from being sent

	held     map[string]bool // channels that nothing more goes to
	inMinute map[string]int
	oldest   map[string]time.Time // of the minute
}

// took notes that a channel has taken a message.
func (d *delivery) took(channel string, at time.Time) {
	d.inMinute[channel]++
	if d.oldest[channel].IsZero() || at.Before(d.oldest[channel]) {
		d.oldest[channel] = at
	}
}

// later notes that a message waits until a moment, and all behind it with it.
func (d *delivery) later(e Entry, until time.Time) {
	if d.next.IsZero() || until.Before(d.next) {
		d.next = until
	}
	if !e.Test {
		d.held[e.Channel] = true
	}
}

// deliver does what there is to do about one entry.
func (d *delivery) deliver(ctx context.Context, e Entry) error {
	to, known := channelNamed(d.settings, e.Channel)
	switch {
	case e.State == Sent || e.State == GivenUp:
		if d.now.Sub(e.Made) > remember {
			d.failed = errors.Join(d.failed, d.forget(e))
		}
		return nil
	case d.held[e.Channel]:
		return nil
	case d.now.Sub(e.Made) > giveUp && (!known || e.Tries >= leastTries):
		e.State = GivenUp
		d.log.Error("a message was not taken for a week and is given up", "channel", e.Channel, "title", e.Title, "fault", e.Fault)
		d.failed = errors.Join(d.failed, d.keep(e))
		return nil
	case !known:
		d.later(e, d.now.Add(lastRetry)) // it may come back with the next configuration
		return nil
	case !d.quiet.IsZero() && !e.Test:
		d.later(e, d.quiet)
		return nil
	case e.Next.After(d.now) && e.Next.Sub(d.now) <= lastRetry && !d.anew[e.Channel]: // else the clock has gone back
		d.later(e, e.Next)
		return nil
	case d.inMinute[e.Channel] >= to.PerMinute:
		d.later(e, d.oldest[e.Channel].Add(time.Minute))
		return nil
	}
	fault, err := d.try(ctx, to, &e, d.now)
	switch {
	case err != nil:
		return err
	case fault == nil:
		d.took(e.Channel, d.now)
		d.anew[e.Channel] = d.anew[e.Channel] || e.Test
	case !e.Test:
		d.later(e, e.Next)
		return nil
	}
	return nil
}

// try sends one message. That it is being sent is kept first: whoever finds it so
// knows that it may have been taken.
func (o *Outbox) try(ctx context.Context, to inventory.Channel, e *Entry, now time.Time) (fault, err error) {
	again := e.State == Sending || e.Doubt
	e.State = Sending
	if err := o.keep(*e); err != nil {
		return nil, err
	}
	fault = o.sender.Send(ctx, to, e.Message, again)
	e.Tries++
	var partly *PartlyError
	took := fault == nil || errors.As(fault, &partly)
	if took {
		o.tried(e.Channel, nil)
	} else {
		o.tried(e.Channel, fault)
	}
	if took {
		e.State, e.Sent, e.Fault, e.Doubt, e.Next = Sent, now, "", false, time.Time{}
		if partly != nil {
			e.Fault = partly.Error()
			o.log.Warn("not everybody took a message", "channel", e.Channel, "title", e.Title, "error", partly)
		}
		return nil, o.keep(*e)
	}
	e.State, e.Fault, e.Doubt = Waiting, fault.Error(), again || errors.Is(fault, ErrDoubt)
	if e.Test { // who asked sees why, and asks again
		e.State = GivenUp
		o.log.Warn("a test was not taken", "channel", e.Channel, "error", fault)
		return fault, o.keep(*e)
	}
	e.Next = now.Add(min(firstRetry<<min(e.Tries-1, 10), lastRetry))
	o.log.Warn("a message was not taken and will be sent again", "channel", e.Channel, "title", e.Title, "error", fault, "next", e.Next)
	return fault, o.keep(*e)
}

func channelNamed(m inventory.Messages, name string) (inventory.Channel, bool) {
	for _, c := range m.Channels {
		if c.Name == name {
			return c, true
		}
	}
	return inventory.Channel{}, false
}

// quietUntil returns when the quiet hours end that a moment lies in, zero if it
// lies in none.
func quietUntil(m inventory.Messages, now time.Time) time.Time {
	if m.From == m.To {
		return time.Time{}
	}
	day := extract.DayOf(now)
	for _, begin := range []time.Time{day.AddDate(0, 0, -1), day} {
		from, to := begin.Add(m.From), begin.Add(m.To)
		if m.To <= m.From {
			to = begin.AddDate(0, 0, 1).Add(m.To)
		}
		if !now.Before(from) && now.Before(to) {
			return to
		}
	}
	return time.Time{}
}
