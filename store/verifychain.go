package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"xuncha/cases"
	"xuncha/registers"
)

// chains checks the history of findings, the imports of registers and the
// nights, and that what they cite is kept.
func (v *verifier) chains() error {
	for _, check := range []func() error{v.events, v.imports, v.nights} {
		if err := check(); err != nil {
			v.fault("%v", err)
		}
	}
	return v.ctx.Err()
}

func (v *verifier) events() error {
	events, err := v.s.Events()
	if err != nil {
		return err
	}
	if _, err := cases.Open(events); err != nil {
		v.fault("%v", err)
	}
	missing := citedByEvents(events)
	err = v.s.eachLook(func(_ *bbolt.Tx, sum Summary) error {
		delete(missing, sum.Digest)
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range events {
		for digest := range citedByEvents([]cases.Event{e}) {
			if missing[digest] {
				v.fault("event %d cites snapshot %s, which is missing", e.Seq, digest)
			}
		}
		for _, paper := range e.Attachments {
			v.paper(paper.SHA256, fmt.Sprintf("event %d: attachment %s", e.Seq, paper.Name))
		}
	}
	return nil
}

// paper checks that a body is there; digests checks its bytes.
func (v *verifier) paper(digest, what string) {
	err := v.s.view(func(tx *bbolt.Tx) error {
		if _, ok, err := findBody(tx, digest); err != nil || !ok {
			v.fault("%s: body %s is missing", what, digest)
		}
		return nil
	})
	if err != nil {
		v.fault("%s: %v", what, err)
	}
}

func (v *verifier) imports() error {
	imports, err := v.s.Imports()
	if err != nil {
		return err
	}
	prior := ""
	for n, i := range imports {
		digest, err := i.seal()
		switch {
		case err != nil:
			return err
		case digest != i.Digest:
			v.fault("import %d of %s does not match its digest and may have been changed", n+1, i.File)
		case i.Prior != prior || i.Seq != n+1:
			v.fault("import %d of %s does not follow the one before: imports may have been removed, added or moved", n+1, i.File)
		}
		prior = i.Digest
		v.paper(i.Source, fmt.Sprintf("import %d: file %s", n+1, i.File))
		var rows []registers.Row
		if err := v.s.bodyJSON(i.Rows, &rows); err != nil {
			v.fault("rows of import %d: %v", n+1, err)
		}
	}
	return nil
}
