//go:build !race

package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"xuncha/console"
	"xuncha/people"
)

// A screen is a page that people look at, at an address that shows something.
type screen struct {
	route string // as of console.Routes
	path  string
	asks  people.User
}

// aside are the routes that are no screens, with what they are instead.
var aside = map[string]string{
	"GET /overview/nights":                    "numbers of a chart",
	"GET /kept/{look}/{page}/{id...}":         "a frame in a column's page",
	"GET /tuner-page/{source}/{page}/{id...}": "a frame in the tuner",
	"GET /accounts/{code}/handed/{sha256}":    "a file",
	"GET /findings/{id}":                      "leads to the finding in its newest period",
	"GET /findings/{id}/{period}/history":     "a file",
	"GET /slips/{unit}/{file}":                "a file",
	"GET /notices/preview":                    "a frame in the notices' page",
	"GET /notices/draft/{file}":               "a file",
	"GET /notices/made/{number}/{file}":       "a file",
	"GET /notices/paper/{kind}":               "a file",
	"GET /registers/{kind}/form":              "a file",
	"GET /rounds/live":                        "a stream",
	"GET /login/issuer":                       "leads to an issuer",
	"GET /login/return":                       "leads back from an issuer",
}

// screensOf are all screens, with a finding that has been dealt with, and with a backup
// and a message to look at. Everybody's own are asked for by whom they are for.
func (w *town) screensOf(t *testing.T, finding string) []screen {
	t.Helper()
	admin := w.as(t, boss)
	admin.open("/users/" + onlooker.Name)
	admin.press(fmt.Sprintf(`form[action="/users/%s/link"] button`, onlooker.Name))
	setup := admin.text("section.once code")
	admin.open("/system")
	admin.press(`form[action="/system/backups"] button`)
	eventually(t, "a backup", func() bool {
		admin.open("/system")
		return strings.Contains(admin.text("main"), "备份时已核验")
	})
	admin.open("/system/messages")
	admin.press(`form[action="/system/messages/test"] button`)
	admin.shows("main", "测试消息")
	admin.open("/sites/czj/visits")
	admin.shows("main", "2023-09-27")
	admin.open("/rounds")
	round := value[string](admin, `document.querySelector('#list tbody th a').getAttribute('href')`)
	return []screen{
		{"GET /login", "/login", people.User{}},
		{"GET /setup", setup, people.User{}},
		{"GET /{$}", "/", allRound},
		{"GET /{$}", "/", czjWriter},
		{"GET /sites", "/sites", allRound},
		{"GET /sites/{id}", "/sites/czj", allRound},
		{"GET /sites/{id}/visits", "/sites/czj/visits", allRound},
		{"GET /columns", "/columns", allRound},
		{"GET /columns", "/columns?state=unknown", allRound},
		{"GET /columns", "/columns?kind=section&state=missing", czjWriter},
		{"GET /columns/{id...}", "/columns/" + czj, allRound},
		{"GET /columns/{id...}", "/columns/jtj/rsxx", allRound},
		{"GET /accounts", "/accounts", allRound},
		{"GET /accounts/{code}", "/accounts/" + strings.TrimPrefix(dy4, "account:"), allRound},
		{"GET /tuner", "/tuner", allRound},
		{"GET /tuner", "/tuner?q=公示", allRound},
		{"GET /tuner/{id...}", "/tuner/jtj/rsxx", allRound},
		{"GET /account", "/account", allRound},
		{"GET /findings", "/findings", allRound},
		{"GET /findings", "/findings", czjWriter},
		{"GET /findings/{id}/{period}", finding, allRound},
		{"GET /findings/{id}/{period}", finding, czjWriter},
		{"GET /findings/new", "/findings/new?subject=czj&period=" + demoPeriod, allRound},
		{"GET /findings/draw", "/findings/draw?of=sites&share=30&seed=2023&period=" + demoPeriod, allRound},
		{"GET /findings/check", "/findings/check?subject=czj&period=" + demoPeriod, allRound},
		{"GET /slips", "/slips?period=" + demoPeriod, allRound},
		{"GET /slips/{unit}", "/slips/czj?period=" + demoPeriod, czjWriter},
		{"GET /notices", "/notices?period=" + demoPeriod, allRound},
		{"GET /notices/verify", "/notices/verify", allRound},
		{"GET /registers", "/registers", allRound},
		{"GET /registers/{kind}", "/registers/reports", allRound},
		{"GET /registers/{kind}/import", "/registers/superior/import", allRound},
		{"GET /rounds", "/rounds", allRound},
		{"GET /rounds/{id}", round, allRound},
		{"GET /system", "/system", allRound},
		{"GET /system/rules", "/system/rules", allRound},
		{"GET /system/unconfirmed", "/system/unconfirmed", allRound},
		{"GET /system/messages", "/system/messages", boss},
		{"GET /users", "/users", boss},
		{"GET /users/{name}", "/users/" + czjWriter.Name, boss},
		{"GET /audit", "/audit", boss},
	}
}

