package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/store"
)

var morning = time.Date(2023, 9, 27, 8, 0, 0, 0, extract.Beijing)

// A post is a sender that remembers what it took, and can be told to fail.
type post struct {
	mu     sync.Mutex
	taken  []string // guarded by mu; channel and ID, with "again" where it said so
	faults map[string]error
}

// heals has a channel take what it is sent from now on.
func (p *post) heals(channel string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.faults, channel)
}

// all is what was taken up to now.
func (p *post) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.taken)
}

func (p *post) Send(_ context.Context, to inventory.Channel, m Message, again bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.faults[to.Name]; err != nil {
		return err
	}
	line := to.Name + " " + m.ID
	if again {
		line += " again"
	}
	p.taken = append(p.taken, line)
	return nil
}

func openShelf(t testing.TB, dir string) (store.Shelf, func()) {
	t.Helper()
	st, err := store.Open(filepath.Join(dir, "xuncha.db"), store.Options{Create: true, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	return st.Shelf("outbox"), func() { st.Close() }
}

func channels(names ...string) inventory.Messages {
	var m inventory.Messages
	for _, n := range names {
		m.Channels = append(m.Channels, inventory.Channel{Name: n, Kind: inventory.Webhook, PerMinute: 15})
	}
	return m
}

func note(channel string, n int) Message {
	return Message{ID: fmt.Sprintf("n/%d/%s", n, channel), Channel: channel, Title: "t", Made: morning}
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMessageIsTakenOnceHoweverOftenItIsPut(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	for range 3 {
		fatal(t, o.Put(note("甲", 1), note("乙", 1)))
		if _, err := o.Deliver(t.Context(), channels("甲", "乙"), morning); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.taken) != 2 {
		t.Errorf("taken: %v", p.taken)
	}
}

func TestAnOutageOfEightHoursLosesAndDoublesNothing(t *testing.T) {
	dir := t.TempDir()
	p := &post{faults: map[string]error{"甲": errors.New("503")}}
	now, sent := morning, 0
	random := rand.New(rand.NewPCG(1, 2))
	for now.Before(morning.Add(36 * time.Hour)) {
		// Every process lives for a while, and knows only what the shelf holds.
		shelf, done := openShelf(t, dir)
		o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
		for range 1 + random.IntN(20) {
			if sent < 40 {
				sent++
				m := note("甲", sent)
				m.Made = now
				fatal(t, o.Put(m, note("乙", sent)))
			}
			if now.After(morning.Add(8 * time.Hour)) {
				delete(p.faults, "甲")
			}
			next, err := o.Deliver(t.Context(), channels("甲", "乙"), now)
			fatal(t, err)
			if next.IsZero() || next.After(now.Add(lastRetry)) {
				next = now.Add(lastRetry)
			}
			now = next
		}
		done()
	}
	for _, c := range []string{"甲", "乙"} {
		i := 0
		for _, line := range p.taken {
			if !strings.HasPrefix(line, c) {
				continue
			}
			i++
			if want := fmt.Sprintf("%s n/%d/%s", c, i, c); line != want {
				t.Fatalf("%s took %q, want %q: in order, none twice", c, line, want)
			}
		}
		if i != 40 {
			t.Errorf("%s took %d messages, want 40", c, i)
		}
	}
}

func TestWhatWasBeingSentWhenTheProcessDiedComesAgainAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	shelf, done := openShelf(t, dir)
	o := NewOutbox(shelf, dying{}, slog.New(slog.DiscardHandler))
	fatal(t, o.Put(note("甲", 1)))
	func() {
		defer func() { _ = recover() }()
		_, _ = o.Deliver(t.Context(), channels("甲"), morning)
	}()
	done()
	shelf, done = openShelf(t, dir)
	defer done()
	p := &post{}
	_, err := NewOutbox(shelf, p, slog.New(slog.DiscardHandler)).Deliver(t.Context(), channels("甲"), morning)
	fatal(t, err)
	if len(p.taken) != 1 || p.taken[0] != "甲 n/1/甲 again" {
		t.Errorf("taken: %v", p.taken)
	}
}

type dying struct{}

func (dying) Send(context.Context, inventory.Channel, Message, bool) error { panic("killed") }

func TestATimeOutLeavesADoubt(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{faults: map[string]error{"甲": fmt.Errorf("slow: %w", ErrDoubt)}}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	fatal(t, o.Put(note("甲", 1)))
	next, err := o.Deliver(t.Context(), channels("甲"), morning)
	fatal(t, err)
	delete(p.faults, "甲")
	_, err = o.Deliver(t.Context(), channels("甲"), next)
	fatal(t, err)
	if len(p.taken) != 1 || p.taken[0] != "甲 n/1/甲 again" {
		t.Errorf("taken: %v", p.taken)
	}
}

func TestQuietHoursHoldDelivery(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	m := channels("甲")
	m.From, m.To = 22*time.Hour, 7*time.Hour
	fatal(t, o.Put(note("甲", 1)))
	for _, at := range []string{"2023-09-27T22:00:00+08:00", "2023-09-28T02:00:00+08:00", "2023-09-28T06:59:59+08:00"} {
		now, err := time.Parse(time.RFC3339, at)
		fatal(t, err)
		next, err := o.Deliver(t.Context(), m, now)
		fatal(t, err)
		if len(p.taken) != 0 || next.In(extract.Beijing).Format(time.DateTime) != "2023-09-28 07:00:00" {
			t.Errorf("at %s: taken %v, next %v", at, p.taken, next)
		}
	}
	_, err := o.Deliver(t.Context(), m, time.Date(2023, 9, 28, 7, 0, 0, 0, extract.Beijing))
	fatal(t, err)
	if len(p.taken) != 1 {
		t.Errorf("taken after them: %v", p.taken)
	}
}

func TestTheRateOfAChannelIsKeptOverRestarts(t *testing.T) {
	dir := t.TempDir()
	p := &post{}
	m := channels("甲")
	m.Channels[0].PerMinute = 5
	shelf, done := openShelf(t, dir)
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	for i := range 12 {
		fatal(t, o.Put(note("甲", i)))
	}
	now := morning
	for round, want := range []int{5, 5, 10, 12} {
		if round == 1 {
			now = now.Add(20 * time.Second) // a restart within the minute
		} else if round > 1 {
			now = morning.Add(time.Duration(round) * time.Minute)
		}
		_, err := NewOutbox(shelf, p, slog.New(slog.DiscardHandler)).Deliver(t.Context(), m, now)
		fatal(t, err)
		if len(p.taken) != want {
			t.Fatalf("after %v: %d taken, want %d", now.Sub(morning), len(p.taken), want)
		}
	}
	done()
}

func TestAMessageThatNobodyTakesIsGivenUpAndStaysToBeSeen(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{faults: map[string]error{"甲": errors.New("no")}}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	fatal(t, o.Put(note("甲", 1)))
	// A machine that was off for ten days tries first.
	now := morning.AddDate(0, 0, 10)
	for try := range leastTries + 1 {
		next, err := o.Deliver(t.Context(), channels("甲"), now)
		fatal(t, err)
		if entries, err := o.Entries(); err != nil || try < leastTries && entries[0].State != Waiting {
			t.Fatalf("after %d tries: %+v, %v", try+1, entries, err)
		}
		now = next
	}
	entries, err := o.Entries()
	fatal(t, err)
	if len(entries) != 1 || entries[0].State != GivenUp || entries[0].Fault != "no" {
		t.Errorf("the outbox holds %+v", entries)
	}
	// A channel that was taken out of the configuration keeps its messages that long.
	fatal(t, o.Put(note("乙", 1)))
	if _, err := o.Deliver(t.Context(), channels("甲"), morning); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Deliver(t.Context(), channels("甲", "乙"), morning); err != nil || len(p.taken) != 1 {
		t.Errorf("taken %v, %v", p.taken, err)
	}
}

// A clock that was years ahead and is right again holds nothing up.
func TestAClockThatGoesBackHoldsNothingUp(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{faults: map[string]error{"甲": errors.New("no")}}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	fatal(t, o.Put(note("甲", 1)))
	_, err := o.Deliver(t.Context(), channels("甲"), morning.AddDate(15, 0, 0))
	fatal(t, err)
	delete(p.faults, "甲")
	_, err = o.Deliver(t.Context(), channels("甲"), morning)
	fatal(t, err)
	if len(p.taken) != 1 {
		t.Errorf("taken: %v", p.taken)
	}
}

// What was told of is remembered with the messages, or not at all.
func TestARoundIsToldOfOnce(t *testing.T) {
	dir := t.TempDir()
	shelf, done := openShelf(t, dir)
	o := NewOutbox(shelf, &post{}, slog.New(slog.DiscardHandler))
	if told, err := o.Told(); told.Round != "" || err != nil {
		t.Errorf("told of %+v, %v", told, err)
	}
	fatal(t, o.Tell(Told{Round: "r1"}, note("甲", 1)))
	done()
	shelf, done = openShelf(t, dir)
	defer done()
	o = NewOutbox(shelf, &post{}, slog.New(slog.DiscardHandler))
	fatal(t, o.Tell(Told{Round: "r2", Proposed: map[string]time.Time{"a": morning}})) // a round without news
	entries, err := o.Entries()
	if told, toldErr := o.Told(); told.Round != "r2" || len(told.Proposed) != 1 || len(entries) != 1 || errors.Join(err, toldErr) != nil {
		t.Errorf("told of %+v, %d messages, %v, %v", told, len(entries), err, toldErr)
	}
}

// A mail that some recipient will never take is not sent to the others again.
func TestWhatSomeTookIsNotSentAgain(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{faults: map[string]error{"甲": &PartlyError{[]string{"b@x.example"}}}}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	fatal(t, o.Put(note("甲", 1)))
	next, err := o.Deliver(t.Context(), channels("甲"), morning)
	fatal(t, err)
	entries, err := o.Entries()
	fatal(t, err)
	if e := entries[0]; !next.IsZero() || e.State != Sent || !strings.Contains(e.Fault, "b@x.example") {
		t.Errorf("next %v, %+v", next, e)
	}
}

// Run wakes for a message, sleeps by its clock and ends with its context.
func TestRunDeliversWhatComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shelf, done := openShelf(t, t.TempDir())
		defer done()
		p := &post{faults: map[string]error{"甲": errors.New("503")}}
		o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			o.Run(ctx, func() inventory.Messages { return channels("甲", "乙") }, sleeper{})
		}()
		fatal(t, o.Put(note("甲", 1), note("乙", 1)))
		synctest.Wait()
		if taken := p.all(); len(taken) != 1 {
			t.Errorf("at once: %v", taken)
		}
		time.Sleep(30 * time.Second)
		p.heals("甲")
		time.Sleep(time.Minute)
		synctest.Wait()
		if taken := p.all(); len(taken) != 2 {
			t.Errorf("after a retry: %v", taken)
		}
		cancel()
		<-ended
	})
}

