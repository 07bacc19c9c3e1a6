package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xuncha/extract"
	"xuncha/inventory"
)

// childEnv makes the test binary play one of the children below instead of
// running tests.
const childEnv = "XUNCHA_STORE_CHILD"

func TestMain(m *testing.M) {
	children := map[string]func(path string) error{
		"crash":    crashChild,
		"round":    roundChild,
		"replace":  replaceChild,
		"full":     fullChild,
		"roomless": roomlessChild,
		"hold":     holdChild,
	}
	if play, ok := children[os.Getenv(childEnv)]; ok {
		if err := play(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// night is when the rounds of these tests begin.
var night = time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)

func tempStore(t testing.TB) *Store {
	t.Helper()
	return openStore(t, filepath.Join(t.TempDir(), "xuncha.db"))
}

func openStore(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{Create: true, LockTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	s.db.NoSync = true // crash_test.go and full_test.go show what syncing is for
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must returns v and fails the test on err.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

// begin starts a round.
func begin(t testing.TB, s *Store, id string, start time.Time, planned ...string) {
	t.Helper()
	check(t, s.Begin(Round{
		ID: id, Started: start, Planned: planned, Config: "c0ffee", RuleSet: "yangquan-2023", Reader: extract.Version,
		Files: []inventory.File{{Name: "city.yaml", Data: []byte("name: 阳泉市\n")}},
	}))
}

// shot is a snapshot of one list page.
func shot(subject, round string, at time.Time, body string) Snapshot {
	page := extract.Page{
		Asked: "http://fgw.yq.gov.cn/tzgg/", URL: "http://fgw.yq.gov.cn/tzgg/", Why: extract.WhyList, Status: 200,
		Header:    map[string][]string{"Content-Type": {"text/html; charset=gbk"}, "Etag": {`"5f-1"`}},
		FetchedAt: at, BodyAt: at, Took: 31 * time.Millisecond,
		Body: []byte(body), SHA256: digestOf([]byte(body)),
	}
	return Snapshot{
		Subject: subject, Round: round, At: at, Look: 1, Task: "t1", Reader: extract.Version, Pages: []extract.Page{page},
		Reading: extract.Reading{
			Outcome: extract.Dated, Complete: true, Method: "cms:trs",
			Items:  []extract.Item{{Title: "关于<印发>通知", Link: "http://fgw.yq.gov.cn/a.html", Source: "08-23"}},
			Newest: extract.Date{Time: extract.DayOf(at.AddDate(0, 0, -3)), Inferred: true},
		},
	}
}

// named is a snapshot as it is loaded: with the digest of its reading.
func named(t testing.TB, s Snapshot) Snapshot {
	t.Helper()
	s.ReadingSHA256 = digestOf(must(compactJSON(s.Reading))(t))
	return s
}

// newest loads the newest snapshot of a subject.
func newest(t testing.TB, s *Store, subject string) Snapshot {
	t.Helper()
	for sum, err := range s.History(subject, time.Time{}) {
		check(t, err)
		return must(s.Load(sum))(t)
	}
	t.Fatalf("%s has no snapshot", subject)
	return Snapshot{}
}

// unread is a snapshot of a host that did not answer.
func unread(subject, round string, at time.Time) Snapshot {
	return Snapshot{
		Subject: subject, Round: round, At: at, Look: 1, Reader: extract.Version,
		Pages:   []extract.Page{{Asked: "http://down.yq.gov.cn/", Why: extract.WhyList, FetchedAt: at, Class: extract.ClassTimeout}},
		Reading: extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonDown, Detail: "time-out"},
	}
}

func keep(t testing.TB, s *Store, snaps ...Snapshot) []string {
	t.Helper()
	return must(s.Keep(snaps))(t)
}

// verify fails the test with every fault found.
func verify(t testing.TB, s *Store) {
	t.Helper()
	err := s.Verify(context.Background(), func(problem string) { t.Errorf("verify: %s", problem) })
	check(t, err)
}

// history collects a subject's digests, newest first.
func history(t testing.TB, s *Store, subject string, until time.Time) []string {
	t.Helper()
	var out []string
	for sum, err := range s.History(subject, until) {
		check(t, err)
		out = append(out, sum.Digest)
	}
	return out
}

// page is a list page of about n bytes that compresses as real ones do.
func page(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	var b bytes.Buffer
	b.WriteString("<!doctype html><html><head><title>通知公告</title></head><body><ul class=list>")
	for b.Len() < n {
		fmt.Fprintf(&b, "\n<li><a href=\"/tzgg/2023%02d/t2023%04d_%d.html\" target=_blank title=\"", 1+r.IntN(12), r.IntN(1231), r.IntN(1e7))
		for range 12 + r.IntN(12) {
			b.WriteRune(rune(0x4e00 + r.IntN(3000)))
		}
		fmt.Fprintf(&b, "\">查看详情</a><span class=\"date right\">2023-%02d-%02d</span></li>", 1+r.IntN(12), 1+r.IntN(28))
	}
	return b.Bytes()
}
