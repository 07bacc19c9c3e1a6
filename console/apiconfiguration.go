package console

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inventory"
	"xuncha/people"
	"xuncha/workshop"
)

// apiConfiguration is the configuration of sites, columns and accounts.
func apiConfiguration(r *recorder, api huma.API) {
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/configuration", "configuration", "The configuration: its files with their digests, and what is wrong with it", apiConfigNow)
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/configuration/files/{name}", "configurationFile", "One file; its ETag is the digest that writing asks for", apiConfigFile)
	operation(r, api, people.Tune, http.MethodPut, "/api/v1/configuration/files/{name}", "writeConfigurationFile", "Write one file whole. If-Match names what stood there, If-None-Match: * says that it is new", apiWriteConfig)
	operation(r, api, people.Tune, http.MethodDelete, "/api/v1/configuration/files/{name}", "removeConfigurationFile", "Take one file away with the samples of what it tells of. If-Match names what stood there", apiRemoveConfig)
	operation(r, api, people.Tune, http.MethodPost, "/api/v1/configuration/undo", "undoConfiguration", "Take a change back, as long as its files stand as it left them", apiUndoConfig)
	operation(r, api, people.Tune, http.MethodPost, "/api/v1/configuration/check", "checkConfigurationFile", "What is wrong with a file, and what it would change; nothing is written", apiCheckConfig)
	operation(r, api, people.Oversee, http.MethodGet, "/api/v1/configuration/changes", "configurationChanges", "The last changes that were made through the console or the interface", apiChanges)
}

// An apiConfigState is how the configuration stands.
type apiConfigState struct {
	Writable    bool            `json:"writable" doc:"false where it is built in"`
	Digest      string          `json:"digest,omitempty" doc:"of the configuration in force"`
	Since       *time.Time      `json:"since,omitempty" doc:"in force since"`
	Refused     string          `json:"refused,omitempty" doc:"why the files as they stand are not in force"`
	Problems    []apiProblem    `json:"problems" doc:"of the files as they stand"`
	Unconfirmed []string        `json:"unconfirmed" doc:"facts that nobody could confirm: sites/fgw.yaml:3: code"`
	Files       []APIConfigInfo `json:"files"`
}

// An APIConfigInfo is one file.
type APIConfigInfo struct {
	Name     string `json:"name"`
	SHA256   string `json:"sha256"`
	Size     int    `json:"size"`
	Editable bool   `json:"editable" doc:"can be written by the interface"`
}

func apiConfigNow(a caller, _ *struct{ APISpoken }) (apiConfigState, error) {
	b, err := a.console.configFiles()
	if err != nil {
		return apiConfigState{}, err
	}
	out := apiConfigState{Writable: b.Folder != "", Problems: []apiProblem{}, Unconfirmed: []string{}, Files: []APIConfigInfo{}}
	for _, u := range b.City.Unconfirmed {
		out.Unconfirmed = append(out.Unconfirmed, u.In(a.lang).String())
	}
	for _, f := range b.City.Files {
		if isText(f) {
			out.Files = append(out.Files, APIConfigInfo{f.Name, fullDigest(f.Data), len(f.Data), workshop.Editable(f.Name)})
		}
	}
	if a.console.System == nil {
		return out, nil
	}
	s, err := a.console.state()
	if err != nil {
		return apiConfigState{}, err
	}
	out.Digest, out.Since, out.Refused = s.Config.Digest, moment(s.Config.Since), s.Config.Refused
	for _, m := range s.Config.Mistakes {
		m = m.In(a.lang)
		out.Problems = append(out.Problems, apiProblem{File: m.File, Line: m.Line, Column: m.Column, Message: m.Message, Hint: m.Hint, Text: m.Text})
	}
	return out, nil
}

// An APIConfigName names a file.
type APIConfigName struct {
	APISpoken
	Name string `path:"name" maxLength:"200" doc:"sites/fgw.yaml"`
}

