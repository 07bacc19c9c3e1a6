//go:build !race

package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// canaryConsole is where messages of the hostile city link to.
const canaryConsole = "https://console.yq.example"

// canaryHook is the variable that holds the address of the hostile city's channel.
const canaryHook = "XUNCHA_CANARY_HOOK"

// A hook takes the messages of a channel and remembers them.
type hook struct {
	mu    sync.Mutex
	taken []map[string]any // guarded by mu
}

// newHook listens on this machine.
func newHook(t *testing.T) *hook {
	h := &hook{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Errorf("a message is no JSON: %v", err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.taken = append(h.taken, body)
	}))
	t.Cleanup(server.Close)
	t.Setenv(canaryHook, server.URL+"/hook")
	return h
}

// texts are the titles and texts of the messages whose ID begins so.
func (h *hook) texts(prefix string) (all []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.taken {
		if id, _ := m["id"].(string); strings.HasPrefix(id, prefix) {
			title, _ := m["title"].(string)
			text, _ := m["message"].(string)
			all = append(all, title+"\n"+text)
		}
	}
	return all
}

// aliveInText is what a group's program makes a link of, mentions or reads as markup.
var aliveInText = regexp.MustCompile(`://|@|<[a-zA-Z/!]|\]\(|\*\*|[a-z]\.example`)

// isDead wants nothing of a message to be alive but the links to the console.
func (h *hook) isDead(t *testing.T) {
	t.Helper()
	for _, prefix := range []string{"digest/", "test/"} {
		eventually(t, "a message "+prefix, func() bool { return len(h.texts(prefix)) > 0 })
		for _, text := range h.texts(prefix) {
			if live := aliveInText.FindString(strings.ReplaceAll(text, canaryConsole, "")); live != "" {
				t.Errorf("%q is alive in %s", live, text)
			}
		}
	}
	if digest := h.texts("digest/")[0]; !strings.Contains(digest, "pwned") {
		t.Errorf("the digest holds no payload, so it shows nothing:\n%s", digest)
	}
}

// documentsAreDead wants nothing of the notice's files to run, to be counted or to be
// asked for: neither markup nor formulas nor links.
func (w *town) documentsAreDead(t *testing.T) {
	t.Helper()
	held := 0
	for _, name := range []string{"notice.docx", "notice.xlsx", "notice.md", "notice.txt", "attachment-1.csv", "attachment-2.csv", "attachment-3.csv"} {
		code, text := w.get("/notices/draft/" + name + "?period=" + demoPeriod)
		if code != http.StatusOK {
			t.Errorf("%s is answered with %d", name, code)
			continue
		}
		if kind := name[strings.LastIndexByte(name, '.'):]; kind == ".docx" || kind == ".xlsx" {
			text = deadOffice(t, name, []byte(text))
		} else if kind == ".csv" {
			deadCells(t, name, text)
		} else if kind == ".md" {
			if live := regexp.MustCompile(`(^|[^\\])(<[a-zA-Z/!]|\]\()`).FindString(text); live != "" {
				t.Errorf("%s: %q is alive", name, live)
			}
		}
		if strings.Contains(text, "pwned") {
			held++
		}
	}
	if held < 4 {
		t.Errorf("%d files hold a payload, so the others show nothing", held)
	}
}

// deadCells wants no cell to be a formula.
func deadCells(t *testing.T, name, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, cell := range slices.Concat(rows...) {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			t.Errorf("%s: %q is a formula", name, cell)
		}
	}
}

// deadOffice wants no part of a document of Office to be a formula, a field, a link or
// something from elsewhere, and returns the text of all parts.
func deadOffice(t *testing.T, name string, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return ""
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		part, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(part))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			must(t, err)
			switch x := token.(type) {
			case xml.CharData:
				all.Write(x)
			case xml.StartElement:
				alive := slices.Contains([]string{"f", "hyperlink", "hyperlinks", "object", "oleObject", "externalLink", "script", "img", "svg", "image"}, x.Name.Local)
				for _, a := range x.Attr {
					alive = alive || a.Name.Local == "TargetMode" && a.Value == "External" || strings.Contains(a.Value, canaryHost)
				}
				if alive {
					t.Errorf("%s: %s holds a live %s %v", name, f.Name, x.Name.Local, x.Attr)
				}
			}
		}
		for _, field := range regexp.MustCompile(`(?:<w:instrText[^>]*>|fldSimple[^>]*instr=")([^<"]*)`).FindAllSubmatch(part, -1) {
			if !regexp.MustCompile(`^\s*(PAGE|NUMPAGES)\b`).Match(field[1]) {
				t.Errorf("%s: %s holds the field %q", name, f.Name, field[1])
			}
		}
	}
	return all.String()
}
