// Package metrics tells Prometheus how the city stands and how the daemon does.
//
// How the city stands comes from a [board.Board], counted once for each board; how
// the daemon does comes from a [Status] that it fills for each scrape, and what was
// asked of the network from the figures that crawlers keep. No scrape reads the store
// or waits for its lock, so that one a second disturbs nobody.
//
// A label holds what configuration or this program names, a site's id, a state, a
// platform, and never anything that a page said: the number of series is bounded by
// the inventory. Label values are those of the check document, 不合格 and stale alike,
// so that both can be held against each other.
package metrics

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"xuncha/board"
	"xuncha/crawler"
)

// Config says what is measured. Whatever is nil is not told.
type Config struct {
	Version string // of the program

	// Board returns the newest board, nil before anything was judged.
	Board func() *board.Board

	// Status is asked once a scrape. It must not wait: neither for the store nor for
	// a round.
	Status func() Status

	// Traffic is what all crawlers have done since the start of the process, those that
	// are done and those at work: its counts never go down. It must not wait either.
	Traffic func() crawler.Stats

	// Now is the moment by which findings are overdue; nil for the machine's clock.
	Now func() time.Time

	// Log is told of what could not be measured.
	Log *slog.Logger
}

// Handler serves /metrics and nothing else, for a listener of its own that only
// Prometheus can reach.
func Handler(cfg Config) http.Handler {
	registry := newRegistry(cfg)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		Registry:            registry,
		ErrorLog:            errorLog{cfg.Log},
		ErrorHandling:       promhttp.ContinueOnError, // the rest is still true
		MaxRequestsInFlight: 4,
		Timeout:             5 * time.Second,
		EnableOpenMetrics:   true,
	}))
	return mux
}

// newRegistry registers everything there is.
func newRegistry(cfg Config) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		newCollector(cfg),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return registry
}

// errorLog hands what promhttp says to a logger.
type errorLog struct{ log *slog.Logger }

func (l errorLog) Println(v ...any) {
	if l.log != nil {
		l.log.Error("metrics are not complete", "error", v)
	}
}
