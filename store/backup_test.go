package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// names lists a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	for _, e := range must(os.ReadDir(dir))(t) {
		out = append(out, e.Name())
	}
	return out
}

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "xuncha.db"), filepath.Join(dir, "backup.db")
	s := must(Open(path, Options{Create: true}))(t)
	manyNights(t, s, 3, "a", "b")
	check(t, s.BackupTo(backup))
	manyNightsMore(t, s)
	want := history(t, s, "a", night.AddDate(0, 0, 2))
	check(t, s.Close())
	wantErr(t, "a second backup of that name", backupAgain(t, path, backup), ErrExists)

	at := time.Date(2023, 10, 1, 8, 0, 0, 0, time.UTC)
	aside := must(Restore(backup, path, at))(t)
	if aside != path+".before-restore-20231001T080000Z" {
		t.Errorf("got %s", aside)
	}
	r := openStore(t, path)
	verify(t, r)
	if got := history(t, r, "a", time.Time{}); len(got) != 3 || got[0] != want[0] {
		t.Errorf("got %v, want %v", got, want)
	}
	begin(t, r, "after", night) // it can be written to
	old := openStore(t, aside)
	verify(t, old)
	if got := must(old.Rounds())(t); len(got) != 4 {
		t.Errorf("set aside: got %d rounds, want 4", len(got))
	}
}

func manyNightsMore(t *testing.T, s *Store) {
	begin(t, s, "more", night.AddDate(0, 1, 0), "a")
	keep(t, s, shot("a", "more", night.AddDate(0, 1, 0), "more"))
}

func backupAgain(t *testing.T, path, backup string) error {
	s := must(Open(path, Options{}))(t)
	return errors.Join(s.BackupTo(backup), s.Close())
}

func TestRestoreIntoNothing(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 2, "a")
	backup := filepath.Join(t.TempDir(), "backup.db")
	check(t, s.BackupTo(backup))
	path := filepath.Join(t.TempDir(), "new", "xuncha.db")
	if aside := must(Restore(backup, path, night))(t); aside != "" {
		t.Errorf("got %q set aside, want nothing", aside)
	}
	verify(t, openStore(t, path))
}

// flipFrames returns a file with a bit flipped in every zstd frame: any one may
// lie on a page that is free.
func flipFrames(file []byte) []byte {
	flipped := bytes.Clone(file)
	for at := range len(file) - 30 {
		if bytes.HasPrefix(file[at:], []byte{0x28, 0xb5, 0x2f, 0xfd}) {
			flipped[at+30] ^= 0xff
		}
	}
	return flipped
}

// A backup that is no good changes nothing.
func TestRestoreRefuses(t *testing.T) {
	whole := wholeFile(t)
	flipped := flipFrames(whole)
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, ErrDamaged},
		{"cut", whole[:len(whole)/2], ErrDamaged},
		{"a bit flipped in a body", flipped, ErrDamaged},
		{"text", []byte("not a store"), ErrDamaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path, backup := filepath.Join(dir, "xuncha.db"), filepath.Join(dir, "backup.db")
			check(t, os.WriteFile(path, whole, 0o640))
			check(t, os.WriteFile(backup, tt.data, 0o600))
			_, err := Restore(backup, path, night)
			wantErr(t, tt.name, err, tt.want)
			if err != nil && !strings.Contains(err.Error(), backup) {
				t.Errorf("got message %q, want the backup's name", err)
			}
			if got := names(t, dir); len(got) != 2 {
				t.Errorf("got %v, want the store and the backup", got)
			}
			if !bytes.Equal(must(os.ReadFile(path))(t), whole) {
				t.Error("the store was changed")
			}
		})
	}
	path := filepath.Join(t.TempDir(), "xuncha.db")
	_, err := Restore(filepath.Join(t.TempDir(), "none.db"), path, night)
	wantErr(t, "no such backup", err, os.ErrNotExist)
	check(t, os.WriteFile(path, whole, 0o600))
	if _, err := Restore(path, path, night); err == nil {
		t.Error("a store was restored from itself")
	}
	_, err = Restore(path, t.TempDir(), night)
	wantErr(t, "onto a folder", err, ErrDamaged)
}

