package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"xuncha/console"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/store"
	"xuncha/workshop"
)

// fillDetail gives the console what it shows of single subjects, and the workshop in
// which their recipes are changed.
func (s *service) fillDetail(cfg *console.Config) error {
	cfg.Archive = s.store
	cfg.Workshop = newTuning(s.Config, s.store, func() (patrol.Visitor, func(), error) {
		return s.web.crawler(s.daemon.Setup(), forgetful{}, func(*crawler.Config) {})
	}, func() {
		_ = s.daemon.Reload() // it was logged, and stands on the page of the system
	})
	return nil
}

// tuning is the workshop of a console: recipes of one configuration, tried on the
// network that its rounds ask, at their pace.
type tuning struct {
	config  string
	shelf   store.Shelf
	visitor func() (v patrol.Visitor, hangUp func(), err error)
	written func()        // tells the daemon of a change, so that the next look goes by it
	turn    chan struct{} // held while pages are fetched for somebody: one fetch at a time

	mu   sync.Mutex       // guards all below
	seen []inventory.File // that made was made of
	made *workshop.Bench
}

// shelfChanges is where the changes of recipes stand, by their time.
const shelfChanges = "recipe-changes"

func newTuning(config string, st *store.Store, visitor func() (patrol.Visitor, func(), error), written func()) *tuning {
	return &tuning{config: config, shelf: st.Shelf(shelfChanges), visitor: visitor, written: written, turn: make(chan struct{}, 1)}
}

// Bench is the configuration as it stands on disk. It is made anew where a file has
// changed.
func (t *tuning) Bench() (*workshop.Bench, error) {
	b, err := t.Files()
	if err != nil {
		return nil, err
	}
	files := b.City.Files
	t.mu.Lock()
	defer t.mu.Unlock()
	same := func(a, b inventory.File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }
	if t.made != nil && slices.EqualFunc(files, t.seen, same) {
		return t.made, nil
	}
	s, err := parseSetup(files)
	if err != nil {
		return nil, err
	}
	s.dir, s.shared, s.folder = b.Dir, b.Shared, b.Folder
	t.seen, t.made = files, s.bench()
	return t.made, nil
}

// Files are the files of the configuration, whatever they say.
func (t *tuning) Files() (*workshop.Bench, error) {
	dir, shared, err := openConfig(t.config)
	if err != nil {
		return nil, err
	}
	files, err := inventory.ReadFiles(dir, shared)
	if err != nil {
		return nil, err
	}
	s := setup{city: &inventory.City{Files: files}, dir: dir, shared: shared}
	if onDisk(t.config) {
		s.folder = t.config
	}
	return s.bench(), nil
}

// Visit fetches the pages of a subject, once nobody else's are being fetched: what
// people look at must not ask more of a site than a round does.
func (t *tuning) Visit(ctx context.Context, s inventory.Subject) (workshop.Seen, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return workshop.Seen{}, ctx.Err()
	}
	visitor, hangUp, err := t.visitor()
	if err != nil {
		return workshop.Seen{}, err
	}
	defer hangUp()
	v, err := visit(ctx, visitor, s)
	if ctx.Err() != nil {
		return workshop.Seen{}, ctx.Err()
	}
	return seenBy(v), err
}

func seenBy(v crawler.Visit) workshop.Seen {
	pages := slices.DeleteFunc(slices.Clone(v.Pages), func(p extract.Page) bool { return p.Why == extract.WhyPicture })
	return workshop.Seen{At: v.At, Pages: pages, Reading: v.Reading}
}

// keptChanges is how many changes can be looked back upon.
const keptChanges = 50

// changeKey orders changes by their time.
const changeKey = "20060102T150405.000000000"

// Keep remembers a change, behind all before it.
func (t *tuning) Keep(c workshop.Change) error {
	defer t.written() // the files are, whatever becomes of the memory
	value, err := json.Marshal(c)
	if err != nil {
		return err
	}
	all, err := t.records()
	if err != nil {
		return err
	}
	key := c.At.UTC().Format(changeKey)
	if len(all) > 0 && key <= all[len(all)-1].Key {
		last, err := time.Parse(changeKey, all[len(all)-1].Key)
		if err != nil {
			return fmt.Errorf("change %s: %w", all[len(all)-1].Key, err)
		}
		key = last.Add(1).Format(changeKey) // a simulated clock stands still
	}
	return t.shelf.Update(func(tx store.ShelfTx) error {
		for _, old := range all[:max(0, len(all)-keptChanges+1)] {
			if err := tx.Delete(old.Key); err != nil {
				return err
			}
		}
		return tx.Put(key, value)
	})
}

func (t *tuning) records() (all []store.Record, err error) {
	for r, err := range t.shelf.Walk("", "") {
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// Changes are the changes remembered, the newest first.
func (t *tuning) Changes() ([]workshop.Change, error) {
	records, err := t.records()
	if err != nil {
		return nil, err
	}
	var all []workshop.Change
	for _, r := range slices.Backward(records) {
		var c workshop.Change
		if err := json.Unmarshal(r.Value, &c); err != nil {
			return nil, err
		}
		if c.At, err = time.Parse(changeKey, r.Key); err != nil {
			return nil, fmt.Errorf("change %s: %w", r.Key, err)
		}
		c.At = c.At.In(extract.Beijing)
		all = append(all, c)
	}
	return all, nil
}
