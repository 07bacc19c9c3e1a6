package console

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/workshop"
)

// An order is a recipe that somebody wants written.
type order struct {
	ID, Source, Was string
	Recipe          extract.Recipe
	Newest          string // the newest date that they saw it read
	Also            []string
	Replace         bool // samples of the page before may go
}

// Form is the order as a form sends it again.
func (o order) Form() string {
	data, err := json.Marshal(o.Recipe)
	if err != nil {
		return ""
	}
	return string(data)
}

// recipeOrder reads the form of one.
func (q *request) recipeOrder() (o order, err error) {
	s, err := q.form()
	if err != nil {
		return o, err
	}
	o = order{ID: s.Get("id"), Source: s.Get("source"), Was: s.Get("was"), Newest: s.text("newest"), Also: s.Values["also"]}
	if o.Replace, err = s.ticked("replace"); err != nil {
		return o, err
	}
	if len(o.Also) > maxChosen {
		return o, refuse(http.StatusBadRequest, "一次最多选 500 项；请分几次操作", "at most 500 rows can be chosen at a time; do it in parts")
	}
	if err := json.Unmarshal([]byte(s.Get("recipe")), &o.Recipe); err != nil {
		o.Recipe = extract.Recipe{}
	}
	return o, o.check()
}

// check refuses an order without a recipe that could be one, and one that says of a
// newest day what is none.
func (o order) check() error {
	if _, err := (sent{Values: map[string][]string{"newest": {o.Newest}}}).day("newest", "最近更新", "the newest day"); err != nil {
		return err
	}
	if o.Recipe == (extract.Recipe{}) {
		return refuse(http.StatusBadRequest, "没有可保存的规则；请先在页面上点选一条信息", "there is no recipe to save; point at an item first")
	}
	if err := o.Recipe.Validate(); err != nil {
		return pointSentence(err)
	}
	return nil
}

// tunerSave writes a recipe that somebody tuned. Where it is refused they are back at
// the tuner with what they picked.
func (c *Console) tunerSave(w http.ResponseWriter, q *request) error {
	o, err := q.recipeOrder()
	if err == nil {
		err = c.save(w, q, o)
	}
	if err != nil {
		return c.tunerAgain(w, q, o, err)
	}
	return nil
}

// tunerAgain shows the tuner once more with the recipe of an order that was refused,
// and why.
func (c *Console) tunerAgain(w http.ResponseWriter, q *request, o order, err error) error {
	var refused *refusal
	if !errors.As(err, &refused) {
		return err
	}
	v, made := c.atBench(q, o.ID, o.Source, "")
	if made != nil && o.Source != "" { // its pages are gone
		v, made = c.atBench(q, o.ID, "", "")
	}
	if made != nil {
		return err
	}
	if o.Recipe != (extract.Recipe{}) {
		v.Fields, v.Of = recipeFields(o.Recipe, q.lang), ofPicks
	}
	v.Also, v.Refused, v.Detail = o.Also, q.say(refused.chinese, refused.english), detailOf(err)
	return c.render(w, q, refused.status, "tuner", v)
}

// tunerAccept writes the recipe that the newest look at a column proposes.
func (c *Console) tunerAccept(w http.ResponseWriter, q *request) error {
	s, err := q.form()
	if err != nil {
		return err
	}
	replace, err := s.ticked("replace")
	if err != nil {
		return err
	}
	o, err := q.proposedOrder(s.Get("id"), s.Get("look"), replace)
	if err != nil {
		return err
	}
	return c.save(w, q, o)
}

// proposedOrder is the order to write what the newest look at a column proposes.
func (q *request) proposedOrder(id, look string, replace bool) (order, error) {
	row, err := q.row(id)
	if err != nil {
		return order{}, err
	}
	i := slices.IndexFunc(q.board.Result.Columns, func(r rules.ColumnResult) bool { return r.Column.ID == row.ID })
	if i < 0 || q.board.Result.Columns[i].Proposal == nil {
		return order{}, refuse(http.StatusConflict, "这个栏目没有待采用的建议规则；可到采集规则维护中点选", "no proposed recipe waits for this column; point at its items in the tuner")
	}
	p := q.board.Result.Columns[i].Proposal
	return order{ID: id, Source: lookMark + look, Recipe: p.Recipe, Newest: stamp(p.Newest().Time, time.DateOnly), Replace: replace}, nil
}