type sleeper struct{}

func (sleeper) Now() time.Time { return time.Now() }

func (sleeper) Sleep(ctx context.Context, until time.Time) {
	select {
	case <-ctx.Done():
	case <-time.After(max(0, time.Until(until))):
	}
}

// A test waits neither for a message that is not taken, nor for the morning; if it is
// not taken itself, it says why and is not sent again.
func TestATestPassesTheQueue(t *testing.T) {
	shelf, done := openShelf(t, t.TempDir())
	defer done()
	p := &post{faults: map[string]error{"甲": errors.New("503")}}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	m := channels("甲")
	fatal(t, o.Put(note("甲", 1), note("甲", 2)))
	now := morning
	for range 8 { // its back-off is half an hour by now
		next, err := o.Deliver(t.Context(), m, now)
		fatal(t, err)
		now = next
	}
	now = now.Add(-20 * time.Minute)
	m.From, m.To = 0, 23*time.Hour // and it is quiet
	failing := Test(m.Channels[0], "某市", now)
	fatal(t, o.Put(failing))
	if _, err := o.Deliver(t.Context(), m, now); err != nil {
		t.Fatal(err)
	}
	entries, err := o.Entries()
	fatal(t, err)
	if e := entries[2]; e.State != GivenUp || e.Fault != "503" || e.Tries != 1 {
		t.Errorf("a test that is not taken: %+v", e)
	}
	p.heals("甲")
	_, err = o.Deliver(t.Context(), m, now)
	fatal(t, err)
	if taken := p.all(); len(taken) != 0 {
		t.Errorf("taken in the quiet hours: %v", taken)
	}
	working := Test(m.Channels[0], "某市", now.Add(time.Second))
	fatal(t, o.Put(working))
	_, err = o.Deliver(t.Context(), m, now)
	fatal(t, err)
	if taken := p.all(); !slices.Equal(taken, []string{"甲 " + working.ID}) {
		t.Errorf("taken: %v; want the test alone", taken)
	}
	m.From, m.To = 0, 0
	fatal(t, o.Put(Test(m.Channels[0], "某市", now.Add(2*time.Second))))
	_, err = o.Deliver(t.Context(), m, now)
	fatal(t, err)
	if taken := p.all(); len(taken) != 4 { // that it works is no reason to wait with the others
		t.Errorf("taken: %v; want two tests and what waited", taken)
	}
}

