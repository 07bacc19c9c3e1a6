package workshop

import (
	"context"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Neighbour is a column with the newest pages that were kept of it.
type Neighbour struct {
	Subject inventory.Subject
	At      time.Time // of the look
	Pages   []extract.Page
}

// An Effect is what a recipe would do to a column: what its pages say by the
// configuration as it stands, and what they would say by the recipe.
type Effect struct {
	ID            string
	Before, After extract.Reading
	Kind          EffectKind
}

// An EffectKind sorts effects.
type EffectKind string

// The kinds.
const (
	// Same: the recipe reads the same newest date and as many items.
	Same EffectKind = "same"

	// Mended: it reads a list where none was read.
	Mended EffectKind = "mended"

	// Differs: both read a list, and not the same.
	Differs EffectKind = "differs"

	// Unfit: it reads nothing. Where nothing was read before either, nothing is
	// lost.
	Unfit EffectKind = "unfit"
)

// Effects tries a recipe on the pages of other columns, in the order given, until
// ctx is done: what it returns then are those tried so far. A column whose profile
// cannot take the recipe is [Unfit].
func (b *Bench) Effects(ctx context.Context, r extract.Recipe, all []Neighbour) []Effect {
	out := make([]Effect, 0, len(all))
	for _, n := range all {
		if ctx.Err() != nil {
			return out
		}
		e := Effect{ID: n.Subject.ID, Kind: Unfit}
		task := n.Subject.Task
		task.Before = nil
		e.Before, _ = extract.Read(task, n.Pages)
		after, wants, err := b.Try(n.Subject, r, n.Pages)
		if err == nil && len(wants) == 0 {
			e.After = after
			e.Kind = kindOf(e.Before, after)
		}
		out = append(out, e)
	}
	return out
}

func kindOf(before, after extract.Reading) EffectKind {
	switch {
	case !after.Conclusive() || after.Outcome == extract.Empty && before.Outcome != extract.Empty:
		return Unfit
	case !before.Conclusive():
		return Mended
	case before.Newest.Day().Equal(after.Newest.Day()) && len(before.Items) == len(after.Items):
		return Same
	}
	return Differs
}
