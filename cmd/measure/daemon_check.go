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
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"xuncha/board"
	"xuncha/internal/notify"
	"xuncha/rules"
	"xuncha/store"
)

// A daemonRow is what the program had in use around one night.
type daemonRow struct {
	night                   int
	at                      float64 // end of its round
	resident, anonymous     int64   // bytes; of the first the store's file is a part
	live                    int64   // bytes of the heap that were in use, and no garbage
	goroutines, files, size int
}

// samples are what was in use while no round was made.
type samples struct {
	resident, anonymous, live []int64
	goroutines, files         []int
}

func (s *samples) add(m map[string]float64, pid int) {
	s.resident = append(s.resident, int64(m["process_resident_memory_bytes"]))
	s.anonymous = append(s.anonymous, anonymous(pid))
	s.live = append(s.live, int64(m["go_memstats_heap_alloc_bytes"]))
	s.goroutines = append(s.goroutines, int(m["go_goroutines"]))
	s.files = append(s.files, int(m["process_open_fds"]))
}

// row is the middle of the samples, and of what waits for somebody the least; so of the
// heap, which is collected when a round has ended: what is more is garbage.
func (s *samples) row(night int, m map[string]float64) daemonRow {
	return daemonRow{
		night: night, at: m[`xuncha_last_success_timestamp_seconds{task="round"}`], resident: middle(s.resident), anonymous: middle(s.anonymous), live: slices.Min(s.live),
		goroutines: slices.Min(s.goroutines), files: slices.Min(s.files), size: int(m["xuncha_store_file_bytes"]),
	}
}

func middle(all []int64) int64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// anonymous is the memory of a process that is no file's, 0 where that is not told.
func anonymous(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				return kb << 10
			}
		}
	}
	return 0
}

// steadyNights is from how many nights in one process on it is said whether what is
// in use grows; firstSteady is the night from which on it may not. Before, pages are
// remembered that were not yet looked at twice, and messages wait for an outage.
const (
	steadyNights = 15
	firstSteady  = 5
)

// What may be more in use at the end than after the first nights.
const (
	moreGoroutines = 4
	moreFiles      = 2
	moreLive       = 1.05
	moreMemory     = 1.10 // which the allocator keeps in pieces, and the collector lets swing
)

// check holds against each other what the store holds, what was received, and what
// was answered as done.
func (p *playedDaemon) check(ctx context.Context, w io.Writer, took time.Duration) error {
	p.print(w)
	if out, err := exec.CommandContext(ctx, p.program, "data", "verify", "--data", p.data).CombinedOutput(); err != nil {
		return fmt.Errorf("data verify: %w\n%s", err, out)
	}
	st, err := store.Open(filepath.Join(p.data, "xuncha.db"), store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer st.Close()
	nights, err := p.checkNights(st)
	if err != nil {
		return err
	}
	told, err := p.checkMessages(st, nights)
	if err != nil {
		return err
	}
	findings, err := p.checkFindings(st)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d nights in %v, %s: each day had its round, once; %s; %s; the store is as it was kept\n",
		len(nights), took.Round(time.Second), p.howKilled(), told, findings)
	if p.kills == 0 {
		return p.checkGrowth()
	}
	return nil
}

// print prints what was in use.
func (p *playedDaemon) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "night\tresident MB\tof it no file's\theap in use\tgoroutines\topen files\tstore MB\t")
	for i, r := range p.rows {
		if i == 0 || r.night%5 == 0 || i == len(p.rows)-1 {
			fmt.Fprintf(tw, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", r.night, r.resident>>20, r.anonymous>>20, r.live>>20, r.goroutines, r.files, r.size>>20)
		}
	}
	tw.Flush()
	slices.Sort(p.scrapes)
	if len(p.scrapes) > 0 {
		fmt.Fprintf(w, "%d scrapes, rounds under way or not: median %s ms, p95 %s ms, the longest %s ms\n",
			len(p.scrapes), ms(quantile(p.scrapes, 0.5)), ms(quantile(p.scrapes, 0.95)), ms(p.scrapes[len(p.scrapes)-1]))
	}
}

func (p *playedDaemon) howKilled() string {
	if p.kills == 0 {
		return "in one process"
	}
	return fmt.Sprintf("killed %d times in a round, %d while sending, %d between, %d in a backup, %d at any moment",
		p.kinds[inRound], p.kinds[whileSending], p.kinds[between], p.kinds[inBackup], p.kinds[anytime])
}

// checkNights wants one finished round a day, and what it came to kept.
func (p *playedDaemon) checkNights(st *store.Store) ([]board.Night, error) {
	nights, err := board.Nights(st.Shelf("nights"), time.Time{})
	if err != nil {
		return nil, err
	}
	if len(nights) < p.nights {
		return nil, fmt.Errorf("%d nights are kept, want %d", len(nights), p.nights)
	}
	for i, n := range nights[1:] {
		if want := nights[i].Day().AddDate(0, 0, 1); !n.Day().Equal(want) {
			return nil, fmt.Errorf("after the night of %s comes that of %s", nights[i].Day().Format(time.DateOnly), n.Day().Format(time.DateOnly))
		}
	}
	rounds, err := st.Rounds()
	for _, r := range rounds[min(1, len(rounds)):] { // the newest may have been cut off by the stop
		if r.State != store.Finished {
			return nil, fmt.Errorf("round %s is %s", r.ID, r.State)
		}
	}
	return nights, err
}

