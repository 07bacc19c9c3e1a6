package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/extract"
	"xuncha/people"
	"xuncha/report"
	"xuncha/store"
)

// apiSnapshots are the questions about what was kept of subjects.
func apiSnapshots(r *recorder, api huma.API) {
	asking(r, api, "/api/v1/snapshots", "snapshots", "What is kept of a subject, the newest first", apiLooks)
	asking(r, api, "/api/v1/snapshots/{digest}", "snapshot", "One snapshot with what was read from it, and which text became which date", apiLook)
	handing(r, api, people.See, http.MethodGet, "/api/v1/snapshots/{digest}/pages/{page}", "snapshotPage", "A kept page, in the bytes in which it came; a screenshot as PNG", apiKept)
}

// An APIOf says of which subject.
type APIOf struct {
	APISpoken
	Subject string `query:"subject" required:"true" minLength:"1" maxLength:"300" doc:"ID of a site, column, section or account"`
}

// An APISummary is a snapshot in short.
type APISummary struct {
	Digest  string    `json:"digest"`
	Subject string    `json:"subject"`
	Round   string    `json:"round"`
	Look    int       `json:"look" doc:"of the round: 1, and 2 for the second at its end"`
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome"`
	Reason  string    `json:"reason,omitempty"`
	Newest  string    `json:"newest,omitempty"`
	Rests   bool      `json:"rests" doc:"the state rests on it"`
}

func (a caller) summary(sum store.Summary) APISummary {
	s := APISummary{
		Digest: sum.Digest, Subject: sum.Subject, Round: sum.Round, Look: sum.Look, At: sum.At.In(extract.Beijing),
		Outcome: string(sum.Outcome), Reason: string(sum.Reason), Newest: dateOf(sum.Newest),
	}
	if r, ok := a.board.Row(sum.Subject); ok && r.Look != nil {
		s.Rests = r.Look.Digest == sum.Digest
	}
	return s
}

func apiLooks(a caller, in *struct {
	APIOf
	APIPages
}) (apiList[APISummary], error) {
	row, err := a.request.row(in.Subject)
	if err != nil {
		return apiList[APISummary]{}, err
	}
	l, err := a.listing("")
	if err != nil {
		return apiList[APISummary]{}, err
	}
	all, err := a.console.looks(row.ID)
	return listOf(l, all, a.summary), err
}

// APIPages is which part of a list is asked for that has one order.
type APIPages struct {
	Page int `query:"page" minimum:"1" maximum:"1000000" default:"1" doc:"from 1; behind the last stands the last"`
	Size int `query:"size" minimum:"1" maximum:"500" default:"50" doc:"rows of a page"`
}

// An APIPaged request asks for a part of a list that has one order, and nothing else.
type APIPaged struct {
	APISpoken
	APIPages
}

// An apiSnapshot is one look with what was read.
type apiSnapshot struct {
	APISummary
	Detail   string       `json:"detail,omitempty" doc:"what gave it away that nothing was read"`
	Method   string       `json:"method,omitempty" doc:"how it was read, in words"`
	Reader   string       `json:"reader" doc:"version of the reader"`
	Title    string       `json:"title,omitempty" doc:"of the newest item: text of others"`
	AtLeast  bool         `json:"at_least,omitempty" doc:"newer items may exist that could not be dated"`
	Complete bool         `json:"complete,omitempty" doc:"items are all there are"`
	Items    []apiItem    `json:"items" doc:"the first 500, in the order of the page"`
	Count    int          `json:"count" doc:"of all items"`
	Pages    []apiPage    `json:"pages"`
	Tries    []apiTry     `json:"tries" doc:"of an account: the sources that were asked, in order"`
	Proposal *apiProposal `json:"proposal,omitempty" doc:"a recipe that the reader made up; it waits for a person"`
}

// An apiItem is one row of a list.
type apiItem struct {
	Title  string `json:"title" doc:"text of others"`
	Link   string `json:"link,omitempty" doc:"as the page has it: check it before it is followed"`
	Date   string `json:"date,omitempty"`
	Source string `json:"source,omitempty" doc:"the text that became the date, or that was not believed"`
	Newest bool   `json:"newest,omitempty" doc:"it is judged by this one"`
}

