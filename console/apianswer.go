package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/people"
)

// A recorder is a mux that remembers what is registered as routes.
type recorder struct {
	routes []Route

	// Of the operation that is being registered: the right it takes, and whether
	// its answer is made of the board and of nothing else.
	need  people.Right
	board bool
}

// HandleFunc records an operation. IDs of columns and names of files hold slashes:
// what stands at the end of a path as {id} or {name} is the rest of it.
func (r *recorder) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	for _, last := range []string{"id", "name"} {
		if rest, ok := strings.CutSuffix(path, "/{"+last+"}"); ok {
			path = rest + "/{" + last + "...}"
		}
	}
	route := Route{Method: method, Path: path, Need: r.need}
	route.serve = func(c *Console, w http.ResponseWriter, q *request) error {
		if method != http.MethodGet && route.bodyLimit() > maxBody {
			select {
			case c.reading <- struct{}{}:
				defer func() { <-c.reading }()
			default:
				return errManyForms()
			}
		}
		h := &held{header: http.Header{}}
		own := q.Request.Clone(q.Context())
		own.Header.Del("Accept-Encoding") // what is held is compressed when it is sent
		asks := *q
		ctx := context.WithValue(q.Context(), callerKey{}, caller{c, &asks, h})
		asks.Request = own.WithContext(ctx)
		handler(h, asks.Request)
		q.noted = asks.noted
		h.pass(w, q)
		return nil
	}
	serve := route.serve
	if r.board {
		serve = ofBoard(serve)
	}
	route.serve = func(c *Console, w http.ResponseWriter, q *request) error {
		w.Header().Set("Vary", "Accept-Language, Cookie, Authorization")
		return serve(c, w, q)
	}
	r.routes = append(r.routes, route)
}

// ServeHTTP is never called: the console's own mux serves the routes.
func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) { http.NotFound(w, q) }

// A held answer is whole before its first byte is sent.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *held) Header() http.Header         { return h.header }
func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }

func (h *held) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

// pass sends an answer. One to GET is named by its bytes, so that whoever has it is
// told so, whatever it is made of; an error never is.
func (h *held) pass(w http.ResponseWriter, q *request) {
	kind := h.header.Get("Content-Type")
	h.header.Del("Content-Length") // said anew below,
	h.header.Del("Vary")           // and by what an answer varies is the same for all
	for name, values := range h.header {
		w.Header()[name] = slices.Clone(values)
	}
	status := h.status
	if status == 0 {
		status = http.StatusOK
	}
	if status != http.StatusOK {
		w.Header().Del("ETag")
	} else if q.Method == http.MethodGet || q.Method == http.MethodHead {
		tag := h.header.Get("ETag")
		if tag == "" {
			tag = tagOf(h.body.Bytes())
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "private, no-cache")
		if unchanged(w, q) {
			return
		}
	}
	send(w, q.Request, status, kind, h.body.Bytes())
}

// unchanged answers 304 where the caller has what the answer's ETag names.
func unchanged(w http.ResponseWriter, q *request) bool {
	tag := w.Header().Get("ETag")
	if tag == "" {
		return false
	}
	has := q.Header.Get("If-None-Match")
	if zipped := strings.TrimSuffix(tag, `"`) + ofGzip + `"`; matches(has, zipped) {
		w.Header().Set("ETag", zipped)
	} else if !matches(has, tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// tagOf names bytes as headers do.
func tagOf(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// matches reports whether a header lists a tag, or any.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimPrefix(strings.TrimSpace(part), "W/"); part == tag || part == "*" {
			return true
		}
	}
	return false
}

// A fault is an error as a program gets it.
type fault struct {
	Status   int          `json:"-"`
	Message  string       `json:"error" doc:"what is wrong and what to do, in the language asked for"`
	Details  []string     `json:"details,omitempty" doc:"which parameter or field, in English; or what stands in the way"`
	Problems []apiProblem `json:"problems,omitempty" doc:"of a file that was sent, by place"`
}

func (f *fault) Error() string  { return f.Message }
func (f *fault) GetStatus() int { return f.Status }

// An apiProblem is one mistake of a file.
type apiProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty" doc:"in characters, from 1"`
	Cell    string `json:"cell,omitempty" doc:"of a table"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty" doc:"what to do"`
	Text    string `json:"text,omitempty" doc:"of the line"`
}

