package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"xuncha/configs"
	"xuncha/intake"
	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// What taking in lists must reach: kinds of mistakes that are told apart in a
// file of so many rows, each with its row and cell, within a time.
const (
	wantRows  = 10_000
	wantKinds = 50
	wantTime  = 5 * time.Second
)

// A slip is one way to get a row wrong: the fields it changes and the rule that
// must name it.
type slip struct {
	rule  string
	cells map[string]string
}

// siteSlips, columnSlips and accountSlips are slips of the three lists, by the
// heads of their columns; none is ever written to.
var (
	siteSlips = []slip{
		{"code.power", map[string]string{"网站标识码": "1.403E+09"}}, {"code.zeros", map[string]string{"网站标识码": "140300012"}},
		{"code.point", map[string]string{"网站标识码": "1403000012.0"}}, {"code.long", map[string]string{"网站标识码": "14030000123"}},
		{"code.letter", map[string]string{"网站标识码": "14O3000012"}}, {"code.shape", map[string]string{"网站标识码": "14030000-2"}},
		{"code.unit", map[string]string{"网站标识码": "140300"}}, {"code.account", map[string]string{"网站标识码": "140300M019XL0001"}},
		{"code.missing", map[string]string{"网站标识码": ""}}, {"name.missing", map[string]string{"网站名称": ""}},
		{"name.url", map[string]string{"网站名称": "http://a.example.gov.cn/"}}, {"name.number", map[string]string{"网站名称": "12345"}},
		{"name.code", map[string]string{"网站名称": "1403000012"}}, {"url.missing", map[string]string{"首页网址": ""}},
		{"url.bad", map[string]string{"首页网址": "首页"}}, {"url.scheme", map[string]string{"首页网址": "ftp://a.example.gov.cn/"}},
		{"url.typo", map[string]string{"首页网址": "http;//a.example.gov.cn/"}}, {"url.user", map[string]string{"首页网址": "http://a:b@a.example.gov.cn/"}},
		{"url.file", map[string]string{"首页网址": `C:\site\index.html`}}, {"url.mail", map[string]string{"首页网址": "a@example.gov.cn"}},
		{"url.host", map[string]string{"首页网址": "http://政府网/"}}, {"url.private", map[string]string{"首页网址": "http://192.168.1.5/"}},
		{"unit.missing", map[string]string{"主办单位": ""}}, {"unit.unknown", map[string]string{"主办单位": "市发展和改革委员会会"}},
		{"site-type.bad", map[string]string{"网站类型": "好网站"}}, {"site-state.bad", map[string]string{"运行状态": "不清楚"}},
		{"cms.unknown", map[string]string{"建站系统": "自研"}}, {"host.bad", map[string]string{"其他域名": "a b；_"}},
		{"cell.error", map[string]string{"网站名称": "#REF!"}}, {"cell.garbled", map[string]string{"网站名称": "锟斤拷"}},
		{"cell.leftover", map[string]string{"网站名称": "请填写"}}, {"cell.long", map[string]string{"网站名称": strings.Repeat("长", 300)}}, {"id.bad", map[string]string{"网站编号": "编号"}},
	}
	columnSlips = []slip{
		{"site.unknown", map[string]string{"网站标识码": "1403009999"}}, {"site.missing", map[string]string{"网站标识码": "", "网站名称": "", "栏目地址": "/x/"}},
		{"column.missing", map[string]string{"栏目名称": ""}}, {"column.deep", map[string]string{"栏目名称": "一--二--三--四--五--六--七"}},
		{"class.bad", map[string]string{"栏目类别": "杂"}}, {"often.bad", map[string]string{"更新频率": "想起来就更新"}},
		{"counts-to.unknown", map[string]string{"计入网站": "没有的网站"}}, {"column.no-id", map[string]string{"栏目编号": "a b?"}},
		{"column.homepage", map[string]string{"栏目地址": "http://fgw.yq.gov.cn/"}}, {"url.long", map[string]string{"栏目地址": "/" + strings.Repeat("a", 5000)}},
	}
	accountSlips = []slip{
		{"account.missing", map[string]string{"新媒体标识码": ""}}, {"account.power", map[string]string{"新媒体标识码": "1.403E+05"}},
		{"account.short", map[string]string{"新媒体标识码": "140300M19XL0001"}}, {"account.long", map[string]string{"新媒体标识码": "140300M0019XL00001"}},
		{"account.letter", map[string]string{"新媒体标识码": "14O300M019XL0001"}}, {"account.shape", map[string]string{"新媒体标识码": "140300N019XL0001"}},
		{"account.site", map[string]string{"新媒体标识码": "1403000012"}}, {"account.letters", map[string]string{"账号类型": "抖音短视频"}},
		{"platform.unknown", map[string]string{"账号类型": "某平台"}}, {"uid.power", map[string]string{"唯一标识": "1.23E+15"}},
		{"uid.point", map[string]string{"唯一标识": "1234567890.0"}}, {"uid.shape", map[string]string{"唯一标识": "abc"}},
		{"uid.home", map[string]string{"主页地址": "https://weibo.com/u/9999999999"}}, {"page.platform", map[string]string{"主页地址": "https://www.douyin.com/user/x"}},
		{"account-state.bad", map[string]string{"账号状态": "还行"}}, {"unit-code.shape", map[string]string{"填报单位标识码": "12345"}},
		{"unit-code.power", map[string]string{"填报单位标识码": "1.4E+09"}}, {"unit-code.disagree", map[string]string{"填报单位标识码": "1403000012", "主办单位": "市教育局"}},
		{"date.bad", map[string]string{"状态日期": "昨天"}}, {"date.far", map[string]string{"状态日期": "1023-09-27"}},
	}
)

