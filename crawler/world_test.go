package crawler

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http tells of answers nobody asked for
	code := m.Run()
	if err := shared().Close(); err != nil {
		log.Panic(err)
	}
	if err := goleak.Find(); code == 0 && err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		code = 1
	}
	os.Exit(code)
}

// A world is a network in memory: hosts with handlers, and what each was asked.
type world struct {
	t testing.TB

	speaking sync.WaitGroup // raw sites that are answering

	mu    sync.Mutex
	sites map[string]*site // guarded by mu
	dials map[string]int   // guarded by mu; by host
}

// A site is one host of a world.
type site struct {
	name string
	addr netip.Addr
	dial func(ctx context.Context) (net.Conn, error) // nil connects
	raw  func(net.Conn)                              // nil speaks HTTP
	srv  *http.Server
	open chan net.Conn
	done chan struct{}

	mu  sync.Mutex
	log []logLine // guarded by mu
}

// logLine is one line of a site's log.
type logLine struct {
	uri        string
	header     http.Header
	start, end time.Time
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, sites: map[string]*site{}, dials: map[string]int{}}
	t.Cleanup(w.speaking.Wait)
	return w
}

// site adds a host. Its robots.txt is missing unless the handler answers it.
func (w *world) site(name string, handler http.HandlerFunc) *site {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.sites)
	s := &site{name: name, addr: netip.AddrFrom4([4]byte{61, 1, byte(n >> 8), byte(n)}), open: make(chan net.Conn), done: make(chan struct{})}
	s.srv = &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		line := logLine{uri: r.RequestURI, header: r.Header.Clone(), start: time.Now()}
		defer func() {
			line.end = time.Now()
			s.mu.Lock()
			defer s.mu.Unlock()
			s.log = append(s.log, line)
		}()
		handler(rw, r)
	})}
	served := make(chan struct{})
	go func() { defer close(served); s.srv.Serve(s) }()
	w.t.Cleanup(func() { close(s.done); s.srv.Close(); <-served })
	w.sites[name] = s
	return s
}

// rawSite adds a host that speaks bytes of its own after it was asked.
func (w *world) rawSite(name string, speak func(net.Conn)) *site {
	s := w.site(name, http.NotFound)
	s.raw = speak
	return s
}

func (s *site) Accept() (net.Conn, error) {
	select {
	case c := <-s.open:
		return c, nil
	case <-s.done:
		return nil, net.ErrClosed
	}
}
func (s *site) Close() error   { return nil }
func (s *site) Addr() net.Addr { return &net.TCPAddr{} }

// pages returns the log without requests for robots.txt.
func (s *site) pages() []logLine {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []logLine
	for _, r := range s.log {
		if r.uri != "/robots.txt" {
			list = append(list, r)
		}
	}
	return list
}

// all returns the log in order of start.
func (s *site) all() []logLine {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.log)
	slices.SortFunc(list, func(a, b logLine) int { return a.start.Compare(b.start) })
	return list
}

// Lookup and Dial make a world an egress.Network.
func (w *world) Lookup(_ context.Context, host string) ([]netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.sites[host]; s != nil {
		return []netip.Addr{s.addr}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (w *world) Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	s := w.at(addr.Addr())
	if s.dial != nil {
		return s.dial(ctx)
	}
	client, server := net.Pipe()
	to := tcpConn{client, net.TCPAddrFromAddrPort(addr)}
	if s.raw != nil {
		w.speaking.Go(func() { s.speak(server) })
		return to, nil
	}
	select {
	case s.open <- server:
		return to, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// at returns the site at an address; with several, the first that was added.
func (w *world) at(addr netip.Addr) *site {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sites {
		if s.addr == addr {
			w.dials[s.name]++
			return s
		}
	}
	return nil
}

func (w *world) dialled(host string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dials[host]
}

// speak reads one request and answers robots.txt itself.
func (s *site) speak(c net.Conn) {
	defer c.Close()
	head := readHead(c)
	if strings.HasPrefix(head, "GET /robots.txt ") {
		c.Write([]byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
		return
	}
	s.raw(c)
}

func readHead(c net.Conn) string {
	var head []byte
	buf := make([]byte, 4096)
	for !bytes.Contains(head, []byte("\r\n\r\n")) {
		n, err := c.Read(buf)
		head = append(head, buf[:n]...)
		if err != nil {
			break
		}
	}
	return string(head)
}

// tcpConn shows the address that was dialled.
type tcpConn struct {
	net.Conn
	remote net.Addr
}

func (c tcpConn) RemoteAddr() net.Addr { return c.remote }

// wallClock stamps with the time of the machine, or of the bubble.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }
