package console

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"xuncha/extract"
	"xuncha/people"
)

// A tab is one of a real Chromium.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// browse opens a tab.
func browse(t *testing.T) tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.WindowSize(1280, 900), chromedp.Flag("accept-lang", "zh-CN"))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, done := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(done)
	ctx, closeTab := chromedp.NewContext(alloc)
	t.Cleanup(closeTab)
	check(t, chromedp.Do(ctx)) // starts it
	ctx, stop := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(stop)
	return tab{t, ctx}
}

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	check(b.t, chromedp.Do(b.ctx, actions...))
}

// value is what an expression comes to in the page.
func value[T any](b tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	check(b.t, err)
	return v
}

// until waits for an expression to hold.
func (b tab) until(expression string) {
	b.t.Helper()
	for range 200 {
		if value[bool](b, "!!("+expression+")") {
			return
		}
		b.do(chromedp.Sleep(50 * time.Millisecond))
	}
	b.t.Fatalf("never came: %s; the page says %.600s", expression, value[string](b, "document.body.innerText"))
}

// hostilePage would run and ask for things in every way that is known, if let.
func hostilePage(outside string) string {
	page := `<!doctype html><html><head><meta charset="utf-8"><title>通知公告</title>
<base href="OUT/base/"><meta http-equiv="refresh" content="0;url=OUT/refresh"><link rel="stylesheet" href="OUT/link.css"><link rel="preload" as="image" href="OUT/preload"><link rel="dns-prefetch" href="OUT">
<style>@import "OUT/import.css"; body{background:url(OUT/css)} p{background:u\72l(OUT/escaped)} li::after{content:url(OUT/content)} @font-face{font-family:x;src:url(OUT/font)} h2{font-family:x;background:image-set("OUT/set" 1x)}</style>
<script src="OUT/script.js"></script><script>parent.pwned=window.pwned=1;alert(1);fetch('OUT/fetch');top.location='OUT/top'</script></head>
<body onload="parent.pwned=2" background="OUT/body"><h2>通知公告</h2><iframe src="OUT/frame"></iframe><iframe srcdoc="<script>top.pwned=3</script>"></iframe><object data="OUT/object"></object><embed src="OUT/embed">
<svg onload="parent.pwned=4"><image href="OUT/svg"/><script>parent.pwned=5</script></svg><img src="OUT/img" srcset="OUT/srcset 2x" onerror="parent.pwned=6"><img src=x onerror="parent.pwned=7">
<video src="OUT/video" poster="OUT/poster" autoplay></video><audio src="OUT/audio" autoplay></audio><picture><source srcset="OUT/source"><img></picture><table background="OUT/table"><tr><td>x</td></tr></table>
<form id="f" action="OUT/form"><input name="a" autofocus onfocus="parent.pwned=8"><button formaction="OUT/button">提交</button></form><details open ontoggle="parent.pwned=9"><summary>x</summary></details><marquee onstart="parent.pwned=10">x</marquee>
<ul class="list">`
	for i := range 6 {
		page += fmt.Sprintf(`<li onclick="parent.pwned=11" style="background:url(OUT/li)"><a href="javascript:parent.pwned=12" onclick="parent.pwned=13" target="_top" ping="OUT/ping" title="&quot;><img src=x onerror=parent.pwned=14>">关于第%d项工作的通知全文&lt;script&gt;parent.pwned=15&lt;/script&gt;</a><span>2023-09-%02d</span></li>`, i+1, 20-i)
	}
	return strings.ReplaceAll(page, "OUT", outside) + `</ul></body></html>`
}

