package store

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/cases"
	"xuncha/internal/merkle"
)

// nightVersion is the version of a night's record.
const nightVersion = 1

// A Night seals a round when it has ended: its snapshots by the root of a tree
// over their digests, the configuration by the digest of its list of files, and
// the night before by its seal. Whoever wrote down one seal can tell of every
// night up to then whether anything in it was changed, added or taken away.
type Night struct {
	Version   int        `json:"version"`
	Number    int        `json:"number"` // from 1, without gaps, in the order in which rounds ended
	Round     string     `json:"round"`
	State     RoundState `json:"state"`
	Started   time.Time  `json:"started"`
	Finished  time.Time  `json:"finished"`
	Simulated bool       `json:"simulated,omitempty"`

	// Config and RuleSet are as in Round. Files is the SHA-256 of the list of the
	// configuration's files with their digests, the rule sets among them, and Plan
	// that of the planned subjects, both as JSON.
	Config  string `json:"config"`
	RuleSet string `json:"rule_set"`
	Reader  string `json:"reader"`
	Files   string `json:"files"`
	Plan    string `json:"plan"`

	// Snapshots is how many leaves the tree has, and Root its root. The entries
	// are the digests of the snapshots as bytes, in order of look and subject.
	Snapshots int    `json:"snapshots"`
	Root      string `json:"root"`

	// Head is the end of the history of findings at the time, and Imports the digest
	// of the last import of a register; zero where there was none.
	Head    cases.Head `json:"head,omitzero"`
	Imports string     `json:"imports,omitempty"`

	// Before is the seal of the night before, "" for the first.
	Before string `json:"before"`

	// Record is what is kept, byte for byte; its SHA-256 is the Seal.
	Record []byte `json:"-"`
	Seal   string `json:"-"`
}

// ParseNight reads the record of a night. Fields that later versions add are
// passed over; the seal is over the bytes.
func ParseNight(record []byte) (Night, error) {
	var n Night
	if err := json.Unmarshal(record, &n); err != nil {
		return Night{}, fmt.Errorf("record of a night: %w", err)
	}
	n.Record, n.Seal = bytes.Clone(record), digestOf(record)
	return n, nil
}

// Follows says in both languages why n is not the night after another, "" if it
// is.
func (n Night) Follows(before Night) (chinese, english string) {
	switch {
	case n.Number > before.Number+1:
		gap := n.Number - before.Number - 1
		return fmt.Sprintf("第 %d 夜（%s）与第 %d 夜（%s）之间缺少 %d 夜", before.Number, before.Round, n.Number, n.Round, gap),
			fmt.Sprintf("between night %d (round %s) and night %d (round %s) %d nights are missing", before.Number, before.Round, n.Number, n.Round, gap)
	case n.Number != before.Number+1:
		return fmt.Sprintf("第 %d 夜（%s）排在第 %d 夜（%s）之后", n.Number, n.Round, before.Number, before.Round),
			fmt.Sprintf("night %d (round %s) stands behind night %d (round %s)", n.Number, n.Round, before.Number, before.Round)
	case n.Before != before.Seal:
		return fmt.Sprintf("第 %d 夜（%s）与留存的第 %d 夜（%s）不衔接：其中一夜被改动", n.Number, n.Round, before.Number, before.Round),
			fmt.Sprintf("night %d (round %s) does not follow night %d (round %s) as kept: one of them was changed", n.Number, n.Round, before.Number, before.Round)
	}
	return "", ""
}

// seal makes the record of a round that ends in this transaction.
func (s *Store) seal(tx *bbolt.Tx, rec roundRecord) (json.RawMessage, error) {
	digests, err := digestsOf(tx, rec.Seq)
	if err != nil {
		return nil, damaged(s.path, err)
	}
	last, err := s.lastNight(tx)
	if err != nil {
		return nil, err
	}
	head, err := headOf(tx)
	if err != nil {
		return nil, damaged(s.path, err)
	}
	var list Import
	if _, err := lastLink(tx, bucketImports, &list); err != nil {
		return nil, damaged(s.path, err)
	}
	r := rec.Round
	return json.Marshal(Night{
		Version: nightVersion, Number: last.Number + 1, Round: r.ID, State: r.State, Started: r.Started, Finished: r.Finished,
		Simulated: r.Simulated, Config: r.Config, RuleSet: r.RuleSet, Reader: r.Reader, Files: rec.Files, Plan: rec.Plan,
		Snapshots: len(digests), Root: merkle.Root(leaves(digests)).String(),
		Head: head, Imports: list.Digest, Before: last.Seal,
	})
}