// A damaged store is what restoring is for: it is moved aside as it is.
func TestRestoreOverDamaged(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "xuncha.db"), filepath.Join(dir, "backup.db")
	check(t, os.WriteFile(path, []byte("ruins"), 0o640))
	check(t, os.WriteFile(backup, wholeFile(t), 0o600))
	aside := must(Restore(backup, path, night))(t)
	if got := must(os.ReadFile(aside))(t); string(got) != "ruins" {
		t.Errorf("set aside: got %q", got)
	}
	if info := must(os.Stat(path))(t); info.Mode().Perm() != 0o640 {
		t.Errorf("got permissions %v, want those of before", info.Mode())
	}
	check(t, os.WriteFile(path, []byte("ruins again"), 0o640))
	_, err := Restore(backup, path, night)
	wantErr(t, "the same moment again", err, ErrExists)
}

func TestHostile_G20_BackupWhileWriting(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := range 40 {
			snap := shot(fmt.Sprintf("s/%d", n), "r1", night, string(page(uint64(n), 20_000)))
			if _, err := s.Keep([]Snapshot{snap}); err != nil {
				t.Error(err)
			}
		}
	})
	dir := t.TempDir()
	for n := range 5 {
		check(t, s.BackupTo(filepath.Join(dir, fmt.Sprintf("%d.db", n)))) // it verifies
	}
	wg.Wait()
	if got := names(t, dir); len(got) != 5 {
		t.Errorf("got %v, want 5 backups and nothing else", got)
	}
}

// A writer that fails, as a full disk does, is an error and no backup.
func TestBackupFails(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 2, "a")
	if err := s.Backup(failing{}); !errors.Is(err, errFailing) && (err == nil || !strings.Contains(err.Error(), errFailing.Error())) {
		t.Errorf("got error %v", err)
	}
	verify(t, s)
	if err := s.BackupTo(filepath.Join(t.TempDir(), "no", "such", "folder", "b.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: got error %v", err)
	}
}

var errFailing = errors.New("the writer fails")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFailing }

func TestCompact(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "xuncha.db")
	s := must(Open(path, Options{Create: true}))(t)
	begin(t, s, "r1", night)
	for n := range 20 {
		snap := shot("a", "r1", night.Add(time.Duration(n)*time.Hour), string(page(uint64(n), 200_000)))
		snap.Look = n + 1
		keep(t, s, snap)
	}
	check(t, s.Finish("r1", night, Abandoned))
	must(s.Retain(Policy{Keep: time.Hour}, night.AddDate(1, 0, 0)))(t)
	want := must(s.Stats())(t)
	_, err := Compact(path)
	wantErr(t, "compact a store in use", err, ErrLocked)
	check(t, s.Close())

	freed := must(Compact(path))(t)
	s = openStore(t, path)
	verify(t, s)
	got := must(s.Stats())(t)
	if got.FileBytes+freed != want.FileBytes || got.FileBytes > want.FileBytes/4 {
		t.Errorf("freed %d, file %d bytes, before %d", freed, got.FileBytes, want.FileBytes)
	}
	if got.Snapshots != want.Snapshots || got.Bodies != want.Bodies || got.Rounds != want.Rounds {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if left := names(t, dir); len(left) != 2 { // the note of who has it
		t.Errorf("got %v, want the store and its note", left)
	}
	begin(t, s, "r2", night)
	keep(t, s, shot("b", "r2", night, "numbers go on")) // sequences were carried over
	verify(t, s)
	_, err = Compact(filepath.Join(dir, "none.db"))
	wantErr(t, "compact nothing", err, ErrNoStore)
}

// A store with a fault inside is not compacted: the copy would hide it.
func TestCompactRefusesDamaged(t *testing.T) {
	whole := flipFrames(wholeFile(t))
	dir := t.TempDir()
	path := filepath.Join(dir, "xuncha.db")
	check(t, os.WriteFile(path, whole, 0o600))
	_, err := Compact(path)
	wantErr(t, "compact", err, ErrDamaged)
	if !bytes.Equal(must(os.ReadFile(path))(t), whole) || len(names(t, dir)) != 1 {
		t.Errorf("the store was changed, or something left: %v", names(t, dir))
	}
}