// Whatever a page holds, nothing of it runs and nothing is asked for outside:
// neither where it is shown as proof, nor in the tuner, where people click on it.
// The policies alone hold as well, without the copy having been made harmless.
func TestHostile_W01_W03_NothingOfAPageRunsInABrowser(t *testing.T) {
	var outside atomic.Int64
	evil := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		outside.Add(1)
		t.Logf("asked for outside: %s", r.URL)
	}))
	defer evil.Close()
	a := newAtelier(t, people.User{Name: "li", FullName: "李某", Roles: []people.Role{people.Operator}})
	digest := a.keep(t, "czj/tzgg", noon, "text/html; charset=utf-8", []byte(hostilePage(evil.URL)))
	mux := http.NewServeMux()
	mux.Handle("/", a)
	for path, rules := range map[string]string{"/bare/framed": framedPolicy, "/bare/pointed": pointedPolicy} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { // the page itself, behind the policy only
			w.Header().Set("Content-Security-Policy", rules)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(strings.Replace(hostilePage(evil.URL), `<meta http-equiv="refresh"`, `<meta name="refresh"`, 1)))
		})
		mux.HandleFunc("GET "+path+"/parent", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			sandbox := ""
			if rules == pointedPolicy {
				sandbox = "allow-same-origin"
			}
			fmt.Fprintf(w, `<!doctype html><title>x</title><iframe class="kept" sandbox="%s" src="%s"></iframe>`, sandbox, path)
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	b := browse(t)
	for _, path := range []string{"/columns/czj/tzgg", "/tuner/czj/tzgg", keptURL("czj/tzgg", digest, 1), "/bare/framed/parent", "/bare/pointed/parent"} {
		b.do(chromedp.Navigate(server.URL+path), chromedp.Sleep(700*time.Millisecond)) // for what would come late
		if pwned := value[int](b, `window.pwned || 0`); pwned != 0 {
			t.Errorf("%s: something of the page has run: %d", path, pwned)
		}
		if at := value[string](b, `location.pathname`); at != path {
			t.Errorf("%s: the browser was led to %s", path, at)
		}
	}
	// In the tuner people click on it.
	b.do(chromedp.Navigate(server.URL + "/tuner/czj/tzgg"))
	b.until(`document.getElementById('frame').contentDocument.querySelector('ul.list li a')`)
	value[int](b, `(()=>{const d=document.getElementById('frame').contentDocument;let n=0;for(const e of d.querySelectorAll('[data-n]')){for(const k of ['mouseover','focus','click','toggle'])e.dispatchEvent(new MouseEvent(k,{bubbles:true,cancelable:true}));n++}return n})()`)
	b.do(chromedp.Sleep(700 * time.Millisecond))
	if pwned := value[int](b, `window.pwned || 0`); pwned != 0 {
		t.Errorf("clicks have run something of the page: %d", pwned)
	}
	if n := outside.Load(); n > 0 {
		t.Errorf("%d requests went outside", n)
	}
}

