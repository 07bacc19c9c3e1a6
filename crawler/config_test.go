package crawler

import (
	"net/http"
	"strings"
	"testing"
)

func TestValidateTellsEverything(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Errorf("defaults: %v", err)
	}
	for _, agent := range []string{"Xuncha/1.0 (+https://www.yq.gov.cn/xuncha)", "Xuncha (mailto:a@b.cn)", "Xuncha/1 admin@yq.gov.cn"} {
		c := DefaultConfig()
		c.UserAgent = agent
		if err := c.Validate(); err != nil {
			t.Errorf("%q: %v", agent, err)
		}
	}
	err := Config{UserAgent: "巡查"}.Validate()
	if err == nil {
		t.Fatal("the zero value is valid")
	}
	for _, part := range []string{"contact", "ASCII", "max body", "page timeout", "requests per address", "circuit after", "pages per subject"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not tell of %q", err, part)
		}
	}
}

func TestNewNeedsWhatItUses(t *testing.T) {
	if _, err := New(Config{}, http.DefaultTransport, wallClock{}, nil, nil); err == nil {
		t.Error("an invalid configuration was taken")
	}
	if _, err := New(DefaultConfig(), nil, wallClock{}, nil, nil); err == nil {
		t.Error("no transport was taken")
	}
	if _, err := New(DefaultConfig(), http.DefaultTransport, nil, nil, nil); err == nil {
		t.Error("no clock was taken")
	}
}

func TestProductIsTheNameInRobots(t *testing.T) {
	for agent, want := range map[string]string{"Xuncha/1.0 (+https://x)": "xuncha", "Xuncha (x)": "xuncha", " bot": "bot"} {
		if got := (Config{UserAgent: agent}).product(); got != want {
			t.Errorf("%q: got %q, want %q", agent, got, want)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"http://a.gov.cn/?q=%CD%A8 x#f", "http://u:p@a/", "http:/a", "HTTP://A:80", "http://[::1%25eth0]/", "http:\\\\a", "http:a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := parseURL(raw)
		if err != nil {
			return
		}
		if line := u.RequestURI(); strings.ContainsAny(line, " \r\n") {
			t.Errorf("%q would be asked as %q", raw, line)
		}
		if u.User != nil || u.Hostname() == "" {
			t.Errorf("%q became %s", raw, u)
		}
	})
}
