//go:build !race

package main

import (
	"os"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axeFile is what scripts/need installs.
const axeFile = "testdata/axe/node_modules/axe-core/axe.min.js"

// fewOfEach leaves of every table, list and picture what is enough to judge all of it
// by: axe looks at each element many times.
const fewOfEach = `document.querySelectorAll('tbody, select, datalist, svg').forEach(e => [...e.children].slice(6).forEach(c => c.remove()))`

// violations are those of a page that are serious or critical. What stands in
// frames is other people's.
const violations = `axe.run({exclude: ['iframe']}, {resultTypes: ['violations'], iframes: false}).then(r => r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' (' + n.failureSummary.split('\n').slice(1).join(' ').slice(0, 200) + ')').join(' | ')))`

// screensAreAccessible has axe-core look at every screen, in both languages and themes,
// on a desk and on a phone.
func (w *town) screensAreAccessible(t *testing.T, screens []screen) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("this test needs axe-core: run scripts/need: %v", err)
	}
	t.Parallel()
	tabs := w.tabs(t, screens)
	for _, b := range tabs {
		// The script is the test's, and the console's policy would not let it in.
		_, err := chromedp.Call(b.ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		must(t, err)
		_, err = chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: string(axe)})
		must(t, err)
	}
	for _, s := range screens {
		b := tabs[s.asks.Name]
		for _, l := range []look{{"wide", 1280, 900, "zh", false, false}, {"wide-en-dark", 1280, 900, "en", true, false}, {"phone", 390, 844, "zh", true, false}} {
			b.seen(l)
			b.open(s.path)
			b.drawn()
			value[int](b, fewOfEach+`;0`)
			found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](violations, chromedp.EvalAwaitPromise))
			must(t, err)
			for _, v := range found {
				t.Errorf("%s, %s, dark %t: %s", s.path, l.name, l.dark, v)
			}
		}
	}
}
