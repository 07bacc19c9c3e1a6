package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xuncha/people"
)

// The JSON interface: the same rooms as the pages, for programs. Each operation is
// a route like any other, with the right it takes, and is described, with what it
// takes and gives, by the OpenAPI document of the program.

// apiRoutes are the operations with their document.
var apiRoutes = describeAPI()

// A caller is who asks an operation, and of which console.
type caller struct {
	console *Console
	*request
}

type callerKey struct{}

// describeAPI makes the routes of all operations.
func describeAPI() []Route {
	huma.NewError = apiError
	cfg := huma.DefaultConfig("Xuncha 巡查", "1")
	cfg.DocsPath, cfg.OpenAPIPath, cfg.SchemasPath = "", "", ""
	cfg.CreateHooks = nil // no $schema in answers: they would name hosts
	cfg.Info.Description = "What the console shows and does, for programs. Send a token as `Authorization: Bearer …`, or the cookie of a session. " +
		"Errors say in Chinese or English (`Accept-Language`, `?lang=`) what is wrong and what to do. Dates are Beijing dates."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	cfg.Security = []map[string][]string{{"token": {}}}
	r := &recorder{}
	h := huma.NewAPI(cfg, humago.NewAdapter(r, ""))
	for _, part := range []func(*recorder, huma.API){apiSubjects} {
		part(r, h)
	}
	doc, err := json.Marshal(h.OpenAPI())
	if err != nil {
		panic(err) // it is made of the program's own types
	}
	return append(r.routes, Route{"GET", "/api/v1/openapi.json", people.See, func(_ *Console, w http.ResponseWriter, q *request) error {
		send(w, q.Request, http.StatusOK, "application/vnd.oai.openapi+json;version=3.1", doc)
		return nil
	}})
}

// A recorder is a mux that remembers what is registered as routes.
type recorder struct {
	routes []Route

	// Of the operation that is being registered: the right it takes, and whether
	// its answer is made of the board and of nothing else.
	need  people.Right
	board bool
}

// HandleFunc records an operation. An ID of a column holds slashes: what stands at
// the end of a path as {id} is the rest of it.
func (r *recorder) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	if rest, ok := strings.CutSuffix(path, "/{id}"); ok {
		path = rest + "/{id...}"
	}
	serve := func(c *Console, w http.ResponseWriter, q *request) error {
		ctx := context.WithValue(q.Context(), callerKey{}, caller{c, q})
		handler(w, q.Request.WithContext(ctx))
		return nil
	}
	if r.board {
		whole := ofBoard(serve)
		serve = func(c *Console, w http.ResponseWriter, q *request) error {
			if c.unchanged(w, q) {
				return nil
			}
			return whole(c, w, q)
		}
	}
	r.routes = append(r.routes, Route{method, path, r.need, serve})
}

// ServeHTTP is never called: the console's own mux serves the routes.
func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) { http.NotFound(w, q) }

// ofBoardReading registers a question about how things stand, whose answer is made of the
// board alone: it is made once for all who see the same of it, and whoever has it
// already gets 304.
func ofBoardReading[I, O any](r *recorder, api huma.API, path, id, summary string, do func(caller, *I) (O, error)) {
	r.board = true
	operation(r, api, people.See, http.MethodGet, path, id, summary, do)
	r.board = false
}

// operation registers what a program may ask.
func operation[I, O any](r *recorder, api huma.API, need people.Right, method, path, id, summary string, do func(caller, *I) (O, error)) {
	r.need = need
	huma.Register(api, huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: http.StatusOK, MaxBodyBytes: maxBody,
		Description: "Takes the right `" + string(need) + "`.",
		Errors:      []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, func(ctx context.Context, in *I) (*given[O], error) {
		a, ok := ctx.Value(callerKey{}).(caller)
		if !ok {
			return nil, errors.New("no caller")
		}
		out, err := do(a, in)
		if err != nil {
			return nil, a.refusalFor(err)
		}
		return &given[O]{Body: out}, nil
	})
}

// A given is what an operation answers.
type given[O any] struct{ Body O }

// A fault is an error as a program gets it.
type fault struct {
	Status  int      `json:"-"`
	Message string   `json:"error" doc:"what is wrong and what to do, in the language asked for"`
	Details []string `json:"details,omitempty" doc:"which parameter or field, in English"`
}

func (f *fault) Error() string  { return f.Message }
func (f *fault) GetStatus() int { return f.Status }

// apiError is an error of huma's own: a parameter that does not fit.
func apiError(status int, message string, errs ...error) huma.StatusError {
	f := &fault{Status: status, Message: message}
	if status < http.StatusInternalServerError {
		f.Message = "请求有误，请按 details 更正；the request is wrong, correct it by the details: " + message
	}
	for _, err := range errs {
		// What was sent is not said back.
		if d := (*huma.ErrorDetail)(nil); errors.As(err, &d) {
			f.Details = append(f.Details, d.Location+": "+d.Message)
		}
	}
	return f
}

// refusalFor is an error of ours for a program, in its language.
func (a caller) refusalFor(err error) error {
	r := a.console.refusalOf(a.request, err)
	return &fault{Status: r.status, Message: a.say(r.chinese, r.english)}
}

// unchanged answers 304 where the caller has what there is of an answer that is made
// of the board, for that caller and address.
func (c *Console) unchanged(w http.ResponseWriter, q *request) bool {
	if q.board == nil {
		return false
	}
	decided := ""
	if q.board.Book != nil {
		decided = q.board.Book.Head().Digest
	}
	tag := `"` + versionOf(c.memo.digestOf(q.board).mark+decided, q.user, q.lang, q.URL.RequestURI()) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Vary", "Accept-Language, Cookie, Authorization")
	if !slices.Contains(strings.Split(strings.ReplaceAll(q.Header.Get("If-None-Match"), " ", ""), ","), tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// versionOf names what a board shows to somebody at an address. A look at a single
// column, an import or a decision makes another board of the same night, so it goes
// by the board itself; and by what somebody may see of it, which may be changed.
func versionOf(board string, u people.User, lang, address string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %q", board, u.Name, u.Roles, u.Unit, lang, address)
	return hex.EncodeToString(h.Sum(nil)[:16])
}
