package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"xuncha/console"
	"xuncha/daemon"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/store"
)

// serveCmd is the daemon with its console.
type serveCmd struct {
	configFlag
	dataFlag
	simulateFlag
	issuerFlags
	Addr         string         `help:"Address of the console." zh:"控制台地址。" default:"127.0.0.1:8080" placeholder:"ADDR"`
	Metrics      string         `help:"Address of the metrics for Prometheus; off for none." zh:"Prometheus 指标地址；off 表示不提供。" default:"127.0.0.1:9464" placeholder:"ADDR"`
	TLSCert      string         `name:"tls-cert" help:"Certificate of the console, PEM; it is read again when it is renewed." zh:"控制台证书（PEM），更新后自动重读。" placeholder:"FILE"`
	TLSKey       string         `name:"tls-key" help:"Key of the certificate." zh:"证书私钥。" placeholder:"FILE"`
	TrustedProxy []netip.Prefix `help:"Proxies whose word on who asks is taken, as CIDR." zh:"可信的反向代理网段。" placeholder:"CIDR"`
	URL          string         `help:"Where users reach the console, for links." zh:"用户访问控制台的网址，用于生成链接。" placeholder:"URL"`
	LinkFor      string         `help:"Print a one-time link with which this user chooses a new password, for an administrator who is locked out." zh:"启动时打印一次性链接，供该用户重设密码：用于管理员忘记密码、无人能登录时。" placeholder:"NAME"`

	// SimulateRate is how many times faster than the real clock the simulated one
	// goes while nothing is being done.
	SimulateRate float64 `hidden:"" default:"1"`

	// SimulateEvents is what happens in the simulated city between two days:
	// nights.yaml of the configuration where there is one, or none.
	SimulateEvents string `hidden:"" default:""`

	// Visitors lets everybody in to look at the demonstration.
	Visitors bool `hidden:""`

	// Role lets everybody in as somebody, to look at the pages of a simulated city
	// without logging in: on this machine alone, and behind no proxy, which would bring
	// everybody here.
	Role []people.Role `hidden:""`
}

// stopWithin is how long a stop may take. What is not done by then is left as it
// is: nothing that was kept is lost by it.
const stopWithin = 18 * time.Second

// A service is what serve has opened.
type service struct {
	*app
	serveCmd
	web    *web
	store  *store.Store
	daemon *daemon.Daemon
	gate   *people.Gate
	teller *teller
	desk   *officeDesk // one for all: what it writes waits for each other

	// instead is the round whose configuration was in force at a start at which that of
	// the folder had mistakes.
	instead string
}

// Run runs the command.
func (c serveCmd) Run(ctx context.Context, a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	a.log = serviceLog(a)
	s := &service{app: a, serveCmd: c}
	if err := s.open(); err != nil {
		return err
	}
	handler, err := s.handler()
	if err != nil {
		return errors.Join(err, s.store.Close())
	}
	measured, err := s.openMeasures()
	if err != nil {
		return errors.Join(err, s.store.Close())
	}
	listener, err := s.door().Listen()
	if err != nil {
		return errors.Join(err, measured.close(), s.store.Close())
	}
	return s.run(ctx, listener, handler, measured)
}

// check refuses what can be seen to be wrong before anything is opened.
func (c serveCmd) check() error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return usage("--tls-cert and --tls-key belong together: give both or neither")
	case c.SimulateRate < 1 || c.SimulateRate > 1e6:
		return usage("--simulate-rate %g: give a number from 1 to 1000000", c.SimulateRate)
	case len(c.Role) > 0 && !loopback(c.Addr):
		return usage("--role lets everybody in: it is for an address of this machine alone")
	case len(c.Role) > 0 && (c.Simulate == "" || c.URL != "" || len(c.TrustedProxy) > 0):
		return usage("--role lets everybody in: it is for a simulated city, and neither for --url nor behind a --trusted-proxy")
	}
	return nil
}

// loopback reports whether only this machine reaches an address.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip, ipErr := netip.ParseAddr(host)
	return err == nil && (host == "localhost" || ipErr == nil && ip.IsLoopback())
}

