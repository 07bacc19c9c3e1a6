package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/inventory"
	"xuncha/store"
)

// How long a message is tried, and how long what was sent is remembered. A message
// grows old while the program rests, or by a clock that jumps: none is given up
// that was not tried for a day.
const (
	firstRetry = time.Minute
	lastRetry  = 30 * time.Minute
	giveUp     = 7 * 24 * time.Hour
	leastTries = 48
	remember   = 90 * 24 * time.Hour
)

// ErrDoubt marks a failure after which nobody knows whether the message was taken.
var ErrDoubt = errors.New("it may have been taken")

// A Sender hands a message to its channel. An error says that it was not taken;
// it must not hold the channel's address, which is a secret.
type Sender interface {
	// Send sends; again says that the message may have been taken before.
	Send(ctx context.Context, to inventory.Channel, m Message, again bool) error
}

// An Outbox holds messages until they are taken. It is safe for concurrent use,
// but one at a time delivers.
type Outbox struct {
	shelf  store.Shelf
	sender Sender
	log    *slog.Logger
	kick   chan struct{}

	mu    sync.Mutex
	loose []Message        // guarded by mu; those that a full disk has no room for
	said  map[string]bool  // guarded by mu; IDs of those that were sent without being kept
	count map[string]Count // guarded by mu; by channel
	anew  map[string]bool  // guarded by mu; channels that are to be tried at once
}

// A Count is how often a channel took a message, or did not, since the process began.
type Count struct{ Sent, Failed uint64 }

// NewOutbox is the outbox on a shelf.
func NewOutbox(shelf store.Shelf, sender Sender, log *slog.Logger) *Outbox {
	return &Outbox{shelf: shelf, sender: sender, log: log, kick: make(chan struct{}, 1), said: map[string]bool{}, count: map[string]Count{}, anew: map[string]bool{}}
}

// State is where a message is.
type State string

// The states. What was being sent when the process died is Sending still.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Sent    State = "sent"
	GivenUp State = "given-up" // after a week of tries, a test after one
)

// An Entry is a message in the outbox.
type Entry struct {
	Message
	State State     `json:"state"`
	Tries int       `json:"tries"`
	Next  time.Time `json:"next,omitzero"` // not before
	Sent  time.Time `json:"sent,omitzero"`
	Fault string    `json:"fault,omitempty"` // why the last try failed

	// Doubt says that it may have been taken though the last try failed.
	Doubt bool `json:"doubt,omitempty"`

	key string
}

// Keys: "m/" and a number for the entries, in the order in which they came, "id/"
// and an ID for the number of its entry, "last" for the number that came last,
// "told" for the round that was told of last.
const (
	entryPrefix = "m/"
	idPrefix    = "id/"
	lastKey     = "last"
	toldKey     = "told"
)

// Put takes messages over; those whose ID was there before are the same ones and
// change nothing. Once it has returned nil they survive the process, unless the disk
// is full: then they are sent from memory, because that is what they may tell of.
func (o *Outbox) Put(messages ...Message) error {
	fresh, err := o.fresh(messages)
	if err != nil || len(fresh) == 0 { // mostly there is none, and nothing is written
		return err
	}
	err = o.put(nil, fresh)
	if !errors.Is(err, store.ErrFull) {
		return err
	}
	o.mu.Lock()
	o.loose = append(o.loose, fresh...)
	o.mu.Unlock()
	o.wake()
	return nil
}

// fresh are the messages that were never taken over.
func (o *Outbox) fresh(messages []Message) (fresh []Message, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range messages {
		if o.said[m.ID] || slices.ContainsFunc(o.loose, func(l Message) bool { return l.ID == m.ID }) {
			continue
		}
		_, err := o.shelf.Get(idPrefix + m.ID)
		if errors.Is(err, store.ErrNotFound) {
			fresh = append(fresh, m)
		} else if err != nil {
			return nil, fmt.Errorf("outbox: %w", err)
		}
	}
	return fresh, nil
}

// Tell takes over what there is to tell of a round, be it nothing. Told returns it
// from then on, however the process ends.
func (o *Outbox) Tell(t Told, messages ...Message) error { return o.put(&t, messages) }

// Told is what was told of last, the zero Told for nothing.
func (o *Outbox) Told() (t Told, err error) {
	value, err := o.shelf.Get(toldKey)
	if errors.Is(err, store.ErrNotFound) {
		return Told{}, nil
	}
	if err == nil {
		err = json.Unmarshal(value, &t)
	}
	return t, err
}

