package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/report"
	"xuncha/workshop"
)

// bench is where the recipes of a configuration are changed.
func (s setup) bench() *workshop.Bench {
	return &workshop.Bench{
		City: s.city, Dir: s.dir, Shared: s.shared, Folder: s.folder,
		Parse: func(files []inventory.File) (*inventory.City, error) {
			after, err := parseSetup(files)
			return after.city, err
		},
	}
}

// accept writes a recipe into its column and keeps the page as a sample.
// Whatever may be refused is refused before anything is written.
func (k *keeper) accept(ctx context.Context, visitor patrol.Visitor, chosen inventory.Subject, v crawler.Visit) error {
	recipe, err := k.recipe(chosen, v.Reading)
	if err != nil {
		return err
	}
	draft, err := k.setup.bench().Draft(recipe, k.subject.ID)
	if err != nil {
		return err
	}
	subject, _ := draft.Subject(k.subject.ID, v.At)
	now, err := again(ctx, visitor, subject, v)
	if err != nil {
		return err
	}
	if err := draft.Agrees(now.Reading, shownNewest(v.Reading)); err != nil {
		if d := (*workshop.Disagreement)(nil); errors.As(err, &d) {
			d.Detail = report.Plain(d.Detail, shownValue)
		}
		return err
	}
	gone, err := k.obsolete(draft)
	if err != nil {
		return err
	}
	samples, err := k.capture(subject, now, gone)
	if err != nil {
		return err
	}
	change, err := draft.Write(gone, samples)
	if err != nil {
		return err
	}
	k.tell(change, gone, samples)
	return nil
}

// recipe is what is to be accepted: what the command line gave, or what the
// reader proposes.
func (k *keeper) recipe(chosen inventory.Subject, r extract.Reading) (extract.Recipe, error) {
	switch {
	case k.given:
		return chosen.Task.Recipe, nil
	case r.Proposal != nil:
		return r.Proposal.Recipe, nil
	case r.Conclusive():
		return extract.Recipe{}, fmt.Errorf("no recipe is proposed for %s: the one in force reads the page", k.subject.ID)
	}
	return extract.Recipe{}, fmt.Errorf("no recipe is proposed for %s: give one with --item and --date, and --accept again", k.subject.ID)
}

// again reads the pages of a visit for another task, and asks for more only
// where the task wants more.
func again(ctx context.Context, visitor patrol.Visitor, s inventory.Subject, v crawler.Visit) (crawler.Visit, error) {
	reading, wants := extract.Read(s.Task, v.Pages)
	if len(wants) == 0 {
		v.Reading = reading
		return v, nil
	}
	return visit(ctx, visitor, s)
}

// shownNewest is the newest date that a person saw before they accepted.
func shownNewest(r extract.Reading) extract.Date {
	if r.Proposal != nil && !r.Conclusive() {
		return r.Proposal.Newest()
	}
	return r.Newest
}

// obsolete are the samples of the column that the recipe does not read. Without
// leave to take them away they are an error; those of others always are.
func (k *keeper) obsolete(d *workshop.Draft) ([]inventory.Sample, error) {
	own, broken, err := d.Obsolete()
	if err != nil {
		return nil, err
	}
	if !k.ReplaceSamples {
		own, broken = nil, append(own, broken...)
	}
	if err := k.app.broken(broken); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, k.app.say("没有写入。如果页面已改版，用 --replace-samples 删去这些旧样本",
			"nothing was written; if the page was redesigned, take these old samples away with --replace-samples"))
	}
	var gone []inventory.Sample
	for _, r := range own {
		gone = append(gone, r.Sample)
	}
	return gone, nil
}

// tell shows what was written.
func (k *keeper) tell(c workshop.Change, gone []inventory.Sample, samples []inventory.File) {
	written := c.Files[0]
	fmt.Fprintf(k.app.stdout, k.app.say("\n已写入 %s：\n", "\nWritten to %s:\n"), filepath.Join(k.setup.folder, filepath.FromSlash(written.Name)))
	k.app.diff(written.Before, written.After)
	for _, s := range gone {
		fmt.Fprintf(k.app.stdout, k.app.say("已删去旧样本 %s\n", "Old sample taken away: %s\n"), s.File)
	}
	k.tellSample(samples)
}
