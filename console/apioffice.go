package console

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/people"
)

// apiSlips are the 核实单.
func apiSlips(r *recorder, api huma.API) {
	reading(r, api, "/api/v1/slips", "slips", "The 核实单 of a period", apiSlipList)
	reading(r, api, "/api/v1/slips/{unit}", "slip", "The 核实单 of a unit", apiOneSlip)
	operation(r, api, people.Reply, http.MethodPost, "/api/v1/slips/{unit}", "answerSlip", "Answer suspicions, all of them or none", apiAnswer)
	handing(r, api, people.See, http.MethodGet, "/api/v1/slips/{unit}/{file}", "slipFile", "A 核实单 as slip.docx, or as slip.xlsx to be filled in", func(a caller, _ *struct {
		APIUnitSlip
		File string `path:"file" maxLength:"40"`
	}) error {
		return a.console.slipFile(a.w, a.request)
	})
}

// An APIOfPeriod says of which period.
type APIOfPeriod struct {
	APISpoken
	Period string `query:"period" maxLength:"20" doc:"2023Q3; none is the newest that has any"`
}

// An APIUnitSlip names the 核实单 of a unit.
type APIUnitSlip struct {
	APIOfPeriod
	Unit string `path:"unit" maxLength:"100"`
}

// An apiSlip is what one unit was asked.
type apiSlip struct {
	Unit     string       `json:"unit"`
	UnitName string       `json:"unit_name"`
	Period   string       `json:"period"`
	Due      string       `json:"due,omitempty"`
	Answered int          `json:"answered"`
	Admitted int          `json:"admitted"`
	Denied   int          `json:"denied"`
	Fixed    int          `json:"fixed"`
	Overdue  int          `json:"overdue"`
	Rows     []apiSlipRow `json:"rows"`
}

// An apiSlipRow is one suspicion of a 核实单.
type apiSlipRow struct {
	Case         string `json:"case"`
	Subject      string `json:"subject"`
	SubjectName  string `json:"subject_name"`
	Indicator    string `json:"indicator"`
	Text         string `json:"text" doc:"masked"`
	Basis        string `json:"basis"`
	AtPoint      string `json:"at_point"`
	BeforeNotice string `json:"before_notice,omitempty"`
	Due          string `json:"due,omitempty"`
	State        string `json:"state"`
	Answer       string `json:"answer,omitempty"`
	Note         string `json:"note,omitempty"`
	AnsweredOn   string `json:"answered_on,omitempty"`
	Late         bool   `json:"late"`
	Overdue      bool   `json:"overdue"`
}

func (a caller) slip(s slipLine) apiSlip {
	out := apiSlip{
		Unit: s.Unit, UnitName: unitName(a.board, s.Unit, a.lang), Period: s.Period, Due: stamp(s.Due, time.DateOnly),
		Answered: s.Answered, Admitted: s.Admitted, Denied: s.Denied, Fixed: s.Fixed, Overdue: s.Overdue, Rows: []apiSlipRow{},
	}
	for _, r := range s.Rows {
		out.Rows = append(out.Rows, apiSlipRow{
			r.Case, r.Subject, subjectName(a.board, r.Subject, a.lang), r.Indicator, r.Text, r.Basis, r.AtPoint, r.BeforeNotice, stamp(r.Due, time.DateOnly),
			string(r.State), string(r.Answer), r.AnswerNote, stamp(r.AnsweredOn, time.DateOnly), r.Late, r.Overdue,
		})
	}
	return out
}

func apiSlipList(a caller, _ *struct {
	APIOfPeriod
	APIPages
	Sort string `query:"sort" enum:"unit,-unit,rows,-rows,answered,-answered,admitted,-admitted,denied,-denied,fixed,-fixed,due,-due," doc:"by unit, if none"`
}) (apiList[apiSlip], error) {
	period, err := a.slipPeriod()
	if err != nil {
		return apiList[apiSlip]{}, err
	}
	l, err := a.listing(slipSorts...)
	if err != nil {
		return apiList[apiSlip]{}, err
	}
	slips := a.console.slipsOf(a.request, period)
	a.sortSlips(slips, l)
	return listOf(l, slips, a.slip), nil
}

func apiOneSlip(a caller, _ *APIUnitSlip) (apiSlip, error) {
	line, _, err := a.console.oneSlip(a.request)
	return a.slip(line), err
}

// An apiReply is the answer to one suspicion.
type apiReply struct {
	Case   string    `json:"case" minLength:"1" maxLength:"100"`
	Answer string    `json:"answer" enum:"属实,不属实,已整改"`
	Note   string    `json:"note,omitempty" maxLength:"20000"`
	Files  []apiFile `json:"files,omitempty" maxItems:"10"`
}

