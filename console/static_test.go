package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"xuncha/board"
)

func nil2() *board.Board { return nil }

func noonNow() time.Time { return noon }

func ask(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestStaticFilesAreKeptByBrowsers(t *testing.T) {
	h := newConsole(t, nil, viewer)
	path := assetURL("console.css")
	plain, zipped := ask(h, path), ask(h, path, "Accept-Encoding", "br, gzip")
	if got := plain.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	if ask(h, "/static/console.css?v=old").Header().Get("Cache-Control") != "no-cache" {
		t.Error("a file under an old address is kept for ever")
	}
	r, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(body, plain.Body.Bytes()) {
		t.Errorf("unpacked it is another: %v", err)
	}
	if plain.Header().Get("ETag") == zipped.Header().Get("ETag") || zipped.Header().Get("Vary") != "Accept-Encoding" {
		t.Error("the two forms are not told apart")
	}
	if w := ask(h, path, "Accept-Encoding", "gzip", "If-None-Match", zipped.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked again: %d with %d bytes", w.Code, w.Body.Len())
	}
	for _, path := range []string{"/static/", "/static/../console.go", "/static/vendor/", "/static/none"} {
		if w := ask(h, path); w.Code == http.StatusOK {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	if w := ask(h, "/sites", "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a page is packed for whoever refused it")
	}
}

// What a first view of the overview loads, packed, before the charts.
func TestFirstViewIsSmall(t *testing.T) {
	h := newConsole(t, bigTown(t, 700), signer)
	total := 0
	for _, path := range []string{"/", assetURL("console.css"), assetURL("console.js"), assetURL("charts.js"), assetURL("icon.svg"), assetURL("vendor/htmx.min.js")} {
		total += ask(h, path, "Accept-Encoding", "gzip").Body.Len()
	}
	if total > 60<<10 {
		t.Errorf("a first view takes %d bytes", total)
	}
	if w := ask(h, "/columns?size=500", "Accept-Encoding", "gzip"); w.Code != http.StatusOK || w.Body.Len() > 200<<10 {
		t.Errorf("500 rows take %d bytes (%d)", w.Body.Len(), w.Code)
	}
}

// The scripts of others are those that the table beside them names.
func TestVendoredFilesAreAsPublished(t *testing.T) {
	table := string(assets()["vendor/README.md"].body)
	for name, a := range assets() {
		base, vendored := strings.CutPrefix(name, "vendor/")
		if !vendored || !strings.HasSuffix(base, ".js") {
			continue
		}
		sum := sha256.Sum256(a.body)
		if !strings.Contains(table, "| "+base+" |") || !strings.Contains(table, hex.EncodeToString(sum[:])) {
			t.Errorf("%s has the digest %x, which the table does not name", base, sum)
		}
		if _, ok := assets()["vendor/"+strings.TrimSuffix(base, ".min.js")+".LICENSE"]; !ok {
			t.Errorf("%s has no licence beside it", base)
		}
	}
}

func BenchmarkColumns(b *testing.B) {
	h := newConsole(b, bigTown(b, 700), viewer)
	for b.Loop() {
		if w := ask(h, "/columns", "Accept-Encoding", "gzip"); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

func BenchmarkOverview(b *testing.B) {
	h := newConsole(b, bigTown(b, 700), viewer)
	for b.Loop() {
		if w := ask(h, "/", "Accept-Encoding", "gzip"); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
