package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"xuncha/extract"
)

// A bodyReader reads bodies whole, within limits that are counted after their
// content coding is removed. It is safe for concurrent use.
type bodyReader struct {
	cfg     Config
	unzips  sync.Pool // *gzip.Reader
	buffers sync.Pool // *bytes.Buffer
}

// maxBuffer is the most that a buffer may hold and still be used again.
const maxBuffer = 1 << 20

// A wire is a body as it comes, watched for its pace.
type wire struct {
	body io.Reader
	got  atomic.Int64
	end  error // of body; nil before its end
}

// Read reads from the body.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	w.got.Add(int64(n))
	if err != nil {
		w.end = err
	}
	return n, err
}

// watch gives the request up when its body comes too slowly. The caller must
// call stop at the end.
func (w *wire) watch(cfg Config, giveUp context.CancelCauseFunc) (stop func()) {
	least := int64(float64(cfg.MinRate) * cfg.RateWindow.Seconds())
	var mu sync.Mutex
	var timer *time.Timer
	stopped, before := false, int64(0) // guarded by mu
	check := func() {
		mu.Lock()
		defer mu.Unlock()
		now := w.got.Load()
		switch {
		case stopped:
		case now-before < least:
			giveUp(errTooSlow)
		default:
			before = now
			timer.Reset(cfg.RateWindow)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(cfg.RateWindow, check)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		timer.Stop()
	}
}

// A read is a body, or what is wrong with it.
type read struct {
	body []byte // with ClassBodyTooLarge only if a cut body is of use
	wire int64
	err  error
	failure
}

// refuse is a body that is not read.
func refuse(class extract.Class, format string, args ...any) read {
	return read{failure: failure{class, clip(fmt.Sprintf(format, args...))}}
}

// read reads the body of a response, up to the limit of its question.
func (b *bodyReader) read(resp *http.Response, q question, giveUp context.CancelCauseFunc) read {
	limit := q.limit
	coding := codings(resp.Header)
	switch {
	case len(coding) > 1 || len(coding) == 1 && coding[0] != "gzip" && coding[0] != "x-gzip":
		return refuse(extract.ClassNoSuchEncoding, "content coding %q was not asked for", strings.Join(coding, ", "))
	case resp.ContentLength > limit && !q.cut:
		return refuse(extract.ClassBodyTooLarge, "%d bytes announced; the most is %d", resp.ContentLength, limit)
	case resp.ContentLength < 0 && stream(resp.Header.Get("Content-Type")):
		return refuse(extract.ClassBodyTooLarge, "a stream of %s without a length", resp.Header.Get("Content-Type"))
	}
	w := &wire{body: io.LimitReader(resp.Body, limit+1)}
	defer w.watch(b.cfg, giveUp)()
	buf := b.buffer()
	defer b.release(buf)
	var err error
	if len(coding) == 1 {
		err = b.unzip(buf, w, limit)
	} else {
		_, err = buf.ReadFrom(w)
	}
	r := read{wire: w.got.Load(), err: err}
	switch {
	case r.wire > limit || int64(buf.Len()) > limit:
		r.failure = failure{extract.ClassBodyTooLarge, fmt.Sprintf("more than %d bytes", limit)}
		r.err = nil
		if q.cut {
			r.body = bytes.Clone(buf.Bytes()[:min(int64(buf.Len()), limit)])
		}
	case err == nil:
		r.body = bytes.Clone(buf.Bytes())
	case errors.Is(err, io.ErrUnexpectedEOF) && errors.Is(w.end, io.EOF):
		// Every byte that was sent is here, and they are no whole gzip stream.
		r.failure = failure{extract.ClassBadEncoding, "gzip stream ends too early"}
		r.err = nil
	}
	return r
}

// unzip decodes at most limit+1 bytes into buf.
func (b *bodyReader) unzip(buf *bytes.Buffer, w *wire, limit int64) error {
	z, _ := b.unzips.Get().(*gzip.Reader)
	if z == nil {
		z = new(gzip.Reader)
	}
	defer b.unzips.Put(z)
	if err := z.Reset(w); err != nil {
		if errors.Is(err, io.EOF) && w.got.Load() == 0 {
			return nil // no body at all, which is judged elsewhere
		}
		return err
	}
	_, err := buf.ReadFrom(io.LimitReader(z, limit+1))
	return err
}

func (b *bodyReader) buffer() *bytes.Buffer {
	buf, _ := b.buffers.Get().(*bytes.Buffer)
	if buf == nil {
		buf = new(bytes.Buffer)
	}
	buf.Reset()
	return buf
}

func (b *bodyReader) release(buf *bytes.Buffer) {
	if buf.Cap() <= maxBuffer {
		b.buffers.Put(buf)
	}
}

// codings returns the content codings of a response, identity left out.
func codings(h http.Header) []string {
	var list []string
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(h["Content-Encoding"], ",")), ",") {
		if coding = strings.TrimSpace(coding); coding != "" && coding != "identity" {
			list = append(list, coding)
		}
	}
	return list
}

// stream reports whether a content type is one that may never end and is never a
// page.
func stream(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/"))
}
