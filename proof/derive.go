package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// The derived files of a pack.
const (
	proofFile   = "proof.json"
	findingFile = "finding.json"
	clauseFile  = "clause.txt"
	traceFile   = "trace.txt"
	sheetFile   = "sheet.html"
)

// derived is all that follows from what is kept.
type derived struct {
	finding *rules.Finding // nil where the pack names none
	files   []inventory.File
}

// sheet is the sheet among the files.
func (d derived) sheet() []byte {
	for _, f := range d.files {
		if f.Name == sheetFile {
			return f.Data
		}
	}
	return nil
}

// derive judges the subject by what is kept and writes down what comes of it.
// Making a pack and checking it both do this, from the same bytes.
func (k *kept) derive() (derived, error) {
	var b basis
	if err := json.Unmarshal(encode(k.basis), &b); err != nil {
		return derived{}, fmt.Errorf("%s: %w", basisFile, err)
	}
	set, err := k.set()
	if err != nil {
		return derived{}, err
	}
	res := b.judge(set, k.looks, k.manifest.Point)
	p, err := report.NewProof(&b.City, set, b.Round, res, k.manifest.Subject, k.snapshots())
	if err != nil {
		return derived{}, err
	}
	d := derived{finding: findingOf(res, k.manifest)}
	var trace bytes.Buffer
	if err := report.Show(&trace, p, "zh"); err != nil {
		return derived{}, err
	}
	add := func(name string, data []byte) { d.files = append(d.files, inventory.File{Name: name, Data: data}) }
	add(proofFile, encode(p))
	add(traceFile, trace.Bytes())
	if d.finding != nil {
		add(findingFile, encode(d.finding))
		add(clauseFile, []byte(d.finding.Basis+"\n"))
	}
	for _, l := range k.looks {
		add(l.dir()+"headers.txt", headersOf(l.snap))
	}
	html, err := k.sheetOf(p, d.finding, set)
	add(sheetFile, html)
	return d, err
}

// snapshots are those of the subject, in order of time.
func (k *kept) snapshots() []store.Snapshot {
	var out []store.Snapshot
	for _, l := range k.looks {
		if l.Subject == k.manifest.Subject {
			out = append(out, l.snap)
		}
	}
	return out
}

// headersOf writes for people what was asked for and how it was answered.
func headersOf(s store.Snapshot) []byte {
	var b bytes.Buffer
	for i, p := range s.Pages {
		fmt.Fprintf(&b, "[%d] %s %s\n", i+1, p.Why, tidy(p.Asked))
		if p.URL != p.Asked {
			fmt.Fprintf(&b, "    来自 %s\n", tidy(p.URL))
		}
		fmt.Fprintf(&b, "    %s 状态 %d 用时 %s\n", clock(p.FetchedAt), p.Status, p.Took)
		for _, note := range []struct{ name, text string }{
			{"类别", string(p.Class)}, {"说明", p.Detail}, {"依据授权未按 robots.txt", p.Authority}, {"SHA-256", p.SHA256},
		} {
			if note.text != "" {
				fmt.Fprintf(&b, "    %s %s\n", note.name, tidy(note.text))
			}
		}
		if p.NotModified {
			fmt.Fprintf(&b, "    304 未变更，内容为 %s 收到的字节\n", clock(p.BodyAt))
		}
		if p.Rendered {
			fmt.Fprintln(&b, "    由浏览器呈现")
		}
		for _, name := range headerNames(p) {
			for _, v := range p.Header[name] {
				fmt.Fprintf(&b, "    %s: %s\n", tidy(name), tidy(v))
			}
		}
	}
	return b.Bytes()
}

func headerNames(p extract.Page) []string {
	var names []string
	for name := range p.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pictureOf finds the newest picture of the subject, and its bytes; nil for none.
func (k *kept) pictureOf() (name string, png []byte) {
	for _, l := range slices.Backward(k.looks) {
		for _, p := range l.snap.Pages {
			body := k.bodies[p.SHA256]
			if l.Subject == k.manifest.Subject && p.Why == extract.WhyPicture && bytes.HasPrefix(body, []byte("\x89PNG")) {
				return bodyName(p), body
			}
		}
	}
	return "", nil
}

// masks reports whether a look at the subject shows anything to be masked.
func (k *kept) masks(m masker) bool {
	body := func(sha string) []byte { return k.bodies[sha] }
	for _, s := range k.snapshots() {
		if slices.ContainsFunc(textsOf(s, body), m.finds) {
			return true
		}
	}
	return false
}

// short cuts a text for a line of the sheet.
func short(s string) string {
	const most = 90
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "……"
	}
	return s
}
