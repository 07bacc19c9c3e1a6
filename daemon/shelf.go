package daemon

import (
	"encoding/json"
	"errors"
	"fmt"

	"xuncha/store"
)

// get reads a record of a shelf; ok is false where there is none.
func get(shelf store.Shelf, key string, into any) (ok bool, err error) {
	value, err := shelf.Get(key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(value, into); err != nil {
		return false, fmt.Errorf("%s: %w", key, err)
	}
	return true, nil
}

// put writes a record of a shelf.
func put(shelf store.Shelf, key string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return shelf.Update(func(tx store.ShelfTx) error { return tx.Put(key, value) })
}

// drop takes records of a shelf away.
func drop(shelf store.Shelf, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	return shelf.Update(func(tx store.ShelfTx) error {
		for _, key := range keys {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
}
