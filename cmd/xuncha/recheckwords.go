package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	bureau "xuncha/office"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/store"
)

// registerRecheckCmd looks at the pages of the wrong words again. What it finds is
// one more import of the register: the list as it was stays.
type registerRecheckCmd struct {
	configFlag
	dataFlag
	simulateFlag
	By           string         `help:"Who has it looked at." zh:"复核人姓名。" required:"" placeholder:"NAME"`
	Unit         string         `help:"Only those of a unit." zh:"只复核该单位的。" placeholder:"UNIT"`
	All          bool           `help:"Also those that were seen to be corrected." zh:"已改正的也重新查看。"`
	DryRun       bool           `help:"Look and print, and write nothing." zh:"只查看并列出结果，不写入。"`
	AllowPrivate []netip.Prefix `help:"Private network that may be reached, as CIDR." zh:"允许访问的内网网段（CIDR）。" placeholder:"CIDR"`
}

// pagesOfWord is how many pages may be asked for one: itself, and its frame or
// what a browser shows of it.
const pagesOfWord = 2

// A wordCheck is what one look at one row came to, as it is kept.
type wordCheck struct {
	Page   string          `json:"page"`
	Word   string          `json:"word"`
	Result registers.Fixed `json:"result"`
	Note   string          `json:"note,omitempty"`
	Seen   []pageSeen      `json:"seen"`
}

// A pageSeen is one page that was fetched for it.
type pageSeen struct {
	URL    string        `json:"url"`
	At     time.Time     `json:"at"`
	Status int           `json:"status,omitempty"`
	Class  extract.Class `json:"class,omitempty"`
	SHA256 string        `json:"sha256,omitempty"`
}

// Run runs the command.
func (c registerRecheckCmd) Run(ctx context.Context, a *app) (err error) {
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: c.DryRun})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	n, err := openNetwork(s, c.simulateFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if err := sameKind(st, n.simulated); err != nil {
		return err
	}
	rows, err := c.waiting(st, s.city)
	if err != nil {
		return err
	}
	checked, checks, err := c.look(ctx, a, s, n, rows)
	if err != nil && (len(checked) == 0 || ctx.Err() == nil) {
		return err
	}
	a.tellWords(checked, len(rows))
	if c.DryRun {
		fmt.Fprintln(a.stdout, a.say("（未写入）", "(nothing was written)"))
		return err
	}
	source, encodeErr := json.MarshalIndent(checks, "", "  ")
	if encodeErr != nil {
		return encodeErr
	}
	i := store.Import{Kind: registers.Words, At: n.clock.Now(), By: c.By, File: "复核"}
	i, keepErr := st.AddImport(i, checked, source)
	if keepErr != nil {
		return keepErr
	}
	a.tellImport(i, false)
	return err
}

// waiting are the rows whose pages are to be looked at.
func (c registerRecheckCmd) waiting(st *store.Store, city *inventory.City) ([]registers.Row, error) {
	unit := ""
	if c.Unit != "" {
		var err error
		if unit, err = bureau.UnitID(city, c.Unit); err != nil {
			return nil, err
		}
	}
	rows, err := st.Register(registers.Words, 0)
	if err != nil {
		return nil, err
	}
	var wait []registers.Row
	for _, r := range rows {
		seenFixed := r.Values["fixed"] == string(registers.FixedYes) && r.Values["checked"] != ""
		if r.Values["page"] != "" && (unit == "" || r.Values["unit"] == unit) && (c.All || !seenFixed) {
			wait = append(wait, r)
		}
	}
	switch {
	case len(rows) == 0:
		return nil, say("没有登记错敏词；请先导入清单：xuncha register import words", "no wrong words are registered: import a list first with xuncha register import words")
	case len(wait) == 0:
		return nil, say("没有待复核的错敏词，登记的都已复核为已改正；要全部重新查看，请加 --all", "no word waits to be looked at, all were seen to be corrected; --all looks at them again")
	}
	return wait, nil
}

