// Package proof makes what was kept checkable by others: a pack for one finding,
// with a sheet for the unit that it concerns; the check of such a pack; and
// exports as WARC.
//
// A [Pack] holds all that a finding rests on: the bytes of every page as they
// came, the records and readings of the looks, the clause, and where each record
// stands in the sealed nights of the store. Whatever else is in it, the finding
// itself, the proof, the sheet, is derived from these: [Verify] reads a pack and
// nothing else, checks every digest, and derives and judges it all once more. A
// bit that was flipped, a file that was swapped, a night that is missing and a
// verdict that was changed are named.
//
// The same store gives the same bytes of a pack. There is no clock here. Text
// from outside pages is data: in a sheet it can neither be markup nor turn the
// direction of writing, and personal data and the phrases that a city names are
// masked there. What was kept is never masked.
//
// What a pack does not prove: that a web server sent these bytes. Whoever keeps a
// store could have invented them before its nights were sealed. A seal that
// others wrote down earlier proves that nothing was changed since.
package proof

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// An Archive is where what was kept is found.
type Archive interface {
	// History walks a subject's snapshots, newest first.
	History(subject string, until time.Time) iter.Seq2[store.Summary, error]

	// Record returns the bytes whose SHA-256 is a snapshot's digest.
	Record(sum store.Summary) ([]byte, error)

	// Body returns the bytes with a digest.
	Body(sha256 string) ([]byte, error)

	// Place finds a snapshot in its night, or store.ErrNotFound.
	Place(sum store.Summary) (store.Place, error)

	// Nights returns all nights, the oldest first.
	Nights() ([]store.Night, error)

	// Files returns the configuration of a round.
	Files(round string) ([]inventory.File, error)
}

// An Order says which pack to make. City, RuleSet and Round are those a result was
// judged with.
type Order struct {
	City    *inventory.City
	RuleSet *rules.RuleSet
	Round   store.Round
	Result  rules.Result

	// Registers are the findings of other bodies that the result was judged with.
	Registers []inventory.Entry

	// Subject is a subject as [report.NewProof] takes it. Indicator chooses among
	// its findings; "" is the first, and no finding at all where it has none.
	Subject   string
	Indicator string

	// Looks returns the looks at a subject that bear on the point, as judged.
	Looks func(subject string) ([]rules.Look, error)

	// Case, if set, returns the history of the finding's case as JSON, which is put in
	// as it is; nil for none.
	Case func(finding string) ([]byte, error)

	// Print, if set, makes a PDF of the sheet, or nil where nothing is there that
	// prints: the pack then has none. Its error is the pack's.
	Print func(html []byte) ([]byte, error)
}

// A Pack is the files of a proof, by name.
type Pack struct {
	Files []inventory.File
}

