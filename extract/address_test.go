package extract

import (
	"net/url"
	"strings"
	"testing"
)

func address(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// One page under several spellings is asked once.
func TestKey(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"http://A.gov.cn/x", "http://a.gov.cn/x", true},
		{"http://a.gov.cn:80/x", "http://a.gov.cn/x", true},
		{"https://a.gov.cn:443/x", "https://a.gov.cn/x", true},
		{"http://a.gov.cn", "http://a.gov.cn/", true},
		{"http://a.gov.cn/x#top", "http://a.gov.cn/x", true},
		{"http://a.gov.cn./x", "http://a.gov.cn/x", true},
		{"http://a.gov.cn/x", "https://a.gov.cn/x", false},
		{"http://a.gov.cn:8080/x", "http://a.gov.cn/x", false},
		{"http://a.gov.cn/x?p=1", "http://a.gov.cn/x?p=2", false},
		{"http://a.gov.cn/x?q=%B9%AB", "http://a.gov.cn/x?q=%b9%ab", false}, // kept byte for byte
		{"http://a.gov.cn/X", "http://a.gov.cn/x", false},
		{"http://a.gov.cn/x", "http://a.gov.cn/x/", false},
	}
	for _, tt := range tests {
		if got := key(tt.a) == key(tt.b); got != tt.same {
			t.Errorf("%s and %s: got same %t, want %t", tt.a, tt.b, got, tt.same)
		}
	}
	if got := key("http://[::1"); got != "http://[::1" {
		t.Errorf("got %q, want what cannot be parsed as it is", got)
	}
}

func TestPlace(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"http://a.gov.cn/", "https://www.a.gov.cn/index.html", true},
		{"http://a.gov.cn", "http://a.gov.cn/Default.aspx", true},
		{"http://a.gov.cn/tzgg/", "http://a.gov.cn/tzgg/index.shtml", true},
		{"http://a.gov.cn/tzgg/", "http://a.gov.cn/tzgg/index_1.shtml", false},
		{"http://a.gov.cn/", "http://a.gov.cn/?id=1", false},
		{"http://a.gov.cn/", "http://b.gov.cn/", false},
		{"http://a.gov.cn/index", "http://a.gov.cn/", false},
	}
	for _, tt := range tests {
		if got := place(address(t, tt.a)) == place(address(t, tt.b)); got != tt.same {
			t.Errorf("%s and %s: got same %t, want %t", tt.a, tt.b, got, tt.same)
		}
	}
}

func TestAllowedHosts(t *testing.T) {
	task := Task{Hosts: []string{"fgw.gov.cn", "WWW.zt.gov.cn", "app.gov.cn:8080"}}
	for host, want := range map[string]bool{
		"asked.gov.cn": true, "www.asked.gov.cn": true, "fgw.gov.cn": true, "www.fgw.gov.cn": true, "fgw.gov.cn:81": true,
		"zt.gov.cn": true, "app.gov.cn:8080": true, "app.gov.cn": false, "evil.fgw.gov.cn": false, "fgw.gov.cn.evil.com": false,
		"gov.cn": false,
	} {
		if got := task.allowed(address(t, "http://"+host+"/"), address(t, "http://asked.gov.cn/x")); got != want {
			t.Errorf("%s: got %t, want %t", host, got, want)
		}
	}
}

func TestResolve(t *testing.T) {
	d := &document{base: address(t, "http://a.gov.cn/tzgg/index.html")}
	tests := []struct{ ref, want string }{
		{"b.html", "http://a.gov.cn/tzgg/b.html"},
		{" ./b.html\n", "http://a.gov.cn/tzgg/b.html"},
		{"../b.html", "http://a.gov.cn/b.html"},
		{"/b.html#top", "http://a.gov.cn/b.html"},
		{"//b.gov.cn/x", "http://b.gov.cn/x"},
		{"..\\b.html", "http://a.gov.cn/b.html"},
		{"?id=%B9%AB", "http://a.gov.cn/tzgg/index.html?id=%B9%AB"},
		{"http://user:secret@a.gov.cn/x", "http://a.gov.cn/x"},
		{"通知.html", "http://a.gov.cn/tzgg/%E9%80%9A%E7%9F%A5.html"},
		{"#", ""},
		{"", ""},
		{"javascript:void(0)", ""},
		{"mailto:a@b.cn", ""},
		{"data:text/html,x", ""},
		{"file:///etc/passwd", ""},
		{"http://", ""},
		{"http://[::1", ""},
		{strings.Repeat("a", maxLink+1), ""},
	}
	for _, tt := range tests {
		if got := d.resolve(tt.ref); got != tt.want {
			t.Errorf("%q: got %q, want %q", cut(tt.ref, 60), got, tt.want)
		}
	}
}