// file is the name of a screen's picture.
func (s screen) file() string {
	name, _, _ := strings.Cut(strings.Trim(strings.NewReplacer("/", "-", "=", "-", "&", "-").Replace(s.path), "-"), "?")
	if u, err := url.Parse(s.path); err == nil && s.route != "GET /setup" {
		name = strings.Trim(strings.ReplaceAll(u.Path, "/", "-"), "-")
		for _, k := range []string{"state", "q"} {
			if v := u.Query().Get(k); v != "" {
				name += "-" + v
			}
		}
	}
	if name == "" {
		name = "overview"
	}
	if s.asks.Unit != "" {
		name += "-unit"
	}
	return name
}

// areAll wants every route of the console to be among the screens, or to be none.
func areAll(t *testing.T, screens []screen) {
	for _, r := range console.Routes() {
		route := r.Method + " " + r.Path
		is := slices.ContainsFunc(screens, func(s screen) bool { return s.route == route })
		if r.Method == "GET" && !strings.HasPrefix(r.Path, "/api/") && is == (aside[route] != "") {
			t.Errorf("%s is neither among the screens nor said to be none, or both", route)
		}
	}
}

// A look is a way of looking at a screen.
type look struct {
	name          string
	width, height int64
	lang          string
	dark          bool
	first         bool // as on a first visit
}

// mostBytes is how much may come before a page has loaded, compressed.
const mostBytes = 300 << 10

// screensAreSound looks at every screen in both languages and themes, on a desk and
// on a phone.
func (w *town) screensAreSound(t *testing.T, screens []screen) {
	for _, looks := range [][]look{
		{{"wide", 1280, 900, "zh", false, true}, {"wide-en-dark", 1280, 900, "en", true, false}},
		{{"phone", 390, 844, "zh", false, false}, {"phone-en-dark", 390, 844, "en", true, false}},
	} {
		t.Run(looks[0].name, func(t *testing.T) {
			t.Parallel()
			tabs := w.tabs(t, screens)
			var largest int64
			for _, s := range screens {
				for _, l := range looks {
					tabs[s.asks.Name].isSound(s, l)
					if l.first {
						largest = max(largest, tabs[s.asks.Name].firstView())
					}
				}
			}
			t.Logf("the largest first view is %d KB", largest>>10)
		})
	}
}

// tabs are one for each person who asks for a screen.
func (w *town) tabs(t *testing.T, screens []screen) map[string]*tab {
	t.Helper()
	tabs := map[string]*tab{}
	for _, s := range screens {
		switch {
		case tabs[s.asks.Name] != nil:
		case s.asks.Name == "":
			tabs[""] = w.somebody(t)
		default:
			tabs[s.asks.Name] = w.as(t, s.asks)
		}
	}
	return tabs
}

// isSound wants a screen to fit, to ask for nothing elsewhere and to complain of
// nothing, and keeps a picture of it.
func (b *tab) isSound(s screen, l look) {
	b.t.Helper()
	path := s.path
	b.complaints()
	b.seen(l)
	b.forgets(l.first)
	if status := b.open(path); status != 200 {
		b.t.Errorf("%s: answered with %d", path, status)
	}
	b.drawn()
	if over := value[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		b.t.Errorf("%s, %s: %d pixels do not fit: %s", path, l.name, over, value[string](b, widest))
	}
	switch n := b.firstView(); {
	case l.first && n < 1<<10:
		b.t.Errorf("%s, %s: %d bytes are counted", path, l.name, n)
	case n > mostBytes:
		b.t.Errorf("%s, %s: %d KB came before it had loaded, want at most %d", path, l.name, n>>10, mostBytes>>10)
	}
	for _, what := range b.complaints() {
		b.t.Errorf("%s, %s: %s", path, l.name, what)
	}
	if asked := b.town.outside.wanted(); len(asked) > 0 {
		b.t.Errorf("%s, %s: asked for outside: %q", path, l.name, asked)
	}
	b.picture(s.file() + "-" + l.name)
}

// widest are the elements that stand out to the right.
const widest = `[...document.querySelectorAll('main *, header *, footer *')].filter(e=>e.getBoundingClientRect().right>document.documentElement.clientWidth+1&&!e.closest('nav,.table,.scroll,.scroll-x,pre')).slice(0,4).map(e=>e.outerHTML.slice(0,120)).join(' | ')`

// seen sets how the tab looks at pages.
func (b *tab) seen(l look) {
	b.t.Helper()
	theme := "light"
	if l.dark {
		theme = "dark"
	}
	var opts []chromedp.EmulateViewportOption
	if l.width < 700 {
		opts = append(opts, chromedp.EmulateMobile)
	}
	b.speak(l.lang)
	b.do(chromedp.EmulateViewport(l.width, l.height, opts...), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return err
	}))
}

// drawn waits until charts and frames are there.
func (b *tab) drawn() {
	b.t.Helper()
	b.until(`document.readyState==='complete' && [...document.querySelectorAll('.canvas[data-src]')].every(e=>e.querySelector('canvas')) && [...document.querySelectorAll('iframe')].every(e=>performance.getEntriesByName(e.src).some(r=>r.responseEnd>0))`)
}
