package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"xuncha/extract"
)

// maxSubject bounds a subject's ID in bytes; maxRoundID a round's.
const (
	maxSubject = 512
	maxRoundID = 64
)

// lookTail is the length of a look's key after the subject: a zero byte, the
// moment, the round's number and the number of the look.
const lookTail = 1 + 8 + 4 + 1

// A lookKey orders snapshots by subject, then time. The round's number keeps
// rounds apart that a simulated clock put at one instant.
type lookKey struct {
	subject string
	at      time.Time
	seq     uint32
	look    int
}

// bytes returns the key as stored.
func (k lookKey) bytes() []byte {
	b := make([]byte, 0, len(k.subject)+lookTail)
	b = append(b, k.subject...)
	b = append(b, 0)
	b = append(b, moment(k.at)...)
	b = binary.BigEndian.AppendUint32(b, k.seq)
	return append(b, byte(k.look))
}

// parseLookKey is the inverse of bytes.
func parseLookKey(b []byte) (lookKey, error) {
	n := len(b) - lookTail
	if n < 1 || b[n] != 0 {
		return lookKey{}, fmt.Errorf("key %x of a look is malformed", b)
	}
	tail := b[n+1:]
	return lookKey{
		subject: string(b[:n]),
		at:      parseMoment(tail),
		seq:     binary.BigEndian.Uint32(tail[8:]),
		look:    int(tail[12]),
	}, nil
}

// after returns the least key behind all looks of a subject up to and including
// a moment; the zero time means all.
func after(subject string, until time.Time) []byte {
	b := append([]byte(subject), 0)
	if until.IsZero() {
		return append(b, strings.Repeat("\xff", lookTail)...)
	}
	b = append(b, moment(until)...)
	return append(b, "\xff\xff\xff\xff\xff\xff"...)
}

// from returns the least key of a subject's looks at or after a moment.
func from(subject string, since time.Time) []byte {
	b := append([]byte(subject), 0)
	if since.IsZero() {
		return b
	}
	return append(b, moment(since)...)
}

// moment spells an instant so that bytes sort as time does, before 1970 too.
func moment(t time.Time) []byte {
	return number(uint64(nanos(t)) ^ 1<<63)
}

// parseMoment is the inverse of moment.
func parseMoment(b []byte) time.Time {
	return time.Unix(0, int64(binary.BigEndian.Uint64(b)^1<<63)).In(extract.Beijing)
}

// nanos is the Unix time of t, held at the ends of what fits.
func nanos(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}

// number spells a number so that bytes sort as numbers do.
func number(n uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, n)
}

// roundKey is the key of one snapshot in the index by round.
func roundKey(seq uint32, look int, subject string) []byte {
	return append(roundPrefix(seq, look), subject...)
}

// roundPrefix is what all looks with one number in a round begin with.
func roundPrefix(seq uint32, look int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, seq), byte(look))
}

// checkSubject refuses what cannot be a key.
func checkSubject(id string) error {
	if id == "" || len(id) > maxSubject || strings.ContainsRune(id, 0) || !utf8.ValidString(id) {
		return fmt.Errorf("subject %.80q: want 1 to %d bytes of UTF-8 without a zero byte", id, maxSubject)
	}
	return nil
}

// parseRoundKey is the inverse of roundKey, for keys long enough.
func parseRoundKey(b []byte) (seq uint32, look int, subject string) {
	return binary.BigEndian.Uint32(b), int(b[4]), string(b[5:])
}
