package gongwen

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// An office is a real word processor, which opens what we write.
type office struct{ dir string }

func newOffice(t *testing.T, docx string) office {
	t.Helper()
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Fatal("this test needs LibreOffice: run scripts/need")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notice.docx"), []byte(docx), 0o600); err != nil {
		t.Fatal(err)
	}
	return office{dir}
}

// converted returns the document in another format.
func (o office) converted(t *testing.T, ext, filter string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+filepath.Join(o.dir, "profile"),
		"--headless", "--convert-to", ext+filter, "--outdir", o.dir, filepath.Join(o.dir, "notice.docx"))
	cmd.Env = append(os.Environ(), "HOME="+o.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(o.dir, "notice."+ext))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLibreOfficeReadsWhatWasWritten(t *testing.T) {
	d := issued()
	d.Attachments[1].Body = append(d.Attachments[1].Body, Text(`=HYPERLINK("http://a.example/") <script> &amp;`), Picture{Data: picturePNG(30, 20)})
	o := newOffice(t, written(t, d, Document.DOCX))

	text := o.converted(t, "txt", ":Text (encoded):UTF8")
	var want []string
	s, err := lay(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(s.parts, s.imprint...) {
		if said := p.text(); said != "" {
			want = append(want, said)
		}
	}
	for _, said := range want {
		_, rest, found := strings.Cut(text, said)
		if !found {
			t.Fatalf("LibreOffice lacks %q, or has it out of order: %s", said, text)
		}
		text = rest
	}

	tables := tablesOf(t, o.converted(t, "html", ""))
	for i, name := range []string{"accounts", "proposals", "columns of units"} {
		g, err := resolve(d.Attachments[i].Body[0].(Table), paperOf(false).areaWidth())
		if err != nil {
			t.Fatal(err)
		}
		if want := gridOf(g); !slices.Equal(tables[i], want) {
			t.Errorf("%s: LibreOffice has\n%s\nwant\n%s", name, strings.Join(tables[i], "\n"), strings.Join(want, "\n"))
		}
	}

	pages := regexp.MustCompile(`/Type\s*/Page\b`).FindAllString(o.converted(t, "pdf", ""), -1)
	if len(pages) != 7 {
		t.Errorf("%d pages, want 4 of text and 3 of attachments", len(pages))
	}
}

// gridOf shows a grid, a cell as its text and the rows it takes.
func gridOf(g *grid) []string {
	var rows []string
	for _, row := range g.rows {
		var cells []string
		for _, s := range row {
			if s.cover == origin {
				cells = append(cells, s.text+strings.Repeat("v", s.rowSpan-1))
			}
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return rows
}

// tablesOf shows the tables of a page like gridOf.
func tablesOf(t *testing.T, page string) [][]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var tables [][]string
	for n := range doc.Descendants() {
		switch n.Data {
		case "table":
			tables = append(tables, nil)
		case "tr":
			var cells []string
			for c := range n.ChildNodes() {
				if c.Data != "td" {
					continue
				}
				text := strings.Join(strings.Fields(inner(c)), "")
				for _, a := range c.Attr {
					if a.Key == "rowspan" {
						text += strings.Repeat("v", int(a.Val[0]-'1'))
					}
				}
				cells = append(cells, text)
			}
			last := len(tables) - 1
			tables[last] = append(tables[last], strings.Join(cells, "|"))
		}
	}
	return tables
}
