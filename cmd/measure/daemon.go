package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A daemonRun lets the built program patrol the simulated city by itself for some
// nights, at speed, and kills it on the way.
type daemonRun struct {
	program  string
	nights   int
	kills    int // spread over the nights
	seed     uint64
	progress io.Writer

	// hurried has days go by faster and without knocks, hosts that are down be gone
	// instead, and begins where each night has news.
	hurried bool
}

// How fast a day without anything to do goes by, and where people reach the console.
const (
	dayRate        = "20000"
	hurriedRate    = "30000"
	daemonFrom     = "2023-09-27T20:00:00+08:00"
	hurriedFrom    = "2023-10-12T20:00:00+08:00"
	consoleAddress = "http://xuncha.example"
	readHeader     = 5 * time.Second
	pollEvery      = 25 * time.Millisecond
	longestWait    = 10 * time.Minute // for a night, on a machine with much else to do
	outageTries    = 20               // which the outbox spreads over eight hours
	halfDay        = 12 * 3600
)

// A kill is a moment at which the program is killed.
type kill int

// The moments, which come in turn.
const (
	inRound kill = iota
	whileSending
	between
	inBackup
	anytime
	killKinds
)

// A played daemon is the program with all around it.
type playedDaemon struct {
	daemonRun
	dir, city, data string
	receiver        *receiver
	office          *desk
	random          *rand.Rand

	process *daemonProcess
	kinds   [killKinds]int // kills by moment
	rows    []daemonRow
	scrapes []time.Duration
}

// A daemonProcess is one life of the program.
type daemonProcess struct {
	cmd              *exec.Cmd
	console, metrics string // addresses
	setup            string // of the first start, or ""
	ended            chan struct{}
	err              error // once ended
	said             *tail
}

// daemonNights plays the nights, first with kills and then the same number in one
// process, and holds against each other what was sent, kept, entered and received.
func daemonNights(ctx context.Context, r daemonRun, w io.Writer) error {
	if err := r.play(ctx, w); err != nil || r.kills == 0 {
		return err
	}
	if r.nights < steadyNights {
		return nil
	}
	r.kills = 0
	return r.play(ctx, w)
}

// play plays the nights once.
func (r daemonRun) play(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xuncha-daemon-*")
	if err != nil {
		return err
	}
	p := &playedDaemon{daemonRun: r, dir: dir, data: filepath.Join(dir, "data"), random: rand.New(rand.NewPCG(r.seed, 1))}
	if p.receiver, err = newReceiver(); err != nil {
		return err
	}
	defer p.receiver.close()
	if p.city, err = daemonCity(dir, p.receiver); err == nil && r.hurried {
		err = errors.Join(replaced(filepath.Join(p.city, "facts.yaml"), "{down: true}", "{down: false}", "unreadable: down", "unreadable: gone"),
			replaced(filepath.Join(p.city, "city.yaml"), "\nmessages:", "\nschedule: {probes: 0}\nmessages:"))
	}
	if err != nil {
		return err
	}
	begun := time.Now()
	err = p.live(ctx)
	if p.process != nil {
		_ = p.process.cmd.Process.Kill() // it has ended unless something failed
		<-p.process.ended
	}
	if err != nil {
		return fmt.Errorf("%w\nwhat is kept stands in %s\n%s", err, dir, p.lastWords())
	}
	if err := p.check(ctx, w, time.Since(begun)); err != nil {
		return fmt.Errorf("%w\nwhat is kept stands in %s", err, dir)
	}
	return os.RemoveAll(dir)
}

func (p *playedDaemon) lastWords() string {
	if p.process == nil {
		return ""
	}
	return p.process.said.String()
}

// daemonCity is the demonstration's configuration without pauses, with two channels.
func daemonCity(dir string, r *receiver) (string, error) {
	city, err := fastCity(dir)
	if err != nil {
		return "", err
	}
	name := filepath.Join(city, "city.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	changed := strings.NewReplacer("delay: 5ms", "delay: 0s", "delay: 50ms", "delay: 0s", "cool_down: 1s", "cool_down: 10ms",
		"browser_sandbox: false", "allow_private: [127.0.0.0/8]\n  browser: off").Replace(string(text))
	changed += "\nmessages:\n  console: " + consoleAddress + "\n  channels:\n"
	for _, path := range []string{"good", "never"} {
		secret := filepath.Join(dir, path)
		if err := os.WriteFile(secret, []byte(r.url("/"+path)), 0o600); err != nil {
			return "", err
		}
		changed += fmt.Sprintf("    - {name: %s, kind: webhook, address: %q, per_minute: 60}\n", path, "file:"+secret)
	}
	return city, os.WriteFile(name, []byte(changed), 0o600)
}

