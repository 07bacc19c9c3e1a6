//go:build !race

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xuncha/inventory"
)

// suggested runs suggest on the simulated city.
func suggested(t *testing.T, args ...string) string {
	t.Helper()
	stdout, _ := xuncha(t, 0, append([]string{"suggest", "--simulate", "2023-09-27", "--simulate-latency", "0s"}, args...)...)
	return stdout
}

// What suggest prints is configuration: pasted into a file it loads, and each
// column then stands there as on the page.
func TestSuggestionIsConfiguration(t *testing.T) {
	out := suggested(t, "http://fgw.yq.gov.cn/")
	for _, want := range []string{"  - name: 通知公告\n    class: 通知公告\n    url: http://fgw.yq.gov.cn/tzgg/\n    list: ul.list\n    item: li\n    date: span\n    confirmed: false\n", "read by induced, dated, newest 2023-09-"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output does not hold %q", want)
		}
	}
	if items := strings.Count(out, "\n    # 2023-"); items < 5*10 {
		t.Errorf("%d items as proof, want five of each column", items)
	}
	dir := cityFolder(t)
	file := filepath.Join(dir, "sites", "fgw.yaml")
	head := "unit: fgw\nname: 阳泉市发展和改革委员会\ncode: \"1403000012\"\nhome: http://fgw.yq.gov.cn/\ncms: trs\n"
	if err := os.WriteFile(file, []byte(head+out), 0o600); err != nil {
		t.Fatal(err)
	}
	if stdout, _ := xuncha(t, 0, "config", "check", "--config", dir); strings.Count(stdout, "sites/fgw.yaml") < 10 {
		t.Errorf("config check lists too few unconfirmed columns:\n%s", stdout)
	}
}

func TestSuggestKnowsTheConfiguration(t *testing.T) {
	out := suggested(t, "http://fgw.yq.gov.cn/", "--config", "demo")
	if !strings.Contains(out, "configured already: fgw/tzgg  通知公告") || !strings.Contains(out, "columns: []") {
		t.Errorf("got\n%s", out)
	}
}

func TestSuggestOfAPlatformNamesTheUnits(t *testing.T) {
	var got suggestion
	if err := json.Unmarshal([]byte(suggested(t, "http://xxgk.yq.gov.cn/", "--limit", "2", "--format", "json")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Columns) < 200 || got.NotRead != len(got.Columns)-2 {
		t.Errorf("%d columns, %d not read; want all of them listed and two read", len(got.Columns), got.NotRead)
	}
	if c := got.Columns[0]; c.Unit != "zfbgt" || c.Name != "通知公告公示" || c.Class != "通知公告" || len(c.Items) != 5 || c.Newest == "" {
		t.Errorf("got %+v", c)
	}
}

func TestSuggestOfWhatCannotBeRead(t *testing.T) {
	if out := suggested(t, "http://zt.yq.gov.cn/"); !strings.Contains(out, "could not be looked at: down") || !strings.Contains(out, "columns: []") {
		t.Errorf("got\n%s", out)
	}
	for _, args := range [][]string{{"fgw"}, {"ftp://a/"}, {"http://a/", "--limit", "-1"}, {"http://a/", "--limit", "99999"}, {"http://a/", "--format", "xml"}} {
		xuncha(t, 2, append([]string{"suggest"}, args...)...)
	}
}

// A text of a page must not become a key, nor end a comment.
func TestSuggestionHoldsNothingButColumns(t *testing.T) {
	for text, want := range map[string]string{
		"通知公告": "通知公告", "公告: x": `"公告: x"`, "公告 # x": `"公告 # x"`, "- a": `"- a"`, "true": `"true"`, "2023": `"2023"`,
		"http://a/?b=1": "http://a/?b=1", `a"b`: `"a\"b"`, "*a": `"*a"`, "{a}": `"{a}"`,
	} {
		if got := inventory.YAMLText(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	var b strings.Builder
	comment(&b, "  ", "a\nurl: http://evil/\r\u2028\u202eb")
	if strings.Count(b.String(), "\n") != 1 || strings.ContainsAny(b.String(), "\r\u2028\u202e") {
		t.Errorf("got %q", b.String())
	}
}

func TestCityExtendsTheClasses(t *testing.T) {
	dir := cityFolder(t)
	if err := os.WriteFile(filepath.Join(dir, "classes.yaml"), []byte("- class: 重点领域\n  words: [发改动态]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := loadSetup(dir)
	if err != nil {
		t.Fatal(err)
	}
	dict, err := classesOf(s)
	if err != nil || dict.Classify("发改动态").Class != "重点领域" || dict.Classify("通知公告").Class != "通知公告" {
		t.Errorf("got %v, %v", dict.Classify("发改动态"), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "classes.yaml"), []byte("- class: 重点\n  words: [a]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr := xuncha(t, 1, "config", "check", "--config", dir); !strings.Contains(stderr, "classes.yaml:1:10") {
		t.Errorf("got %q, want the place of the mistake", stderr)
	}
}
