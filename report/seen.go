package report

import (
	"xuncha/extract"
	"xuncha/rules"
	"xuncha/store"
)

// newProofReading is what a look's pages say, nil without a look.
func newProofReading(look *rules.Look, inYear *int) *proofReading {
	if look == nil {
		return nil
	}
	r := look.Reading
	items := newProofItems(r.Items)
	return &proofReading{
		At: Null(moment(look.At)), Round: look.Round, Digest: look.Digest, Outcome: string(r.Outcome),
		Detail: Null(r.Detail), Method: Null(r.Method), Sure: r.Confidence, Charset: Null(r.Charset), Complete: r.Complete,
		Items: items, ItemsRead: len(items), InYear: inYear, Searched: list(r.Searched), Nearest: list(r.Nearest),
		Notes: list(r.Notes),
	}
}

func newProofItems(items []extract.Item) []proofItem {
	out := make([]proofItem, 0, len(items))
	for _, it := range items {
		out = append(out, proofItem{
			Date: Null(shownDate(it.Date)), Inferred: it.Date.Inferred, Title: it.Title, Link: Null(it.Link),
			Source: Null(it.Source),
		})
	}
	return out
}

// shownDate prints a date as exactly as it is known.
func shownDate(d extract.Date) string {
	if d.Minute {
		return moment(d.Time)
	}
	return day(d.Time)
}

// pagesOf are the pages of the snapshot that a look is: with the bytes' digests
// and whatever went wrong.
func pagesOf(look *rules.Look, history []store.Snapshot) []proofPage {
	out := []proofPage{}
	if look == nil {
		return out
	}
	for _, s := range history {
		if !isLook(s, look) {
			continue
		}
		for _, p := range s.Pages {
			out = append(out, proofPage{
				Asked: p.Asked, URL: p.URL, Why: string(p.Why), FetchedAt: Null(moment(p.FetchedAt)), Status: p.Status,
				SHA256: Null(p.SHA256), BodyAt: Null(moment(p.BodyAt)), Class: Null(p.Class), Detail: Null(p.Detail),
				Authority: Null(p.Authority), Rendered: p.Rendered,
			})
		}
		break
	}
	return out
}

func isLook(s store.Snapshot, look *rules.Look) bool {
	if look.Digest != "" && s.Digest != "" {
		return s.Digest == look.Digest
	}
	return s.Round == look.Round && s.At.Equal(look.At)
}

func newHistory(history []store.Snapshot) []proofLook {
	out := make([]proofLook, 0, len(history))
	for _, s := range history {
		out = append(out, proofLook{
			At: Null(moment(s.At)), Round: s.Round, Look: s.Look, Outcome: string(s.Reading.Outcome),
			Reason: Null(s.Reading.Reason), Newest: Null(shownDate(s.Reading.Newest)), Items: len(s.Reading.Items),
			Digest: s.Digest,
		})
	}
	return out
}

// sourceOf is the text that became the newest date.
func sourceOf(look *rules.Look, newest extract.Date, title string) Null {
	for _, item := range readingOf(look).Items {
		if item.Date.Time.Equal(newest.Time) && item.Title == title {
			return Null(item.Source)
		}
	}
	return ""
}
