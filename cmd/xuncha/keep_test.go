//go:build !race

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// simulated are the flags of a page of the simulated city.
func simulated(city string, args ...string) []string {
	return append(args, "--config", city, "--simulate", "2023-09-27", "--simulate-latency", "0s")
}

func read(t *testing.T, elements ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A sample is kept, read again by config check, and names what breaks it.
func TestSampleIsKeptAndChecked(t *testing.T) {
	city := cityFolder(t)
	xuncha(t, 0, simulated(city, "try", "fgw/tzgg", "--keep-sample=list")...)
	stdout, _ := xuncha(t, 0, simulated(city, "try", "fgw/tzgg", "--keep-sample")...)
	if want := filepath.Join(city, "samples", "fgw", "tzgg", "2023-09-28.yaml"); !strings.Contains(stdout, want) {
		t.Errorf("got %q, want the sample %s named", stdout, want)
	}
	stdout, _ = xuncha(t, 0, "config", "check", "--config", city)
	if !strings.Contains(stdout, "Samples: 15, all read as expected") {
		t.Errorf("got %q, want those of the profiles and two of ours", stdout)
	}
	stdout, stderr := xuncha(t, 0, simulated(city, "try", "fgw/gzdt", "--keep-sample=list", "--format", "json")...)
	if !strings.HasSuffix(stdout, "}\n") || !strings.Contains(stderr, "Sample kept") {
		t.Errorf("something follows the JSON document: %.80q", stdout[max(0, len(stdout)-80):])
	}
	_, stderr = xuncha(t, 1, simulated(city, "try", "fgw/tzgg", "--keep-sample=list")...)
	if !strings.Contains(stderr, "is there already") {
		t.Errorf("a second sample of the name: %q", stderr)
	}

	file := filepath.Join(city, "sites", "fgw.yaml")
	text := strings.Replace(read(t, file), "    url: /tzgg/\n", "    url: /tzgg/\n    item: \"li:nth-child(n+2)\"\n", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr = xuncha(t, 1, "config", "check", "--config", city)
	for _, want := range []string{
		"of 16 samples 2 no longer read as expected",
		"samples/fgw/tzgg/list.yaml:9:11: newest: expected 2023-09-24, and 2023-09-19 came",
		"samples/fgw/tzgg/list.yaml:11:10: items: expected 20, and 19 came",
		"if what came is right, make this its expect:\n    expect:\n      outcome: dated\n      newest: 2023-09-19\n",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("got no %q in\n%s", want, stderr)
		}
	}
}

// A changed profile names every sample it breaks, and no other.
func TestChangedProfileNamesItsSamples(t *testing.T) {
	city := cityFolder(t)
	xuncha(t, 0, simulated(city, "try", "fgw/tzgg", "--keep-sample=a")...)
	xuncha(t, 0, simulated(city, "try", "gaj/tzgg", "--keep-sample=a")...)
	xuncha(t, 0, simulated(city, "try", "sjj/tzgg", "--keep-sample=a")...)
	if err := os.Mkdir(filepath.Join(city, "cms"), 0o700); err != nil {
		t.Fatal(err)
	}
	profile := "name: TRS\nlist: {list: ul.other, item: li, date: em}\nhome: {item: \"div.news li\", date: \"em, span\"}\n"
	if err := os.WriteFile(filepath.Join(city, "cms", "trs.yaml"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr := xuncha(t, 1, "config", "check", "--config", city)
	for name, want := range map[string]bool{"samples/fgw/tzgg/a.yaml": true, "samples/gaj/tzgg/a.yaml": true, "samples/sjj/tzgg/a.yaml": false, "cms/samples": false} {
		if strings.Contains(stderr, name) != want {
			t.Errorf("%s is named: want %v\n%s", name, want, stderr)
		}
	}
	if !strings.Contains(stderr, "outcome: expected dated, and unread came") {
		t.Errorf("got\n%s", stderr)
	}
}

func TestWhatCannotBeKept(t *testing.T) {
	city := cityFolder(t)
	tests := []struct {
		name   string
		status int
		want   string
		args   []string
	}{
		{"in a built-in configuration", 1, "the configuration demo is built in and cannot be written", simulated("demo", "try", "fgw/tzgg", "--keep-sample")},
		{"without a configuration", 2, "name its folder with --config", []string{"try", "fgw/tzgg", "--simulate", "2023-09-27", "--accept"}},
		{"of a stranger", 1, "is no subject of", simulated(city, "try", "http://fgw.yq.gov.cn/nowhere/", "--keep-sample")},
		{"of a page that was not read", 1, "was not read to a conclusion", simulated(city, "try", "swj/czxx", "--keep-sample")},
		{"under a name that leads elsewhere", 1, "makes no name of a sample", simulated(city, "try", "fgw/tzgg", "--keep-sample=../x")},
		{"a recipe of a home page", 1, "fgw is no column", simulated(city, "try", "fgw", "--accept")},
		{"a recipe that nobody proposes", 1, "no recipe is proposed for fgw/tzgg", simulated(city, "try", "fgw/tzgg", "--accept")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, stderr := xuncha(t, tt.status, tt.args...)
			if !strings.Contains(stderr, tt.want) {
				t.Errorf("got %q, want %q in it", stderr, tt.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(city, "samples")); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
}

// A recipe that reads the page is written into the column's file and nothing
// else is, and the page is kept with it.
func TestRecipeIsAccepted(t *testing.T) {
	city := cityFolder(t, [3]string{"sites/fgw.yaml", "    url: /tzgg/\n", "    url: /tzgg/\n    list: ul.old  # before the redesign\n"})
	file := filepath.Join(city, "sites", "fgw.yaml")
	before := read(t, file)
	stdout, _ := xuncha(t, 0, simulated(city, "try", "fgw/tzgg", "--list", "ul.list", "--item", "li", "--date", "em, span", "--accept")...)
	for _, want := range []string{"-    list: ul.old  # before the redesign\n+    list: ul.list # before the redesign\n", "+    item: li\n", "Sample kept: "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("got no %q in\n%s", want, stdout)
		}
	}
	want := strings.Replace(before, "    list: ul.old  # before the redesign\n", "    list: ul.list # before the redesign\n    item: li\n    date: \"em, span\"\n", 1)
	if got := read(t, file); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	xuncha(t, 0, "config", "check", "--config", city)
}

// A recipe that no longer reads what is kept of the column is not written,
// unless the samples are of a page that is no more.
func TestAcceptedRecipeMustReadTheSamples(t *testing.T) {
	city := cityFolder(t)
	xuncha(t, 0, simulated(city, "try", "fgw/tzgg", "--keep-sample")...)
	file := filepath.Join(city, "sites", "fgw.yaml")
	before := read(t, file)
	accept := simulated(city, "try", "fgw/tzgg", "--item", "ul.list li:nth-child(n+3)", "--accept")
	_, stderr := xuncha(t, 1, accept...)
	for _, want := range []string{"samples/fgw/tzgg/2023-09-28.yaml:9:11: newest: expected 2023-09-24", "--replace-samples"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("got no %q in\n%s", want, stderr)
		}
	}
	if read(t, file) != before {
		t.Error("the file was written all the same")
	}
	stdout, _ := xuncha(t, 0, append(accept, "--replace-samples")...)
	if !strings.Contains(stdout, "Old sample taken away: samples/fgw/tzgg/2023-09-28.yaml") {
		t.Errorf("got\n%s", stdout)
	}
	if got := read(t, city, "samples", "fgw", "tzgg", "2023-09-28.yaml"); !strings.Contains(got, "items: 18") {
		t.Errorf("the sample kept is\n%s", got)
	}
	xuncha(t, 0, "config", "check", "--config", city)
}

// A file that is a link belongs to another folder, and that is where it is
// changed.
func TestLinkedFileIsNotWritten(t *testing.T) {
	city := cityFolder(t)
	file, elsewhere := filepath.Join(city, "sites", "fgw.yaml"), filepath.Join(t.TempDir(), "fgw.yaml")
	if err := os.Rename(file, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, file); err != nil {
		t.Fatal(err)
	}
	before := read(t, elsewhere)
	_, stderr := xuncha(t, 1, simulated(city, "try", "fgw/tzgg", "--list", "ul.list", "--item", "li", "--accept")...)
	if !strings.Contains(stderr, "is a link") || read(t, elsewhere) != before {
		t.Errorf("got %q", stderr)
	}
}

// What the reader proposes is accepted by the same way, and must read in its
// place what it was proposed with.
func TestProposalIsAccepted(t *testing.T) {
	for _, tt := range []struct{ name, day, want string }{
		{"it reads what it was proposed with", "2023-08-23", ""},
		{"it reads something else", "2023-08-24", "the recipe reads 2023-08-23 as the newest date, and 2023-08-24 was proposed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			city := cityFolder(t)
			s, err := loadSetup(city)
			if err != nil {
				t.Fatal(err)
			}
			subject, v := tried(`<body><div class="new"><p><a href="1.html">关于检查的通知</a><i>2023-08-23</i></p></div></body>`, extract.Recipe{Item: "li"})
			subject, _ = find(s.city.Subjects(v.At), "fgw/tzgg")
			v.Pages[0].Asked, v.Pages[0].URL = subject.Task.URLs[0], subject.Task.URLs[0]
			if v.Reading, _ = extract.Read(subject.Task, v.Pages); v.Reading.Conclusive() {
				t.Fatalf("the old recipe reads the new page: %+v", v.Reading)
			}
			day, err := parseMoment(tt.day)
			if err != nil {
				t.Fatal(err)
			}
			v.Reading.Proposal = &extract.Proposal{
				Recipe: extract.Recipe{List: "div.new", Item: "p", Date: "i"}, Confidence: 0.9,
				Items: []extract.Item{{Title: "关于检查的通知", Date: extract.Date{Time: day.AddDate(0, 0, -1)}}},
			}
			var out strings.Builder
			k := keeper{keepFlags: keepFlags{Accept: true}, app: &app{stdout: &out, lang: "en"}, config: city, setup: s, subject: subject}
			err = k.keep(t.Context(), nil, inventory.Subject{}, v)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			written := strings.Contains(read(t, city, "sites", "fgw.yaml"), "list: div.new\n    item: p\n    date: i\n")
			if written != (tt.want == "") {
				t.Errorf("written is %v", written)
			}
		})
	}
}