// wrongList makes a list of one kind of some rows, two of three wrong by turns,
// and says which rule must name which row.
func wrongList(k intake.Kind, head []string, rows int, slips []slip, right func(i int) map[string]string) (sheet.Table, map[int]string) {
	t := sheet.Table{Name: k.Word("zh"), Head: head}
	want := map[int]string{}
	for i := range rows {
		cells := right(i)
		if i%3 != 0 {
			s := slips[(i/3*2+i%3-1)%len(slips)]
			want[i+2] = s.rule
			for head, text := range s.cells {
				cells[head] = text
			}
		}
		row := make([]string, len(head))
		for j, name := range head {
			row[j] = cells[name]
		}
		t.Rows = append(t.Rows, row)
	}
	return t, want
}

// wrongLists are the three lists.
func wrongLists() (tables []sheet.Table, want []map[int]string) {
	add := func(t sheet.Table, w map[int]string) { tables, want = append(tables, t), append(want, w) }
	add(wrongList(intake.Sites, []string{"网站标识码", "网站名称", "首页网址", "主办单位", "网站类型", "运行状态", "建站系统", "其他域名", "网站编号"}, wantRows*3/10, siteSlips, func(i int) map[string]string {
		return map[string]string{
			"网站标识码": fmt.Sprintf("14039%05d", i), "网站名称": fmt.Sprintf("第%d号网站", i), "首页网址": fmt.Sprintf("http://s%d.example.gov.cn/", i),
			"主办单位": "市教育局", "网站类型": "部门网站", "运行状态": "运行中",
		}
	}))
	add(wrongList(intake.Columns, []string{"网站标识码", "网站名称", "栏目名称", "栏目地址", "责任单位", "栏目类别", "更新频率", "计入网站", "栏目编号"}, wantRows*4/10, columnSlips, func(i int) map[string]string {
		return map[string]string{
			"网站标识码": "1403000012", "栏目名称": fmt.Sprintf("第%d号栏目", i), "栏目地址": fmt.Sprintf("http://fgw.yq.gov.cn/lm%d/", i), "栏目类别": "通知公告", "更新频率": "每周",
		}
	}))
	add(wrongList(intake.Accounts, []string{"填报单位标识码", "主办单位", "账号类型", "新媒体标识码", "账号名称", "唯一标识", "账号状态", "状态日期", "主页地址"}, wantRows*3/10, accountSlips, func(i int) map[string]string {
		return map[string]string{
			"主办单位": "市发展和改革委员会", "账号类型": "新浪微博", "新媒体标识码": fmt.Sprintf("140300M%03dXL%04d", i%1000, i), "账号名称": fmt.Sprintf("第%d号账号", i),
			"唯一标识": fmt.Sprintf("20000%05d", i), "账号状态": "正常", "状态日期": "2023-01-01",
		}
	}))
	return tables, want
}

