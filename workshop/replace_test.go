package workshop

import (
	"errors"
	"fmt"
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
		"city.yaml", "rulesets/test.yaml", "submissions.yaml", "registers/x.yaml", "sites/../city.yaml", "../sites/x.yaml", "sites/x.yml", "sites/.x.yaml",
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

// Units are added for new sites. Who is below whom decides who sees what, and is not
// for operators.
func TestUnitsAreAddedAndNamedAndNothingElse(t *testing.T) {
	folder := newFolder(t)
	const below = "- {id: pdx, name: 县局, full_name: 某县局, level: county, superior: pd}\n"
	was := files["units.yaml"] + "- {id: pd, name: 某县, full_name: 某县人民政府, level: county}\n" + below
	write(t, folder, "units.yaml", was)
	b := bench(t, folder)
	for what, tt := range map[string]struct {
		text  string
		taken bool
	}{
		"one more":           {was + "- {id: new, name: 市新局, full_name: 某市新局, level: city}\n", true},
		"another name":       {strings.Replace(was, "name: 县局", "name: 县某局", 1), true},
		"one less":           {strings.Replace(was, below, "", 1), false},
		"below another":      {strings.Replace(was, "superior: pd", "superior: tyj", 1), false},
		"not below any more": {strings.Replace(was, ", superior: pd", "", 1), false},
	} {
		d, err := b.Replace(inventory.File{Name: "units.yaml", Data: []byte(tt.text)})
		if tt.taken && (err != nil || !d.Valid()) || !tt.taken && !errors.Is(err, ErrUnits) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := b.Remove("units.yaml"); !errors.Is(err, ErrNotEditable) {
		t.Errorf("taken away: %v", err)
	}
}

// A file goes with its samples, and comes back with them.
func TestAFileIsTakenAwayAndComesBack(t *testing.T) {
	folder := newFolder(t)
	write(t, folder, "samples/tyj/x/old.1.html", "<ul></ul>")
	write(t, folder, "samples/tyj/x/old.yaml", "subject: tyj/x\nfetched_at: 2023-05-02T01:00:00+08:00\npages:\n  - url: http://tyj.yq.gov.cn/x/\n    content_type: text/html; charset=utf-8\n    file: old.1.html\nexpect:\n  outcome: dated\n  newest: 2023-05-01\n")
	was := fmt.Sprint(tree(t, folder))
	d, err := bench(t, folder).Remove("sites/tyj.yaml")
	if err != nil || len(d.Columns) == 0 || len(d.Orphans()) != 1 {
		t.Fatalf("%v %+v", err, d)
	}
	if own, others, err := d.Obsolete(); err != nil || len(own)+len(others) > 0 {
		t.Errorf("it is held against samples: %v %v %v", own, others, err)
	}
	change, err := d.Write(d.Orphans(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if now := fmt.Sprint(tree(t, folder)); strings.Contains(now, "tyj.yaml") || strings.Contains(now, "old.1.html") {
		t.Errorf("left:\n%s", now)
	}
	if _, ok := bench(t, folder).City.Carrier("tyj"); ok {
		t.Error("the site is there still")
	}
	back, err := bench(t, folder).Undo(change)
	if err != nil || fmt.Sprint(tree(t, folder)) != was {
		t.Errorf("%v, came back:\n%s\nwant\n%s", err, fmt.Sprint(tree(t, folder)), was)
	}
	if _, err := bench(t, folder).Undo(back); err != nil {
		t.Errorf("and away again: %v", err)
	}
	if _, err := bench(t, folder).Remove("sites/tyj.yaml"); err == nil {
		t.Error("what is not there was taken away")
	}
}

// A new file is taken back, unless others have come to need it.
func TestANewFileIsTakenBack(t *testing.T) {
	folder := newFolder(t)
	d, err := bench(t, folder).Replace(inventory.File{Name: "cms/own.yaml", Data: []byte("name: 自有\nlist: {list: ul.a, item: li}\n")})
	if err != nil {
		t.Fatal(err)
	}
	change, err := d.Write(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	site := files["sites/tyj.yaml"]
	write(t, folder, "sites/tyj.yaml", strings.Replace(site, "cms: old", "cms: own", 1))
	if strings.Contains(site, "cms: old") {
		var problems inventory.Errors
		if _, err := bench(t, folder).Undo(change); !errors.As(err, &problems) {
			t.Errorf("what a site needs was taken away: %v", err)
		}
		write(t, folder, "sites/tyj.yaml", site)
	}
	if _, err := bench(t, folder).Undo(change); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "cms", "own.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there still: %v", err)
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
