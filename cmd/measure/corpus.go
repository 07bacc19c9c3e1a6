package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/internal/egress"
	"xuncha/inventory"
)

// A label says what a person read on a page of the corpus.
type label struct {
	File     string  `json:"file"`
	Kind     string  `json:"kind"`
	Newest   *string `json:"newest_date"`
	Item     *string `json:"item_selector"`
	Date     *string `json:"date_selector_or_meta"`
	HasDates *bool   `json:"dates_in_list"`
}

// html reports whether the page is a list with rows a person saw, as HTML or as
// the answer of an interface.
func (l label) html() bool {
	return l.Kind == "list" && (strings.HasSuffix(l.File, ".html") || l.records()) && l.Item != nil && l.HasDates != nil
}

// records reports whether the page is XML whose records hold HTML.
func (l label) records() bool { return strings.HasSuffix(l.File, ".xml") }

// recipe is what a person would write.
func (l label) recipe() extract.Recipe {
	if l.records() { // "datastore > recordset > record (…)" and "li > b (…)"
		item, _, _ := strings.Cut(*l.Item, " (")
		date, _, _ := strings.Cut(*l.Date, " (")
		row, _, _ := strings.Cut(date, " ")
		return extract.Recipe{Source: extract.SourceXML, Markup: item[strings.LastIndexByte(item, ' ')+1:], Item: row, Date: date}
	}
	r := extract.Recipe{Item: *l.Item}
	if l.Date != nil {
		r.Date = *l.Date
	}
	return r
}

// A tally counts lists by what became of them.
type tally struct{ lists, right, wrong, missed, undated int }

// corpus serves a folder of saved pages from loopback, crawls it as any network
// with the recipes of its labels, and compares the newest dates. A wrong date is
// an error: it would be an accusation or hide one.
func corpus(ctx context.Context, dir string, w io.Writer) error {
	labels, err := readLabels(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		return err
	}
	site, stop, err := serveFolder(dir)
	if err != nil {
		return err
	}
	defer stop()
	var lists, details []label
	for _, l := range labels {
		switch {
		case l.html():
			lists = append(lists, l)
		case l.Kind == "detail":
			details = append(details, l)
		}
	}
	fmt.Fprintln(w, "lists, each with the recipe a person would write:")
	given := compareLists(ctx, site, lists, label.recipe, w)
	fmt.Fprintln(w, "lists, without any recipe:")
	none := compareLists(ctx, site, lists, noRecipe, w)
	fmt.Fprintln(w, "lists, by what a person points at:")
	clicks := compareClicks(ctx, site, lists, w)
	fmt.Fprintln(w, "articles:")
	return errors.Join(given, none, clicks, compareArticles(ctx, site, details, w), compareMedia(filepath.Join(dir, "media"), w))
}

// noRecipe leaves a page to the reader.
func noRecipe(label) extract.Recipe { return extract.Recipe{} }

// compareLists reads every list by the recipe that recipeOf gives and prints
// what came of it.
func compareLists(ctx context.Context, site string, labels []label, recipeOf func(label) extract.Recipe, w io.Writer) error {
	visits, err := crawlCorpus(ctx, site, labels, recipeOf)
	if err != nil {
		return err
	}
	bySource := map[string]*tally{}
	var all tally
	for _, l := range labels {
		source := strings.Split(l.File, "/")[1]
		if bySource[source] == nil {
			bySource[source] = &tally{}
		}
		for _, t := range []*tally{bySource[source], &all} {
			t.count(l, visits[l.File].Reading)
		}
		if got := newest(visits[l.File].Reading); l.Newest == nil && got != "" || l.Newest != nil && got != *l.Newest {
			fmt.Fprintf(w, "%s: got %q, %s %s\n", l.File, got, visits[l.File].Reading.Reason, visits[l.File].Reading.Detail)
		}
	}
	printTallies(w, bySource, all)
	if all.wrong > 0 {
		return fmt.Errorf("%d lists were read wrong", all.wrong)
	}
	return nil
}

// newest is the day a conclusive reading gives, or "".
func newest(r extract.Reading) string {
	if !r.Conclusive() || r.Newest.IsZero() {
		return ""
	}
	return r.Newest.Time.Format(time.DateOnly)
}

// count adds one list.
func (t *tally) count(l label, r extract.Reading) {
	got := newest(r)
	switch {
	case l.Newest == nil && got == "":
		t.undated++
	case l.Newest == nil:
		t.wrong++
	case got == *l.Newest:
		t.lists++
		t.right++
	case got == "":
		t.lists++
		t.missed++
	default:
		t.lists++
		t.wrong++
	}
}

func readLabels(name string) ([]label, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	defer f.Close()
	var labels []label
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var l label
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		labels = append(labels, l)
	}
	return labels, lines.Err()
}

// serveFolder serves a folder from loopback until stop is called.
func serveFolder(dir string) (site string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	files := http.Dir(dir)
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := files.Open(path.Clean(r.URL.Path))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer f.Close()
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.Copy(w, f) // the crawler sees a cut body as any other
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends by Close
	}()
	return "http://" + listener.Addr().String() + "/", func() {
		_ = server.Close() // nothing is being answered any more
		<-done
	}, nil
}

// realClock stamps pages with the time it is.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

// crawlCorpus visits every page by its label's recipe.
func crawlCorpus(ctx context.Context, site string, labels []label, recipeOf func(label) extract.Recipe) (map[string]crawler.Visit, error) {
	transport, err := egress.NewTransport(egress.Config{
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: egress.PortsOf(site),
	})
	if err != nil {
		return nil, err
	}
	defer transport.CloseIdleConnections()
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter = "Xuncha/1.0 (+http://localhost/)", 0, 0
	c, err := crawler.New(cfg, transport, realClock{}, nil, nil)
	if err != nil {
		return nil, err
	}
	job := crawler.Job{Host: strings.Trim(strings.TrimPrefix(site, "http:"), "/"), Fresh: true}
	for _, l := range labels {
		job.Subjects = append(job.Subjects, inventory.Subject{ID: l.File, Kind: inventory.KindColumn, Host: job.Host, Task: extract.Task{
			Question: extract.AskNewest, URLs: []string{site + l.File}, Recipe: recipeOf(l), Method: "recipe",
		}})
	}
	visits := map[string]crawler.Visit{}
	err = c.Crawl(ctx, job, func(v crawler.Visit) error {
		visits[v.Subject] = v
		return nil
	})
	return visits, err
}

func printTallies(w io.Writer, bySource map[string]*tally, all tally) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "source\tdated lists\tright\twrong\tmissed\tundated, said so\t")
	eachSource(bySource, all, func(name string, t tally) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t\n", name, t.lists, t.right, t.wrong, t.missed, t.undated)
	})
	_ = tw.Flush() // to standard output
}

// eachSource prints the tally of every source, by name, and that of all.
func eachSource[T any](bySource map[string]*T, all T, print func(name string, t T)) {
	for _, name := range slices.Sorted(maps.Keys(bySource)) {
		print(name, *bySource[name])
	}
	print("all", all)
}
