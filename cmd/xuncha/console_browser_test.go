//go:build !race

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	wire "github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"xuncha/people"
	"xuncha/store"
)

// A town is the simulated city with its daemon and console, as `xuncha serve` runs
// them, and a browser in front of it from which no request gets out.
type town struct {
	city, data string
	chromium   context.Context
	outside    *outdoors
	*served    // since it was last started
}

// Moments of the simulated city: its last night is over, and a month later.
const (
	morningAfter = "2023-09-27T08:00:00+08:00"
	monthLater   = "2023-10-26T10:00:00+08:00"
)

// newTown patrols a city for the last of the demonstration's nights, and makes its
// users.
func newTown(t *testing.T, city string, nights int, users ...people.User) *town {
	t.Helper()
	w := &town{city: city, data: t.TempDir(), outside: newOutdoors(t)}
	w.chromium = startChromium(t, w.outside)
	a := &app{stdout: io.Discard, stderr: io.Discard, lang: "en", log: slog.New(slog.DiscardHandler)}
	s, err := loadSetup(city)
	must(t, err)
	st, err := openStore(w.data, store.Options{Create: true})
	must(t, err)
	must(t, a.playNights(t.Context(), s, st, lastNights(nights), nil))
	morning, err := time.Parse(time.RFC3339, morningAfter)
	must(t, err)
	must(t, a.playKnocks(t.Context(), s, st, morning, 2))
	gate, err := people.Open(people.Config{Store: st, Cost: people.Cost{MemoryKiB: 8, Passes: 1}})
	must(t, err)
	for _, u := range users {
		secret, err := gate.Create(people.Actor{}, u)
		must(t, err)
		_, err = gate.UseLink(t.Context(), people.Actor{}, secret, password)
		must(t, err)
	}
	must(t, st.Close())
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// serve starts the daemon at a moment.
func (w *town) serve(t *testing.T, at string, args ...string) {
	t.Helper()
	w.served = serve(t, append([]string{"--config", w.city, "--data", w.data, "--simulate", at, "--simulate-latency", "0s"}, args...)...)
	t.Cleanup(func() { w.stop() })
}

// facts writes the city's facts with some of them changed: old, new.
func (w *town) facts(t *testing.T, changes ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.city, "facts.yaml"))
	must(t, err)
	for i := 0; i+1 < len(changes); i += 2 {
		if !strings.Contains(string(text), changes[i]) {
			t.Fatalf("the facts do not hold %q", changes[i])
		}
	}
	name := filepath.Join(t.TempDir(), "facts.yaml")
	must(t, os.WriteFile(name, []byte(strings.NewReplacer(changes...).Replace(string(text))), 0o600))
	return name
}

// The outdoors stand for every host that is not the console: they are the browser's
// proxy, let nothing through, and remember what pages asked for.
type outdoors struct {
	addr string

	mu    sync.Mutex
	asked []string // guarded by mu
}

func newOutdoors(t *testing.T) *outdoors {
	o := &outdoors{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "nothing gets out", http.StatusForbidden)
		if host, _, _ := strings.Cut(r.Host, ":"); strings.HasSuffix(host, ".google.com") || strings.HasSuffix(host, ".googleapis.com") {
			return // the browser's own errands
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.asked = append(o.asked, r.Method+" "+r.RequestURI)
	}))
	t.Cleanup(server.Close)
	o.addr = server.Listener.Addr().String()
	return o
}

// wanted returns what was asked since it was last called.
func (o *outdoors) wanted() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	asked := o.asked
	o.asked = nil
	return asked
}

// startChromium starts a browser that goes out by a proxy, this machine excepted.
func startChromium(t *testing.T, out *outdoors) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("this test needs Chromium: run scripts/need")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ProxyServer(out.addr), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN"), chromedp.WindowSize(1280, 900),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,AutofillServerCommunication"),
	)
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, end := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(end)
	ctx, closeBrowser := chromedp.NewContext(alloc)
	t.Cleanup(closeBrowser)
	must(t, chromedp.Do(ctx)) // starts it
	return ctx
}

// A tab is one of a browser of somebody's own, with their own cookies. What is
// amiss in it is gathered.
type tab struct {
	t    *testing.T
	ctx  context.Context
	town *town

	mu     sync.Mutex
	amiss  []string                 // guarded by mu
	bytes  map[wire.RequestID]int64 // guarded by mu; what came for the page before it had loaded
	loaded bool                     // guarded by mu
}

