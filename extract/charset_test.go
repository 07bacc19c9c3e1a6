package extract

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const chinese = "阳泉市人民政府办公室关于印发二〇二三年政务公开工作要点的通知，各县（区）人民政府，市直各单位"

func encoded(t *testing.T, enc encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatalf("encode %q: %v", s, err)
	}
	return b
}

func TestDecode(t *testing.T) {
	gbk := func(s string) []byte { return encoded(t, simplifiedchinese.GB18030, s) }
	page := func(meta string) string {
		return "<html><head>" + meta + "<title>" + chinese + "</title></head><body>" + strings.Repeat(chinese, 3) + "</body></html>"
	}
	gb2312 := `<meta charset="gb2312">`
	utf8 := `<meta http-equiv="Content-Type" content="text/html; charset=utf-8">`
	far := strings.Repeat(" ", 1100)
	tests := []struct {
		name        string
		body        []byte
		contentType string
		charset     string
		how         string
	}{
		{"header alone", gbk(page("")), "text/html; charset=GBK", "gb18030", "header"},
		{"meta alone", gbk(page(gb2312)), "text/html", "gb18030", "meta"},
		{"nothing declared, UTF-8", []byte(page("")), "text/html", "utf-8", "utf-8"},
		{"nothing declared, GBK", gbk(page("")), "text/html", "gb18030", "statistics"},
		{"declared in header and right", []byte(page("")), "text/html; charset=utf-8", "utf-8", "header"},
		{"declared in meta and right", []byte(page(utf8)), "", "utf-8", "meta"},
		{"header says gb2312, the bytes are UTF-8", []byte(page(utf8)), "text/html; charset=gb2312", "utf-8", "utf-8"},
		{"meta says gbk, the bytes are UTF-8", []byte(page(gb2312)), "", "utf-8", "utf-8"},
		{"header says utf-8, the bytes are GBK", gbk(page("")), "text/html; charset=utf-8", "gb18030", "statistics"},
		{"header says utf-8, meta says gb2312 and is right", gbk(page(gb2312)), "text/html; charset=utf-8", "gb18030", "meta"},
		{"header says Latin-1 as servers do", gbk(page(gb2312)), "text/html; charset=ISO-8859-1", "gb18030", "meta"},
		{"header names no encoding there is", []byte(page("")), "text/html; charset=klingon", "utf-8", "utf-8"},
		{"meta behind the first kilobyte does not count", gbk(far + page(gb2312)), "", "gb18030", "statistics"},
		{"the first of two metas", gbk(page(gb2312 + utf8)), "", "gb18030", "meta"},
		{"XML declaration", gbk(`<?xml version="1.0" encoding="GB2312"?><rss><title>` + chinese + `</title></rss>`), "", "gb18030", "meta"},
		{"UTF-8 with a byte order mark", append([]byte("\xEF\xBB\xBF"), page(gb2312)...), "text/html; charset=gbk", "utf-8", "bom"},
		{"UTF-16 with a byte order mark", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), page("")), "", "utf-16le", "bom"},
		{"UTF-16 without", encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), page("")), "", "utf-16be", "statistics"},
		{"Big5 by declaration", encoded(t, traditionalchinese.Big5, `<meta charset="big5">政府資訊公開`), "", "big5", "meta"},
		{"ASCII", []byte("<html>plain</html>"), "", "utf-8", "utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, name, how := Decode(tt.body, tt.contentType)
			if name != tt.charset || how != tt.how {
				t.Errorf("got %s by %s, want %s by %s", name, how, tt.charset, tt.how)
			}
			if want := "政"; tt.name != "ASCII" && !bytes.Contains(text, []byte(want)) {
				t.Errorf("the text holds no %q: %.80q", want, text)
			}
			if damaged(text) {
				t.Errorf("damaged: %.80q", text)
			}
		})
	}
}

// Names need characters that gb2312 lacks, whatever a page declares.
func TestDecodeReadsAllOfGB18030(t *testing.T) {
	const names = "朱镕基 陶喆 㐂 𠮷"
	body := encoded(t, simplifiedchinese.GB18030, `<meta charset="gb2312">`+names)
	text, _, _ := Decode(body, "text/html; charset=gb2312")
	if !bytes.Contains(text, []byte(names)) {
		t.Errorf("got %q, want it to hold %q", text, names)
	}
}

