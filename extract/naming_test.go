package extract

import (
	"slices"
	"testing"
)

func TestLikeColumn(t *testing.T) {
	n := names("常务会议", []string{"政府常务会议"})
	tests := []struct {
		text, url string
		want      bool
	}{
		{"常务会议", "/c/", true},
		{"【常务会议】", "/c/", true},
		{"常 务 会 议", "/c/", true},
		{"县政府常务会议", "/c/", true},
		{"市政府常务会议信息", "/c/", true},
		{"常务会议", "/202308/t20230823_1.html", true}, // the name itself, wherever it leads
		{"常务会议纪要", "/202308/t20230823_1.html", false},
		{"常务会议纪要", "/art/2023/8/23/art_1_2.html", false},
		{"县政府召开常务会议", "/c/", false},
		{"第38次常务会议", "/c/", false},
		{"常务会议精神传达提纲", "/c/", false},
		{"关于做好常务会议议定事项督办工作的函", "/c/", false},
		{"会议", "/c/", false},
		{"", "/c/", false},
	}
	for _, tt := range tests {
		l := label{text: tt.text, norm: letters(tt.text), url: host + tt.url, link: true}
		if got := n.likeColumn(l); got != tt.want {
			t.Errorf("%q at %s: got %t, want %t", tt.text, tt.url, got, tt.want)
		}
	}
}

func TestLetters(t *testing.T) {
	for in, want := range map[string]string{
		"【重大 会议】信息！": "重大会议信息", "ＡＢｃ１２": "abc12", " \u3000\u200b": "", "（一）": "一", "a-b_c": "abc",
	} {
		if got := letters(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLabels(t *testing.T) {
	d, o := parse(Page{URL: host + "/", Body: []byte(`<a href="/a/" title="重大会议信息公开">重大会议...</a><map><area href="/b/" title="会议"></map>` +
		`<ul style="display:none"><li><a href="/c/"><img alt="全体会议"></a></li></ul><h2>常务<b>会议</b></h2><div>正文</div><p>` + chinese + `</p><script>"菜单"</script>`)})
	if o != nil {
		t.Fatal(o.detail)
	}
	var got []string
	for _, l := range d.labels() {
		got = append(got, l.text+" "+l.url)
	}
	want := []string{"重大会议信息公开 " + host + "/a/", "会议 " + host + "/b/", "全体会议 " + host + "/c/", "常务 ", "会议 ", "正文 "}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestNearestPrefersNamesOfColumns(t *testing.T) {
	labels := []label{
		{text: "县政府召开第38次常务会议", norm: "县政府召开第38次常务会议", url: "http://a/t20230823_1.html", link: true},
		{text: "部门会议信息", norm: "部门会议信息", url: "http://a/bmhy/", link: true},
	}
	if got := nearest(labels, names("常务会议", nil)); len(got) != 2 || got[0] != "部门会议信息" {
		t.Errorf("got %q, want the column first", got)
	}
}

func TestNearest(t *testing.T) {
	var labels []label
	for _, s := range []string{"首页", "会议室", "重大项目", "重大会议", "重大会议", "政府会议信息公开目录", "领导信息", "会议", "重要会议", "政策"} {
		labels = append(labels, label{text: s, norm: letters(s), link: true})
	}
	labels = append(labels, label{text: "重大会议信息", norm: "重大会议信息"}) // no link
	got := nearest(labels, names("重大会议信息", nil))
	if want := []string{"重大会议", "政府会议信息公开目录", "会议", "会议室", "重大项目"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := nearest(labels, names("x", nil)); got != nil {
		t.Errorf("got %q for a name that shares nothing", got)
	}
}
