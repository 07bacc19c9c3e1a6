package console

import (
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/extract"
	"xuncha/people"
)

// apiSystem is the program itself. Users and tokens are managed by people in
// person, and not here.
func apiSystem(r *recorder, api huma.API) {
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/system", "system", "How the program stands: alerts, schedule, storage, backups", apiSystemNow)
	operation(r, api, people.Administer, http.MethodPost, "/api/v1/system/backups", "makeBackup", "Have a backup made and verified", func(a caller, _ *struct{ APISpoken }) (apiDone, error) {
		return a.done("已开始备份；完成并核验后列在 /api/v1/system", "The backup begins; it is listed in /api/v1/system once it is made and verified"), a.console.makeBackup(a.request)
	})
	operation(r, api, people.Administer, http.MethodPost, "/api/v1/system/backups/verify", "verifyBackup", "Have a backup read whole", func(a caller, in *struct {
		APISpoken
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"200"`
		}
	}) (apiDone, error) {
		return a.done("已开始核验；结果稍后列在 /api/v1/system", "The backup is being read; what comes of it is listed in /api/v1/system"), a.console.readBackup(a.request, in.Body.Name)
	})
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/messages", "messages", "What was told to whom, the newest first", apiMessages)
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/messages/channels", "channels", "To whom messages go, about what, and in which hours none do", apiChannels)
	operation(r, api, people.Administer, http.MethodPost, "/api/v1/messages/test", "testMessage", "Send a test to a channel", func(a caller, in *struct {
		APISpoken
		Body struct {
			Channel string `json:"channel" minLength:"1" maxLength:"100"`
		}
	}) (apiDone, error) {
		return a.done("测试消息已交发件箱；收到与否见 /api/v1/messages", "The test is in the outbox; /api/v1/messages shows what becomes of it"), a.console.test(in.Body.Channel)
	})
	operation(r, api, people.Administer, http.MethodGet, "/api/v1/audit", "audit", "The log of what was done, the newest first", apiAudit)
	operation(r, api, people.Administer, http.MethodGet, "/api/v1/audit/verify", "verifyAudit", "Whether the whole log is as it was written: every entry is read", apiVerifyAudit)
}

// An apiProgram is how the program stands.
type apiProgram struct {
	Version string      `json:"version"`
	Started time.Time   `json:"started"`
	Alerts  []apiAlert  `json:"alerts" doc:"what lasts first"`
	Jobs    []apiJob    `json:"jobs"`
	Store   apiStore    `json:"store"`
	Disks   []apiDisk   `json:"disks"`
	Keep    int         `json:"keep_days" doc:"that snapshots are kept, 0 for ever"`
	Backups []apiBackup `json:"backups" doc:"the newest first"`
	Making  bool        `json:"making" doc:"a backup is being made or read"`
}

// An apiAlert is what is amiss with the program itself.
type apiAlert struct {
	Kind  string     `json:"kind"`
	Since time.Time  `json:"since"`
	Until *time.Time `json:"until,omitempty" doc:"none while it lasts"`
	Says  string     `json:"says"`
}

// An apiJob is something done on schedule.
type apiJob struct {
	Name    string     `json:"name"`
	Line    string     `json:"schedule,omitempty" doc:"of cron, in Beijing time"`
	Next    *time.Time `json:"next,omitempty"`
	Began   *time.Time `json:"began,omitempty"`
	Ended   *time.Time `json:"ended,omitempty"`
	Good    *time.Time `json:"good,omitempty" doc:"last ended well"`
	Error   string     `json:"error,omitempty"`
	Running bool       `json:"running"`
}

// An apiStore is what is kept.
type apiStore struct {
	Rounds    int   `json:"rounds"`
	Snapshots int   `json:"snapshots"`
	Subjects  int   `json:"subjects"`
	Bodies    int   `json:"bodies"`
	Events    int   `json:"events"`
	Imports   int   `json:"imports"`
	Nights    int   `json:"nights"`
	Raw       int64 `json:"raw_bytes"`
	Stored    int64 `json:"stored_bytes"`
	File      int64 `json:"file_bytes"`
	Free      int64 `json:"free_bytes" doc:"of the file"`
}

// An apiDisk is room that is left.
type apiDisk struct {
	Path  string `json:"path"`
	Free  uint64 `json:"free_bytes"`
	Total uint64 `json:"total_bytes"`
}

// An apiBackup is one file.
type apiBackup struct {
	Name     string     `json:"name"`
	At       time.Time  `json:"at"`
	Bytes    int64      `json:"bytes"`
	Verified *time.Time `json:"verified,omitempty" doc:"last, beyond when it was made"`
	Broken   string     `json:"broken,omitempty" doc:"what was then found"`
}

func apiSystemNow(a caller, _ *struct{ APISpoken }) (apiProgram, error) {
	s, err := a.console.state()
	if err != nil {
		return apiProgram{}, err
	}
	k := s.Store
	out := apiProgram{
		Version: s.Version, Started: s.Started.In(extract.Beijing), Alerts: []apiAlert{}, Jobs: []apiJob{}, Disks: []apiDisk{}, Keep: s.Keep, Backups: []apiBackup{}, Making: s.Making,
		Store: apiStore{k.Rounds, k.Snapshots, k.Subjects, k.Bodies, k.Events, k.Imports, k.Nights, k.RawBytes, k.StoredBytes, k.FileBytes, k.FreeBytes},
	}
	for _, x := range s.Alerts {
		out.Alerts = append(out.Alerts, apiAlert{x.Kind, x.Since.In(extract.Beijing), moment(x.Until), a.say(x.Chinese, x.English)})
	}
	for _, j := range s.Jobs {
		out.Jobs = append(out.Jobs, apiJob{j.Name, j.Line, moment(j.Next), moment(j.Began), moment(j.Ended), moment(j.Good), j.Error, j.Running})
	}
	for _, d := range s.Disks {
		out.Disks = append(out.Disks, apiDisk(d))
	}
	for _, b := range s.Backups {
		out.Backups = append(out.Backups, apiBackup{b.Name, b.At.In(extract.Beijing), b.Bytes, moment(b.Verified), b.Broken})
	}
	return out, nil
}

// An apiMessage is one message.
type apiMessage struct {
	ID      string     `json:"id"`
	Channel string     `json:"channel"`
	Title   string     `json:"title"`
	Lines   []string   `json:"lines"`
	Made    time.Time  `json:"made"`
	State   string     `json:"state"`
	Tries   int        `json:"tries"`
	Next    *time.Time `json:"next,omitempty" doc:"not tried before"`
	Sent    *time.Time `json:"sent,omitempty"`
	Fault   string     `json:"fault,omitempty" doc:"why the last try failed"`
	Doubt   bool       `json:"doubt,omitempty" doc:"it may have been taken though the last try failed"`
}

func apiMessages(a caller, _ *struct {
	APISpoken
	APIPages
	State   string `query:"state" maxLength:"20"`
	Channel string `query:"channel" maxLength:"100"`
	Sort    string `query:"sort" enum:"-made,made,channel,-channel,title,-title,state,-state," doc:"the newest first, if none"`
}) (apiList[apiMessage], error) {
	if a.console.Mailbox == nil {
		return apiList[apiMessage]{}, notThere()
	}
	p, err := a.console.messagesOf(a.request)
	if err != nil {
		return apiList[apiMessage]{}, err
	}
	out := apiList[apiMessage]{Total: p.List.Total, Page: p.List.Page, Pages: p.List.Pages, Size: p.List.Size, Items: []apiMessage{}}
	for _, e := range p.Entries {
		m := apiMessage{e.ID, e.Channel, e.Title, []string{}, e.Made.In(extract.Beijing), string(e.State), e.Tries, moment(e.Next), moment(e.Sent), e.Fault, e.Doubt}
		for _, part := range e.Parts {
			m.Lines = append(m.Lines, part.Heading)
			for _, line := range part.Lines {
				m.Lines = append(m.Lines, line.Text)
			}
		}
		out.Items = append(out.Items, m)
	}
	return out, nil
}

// An apiPost is to whom messages go.
type apiPost struct {
	Quiet    string       `json:"quiet,omitempty" doc:"hours in which nothing is delivered, Beijing time; none where there are none"`
	Channels []apiChannel `json:"channels"`
}

// An apiChannel is one recipient. Its address and key are in no configuration.
type apiChannel struct {
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	Units     []string   `json:"units" doc:"that it is told about, with those below them; none for all"`
	About     []string   `json:"about"`
	PerMinute int        `json:"per_minute" doc:"messages at most, 0 for the usual"`
	Lang      string     `json:"lang,omitempty"`
	Sent      int        `json:"sent" doc:"of the messages that are remembered"`
	Waiting   int        `json:"waiting"`
	GivenUp   int        `json:"given_up"`
	Last      *time.Time `json:"last,omitempty" doc:"one was taken"`
	Fault     string     `json:"fault,omitempty" doc:"why the last one was not taken"`
}

func apiChannels(a caller, _ *struct{ APISpoken }) (apiPost, error) {
	if a.console.Mailbox == nil {
		return apiPost{}, notThere()
	}
	p, err := a.console.messagesOf(a.request)
	if err != nil {
		return apiPost{}, err
	}
	out := apiPost{Quiet: p.Quiet, Channels: []apiChannel{}}
	for _, ch := range p.Channels {
		x := apiChannel{ch.Name, string(ch.Kind), append([]string{}, ch.Units...), []string{}, ch.PerMinute, ch.Lang, ch.Sent, ch.Waiting, ch.GivenUp, moment(ch.Last), ch.Fault}
		for _, t := range ch.About {
			x.About = append(x.About, string(t))
		}
		out.Channels = append(out.Channels, x)
	}
	return out, nil
}

// An apiSound says whether the log is as it was written.
type apiSound struct {
	Sound  bool    `json:"sound"`
	Broken string  `json:"broken,omitempty" doc:"what is wrong, and at which entry"`
	Head   apiHead `json:"head" doc:"the newest entry when it was read"`
}

func apiVerifyAudit(a caller, _ *struct{ APISpoken }) (apiSound, error) {
	gate, err := a.console.gate()
	if err != nil {
		return apiSound{}, err
	}
	head, err := gate.VerifyLog(a.Context())
	out := apiSound{Sound: err == nil, Head: apiHead{head.N, head.Digest}}
	if err != nil {
		a.console.Log.Error("console: log of doings", "error", err)
		out.Broken = err.Error()
	}
	return out, nil
}

// An apiLog is a part of the log.
type apiLog struct {
	Items []apiLogged `json:"items"`
	Older int         `json:"older,omitempty" doc:"before= of what comes next, none at the beginning of the log"`
	Head  apiHead     `json:"head" doc:"kept elsewhere, it shows that nothing was cut off"`
}

// An apiHead names the last entry of a log.
type apiHead struct {
	N      int    `json:"n"`
	Digest string `json:"digest"`
}

// An apiLogged is one entry.
type apiLogged struct {
	N    int       `json:"n"`
	At   time.Time `json:"at"`
	Who  string    `json:"who,omitempty"`
	Via  string    `json:"via,omitempty" doc:"name of the token"`
	From string    `json:"from,omitempty" doc:"address"`
	What string    `json:"what"`
	On   string    `json:"on,omitempty"`
	Note string    `json:"note,omitempty"`
	Prev string    `json:"prev,omitempty" doc:"digest of the entry before"`
}

func apiAudit(a caller, in *struct {
	APISpoken
	Who    string `query:"who" maxLength:"200"`
	What   string `query:"what" maxLength:"40" doc:"login, user., finding. …"`
	On     string `query:"q" maxLength:"200"`
	From   string `query:"from" maxLength:"10" doc:"day"`
	To     string `query:"to" maxLength:"10" doc:"day"`
	Before int    `query:"before" minimum:"1" doc:"entries with a smaller number"`
}) (apiLog, error) {
	gate, err := a.console.gate()
	if err != nil {
		return apiLog{}, err
	}
	ask, _, err := a.question()
	if err != nil {
		return apiLog{}, err
	}
	entries, next, err := gate.Entries(ask)
	if err != nil {
		return apiLog{}, err
	}
	head, err := gate.LogHead()
	out := apiLog{Items: []apiLogged{}, Older: next, Head: apiHead{head.N, head.Digest}}
	for _, e := range entries {
		out.Items = append(out.Items, apiLogged{e.N, e.At.In(extract.Beijing), e.Who, e.Via, e.From, strings.TrimSpace(e.What), e.On, e.Note, e.Prev})
	}
	return out, err
}
