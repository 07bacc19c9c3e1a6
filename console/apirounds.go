package console

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/extract"
	"xuncha/people"
)

// apiRounds are the rounds, and another look.
func apiRounds(r *recorder, api huma.API) {
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/rounds", "rounds", "The rounds, the newest first", apiRoundList)
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/rounds/waiting", "waitingRounds", "The rounds that wait, in the order in which they will be made", apiWaiting)
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/rounds/{round}", "round", "One round: what was not read, and its hosts", apiOneRound)
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/progress", "progress", "How far the round under way is", apiProgress)
	streaming(r, api, people.Oversee, "/api/v1/progress/stream", "followProgress", "How far the round under way is, whenever it moves: each event's data is what /api/v1/progress answers; the last, of type end, says that there is none", (*Console).followAsJSON)
	operation(r, api, people.Patrol, http.MethodPost, "/api/v1/rounds", "beginRound", "Ask for a round, over everything or over what is chosen", apiBegin)
	operation(r, api, people.Patrol, http.MethodPost, "/api/v1/rounds/again", "lookAgain", "Ask for another look at subjects", apiAgain)
	operation(r, api, people.Patrol, http.MethodPost, "/api/v1/rounds/cancel", "cancelRound", "End the round under way; what was kept stays", apiCancel)
	operation(r, api, people.Patrol, http.MethodPost, "/api/v1/rounds/withdraw", "withdrawRound", "Take a round back that waits", apiWithdraw)
}

// An APIRound is one round in the list.
type APIRound struct {
	ID       string     `json:"id"`
	State    string     `json:"state"`
	Started  time.Time  `json:"started"`
	Finished *time.Time `json:"finished,omitempty"`
	By       string     `json:"by,omitempty" doc:"who asked for it; none for the schedule or a command"`
	Chosen   bool       `json:"chosen" doc:"of chosen subjects only"`
	Planned  int        `json:"planned"`
	Read     int        `json:"read"`
	Failed   int        `json:"failed"`
	RuleSet  string     `json:"rule_set"`
	Config   string     `json:"configuration" doc:"digest of the configuration it was made with"`
}

func roundOf(r Round) APIRound {
	return APIRound{
		r.ID, string(r.State), r.Started.In(extract.Beijing), moment(r.Finished), r.By, r.Chosen, r.Plan, r.Read, r.Failed, r.RuleSet, r.Config,
	}
}

func apiRoundList(a caller, _ *struct {
	APISpoken
	APIPages
	Sort string `query:"sort" enum:"-started,started," doc:"the newest first, or last"`
}) (apiList[APIRound], error) {
	l, rounds, err := a.console.roundsAsked(a.request)
	if err != nil {
		return apiList[APIRound]{}, err
	}
	return listOf(l, rounds, roundOf), nil
}

// An apiRoundSeen is a round with what became of its subjects.
type apiRoundSeen struct {
	APIRound
	Again    int            `json:"again" doc:"second looks"`
	Reasons  map[string]int `json:"reasons" doc:"first looks that read nothing, by reason"`
	Failures []apiFailure   `json:"failures" doc:"of subjects that the caller sees"`
	Hosts    []apiHost      `json:"hosts" doc:"in the order in which they were begun; none of a round that a command made"`
}

// An apiFailure is a subject that was not read.
type apiFailure struct {
	Subject string `json:"subject"`
	Name    string `json:"name"`
	Reason  string `json:"reason"`
	Detail  string `json:"detail,omitempty"`
}

// An apiHost is what a round spent on one host.
type apiHost struct {
	Host     string     `json:"host"`
	Began    time.Time  `json:"began"`
	Ended    *time.Time `json:"ended,omitempty" doc:"none while it is visited"`
	Subjects int        `json:"subjects"`
	Failed   int        `json:"failed"`
	Look     int        `json:"look"`
}

func hostsOf(all []HostSpan) []apiHost {
	out := []apiHost{}
	for _, h := range all {
		out = append(out, apiHost{h.Host, h.Began.In(extract.Beijing), moment(h.Ended), h.Subjects, h.Failed, h.Look})
	}
	return out
}

func apiOneRound(a caller, in *struct {
	APISpoken
	ID string `path:"round" maxLength:"40"`
}) (apiRoundSeen, error) {
	p, err := a.console.roundOf(a.request, in.ID)
	if err != nil {
		return apiRoundSeen{}, err
	}
	out := apiRoundSeen{APIRound: roundOf(p.Round), Again: p.Again, Reasons: map[string]int{}, Failures: []apiFailure{}, Hosts: hostsOf(p.Hosts)}
	for _, c := range p.Classes {
		out.Reasons[string(c.Reason)] = c.N
	}
	for _, f := range p.Unread {
		out.Failures = append(out.Failures, apiFailure{f.Subject, subjectName(a.board, f.Subject, a.lang), string(f.RoundFailure.Reason), f.Detail})
	}
	return out, nil
}

