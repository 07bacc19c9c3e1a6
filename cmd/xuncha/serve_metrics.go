package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// A listener serves one thing at one address.
type listener struct {
	net.Listener
	handler http.Handler
}

// openListener opens an address. What it is called and its flag stand in the error.
func openListener(name, flag, addr string, handler http.Handler) (listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return listener{}, fmt.Errorf("%s: %w; choose another address with %s", name, err, flag)
	}
	return listener{l, handler}, nil
}

// serve answers until ctx is done, and then what was asked before.
func (l listener) serve(ctx context.Context) error {
	server := &http.Server{Handler: l.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	return together(ctx,
		func(context.Context) error {
			if err := server.Serve(l.Listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		},
		func(ctx context.Context) error {
			<-ctx.Done()
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			if err := server.Shutdown(last); !errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			return server.Close() // whoever still listens has been told that it ends
		})
}
