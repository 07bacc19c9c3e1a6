package crawler

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xuncha/inventory"
)

// weiba is the jar of a crawler that knows the platform of these tests.
func weiba() *jar {
	return newJar(newPlatforms([]Manner{{Name: "weiba", Manner: inventory.Manner{Hosts: []string{phone, desk, passport, "weiba.com"}}}}, wallClock{}, slog.New(slog.DiscardHandler)))
}

func secured(host string) *url.URL { return &url.URL{Scheme: "https", Host: host} }

func TestCookiesOfADomainReachItsPlatform(t *testing.T) {
	tests := []struct {
		name, from, set string
		want            map[string]string // by host
	}{
		{"for the domain", passport, "SUB=1; Domain=.weiba.cn; Path=/; Secure; HttpOnly", map[string]string{passport: "SUB=1", phone: "SUB=1", desk: "SUB=1"}},
		{"without the dot", passport, "SUB=1; Domain=WEIBA.cn", map[string]string{passport: "SUB=1", phone: "SUB=1", desk: "SUB=1"}},
		{"for the host alone", passport, "SUB=1", map[string]string{passport: "SUB=1"}},
		{"for a part of it", passport, "SUB=1; Domain=passport.weiba.cn", map[string]string{passport: "SUB=1"}},
		{"for somebody else", passport, "SUB=1; Domain=weiba.com", map[string]string{passport: "SUB=1"}},
		{"for the end of a name", passport, "SUB=1; Domain=eiba.cn", map[string]string{passport: "SUB=1"}},
		{"of a host that is no platform's", "x.weiba.cn", "SUB=1; Domain=.weiba.cn", map[string]string{"x.weiba.cn": "SUB=1"}},
	}
	for _, tt := range tests {
		j := weiba()
		j.keep(secured(tt.from), http.Header{"Set-Cookie": {tt.set}})
		for _, host := range []string{phone, desk, passport, "weiba.com", "x.weiba.cn", "weiba.cn", "a.gov.cn"} {
			if got := j.header(secured(host)); got != tt.want[host] {
				t.Errorf("%s: %s is sent %q, want %q", tt.name, host, got, tt.want[host])
			}
		}
	}
}

func TestCookiesOfADomainEnd(t *testing.T) {
	for _, end := range []string{"SUB=; Domain=.weiba.cn; Max-Age=0", "SUB=x; Domain=.weiba.cn; Expires=Thu, 01 Jan 1970 00:00:00 GMT"} {
		j := weiba()
		j.keep(secured(passport), http.Header{"Set-Cookie": {"SUB=1; Domain=.weiba.cn"}})
		j.keep(secured(phone), http.Header{"Set-Cookie": {end}})
		if got := j.header(secured(phone)) + j.header(secured(passport)); got != "" {
			t.Errorf("%s: still sent %q", end, got)
		}
	}
	j := weiba()
	j.keep(secured(passport), http.Header{"Set-Cookie": {"SUB=1; Domain=.weiba.cn"}})
	j.keep(secured("a.gov.cn"), http.Header{"Set-Cookie": {"k=1"}})
	j.forget(j.known[0])
	if got := j.header(secured(phone)); got != "" || j.header(secured("a.gov.cn")) != "k=1" {
		t.Errorf("after it was forgotten: %q", got)
	}
}

// A visitor who is not known any more begins anew, with what the refusal itself
// brings.
func TestCookiesThatServeNoMoreAreForgotten(t *testing.T) {
	w := newWorld(t)
	s := w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(rw, r)
		case "/old":
			http.SetCookie(rw, &http.Cookie{Name: "SUB", Value: "old"})
			rw.Write([]byte(list))
		default:
			http.SetCookie(rw, &http.Cookie{Name: "way", Value: "1"})
			turnsAway(432)(rw, r)
		}
	})
	c := w.crawler(nil, asking(inventory.Manner{}))
	crawl(t, c, posting("a", "http://"+phone+"/old", "http://"+phone+"/1", "http://"+phone+"/2"))
	var sent []string
	for _, r := range s.pages() {
		sent = append(sent, r.header.Get("Cookie"))
	}
	if got := strings.Join(sent, ", "); got != ", SUB=old, way=1" {
		t.Errorf("asked with %q", got)
	}
}

// A browser is lent what it does not have, and what it has is taken over.
func TestCookiesAreLentToABrowser(t *testing.T) {
	j := weiba()
	j.keep(secured(passport), http.Header{"Set-Cookie": {"SUB=old; Domain=.weiba.cn; Secure", "more=1; Domain=.weiba.cn"}})
	h := http.Header{"Cookie": {"SUB=new; own=2"}}
	j.lend(secured(phone), h)
	if got := h["Cookie"]; len(got) != 1 || got[0] != "SUB=new; own=2; more=1" {
		t.Errorf("the browser asks with %q", got)
	}
	if got := j.header(secured(phone)); got != "more=1; SUB=new; own=2" {
		t.Errorf("later requests go with %q", got)
	}
	if got := j.header(&url.URL{Scheme: "http", Host: phone}); got != "more=1" {
		t.Errorf("what came over https goes out in clear: %q", got)
	}
	if got := j.header(secured(desk)); got != "SUB=old; more=1" {
		t.Errorf("another host is sent %q", got)
	}
	none := http.Header{}
	if j.lend(secured("a.gov.cn"), none); len(none) != 0 {
		t.Errorf("a stranger is sent %q", none)
	}
}

func FuzzCookies(f *testing.F) {
	f.Add("SUB=1; Domain=.weiba.cn; Max-Age=0", "SUB=1; a", "visitor.passport.weiba.cn")
	f.Add("=; Domain=; Expires=x", ";;=\x00", "weiba.com:1")
	f.Fuzz(func(t *testing.T, set, carried, host string) {
		j := weiba()
		u := &url.URL{Scheme: "https", Host: host}
		j.keep(u, http.Header{"Set-Cookie": {set}})
		h := http.Header{"Cookie": {carried}}
		j.lend(u, h)
		if stranger := j.header(secured("a.gov.cn")); stranger != "" && !strings.EqualFold(u.Hostname(), "a.gov.cn") {
			t.Errorf("%q of %q is sent to a stranger", stranger, host)
		}
		if line := j.header(u); strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("%q splits a request", line)
		}
	})
}
