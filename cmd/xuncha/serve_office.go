package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/cases"
	"xuncha/console"
	tables "xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/notice"
	bureau "xuncha/office"
	"xuncha/people"
	"xuncha/proof"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// fillOffice gives the console the work of the office.
func (s *service) fillOffice(cfg *console.Config) error {
	d := &officeDesk{service: s}
	cfg.Findings, cfg.Papers, cfg.Registers, cfg.Notices = d, d, d, &noticeDesk{officeDesk: d}
	cfg.Mask = func(text string) string { return proof.Mask(s.daemon.Setup().City.Proof.Mask, text) }
	return nil
}

// An officeDesk does for the console what the commands finding and register do.
type officeDesk struct {
	*service

	writing sync.Mutex // one thing is done at a time

	mu   sync.Mutex                // guards rows
	rows map[registers.Kind]rowsAt // of registers, as last read
}

// A rowsAt are the rows of a register after so many imports.
type rowsAt struct {
	imports int
	rows    []registers.Row
}

// inForce is the configuration in force, with the folders of its templates.
func (d *officeDesk) inForce() bureau.Setup {
	d.web.mu.Lock()
	s := d.web.setup
	d.web.mu.Unlock()
	now := d.daemon.Setup()
	s.city, s.set = now.City, now.Set
	o := s.office()
	o.Users = d.deciders()
	return o
}

// deciders are the users of the console who may decide about findings, under the
// names that stand in its history.
func (d *officeDesk) deciders() (list []cases.Person) {
	if d.gate == nil { // as in the demonstration
		return nil
	}
	users, err := d.gate.Deciders()
	if err != nil {
		d.log.Error("office: users", "error", err) // they are refused until they can be read
	}
	for _, u := range users {
		for _, role := range u.Roles {
			list = append(list, cases.Person{Name: u.FullName, Role: cases.Role(role)})
		}
	}
	return list
}

// maxTries is how often a thing is done anew when others did something meanwhile.
const maxTries = 5

// change has something done at a desk, files it, and shows what came of it. What
// others did meanwhile has it done anew on top of that.
func (d *officeDesk) change(do func(*bureau.Desk) error) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	for try := 1; ; try++ {
		desk, err := bureau.Open(d.store, d.inForce())
		if err != nil {
			return err
		}
		if err := do(desk); err != nil {
			return err
		}
		err = desk.File()
		switch {
		case errors.Is(err, store.ErrMoved) && try < maxTries:
			continue
		case errors.Is(err, store.ErrMoved):
			return say("其他人正在办理，没有写入；请再办理一次", "others are at work and nothing was written; do it again")
		case err != nil:
			return err
		}
		return d.daemon.Decided()
	}
}

// occurrences are the findings that are meant.
func occurrences(desk *bureau.Desk, refs []console.Ref) ([]*cases.Occurrence, error) {
	var found []*cases.Occurrence
	for _, r := range refs {
		o := desk.Book.Occurrence(r.Case, r.Period)
		if o == nil {
			return nil, say("没有问题 %s（%s）；它可能已撤回", "there is no finding %s (%s); it may have been withdrawn", r.Case, r.Period)
		}
		found = append(found, o)
	}
	return found, nil
}

// attached remembers the papers of a deed.
func attached(desk *bureau.Desk, e cases.Event, papers [][]byte) error {
	if len(papers) != len(e.Attachments) {
		return fmt.Errorf("%d papers and %d attachments", len(papers), len(e.Attachments))
	}
	for i, data := range papers {
		if a := desk.Attach(e.Attachments[i].Name, data); a.SHA256 != e.Attachments[i].SHA256 {
			return fmt.Errorf("attachment %s is not what was sent", a.Name)
		}
	}
	return nil
}

// Do does what the console asks for.
func (d *officeDesk) Do(deeds ...console.Deed) (said []string, err error) {
	err = d.change(func(desk *bureau.Desk) error {
		said = nil
		for _, deed := range deeds {
			found, err := occurrences(desk, deed.Of)
			if err != nil {
				return err
			}
			if err := attached(desk, deed.Event, deed.Papers); err != nil {
				return err
			}
			if !deed.ByLook {
				if err := desk.Move(bureau.Deed{Event: deed.Event, Inside: deed.Inside}, found); err != nil {
					return err
				}
				continue
			}
			seen, err := d.look(desk, deed, found)
			if err != nil {
				return err
			}
			said = append(said, seen...)
		}
		return nil
	})
	return said, err
}

