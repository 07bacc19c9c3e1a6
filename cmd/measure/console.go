package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"text/tabwriter"
	"time"

	"xuncha/store"
)

// A consoleRun asks the console of a data folder for its pages, as many clients at
// once, while a round is under way.
type consoleRun struct {
	program string
	data    string
	clients int
	lasts   time.Duration
	alone   bool // only what each page costs, which other work of the machine does not change
}

// consolePages are what clients ask for, in turns: each screen, and each sort of
// list and detail. What stands in braces is taken from the store, and the kept page
// from the column's.
var consolePages = []string{
	"/", "/overview/nights", "/sites", "/sites/{site}", "/sites/{site}/visits", "/columns", "/columns?state=stale", "/columns?q=%E5%85%AC%E7%A4%BA&page=2", "/columns/{column}",
	"{kept}", "/accounts", "/accounts/{account}", "/findings", "/findings?q=%E8%B4%A2%E6%94%BF", "/findings/{finding}", "/findings/new", "/slips?period={period}",
	"/notices", "/notices/preview?period={period}", "/registers", "/registers/reports", "/tuner", "/tuner/{column}", "/rounds", "/rounds/{round}",
	"/system", "/system/rules", "/system/unconfirmed", "/system/messages", "/audit", "/api/v1/columns?size=100", "/api/v1/findings?size=100", "/api/v1/overview",
}

// A pageTime is what a page took.
type pageTime struct {
	took  []time.Duration
	bytes int64 // as sent
	wrong int   // answers that were none
}

// measureConsole prints how long each page takes.
func measureConsole(ctx context.Context, c consoleRun, w io.Writer) error {
	fill, nights, err := knownOf(c.data)
	if err != nil {
		return err
	}
	start := time.Now()
	base, process, stop, err := c.serve(ctx)
	if err != nil {
		return err
	}
	defer stop()
	serves := time.Since(start)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: c.clients, DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	begun, err := spentBy(process)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d nights in the store, %d clients; it served after %.1f s and %.1f s of processor time\n\n", nights, c.clients, serves.Seconds(), begun.Seconds())
	if fill, err = withKept(ctx, client, base, fill); err != nil {
		return err
	}
	if err := c.costs(ctx, client, base, fill, process, w); err != nil {
		return err
	}
	if c.alone {
		return nil
	}
	if err := overviewInChromium(ctx, base, w); err != nil {
		return err
	}
	if err := printPages(w, "quiet", askAll(ctx, client, base, fill, c.clients, time.Now().Add(c.lasts))); err != nil {
		return err
	}
	resp, err := client.PostForm(base+"/rounds", url.Values{})
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("a round could not be started: %s", resp.Status)
	}
	if err := printPages(w, "during a round", askAll(ctx, client, base, fill, c.clients, time.Now().Add(c.lasts))); err != nil {
		return err
	}
	return roundAt(ctx, client, base, w)
}

// roundAt prints how far the round is at the end: one that ended before would make the
// figures those of a quiet console.
func roundAt(ctx context.Context, client *http.Client, base string, w io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/progress", nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 300))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "at the end the round stands at: %s\n", text)
	return err
}

// costRequests is how often a page is asked for to see what it costs.
const costRequests = 50

// costs prints what a page costs in processor time, asked for by one client. The
// first answer is told apart: what is made then is kept for those that follow.
func (c consoleRun) costs(ctx context.Context, client *http.Client, base string, fill known, process int, w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "processor time\tfirst ms\tnext ms\tKB sent\twrong\t\n")
	for _, page := range consolePages {
		var spent [2]time.Duration
		var sent int64
		wrong := 0
		for i, n := range []int{1, costRequests} {
			before, err := spentBy(process)
			if err != nil {
				return err
			}
			for range n {
				_, size, ok := askOnce(ctx, client, base+fill.fill(page))
				if sent = size; !ok {
					wrong++
				}
			}
			after, err := spentBy(process)
			if err != nil {
				return err
			}
			spent[i] = (after - before) / time.Duration(n)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.1f\t%d\t\n", page, ms(spent[0]), ms(spent[1]), float64(sent)/1024, wrong)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	memory, err := memoryOf(process)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%d MB of memory in use\n\n", memory>>20)
	return err
}

// A known is something of each sort in a store.
type known struct{ column, site, account, finding, period, round, kept string }

// fill fills a page's address in.
func (k known) fill(page string) string {
	return strings.NewReplacer(
		"{column}", k.column, "{site}", k.site, "{account}", k.account, "{finding}", k.finding, "{period}", k.period, "{round}", k.round, "{kept}", k.kept,
	).Replace(page)
}