// save writes a recipe and says so, or which samples stand in its way.
func (c *Console) save(w http.ResponseWriter, q *request, o order) error {
	change, err := c.write(q, o)
	if blocked := (*samplesPage)(nil); errors.As(err, &blocked) {
		return c.render(w, q, http.StatusConflict, "tunersamples", blocked)
	}
	if err != nil {
		return err
	}
	kept := 0
	for _, f := range change.Files {
		if f.Before == nil && strings.HasPrefix(f.Name, "samples/") && strings.HasSuffix(f.Name, ".yaml") {
			kept++
		}
	}
	return c.done(w, q, "/tuner/"+pathOf(o.ID), fmt.Sprintf("已写入 %s，%d 个栏目；原有样本全部通过，另存了 %d 份新样本。下一批巡查起按新规则读取。", change.Files[0].Name, len(change.Columns), kept),
		fmt.Sprintf("Written to %s for %d columns; every sample reads as before, and %d new ones were kept. The next round reads by it.", change.Files[0].Name, len(change.Columns), kept))
}

// write writes a recipe into its column, and into others where that was asked for:
// after it was drafted, read in its place, and held against every sample. Samples
// in the way are an error of type [samplesPage].
//
// Where the recipe wants pages that are not at hand they are fetched while nobody has
// to wait for it, and all is gone through anew.
func (c *Console) write(q *request, o order) (change workshop.Change, err error) {
	change, err = c.writeBy(q, o, nil)
	if more := (*pagesWanted)(nil); errors.As(err, &more) {
		seen, err := c.fetchMore(q, more.subject)
		if err != nil {
			return change, err
		}
		o.Was = more.was // the file must be what they were fetched by
		return c.writeBy(q, o, &seen)
	}
	return change, err
}

// A pagesWanted says that a recipe reads pages that are not at hand.
type pagesWanted struct {
	subject inventory.Subject
	was     string // digest of the column's file
}

func (*pagesWanted) Error() string { return "pages that are not at hand are wanted" }

// fetchMore fetches the pages of a subject as a draft has it.
func (c *Console) fetchMore(q *request, s inventory.Subject) (seen workshop.Seen, err error) {
	if err := c.live.mayFetch(q.user.Name, time.Now()); err != nil {
		return seen, err
	}
	ctx, cancel := context.WithTimeout(q.Context(), fetchTimeout)
	defer cancel()
	return c.Workshop.Visit(ctx, s)
}

// writeBy writes a recipe by the pages that it was tuned on, or by those that were
// fetched for it. Nothing else is written meanwhile, so it waits for no network.
func (c *Console) writeBy(q *request, o order, fetched *workshop.Seen) (change workshop.Change, err error) {
	c.saving.Lock()
	defer c.saving.Unlock()
	bench, err := c.mayWrite(q, o)
	if err != nil {
		return change, err
	}
	pages, err := c.pagesOf(q, o.ID, o.Source)
	if err != nil {
		return change, err
	}
	leave, err := c.slot(q.Context())
	if err != nil {
		return change, err
	}
	defer leave()
	d, err := bench.Draft(o.Recipe, append([]string{o.ID}, slices.DeleteFunc(o.Also, func(id string) bool { return id == o.ID })...)...)
	if err != nil {
		return change, pointSentence(err)
	}
	own, err := o.agreed(d, pages, fetched)
	if more := (*pagesWanted)(nil); errors.As(err, &more) {
		file, unread := bench.File(o.ID)
		more.was, err = digestOf(file.Data), cmp.Or(unread, err)
	}
	if err != nil {
		return change, err
	}
	samples, err := c.samplesFor(o, bench, d, own)
	if err != nil {
		return change, err
	}
	gone, err := o.obsolete(d)
	if err != nil {
		return change, err
	}
	kept, err := captured(bench, samples, gone)
	if err != nil {
		return change, saveSentence(err)
	}
	if change, err = d.Write(gone, kept); err != nil {
		return change, saveSentence(err)
	}
	return c.remember(q, change.With(kept), "recipe.save")
}

// captured are the files of samples, under names that are free once some are gone.
func captured(bench *workshop.Bench, samples []fresh, gone []inventory.Sample) (files []inventory.File, err error) {
	for _, s := range samples {
		one, err := bench.Capture(s.subject, "", s.seen, gone)
		if err != nil {
			return nil, err
		}
		files = append(files, one...)
	}
	return files, nil
}

// A fresh sample is what a column reads by a draft.
type fresh struct {
	subject inventory.Subject
	seen    workshop.Seen
}

