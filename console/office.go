package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// A Ref names a finding: a case in one period.
type Ref struct{ Case, Period string }

// A Deed is one thing that somebody does to some findings. The event says what, by
// whom, when and why; its attachments are those of Papers.
type Deed struct {
	cases.Event
	Of     []Ref
	Papers [][]byte

	// Inside looks into findings without asking their units, of verify. ByLook has
	// the program look, of recheck and standing.
	Inside, ByLook bool
}

// A Seen is a finding as a person enters it, or the mark on one line of a check
// list. Text and Publicity are the indicator's where they are "".
type Seen struct {
	Subject, Indicator, Period, Text, Source, Publicity string

	Mark cases.Mark // "" of what was seen without a check list
}

// Findings deals with findings. What may not be done is an error with a Chinese()
// sentence, and so is what others did meanwhile.
type Findings interface {
	// Do does some things, all of them or none. What the program saw where it
	// looked is said in Chinese, one sentence each.
	Do(deeds ...Deed) (said []string, err error)

	// Enter enters what a person found, all of it or nothing, and returns what was
	// entered. The event says who, when and with which papers.
	Enter(e cases.Event, papers [][]byte, found ...Seen) ([]Ref, error)

	// EnterSheet enters a sheet that people filled in: of cases.Reply a 核实单, of
	// cases.Raise a check list.
	EnterSheet(e cases.Event, file string, data []byte) (n int, err error)

	// Policy is what the city decides about the life of findings.
	Policy() cases.Policy

	// Draw draws from sites, accounts or columns for people to check, with the check
	// list of those that are drawn.
	Draw(of string, share float64, seed string, period report.Period) (cases.Draw, sheet.Table, error)

	// ByHand are the indicators that people judge on sites, accounts or columns.
	ByHand(of string) []rules.Indicator

	// Suspect enters one suspicion of the program as of the end of the newest round,
	// if it is not there yet.
	Suspect(ref Ref, at time.Time) error

	// Sync enters the suspicions of the program as of a point, the zero time for the
	// end of the newest round.
	Sync(period report.Period, point, at time.Time) (raised, withdrawn int, err error)
}

// Papers are the papers about findings.
type Papers interface {
	// Body returns an attachment by its digest.
	Body(sha256 string) ([]byte, error)

	// Slip writes a 核实单 as a document and as a sheet to be filled in.
	Slip(s cases.Slip) ([]report.File, error)

	// Pack makes the pack of evidence of a finding: a ZIP, and the sheet for the unit
	// as a page. Who has it made is noted before it is there.
	Pack(ctx context.Context, by people.User, f cases.Facts) (zip, page []byte, err error)
}

// Registers keeps the lists of the office.
type Registers interface {
	// Rows are what a register holds, by key; they are not to be changed.
	Rows(kind registers.Kind) ([]registers.Row, error)

	// Imports are what was taken in, the oldest first.
	Imports() ([]store.Import, error)

	// Import takes a list in, or with dry says what that would do. One with mistakes
	// is taken not at all. Kind, At, By, File and Whole are the caller's.
	Import(i store.Import, source []byte, dry bool) (store.Import, []registers.Mistake, error)

	// Figures are what a register comes to, as far as it has figures: those of a
	// period or of a month, 2023-09.
	Figures(kind registers.Kind, period, month string, on time.Time) (sheet.Table, error)
}

// An Audit is where it is noted who did what; [people.Gate] is one.
type Audit interface {
	Note(by people.Actor, what, on, note string) error
}

// What of these pages is noted, as it stands in the log.
const (
	didReveal   = "finding.reveal"
	didEnter    = "finding.enter"
	didDownload = "paper.download"
	didPack     = "proof.pack"
	didSheet    = "proof.sheet"
	didNotice   = "notice.make"
	didImport   = "register.import"
	didRows     = "register.reveal"
)

// log notes what the user is about to do. What cannot be noted is not done.
func (c *Console) log(q *request, what, on, note string) error {
	q.noted = true
	audit := c.Audit
	if audit == nil && c.People != nil {
		audit = c.People
	}
	if audit == nil {
		return nil
	}
	by := people.Actor{Name: q.user.Name}
	if c.People != nil {
		by = c.actor(q)
	}
	return audit.Note(by, what, on, note)
}

// masked is a text as it may stand on a page: numbers of persons and the phrases
// that the city names are covered, unless the user had them shown.
func (q *request) masked(text string) string {
	if q.mask == nil || q.bare {
		return text
	}
	return q.mask(text)
}

// told turns what was refused into an answer with its sentence. What has none is
// returned as it is.
func told(err error) error {
	var own interface {
		error
		Chinese() string
	}
	var already *refusal
	if err == nil || errors.As(err, &already) || !errors.As(err, &own) {
		return err
	}
	return refuse(http.StatusConflict, own.Chinese(), own.Error())
}

// notThere refuses a part of the console behind which there is nothing.
func notThere() error {
	return refuse(http.StatusNotFound, "此功能尚未启用；请联系管理员", "this is not set up; ask an administrator")
}

