package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/report"
)

// accept writes a recipe into its column and keeps the page as a sample.
// Whatever may be refused is refused before anything is written.
func (k *keeper) accept(ctx context.Context, visitor patrol.Visitor, chosen inventory.Subject, v crawler.Visit) error {
	recipe, err := k.recipe(chosen, v.Reading)
	if err != nil {
		return err
	}
	after, file, err := k.rewrite(recipe)
	if err != nil {
		return err
	}
	subject, _ := find(after.city.Subjects(v.At), k.subject.ID)
	now, err := again(ctx, visitor, subject, v)
	if err != nil {
		return err
	}
	if err := agrees(now.Reading, v.Reading, recipe); err != nil {
		return err
	}
	gone, err := k.obsolete(after)
	if err != nil {
		return err
	}
	files, err := k.capture(subject, now, gone)
	if err != nil {
		return err
	}
	if err := k.write(file, gone); err != nil {
		return err
	}
	return k.sample(files)
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

// rewrite is the configuration with the recipe in its column, not written yet.
func (k *keeper) rewrite(recipe extract.Recipe) (after setup, file inventory.File, err error) {
	own, err := k.setup.city.Adopt(k.subject.ID, recipe)
	if err != nil {
		return setup{}, file, err
	}
	files := slices.Clone(k.setup.city.Files)
	i := slices.IndexFunc(files, func(f inventory.File) bool { return f.Name == "sites/"+k.subject.Carrier+".yaml" })
	if i < 0 {
		return setup{}, file, fmt.Errorf("%s has no file of its own in %s", k.subject.Carrier, k.config)
	}
	if files[i], err = inventory.SetRecipe(files[i], k.subject.ID, own); err != nil {
		return setup{}, file, err
	}
	after, err = parseSetup(files)
	if err != nil {
		return setup{}, file, fmt.Errorf("the recipe makes no valid configuration:\n%w", err)
	}
	after.dir, after.shared = k.setup.dir, k.setup.shared
	return after, files[i], nil
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

// agrees checks that the recipe, in its place, reads what was proposed.
func agrees(now, before extract.Reading, recipe extract.Recipe) error {
	want := before.Newest
	if before.Proposal != nil && !before.Conclusive() {
		want = before.Proposal.Newest()
	}
	switch {
	case !now.Conclusive():
		return fmt.Errorf("in its column the recipe reads nothing: %s %s; nothing was written. The recipe was:\n%s",
			now.Reason, report.Plain(now.Detail, shownValue), inventory.RecipeYAML(recipe, "    "))
	case !now.Newest.Day().Equal(want.Day()) && !want.IsZero():
		return fmt.Errorf("in its column the recipe reads %s as the newest date, and %s was proposed; nothing was written. The recipe was:\n%s",
			now.Newest.Time.Format(time.DateOnly), want.Time.Format(time.DateOnly), inventory.RecipeYAML(recipe, "    "))
	}
	return nil
}

// obsolete are the samples of the column that the recipe does not read. Without
// leave to take them away they are an error; those of others always are.
func (k *keeper) obsolete(after setup) ([]inventory.Sample, error) {
	before, err := k.setup.replay()
	if err != nil {
		return nil, err
	}
	samples := make([]inventory.Sample, len(before))
	for i, r := range before {
		samples[i] = r.Sample
	}
	now, err := after.city.Replay(samples)
	if err != nil {
		return nil, err
	}
	var gone []inventory.Sample
	var rest []inventory.Replayed
	for i, r := range now {
		switch {
		case !r.OK() && !before[i].OK(): // not broken by this
		case !r.OK() && k.ReplaceSamples && r.Sample.Subject == k.subject.ID:
			gone = append(gone, r.Sample)
		default:
			rest = append(rest, r)
		}
	}
	if err := k.app.broken(rest); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, k.app.say("没有写入。如果页面已改版，用 --replace-samples 删去这些旧样本",
			"nothing was written; if the page was redesigned, take these old samples away with --replace-samples"))
	}
	return gone, nil
}

// write writes the file of the carrier, shows what changed, and takes samples
// away that are of the page before.
func (k *keeper) write(file inventory.File, gone []inventory.Sample) error {
	name := filepath.Join(k.setup.folder, filepath.FromSlash(file.Name))
	info, err := os.Lstat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is a link: accept the recipe in the folder that it leads to", name)
	}
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(k.setup.city.Files, func(f inventory.File) bool { return f.Name == file.Name }); string(k.setup.city.Files[i].Data) != string(old) {
		return fmt.Errorf("%s has changed in the meantime: try again", name)
	}
	root, err := os.OpenRoot(k.setup.folder)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := replaceFile(root, filepath.FromSlash(file.Name), file.Data, info.Mode().Perm()); err != nil {
		return err
	}
	fmt.Fprintf(k.app.stdout, k.app.say("\n已写入 %s：\n", "\nWritten to %s:\n"), name)
	k.app.diff(string(old), string(file.Data))
	for _, s := range gone {
		for _, f := range s.Files() {
			if err := root.Remove(filepath.FromSlash(f)); err != nil {
				return err
			}
		}
		fmt.Fprintf(k.app.stdout, k.app.say("已删去旧样本 %s\n", "Old sample taken away: %s\n"), s.File)
	}
	return nil
}
