package main

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// systemd hears that we live for as long as we do, and no longer.
func TestSystemdIsTold(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	env := map[string]string{"NOTIFY_SOCKET": socket, "WATCHDOG_USEC": "3000"}
	getenv := func(name string) string { return env[name] }
	hear := func() string {
		t.Helper()
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 100)
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		return string(buf[:n])
	}
	if err := notifySystemd(getenv, "READY=1"); err != nil {
		t.Fatal(err)
	}
	if got := hear(); got != "READY=1" {
		t.Errorf("it hears %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked, ended := 0, make(chan struct{})
	go func() {
		defer close(ended)
		feedWatchdog(ctx, getenv, func() error {
			if asked++; asked == 5 {
				cancel()
			}
			if asked > 2 {
				return errors.New("the store is gone")
			}
			return nil
		})
	}()
	if one, two := hear(), hear(); one != "WATCHDOG=1" || two != "WATCHDOG=1" {
		t.Errorf("it hears %q and %q", one, two)
	}
	<-ended
	if err := conn.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 100)); err == nil {
		t.Errorf("it hears %d bytes more though nothing lives", n)
	}
}

// Started by hand, there is nobody to tell.
func TestNobodyIsTold(t *testing.T) {
	none := func(string) string { return "" }
	if err := notifySystemd(none, "READY=1"); err != nil {
		t.Error(err)
	}
	feedWatchdog(t.Context(), none, nil) // returns at once
}
