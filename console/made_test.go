package console

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/people"
)

// A crowd is a console that is asked by many users, over a board and by a clock that
// move on.
type crowd struct {
	*Console
	h    http.Handler
	asks people.User
	now  time.Time
	over *board.Board
}

func newCrowd(t testing.TB) *crowd {
	t.Helper()
	c := &crowd{now: noon, over: town(t)}
	var err error
	c.Console, err = New(Config{
		Board: func() *board.Board { return c.over }, Gate: c, Now: func() time.Time { return c.now },
		Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室",
	})
	if err != nil {
		t.Fatal(err)
	}
	c.h = c.Handler()
	return c
}

func (c *crowd) User(*http.Request) people.User { return c.asks }

// sees is what a user is answered.
func (c *crowd) sees(u people.User, path string, header ...string) string {
	c.asks = u
	return ask(c.h, path, header...).Body.String()
}

// within is what stands in the frame of a page.
func within(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	page, _, _ = strings.Cut(page, "</main>")
	return page
}

// madePages are pages whose answers are kept.
var madePages = []string{
	"/", "/overview/nights", "/sites", "/columns", "/columns?state=stale", "/columns?format=csv", "/accounts", "/sites/czj", "/accounts/140300M002XL0001", "/columns/czj/zcwj",
	"/api/v1/overview", "/api/v1/units", "/api/v1/sites", "/api/v1/columns", "/api/v1/accounts", "/api/v1/sites/czj",
}

// Whoever asks first, everybody gets what they would have got had they been alone.
func TestAnswersDoNotDependOnWhoAskedBefore(t *testing.T) {
	visitor := people.User{Name: "visitor", FullName: "访客", Roles: []people.Role{people.Viewer}, Visitor: true}
	program := signer
	program.Via, program.Scope = "robot", []people.Right{people.See}
	elsewhere := czjClerk
	elsewhere.Name, elsewhere.FullName, elsewhere.Unit = "w", "周某", "wjw"
	users := []people.User{viewer, signer, operator, czjClerk, elsewhere, supervisor, visitor, program, {Name: "both", Roles: []people.Role{people.Clerk, people.Viewer}, Unit: "czj"}}
	alone, c := map[string]string{}, newCrowd(t)
	name := func(u people.User, path, lang string) string { return u.Name + u.Via + " " + lang + " " + path }
	for _, u := range users {
		for _, lang := range []string{"zh", "en"} {
			for _, path := range madePages {
				c.mades = mades{}
				alone[name(u, path, lang)] = c.sees(u, path, "Accept-Language", lang)
			}
		}
	}
	c.mades = mades{}
	for pass := range 2 {
		for i := range users {
			u := users[(i*5+pass)%len(users)]
			for _, lang := range []string{"en", "zh"} {
				for _, path := range madePages {
					if got, want := c.sees(u, path, "Accept-Language", lang), alone[name(u, path, lang)]; got != want {
						t.Errorf("%s: pass %d: got %d bytes, want the %d they see alone", name(u, path, lang), pass, len(got), len(want))
					}
				}
			}
		}
	}
}

// Two who may see the same are answered out of one making, each in a frame of their
// own.
func TestOneMakingServesAllWhoSeeTheSame(t *testing.T) {
	c := newCrowd(t)
	other := viewer
	other.Name, other.FullName, other.Lang = "x", "吴某", "zh"
	first, second := c.sees(viewer, "/columns"), c.sees(other, "/columns")
	if len(c.mades.kept) != 1 || within(first) == "" || within(first) != within(second) {
		t.Errorf("%d answers were made for two of one sort", len(c.mades.kept))
	}
	if !strings.Contains(first, viewer.FullName) || strings.Contains(second, viewer.FullName) || !strings.Contains(second, other.FullName) {
		t.Error("the frame is not that of who asks")
	}
	c.sees(czjClerk, "/columns")
	c.sees(viewer, "/columns", "Accept-Language", "en")
	c.sees(viewer, "/columns?page=1")
	if len(c.mades.kept) != 4 {
		t.Errorf("%d answers are kept, want one for each scope, language and address", len(c.mades.kept))
	}
}

