package console

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xuncha/people"
)

// The JSON interface: the same rooms as the pages, for programs. Each operation is
// a route like any other, with the right it takes, and is described, with what it
// takes and gives, by the OpenAPI document of the program. What it shows and does
// are the same functions as the page's.
//
// Types that others embed have names that begin with API and are exported: whoever
// describes the interface looks into no others. Nobody else needs them.

// apiRoutes are the operations with their document. They are described once, where a
// console is made: commands that make none need not wait for it.
var apiRoutes = sync.OnceValue(describeAPI)

// A caller is who asks an operation, and of which console.
type caller struct {
	console *Console
	*request
	w http.ResponseWriter // of what is handed out as a file
}

type callerKey struct{}

// describeAPI makes the routes of all operations.
func describeAPI() []Route {
	huma.DefaultArrayNullable = false // a list without anything is []
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return apiError("en", status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		lang := "en"
		if a, ok := ctx.Context().Value(callerKey{}).(caller); ok {
			lang = a.lang
		}
		return apiError(lang, status, message, errs)
	}
	r := &recorder{}
	h := huma.NewAPI(apiConfig(), humago.NewAdapter(r, ""))
	for _, part := range []func(*recorder, huma.API){
		apiSubjects, apiSnapshots, apiFindings, apiDeeds, apiSlips, apiNotices, apiRegisters, apiRounds, apiRecipes, apiConfiguration, apiSystem,
	} {
		part(r, h)
	}
	doc, err := json.Marshal(h.OpenAPI())
	if err != nil {
		panic(err) // it is made of the program's own types
	}
	tag := tagOf(doc)
	return append(r.routes, Route{"GET", "/api/v1/openapi.json", people.See, func(_ *Console, w http.ResponseWriter, q *request) error {
		w.Header().Set("ETag", tag)
		w.Header().Set("Cache-Control", "private, no-cache")
		if !unchanged(w, q) {
			send(w, q.Request, http.StatusOK, "application/vnd.oai.openapi+json;version=3.1", doc)
		}
		return nil
	}})
}

func apiConfig() huma.Config {
	cfg := huma.DefaultConfig("Xuncha 巡查", "1")
	cfg.DocsPath, cfg.OpenAPIPath, cfg.SchemasPath = "", "", ""
	cfg.CreateHooks = nil // no $schema in answers: they would name hosts
	cfg.RejectUnknownQueryParameters = true
	plain := huma.Format{Unmarshal: json.Unmarshal, Marshal: func(w io.Writer, v any) error {
		return json.NewEncoder(w).Encode(v) // with markup escaped, for whoever takes an answer for a page
	}}
	cfg.Formats = map[string]huma.Format{"application/json": plain, "json": plain}
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Info.Description = "What the console shows and does, for programs. Send a token as `Authorization: Bearer …`, or the cookie of a session. " +
		"Errors say in Chinese or English (`Accept-Language`, `?lang=`) what is wrong and what to do. Dates are Beijing dates. " +
		"Answers to GET have an `ETag`; with `If-None-Match` one that did not change is 304. How to begin: docs/api.md."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	cfg.Security = []map[string][]string{{"token": {}}}
	return cfg
}

// operation registers what a program may ask.
func operation[I, O any](r *recorder, api huma.API, need people.Right, method, path, id, summary string, do func(caller, *I) (O, error)) {
	r.need = need
	huma.Register(api, operationOf(need, method, path, id, summary), func(ctx context.Context, in *I) (*given[O], error) {
		a, ok := ctx.Value(callerKey{}).(caller)
		if !ok {
			return nil, errors.New("no caller")
		}
		out, err := do(a, in)
		if err != nil {
			return nil, a.refusalFor(err)
		}
		g := &given[O]{Body: out}
		if v, ok := any(out).(interface{ version() string }); ok {
			g.ETag = `"` + v.version() + `"`
		}
		return g, nil
	})
}

// reading registers a question for those who may see, whose answer is made of the
// board and of nothing else, nor of who asks but for what they see: it is made once.
func reading[I, O any](r *recorder, api huma.API, path, id, summary string, do func(caller, *I) (O, error)) {
	r.board = true
	operation(r, api, people.See, http.MethodGet, path, id, summary, do)
	r.board = false
}

// asking registers any other question for those who may see.
func asking[I, O any](r *recorder, api huma.API, path, id, summary string, do func(caller, *I) (O, error)) {
	operation(r, api, people.See, http.MethodGet, path, id, summary, do)
}

// handing registers an operation that hands out a file, which do sends to the
// caller's w as a page would.
func handing[I any](r *recorder, api huma.API, need people.Right, method, path, id, summary string, do func(caller, *I) error) {
	r.need = need
	op := operationOf(need, method, path, id, summary)
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *I) (*sentFile, error) {
		a, ok := ctx.Value(callerKey{}).(caller)
		if !ok {
			return nil, errors.New("no caller")
		}
		if err := do(a, in); err != nil {
			return nil, a.refusalFor(err)
		}
		return &sentFile{Body: func(huma.Context) {}}, nil // it is sent already
	})
}

// streaming registers what is told as it happens, by server-sent events. It is
// described like any other operation, and served without being held.
func streaming(r *recorder, api huma.API, need people.Right, path, id, summary string, serve server) {
	op := operationOf(need, http.MethodGet, path, id, summary)
	problem := &huma.MediaType{Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[fault](), true, "")}
	op.Responses = map[string]*huma.Response{"200": {Description: "Events", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
	for _, status := range op.Errors {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/json": problem}}
	}
	op.Parameters = []*huma.Param{{Name: "lang", In: "query", Description: "of words and errors", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"zh", "en", ""}}}}
	api.OpenAPI().AddOperation(&op)
	r.routes = append(r.routes, Route{http.MethodGet, path, need, func(c *Console, w http.ResponseWriter, q *request) error {
		w.Header().Set("Vary", "Accept-Language, Cookie, Authorization")
		for name, values := range q.URL.Query() {
			if name != "lang" || values[0] != "" && values[0] != "zh" && values[0] != "en" {
				return refuse(http.StatusUnprocessableEntity, "这个接口只有 lang 一个参数，可写 zh 或 en", "the one parameter here is lang, zh or en")
			}
		}
		return serve(c, w, q)
	}})
}

// operationOf is an operation but for what it takes and gives.
func operationOf(need people.Right, method, path, id, summary string) huma.Operation {
	_, rest, _ := strings.Cut(path, "/api/v1/")
	tag, _, _ := strings.Cut(rest, "/")
	op := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: http.StatusOK, Tags: []string{tag},
		MaxBodyBytes: -1, // the route bounds it
		Description:  "Takes the right `" + string(need) + "`.",
		Errors:       []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	}
	if method == http.MethodGet {
		op.Responses = map[string]*huma.Response{"304": {Description: "What If-None-Match names is the answer"}}
	}
	return op
}

// A given is what an operation answers.
type given[O any] struct {
	ETag string `header:"ETag" doc:"of what was read or written"`
	Body O
}

// A sentFile stands for a file that was sent.
type sentFile struct{ Body func(huma.Context) }

// schemaName names a type in the document.
func schemaName(t reflect.Type, hint string) string {
	return strings.NewReplacer("Api", "", "API", "").Replace(huma.DefaultSchemaNamer(t, hint))
}
