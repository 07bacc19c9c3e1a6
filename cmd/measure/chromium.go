package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/chromedp/chromedp"
)

// firstVisits is how often the overview is opened, each time by a browser that was
// never there.
const firstVisits = 9

// usable is how many milliseconds after the navigation began every table is there
// and every chart is drawn.
const usable = `new Promise(done => { const look = () => document.readyState === 'complete' && document.querySelector('main table') && [...document.querySelectorAll('.canvas[data-src]')].every(e => e.querySelector('canvas')) ? done([performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, performance.getEntriesByType('navigation')[0].loadEventStart, performance.now()]) : requestAnimationFrame(look); look() })`

// overviewInChromium prints how soon the overview is usable at a first visit, with
// nothing kept by the browser.
func overviewInChromium(ctx context.Context, base string, w io.Writer) error {
	if _, err := exec.LookPath("chromium"); err != nil {
		return errors.New("the overview is opened in Chromium, which is not installed: run scripts/need")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.Flag("lang", "zh-CN"), chromedp.WindowSize(1280, 900))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, end := chromedp.NewExecAllocator(ctx, opts...)
	defer end()
	browser, shut := chromedp.NewContext(alloc)
	defer shut()
	if err := chromedp.Do(browser); err != nil {
		return fmt.Errorf("start Chromium: %w", err)
	}
	var painted, loaded, drawn []time.Duration
	for range firstVisits {
		at, err := firstVisit(browser, base)
		if err != nil {
			return fmt.Errorf("the overview in Chromium: %w", err)
		}
		painted, loaded, drawn = append(painted, at[0]), append(loaded, at[1]), append(drawn, at[2])
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "overview at a first visit, of %d\tmedian ms\tmax ms\t\n", firstVisits)
	for _, row := range []struct {
		name string
		took []time.Duration
	}{{"something is painted", painted}, {"it has loaded", loaded}, {"tables and charts are drawn", drawn}} {
		slices.Sort(row.took)
		fmt.Fprintf(t, "%s\t%s\t%s\t\n", row.name, ms(quantile(row.took, 0.5)), ms(row.took[len(row.took)-1]))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// firstVisit opens the overview with the cookies and the cache of nobody.
func firstVisit(browser context.Context, base string) (at [3]time.Duration, err error) {
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer closeTab()
	if err := chromedp.Do(tab); err != nil { // opens it, which is no part of the visit
		return at, err
	}
	tab, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	if _, err := chromedp.Run(tab, chromedp.NavigateResponse(base+"/")); err != nil {
		return at, err
	}
	took, err := chromedp.Run(tab, chromedp.Evaluate[[]float64](usable, chromedp.EvalAwaitPromise))
	if err != nil {
		return at, err
	}
	if len(took) != len(at) {
		return at, fmt.Errorf("it says %v", took)
	}
	for i := range at {
		at[i] = time.Duration(took[i] * float64(time.Millisecond))
	}
	return at, nil
}

// demo prints what the demonstration takes until its console serves: at its first
// start, which plays the nights, and at the next.
func demo(ctx context.Context, program string, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xuncha-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "demonstration until its console serves\ts\tprocessor s\tstore MB\t\n")
	for _, start := range []string{"first start", "next start"} {
		took, spent, err := untilServing(ctx, program, dir)
		if err != nil {
			return err
		}
		size := int64(0)
		if info, err := os.Stat(filepath.Join(dir, "xuncha.db")); err == nil {
			size = info.Size()
		}
		fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%d\t\n", start, took.Seconds(), spent.Seconds(), size>>20)
	}
	return t.Flush()
}

// untilServing starts the demonstration, and stops it once it serves.
func untilServing(ctx context.Context, program, dir string) (took, spent time.Duration, err error) {
	cmd := exec.CommandContext(ctx, program, "--lang", "en", "demo", "--data", dir, "--addr", "127.0.0.1:0")
	start := time.Now()
	_, err = awaitConsole(cmd)
	took = time.Since(start)
	if err != nil {
		return took, 0, err
	}
	spent, err = spentBy(cmd.Process.Pid)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	return took, spent, errors.Join(err, cmd.Wait())
}

// consoleAt is where a line of the program says that its console is, "" if it does
// not.
func consoleAt(line string) string {
	_, at, _ := strings.Cut(line, "Console: ")
	return strings.TrimSuffix(at, "/")
}