// File returns a file of the pack by its name.
func (p Pack) File(name string) ([]byte, error) {
	for _, f := range p.Files {
		if f.Name == name {
			return f.Data, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}

// The files of a pack, besides those of looks and bytes.
const (
	manifestFile = "manifest.json"
	sumsFile     = "SHA256SUMS"
	basisFile    = "basis.json"
	nightsFile   = "nights.jsonl"
	listFile     = "config/files.json"
	caseFile     = "case.json"
	pdfFile      = "sheet.pdf"

	configDir = "config/"
	looksDir  = "looks/"
	bytesDir  = "bytes/"
)

// formVersion is the version of what is derived: another program may word a sheet
// differently and be as right.
const formVersion = 1

// manifestVersion is the version of a pack.
const manifestVersion = 1

// A Manifest says what a pack is and where its looks stand.
type Manifest struct {
	Version   int       `json:"version"`
	Kind      string    `json:"kind"` // "xuncha-proof"
	Form      int       `json:"form"` // of the derived files
	Simulated bool      `json:"simulated"`
	Subject   string    `json:"subject"`
	Indicator string    `json:"indicator"`
	Finding   string    `json:"finding"` // its ID, "" where there is none
	Point     time.Time `json:"point"`
	Round     string    `json:"round"` // whose configuration it was judged with
	Looks     []Kept    `json:"looks"`
}

// A Kept is one look of a pack: the digest of its record, which names its files,
// and where the record stands in its night; nil where the night has no seal.
type Kept struct {
	Subject string       `json:"subject"`
	Digest  string       `json:"digest"`
	Round   string       `json:"round"`
	Place   *store.Place `json:"place"`
}

// ErrNoFinding says that a subject does not fail the indicator asked for.
var ErrNoFinding = errors.New("no such finding")

// ErrNotAlone says that a finding does not follow from what would be in its pack.
var ErrNotAlone = errors.New("the finding does not follow from its own looks alone")

// Make makes a pack.
func Make(a Archive, o Order) (Pack, error) {
	k, err := gather(a, o)
	if err != nil {
		return Pack{}, fmt.Errorf("proof of %s: %w", o.Subject, err)
	}
	d, err := k.derive()
	if err != nil {
		return Pack{}, fmt.Errorf("proof of %s: %w", o.Subject, err)
	}
	if want := findingOf(o.Result, k.manifest); want != nil && (d.finding == nil || !equalJSON(*want, *d.finding)) {
		return Pack{}, fmt.Errorf("proof of %s: %w", o.Subject, ErrNotAlone)
	}
	files := append(k.files(), d.files...)
	if o.Print != nil {
		pdf, err := o.Print(d.sheet())
		if err != nil {
			return Pack{}, fmt.Errorf("proof of %s: sheet: %w", o.Subject, err)
		}
		if pdf != nil {
			files = append(files, inventory.File{Name: pdfFile, Data: pdf})
		}
	}
	slices.SortFunc(files, func(a, b inventory.File) int { return cmp.Compare(a.Name, b.Name) })
	return Pack{Files: append(files, inventory.File{Name: sumsFile, Data: sums(files)})}, nil
}

// findingOf finds what a manifest names in a result, nil where it names nothing.
func findingOf(r rules.Result, m Manifest) *rules.Finding {
	for i, f := range r.Findings {
		if m.Finding != "" && f.ID == m.Finding {
			return &r.Findings[i]
		}
	}
	return nil
}

func equalJSON(a, b any) bool {
	left, err1 := json.Marshal(a)
	right, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(left, right)
}

// sums lists digests as sha256sum does.
func sums(files []inventory.File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", digestOf(f.Data), f.Name)
	}
	return b.Bytes()
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// kept is all that a pack is derived from.
type kept struct {
	manifest Manifest
	basis    basis
	looks    []look
	bodies   map[string][]byte // by digest
	nights   []store.Night
	list     []byte           // the configuration's files with their digests, as JSON
	rules    []inventory.File // of the configuration: its rule sets
	history  []byte           // of the case
}

// A look is one snapshot of a pack.
type look struct {
	Kept
	record, reading []byte
	snap            store.Snapshot
}

// newLook decodes a look from its bytes.
func newLook(k Kept, record, reading []byte) (look, error) {
	l := look{Kept: k, record: record, reading: reading}
	if err := json.Unmarshal(record, &l.snap); err != nil {
		return l, fmt.Errorf("record: %w", err)
	}
	if l.snap.ReadingSHA256 != "" {
		l.snap.Reading = extract.Reading{}
		if err := json.Unmarshal(reading, &l.snap.Reading); err != nil {
			return l, fmt.Errorf("reading: %w", err)
		}
	}
	l.snap.Digest = digestOf(record)
	return l, nil
}

// dir is where the files of a look are.
func (k Kept) dir() string { return looksDir + k.Digest[:min(len(k.Digest), 16)] + "/" }

// bodyName is the file of a page's bytes.
func bodyName(p extract.Page) string {
	ext := ".bin"
	kind, _, _ := strings.Cut(p.HeaderValue("Content-Type"), ";")
	switch strings.TrimSpace(strings.ToLower(kind)) {
	case "text/html", "application/xhtml+xml":
		ext = ".html"
	case "application/json", "text/json":
		ext = ".json"
	case "text/xml", "application/xml", "application/rss+xml", "application/atom+xml":
		ext = ".xml"
	case "image/png":
		ext = ".png"
	}
	return bytesDir + p.SHA256 + ext
}

// files are those that are kept and not derived.
func (k *kept) files() []inventory.File {
	files := []inventory.File{
		{Name: manifestFile, Data: encode(k.manifest)}, {Name: basisFile, Data: encode(k.basis)},
		{Name: nightsFile, Data: WriteNights(k.nights)}, {Name: listFile, Data: k.list},
	}
	for _, f := range k.rules {
		files = append(files, inventory.File{Name: configDir + f.Name, Data: f.Data})
	}
	if k.history != nil {
		files = append(files, inventory.File{Name: caseFile, Data: k.history})
	}
	written := map[string]bool{}
	for _, l := range k.looks {
		files = append(files, inventory.File{Name: l.dir() + "record.json", Data: l.record})
		if l.reading != nil {
			files = append(files, inventory.File{Name: l.dir() + "reading.json", Data: l.reading})
		}
		for _, p := range l.snap.Pages {
			if body, ok := k.bodies[p.SHA256]; ok && !written[p.SHA256] {
				written[p.SHA256] = true
				files = append(files, inventory.File{Name: bodyName(p), Data: body})
			}
		}
	}
	return files
}

// encode writes JSON as the program does; what it is given can be encoded.
func encode(v any) []byte {
	var b bytes.Buffer
	if err := report.WriteJSON(&b, v); err != nil {
		return nil // found out by whoever reads it
	}
	return b.Bytes()
}

// WriteNights writes the records of nights, one a line.
func WriteNights(nights []store.Night) []byte {
	var b bytes.Buffer
	for _, n := range nights {
		b.Write(n.Record)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// ReadNights reads what WriteNights wrote.
func ReadNights(data []byte) ([]store.Night, error) {
	var nights []store.Night
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		n, err := store.ParseNight(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		nights = append(nights, n)
	}
	return nights, nil
}