func apiAnswer(a caller, in *struct {
	APIUnitSlip
	Body struct {
		Answers []apiReply `json:"answers" minItems:"1" maxItems:"500"`
	}
}) (apiCount, error) {
	if a.console.Findings == nil {
		return apiCount{}, notThere()
	}
	line, period, err := a.console.oneSlip(a.request)
	if err != nil {
		return apiCount{}, err
	}
	f := fill()
	for _, x := range in.Body.Answers {
		if !slices.ContainsFunc(line.Rows, func(r cases.SlipRow) bool { return r.Case == x.Case }) || f.Values.Has("answer-"+x.Case) {
			return apiCount{}, refuse(http.StatusUnprocessableEntity, "核实单上没有这个问题，或答复了两次；请核对 case", "a case is not on the 核实单, or was answered twice; check case")
		}
		f.set("answer-"+x.Case, x.Answer).set("note-"+x.Case, x.Note).attach("files-"+x.Case, x.Files...)
	}
	s, err := f.form()
	if err != nil {
		return apiCount{}, err
	}
	n, err := a.console.answered(a.request, s, line, period)
	return apiCount{n}, err
}

// apiNotices are the notices and the papers that follow them.
func apiNotices(r *recorder, api huma.API) {
	asking(r, api, "/api/v1/notices", "notices", "The notices that were made and kept, the newest first", apiKeptNotices)
	asking(r, api, "/api/v1/notices/blocking", "noticeBlocking", "What keeps a notice from being final", apiBlocking)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/notices/draft", "makeDraft", "Make a draft and keep it", func(a caller, in *apiOrder) (apiNotice, error) { return a.make(in.Body, false) })
	operation(r, api, people.Sign, http.MethodPost, "/api/v1/notices/final", "makeFinal", "Make the final notice, of what people have confirmed and nothing else, and keep it", func(a caller, in *apiOrder) (apiNotice, error) { return a.make(in.Body, true) })
	handing(r, api, people.See, http.MethodGet, "/api/v1/notices/draft/{file}", "draftFile", "A file of a draft that is not kept: notice.docx, notice.html …, all.zip", func(a caller, _ *struct {
		APIOrdered
		File string `path:"file" maxLength:"100"`
	}) error {
		return a.console.noticeDraft(a.w, a.request)
	})
	handing(r, api, people.Propose, http.MethodGet, "/api/v1/notices/papers/{kind}", "noticePaper", "A paper that follows a notice", func(a caller, _ *struct {
		APIOrdered
		Kind string `path:"kind" enum:"order,reminder,ledger,recheck,missing,urge,brief"`
		Day  string `query:"day" maxLength:"10" doc:"of the paper; none is today"`
	}) error {
		return a.console.noticePaper(a.w, a.request)
	})
	handing(r, api, people.See, http.MethodGet, "/api/v1/notices/made/{number}/{file}", "noticeFile", "A file of a notice that was kept; all.zip is all of them", func(a caller, _ *struct {
		APISpoken
		Number int    `path:"number" minimum:"1"`
		File   string `path:"file" maxLength:"100"`
	}) error {
		return a.console.keptFile(a.w, a.request)
	})
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/notices/verify", "verifyNotice", "Make a notice again by what a file of it says, and compare", apiVerify)
}

// An apiNotice is one that was made and kept.
type apiNotice struct {
	Number int         `json:"number"`
	At     time.Time   `json:"at"`
	By     string      `json:"by"`
	Period string      `json:"period"`
	Point  string      `json:"point"`
	Final  bool        `json:"final"`
	Totals string      `json:"totals,omitempty" doc:"in one line, in Chinese"`
	Files  []apiDigest `json:"files" doc:"/api/v1/notices/made/{number}/{file}"`
}

// An apiDigest is one file with its digest.
type apiDigest struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int    `json:"size"`
}

func noticeOf(k KeptNotice) apiNotice {
	out := apiNotice{k.Number, k.At.In(extract.Beijing), k.By, k.Period, k.Point, k.Final, k.Totals, []apiDigest{}}
	for _, f := range k.Files {
		out.Files = append(out.Files, apiDigest(f))
	}
	return out
}

func apiKeptNotices(a caller, _ *struct {
	APISpoken
	APIPages
	Sort string `query:"sort" enum:"-number,number,period,-period,kind,-kind,made,-made," doc:"the newest first, if none"`
}) (apiList[apiNotice], error) {
	if err := a.whole(); err != nil {
		return apiList[apiNotice]{}, err
	}
	if a.console.Notices == nil {
		return apiList[apiNotice]{}, notThere()
	}
	l, err := a.listing(keptSorts...)
	if err != nil {
		return apiList[apiNotice]{}, err
	}
	kept, err := a.console.Notices.Kept()
	sortKept(kept, l)
	return listOf(l, kept, noticeOf), err
}