// lastNight finds the night that was sealed last, the zero Night if none was.
func (s *Store) lastNight(tx *bbolt.Tx) (last Night, err error) {
	err = tx.Bucket([]byte(bucketRounds)).ForEach(func(k, v []byte) error {
		rec, err := s.rawRound(string(k), v)
		if err != nil || rec.Night == nil {
			return err
		}
		n, err := ParseNight(rec.Night)
		if err != nil {
			return damaged(s.path, err)
		}
		if n.Number > last.Number {
			last = n
		}
		return nil
	})
	return last, err
}

// leaves are the hashes over which a night's tree stands.
func leaves(digests [][]byte) []merkle.Hash {
	out := make([]merkle.Hash, len(digests))
	for i, d := range digests {
		out[i] = merkle.Leaf(d)
	}
	return out
}

// digestsOf lists the digests of a round's snapshots as they stand, in order of
// look and subject.
func digestsOf(tx *bbolt.Tx, seq uint32) ([][]byte, error) {
	prefix := roundPrefix(seq, 0)[:4]
	looks := tx.Bucket([]byte(bucketLooks))
	c := tx.Bucket([]byte(bucketInRound)).Cursor()
	var out [][]byte
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if len(k) < 6 || len(v) != inRoundSize {
			return nil, fmt.Errorf("index of rounds: entry %x is malformed", k)
		}
		_, look, subject := parseRoundKey(k)
		key := lookKey{subject, parseMoment(v), seq, look}.bytes()
		sum, err := decodeSummary(key, looks.Get(key))
		if err != nil {
			return nil, fmt.Errorf("snapshot of %s: %w", subject, err)
		}
		digest, err := parseDigest(sum.Digest)
		if err != nil {
			return nil, err
		}
		out = append(out, digest)
	}
	return out, nil
}

// keepLeaves keeps the digests of a night that is about to lose snapshots, so
// that its tree stands and what stays can still be shown to be in it.
func (s *Store) keepLeaves(tx *bbolt.Tx, rec *roundRecord) error {
	if rec.Night == nil || rec.Leaves != "" {
		return nil
	}
	digests, err := digestsOf(tx, rec.Seq)
	if err != nil {
		return damaged(s.path, err)
	}
	all := bytes.Join(digests, nil)
	p, err := s.packBody(digestOf(all), all)
	if err != nil {
		return err
	}
	if _, err := s.putBody(tx, p); err != nil {
		return err
	}
	rec.Leaves = p.digest
	return nil
}

// nightDigests lists the digests of all snapshots that a night had when it was
// sealed.
func (s *Store) nightDigests(rec roundRecord) (digests [][]byte, err error) {
	if rec.Leaves != "" {
		all, err := s.Body(rec.Leaves)
		if err != nil || len(all)%32 != 0 {
			return nil, damaged(s.path, fmt.Sprintf("digests of round %s cannot be read", rec.Round.ID))
		}
		return slices.Collect(slices.Chunk(all, 32)), nil
	}
	err = s.view(func(tx *bbolt.Tx) (err error) {
		digests, err = digestsOf(tx, rec.Seq)
		return err
	})
	return digests, err
}

// Nights returns every night that was sealed, the oldest first. Rounds that
// ended before nights were sealed have none.
func (s *Store) Nights() ([]Night, error) {
	recs, err := s.roundRecords()
	if err != nil {
		return nil, err
	}
	var nights []Night
	for _, rec := range recs {
		if rec.Night == nil {
			continue
		}
		n, err := ParseNight(rec.Night)
		if err != nil {
			return nil, damaged(s.path, err)
		}
		nights = append(nights, n)
	}
	slices.SortStableFunc(nights, func(a, b Night) int { return cmp.Compare(a.Number, b.Number) })
	return nights, nil
}

