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

	"xuncha/board"
	"xuncha/extract"
	"xuncha/store"
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
	w.mu.Lock()
	w.pause = 10 * time.Millisecond // it is not over before the disk is full
	w.mu.Unlock()
	if err := d.RunNow("王敏", nil); err != nil { // which is kept, and so needs room
		return err
	}
	if err := limit(filepath.Join(dir, "xuncha.db")); err != nil {
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
	if err == nil {
		err = cancelled(d, w, st)
	}
	cancel()
	return errors.Join(err, <-ended, st.Close(), fullAtStart(w))
}

// cancelled has a round be cancelled while it waits for room: it is not gone on with
// once there is some.
func cancelled(d *Daemon, w *town, st *store.Store) error {
	before, err := st.Rounds()
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.pause = 10 * time.Millisecond
	w.mu.Unlock()
	if err := until("a second round is taken", func() bool { return !errors.Is(d.RunNow("王敏", nil), ErrBusy) }); err != nil {
		return err // the first may not have put everything away
	}
	if err := until("the second round begins", func() bool {
		p, ok := d.Progress()
		return ok && p.Done > 0
	}); err != nil {
		return err
	}
	if err := tiny(); err != nil {
		return err
	}
	if err := until("the second round pauses", func() bool {
		p, ok := d.Progress()
		return ok && !p.Paused.IsZero()
	}); err != nil {
		return err
	}
	d.Cancel()
	at := w.clock.Now()
	if err := until("the disk is found full once more", func() bool { return w.clock.Now().Sub(at) > 3*roomEvery }); err != nil {
		return err
	}
	if p, ok := d.Progress(); !ok || !p.Stopping {
		return errors.New("a round that was cancelled on a full disk is left as if it were to go on")
	}
	if err := unlimit(); err != nil {
		return err
	}
	if err := until("the second round ends", func() bool {
		_, ok := d.Progress()
		return !ok
	}); err != nil {
		return err
	}
	after, err := st.Rounds()
	if err == nil && (len(after) != len(before)+1 || after[0].State != store.Abandoned) {
		err = fmt.Errorf("then there are %d rounds, the last one %s; want it abandoned", len(after)-len(before), after[0].State)
	}
	return err
}

// fullAtStart has the disk be full at a start, when a round was finished and it was not
// kept what that came to.
func fullAtStart(w *town) error {
	st := w.open()
	rounds, err := st.Rounds()
	if err != nil {
		return err
	}
	rounds = slices.DeleteFunc(rounds, func(r store.Round) bool { return r.State != store.Finished })
	if err := errors.Join(drop(st.Shelf(shelfCited), []string{rounds[0].ID}), drop(st.Shelf(board.ShelfNights), []string{rounds[0].ID})); err != nil {
		return err
	}
	entered := make(chan string, 100)
	w.concluded = func(r store.Round) error {
		entered <- r.ID
		return nil
	}
	if err := tiny(); err != nil {
		return err
	}
	cfg := w.config(st)
	cfg.Simulated = true
	d, err := New(cfg)
	if err != nil {
		return fmt.Errorf("a start on a full disk: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	err = until("a full disk at the start is told of", func() bool {
		return slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Kind == AlertStorageFull && a.Until.IsZero() })
	})
	if err == nil {
		err = unlimit()
	}
	if err == nil {
		err = until("the night is kept after all", func() bool {
			lacking, err := d.lacking(rounds[:1])
			return err == nil && len(lacking) == 0
		})
	}
	cancel()
	err = errors.Join(err, <-ended, st.Close())
	if err != nil {
		return err
	}
	select {
	case id := <-entered:
		if id != rounds[0].ID {
			return fmt.Errorf("the findings of round %s were entered, want those of %s", id, rounds[0].ID)
		}
		return nil
	default:
		return errors.New("the findings of the round were not entered")
	}
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

// tiny leaves no room at all, not even what is free within a file.
func tiny() error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 16 << 10, Max: ^uint64(0)})
}

func unlimit() error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: ^uint64(0), Max: ^uint64(0)})
}

// until waits for something to come true.
func until(what string, ok func() bool) error {
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); {
		if ok() {
			return nil
		}
		<-time.After(5 * time.Millisecond)
	}
	return fmt.Errorf("never: %s", what)
}
