package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// systemd hears that we are ready, that we live, and that we are stopping.
func TestSystemdIsTold(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	env := map[string]string{"NOTIFY_SOCKET": socket, "WATCHDOG_USEC": "3000", "WATCHDOG_PID": strconv.Itoa(os.Getpid())}
	s := supervisorOf(func(name string) string { return env[name] })
	if s.within != 3*time.Millisecond {
		t.Fatalf("a sign of life within %v, want 3ms", s.within)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended, alive := make(chan error, 1), 0
	go func() { ended <- s.report(ctx, func() { alive++ }) }()
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
	if got := hear(); got != "READY=1" {
		t.Errorf("first it hears %q", got)
	}
	if one, two := hear(), hear(); one != "WATCHDOG=1" || two != "WATCHDOG=1" {
		t.Errorf("then it hears %q and %q", one, two)
	}
	cancel()
	last := ""
	for last != "STOPPING=1" {
		if last = hear(); last != "WATCHDOG=1" && last != "STOPPING=1" {
			t.Fatalf("at the end it hears %q", last)
		}
	}
	if err := <-ended; err != nil || alive == 0 {
		t.Errorf("ended with %v after asking %d times whether we live", err, alive)
	}
}

// Started by hand, there is nobody to tell; of another process nothing is told.
func TestNobodyIsTold(t *testing.T) {
	if err := (supervisor{}).report(t.Context(), nil); err != nil {
		t.Error(err)
	}
	env := map[string]string{"WATCHDOG_USEC": "3000", "WATCHDOG_PID": "1"}
	if s := supervisorOf(func(name string) string { return env[name] }); s != (supervisor{}) {
		t.Errorf("the supervisor is %+v", s)
	}
	if err := (supervisor{socket: filepath.Join(t.TempDir(), "gone")}).report(t.Context(), nil); err == nil {
		t.Error("a socket that is not there is no error")
	}
}
