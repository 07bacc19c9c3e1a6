package store

import (
	"bytes"
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
)

// anyInstant draws moments a store takes, near ones more often than far ones.
func anyInstant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "near") {
			return night.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "ns")))
		}
		return time.Unix(rapid.Int64Range(-9e9, 9e9).Draw(t, "sec"), rapid.Int64Range(0, 999_999_999).Draw(t, "nsec"))
	})
}

func anyKey() *rapid.Generator[lookKey] {
	return rapid.Custom(func(t *rapid.T) lookKey {
		return lookKey{
			subject: rapid.StringMatching(`[a-c](/[a-c]{0,2})?|账号:[0-9]`).Draw(t, "subject"),
			at:      anyInstant().Draw(t, "at"),
			seq:     rapid.Uint32().Draw(t, "seq"),
			look:    rapid.IntRange(1, 255).Draw(t, "look"),
		}
	})
}

// Bytes sort as subject, moment, round and look do, and lead back.
func TestKeysSortAsTheyMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyKey().Draw(t, "a"), anyKey().Draw(t, "b")
		want := cmp.Or(cmp.Compare(a.subject, b.subject), a.at.Compare(b.at), cmp.Compare(a.seq, b.seq), cmp.Compare(a.look, b.look))
		if got := bytes.Compare(a.bytes(), b.bytes()); got != want {
			t.Fatalf("%+v and %+v: bytes compare %d, want %d", a, b, got, want)
		}
		back, err := parseLookKey(a.bytes())
		if err != nil || back.subject != a.subject || !back.at.Equal(a.at) || back.seq != a.seq || back.look != a.look {
			t.Fatalf("%+v came back as %+v, %v", a, back, err)
		}
		inside := bytes.Compare(a.bytes(), after(b.subject, b.at)) < 0 && bytes.Compare(a.bytes(), from(b.subject, b.at)) >= 0
		if (a.subject == b.subject && a.at.Equal(b.at)) != inside {
			t.Fatalf("%+v in the moment of %+v: got %v", a, b, inside)
		}
	})
}

// A summary survives being stored, field by field.
func TestSummaryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := anyKey().Draw(t, "key")
		want := Summary{
			Subject: k.subject, At: k.at, Look: k.look, seq: k.seq,
			Round:     rapid.StringMatching(`[0-9]{8}-[0-9]{4}(-[2-9])?`).Draw(t, "round"),
			Digest:    digestOf([]byte(k.subject)),
			Outcome:   rapid.SampledFrom([]extract.Outcome{extract.Dated, extract.Empty, extract.Unread, ""}).Draw(t, "outcome"),
			Reason:    rapid.SampledFrom([]extract.Reason{extract.ReasonDown, extract.ReasonLost, ""}).Draw(t, "reason"),
			AtLeast:   rapid.Bool().Draw(t, "at least"),
			Complete:  rapid.Bool().Draw(t, "complete"),
			Older:     rapid.Bool().Draw(t, "older"),
			TakenOver: rapid.Bool().Draw(t, "taken over"),
			record:    rapid.Uint64().Draw(t, "record"),
			bodies:    rapid.SliceOfN(rapid.Uint64(), 0, 30).Draw(t, "bodies"),
		}
		want.Newest.Minute, want.Newest.Inferred = rapid.Bool().Draw(t, "minute"), rapid.Bool().Draw(t, "inferred")
		if rapid.Bool().Draw(t, "dated") {
			want.Newest.Time = anyInstant().Draw(t, "newest")
		}
		value, err := want.encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeSummary(want.key(), value)
		if err != nil {
			t.Fatalf("%+v: %v", want, err)
		}
		if !sameSummary(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		// Not a byte may be missing or too many.
		if _, err := decodeSummary(want.key(), value[:len(value)-1]); err == nil {
			t.Fatalf("%+v: a cut value was read", want)
		}
		if _, err := decodeSummary(want.key(), append(value, 0)); err == nil {
			t.Fatalf("%+v: a value with a tail was read", want)
		}
	})
}

func sameSummary(a, b Summary) bool {
	return a.Subject == b.Subject && a.Round == b.Round && a.At.Equal(b.At) && a.Look == b.Look && a.Digest == b.Digest &&
		a.Outcome == b.Outcome && a.Reason == b.Reason && a.flags() == b.flags() && a.Newest.Time.Equal(b.Newest.Time) &&
		a.seq == b.seq && a.record == b.record && slices.Equal(a.bodies, b.bodies)
}

// What is packed comes back, whatever it is.
func TestPackUnpack(t *testing.T) {
	c := must(newCodec())(t)
	defer c.close()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "raw")
		raw = bytes.Repeat(raw, rapid.IntRange(1, 40).Draw(t, "times"))
		got, err := c.unpack(c.pack(raw), rapid.IntRange(-1, 1<<20).Draw(t, "size"))
		if err != nil || !bytes.Equal(got, raw) {
			t.Fatalf("%d bytes came back as %d: %v", len(raw), len(got), err)
		}
	})
}

// A body above the limit is refused before anything is written.
func TestBodyTooLarge(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	_, err := s.Keep([]Snapshot{shot("a", "r1", night, string(make([]byte, maxBody+1)))})
	if err == nil {
		t.Error("a body above the limit was kept")
	}
	if st := must(s.Stats())(t); st.Snapshots != 0 {
		t.Errorf("got %+v", st)
	}
	keep(t, s, shot("a", "r1", night, string(make([]byte, maxBody))))
	must(s.Body(must(s.Prior("a"))(t).Pages[0].SHA256))(t)
}