// samplesFor are what the columns of an order read by its draft: the one that was
// tuned, and of the others those whose kept pages are at hand.
func (c *Console) samplesFor(o order, bench *workshop.Bench, d *workshop.Draft, own fresh) ([]fresh, error) {
	all := []fresh{own}
	for _, id := range d.Columns {
		if id == o.ID {
			continue
		}
		if also, ok, err := c.sampleBeside(bench, d, id); err != nil {
			return nil, err
		} else if ok {
			all = append(all, also)
		}
	}
	return all, nil
}

// agreed reads the column of an order by its draft, and refuses where that is not
// what was shown. Pages that it wants besides are an error of type [pagesWanted],
// unless they were fetched.
func (o order) agreed(d *workshop.Draft, pages *pagesAt, fetched *workshop.Seen) (s fresh, err error) {
	subject, ok := d.Subject(o.ID, pages.At)
	if !ok {
		return s, errNoLook()
	}
	seen := pages.Seen
	if fetched != nil {
		seen = *fetched
	}
	task := subject.Task
	task.Before = nil
	reading, wants := extract.Read(task, seen.Pages)
	switch {
	case len(wants) == 0:
		seen.Reading = reading
	case fetched == nil:
		return s, &pagesWanted{subject: subject}
	} // else what whoever fetched them read holds
	shown, _ := time.ParseInLocation(time.DateOnly, o.Newest, extract.Beijing) // none is no claim
	if err := d.Agrees(seen.Reading, extract.Date{Time: shown}); err != nil {
		return s, saveSentence(err)
	}
	return fresh{subject, seen}, nil
}

// obsolete are the samples that go with an order. Those in its way are an error of
// type [samplesPage].
func (o order) obsolete(d *workshop.Draft) (gone []inventory.Sample, err error) {
	own, others, err := d.Obsolete()
	if err != nil {
		return nil, err
	}
	if len(others) > 0 || len(own) > 0 && !o.Replace {
		return nil, &samplesPage{order: o, Own: own, Others: others}
	}
	for _, r := range own {
		gone = append(gone, r.Sample)
	}
	return gone, nil
}

// sampleBeside is what another column that a draft changes reads of its newest kept
// pages; ok is false where none are at hand or it does not read them.
func (c *Console) sampleBeside(bench *workshop.Bench, d *workshop.Draft, id string) (s fresh, ok bool, err error) {
	n, ok, err := c.neighbour(bench, id)
	if err != nil || !ok {
		return s, false, err
	}
	if s.subject, ok = d.Subject(id, n.At); !ok {
		return s, false, nil
	}
	task := s.subject.Task
	task.Before = nil
	reading, wants := extract.Read(task, n.Pages)
	s.seen = workshop.Seen{At: n.At, Pages: n.Pages, Reading: reading}
	return s, len(wants) == 0 && reading.Conclusive(), nil
}

