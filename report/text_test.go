package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"ordinary", "工作动态--通知公告公示", "工作动态--通知公告公示"},
		{"terminal escape", "a\x1b[2Jb", "a [2Jb"},
		{"line breaks", " 一\r\n二\u2028三 ", "一  二 三"},
		{"right to left override", "\u202egpj.exe\u202c", "gpj.exe"},
		{"zero width", "阳\u200b泉\ufeff", "阳泉"},
		{"broken bytes", "a\xffb", "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean(tt.in); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	for in, want := range map[string]int{
		"": 0, "abc": 3, "栏目": 4, "2023年8月23日": 13, "（微博）": 8, "e\u0301": 1, "𠀀": 2, "가": 2, "■": 1, "…": 1,
	} {
		if got := width(in); got != want {
			t.Errorf("%q: got %d cells, want %d", in, got, want)
		}
	}
}

func TestCutKeepsWholeCharacters(t *testing.T) {
	tests := []struct {
		in    string
		cells int
		want  string
	}{
		{"通知公告", 8, "通知公告"},
		{"通知公告", 7, "通知公…"},
		{"通知公告", 6, "通知…"},
		{"abc", 2, "a…"},
		{strings.Repeat("长", 10000), 5, "长长…"},
	}
	for _, tt := range tests {
		if got := cut(tt.in, tt.cells); got != tt.want {
			t.Errorf("%.20q to %d cells: got %q, want %q", tt.in, tt.cells, got, tt.want)
		}
	}
}

func TestGuardDisarmsFormulas(t *testing.T) {
	for in, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`,
		"+1":                         "'+1",
		"-1":                         "'-1",
		"@SUM(A1)":                   "'@SUM(A1)",
		"\t=1":                       "'=1",
		"\u202e=1":                   "'=1",
		"＝1":                         "'＝1",
		"2023-08-23":                 "2023-08-23",
		"":                           "",
	} {
		if got := guard(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestGridAlignsWideText(t *testing.T) {
	var b strings.Builder
	grid(&b, []string{"单位", "n"}, [][]string{{"市公安局", "1"}, {"ab", "2"}}, 20)
	if want := "单位      n\n市公安局  1\nab        2\n"; b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestMarkdownCellShowsTextAsItIs(t *testing.T) {
	in := "a|b <img src=x> [l](javascript:1) `c` *d* _e_ \\ &lt;\n# f"
	want := "a\\|b &lt;img src=x&gt; \\[l\\](javascript:1) \\`c\\` \\*d\\* \\_e\\_ \\\\ &amp;lt; # f"
	if got := markdownCell(in); got != want {
		t.Errorf("%q: got %q, want %q", in, got, want)
	}
}

func FuzzDisplay(f *testing.F) {
	f.Add("=HYPERLINK(1)", 3)
	f.Add("通知\x1b[2J公告\u202e", 7)
	f.Add("\xff\xfe-1", 0)
	f.Add("\u200b@x", 1)
	f.Fuzz(func(t *testing.T, s string, cells int) {
		text := clean(s)
		if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("clean(%q) = %q is not fit for a line", s, text)
		}
		cells = 1 + max(0, cells)%200
		if got := cut(text, cells); width(got) > cells {
			t.Errorf("cut(%q, %d) = %q takes %d cells", text, cells, got, width(got))
		}
		if got := width(pad(text, cells)); got != max(cells, width(text)) {
			t.Errorf("pad(%q, %d) takes %d cells", text, cells, got)
		}
		if got := guard(s); got != "" && strings.ContainsAny(got[:1], "=+-@\t\r\n") {
			t.Errorf("guard(%q) = %q begins a formula", s, got)
		}
	})
}

func FuzzWindow(f *testing.F) {
	for _, s := range []string{"P14D", "P6M", "P1Y", "P1Y6M", "P10D", "", "P", "PD", "P99999999999999999999D", "X"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := chinese.window(s); strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("window(%q) = %q", s, got)
		}
	})
}

func TestWindowInWords(t *testing.T) {
	for in, want := range map[string][2]string{
		"P14D": {"2周", "2 weeks"}, "P7D": {"1周", "1 week"}, "P10D": {"10天", "10 days"}, "P6M": {"6个月", "6 months"},
		"P1Y": {"1年", "1 year"}, "P1Y6M": {"1年6个月", "1 year 6 months"}, "": {"", ""}, "PT1H": {"PT1H", "PT1H"},
	} {
		if zh, en := chinese.window(in), english.window(in); zh != want[0] || en != want[1] {
			t.Errorf("%q: got %q and %q, want %q", in, zh, en, want)
		}
	}
}
