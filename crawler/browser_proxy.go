package crawler

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// A proxy is the only way out of a browser. It listens on this machine alone,
// serves only who knows a tab's name and the secret, and hands what is asked to
// the tab, which asks it of the host under the crawler's own rules. It ends TLS
// itself, with a key that only this browser trusts, so that https is asked as
// http is: by our transport, with our authorities and our name.
type proxy struct {
	listener net.Listener
	server   *http.Server
	secret   string
	pin      string // SHA-256 of the key, as Chromium wants to know it

	tunnels *tunnels
	inner   *http.Server // of what comes through the tunnels
	config  *tls.Config
	running sync.WaitGroup

	mu   sync.Mutex
	tabs map[string]*tab // guarded by mu; by name
}

// newProxy begins to serve; the caller must call close.
func newProxy() (*proxy, error) {
	cert, pin, err := ownCertificate()
	if err != nil {
		return nil, fmt.Errorf("proxy of the browser: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("proxy of the browser: %w", err)
	}
	p := &proxy{
		listener: listener, secret: rand.Text(), pin: pin, tabs: map[string]*tab{},
		tunnels: &tunnels{open: make(chan net.Conn), closed: make(chan struct{}), at: listener.Addr()},
		config:  &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}},
	}
	silent := log.New(io.Discard, "", 0) // pages can do nothing that an operator must know
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve), ErrorLog: silent, ReadHeaderTimeout: startWithin}
	p.inner = &http.Server{
		Handler: http.HandlerFunc(p.serveInner), ErrorLog: silent, ReadHeaderTimeout: startWithin,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, tunnelKey{}, c)
		},
	}
	p.running.Go(func() { _ = p.server.Serve(p.listener) }) // ends with close
	p.running.Go(func() { _ = p.inner.Serve(p.tunnels) })
	return p, nil
}

// ownCertificate makes a key and a certificate for it, and the digest by which
// Chromium is told to accept it for every name.
func ownCertificate() (tls.Certificate, string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	now := time.Now()
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(0, 0, 90)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return tls.Certificate{}, "", err
	}
	sum := sha256.Sum256(public)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, base64.StdEncoding.EncodeToString(sum[:]), nil
}

// close returns once nothing is served any more. The browser must have ended, so
// that its connections end by themselves.
func (p *proxy) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), goneWithin)
	defer cancel()
	err := errors.Join(p.server.Shutdown(ctx), p.inner.Shutdown(ctx))
	if err != nil {
		err = errors.Join(err, p.server.Close(), p.inner.Close())
	}
	p.running.Wait()
	return err
}

// admit lets a tab ask until leave is called.
func (p *proxy) admit(t *tab) (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tabs[t.name] = t
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.tabs, t.name)
	}
}

// asking returns the tab that a request comes from, nil if it is none of ours.
func (p *proxy) asking(r *http.Request) *tab {
	name, secret, ok := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
	if !ok || subtle.ConstantTimeCompare([]byte(secret), []byte(p.secret)) != 1 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tabs[name]
}

// serve answers the browser.
func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	t := p.asking(r)
	switch {
	case t == nil:
		w.Header().Set("Proxy-Authenticate", `Basic realm="xuncha"`)
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
	case r.Method == http.MethodConnect:
		p.tunnel(w, r, t)
	case r.URL.Host == "":
		http.Error(w, "this is a proxy", http.StatusBadRequest)
	default:
		p.pass(w, r, t, r.URL)
	}
}

// tunnel takes a connection over and reads requests from it as the host would.
func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request, t *tab) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		http.Error(w, "no tunnel here", http.StatusInternalServerError)
		return
	}
	conn, rest, err := hijacker.Hijack()
	if err != nil || rest.Reader.Buffered() > 0 {
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		_ = conn.Close()
		return
	}
	p.tunnels.put(&tunnel{Conn: tls.Server(conn, p.config), tab: t, host: r.Host})
}

// serveInner answers a request that came through a tunnel.
func (p *proxy) serveInner(w http.ResponseWriter, r *http.Request) {
	through, ok := r.Context().Value(tunnelKey{}).(*tunnel)
	if !ok {
		http.Error(w, "no tunnel", http.StatusBadRequest)
		return
	}
	u := *r.URL
	u.Scheme, u.Host = "https", through.host
	if host, port, err := net.SplitHostPort(u.Host); err == nil && port == "443" {
		u.Host = host
	}
	p.pass(w, r, through.tab, &u)
}

// maxUpload bounds what a page may send, in bytes.
const maxUpload = 64 << 10

// pass hands a request to its tab and the answer back.
func (p *proxy) pass(w http.ResponseWriter, r *http.Request, t *tab, u *url.URL) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		http.Error(w, "too much to send", http.StatusRequestEntityTooLarge)
		return
	}
	a := t.answer(r, u, body)
	for name, values := range a.whole {
		if !ofConnection[name] {
			w.Header()[name] = values
		}
	}
	if a.whole["Content-Type"] == nil {
		w.Header()["Content-Type"] = nil // the browser is to guess, not net/http
	}
	if a.status == 0 || a.broken || a.status == http.StatusProxyAuthRequired {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the browser may have hung up
}

// ofConnection are the headers that speak of one connection, or of a coding that
// is no longer there.
var ofConnection = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true, "Proxy-Connection": true, "Te": true,
	"Trailer": true, "Transfer-Encoding": true, "Upgrade": true, "Content-Encoding": true, "Content-Length": true, "Alt-Svc": true,
}

// A tunnel is a connection to one host, as a tab asked for it.
type tunnel struct {
	net.Conn
	tab  *tab
	host string
}

type tunnelKey struct{}

// tunnels are a listener that is given its connections.
type tunnels struct {
	open   chan net.Conn
	closed chan struct{}
	once   sync.Once
	at     net.Addr
}

// put offers a connection to the server.
func (l *tunnels) put(c net.Conn) {
	select {
	case l.open <- c:
	case <-l.closed:
		_ = c.Close()
	}
}

// Accept returns the next connection.
func (l *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-l.open:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *tunnels) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr returns where the proxy listens.
func (l *tunnels) Addr() net.Addr { return l.at }
