package console

import (
	"net/http"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// What the interface tells of the nights, the platforms, and the knocks at home
// pages.

// An apiNight is one night of the trend.
type apiNight struct {
	Night    string         `json:"night" doc:"Beijing day"`
	Columns  map[string]int `json:"columns" doc:"by state"`
	Sections map[string]int `json:"sections" doc:"by state"`
	Accounts map[string]int `json:"accounts" doc:"by state"`
}

// apiNights are the last 90 nights, the oldest first.
func apiNights(a caller, _ *APIPaged) (apiList[apiNight], error) {
	if err := a.ready(); err != nil {
		return apiList[apiNight]{}, err
	}
	d := a.console.memo.digestOf(a.board)
	var all []apiNight
	for i, night := range d.nights {
		of := func(kind inventory.SubjectKind) map[string]int {
			n := map[string]int{}
			for j, count := range d.in(i, kind, a.sees) {
				if count > 0 {
					n[string(allStates[j])] = count
				}
			}
			return n
		}
		all = append(all, apiNight{night.Day().Format(time.DateOnly), of(inventory.KindColumn), of(inventory.KindSection), of(inventory.KindAccount)})
	}
	return pageOf(a, all)
}

// pageOf is the part of a list that was asked for.
func pageOf[T any](a caller, all []T) (apiList[T], error) {
	l, err := a.listing("")
	if err != nil {
		return apiList[T]{}, err
	}
	return listOf(l, all, func(x T) T { return x }), nil
}

// An apiWaits is one thing that waits for the caller: 需要您处理.
type apiWaits struct {
	State string `json:"state" doc:"whose colour it bears on the page"`
	Says  string `json:"says"`
	Do    string `json:"do" doc:"in a word"`
	Page  string `json:"page" doc:"where people deal with it"`
	Rows  string `json:"rows" doc:"where the interface lists it, none where it does not"`
}

// apiTodo is what waits for the caller.
func apiTodo(a caller, _ *APIPaged) (apiList[apiWaits], error) {
	all := a.console.alertTodos(a.request)
	if a.board != nil {
		all = append(all, a.todos(a.console.memo.digestOf(a.board), a.rows(inventory.KindSite, inventory.KindColumn, inventory.KindSection, inventory.KindAccount))...)
	}
	l, err := a.listing("")
	if err != nil {
		return apiList[apiWaits]{}, err
	}
	return listOf(l, all, func(x todo) apiWaits {
		return apiWaits{string(x.State), x.Text, x.Do, x.URL, a.console.operationAt(x.URL)}
	}), nil
}

// operationAt is the address of the interface that answers what a page shows, "" where
// none does.
func (c *Console) operationAt(page string) string {
	at := strings.TrimSuffix(apiRoot, "/") + page
	r, err := http.NewRequest(http.MethodGet, at, nil)
	if err != nil {
		return ""
	}
	if _, pattern := c.mux.Handler(r); !strings.HasPrefix(pattern, http.MethodGet+" "+apiRoot) {
		return ""
	}
	return at
}

// An apiPlatform is one platform of accounts.
type apiPlatform struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Accounts  map[string]int `json:"accounts" doc:"that the caller sees, by verdict"`
	Tried     int            `json:"tried" doc:"accounts of the city that were asked for in the newest round"`
	Read      int            `json:"read" doc:"of them, whose posts were shown"`
	Blocked   int            `json:"blocked" doc:"of them, that the platform turned away"`
	Other     int            `json:"other" doc:"of them, that were not read for another reason"`
	Elsewhere int            `json:"elsewhere" doc:"of blocked and other, that a weaker source showed"`
	Reasons   map[string]int `json:"reasons"`
	Hindrance string         `json:"hindrance,omitempty"`
	Failing   bool           `json:"failing" doc:"so few were read that what is said of the others is in doubt"`
	Since     *time.Time     `json:"since,omitempty"`
}

// apiPlatforms are the platforms of the accounts that the caller sees.
func apiPlatforms(a caller, _ *APIPaged) (apiList[apiPlatform], error) {
	if err := a.ready(); err != nil {
		return apiList[apiPlatform]{}, err
	}
	var all []apiPlatform
	for _, p := range a.platformLines(a.rows(inventory.KindAccount)) {
		h := p.Health
		x := apiPlatform{
			ID: string(p.ID), Name: p.Name, Accounts: map[string]int{}, Tried: h.Tried, Read: h.Read, Blocked: h.Blocked, Other: h.Other, Elsewhere: h.Elsewhere,
			Reasons: map[string]int{}, Hindrance: string(h.Hindrance), Failing: h.Failing(), Since: moment(h.Since),
		}
		for v, n := range map[rules.Verdict]int{rules.Pass: p.Pass, rules.Fail: p.Fail, rules.Pending: p.Pending, rules.NotMonitored: p.NotMonitored} {
			if n > 0 {
				x.Accounts[string(v)] = n
			}
		}
		for reason, n := range h.Reasons {
			x.Reasons[string(reason)] = n
		}
		all = append(all, x)
	}
	return pageOf(a, all)
}

// moment is a time in Beijing, nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(extract.Beijing)
	return &t
}

