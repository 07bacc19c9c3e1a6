package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// The round that is measured.
const (
	benchCity    = "demo"
	benchPoint   = "2023-09-27"
	benchLatency = 80 * time.Millisecond // at most; at least a quarter of it
)

// A cost is what one round took.
type cost struct {
	wall, cpu time.Duration
	rss       int64 // KiB, at most
}

// bench measures rounds of the simulated city: a first one, and a second one
// over pages that have not changed. Each is a process of its own; the city is
// served by this one, so that its work is not counted.
func bench(ctx context.Context, repeats int, w io.Writer) error {
	r, err := newRounds()
	if err != nil {
		return err
	}
	city, err := r.simulate(benchLatency)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "xuncha-bench-*")
	if err != nil {
		return errors.Join(err, city.Close())
	}
	socket := filepath.Join(dir, "city.sock")
	stop, err := lend(city, socket)
	if err != nil {
		return errors.Join(err, city.Close())
	}
	var first, second []cost
	ideal, host := time.Duration(0), ""
	for i := range repeats {
		data := filepath.Join(dir, fmt.Sprint(i))
		for _, into := range []*[]cost{&first, &second} {
			c, _, err := runSelf(ctx, "round", socket, data)
			if err != nil {
				return errors.Join(err, stop(), city.Close())
			}
			*into = append(*into, c)
			if ideal == 0 {
				ideal, host = longest(city.Traffic(), r.city.Crawl.Delay)
			}
		}
	}
	printCosts(w, median(first), median(second), ideal, repeats)
	_, err = fmt.Fprintf(w, "ideal: %.1f s, the sum of latency and delay of %s, the slowest host\n", ideal.Seconds(), host)
	return errors.Join(err, stop(), city.Close(), os.RemoveAll(dir))
}

// printCosts prints the table.
func printCosts(w io.Writer, one, two cost, ideal time.Duration, repeats int) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "round of %s, medians of %d\tfirst\tsecond, unchanged\tsecond / first\n", benchCity, repeats)
	fmt.Fprintf(tw, "wall\t%.1f s\t%.1f s\t%.2f\n", one.wall.Seconds(), two.wall.Seconds(), ratio(two.wall, one.wall))
	fmt.Fprintf(tw, "CPU\t%.2f s\t%.2f s\t%.2f\n", one.cpu.Seconds(), two.cpu.Seconds(), ratio(two.cpu, one.cpu))
	fmt.Fprintf(tw, "peak memory\t%d MB\t%d MB\t%.2f\n", one.rss>>10, two.rss>>10, float64(two.rss)/float64(one.rss))
	fmt.Fprintf(tw, "ideal / wall\t%.2f\t%.2f\t\n", ratio(ideal, one.wall), ratio(ideal, two.wall))
	_ = tw.Flush() // to standard output
}

// oneRound makes one round over a lent city.
func oneRound(ctx context.Context, socket, data string) error {
	r, err := newRounds()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	if err := r.open(data, borrowed(socket)); err != nil {
		return err
	}
	_, err = r.make(ctx)
	return errors.Join(err, r.close())
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

// isName reports whether traffic is a host's, not an address's.
func isName(key string) bool { return strings.ContainsAny(key, "abcdefghijklmnopqrstuvwxyz") }
