package egress

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/proxy"
)

// A Line connects to servers that speak no HTTP, as those of mail, by the policy that
// transports go by.
type Line struct {
	dialer *dialer
	proxy  *url.URL // nil for none
	roots  *x509.CertPool
}

// NewLine makes a line that reaches only what cfg allows.
//
// Behind a proxy a server is reached through it, save one that the configuration
// itself places inside: whose every address lies in a range of AllowPrivate.
func NewLine(cfg Config) (*Line, error) {
	roots, err := trusted(cfg.ExtraCA)
	if err != nil {
		return nil, err
	}
	l := &Line{dialer: newDialer(cfg), roots: roots}
	if cfg.Proxy != "" {
		l.proxy, err = parseProxy(cfg.Proxy)
	}
	return l, err
}

// TLS is how a connection to a host is secured.
func (l *Line) TLS(host string) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: l.roots, MinVersion: tls.VersionTLS12}
}

// Dial connects to a port of a host.
func (l *Line) Dial(ctx context.Context, host, port string) (net.Conn, error) {
	target := net.JoinHostPort(host, port)
	if l.proxy == nil || l.inside(ctx, host) {
		return l.dialer.dialContext(ctx, "tcp", target)
	}
	n, err := parsePort(port)
	if err != nil {
		return nil, err
	}
	if err := l.dialer.checkTarget(host, n); err != nil {
		return nil, err
	}
	if l.proxy.Scheme == "socks5" {
		return l.bySOCKS(ctx, target)
	}
	return l.byConnect(ctx, target)
}

// inside reports whether every address of a host lies in a range that the
// configuration names.
func (l *Line) inside(ctx context.Context, host string) bool {
	addrs, err := l.dialer.resolve(ctx, host)
	return err == nil && !slices.ContainsFunc(addrs, func(a netip.Addr) bool {
		return !slices.ContainsFunc(l.dialer.policy.allow, func(p netip.Prefix) bool { return p.Contains(a) })
	})
}

// toProxy connects to the proxy.
func (l *Line) toProxy(ctx context.Context) (net.Conn, error) {
	service := l.proxy.Port()
	if service == "" {
		service = map[string]string{"http": "80", "https": "443", "socks5": "1080"}[l.proxy.Scheme]
	}
	port, err := parsePort(service)
	if err != nil {
		return nil, err
	}
	return l.dialer.dialProxy(ctx, l.proxy.Hostname(), port)
}

// bySOCKS connects through a SOCKS5 proxy, which looks the name up.
func (l *Line) bySOCKS(ctx context.Context, target string) (net.Conn, error) {
	var auth *proxy.Auth
	if password, ok := l.proxy.User.Password(); ok {
		auth = &proxy.Auth{User: l.proxy.User.Username(), Password: password}
	}
	socks, err := proxy.SOCKS5("tcp", l.proxy.Host, auth, proxyDialer{l})
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	contextual, ok := socks.(proxy.ContextDialer)
	if !ok {
		return nil, errors.New("proxy: SOCKS5 cannot be interrupted")
	}
	return contextual.DialContext(ctx, "tcp", target)
}

// A proxyDialer is the way to the proxy itself.
type proxyDialer struct{ line *Line }

// Dial is DialContext without an end.
func (p proxyDialer) Dial(network, addr string) (net.Conn, error) {
	return p.DialContext(context.Background(), network, addr)
}

// DialContext connects to the proxy, whatever address it is given.
func (p proxyDialer) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	return p.line.toProxy(ctx)
}

// byConnect connects through an HTTP proxy.
func (l *Line) byConnect(ctx context.Context, target string) (net.Conn, error) {
	conn, err := l.toProxy(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	tunnel, err := l.connect(ctx, conn, target)
	if err == nil && !stop() {
		err = ctx.Err()
	}
	if err != nil {
		stop()
		conn.Close()
		return nil, err
	}
	return tunnel, nil
}

// connect asks a proxy for a way to a target.
func (l *Line) connect(ctx context.Context, conn net.Conn, target string) (net.Conn, error) {
	if l.proxy.Scheme == "https" {
		secure := tls.Client(conn, l.TLS(l.proxy.Hostname()))
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
		conn = secure
	}
	header := http.Header{}
	if u := l.proxy.User; u != nil {
		password, _ := u.Password()
		header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: target}, Host: target, Header: header}
	if err := ask.Write(conn); err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	from := bufio.NewReader(conn)
	answer, err := http.ReadResponse(from, ask)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("proxy: it lets nobody through to %s: %s; if the server stands inside, name its range in allow_private", target, answer.Status)
	}
	return read{conn, from}, nil
}

// read is a connection of which some was read already.
type read struct {
	net.Conn
	from *bufio.Reader
}

func (r read) Read(p []byte) (int, error) { return r.from.Read(p) }

// checkTarget is what can be checked of a host where a proxy looks names up.
func (d *dialer) checkTarget(host string, port uint16) error {
	return d.checkURL(&url.URL{Scheme: "tcp", Host: net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(int(port)))})
}