// An apiUnder is the round under way.
type apiUnder struct {
	Running  bool           `json:"running" doc:"false says that there is none, and nothing else then means anything"`
	Round    string         `json:"round,omitempty" doc:"none before its first snapshot"`
	By       string         `json:"by,omitempty"`
	Chosen   bool           `json:"chosen"`
	Began    *time.Time     `json:"began,omitempty"`
	Planned  int            `json:"planned"`
	Done     int            `json:"done"`
	Read     int            `json:"read"`
	Unread   int            `json:"unread"`
	Again    int            `json:"again"`
	Reasons  map[string]int `json:"reasons"`
	Visited  []apiHost      `json:"visited" doc:"hosts that are being visited, the longest first, at most 12"`
	Waiting  int            `json:"waiting" doc:"rounds that wait"`
	Paused   *time.Time     `json:"paused,omitempty" doc:"since when it waits for room on the disk"`
	Stopping bool           `json:"stopping"`
}

func apiProgress(a caller, _ *struct{ APISpoken }) (apiUnder, error) {
	if a.console.Progress == nil {
		return apiUnder{}, errNoDaemon()
	}
	u, running, _ := a.console.under()
	return underOf(u, running, a.console.Now()), nil
}

func underOf(u Under, running bool, now time.Time) apiUnder {
	out := apiUnder{Reasons: map[string]int{}, Visited: []apiHost{}}
	if !running {
		return out
	}
	p := newUnderPage(u, now)
	out = apiUnder{
		true, u.Round, u.By, u.Chosen, moment(u.Began), u.Planned, u.Done, u.Read, u.Unread, u.Again, out.Reasons, hostsOf(p.Visited), u.Waiting, moment(u.Paused), u.Stopping,
	}
	for _, c := range p.Classes {
		out.Reasons[string(c.Reason)] = c.N
	}
	return out
}

// followAsJSON streams how far the round under way is, for programs.
func (c *Console) followAsJSON(w http.ResponseWriter, q *request) error {
	return c.stream(w, q, func(u Under, running bool) (string, error) {
		data, err := json.Marshal(underOf(u, running, c.Now()))
		if !running {
			return "event: end\ndata: " + string(data) + "\n\n", err
		}
		return "data: " + string(data) + "\n\n", err
	})
}

func apiBegin(a caller, in *struct {
	APISpoken
	Body struct {
		Sites []string `json:"sites,omitempty" maxItems:"500" doc:"IDs, each with all that is on it"`
		Only  []string `json:"only,omitempty" maxItems:"500" doc:"globs of subjects; without both it is over everything"`
	}
}) (apiDone, error) {
	zh, en, err := a.console.begin(a.request, in.Body.Sites, in.Body.Only)
	if err != nil {
		return apiDone{}, err
	}
	return a.done(zh, en), nil
}

// An apiWaitingRound was asked for and is not begun.
type apiWaitingRound struct {
	ID     string    `json:"id,omitempty" doc:"by which rounds/withdraw takes it back; none where it cannot be"`
	By     string    `json:"by,omitempty" doc:"who asked for it; none for the schedule"`
	At     time.Time `json:"at"`
	Chosen int       `json:"chosen" doc:"subjects, 0 for everything"`
}

func apiWaiting(a caller, _ *APIPaged) (apiList[apiWaitingRound], error) {
	if a.console.Patrols == nil {
		return apiList[apiWaitingRound]{}, errNoDaemon()
	}
	var all []apiWaitingRound
	for _, w := range a.console.Patrols.Waiting() {
		all = append(all, apiWaitingRound{w.ID, w.By, w.At.In(extract.Beijing), w.Chosen})
	}
	return pageOf(a, all)
}

func apiWithdraw(a caller, in *struct {
	APISpoken
	Body struct {
		ID string `json:"id" minLength:"1" maxLength:"100" doc:"as rounds/waiting lists it"`
	}
}) (apiDone, error) {
	if err := a.console.withdraw(a.request, in.Body.ID); err != nil {
		return apiDone{}, err
	}
	return a.done(withdrawn[0], withdrawn[1]), nil
}

func apiAgain(a caller, in *struct {
	APISpoken
	Body struct {
		Subjects []string `json:"subjects" minItems:"1" maxItems:"500" doc:"IDs"`
	}
}) (apiDone, error) {
	if err := a.console.again(a.request, in.Body.Subjects); err != nil {
		return apiDone{}, err
	}
	return a.done("已安排再看一次；看完后结果会更新", "Another look is on its way; what comes of it shows afterwards"), nil
}

func apiCancel(a caller, _ *struct{ APISpoken }) (apiDone, error) {
	under, err := a.console.cancel(a.request)
	switch {
	case err != nil:
		return apiDone{}, err
	case !under:
		return apiDone{}, refuse(http.StatusConflict, "没有正在进行的巡查", "no round is under way")
	}
	return a.done("正在取消；已留存的快照仍保留", "The round is being cancelled; what was kept stays"), nil
}
