package proof

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/store"
)

// A WARC writes snapshots as records of WARC/1.1 (ISO 28500:2017), each in a gzip
// member of its own, so that any web archive shows them:
//
//   - response: what a host answered, its content coding removed; the headers that
//     no longer hold stand under X-Archive-Orig-, as archives of the web have it
//   - revisit: an answer whose bytes were written before, or that the host
//     confirmed with 304
//   - resource: a document or a picture as a browser showed it
//   - metadata: the record of a snapshot and its reading
//
// Requests are not kept and not written. A page that did not arrive stands in the
// record alone. The same snapshots give the same records.
type WARC struct {
	w    io.Writer
	body func(sha256 string) ([]byte, error)
	info string // ID of the warcinfo record
	seen map[string]first
	n    int // records written
	err  error
}

// first is where a payload was written.
type first struct{ id, url, date string }

// NewWARC begins a file. Body finds the bytes of pages; software names the
// program, and made is the moment that the file names.
func NewWARC(w io.Writer, software string, made time.Time, body func(sha256 string) ([]byte, error)) *WARC {
	out := &WARC{w: w, body: body, seen: map[string]first{}}
	info := "software: " + line(software) + "\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\nrobots: obey, see X-Xuncha-Authority of each record\r\n"
	out.info = out.put("warcinfo", made, "warcinfo "+info, []field{{"Content-Type", "application/warc-fields"}}, []byte(info))
	return out
}

// A field is one line of a record's head.
type field struct{ name, value string }

// Add writes one snapshot: its record and reading, then its pages.
func (w *WARC) Add(s store.Snapshot, record, reading []byte) error {
	of := []field{{"WARC-Target-URI", "urn:xuncha:snapshot:" + s.Digest}, {"Content-Type", "application/json"}, {"WARC-Warcinfo-ID", w.info}}
	digest := func(b []byte) []field {
		return append(slices.Clone(of), field{"WARC-Block-Digest", "sha256:" + digestOf(b)})
	}
	id := w.put("metadata", s.At, "record "+s.Digest, digest(record), record)
	if reading != nil {
		w.put("metadata", s.At, "reading "+s.Digest, append(digest(reading), field{"WARC-Refers-To", id}), reading)
	}
	for i, p := range s.Pages {
		if err := w.page(s, i, p, id); err != nil {
			return err
		}
	}
	return w.err
}

// page writes one page, if there was an answer.
func (w *WARC) page(s store.Snapshot, i int, p extract.Page, snapshot string) error {
	if p.Status == 0 || p.URL == "" {
		return w.err
	}
	var body []byte
	if p.SHA256 != "" {
		var err error
		if body, err = w.body(p.SHA256); err != nil {
			return fmt.Errorf("page %s of %s: %w", p.URL, s.Subject, err)
		}
	}
	seed := fmt.Sprintf("page %s %d", s.Digest, i)
	head := []field{{"WARC-Target-URI", address(p.URL)}, {"WARC-Warcinfo-ID", w.info}, {"WARC-Concurrent-To", snapshot}}
	if p.SHA256 != "" {
		head = append(head, field{"WARC-Payload-Digest", "sha256:" + p.SHA256})
	}
	if p.Authority != "" {
		head = append(head, field{"X-Xuncha-Authority", line(p.Authority)})
	}
	if p.Rendered {
		if p.Why == extract.WhyPicture {
			head[0].value = "urn:view:" + address(p.URL)
		} else {
			head[0].value = "urn:rendered:" + address(p.URL)
		}
		w.put("resource", p.FetchedAt, seed, append(head, field{"Content-Type", line(p.HeaderValue("Content-Type"))}), body)
		return w.err
	}
	if p.NotModified && p.SHA256 != "" && w.seen[p.SHA256].id == "" { // the bytes came another day
		before := p
		before.NotModified, before.FetchedAt = false, p.BodyAt
		if err := w.answer("body "+p.SHA256, before, head, body); err != nil {
			return err
		}
	}
	return w.answer(seed, p, head, body)
}

// answer writes what a host answered, or that it answered the same before.
func (w *WARC) answer(seed string, p extract.Page, head []field, body []byte) error {
	head = slices.Clone(head)
	block := answerHead(p, len(body))
	kind, before := "response", w.seen[p.SHA256]
	switch {
	case p.SHA256 == "":
	case before.id == "":
		w.seen[p.SHA256] = first{recordID(seed), address(p.URL), stamp(p.FetchedAt)}
	default:
		kind = "revisit"
		profile := "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
		if p.NotModified && before.url == address(p.URL) {
			profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
		}
		head = append(head, field{"WARC-Profile", profile}, field{"WARC-Refers-To", before.id},
			field{"WARC-Refers-To-Target-URI", before.url}, field{"WARC-Refers-To-Date", before.date})
	}
	if kind == "response" {
		block = append(block, body...)
	}
	w.put(kind, p.FetchedAt, seed, append(head, field{"Content-Type", "application/http; msgtype=response"}), block)
	return w.err
}

// answerHead is the head of an HTTP answer, as kept, over a body whose coding was
// removed.
func answerHead(p extract.Page, length int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", p.Status, line(http.StatusText(p.Status)))
	for _, name := range headerNames(p) {
		shown := name
		switch http.CanonicalHeaderKey(name) {
		case "Content-Encoding", "Transfer-Encoding", "Content-Length":
			shown = "X-Archive-Orig-" + name
		}
		for _, v := range p.Header[name] {
			fmt.Fprintf(&b, "%s: %s\r\n", token(shown), line(v))
		}
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", length)
	return b.Bytes()
}

// put writes one record and returns its ID, which follows from its seed.
func (w *WARC) put(kind string, at time.Time, seed string, head []field, block []byte) string {
	id := recordID(seed)
	if w.err != nil {
		return id
	}
	var b bytes.Buffer
	b.WriteString("WARC/1.1\r\n")
	for _, f := range slices.Concat([]field{{"WARC-Type", kind}, {"WARC-Record-ID", id}, {"WARC-Date", stamp(at)}}, head,
		[]field{{"Content-Length", strconv.Itoa(len(block))}}) {
		fmt.Fprintf(&b, "%s: %s\r\n", f.name, f.value)
	}
	b.WriteString("\r\n")
	b.Write(block)
	b.WriteString("\r\n\r\n")
	z := gzip.NewWriter(w.w)
	if _, w.err = z.Write(b.Bytes()); w.err == nil {
		w.err = z.Close()
	}
	if w.err != nil {
		w.err = fmt.Errorf("WARC: %w", w.err)
	}
	w.n++
	return id
}

// Records says how many records were written.
func (w *WARC) Records() int { return w.n }

// recordID makes an ID of a seed, as a UUID of version 8.
func recordID(seed string) string {
	d := []byte(digestOf([]byte(seed)))[:32]
	d[12], d[16] = '8', 'a'
	return fmt.Sprintf("<urn:uuid:%s-%s-%s-%s-%s>", d[:8], d[8:12], d[12:16], d[16:20], d[20:])
}

// stamp writes a moment as WARC does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// line makes a text fit for one line of a head.
func line(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s))
}

// token makes a name fit for a header.
func token(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || r == ':' {
			return '_'
		}
		return r
	}, s)
}

// address writes a URL without what no URI may hold.
func address(u string) string {
	var b strings.Builder
	for _, c := range []byte(u) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`<>"{}|\^`+"`", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
