package console

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/people"
)

// apiFindings are the questions about findings, and what is handed out of them.
// What is written or unmasked by it is noted and takes POST, as on the pages.
func apiFindings(r *recorder, api huma.API) {
	reading(r, api, "/api/v1/findings", "findings", "Findings, by the filters of the page", apiFindingList)
	asking(r, api, "/api/v1/findings/{id}/{period}", "finding", "One finding with its history and exhibits, and what the caller may do now", apiOneFinding)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/findings/{id}/{period}/reveal", "revealFinding", "One finding with nothing masked, which is noted", apiBareFinding)
	handing(r, api, people.See, http.MethodPost, "/api/v1/findings/{id}/{period}/papers/{sha256}", "findingPaper", "An attachment, which is noted", func(a caller, _ *struct {
		APIRef
		SHA256 string `path:"sha256" maxLength:"64"`
	}) error {
		return a.console.findingPaper(a.w, a.request)
	})
	handing(r, api, people.Propose, http.MethodPost, "/api/v1/findings/{id}/{period}/history", "findingHistory", "The events of a case as they are kept, unmasked, by which their seals can be checked; it is noted", func(a caller, _ *APIRef) error {
		return a.console.wholeHistory(a.w, a.request)
	})
	handing(r, api, people.Reply, http.MethodPost, "/api/v1/findings/{id}/{period}/sheet", "findingSheet", "The sheet of proof for the unit, as HTML; it is noted", func(a caller, _ *APIRef) error {
		return a.console.findingSheet(a.w, a.request)
	})
	handing(r, api, people.Propose, http.MethodPost, "/api/v1/findings/{id}/{period}/pack", "findingPack", "The pack of evidence, a ZIP that can be checked without the program; it is noted", func(a caller, _ *APIRef) error {
		return a.console.findingPack(a.w, a.request)
	})
	operation(r, api, people.Propose, http.MethodGet, "/api/v1/draws", "draw", "Draw subjects for people to check; the same seed draws the same", apiDraw)
}

// An APIRef names a finding.
type APIRef struct {
	APISpoken
	Case   string `path:"id" maxLength:"100" doc:"ID of the case"`
	Period string `path:"period" maxLength:"100"`
}

func (r APIRef) ref() Ref { return Ref{r.Case, r.Period} }

// An APIFinding is one finding in a list.
type APIFinding struct {
	Case          string   `json:"case"`
	Period        string   `json:"period"`
	State         string   `json:"state" doc:"疑似, 核实中, 认定 …"`
	Subject       string   `json:"subject"`
	SubjectName   string   `json:"subject_name"`
	Unit          string   `json:"unit"`
	UnitName      string   `json:"unit_name"`
	Indicator     string   `json:"indicator"`
	IndicatorName string   `json:"indicator_name"`
	Effect        string   `json:"effect" enum:"veto,deduct,notice,hint"`
	Text          string   `json:"text" doc:"numbers of persons and named phrases are masked"`
	Sources       []string `json:"sources"`
	Publicity     string   `json:"publicity"`
	Due           string   `json:"due,omitempty"`
	Overdue       bool     `json:"overdue"`
	Pending       string   `json:"pending,omitempty" doc:"kind of a decision that waits for its second person"`
	Objection     bool     `json:"objection" doc:"the unit objects and waits for an answer"`
	Counted       bool     `json:"counted"`
	Repeats       int      `json:"repeats" doc:"how often before"`
}

func (a caller) finding(r findingRow) APIFinding {
	f := r.O.Facts
	out := APIFinding{
		Case: r.Case, Period: r.Period, State: string(r.O.State), Subject: f.Subject, SubjectName: subjectName(a.board, f.Subject, a.lang),
		Unit: f.Unit, UnitName: unitName(a.board, f.Unit, a.lang), Indicator: f.Indicator, IndicatorName: a.indicatorName(f.Indicator), Effect: string(f.Effect),
		Text: r.Text, Sources: append([]string{}, f.Sources...), Publicity: r.O.Publicity, Due: stamp(r.Due, time.DateOnly), Overdue: r.Overdue,
		Objection: objected(r.O), Counted: r.O.Counted(), Repeats: r.Repeats,
	}
	if r.O.Pending != nil {
		out.Pending = string(r.O.Pending.Kind)
	}
	return out
}