// How long a tab may be in use, and how long anything in it may take.
const (
	perTab    = 8 * time.Minute
	perAction = 20 * time.Second
)

// somebody opens a tab in which nobody is logged in.
func (w *town) somebody(t *testing.T) *tab {
	t.Helper()
	b := &tab{t: t, town: w, bytes: map[wire.RequestID]int64{}}
	ctx, closeTab := chromedp.NewContext(w.chromium, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	t.Cleanup(closeTab)
	must(t, chromedp.Do(ctx))
	ctx, cancel := context.WithTimeout(ctx, perTab)
	t.Cleanup(cancel)
	b.ctx = ctx
	t.Cleanup(func() {
		if t.Failed() {
			b.picture("failed-" + strings.ReplaceAll(t.Name(), "/", "-"))
		}
	})
	return b
}

// as opens a tab in which somebody is logged in.
func (w *town) as(t *testing.T, u people.User) *tab {
	t.Helper()
	b := w.somebody(t)
	b.logIn(u.Name)
	return b
}

func (b *tab) logIn(name string) {
	b.t.Helper()
	b.open("/login?to=/account")
	b.fill("form", "name", name, "password", password)
	b.press("form.form button.main")
	b.at("/account")
}

// hear gathers what a page must not do.
func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	complain := func(format string, args ...any) { b.amiss = append(b.amiss, fmt.Sprintf(format, args...)) }
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		complain("an exception: %s", said(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			complain("console.%s", e.Type)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			complain("the browser's log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *wire.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.town.url+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "about:") {
			complain("a request outside: %s", u)
		}
	case *wire.EventDataReceived:
		if !b.loaded {
			b.bytes[e.RequestID] += e.EncodedDataLength
		}
	case *page.EventLoadEventFired:
		b.loaded = true
	case *page.EventJavascriptDialogOpening:
		complain("a dialog: %s", e.Message)
	}
}

// said is what an exception says.
func said(e *runtime.ExceptionDetails) string {
	if e.Exception != nil {
		return e.Text + " " + e.Exception.Description
	}
	return e.Text
}

// complaints returns what was amiss since it was last called.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.amiss
	b.amiss = nil
	return all
}

// firstView is how many bytes had come when the page had loaded.
func (b *tab) firstView() (n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, size := range b.bytes {
		n += size
	}
	return n
}

func click(css string) chromedp.Action[chromedp.Void] { return chromedp.Click(chromedp.CSS(css)) }

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, perAction)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v\nat %s", err, b.where())
	}
}

