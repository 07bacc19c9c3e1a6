package simcity

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestDial(t *testing.T) {
	c := start(t, town(), townFacts, Options{})
	there := c.hosts["trs.test.gov.cn"].addr
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		to   netip.AddrPort
		want error
	}{
		{"a host's address", t.Context(), netip.AddrPortFrom(there, 80), nil},
		{"another port", t.Context(), netip.AddrPortFrom(there, 443), syscall.ECONNREFUSED},
		{"an address of nobody", t.Context(), netip.MustParseAddrPort("203.0.113.9:80"), syscall.EHOSTUNREACH},
		{"given up before", cancelled, netip.AddrPortFrom(there, 80), context.Canceled},
	}
	for _, tt := range tests {
		conn, err := c.Dial(tt.ctx, tt.to)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: Dial %v: %v, want %v", tt.name, tt.to, err, tt.want)
		}
		if err != nil {
			continue
		}
		if got := conn.RemoteAddr().String(); got != tt.to.String() {
			t.Errorf("%s: remote address %s, want %v", tt.name, got, tt.to)
		}
		conn.Close()
	}
}

func TestConnectionsHaveDeadlines(t *testing.T) {
	c := start(t, town(), townFacts, Options{})
	conn, err := c.Dial(t.Context(), netip.AddrPortFrom(c.hosts["trs.test.gov.cn"].addr, 80))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("read past the deadline: %v, want a time-out", err)
	}
}

func TestAddresses(t *testing.T) {
	city, facts := demo(t)
	c := start(t, city, facts, Options{})
	for name, h := range c.hosts {
		if !h.addr.IsGlobalUnicast() || h.addr.IsPrivate() {
			t.Errorf("%s is at %v, want an address that looks public", name, h.addr)
		}
		if m := c.byIP[h.addr]; h.down != m.down {
			t.Errorf("%s: down %v, its machine %v", name, h.down, m.down)
		}
	}
	again := start(t, city, facts, Options{})
	for name, h := range c.hosts {
		if again.hosts[name].addr != h.addr {
			t.Errorf("%s moved from %v to %v", name, h.addr, again.hosts[name].addr)
		}
	}
}

func TestHostIsAskedByName(t *testing.T) {
	c := start(t, town(), townFacts, Options{})
	hc := client(t, c)
	a := get(t, hc, "http://TRS.test.gov.cn/")
	if a.status != 200 {
		t.Errorf("name in capitals: status %d, want 200", a.status)
	}
	if got := c.Traffic()["trs.test.gov.cn"].Requests; got != 1 {
		t.Errorf("%d requests counted, want 1", got)
	}
	if addrs, err := c.Lookup(t.Context(), "trs.test.gov.cn."); err != nil || len(addrs) != 1 {
		t.Errorf("name with a final dot: %v, %v", addrs, err)
	}
}

func TestImpossibleLatency(t *testing.T) {
	for _, o := range []Options{{MinLatency: -1}, {MinLatency: 2, MaxLatency: 1}} {
		if _, err := New(town(), nil, o); err == nil || !strings.Contains(err.Error(), "latency") {
			t.Errorf("latency %v to %v: error %v, want one about it", o.MinLatency, o.MaxLatency, err)
		}
	}
}

func TestFeedsThatCannotBeRead(t *testing.T) {
	u := "http://weibo.feed.example/140300M019XL0001.xml"
	tests := []struct {
		facts  string
		status int
		feed   bool
		holds  string
	}{
		{"{unreadable: down}", 503, false, "503"},
		{"{unreadable: gone}", 404, false, "不存在"},
		{"{unreadable: blocked}", 200, false, "访问被拦截"},
		{"{unreadable: undated}", 200, true, "<item>"},
		{"{empty: true}", 200, true, "<channel>"},
	}
	for _, tt := range tests {
		hc := client(t, start(t, town(), "subjects:\n  account:140300M019XL0001: "+tt.facts+"\n", Options{}))
		a := get(t, hc, u)
		feed := strings.Contains(a.header.Get("Content-Type"), "rss")
		if a.status != tt.status || feed != tt.feed || !strings.Contains(a.body, tt.holds) || strings.Contains(a.body, "<pubDate>") {
			t.Errorf("%s: status %d, a feed: %v, pubDate: %v; want %d, %v, none", tt.facts, a.status, feed, strings.Contains(a.body, "<pubDate>"), tt.status, tt.feed)
		}
	}
}

func TestColumnAsFeed(t *testing.T) {
	hc := client(t, start(t, town(), "subjects:\n  rss/tzgg: {newest: 2022-08-29}\n", Options{}))
	a := get(t, hc, "http://rss.test.gov.cn/tzgg.xml")
	if !strings.Contains(a.body, "Mon, 29 Aug 2022") || strings.Contains(a.body, " 2023 ") {
		t.Error("the feed's newest item is not of 2022-08-29")
	}
}
