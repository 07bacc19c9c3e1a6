package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"xuncha/store"
)

// opened is a daemon with an empty store and its metrics, which are served.
func opened(t *testing.T) (s *service, m *measures) {
	t.Helper()
	s = &service{
		app:      &app{stdout: io.Discard, stderr: io.Discard, lang: "en", log: slog.New(slog.DiscardHandler)},
		serveCmd: serveCmd{configFlag: configFlag{Config: "demo"}, dataFlag: dataFlag{Data: t.TempDir()}, Metrics: "127.0.0.1:0"},
	}
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	m, err := s.openMeasures()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, s.store.Close()); err != nil {
			t.Error(err)
		}
	})
	return s, m
}

// own is a client for a test's own addresses: the process's default obeys the policy
// of the city whose daemon was opened last.
func own() *http.Client { return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} }

// scraped is one scrape.
func (m *measures) scraped(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+m.listener.Addr().String()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := own().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	return string(body)
}

// Whoever writes to the store keeps no scrape waiting.
func TestAScrapeWaitsForNoStore(t *testing.T) {
	s, m := opened(t)
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.store.Shelf("held").Update(func(tx store.ShelfTx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	for range 3 {
		if body := m.scraped(t); !strings.Contains(body, "xuncha_round_running 0\n") {
			t.Errorf("%d bytes without the round", len(body))
		}
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// Everything that the daemon watches itself for and that it does by schedule has a
// series from the start, so that an alert has something to be quiet by.
func TestWhatNeverHappenedIsMeasured(t *testing.T) {
	_, m := opened(t)
	body := m.scraped(t)
	for _, want := range []string{
		`xuncha_alert{alert="no-round"} 0`, `xuncha_alert{alert="clock"} 0`, `xuncha_alert{alert="storage-full"} 0`,
		`xuncha_last_success_timestamp_seconds{task="round"} 0`, `xuncha_last_success_timestamp_seconds{task="backup"} 0`,
		`xuncha_task_failing{task="tidy"} 0`, `xuncha_config_last_reload_successful 1`, `xuncha_pages_total{outcome="ok"} 0`,
	} {
		if !strings.Contains(body, want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(body, "xuncha_columns{") {
		t.Error("columns are counted before anything was judged")
	}
}

func TestMetricsCanBeLeftOut(t *testing.T) {
	s := &service{serveCmd: serveCmd{Metrics: "off"}}
	if m, err := s.openMeasures(); m != nil || err != nil {
		t.Errorf("off is %v, %v", m, err)
	}
	s.Metrics = "127.0.0.1:99999"
	if _, err := s.openMeasures(); err == nil || !strings.Contains(err.Error(), "--metrics") {
		t.Errorf("an address that is none is %v, which does not name its flag", err)
	}
}
