package workshop

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Draft is a configuration as it would be with a recipe in some of its columns, or
// with a file replaced or taken away. Nothing is written yet.
type Draft struct {
	bench   *Bench
	city    *inventory.City // as it would be
	Columns []string
	Recipe  extract.Recipe

	// Before and After are the files that differ, in one order; without data where
	// there was or is none.
	Before, After []inventory.File

	orphans []inventory.Sample // of a file that goes
}

// Draft puts a recipe into columns. It is an error if the configuration would not
// be valid.
func (b *Bench) Draft(r extract.Recipe, ids ...string) (*Draft, error) {
	d := &Draft{bench: b, Columns: ids, Recipe: r}
	files := slices.Clone(b.City.Files)
	for _, id := range ids {
		own, err := b.City.Adopt(id, r)
		if err != nil {
			return nil, err
		}
		was, err := b.File(id)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(files, func(f inventory.File) bool { return f.Name == was.Name })
		now, err := inventory.SetRecipe(files[i], id, own)
		if err != nil {
			return nil, err
		}
		files[i] = now
		j := slices.IndexFunc(d.After, func(f inventory.File) bool { return f.Name == now.Name })
		if j < 0 {
			d.Before, d.After = append(d.Before, was), append(d.After, now)
		} else {
			d.After[j] = now
		}
	}
	var err error
	if d.city, err = b.Parse(files); err != nil {
		return nil, fmt.Errorf("the recipe makes no valid configuration:\n%w", err)
	}
	return d, nil
}

// Subject returns a subject as the draft asks it.
func (d *Draft) Subject(id string, at time.Time) (inventory.Subject, bool) {
	return subjectIn(d.city, id, at)
}

// Agrees checks that a column, with the recipe in its place, reads what was shown
// of it: a list, and the same newest day. No newest day is no claim.
func (d *Draft) Agrees(now extract.Reading, newest extract.Date) error {
	recipe := inventory.RecipeYAML(d.Recipe, "    ")
	switch {
	case !now.Conclusive():
		return &Disagreement{Recipe: recipe, Reason: now.Reason, Detail: now.Detail}
	case !newest.IsZero() && !now.Newest.Day().Equal(newest.Day()):
		return &Disagreement{Recipe: recipe, Reads: now.Newest, Shown: newest}
	}
	return nil
}

// A Disagreement is an [ErrDisagrees] with what was read.
type Disagreement struct {
	Recipe string // as YAML, indented

	// Reason and Detail say why nothing was read; else Reads is the newest date
	// that was, and Shown the one that had been shown.
	Reason       extract.Reason
	Detail       string
	Reads, Shown extract.Date
}

func (d *Disagreement) Error() string {
	if d.Reason != "" {
		return fmt.Sprintf("in its column the recipe reads nothing: %s %s; nothing was written. The recipe was:\n%s", d.Reason, d.Detail, d.Recipe)
	}
	return fmt.Sprintf("in its column the recipe reads %s as the newest date, and %s was proposed; nothing was written. The recipe was:\n%s",
		d.Reads.Time.Format(time.DateOnly), d.Shown.Time.Format(time.DateOnly), d.Recipe)
}

// Unwrap returns [ErrDisagrees].
func (d *Disagreement) Unwrap() error { return ErrDisagrees }

// Obsolete replays every sample under the draft and sorts out those that no longer
// read as expected, and did before: Own are of the draft's columns, as after a
// redesign, and may be taken away; Others are not, and speak against the recipe.
func (d *Draft) Obsolete() (own, others []inventory.Replayed, err error) {
	if !d.Valid() {
		return nil, nil, nil // there was nothing to hold it against before either
	}
	samples, err := inventory.ReadSamples(d.bench.Dir, d.bench.Shared)
	if err != nil {
		return nil, nil, err
	}
	samples = slices.DeleteFunc(samples, func(s inventory.Sample) bool {
		return !d.concerns(s) || slices.ContainsFunc(d.orphans, func(o inventory.Sample) bool { return o.File == s.File })
	})
	before, err := d.bench.City.Replay(samples)
	if err != nil {
		return nil, nil, err
	}
	now, err := d.city.Replay(samples)
	if err != nil {
		return nil, nil, err
	}
	for i, r := range now {
		switch {
		case r.OK() || !before[i].OK(): // not broken by this
		case slices.Contains(d.Columns, r.Sample.Subject):
			own = append(own, r)
		default:
			others = append(others, r)
		}
	}
	return own, others, nil
}

// concerns reports whether a sample may read otherwise than before. Those of other
// sites and of profiles do not by the file of a site, of which replaying all takes
// seconds.
func (d *Draft) concerns(s inventory.Sample) bool {
	for _, f := range d.After {
		site, isSite := strings.CutPrefix(strings.TrimSuffix(f.Name, ".yaml"), "sites/")
		if !isSite || s.Subject == site || strings.HasPrefix(s.Subject, site+"/") {
			return true
		}
	}
	return false
}

// Replay reads all samples of the configuration again, without a network.
func (b *Bench) Replay() ([]inventory.Replayed, error) {
	samples, err := inventory.ReadSamples(b.Dir, b.Shared)
	if err != nil {
		return nil, err
	}
	return b.City.Replay(samples)
}