// put takes messages over, with what they tell of where that is a round.
func (o *Outbox) put(told *Told, messages []Message) error {
	err := o.shelf.Update(func(tx store.ShelfTx) error {
		if told != nil {
			value, err := json.Marshal(told)
			if err == nil {
				err = tx.Put(toldKey, value)
			}
			if err != nil {
				return err
			}
		}
		var last int
		if v := tx.Get(lastKey); v != nil {
			if err := json.Unmarshal(v, &last); err != nil {
				return err
			}
		}
		for _, m := range messages {
			if tx.Get(idPrefix+m.ID) != nil {
				continue
			}
			last++
			key := fmt.Sprintf("%s%012d", entryPrefix, last)
			if err := errors.Join(put(tx, key, Entry{Message: m, State: Waiting}), tx.Put(idPrefix+m.ID, []byte(key))); err != nil {
				return err
			}
		}
		number, err := json.Marshal(last)
		if err != nil {
			return err
		}
		return tx.Put(lastKey, number)
	})
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	o.wake()
	return nil
}

func (o *Outbox) wake() {
	select {
	case o.kick <- struct{}{}:
	default: // it is awake
	}
}

// Counts are how often each channel took a message, or did not, since the process
// began.
func (o *Outbox) Counts() map[string]Count {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.count)
}

// tried counts one try.
func (o *Outbox) tried(channel string, fault error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.count[channel]
	if fault == nil {
		c.Sent++
	} else {
		c.Failed++
	}
	o.count[channel] = c
}

// Retry has what waits for some channels sent at once, whenever it was to be tried
// again: their settings were mended.
func (o *Outbox) Retry(channels ...string) {
	o.mu.Lock()
	for _, c := range channels {
		o.anew[c] = true
	}
	o.mu.Unlock()
	o.wake()
}

// again are the channels that are to be tried at once, each once.
func (o *Outbox) again() map[string]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	anew := o.anew
	o.anew = map[string]bool{}
	return anew
}

// Entries returns what is in the outbox, in the order in which it came.
func (o *Outbox) Entries() ([]Entry, error) {
	var all []Entry
	for r, err := range o.shelf.Walk(entryPrefix, "") {
		if err != nil {
			return nil, err
		}
		e := Entry{key: r.Key}
		if err := json.Unmarshal(r.Value, &e); err != nil {
			return nil, fmt.Errorf("outbox: message %s: %w", r.Key, err)
		}
		all = append(all, e)
	}
	return all, nil
}

// A Clock is the time by which messages go.
type Clock interface {
	Now() time.Time

	// Sleep returns once ctx is done, or the clock shows a moment, or when it
	// likes before.
	Sleep(ctx context.Context, until time.Time)
}

// Run delivers until the context ends. The settings are asked anew each time.
func (o *Outbox) Run(ctx context.Context, settings func() inventory.Messages, clock Clock) {
	said := ""
	for ctx.Err() == nil {
		next, err := o.Deliver(ctx, settings(), clock.Now())
		now := clock.Now()
		switch {
		case err == nil:
			said = ""
		case ctx.Err() == nil:
			if next = now.Add(firstRetry); said != err.Error() { // it lasts: told once
				said = err.Error()
				o.log.Error("outbox", "error", err)
			}
		}
		if most := now.Add(lastRetry); next.IsZero() || next.After(most) {
			next = most
		}
		o.rest(ctx, clock, next)
	}
}

// rest waits for a moment, or for a message.
func (o *Outbox) rest(ctx context.Context, clock Clock, until time.Time) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		for {
			clock.Sleep(ctx, until)
			if ctx.Err() != nil || !clock.Now().Before(until) || until.Sub(clock.Now()) > lastRetry { // the clock was set
				return
			}
		}
	}()
	select {
	case <-o.kick:
		cancel()
		<-slept
	case <-slept:
	}
}

func (o *Outbox) keep(e Entry) error {
	return o.shelf.Update(func(tx store.ShelfTx) error { return put(tx, e.key, e) })
}

func (o *Outbox) forget(e Entry) error {
	return o.shelf.Update(func(tx store.ShelfTx) error { return errors.Join(tx.Delete(e.key), tx.Delete(idPrefix+e.ID)) })
}

func put(tx store.ShelfTx, key string, e Entry) error {
	value, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return tx.Put(key, value)
}

// Test is a message that says that a channel works. Each is another one.
func Test(c inventory.Channel, office string, now time.Time) Message {
	say := voice(c.Lang).say
	return Message{
		ID: "test/" + now.UTC().Format(time.RFC3339Nano) + "/" + c.Name, Channel: c.Name, Lang: c.Lang, Made: now, Test: true,
		Title: say("巡查：测试消息", "Xuncha: a test"),
		Parts: []Part{{Heading: safe(office), Lines: []Line{{Text: say("收到本消息，说明此通道可用。", "If you read this, the channel works.")}}}},
	}
}

// redact takes secrets out of an error's text.
func redact(err error, secrets ...string) error {
	var partly *PartlyError
	if err == nil || errors.As(err, &partly) {
		return err
	}
	text := err.Error()
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	if errors.Is(err, ErrDoubt) {
		return fmt.Errorf("%s: %w", text, ErrDoubt)
	}
	return errors.New(text)
}