func apiFindingList(a caller, in *struct {
	APIPaging
	Period    string `query:"period" maxLength:"100"`
	State     string `query:"state" maxLength:"40"`
	Unit      string `query:"unit" maxLength:"100"`
	Indicator string `query:"indicator" maxLength:"100"`
	Source    string `query:"source" maxLength:"40"`
	Publicity string `query:"publicity" maxLength:"40"`
	Overdue   string `query:"overdue" enum:"1,"`
	Pending   string `query:"pending" enum:"1," doc:"a decision waits for its second person"`
	Objection string `query:"objection" enum:"1," doc:"an objection waits for its answer"`
	Reask     string `query:"reask" enum:"1," doc:"it was exempt when it was last found, and is to be asked about anew"`
	Lapsed    string `query:"lapsed" enum:"1," doc:"its exemption has ended"`
	Open      string `query:"open" enum:"1," doc:"the unit has to put it right"`
	Q         string `query:"q" maxLength:"200" doc:"text to look for"`
}) (apiList[APIFinding], error) {
	var l listing
	_, rows, err := a.findingsAsked(a.console.findingRows(a.request), &l)
	if err != nil {
		return apiList[APIFinding]{}, err
	}
	return listOf(l, rows, a.finding), nil
}

// A wholeFinding is one finding with its history and exhibits.
type wholeFinding struct {
	APIFinding
	Basis    string      `json:"basis" doc:"判定依据, the legal text"`
	Point    string      `json:"point" doc:"monitoring point, RFC 3339"`
	AtPoint  string      `json:"at_point,omitempty" doc:"监测时间点状态"`
	Before   string      `json:"before_notice,omitempty" doc:"发文前状态"`
	Answer   string      `json:"answer,omitempty" doc:"of the unit: 属实, 不属实, 已整改"`
	Said     string      `json:"answer_note,omitempty"`
	Objects  string      `json:"objection_note,omitempty"`
	Objected string      `json:"objected_on,omitempty" doc:"day of the objection"`
	Upheld   bool        `json:"upheld" doc:"it was upheld over the objection"`
	Fixed    *bool       `json:"fixed_before_notice,omitempty" doc:"none where that was not looked into"`
	Since    string      `json:"since,omitempty" doc:"day since which it is so"`
	Newest   string      `json:"newest,omitempty" doc:"Beijing day of the newest item"`
	Document string      `json:"document,omitempty" doc:"文号 with which it was sent"`
	Exempt   *apiExempt  `json:"exemption,omitempty" doc:"报备不计"`
	Filed    string      `json:"filed,omitempty" doc:"what the unit filed for the day of the point; it exempts nothing by itself"`
	Lapsed   bool        `json:"lapsed" doc:"its exemption has ended"`
	Reask    bool        `json:"reask" doc:"it was exempt when it was last found"`
	Waits    *apiPending `json:"waits,omitempty" doc:"the decision that waits for its second person"`
	Exhibits []string    `json:"exhibits" doc:"digests of the snapshots it rests on: /api/v1/snapshots/{digest}?subject="`
	Events   []apiEvent  `json:"events" doc:"the newest first, as far as the caller may see them"`
	Others   []string    `json:"others" doc:"the other periods of the case"`
	May      []apiMay    `json:"may" doc:"what the caller may do now: POST /api/v1/findings/do/{kind}"`
	Hindered string      `json:"hindered,omitempty" doc:"why what comes next cannot be done yet"`
	Masked   bool        `json:"masked" doc:"something of it is covered"`
}

// An apiExempt is an exemption.
type apiExempt struct {
	Reason string `json:"reason"`
	Until  string `json:"until" doc:"last day"`
}

// An apiPending is a decision that waits for its second person.
type apiPending struct {
	Kind string    `json:"kind"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"`
	Mine bool      `json:"mine" doc:"the caller proposed it, and cannot agree"`
}

// An apiEvent is one line of a history.
type apiEvent struct {
	Period  string     `json:"period"`
	At      time.Time  `json:"at"`
	By      string     `json:"by"`
	Role    string     `json:"role"`
	Kind    string     `json:"kind"`
	Content string     `json:"content" doc:"in Chinese, masked"`
	State   string     `json:"state" doc:"afterwards"`
	Papers  []apiPaper `json:"papers"`
	Digest  string     `json:"digest" doc:"seals it and all before it"`
}

// An apiPaper is an attachment.
type apiPaper struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// An apiMay is something that may be done.
type apiMay struct {
	Kind string   `json:"kind"`
	Word string   `json:"word"`
	Hint string   `json:"hint"`
	Asks []string `json:"asks" doc:"fields beside note"`
	Note bool     `json:"note" doc:"must say why"`
	Due  bool     `json:"due" doc:"must set a day"`
	Next bool     `json:"next" doc:"usually comes next"`
}

func apiOneFinding(a caller, in *APIRef) (wholeFinding, error) { return a.wholeFinding(in.ref()) }

func apiBareFinding(a caller, in *APIRef) (wholeFinding, error) {
	if err := a.console.bareFinding(a.request, in.ref()); err != nil {
		return wholeFinding{}, err
	}
	return a.wholeFinding(in.ref())
}