// noRound refuses what needs a round.
func noRound() error {
	return refuse(http.StatusConflict, "还没有巡查结果；请在首次巡查完成后再来", "nothing has been patrolled yet; come back after the first round")
}

// book is the history of findings, empty where nothing was done yet.
func (q *request) book() *cases.Book {
	if q.board == nil || q.board.Book == nil {
		return &cases.Book{}
	}
	return q.board.Book
}

// shown reports whether the user may see a finding: it is of a unit in scope, and
// what is 仅内部 is for those who see the whole city.
func (q *request) shown(o *cases.Occurrence) bool {
	return q.sees(o.Facts.Unit) && (o.Publicity != cases.Internal || q.user.Everywhere())
}

// finding returns a finding that the user may see. One that is out of scope is not
// there, as far as they are told.
func (q *request) finding(ref Ref) (*cases.Occurrence, error) {
	if o := q.book().Occurrence(ref.Case, ref.Period); o != nil && q.shown(o) {
		return o, nil
	}
	return nil, errNoFinding()
}

// errNoFinding refuses a finding that is not there, as far as the user is told.
func errNoFinding() error {
	return refuse(http.StatusNotFound, "没有这个问题；它可能已撤回，或不在您的范围内", "there is no such finding; it may have been withdrawn, or is not yours to see")
}

// officeRoles are the roles of the office as the history of findings knows them.
var officeRoles = []struct {
	role people.Role
	as   cases.Role
}{{people.Handler, cases.Handler}, {people.Reviewer, cases.Reviewer}, {people.Signer, cases.Signer}}

// persons are what the user may act as about findings.
func (q *request) persons() []cases.Person {
	name := q.fullName()
	var all []cases.Person
	for _, r := range officeRoles {
		if slices.Contains(q.user.Roles, r.role) {
			all = append(all, cases.Person{Name: name, Role: r.as})
		}
	}
	if len(all) == 0 && !q.user.Everywhere() && q.user.Unit != "" {
		all = append(all, cases.Person{Name: name, Role: cases.Unit, Unit: q.user.Unit})
	}
	return all
}

// acting is who the user is when they do something of a kind: in the first of their
// roles that may, else in any, so that what is refused says whom to ask.
func (q *request) acting(kind cases.Kind) (cases.Person, error) {
	all := q.persons()
	for _, m := range cases.Moves() {
		if m.Kind != kind {
			continue
		}
		for _, p := range all {
			if slices.Contains(m.Roles, p.Role) {
				return p, nil
			}
		}
	}
	if len(all) > 0 {
		return all[0], nil
	}
	return cases.Person{}, refuse(http.StatusForbidden,
		"您没有办理问题的角色（经办、审核、签发或单位联络员）；请联系管理员", "you have no role in which findings are dealt with; ask an administrator")
}

// subjectName is a subject as people call it.
func subjectName(b *board.Board, id, lang string) string {
	if b == nil {
		return id
	}
	if r, ok := b.Row(id); ok {
		return strings.Replace(b.Title(r), "：", sayer(lang)("：", ": "), 1)
	}
	if unit, ok := strings.CutPrefix(id, "unit:"); ok {
		unit, _, _ = strings.Cut(unit, "/")
		return unitName(b, unit, lang)
	}
	return carrierName(b, id)
}

// SubjectName is a subject as people call it.
func (v view) SubjectName(id string) string { return subjectName(v.Board, id, v.Lang) }

// isSubject reports whether something may be found of a subject: it is judged, or it
// is a site of the city, or a unit as unit: and its ID.
func isSubject(b *board.Board, id string) bool {
	if b == nil {
		return false
	}
	if _, judged := b.Row(id); judged {
		return true
	}
	if unit, ok := strings.CutPrefix(id, "unit:"); ok {
		unit, _, _ = strings.Cut(unit, "/")
		_, known := b.City.Unit(unit)
		return known
	}
	_, known := b.City.Carrier(id)
	return known
}

// subjectUnit is the unit that answers for a subject, "" for none.
func subjectUnit(b *board.Board, id string) string {
	if b == nil {
		return ""
	}
	if r, ok := b.Row(id); ok {
		return r.Unit
	}
	if unit, ok := strings.CutPrefix(id, "unit:"); ok {
		unit, _, _ = strings.Cut(unit, "/")
		return unit
	}
	if carrier, ok := b.City.Carrier(id); ok {
		return carrier.Unit
	}
	return ""
}

// periods are the periods that there are findings of and that of the newest round,
// the newest first.
func (q *request) periods() []string {
	all := q.book().Periods()
	if q.board != nil {
		if p := q.board.Period(); !slices.Contains(all, p) {
			all = append(all, p)
			slices.Sort(all)
		}
	}
	slices.Reverse(all)
	return all
}

// UnitOf is the ID of the unit that answers for a subject.
func (v view) UnitOf(subject string) string { return subjectUnit(v.Board, subject) }

// HasFinding reports whether a case is in the book of a period.
func (v view) HasFinding(id, period string) bool {
	return v.Board != nil && v.Board.Book != nil && v.Board.Book.Occurrence(id, period) != nil
}
