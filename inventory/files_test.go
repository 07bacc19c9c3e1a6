package inventory_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"xuncha/inventory"
)

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func names(files []inventory.File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}

func TestOwnFilesComeBeforeShared(t *testing.T) {
	city := fstest.MapFS{
		"city.yaml": text("name: a"), "units.yaml": text("[]"), "cms/trs.yaml": text("own"), "sites/a.yaml": text("x"),
		"facts.yaml": text("never"), "nights.yaml": text("never"), ".#city.yaml": text("an editor's"), "notes.txt": text("kept here"), "sites/.a.yaml.swp": text("x"),
	}
	shared := fstest.MapFS{
		"cms/trs.yaml": text("shared"), "cms/vsb.yaml": text("shared"), "rulesets/n.yaml": text("shared"),
		"demo/city.yaml": text("another city"), "cms/README.yml": text("no profile"),
	}
	files, err := inventory.ReadFiles(city, shared)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"city.yaml", "cms/trs.yaml", "cms/vsb.yaml", "rulesets/n.yaml", "sites/a.yaml", "units.yaml"}
	if got := names(files); !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	for _, f := range files {
		if f.Name == "cms/trs.yaml" && string(f.Data) != "own" {
			t.Errorf("cms/trs.yaml is %q, want the city's own", f.Data)
		}
	}
}

func TestCertificatesAreFilesOfTheCity(t *testing.T) {
	city := overlay(t, "testdata/bad/keys-in-pem")
	files, err := inventory.ReadFiles(city, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(names(files), "ca.pem") {
		t.Errorf("files %q, want ca.pem among them: a round keeps all it rests on", names(files))
	}
	delete(city, "ca.pem")
	_, err = load(city)
	if err == nil || !strings.Contains(err.Error(), `city.yaml:6:13: extra_ca: there is no file "ca.pem"`) {
		t.Errorf("without the file: %v, want its absence and the line", err)
	}
}

func TestFoldersThatAreNoCity(t *testing.T) {
	large := fstest.MapFS{"city.yaml": text("name: a"), "units.yaml": {Data: make([]byte, 4<<20+1)}}
	tests := []struct {
		name string
		read func() error
		want string
	}{
		{"a folder that does not exist", func() error {
			_, err := inventory.ReadFiles(os.DirFS(filepath.Join(t.TempDir(), "none")), nil)
			return err
		}, "no such folder"},
		{"a folder without a city", func() error {
			_, err := inventory.ReadFiles(fstest.MapFS{"a.txt": text("a")}, nil)
			return err
		}, "holds no city.yaml"},
		{"a file too large", func() error { _, err := inventory.ReadFiles(large, nil); return err }, "units.yaml: cannot be read: larger than 4194304 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.read(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// Parse is also given what a round has kept, which may lack anything.
func TestParseOfHardlyAnything(t *testing.T) {
	for _, files := range [][]inventory.File{nil, {{Name: "city.yaml"}}, {{Name: "units.yaml", Data: []byte("[]")}}} {
		var problems inventory.Errors
		if _, err := inventory.Parse(files); !errors.As(err, &problems) {
			t.Errorf("%q: got %v, want problems", names(files), err)
		}
	}
}