// where is where a tab is, for messages.
func (b *tab) where() string {
	at, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.pathname+location.search+' '+document.body.innerText.slice(0,3000)`))
	return at
}

// forgets has the tab keep nothing of what it was sent, as at a first visit.
func (b *tab) forgets(yes bool) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, wire.SetCacheDisabled, wire.SetCacheDisabledParams{CacheDisabled: yes})
	must(b.t, err)
}

// speak has the console speak a language to whoever is in the tab.
func (b *tab) speak(lang string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, wire.SetCookie, wire.SetCookieParams{Name: "lang", Value: lang, URL: b.town.url})
	must(b.t, err)
}

// open opens a page and returns how it was answered.
func (b *tab) open(path string) (status int64) {
	b.t.Helper()
	b.mu.Lock()
	clear(b.bytes)
	b.loaded = false
	b.mu.Unlock()
	r, err := chromedp.Run(b.ctx, chromedp.NavigateResponse(b.town.url+path))
	if err != nil {
		b.t.Fatalf("open %s: %v", path, err)
	}
	return r.Status
}

// press clicks on what leads to another page, which is answered as it should be.
func (b *tab) press(css string) {
	b.t.Helper()
	b.pressed(css, http.StatusOK)
}

// pressed clicks on what is answered with a status.
func (b *tab) pressed(css string, status int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, perAction)
	defer cancel()
	r, err := chromedp.RunResponse(ctx, chromedp.ScrollIntoView(chromedp.CSS(css)), click(css))
	if err != nil {
		b.t.Fatalf("press %s: %v\nat %s", css, err, b.where())
	}
	if r.Status != status {
		b.t.Errorf("pressed %s, and was answered with %d, want %d: %s", css, r.Status, status, b.where())
	}
}

// fill fills in fields of the form that a selector finds: name, value.
func (b *tab) fill(form string, pairs ...string) {
	b.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		css := fmt.Sprintf(`%s [name=%q]`, form, pairs[i])
		switch kind := value[string](b, fmt.Sprintf(`(()=>{const e=document.querySelector(%q);return e?(e.type||e.tagName):''})()`, css)); kind {
		case "":
			b.t.Fatalf("there is no %s\nat %s", css, b.where())
		case "radio", "checkbox":
			b.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`%s[value=%q]`, css, pairs[i+1]))))
		case "select-one", "date":
			b.do(chromedp.SetValue(chromedp.CSS(css), pairs[i+1]))
		default:
			value[string](b, fmt.Sprintf(`document.querySelector(%q).value = ''`, css)) // what was filled in before
			b.do(chromedp.SendKeys(chromedp.CSS(css), pairs[i+1]))
		}
	}
}

// at wants the tab to be at an address.
func (b *tab) at(path string) {
	b.t.Helper()
	if got := value[string](b, `location.pathname+location.search`); got != path {
		b.t.Fatalf("the browser is at %s, want %s: %s", got, path, b.where())
	}
}

// text is what an element says, "" where there is none.
func (b *tab) text(css string) string {
	b.t.Helper()
	return strings.TrimSpace(value[string](b, fmt.Sprintf(`(document.querySelector(%q)||{innerText:''}).innerText`, css)))
}

// shows wants an element to say something.
func (b *tab) shows(css, want string) {
	b.t.Helper()
	if got := b.text(css); !strings.Contains(got, want) {
		b.t.Errorf("%s says %q, want %q\nat %s", css, got, want, b.where())
	}
}

// until waits for an expression to hold in the page.
func (b *tab) until(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](`!!(`+expression+`)`, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(perAction)))
	if err != nil {
		b.t.Fatalf("never came: %s: %v\nat %s", expression, err, b.where())
	}
}

// screens is where pictures are kept for people to look at.
const screens = "../../build/screens"

// picture keeps a picture of the whole page.
func (b *tab) picture(name string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, perAction)
	defer cancel()
	data, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	must(b.t, os.MkdirAll(screens, 0o755))
	must(b.t, os.WriteFile(filepath.Join(screens, name+".png"), data, 0o644))
}

// value is what an expression comes to in the page.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// eventually asks again and again until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never came: %s", what)
		}
	}
}

// The console in a real browser, from the first start on: one city, one store, one
// daemon that is started twice.
func TestConsoleInABrowser(t *testing.T) {
	t.Parallel()
	recipient := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	t.Cleanup(recipient.Close)
	w := newTown(t, cityFolder(t, annotated, local, telling(t, recipient.URL)), nightsShown(), drafter, agreeing, czjWriter, tuningOne, allRound, onlooker)
	w.serve(t, morningAfter)
	t.Run("log-in", w.logsIn)
	var finding string
	t.Run("a finding is found and sent", func(t *testing.T) { finding = w.findingIsSent(t) })
	t.Run("the office works", w.officeWorks)
	if *pictures {
		t.Run("pictures", func(t *testing.T) { w.picturesAreTaken(t, finding) })
	}
	t.Run("screens", func(t *testing.T) {
		all := w.screensOf(t, finding)
		areAll(t, all)
		w.screensAreSound(t, all)
		t.Run("axe", func(t *testing.T) { w.screensAreAccessible(t, all) })
	})
	t.Run("a redesign is mended in five clicks from the overview", w.recipeIsMade)
	t.Run("a broken file", w.brokenFileIsShown)

	office, reviewer, unit := w.as(t, drafter), w.as(t, agreeing), w.as(t, czjWriter)
	w.stop()
	w.serve(t, monthLater+":"+w.facts(t, czj+": {newest: 2023-06-20}", czj+": {newest: 2023-06-20, from: 2023-10-18}"), "--simulate-events", "none")
	eventually(t, "the round that was missed", func() bool {
		office.open("/columns/" + czj)
		return strings.Contains(office.text("main .answer"), "正常")
	})
	t.Run("a finding is cleared", func(t *testing.T) { w.findingIsCleared(t, office, reviewer, unit, finding) })
}
