package workshop

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xuncha/inventory"
)

func TestAFileIsReplacedWhole(t *testing.T) {
	folder := newFolder(t)
	b := bench(t, folder)
	now := strings.Replace(files["sites/tyj.yaml"], "item: p", "item: dd", 1)
	d, err := b.Replace(inventory.File{Name: "sites/tyj.yaml", Data: []byte(now)})
	if err != nil || len(d.Columns) != 1 {
		t.Fatalf("%v, columns %v", err, d.Columns)
	}
	change, err := d.Write(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(folder, "sites", "tyj.yaml")); err != nil || string(got) != now {
		t.Errorf("%v, written:\n%s", err, got)
	}
	if _, err := d.Write(nil, nil); !errors.Is(err, ErrMoved) {
		t.Errorf("written over what was written since: %v", err)
	}
	if _, err := bench(t, folder).Undo(change); err != nil {
		t.Errorf("it cannot be taken back: %v", err)
	}
}

// A profile is everybody's who has it.
func TestAProfileChangesItsColumns(t *testing.T) {
	b := bench(t, newFolder(t))
	d, err := b.Replace(inventory.File{Name: "cms/old.yaml", Data: []byte(strings.Replace(files["cms/old.yaml"], "ul.old", "ul.new", 1))})
	if err != nil || len(d.Columns) != 3 {
		t.Errorf("%v, columns %v", err, d)
	}
	d, err = b.Replace(inventory.File{Name: "cms/own.yaml", Data: []byte("name: 自有\nlist: {list: ul.a, item: li}\n")})
	if err != nil || d.Before[0].Data != nil || len(d.Columns) != 0 {
		t.Errorf("a new one: %v %+v", err, d)
	}
}

func TestWhatIsNotReplaced(t *testing.T) {
	b := bench(t, newFolder(t))
	for _, name := range []string{
		"city.yaml", "units.yaml", "rulesets/test.yaml", "submissions.yaml", "registers/x.yaml", "sites/../city.yaml", "../sites/x.yaml", "sites/x.yml", "sites/.x.yaml",
		"sites/x/y.yaml", "/sites/x.yaml", "sites\\x.yaml", "sites/" + strings.Repeat("x", 80) + ".yaml", "sites/x.yaml\n", "",
	} {
		if _, err := b.Replace(inventory.File{Name: name, Data: []byte("a: b\n")}); !errors.Is(err, ErrNotEditable) {
			t.Errorf("%q: %v", name, err)
		}
	}
	var problems inventory.Errors
	if _, err := b.Replace(inventory.File{Name: "sites/tyj.yaml", Data: []byte("unti: tyj\n")}); !errors.As(err, &problems) || problems[0].File != "sites/tyj.yaml" {
		t.Errorf("a file with mistakes: %v", err)
	}
}

// Of a configuration with mistakes one file is mended after the other, and none is
// made worse.
func TestABrokenConfigurationIsMendedFileByFile(t *testing.T) {
	folder := newFolder(t)
	good := bench(t, folder)
	broken := &Bench{City: &inventory.City{Files: slices.Clone(good.City.Files)}, Dir: good.Dir, Shared: good.Shared, Folder: folder, Parse: good.Parse}
	for i, f := range broken.City.Files {
		if f.Name == "sites/tyj.yaml" || f.Name == "sites/tyjc.yaml" {
			broken.City.Files[i].Data = append([]byte("nonsense: 1\n"), f.Data...)
			write(t, folder, f.Name, string(broken.City.Files[i].Data))
		}
	}
	d, err := broken.Replace(inventory.File{Name: "sites/tyj.yaml", Data: []byte(files["sites/tyj.yaml"])})
	if err != nil || d.Valid() {
		t.Fatalf("%v", err)
	}
	if own, others, err := d.Obsolete(); len(own)+len(others) > 0 || err != nil {
		t.Errorf("samples of what cannot be read: %v %v %v", own, others, err)
	}
	if _, err := d.Write(nil, nil); err != nil {
		t.Error(err)
	}
	if _, err := broken.Replace(inventory.File{Name: "sites/tyj.yaml", Data: []byte("more: nonsense\n")}); err == nil {
		t.Error("it was made worse")
	}
}
