package main

import (
	"context"
	"errors"
	"fmt"
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
	outbox *notify.Outbox
}

// newTeller opens the outbox. Whatever in the process speaks to the network without
// a transport of its own goes by the policy of the configuration from here on.
func (s *service) newTeller() (*teller, error) {
	city := s.daemon.Setup().City
	transport, err := egress.NewTransport(egress.Config{
		AllowPrivate: city.Crawl.AllowPrivate, Proxy: city.Crawl.Proxy, ExtraCA: city.Crawl.ExtraCA, Ports: egress.PortsOf(notify.Addresses(city.Messages)...),
	})
	if err != nil {
		return nil, fmt.Errorf("network of messages: %w", err)
	}
	wire := notify.NewWire(transport)
	wire.Install()
	var sender notify.Sender = notify.Channels{Wire: wire, Now: wall{}.Now}
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

// Settings implements console.Mailbox.
func (t *teller) Settings() inventory.Messages { return t.daemon.Setup().City.Messages }

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
		return t.outbox.Tell(notify.ToldOf(b), notify.Digests(b, told, m, t.daemon.Setup().City.Workdays())...)
	}
	if told.Round == "" {
		return t.outbox.Tell(notify.ToldOf(b))
	}
	return nil // the next round tells of it
}

// figures are the channels as metrics show them, deliveries counted from a moment.
func (t *teller) figures(since time.Time) (map[string]metrics.Channel, error) {
	entries, err := t.outbox.Entries()
	if err != nil {
		return nil, err
	}
	all := map[string]metrics.Channel{}
	for _, c := range t.Settings().Channels {
		var f metrics.Channel
		for _, e := range entries {
			if e.Channel != c.Name {
				continue
			}
			failed := e.Tries
			switch e.State {
			case notify.Sent:
				failed--
				if e.Sent.Before(since) {
					continue
				}
				f.Sent++
			case notify.Waiting, notify.Sending:
				if f.Waiting++; f.Oldest.IsZero() {
					f.Oldest = e.Made
				}
			}
			f.Failed += uint64(max(0, failed))
		}
		all[c.Name] = f
	}
	return all, nil
}
