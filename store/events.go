package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"xuncha/cases"
)

// AppendEvents adds sealed events to the history of findings, with the papers
// that they have as attachments, in one transaction. A paper that is kept already
// need not come again.
//
// The events must have been sealed on the head of what is kept; where somebody
// else has added to the history meanwhile it is ErrMoved, and whoever wants to
// add reads the history anew. Nothing that was added ever changes or goes, and
// what it cites, snapshots and papers, stays for as long.
func (s *Store) AppendEvents(on cases.Head, events []cases.Event, papers ...[]byte) error {
	if len(events) == 0 {
		return nil
	}
	s.rest.RLock()
	defer s.rest.RUnlock()
	fresh, err := s.packPapers(papers)
	if err != nil {
		return err
	}
	return s.update(func(tx *bbolt.Tx) error {
		head, err := headOf(tx)
		if err != nil {
			return damaged(s.path, err)
		}
		if head != on {
			return fmt.Errorf("store %s: the history %w: it ends with event %d and these were made on event %d", s.path, ErrMoved, head.Seq, on.Seq)
		}
		for _, e := range events {
			if e.Seq != head.Seq+1 || e.Prior != head.Digest || e.Digest == "" {
				return fmt.Errorf("store %s: event %d does not follow event %d: seal it first", s.path, e.Seq, head.Seq)
			}
			for _, paper := range e.Attachments {
				if err := s.need(tx, paper.SHA256, fresh); err != nil {
					return fmt.Errorf("store %s: attachment %s: %w", s.path, paper.Name, err)
				}
			}
			if err := putLink(tx, bucketEvents, e.Seq, e); err != nil {
				return err
			}
			head = cases.Head{Seq: e.Seq, Digest: e.Digest}
		}
		return nil
	})
}

// headOf names the last event that is kept.
func headOf(tx *bbolt.Tx) (cases.Head, error) {
	var last cases.Event
	ok, err := lastLink(tx, bucketEvents, &last)
	if err != nil || !ok {
		return cases.Head{}, err
	}
	return cases.Head{Seq: last.Seq, Digest: last.Digest}, nil
}

// EventHead names the last event that is kept, zero for none: what has not moved
// need not be read again.
func (s *Store) EventHead() (head cases.Head, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(bucketEvents)) == nil {
			return nil // a file of an older format has none
		}
		head, err = headOf(tx)
		return err
	})
	return head, err
}

// Events returns the whole history of findings, in order. [cases.Open] folds it,
// and notices what was changed.
func (s *Store) Events() ([]cases.Event, error) {
	events, err := links[cases.Event](s, bucketEvents)
	share(events)
	return events, err
}

// share has events that say the same hold it once: what stands for months is told of
// night after night in the same words, and the history is held for as long as the
// program runs.
func share(events []cases.Event) {
	held := map[string]string{}
	once := func(texts ...*string) {
		for _, t := range texts {
			if known, ok := held[*t]; ok {
				*t = known
			} else {
				held[*t] = *t
			}
		}
	}
	for i := range events {
		e := &events[i]
		once(&e.Case, &e.Period, &e.By.Name, &e.Prior, &e.PriorOfCase, &e.Digest)
		if f := e.Facts; f != nil {
			once(&f.Subject, &f.Unit, &f.Indicator, &f.Publicity, &f.Text, &f.Basis, &f.AtPoint, &f.RuleSet)
			for j := range f.Snapshots {
				once(&f.Snapshots[j])
			}
		}
	}
}

// Book folds the history of findings. One in which something was changed is
// ErrDamaged.
func (s *Store) Book() (*cases.Book, error) {
	events, err := s.Events()
	if err != nil {
		return nil, err
	}
	book, err := cases.Open(events)
	if err != nil {
		return nil, damaged(s.path, err)
	}
	return book, nil
}

// citedByEvents are the digests of the snapshots that events rest on.
func citedByEvents(events []cases.Event) map[string]bool {
	cited := map[string]bool{}
	for _, e := range events {
		if e.Facts != nil {
			for _, digest := range e.Facts.Snapshots {
				cited[digest] = true
			}
		}
		if e.Look != nil && e.Look.Snapshot != "" {
			cited[e.Look.Snapshot] = true
		}
	}
	return cited
}
