package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func TestOpenMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "xuncha.db")
	for _, opts := range []Options{{}, {ReadOnly: true}, {ReadOnly: true, Create: true}} {
		_, err := Open(path, opts)
		wantErr(t, fmt.Sprintf("%+v", opts), err, ErrNoStore)
		if err != nil && !strings.Contains(err.Error(), path+": no store yet; run xuncha crawl first") {
			t.Errorf("%+v: got message %q", opts, err)
		}
	}
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("a missing store was looked for, and its folder made")
	}
}

func TestCreateLeavesOnlyTheStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s, err := Open(filepath.Join(dir, "xuncha.db"), Options{Create: true})
	check(t, err)
	verify(t, s)
	check(t, s.Close())
	check(t, s.Close()) // again is nothing
	entries := must(os.ReadDir(dir))(t)
	if len(entries) != 1 || entries[0].Name() != "xuncha.db" {
		t.Errorf("got %v, want the store alone", entries)
	}
	if _, err := s.Rounds(); err == nil || !strings.Contains(err.Error(), "used after Close") {
		t.Errorf("closed store: got error %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	w, err := Open(path, Options{Create: true})
	check(t, err)
	begin(t, w, "20230927-0130", night, "fgw")
	keep(t, w, shot("fgw", "20230927-0130", night, "a"))
	check(t, w.Close())

	a := must(Open(path, Options{ReadOnly: true}))(t)
	defer a.Close()
	b := must(Open(path, Options{ReadOnly: true}))(t)
	defer b.Close()
	verify(t, b)
	if got := must(b.Prior("fgw"))(t); got.Round != "20230927-0130" {
		t.Errorf("got %+v", got)
	}
	if err := a.Begin(Round{ID: "x", Started: night}); err == nil {
		t.Error("a store opened for reading took a round")
	}
	_, err = Open(path, Options{LockTimeout: -1})
	wantErr(t, "writer beside readers", err, ErrLocked)
}

// A file that is no whole store is refused, named, and left byte for byte.
func TestHostile_G07_OpenDamaged(t *testing.T) {
	whole := wholeFile(t)
	otherBolt := filepath.Join(t.TempDir(), "other.db")
	db := must(bbolt.Open(otherBolt, 0o600, nil))(t)
	check(t, db.Close())
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"zero length", nil, "the file is empty"},
		{"one byte", []byte{0}, "no bbolt file"},
		{"text", bytes.Repeat([]byte("巡查"), 9000), "no bbolt file"},
		{"zeros", make([]byte, 1<<16), "no bbolt file"},
		{"cut inside the first page", whole[:100], "cut short"},
		{"cut after the meta pages", whole[:2*pageSize], "cut short"},
		{"cut in the middle", whole[:len(whole)/2], "cut short"},
		{"both meta pages overwritten", append(make([]byte, 2*pageSize), whole[2*pageSize:]...), "no bbolt file"},
		{"another program's bbolt file", must(os.ReadFile(otherBolt))(t), "something else"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "xuncha.db")
			check(t, os.WriteFile(path, tt.data, 0o600))
			for _, opts := range []Options{{Create: true, LockTimeout: -1}, {ReadOnly: true}} {
				s, err := Open(path, opts)
				if err == nil {
					t.Fatal("opened", s.Close())
				}
				wantErr(t, tt.name, err, ErrDamaged)
				if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got message %q, want the path and %q", err, tt.want)
				}
			}
			if got := must(os.ReadFile(path))(t); !bytes.Equal(got, tt.data) {
				t.Error("the damaged file was changed")
			}
		})
	}
}

// Every length a file can be cut to gives an error, never a crash.
func TestOpenCutAnywhere(t *testing.T) {
	whole := wholeFile(t)
	m, ok := readMeta(bytes.NewReader(whole), int64(len(whole)))
	if !ok {
		t.Fatal("no meta page")
	}
	path := filepath.Join(t.TempDir(), "xuncha.db")
	for n := 0; n < int(m.pages)*pageSize; n += 1000 {
		check(t, os.WriteFile(path, whole[:n], 0o600))
		_, err := Open(path, Options{LockTimeout: -1})
		wantErr(t, fmt.Sprintf("cut to %d bytes", n), err, ErrDamaged)
	}
}

