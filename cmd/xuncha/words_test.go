package main

import (
	"strings"
	"testing"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/registers"
)

// A wrong word is said to be there only where its context is seen on the very
// page; whatever did not come, moved, or is not shown says nothing.
func TestWrongWordsAreLookedAtAgain(t *testing.T) {
	row := registers.Row{Values: map[string]string{"word": "部暑", "better": "部署", "context": "全面部暑工作"}}
	const asked = "http://x.gov.cn/a.html"
	at := func(url string, status int, class extract.Class, body string) crawler.Visit {
		return crawler.Visit{
			Pages:   []extract.Page{{Asked: asked, URL: url, Status: status, Class: class, Body: []byte(body), Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}}},
			Reading: extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonGone},
		}
	}
	for _, tt := range []struct {
		name  string
		visit crawler.Visit
		want  registers.Fixed
	}{
		{"still there, over markup", at(asked, 200, "", "<p>会议<b>全面部</b>暑&nbsp;工作</p>"), registers.FixedNo},
		{"put right", at(asked, 200, "", "<p>会议全面部署工作</p>"), registers.FixedYes},
		{"only where nobody sees it", at(asked, 200, "", "<!-- 全面部暑工作 --><script>var s = '全面部暑工作'</script><p>正文</p>"), registers.FixedUnsure},
		{"the article has gone", at(asked, 404, "", "<p>全面部暑工作</p>"), registers.FixedUnsure},
		{"cut off", at(asked, 200, extract.Class("cut"), "<p>全面部暑工作</p>"), registers.FixedUnsure},
		{"redirected to another page", at("http://x.gov.cn/", 200, "", "<p>全面部暑工作</p>"), registers.FixedUnsure},
		{"now over TLS", at("https://x.gov.cn/a.html", 200, "", "<p>全面部暑工作</p>"), registers.FixedNo},
		{"nothing came", crawler.Visit{}, registers.FixedUnsure},
	} {
		if got, why := wordFixed(row, tt.visit); got != tt.want || why == "" {
			t.Errorf("%s: got %s (%s), want %s", tt.name, got, why, tt.want)
		}
	}
	if got := visible(strings.Repeat("<", 1<<16)); len(got) > 1<<16 {
		t.Errorf("hostile markup grew to %d", len(got))
	}
}
