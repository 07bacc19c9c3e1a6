package console

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/cases"
	"xuncha/people"
)

// apiDeeds are what can be done about findings: one operation for each form of the
// pages, with its right, its checks and its two people.
func apiDeeds(r *recorder, api huma.API) {
	for _, d := range deeds {
		operation(r, api, d.need, http.MethodPost, "/api/v1/findings/do/"+string(d.kind), "do-"+string(d.kind), d.kind.Chinese()+": "+d.english+". "+d.hint[1], func(a caller, in *struct {
			APISpoken
			Body apiDeed
		}) (apiDeedDone, error) {
			return a.deed(d, in.Body)
		})
	}
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/findings", "enterFinding", "Enter what a person found, as a suspicion", apiEnter)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/findings/sync", "syncFindings", "Enter the suspicions of the program for a period", apiSync)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/findings/enter", "enterSuspicion", "Enter one suspicion of the program", apiEnterSuspicion)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/findings/check", "enterCheckList", "Enter what a person marked on the check list of one subject, all of it or nothing", apiMarked)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/sheets", "enterSheet", "Enter a sheet that people filled in: a check list or a 核实单", apiSheet)
}

// An apiDeed is something that is done to findings. Which fields it takes is a
// matter of its kind; one that it does not take is refused.
type apiDeed struct {
	Of        []string  `json:"of" minItems:"1" maxItems:"500" doc:"findings, CASE/PERIOD; most kinds take one at a time"`
	Note      string    `json:"note,omitempty" maxLength:"20000"`
	Due       string    `json:"due,omitempty" maxLength:"10" doc:"day, 2023-10-20"`
	On        string    `json:"on,omitempty" maxLength:"10" doc:"day on which it happened, where that is not today"`
	Inside    bool      `json:"inside,omitempty" doc:"look into it without asking the unit"`
	Answer    string    `json:"answer,omitempty" enum:"属实,不属实,已整改,"`
	Reason    string    `json:"reason,omitempty" enum:"改版,临时停更,无应公开内容,"`
	Until     string    `json:"until,omitempty" maxLength:"10" doc:"last day of an exemption"`
	SignedBy  string    `json:"signed_by,omitempty" maxLength:"100"`
	Document  string    `json:"document,omitempty" maxLength:"200"`
	Publicity string    `json:"publicity,omitempty" enum:"点名,概述不点名,仅内部,"`
	Result    string    `json:"result,omitempty" enum:"通过,未通过,未能监测," doc:"as a person saw it; none has the program look at its newest snapshot"`
	Files     []apiFile `json:"files,omitempty" maxItems:"10" doc:"attachments of up to 10 MB"`
}

// An apiDeedDone is what was done.
type apiDeedDone struct {
	Kind string   `json:"kind"`
	Of   []string `json:"of"`
	Said []string `json:"said" doc:"what the program saw where it looked, in Chinese"`
}

func (a caller) deed(d deedForm, in apiDeed) (apiDeedDone, error) {
	f := fill().set("note", in.Note)
	for _, ref := range in.Of {
		f.Values.Add("of", ref)
	}
	for _, x := range []struct{ ask, name, value string }{
		{askDue, "due", in.Due}, {askOn, "on", in.On}, {askInside, "inside", map[bool]string{true: "1"}[in.Inside]}, {askAnswer, "answer", in.Answer},
		{askReason, "reason", in.Reason}, {askReason, "until", in.Until}, {askSigned, "signed_by", in.SignedBy}, {askDocument, "document", in.Document},
		{askPublicity, "publicity", in.Publicity}, {askResult, "result", in.Result},
	} {
		if err := d.takes(x.ask, x.name, x.value != ""); err != nil {
			return apiDeedDone{}, err
		}
		f.set(x.name, x.value)
	}
	if err := d.takes(askFiles, "files", len(in.Files) > 0); err != nil {
		return apiDeedDone{}, err
	}
	s, err := f.attach("files", in.Files...).form()
	if err != nil {
		return apiDeedDone{}, err
	}
	refs, said, err := a.console.perform(a.request, s, d)
	if err != nil {
		return apiDeedDone{}, err
	}
	out := apiDeedDone{Kind: string(d.kind), Of: []string{}, Said: append([]string{}, said...)}
	for _, ref := range refs {
		out.Of = append(out.Of, ref.String())
	}
	return out, nil
}

// takes refuses a field that a form does not have: what is sent and not read would
// be thought to have been done.
func (d deedForm) takes(ask, name string, given bool) error {
	if !given {
		return nil
	}
	for _, x := range d.asks {
		if x == ask || x == askStanding && ask == askResult {
			return nil
		}
	}
	return refuse(http.StatusUnprocessableEntity, "“"+d.kind.Chinese()+"”没有 "+name+" 这一项；请去掉", string(d.kind)+" takes no "+name+"; leave it out")
}

// An apiEntered is what was entered.
type apiEntered struct {
	Of []string `json:"of" doc:"the findings, CASE/PERIOD"`
}