// One meta page torn by a power cut is what the other is for.
func TestOpenWithOneMetaPage(t *testing.T) {
	whole := wholeFile(t)
	for i := range 2 {
		torn := bytes.Clone(whole)
		copy(torn[i*pageSize:], make([]byte, 512))
		path := filepath.Join(t.TempDir(), "xuncha.db")
		check(t, os.WriteFile(path, torn, 0o600))
		s, err := Open(path, Options{LockTimeout: -1})
		if err != nil {
			t.Errorf("meta page %d torn: %v", i, err)
			continue
		}
		check(t, s.Close())
	}
}

// Bits flipped in any page are an error or a fault found by Verify, or change
// nothing that is kept; they never end the process.
func TestHostile_G03_OverwrittenPages(t *testing.T) {
	whole := wholeFile(t)
	path := filepath.Join(t.TempDir(), "xuncha.db")
	for off := 2 * pageSize; off < len(whole); off += pageSize {
		for _, junk := range []byte{0xff, 0x01} {
			bad := bytes.Clone(whole)
			copy(bad[off:], bytes.Repeat([]byte{junk}, 64))
			check(t, os.WriteFile(path, bad, 0o600))
			s, err := Open(path, Options{LockTimeout: -1})
			if err != nil {
				wantErr(t, fmt.Sprintf("page %d", off/pageSize), err, ErrDamaged)
				continue
			}
			err = s.Verify(t.Context(), func(string) {})
			if err != nil {
				wantErr(t, fmt.Sprintf("page %d", off/pageSize), err, ErrDamaged)
			}
			for _, err := range s.Snapshots(time.Time{}, time.Time{}) {
				if err != nil {
					wantErr(t, "snapshots", err, ErrDamaged)
				}
			}
			check(t, s.Close())
		}
	}
}

// wholeFile is the bytes of a store with a little of everything, without room
// to spare.
func wholeFile(t *testing.T) []byte {
	t.Helper()
	s := tempStore(t)
	begin(t, s, "20230927-0130", night, "a", "b", "c")
	for i, subject := range []string{"a", "b", "c"} {
		keep(t, s, shot(subject, "20230927-0130", night, string(page(uint64(i), 20_000))))
	}
	check(t, s.Finish("20230927-0130", night.Add(time.Hour), Finished))
	var b bytes.Buffer
	check(t, s.Backup(&b))
	return b.Bytes()
}

func TestHostile_G09_SecondProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	cmd := exec.Command(os.Args[0], path)
	cmd.Env = append(os.Environ(), childEnv+"=hold")
	must(cmd.StdinPipe())(t) // open until it is killed
	out := must(cmd.StdoutPipe())(t)
	check(t, cmd.Start())
	must(out.Read(make([]byte, 1)))(t) // it has the store

	for name, do := range map[string]func() error{
		"open for writing": func() error { _, err := Open(path, Options{LockTimeout: -1}); return err },
		"open for reading": func() error { _, err := Open(path, Options{LockTimeout: -1, ReadOnly: true}); return err },
		"restore over it":  func() error { return restoreOver(t, path) },
	} {
		err := do()
		wantErr(t, name, err, ErrLocked)
		if want := "(pid " + strconv.Itoa(cmd.Process.Pid) + ")"; err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got message %q, want %s in it", name, err, want)
		}
	}
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()          // it was killed
	s := openStore(t, path) // the note it left names nobody alive
	verify(t, s)
}

func restoreOver(t *testing.T, path string) error {
	other := tempStore(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	check(t, other.BackupTo(backup))
	_, err := Restore(backup, path, night)
	return err
}

// holdChild has a store open until its standard input ends.
func holdChild(path string) error {
	s, err := Open(path, Options{Create: true})
	if err != nil {
		return err
	}
	fmt.Print("x")
	_, _ = os.Stdin.Read(make([]byte, 1))
	return s.Close()
}

// A file that was put in the place of the one we waited for is not ours.
func TestReplacedWhileWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	check(t, create(path))
	f := must(os.Open(path))(t)
	defer f.Close()
	check(t, stillThere(path, f))
	check(t, os.Rename(path, path+".old"))
	check(t, create(path))
	wantErr(t, "replaced", stillThere(path, f), ErrLocked)
}