// replaced replaces texts of a file: old, new.
func replaced(name string, pairs ...string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(strings.NewReplacer(pairs...).Replace(string(text))), 0o600)
}

// live plays the nights: it waits for each, samples what is in use, has the office
// work, and kills the program where it is its turn.
func (p *playedDaemon) live(ctx context.Context) error {
	if err := p.start(ctx); err != nil {
		return err
	}
	done := 0
	for night := 1; night <= p.nights; night++ {
		if night == 2 {
			p.receiver.fail(outageTries)
		}
		for ; done < p.kills*night/p.nights; done++ {
			if err := p.killed(ctx, kill(done)%killKinds); err != nil {
				return fmt.Errorf("night %d, kill %d: %w", night, done+1, err)
			}
		}
		if err := p.night(ctx, night); err != nil {
			return fmt.Errorf("night %d: %w", night, err)
		}
	}
	if err := p.until(ctx, "the outage is over", func() (bool, error) { return !p.receiver.failing(), nil }); err != nil {
		return err
	}
	quiet := 0
	if err := p.until(ctx, "a time between two rounds", func() (bool, error) {
		m, err := p.scrape(ctx)
		if quiet++; m["xuncha_round_running"] != 0 {
			quiet = 0
		}
		return quiet > 10, err
	}); err != nil {
		return err
	}
	return p.stop()
}

