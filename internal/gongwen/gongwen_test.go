package gongwen

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// writers are the formats by the ends of their files' names.
var writers = []struct {
	ext   string
	write func(Document, io.Writer) error
}{
	{"docx", Document.DOCX},
	{"html", Document.HTML},
	{"md", Document.Markdown},
	{"txt", Document.Text},
}

func written(t testing.TB, d Document, write func(Document, io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(d, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	for _, w := range writers {
		want := written(t, everything(), w.write)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if got := written(t, everything(), w.write); got != want {
					t.Errorf("%s: written again: %d bytes that differ from the first %d", w.ext, len(got), len(want))
				}
			})
		}
		all.Wait()
	}
}

func TestADocumentOfTheFewestParts(t *testing.T) {
	d := Document{Title: []string{"关于检查情况的通报"}}
	for _, w := range writers {
		if got := written(t, d, w.write); got == "" {
			t.Errorf("%s: nothing", w.ext)
		}
	}
	if got, want := written(t, d, Document.Markdown), "# 关于检查情况的通报\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// lines returns the paragraphs of d as they are laid out.
func lines(t *testing.T, d Document) []string {
	t.Helper()
	s, err := lay(d)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range s.parts {
		if p.grid == nil && p.picture == nil {
			lines = append(lines, p.labelled())
		}
	}
	return lines
}

func TestElementsComeInTheOrderOfTheStandard(t *testing.T) {
	d := issued()
	d.Body = []Block{Text("正文。")}
	got := lines(t, d)
	want := []string{
		"阳泉市人民政府办公室文件", "阳政办函〔2023〕15号",
		"阳泉市人民政府办公室\n关于2023年第三季度全市政府网站\n和政务新媒体检查情况的通报",
		"各县（区）人民政府，市直各单位：", "正文。",
		"附件：1. 2023年第三季度不合格政务新媒体问题情况", "2. 2023年各县区建议提案栏目更新情况", "3. 2023年信息公开动态类栏目更新情况",
		"阳泉市人民政府办公室", "2023年10月11日", "（此件公开发布）",
		"附件1", "2023年第三季度不合格政务新媒体问题情况",
		"附件2", "2023年各县区建议提案栏目更新情况",
		"附件3", "2023年信息公开动态类栏目更新情况",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestHeadingsAreNumberedByTheirPlace(t *testing.T) {
	body := func(levels ...int) []Block {
		var blocks []Block
		for _, level := range levels {
			blocks = append(blocks, Heading{Level: level, Text: "甲"})
		}
		return blocks
	}
	d := Document{Title: []string{"题"}, Body: body(1, 2, 2, 3, 3, 4, 4, 2, 3, 1, 2, 1, 3), Attachments: []Attachment{{Title: "表", Body: body(1, 2)}}}
	got := strings.Join(lines(t, d), " ")
	want := "题 一、甲 （一）甲 （二）甲 1.甲 2.甲 （1）甲 （2）甲 （三）甲 1.甲 二、甲 （一）甲 三、甲 1.甲 附件：表 附件 表 一、甲 （一）甲"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestChineseNumerals(t *testing.T) {
	for n, want := range map[int]string{
		1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 100: "一百", 101: "一百零一", 110: "一百一十", 111: "一百一十一", 250: "二百五十", 999: "九百九十九", 1000: "1000",
	} {
		if got := chinese(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestAttachments(t *testing.T) {
	tests := []struct {
		name        string
		attachments []Attachment
		want        []string
	}{
		{"one has no number", []Attachment{{Title: "情况表", Body: []Block{Text("表")}}}, []string{"附件：情况表", "附件", "情况表", "表"}},
		{"one that is sent apart has no page but keeps its number",
			[]Attachment{{Title: "甲"}, {Title: "乙", Body: []Block{Text("表")}}}, []string{"附件：1. 甲", "2. 乙", "附件2", "乙", "表"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := lines(t, Document{Title: []string{"题"}, Attachments: tt.attachments})[1:]; !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// 7.3.4: a name goes on below its first character, with ten attachments too.
func TestNamesOfAttachmentsStandBelowEachOther(t *testing.T) {
	d := Document{Title: []string{"题"}}
	for range 10 {
		d.Attachments = append(d.Attachments, Attachment{Title: "情况"})
	}
	s, err := lay(d)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range s.parts[1:] {
		if first := p.left - p.hang; p.left != 7 || i == 0 && first != 2 || i > 0 && first != 5 {
			t.Errorf("%s: begins at %v, its name at %v; want 2 or 5, and 7", p.label, first, p.left)
		}
	}
}

func TestWhereASignatureStands(t *testing.T) {
	day := time.Date(2023, 10, 11, 0, 0, 0, 0, time.UTC) // seven characters wide
	tests := []struct {
		name         string
		sign         Signature
		issuer, date float64 // blank characters at the right
	}{
		{"the date begins two characters after the name", Signature{Issuer: "阳泉市人民政府办公室", Date: day}, 2, 3},
		{"a date longer than the name stands two characters from the margin", Signature{Issuer: "阳泉市政府", Date: day}, 6, 2},
		{"below a seal the name is centred above the date, four from the margin", Signature{Issuer: "市政府办公室", Date: day, Sealed: true}, 4.5, 4},
		{"below a seal a long name decides", Signature{Issuer: "阳泉市城市管理综合行政执法局", Date: day, Sealed: true}, 2, 5.5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := lay(Document{Title: []string{"题"}, Signature: &tt.sign})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.parts[1].right; got != tt.issuer {
				t.Errorf("%s: %v characters to the margin, want %v", tt.sign.Issuer, got, tt.issuer)
			}
			if got := s.parts[2].right; got != tt.date {
				t.Errorf("date: %v characters to the margin, want %v", got, tt.date)
			}
		})
	}
}

func TestADayHasNoLeadingZeroes(t *testing.T) {
	beijing := time.FixedZone("", 8*3600)
	if got, want := date(time.Date(2024, 1, 2, 0, 30, 0, 0, beijing)), "2024年1月2日"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhoSignedADocumentThatGoesUpwards(t *testing.T) {
	d := Document{Title: []string{"请示"}, Head: &Head{Issuer: "阳泉市人民政府文件", Number: "阳政〔2023〕9号", SignedBy: []string{"甲某某", "乙某"}}}
	got := strings.Split(written(t, d, Document.Text), "\n")
	if want := "  阳政〔2023〕9号                 签发人：甲某某　乙某"; got[2] != want {
		t.Errorf("got %q, want %q", got[2], want)
	}
}

func TestWhatCannotBeLaidOutIsRefusedAtOnce(t *testing.T) {
	two := []Column{{Title: "甲"}, {Title: "乙"}}
	d := Document{
		Body: []Block{
			Heading{Level: 5, Text: "甲"},
			Table{},
			Table{Columns: two, Rows: [][]Cell{{{}}}},
			Table{Columns: two, Rows: [][]Cell{{{}, {}, {}}}},
			Table{Columns: two, Rows: [][]Cell{{{RowSpan: 2}, {}}}},
			Table{Columns: two, Rows: [][]Cell{{{}, {RowSpan: 2}}, {{ColSpan: 2}}}},
			Table{Columns: two, Head: [][]Cell{{{RowSpan: 2}, {}}}, Rows: [][]Cell{{{}, {}}}},
			Picture{Data: []byte("GIF89a")},
			nil,
		},
		Attachments: []Attachment{{Body: []Block{Table{}}}},
		Properties:  []Property{{"", "x"}, {"Round", "1"}, {"round", "2"}},
	}
	err := d.Validate()
	if !errors.Is(err, ErrNoTitle) {
		t.Errorf("no title: got %v", err)
	}
	want := `property 1: no name
property "round": given twice
no title
body: block 1: heading of level 5, want 1 to 4
body: block 2: table: no columns
body: block 3: table: row 1: no cell in column 2 of 2
body: block 4: table: row 1, cell 3: reaches out of the table
body: block 5: table: row 1, cell 1: reaches out of the table
body: block 6: table: row 2, cell 1: reaches into another cell
body: block 7: table: head: row 1, cell 1: reaches out of the table
body: block 8: picture: neither PNG nor JPEG
body: block 9: <nil> is no block
attachment 1: no title
attachment 1: block 1: table: no columns`
	if got := err.Error(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, w := range writers {
		var b bytes.Buffer
		if err := w.write(d, &b); err == nil || b.Len() > 0 {
			t.Errorf("%s: wrote %d bytes of a document that cannot be laid out, error %v", w.ext, b.Len(), err)
		}
	}
}

func TestColumnsAreAsWideAsWhatMayNotBeBroken(t *testing.T) {
	table := notice().Attachments[0].Body[0].(Table)
	g, err := resolve(table, paperOf(false).areaWidth())
	if err != nil {
		t.Fatal(err)
	}
	if got := sum(g.shares); got < 0.999 || got > 1.001 {
		t.Errorf("shares %v: sum %v, want 1", g.shares, got)
	}
	if points := g.shares[3] * paperOf(false).areaWidth() * pointsPerMM; points < 98 {
		t.Errorf("a code of 16 figures at %v points has %.0f points of room", g.points, points)
	}
	table.Columns[0].Width, table.Columns[1].Width = 1, 3
	if g, err = resolve(table, paperOf(false).areaWidth()); err != nil {
		t.Fatal(err)
	}
	if ratio := g.shares[1] / g.shares[0]; ratio < 2.9 || ratio > 3.1 || g.shares[4] == 0 {
		t.Errorf("widths 1 and 3 asked for: shares %v", g.shares)
	}
}