// click clicks on an element of the frame as a person does: where it is seen.
func (b tab) click(css string, nth int) {
	b.t.Helper()
	at := value[[]float64](b, fmt.Sprintf(`(()=>{const f=document.getElementById('frame');f.scrollIntoView({block:'center'});const e=f.contentDocument.querySelectorAll(%q)[%d];e.scrollIntoView({block:'nearest'});const a=f.getBoundingClientRect(),b=e.getBoundingClientRect();return [a.left+f.clientLeft+b.left+Math.min(b.width/2,40),a.top+f.clientTop+b.top+b.height/2]})()`, css, nth))
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// A redesign is mended without typing a selector: a click on an item, its title
// and its date, and one to save.
func TestTunerMendsARedesignInABrowser(t *testing.T) {
	a := newAtelier(t, tunerUser)
	server := httptest.NewServer(a)
	defer server.Close()
	b := browse(t)
	b.do(chromedp.Navigate(server.URL + "/tuner/tyj/tzgg"))
	b.until(`document.getElementById('said').textContent.includes('未能监测')`)
	for i, css := range []string{"div.news li.row", "div.news li.row a", "div.news li.row em.t"} {
		b.click(css, 2)
		b.until(`document.getElementById('said').textContent.includes('12 条，12 条有日期')`)
		if stage := value[string](b, `document.querySelector('[name=stage]:checked').value`); stage != []string{"title", "date", "date"}[i] {
			t.Errorf("after %s the stage is %s", css, stage)
		}
		if n := value[int](b, `document.getElementById('frame').contentDocument.querySelectorAll('.xc-row').length`); n != 12 {
			t.Errorf("after %s %d rows are outlined, want 12", css, n)
		}
	}
	b.until(`document.getElementById('effects').textContent.includes('可一并修复')`)
	if after := value[string](b, `document.getElementById('after-word').textContent`); !strings.Contains(after, "2023-09-24") {
		t.Errorf("the preview says %s", after)
	}
	if n := value[string](b, `document.getElementById('count-title').textContent`); n != "12 / 12" {
		t.Errorf("%s titles", n)
	}
	b.until(`document.getElementById('diff-lines').textContent.includes('before-the-redesign')`)
	b.do(chromedp.Click("#saver"), chromedp.WaitVisible(".flash"))
	if flash := value[string](b, `document.querySelector('.flash').textContent`); !strings.Contains(flash, "已写入 sites/tyj.yaml") {
		t.Errorf("saving says %s", flash)
	}
	bench, err := a.Bench()
	check(t, err)
	subject, _ := bench.Subject("tyj/tzgg", noon)
	pages, err := a.withBodies(a.snaps[1])
	check(t, err)
	if r, _ := extract.Read(subject.Task, pages); r.Outcome != extract.Dated || len(r.Items) != 12 {
		t.Errorf("by what was saved the page reads %s %s, %d items", r.Outcome, r.Detail, len(r.Items))
	}
}

// Whoever has no mouse points with the arrows and Enter, and sees what saving would
// write without asking for it.
func TestTunerIsUsedByKeyboardInABrowser(t *testing.T) {
	a := newAtelier(t, tunerUser)
	server := httptest.NewServer(a)
	defer server.Close()
	b := browse(t)
	b.do(chromedp.Navigate(server.URL + "/tuner/tyj/tyxw"))
	b.until(`document.getElementById('next').textContent.includes('点选一条信息')`)
	if value[bool](b, `!document.getElementById('shown-diff').hidden`) {
		t.Error("a change is shown where there is none")
	}
	b.do(chromedp.Focus("#reset"), chromedp.KeyEvent(kb.Tab))
	b.until(`document.activeElement.id === 'frame'`)
	for range newsRow {
		b.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	b.until(`document.getElementById('over').textContent.includes('次体育新闻活动的通知')`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.getElementById('said').textContent.includes('9 条，9 条有日期') && !document.getElementById('saver').disabled`)
	b.until(`!document.getElementById('shown-diff').hidden && document.getElementById('diff-lines').textContent.includes('before-the-redesign')`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	if n := value[int](b, `document.getElementById('frame').contentDocument.querySelectorAll('.xc-row .xc-over, .xc-row.xc-over').length`); n != 1 {
		t.Errorf("for the title %d elements of the row are marked", n)
	}
}

// The frame shows the newest item at once, also where the page is long.
func TestFrameShowsTheNewestItem(t *testing.T) {
	a := newAtelier(t, tunerUser)
	long := strings.Replace(redesigned("通知公告", 30), `<h2>`, strings.Repeat("<p>很长的页首</p>", 200)+`<h2>`, 1)
	a.keep(t, "czj/tzgg", noon, "text/html; charset=utf-8", []byte(long))
	server := httptest.NewServer(a)
	defer server.Close()
	b := browse(t)
	for _, width := range []int64{1280, 390} {
		b.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+"/columns/czj/tzgg"))
		seen := false
		for range 40 { // the frame may come later than its page
			b.do(chromedp.Sleep(250 * time.Millisecond))
			shot, err := chromedp.Run(b.ctx, chromedp.Screenshot("iframe.kept"))
			check(t, err)
			if seen = hasColour(t, shot, 0xb3, 0x26, 0x1e); seen {
				break
			}
		}
		if !seen {
			t.Errorf("at %d pixels the outline of the newest item is not in sight", width)
		}
	}
}

// hasColour reports whether a picture shows a colour.
func hasColour(t *testing.T, data []byte, red, green, blue uint8) bool {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(data))
	check(t, err)
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA); c.R == red && c.G == green && c.B == blue {
				return true
			}
		}
	}
	return false
}
