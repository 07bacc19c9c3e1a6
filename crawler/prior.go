package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// TaskDigest returns the digest of everything a task asks. It is the same from
// night to night until the configuration, or the day that Since holds, changes.
func TaskDigest(t extract.Task) string {
	t.Since = t.Since.In(extract.Beijing)
	data, err := json.Marshal(t)
	if err != nil {
		return "" // a task holds nothing that JSON cannot; no reading is taken over then
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// recall returns the visit before, or the zero Visit.
func (c *Crawler) recall(s inventory.Subject) Visit {
	if c.memory == nil {
		return Visit{}
	}
	before, ok, err := c.memory.Prior(s.ID)
	switch {
	case err != nil:
		c.log.Warn("visit before cannot be read; the pages are fetched whole", "subject", s.ID, "error", err)
		return Visit{}
	case !ok:
		return Visit{}
	}
	return before
}

// fingerprint returns what a visit knew of its list, nil if that was nothing.
func (c *Crawler) fingerprint(v Visit) *extract.Fingerprint {
	if v.ReadingSHA256 == "" || v.Reading.List != nil {
		return v.Reading.List
	}
	whole, err := c.memory.Reading(v.ReadingSHA256)
	if err != nil {
		c.log.Warn("reading before cannot be read; the list has no history", "subject", v.Subject, "error", err)
	}
	return whole.List
}

// answered returns the whole page of the visit before that answered a want, nil
// if there is none.
func answered(before Visit, want extract.Want) *extract.Page {
	for i := range before.Pages {
		p := &before.Pages[i]
		if p.Asked == want.URL && !p.Rendered && p.Class == "" && p.SHA256 != "" && p.Status == http.StatusOK {
			return p
		}
	}
	return nil
}

// kept returns p if its host may confirm it instead of sending it again.
func (c *Crawler) kept(p *extract.Page) *extract.Page {
	if p == nil || p.BodyAt.IsZero() || len(validators(p)) == 0 {
		return nil
	}
	if age := c.clock.Now().Sub(p.BodyAt); age < 0 || age >= c.cfg.FullEvery {
		return nil
	}
	return p
}

// known returns p if it can be known by the bytes in which it came.
func known(p *extract.Page) *extract.Page {
	if p == nil || p.PackedSHA256 == "" {
		return nil
	}
	return p
}

// validators returns the headers that ask for a page only if it has changed. A
// value that was cut when it was kept validates nothing.
func validators(p *extract.Page) http.Header {
	h := http.Header{}
	if tag := p.HeaderValue("Etag"); tag != "" && len(tag) < maxValueBytes {
		h.Set("If-None-Match", tag)
	}
	if at := p.HeaderValue("Last-Modified"); at != "" && len(at) < maxValueBytes {
		h.Set("If-Modified-Since", at)
	}
	return h
}

// confirm turns a kept page into the one a 304 stands for.
func confirm(kept extract.Page, why extract.Why, now time.Time, took time.Duration) extract.Page {
	kept.Why, kept.FetchedAt, kept.Took = why, now, took
	kept.NotModified, kept.Authority, kept.Body = true, "", nil
	return kept
}

// same reports whether a page is what it was: nothing that a reading could
// depend on differs.
func same(now, before extract.Page) bool {
	return now.Asked == before.Asked && now.URL == before.URL && now.Why == before.Why &&
		now.Status == before.Status && now.Class == before.Class && now.SHA256 == before.SHA256 &&
		now.HeaderValue("Content-Type") == before.HeaderValue("Content-Type")
}

// retakable reports whether the reading of the visit before holds as long as its
// pages stay the same. What a browser showed is looked at anew every time: that
// the page is the same says nothing of what its scripts bring. So is what was not
// asked for, because a platform was closed to us for that night.
func retakable(before Visit, task string) bool {
	passing := func(p extract.Page) bool {
		why := p.Class.Reason()
		return p.Rendered || p.Class != "" && p.Status == 0 && (why == extract.ReasonNotLooked || why == extract.ReasonBlocked)
	}
	return !slices.ContainsFunc(before.Pages, passing) && len(before.Pages) > 0 && task != "" && before.Task == task && before.Reader == extract.Version &&
		before.Reading.Conclusive() && !before.Reading.Momentary
}
