package console

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// A Listener says where a console is served and how.
type Listener struct {
	Addr string

	// Cert and Key name the files of a certificate with its chain, and of its key,
	// in PEM. They are read again when they change. "" for both serves plain HTTP,
	// as on this machine alone or behind a proxy.
	Cert, Key string

	// Conns bounds the connections open at a time; 0 is 512. Further ones wait.
	Conns int

	Log *slog.Logger
}

// patience is how long a connection may take for what.
type patience struct{ header, request, answer, idle, stop time.Duration }

var usual = patience{header: 5 * time.Second, request: 30 * time.Second, answer: 5 * time.Minute, idle: 2 * time.Minute, stop: 10 * time.Second}

// uploadTime is how long a form with files may take that somebody sends who may:
// 20 MB by a line of one megabit a second.
const uploadTime = 4 * time.Minute

const (
	usualConns     = 512
	maxHeaderBytes = 64 << 10
)

// Listen takes the address. What cannot work, a taken address or a certificate that
// cannot be read, is told here.
func (l Listener) Listen() (net.Listener, error) {
	var cfg *tls.Config
	if l.Cert != "" || l.Key != "" {
		c := &certificate{files: [2]string{l.Cert, l.Key}, log: l.Log}
		if err := c.load(); err != nil {
			return nil, fmt.Errorf("console: %w; name a PEM certificate and its key with --tls-cert and --tls-key", err)
		}
		cfg = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}
	}
	taken, err := net.Listen("tcp", l.Addr)
	if err != nil {
		return nil, fmt.Errorf("console: %w; choose another address with --addr", err)
	}
	taken = netutil.LimitListener(taken, cmp.Or(l.Conns, usualConns))
	if cfg != nil {
		taken = tls.NewListener(taken, cfg)
	}
	return taken, nil
}

// Serve serves what Listen took until ctx is done and every request under way has
// been answered, for which there are 10 seconds. What answers for longer than that,
// live progress, sees its request's context end soon after ctx.
func (l Listener) Serve(ctx context.Context, taken net.Listener, h http.Handler) error {
	return l.serve(ctx, taken, h, usual)
}

func (l Listener) serve(ctx context.Context, taken net.Listener, h http.Handler, p patience) error {
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	server := &http.Server{
		Handler: strict(h), ReadHeaderTimeout: p.header, ReadTimeout: p.request, WriteTimeout: p.answer, IdleTimeout: p.idle, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(l.Log.Handler(), slog.LevelDebug), BaseContext: func(net.Listener) context.Context { return base },
	}
	return l.until(ctx, server, taken, p, stop)
}

// until runs a server until ctx is done, then lets it come to an end.
func (l Listener) until(ctx context.Context, server *http.Server, listener net.Listener, p patience, stop func()) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("console: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.stop)
	defer cancel()
	go func() { // what goes on by itself is told to end, after a moment for what is nearly done
		select {
		case <-time.After(p.stop / 5):
		case <-last.Done():
		}
		stop()
	}()
	err := server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		l.Log.Warn("console: some requests were cut off")
		err = server.Close()
	}
	if s := <-served; !errors.Is(s, http.ErrServerClosed) {
		err = errors.Join(err, s)
	}
	return err
}

// strict tells browsers that come by TLS to do so from now on.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// A certificate is one in files that may change, as when it was renewed. While they
// do not fit together the one before stays in use.
type certificate struct {
	files [2]string // certificate, key
	log   *slog.Logger

	mu     sync.Mutex // guards the rest
	looked time.Time  // at the files
	marks  [2]mark
	pair   *tls.Certificate
}

// lookEvery is how often the files of a certificate are looked at: a handshake does not
// wait for a disk, and many at once do not wait for each other.
const lookEvery = 5 * time.Second

// A mark tells whether a file has changed.
type mark struct {
	size int64
	at   time.Time
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return c.at(time.Now()), nil
}

// at is the certificate at a moment.
func (c *certificate) at(now time.Time) *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since := now.Sub(c.looked); since >= 0 && since < lookEvery {
		return c.pair
	}
	c.looked = now
	if err := c.renew(); err != nil {
		c.log.Error("console: the certificate stays as it was", "error", err)
	}
	return c.pair
}

func (c *certificate) load() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.renew()
}

// renew reads the files where they have changed. What cannot be used is told once.
func (c *certificate) renew() error {
	var now [2]mark
	for i, name := range c.files {
		info, err := os.Stat(name)
		if err != nil {
			if c.pair != nil && c.marks[i] == (mark{}) {
				return nil // told already
			}
			c.marks[i] = mark{}
			return err
		}
		now[i] = mark{info.Size(), info.ModTime()}
	}
	if now == c.marks {
		return nil
	}
	c.marks = now
	pair, err := tls.LoadX509KeyPair(c.files[0], c.files[1])
	if err != nil {
		return err
	}
	c.pair = &pair
	return nil
}
