package office

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"xuncha/report"
	"xuncha/store"
)

// A Kept notice is one that was made and kept, with the digests of its files.
type Kept struct {
	Number int        `json:"number"` // from 1
	At     time.Time  `json:"at"`
	By     string     `json:"by"`
	Period string     `json:"period"`
	Point  string     `json:"point"`
	Final  bool       `json:"final"`
	Totals string     `json:"totals"` // in one line
	Files  []KeptFile `json:"files"`
}

// A KeptFile is one file of a kept notice.
type KeptFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int    `json:"size"`
}

// Keys of the shelf of notices: the records by number, and the bytes by digest.
const (
	shelfNotices = "notices"
	keyNotice    = "made/"
	keyBytes     = "file/"
)

// Keep keeps a notice with its files. Of several with the same bytes these are
// kept once.
func Keep(st *store.Store, k Kept, files []report.File) (Kept, error) {
	packed := map[string][]byte{}
	k.Files = nil
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		digest := hex.EncodeToString(sum[:])
		k.Files = append(k.Files, KeptFile{f.Name, digest, len(f.Data)})
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(f.Data); err != nil {
			return k, err
		}
		if err := z.Close(); err != nil {
			return k, err
		}
		packed[digest] = b.Bytes()
	}
	all, err := KeptNotices(st)
	if err != nil {
		return k, err
	}
	err = st.Shelf(shelfNotices).Update(func(tx store.ShelfTx) error {
		for k.Number = len(all) + 1; tx.Get(noticeKey(k.Number)) != nil; k.Number++ {
		}
		record, err := json.Marshal(k)
		if err != nil {
			return err
		}
		for digest, data := range packed {
			if err := tx.Put(keyBytes+digest, data); err != nil {
				return err
			}
		}
		return tx.Put(noticeKey(k.Number), record)
	})
	return k, err
}

func noticeKey(n int) string { return fmt.Sprintf("%s%08d", keyNotice, n) }

// KeptNotices are the notices that were kept, the oldest first.
func KeptNotices(st *store.Store) ([]Kept, error) {
	var all []Kept
	for r, err := range st.Shelf(shelfNotices).Walk(keyNotice, "") {
		if err != nil {
			return nil, err
		}
		var k Kept
		if err := json.Unmarshal(r.Value, &k); err != nil {
			return nil, fmt.Errorf("notice %s: %w", r.Key, err)
		}
		all = append(all, k)
	}
	return all, nil
}

// KeptFileOf returns a file of a kept notice, checked against its digest. What is
// not there is store.ErrNotFound.
func KeptFileOf(st *store.Store, number int, name string) ([]byte, error) {
	shelf := st.Shelf(shelfNotices)
	record, err := shelf.Get(noticeKey(number))
	if err != nil {
		return nil, err
	}
	var k Kept
	if err := json.Unmarshal(record, &k); err != nil {
		return nil, fmt.Errorf("notice %d: %w", number, err)
	}
	for _, f := range k.Files {
		if f.Name != name {
			continue
		}
		packed, err := shelf.Get(keyBytes + f.SHA256)
		if err != nil {
			return nil, err
		}
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, fmt.Errorf("notice %d: %s: %w", number, name, err)
		}
		data, err := io.ReadAll(io.LimitReader(z, int64(f.Size)+1))
		if err != nil {
			return nil, fmt.Errorf("notice %d: %s: %w", number, name, err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 {
			return nil, fmt.Errorf("notice %d: %s has other bytes than those kept: %w", number, name, store.ErrDamaged)
		}
		return data, nil
	}
	return nil, fmt.Errorf("notice %d: %s: %w", number, name, store.ErrNotFound)
}
