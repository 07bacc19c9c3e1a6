package store

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"xuncha/extract"
)

// Keys sort as subject, time, round, look.
func TestLookKeyOrder(t *testing.T) {
	keys := []lookKey{
		{"a", time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC), 1, 1},
		{"a", time.Unix(0, -1), 1, 1},
		{"a", time.Unix(0, 0), 1, 1},
		{"a", night, 1, 1},
		{"a", night, 1, 2},
		{"a", night, 2, 1},
		{"a", night.Add(1), 1, 1},
		{"a", time.Date(2038, 1, 19, 3, 14, 8, 0, time.UTC), 1, 1},
		{"a/b", night, 1, 1},
		{"ab", night, 1, 1},
	}
	for i, k := range keys {
		if i > 0 && bytes.Compare(keys[i-1].bytes(), k.bytes()) >= 0 {
			t.Errorf("%+v does not sort behind %+v", k, keys[i-1])
		}
		got := must(parseLookKey(k.bytes()))(t)
		if !got.at.Equal(k.at) || got.subject != k.subject || got.seq != k.seq || got.look != k.look {
			t.Errorf("got %+v, want %+v", got, k)
		}
		if bytes.Compare(k.bytes(), after(k.subject, k.at)) >= 0 || bytes.Compare(k.bytes(), from(k.subject, k.at)) < 0 {
			t.Errorf("%+v lies outside of its own moment", k)
		}
	}
}

// The same snapshot has the same digest, however its header was filled and in
// whatever zone's clothes its moment comes back.
func TestDigestIsStable(t *testing.T) {
	want := digestOf(must(encodeSnapshot(shot("a", "r1", night, "x")))(t))
	for range 20 {
		snap := shot("a", "r1", night, "x")
		header := make(map[string][]string)
		for k, v := range snap.Pages[0].Header {
			header[k] = v
		}
		snap.Pages[0].Header = header
		raw := must(encodeSnapshot(snap))(t)
		back := must(decodeSnapshot(raw))(t)
		if got := digestOf(must(encodeSnapshot(back))(t)); got != want || back.Digest != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

func FuzzDecodeSummary(f *testing.F) {
	for _, snap := range []Snapshot{shot("a", "r1", night, "x"), unread("fgw/tzgg", "20230927-0130", night)} {
		sum := summarize(snap)
		sum.Digest, sum.record, sum.bodies = digestOf(nil), 7, []uint64{1, 1 << 40}
		value, err := sum.encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(sum.key(), value)
	}
	f.Add([]byte("a"), []byte{})
	f.Add(lookKey{"a", night, 1, 1}.bytes(), []byte{recordVersion, 0xff})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		sum, err := decodeSummary(key, value)
		if err != nil {
			return
		}
		if !bytes.Equal(sum.key(), key) {
			t.Errorf("key %x: got %x back", key, sum.key())
		}
		again, err := sum.encode()
		if err != nil {
			t.Fatalf("%x: decodes, but does not encode: %v", value, err)
		}
		back, err := decodeSummary(key, again)
		if err != nil || back.Digest != sum.Digest || !back.Newest.Time.Equal(sum.Newest.Time) || !slices.Equal(back.bodies, sum.bodies) {
			t.Errorf("%x: got %+v and %v, want %+v", value, back, err, sum)
		}
	})
}

func FuzzDecodeSnapshot(f *testing.F) {
	raw, err := encodeSnapshot(shot("a", "r1", night, "x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"at":"0000-01-01T00:00:00Z","reading":{"newest":{"time":"9999-12-31T23:59:59.999999999+23:59"}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		snap, err := decodeSnapshot(raw)
		if err != nil {
			return
		}
		_ = summarize(snap).Conclusive()
		again, err := encodeSnapshot(snap)
		if err != nil {
			return // a moment JSON reads and does not write
		}
		back, err := decodeSnapshot(again)
		if err != nil || back.Reading.Outcome != snap.Reading.Outcome || back.Subject != snap.Subject {
			t.Errorf("%q: got %q back: %v", raw, again, err)
		}
	})
}

func FuzzReadMeta(f *testing.F) {
	f.Add(make([]byte, 2*pageSize))
	f.Add([]byte("巡查"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, ok := readMeta(bytes.NewReader(data), int64(len(data))); ok && m.pageSize < 1024 {
			t.Errorf("page size %d", m.pageSize)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	c, err := newCodec()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.pack([]byte("巡查")), 6)
	f.Add(hugeFrame(), 1<<40)
	f.Add([]byte{}, -1)
	f.Fuzz(func(t *testing.T, packed []byte, size int) {
		if raw, err := c.unpack(packed, size); err == nil && len(raw) > maxBody {
			t.Errorf("%x became %d bytes", packed, len(raw))
		}
	})
}

// A reading as large as they come is kept and read.
func TestLargeReading(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	snap := shot("a", "r1", night, "x")
	for len(snap.Reading.Items) < extract.MaxItems {
		snap.Reading.Items = append(snap.Reading.Items, snap.Reading.Items[0])
	}
	for len(snap.Pages) < extract.MaxPages {
		snap.Pages = append(snap.Pages, snap.Pages[0])
	}
	keep(t, s, snap)
	got := newest(t, s, "a")
	if len(got.Reading.Items) != extract.MaxItems || len(got.Pages) != extract.MaxPages {
		t.Errorf("got %d items and %d pages", len(got.Reading.Items), len(got.Pages))
	}
}