// knownOf finds something of each sort in a store.
func knownOf(data string) (k known, nights int, err error) {
	st, err := store.Open(filepath.Join(data, "xuncha.db"), store.Options{ReadOnly: true})
	if err != nil {
		return k, 0, err
	}
	defer st.Close()
	rounds, err := st.Rounds()
	if err != nil {
		return k, 0, err
	}
	if len(rounds) == 0 {
		return k, 0, errors.New("the store holds no round")
	}
	subjects, err := st.Subjects()
	if err != nil {
		return k, 0, err
	}
	k.round = rounds[0].ID
	for _, id := range subjects {
		switch {
		case strings.HasPrefix(id, "account:"):
			k.account = cmp.Or(k.account, strings.TrimPrefix(id, "account:"))
		case strings.HasPrefix(id, "xxgk/czj/"):
			k.column = cmp.Or(k.column, id)
		case !strings.Contains(id, "/"):
			k.site = cmp.Or(k.site, id)
		}
	}
	book, err := st.Book()
	if err != nil {
		return k, 0, err
	}
	for _, c := range book.Cases() {
		o := c.Occurrences[len(c.Occurrences)-1]
		if o.Period >= k.period {
			k.finding, k.period = o.Case+"/"+o.Period, o.Period
		}
	}
	if k.finding == "" {
		return k, 0, errors.New("the store holds no finding: measure year enters those of its nights")
	}
	return k, len(rounds), nil
}

// withKept finds the kept page that a column's page shows.
func withKept(ctx context.Context, client *http.Client, base string, k known) (known, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+k.fill("/columns/{column}"), nil)
	if err != nil {
		return k, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return k, err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return k, err
	}
	at := keptFrame.FindSubmatch(page)
	if at == nil {
		return k, errors.New("the page of a column shows no kept page")
	}
	k.kept = html.UnescapeString(string(at[1]))
	return k, nil
}

var keptFrame = regexp.MustCompile(`<iframe[^>]* src="(/kept/[^"]+)"`)

// serve starts the program and waits until it serves.
func (c consoleRun) serve(ctx context.Context) (base string, process int, stop func(), err error) {
	cmd := exec.CommandContext(ctx, c.program, "--lang", "en", "serve", "--config", "demo", "--data", c.data, "--addr", "127.0.0.1:0", "--metrics", "off",
		"--simulate", "2023-09-28T08:00:00+08:00", "--role", "签发,admin")
	if base, err = awaitConsole(cmd); err != nil {
		return "", 0, nil, err
	}
	return base, cmd.Process.Pid, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // how it ends is no matter of this measurement
	}, nil
}

// awaitConsole starts the program and waits until it says where its console is.
func awaitConsole(cmd *exec.Cmd) (base string, err error) {
	cmd.Stderr = io.Discard
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base = consoleAt(lines.Text()); base != "" {
			go io.Copy(io.Discard, out)
			return base, nil
		}
	}
	_ = cmd.Wait()
	return "", errors.New("the program did not say where its console is")
}

// askAll asks for all pages, by so many clients, until a moment.
func askAll(ctx context.Context, client *http.Client, base string, fill known, clients int, until time.Time) map[string]*pageTime {
	var mu sync.Mutex
	all := map[string]*pageTime{}
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for n := i; time.Now().Before(until) && ctx.Err() == nil; n++ {
				page := consolePages[n%len(consolePages)]
				if strings.HasPrefix(page, "/notices/preview") && !previewReady(ctx, client, base+fill.fill("/notices?period={period}")) {
					time.Sleep(thinking)
					continue
				}
				took, size, ok := askOnce(ctx, client, base+fill.fill(page))
				mu.Lock()
				t := all[page]
				if t == nil {
					t = &pageTime{}
					all[page] = t
				}
				t.took, t.bytes = append(t.took, took), size
				if !ok {
					t.wrong++
				}
				mu.Unlock()
				time.Sleep(thinking)
			}
		})
	}
	wg.Wait()
	return all
}

// previewReady asks the page of notices, as a browser does, whether the preview in it
// is at hand: a browser asks for it no sooner.
func previewReady(ctx context.Context, client *http.Client, address string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return err == nil && resp.StatusCode == http.StatusOK && !bytes.Contains(page, []byte(`hx-select="#draft"`))
}

// thinking is how long a client looks at a page before it asks for the next: less
// than any person does.
const thinking = 500 * time.Millisecond

func askOnce(ctx context.Context, client *http.Client, address string) (time.Duration, int64, bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, 0, false
	}
	r.Header.Set("Accept-Encoding", "gzip")
	start := time.Now()
	resp, err := client.Do(r)
	if err != nil {
		return time.Since(start), 0, false
	}
	n, err := io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return time.Since(start), n, err == nil && resp.StatusCode == http.StatusOK
}

func printPages(w io.Writer, when string, all map[string]*pageTime) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s\tasked\tmedian ms\tp95 ms\tmax ms\tKB sent\twrong\t\n", when)
	var every []time.Duration
	for _, page := range consolePages {
		p := all[page]
		if p == nil {
			continue
		}
		slices.Sort(p.took)
		every = append(every, p.took...)
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%.1f\t%d\t\n", page, len(p.took), ms(quantile(p.took, 0.5)), ms(quantile(p.took, 0.95)), ms(p.took[len(p.took)-1]), float64(p.bytes)/1024, p.wrong)
	}
	slices.Sort(every)
	if len(every) > 0 {
		fmt.Fprintf(t, "all\t%d\t%s\t%s\t%s\t\t\t\n", len(every), ms(quantile(every, 0.5)), ms(quantile(every, 0.95)), ms(every[len(every)-1]))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return nil
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }

// programOf is the built program, or a hint to build it.
func programOf(name string) error {
	if _, err := os.Stat(name); err != nil {
		return fmt.Errorf("%w; make build makes it", err)
	}
	return nil
}
