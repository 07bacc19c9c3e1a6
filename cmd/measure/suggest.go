package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"text/tabwriter"

	"xuncha/configs"
	"xuncha/crawler"
	"xuncha/internal/egress"
	"xuncha/inventory"
	"xuncha/patrol"
)

// What suggestions must reach, in percent: of the columns of all home pages, and
// of those that were found.
const (
	wantFound = 90
	wantClass = 85
)

// A recall counts the columns of a site.
type recall struct{ columns, found, classes int }

func (r *recall) add(o recall) {
	r.columns, r.found, r.classes = r.columns+o.columns, r.found+o.found, r.classes+o.classes
}

// suggest explores every home page of the simulated city, or those of some
// carriers, and compares what it finds with the inventory the city is made of.
func suggest(ctx context.Context, only []string, w io.Writer) (err error) {
	r, err := newRounds()
	if err != nil {
		return err
	}
	city, err := r.simulate(0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, city.Close()) }()
	e, hangUp, err := r.explorer(city)
	if err != nil {
		return err
	}
	defer hangUp()
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "home page of\tCMS\tcolumns\tfound\tshare\tright class\tshare\t")
	var all recall
	for _, c := range r.city.Carriers {
		if len(c.Columns) == 0 || only != nil && !slices.Contains(only, c.ID) {
			continue
		}
		got, err := explored(ctx, e, c)
		if err != nil {
			return err
		}
		got.print(tw, c.ID, c.CMS)
		all.add(got)
	}
	all.print(tw, "all", "")
	_ = tw.Flush() // to standard output
	if all.found*100 < all.columns*wantFound || all.classes*100 < all.found*wantClass {
		return fmt.Errorf("%d of %d columns found and %d classes right, want %d%% and %d%%", all.found, all.columns, all.classes, wantFound, wantClass)
	}
	return nil
}

func (r recall) print(w io.Writer, name, cms string) {
	fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d%%\t%d\t%d%%\t\n", name, cms, r.columns, r.found, share(r.found, r.columns), r.classes, share(r.classes, r.found))
}

func share(part, whole int) int { return part * 100 / max(whole, 1) }

// explorer is what explores the city as somebody would who knows nothing of it
// but the shipped profiles and dictionary.
func (r *rounds) explorer(network egress.Network) (e patrol.Explorer, hangUp func(), err error) {
	transport, err := egress.NewTransport(egress.Config{Network: network})
	if err != nil {
		return e, nil, err
	}
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter = r.city.Crawl.UserAgent, 0, 0
	c, err := crawler.New(cfg, transport, r, nil, nil)
	if err != nil {
		return e, nil, err
	}
	data, err := fs.ReadFile(configs.FS, inventory.ClassesFile)
	if err != nil {
		return e, nil, err
	}
	classes, err := inventory.ParseClasses(inventory.File{Name: inventory.ClassesFile, Data: data})
	if err != nil {
		return e, nil, err
	}
	profiles, err := inventory.Profiles(r.city.Files)
	return patrol.Explorer{Visitor: c, Classes: classes, Profiles: profiles, Book: r.city.Book, Limit: 60}, transport.CloseIdleConnections, err
}

// explored compares what a home page offers with a carrier's columns, by
// address. A column of several lists is found by any of them.
func explored(ctx context.Context, e patrol.Explorer, c inventory.Carrier) (recall, error) {
	found, err := e.Explore(ctx, c.Home)
	if err != nil {
		return recall{}, fmt.Errorf("explore %s: %w", c.ID, err)
	}
	class := map[string]inventory.Class{}
	for _, s := range found.Columns {
		class[s.URL] = s.Guess.Class
	}
	got := recall{columns: len(c.Columns)}
	for _, col := range c.Columns {
		at := slices.IndexFunc(col.URLs, func(u string) bool { return class[u] != "" })
		if at < 0 {
			continue
		}
		got.found++
		if class[col.URLs[at]] == col.Class {
			got.classes++
		}
	}
	return got, nil
}