// An apiConfigText is a file with what it says.
type apiConfigText struct {
	APIConfigInfo
	Text string `json:"text"`
}

func (t apiConfigText) version() string { return t.SHA256 }

func apiConfigFile(a caller, in *APIConfigName) (apiConfigText, error) {
	f, _, err := a.console.configFile(in.Name)
	return apiConfigText{APIConfigInfo{f.Name, fullDigest(f.Data), len(f.Data), workshop.Editable(f.Name)}, string(f.Data)}, err
}

// An apiWritten is a file that was written.
type apiWritten struct {
	APIConfigInfo
	Change string `json:"change,omitempty" doc:"by which configuration/undo takes it back; none where the file said so already"`
	Done   string `json:"done"`
}

func (w apiWritten) version() string { return w.SHA256 }

func apiWriteConfig(a caller, in *struct {
	APIConfigName
	IfMatch     string `header:"If-Match" maxLength:"200" doc:"the ETag of the file that was read"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"200" doc:"* for a file that is new"`
	Leave       bool   `query:"leave_samples" doc:"write it though samples no longer read as they did"`
	Body        struct {
		Text string `json:"text"`
	}
}) (apiWritten, error) {
	x := wish{Name: in.Name, Text: in.Body.Text, Leave: in.Leave}
	switch {
	case in.IfMatch != "":
		x.Was = tagged(in.IfMatch)
	case strings.TrimSpace(in.IfNoneMatch) != "*":
		return apiWritten{}, refuse(http.StatusPreconditionRequired, "请用 If-Match 写明所改文件的 ETag；新文件写 If-None-Match: *", "name the ETag of the file that you change in If-Match; for a new file send If-None-Match: *")
	}
	change, err := a.console.writeFile(a.request, x)
	if err != nil {
		return apiWritten{}, a.notWritten(err, x.Name, x.Text)
	}
	data := []byte(x.Text)
	out := apiWritten{APIConfigInfo{x.Name, fullDigest(data), len(data), true}, changeID(change), a.say("已写入；程序几秒后重新载入配置", "Written; the program reads the configuration anew in some seconds")}
	if change.At.IsZero() {
		out.Change, out.Done = "", a.say("文件原本就是这个内容，没有改动", "The file said so already; nothing was changed")
	}
	return out, nil
}

// tagged is the digest in a header that holds an ETag.
func tagged(header string) string {
	return strings.TrimSuffix(strings.Trim(strings.TrimPrefix(strings.TrimSpace(header), "W/"), `"`), ofGzip)
}

func apiRemoveConfig(a caller, in *struct {
	APIConfigName
	IfMatch string `header:"If-Match" maxLength:"200" doc:"the ETag of the file that was read"`
}) (apiChanged, error) {
	if in.IfMatch == "" {
		return apiChanged{}, refuse(http.StatusPreconditionRequired, "请用 If-Match 写明要删去的文件的 ETag", "name the ETag of the file that is to go in If-Match")
	}
	change, err := a.console.removeFile(a.request, in.Name, tagged(in.IfMatch))
	if err != nil {
		return apiChanged{}, a.notWritten(err, in.Name, "")
	}
	return changedBy(change), nil
}

func apiUndoConfig(a caller, in *struct {
	APISpoken
	Body struct {
		Change string `json:"change" minLength:"1" maxLength:"40" doc:"as it was answered when it was written"`
	}
}) (apiChanged, error) {
	back, err := a.console.undoChange(a.request, in.Body.Change)
	if err != nil {
		return apiChanged{}, a.notWritten(err, "", "")
	}
	return changedBy(back), nil
}

