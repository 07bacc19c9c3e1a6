package extract

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"通知公告": "通知公告", "【通知公告】": "通知公告", "· 通知公告 >>": "通知公告", "通知公告（更多）": "通知公告", "通知公告更多>>": "通知公告",
		"通知 公告": "通知公告", "\u3000通知\u00a0公告": "通知公告", "更多": "更多", "更多>>": "更多", ">>": "", "more": "more", "首页 >": "首页",
		"通\u202e知\u200b": "通知", "政策文件(试行)": "政策文件(试行)", "": "",
	} {
		if got := cleanName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestGroupName(t *testing.T) {
	for name, want := range map[string]bool{
		"政务公开": true, "市财政局": true, "2023年": true, "法定主动公开内容": true,
		"首页": false, "导航": false, "网站地图": false, "更多": false, "12": false, "财": false, "": false, "当前位置": false, "登录": false,
		"关于进一步加强全市安全生产监督管理工作的若干意见": false,
	} {
		if got := groupName(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// firstA returns the first link of a piece of HTML.
func firstA(t *testing.T, body string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return firstElement(root, atom.A)
}

func TestMoreLink(t *testing.T) {
	for body, want := range map[string]bool{
		`<a href="/a/">更多</a>`: true, `<a href="/a/">更多&gt;&gt;</a>`: true, `<a href="/a/">[更多]</a>`: true, `<a href="/a/">MORE+</a>`: true,
		`<a href="/a/">查看更多</a>`: true, `<a href="/a/">&gt;&gt;</a>`: true, `<a href="/a/">»</a>`: true, `<a class="btn-more" href="/a/"><i></i></a>`: true,
		`<a href="/a/"><img alt="更多"></a>`: true, `<a href="/a/" title="更多"><img></a>`: true,
		`<a href="/a/">通知公告</a>`: false, `<a href="/a/">更多精彩</a>`: false, `<a href="/a/"><img></a>`: false, `<a class="nomore" href="/a/">公告</a>`: false,
	} {
		n := firstA(t, body)
		name := nameOf(n)
		if name == "" {
			name = cleanName(attr(n, "title"))
		}
		if got := moreLink(n, name); got != want {
			t.Errorf("%s: got %v, want %v", body, got, want)
		}
	}
}

func TestSerial(t *testing.T) {
	for address, want := range map[string]bool{
		"http://a/info/1001/1234.htm": true, "http://a/show.aspx?id=12": true, "http://a/content_1234.html": true, "http://a/zwgk/123456.html": true,
		"http://a/x/3f2504e0-4f89-41d3-9a0c-0305e82c3301.html": true,
		"http://a/tzgg/": false, "http://a/tzgg/index.html": false, "http://a/col/col1234/index.html": false, "http://a/list.aspx?id=12": false,
		"http://a/x.jsp?urltype=tree.TreeTempUrl&wbtreeid=1012": false, "http://a/xwzx/tzgg.htm": false, "http://a/site/c100123/list.shtml": false, "::": false,
	} {
		if got := serial(address); got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
	}
}

func TestColumnDir(t *testing.T) {
	for address, want := range map[string]string{
		"http://www.a.gov.cn/zwgk/tzgg/202308/t20230823_1.html": "a.gov.cn/zwgk/tzgg/",
		"http://a.gov.cn/tzgg/2023/08/23/1.html":                "a.gov.cn/tzgg/",
		"http://a.gov.cn/tzgg/2023-08/23/1.html":                "a.gov.cn/tzgg/",
		"http://a.gov.cn/art/2023/8/2/art_1_2.html":             "a.gov.cn/art/",
		"http://a.gov.cn/tzgg/content_1.html":                   "a.gov.cn/tzgg/",
		"http://a.gov.cn/1.html":                                "",
		"":                                                      "",
	} {
		if got := columnDir(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

// What stands in navigation, bears the dictionary's words and holds the page's
// articles is surer than what does not.
func TestSurveyIsSurerOfSome(t *testing.T) {
	_, o := surveyed(t, `<ul class="nav"><li><a href="/tzgg/">通知公告</a></li><li><a href="/xyz.htm">蓝天</a></li></ul><div><h3>公告</h3><ul>`+
		news("/tzgg/", "一号通知", "二号通知", "三号通知")+`</ul></div><p><a href="/a/show.aspx?id=77">蓝天保卫战专题</a></p>`)
	sure := map[string]float64{}
	for _, c := range o.Columns {
		sure[c.Name] = c.Confidence
	}
	if !(sure["通知公告"] > sure["蓝天"] && sure["蓝天"] > leastSure) {
		t.Errorf("got %v, want 通知公告 surest", sure)
	}
	if _, offered := sure["蓝天保卫战专题"]; offered || !slices.ContainsFunc(o.Skipped, func(s Skip) bool { return s.Why == SkipUnlikely }) {
		t.Errorf("got %v, left out %v; want an address by number, outside of navigation, left out as unlikely", sure, o.Skipped)
	}
}

// A link without a text hides what it is called only where columns are linked.
func TestNameless(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"in navigation", `<div class="nav"><a href="/a/"><img></a></div>`, "/a/"},
		{"deep in navigation", `<nav><ul><li><span><a href="/a/"><img></a></span></li></ul></nav>`, "/a/"},
		{"three in a list", `<ul><li><a href="/a/"></a></li><li><a href="/b/"></a></li><li><a href="/c/"></a></li></ul>`, "/c/"},
		{"two in a list", `<ul><li><a href="/a/"></a></li><li><a href="/b/"></a></li></ul>`, ""},
		{"three in a row of a table", `<table><tr><td><a href="/a/"><img></a></td><td><a href="/b/"><img></a></td><td><a href="/c/"><img></a></td></tr></table>`, "/c/"},
		{"a text", `<div class="nav"><a href="/a/"><img>公告</a></div>`, ""},
		{"an alternative text", `<div class="nav"><a href="/a/"><img alt="公告"></a></div>`, ""},
		{"a title", `<div class="nav"><a href="/a/" title="公告"><img></a></div>`, ""},
		{"named elsewhere", `<div class="nav"><a href="/a/"><img></a></div><a href="/a/">公告</a>`, ""},
		{"the home page", `<div class="nav"><a href="/"><img></a><a href="/index.html"><img></a></div>`, ""},
		{"another host", `<div class="nav"><a href="http://b/a/"><img></a></div>`, ""},
		{"a script", `<div class="nav"><a href="javascript:;"><img></a></div>`, ""},
		{"a file", `<div class="nav"><a href="/a.pdf"><img></a></div>`, ""},
		{"an article", `<div class="nav"><a href="/a/t20230823_1.html"><img></a></div>`, ""},
		{"the foot", `<div class="footer"><div class="nav"><a href="/a/"><img></a></div></div>`, ""},
		{"a banner", `<div class="banner"><a href="/zt/"><img></a></div>`, ""},
	}
	for _, tt := range tests {
		d, o := parse(Page{URL: host + "/", Body: []byte("<p>a</p>" + tt.body)})
		if o != nil {
			t.Fatal(o.detail)
		}
		if got := strings.TrimPrefix(d.nameless(), host); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTogether(t *testing.T) {
	tests := []struct {
		name      string
		addresses []string
		want      bool
	}{
		{"one", []string{"http://a/x/"}, true},
		{"the same", []string{"http://a/x/", "http://a/x/"}, true},
		{"folders of one parent", []string{"http://a/hy/x/", "http://www.a/hy/y/"}, true},
		{"files of folders of one parent", []string{"http://a/hy/x/list.html", "http://a/hy/y/list.html"}, true},
		{"folders at the top", []string{"http://a/x/", "http://a/y/"}, false},
		{"folders of two parents", []string{"http://a/hy/x/", "http://a/zw/y/"}, false},
		{"two hosts", []string{"http://a/hy/x/", "http://b/hy/y/"}, false},
		{"no address", []string{"http://a/hy/x/", ""}, false},
	}
	for _, tt := range tests {
		if got := together(tt.addresses); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