// Nothing of a request but its address reaches what is kept.
func TestNothingOfARequestIsKept(t *testing.T) {
	const mark = "Zanzibar"
	c := newCrowd(t)
	for _, path := range madePages {
		c.mades = mades{}
		personal := viewer
		personal.Name, personal.FullName, personal.Lang = mark, mark, "zh"
		c.asks = personal
		r := httptest.NewRequest("HEAD", path, nil)
		r.Host, r.RemoteAddr = mark+".example", mark
		for _, name := range []string{"Cookie", "Referer", "User-Agent", "Authorization", "X-Forwarded-Host", "Accept"} {
			r.Header.Set(name, "flash="+mark)
		}
		c.h.ServeHTTP(httptest.NewRecorder(), r)
		page := c.sees(viewer, path)
		if len(c.mades.kept) != 1 || strings.Contains(page, mark) {
			t.Errorf("%s shows what another's request held, or was made anew (%d kept)", path, len(c.mades.kept))
		}
		c.mades = mades{}
		if page != c.sees(viewer, path) {
			t.Errorf("%s is another page after it was asked for by HEAD", path)
		}
	}
}

func TestADecisionIsSeenAtOnce(t *testing.T) {
	c := newCrowd(t)
	before := within(c.sees(signer, "/"))
	c.over = c.over.WithBook(&cases.Book{})
	after := within(c.sees(signer, "/"))
	if !strings.Contains(before, "个疑似问题待核实") || strings.Contains(after, "个疑似问题待核实") {
		t.Error("what waits is that of before the decision")
	}
	if d := c.memo.digest; d == nil || c.memo.of != c.over.Judged() {
		t.Error("a decision had the nights counted anew")
	}
}

func TestANewBoardIsSeenAtOnce(t *testing.T) {
	c := newCrowd(t)
	held := c.over
	c.sees(viewer, "/columns")
	in := held.Input
	in.Result.Columns = in.Result.Columns[:1]
	c.over = board.New(in)
	if page := c.sees(viewer, "/columns"); strings.Contains(page, "政策文件") {
		t.Error("a column that is gone is still shown")
	}
	c.over = held // as for a request that was under way
	if page := c.sees(viewer, "/columns"); !strings.Contains(page, "政策文件") {
		t.Error("a request over the board before is answered by the board after it")
	}
}

// A look that was kept since the board was made is listed at once.
func TestANewLookIsSeenAtOnce(t *testing.T) {
	a := newAtelier(t, tunerUser)
	b := a.board()
	a.Console.Board = func() *board.Board { return b }
	first, same := get(t, a, "/columns/tyj/tzgg").Body.String(), get(t, a, "/columns/tyj/tzgg").Body.String()
	a.keep(t, "tyj/tzgg", noon.Add(-time.Hour), "text/html; charset=utf-8", []byte(redesigned("通知公告", 13)))
	after := get(t, a, "/columns/tyj/tzgg").Body.String()
	if first != same || strings.Contains(first, "2023-09-27 11:00") || !strings.Contains(after, "2023-09-27 11:00") {
		t.Error("the page does not list the newest look")
	}
}

func TestAnswersAreMadeAnewByTheMinute(t *testing.T) {
	c := newCrowd(t)
	c.sees(viewer, "/columns")
	first := c.mades.kept
	c.now = c.now.Add(time.Minute)
	c.sees(viewer, "/sites")
	if len(c.mades.kept) != 1 || len(first) != 1 {
		t.Errorf("%d answers are kept a minute later", len(c.mades.kept))
	}
}