// look has the program look at findings, by the newest round.
func (d *officeDesk) look(desk *bureau.Desk, deed console.Deed, found []*cases.Occurrence) ([]string, error) {
	setup := desk.Setup
	j, err := bureau.Judge(d.store, &setup, time.Time{}, deed.At)
	if err != nil {
		return nil, d.noRound(err)
	}
	var said []string
	say := func(o *cases.Occurrence, text string) {
		said = append(said, bureau.SubjectName(desk.City, o.Facts.Subject)+"："+text)
	}
	if deed.Kind == cases.Standing {
		texts, err := desk.Standing(j, found, deed.At)
		for i, text := range texts {
			if text == "" {
				text = "未能监测，请人工核查"
			}
			say(found[i], text)
		}
		return said, err
	}
	proposals, err := desk.Recheck(j, found, deed.At, false)
	for i, p := range proposals {
		text := string(p.Result) + "，" + p.Chinese
		if p.Then != "" {
			text += "；建议" + p.Then.Chinese()
		}
		say(found[i], text)
	}
	return said, err
}

// noRound says in words for the console that there is nothing to judge by.
func (d *officeDesk) noRound(err error) error {
	if errors.Is(err, bureau.ErrNoRound) {
		return say("该时间点还没有完成的巡查批次；请另选监测时间点", "there is no finished round by that point; choose another")
	}
	return err
}

// Enter enters what a person found.
func (d *officeDesk) Enter(e cases.Event, papers [][]byte, found ...console.Seen) (refs []console.Ref, err error) {
	err = d.change(func(desk *bureau.Desk) error {
		refs = nil
		if err := attached(desk, e, papers); err != nil {
			return err
		}
		for _, f := range found {
			before := len(desk.Done())
			one := e
			one.Period = f.Period
			if f.Mark != "" {
				err := desk.Check(bureau.Marked{Subject: f.Subject, Indicator: f.Indicator, Period: f.Period, Mark: f.Mark, Text: f.Text}, one)
				if err != nil {
					return err
				}
			} else if _, err := desk.Raise(bureau.Seen{Subject: f.Subject, Indicator: f.Indicator, Text: f.Text, Source: f.Source, Publicity: f.Publicity}, one); err != nil {
				return err
			}
			for _, done := range desk.Done()[before:] {
				refs = append(refs, console.Ref{Case: done.Case, Period: done.Period})
			}
		}
		return nil
	})
	return refs, err
}

// EnterSheet enters a sheet that people filled in.
func (d *officeDesk) EnterSheet(e cases.Event, file string, data []byte) (n int, err error) {
	book, err := tables.Read(file, bytes.NewReader(data))
	if err != nil {
		return 0, bureau.SheetError(err)
	}
	column := bureau.CheckColumn
	if e.Kind == cases.Reply {
		column = bureau.SlipColumn
	}
	rows, err := bureau.Filled(book, column)
	if err != nil {
		return 0, err
	}
	err = d.change(func(desk *bureau.Desk) error {
		paper := desk.Attach(file, data)
		enter := func() error { return desk.Checks(file, rows, e, paper) }
		if e.Kind == cases.Reply {
			enter = func() error { return desk.Answers(file, rows, "", e, paper) }
		}
		err := enter()
		n = len(desk.Done())
		return err
	})
	return n, err
}

// Policy is what the city decides about the life of findings.
func (d *officeDesk) Policy() cases.Policy { return d.inForce().Policy() }

// Draw draws subjects for people to check.
func (d *officeDesk) Draw(of string, share float64, seed string, period report.Period) (cases.Draw, tables.Table, error) {
	s := d.inForce()
	indicators, err := bureau.Checked(s.Set, of, nil)
	if err != nil {
		return cases.Draw{}, tables.Table{}, err
	}
	draw, err := cases.DrawFrom(bureau.Population(s.City, of, period.End()), share, seed)
	if err != nil {
		return draw, tables.Table{}, say("无法抽取；请核对比例和种子", "nothing can be drawn; check share and seed")
	}
	return draw, bureau.CheckListTable(s.City, draw.Drawn(), period.String(), indicators), nil
}

// ByHand are the indicators that people judge.
func (d *officeDesk) ByHand(of string) []rules.Indicator {
	list, err := bureau.Checked(d.inForce().Set, of, nil)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(list, func(ind rules.Indicator) bool { return ind.Effect == rules.EffectHint })
}

// Sync enters the suspicions of the program.
func (d *officeDesk) Sync(period report.Period, point, at time.Time) (raised, withdrawn int, err error) {
	setup := d.inForce()
	j, err := bureau.Judge(d.store, &setup, point, at)
	if err != nil {
		return 0, 0, d.noRound(err)
	}
	err = d.change(func(desk *bureau.Desk) (err error) {
		raised, withdrawn, err = desk.Sync(period, j, at)
		return err
	})
	return raised, withdrawn, err
}

// Body returns an attachment.
func (d *officeDesk) Body(sha256 string) ([]byte, error) { return d.store.Body(sha256) }

// Slip writes a 核实单.
func (d *officeDesk) Slip(s cases.Slip) ([]report.File, error) {
	desk, err := bureau.Open(d.store, d.inForce())
	if err != nil {
		return nil, err
	}
	document, err := desk.SlipDocument(s)
	if err != nil {
		return nil, err
	}
	var sheet bytes.Buffer
	err = tables.WriteXLSX(&sheet, desk.SlipTable(s))
	return []report.File{{Name: "slip.docx", Data: document}, {Name: "slip.xlsx", Data: sheet.Bytes()}}, err
}

// Pack makes the pack of evidence of a finding, by the judgement that it was raised
// in, and notes it in the log of accesses.
func (d *officeDesk) Pack(ctx context.Context, by people.User, f cases.Facts) (pack, page []byte, sums string, err error) {
	j, err := bureau.Judge(d.store, nil, f.Point, d.web.clock.Now())
	if err != nil {
		return nil, nil, "", d.noRound(err)
	}
	browser := d.printer(j.City.Crawl)
	defer d.dismiss(browser)
	made, err := j.Pack(d.store, f.Subject, f.Indicator, func(html []byte) ([]byte, error) { return d.print(ctx, browser, html) })
	if errors.Is(err, proof.ErrNotAlone) {
		return nil, nil, "", say("该问题还依据其他对象的巡查结果，不能单独取证；请在“通报”中查看", "the finding rests on looks at other subjects too and cannot be shown by itself")
	}
	if err != nil {
		return nil, nil, "", err
	}
	if sums, err = made.Sums(); err != nil {
		return nil, nil, "", err
	}
	if page, err = made.File(sheetFile); err != nil {
		return nil, nil, "", err
	}
	var b bytes.Buffer
	if err := zipFiles(&b, made.Files); err != nil {
		return nil, nil, "", err
	}
	err = proof.LogAccess(filepath.Join(d.Data, accessName), proof.Access{
		At: d.web.clock.Now(), By: by.Name, What: "pack", Subject: f.Subject, Finding: made.Finding(), Point: j.Result.Point, To: "console", SHA256: sums,
	})
	return b.Bytes(), page, sums, err
}

// sheetFile is the page of a pack for the unit.
const sheetFile = "sheet.html"

func zipFiles(b *bytes.Buffer, files []inventory.File) error {
	z := zip.NewWriter(b)
	for _, f := range files {
		w, err := z.Create(f.Name)
		if err != nil {
			return err
		}
		if _, err := w.Write(f.Data); err != nil {
			return err
		}
	}
	return z.Close()
}

// Rows are what a register holds. They are read anew after an import.
func (d *officeDesk) Rows(kind registers.Kind) ([]registers.Row, error) {
	imports, err := d.store.Imports()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if at, ok := d.rows[kind]; ok && at.imports == len(imports) {
		return at.rows, nil
	}
	rows, err := d.store.Register(kind, 0)
	if err != nil {
		return nil, err
	}
	if d.rows == nil {
		d.rows = map[registers.Kind]rowsAt{}
	}
	d.rows[kind] = rowsAt{len(imports), rows}
	return rows, nil
}

// Imports are what was taken in.
func (d *officeDesk) Imports() ([]store.Import, error) { return d.store.Imports() }