// serviceLog says more than a command's log: it is read afterwards.
func serviceLog(a *app) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if a.terminal {
		return slog.New(slog.NewTextHandler(a.stderr, options))
	}
	return slog.New(slog.NewJSONHandler(a.stderr, options))
}

// open opens the store and the gate and makes the daemon.
func (s *service) open() (err error) {
	s.desk = &officeDesk{service: s}
	first, mistakes := s.configured()
	if _, _, err := openConfig(s.Config); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(s.Data, storeName)); mistakes != nil && err != nil {
		return mistakes // there is none before it
	}
	if s.store, err = openStore(s.Data, store.Options{Create: true}); err != nil {
		return err
	}
	err = func() (err error) {
		if mistakes != nil {
			if first, s.instead, err = lastInForce(s.store, s.Config); errors.Is(err, store.ErrNotFound) {
				return mistakes
			} else if err != nil {
				return errors.Join(mistakes, err)
			}
		}
		if err := sameKind(s.store, s.Simulate != ""); err != nil {
			return err
		}
		if s.web, err = s.newWeb(first); err != nil {
			return err
		}
		if s.daemon, err = s.newDaemon(); err != nil {
			return err
		}
		if s.teller, err = s.newTeller(); err != nil {
			return err
		}
		s.gate, err = s.openPeople(s.store, s.TrustedProxy, s.URL, s.issuerFlags, func() *inventory.City { return s.daemon.Setup().City })
		return err
	}()
	if err != nil {
		return errors.Join(err, s.store.Close())
	}
	return nil
}

// configured is the configuration as it stands now. That of the demonstration has
// somebody to tell as well.
func (c serveCmd) configured() (setup, error) {
	s, err := loadSetup(c.Config)
	if err == nil && c.Visitors {
		s.city.Messages = demoMessages()
	}
	return s, err
}

// handler makes the console. Each area fills in its part.
func (s *service) handler() (http.Handler, error) {
	cfg := console.Config{
		Board: s.daemon.Board, Gate: s.gate, People: s.gate, Address: strings.TrimSuffix(s.URL, "/"), Units: func() []inventory.Unit { return s.daemon.Setup().City.Units }, Now: s.web.clock.Now, Log: s.log,
		InForce: func() (string, bool) {
			city := s.daemon.Setup().City
			return city.Office, city.Simulated || s.Simulate != ""
		},
	}
	switch {
	case s.Visitors:
		cfg.Gate, cfg.People = people.Visitors{}, nil
	case len(s.Role) > 0:
		cfg.Gate = openGate{s.Role}
	}
	for _, fill := range []func(*console.Config) error{s.fillRounds, s.fillSystem, s.fillAccounts, s.teller.fillMessages, s.fillOffice, s.fillDetail} {
		if err := fill(&cfg); err != nil {
			return nil, err
		}
	}
	pages, err := console.New(cfg)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.daemon.Health)
	mux.HandleFunc("GET /readyz", s.daemon.Ready)
	mux.Handle("/", pages.Handler())
	return mux, nil
}

// door is where the console is served.
func (s *service) door() console.Listener {
	return console.Listener{Addr: s.Addr, Cert: s.TLSCert, Key: s.TLSKey, Log: s.log}
}

// run serves and patrols until ctx is done or one of both fails.
func (s *service) run(parent context.Context, l net.Listener, handler http.Handler, measured *measures) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	c := crew{end: cancel}
	c.start(func() error { return s.daemon.Run(ctx) })
	c.start(func() error { return s.teller.run(ctx) })
	if measured != nil {
		c.start(func() error { return measured.run(ctx) })
	}
	c.start(func() error { return s.door().Serve(ctx, l, handler) })
	c.running.Go(func() { feedWatchdog(ctx, os.Getenv, s.daemon.Alive) })
	if err := s.welcome(l, measured); err != nil {
		c.fail(err)
	}
	s.web.begin()
	if s.Visitors {
		s.firstBackup()
	}
	<-ctx.Done()
	_ = notifySystemd(os.Getenv, "STOPPING=1") // it sees us end all the same
	if !c.waited(stopWithin) {
		s.log.Warn("not all work ended in time; it is gone on with at the next start")
		return errors.Join(c.failure(), s.daemon.Fatal()) // the store is in use yet
	}
	s.web.close()
	return errors.Join(c.failure(), s.store.Close())
}

