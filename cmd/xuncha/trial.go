package main

import (
	"io"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
)

// A trial is what try says, as JSON.
type trial struct {
	Subject     string            `json:"subject"`
	Outcome     extract.Outcome   `json:"outcome"`
	Reason      report.Null       `json:"reason"`
	Detail      report.Null       `json:"detail"`
	Newest      report.Null       `json:"newest"`
	NewestTitle report.Null       `json:"newest_title"`
	Name        report.Null       `json:"observed_name"`
	Method      string            `json:"method"`
	Confidence  float64           `json:"confidence"`
	Proposal    *extract.Proposal `json:"proposal"`
	Charset     string            `json:"charset"`
	Complete    bool              `json:"items_complete"`
	AtLeast     bool              `json:"at_least"`
	Items       []extract.Item    `json:"items"`
	Notes       []string          `json:"notes"`
	Pages       []extract.Page    `json:"pages"`

	// What only accounts have; null and empty for all else. NewestAt is the newest
	// post as exactly as it is known.
	Platform  report.Null   `json:"platform"`
	NewestAt  report.Null   `json:"newest_at"`
	Owner     report.Null   `json:"observed_owner"`
	Source    report.Null   `json:"source"`
	Hindrance report.Null   `json:"hindrance"`
	Tries     []extract.Try `json:"tries"`
	Hand      report.Null   `json:"hand"` // how to supply what is not shown
}

func newTrial(v crawler.Visit, p inventory.PlatformProfile) trial {
	r := v.Reading
	t := trial{
		Subject: v.Subject, Outcome: r.Outcome, Reason: report.Null(r.Reason), Detail: report.Null(r.Detail), Name: report.Null(r.Name),
		Method: r.Method, Confidence: r.Confidence, Proposal: r.Proposal, Charset: r.Charset, Complete: r.Complete, AtLeast: r.AtLeast,
		Items: append([]extract.Item{}, r.Items...), Notes: append([]string{}, r.Notes...), Pages: append([]extract.Page{}, v.Pages...),
		Platform: report.Null(p.ID), Owner: report.Null(r.Owner), Source: report.Null(r.From), Hindrance: report.Null(r.Hindrance),
		Tries: append([]extract.Try{}, r.Tries...),
	}
	if !r.Newest.IsZero() {
		t.Newest, t.NewestTitle = report.Null(r.Newest.Time.Format(time.DateOnly)), report.Null(r.NewestTitle())
		if p.ID != "" {
			t.NewestAt = report.Null(r.Newest.Time.In(extract.Beijing).Format(time.RFC3339))
		}
	}
	if !r.Conclusive() || r.AtLeast {
		t.Hand = report.Null(p.Hand)
	}
	return t
}

// tellTrial says what was read and why, as JSON or for people. The profile is that
// of the subject's platform, zero for what is no account.
func (a *app) tellTrial(format string, chosen inventory.Subject, v crawler.Visit, p inventory.PlatformProfile) error {
	if format == "json" {
		return report.WriteJSON(a.stdout, newTrial(v, p))
	}
	s := sheet{app: a, visit: v, task: chosen.Task, platform: p}
	s.head()
	s.sources()
	s.pages()
	s.items()
	s.proposal()
	s.text()
	_, err := io.WriteString(a.stdout, s.b.String())
	return err
}
