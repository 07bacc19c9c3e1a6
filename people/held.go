package people

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"xuncha/store"
)

// While the disk is full nothing can be kept, and those who are to make room must
// still be able to come in: what then cannot be kept of sessions is held in memory,
// and ends with the process.
type held struct {
	mu       sync.Mutex
	sessions map[string]session // by the digest of their secret
}

// maxHeld bounds what can be held; beyond it a log-in fails as every write does.
const maxHeld = 1000

func (h *held) get(digest string) (session, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.sessions[digest]
	return s, ok
}

func (h *held) put(digest string, s session) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.sessions[digest]; !known && len(h.sessions) >= maxHeld {
		return false
	}
	if h.sessions == nil {
		h.sessions = map[string]session{}
	}
	h.sessions[digest] = s
	return true
}

// drop forgets a session that is kept again, or gone.
func (h *held) drop(digest string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, digest)
}

// sessionBy returns a session as it stands: held, or as kept.
func (g *Gate) sessionBy(digest string) (session, error) {
	if s, ok := g.held.get(digest); ok {
		return s, nil
	}
	return get[session](g, keySession+digest)
}

// sessions are all sessions as they stand, with the digests of their secrets.
func (g *Gate) sessions() (digests []string, all []session, err error) {
	digests, all, err = list[session](g, keySession)
	if err != nil {
		return nil, nil, err
	}
	g.held.mu.Lock()
	defer g.held.mu.Unlock()
	for _, digest := range slices.Sorted(maps.Keys(g.held.sessions)) {
		if i := slices.Index(digests, digest); i >= 0 {
			all[i] = g.held.sessions[digest]
			continue
		}
		digests, all = append(digests, digest), append(all, g.held.sessions[digest])
	}
	return digests, all, nil
}

// end makes an end of a session: write takes it off the shelf. Where even that finds
// no room, a session of nobody is held in its place.
func (g *Gate) end(digest string, write func(store.ShelfTx) error) error {
	err := g.write(func(tx store.ShelfTx) error { return errors.Join(tx.Delete(keySession+digest), write(tx)) })
	if errors.Is(err, store.ErrFull) && g.held.put(digest, session{}) {
		return nil
	}
	if err == nil {
		g.held.drop(digest)
	}
	return err
}

// hold holds a session where the disk was too full to keep it, and otherwise returns
// the error.
func (g *Gate) hold(digest string, s session, err error) error {
	if !errors.Is(err, store.ErrFull) || !g.held.put(digest, s) {
		return err
	}
	g.log.Warn("people: the disk is full; a session is held in memory alone", "user", s.User)
	return nil
}
