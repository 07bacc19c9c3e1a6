package store

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"go.etcd.io/bbolt"

	"xuncha/cases"
	"xuncha/registers"
	"xuncha/rules"
)

var handler = cases.Person{Name: "王敏", Role: cases.Handler}

// raised is the event that raises a finding, sealed on a book and applied to it.
func raised(t testing.TB, b *cases.Book, subject string, papers []cases.Attachment, snapshots ...string) cases.Event {
	t.Helper()
	e := must(b.Seal(cases.Policy{}, cases.Event{
		Period: "2023Q3", Kind: cases.Raise, At: night, By: handler, Attachments: papers,
		Facts: &cases.Facts{
			Subject: subject, Unit: "fgw", Indicator: "x.hand", Effect: rules.EffectNotice, Sources: []string{cases.ByHand},
			Publicity: cases.Named, Text: "未公开领导分工", Point: night, Snapshots: snapshots,
		},
	}))(t)
	check(t, b.Apply(e))
	return e
}

// wantFault verifies a store and wants one of the faults to say something.
func wantFault(t *testing.T, s *Store, want string) {
	t.Helper()
	var faults []string
	err := s.Verify(context.Background(), func(p string) { faults = append(faults, p) })
	wantErr(t, want, err, ErrDamaged)
	if !strings.Contains(strings.Join(faults, "\n"), want) {
		t.Errorf("got faults %q, want one that says %q", faults, want)
	}
}

func TestHistoryOfFindings(t *testing.T) {
	s, b := tempStore(t), &cases.Book{}
	paper := []byte("情况说明")
	e := raised(t, b, "fgw/a", []cases.Attachment{{Name: "说明.txt", SHA256: digestOf(paper)}})
	wantErr(t, "a paper that never came", s.AppendEvents(cases.Head{}, []cases.Event{e}), ErrNotFound)
	check(t, s.AppendEvents(cases.Head{}, []cases.Event{e}, paper))
	again := raised(t, &cases.Book{}, "fgw/b", nil)
	wantErr(t, "sealed on what was", s.AppendEvents(cases.Head{}, []cases.Event{again}), ErrMoved)
	head := b.Head()
	two := raised(t, b, "fgw/b", nil)
	three := raised(t, b, "fgw/c", []cases.Attachment{{Name: "又一次", SHA256: digestOf(paper)}})
	if err := s.AppendEvents(head, []cases.Event{three}); err == nil {
		t.Error("an event was left out, and nobody minded")
	}
	check(t, s.AppendEvents(head, []cases.Event{two, three}))
	check(t, s.AppendEvents(cases.Head{}, nil))
	got := must(s.Book())(t)
	check(t, got.Continues(b.Head()))
	if got.Head() != b.Head() || string(must(s.Body(digestOf(paper)))(t)) != string(paper) {
		t.Errorf("got head %v, want %v", got.Head(), b.Head())
	}
	verify(t, s)
	if st := must(s.Stats())(t); st.Events != 3 {
		t.Errorf("got %d events, want 3", st.Events)
	}
}

// tamper changes the value of one link.
func tamper(t *testing.T, s *Store, bucket string, seq int, change func(string) string) {
	t.Helper()
	check(t, s.update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		was := string(b.Get(number(uint64(seq))))
		now := change(was)
		if now == "" {
			return b.Delete(number(uint64(seq)))
		}
		if now == was {
			return fmt.Errorf("nothing changed in %s", was)
		}
		return b.Put(number(uint64(seq)), []byte(now))
	}))
}

// What is told of night after night in the same words is held once.
func TestEventsHoldTheSameWordsOnce(t *testing.T) {
	s, b := tempStore(t), &cases.Book{}
	for range 3 {
		head := b.Head()
		check(t, s.AppendEvents(head, []cases.Event{raised(t, b, "fgw/a", nil)}))
	}
	events := must(s.Events())(t)
	for i, e := range events[1:] {
		for _, same := range [][2]string{{e.Facts.Text, events[0].Facts.Text}, {e.Case, events[0].Case}, {e.Prior, events[i].Digest}} {
			if same[0] != same[1] || unsafe.StringData(same[0]) != unsafe.StringData(same[1]) {
				t.Errorf("event %d holds %q anew", e.Seq, same[0])
			}
		}
	}
}

