package people

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"xuncha/store"
)

// A Config is what a gate needs. Store is all that has no default.
type Config struct {
	// Store keeps users, sessions, tokens and the log, on one shelf, so that what
	// is done and the entry about it are one change.
	Store *store.Store

	// Now is the clock, time.Now for nil. It is the real one even where a city is
	// simulated. Random is where secrets come from, crypto/rand for nil.
	Now    func() time.Time
	Random io.Reader

	// Cost is what a password costs to try, DefaultCost for the zero Cost.
	Cost Cost

	// Proxies are whose word on the client's address and connection is taken.
	Proxies []netip.Prefix

	// Issuer may say who somebody is, besides passwords; nil for none.
	Issuer *Issuer

	Log *slog.Logger // of what nobody asked for can be told; none for nil
}

// A Gate knows who may come in and remembers who did what. It is safe for
// concurrent use. Two gates must not share a store.
type Gate struct {
	shelf   store.Shelf
	write   func(func(store.ShelfTx) error) error // the shelf's Update
	now     func() time.Time
	random  io.Reader
	hasher  *hasher
	guard   *guardroom
	proxies []netip.Prefix
	foreign *foreign // nil without an issuer
	log     *slog.Logger

	held  held
	users sync.Mutex // held over changes that depend on several users
	flood flood
}

// Open opens the gate of a store.
func Open(cfg Config) (*Gate, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Cost == (Cost{}) {
		cfg.Cost = DefaultCost()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if !cfg.Cost.valid() {
		return nil, fmt.Errorf("people: a password cannot cost %d KiB and %d passes", cfg.Cost.MemoryKiB, cfg.Cost.Passes)
	}
	shelf := cfg.Store.Shelf("people")
	guard, err := openGuardroom(shelf)
	if err != nil {
		return nil, fmt.Errorf("people: failures: %w", err)
	}
	g := &Gate{
		shelf: shelf, write: shelf.Update, now: cfg.Now, random: cfg.Random, hasher: newHasher(cfg.Cost, cfg.Random), guard: guard,
		proxies: cfg.Proxies, log: cfg.Log,
	}
	if cfg.Issuer != nil {
		if g.foreign, err = newForeign(*cfg.Issuer, cfg.Now); err != nil {
			return nil, fmt.Errorf("people: %w", err)
		}
	}
	return g, nil
}

// User returns who asks, by a token where one was sent, else by the session of the
// cookie: the zero User for nobody. What is not in order, an old session, a token
// that was taken back, a user who was disabled, is nobody.
func (g *Gate) User(r *http.Request) User {
	u, err := g.user(r)
	if err != nil && !errors.Is(err, errNobody) {
		g.log.Error("people: who asks", "error", err)
	}
	return u
}

// StillUser returns who asks, as User does, without marking what proves it as used:
// for answers that go on by themselves, which keep no session from ending.
func (g *Gate) StillUser(r *http.Request) User {
	digest, ok := g.sessionOf(r)
	if _, sent := bearer(r); sent || !ok {
		return g.User(r) // of a token it is only kept on which day it was used
	}
	u, _, err := g.whose(digest)
	if err != nil && !errors.Is(err, errNobody) {
		g.log.Error("people: who asks still", "error", err)
	}
	return u
}

// errNobody says that a request proves nobody.
var errNobody = errors.New("nobody")

func (g *Gate) user(r *http.Request) (User, error) {
	if token, sent := bearer(r); sent {
		return g.byToken(token)
	}
	return g.bySession(r)
}

// Actor returns who does what a request asks for, for the log.
func (g *Gate) Actor(r *http.Request, u User) Actor {
	return Actor{Name: u.Name, Via: u.Via, From: from(g.Address(r))}
}

func from(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// get decodes a record; errNobody says that there is none.
func get[T any](g *Gate, key string) (v T, err error) {
	raw, err := g.shelf.Get(key)
	if errors.Is(err, store.ErrNotFound) {
		return v, errNobody
	}
	if err != nil {
		return v, err
	}
	return v, decode(key, raw, &v)
}

// getIn is get inside of a transaction.
func getIn[T any](tx store.ShelfTx, key string) (v T, err error) {
	raw := tx.Get(key)
	if raw == nil {
		return v, errNobody
	}
	return v, decode(key, raw, &v)
}

func decode(key string, raw []byte, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("people: record %s: %w", key, err)
	}
	return nil
}

func putIn(tx store.ShelfTx, key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Put(key, raw)
}

// list decodes all records below a prefix.
func list[T any](g *Gate, prefix string) (keys []string, all []T, err error) {
	for r, err := range g.shelf.Walk(prefix, "") {
		if err != nil {
			return nil, nil, err
		}
		var v T
		if err := decode(r.Key, r.Value, &v); err != nil {
			return nil, nil, err
		}
		keys, all = append(keys, r.Key[len(prefix):]), append(all, v)
	}
	return keys, all, nil
}