// An apiPage is one page of a look.
type apiPage struct {
	Number    int                 `json:"number"`
	Asked     string              `json:"asked"`
	URL       string              `json:"url"`
	Why       string              `json:"why"`
	Status    int                 `json:"status,omitempty"`
	Class     string              `json:"class,omitempty" doc:"what went wrong"`
	Detail    string              `json:"detail,omitempty"`
	FetchedAt time.Time           `json:"fetched_at"`
	SHA256    string              `json:"sha256,omitempty" doc:"of its bytes; none where nothing came"`
	Rendered  bool                `json:"rendered,omitempty" doc:"a browser produced it"`
	Headers   map[string][]string `json:"headers"`
}

// An apiTry is one source of an account that was asked.
type apiTry struct {
	Source    string `json:"source"`
	Host      string `json:"host"`
	Outcome   string `json:"outcome"`
	Reason    string `json:"reason,omitempty"`
	Hindrance string `json:"hindrance,omitempty"`
	Newest    string `json:"newest,omitempty"`
	Said      string `json:"said" doc:"in words"`
}

// An apiProposal is a recipe that waits for a person.
type apiProposal struct {
	Recipe     extract.Recipe `json:"recipe"`
	Confidence string         `json:"confidence,omitempty"`
	Why        string         `json:"why"`
	Accepted   bool           `json:"accepted" doc:"it is read by already"`
	Newest     string         `json:"newest,omitempty"`
	Items      []apiItem      `json:"items"`
}

// maxAPIItems bounds the items of one answer.
const maxAPIItems = 500

func apiLook(a caller, in *struct {
	APIOf
	Digest string `path:"digest" minLength:"16" maxLength:"64" doc:"of the snapshot, or its first 16 digits or more"`
}) (apiSnapshot, error) {
	row, err := a.request.row(in.Subject)
	if err != nil {
		return apiSnapshot{}, err
	}
	sum, err := a.console.keptLook(row.ID, in.Digest)
	if err != nil {
		return apiSnapshot{}, err
	}
	snap, err := a.console.load(sum)
	if err != nil {
		return apiSnapshot{}, err
	}
	r := snap.Reading
	s := apiSnapshot{
		APISummary: a.summary(sum), Detail: r.Detail, Method: methodWord(r.Method, a.lang), Reader: snap.Reader, Title: r.NewestTitle(),
		AtLeast: r.AtLeast, Complete: r.Complete, Items: itemsOf(r.Items, r), Count: len(r.Items), Pages: []apiPage{}, Tries: []apiTry{},
	}
	for i, p := range snap.Pages {
		headers := map[string][]string{}
		for name, values := range p.Header {
			headers[name] = slices.Clone(values)
		}
		s.Pages = append(s.Pages, apiPage{
			i + 1, p.Asked, p.URL, string(p.Why), p.Status, string(p.Class), p.Detail, p.FetchedAt.In(extract.Beijing), p.SHA256, p.Rendered, headers,
		})
	}
	for _, t := range r.Tries {
		s.Tries = append(s.Tries, apiTry{string(t.Kind), t.Host, string(t.Outcome), string(t.Reason), string(t.Hindrance), dateOf(t.Newest), report.TryWord(t, a.lang)})
	}
	if p := r.Proposal; p != nil {
		s.Proposal = &apiProposal{p.Recipe, percent(p.Confidence), p.Why, p.Accepted, dateOf(p.Newest()), itemsOf(p.Items, extract.Reading{NewestItem: -1})}
	}
	return s, nil
}

func itemsOf(items []extract.Item, r extract.Reading) []apiItem {
	out := []apiItem{}
	for i, x := range items[:min(len(items), maxAPIItems)] {
		out = append(out, apiItem{x.Title, x.Link, dateOf(x.Date), x.Source, !r.Newest.IsZero() && i == r.NewestItem})
	}
	return out
}

// apiKept hands out a page as it came.
func apiKept(a caller, in *struct {
	APIOf
	Digest string `path:"digest" minLength:"16" maxLength:"64"`
	Page   int    `path:"page" minimum:"1" maximum:"1000" doc:"from 1"`
}) error {
	row, err := a.request.row(in.Subject)
	if err != nil {
		return err
	}
	sum, p, err := a.console.keptPage(row.ID, in.Digest, in.Page)
	if err != nil {
		return err
	}
	if p.SHA256 == "" {
		return errNothingCame()
	}
	end := ".bin"
	if p.Why == extract.WhyPicture {
		end = ".png"
	}
	download(a.w, a.request, stamp(sum.At, "20060102-150405")+"-"+strconv.Itoa(in.Page)+end, p.Body)
	return nil
}
