package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
)

// Bounds of a Chromium's life.
const (
	startWithin = 20 * time.Second
	closeWithin = 2 * time.Second // to end by itself, with its children
	goneWithin  = 5 * time.Second // after it was killed
)

// niceness is how far Chromium and its children stand back behind all else that
// wants a processor: nobody waits for it but a round.
const niceness = 10

// A chromium is one running Chromium: a process group of its own, with a profile
// that nobody else sees and that is removed with it.
type chromium struct {
	*pipe
	group   int // of its processes; also the process of its first
	profile profile
	exited  chan struct{} // closed once the first process was waited for
	said    *tail         // written to by the process
}

// startChromium starts Chromium and waits until it answers.
func startChromium(ctx context.Context, path string, args []string) (*chromium, error) {
	own, err := newProfile("")
	if err != nil {
		return nil, err
	}
	c := &chromium{profile: own, exited: make(chan struct{}), said: new(tail)}
	if err := c.run(path, args); err != nil {
		return nil, errors.Join(err, own.remove())
	}
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	if _, err := call(ctx, c.pipe, "", browser.GetVersion, cdp.Empty{}); err != nil {
		c.kill()
		return nil, fmt.Errorf("%s does not start: %w: %s", path, err, c.said)
	}
	return c, nil
}

// run starts the process with its two pipes.
func (c *chromium) run(path string, args []string) error {
	theirs, commands, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("pipe to the browser: %w", err)
	}
	defer theirs.Close()
	answers, theirs2, err := os.Pipe()
	if err != nil {
		return errors.Join(fmt.Errorf("pipe from the browser: %w", err), commands.Close())
	}
	defer theirs2.Close()
	cmd := exec.Command(path, append(args, "--user-data-dir="+c.profile.dir)...)
	cmd.ExtraFiles = []*os.File{theirs, theirs2}
	cmd.Env = environment(c.profile.dir)
	cmd.Stderr = c.said
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		// The kernel takes the end of this thread for ours and kills the process
		// then, so the thread stays as long as the process does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(c.exited)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // whether by itself or killed, it has ended
		}
	}()
	if err := <-started; err != nil {
		return errors.Join(fmt.Errorf("browser: %w", err), answers.Close(), commands.Close())
	}
	c.group = cmd.Process.Pid
	_ = syscall.Setpriority(syscall.PRIO_PGRP, c.group, niceness) // where it cannot be, pages are shown all the same
	c.pipe = newPipe(answers, commands)
	return nil
}

// environment is what a browser sees of ours: a way to programs, and a home of
// its own in which it leaves everything it writes. Pages run on Beijing time.
func environment(home string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home,
		"TZ=Asia/Shanghai", "LANG=C.UTF-8",
	}
}

// shut ends Chromium and waits for it, asking it first, so that it waits for its
// own children.
func (c *chromium) shut() {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if _, err := call(ctx, c.pipe, "", browser.Close, cdp.Empty{}); err == nil {
		select {
		case <-c.exited:
		case <-ctx.Done():
		}
	}
	c.kill()
}

// signal kills every process of the group without waiting.
func (c *chromium) signal() {
	_ = syscall.Kill(-c.group, syscall.SIGKILL) // none may be left
}

// kill ends Chromium at once and returns when nothing of it is left.
func (c *chromium) kill() {
	c.signal()
	<-c.exited
	_ = c.conn.Close() // the other ends are gone with the process
	<-c.pipe.ended
	ctx, cancel := context.WithTimeout(context.Background(), goneWithin)
	defer cancel()
	for alive(c.group, c.profile.dir) && wait(ctx, 10*time.Millisecond) == nil {
		c.signal()
	}
	for os.RemoveAll(c.profile.dir) != nil && wait(ctx, 10*time.Millisecond) == nil {
		continue // a process that was just ending has written once more
	}
	_ = c.profile.lock.Close()
}

// alive reports whether a process of the group still runs, and kills those that
// have left the group and name its profile. Zombies do not run.
func alive(group int, profile string) bool {
	found := false
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is good
	for _, name := range stats {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // gone meanwhile
		}
		_, rest, ok := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest)
		if !ok || len(fields) < 3 || fields[0] == "Z" {
			continue
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
		switch {
		case fields[2] == strconv.Itoa(group):
			found = true
		case err == nil && bytes.Contains(line, []byte(profile)):
			found = true
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	return found
}

// A tail keeps the last of what a process says, for the error of a bad start. It
// is read once the process has ended.
type tail struct{ text []byte }

// Write takes everything and keeps the end.
func (t *tail) Write(p []byte) (int, error) {
	const most = 4 << 10
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-most):]
	return len(p), nil
}

// String returns the last line that tells of a failure, else the last line.
func (t *tail) String() string {
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	for _, line := range lines {
		if strings.Contains(line, "FATAL") || strings.Contains(line, "Running as root") || strings.Contains(line, "sandbox") {
			return clip(line)
		}
	}
	return clip(lines[len(lines)-1])
}
