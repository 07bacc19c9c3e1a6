package console

import (
	"errors"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/store"
)

// An Archive gives back what was kept of subjects; *store.Store is one. It is safe
// for concurrent use.
type Archive interface {
	// History walks a subject's snapshots from the newest at or before a moment,
	// the zero time for all, back to the oldest.
	History(subject string, until time.Time) iter.Seq2[store.Summary, error]

	// Load returns the snapshot behind a summary, without bodies.
	Load(store.Summary) (store.Snapshot, error)

	// Body returns the bytes with a digest.
	Body(sha256 string) ([]byte, error)
}

// looks are all that is kept of a subject, the newest first.
func (c *Console) looks(id string) ([]store.Summary, error) {
	if c.Archive == nil {
		return nil, nil
	}
	var all []store.Summary
	for sum, err := range c.Archive.History(id, time.Time{}) {
		if err != nil {
			return nil, err
		}
		all = append(all, sum)
	}
	return all, nil
}

// momentForm is how addresses name a moment, in Beijing time.
const momentForm = "2006-01-02T15:04:05"

// parseAt reads a moment as addresses name it: to the second, or a day, which
// means its end.
func parseAt(text string) (time.Time, bool) {
	if t, err := time.ParseInLocation(momentForm, text, extract.Beijing); err == nil {
		return t.Add(time.Second - 1), true // looks are more exact than their addresses
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing); err == nil {
		return t.AddDate(0, 0, 1).Add(-1), true
	}
	return time.Time{}, false
}

// errNoLook is the refusal of a look that is not kept.
func errNoLook() error {
	return refuse(http.StatusNotFound, "没有留存这份网页快照；它可能已过保留期，请从栏目页的快照列表中选择",
		"this snapshot is not kept; it may have been let go of, choose one from the list on the column's page")
}

// lookAt is the newest look at or before a moment; of two looks at one moment the
// one with a number, 0 for the last.
func lookAt(all []store.Summary, at time.Time, number int) (store.Summary, error) {
	for i, sum := range all {
		if sum.At.After(at) {
			continue
		}
		for _, same := range all[i:] {
			if same.At.Equal(sum.At) && same.Look == number {
				return same, nil
			}
		}
		return sum, nil
	}
	return store.Summary{}, errNoLook()
}

// lookURL is the address of a subject as it was seen in one look.
func lookURL(all []store.Summary, i int) string {
	sum := all[i]
	to := listURL("/columns/"+sum.Subject, "at", stamp(sum.At, momentForm))
	twin := func(j int) bool { return j >= 0 && j < len(all) && all[j].At.Equal(sum.At) }
	if twin(i-1) || twin(i+1) {
		to += "&look=" + strconv.Itoa(sum.Look)
	}
	return to
}

// digestForm is how much of a digest an address holds: enough to tell all looks of
// a subject apart.
const digestForm = 16

// keptLook finds the look that an address names by the beginning of its digest.
func (c *Console) keptLook(id, digest string) (store.Summary, error) {
	all, err := c.looks(id)
	if err != nil {
		return store.Summary{}, err
	}
	return lookOf(all, digest)
}

// lookOf is the look whose digest begins as an address says.
func lookOf(all []store.Summary, digest string) (store.Summary, error) {
	if len(digest) < digestForm {
		return store.Summary{}, errNoLook()
	}
	for _, sum := range all {
		if strings.HasPrefix(sum.Digest, digest) {
			return sum, nil
		}
	}
	return store.Summary{}, errNoLook()
}

// load returns the snapshot behind a summary; one that retention has just removed
// is not kept.
func (c *Console) load(sum store.Summary) (store.Snapshot, error) {
	snap, err := c.Archive.Load(sum)
	if errors.Is(err, store.ErrNotFound) {
		return snap, errNoLook()
	}
	snap.Digest = sum.Digest
	return snap, err
}

// withBodies are the pages of a snapshot with their bytes. One whose bytes are not
// kept comes without.
func (c *Console) withBodies(snap store.Snapshot) ([]extract.Page, error) {
	pages := make([]extract.Page, len(snap.Pages))
	for i, p := range snap.Pages {
		pages[i] = p
		if p.SHA256 == "" {
			continue
		}
		body, err := c.Archive.Body(p.SHA256)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			pages[i].Body = body
		}
	}
	return pages, nil
}

// listPage is which of a look's pages the list was read from, as far as that can be
// told without reading them: a list in a frame or in data is there and not on the
// page that was asked for, and what a browser showed is more than what came.
func listPage(pages []extract.Page) int {
	best, most := 0, -1
	for i, p := range pages {
		score := map[extract.Why]int{extract.WhyData: 3, extract.WhyFrame: 3, extract.WhyList: 2, extract.WhyPart: 1, extract.WhySearch: 1}[p.Why]
		if p.Rendered {
			score += 2
		}
		if p.SHA256 == "" || p.Class != "" || p.Why == extract.WhyPicture {
			score = 0
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}
