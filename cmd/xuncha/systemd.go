package main

import (
	"context"
	"net"
	"strconv"
	"time"
)

// notifySystemd tells the service manager something, if one listens.
func notifySystemd(getenv func(string) string, state string) error {
	name := getenv("NOTIFY_SOCKET")
	if name == "" {
		return nil
	}
	if name[0] == '@' { // a name that is in no folder
		name = "\x00" + name[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(state))
	return err
}

// feedWatchdog tells the service manager that the process is alive, as often as it
// asks to be told, for as long as it is.
func feedWatchdog(ctx context.Context, getenv func(string) string, alive func() error) {
	micros, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || micros <= 0 {
		return
	}
	ticker := time.NewTicker(time.Duration(micros) * time.Microsecond / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if alive() == nil {
				_ = notifySystemd(getenv, "WATCHDOG=1") // it will ask again by ending us
			}
		}
	}
}
