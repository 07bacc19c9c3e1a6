package simcity

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestValidators(t *testing.T) {
	now := point
	c := start(t, town(), townFacts, Options{Now: func() time.Time { return now }})
	hc := client(t, c)
	for _, tt := range []struct {
		name           string
		etag, lastMod  bool
		header, asking string
	}{
		{"ETag", true, false, "Etag", "If-None-Match"},
		{"Last-Modified", false, true, "Last-Modified", "If-Modified-Since"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := c.hosts["trs.test.gov.cn"]
			h.look.etag, h.look.lastMod = tt.etag, tt.lastMod
			u := "http://trs.test.gov.cn/dt/"
			tag := get(t, hc, u).header.Get(tt.header)
			if a := get(t, hc, u, tt.asking, tag); tag == "" || a.status != http.StatusNotModified || a.body != "" {
				t.Errorf("asked again with %q: status %d, %d bytes; want 304 and none", tag, a.status, len(a.body))
			}
			now = now.AddDate(0, 0, 9)
			if a := get(t, hc, u, tt.asking, tag); a.status != http.StatusOK {
				t.Errorf("nine days later: status %d, want 200", a.status)
			}
			now = point
		})
	}
	if c.Traffic()["trs.test.gov.cn"].NotModified != 2 {
		t.Errorf("%+v, want two answers of 304", c.Traffic()["trs.test.gov.cn"])
	}
}

func TestFeedShowsNameAndPosts(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{}))
	a := get(t, hc, "http://weibo.feed.example/140300M019XL0001.xml")
	var feed struct {
		Channel struct {
			Title string `xml:"title"`
			Items []struct {
				PubDate string `xml:"pubDate"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(a.body), &feed); err != nil {
		t.Fatal(err)
	}
	if feed.Channel.Title != "阳泉网安" || len(feed.Channel.Items) != feedSize {
		t.Fatalf("title %q with %d posts, want the shown name and %d", feed.Channel.Title, len(feed.Channel.Items), feedSize)
	}
	when, err := time.Parse(time.RFC1123Z, feed.Channel.Items[0].PubDate)
	if err != nil || when.Format(time.DateOnly) != "2023-09-20" {
		t.Errorf("first post %v, %v; want one of 2023-09-20", when, err)
	}
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/rss+xml") {
		t.Errorf("Content-Type %q", a.header.Get("Content-Type"))
	}
}

func TestGzipOnlyWhereAsked(t *testing.T) {
	c := start(t, town(), townFacts, Options{})
	c.hosts["trs.test.gov.cn"].look.gzip = true
	hc := client(t, c)
	u := "http://trs.test.gov.cn/dt/"
	packed := get(t, hc, u, "Accept-Encoding", "gzip")
	plain := get(t, hc, u, "Accept-Encoding", "identity")
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body)*2 > len(plain.body) {
		t.Errorf("gzip asked: %q, %d bytes of %d", packed.header.Get("Content-Encoding"), len(packed.body), len(plain.body))
	}
	if plain.header.Get("Content-Encoding") != "" {
		t.Errorf("no gzip asked: %q", plain.header.Get("Content-Encoding"))
	}
}

func TestHeadersTellTheCitysTime(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{}))
	if got := get(t, hc, "http://trs.test.gov.cn/").header.Get("Date"); got != point.UTC().Format(http.TimeFormat) {
		t.Errorf("Date %q, want the city's clock", got)
	}
}

func TestOtherMethods(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{}))
	for method, want := range map[string]int{http.MethodHead: 200, http.MethodPost: 405} {
		req, err := http.NewRequest(method, "http://trs.test.gov.cn/dt/", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := hc.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: status %d, want %d", method, res.StatusCode, want)
		}
	}
}

func BenchmarkListPage(b *testing.B) {
	c := start(b, town(), townFacts, Options{})
	hc := client(b, c)
	for b.Loop() {
		get(b, hc, "http://trs.test.gov.cn/dt/", "Accept-Encoding", "gzip")
	}
}

func BenchmarkListPageGBK(b *testing.B) {
	c := start(b, town(), townFacts, Options{})
	hc := client(b, c)
	for b.Loop() {
		get(b, hc, "http://aspx.test.gov.cn/dt.aspx", "Accept-Encoding", "gzip")
	}
}