// Two that create at once end with one store that both use.
func TestCreateTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := openStore(t, path)
	begin(t, s, "r1", night)
	check(t, create(path))
	if rounds := must(s.Rounds())(t); len(rounds) != 1 {
		t.Errorf("got %v", rounds)
	}
	check(t, stillThere(path, must(os.Open(path))(t)))
}

// However many come at once, one gets the store, and it is whole.
func TestCreateAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "xuncha.db")
	var wg sync.WaitGroup
	var got, refused atomic.Int32
	var mine *Store
	for range 8 {
		wg.Go(func() {
			s, err := Open(path, Options{Create: true, LockTimeout: -1})
			switch {
			case err == nil:
				got.Add(1)
				mine = s // only one does
			case errors.Is(err, ErrLocked):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 1 || refused.Load() != 7 {
		t.Fatalf("%d have the store and %d were refused, want 1 and 7", got.Load(), refused.Load())
	}
	begin(t, mine, "r1", night)
	verify(t, mine)
	check(t, mine.Close())
	if left := names(t, filepath.Dir(path)); len(left) != 1 {
		t.Errorf("got %v, want the store alone", left)
	}
}

// The note of who has the store may say anything.
func TestLockNote(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := openStore(t, path)
	for note, want := range map[string]string{
		strconv.Itoa(os.Getpid()) + "\n": "process (pid " + strconv.Itoa(os.Getpid()) + ");",
		"":                               "process;",
		"-1":                             "process;",
		"巡查":                             "process;",
		"999999999":                      "process;", // nobody alive
	} {
		check(t, os.WriteFile(lockNote(path), []byte(note), 0o600))
		_, err := Open(path, Options{LockTimeout: -1})
		wantErr(t, note, err, ErrLocked)
		if err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("note %q: got message %q, want %q", note, err, want)
		}
	}
	check(t, os.Remove(lockNote(path)))
	begin(t, s, "r1", night) // it is the file that is locked, not the note
}

func TestOpenFolderAndForbidden(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, Options{LockTimeout: -1})
	wantErr(t, "a folder", err, ErrDamaged)
	if os.Getuid() == 0 {
		return // permissions do not bind
	}
	path := filepath.Join(dir, "xuncha.db")
	check(t, os.WriteFile(path, nil, 0))
	_, err = Open(path, Options{LockTimeout: -1})
	wantErr(t, "no permission", err, os.ErrPermission)
}

// After a commit that broke off at an unknown place, nothing more is written.
func TestRepeatable(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"write found no room", &os.PathError{Op: "write", Err: fullErrnos()[0]}, true},
		{"bbolt's resize keeps only the text", errors.New("file resize error: truncate x: file too large"), true},
		{"sync found no room", fullErrnos()[0], false},
		{"sync after the resize", errors.New("file sync error: sync x: no space left on device"), false},
		{"input/output error", &os.PathError{Op: "write", Err: errors.New("input/output error")}, false},
	}
	for _, tt := range tests {
		if got := repeatable(tt.err); got != tt.want {
			t.Errorf("%s: %v: got %v, want %v", tt.name, tt.err, got, tt.want)
		}
	}
}

func TestHostile_G04_BrokenCommitEndsWriting(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	keep(t, s, shot("a", "r1", night, "a"))
	err := s.update(func(tx *bbolt.Tx) error {
		tx.OnCommit(func() { panic("the disk is gone") }) // after the write: nobody knows how far it came
		return setFormat(tx, format)
	})
	if err == nil || !strings.Contains(err.Error(), "start") {
		t.Errorf("got error %v, want what to do", err)
	}
	if err := s.Begin(Round{ID: "r2", Started: night}); err == nil {
		t.Error("a write after a broken commit was taken")
	}
	must(s.Prior("a"))(t) // reading goes on
}
