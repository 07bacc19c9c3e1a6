package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"xuncha/extract"
	"xuncha/store"
)

// A daemonRun plays nights of the daemon at speed and kills it in between.
type daemonRun struct {
	program  string
	nights   int
	seed     uint64 // of the moments
	progress io.Writer
}

// The clock goes so much faster while nothing is done. A process lives for so long
// at most before it is killed; the last third of the nights is played by one that
// nobody kills, and what it holds is compared over that time.
const (
	daemonRate = "20000"
	daemonLife = 25 * time.Second
)

// A held is what a process holds.
type held struct{ rss, files int64 }

// playDaemon plays the nights and checks what they left behind: a store that
// verifies, one whole round for each night, nothing abandoned that could have been
// gone on with, events of findings that are a chain, and a process that does not
// grow.
func playDaemon(ctx context.Context, d daemonRun, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xuncha-daemon-*")
	if err != nil {
		return err
	}
	city, err := fastCity(dir)
	if err == nil {
		err = withoutBrowser(city)
	}
	if err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	moments := rand.New(rand.NewPCG(d.seed, 0))
	kills, start := 0, time.Now()
	for have := 0; have < d.nights*2/3; kills++ {
		life := time.Second + time.Duration(moments.Int64N(int64(daemonLife)))
		if have, err = d.live(ctx, city, data, life); err != nil {
			return fmt.Errorf("after kill %d: %w", kills, err)
		}
		fmt.Fprintf(d.progress, "killed after %.0f s, %d nights of %d\n", life.Seconds(), have, d.nights)
	}
	began, ended, err := d.last(ctx, city, data)
	if err != nil {
		return err
	}
	whole, events, err := leftBehind(data)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d nights, %d kills in %.0f s: the store verifies, every night has one whole round (%d), %d events of findings in a chain\n",
		d.nights, kills, time.Since(start).Seconds(), whole, events)
	fmt.Fprintf(w, "the last process: from %d to %d MB, from %d to %d files open\n", began.rss>>20, ended.rss>>20, began.files, ended.files)
	if ended.rss > began.rss*5/4+32<<20 || ended.files > began.files+4 {
		return errors.New("the process grows")
	}
	return os.RemoveAll(dir)
}

// withoutBrowser keeps the city from starting Chromium.
func withoutBrowser(city string) error {
	name := filepath.Join(city, "city.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(strings.Replace(string(text), "browser_sandbox: false", "browser: off", 1)), 0o600)
}

// start starts the daemon on an address of its own.
func (d daemonRun) start(ctx context.Context, city, data string) (cmd *exec.Cmd, at string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	at = l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, "", err
	}
	cmd = exec.CommandContext(ctx, d.program, "serve", "--config", city, "--data", data, "--addr", at, "--metrics", "off", "--role", "operator",
		"--simulate", "2023-09-27", "--simulate-latency", "0s", "--simulate-rate", daemonRate, "--lang", "en")
	log, err := os.OpenFile(data+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, "", err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	return cmd, "http://" + at, cmd.Start()
}

// live starts the daemon, kills it after a while, and returns how many nights the
// store then holds. The store must open.
func (d daemonRun) live(ctx context.Context, city, data string, life time.Duration) (nights int, err error) {
	cmd, _, err := d.start(ctx, city, data)
	if err != nil {
		return 0, err
	}
	timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err = cmd.Wait()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.Exited() {
		return 0, fmt.Errorf("it ended by itself: %v; see %s.log", err, data)
	}
	st, err := store.Open(filepath.Join(data, "xuncha.db"), store.Options{ReadOnly: true})
	if errors.Is(err, store.ErrNoStore) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	rounds, err := st.Rounds()
	for _, r := range rounds {
		if r.State == store.Finished {
			nights++
		}
	}
	return nights, errors.Join(err, st.Close())
}

// total is how many rounds the list of them says there are.
var total = regexp.MustCompile(`of (\d+)`)

// last plays the rest of the nights in one process, ends it in good order, and
// returns what it held after its second night and at the end.
func (d daemonRun) last(ctx context.Context, city, data string) (began, ended held, err error) {
	cmd, at, err := d.start(ctx, city, data)
	if err != nil {
		return began, ended, err
	}
	first, nights := 0, 0
	for nights <= d.nights && err == nil { // one may be under way
		if err = pause(ctx, time.Second); err != nil {
			break
		}
		if nights, err = roundsAt(at); err != nil {
			nights, err = 0, ctx.Err() // it is not there yet
			continue
		}
		if first == 0 {
			first = nights
		}
		if now, heldErr := holds(cmd.Process.Pid); heldErr == nil && nights >= first+2 {
			if ended = now; began == (held{}) {
				began = now
			}
		}
	}
	return began, ended, errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// roundsAt asks the console how many rounds there are.
func roundsAt(at string) (int, error) {
	resp, err := http.Get(at + "/rounds?lang=en&size=1")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	_, pager, _ := strings.Cut(string(page), `class="pager"`)
	m := total.FindStringSubmatch(pager)
	if m == nil {
		return 0, errors.New("no list of rounds")
	}
	return strconv.Atoi(m[1])
}

// holds is what a process holds, by the kernel.
func holds(pid int) (held, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return held{}, err
	}
	f := strings.Fields(string(text))
	if len(f) < 2 {
		return held{}, errors.New("statm says nothing")
	}
	pages, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return held{}, err
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return held{pages * int64(os.Getpagesize()), int64(len(open))}, err
}

// leftBehind verifies the store and counts its whole rounds, one for each night,
// and the events of findings.
func leftBehind(data string) (whole, events int, err error) {
	st, err := store.Open(filepath.Join(data, "xuncha.db"), store.Options{ReadOnly: true})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.Verify(context.Background(), func(string) {}); err != nil {
		return 0, 0, err
	}
	rounds, err := st.Rounds()
	if err != nil {
		return 0, 0, err
	}
	var days []time.Time // of whole rounds, the newest first
	for i, r := range rounds {
		switch {
		case r.State == store.Abandoned, r.State == store.Running && i > 0: // the last may have been cut off
			return 0, 0, fmt.Errorf("round %s is %s", r.ID, r.State)
		case r.State == store.Finished:
			days = append(days, extract.DayOf(r.Started))
		}
	}
	for i := 1; i < len(days); i++ {
		if gone := days[i-1].Sub(days[i]); gone != 24*time.Hour {
			return 0, 0, fmt.Errorf("from the round of %s to the next it is %s", days[i].Format(time.DateOnly), gone)
		}
	}
	book, err := st.Book()
	if err != nil {
		return 0, 0, err
	}
	return len(days), book.Head().Seq, nil
}
