package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// recordVersion is the first byte of every summary.
const recordVersion = 1

// The flags of a summary.
const (
	flagNewest = 1 << iota
	flagMinute
	flagInferred
	flagAtLeast
	flagComplete
	flagOlder
	flagTakenOver
)

// maxRefs bounds the pages of one snapshot, many times extract.MaxPages.
const maxRefs = 4096

var errSummary = errors.New("summary of a snapshot is malformed")

// encodeSnapshot returns the record whose SHA-256 is the snapshot's digest:
// compact JSON without the bodies, and with the gist of a reading that is kept
// apart. The same snapshot gives the same bytes.
func encodeSnapshot(s Snapshot) ([]byte, error) {
	if s.ReadingSHA256 != "" {
		s.Reading = gist(s.Reading)
	}
	return compactJSON(s)
}

func compactJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// gist is a reading without its lists, which make up nearly all of it and are
// the same night after night.
func gist(r extract.Reading) extract.Reading {
	r.Items, r.Parts, r.Searched, r.Nearest, r.Notes = nil, nil, nil, nil, nil
	r.Proposal, r.List = nil, nil
	return r
}

// hasLists reports whether a reading is more than its gist.
func hasLists(r extract.Reading) bool {
	return len(r.Items)+len(r.Parts)+len(r.Searched)+len(r.Nearest)+len(r.Notes) > 0 || r.Proposal != nil || r.List != nil
}

// decodeSnapshot is the inverse of encodeSnapshot. In records of format 1 every
// reading is whole.
func decodeSnapshot(raw []byte) (Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(raw, &s); err != nil {
		return Snapshot{}, fmt.Errorf("record of a snapshot: %w", err)
	}
	s.Digest = digestOf(raw)
	return s, nil
}

// summarize says of a snapshot what can be said without decoding it.
func summarize(s Snapshot) Summary {
	return Summary{
		Subject: s.Subject, Round: s.Round, At: s.At, Look: s.Look, Digest: s.Digest,
		Outcome: s.Reading.Outcome, Reason: s.Reading.Reason, Newest: s.Reading.Newest,
		AtLeast: s.Reading.AtLeast, Complete: s.Reading.Complete, Older: s.Reading.Older,
		TakenOver: s.TakenOver,
	}
}

// flags packs the yes and no of a summary.
func (s Summary) flags() byte {
	var f byte
	for _, bit := range []struct {
		set  bool
		flag byte
	}{
		{!s.Newest.IsZero(), flagNewest},
		{s.Newest.Minute, flagMinute},
		{s.Newest.Inferred, flagInferred},
		{s.AtLeast, flagAtLeast},
		{s.Complete, flagComplete},
		{s.Older, flagOlder},
		{s.TakenOver, flagTakenOver},
	} {
		if bit.set {
			f |= bit.flag
		}
	}
	return f
}

// encode returns the summary as stored under its key, which holds the subject,
// the moment and the look.
func (s Summary) encode() ([]byte, error) {
	digest, err := parseDigest(s.Digest)
	if err != nil {
		return nil, err
	}
	b := append([]byte{recordVersion, s.flags()}, digest...)
	b = binary.BigEndian.AppendUint64(b, s.record)
	if !s.Newest.IsZero() {
		b = binary.BigEndian.AppendUint64(b, uint64(s.Newest.Time.Unix()))
		b = binary.BigEndian.AppendUint32(b, uint32(s.Newest.Time.Nanosecond()))
	}
	for _, text := range []string{string(s.Outcome), string(s.Reason), s.Round} {
		if len(text) > 255 {
			return nil, fmt.Errorf("%.80q is longer than 255 bytes", text)
		}
		b = append(b, byte(len(text)))
		b = append(b, text...)
	}
	b = binary.AppendUvarint(b, uint64(len(s.bodies)))
	for _, id := range s.bodies {
		b = binary.AppendUvarint(b, id)
	}
	return b, nil
}

// decodeSummary reads a summary from its key and value, and copies both.
func decodeSummary(key, value []byte) (Summary, error) {
	k, err := parseLookKey(key)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{Subject: k.subject, At: k.at, Look: k.look, seq: k.seq}
	r := reader{rest: value}
	if v := r.byte(); v != recordVersion {
		return Summary{}, fmt.Errorf("%w: version %d", errSummary, v)
	}
	flags := r.byte()
	s.Digest = hex.EncodeToString(r.take(32))
	s.record = r.uint64()
	if flags&flagNewest != 0 {
		sec, nsec := int64(r.uint64()), int64(r.uint32())
		s.Newest.Time = time.Unix(sec, nsec).In(extract.Beijing)
	}
	s.Newest.Minute, s.Newest.Inferred = flags&flagMinute != 0, flags&flagInferred != 0
	s.AtLeast, s.Complete = flags&flagAtLeast != 0, flags&flagComplete != 0
	s.Older, s.TakenOver = flags&flagOlder != 0, flags&flagTakenOver != 0
	s.Outcome, s.Reason = extract.Outcome(r.text()), extract.Reason(r.text())
	s.Round = r.text()
	s.bodies = r.numbers()
	if r.failed || len(r.rest) != 0 {
		return Summary{}, errSummary
	}
	return s, nil
}

// A reader takes fields off the front of a value. Past the end it gives zeros
// and remembers that it failed.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.failed, r.rest = true, nil
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() byte     { return r.take(1)[0] }
func (r *reader) uint32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *reader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }
func (r *reader) text() string   { return string(r.take(int(r.byte()))) }

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) numbers() []uint64 {
	n := r.uvarint()
	if n > maxRefs || n > uint64(len(r.rest)) {
		r.failed = true
		return nil
	}
	out := make([]uint64, 0, n)
	for range n {
		out = append(out, r.uvarint())
	}
	return out
}

// AsLook is the snapshot as rules judge it. A picture is evidence for people: two
// of one page may differ in a clock, and to rules the page is the same.
func (s Snapshot) AsLook() rules.Look {
	l := rules.Look{Subject: s.Subject, At: s.At, Round: s.Round, Digest: s.Digest, Reading: s.Reading}
	for _, page := range s.Pages {
		if page.Why == extract.WhyPicture {
			continue
		}
		l.Evidence = append(l.Evidence, rules.Evidence{
			URL: page.URL, FetchedAt: page.FetchedAt, Status: page.Status, SHA256: page.SHA256,
			Outcome: s.Reading.Outcome, Method: s.Reading.Method,
		})
	}
	return l
}