func TestVerifyNamesTheEvent(t *testing.T) {
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	tests := []struct {
		name   string
		change func(t *testing.T, s *Store)
		want   string
	}{
		{"another word", func(t *testing.T, s *Store) { tamper(t, s, bucketEvents, 2, replace("未公开", "已公开")) }, "event 2 of the history does not match its digest"},
		{"another person", func(t *testing.T, s *Store) { tamper(t, s, bucketEvents, 1, replace("王敏", "李强")) }, "event 1 of the history does not match its digest"},
		{"one left out", func(t *testing.T, s *Store) { tamper(t, s, bucketEvents, 2, func(string) string { return "" }) }, "events: entry 2 is missing"},
		{"no JSON", func(t *testing.T, s *Store) { tamper(t, s, bucketEvents, 3, func(string) string { return "{" }) }, "events: entry 3"},
		{"the end cut off", func(t *testing.T, s *Store) { tamper(t, s, bucketEvents, 3, func(string) string { return "" }) }, "night 2 (round after) saw event 3 of the history, which is missing or was changed"},
		{"an import", func(t *testing.T, s *Store) { tamper(t, s, bucketImports, 1, replace("王敏", "李强")) }, "import 1 of 列表.xlsx does not match its digest"},
		{"a snapshot let go", func(t *testing.T, s *Store) {
			sums := slices.Collect(func(yield func(Summary) bool) {
				for sum, err := range s.History("a", time.Time{}) {
					check(t, err)
					if !yield(sum) {
						return
					}
				}
			})
			check(t, s.dropSnapshots(sums))
			var gone Removed
			check(t, s.sweep(&gone))
		}, "event 3 cites snapshot"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, b := tempStore(t), &cases.Book{}
			manyNights(t, s, 1, "a")
			cited := history(t, s, "a", time.Time{})[0]
			events := []cases.Event{raised(t, b, "fgw/a", nil), raised(t, b, "fgw/b", nil), raised(t, b, "fgw/c", nil, cited)}
			check(t, s.AppendEvents(cases.Head{}, events))
			must(s.AddImport(Import{Kind: registers.Words, At: night, By: "王敏", File: "列表.xlsx"}, nil, []byte("x")))(t)
			begin(t, s, "after", night.AddDate(0, 0, 1), "a")
			keep(t, s, shot("a", "after", night.AddDate(0, 0, 1), "y"))
			check(t, s.Finish("after", night.AddDate(0, 0, 1), Finished))
			verify(t, s)
			tt.change(t, s)
			wantFault(t, s, tt.want)
		})
	}
}

// What events cite outlives every policy, and so do backups and compaction.
func TestWhatEventsCiteStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := must(Open(path, Options{Create: true}))(t)
	s.db.NoSync = true
	manyNights(t, s, 5, "a")
	all := history(t, s, "a", time.Time{})
	b, paper := &cases.Book{}, []byte("报备材料")
	e := raised(t, b, "a", []cases.Attachment{{Name: "报备.txt", SHA256: digestOf(paper)}}, all[3])
	check(t, s.AppendEvents(cases.Head{}, []cases.Event{e}, paper))
	rows := []registers.Row{{Key: "1", Values: map[string]string{"number": "1"}}}
	must(s.AddImport(Import{Kind: registers.Messages, At: night, By: "王敏", File: "找错.csv"}, rows, []byte("编号\n1\n")))(t)
	must(s.Retain(Policy{Keep: time.Hour}, night.AddDate(1, 0, 0)))(t)
	if got := history(t, s, "a", time.Time{}); !slices.Equal(got, []string{all[0], all[3]}) {
		t.Errorf("got %v, want the newest and the cited", got)
	}
	verify(t, s)
	backup := filepath.Join(t.TempDir(), "backup.db")
	check(t, s.BackupTo(backup))
	check(t, s.Close())
	must(Compact(path))(t)
	for _, name := range []string{path, backup} {
		s := openStore(t, name)
		check(t, must(s.Book())(t).Continues(b.Head()))
		if got := must(s.Register(registers.Messages, 0))(t); len(got) != 1 || string(must(s.Body(digestOf(paper)))(t)) != string(paper) {
			t.Errorf("%s: got rows %v", name, got)
		}
		verify(t, s)
	}
}

func TestRegisterIsItsImports(t *testing.T) {
	s := tempStore(t)
	row := func(key, text string) registers.Row {
		return registers.Row{Key: key, Values: map[string]string{"text": text}}
	}
	add := func(kind registers.Kind, whole bool, rows ...registers.Row) Import {
		return must(s.AddImport(Import{Kind: kind, At: night, By: "王敏", File: "f.csv", Whole: whole}, rows, []byte("f")))(t)
	}
	add(registers.Messages, false, row("1", "a"), row("2", "b"))
	add(registers.Words, false, row("1", "w"))
	third := add(registers.Messages, false, row("2", "c"), row("1", "a"), row("3", "d"))
	if third.Added != 1 || third.Changed != 1 || third.Same != 1 || third.Gone != 0 || third.Seq != 3 {
		t.Errorf("got %+v", third)
	}
	if got := must(s.Register(registers.Messages, 0))(t); len(got) != 3 || got[1].Values["text"] != "c" {
		t.Errorf("got %v", got)
	}
	if got := must(s.Register(registers.Messages, 2))(t); len(got) != 2 || got[1].Values["text"] != "b" {
		t.Errorf("as it was: got %v", got)
	}
	if whole := add(registers.Messages, true, row("3", "d")); whole.Gone != 2 {
		t.Errorf("got %+v, want two gone", whole)
	}
	verify(t, s)
}
