package gongwen

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// hostile are titles as a site may have them, and what is to be read instead.
var hostile = []struct{ name, text, shown string }{
	{"a formula", `=HYPERLINK("http://a.example/","点")`, `=HYPERLINK("http://a.example/","点")`},
	{"a script", `<script>alert(1)</script>`, `<script>alert(1)</script>`},
	{"an end of everything", `</w:t></title></style></table>]]>-->"'` + "`", `</w:t></title></style></table>]]>-->"'` + "`"},
	{"entities", `&lt;b&gt; &amp;#60; &`, `&lt;b&gt; &amp;#60; &`},
	{"a link of Markdown", `[点我](javascript:alert(1)) ![x](http://a.example/x.png)`, `[点我](javascript:alert(1)) ![x](http://a.example/x.png)`},
	{"marks of Markdown", `*a* _b_ ~~c~~ |d| # e \f`, `*a* _b_ ~~c~~ |d| # e \f`},
	{"control characters", "甲\x00乙\x1b[31m丙\u0085", "甲乙[31m丙"},
	{"what XML forbids", "甲\ufffe乙\uffff丙\xff丁\xed\xa0\x80", "甲乙丙丁"},
	{"marks that turn the direction", "甲\u202e乙\u2067丙\u200f丁", "甲乙丙丁"},
	{"hidden characters", "甲\u200b乙\ufeff丙\u00ad丁\U000E0041", "甲乙丙丁"},
	{"letters written from the right stay", "甲שלום乙", "甲שלום乙"},
	{"a name with a rare character stays", "市\U00030EDD镇\U000E0100", "市\U00030EDD镇\U000E0100"},
	{"an action of a template", `{{.Title}} ${x} %s`, `{{.Title}} ${x} %s`},
}

// with is a document that has text wherever a text can be.
func with(text string) Document {
	table := Table{Columns: []Column{{Title: text}, {Title: "乙"}}}
	table.Add(text, "2")
	return Document{
		Head:        &Head{Issuer: text, Number: text, SignedBy: []string{text}},
		Title:       []string{text},
		To:          text,
		Body:        []Block{Text(text), Heading{Level: 1, Text: text}, Heading{Level: 2, Text: text, Body: text}, Caption{Text: text}, table, Picture{Data: picturePNG(2, 2), Alt: text}},
		Attachments: []Attachment{{Title: text, Body: []Block{Text(text)}}},
		Signature:   &Signature{Issuer: text},
		Note:        text,
		Imprint:     &Imprint{CopyTo: text, PrintedBy: text},
		Banner:      text,
		Properties:  []Property{{text + "x", text}},
	}
}

// least is how often the text of with is to be read at least: all but what is
// wrapped in a format of its own, or no text there.
const least = 14

func TestHostileTextIsText(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			d := with(tt.text)
			for format, said := range map[string]string{
				"docx": document(t, d).says(),
				"html": textOfHTML(t, written(t, d, Document.HTML)),
				"md":   unescaped(written(t, d, Document.Markdown)),
				"txt":  written(t, d, Document.Text),
			} {
				if got := strings.Count(said, tt.shown); got < least {
					t.Errorf("%s: %q shows %d times, want %d: %s", format, tt.shown, got, least, said)
				}
			}
		})
	}
}

// unescaped undoes what makes text of the marks of Markdown.
func unescaped(md string) string {
	var b strings.Builder
	for i := 0; i < len(md); i++ {
		if md[i] == '\\' && i+1 < len(md) {
			i++
		}
		b.WriteByte(md[i])
	}
	return b.String()
}

// textOfHTML returns the text of a page; a test fails if there is anything in it
// that runs, loads or leads elsewhere.
func textOfHTML(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "style":
			b.WriteString(n.Data)
		case n.Type != html.ElementNode:
			continue
		case n.Data == "br":
			b.WriteString("\n")
		case n.Data == "script", n.Data == "a", n.Data == "link", n.Data == "iframe", n.Data == "object", n.Data == "base", n.Data == "form":
			t.Errorf("there is a <%s> on the page", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" || a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/png;base64,") && !strings.HasPrefix(a.Val, "data:image/jpeg;base64,") {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
	return b.String()
}

func TestATitleOfTenThousandCharactersWraps(t *testing.T) {
	for name, text := range map[string]string{"Chinese": strings.Repeat("长", 10_000), "without a blank": strings.Repeat("a", 10_000)} {
		d := with(text)
		if got := strings.Count(document(t, d).says(), text); got < least {
			t.Errorf("%s: DOCX has it %d times", name, got)
		}
		if page := written(t, d, Document.HTML); !strings.Contains(page, text) || !strings.Contains(page, "overflow-wrap: anywhere") {
			t.Errorf("%s: HTML lacks it, or does not wrap it", name)
		}
		title, _, _ := strings.Cut(written(t, Document{Title: []string{text}}, Document.Text), "\n")
		if columns(title) > textWidth {
			t.Errorf("%s: a line of text is %d wide, want at most %d", name, columns(title), textWidth)
		}
	}
}

// A banner is also written into the style sheet, for the heads of printed pages.
func TestABannerCannotLeaveTheStyleSheet(t *testing.T) {
	page := written(t, Document{Title: []string{"题"}, Banner: `"} </style><script>x</script> \`}, Document.HTML)
	textOfHTML(t, page)
	want := `content: "\000022\00007d\000020\00003c\00002fstyle\00003e\00003cscript\00003ex\00003c\00002fscript\00003e\000020\00005c"`
	if !strings.Contains(page, want) {
		t.Errorf("want %s in %s", want, page)
	}
}

func FuzzText(f *testing.F) {
	for _, h := range hostile {
		f.Add(h.text)
	}
	f.Add("1. a\n- b\n    c\r\n=")
	f.Fuzz(func(t *testing.T, text string) {
		if got := clean(text); !utf8.ValidString(got) || clean(got) != got {
			t.Errorf("%q: cleaned to %q, and again to %q", text, got, clean(got))
		}
		d := with("甲" + text)
		docx := document(t, d).says()
		for part := range strings.SplitSeq(clean(text), "\n") {
			if !strings.Contains(docx, part) {
				t.Errorf("%q: DOCX lacks %q", text, part)
			}
		}
		textOfHTML(t, written(t, d, Document.HTML))
		for _, w := range writers[2:] {
			if got := written(t, d, w.write); !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\u202e") {
				t.Errorf("%q: %s is %q", text, w.ext, got)
			}
		}
	})
}

func FuzzPicture(f *testing.F) {
	f.Add(picturePNG(3, 2))
	f.Add(pictureJPEG(3, 2))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := measure(Picture{Data: data}, paperOf(false))
		if err == nil && (!(p.width > 0) || p.width > paperOf(false).areaWidth() || !(p.height > 0) || p.height > paperOf(false).areaHeight()) {
			t.Errorf("%v by %v mm", p.width, p.height)
		}
	})
}
