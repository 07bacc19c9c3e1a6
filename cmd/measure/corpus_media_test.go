package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// A folder of answers says in its README what each shows; the answers are read
// by the forms of the platform that the folder is named for.
func TestMediaCorpus(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("README.md", "# Samples\n\n| file | what | newest post | time |\n|---|---|---|---|\n| `weibo/a.json`, `b.json`, `…-error.html` | a list | `06-14`, no year | x |\n| `weibo/feed.xml` | a feed | 2023-08-23 | x |\n")
	write("weibo/a.json", `{"posts":[{"t":"甲","d":"06-14"}]}`)
	write("weibo/b.json", `{"name":"甲"}`)
	write("weibo/a-error.html", `<html><body>访问过于频繁</body></html>`)
	write("weibo/feed.xml", `<rss><channel><title>甲</title><item><title>乙</title><pubDate>Wed, 23 Aug 2023 02:00:00 GMT</pubDate></item></channel></rss>`)
	labels, err := mediaLabels(filepath.Join(dir, "README.md"))
	want := []mediaLabel{{"weibo/a.json", "06-14"}, {"weibo/b.json", ""}, {"weibo/a-error.html", ""}, {"weibo/feed.xml", "2023-08-23"}}
	if err != nil || !slices.Equal(labels, want) {
		t.Fatalf("got %+v, %v, want %+v", labels, err, want)
	}
	form := extract.PostForm{Recipe: extract.Recipe{Source: extract.SourceJSON, List: "posts", Title: "t", Date: "d"}, Signs: []string{`"posts"`}}
	platforms := []inventory.PlatformProfile{{ID: inventory.Weibo, Forms: []extract.PostForm{form}}}
	for _, l := range labels {
		r, err := readMedia(dir, l.file, platforms)
		if err != nil || !l.fits(r) {
			t.Errorf("%s: got %s %s, %v, want %q", l.file, newest(r), outcomeOf(r), err, l.newest)
		}
	}
	r, _ := readMedia(dir, "weibo/a-error.html", platforms)
	if got := outcomeOf(r); !strings.HasPrefix(got, "blocked, ") {
		t.Errorf("got %q, want the wall", got)
	}
}