// look fetches each page once, host by host, and compares. Where it is stopped, it
// returns what it has with the error.
func (c registerRecheckCmd) look(ctx context.Context, a *app, s setup, n network, rows []registers.Row) (checked []registers.Row, checks []wordCheck, err error) {
	of := map[string][]registers.Row{} // page → rows
	jobs := map[string]*crawler.Job{}
	var order, pages []string // hosts, and pages
	for _, r := range rows {
		page := r.Values["page"]
		if of[page] = append(of[page], r); len(of[page]) > 1 {
			continue
		}
		subject, err := stranger(page)
		if err != nil {
			subject = inventory.Subject{ID: page} // delivered as not looked at
		}
		subject.Task.Book = nil
		job := jobs[subject.Host]
		if job == nil {
			job = &crawler.Job{Host: subject.Host, Fresh: true}
			jobs[subject.Host] = job
			order = append(order, subject.Host)
		}
		job.Subjects = append(job.Subjects, subject)
		pages = append(pages, page)
	}
	n.pages = pagesOfWord
	visitor, hangUp, err := a.newCrawler(s.city, n, forgetful{}, c.AllowPrivate, pages...)
	if err != nil {
		return nil, nil, err
	}
	defer hangUp()
	for _, host := range order {
		err := visitor.Crawl(ctx, *jobs[host], func(v crawler.Visit) error {
			for _, r := range of[v.Subject] {
				check := compareWord(r, v)
				checks = append(checks, check)
				checked = append(checked, r.Checked(check.Result, n.clock.Now(), check.Note))
			}
			return nil
		})
		if err != nil {
			return checked, checks, fmt.Errorf("look at the pages of %s: %w", host, err)
		}
	}
	return checked, checks, nil
}

// compareWord says whether a wrong word is still there, by the pages of a visit.
// What was not read, or led elsewhere, leaves it open.
func compareWord(r registers.Row, v crawler.Visit) wordCheck {
	check := wordCheck{Page: r.Values["page"], Word: r.Values["word"], Result: registers.FixedUnsure, Note: "未能读取，请人工核对", Seen: []pageSeen{}}
	read := false
	for _, p := range v.Pages {
		check.Seen = append(check.Seen, pageSeen{p.URL, p.FetchedAt, p.Status, p.Class, p.SHA256})
		switch {
		case p.Asked != v.Pages[0].Asked && p.Why != extract.WhyFrame:
			continue // another page than the one that is listed
		case p.Class != "":
			if p.Class != extract.ClassBudget && p.Class != extract.ClassNoBrowser && !read {
				check.Note = fmt.Sprintf("未能读取（%s，%s），请人工核对", report.ReasonWord(p.Class.Reason(), "zh"), p.Class)
			}
			continue
		case p.Why != extract.WhyFrame && !samePlace(p.Asked, p.URL):
			check.Note = "网址已跳转到 " + report.Plain(p.URL, widestCell) + "，请人工核对"
			continue
		}
		if !read {
			read, check.Note = true, "页面上没有这处上下文，也没有改正后的文字，请人工核对"
		}
		switch result := registers.WordFixed(r, extract.Text(p)); {
		case result == registers.FixedNo:
			check.Result, check.Note = result, ""
		case result == registers.FixedYes && check.Result == registers.FixedUnsure:
			check.Result, check.Note = result, ""
		}
	}
	if r := v.Reading.Reason; read && hinders(r) {
		check.Result, check.Note = registers.FixedUnsure, fmt.Sprintf("未能读取（%s），请人工核对", report.ReasonWord(r, "zh"))
	}
	return check
}

// hinders reports whether a reason says that what was answered is not the page.
func hinders(r extract.Reason) bool {
	switch r {
	case "", extract.ReasonLost, extract.ReasonPartial, extract.ReasonUndated, extract.ReasonNotLooked:
		return false
	}
	return true
}

// samePlace reports whether two addresses are one but for their schemes.
func samePlace(a, b string) bool {
	first, errA := url.Parse(a)
	second, errB := url.Parse(b)
	return errA == nil && errB == nil && strings.EqualFold(first.Hostname(), second.Hostname()) &&
		strings.TrimSuffix(first.EscapedPath(), "/") == strings.TrimSuffix(second.EscapedPath(), "/") && first.RawQuery == second.RawQuery
}

// tellWords says what the looks came to, and what was not fetched.
func (a *app) tellWords(checked []registers.Row, asked int) {
	count := map[string]int{}
	for _, r := range checked {
		v := r.Values
		count[v["fixed"]]++
		if v["fixed"] != string(registers.FixedYes) {
			fmt.Fprintf(a.stdout, "%s  %s  %s  %s\n", v["fixed"], report.Plain(v["word"], widestCell), v["page"], v["seen"])
		}
	}
	fmt.Fprintf(a.stdout, a.say("已改正 %d 处，未改正 %d 处，无法判断 %d 处\n", "corrected %d, not corrected %d, cannot tell %d\n"),
		count[string(registers.FixedYes)], count[string(registers.FixedNo)], count[string(registers.FixedUnsure)])
	if left := asked - len(checked); left > 0 {
		fmt.Fprintf(a.stdout, a.say("中途停止，还有 %d 处没有查看，请再次运行\n", "stopped; %d were not looked at: run it again\n"), left)
	}
}