// What was just done is told once, to whom it was done for.
func TestAFlashIsNotKept(t *testing.T) {
	c := newCrowd(t)
	const said = "5bey5LqMIERPTkU" // 已二 DONE
	first := c.sees(viewer, "/columns", "Cookie", flashCookie+"="+said)
	second := c.sees(viewer, "/columns")
	if !strings.Contains(first, "DONE") || strings.Contains(second, "DONE") {
		t.Errorf("told at first: %v, told again: %v", strings.Contains(first, "DONE"), strings.Contains(second, "DONE"))
	}
	if third := c.sees(viewer, "/columns", "Cookie", flashCookie+"="+said); !strings.Contains(third, "DONE") {
		t.Error("a page that is kept does not say what was done")
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	c := newCrowd(t)
	c.sees(viewer, "/sites/nowhere")
	c.sees(viewer, "/columns?state=nonsense")
	c.sees(viewer, "/api/v1/sites/nowhere")
	if len(c.mades.kept) != 0 || c.mades.bytes != 0 {
		t.Errorf("%d refusals are kept", len(c.mades.kept))
	}
	long := strings.Repeat("q", 1<<10)
	for i := range 200 {
		key := fmt.Sprint(long, i)
		_, err := c.mades.get(c.over, noon, key, func() (*made, error) {
			return &made{status: http.StatusOK, body: newPiece(make([]byte, 1<<20))}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.mades.bytes > maxMade || len(c.mades.kept) > maxMade>>20 {
		t.Errorf("%d answers of %d bytes are kept", len(c.mades.kept), c.mades.bytes)
	}
}

// Many who ask for the same at once wait for one making.
func TestOneMakingForManyAtOnce(t *testing.T) {
	h := newConsole(t, town(t), viewer)
	var all sync.WaitGroup
	pages := make([]string, 40)
	for i := range pages {
		all.Go(func() { pages[i] = ask(h, madePages[i%4], "Accept-Encoding", "gzip").Body.String() })
	}
	var s mades
	var making atomic.Int64
	for range 20 {
		all.Go(func() {
			m, err := s.get(nil, noon, "k", func() (*made, error) {
				making.Add(1)
				return &made{status: http.StatusOK, body: newPiece(nil)}, nil
			})
			if m == nil || err != nil {
				t.Errorf("got %v, %v", m, err)
			}
		})
	}
	all.Wait()
	for i := range pages {
		if pages[i] != pages[i%4] {
			t.Errorf("%s is not the same for all who ask at once", madePages[i%4])
		}
	}
	if making.Load() != 1 {
		t.Errorf("made %d times", making.Load())
	}
}

// A page that panics while it is made fails for those who wait for it, and is made
// anew for the next.
func TestAMakingThatPanicsIsForgotten(t *testing.T) {
	c := newCrowd(t)
	func() {
		defer func() { _ = recover() }()
		_, _ = c.mades.get(c.over, noon, "k", func() (*made, error) { panic("a bug") })
	}()
	m, err := c.mades.get(c.over, noon, "k", func() (*made, error) { return &made{status: http.StatusOK, body: newPiece(nil)}, nil })
	if m == nil || err != nil {
		t.Errorf("got %v, %v", m, err)
	}
}

// Pieces that were compressed each by itself are one file.
func TestPiecesMakeOneGzip(t *testing.T) {
	for _, parts := range [][]string{
		{""}, {"a"}, {"", strings.Repeat("<tr><td>栏目</td></tr>", 5000), ""}, {"<html>", strings.Repeat("x", 70000), "</html>", "<html>"},
	} {
		var pieces []*piece
		for _, p := range parts {
			pieces = append(pieces, newPiece([]byte(p)))
		}
		for range 2 { // compressed now, and as kept
			z, err := gzip.NewReader(bytes.NewReader(bytes.Join(gzipped(pieces), nil)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(z)
			if want := strings.Join(parts, ""); err != nil || string(got) != want {
				t.Errorf("got %d bytes, %v, want %d", len(got), err, len(want))
			}
		}
	}
}