// A crew is work that goes on side by side, and ends together.
type crew struct {
	end     func() // has all of it end
	running sync.WaitGroup

	mu     sync.Mutex
	failed []error // guarded by mu
}

// start starts a piece of work; with it ends the rest.
func (c *crew) start(work func() error) {
	c.running.Go(func() {
		defer c.end()
		if err := work(); err != nil {
			c.fail(err)
		}
	})
}

// fail takes note of a failure and has all work end.
func (c *crew) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = append(c.failed, err)
	c.end()
}

// failure is what has failed so far, nil for nothing.
func (c *crew) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.failed...)
}

// waited waits for all work to end, for so long, and reports whether it has.
func (c *crew) waited(most time.Duration) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.running.Wait()
	}()
	select {
	case <-done:
		return true
	case <-time.After(most):
		return false
	}
}

// welcome says where the console is, and to whoever starts it first how to become
// its administrator.
func (s *service) welcome(l net.Listener, measured *measures) error {
	scheme := "http"
	if s.TLSCert != "" {
		scheme = "https"
	}
	at := cmp.Or(strings.TrimSuffix(s.URL, "/"), scheme+"://"+reachable(l.Addr().String()))
	text := fmt.Sprintf(s.say("控制台：%s/\n", "Console: %s/\n"), at)
	if len(s.Role) > 0 {
		text = fmt.Sprintf(s.say("警告：--role 让任何人不登录即以“%s”身份进入，仅供试看模拟城市\n", "Warning: by --role everybody is let in as %s without logging in, to look at a simulated city\n"), s.Role[0]) + text
	}
	if strings.HasPrefix(s.URL, "https:") && s.TLSCert == "" && len(s.TrustedProxy) == 0 {
		s.log.Warn("--url is https and no proxy is trusted: cookies are not Secure, and all users count as one address where log-in is locked; name the proxy with --trusted-proxy")
	}
	if measured != nil {
		text += fmt.Sprintf(s.say("指标：http://%s/metrics\n", "Metrics: http://%s/metrics\n"), measured.listener.Addr())
	}
	if s.Visitors {
		fmt.Fprintln(s.stdout, text+s.say("以访客身份浏览，不能改动；按 Ctrl+C 结束", "You look around as a visitor and can change nothing; Ctrl+C ends it"))
		return notifySystemd(os.Getenv, "READY=1")
	}
	secret, err := s.gate.FirstLink()
	if err != nil {
		return err
	}
	if secret != "" {
		text += fmt.Sprintf(s.say("首次启动，请在 24 小时内用此链接设置管理员：%s\n", "First start: make the administrator with this link within 24 hours: %s\n"), at+console.SetupPath(secret))
	}
	if s.LinkFor != "" {
		if secret, err = s.gate.Link(people.Actor{From: "xuncha serve"}, s.LinkFor); err != nil {
			return err
		}
		text += fmt.Sprintf(s.say("请 %s 在 24 小时内用此链接重设密码：%s\n", "Let %s choose a new password with this link within 24 hours: %s\n"), s.LinkFor, at+console.SetupPath(secret))
	}
	fmt.Fprint(s.stdout, text)
	return notifySystemd(os.Getenv, "READY=1")
}

// reachable is an address that a browser on this machine can open: one that stands for
// all of them is none.
func reachable(addr string) string {
	ap, err := netip.ParseAddrPort(addr)
	if err != nil || !ap.Addr().IsUnspecified() {
		return addr
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), ap.Port()).String()
}

// openGate lets everybody in with some roles.
type openGate struct{ roles []people.Role }

func (g openGate) User(*http.Request) people.User {
	return people.User{Name: "nobody", FullName: string(g.roles[0]), Roles: g.roles}
}
