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

	"xuncha/internal/simcity"
)

// The round that is measured.
const (
	benchCity  = "demo"
	benchPoint = "2023-09-27"
)

// A cost is what one run of the program took.
type cost struct {
	wall, cpu time.Duration
	rss       int64 // KiB, at most
}

// bench measures rounds of the simulated city: a first one, and a second one
// over pages that have not changed. The city is served by the same process, so
// its work is counted too.
func bench(ctx context.Context, program string, repeats int, w io.Writer) error {
	ideal, host, err := idealRound(ctx)
	if err != nil {
		return err
	}
	var first, second []cost
	for range repeats {
		dir, err := os.MkdirTemp("", "xuncha-bench-*")
		if err != nil {
			return err
		}
		for _, into := range []*[]cost{&first, &second} {
			c, err := measureRound(ctx, program, dir)
			if err != nil {
				return err
			}
			*into = append(*into, c)
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	one, two := median(first), median(second)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "round of %s, medians of %d\tfirst\tsecond, unchanged\tsecond / first\n", benchCity, repeats)
	fmt.Fprintf(tw, "wall\t%.1f s\t%.1f s\t%.2f\n", one.wall.Seconds(), two.wall.Seconds(), ratio(two.wall, one.wall))
	fmt.Fprintf(tw, "CPU, the city's included\t%.2f s\t%.2f s\t%.2f\n", one.cpu.Seconds(), two.cpu.Seconds(), ratio(two.cpu, one.cpu))
	fmt.Fprintf(tw, "peak memory\t%d MB\t%d MB\t%.2f\n", one.rss>>10, two.rss>>10, float64(two.rss)/float64(one.rss))
	fmt.Fprintf(tw, "ideal / wall\t%.2f\t%.2f\t\n", ratio(ideal, one.wall), ratio(ideal, two.wall))
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "ideal: %.1f s, the sum of latency and delay of %s, the slowest host\n", ideal.Seconds(), host)
	return err
}

// measureRound runs one round and returns what the kernel says of it.
func measureRound(ctx context.Context, program, dir string) (cost, error) {
	cmd := exec.CommandContext(ctx, program, "crawl", "--config", benchCity, "--data", filepath.Join(dir, "data"), "--simulate", benchPoint)
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("%s crawl: %w\n%s", program, err, out)
	}
	c := cost{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.rss = usage.Maxrss
	}
	return c, nil
}

// idealRound makes one round in this process and returns the longest that any
// host must take: the latencies of its answers, and the delay after each.
func idealRound(ctx context.Context) (time.Duration, string, error) {
	dir, err := os.MkdirTemp("", "xuncha-bench-*")
	if err != nil {
		return 0, "", err
	}
	r, err := newRounds(dir, simcity.Options{MinLatency: 20 * time.Millisecond, MaxLatency: 80 * time.Millisecond})
	if err != nil {
		return 0, "", err
	}
	_, err = r.make(ctx)
	traffic := r.network.Traffic()
	if err := errors.Join(err, r.close(), os.RemoveAll(dir)); err != nil {
		return 0, "", err
	}
	var longest time.Duration
	name := ""
	for host, t := range traffic {
		if total := t.Latency + time.Duration(t.Requests)*r.city.Crawl.Delay; total > longest && strings.HasSuffix(host, ".cn") {
			longest, name = total, host
		}
	}
	return longest, name, nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// median takes the median of each figure.
func median(costs []cost) cost {
	pick := func(figure func(cost) int64) int64 {
		var all []int64
		for _, c := range costs {
			all = append(all, figure(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return cost{
		wall: time.Duration(pick(func(c cost) int64 { return int64(c.wall) })),
		cpu:  time.Duration(pick(func(c cost) int64 { return int64(c.cpu) })),
		rss:  pick(func(c cost) int64 { return c.rss }),
	}
}
