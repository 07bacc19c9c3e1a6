package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// An asset is one file under /static/, as it is served.
type asset struct {
	body    []byte
	kind    string // its media type
	version string // of its bytes; part of the address that pages use
	zipped  func() []byte
}

// assets are the files under /static/ by name. They are part of the program and
// never change while it runs.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	dir, err := fs.Sub(files, "static")
	if err != nil {
		return all
	}
	_ = fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error { // what is embedded can be read
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		a := asset{body: body, kind: mime.TypeByExtension(path.Ext(name)), version: hex.EncodeToString(sum[:6])}
		if a.kind == "" {
			a.kind = "text/plain; charset=utf-8" // licences
		}
		a.zipped = sync.OnceValue(func() []byte { return zip(body) })
		all[name] = a
		return nil
	})
	return all
})

// assetURL is the address of a file under /static/ for pages: it changes with the
// file, so that browsers may keep it for ever.
func assetURL(name string) string { return "/static/" + name + "?v=" + assets()[name].version }

// static serves the program's own scripts and styles.
func static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets()[strings.TrimPrefix(r.URL.Path, "/static/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Vary", "Accept-Encoding")
		h.Set("Cache-Control", "no-cache")
		if r.URL.Query().Get("v") == a.version {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		body, etag := a.body, a.version
		if takesGzip(r) {
			body, etag = a.zipped(), etag+"-gzip"
			h.Set("Content-Encoding", "gzip")
		}
		h.Set("ETag", `"`+etag+`"`)
		if strings.Contains(r.Header.Get("If-None-Match"), `"`+etag+`"`) {
			h.Del("Content-Encoding")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // whoever went away misses nothing
	})
}

// smallest is the size from which an answer is worth compressing.
const smallest = 1 << 10

// send answers with bytes that are all there, compressed where that is asked for.
func send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	sendPieces(w, r, status, kind, newPiece(body))
}

// ofGzip ends the names of answers that are compressed.
const ofGzip = "-gzip"

// sendPieces answers with several pieces, one behind the other.
func sendPieces(w http.ResponseWriter, r *http.Request, status int, kind string, pieces ...*piece) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	size := 0
	for _, p := range pieces {
		size += len(p.raw)
	}
	var parts [][]byte
	if size >= smallest && takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		if tag, whole := strings.CutSuffix(h.Get("ETag"), `"`); whole {
			h.Set("ETag", tag+ofGzip+`"`) // other bytes have another name
		}
		parts = gzipped(pieces)
	} else {
		for _, p := range pieces {
			parts = append(parts, p.raw)
		}
	}
	size = 0
	for _, part := range parts {
		size += len(part)
	}
	h.Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
	for _, part := range parts {
		_, _ = w.Write(part) // whoever went away misses nothing
	}
}

// sendJSON answers a script of ours with numbers.
func sendJSON(w http.ResponseWriter, q *request, v any) error {
	body, err := json.Marshal(v)
	if err == nil {
		send(w, q.Request, http.StatusOK, "application/json; charset=utf-8", body)
	}
	return err
}

// takesGzip reports whether whoever asks can unpack gzip.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			_, q, found := strings.Cut(weight, "=")
			n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			return !found || err != nil || n > 0
		}
	}
	return false
}
