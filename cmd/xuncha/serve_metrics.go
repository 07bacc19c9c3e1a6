package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"xuncha/console"
	"xuncha/daemon"
	"xuncha/internal/metrics"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
)

// measures are the metrics with their listener.
type measures struct {
	*service
	listener net.Listener
	slow     atomic.Pointer[slowMeasures]
}

// slowMeasures may have to be waited for, by a disk or by the store, and are therefore
// taken beside the scrapes.
type slowMeasures struct {
	store  metrics.Store
	backup metrics.Backup
	knocks map[string]rules.Probe

	channels map[string]metrics.Channel

	backedUp *time.Time // the end of the newest verified backup; nil before it was looked for
}

// metricsOff is the address for no metrics.
const metricsOff = "off"

// measureEvery is how often they are taken.
const measureEvery = 30 * time.Second

// openMeasures takes the address of the metrics; nil for off.
func (s *service) openMeasures() (*measures, error) {
	if s.Metrics == metricsOff {
		return nil, nil
	}
	l, err := net.Listen("tcp", s.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w; choose another address with --metrics, or off", err)
	}
	m := &measures{service: s, listener: l}
	m.slow.Store(&slowMeasures{})
	return m, nil
}

// close gives the address back before anything is served.
func (m *measures) close() error {
	if m == nil {
		return nil
	}
	return m.listener.Close()
}

// run serves and measures until ctx is done.
func (m *measures) run(ctx context.Context) error {
	handler := metrics.Handler(metrics.Config{
		Version: version, Board: m.daemon.Board, Status: m.status, Traffic: m.daemon.Stats, Now: m.web.clock.Now, Log: m.log,
	})
	served := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		served <- console.Listener{Addr: m.Metrics, Log: m.log}.Serve(ctx, m.listener, handler)
	}()
	ticker := time.NewTicker(measureEvery)
	defer ticker.Stop()
	for {
		slow, err := m.measure()
		m.slow.Store(slow)
		if err != nil {
			m.log.Warn("metrics are not complete", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return <-served
		}
	}
}

// measure takes the slow measures. Those that cannot be taken stay as they were, and the
// error says which.
func (m *measures) measure() (*slowMeasures, error) {
	slow := *m.slow.Load()
	err := errors.Join(m.room(&slow), m.backups(&slow), m.knocks(&slow))
	if channels, failed := m.teller.figures(); failed != nil {
		err = errors.Join(err, fmt.Errorf("messages: %w", failed))
	} else {
		slow.channels = channels
	}
	return &slow, err
}

func (m *measures) room(slow *slowMeasures) error {
	info, err := os.Stat(filepath.Join(m.Data, storeName))
	if err != nil {
		return fmt.Errorf("size of the store: %w", err)
	}
	slow.store.FileBytes = info.Size()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(m.Data, &disk); err != nil {
		return fmt.Errorf("room on the disk: %w", err)
	}
	slow.store.DiskFreeBytes, slow.store.DiskBytes = int64(disk.Bavail)*int64(disk.Bsize), int64(disk.Blocks)*int64(disk.Bsize)
	return nil
}

func (m *measures) backups(slow *slowMeasures) error {
	good := m.daemon.LastGood()
	slow.backedUp = &good
	all, err := m.daemon.Backups()
	if err != nil {
		return err
	}
	read := m.daemon.Readings()
	all = slices.DeleteFunc(all, func(b daemon.Backup) bool { return read[b.Name].Err != nil })
	slow.backup = metrics.Backup{Kept: len(all)}
	if len(all) > 0 {
		slow.backup.Bytes = all[0].Bytes
	}
	return nil
}

func (m *measures) knocks(slow *slowMeasures) error {
	now := m.web.clock.Now()
	knocks, err := patrol.ProbesOf(m.store).Between(now.AddDate(0, 0, -1), now.AddDate(0, 0, 1))
	if err != nil {
		return fmt.Errorf("knocks: %w", err)
	}
	newest := map[string]rules.Probe{}
	for site, all := range knocks {
		for _, k := range all {
			if k.Came != rules.Untold && !k.At.Before(newest[site].At) {
				newest[site] = k
			}
		}
	}
	slow.knocks = newest
	return nil
}

// status is how the daemon does. It waits for nothing.
func (m *measures) status() metrics.Status {
	slow, configured := m.slow.Load(), m.daemon.Configured()
	s := metrics.Status{
		Store: slow.store, Backup: slow.backup, Knocks: slow.knocks, Channels: slow.channels,
		Reload: metrics.Reload{Failed: configured.Refused != nil, Problems: len(configured.Problems), Loaded: configured.Since},
		Tasks:  map[string]metrics.Task{}, Alerts: map[string]bool{},
	}
	if configured.Refused != nil {
		s.Reload.Problems = max(1, s.Reload.Problems)
	}
	for _, j := range m.daemon.Jobs() {
		if scheduled(configured.City.Schedule, j.Name) {
			task := metrics.Task{LastSuccess: j.Good, Next: j.Next, Failing: j.Error != ""}
			if j.Name == daemon.JobBackup && slow.backedUp != nil {
				task.LastSuccess = *slow.backedUp // by hand too
			}
			s.Tasks[j.Name] = task
		}
	}
	m.round(&s)
	for _, kind := range daemon.AlertKinds() {
		s.Alerts[string(kind)] = false
	}
	for _, a := range m.daemon.Alerts() {
		if a.Until.IsZero() {
			s.Alerts[string(a.Kind)] = true
		}
	}
	return s
}

// scheduled reports whether a city's daemon does a job at all.
func scheduled(s inventory.Schedule, job string) bool {
	switch job {
	case daemon.JobRound:
		return !s.Round.IsZero()
	case daemon.JobBackup:
		return !s.Backup.IsZero()
	case daemon.JobTidy:
		return !s.Tidy.IsZero()
	}
	return true
}

// round tells of the round under way, or of the newest that looked at everything,
// which counts as the round's success whoever asked for it.
func (m *measures) round(s *metrics.Status) {
	if b := m.daemon.Board(); b != nil && len(b.Nights) > 0 {
		n := b.Nights[len(b.Nights)-1]
		s.Round = metrics.Round{Started: n.Started, Done: n.Planned, Planned: n.Planned, LastDuration: n.Finished.Sub(n.Started)}
		if t, ok := s.Tasks[daemon.JobRound]; ok && t.LastSuccess.Before(n.Finished) {
			t.LastSuccess = n.Finished
			s.Tasks[daemon.JobRound] = t
		}
	}
	if p, under := m.daemon.Progress(); under {
		s.Round.Running, s.Round.Started, s.Round.Done, s.Round.Planned, s.Round.Waiting = true, p.Began, p.Done, p.Planned, p.HostsWaiting
	}
}
