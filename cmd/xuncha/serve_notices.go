package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/console"
	"xuncha/notice"
	bureau "xuncha/office"
	"xuncha/report"
	"xuncha/store"
)

// A noticeDesk does for the console what the command report does. What was made is
// remembered for as long as nothing that it rests on changes.
type noticeDesk struct {
	*officeDesk

	making chan struct{} // held while one judges, which takes much memory: one at a time
	cached sync.Mutex    // guards all below
	made   map[string]*noticeMaking
	blocks map[string][]console.Blocking
}

// maxMade bounds how many notices are remembered.
const maxMade = 8

// A noticeMaking is a notice that is being made, or was.
type noticeMaking struct {
	done chan struct{} // closed once it is made, or was not
	m    console.NoticeMade
	err  error
}

// over reports whether it is no longer being made.
func (n *noticeMaking) over() bool {
	select {
	case <-n.done:
		return true
	default:
		return false
	}
}

// key names an order with all that may change what comes of it.
func (d *noticeDesk) key(o console.NoticeOrder) (string, error) {
	rounds, err := d.store.Rounds()
	if err != nil {
		return "", err
	}
	head, err := d.store.EventHead()
	if err != nil {
		return "", err
	}
	imports, err := d.store.Imports()
	if err != nil {
		return "", err
	}
	s := d.inForce()
	ended := ""
	for _, r := range rounds {
		if r.State == store.Finished { // no notice rests on another
			ended += r.ID + " "
		}
	}
	text, err := json.Marshal([]any{o, ended, head, len(imports), s.City.Digest, s.Set.Digest})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// writer is a writer of a notice.
func (d *noticeDesk) writer(o console.NoticeOrder) (*bureau.Writer, error) {
	w, err := bureau.NewWriter(d.store, d.inForce(), bureau.Order{
		Period: o.Period, Point: o.Point, Final: o.Final, Template: o.Template, Date: o.Date, Due: o.Due, Number: o.Number, Now: d.web.clock.Now(),
	})
	return w, d.inWords(err)
}

// inWords gives errors of making notices their sentences.
func (d *noticeDesk) inWords(err error) error {
	switch {
	case errors.Is(err, notice.ErrSimulated):
		return say("模拟数据不出定稿；请出初稿", "a final notice of simulated pages is refused; make a draft")
	case errors.Is(err, notice.ErrNothing):
		return say("没有需要此文书的问题；请先认定、交办", "no finding asks for this paper; confirm and send findings first")
	case errors.Is(err, notice.ErrNotMade):
		return say("文件没有写明由什么生成；表格和文本请附上同一份通报的 summary.json", "the file does not say what it was made from; add the summary.json beside it")
	}
	return d.noRound(err)
}

// turn waits until nobody else judges, for as long as whoever asked does.
func (d *noticeDesk) turn(ctx context.Context) (leave func(), err error) {
	select {
	case d.making <- struct{}{}:
		return func() { <-d.making }, nil
	case <-ctx.Done():
		return nil, errNoTurn()
	}
}

// errNoTurn is for whoever stopped waiting.
func errNoTurn() error {
	return say("另一份文书正在生成，没有等到；请稍后再试", "another paper is being made and there was no turn; try again later")
}

// Make makes a notice.
func (d *noticeDesk) Make(ctx context.Context, o console.NoticeOrder) (console.NoticeMade, error) {
	n, err := d.begin(o)
	if err != nil {
		return console.NoticeMade{}, err
	}
	select {
	case <-n.done:
		return n.m, n.err
	case <-ctx.Done(): // it is made all the same, for whoever asks next
		return console.NoticeMade{}, errNoTurn()
	}
}

// Ready reports whether a notice is at hand, and has it made where it is not.
func (d *noticeDesk) Ready(o console.NoticeOrder) (bool, error) {
	n, err := d.begin(o)
	if err != nil {
		return false, err
	}
	if !n.over() {
		return false, nil
	}
	return n.err == nil, n.err
}

// begin has a notice made unless it is being made or at hand. One that could not be
// made is tried once more after it was told of.
func (d *noticeDesk) begin(o console.NoticeOrder) (*noticeMaking, error) {
	key, err := d.key(o)
	if err != nil {
		return nil, err
	}
	d.cached.Lock()
	defer d.cached.Unlock()
	if n := d.made[key]; n != nil {
		if n.over() && n.err != nil {
			delete(d.made, key)
		}
		return n, nil
	}
	if d.made == nil {
		d.made = map[string]*noticeMaking{}
	}
	if len(d.made) >= maxMade {
		maps.DeleteFunc(d.made, func(_ string, n *noticeMaking) bool { return n.over() })
	}
	if len(d.made) >= maxMade {
		return nil, say("正在生成的通报太多；请稍后再试", "too many notices are being made; try again later")
	}
	n := &noticeMaking{done: make(chan struct{})}
	d.made[key] = n
	go func() {
		defer close(n.done)
		d.making <- struct{}{}
		defer func() { <-d.making }()
		n.m, n.err = d.make(o)
	}()
	return n, nil
}

func (d *noticeDesk) make(o console.NoticeOrder) (m console.NoticeMade, err error) {
	w, err := d.writer(o)
	if err != nil {
		return m, err
	}
	m.Files, m.Totals, err = noticeOf(w)
	return m, d.inWords(err)
}

// noticeOf makes the files of a notice, and says in one line how the city stands in it.
func noticeOf(w *bureau.Writer) (files []report.File, totals string, err error) {
	n, err := w.Notice(comparedPeriods)
	if err != nil {
		return nil, "", err
	}
	if files, err = n.Files(); err != nil {
		return nil, "", err
	}
	compare, err := w.Compare(nil)
	return append(files, compare), totalsOf(n), err
}

// comparedPeriods is how many periods the annex of a notice holds against each
// other.
const comparedPeriods = 5

// totalsOf says in one line how the city stands in a notice.
func totalsOf(n notice.Notice) string {
	t := n.Draft.Check.Totals
	return fmt.Sprintf("网站 %d 家，不合格 %d 家；账号 %d 个，不合格 %d 个；问题 %d 个", t.Sites.Total, t.Sites.Fail, t.Accounts.Total, t.Accounts.Fail, len(n.Problems))
}

// Keep makes a notice, prints it, and keeps it.
func (d *noticeDesk) Keep(ctx context.Context, o console.NoticeOrder, by string, at time.Time) (console.KeptNotice, error) {
	m, err := d.Make(ctx, o)
	if err != nil {
		return console.KeptNotice{}, err
	}
	files := slices.Clone(m.Files)
	s := d.inForce()
	if pdf := d.pdf(ctx, "auto", setup{city: s.City, set: s.Set}, files); pdf != nil {
		files = append(files, report.File{Name: notice.FilePDF, Data: pdf})
	}
	point := ""
	if !o.Point.IsZero() {
		point = o.Point.Format(time.RFC3339)
	}
	d.writing.Lock()
	defer d.writing.Unlock()
	k, err := bureau.Keep(d.store, bureau.Kept{
		At: at, By: by, Period: o.Period.String(), Point: point, Final: o.Final, Totals: m.Totals,
	}, files)
	return keptAs(k), err
}

func keptAs(k bureau.Kept) console.KeptNotice {
	out := console.KeptNotice{Number: k.Number, At: k.At, By: k.By, Period: k.Period, Point: k.Point, Final: k.Final, Totals: k.Totals}
	for _, f := range k.Files {
		out.Files = append(out.Files, console.KeptFile(f))
	}
	return out
}

// Kept are the notices that were kept.
func (d *noticeDesk) Kept() ([]console.KeptNotice, error) {
	all, err := bureau.KeptNotices(d.store)
	var out []console.KeptNotice
	for _, k := range all {
		out = append(out, keptAs(k))
	}
	return out, err
}

// KeptFile is a file of one of them.
func (d *noticeDesk) KeptFile(number int, name string) ([]byte, error) {
	return bureau.KeptFileOf(d.store, number, name)
}

// Wordings are the templates by which a notice may be worded.
func (d *noticeDesk) Wordings() ([]console.Wording, error) {
	all, err := d.inForce().Wordings()
	var out []console.Wording
	for _, w := range all {
		out = append(out, console.Wording(w))
	}
	return out, err
}

// Blocking lists what keeps a final notice from being made.
func (d *noticeDesk) Blocking(ctx context.Context, o console.NoticeOrder) ([]console.Blocking, error) {
	s := d.inForce()
	if s.City.Simulated {
		return nil, d.inWords(notice.ErrSimulated)
	}
	key, err := d.key(console.NoticeOrder{Period: o.Period, Point: o.Point})
	if err != nil {
		return nil, err
	}
	d.cached.Lock()
	list, ok := d.blocks[key]
	d.cached.Unlock()
	if ok {
		return list, nil
	}
	in, err := d.input(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, x := range in.Unsettled() {
		list = append(list, console.Blocking{Subject: x.Subject, Finding: x.Finding, Name: x.Name, State: x.State})
	}
	d.cached.Lock()
	defer d.cached.Unlock()
	if d.blocks == nil || len(d.blocks) >= maxMade {
		d.blocks = map[string][]console.Blocking{}
	}
	d.blocks[key] = list
	return list, nil
}

// input is what a notice would rest on, without judging anew where the board is of
// the same point.
func (d *noticeDesk) input(ctx context.Context, o console.NoticeOrder) (notice.Input, error) {
	b := d.daemon.Board()
	if b != nil && (o.Point.IsZero() || o.Point.Equal(b.Result.Point)) {
		return notice.Input{City: b.City, RuleSet: b.Set, Round: b.Round, Result: b.Result, Period: o.Period, Book: b.Book}, nil
	}
	leave, err := d.turn(ctx)
	if err != nil {
		return notice.Input{}, err
	}
	defer leave()
	o.Final = false
	w, err := d.writer(o)
	if err != nil {
		return notice.Input{}, err
	}
	in, err := w.Input()
	return in, d.inWords(err)
}

// Paper makes a paper that follows a notice.
func (d *noticeDesk) Paper(ctx context.Context, o console.NoticeOrder, kind string, day time.Time) ([]report.File, error) {
	leave, err := d.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	w, err := d.writer(o)
	if err != nil {
		return nil, err
	}
	n, err := w.Notice(2) // a notice speaks of the period before
	if err != nil {
		return nil, d.inWords(err)
	}
	files, err := w.Paper(n, notice.Paper(kind), day)
	return files, d.inWords(err)
}

// Verify says whether a file of a notice can be made again.
func (d *noticeDesk) Verify(ctx context.Context, name string, data, summary []byte) (console.NoticeCheck, error) {
	if err := bureau.Verifiable(name); err != nil {
		return console.NoticeCheck{}, err
	}
	was, err := notice.ReadMade(data)
	if errors.Is(err, notice.ErrNotMade) && summary != nil {
		was, err = notice.ReadMade(summary)
	}
	if err != nil {
		return console.NoticeCheck{}, d.inWords(err)
	}
	leave, err := d.turn(ctx)
	if err != nil {
		return console.NoticeCheck{}, err
	}
	defer leave()
	v, err := bureau.VerifyNotice(d.store, d.inForce(), bareName(name), data, was, d.web.clock.Now())
	out := console.NoticeCheck{Period: was.Period, Point: was.At, Final: was.Final == "true", Same: v.Same}
	for _, x := range v.Differences {
		out.Differences = append(out.Differences, [3]string{x.Chinese(), shown(x.Was), shown(x.Is)})
	}
	return out, err
}

// bareName is a file's name without what the console puts in front of it when it
// hands one out.
func bareName(name string) string {
	for _, stem := range []string{"attachment-", "notice.", "summary.", "compare."} {
		if i := strings.LastIndex(name, "-"+stem); i >= 0 {
			return name[i+1:]
		}
	}
	return name
}