func TestDecodeKeepsUTF8WithAHalfCharacter(t *testing.T) {
	body := []byte("<title>" + strings.Repeat(chinese, 2) + "\xe4\xb8...</title>")
	text, name, how := Decode(body, "text/html; charset=utf-8")
	if name != "utf-8" || how != "header" || !bytes.Contains(text, []byte(chinese)) {
		t.Errorf("got %s by %s, %.60q; want utf-8 by header with its text", name, how, text)
	}
}

// A few GBK characters can be valid UTF-8 by accident.
func TestDecodeOfShortGBKThatLooksLikeUTF8(t *testing.T) {
	body := encoded(t, simplifiedchinese.GB18030, "联通")
	if text, name, _ := Decode(body, "text/html; charset=gbk"); string(text) != "联通" {
		t.Errorf("got %q as %s, want 联通 as gb18030", text, name)
	}
}

func TestUndecodablePageIsLost(t *testing.T) {
	for name, body := range map[string][]byte{
		"HZ":           []byte(`<meta charset="hz-gb-2312"><ul class="l"><li><a href="/1">~{<:Ky2;S{~}</a> 2023-08-23</li></ul>` + "\x80\x81\x82"),
		"random bytes": append([]byte(`<meta charset="utf-16">`), bytes.Repeat([]byte{0xff, 0x00, 0xfe, 0x81, 0x20}, 400)...),
	} {
		got := readList(t, Recipe{List: "ul.l", Item: "li"}, string(body))
		if got.Outcome != Unread || got.Reason == "" {
			t.Errorf("%s: got %s %s, want unread", name, got.Outcome, got.Reason)
		}
	}
}

func encodedPage(t testing.TB, page []byte) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes(page)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Statistics cost more than reading the page: they are asked of no page that
// declares an encoding that fits, wherever and however it does.
func TestStatisticsAreTheLastResort(t *testing.T) {
	body := listOf(chinese+" | 2023-08-23", "公告 | 2023-08-20")
	for _, enc := range []struct {
		encoding encoding.Encoding
		labels   []string
	}{
		{unicode.UTF8, []string{"utf-8", "UTF8", "unicode-1-1-utf-8"}},
		{simplifiedchinese.GB18030, []string{"gb2312", "GBK", "gb18030", "x-gbk", "GB_2312-80"}},
	} {
		for _, label := range enc.labels {
			bare := string(encoded(t, enc.encoding, body))
			for how, page := range map[string]struct{ body, header string }{
				howHeader: {bare, "text/html; charset=" + label},
				howMeta:   {strings.Replace(bare, "<head>", `<head><meta http-equiv=Content-Type content="text/html; charset=`+label+`">`, 1), "text/html"},
			} {
				if _, name, got := Decode([]byte(page.body), page.header); got != how {
					t.Errorf("%s by %s: read as %s by %s", label, how, name, got)
				}
			}
		}
	}
	if _, _, how := Decode(encoded(t, simplifiedchinese.GB18030, body), "text/html"); how != howStatistics {
		t.Errorf("GBK that declares nothing: known by %s", how)
	}
}

// The search for what is nearly UTF-8 may stop early, but never for a text that
// is.
func TestAlmostUTF8StopsOnlyWhereNothingCanHelp(t *testing.T) {
	good := strings.Repeat("通知公告", 30)
	for name, tt := range map[string]struct {
		text         string
		almost, wide bool
	}{
		"bad bytes first, then enough good ones": {strings.Repeat("\xb0", 12) + good, true, true},
		"bad bytes last":                         {good + strings.Repeat("\xb0", 12), true, true},
		"one bad byte too many":                  {strings.Repeat("\xb0", 13) + good, false, false},
		"bad bytes among plain ones":             {strings.Repeat("abcd\xb0", 400), false, false},
		"a text of GBK":                          {strings.Repeat("\xb9\xfa\xbc\xd2", 400), false, false},
		"few wide runes":                         {"通知" + strings.Repeat("é", 20) + "\xb0", true, false},
	} {
		almost, wide := almostUTF8([]byte(tt.text))
		if almost != tt.almost || almost && wide != tt.wide {
			t.Errorf("%s: got %t, %t; want %t, %t", name, almost, wide, tt.almost, tt.wide)
		}
	}
}