// takeIn makes the lists, takes them in as XLSX and as CSV, and prints what was
// named and how long it took, which has a limit.
func takeIn(w io.Writer, limit time.Duration) error {
	dir, err := fs.Sub(configs.FS, "demo")
	if err != nil {
		return err
	}
	files, err := inventory.ReadFiles(dir, configs.FS)
	if err != nil {
		return err
	}
	tables, want := wrongLists()
	var data bytes.Buffer
	if err := sheet.WriteXLSX(&data, tables...); err != nil {
		return err
	}
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "lists\tbytes\trows\twrong rows\tnamed\tkinds\tread\tall\tfiles written\t")
	fault := importRun(tab, files, "10,000 rows, XLSX", [][]byte{data.Bytes()}, want, limit)
	var all [][]byte
	for _, t := range tables {
		var one bytes.Buffer
		if err := sheet.WriteCSV(&one, t); err != nil {
			return err
		}
		all = append(all, one.Bytes())
	}
	fault = errors.Join(fault, importRun(tab, files, "10,000 rows, CSV", all, want, limit))
	fault = errors.Join(fault, roundTrip(tab, files))
	return errors.Join(tab.Flush(), fault)
}

// importRun takes lists in and checks that each wrong row was named.
func importRun(w io.Writer, files []inventory.File, name string, lists [][]byte, want []map[int]string, limit time.Duration) error {
	runtime.GC()
	began := time.Now()
	var books []*sheet.Book
	bytesRead := 0
	for i, data := range lists {
		b, err := sheet.Read(fmt.Sprintf("%d", i), bytes.NewReader(data))
		if err != nil {
			return err
		}
		bytesRead += len(data)
		books = append(books, b)
	}
	read := time.Since(began)
	plan, err := intake.Make(files, books, intake.Options{})
	if err != nil {
		return err
	}
	all := time.Since(began)
	named, kinds, wrong := 0, map[string]bool{}, 0
	by := map[string]bool{}
	for _, m := range plan.Mistakes {
		kinds[m.Rule] = true
		at := slices.Index([]string{"网站", "栏目", "账号"}, m.Sheet)
		if at < 0 {
			at = int(m.File[0] - '0')
		}
		by[fmt.Sprint(at, " ", m.Row, " ", m.Rule)] = m.Cell != ""
	}
	var missed []string
	for i, rows := range want {
		for row, rule := range rows {
			wrong++
			if _, ok := by[fmt.Sprint(i, " ", row, " ", rule)]; ok {
				named++
			} else if len(missed) < 10 {
				missed = append(missed, fmt.Sprintf("list %d row %d: %s", i, row, rule))
			}
		}
	}
	rows := 0
	for _, n := range plan.Rows {
		rows += n
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%d\t\n", name, bytesRead, rows, wrong, named, len(kinds), read.Round(time.Millisecond), all.Round(time.Millisecond), len(plan.Files))
	switch {
	case named < wrong:
		return fmt.Errorf("%s: not named: %s", name, strings.Join(missed, "; "))
	case len(kinds) < wantKinds || all > limit || len(plan.Files) > 0:
		return fmt.Errorf("%s: %d kinds in %s, %d files written; want %d in %s and none", name, len(kinds), all, len(plan.Files), wantKinds, limit)
	}
	return nil
}

// roundTrip exports the demonstration and takes it in again: nothing changes.
func roundTrip(w io.Writer, files []inventory.File) error {
	city, err := inventory.Parse(files)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	began := time.Now()
	var books []*sheet.Book
	size, rows := 0, 0
	for _, k := range intake.Kinds() {
		var b bytes.Buffer
		if err := sheet.WriteXLSX(&b, intake.Export(city, k)); err != nil {
			return err
		}
		size += b.Len()
		name := filepath.Join(folder, string(k)+".xlsx")
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			return err
		}
		book, err := sheet.Open(name)
		if err != nil {
			return err
		}
		books = append(books, book)
	}
	read := time.Since(began)
	plan, err := intake.Make(files, books, intake.Options{})
	if err != nil {
		return err
	}
	for _, n := range plan.Rows {
		rows += n
	}
	fmt.Fprintf(w, "the demonstration, exported\t%d\t%d\t0\t%d\t0\t%s\t%s\t%d\t\n", size, rows, len(plan.Mistakes), read.Round(time.Millisecond), time.Since(began).Round(time.Millisecond), len(plan.Files))
	if len(plan.Mistakes)+len(plan.Changes)+len(plan.Files) > 0 {
		return fmt.Errorf("an export taken in again: %d mistakes, %d changes, %d files; want none", len(plan.Mistakes), len(plan.Changes), len(plan.Files))
	}
	return nil
}
