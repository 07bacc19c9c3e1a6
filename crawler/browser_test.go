package crawler

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
)

// filled is a page whose list a script fills from its own host.
const filled = `<!DOCTYPE html><html><head><meta charset="gb2312"><title>t</title></head><body><ul id="list"></ul>
<script>fetch("/data.json").then(r => r.json()).then(rows => {
	document.getElementById("list").innerHTML = rows.map(r => '<li><a href="' + r.url + '">' + r.title + '</a><span>' + r.date + '</span></li>').join("");
});</script></body></html>`

// show asks for one address as a browser shows it.
func show(t *testing.T, c *Crawler, url string) []extract.Page {
	t.Helper()
	pages, err := c.render(t.Context(), errand{want: extract.Want{URL: url, Why: extract.WhyList, Render: true}})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func TestABrowserShowsWhatAScriptFills(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/data.json":
			rw.Header().Set("Content-Type", "application/json")
			rw.Write([]byte(`[{"url":"/1.html","title":"关于通知","date":"2023-09-01"}]`))
		case "/":
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.Write([]byte(filled))
		default:
			http.NotFound(rw, r)
		}
	})
	b := NewBrowser(BrowserConfig{NoSandbox: true, UserAgent: DefaultConfig().UserAgent, Tabs: 2, Pages: 50, Timeout: 30 * time.Second, Quiet: 100 * time.Millisecond, SettleWithin: 2 * time.Second}, nil)
	defer b.Close()
	c := w.crawler(nil, func(cfg *Config) { cfg.Browser = b })
	for range 2 {
		start := time.Now()
		pages := show(t, c, "http://a.gov.cn/")
		for _, p := range pages {
			t.Logf("%s %s %d %q %s %s %v\n%s", p.URL, p.Why, p.Status, p.Class, p.Detail, p.HeaderValue("Content-Type"), p.Took, p.Body)
		}
		if !strings.Contains(string(pages[0].Body), "关于通知") {
			t.Fail()
		}
		t.Log(time.Since(start))
	}
}