// checkMessages wants every message to have been received once, or again and said
// so, those of the address that takes nothing to wait, and what readers were told to
// be what was judged.
func (p *playedDaemon) checkMessages(st *store.Store, nights []board.Night) (string, error) {
	box := notify.NewOutbox(st.Shelf("outbox"), nil, nil)
	entries, err := box.Entries()
	if err != nil {
		return "", err
	}
	once, again, err := p.receiver.messages()
	if err != nil {
		return "", err
	}
	came := map[string]bool{}
	for _, m := range once {
		came[m.ID] = true
	}
	sent, waits, late, longest := 0, 0, 0, time.Duration(0)
	for _, e := range entries {
		switch {
		case e.Channel == "good" && e.State == notify.Waiting && !e.Made.Before(nights[len(nights)-1].Finished):
			late++ // made as the program was stopped
		case e.Channel == "good" && (e.State != notify.Sent || !came[e.ID]):
			return "", fmt.Errorf("message %s is %s and was received: %v", e.ID, e.State, came[e.ID])
		case e.Channel == "good":
			sent++
			longest = max(longest, e.Sent.Sub(e.Made))
		case e.State == notify.Sent:
			return "", fmt.Errorf("message %s was taken by nobody and is %s", e.ID, e.State)
		default:
			waits++
		}
	}
	if sent != len(once) || waits != sent+late {
		return "", fmt.Errorf("%d messages were received, %d are kept as sent, %d wait for the address that takes none", len(once), sent, waits)
	}
	if longest < 8*time.Hour {
		return "", fmt.Errorf("the outage of eight hours took %v", longest)
	}
	known := ledger{}
	if err := known.read(once); err != nil {
		return "", err
	}
	last, err := box.Told()
	if err != nil {
		return "", err
	}
	if err := known.differs(nights, last); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d messages received, %d of them again, which said so, none lost through an outage of %.1f hours; %d suspicions known to readers, as judged",
		sent, again, longest.Hours(), len(known)), nil
}

// differs compares what readers know with what was judged up to the round that was told
// of. A state that comes to no finding accuses nobody.
func (l ledger) differs(nights []board.Night, told notify.Told) error {
	judged, found := ledger{}, map[string]bool{}
	at := slices.IndexFunc(nights, func(n board.Night) bool { return n.Round == told.Round })
	if at < 0 {
		return fmt.Errorf("readers were told of round %q, which is not kept", told.Round)
	}
	for _, s := range told.Suspected {
		found[s.Subject] = true
	}
	for _, n := range nights[:at+1] {
		for id, c := range n.Cells() {
			switch c.State {
			case rules.Stale, rules.Blank, rules.Missing:
				judged[id] = true
			case rules.Fresh, rules.Due:
				delete(judged, id)
			}
		}
	}
	var wrong []string
	for id := range judged {
		if !l[id] && found[id] {
			wrong = append(wrong, id+" is suspected and nobody knows")
		}
	}
	for id := range l {
		if !judged[id] {
			wrong = append(wrong, id+" is not suspected and readers think so")
		}
	}
	slices.Sort(wrong)
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

// checkFindings wants what was answered as done to be there once.
func (p *playedDaemon) checkFindings(st *store.Store) (string, error) {
	book, err := st.Book()
	if err != nil {
		return "", err
	}
	there := map[string]int{}
	for _, e := range book.Events() {
		there[e.Note]++
		if e.Facts != nil {
			there[e.Facts.Text]++
		}
	}
	done, unknown := 0, 0
	for text, answered := range p.office.done {
		switch n := there[text]; {
		case n > 1 || answered && n == 0:
			return "", fmt.Errorf("%q is there %d times; answered as done: %v", text, n, answered)
		case answered:
			done++
		default:
			unknown++
		}
	}
	return fmt.Sprintf("%d findings and remarks answered as done, all there once, and %d that were cut off", done, unknown), nil
}

// checkGrowth wants no more in use at the end than after the first nights: in the
// mean of what lives on the heap and of memory, and at least of what is open, to which
// idle connections come and go.
func (p *playedDaemon) checkGrowth() error {
	if len(p.rows) < steadyNights {
		return nil
	}
	before, after := newUse(p.rows[firstSteady-1:2*firstSteady-1]), newUse(p.rows[len(p.rows)-firstSteady:])
	if after.live > moreLive*before.live || after.anonymous > moreMemory*before.anonymous || after.goroutines > before.goroutines+moreGoroutines || after.files > before.files+moreFiles {
		return fmt.Errorf("from nights 5-9 to the last five: heap from %.1f to %.1f MB, memory from %.0f to %.0f MB, goroutines from %d to %d, files from %d to %d",
			before.live/(1<<20), after.live/(1<<20), before.anonymous/(1<<20), after.anonymous/(1<<20), before.goroutines, after.goroutines, before.files, after.files)
	}
	return nil
}

// A use is what was in use over some nights.
type use struct {
	live, anonymous   float64
	goroutines, files int
}

func newUse(rows []daemonRow) use {
	u := use{goroutines: rows[0].goroutines, files: rows[0].files}
	for _, r := range rows {
		u.live += float64(r.live) / float64(len(rows))
		u.anonymous += float64(r.anonymous) / float64(len(rows))
		u.goroutines, u.files = min(u.goroutines, r.goroutines), min(u.files, r.files)
	}
	return u
}
