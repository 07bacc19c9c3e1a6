package crawler

import (
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/egress"
	"xuncha/inventory"
)

// crawler makes a crawler of this world with delays of 100 ms and a reader that
// asks for the task's URLs and says what came.
func (w *world) crawler(memory Memory, change ...func(*Config)) *Crawler {
	cfg := DefaultConfig()
	cfg.Delay, cfg.Jitter, cfg.Backoff = 100*time.Millisecond, 0, 200*time.Millisecond
	for _, f := range change {
		f(&cfg)
	}
	transport, err := egress.NewTransport(egress.Config{Network: w})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(transport.CloseIdleConnections)
	c, err := New(cfg, transport, wallClock{}, memory, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	c.read = readAll
	return c
}

// readAll wants every URL of a task and then reads the classes of the answers.
func readAll(t extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
	var wants []extract.Want
	for _, u := range t.URLs[min(len(pages), len(t.URLs)):] {
		wants = append(wants, extract.Want{URL: u, Why: extract.WhyList})
	}
	if len(wants) > 0 {
		return extract.Reading{}, wants
	}
	for _, p := range pages {
		if p.Class != "" {
			return extract.Reading{Outcome: extract.Unread, Reason: p.Class.Reason(), Detail: p.Detail}, nil
		}
		if len(p.Body) == 0 {
			return extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonLost, Detail: "no body to read"}, nil
		}
	}
	return extract.Reading{Outcome: extract.Dated}, nil
}

// column is a subject with the given addresses.
func column(id string, urls ...string) inventory.Subject {
	return inventory.Subject{ID: id, Kind: inventory.KindColumn, Task: extract.Task{Question: extract.AskNewest, URLs: urls}}
}

// crawl visits subjects and returns their visits by ID.
func crawl(t *testing.T, c *Crawler, subjects ...inventory.Subject) map[string]Visit {
	t.Helper()
	visits := map[string]Visit{}
	err := c.Crawl(t.Context(), Job{Subjects: subjects}, func(v Visit) error {
		visits[v.Subject] = v
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(visits) != len(subjects) {
		t.Fatalf("%d subjects, %d visits", len(subjects), len(visits))
	}
	return visits
}

// one fetches a single address and returns its page.
func one(t *testing.T, c *Crawler, url string) extract.Page {
	t.Helper()
	v := crawl(t, c, column("a", url))["a"]
	if len(v.Pages) != 1 {
		t.Fatalf("%s: %d pages, want 1", url, len(v.Pages))
	}
	return v.Pages[0]
}

// list is the body of an ordinary page.
const list = `<ul><li><a href="/1.html">通知</a><span>2023-09-01</span></li></ul>`

// text answers every path but robots.txt with a body.
func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(body))
	}
}

// quiet is a log for servers that are meant to fail.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// count returns how many pages were asked, those whose handler gave up included.
func (s *site) count() int { return len(s.pages()) }

func contains(s, part string) bool { return strings.Contains(s, part) }
