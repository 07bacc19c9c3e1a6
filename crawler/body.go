package crawler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
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
}

// Read reads from the body.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	w.got.Add(int64(n))
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

	packed       []byte // the body as it came, if it came gzipped
	packedSHA256 string
	known        bool // packedSHA256 is the one that was known; the body was not unpacked
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
	came := b.buffer()
	defer b.release(came)
	_, err := came.ReadFrom(w)
	r := read{wire: w.got.Load(), err: err}
	if len(coding) == 0 {
		r.take(came.Bytes(), limit, q.cut)
		return r
	}
	if err == nil && r.wire <= limit {
		sum := sha256.Sum256(came.Bytes())
		r.packedSHA256 = hex.EncodeToString(sum[:])
		if r.packedSHA256 == q.known {
			r.known = true
			return r
		}
	}
	b.unpack(&r, came.Bytes(), q)
	return r
}

// take makes bytes the body, unless they are too many or an error stands for
// them.
func (r *read) take(body []byte, limit int64, cut bool) {
	switch {
	case r.wire > limit || int64(len(body)) > limit:
		r.failure, r.err = failure{extract.ClassBodyTooLarge, fmt.Sprintf("more than %d bytes", limit)}, nil
		if cut {
			r.body = bytes.Clone(body[:min(int64(len(body)), limit)])
		}
	case r.err == nil:
		r.body = bytes.Clone(body)
	}
}

// unpack removes the content coding of what came. Of a body that did not come
// whole only a cut one is of use.
func (b *bodyReader) unpack(r *read, came []byte, q question) {
	if r.err != nil && !q.cut {
		return
	}
	buf := b.buffer()
	defer b.release(buf)
	err := b.unzip(buf, came, q.limit)
	if r.err == nil {
		r.err = err
	}
	r.take(buf.Bytes(), q.limit, q.cut)
	switch {
	case r.body != nil && !r.failed():
		r.packed = bytes.Clone(came)
	case errors.Is(err, io.ErrUnexpectedEOF) && !r.failed():
		// Every byte that was sent is here, and they are no whole gzip stream.
		r.failure, r.err = failure{extract.ClassBadEncoding, "gzip stream ends too early"}, nil
	}
}

// unzip decodes at most limit+1 bytes into buf.
func (b *bodyReader) unzip(buf *bytes.Buffer, came []byte, limit int64) error {
	if len(came) == 0 {
		return nil // no body at all, which is judged elsewhere
	}
	z, _ := b.unzips.Get().(*gzip.Reader)
	if z == nil {
		z = new(gzip.Reader)
	}
	defer b.unzips.Put(z)
	if err := z.Reset(bytes.NewReader(came)); err != nil {
		return err
	}
	const usual = 4 // how many times larger pages become
	buf.Grow(int(min(usual*int64(len(came)), limit)) + bytes.MinRead)
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
