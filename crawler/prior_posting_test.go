package crawler

import (
	"testing"

	"xuncha/extract"
)

// Everything that is asked about an account is in the digest: nothing read for
// another question is taken over.
func TestTheDigestCoversWhatIsAskedOfAnAccount(t *testing.T) {
	task := func(change func(*extract.Posting)) string {
		p := &extract.Posting{UID: "1", Name: "阳泉发布", Sources: []extract.PostSource{{
			Kind: extract.FromPlatform, URL: "https://m.weiba.cn/1", Whole: extract.WholeNewest,
			Forms:    []extract.PostForm{{Recipe: extract.Recipe{List: "data"}, At: "a", UID: "id", More: "more", Made: "now"}},
			Refusals: []extract.Refusal{{Hindrance: extract.HindVisitor, Status: 432}},
		}}}
		change(p)
		return TaskDigest(extract.Task{Question: extract.AskPosts, URLs: []string{"https://m.weiba.cn/1"}, Posting: p})
	}
	same := task(func(*extract.Posting) {})
	if same == "" || same != task(func(*extract.Posting) {}) || same == TaskDigest(extract.Task{Question: extract.AskPosts, URLs: []string{"https://m.weiba.cn/1"}}) {
		t.Error("the digest does not name the task")
	}
	for name, change := range map[string]func(*extract.Posting){
		"uid": func(p *extract.Posting) { p.UID = "2" }, "name": func(p *extract.Posting) { p.Name = "阳泉政务" },
		"order": func(p *extract.Posting) { p.Sources = append(p.Sources, p.Sources[0]) }, "kind": func(p *extract.Posting) { p.Sources[0].Kind = extract.FromFeed },
		"url": func(p *extract.Posting) { p.Sources[0].URL += "x" }, "whole": func(p *extract.Posting) { p.Sources[0].Whole = "" },
		"recipe": func(p *extract.Posting) { p.Sources[0].Forms[0].List = "list" }, "at": func(p *extract.Posting) { p.Sources[0].Forms[0].At = "b" },
		"identity": func(p *extract.Posting) { p.Sources[0].Forms[0].UID = "uid" }, "more": func(p *extract.Posting) { p.Sources[0].Forms[0].More = "" },
		"made": func(p *extract.Posting) { p.Sources[0].Forms[0].Made = "" }, "refusal": func(p *extract.Posting) { p.Sources[0].Refusals[0].Status = 418 },
	} {
		if task(change) == same {
			t.Errorf("the digest does not cover the %s", name)
		}
	}
}

// What was not asked for last night, or shown by a browser, is no ground for
// taking a reading over.
func TestWhatWasNotAskedIsNotTakenOver(t *testing.T) {
	page := func(change func(*extract.Page)) Visit {
		p := extract.Page{Asked: "https://m.weiba.cn/1", URL: "https://m.weiba.cn/1", Status: 200, SHA256: "x"}
		change(&p)
		return Visit{Task: "t", Reader: extract.Version, Pages: []extract.Page{p}, Reading: extract.Reading{Outcome: extract.Dated}}
	}
	unasked := func(class extract.Class) func(*extract.Page) {
		return func(p *extract.Page) { p.Status, p.SHA256, p.Class = 0, "", class }
	}
	for _, tt := range []struct {
		name   string
		change func(*extract.Page)
		want   bool
	}{
		{"a page", func(*extract.Page) {}, true},
		{"a refusal", func(p *extract.Page) { p.Status, p.Class = 432, extract.ClassStatus4xx }, true},
		{"shown", func(p *extract.Page) { p.Rendered = true }, false},
		{"out of time", unasked(extract.ClassDeadline), false}, {"out of hours", unasked(extract.ClassNotNow), false}, {"given up", unasked(extract.ClassTooMany), false},
	} {
		if got := retakable(page(tt.change), "t"); got != tt.want {
			t.Errorf("%s: taken over %v, want %v", tt.name, got, tt.want)
		}
	}
}
