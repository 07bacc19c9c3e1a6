package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"xuncha/extract"
)

// fullEnv has a test's child play a full disk.
const fullEnv = "XUNCHA_DAEMON_FULL"

// A disk that is full pauses the round and nothing else, and the round goes on by
// itself. The system's limit on the size of a file plays the disk; it binds a whole
// process, so a child does it.
func TestHostile_G01_DiskFullPausesTheRound(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fullEnv+"="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// hurrying is a clock that goes a thousand times as fast as the real one.
type hurrying struct{ start, begin time.Time }

func (c hurrying) Now() time.Time {
	return c.begin.Add(1000 * time.Since(c.start)).In(extract.Beijing)
}

func (c hurrying) Sleep(ctx context.Context, until time.Time) {
	timer := time.NewTimer(max(0, min(until.Sub(c.Now())/1000, 50*time.Millisecond)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func fullChild(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	w := newTown(childT{}, 40)
	w.dir = dir
	w.clock = hurrying{time.Now(), time.Date(2023, 9, 27, 8, 0, 0, 0, extract.Beijing)}
	w.city.Schedule.Probes = 0
	st := w.open()
	cfg := w.config(st)
	cfg.Simulated = true
	d, err := New(cfg)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	if err := limit(filepath.Join(dir, "xuncha.db")); err != nil {
		return err
	}
	if err := d.RunNow("王敏", nil); err != nil {
		return err
	}
	err = until("the round pauses and tells so", func() bool {
		p, ok := d.Progress()
		return ok && !p.Paused.IsZero() && slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Kind == AlertStorageFull })
	})
	if err != nil {
		return err
	}
	if err := unlimit(); err != nil {
		return err
	}
	err = until("the round goes on by itself", func() bool {
		_, ok := d.Progress()
		return !ok && d.Board() != nil && d.Board().Nights[0].Read == 120
	})
	if err == nil {
		err = until("the alert is over", func() bool {
			return !slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Kind == AlertStorageFull && a.Until.IsZero() })
		})
	}
	cancel()
	return errors.Join(err, <-ended, st.Close())
}

// childT is as much of a test as a child needs.
type childT struct{ testing.TB }

func (childT) TempDir() string   { return "" }
func (childT) Helper()           {}
func (childT) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func limit(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(info.Size()), Max: ^uint64(0)})
}

func unlimit() error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: ^uint64(0), Max: ^uint64(0)})
}

// until waits for something to come true.
func until(what string, ok func() bool) error {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if ok() {
			return nil
		}
		<-time.After(5 * time.Millisecond)
	}
	return fmt.Errorf("never: %s", what)
}
