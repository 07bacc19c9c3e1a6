//go:build !race

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"xuncha/store"
)

// asProgram has the test's own file be the program.
const asProgram = "XUNCHA_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		signal.Ignore(syscall.SIGXFSZ) // of a file that may not grow, which plays the full disk
		main()
	}
	status := m.Run()
	if plain.dir != "" {
		os.RemoveAll(plain.dir)
	}
	os.Exit(status)
}

// A life is one process of the program.
type life struct {
	t                *testing.T
	cmd              *exec.Cmd
	console, metrics string
	stderr           bytes.Buffer  // to be read once it has ended
	welcomed, ended  chan struct{} // welcomed is closed at a first start alone
}

// program is a command of the program as a process.
func program(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0], append(args, "--lang", "en")...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// begin starts the daemon over a city and waits until it serves.
func begin(t *testing.T, city, data string, args ...string) *life {
	t.Helper()
	l := &life{t: t, welcomed: make(chan struct{}), ended: make(chan struct{})}
	l.cmd = program(t, append([]string{
		"serve", "--config", city, "--data", data, "--simulate", "2023-09-28T01:20:00+08:00", "--simulate-latency", "0s", "--simulate-rate", "1000",
		"--addr", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--role", "审核",
	}, args...)...)
	l.cmd.Stderr = &l.stderr
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan struct{})
	go func() {
		defer close(l.ended)
		scan := bufio.NewScanner(out)
		for scan.Scan() {
			if at, ok := strings.CutPrefix(scan.Text(), "Console: "); ok {
				l.console = strings.TrimSuffix(at, "/")
			} else if at, ok := strings.CutPrefix(scan.Text(), "Metrics: "); ok {
				l.metrics = at
				close(serving)
			} else if strings.HasPrefix(scan.Text(), "First start") {
				close(l.welcomed)
			}
		}
		_ = l.cmd.Wait() // how it ended is in its state
	}()
	t.Cleanup(func() {
		_ = l.cmd.Process.Kill() // it may have ended
		<-l.ended
	})
	select {
	case <-serving:
	case <-l.ended:
		t.Fatalf("serve ended: %s", l.stderr.String())
	case <-time.After(5 * time.Minute):
		t.Fatal("serve does not say where it listens")
	}
	return l
}

// ask asks for a page of the console, or an address.
func (l *life) ask(path string) (status int, body string) {
	l.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = l.console + path
	}
	resp, err := own().Get(path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(text)
}

// measures reports whether a line stands in the metrics.
func (l *life) measures(line string) func() bool {
	return func() bool {
		_, body := l.ask(l.metrics)
		return strings.Contains(body, line+"\n")
	}
}

// hasRound reports whether a round has been finished.
func (l *life) hasRound() bool {
	_, body := l.ask(l.metrics)
	return strings.Contains(body, "xuncha_columns{")
}

// until waits for something to come true.
func (l *life) until(what string, ok func() bool) {
	l.t.Helper()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); {
		if ok() {
			return
		}
		select {
		case <-l.ended:
			l.t.Fatalf("until %s: serve ended: %s", what, l.stderr.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	l.t.Fatalf("never: %s", what)
}

// stop stops it as systemd does, and wants it to end well and in time.
func (l *life) stop() {
	l.t.Helper()
	if err := l.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		l.t.Fatal(err)
	}
	select {
	case <-l.ended:
	case <-time.After(2 * time.Minute):
		l.t.Fatal("it does not end")
	}
	if code := l.cmd.ProcessState.ExitCode(); code != 0 {
		l.t.Errorf("it ended with %d: %s", code, l.stderr.String())
	}
}

// fails wants a start to fail with one line that says something.
func fails(t *testing.T, args []string, says ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], append(append([]string{"serve"}, args...), "--simulate", "2023-09-27", "--lang", "en")...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("%q: %v, want status 1: %s", args, err, out)
	}
	for _, want := range says {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q says %s, want %q", args, out, want)
		}
	}
}

// mute is an address that takes connections and never answers.
func mute(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			c.Close()
		}
	})
	return "http://" + l.Addr().String() + "/"
}

// telling is a change of the city that has it tell everything to an address.
func telling(t *testing.T, address string) [3]string {
	secret := filepath.Join(t.TempDir(), "address")
	if err := os.WriteFile(secret, []byte(address), 0o600); err != nil {
		t.Fatal(err)
	}
	return [3]string{"city.yaml", "sections:\n", fmt.Sprintf("messages: {channels: [{name: 办公室, kind: webhook, address: %q}]}\n\nsections:\n", "file:"+secret)}
}

