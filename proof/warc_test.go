package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/store"
)

// A warcRecord is one record as warcio reads it.
type warcRecord struct {
	Version, Type, URI, Date, SHA256 string
	Headers, HTTP                    map[string]string
	Status, Length                   int
}

// warcio reads a file with a reader that is not ours.
func warcio(t *testing.T, file []byte) []warcRecord {
	t.Helper()
	if _, err := os.Stat(filepath.Join("testdata", "warcio", "node_modules", "warcio")); err != nil {
		t.Fatal("this test needs Node.js and warcio: run scripts/need")
	}
	cmd := exec.CommandContext(t.Context(), "node", "read.mjs")
	cmd.Dir, cmd.Stdin = filepath.Join("testdata", "warcio"), bytes.NewReader(file)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("warcio: %v: %s", err, errs.String())
	}
	var all []warcRecord
	for line := range bytes.Lines(out) {
		var r warcRecord
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

// exported writes all snapshots of a world.
func (w *world) exported() []byte {
	w.t.Helper()
	var b bytes.Buffer
	out := NewWARC(&b, "xuncha/test", point, w.store.Body)
	for snap, err := range w.store.Snapshots(time.Time{}, time.Time{}) {
		if err != nil {
			w.t.Fatal(err)
		}
		if err := out.Add(snap, must(json.Marshal(snap))(w.t), []byte(`{}`)); err != nil {
			w.t.Fatal(err)
		}
	}
	return b.Bytes()
}

// An independent reader finds every page with its bytes, where it was seen and
// when; what was the same again points back at them.
func TestWarcioReadsWhatWasWritten(t *testing.T) {
	w, _ := accused(t, 3, "关于某事的公示")
	file := w.exported()
	if !bytes.Equal(file, w.exported()) {
		t.Error("written twice, it differs")
	}
	records := warcio(t, file)
	count := map[string]int{}
	ids := map[string]bool{}
	var response warcRecord
	for _, r := range records {
		count[r.Type]++
		if id := r.Headers["warc-record-id"]; ids[id] || !strings.HasPrefix(id, "<urn:uuid:") {
			t.Errorf("record ID %s", id)
		} else {
			ids[id] = true
		}
		switch r.Type {
		case "response":
			response = r
			if r.Status != 200 || r.URI != address1 || r.SHA256 != digestOf(listPage("关于某事的公示")) || r.Headers["warc-payload-digest"] != "sha256:"+r.SHA256 {
				t.Errorf("response %+v", r)
			}
			if r.HTTP["content-encoding"] != "" || r.HTTP["x-archive-orig-content-encoding"] != "gzip" || r.HTTP["content-length"] != fmt.Sprint(r.Length) || r.HTTP["server"] != "nginx" {
				t.Errorf("headers %v do not fit a body of %d bytes", r.HTTP, r.Length)
			}
		case "revisit":
			if r.Headers["warc-refers-to"] != response.Headers["warc-record-id"] || r.Headers["warc-refers-to-target-uri"] != address1 || r.Headers["warc-refers-to-date"] != response.Date || r.Length != 0 {
				t.Errorf("revisit %+v", r)
			}
		case "resource":
			if r.URI != "urn:view:"+address1 || r.Headers["content-type"] != "image/png" || r.Headers["warc-payload-digest"] != "sha256:"+r.SHA256 {
				t.Errorf("picture %+v", r)
			}
		case "metadata":
			if r.Headers["warc-block-digest"] != "sha256:"+r.SHA256 {
				t.Errorf("metadata %+v", r)
			}
		}
	}
	if count["warcinfo"] != 1 || count["response"] != 1 || count["revisit"] != 5 || count["resource"] != 3 || count["metadata"] != 12 {
		t.Errorf("records %v", count)
	}
	profiles := map[string]int{}
	for _, r := range records {
		profiles[filepath.Base(r.Headers["warc-profile"])]++
	}
	if profiles["server-not-modified"] != 2 || profiles["identical-payload-digest"] != 3 {
		t.Errorf("profiles %v", profiles)
	}
}

// What a page or its host says cannot break a record open.
func TestHostilePagesStayInTheirRecords(t *testing.T) {
	bodies := map[string][]byte{"aa": []byte("WARC/1.1\r\nWARC-Type: response\r\n\r\n"), "bb": []byte("\r\n\r\n\r\n")}
	at := point
	s := store.Snapshot{Subject: "a", Digest: "d1", At: at, Pages: []extract.Page{
		{URL: "http://a.gov.cn/x y\r\nWARC-Type: warcinfo", Status: 200, FetchedAt: at, SHA256: "aa", Header: map[string][]string{"X-A\r\nB": {"c\r\n\r\nd"}, "Transfer-Encoding": {"chunked"}}},
		{URL: "http://a.gov.cn/通知", Status: 999, FetchedAt: at, SHA256: "bb", Authority: "办\r\n公室"},
		{URL: "http://a.gov.cn/none", Status: 404, FetchedAt: at},
		{URL: "http://a.gov.cn/down", FetchedAt: at, Class: extract.ClassTimeout},
		{URL: "http://a.gov.cn/old", Status: 200, FetchedAt: at, BodyAt: at.Add(-time.Hour), NotModified: true, SHA256: "cc"},
		{URL: "http://a.gov.cn/shown", Status: 200, FetchedAt: at, Rendered: true, SHA256: "dd", Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}},
	}}
	bodies["cc"], bodies["dd"] = []byte("old"), []byte("<html>")
	var b bytes.Buffer
	out := NewWARC(&b, "x\r\ny", at, func(sha string) ([]byte, error) { return bodies[sha], nil })
	if err := out.Add(s, []byte("{}"), nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range warcio(t, b.Bytes()) {
		got = append(got, fmt.Sprint(r.Type, " ", r.URI, " ", r.Status, " ", r.Length, " ", r.Date[11:16]))
	}
	want := []string{
		"warcinfo  0 245 16:00", "metadata urn:xuncha:snapshot:d1 0 2 16:00",
		"response http://a.gov.cn/x%20y%0D%0AWARC-Type:%20warcinfo 200 33 16:00", "response http://a.gov.cn/%E9%80%9A%E7%9F%A5 999 6 16:00",
		"response http://a.gov.cn/none 404 0 16:00", "response http://a.gov.cn/old 200 3 15:00", "revisit http://a.gov.cn/old 200 0 16:00",
		"resource urn:rendered:http://a.gov.cn/shown 0 6 16:00",
	}
	if len(got) != len(want) || out.Records() != len(want) {
		t.Fatalf("%d records: %q", len(got), got)
	}
	for i := 1; i < len(want); i++ {
		if got[i] != want[i] {
			t.Errorf("record %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestAWARCThatCannotBeWrittenIsAnError(t *testing.T) {
	out := NewWARC(full{}, "x", point, nil)
	if err := out.Add(store.Snapshot{Digest: "d"}, []byte("{}"), nil); err == nil {
		t.Error("no error")
	}
	out = NewWARC(&bytes.Buffer{}, "x", point, func(string) ([]byte, error) { return nil, store.ErrNotFound })
	if err := out.Add(store.Snapshot{Digest: "d", Pages: []extract.Page{{URL: "http://a.gov.cn/", Status: 200, SHA256: "aa"}}}, []byte("{}"), nil); err == nil {
		t.Error("a page without its bytes is no error")
	}
}
