package inventory_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

var update = flag.Bool("update", false, "write the messages that bad configurations give")

// overlay returns the good configuration with the files of a folder in place of
// its own.
func overlay(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	merged := fstest.MapFS{}
	for _, from := range []string{"testdata/good", dir} {
		err := fs.WalkDir(os.DirFS(from), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || name == "want" {
				return err
			}
			data, err := os.ReadFile(filepath.Join(from, name))
			merged[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return merged
}

// load reads and parses a configuration.
func load(city fs.FS) (*inventory.City, error) {
	files, err := inventory.ReadFiles(city, nil)
	if err != nil {
		return nil, err
	}
	return inventory.Parse(files)
}

// good returns the good configuration, with the text of some files replaced.
func good(t *testing.T, files map[string]string) *inventory.City {
	t.Helper()
	merged := overlay(t, "testdata/good")
	for name, text := range files {
		merged[name] = &fstest.MapFile{Data: []byte(text)}
	}
	city, err := load(merged)
	if err != nil {
		t.Fatalf("good configuration: %v", err)
	}
	return city
}

// Each folder of testdata/bad breaks the good configuration in its way, and
// must give exactly the messages in its file want.
func TestBadConfigurations(t *testing.T) {
	dirs, err := filepath.Glob("testdata/bad/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no bad configurations: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			_, err := load(overlay(t, dir))
			var problems inventory.Errors
			if !errors.As(err, &problems) {
				t.Fatalf("got error %v, want problems", err)
			}
			golden, got := filepath.Join(dir, "want"), problems.Error()+"\n"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("messages differ\n got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func column(t *testing.T, city *inventory.City, id string) inventory.Column {
	t.Helper()
	for _, c := range city.Carriers {
		for _, col := range c.Columns {
			if col.ID == id {
				return col
			}
		}
	}
	t.Fatalf("no column %s", id)
	return inventory.Column{}
}

func TestColumnsAreResolved(t *testing.T) {
	city := good(t, nil)
	tests := []struct {
		id, unit, countsTo, method string
		urls                       []string
		recipe                     extract.Recipe
	}{
		{"mz/mzdt", "mz", "mz", "cms:trs", []string{"http://mz.example.gov.cn/mzdt/"},
			extract.Recipe{List: "ul.list", Item: "li", Date: "em"}},
		{"mz/tzgg", "mz", "mz", "recipe", []string{"http://mz.example.gov.cn/tzgg/index.shtml"},
			extract.Recipe{List: "ul.list", Item: "li", Date: `span =~ (\d{4}-\d{2}-\d{2})`, DateFormat: "2006-01-02"}},
		{"mx/jyta", "mx", "mx", "cms:trs", []string{"https://www.mx.example.gov.cn:8443/jyta/rd/", "https://www.mx.example.gov.cn:8443/jyta/zx/"},
			extract.Recipe{List: "ul.list", Item: "li", Date: "em"}},
		{"mx/ldhd", "mx", "mx", "cms:trs", nil, extract.Recipe{List: "ul.list", Item: "li", Date: "em"}},
		{"mx/rss.xml", "mx", "", "recipe", []string{"http://www.mx.example.gov.cn:8443/rss.xml"}, extract.Recipe{Source: extract.SourceFeed}},
		{"xxgk/mz/gzdt/tzgggs", "mz", "", "cms:trs", []string{"http://xxgk.example.gov.cn/mz/gzdt/tzgggs/"},
			extract.Recipe{List: "ul.list", Item: "li", Date: "em"}},
		{"xxgk/mx/zcwj", "mx", "mx", "cms:trs", []string{"http://xxgk.example.gov.cn/mx/zcwj/"},
			extract.Recipe{List: "ul.list", Item: "li", Date: "em"}},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			c := column(t, city, tt.id)
			if c.Unit != tt.unit || c.CountsTo != tt.countsTo || c.Method != tt.method {
				t.Errorf("unit %q counts to %q by %q, want %q, %q, %q", c.Unit, c.CountsTo, c.Method, tt.unit, tt.countsTo, tt.method)
			}
			if !slices.Equal(c.URLs, tt.urls) {
				t.Errorf("urls %q, want %q", c.URLs, tt.urls)
			}
			if c.Recipe != tt.recipe {
				t.Errorf("recipe %+v, want %+v", c.Recipe, tt.recipe)
			}
		})
	}
}

func TestSectionsAreAskedOfPortalsByLevel(t *testing.T) {
	city := good(t, nil)
	for _, c := range city.Carriers {
		if c.ID != "mx" && len(c.Sections) > 0 {
			t.Errorf("%s has %d sections, want none: it is no portal", c.ID, len(c.Sections))
		}
	}
	mx, _ := city.Carrier("mx")
	if len(mx.Sections) != 1 {
		t.Fatalf("the portal has %d sections, want 1", len(mx.Sections))
	}
	s, home := mx.Sections[0], "https://www.mx.example.gov.cn:8443/"
	if s.ID != "mx/zdhy" || s.Unit != "mx" || s.Spec.Name != "重大会议信息" || len(s.Spec.Parts) != 1 {
		t.Errorf("got section %+v", s)
	}
	if want := []string{home, home + "zwgk/", home + "hy/"}; !slices.Equal(s.Search, want) {
		t.Errorf("searches %q, want %q: the home page first, each once, in the order given", s.Search, want)
	}

	plain := good(t, map[string]string{"sites/mx.yaml": "unit: mx\nname: 某县\nhome: http://www.mx.example.gov.cn/\nportal: true\ncms: trs\n"})
	mx, _ = plain.Carrier("mx")
	if want := []string{"http://www.mx.example.gov.cn/"}; len(mx.Sections) != 1 || !slices.Equal(mx.Sections[0].Search, want) {
		t.Errorf("without a word of its own a portal has sections %+v, want one that searches the home page", mx.Sections)
	}
}

// What is published on a disclosure platform is not missing.
func TestSectionsAreSearchedOnDisclosurePlatforms(t *testing.T) {
	const platform = "kind: disclosure-platform\nname: 平台\nhome: http://xxgk.example.gov.cn/\n"
	tests := []struct{ name, platform, want string }{
		{"another unit's", platform, ""},
		{"the unit's own", platform + "unit: mx\n", "http://xxgk.example.gov.cn/"},
		{"the unit's directory", platform + "directories:\n  - {unit: mz, url: /mz/}\n  - {unit: mx, url: /mx/}\n", "http://xxgk.example.gov.cn/mx/"},
	}
	for _, tt := range tests {
		mx, _ := good(t, map[string]string{"sites/xxgk.yaml": tt.platform}).Carrier("mx")
		search, last := mx.Sections[0].Search, ""
		if len(search) == 4 {
			last = search[3]
		}
		if len(search) < 3 || last != tt.want {
			t.Errorf("%s: searches %q, want the site's three pages, then %q", tt.name, search, tt.want)
		}
	}
}

func TestCityIsResolved(t *testing.T) {
	city := good(t, nil)
	if got, want := city.Report.Attachments[0].Order, []string{"mx", "mz"}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q: units by any of their names, as ids", got, want)
	}
	if got := city.Report.Attachments[1].DateStyle; got != "2006-01-02" {
		t.Errorf("date style %q, want the default", got)
	}
	if city.Report.Decimals != 1 || city.Crawl.Jitter != 0 || city.Crawl.Delay != 2*time.Second {
		t.Errorf("decimals %d, jitter %s, delay %s: want the default 1, the given 0s and 2s", city.Report.Decimals, city.Crawl.Jitter, city.Crawl.Delay)
	}
	if city.Crawl.Browser != inventory.BrowserOff || city.Crawl.Sandbox {
		t.Errorf("browser %q, sandbox %v: want what is given", city.Crawl.Browser, city.Crawl.Sandbox)
	}
	text, err := os.ReadFile("testdata/good/city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plain := good(t, map[string]string{"city.yaml": regexp.MustCompile(`(?m)^  browser.*\n`).ReplaceAllString(string(text), "")})
	if plain.Crawl.Browser != inventory.BrowserAuto || !plain.Crawl.Sandbox {
		t.Errorf("without a word: browser %q, sandbox %v; want auto, with its sandbox", plain.Crawl.Browser, plain.Crawl.Sandbox)
	}
	mz, _ := city.Unit("mz")
	if mz.Superior != "sz" || mz.From != time.Date(2019, 1, 1, 0, 0, 0, 0, extract.Beijing) {
		t.Errorf("superior %q since %v, want sz since 2019-01-01 in Beijing", mz.Superior, mz.From)
	}
	mx, _ := city.Carrier("mx")
	if want := (extract.Recipe{Item: "div.yw li"}); mx.HomeRecipe != want || mx.HomeMethod != "recipe" {
		t.Errorf("home recipe %+v by %q, want %+v by recipe", mx.HomeRecipe, mx.HomeMethod, want)
	}
	if a := city.Accounts[0]; a.States[0].State != inventory.StateNormal || a.Unit != "mz" {
		t.Errorf("got account %+v", a)
	}
	if len(city.Registers) != 2 || city.Registers[0].Subject != "mz" || !city.Registers[1].Inferred {
		t.Errorf("got registers %+v", city.Registers)
	}
	want := []string{"sites/mx.yaml:17: columns 领导活动", "units.yaml:18: 某县人民政府"}
	var got []string
	for _, u := range city.Unconfirmed {
		if got = append(got, u.String()); u.Doubt || u.In("zh") != u {
			t.Errorf("what a file says of itself is %+v, in Chinese %+v", u, u.In("zh"))
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("unconfirmed %q, want %q", got, want)
	}
}

// Notices have shown which platform XL, DY and XG stand for. What WX, TT and KS
// stand for is expected: a city where they mean something else must load.
func TestExpectedLettersAreNoMistake(t *testing.T) {
	city := good(t, map[string]string{
		"accounts.yaml":           "- {code: 140300M019WX0001, platform: channels, name: 某市民政, unit: mz}\n",
		"registers/province.yaml": "[]\n",
	})
	if !slices.ContainsFunc(city.Unconfirmed, func(u inventory.Unsure) bool {
		return u.Doubt && strings.HasPrefix(u.String(), "accounts.yaml:1: 140300M019WX0001 is channels")
	}) {
		t.Errorf("unconfirmed %q, want the code with unexpected letters among them", city.Unconfirmed)
	}
}

// A round keeps its files; their order must not make another city of them.
func TestSameFilesGiveTheSameCity(t *testing.T) {
	files, err := inventory.ReadFiles(overlay(t, "testdata/good"), nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(files)
	second, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	if first.Digest != second.Digest || len(first.Digest) != 64 {
		t.Errorf("digests %q and %q, want one of 64 digits", first.Digest, second.Digest)
	}
	files[0].Data = append(files[0].Data, '\n')
	third, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	if third.Digest == first.Digest {
		t.Error("another byte, the same digest")
	}
}
