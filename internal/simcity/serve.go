package simcity

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A response is an answer before it is encoded.
type response struct {
	status   int
	kind     string // media type
	page     *page
	plain    string // the body where there is no page
	location string // of a redirect, ""
	fault    fault
	header   http.Header // further headers
	account  string      // whom a platform was asked about, ""
}

// answer serves every request of every host.
func (c *City) answer(w http.ResponseWriter, r *http.Request) {
	name := strings.ToLower(r.Host)
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	h, now := c.hosts[name], c.now()
	if h == nil || h.down {
		http.Error(w, "no such site here", http.StatusMisdirectedRequest)
		return
	}
	if h = h.on(dayOf(now)); h.everywhere.mute() {
		hangUp(w)
		return
	}
	latency := c.latency(h.name + r.URL.RequestURI())
	end := c.traffic.begin(latency, h.name, h.addr.String())
	visit := c.traffic.visit(h.medium, r)
	status, about := 0, ""
	defer func() { end(status); visit(about) }()
	if !c.wait(r.Context(), latency) {
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !(r.Method == http.MethodPost && h.medium != nil) {
		status = http.StatusMethodNotAllowed
		w.WriteHeader(status)
		return
	}
	res := h.respond(r, momentOf(now))
	about = res.account
	if res.fault == faultTimeout {
		c.hang(r)
		return
	}
	if res.fault.mute() {
		hangUp(w)
		return
	}
	status = c.send(w, r, h, res, now)
}

// hangUp ends a connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close() // the client is to see nothing
	}
}

// hang never answers: it holds the request until the client or the city goes.
func (c *City) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-c.ended:
	}
}

// send encodes a response as its host does, and returns the status sent.
func (c *City) send(w http.ResponseWriter, r *http.Request, h *host, res response, now time.Time) int {
	head := w.Header()
	head.Set("Date", now.UTC().Format(http.TimeFormat)) // the city's clock, not the machine's
	head.Set("Server", "nginx")
	head.Set("Content-Type", res.contentType(h))
	for name, values := range res.header {
		head[name] = values
	}
	if res.location != "" {
		head.Set("Location", res.location)
	}
	body := []byte(res.plain)
	if res.page != nil {
		body = res.page.body.Bytes()
	}
	if res.status == http.StatusOK && res.page != nil && h.validate(head, r, body, res.page.last) {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	}
	if h.look.charset.gbk() && res.kind == "text/html" {
		body = encodeGBK(body)
	}
	if h.look.gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		head.Set("Content-Encoding", "gzip")
		head.Set("Vary", "Accept-Encoding")
		body = c.compress(body)
	}
	head.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(res.status)
	if r.Method == http.MethodHead {
		return res.status
	}
	if res.fault == faultCut {
		body = body[:len(body)/2] // the server then ends the connection
	}
	_, _ = w.Write(body) // the client may have hung up
	return res.status
}

// contentType is the header of that name.
func (res response) contentType(h *host) string {
	switch {
	case res.kind != "text/html":
		return res.kind + "; charset=utf-8"
	case h.look.said().header():
		return res.kind + "; charset=" + h.look.said().name()
	}
	return res.kind
}

// validate sets the host's validators and reports whether the client has this
// body already. Both validators change whenever the body does.
func (h *host) validate(head http.Header, r *http.Request, body []byte, last moment) bool {
	if !h.look.etag && !h.look.lastMod {
		return false
	}
	sum := sha256.Sum256(body)
	if h.look.etag {
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		head.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			return true
		}
	}
	if h.look.lastMod {
		back := time.Duration(binary.BigEndian.Uint32(sum[:])%(24*60*60)) * time.Second
		modified := last.time().Add(-back).UTC().Format(http.TimeFormat)
		head.Set("Last-Modified", modified)
		return r.Header.Get("If-None-Match") == "" && r.Header.Get("If-Modified-Since") == modified
	}
	return false
}

// encodeGBK encodes a page; what GBK lacks becomes a character reference.
func encodeGBK(body []byte) []byte {
	out, err := encoding.HTMLEscapeUnsupported(simplifiedchinese.GBK.NewEncoder()).Bytes(body)
	if err != nil {
		return body
	}
	return out
}

// compress packs a body with gzip.
func (c *City) compress(body []byte) []byte {
	var b bytes.Buffer
	z := c.packers.Get().(*gzip.Writer)
	defer c.packers.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