// A Place is where a snapshot stands in the tree of its night, and the hashes
// that lead from it to the root, the lowest first.
type Place struct {
	Index int      `json:"index"`
	Size  int      `json:"size"`
	Path  []string `json:"path"`
}

// Place finds a snapshot in its night. It is ErrNotFound while the round runs,
// and for rounds that ended before nights were sealed.
func (s *Store) Place(sum Summary) (Place, error) {
	rec, err := s.roundRecord(sum.Round)
	if err != nil {
		return Place{}, err
	}
	if rec.Night == nil {
		return Place{}, fmt.Errorf("store %s: seal of round %s: %w", s.path, sum.Round, ErrNotFound)
	}
	digests, err := s.nightDigests(rec)
	if err != nil {
		return Place{}, err
	}
	i := slices.IndexFunc(digests, func(d []byte) bool { return hex.EncodeToString(d) == sum.Digest })
	if i < 0 {
		return Place{}, damaged(s.path, fmt.Sprintf("snapshot %s of %s is not in its night", sum.Digest, sum.Subject))
	}
	p := Place{Index: i, Size: len(digests), Path: []string{}}
	for _, h := range merkle.Path(leaves(digests), i) {
		p.Path = append(p.Path, h.String())
	}
	return p, nil
}

// Record returns the bytes of a snapshot's record, whose SHA-256 is its digest.
func (s *Store) Record(sum Summary) (raw []byte, err error) {
	var packed []byte
	err = s.view(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(bucketLooks)).Get(sum.key()) == nil {
			return fmt.Errorf("store %s: snapshot %s of %s: %w", s.path, sum.Digest, sum.Subject, ErrNotFound)
		}
		packed = bytes.Clone(tx.Bucket([]byte(bucketRecords)).Get(number(sum.record)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.rawRecord(kept{Summary: sum, packed: packed})
}

// nights checks the tree of every sealed night, that each follows the one before,
// and that the history of findings still holds what it held then.
func (v *verifier) nights() error {
	recs, err := v.s.roundRecords()
	if err != nil {
		return nil // told by rounds
	}
	var all []Night
	first := map[uint32]bool{} // rounds that began after a sealed one ended must be sealed
	for _, rec := range recs {
		if rec.Night == nil {
			first[rec.Seq] = rec.Round.State != Running
			continue
		}
		n, err := ParseNight(rec.Night)
		if err != nil {
			v.fault("round %s: %v", rec.Round.ID, err)
			continue
		}
		all = append(all, n)
		v.night(rec, n)
		for seq, ended := range first {
			if ended && seq > rec.Seq {
				v.fault("a round that began after round %s has ended and lost its seal", rec.Round.ID)
				first[seq] = false
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Night) int { return cmp.Compare(a.Number, b.Number) })
	events, err := v.s.Events()
	if err != nil {
		return nil // told by events
	}
	before := Night{}
	for _, n := range all {
		if _, why := n.Follows(before); why != "" {
			v.fault("nights: %s", why)
		}
		if h := n.Head; h.Seq > len(events) || h.Seq > 0 && events[h.Seq-1].Digest != h.Digest {
			v.fault("night %d (round %s) saw event %d of the history, which is missing or was changed", n.Number, n.Round, h.Seq)
		}
		before = n
	}
	return v.ctx.Err()
}

// night checks one seal against what is kept.
func (v *verifier) night(rec roundRecord, n Night) {
	r := rec.Round
	if n.Round != r.ID || n.State != r.State || !n.Started.Equal(r.Started) || !n.Finished.Equal(r.Finished) || n.Simulated != r.Simulated ||
		n.Config != r.Config || n.RuleSet != r.RuleSet || n.Reader != r.Reader || n.Files != rec.Files || n.Plan != rec.Plan {
		v.fault("round %s was changed after it was sealed", r.ID)
	}
	digests, err := v.s.nightDigests(rec)
	if err != nil {
		v.fault("round %s: %v", r.ID, err)
		return
	}
	if len(digests) != n.Snapshots || merkle.Root(leaves(digests)).String() != n.Root {
		v.fault("round %s: its snapshots are not those that were sealed", r.ID)
	}
}
