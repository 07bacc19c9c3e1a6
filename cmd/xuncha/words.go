package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"xuncha/crawler"
	"xuncha/extract"
	tables "xuncha/internal/sheet"
	bureau "xuncha/office"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/store"
)

// registerRecheckCmd looks again at the pages of wrong words. It keeps nothing and
// decides nothing.
type registerRecheckCmd struct {
	configFlag
	dataFlag
	simulateFlag
	Unit         string         `help:"Only those of a unit." zh:"只复查该单位的。" placeholder:"UNIT"`
	AllowPrivate []netip.Prefix `help:"Private network that may be reached, as CIDR." zh:"允许访问的内网网段（CIDR）。" placeholder:"CIDR"`
	Format       string         `help:"table, json, csv or xlsx." zh:"输出格式：table、json、csv 或 xlsx。" enum:"table,json,csv,xlsx" default:"table"`
	Out          string         `help:"File to write instead of printing." zh:"写入文件（默认打印）。" placeholder:"FILE"`
}

// A wordRow is one wrong word with what a fresh look at its page came to.
type wordRow struct {
	Unit   string          `json:"unit"`
	Word   string          `json:"word"`
	Better string          `json:"better"`
	Page   string          `json:"page"`
	Fixed  registers.Fixed `json:"fixed"`
	Why    string          `json:"why"`
}

// Run runs the command.
func (c registerRecheckCmd) Run(ctx context.Context, a *app) error {
	s, err := openSetup(c.Config, c.simulateFlag)
	if err != nil {
		return err
	}
	rows, err := c.words(s)
	if err != nil {
		return err
	}
	n, err := openNetwork(s, c.simulateFlag)
	if err != nil {
		return err
	}
	var pages []string
	for _, r := range rows {
		pages = append(pages, r.Values["page"])
	}
	visitor, hangUp, err := a.newCrawler(s.city, n, forgetful{}, c.AllowPrivate, pages...)
	if err != nil {
		return errors.Join(err, n.close())
	}
	looked := map[string]crawler.Visit{}
	list := make([]wordRow, 0, len(rows))
	for _, r := range rows {
		page := r.Values["page"]
		if _, seen := looked[page]; !seen {
			subject, strange := stranger(page)
			if err = strange; err == nil {
				looked[page], err = visit(ctx, visitor, subject)
			}
			if err != nil {
				break
			}
		}
		row := wordRow{Unit: bureau.UnitName(s.city, r.Values["unit"]), Word: r.Values["word"], Better: r.Values["better"], Page: page}
		row.Fixed, row.Why = wordFixed(r, looked[page])
		list = append(list, row)
	}
	hangUp()
	if err := errors.Join(err, n.close()); err != nil {
		return err
	}
	return c.print(a, list)
}

// words are the rows of the register that are asked about.
func (c registerRecheckCmd) words(s setup) ([]registers.Row, error) {
	unit := ""
	if c.Unit != "" {
		var err error
		if unit, err = bureau.UnitID(s.city, c.Unit); err != nil {
			return nil, err
		}
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	all, err := st.Register(registers.Words, 0)
	if err := errors.Join(err, st.Close()); err != nil {
		return nil, err
	}
	var rows []registers.Row
	for _, r := range all {
		if unit == "" || r.Values["unit"] == unit {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, say("没有要复查的错敏词；请先导入：xuncha register import words 文件", "no wrong words to look at; import a list first: xuncha register import words FILE")
	}
	return rows, nil
}

// wordFixed says whether a wrong word is still on its page. What did not come, or
// came from elsewhere, says nothing.
func wordFixed(r registers.Row, v crawler.Visit) (registers.Fixed, string) {
	if len(v.Pages) == 0 || v.Pages[0].Status != 200 || v.Pages[0].Class != "" {
		return registers.FixedUnsure, "页面未能读取：" + report.ReasonWord(v.Reading.Reason, "zh")
	}
	page := v.Pages[0]
	if !sameAddress(page.Asked, page.URL) {
		return registers.FixedUnsure, "页面已转到其他地址"
	}
	text, _, _ := extract.Decode(page.Body, page.HeaderValue("Content-Type"))
	fixed := registers.WordFixed(r, visible(string(text)))
	why := map[registers.Fixed]string{
		registers.FixedYes: "原上下文已改为推荐的写法", registers.FixedNo: "原上下文仍在页面上", registers.FixedUnsure: "页面上没有原上下文，请人工查看",
	}[fixed]
	return fixed, why
}

// sameAddress compares addresses but for their scheme.
func sameAddress(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && strings.EqualFold(x.Host, y.Host) && x.Path == y.Path && x.RawQuery == y.RawQuery
}

// unseen is what of a page nobody sees, and tags are what stands between texts.
var (
	unseen = regexp.MustCompile(`(?is)<!--.*?-->|<(script|style|noscript|template|textarea)\b.*?</(script|style|noscript|template|textarea)\s*>`)
	tags   = regexp.MustCompile(`(?s)<[^>]*>`)
)

// visible is about what a reader sees of a page.
func visible(page string) string {
	return html.UnescapeString(tags.ReplaceAllString(unseen.ReplaceAllString(page, " "), ""))
}

func (c registerRecheckCmd) print(a *app, list []wordRow) error {
	t := tables.Table{Name: "错敏词复查", Head: []string{"序号", "单位", "错敏词", "推荐修改", "所在文章链接", "复查结果", "说明"}}
	for i, r := range list {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), r.Unit, r.Word, r.Better, r.Page, string(r.Fixed), r.Why})
	}
	return a.output(c.Out, func(w io.Writer) error {
		switch c.Format {
		case "json":
			return report.WriteJSON(w, list)
		case "table":
			return printTable(w, t)
		}
		return writeTable(w, c.Format, t)
	})
}
