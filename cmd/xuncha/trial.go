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
}

func newTrial(v crawler.Visit) trial {
	r := v.Reading
	t := trial{
		Subject: v.Subject, Outcome: r.Outcome, Reason: report.Null(r.Reason), Detail: report.Null(r.Detail), Name: report.Null(r.Name),
		Method: r.Method, Confidence: r.Confidence, Proposal: r.Proposal, Charset: r.Charset, Complete: r.Complete, AtLeast: r.AtLeast,
		Items: append([]extract.Item{}, r.Items...), Notes: append([]string{}, r.Notes...), Pages: append([]extract.Page{}, v.Pages...),
	}
	if !r.Newest.IsZero() {
		t.Newest, t.NewestTitle = report.Null(r.Newest.Time.Format(time.DateOnly)), report.Null(r.NewestTitle())
	}
	return t
}

// tellTrial says what was read and why, as JSON or for people.
func (a *app) tellTrial(format string, chosen inventory.Subject, v crawler.Visit) error {
	if format == "json" {
		return report.WriteJSON(a.stdout, newTrial(v))
	}
	s := sheet{app: a, visit: v, task: chosen.Task}
	s.head()
	s.pages()
	s.items()
	s.proposal()
	s.text()
	_, err := io.WriteString(a.stdout, s.b.String())
	return err
}
