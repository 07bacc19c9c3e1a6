package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"xuncha/console"
	"xuncha/internal/egress"
	"xuncha/internal/metrics"
	"xuncha/internal/notify"
	"xuncha/inventory"
)

// shelfOutbox is where messages wait.
const shelfOutbox = "outbox"

// alertsEvery is how often it is looked whether something is amiss.
const alertsEvery = time.Minute

// oldNews is the age of a round that nobody is told of any more, as at the first
// start over an old store.
const oldNews = 24 * time.Hour

// A teller tells people what the rounds bring.
type teller struct {
	*service
	outbox  *notify.Outbox
	reached map[string]string // how each channel was, by [teller.mended] alone
}

// newTeller opens the outbox. Whatever in the process speaks to the network without
// a transport of its own goes by the policy of the configuration from here on.
func (s *service) newTeller() (*teller, error) {
	out := &wayOut{
		city:  func() *inventory.City { return s.daemon.Setup().City },
		ports: func() []uint16 { return egress.PortsOf(notify.Addresses(s.daemon.Setup().City.Messages)...) },
	}
	if _, _, err := out.now(); err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	wire := notify.NewWire(out)
	wire.Install()
	var sender notify.Sender = notify.Channels{Wire: wire, Mail: out, Now: wall{}.Now}
	if s.Visitors {
		sender = nobody{}
	}
	return &teller{service: s, outbox: notify.NewOutbox(s.store.Shelf(shelfOutbox), sender, s.log)}, nil
}

// fillMessages is the console's part.
func (t *teller) fillMessages(cfg *console.Config) error {
	cfg.Mailbox = t
	return nil
}

// Settings implements console.Mailbox. Messages link to where users reach the console,
// unless the city names another address.
func (t *teller) Settings() inventory.Messages {
	m := t.daemon.Setup().City.Messages
	m.Console = cmp.Or(m.Console, strings.TrimRight(t.URL, "/"))
	return m
}

// Entries implements console.Mailbox.
func (t *teller) Entries() ([]notify.Entry, error) { return t.outbox.Entries() }

// Test implements console.Mailbox.
func (t *teller) Test(channel string) error {
	for _, c := range t.Settings().Channels {
		if c.Name == channel {
			return t.outbox.Put(notify.Test(c, t.daemon.Setup().City.Office, t.web.clock.Now()))
		}
	}
	return errors.New("no such channel")
}

// run tells and delivers until ctx is done.
func (t *teller) run(ctx context.Context) error {
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		t.outbox.Run(ctx, t.Settings, t.web.clock)
	}()
	defer func() { <-delivered }()
	ticker := time.NewTicker(alertsEvery)
	defer ticker.Stop()
	said := ""
	for {
		moved := t.daemon.Moved()
		t.mended()
		switch err := t.tell(); {
		case err == nil:
			said = ""
		case ctx.Err() == nil && err.Error() != said: // it is tried again, and told once
			said = err.Error()
			t.log.Error("messages could not be put into the outbox", "error", err)
		}
		select {
		case <-moved:
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// tell puts what there is to tell into the outbox, which takes each once.
func (t *teller) tell() error {
	m, now := t.Settings(), t.web.clock.Now()
	var alerts []notify.Alert
	for _, a := range t.daemon.Alerts() {
		if a.Until.IsZero() {
			id := string(a.Kind)
			if a.Subject != "" {
				id += "/" + a.Subject
			}
			alerts = append(alerts, notify.Alert{ID: id, Since: a.Since, Chinese: a.Chinese, English: a.English})
		}
	}
	err := t.outbox.Put(notify.Alerts(alerts, m, t.daemon.Setup().City.Office, now)...)
	return errors.Join(err, t.tellRound(m, now))
}

// tellRound tells of the newest round, once.
func (t *teller) tellRound(m inventory.Messages, now time.Time) error {
	b := t.daemon.Board()
	if b == nil {
		return nil
	}
	told, err := t.outbox.Told()
	if err != nil || told.Round == b.Round.ID {
		return err
	}
	if now.Sub(b.Round.Finished) < oldNews {
		return t.outbox.Tell(notify.ToldOf(b, told), notify.Digests(b, told, m, t.daemon.Setup().City.Workdays())...)
	}
	if told.Round == "" {
		return t.outbox.Tell(notify.ToldOf(b, told))
	}
	return nil // the next round tells of it
}

// figures are the channels as metrics show them, deliveries counted by this process.
func (t *teller) figures() (map[string]metrics.Channel, error) {
	entries, err := t.outbox.Entries()
	if err != nil {
		return nil, err
	}
	all, counts := map[string]metrics.Channel{}, t.outbox.Counts()
	for _, c := range t.Settings().Channels {
		f := metrics.Channel{Sent: counts[c.Name].Sent, Failed: counts[c.Name].Failed}
		for _, e := range entries {
			if e.Channel != c.Name || e.State != notify.Waiting && e.State != notify.Sending {
				continue
			}
			if f.Waiting++; f.Oldest.IsZero() {
				f.Oldest = e.Made
			}
		}
		all[c.Name] = f
	}
	return all, nil
}

// mended has channels tried at once whose settings are others than a moment ago, or
// that are reached in another way; all of them when the process begins, because what
// was mended may be its environment.
func (t *teller) mended() {
	city := t.daemon.Setup().City
	now := map[string]string{}
	var anew []string
	for _, c := range city.Messages.Channels {
		now[c.Name] = city.Digest + " " + notify.Reached(c)
		if t.reached[c.Name] != now[c.Name] {
			anew = append(anew, c.Name)
		}
	}
	t.reached = now
	if len(anew) > 0 {
		t.outbox.Retry(anew...)
	}
}
