package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html/charset"
)

// A tellSheet gathers what a program read of each page and prints it at the
// end: the address and the digest of titles and dates. It is safe for
// concurrent use.
type tellSheet struct {
	mu    sync.Mutex
	lines []string // guarded by mu
}

func (t *tellSheet) add(address string, rows []farmRow) {
	line := address + " " + rowsDigest(rows)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line)
}

func (t *tellSheet) print(w io.Writer) error {
	_, err := io.WriteString(w, strings.Join(t.lines, "\n")+"\n")
	return err
}

// farmDate is how the farm writes its dates.
var farmDate = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// rowsOf reads the rows of a parsed page by its selectors.
func rowsOf(page *goquery.Selection, p plot) []farmRow {
	var rows []farmRow
	page.Find(p.Item).Each(func(_ int, row *goquery.Selection) {
		rows = append(rows, farmRow{
			title: strings.TrimSpace(row.Find("a").First().Text()),
			date:  farmDate.FindString(row.Find(p.Date).Text()),
		})
	})
	return rows
}

// byHost groups plots by their host.
func byHost(plots []plot) (map[string][]plot, error) {
	hosts := map[string][]plot{}
	for _, p := range plots {
		u, err := url.Parse(p.URL)
		if err != nil {
			return nil, err
		}
		hosts[u.Host] = append(hosts[u.Host], p)
	}
	return hosts, nil
}

// plain reads the farm with net/http and goquery alone, one connection to each
// host, and keeps nothing.
func plain(plots []plot, w io.Writer) error {
	hosts, err := byHost(plots)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	var told tellSheet
	failed := make(chan error, len(plots))
	var workers sync.WaitGroup
	for _, own := range hosts {
		workers.Go(func() {
			for _, p := range own {
				if err := plainPage(client, p, &told); err != nil {
					failed <- err
				}
			}
		})
	}
	workers.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return err
	}
	return told.print(w)
}

func plainPage(client *http.Client, p plot, told *tellSheet) error {
	resp, err := client.Get(p.URL)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := charset.NewReader(resp.Body, resp.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("%s: %w", p.URL, err)
	}
	doc, err := goquery.NewDocumentFromReader(text)
	if err != nil {
		return fmt.Errorf("%s: %w", p.URL, err)
	}
	told.add(p.URL, rowsOf(doc.Selection, p))
	return nil
}

// byColly reads the farm with colly as its examples do: async, charsets
// detected, one request at a time to each host.
func byColly(plots []plot, w io.Writer) error {
	at := map[string]plot{}
	for _, p := range plots {
		at[p.URL] = p
	}
	c := colly.NewCollector(colly.Async(true), colly.DetectCharset())
	hosts, err := byHost(plots)
	if err != nil {
		return err
	}
	for host := range hosts {
		if err := c.Limit(&colly.LimitRule{DomainGlob: host, Parallelism: 1}); err != nil {
			return err
		}
	}
	var told tellSheet
	failed := make(chan error, len(plots))
	c.OnHTML("html", func(e *colly.HTMLElement) {
		address := e.Request.URL.String()
		told.add(address, rowsOf(e.DOM, at[address]))
	})
	c.OnError(func(_ *colly.Response, err error) { failed <- err })
	for _, p := range plots {
		if err := c.Visit(p.URL); err != nil {
			return err
		}
	}
	c.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return err
	}
	return told.print(w)
}