// Import takes a list in, or says what that would do.
func (d *officeDesk) Import(i store.Import, source []byte, dry bool) (store.Import, []registers.Mistake, error) {
	rows, mistakes, err := bureau.ReadList(d.inForce(), i.Kind, i.File, source, i.At)
	if err != nil || len(mistakes) > 0 {
		return i, mistakes, err
	}
	if dry {
		i, err = bureau.WouldImport(d.store, i, rows)
		return i, nil, err
	}
	d.writing.Lock()
	defer d.writing.Unlock()
	if i, err = d.store.AddImport(i, rows, source); err != nil {
		return i, nil, err
	}
	if i.Kind == registers.Superior { // it bears on the judgement
		return i, nil, d.daemon.Refresh()
	}
	return i, nil, nil
}

// Figures are what a register comes to.
func (d *officeDesk) Figures(kind registers.Kind, period *report.Period, month string, on time.Time) (tables.Table, error) {
	rows, err := d.Rows(kind)
	if err != nil {
		return tables.Table{}, err
	}
	t, _, err := bureau.Figures(d.inForce().City, kind, rows, period, month, on)
	return t, err
}

// A noticeDesk does for the console what the command report does. What was made is
// remembered for as long as nothing that it rests on changes.
type noticeDesk struct {
	*officeDesk

	making sync.Mutex // a judgement takes much memory: one at a time
	cached sync.Mutex // guards made and blocked
	made   map[string]console.NoticeMade
	blocks map[string][]console.Blocking
}

// maxMade bounds how many notices are remembered.
const maxMade = 8

// key names an order with all that may change what comes of it.
func (d *noticeDesk) key(o console.NoticeOrder) (string, error) {
	rounds, err := d.store.Rounds()
	if err != nil {
		return "", err
	}
	events, err := d.store.Events()
	if err != nil {
		return "", err
	}
	imports, err := d.store.Imports()
	if err != nil {
		return "", err
	}
	s := d.inForce()
	newest := ""
	for _, r := range rounds {
		newest += r.ID + string(r.State)
	}
	text, err := json.Marshal([]any{o, newest, len(events), len(imports), s.City.Digest, s.Set.Digest})
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

// Make makes a notice.
func (d *noticeDesk) Make(_ context.Context, o console.NoticeOrder) (console.NoticeMade, error) {
	key, err := d.key(o)
	if err != nil {
		return console.NoticeMade{}, err
	}
	d.making.Lock()
	defer d.making.Unlock()
	d.cached.Lock()
	m, ok := d.made[key]
	d.cached.Unlock()
	if ok {
		return m, nil
	}
	w, err := d.writer(o)
	if err != nil {
		return m, err
	}
	n, err := w.Notice(comparedPeriods)
	if err != nil {
		return m, d.inWords(err)
	}
	if m.Files, err = n.Files(); err != nil {
		return m, err
	}
	compare, err := w.Compare(nil)
	if err != nil {
		return m, err
	}
	m.Files = append(m.Files, compare)
	m.Totals = totalsOf(n)
	d.cached.Lock()
	defer d.cached.Unlock()
	if d.made == nil || len(d.made) >= maxMade {
		d.made = map[string]console.NoticeMade{}
	}
	d.made[key] = m
	return m, nil
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
	events, err := d.store.Events()
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
		At: at, By: by, Period: o.Period.String(), Point: point, Final: o.Final, Totals: m.Totals, Events: len(events),
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

// Blocking lists what keeps a final notice from being made.
func (d *noticeDesk) Blocking(o console.NoticeOrder) ([]console.Blocking, error) {
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
	in, err := d.input(o)
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
func (d *noticeDesk) input(o console.NoticeOrder) (notice.Input, error) {
	b := d.daemon.Board()
	if b != nil && (o.Point.IsZero() || o.Point.Equal(b.Result.Point)) {
		return notice.Input{City: b.City, RuleSet: b.Set, Round: b.Round, Result: b.Result, Period: o.Period, Book: b.Book}, nil
	}
	d.making.Lock()
	defer d.making.Unlock()
	o.Final = false
	w, err := d.writer(o)
	if err != nil {
		return notice.Input{}, err
	}
	in, err := w.Input()
	return in, d.inWords(err)
}

// Paper makes a paper that follows a notice.
func (d *noticeDesk) Paper(o console.NoticeOrder, kind string, day time.Time) ([]report.File, error) {
	d.making.Lock()
	defer d.making.Unlock()
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
func (d *noticeDesk) Verify(name string, data, summary []byte) (console.NoticeCheck, error) {
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
	d.making.Lock()
	defer d.making.Unlock()
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
