package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"

	"xuncha/internal/egress"
	"xuncha/inventory"
)

// A wayOut is the way out of those that speak to servers of the office, by the
// configuration in force: it is made anew when that changes. It is safe for concurrent
// use.
type wayOut struct {
	city  func() *inventory.City // in force
	ports func() []uint16        // of the addresses that are configured

	mu        sync.Mutex
	digest    string          // guarded by mu; of the configuration that it was made by
	opened    []uint16        // guarded by mu; likewise
	transport *http.Transport // guarded by mu; nil before the first
	line      *egress.Line    // guarded by mu
	err       error           // guarded by mu; why there is none
}

// now is the way out at this moment. One that cannot be made is an error, and not the
// one before: what an office closed must not stay open.
func (w *wayOut) now() (*http.Transport, *egress.Line, error) {
	city, ports := w.city(), w.ports()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.transport != nil && w.digest == city.Digest && slices.Equal(w.opened, ports) {
		return w.transport, w.line, w.err
	}
	before := w.transport
	cfg := egress.Config{AllowPrivate: city.Crawl.AllowPrivate, Proxy: city.Crawl.Proxy, ExtraCA: city.Crawl.ExtraCA, Ports: ports}
	w.transport, w.err = egress.NewTransport(cfg)
	if w.err == nil {
		w.line, w.err = egress.NewLine(cfg)
	}
	if w.err != nil {
		w.transport, w.line, w.err = &http.Transport{}, nil, fmt.Errorf("network: %w", w.err) // which nobody is handed
	}
	w.digest, w.opened = city.Digest, ports
	if before != nil {
		before.CloseIdleConnections()
	}
	return w.transport, w.line, w.err
}

// RoundTrip implements http.RoundTripper.
func (w *wayOut) RoundTrip(r *http.Request) (*http.Response, error) {
	transport, _, err := w.now()
	if err != nil {
		return nil, err
	}
	return transport.RoundTrip(r)
}

// Dial implements notify.Dialer.
func (w *wayOut) Dial(ctx context.Context, host, port string) (net.Conn, error) {
	_, line, err := w.now()
	if err != nil {
		return nil, err
	}
	return line.Dial(ctx, host, port)
}

// TLS implements notify.Dialer.
func (w *wayOut) TLS(host string) *tls.Config {
	_, line, err := w.now()
	if err != nil {
		return &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	}
	return line.TLS(host)
}
