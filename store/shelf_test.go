package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestShelfKeepsWhatItsOwnerPutThere(t *testing.T) {
	s := tempStore(t)
	shelf := s.Shelf("users")
	if _, err := shelf.Get("li"); !errors.Is(err, ErrNotFound) {
		t.Fatalf("an empty shelf answers %v", err)
	}
	for r, err := range shelf.Walk("", "") {
		t.Fatalf("an empty shelf holds %v, %v", r, err)
	}
	check(t, shelf.Update(func(tx ShelfTx) error {
		for i := range 2*shelfBatch + 7 {
			if err := tx.Put(fmt.Sprintf("a/%04d", i), []byte{byte(i)}); err != nil {
				return err
			}
		}
		return tx.Put("b/1", []byte("other"))
	}))
	var keys []string
	for r, err := range shelf.Walk("a/", "a/0003") {
		check(t, err)
		keys = append(keys, r.Key)
	}
	if len(keys) != 2*shelfBatch+4 || keys[0] != "a/0003" || !slices.IsSorted(keys) {
		t.Errorf("walked %d keys from %s", len(keys), keys[0])
	}
	if other := s.Shelf("sessions"); other.Update(func(tx ShelfTx) error { return tx.Put("b/1", []byte("own")) }) != nil {
		t.Fatal("a second shelf takes nothing")
	}
	if v, err := shelf.Get("b/1"); err != nil || string(v) != "other" {
		t.Errorf("b/1 is %q, %v: shelves must not mix", v, err)
	}
}

func TestShelfChangesAllOrNothing(t *testing.T) {
	s := tempStore(t)
	shelf := s.Shelf("outbox")
	check(t, shelf.Update(func(tx ShelfTx) error { return tx.Put("1", []byte("waits")) }))
	sorry := errors.New("sorry")
	if err := shelf.Update(func(tx ShelfTx) error {
		if err := errors.Join(tx.Delete("1"), tx.Put("2", []byte("new"))); err != nil {
			return err
		}
		return sorry
	}); !errors.Is(err, sorry) {
		t.Fatalf("the error is %v", err)
	}
	if v, err := shelf.Get("1"); err != nil || string(v) != "waits" {
		t.Errorf("1 is %q, %v", v, err)
	}
	if _, err := shelf.Get("2"); !errors.Is(err, ErrNotFound) {
		t.Errorf("2 is there: %v", err)
	}
}

// While old snapshots are looked for, which takes long, shelves can be read.
func TestShelvesAreReadWhileOldSnapshotsAreLookedFor(t *testing.T) {
	s := tempStore(t)
	shelf := s.Shelf("users")
	check(t, shelf.Update(func(tx ShelfTx) error { return tx.Put("li", []byte("1")) }))
	s.rest.Lock() // as Retain does
	defer s.rest.Unlock()
	if v, err := shelf.Get("li"); err != nil || string(v) != "1" {
		t.Errorf("%q, %v", v, err)
	}
	for r, err := range shelf.Walk("", "") {
		if err != nil || r.Key != "li" {
			t.Errorf("%v, %v", r, err)
		}
	}
}
