package simcity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzFacts proves that no file of facts, however broken, does more harm than
// an error that names the file.
func FuzzFacts(f *testing.F) {
	for _, s := range []string{townFacts, "", "{", "subjects: [1, 2]", "subjects:\n  trs/dt: {items: [2023-01-01, ~]}", "cadence: {人事: -3}", "? a\n: b", "&a [*a]", "---\n---\n", "hosts: {trs.test.gov.cn: ~}", "subjects: {trs/dt: {newest: 0001-01-01}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := New(town(), []byte(text), Options{At: point})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "facts.yaml:") {
				t.Errorf("facts %q: error %q does not name the file", text, err)
			}
			return
		}
		for _, l := range c.hosts["trs.test.gov.cn"].lists {
			l.size(momentOf(point))
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// FuzzRespond proves that every address gets an answer.
func FuzzRespond(f *testing.F) {
	for _, s := range []string{"/u/2803301701", "/api/container/getIndex?type=uid&value=2803301701", "/140300M019XL0001.xml", "/", "/dt/index_1.shtml", "/dt/index_99999.shtml", "/dt/202308/t20230823_1.shtml", "/dt/202308/t20230823_1512001.shtml", "/dt.aspx?page=-1", "/dt.aspx?page=2", "/show.aspx?id=99999999999999999999", "/info/1001/1000000.htm", "/dt/3.htm", "//", "/%00"} {
		f.Add(s)
	}
	c, err := New(town(), []byte(townFacts), Options{At: point})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		for name, h := range c.hosts {
			switch got := h.respond(&http.Request{Method: http.MethodGet, URL: u}, momentOf(point)).status; {
			case got == 432 && name == "m.weibo.cn", got == 302 && name == "weibo.cn":
			case got != 200 && got != 404:
				t.Errorf("%s%s: status %d", name, address, got)
			}
		}
	})
}
