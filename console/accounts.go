package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

var accountRoutes = []Route{
	{"GET", "/accounts", people.See, ofBoard((*Console).accounts)},
	{"GET", "/accounts/{code}", people.See, ofBoard((*Console).account)},
	{"GET", "/accounts/{code}/handed/{sha256}", people.See, (*Console).handedPicture},
	{"POST", "/accounts/{code}/handed", people.Reply, (*Console).handIn},
	{"POST", "/accounts/{code}/checked", people.Propose, (*Console).checkHanded},
}

// An accountsPage is the list of the accounts, below how their platforms let
// themselves be read.
type accountsPage struct {
	Fields    []field
	List      listing
	Rows      []accountLine
	Any       bool
	Verdict   verdicts // of what the filters but that by verdict let through
	Platforms []platformLine
}

// An accountLine is an account with the source that its state rests on.
type accountLine struct {
	board.Row
	Code   string
	Source extract.SourceKind // "" where none showed anything
}

// A platformLine is one platform: how its accounts stand and how it was read.
type platformLine struct {
	ID   inventory.Platform
	Name string
	verdicts
	Health rules.PlatformHealth
}

// accounts lists the accounts.
func (c *Console) accounts(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	d := c.memo.digestOf(q.board)
	all := q.rows(inventory.KindAccount)
	p := accountsPage{Any: len(all) > 0}
	s, err := q.accountSieve(d, all)
	if err != nil {
		return err
	}
	if p.List, err = q.listing("verdict", "name", "unit", "platform", "state", "newest", "days"); err != nil {
		return err
	}
	p.Fields = s.Fields
	rows := s.pick(all)
	q.sort(rows, p.List)
	p.Verdict = countVerdicts(s.pick(all, "verdict"), inventory.KindAccount, q.decimals())
	if format != "" {
		return c.exportBoard(w, q, format, q.accountsSheet(d, rows))
	}
	for _, r := range cut(&p.List, rows) {
		p.Rows = append(p.Rows, accountLine{r, codeOf(r), d.source(r)})
	}
	p.Platforms = q.platformLines(all)
	return c.render(w, q, http.StatusOK, "accounts", p)
}

// codeOf is an account's 新媒体标识码.
func codeOf(r board.Row) string { return strings.TrimPrefix(r.ID, "account:") }

func (q *request) accountSieve(d *digest, all []board.Row) (s sieve, err error) {
	platforms := optionsOf(all, func(r board.Row) inventory.Platform { return r.Platform }, q.platformName, inventory.Platforms()...)
	sources := optionsOf(all, d.source, func(k extract.SourceKind) string { return report.SourceWord(k, q.lang) }, sourceKinds...)
	return s, firstError(
		func() error {
			return s.choose(q, "platform", q.say("平台", "Platform"), platforms, func(r board.Row, v string) bool { return string(r.Platform) == v })
		},
		func() error {
			return s.choose(q, "unit", q.say("主办单位", "Unit"), q.unitOptions(all), func(r board.Row, v string) bool { return r.Unit == v })
		},
		func() error {
			return s.choose(q, "verdict", q.say("结论", "Verdict"), q.verdictOptions(), func(r board.Row, v string) bool { return string(r.Verdict) == v })
		},
		func() error {
			return s.choose(q, "state", q.say("状态", "State"), q.stateOptions(rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Unknown), hasState)
		},
		func() error {
			return s.choose(q, "reason", q.say("未能监测的原因", "Why unknown"), q.reasonOptions(), func(r board.Row, v string) bool {
				return hasState(r, string(rules.Unknown)) && string(r.Reason) == v
			})
		},
		func() error {
			return s.choose(q, "source", q.say("来源", "Source"), sources, func(r board.Row, v string) bool { return string(d.source(r)) == v })
		},
		func() error {
			return s.choose(q, "handed", q.say("材料", "Handed in"), []option{{"waiting", q.say("待核对", "to be checked")}}, func(r board.Row, _ string) bool { return d.waiting[r.ID] })
		},
		func() error { return s.flag(q, "seen", q.say("监测到", "Monitored"), isSeen) },
		func() error {
			return s.flag(q, "unread", q.say("未能从平台读到", "Not read from the platform"), func(r board.Row) bool { return unread(r, q.board.Result.Platforms) })
		},
		func() error { return q.chooseHoliday(&s) },
		func() error { return s.search(q) },
		func() error { return s.chosen(q) },
	)
}

// sourceKinds are the sources of an account's posts, the strongest first.
var sourceKinds = []extract.SourceKind{extract.FromPlatform, extract.FromBrowser, extract.FromFeed, extract.FromLink, extract.FromAttestation}

// source is which source an account's newest date came from, "" where none showed
// anything.
func (d *digest) source(r board.Row) extract.SourceKind {
	switch a := d.accounts[r.ID]; {
	case a == nil:
	case a.Attested != nil:
		return extract.FromAttestation
	case a.Look != nil && (!a.Newest.IsZero() || a.Look.Reading.Conclusive()):
		return a.Look.Reading.From
	}
	return ""
}

// unread reports whether an account is one of those that its platform was asked for
// and did not show.
func unread(r board.Row, platforms []rules.PlatformHealth) bool {
	return slices.ContainsFunc(platforms, func(h rules.PlatformHealth) bool { return slices.Contains(h.Unread, r.ID) })
}