// A channel whose settings were mended is not kept waiting.
func TestAMendedChannelIsTriedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shelf, done := openShelf(t, t.TempDir())
		defer done()
		p := &post{faults: map[string]error{"甲": errors.New("404")}}
		o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			o.Run(ctx, func() inventory.Messages { return channels("甲") }, sleeper{})
		}()
		m := note("甲", 1)
		m.Made = time.Now()
		fatal(t, o.Put(m))
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		p.heals("甲")
		o.Retry("甲")
		synctest.Wait()
		if taken := p.all(); len(taken) != 1 {
			t.Errorf("taken: %v", taken)
		}
		cancel()
		<-ended
	})
}

// What was counted stays counted when the messages are forgotten, and only what this
// process did counts.
func TestCountsNeverFall(t *testing.T) {
	dir := t.TempDir()
	shelf, done := openShelf(t, dir)
	p := &post{faults: map[string]error{"乙": errors.New("no")}}
	o := NewOutbox(shelf, p, slog.New(slog.DiscardHandler))
	fatal(t, o.Put(note("甲", 1), note("甲", 2), note("乙", 1)))
	now, failed := morning, uint64(0)
	for range 4 {
		next, err := o.Deliver(t.Context(), channels("甲", "乙"), now)
		fatal(t, err)
		failed++
		if got := o.Counts(); got["甲"] != (Count{Sent: 2}) || got["乙"] != (Count{Failed: failed}) {
			t.Fatalf("counted %+v", got)
		}
		now = next
	}
	_, err := o.Deliver(t.Context(), channels("甲", "乙"), morning.Add(remember+time.Hour))
	fatal(t, err)
	entries, err := o.Entries()
	fatal(t, err)
	if got := o.Counts(); got["甲"].Sent != 2 || len(entries) != 1 {
		t.Errorf("counted %+v with %d entries", got, len(entries))
	}
	done()
	shelf, done = openShelf(t, dir)
	defer done()
	if got := NewOutbox(shelf, p, slog.New(slog.DiscardHandler)).Counts(); len(got) != 0 {
		t.Errorf("another process counts %+v", got)
	}
}