// An apiVisited is how a site's home page opened.
type apiVisited struct {
	Site string        `json:"site"`
	Name string        `json:"name"`
	Days []apiVisitDay `json:"days" doc:"the newest first"`
	Shut []apiKnock    `json:"shut" doc:"the visits that did not open, the newest first"`

	Judged bool   `json:"judged" doc:"there were as many visits on each day as the clause asks for"`
	Fails  bool   `json:"fails" doc:"so many failed that it is a finding; only where judged"`
	Clause string `json:"indicator,omitempty"`
}

// An apiVisitDay is one day of visits.
type apiVisitDay struct {
	Day     string `json:"day"`
	Opened  int    `json:"opened"`
	Failed  int    `json:"failed"`
	NotMade int    `json:"not_made" doc:"that tell nothing of the site"`
}

// An apiKnock is one visit.
type apiKnock struct {
	At     time.Time `json:"at"`
	URL    string    `json:"url"`
	Status int       `json:"status,omitempty"`
	Class  string    `json:"class,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

func apiVisits(a caller, in *apiID) (apiVisited, error) {
	if r, err := a.request.row(in.ID); err == nil && r.Kind != inventory.KindSite {
		return apiVisited{}, errNoSubject()
	}
	p, err := a.console.visitsOf(a.request, in.ID)
	if err != nil {
		return apiVisited{}, err
	}
	out := apiVisited{Site: in.ID, Name: p.Row.Name, Days: []apiVisitDay{}, Shut: []apiKnock{}}
	if p.Access != nil {
		out.Judged, out.Fails, out.Clause = p.Access.Judged, p.Access.Judged && p.Access.Fails, p.Access.Indicator
	}
	for _, d := range p.Days {
		out.Days = append(out.Days, apiVisitDay{stamp(d.Day, time.DateOnly), d.Opened, d.Failed, d.NotMade})
	}
	for _, k := range p.Shut {
		out.Shut = append(out.Shut, apiKnock{k.At.In(extract.Beijing), k.URL, k.Status, string(k.Class), k.Detail})
	}
	return out, nil
}

// An apiHandedIn is what a unit handed in about an account.
type apiHandedIn struct {
	Key     string `json:"key" doc:"by which it is noted as checked"`
	By      string `json:"by"`
	On      string `json:"on"`
	Link    string `json:"link,omitempty" doc:"of the newest post; the next round opens it"`
	Posted  string `json:"posted,omitempty" doc:"day of the newest post, in their word"`
	Works   *bool  `json:"works,omitempty" doc:"of a program: whether it can be got and opened"`
	Picture string `json:"picture,omitempty" doc:"SHA-256 of the screenshot"`
	Checked string `json:"checked_by,omitempty" doc:"who of the office has checked it; only then, or with a link, it counts"`
}

// apiHanded are what was handed in about an account, the newest first.
func apiHanded(a caller, _ *struct {
	APICode
	APIPages
}) (apiList[apiHandedIn], error) {
	_, acc, err := a.accountRow()
	if err != nil {
		return apiList[apiHandedIn]{}, err
	}
	var all []apiHandedIn
	for _, h := range handedOf(a.board.City, acc.Code) {
		all = append(all, apiHandedIn{h.Key(), h.By, stamp(h.Date, time.DateOnly), h.Link, stamp(h.Posted, time.DateOnly), h.Works, h.SHA256, h.CheckedBy})
	}
	return pageOf(a, all)
}

// An APICode names an account in the middle of a path.
type APICode struct {
	APISpoken
	Code string `path:"code" maxLength:"40" doc:"新媒体标识码"`
}

func apiHandIn(a caller, in *struct {
	APICode
	Body struct {
		Link    string   `json:"link,omitempty" maxLength:"2000" doc:"to the newest post"`
		Posted  string   `json:"posted,omitempty" maxLength:"10" doc:"day of the newest post, where there is no link; takes a picture"`
		Works   string   `json:"works,omitempty" enum:"yes,no," doc:"of a program: whether it can be got and opened; takes a picture"`
		Picture *apiFile `json:"picture,omitempty" doc:"a screenshot: PNG, JPEG, WebP, GIF or PDF of up to 2 MB"`
	}
}) (apiDone, error) {
	_, acc, err := a.accountRow()
	if err != nil {
		return apiDone{}, err
	}
	f := fill().set("link", in.Body.Link).set("posted", in.Body.Posted).set("works", in.Body.Works)
	if in.Body.Picture != nil {
		f.attach("picture", *in.Body.Picture)
	}
	form, err := f.form()
	if err != nil {
		return apiDone{}, err
	}
	s, err := a.console.takeHanded(a.request, form, acc)
	if err != nil {
		return apiDone{}, err
	}
	return a.done(handedWords(s)), nil
}

func apiCheckHanded(a caller, in *struct {
	APICode
	Body struct {
		Key string `json:"key" minLength:"1" maxLength:"64"`
	}
}) (apiDone, error) {
	_, acc, err := a.accountRow()
	if err == nil {
		err = a.console.noteChecked(a.request, acc, in.Body.Key)
	}
	if err != nil {
		return apiDone{}, err
	}
	return a.done("已记为核对；配置重新载入后计入。", "Noted as checked; it counts once the configuration is read anew."), nil
}

// apiPicture hands out a picture that was handed in.
func apiPicture(a caller, _ *struct {
	APICode
	SHA256 string `path:"sha256" maxLength:"64"`
}) error {
	return a.console.handedPicture(a.w, a.request)
}
