package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// again is this program once more, for another command.
func again(ctx context.Context, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return exec.CommandContext(ctx, self, args...), nil
}

// runSelf runs a command of this program in a process of its own.
func runSelf(ctx context.Context, args ...string) (cost, []byte, error) {
	cmd, err := again(ctx, args...)
	if err != nil {
		return cost{}, nil, err
	}
	return measured(cmd)
}

// measured runs a command and returns what the kernel says of it, and what it
// printed.
func measured(cmd *exec.Cmd) (cost, []byte, error) {
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, nil, fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args[1:], " "), err, complaint.Bytes(), out.Bytes())
	}
	c := cost{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.rss = usage.Maxrss
	}
	return c, out.Bytes(), nil
}

// spentBy is the processor time of a process so far, all its threads together.
func spentBy(process int) (time.Duration, error) {
	var sum time.Duration
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", process))
	if err != nil {
		return 0, err
	}
	for _, name := range threads {
		data, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		first, _, _ := strings.Cut(string(data), " ")
		ns, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		sum += time.Duration(ns)
	}
	return sum, nil
}

// memoryOf is how many bytes of memory a process holds.
func memoryOf(process int) (int64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", process))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(data))
	if len(fields) < 3 {
		return 0, fmt.Errorf("statm of %d: %q", process, data)
	}
	resident, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0, err
	}
	shared, err := strconv.ParseInt(fields[2], 10, 64) // the store, as mapped
	return (resident - shared) * int64(os.Getpagesize()), err
}

//go:embed scrapy.py
var scrapyScript string

// findScrapy returns a Python that has Scrapy, "" if there is none.
func findScrapy(ctx context.Context) string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(ctx, python, "-c", "import scrapy").Run() == nil {
			return python
		}
	}
	return ""
}

// byScrapy is Scrapy's way. Its last line says what the crawl itself took, so
// that the start of Python is not held against it.
func (c *contest) byScrapy(python string) *entrant {
	return &entrant{name: "Scrapy, nothing kept", run: func(ctx context.Context, _ int) (cost, []byte, error) {
		spent, told, err := measured(exec.CommandContext(ctx, python, "-c", scrapyScript, c.manifest(untagged)))
		if err != nil {
			return cost{}, nil, err
		}
		_, last, _ := strings.Cut(string(told), "\ncpu ")
		seconds, err := strconv.ParseFloat(strings.TrimSpace(last), 64)
		if err != nil {
			return cost{}, nil, fmt.Errorf("what Scrapy spent: %w", err)
		}
		spent.cpu = time.Duration(seconds * float64(time.Second))
		return spent, told, nil
	}}
}

// collectLess tells the collector what cmd/xuncha tells it, see there.
func collectLess() {
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(256 << 20)
}

// takePart is a process of compare.
func takePart(ctx context.Context, part string, args []string, w io.Writer) error {
	if part == "farm" && len(args) == 1 {
		return serveFarm(args[0] == tagged, os.Stdin, w)
	}
	if part == "farm-round" && len(args) == 3 {
		collectLess()
		return farmRound(ctx, args[0] == induced, args[1], args[2])
	}
	if len(args) != 1 {
		return errUsage
	}
	plots, err := readManifest(args[0])
	switch {
	case err != nil:
		return err
	case part == "plain":
		return plain(plots, w)
	}
	return byColly(plots, w)
}