// faultWords are what huma's own errors say.
var faultWords = map[int][2]string{
	http.StatusBadRequest:            {"请求的 JSON 无法识别；请按接口说明书（/api/v1/openapi.json）更正", "the request's JSON cannot be read; write it as /api/v1/openapi.json describes it"},
	http.StatusUnprocessableEntity:   {"请求的参数或字段有误；请按 details 更正", "a parameter or field is wrong; correct it by the details"},
	http.StatusUnsupportedMediaType:  {"请求须为 JSON；请加上 Content-Type: application/json", "requests are JSON; send Content-Type: application/json"},
	http.StatusRequestTimeout:        {"请求没有在时限内发完；请重试", "the request did not come in time; send it again"},
	http.StatusRequestEntityTooLarge: {"提交的内容太大；请缩小或分几次", "too much was sent; make it smaller, or send it in parts"},
}

// maxDetails bounds what is said of one request.
const maxDetails = 20

// apiError is an error of huma's own: what does not fit the description. What was
// sent is not said back.
func apiError(lang string, status int, message string, errs []error) huma.StatusError {
	f := &fault{Status: status, Message: message}
	tooLarge := (*http.MaxBytesError)(nil)
	for _, err := range errs {
		switch d := (*huma.ErrorDetail)(nil); {
		case errors.As(err, &tooLarge):
			f.Status = http.StatusRequestEntityTooLarge
			f.Details = append(f.Details, fmt.Sprintf("body: at most %d MB", tooLarge.Limit>>20))
		case errors.Is(err, io.ErrUnexpectedEOF):
			f.Status = http.StatusBadRequest
		case errors.As(err, &d):
			f.Details = append(f.Details, placeOf(d.Location)+": "+d.Message)
		}
	}
	f.Details = f.Details[:min(len(f.Details), maxDetails)]
	if words, ok := faultWords[f.Status]; ok {
		f.Message = sayer(lang)(words[0], words[1])
	} else if f.Status != 0 {
		f.Message = sayer(lang)("请求没有被接受（", "the request was not accepted (") + strconv.Itoa(f.Status) + sayer(lang)("）", ")")
	}
	return f
}

// placeOf is where a fault is, without names of fields that are none: they are what
// was sent.
func placeOf(location string) string {
	if len(location) > maxText || strings.ContainsFunc(location, func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && r != '[' && r != ']' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		location, _, _ = strings.Cut(location, ".")
		location += "…"
	}
	return location
}

// refusalFor is an error of ours for a program, in its language.
func (a caller) refusalFor(err error) error {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f
	}
	r := a.console.refusalOf(a.request, err)
	f := &fault{Status: r.status, Message: a.say(r.chinese, r.english)}
	if words := detailOf(err); words != "" {
		f.Details = append(f.Details, words)
	}
	return f
}

// An APISpoken request says in which language it is answered.
type APISpoken struct {
	Lang string `query:"lang" enum:"zh,en," doc:"of words and errors"`
}

// An apiDone is what an operation has done.
type apiDone struct {
	Done string `json:"done" doc:"in a sentence"`
}

func (a caller) done(zh, en string) apiDone { return apiDone{a.say(zh, en)} }

// An apiFile is a file that is sent.
type apiFile struct {
	Name string `json:"name" minLength:"1" maxLength:"300"`
	Data []byte `json:"data" doc:"in Base64"`
}

func (f apiFile) file() file { return file{fileName(f.Name), f.Data} }

// A filled form is what a program sends as a page's form would be: what reads
// forms then checks it as well.
type filled struct{ sent }

func fill() filled {
	return filled{sent{Values: map[string][]string{}, files: map[string][]file{}}}
}

// set sets a text; "" is as if it were left empty.
func (f filled) set(name, value string) filled {
	if value != "" {
		f.Values[name] = append(f.Values[name], value)
	}
	return f
}

func (f filled) attach(name string, files ...apiFile) filled {
	for _, x := range files {
		f.files[name] = append(f.files[name], x.file())
	}
	return f
}

// form is the form, if its texts are texts.
func (f filled) form() (sent, error) { return f.sent, f.check() }
