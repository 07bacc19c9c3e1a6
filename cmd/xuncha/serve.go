package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"xuncha/board"
	"xuncha/console"
	"xuncha/daemon"
	"xuncha/people"
	"xuncha/store"
)

// serveCmd is the daemon with its console.
type serveCmd struct {
	configFlag
	dataFlag
	simulateFlag
	Addr    string `help:"Address of the console." zh:"控制台地址。" default:"127.0.0.1:8080" placeholder:"ADDR"`
	Metrics string `help:"Address of the metrics for Prometheus." zh:"Prometheus 指标地址。" default:"127.0.0.1:9464" placeholder:"ADDR"`

	// Role lets everybody in as somebody, to look at pages while log-in is built.
	Role people.Role `hidden:""`
}

// Run runs the command.
func (c serveCmd) Run(ctx context.Context, a *app) (err error) {
	st, err := openStore(c.Data, store.Options{Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	d, err := daemon.New(daemon.Config{
		Store: st, Clock: wall{}, Log: a.log,
		Load: func() (daemon.Setup, error) {
			s, err := loadSetup(c.Config)
			return daemon.Setup{City: s.city, Set: s.set}, err
		},
		Judge: judgeFor(st),
	})
	if err != nil {
		return err
	}
	city := d.Setup().City
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	n, err := openNetwork(s, c.simulateFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	page := console.Config{
		Board: d.Board, Gate: openGate{c.Role}, Now: n.clock.Now, Log: a.log, Office: city.Office, Simulated: city.Simulated || c.Simulate != "",
	}
	hangUp, err := a.serveDetail(&page, c.Config, city, n, st)
	if err != nil {
		return err
	}
	defer hangUp()
	web, err := console.New(page)
	if err != nil {
		return err
	}
	return a.listen(ctx, c.Addr, web.Handler())
}

// listen serves until ctx is done.
func (a *app) listen(ctx context.Context, addr string, handler http.Handler) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("console: %w; choose another address with --addr", err)
	}
	fmt.Fprintf(a.stdout, a.say("控制台：http://%s/\n", "Console: http://%s/\n"), l.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// openGate lets everybody in with one role, "" for none.
type openGate struct{ role people.Role }

func (g openGate) User(*http.Request) people.User {
	if g.role == "" {
		return people.User{}
	}
	return people.User{Name: "nobody", FullName: string(g.role), Roles: []people.Role{g.role}}
}

// judgeFor judges for a daemon.
func judgeFor(st *store.Store) func(*daemon.Setup, store.Round, time.Time) (board.Input, error) {
	return func(now *daemon.Setup, round store.Round, point time.Time) (board.Input, error) {
		var by *setup
		if now != nil {
			by = &setup{city: now.City, set: now.Set}
		}
		j, err := judgeRound(st, by, round, point)
		return board.Input{City: j.city, Set: j.set, Round: j.round, Result: j.result}, err
	}
}