// start starts the program and waits until it serves.
func (p *playedDaemon) start(ctx context.Context) error {
	rate, from := dayRate, daemonFrom
	if p.hurried {
		rate, from = hurriedRate, hurriedFrom
	}
	cmd := exec.CommandContext(ctx, p.program, "serve", "--config", p.city, "--data", p.data, "--simulate", from, "--simulate-latency", "0s",
		"--simulate-rate", rate, "--addr", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--lang", "en")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	d := &daemonProcess{cmd: cmd, ended: make(chan struct{}), said: &tail{}}
	cmd.Stderr = d.said
	if err := cmd.Start(); err != nil {
		return err
	}
	p.process = d
	lines := make(chan string, 8)
	go func() {
		for scan := bufio.NewScanner(out); scan.Scan(); {
			lines <- scan.Text()
		}
		close(lines)
		d.err = cmd.Wait()
		close(d.ended)
	}()
	timeout := time.After(longestWait)
	for d.metrics == "" {
		select {
		case line, ok := <-lines:
			if !ok {
				<-d.ended
				return fmt.Errorf("serve ended: %w", d.err)
			}
			d.hear(line)
		case <-timeout:
			return errors.New("serve does not say where it listens")
		}
	}
	if p.office == nil { // the link to begin with is said last
		select {
		case line := <-lines:
			d.hear(line)
		case <-timeout:
			return errors.New("serve gives no link to begin with")
		}
		p.office, err = newDesk(ctx, d.console, d.setup)
		return err
	}
	p.office.at = d.console
	return nil
}

// hear takes note of what the program says of itself.
func (d *daemonProcess) hear(line string) {
	what, address, _ := strings.Cut(line, ": ")
	switch {
	case what == "Console":
		d.console = strings.TrimSuffix(address, "/")
	case what == "Metrics":
		d.metrics = address
	case strings.HasPrefix(what, "First start"):
		d.setup = address[strings.LastIndexByte(address, ' ')+1:]
	}
}

// killed kills the program at a moment of a kind, and starts it again.
func (p *playedDaemon) killed(ctx context.Context, k kill) error {
	if err := p.moment(ctx, k); err != nil {
		return err
	}
	p.office.work(ctx, 1)            // what is asked for in this very moment may be lost, and is not answered
	_ = p.process.cmd.Process.Kill() // it may have been killed by the moment
	<-p.process.ended
	p.kinds[k]++
	return p.start(ctx)
}

// moment waits for a moment of a kind.
func (p *playedDaemon) moment(ctx context.Context, k kill) error {
	running := func(want float64) func() (bool, error) {
		return func() (bool, error) {
			m, err := p.scrape(ctx)
			return m["xuncha_round_running"] == want, err
		}
	}
	pause := func(most time.Duration) error {
		select {
		case <-time.After(time.Duration(p.random.Int64N(int64(most)))):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	switch k {
	case inRound:
		return cmp.Or(p.until(ctx, "a round begins", running(1)), pause(3*time.Second))
	case between:
		return cmp.Or(p.until(ctx, "a round ends", running(0)), pause(time.Second))
	case whileSending:
		hit := make(chan struct{})
		process := p.process.cmd.Process
		p.receiver.onSending(func() {
			_ = process.Kill() // once: it is there
			close(hit)
		})
		return p.until(ctx, "a message is sent", func() (bool, error) {
			select {
			case <-hit:
				return true, nil
			default:
				return false, nil
			}
		})
	case inBackup:
		return p.until(ctx, "a backup is made", func() (bool, error) {
			halves, err := filepath.Glob(filepath.Join(p.data, "backups", "*.backup-*"))
			return len(halves) > 0, err
		})
	}
	return pause(4 * time.Second)
}

// night waits until one more round than before has been finished.
func (p *playedDaemon) night(ctx context.Context, night int) error {
	var last map[string]float64
	var seen samples
	was := p.newest()
	err := p.until(ctx, "the round of the night ends", func() (bool, error) {
		m, err := p.scrape(ctx)
		if err != nil {
			return false, err
		}
		last = m
		if m["xuncha_round_running"] == 0 {
			seen.add(m, p.process.cmd.Process.Pid)
		}
		at := m[`xuncha_last_success_timestamp_seconds{task="round"}`]
		return at > was+halfDay && m["xuncha_round_running"] == 0, nil // the same success is told with its board and with its job
	})
	if err != nil {
		return err
	}
	row := seen.row(night, last)
	p.rows = append(p.rows, row)
	if p.progress != nil {
		fmt.Fprintf(p.progress, "night %d: %d goroutines, %d files, %d MB, heap %.1f MB\n", night, row.goroutines, row.files, row.anonymous>>20, float64(row.live)/(1<<20))
	}
	return p.office.work(ctx, 3)
}

// newest is the end of the newest round that was seen.
func (p *playedDaemon) newest() float64 {
	if len(p.rows) == 0 {
		return 0
	}
	return p.rows[len(p.rows)-1].at
}

// until waits for something to come true.
func (p *playedDaemon) until(ctx context.Context, what string, ok func() (bool, error)) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	end := time.Now().Add(longestWait)
	for time.Now().Before(end) {
		yes, err := ok()
		if yes || err != nil {
			return err
		}
		select {
		case <-p.process.ended:
			if yes, _ := ok(); yes { // it was killed by what we wait for
				return nil
			}
			return fmt.Errorf("until %s: the program ended: %w", what, p.process.err)
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
	return fmt.Errorf("never: %s", what)
}

// scrape reads the metrics: the value of each series by its name with its labels.
func (p *playedDaemon) scrape(ctx context.Context) (map[string]float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.process.metrics, nil)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	p.scrapes = append(p.scrapes, time.Since(begun))
	all := map[string]float64{}
	scan := bufio.NewScanner(bytes.NewReader(text))
	for scan.Scan() {
		i := strings.LastIndexByte(scan.Text(), ' ')
		if i < 0 || scan.Text()[0] == '#' {
			continue
		}
		if v, err := strconv.ParseFloat(scan.Text()[i+1:], 64); err == nil {
			all[scan.Text()[:i]] = v
		}
	}
	return all, scan.Err()
}

// stopWithin is how long the program may take to stop.
const stopWithin = 20 * time.Second

// stop stops the program as systemd does.
func (p *playedDaemon) stop() error {
	if err := p.process.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-p.process.ended:
	case <-time.After(stopWithin):
		return fmt.Errorf("serve does not stop within %v", stopWithin)
	}
	if p.process.err != nil {
		return fmt.Errorf("serve stopped: %w", p.process.err)
	}
	return nil
}

// A tail is the last of what a program says.
type tail struct{ last []byte }

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.last = append(t.last, p...)
	if len(t.last) > 2*tailBytes {
		t.last = append([]byte(nil), t.last[len(t.last)-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.last) }