// notWritten is a refusal to write a file, with the places of its mistakes.
func (a caller) notWritten(err error, name, text string) error {
	if problems := (inventory.Errors)(nil); errors.As(err, &problems) {
		return &fault{
			Status: http.StatusUnprocessableEntity, Problems: a.problemsOf(problems, name, text),
			Message: a.say("没有写入：配置有错误，请按 problems 改正", "nothing was written: the configuration has mistakes; correct them by problems"),
		}
	}
	if blocked := (*samplesPage)(nil); errors.As(err, &blocked) {
		f := &fault{Status: http.StatusConflict, Message: a.say("没有写入：有样本因此读不出原来的结果。确属改版时，加 leave_samples=true 写入，再更新样本。",
			"nothing was written: samples would no longer read as they did. If pages were redesigned, write it with leave_samples=true and renew the samples.")}
		f.Details = append(sampleNames(blocked.Own), sampleNames(blocked.Others)...)
		f.Details = f.Details[:min(len(f.Details), maxDetails)]
		return f
	}
	return err
}

// maxProblems bounds the mistakes of one answer.
const maxProblems = 100

func (a caller) problemsOf(all inventory.Errors, name, text string) []apiProblem {
	lines := bytes.Split([]byte(text), []byte("\n"))
	out := []apiProblem{}
	for _, p := range all[:min(len(all), maxProblems)] {
		p = p.In(a.lang)
		x := apiProblem{File: p.File, Line: p.Line, Column: p.Column, Message: p.Message, Hint: p.Hint}
		if p.File == name && p.Line > 0 && p.Line <= len(lines) {
			line := []rune(strings.TrimSpace(string(lines[p.Line-1])))
			x.Text = string(line[:min(len(line), maxText)])
		}
		out = append(out, x)
	}
	return out
}

// An apiChecked is what came of a check.
type apiChecked struct {
	OK       bool         `json:"ok" doc:"it could be written"`
	Problems []apiProblem `json:"problems"`
	Changes  []diffShown  `json:"changes" doc:"lines that would differ, with some around them"`
	From     int          `json:"from" doc:"number of the first of them"`
	Columns  []string     `json:"columns" doc:"that would be read otherwise"`
	Samples  []string     `json:"samples" doc:"that would no longer read as they did"`
}

func apiCheckConfig(a caller, in *struct {
	APISpoken
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200" doc:"sites/fgw.yaml; it may be a new file"`
		Text string `json:"text"`
	}
}) (apiChecked, error) {
	a.noted = true // nothing is done
	leave, err := a.console.slot(a.Context())
	if err != nil {
		return apiChecked{}, err
	}
	defer leave()
	out := apiChecked{Problems: []apiProblem{}, Changes: []diffShown{}, Columns: []string{}, Samples: []string{}}
	d, _, err := a.console.draftedFile(in.Body.Name, in.Body.Text)
	if problems := (inventory.Errors)(nil); errors.As(err, &problems) {
		out.Problems = a.problemsOf(problems, in.Body.Name, in.Body.Text)
		return out, nil
	}
	if err != nil {
		return apiChecked{}, err
	}
	shown, err := draftOf(d)
	if err != nil {
		return apiChecked{}, err
	}
	out.From, out.Changes, out.Columns = shown.From, shown.Lines, append(out.Columns, d.Columns...)
	out.Samples = append(shown.Own, shown.Others...)
	out.OK = len(out.Samples) == 0
	return out, nil
}

// An apiChange is one change that was written.
type apiChange struct {
	Change  string    `json:"change" doc:"by which configuration/undo takes it back"`
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"`
	Columns []string  `json:"columns"`
	Files   []string  `json:"files"`
}

func apiChanges(a caller, _ *APIPaged) (apiList[apiChange], error) {
	if a.console.Workshop == nil {
		return apiList[apiChange]{}, errNoWorkshop()
	}
	changes, err := a.console.Workshop.Changes()
	if err != nil {
		return apiList[apiChange]{}, err
	}
	var all []apiChange
	for _, x := range changes {
		line := apiChange{changeID(x), x.At, x.By, append([]string{}, x.Columns...), []string{}}
		for _, f := range x.Files {
			line.Files = append(line.Files, f.Name)
		}
		all = append(all, line)
	}
	return pageOf(a, all)
}
