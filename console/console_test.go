package console

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/people"
)

// noon is when these tests look.
var noon = time.Date(2023, 9, 27, 12, 0, 0, 0, extract.Beijing)

// as is a gate that lets one user in.
type as people.User

func (u as) User(*http.Request) people.User { return people.User(u) }

// newConsole is a console over a board, as one user sees it.
func newConsole(t testing.TB, b *board.Board, u people.User) http.Handler {
	t.Helper()
	return newConsoleWith(t, b, u, func(*Config) {})
}

// newConsoleWith is one with something behind it.
func newConsoleWith(t testing.TB, b *board.Board, u people.User, with func(*Config)) http.Handler {
	t.Helper()
	cfg := Config{
		Board: func() *board.Board { return b }, Gate: as(u), Now: func() time.Time { return noon },
		Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室",
	}
	with(&cfg)
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c.Handler()
}

// get asks for a page.
func get(t testing.TB, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

func TestNothingIsServedToNobody(t *testing.T) {
	h := newConsole(t, nil, people.User{})
	for _, r := range Routes() {
		path := strings.NewReplacer("{$}", "", "{", "", "}", "", "...", "").Replace(r.Path)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(r.Method, path, nil))
		if open := r.Need == ""; open != (w.Code != http.StatusSeeOther && w.Code != http.StatusUnauthorized) {
			t.Errorf("%s %s answers nobody with %d", r.Method, path, w.Code)
		}
	}
}

// A page that no other leads to is one that nobody finds.
func TestEveryPageIsLinked(t *testing.T) {
	linked := map[string]bool{}
	for _, a := range areas {
		linked[a.Path] = true
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`href="(/[^"{?#]*)`).FindAllStringSubmatch(string(text), -1) {
			linked[m[1]] = true
		}
	}
	for _, part := range [][]Route{findingRoutes, slipRoutes, noticeRoutes, registerRoutes, siteRoutes, accountRoutes, tunerRoutes, roundRoutes, systemRoutes, messageRoutes, usersRoutes, auditRoutes} {
		for _, r := range part {
			asked := strings.Contains(r.Path, "{") || strings.HasSuffix(r.Path, "/preview") || strings.HasSuffix(r.Path, "/live") // with something in its address, or by another page
			if r.Method == "GET" && !asked && !linked[r.Path] {
				t.Errorf("no page leads to %s", r.Path)
			}
		}
	}
}
