// Package egress is the one way out: it makes the dialer and the transport of
// every client of the program, so that what may be reached is decided in one
// place.
//
// A name is looked up, every address it has is checked, and only a checked
// address is connected to: a name that answers differently a moment later, a
// redirect inward or an address written in an odd form reaches nothing.
// Addresses inside (loopback, private, link-local and their kin, and this
// machine's own) are refused unless the configuration names them; those of
// cloud metadata services are refused even then.
//
// A refusal is an error that wraps [ErrDenied] and says which address and why.
package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// ErrDenied marks an address that the policy forbids.
var ErrDenied = errors.New("egress denied")

// A Network looks names up and connects. Implementations are safe for
// concurrent use.
type Network interface {
	// Lookup returns the addresses of a host, best first. A name that does not
	// exist, a resolver that fails or is silent is a *net.DNSError.
	Lookup(ctx context.Context, host string) ([]netip.Addr, error)

	// Dial connects to exactly this address.
	Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error)
}

// Config says what may be reached and how long it may take. The zero value
// reaches the public network on ports 80 and 443, with the default limits.
type Config struct {
	// AllowPrivate names ranges that would be refused, as of an intranet.
	AllowPrivate []netip.Prefix

	// Ports may be connected to besides 80 and 443; see [PortsOf].
	Ports []uint16

	// Proxy is the URL of an HTTP or SOCKS5 proxy, or "". Its own address is
	// exempt from the checks. Behind a proxy only what a URL itself shows can be
	// checked, because the proxy looks the names up.
	Proxy string

	// ExtraCA is PEM with authorities to trust besides the system's.
	ExtraCA []byte

	// Network replaces the real one, as by a simulated city.
	Network Network

	// Lookup, Connect, Handshake and Headers bound the steps of a request up to
	// the end of the response headers; zero means 5 s, 10 s, 10 s and 20 s.
	Lookup, Connect, Handshake, Headers time.Duration
}

// Limits that no configuration needs to change.
const (
	maxHeaderBytes = 256 << 10
	maxIdlePerHost = 2
	maxIdle        = 256
	idleTimeout    = 30 * time.Second
)

// NewTransport makes a transport that reaches only what cfg allows. It follows
// no redirect, removes no content coding and keeps no cookie.
func NewTransport(cfg Config) (*http.Transport, error) {
	roots, err := trusted(cfg.ExtraCA)
	if err != nil {
		return nil, err
	}
	d := newDialer(cfg)
	t := &http.Transport{
		DialContext:            d.dialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    orElse(cfg.Handshake, 10*time.Second),
		ResponseHeaderTimeout:  orElse(cfg.Headers, 20*time.Second),
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        idleTimeout,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
	if cfg.Proxy == "" {
		return t, nil
	}
	proxy, err := parseProxy(cfg.Proxy)
	if err != nil {
		return nil, err
	}
	d.proxied = true
	t.Proxy = func(r *http.Request) (*url.URL, error) { return proxy, d.checkURL(r.URL) }
	return t, nil
}

// PortsOf returns the ports that URLs name, and those of mail where they name none, for
// [Config.Ports]. What is no URL names none.
func PortsOf(urls ...string) []uint16 {
	var ports []uint16
	for _, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil {
			continue
		}
		service := u.Port()
		if service == "" {
			service = map[string]string{"smtp": "25", "smtps": "465"}[u.Scheme]
		}
		n, err := strconv.ParseUint(service, 10, 16)
		if err == nil && n > 0 && !slices.Contains(ports, uint16(n)) {
			ports = append(ports, uint16(n))
		}
	}
	return ports
}

// trusted returns the system's authorities and those of extra; nil means the
// system's alone.
func trusted(extra []byte) (*x509.CertPool, error) {
	if len(extra) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without authorities still has the extra ones
	}
	if !pool.AppendCertsFromPEM(extra) {
		return nil, errors.New("extra_ca: no certificate found; give a PEM file with CERTIFICATE blocks")
	}
	return pool, nil
}

// parseProxy checks a proxy's URL. Errors do not repeat it: it may hold a
// password.
func parseProxy(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("proxy: not a URL; write it as http://host:port")
	}
	if !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) {
		return nil, fmt.Errorf("proxy: scheme %q; use http, https or socks5", u.Scheme)
	}
	return u, nil
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
