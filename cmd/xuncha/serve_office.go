package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"xuncha/cases"
	"xuncha/console"
	tables "xuncha/internal/sheet"
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
	d := s.desk
	cfg.Findings, cfg.Papers, cfg.Registers, cfg.Notices = d, d, d, &noticeDesk{officeDesk: d, making: make(chan struct{}, 1)}
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
	o.Users, o.Formerly = d.deciders()
	return o
}

// deciders are the users of the console who may decide about findings, under the
// names that stand in its history, with those that stood there before.
func (d *officeDesk) deciders() (list []cases.Person, formerly map[string][]string) {
	if d.gate == nil { // as in the demonstration
		return nil, nil
	}
	list, formerly, err := decidersOf(d.gate)
	if err != nil {
		d.log.Error("office: users", "error", err) // they are refused until they can be read
	}
	return list, formerly
}

// decidersOf is deciders of any gate: commands and the console know the same people.
func decidersOf(gate *people.Gate) (list []cases.Person, formerly map[string][]string, err error) {
	formerly = map[string][]string{}
	users, err := gate.Deciders()
	for _, u := range users {
		if len(u.Formerly) > 0 {
			formerly[u.FullName] = u.Formerly
		}
		for _, role := range u.Roles {
			list = append(list, cases.Person{Name: u.FullName, Role: cases.Role(role)})
		}
	}
	return list, formerly, err
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

// Suspect enters one suspicion of the program.
func (d *officeDesk) Suspect(ref console.Ref, at time.Time) error {
	period, err := report.ParsePeriod(ref.Period)
	if err != nil {
		return err
	}
	setup := d.inForce()
	j, err := bureau.Judge(d.store, &setup, time.Time{}, at)
	if err != nil {
		return d.noRound(err)
	}
	return d.change(func(desk *bureau.Desk) error { return desk.Suspect(ref.Case, period, j, at) })
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
func (d *officeDesk) Pack(ctx context.Context, by people.User, f cases.Facts) (pack, page []byte, err error) {
	j, err := bureau.Judge(d.store, nil, f.Point, d.web.clock.Now())
	if err != nil {
		return nil, nil, d.noRound(err)
	}
	browser := d.printer(j.City.Crawl)
	defer d.dismiss(browser)
	made, err := j.Pack(d.store, f.Subject, f.Indicator, func(html []byte) ([]byte, error) { return d.print(ctx, browser, html) })
	if errors.Is(err, proof.ErrNotAlone) {
		return nil, nil, say("该问题还依据其他对象的巡查结果，不能单独取证；请在“通报”中查看", "the finding rests on looks at other subjects too and cannot be shown by itself")
	}
	if err != nil {
		return nil, nil, err
	}
	sums, err := made.Sums()
	if err != nil {
		return nil, nil, err
	}
	if page, err = made.File(sheetFile); err != nil {
		return nil, nil, err
	}
	if pack, err = made.ZIP(); err != nil {
		return nil, nil, err
	}
	err = proof.LogAccess(filepath.Join(d.Data, accessName), proof.Access{
		At: d.web.clock.Now(), By: by.Name, What: "pack", Subject: f.Subject, Finding: made.Finding(), Point: j.Result.Point, To: "console", SHA256: sums,
	})
	return pack, page, err
}

// sheetFile is the page of a pack for the unit.
const sheetFile = "sheet.html"

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
	d.writing.Lock()
	defer d.writing.Unlock()
	if i, err = bureau.Import(d.store, i, rows, source, dry); err != nil || dry {
		return i, nil, err
	}
	if i.Kind == registers.Superior { // it bears on the judgement
		return i, nil, d.daemon.Refresh()
	}
	return i, nil, nil
}

// Figures are what a register comes to.
func (d *officeDesk) Figures(kind registers.Kind, period, month string, on time.Time) (tables.Table, error) {
	desk, err := bureau.Open(d.store, d.inForce())
	if err != nil {
		return tables.Table{}, err
	}
	t, _, err := desk.Figures(kind, period, month, on)
	return t, err
}