// local lets messages go to this machine.
var local = [3]string{"city.yaml", "  workers: 32\n", "  workers: 32\n  allow_private: [127.0.0.0/8]\n"}

var planned = regexp.MustCompile(`(?m)^xuncha_round_done_subjects ([1-9]\d*)$`)

// Stopped in the middle of a round, with a message out that is never answered, the
// daemon ends well and soon, and goes on where it was.
func TestHostile_G15_StoppedDuringARound(t *testing.T) {
	city, data := cityFolder(t, local, telling(t, mute(t))), t.TempDir()
	l := begin(t, city, data)
	if status, _ := func() (int, error) {
		resp, err := own().PostForm(l.console+"/system/messages/test", url.Values{"channel": {"办公室"}})
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}(); status != http.StatusForbidden { // 审核 does not test channels; the digests below do
		t.Errorf("a test message by one who may not: %d", status)
	}
	l.until("a round is under way", func() bool {
		_, body := l.ask(l.metrics)
		return planned.MatchString(body) && strings.Contains(body, "xuncha_round_running 1\n")
	})
	l.stop()
	if text := l.stderr.String(); strings.Contains(text, "not all work ended in time") {
		t.Errorf("it was cut off: %s", text)
	}
	left := keptRounds(t, data)
	if len(left) != 1 || left[0].State == store.Finished {
		t.Fatalf("left behind: %+v; want one round cut off", left)
	}
	l = begin(t, city, data)
	l.until("the round is finished", l.hasRound)
	begun := time.Now()
	l.stop()
	if took := time.Since(begun); took > 25*time.Second { // a try at a message takes 30 s
		t.Errorf("a message that is never answered held the stop up: %v", took)
	}
	if now := keptRounds(t, data); len(now) < 1 || now[len(now)-1].ID != left[0].ID || now[len(now)-1].State != store.Finished {
		t.Errorf("then: %+v, want round %s finished", now, left[0].ID)
	}
}

func keptRounds(t *testing.T, data string) []store.Round {
	t.Helper()
	st, err := store.Open(filepath.Join(data, storeName), store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rounds, err := st.Rounds()
	if err != nil {
		t.Fatal(err)
	}
	return rounds
}

// A disk that is full pauses the round. The console answers, the alert is there and
// is sent, and with room the round goes on by itself.
func TestHostile_G01_DiskFullWhileServing(t *testing.T) {
	var mu sync.Mutex
	said := ""
	office := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			said += string(body)
		}
	}))
	defer office.Close()
	l := begin(t, cityFolder(t, local, telling(t, office.URL)), t.TempDir())
	<-l.welcomed
	data := l.cmd.Args[5]
	if err := mayGrow(l.cmd.Process.Pid, sizeOf(t, filepath.Join(data, storeName))); err != nil {
		t.Fatal(err)
	}
	l.until("the disk is full", l.measures(`xuncha_alert{alert="storage-full"} 1`))
	for path, want := range map[string]int{"/": 200, "/columns": 200, "/rounds": 200, "/system": 200, "/healthz": 200, "/readyz": 503} {
		if status, body := l.ask(path); status != want {
			t.Errorf("%s answers %d, want %d: %s", path, status, want, sentenceOf(body))
		}
	}
	if _, body := l.ask("/system"); !strings.Contains(body, "the disk is full") && !strings.Contains(body, "磁盘已满") {
		t.Error("the system page does not say that the disk is full")
	}
	l.until("the office is told", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Contains(said, "磁盘已满")
	})
	if err := mayGrow(l.cmd.Process.Pid, ^uint64(0)); err != nil {
		t.Fatal(err)
	}
	l.until("the round is finished by itself", l.hasRound)
	l.until("the alert is over", l.measures(`xuncha_alert{alert="storage-full"} 0`))
	if status, _ := l.ask("/readyz"); status != http.StatusOK {
		t.Errorf("with room it is not ready: %d", status)
	}
	l.stop()
	for i, r := range keptRounds(t, data) {
		if i > 0 && r.State != store.Finished || r.State == store.Abandoned {
			t.Errorf("round %s is %s", r.ID, r.State)
		}
	}
	xuncha(t, 0, "data", "verify", "--data", data)
}

func sizeOf(t *testing.T, file string) uint64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return uint64(info.Size())
}