func apiEnter(a caller, in *struct {
	APISpoken
	Body struct {
		Subject   string    `json:"subject" minLength:"1" maxLength:"300" doc:"ID, or unit: and the ID of a unit"`
		Indicator string    `json:"indicator" minLength:"1" maxLength:"100"`
		Period    string    `json:"period" maxLength:"20"`
		Source    string    `json:"source" enum:"人工核查,上级通报,网民反映"`
		Text      string    `json:"text,omitempty" maxLength:"2000" doc:"what was seen; none is the indicator's"`
		Publicity string    `json:"publicity,omitempty" enum:"点名,概述不点名,仅内部,"`
		Note      string    `json:"note,omitempty" maxLength:"20000"`
		On        string    `json:"on,omitempty" maxLength:"10"`
		Files     []apiFile `json:"files,omitempty" maxItems:"10"`
	}
}) (apiEntered, error) {
	if a.console.Findings == nil {
		return apiEntered{}, notThere()
	}
	b := in.Body
	s, err := fill().set("subject", b.Subject).set("indicator", b.Indicator).set("period", b.Period).set("source", b.Source).set("text", b.Text).
		set("publicity", b.Publicity).set("note", b.Note).set("on", b.On).attach("files", b.Files...).form()
	if err != nil {
		return apiEntered{}, err
	}
	refs, err := a.console.entered(a.request, s)
	out := apiEntered{Of: []string{}}
	for _, ref := range refs {
		out.Of = append(out.Of, ref.String())
	}
	return out, err
}

// An apiSynced is what came of the program's suspicions.
type apiSynced struct {
	Period    string `json:"period"`
	Raised    int    `json:"raised"`
	Withdrawn int    `json:"withdrawn"`
}

func apiSync(a caller, in *struct {
	APISpoken
	Body struct {
		Period string `json:"period" maxLength:"20"`
		Point  string `json:"point,omitempty" maxLength:"40" doc:"RFC 3339; none is the end of the newest round"`
	}
}) (apiSynced, error) {
	if a.console.Findings == nil {
		return apiSynced{}, notThere()
	}
	s, err := fill().set("period", in.Body.Period).set("point", in.Body.Point).form()
	if err != nil {
		return apiSynced{}, err
	}
	period, raised, withdrawn, err := a.console.synced(s)
	return apiSynced{period.String(), raised, withdrawn}, err
}

func apiEnterSuspicion(a caller, in *struct {
	APISpoken
	Body struct {
		Finding string `json:"finding" minLength:"1" maxLength:"100" doc:"ID of a suspicion of a subject"`
	}
}) (apiEntered, error) {
	ref, err := a.console.suspected(a.request, in.Body.Finding)
	return apiEntered{Of: []string{ref.String()}}, err
}

// An apiMarkedDone is how many marks were entered.
type apiMarkedDone struct {
	Marked   int `json:"marked"`
	Problems int `json:"problems"`
}

// An apiMark is what a person marked on one line of a check list.
type apiMark struct {
	Indicator string `json:"indicator" minLength:"1" maxLength:"100"`
	Mark      string `json:"mark" minLength:"1" maxLength:"20"`
	Text      string `json:"text,omitempty" maxLength:"2000"`
}

func apiMarked(a caller, in *struct {
	APISpoken
	Body struct {
		Subject string    `json:"subject" minLength:"1" maxLength:"300"`
		Period  string    `json:"period" maxLength:"20"`
		Marks   []apiMark `json:"marks" minItems:"1" maxItems:"200"`
		Note    string    `json:"note,omitempty" maxLength:"20000"`
		On      string    `json:"on,omitempty" maxLength:"10"`
		Files   []apiFile `json:"files,omitempty" maxItems:"10"`
	}
}) (apiMarkedDone, error) {
	switch {
	case a.console.Findings == nil:
		return apiMarkedDone{}, notThere()
	case a.board == nil:
		return apiMarkedDone{}, noRound()
	}
	row, err := a.request.row(in.Body.Subject)
	if err != nil {
		return apiMarkedDone{}, err
	}
	period, err := periodIn(in.Body.Period)
	if err != nil {
		return apiMarkedDone{}, err
	}
	f := fill().set("note", in.Body.Note).set("on", in.Body.On).attach("files", in.Body.Files...)
	known := map[string]bool{}
	for _, i := range a.console.byHand(row) {
		known[i.ID] = true
	}
	for i, m := range in.Body.Marks {
		if !known[m.Indicator] {
			n := strconv.Itoa(i)
			return apiMarkedDone{}, refuse(http.StatusUnprocessableEntity, "marks["+n+"] 的指标不在该对象的检查单上", "the indicator of marks["+n+"] is not on the check list of the subject")
		}
		f.set("mark-"+m.Indicator, m.Mark).set("text-"+m.Indicator, m.Text)
	}
	s, err := f.form()
	if err != nil {
		return apiMarkedDone{}, err
	}
	n, problems, err := a.console.marked(a.request, s, row, period)
	return apiMarkedDone{n, problems}, err
}

// An apiCount is how many were entered.
type apiCount struct {
	Entered int `json:"entered"`
}

func apiSheet(a caller, in *struct {
	APISpoken
	Body struct {
		Kind string  `json:"kind" enum:"raise,reply" doc:"raise of a check list, reply of a 核实单"`
		File apiFile `json:"file" doc:"XLSX"`
		On   string  `json:"on,omitempty" maxLength:"10"`
		Note string  `json:"note,omitempty" maxLength:"20000"`
	}
}) (apiCount, error) {
	if a.console.Findings == nil {
		return apiCount{}, notThere()
	}
	s, err := fill().set("on", in.Body.On).set("note", in.Body.Note).attach("file", in.Body.File).form()
	if err != nil {
		return apiCount{}, err
	}
	n, err := a.console.sheetEntered(a.request, s, cases.Kind(in.Body.Kind))
	return apiCount{n}, err
}
