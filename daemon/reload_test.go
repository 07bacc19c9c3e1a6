package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fsnotify/fsnotify"

	"xuncha/inventory"
)

// An edited configuration is taken over; one with a mistake leaves the old one in
// force, says where the mistake is, and goes away with it.
func TestReload(t *testing.T) {
	w := newTown(t, 1)
	w.city.Schedule.Probes = 0
	folder := filepath.Join(w.dir, "city", "sites")
	file := filepath.Join(folder, "fgw.yaml")
	write := func(text string) { // as editors do
		t.Helper()
		if err := errors.Join(os.MkdirAll(folder, 0o750), os.WriteFile(file+"~", []byte(text), 0o600), os.Rename(file+"~", file)); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	st := w.open()
	defer st.Close()
	cfg := w.config(st)
	cfg.Folders = []string{filepath.Dir(folder)}
	cfg.Load = func() (Setup, error) {
		text, err := os.ReadFile(file)
		if err == nil && strings.HasPrefix(string(text), "bad") {
			return Setup{}, fmt.Errorf("configuration city:\n%w", inventory.Errors{{File: "sites/fgw.yaml", Line: 12, Column: 5, Message: `unknown key "clas"`, Hint: "did you mean class?"}})
		}
		w.edit(string(text), func(*inventory.City) {})
		s, loadErr := w.load()
		return s, errors.Join(err, loadErr)
	}
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	digest := func(want string) func() bool { return func() bool { return d.Setup().City.Digest == want } }
	check := func(what string, ok func() bool) {
		t.Helper()
		if err := until(what, ok); err != nil {
			t.Fatal(err)
		}
	}
	check("the first is in force", digest("first"))
	write("second")
	check("an edit is taken over", digest("second"))
	write("bad")
	check("a mistake is told", func() bool { return d.Configured().Refused != nil })
	c := d.Configured()
	if len(c.Problems) != 1 || c.Problems[0].Line != 12 || c.Problems[0].File != "sites/fgw.yaml" || c.City.Digest != "second" {
		t.Errorf("with a mistake: %+v, in force %s; want line 12 of sites/fgw.yaml, and the second", c.Problems, c.City.Digest)
	}
	check("it is an alert", func() bool {
		a := d.Alerts()
		return len(a) == 1 && a[0].Kind == AlertConfig
	})
	write("third")
	check("it is mended", func() bool { return digest("third")() && d.Configured().Refused == nil })
	more := filepath.Join(filepath.Dir(folder), "new")
	if err := os.MkdirAll(more, 0o750); err != nil {
		t.Fatal(err)
	}
	write("fourth") // after a folder was added
	check("again", digest("fourth"))
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A configuration behind a link is seen to change when the link is turned to another
// folder, as those do that bring it by git.
func TestStampFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one", "two"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, name, "sites"), 0o750),
			os.WriteFile(filepath.Join(dir, name, "sites", "fgw.yaml"), []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "two", "sites", "fgw.yaml"), []byte("of another length"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "current")
	turn := func(to string) {
		t.Helper()
		if err := errors.Join(os.Symlink(filepath.Join(dir, to), link+"~"), os.Rename(link+"~", link)); err != nil {
			t.Fatal(err)
		}
	}
	turn("one")
	before := stampOf([]string{link})
	if before == stampOf([]string{filepath.Join(dir, "nothing")}) {
		t.Fatal("nothing behind a link is seen")
	}
	turn("two")
	if stampOf([]string{link}) == before {
		t.Error("a link that was turned to another folder is not noticed")
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if follow(w, []string{link}) {
		t.Error("a folder behind a link is believed to be watched whole")
	}
	if real, err := filepath.EvalSymlinks(filepath.Join(dir, "one")); err != nil || !follow(w, []string{real}) {
		t.Errorf("a folder that is none is not watched: %v", err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "one", "circle")); err != nil {
		t.Fatal(err)
	}
	stampOf([]string{filepath.Join(dir, "one")}) // a circle of links ends
}
