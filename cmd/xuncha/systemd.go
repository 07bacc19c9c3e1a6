package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// A supervisor is systemd, where it has started us and wants to know how we are; see
// deploy/systemd.
type supervisor struct {
	socket string        // "" where nobody wants to know
	within time.Duration // a sign of life must come within this, 0 for never
}

// supervisorOf finds it in the environment.
func supervisorOf(env func(string) string) supervisor {
	s := supervisor{socket: env("NOTIFY_SOCKET")}
	if pid := env("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return s // the sign of life of somebody else is awaited
	}
	if us, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		s.within = time.Duration(us) * time.Microsecond
	}
	return s
}

// report says that we are ready, that we live as long as alive returns, and when ctx
// is done that we are stopping. It returns then, at once where nobody wants to know.
func (s supervisor) report(ctx context.Context, alive func()) error {
	if s.socket == "" {
		return nil
	}
	if err := s.tell("READY=1"); err != nil {
		return err
	}
	var signs <-chan time.Time // none
	if s.within > 0 {
		ticker := time.NewTicker(s.within / 3) // one may be lost
		defer ticker.Stop()
		signs = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return s.tell("STOPPING=1")
		case <-signs:
			alive()
			if err := s.tell("WATCHDOG=1"); err != nil {
				return err
			}
		}
	}
}

// tell sends one message.
func (s supervisor) tell(state string) error {
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("tell systemd %s: %w", state, err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("tell systemd %s: %w", state, err)
	}
	return nil
}
