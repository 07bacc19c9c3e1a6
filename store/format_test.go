package store

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/extract"
)

// writeFixture writes the fixture of the format of this program. It is used once
// for each: a later program must read what an earlier one wrote, not what it
// writes itself.
var writeFixture = flag.Bool("write-fixture", false, "write the fixture of this format")

// fixture names the file that a program of a format wrote.
func fixture(format int) string { return fmt.Sprintf("testdata/format%d.db.gz", format) }

// fixtureSnapshots are what the fixture holds, in round 20230927-0130.
func fixtureSnapshots() []Snapshot {
	a := shot("fgw/tzgg", "20230927-0130", night, "<html>通知公告</html>")
	b := unread("fgw", "20230927-0130", night.Add(time.Minute))
	return []Snapshot{a, b, second(shot("fgw/tzgg", "20230927-0130", night.Add(2*time.Hour), "<html>又一次</html>"))}
}

func TestWriteFixture(t *testing.T) {
	if !*writeFixture {
		return
	}
	s := tempStore(t)
	begin(t, s, "20230927-0130", night, "fgw", "fgw/tzgg")
	keep(t, s, fixtureSnapshots()...)
	check(t, s.Finish("20230927-0130", night.Add(3*time.Hour), Finished))
	var b bytes.Buffer
	z := must(gzip.NewWriterLevel(&b, gzip.BestCompression))(t)
	check(t, s.Backup(z))
	check(t, z.Close())
	check(t, os.WriteFile(fixture(format), b.Bytes(), 0o644))
}

// unpackFixture writes the fixture as a store and returns its path.
func unpackFixture(t *testing.T, format int) string {
	t.Helper()
	f := must(os.Open(fixture(format)))(t)
	defer f.Close()
	data := must(io.ReadAll(must(gzip.NewReader(f))(t)))(t)
	path := filepath.Join(t.TempDir(), "xuncha.db")
	check(t, os.WriteFile(path, data, 0o600))
	return path
}

// A file of any format opens, with everything in it, and can be written to.
func TestFormats(t *testing.T) {
	for v := 1; v <= format; v++ {
		s := openStore(t, unpackFixture(t, v))
		holdsFixture(t, s)
		begin(t, s, "new", night)
		keep(t, s, shot("fgw", "new", night, "x"))
		verify(t, s)
	}
}

// holdsFixture checks that a store holds what the fixtures do.
func holdsFixture(t *testing.T, s *Store) {
	t.Helper()
	verify(t, s)
	r := must(s.Round("20230927-0130"))(t)
	if r.State != Finished || r.Read != 1 || r.Failed != 1 || !slices.Equal(r.Planned, []string{"fgw", "fgw/tzgg"}) ||
		!r.Started.Equal(night) || r.RuleSet != "yangquan-2023" {
		t.Errorf("got %+v", r)
	}
	if files := must(s.Files(r.ID))(t); len(files) != 1 || string(files[0].Data) != "name: 阳泉市\n" {
		t.Errorf("got files %v", files)
	}
	want := fixtureSnapshots()
	for i, subject := range []string{"fgw/tzgg", "fgw"} {
		got := must(s.Load(oldest(t, s, subject)))(t)
		if !got.At.Equal(want[i].At) || asJSON(t, Snapshot{Reading: got.Reading}) != asJSON(t, Snapshot{Reading: want[i].Reading}) || len(got.Pages) != 1 {
			t.Errorf("%s: got %+v", subject, got)
		}
	}
	got := must(s.Prior("fgw/tzgg"))(t)
	if body := must(s.Body(got.Pages[0].SHA256))(t); got.Look != 2 || string(body) != "<html>又一次</html>" {
		t.Errorf("got look %d with %q", got.Look, body)
	}
	if got.Reading.Newest.Day() != extract.DayOf(night.AddDate(0, 0, -3)) || !got.Reading.Newest.Inferred {
		t.Errorf("got newest %v", got.Reading.Newest)
	}
}

// A file of an older format that cannot be written to is read as it is, and its
// snapshots keep the digests by which they are cited.
func TestOlderFormatsReadOnly(t *testing.T) {
	for v := 1; v < format; v++ {
		readsAsItIs(t, unpackFixture(t, v))
	}
}

func readsAsItIs(t *testing.T, path string) {
	t.Helper()
	before := must(os.ReadFile(path))(t)
	s := must(Open(path, Options{ReadOnly: true}))(t)
	holdsFixture(t, s)
	digests := history(t, s, "fgw/tzgg", time.Time{})
	if events := must(s.Events())(t); len(events) != 0 {
		t.Errorf("got %d events, want none in a format that had none", len(events))
	}
	check(t, s.Close())
	if !bytes.Equal(must(os.ReadFile(path))(t), before) {
		t.Error("the file was changed")
	}
	migrated := openStore(t, path)
	if got := history(t, migrated, "fgw/tzgg", time.Time{}); !slices.Equal(got, digests) {
		t.Errorf("got digests %v, want %v", got, digests)
	}
}

func oldest(t *testing.T, s *Store, subject string) (last Summary) {
	t.Helper()
	for sum, err := range s.History(subject, time.Time{}) {
		check(t, err)
		last = sum
	}
	return last
}

func TestHostile_G08_NewerFormat(t *testing.T) {
	path := unpackFixture(t, format)
	s := must(Open(path, Options{}))(t)
	check(t, s.update(func(tx *bbolt.Tx) error { return setFormat(tx, 4) }))
	check(t, s.Close())
	before := must(os.ReadFile(path))(t)
	for _, opts := range []Options{{}, {ReadOnly: true}, {Create: true}} {
		_, err := Open(path, opts)
		wantErr(t, "format 4", err, ErrVersion)
		if err != nil && !strings.Contains(err.Error(), path+": written in another format: it has format 4, this program reads up to 3") {
			t.Errorf("got message %q", err)
		}
	}
	if !bytes.Equal(must(os.ReadFile(path))(t), before) {
		t.Error("the newer file was changed")
	}
}

// Migrations run in order, once, all or none.
func TestMigrate(t *testing.T) {
	var ran []int
	step := func(n int, err error) migration {
		return func(*bbolt.Tx) error { ran = append(ran, n); return err }
	}
	s := openStore(t, unpackFixture(t, format))
	broken := errors.New("step fails")
	old := migrations()
	wantErr(t, "a step fails", s.checkFormat(5, append(old, step(3, nil), step(4, broken))), broken)
	check(t, s.checkFormat(5, append(old, step(3, nil), step(4, nil))))
	check(t, s.checkFormat(5, append(old, step(3, nil), step(4, nil))))
	if want := []int{3, 4, 3, 4}; !slices.Equal(ran, want) {
		t.Errorf("ran %v, want %v", ran, want)
	}
	wantErr(t, "and not back", s.checkFormat(4, nil), ErrVersion)
}

func TestOldFormatReadOnly(t *testing.T) {
	s := must(Open(unpackFixture(t, format), Options{ReadOnly: true}))(t)
	defer s.Close()
	wantErr(t, "old and only to be read", s.checkFormat(4, append(migrations(), nil)), ErrVersion)
}

func TestFormatIsNumber(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := must(Open(path, Options{Create: true}))(t)
	check(t, s.update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyFormat), []byte("two")) }))
	check(t, s.Close())
	_, err := Open(path, Options{})
	wantErr(t, "format two", err, ErrDamaged)
	s2 := tempStore(t)
	check(t, s2.update(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(bucketLooks)) }))
	wantErr(t, "a bucket missing", s2.checkFormat(format, nil), ErrDamaged)
}