// wholeFinding is what the page of a finding shows.
func (a caller) wholeFinding(ref Ref) (wholeFinding, error) {
	p, err := a.console.findingOf(a.request, ref, sent{}, "")
	if err != nil {
		return wholeFinding{}, err
	}
	f := wholeFinding{
		APIFinding: a.finding(findingRow{p.Ref, p.O, p.Text, p.Due, p.Overdue, p.Lapsed, p.Repeats}),
		Basis:      p.O.Facts.Basis, Point: stamp(p.O.Facts.Point, time.RFC3339), AtPoint: p.AtPoint, Before: p.Before, Said: p.Reply, Objects: p.Objection,
		Filed: p.Filed, Lapsed: p.Lapsed, Reask: p.Reask, Exhibits: append([]string{}, p.O.Facts.Snapshots...), Events: []apiEvent{}, Others: []string{}, May: []apiMay{},
		Hindered: p.Hindered, Masked: p.Masked,
	}
	f.standing(p.O)
	if w := p.Pending; w != nil {
		f.Waits = &apiPending{string(w.Kind), w.By.String(), w.At.In(extract.Beijing), w.Note, w.Mine}
	}
	for _, o := range p.Others {
		f.Others = append(f.Others, o.Period)
	}
	for _, e := range p.Events {
		line := apiEvent{e.Period, e.At.In(extract.Beijing), e.By.Name, string(e.By.Role), string(e.Kind), e.Content, e.State, []apiPaper{}, e.Digest}
		for _, x := range e.Papers {
			line.Papers = append(line.Papers, apiPaper{x.Name, x.SHA256, x.Size})
		}
		f.Events = append(f.Events, line)
	}
	for _, d := range p.Deeds {
		f.May = append(f.May, apiMay{string(d.Kind), d.Word, d.Hint, append([]string{}, deedOf(d.Kind).asks...), d.Note, d.Due, d.Leads})
	}
	return f, nil
}

// standing fills in how the finding stands with people.
func (f *wholeFinding) standing(o *cases.Occurrence) {
	f.Since, f.Newest, f.Document = stamp(o.Facts.Since, time.DateOnly), dateOf(o.Facts.Newest), o.Document
	if o.Answer != nil {
		f.Answer = string(o.Answer.Answer)
	}
	if o.BeforeNotice != nil {
		f.Fixed = &o.BeforeNotice.Fixed
	}
	if x := o.Objection; x != nil {
		f.Objected, f.Upheld = stamp(x.On, time.DateOnly), x.Upheld != nil
	}
	if x := o.Exemption; x != nil {
		f.Exempt = &apiExempt{string(x.Reason), stamp(x.Until, time.DateOnly)}
	}
}

// An apiDrawn is a draw with what was drawn.
type apiDrawn struct {
	Of         string         `json:"of"`
	Period     string         `json:"period"`
	Seed       string         `json:"seed"`
	Population int            `json:"population"`
	Digest     string         `json:"digest" doc:"SHA-256 of the sorted population"`
	Drawn      []apiLot       `json:"drawn"`
	Indicators []apiIndicator `json:"indicators" doc:"that people judge on each"`
	Log        string         `json:"log" doc:"the record by which the draw can be repeated"`
}

// An apiLot is one subject that was drawn.
type apiLot struct {
	Subject string `json:"subject"`
	Name    string `json:"name"`
	Number  string `json:"number"`
	Done    int    `json:"done" doc:"findings by hand that it has in the period"`
}

func apiDraw(a caller, in *struct {
	APISpoken
	Of     string `query:"of" required:"true" enum:"sites,accounts,columns"`
	Share  string `query:"share" required:"true" maxLength:"20" doc:"in percent, such as 30"`
	Seed   string `query:"seed" required:"true" maxLength:"200" doc:"any word or number"`
	Period string `query:"period" required:"true" maxLength:"20"`
}) (apiDrawn, error) {
	if a.board == nil {
		return apiDrawn{}, noRound()
	}
	p := &drawPage{Of: in.Of, Seed: in.Seed, Share: in.Share}
	p.Period = in.Period
	period, _, err := a.console.drawn(a.request, p)
	if err != nil {
		return apiDrawn{}, err
	}
	out := apiDrawn{
		Of: p.Of, Period: period.String(), Seed: p.Seed, Population: p.Draw.Population, Digest: p.Draw.Digest, Drawn: []apiLot{}, Indicators: []apiIndicator{}, Log: p.Draw.Log(),
	}
	for _, d := range p.Drawn {
		out.Drawn = append(out.Drawn, apiLot{d.ID, subjectName(a.board, d.ID, a.lang), d.Number, d.Done})
	}
	for _, i := range p.Indicators {
		out.Indicators = append(out.Indicators, a.indicator(i))
	}
	return out, nil
}