func (q *request) platformName(p inventory.Platform) string {
	return report.PlatformName(q.board.City, p)
}

// platformLines are the platforms of the accounts that the user sees, in the order
// of the inventory. How a platform was read is the city's and the same for all.
func (q *request) platformLines(rows []board.Row) []platformLine {
	var lines []platformLine
	by := map[inventory.Platform][]board.Row{}
	for _, r := range rows {
		by[r.Platform] = append(by[r.Platform], r)
	}
	for _, p := range inventory.Platforms() {
		if len(by[p]) == 0 {
			continue
		}
		line := platformLine{ID: p, Name: q.platformName(p), verdicts: countVerdicts(by[p], inventory.KindAccount, q.decimals())}
		for _, h := range q.board.Result.Platforms {
			if h.Platform == p {
				line.Health = h
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func (q *request) accountsSheet(d *digest, rows []board.Row) sheet.Table {
	t := sheet.Table{Name: q.say("新媒体", "accounts"), Head: []string{
		q.say("账号", "Account"), q.say("平台", "Platform"), q.say("新媒体标识码", "Code"), q.say("主办单位", "Unit"), q.say("结论", "Verdict"), q.say("认定", "Settled"),
		q.say("原因", "Reasons"), q.say("状态", "State"), q.say("最近更新", "Newest"), q.say("标题", "Title"), q.say("更新时限", "Window"),
		q.say("已超期天数", "Days overdue"), q.say("来源", "Source"),
	}}
	for _, r := range rows {
		past, source := "", ""
		if n := q.board.Past(r); n > 0 {
			past = strconv.Itoa(n)
		}
		if k := d.source(r); k != "" {
			source = report.SourceWord(k, q.lang)
		}
		t.Rows = append(t.Rows, []string{
			r.Name, q.platformName(r.Platform), codeOf(r), unitName(q.board, r.Unit, q.lang), q.verdictWord(r.Verdict), settledWord(r, q.lang), strings.Join(r.Reasons, "；"),
			q.stateWord(r), stamp(r.Newest.Time, time.DateOnly), r.Title, windowWord(r.Window, q.lang), past, source,
		})
	}
	return t
}

// An accountPage is one account: how it stands, what was seen of it and where, and
// what was handed in.
type accountPage struct {
	Row      board.Row
	Account  inventory.Account
	Result   rules.AccountResult
	Platform inventory.PlatformProfile
	Since    time.Time // of the registered state
	Source   extract.SourceKind
	Items    []extract.Item // as read, the newest at hand
	More     int            // that are not shown
	Findings []foundLine
	Handed   []handed
	Program  bool // a 移动客户端 or 小程序, which has no posts
	Takes    bool // something can be handed in here

	Sent    sent // what was typed before it was refused
	Refused string
}

// Typed is what was typed into a field before it was refused.
func (p accountPage) Typed(name string) string { return p.Sent.Get(name) }

// maxItems is how many posts the page of an account shows.
const maxItems = 20

// account shows one account.
func (c *Console) account(w http.ResponseWriter, q *request) error {
	return c.renderAccount(w, q, nil, sent{})
}

// renderAccount shows one account, with why what was handed in was refused.
func (c *Console) renderAccount(w http.ResponseWriter, q *request, refused *refusal, s sent) error {
	row, acc, err := q.accountRow()
	if err != nil {
		return err
	}
	d := c.memo.digestOf(q.board)
	p := accountPage{Row: row, Account: acc, Source: d.source(row), Program: isProgram(acc.Platform), Sent: s}
	if r := d.accounts[row.ID]; r != nil {
		p.Result = *r
	}
	p.Platform, _ = q.board.City.Platform(acc.Platform)
	_, p.Since = acc.StateOn(q.board.Result.PointDay)
	if row.Look != nil {
		p.Items = row.Look.Reading.Items
		p.More = max(0, len(p.Items)-maxItems)
		p.Items = p.Items[:len(p.Items)-p.More]
	}
	p.Findings = q.findingsOf(row.ID)
	p.Handed, p.Takes = handedOf(q.board.City, acc.Code), c.Submissions != nil
	status := http.StatusOK
	if refused != nil {
		status, p.Refused = refused.status, q.say(refused.chinese, refused.english)
	}
	return c.render(w, q, status, "account", p)
}

// accountRow is the account that an address names, if the user may see it.
func (q *request) accountRow() (board.Row, inventory.Account, error) {
	row, err := q.row("account:" + q.PathValue("code"))
	if err != nil {
		return row, inventory.Account{}, err
	}
	acc, _ := q.board.City.Account(codeOf(row))
	return row, acc, nil
}

// isProgram reports whether a platform is a program to be opened and no channel.
func isProgram(p inventory.Platform) bool { return p == inventory.App || p == inventory.MiniApp }

// NoteEN is the hint in English, in Chinese where there is no other.
func (p accountPage) NoteEN() string { return cmp.Or(p.Result.NoteEN, p.Result.Note) }

// Tried are the sources that were asked for an account, in order.
func (p accountPage) Tried() []extract.Try {
	if p.Row.Look == nil {
		return nil
	}
	return p.Row.Look.Reading.Tries
}
