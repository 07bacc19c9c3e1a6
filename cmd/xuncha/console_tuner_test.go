//go:build !race

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// point clicks on an element of the page in the tuner, where a person sees it.
func (b *tab) point(css string, nth int) {
	b.t.Helper()
	at := value[[]float64](b, fmt.Sprintf(`(()=>{const f=document.getElementById('frame');f.scrollIntoView({block:'center'});const e=f.contentDocument.querySelectorAll(%q)[%d];e.scrollIntoView({block:'nearest'});const a=f.getBoundingClientRect(),b=e.getBoundingClientRect();return [a.left+f.clientLeft+b.left+Math.min(b.width/2,40),a.top+f.clientTop+b.top+b.height/2]})()`, css, nth))
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// redesigned is a column whose recipe no longer fits its page, and annotated what a
// person wrote beside it.
const redesigned = "jtj/rsxx"

var annotated = [3]string{
	"sites/jtj.yaml", "  - name: 人事信息\n    class: 人事\n    url: /rsxx/\n",
	"  - name: 人事信息 # 与市委组织部共用\n    class: 人事\n    # 老干部处另有一栏，不在监测范围\n    url: /rsxx/\n",
}

// clicked are an item of its page and the item's title; readsAll holds once the list
// has been read by them.
var clicked = []string{"article.card", "article.card h5"}

const readsAll = `document.getElementById('said').textContent.includes('12 条，12 条有日期') && !document.getElementById('saver').disabled`

// mostClicks is how many an operator may need, from the overview on which they see
// that something is to be done to the recipe that is saved.
const mostClicks = 5

// recipeIsMade mends a column from the overview by clicks alone: one leads to what
// waits, one opens the column in the tuner, two point at an item and its title, one
// saves. What people wrote into the file stays, the samples still read, and the next
// look reads the page.
func (w *town) recipeIsMade(t *testing.T) {
	b := w.as(t, tuningOne)
	b.open("/")
	clicks := 0
	for _, link := range []string{`.todo a[href="/tuner"]`, `a[href="/tuner/` + redesigned + `"]`} {
		clicks++
		b.press(link)
	}
	b.until(`document.getElementById('said').textContent.includes('未能监测')`)
	for _, css := range clicked {
		clicks++
		b.point(css, 2)
		b.until(readsAll)
	}
	b.picture("tuner-clicked")
	if n := value[int](b, `document.getElementById('frame').contentDocument.querySelectorAll('.xc-row').length`); n != 12 {
		t.Errorf("%d rows are outlined, want 12", n)
	}
	clicks++
	b.press("#saver")
	b.shows(".flash", "已写入 sites/jtj.yaml")
	if clicks > mostClicks {
		t.Errorf("%d clicks, want at most %d", clicks, mostClicks)
	}

	file, err := os.ReadFile(filepath.Join(w.city, "sites", "jtj.yaml"))
	must(t, err)
	for _, want := range append(strings.SplitAfter(annotated[2], "\n"), "article.card") {
		if !strings.Contains(string(file), want) {
			t.Errorf("sites/jtj.yaml lacks %q:\n%s", want, file)
		}
	}
	xuncha(t, 0, "config", "check", "--config", w.city)
	b.open("/columns/" + redesigned)
	b.press(`form[action="/rounds/again"] button`)
	eventually(t, "a look that reads the page", func() bool {
		b.open("/columns/" + redesigned)
		return strings.Contains(b.text("main .answer"), "正常")
	})
}

// brokenFileIsShown breaks a file: the line is on the page of the system, what was
// in force stays, and the page says so until the file is mended.
func (w *town) brokenFileIsShown(t *testing.T) {
	b := w.as(t, tuningOne)
	b.open("/system")
	b.shows("#config ~ p", "配置无误")
	name := filepath.Join(w.city, "sites", "slj.yaml")
	sound, err := os.ReadFile(name)
	must(t, err)
	lines := strings.Split(string(sound), "\n")
	at := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "class: 通知公告") })
	lines[at] = strings.Replace(lines[at], "通知公告", "不存在的类别", 1)
	must(t, os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600))
	place := fmt.Sprintf("sites/slj.yaml:%d", at+1)
	eventually(t, place, func() bool {
		b.open("/system")
		return strings.Contains(b.text("main"), place)
	})
	b.shows("main .wrong", "仍按原配置运行")
	b.shows("main", "class: 不存在的类别")
	b.picture("system-broken")
	if status := b.open("/columns/slj/tzgg"); status != 200 {
		t.Errorf("a column of the broken file is answered with %d", status)
	}
	must(t, os.WriteFile(name, sound, 0o600))
	eventually(t, "the mended configuration", func() bool {
		b.open("/system")
		return strings.Contains(b.text("main"), "配置无误")
	})
}
