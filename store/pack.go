package store

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

// packFresh compresses the bodies that are not kept yet, once each, outside of
// the transaction.
func (s *Store) packFresh(drafts []draft) (map[string]packed, error) {
	bodies, err := s.freshBodies(drafts)
	if err != nil {
		return nil, err
	}
	digests := slices.Sorted(maps.Keys(bodies))
	done := make([]packed, len(digests))
	err = onAllCores(len(digests), func(i int) (err error) {
		p := bodies[digests[i]]
		if tight(p) {
			done[i] = packed{digest: p.sha256, raw: len(p.data), data: p.packed}
			return nil
		}
		if digestOf(p.data) != p.sha256 {
			return fmt.Errorf("keep: a body of %d bytes does not have the digest %s its page states", len(p.data), p.sha256)
		}
		if done[i], err = s.packBody(p.sha256, p.data); err != nil {
			return fmt.Errorf("keep: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	fresh := make(map[string]packed, len(digests))
	for _, p := range done {
		fresh[p.digest] = p
	}
	return fresh, nil
}

// tight reports whether a body is kept as it came: gzipped well enough that to
// pack it again would save little room for much time. That it is this body which
// it holds is the word of whoever unpacked it; it is checked when it is read.
func tight(p part) bool {
	const share = 3 // of the body, at most a third
	return isGzip(p.packed) && len(p.data) <= maxBody && len(p.packed)*share <= len(p.data)
}

// freshBodies finds the bodies that are not kept yet, or not whole any more, by
// digest.
func (s *Store) freshBodies(drafts []draft) (map[string]part, error) {
	bodies := make(map[string]part)
	err := s.view(func(tx *bbolt.Tx) error {
		for _, d := range drafts {
			for _, p := range d.parts {
				if p.data == nil && p.sha256 != digestOf(nil) {
					continue
				}
				_, ok, err := findBody(tx, p.sha256)
				if err != nil {
					return fmt.Errorf("keep %s: %s: %w", d.sum.Subject, p.name, err)
				}
				if !ok || s.torn.has(p.sha256) {
					bodies[p.sha256] = p
				}
			}
		}
		return nil
	})
	return bodies, err
}

// onAllCores runs do for 0 to n-1, on as many cores as there are, and returns
// once all have ended, with the error of the least number.
func onAllCores(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
