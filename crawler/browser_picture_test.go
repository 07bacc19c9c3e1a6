package crawler

import (
	"bytes"
	"errors"
	"image/png"
	"path/filepath"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// pictured crawls one column and returns its pages.
func pictured(t *testing.T, c *Crawler, url string, picture bool) []extract.Page {
	t.Helper()
	var pages []extract.Page
	job := Job{Subjects: []inventory.Subject{column("a", url)}, Fresh: true, Picture: picture}
	if err := c.Crawl(t.Context(), job, func(v Visit) error { pages = v.Pages; return nil }); err != nil {
		t.Fatal(err)
	}
	return pages
}

// A picture is put behind the pages that a conclusion rests on, and only where
// somebody asked for it.
func TestAPictureIsTakenOfWhatIsConcludedFrom(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	w.site("a.gov.cn", paths(map[string]string{"/": filled, "/data.json": rows}))
	c := w.shows(shared())
	if pages := pictured(t, c, "http://a.gov.cn/", false); len(pages) != 1 {
		t.Errorf("%d pages where no picture was asked for", len(pages))
	}
	pages := pictured(t, c, "http://a.gov.cn/", true)
	if len(pages) != 2 {
		t.Fatalf("%d pages, want the page and its picture", len(pages))
	}
	p := pages[1]
	img, err := png.Decode(bytes.NewReader(p.Body))
	if err != nil || img.Bounds().Dx() != pictureWidth || img.Bounds().Dy() != pictureHeight {
		t.Fatalf("picture: %v", err)
	}
	if p.Why != extract.WhyPicture || !p.Rendered || p.SHA256 == "" || p.HeaderValue("Content-Type") != "image/png" || p.Class != "" {
		t.Errorf("page %+v", p)
	}
	again := pictured(t, c, "http://a.gov.cn/", true)
	if len(again) != 2 || again[1].SHA256 != p.SHA256 {
		t.Error("the same page has two pictures")
	}
	if pages := pictured(t, c, "http://a.gov.cn/gone", true); len(pages) != 1 {
		t.Error("a picture of what could not be read")
	}
}

// Without a browser there is no picture and nothing else is missing.
func TestNoBrowserNoPicture(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", text(list))
	none := quick()
	none.Path = filepath.Join(t.TempDir(), "chromium")
	absent := NewBrowser(none, nil)
	t.Cleanup(func() { absent.Close() })
	for name, b := range map[string]*Browser{"off": nil, "not installed": absent} {
		pages := pictured(t, w.shows(b), "http://a.gov.cn/", true)
		if len(pages) != 1 || pages[0].Class != "" {
			t.Errorf("%s: pages %+v", name, pages)
		}
	}
	if _, err := absent.Print(t.Context(), []byte("<p>")); !errors.Is(err, ErrNoBrowser) {
		t.Errorf("print without a browser: %v", err)
	}
}

// What is printed may hold what others wrote: nothing in it may be asked for.
func TestADocumentOfOursIsPrinted(t *testing.T) {
	needChromium(t)
	doc := []byte(`<!DOCTYPE html><style>@page{size:A4}</style><p>证据单</p><img src="http://a.gov.cn/x.png"><script>fetch("http://a.gov.cn/")</script>`)
	w := newWorld(t)
	site := w.site("a.gov.cn", text(list))
	first, err := shared().Print(t.Context(), doc)
	if err != nil || !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Fatalf("%v: %.20q", err, first)
	}
	second, err := shared().Print(t.Context(), doc)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("printed twice, it differs (%d and %d bytes): %v", len(first), len(second), err)
	}
	if n := site.count(); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}