// mayWrite is the bench for an order, if all of its columns are the user's and its
// file is what they saw.
func (c *Console) mayWrite(q *request, o order) (*workshop.Bench, error) {
	_, bench, err := c.tuned(q, o.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range o.Also {
		if _, _, err := c.tuned(q, id); err != nil {
			return nil, err
		}
	}
	file, err := bench.File(o.ID)
	switch {
	case err != nil:
		return nil, err
	case bench.Folder == "":
		return nil, saveSentence(workshop.ErrBuiltIn)
	case o.Was != "" && o.Was != digestOf(file.Data):
		return nil, saveSentence(workshop.ErrMoved)
	}
	return bench, nil
}

// remember keeps what was written, with who wrote it and when, and logs it under a
// word of the log. It returns the change as it is remembered.
func (c *Console) remember(q *request, change workshop.Change, what string) (workshop.Change, error) {
	change.At, change.By = c.Now(), q.user.Name
	c.did(q, what, strings.Join(change.Columns, " "), change.Files[0].Name) // it is done, whether it is remembered or not
	c.Log.Info(what, "user", q.user.Name, "columns", strings.Join(change.Columns, " "), "file", change.Files[0].Name)
	err := c.Workshop.Keep(change)
	var all []workshop.Change
	if err == nil {
		all, err = c.Workshop.Changes()
	}
	if err != nil {
		c.Log.Error("console: a change that was written is not remembered", "file", change.Files[0].Name, "error", err)
		return change, refuse(http.StatusInternalServerError, "配置文件已写入，但改动没有记下，不能在此撤销；请管理员检查磁盘和数据文件。请勿重复提交。",
			"the file was written, but the change is not remembered and cannot be taken back here: have an administrator see to the disk and the store. Do not send it again.")
	}
	if len(all) > 0 {
		change = all[0] // its moment may be later than the clock's, which stands still in a simulation
	}
	return change, nil
}

// A samplesPage says which samples stand in the way of a recipe.
type samplesPage struct {
	order
	Own, Others []inventory.Replayed
}

func (p *samplesPage) Error() string { return "samples do not read any more" }

// Broken is what a sample no longer reads as expected, in words.
func (p samplesPage) Broken(r inventory.Replayed) []string {
	var out []string
	for _, w := range r.Wants {
		out = append(out, "+ "+report.Plain(w.URL, 120))
	}
	for _, m := range r.Broken {
		got := m.Got
		if got == "" {
			got = "—"
		}
		out = append(out, m.Key+": "+report.Plain(m.Want, 80)+" → "+report.Plain(got, 80))
	}
	return out
}

// saveSentence says why nothing was written.
func saveSentence(err error) error {
	var d *workshop.Disagreement
	if errors.As(err, &d) {
		if d.Reason != "" {
			return refuse(http.StatusUnprocessableEntity, "没有写入：这条规则放进栏目后读不出列表（"+report.ReasonWord(d.Reason, "zh")+"）。请重新点选。",
				"nothing was written: in its column the recipe reads no list ("+report.ReasonWord(d.Reason, "en")+"); point again")
		}
		return refuse(http.StatusConflict, fmt.Sprintf("没有写入：放进栏目后读出的最近更新是 %s，而您看到的是 %s。请核对本页的读数后再保存。", shownDate(d.Reads), shownDate(d.Shown)),
			fmt.Sprintf("nothing was written: in its column the recipe reads %s as the newest date, and you saw %s; look at what is read here, then save", shownDate(d.Reads), shownDate(d.Shown)))
	}
	switch {
	case errors.Is(err, workshop.ErrBuiltIn):
		return refuse(http.StatusConflict, "没有写入：这套配置是程序内置的。把配置目录复制出来，用 xuncha serve --config 目录 启动后再改。",
			"nothing was written: this configuration is built in. Copy it to a folder of your own and start with xuncha serve --config DIR.")
	case errors.Is(err, workshop.ErrMoved):
		return refuse(http.StatusConflict, "没有写入：打开页面之后，配置文件已被他人修改。请对照现在的内容查看改动，再保存一次。",
			"nothing was written: somebody has changed the file since the page was opened. Look at the change of what stands there now, and save again.")
	case errors.Is(err, workshop.ErrLink):
		return refuse(http.StatusConflict, "没有写入：配置文件是一个链接，请在它所指的目录中启动程序。", "nothing was written: the file is a link; start the program with the folder that it leads to.")
	}
	return withDetail(refuse(http.StatusConflict, "没有写入：改后的配置不成立，或文件不能写。请重新点选；仍不行，请管理员查看配置目录。",
		"nothing was written: the configuration would not hold, or the file cannot be written. Point again; if that does not help, an administrator looks at the folder."), report.Plain(err.Error(), 300))
}

// tunerUndo takes the newest change of a column back.
func (c *Console) tunerUndo(w http.ResponseWriter, q *request) error {
	s, err := q.form()
	if err != nil {
		return err
	}
	id := s.Get("id")
	if _, err := c.takeBack(q, id, s.Get("change")); err != nil {
		return err
	}
	return c.done(w, q, "/tuner/"+pathOf(id), "已撤销，配置文件恢复为改动之前的内容。", "Taken back: the file is what it was before the change.")
}

// takeBack takes the newest change of a column back, if it is the one that was
// meant.
func (c *Console) takeBack(q *request, id, moment string) (back workshop.Change, err error) {
	c.saving.Lock()
	defer c.saving.Unlock()
	_, bench, err := c.tuned(q, id)
	if err != nil {
		return back, err
	}
	last, err := c.lastChange(id)
	if err != nil {
		return back, err
	}
	if last == nil || stamp(last.At, time.RFC3339Nano) != moment {
		return back, refuse(http.StatusConflict, "没有可撤销的改动，或之后又有改动；请刷新页面", "there is nothing to take back, or something was changed since; load the page again")
	}
	for _, other := range last.Columns {
		if _, err := q.row(other); err != nil {
			return back, err
		}
	}
	if err := c.mayTakeBack(q, bench, *last); err != nil { // it may be of a whole file
		return back, err
	}
	if back, err = bench.Undo(*last); err != nil {
		return back, saveSentence(err)
	}
	return c.remember(q, back, "recipe.undo")
}