// An APIOrdered says in an address which notice.
type APIOrdered struct {
	APISpoken
	Period   string `query:"period" maxLength:"20" doc:"2023Q3; none is that of the newest round"`
	Point    string `query:"point" maxLength:"40" doc:"monitoring point, RFC 3339; none is that of the findings"`
	Template string `query:"template" maxLength:"60"`
	Date     string `query:"date" maxLength:"10" doc:"day of the notice"`
	Due      string `query:"due" maxLength:"10" doc:"by which units are to have put things right"`
	Number   string `query:"number" maxLength:"240" doc:"文号"`
}

// An apiOrder says in a body which notice.
type apiOrder struct {
	APISpoken
	Body apiOrderBody
}

type apiOrderBody struct {
	Period   string `json:"period" maxLength:"20"`
	Point    string `json:"point,omitempty" maxLength:"40" doc:"monitoring point, RFC 3339; none is that of the findings"`
	Template string `json:"template,omitempty" maxLength:"60"`
	Date     string `json:"date,omitempty" maxLength:"10" doc:"day of the notice"`
	Due      string `json:"due,omitempty" maxLength:"10" doc:"by which units are to have put things right"`
	Number   string `json:"number,omitempty" maxLength:"240" doc:"文号"`
}

func (b apiOrderBody) values() url.Values {
	return fill().set("period", b.Period).set("point", b.Point).set("template", b.Template).set("date", b.Date).set("due", b.Due).set("number", b.Number).Values
}

func (a caller) make(b apiOrderBody, final bool) (apiNotice, error) {
	k, _, _, err := a.console.keepOrdered(a.request, b.values(), final)
	return noticeOf(k), err
}

// An apiBlocked is what keeps a notice from being final.
type apiBlocked struct {
	Period    string       `json:"period"`
	Point     string       `json:"point,omitempty"`
	Counted   int          `json:"counted" doc:"findings that count"`
	Waiting   int          `json:"waiting" doc:"decisions that wait for their second person"`
	Blocked   string       `json:"blocked,omitempty" doc:"a reason that no decision could remove"`
	Unsettled []apiBlocker `json:"unsettled"`
}

// An apiBlocker is one thing that is not settled.
type apiBlocker struct {
	Subject string `json:"subject"`
	Finding string `json:"finding,omitempty" doc:"ID of the case; none for a verdict that nobody settled"`
	Name    string `json:"name"`
	State   string `json:"state"`
}

func apiBlocking(a caller, _ *APIOrdered) (apiBlocked, error) {
	if err := a.whole(); err != nil {
		return apiBlocked{}, err
	}
	if a.console.Notices == nil {
		return apiBlocked{}, notThere()
	}
	o, err := a.console.order(a.request, a.URL.Query())
	if err != nil {
		return apiBlocked{}, err
	}
	p, err := a.console.ordered(a.request, o)
	if err != nil {
		return apiBlocked{}, err
	}
	out := apiBlocked{Period: o.Period.String(), Point: stamp(o.Point, time.RFC3339), Counted: p.Counted, Waiting: p.Waiting, Blocked: p.Blocked, Unsettled: []apiBlocker{}}
	for _, b := range p.Unsettled {
		out.Unsettled = append(out.Unsettled, apiBlocker(b))
	}
	return out, nil
}

// An apiVerified says whether a file of a notice can be made again.
type apiVerified struct {
	File        string          `json:"file"`
	Kept        int             `json:"kept,omitempty" doc:"number of the kept notice that has the same bytes"`
	Period      string          `json:"period"`
	Point       string          `json:"point"`
	Final       bool            `json:"final"`
	Same        bool            `json:"same"`
	Differences []apiDifference `json:"differences"`
}

// An apiDifference is one that explains why it is not the same.
type apiDifference struct {
	What string `json:"what"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

func apiVerify(a caller, in *struct {
	APISpoken
	Body struct {
		File    apiFile  `json:"file"`
		Summary *apiFile `json:"summary,omitempty" doc:"summary.json beside it, for files that do not say what they were made of"`
	}
}) (apiVerified, error) {
	if err := a.whole(); err != nil {
		return apiVerified{}, err
	}
	if a.console.Notices == nil {
		return apiVerified{}, notThere()
	}
	f := fill().attach("file", in.Body.File)
	if in.Body.Summary != nil {
		f.attach("summary", *in.Body.Summary)
	}
	p, err := a.console.verified(a.Context(), f.sent)
	if err != nil {
		return apiVerified{}, err
	}
	out := apiVerified{File: p.File, Period: p.Check.Period, Point: p.Check.Point, Final: p.Check.Final, Same: p.Check.Same, Differences: []apiDifference{}}
	if p.Kept != nil {
		out.Kept = p.Kept.Number
	}
	for _, d := range p.Check.Differences {
		out.Differences = append(out.Differences, apiDifference{d[0], d[1], d[2]})
	}
	return out, nil
}
