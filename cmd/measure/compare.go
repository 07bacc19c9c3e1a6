package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A contest compares programs that read the same farm.
type contest struct {
	dir  string
	want map[string]string // address of a page -> digest of what it says
}

// An entrant is one way of reading the farm, run in a process of its own.
type entrant struct {
	name string
	run  func(ctx context.Context, repeat int) (cost, []byte, error)

	costs []cost
	right int // pages read right, in the worst repeat
}

// compare prints what a page costs us and others, what a round costs in which
// nothing has changed, and what it costs to read without recipes. All run in
// turn, again and again, and their medians are compared.
func compare(ctx context.Context, repeats int, w io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "xuncha-farm-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c := &contest{dir: dir, want: map[string]string{}}
	for _, kind := range []string{untagged, tagged} {
		stop, err := startFarm(ctx, kind, c.manifest(kind))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
		if err := c.learn(kind); err != nil {
			return err
		}
	}
	field := c.field(ctx)
	for i := range repeats {
		for _, e := range field.all() {
			if err := c.enter(ctx, e, i); err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
		}
	}
	return field.print(w, repeats)
}

// manifest names the file that tells what a farm serves.
func (c *contest) manifest(kind string) string { return filepath.Join(c.dir, kind+".json") }

// learn notes what a right reading of each address says.
func (c *contest) learn(kind string) error {
	plots, err := readManifest(c.manifest(kind))
	if err != nil {
		return err
	}
	for _, p := range plots {
		c.want[p.URL] = p.Want
	}
	return nil
}

// enter runs an entrant once.
func (c *contest) enter(ctx context.Context, e *entrant, repeat int) error {
	cost, told, err := e.run(ctx, repeat)
	if err != nil {
		return err
	}
	right := 0
	for lines := bufio.NewScanner(bytes.NewReader(told)); lines.Scan(); {
		address, digest, _ := strings.Cut(lines.Text(), " ")
		if want, ok := c.want[address]; ok && digest == want {
			right++
		}
	}
	if e.right = min(e.right, right); repeat == 0 {
		e.right = right
	}
	e.costs = append(e.costs, cost)
	return nil
}

// A field is all entrants of a contest.
type field struct {
	plain, colly, scrapy            *entrant // scrapy is nil without Scrapy
	first, same, tagged, unmodified *entrant
	induced                         *entrant
}

func (f field) all() []*entrant {
	all := []*entrant{f.plain, f.colly, f.first, f.same, f.tagged, f.unmodified, f.induced}
	if f.scrapy != nil {
		all = append(all, f.scrapy)
	}
	return all
}

// field makes the entrants. A round in which nothing has changed comes after
// the first one of its store.
func (c *contest) field(ctx context.Context) field {
	f := field{
		plain:      c.rival("net/http + goquery, nothing kept", "plain"),
		colly:      c.rival("colly, async, charset detected, nothing kept", "colly"),
		first:      c.ours("xuncha, all kept", "equal", untagged, byRecipe),
		same:       c.ours("second round, bodies equal", "equal", untagged, byRecipe),
		tagged:     c.ours("first round, servers with entity tags", "tagged", tagged, byRecipe),
		unmodified: c.ours("second round, all 304", "tagged", tagged, byRecipe),
		induced:    c.ours("without a recipe", "induced", untagged, induced),
	}
	if python := findScrapy(ctx); python != "" {
		f.scrapy = c.byScrapy(python)
	}
	return f
}

// rival is another program's way, which prints what it read.
func (c *contest) rival(name, way string) *entrant {
	return &entrant{name: name, run: func(ctx context.Context, _ int) (cost, []byte, error) {
		return runSelf(ctx, way, c.manifest(untagged))
	}}
}

// ours is a round of our own; what it read is asked of its store afterwards.
func (c *contest) ours(name, data, kind, how string) *entrant {
	return &entrant{name: name, run: func(ctx context.Context, repeat int) (cost, []byte, error) {
		dir := filepath.Join(c.dir, fmt.Sprint(data, repeat))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return cost{}, nil, err
		}
		spent, _, err := runSelf(ctx, "farm-round", how, c.manifest(kind), dir)
		if err != nil {
			return cost{}, nil, err
		}
		var told bytes.Buffer
		err = tellKept(dir, &told)
		return spent, told.Bytes(), err
	}}
}