// mayGrow bounds the size of the files that another process writes.
func mayGrow(pid int, to uint64) error {
	limit := syscall.Rlimit{Cur: to, Max: ^uint64(0)}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// A broken edit is named with its line and changes nothing; mended, it holds.
func TestABrokenEditLeavesTheOldConfigurationInForce(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	l := begin(t, city, data)
	name := filepath.Join(city, "city.yaml")
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(good, "\nnonsense: 1\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	l.until("the edit is refused", l.measures("xuncha_config_last_reload_successful 0"))
	l.until("there is an alert", l.measures(`xuncha_alert{alert="config"} 1`))
	line := fmt.Sprint(bytes.Count(good, []byte("\n")) + 2)
	if _, body := l.ask("/system"); !strings.Contains(body, "nonsense") || !strings.Contains(body, line) {
		t.Errorf("the system page does not show the mistake at line %s", line)
	}
	for _, path := range []string{"/healthz", "/readyz", "/"} {
		if status, _ := l.ask(path); status != http.StatusOK {
			t.Errorf("%s answers %d with a broken edit", path, status)
		}
	}
	fails(t, []string{"--config", city, "--data", t.TempDir()}, "city.yaml", "nonsense")
	if err := os.WriteFile(name, append(good, "# an edit\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	l.until("the mended edit holds", l.measures("xuncha_config_last_reload_successful 1"))
	l.until("a round is finished", l.hasRound)
	l.stop()

	// A restart meanwhile, as of the machine, misses no night for it. What is in force then
	// is the configuration of a round, which the alert names.
	round := keptRounds(t, data)[0].ID
	if err := os.WriteFile(name, append(good, "\nnonsense: 1\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	l = begin(t, city, data)
	l.until("there is an alert", l.measures(`xuncha_alert{alert="config"} 1`))
	if _, body := l.ask("/system"); !strings.Contains(body, "nonsense") || !strings.Contains(body, line) {
		t.Errorf("after a restart the system page does not show the mistake at line %s", line)
	}
	if status, _ := l.ask("/columns"); status != http.StatusOK {
		t.Errorf("after a restart the columns answer %d", status)
	}
	if _, body := l.ask("/system"); !strings.Contains(body, "批次 "+round+" 的配置") && !strings.Contains(body, "that of round "+round) {
		t.Errorf("after a restart the system page does not say that the configuration of round %s is in force", round)
	}
	if err := os.WriteFile(name, good, 0o600); err != nil {
		t.Fatal(err)
	}
	l.until("the mended configuration holds", l.measures("xuncha_config_last_reload_successful 1"))
	l.until("the alert is over", l.measures(`xuncha_alert{alert="config"} 0`))
	l.stop()
}

// What keeps the daemon from starting is said in one line, with what to do, and
// nothing that is there is touched.
func TestHostile_G09_G18_StartsThatFail(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	l := begin(t, city, data)
	busy := strings.TrimPrefix(l.console, "http://")
	fails(t, []string{"--config", city, "--data", data, "--addr", "127.0.0.1:0", "--metrics", "off"}, "in use by another process", fmt.Sprint(l.cmd.Process.Pid))
	fails(t, []string{"--config", city, "--data", t.TempDir(), "--addr", busy, "--metrics", "off"}, busy, "--addr")
	fails(t, []string{"--config", city, "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics", busy}, busy, "--metrics")
	if status, _ := l.ask("/healthz"); status != http.StatusOK {
		t.Errorf("the first is %d", status)
	}
	l.stop()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, []string{"--config", city, "--data", filepath.Join(file, "data"), "--addr", "127.0.0.1:0", "--metrics", "off"}, file)
	fails(t, []string{"--config", filepath.Join(city, "none"), "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--metrics", "off"}, "none")
}

// The simulated clock never goes back behind what is kept, whatever the command
// line says: a night would be judged by pages of the future.
func TestHostile_G13_TheClockSetBack(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	l := begin(t, city, data)
	l.until("a round is finished", l.hasRound)
	l.stop()
	l = begin(t, city, data, "--simulate", "2023-09-01T01:29:55+08:00")
	if status, _ := l.ask("/readyz"); status != http.StatusOK {
		t.Errorf("it is not ready: %d", status)
	}
	l.stop()
	for _, r := range keptRounds(t, data) {
		if r.Started.Before(time.Date(2023, 9, 27, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("round %s of before", r.ID)
		}
	}
}
