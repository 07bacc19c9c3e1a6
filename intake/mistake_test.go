package intake_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xuncha/intake"
	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// one is a list of one book.
func one(b *sheet.Book) []*sheet.Book { return []*sheet.Book{b} }

// The heads of the lists below.
const (
	siteHead    = "网站标识码|网站名称|首页网址|主办单位|主管单位|网站类型|运行状态|建站系统|其他域名|网站编号"
	columnHead  = "网站标识码|网站名称|一级栏目|二级栏目|三级栏目|栏目地址|责任单位|栏目类别|更新频率|按需更新|计入网站|栏目编号"
	accountHead = "填报单位标识码|主办单位|账号类型|账号类型名称|新媒体标识码|账号名称|唯一标识|账号状态|状态日期|主页地址|是否开启监测|地区|账号主体"
	unitHead    = "单位名称|单位全称|级别|上级单位|区划代码|启用日期|停用日期|简称|曾用名"
)

// Each row is wrong in one way, and is named for that and no other, at its cell.
func TestMistakes(t *testing.T) {
	tests := []struct{ head, row, cell, rule string }{
		{siteHead, "1.403E+09|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.power"},
		{siteHead, "403000012|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.zeros"},
		{siteHead, "1403000099.0|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.point"},
		{siteHead, "14030000991|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.long"},
		{siteHead, "140300OO99|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.letter"},
		{siteHead, "14-3000099|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.shape"},
		{siteHead, "140300|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.unit"},
		{siteHead, "140300M019XL0001|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.account"},
		{siteHead, "|甲局|http://a.example.gov.cn/|市教育局", "A2", "code.missing"},
		{siteHead, "1403000012|乙局|http://b.example.gov.cn/|市教育局", "A2", "code.other-site"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局||信息公开平台", "A2", "code.not-carrier"},
		{siteHead, "1403000099||http://a.example.gov.cn/|市教育局", "B2", "name.missing"},
		{siteHead, "1403000099|http://a.example.gov.cn/|http://a.example.gov.cn/|市教育局", "B2", "name.url"},
		{siteHead, "1403000099|12|http://a.example.gov.cn/|市教育局", "B2", "name.number"},
		{siteHead, "1403000099|1403000099|http://a.example.gov.cn/|市教育局", "B2", "name.code"},
		{siteHead, "1403000099|#REF!|http://a.example.gov.cn/|市教育局", "B2", "cell.error"},
		{siteHead, "1403000099|锟斤拷局|http://a.example.gov.cn/|市教育局", "B2", "cell.garbled"},
		{siteHead, "1403000099|请填写网站名称|http://a.example.gov.cn/|市教育局", "B2", "cell.leftover"},
		{siteHead, "1403000099|" + strings.Repeat("长", 201) + "|http://a.example.gov.cn/|市教育局", "B2", "cell.long"},
		{siteHead, "1403000099|甲局||市教育局", "C2", "url.missing"},
		{siteHead, "1403000099|甲局|首页|市教育局", "C2", "url.bad"},
		{siteHead, "1403000099|甲局|ftp://a.example.gov.cn/|市教育局", "C2", "url.scheme"},
		{siteHead, "1403000099|甲局|javascript:alert(1)|市教育局", "C2", "url.scheme"},
		{siteHead, "1403000099|甲局|http//a.example.gov.cn/|市教育局", "C2", "url.typo"},
		{siteHead, "1403000099|甲局|http://a。example.gov.cn/|市教育局", "C2", "url.typo"},
		{siteHead, "1403000099|甲局|http://u:p@a.example.gov.cn/|市教育局", "C2", "url.user"},
		{siteHead, `1403000099|甲局|D:\web\index.html|市教育局`, "C2", "url.file"},
		{siteHead, "1403000099|甲局|a@example.gov.cn|市教育局", "C2", "url.mail"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/ http://b.example.gov.cn/|市教育局", "C2", "url.two"},
		{siteHead, "1403000099|甲局|http://政务/|市教育局", "C2", "url.host"},
		{siteHead, "1403000099|甲局|http://10.1.2.3/|市教育局", "C2", "url.private"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/" + strings.Repeat("x", 4100) + "|市教育局", "C2", "url.long"},
		{siteHead, "1403000099|甲局|http://xxgk.example.gov.cn/|市教育局||||||other", "", ""},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|", "D2", "unit.missing"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育居", "D2", "unit.unknown"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|12", "D2", "name.number"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局||好", "F2", "site-type.bad"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局|||好", "G2", "site-state.bad"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局||||好", "H2", "cms.unknown"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局|||||好", "I2", "host.bad"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局||||||好", "J2", "id.bad"},
		{siteHead, "1403000012|示例市发展和改革委员会|http://fgw.example.gov.cn/|市教育局||||||xxgk", "J2", "id.taken"},
		{siteHead, "1403000099|||", "A2", "row.unfinished"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局\n1403000099|乙局|http://b.example.gov.cn/|市教育局", "A3", "code.twice"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局\n1403000098|乙局|http://a.example.gov.cn/index.html|市教育局", "C3", "home.twice"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局\n1403000099|甲局|http://a.example.gov.cn/|市教育局", "", "row.twice"},
		{siteHead, "1403000099|甲局|http://a.example.gov.cn/|市教育局||||||aa\n1403000098|乙局|http://b.example.gov.cn/|市教育局||||||aa", "J3", "id.twice"},

		{columnHead, "1403000088||甲|||/a/", "A2", "site.unknown"},
		{columnHead, "|示例市发展和改格委员会|甲|||/a/", "B2", "site.unknown"},
		{columnHead, "|示例市政府信息公开平台|甲|||/a/", "G2", "column.no-unit"},
		{columnHead, "1403000012|示例市政府信息公开平台|甲|||/a/", "B2", "site.disagree"},
		{columnHead, "||甲|||/a/", "B2", "site.missing"},
		{columnHead, "1403000012|||||/a/", "E2", "column.missing"},
		{columnHead, "1403000012|||乙||/a/", "D2", "column.gap"},
		{columnHead, "1403000012||一--二--三--四--五--六--七|||/a/", "E2", "column.deep"},
		{columnHead, "1403000012||甲|||", "F2", "url.missing"},
		{columnHead, "1403000012||甲|||http://fgw.example.gov.cn/", "F2", "column.homepage"},
		{columnHead, "1403000012||甲|||/a/|无此局", "G2", "unit.unknown"},
		{columnHead, "1403000012||甲|||/a/||好", "H2", "class.bad"},
		{columnHead, "1403000012||甲|||/a/|||想更就更", "I2", "often.bad"},
		{columnHead, "1403000012||甲|||/a/|||每周|是", "I2", "often.conflict"},
		{columnHead, "1403000012||甲|||/a/||||也许", "J2", "yes.bad"},
		{columnHead, "1403000012||甲|||/a/|||||无此站", "K2", "counts-to.unknown"},
		{columnHead, "1403000012||甲|||/a/||||||a b?", "L2", "column.no-id"},
		{columnHead, "1403000012||甲|||/a/\n1403000012||乙|||/a/index.html", "F3", "column.url-two"},
		{columnHead, "1403000012||甲|||/a/\n1403000012||甲|||/b/", "E3", "column.twice"},
		{columnHead, "1403000012||甲|||/a/||||||x\n1403000012||乙|||/b/||||||x", "L3", "column.id-taken"},

		{accountHead, "|市教育局|微博||||||||||", "", ""},
		{accountHead, "|市教育局|微博|||甲", "E2", "account.missing"},
		{accountHead, "|市教育局|微博||1.4E+05|甲", "E2", "account.power"},
		{accountHead, "|市教育局|微博||140300M19XL0001|甲", "E2", "account.short"},
		{accountHead, "|市教育局|微博||140300M0190XL0001|甲", "E2", "account.long"},
		{accountHead, "|市教育局|微博||14O300M019XL0009|甲", "E2", "account.letter"},
		{accountHead, "|市教育局|微博||140300N019XL0009|甲", "E2", "account.shape"},
		{accountHead, "|市教育局|微博||1403000012|甲", "E2", "account.site"},
		{accountHead, "|市教育局|抖音||140300M019XL0009|甲", "E2", "account.letters"},
		{accountHead, "|市教育局|||140300M019ZZ0009|甲", "C2", "platform.missing"},
		{accountHead, "|市教育局|新狼微博||140300M019XL0009|甲", "C2", "platform.unknown"},
		{accountHead, "|市教育局|微博|抖音|140300M019XL0009|甲", "D2", "platform.two"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲|1.2E+09", "G2", "uid.power"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲|1234567890.0", "G2", "uid.point"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲|abc", "G2", "uid.shape"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲|1234567891|||https://weibo.com/u/1234567892", "G2", "uid.home"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲||||https://www.douyin.com/user/a", "J2", "page.platform"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲||好", "H2", "account-state.bad"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲||正常|昨天", "I2", "date.bad"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲||正常|0203-01-01", "I2", "date.far"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲|||||也许", "K2", "yes.bad"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲||||||110000", "L2", "area.bad"},
		{accountHead, "1.4E+09|市教育局|微博||140300M019XL0009|甲", "A2", "unit-code.power"},
		{accountHead, "14030|市教育局|微博||140300M019XL0009|甲", "A2", "unit-code.shape"},
		{accountHead, "1403000012|市教育局|微博||140300M019XL0009|甲", "A2", "unit-code.disagree"},
		{accountHead, "||微博||140300M019XL0009|甲", "B2", "unit.missing"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲\n|市教育局|微博||140300M019XL0009|乙", "E3", "account.twice"},
		{accountHead, "|市教育局|微博||140300M019XL0009|甲|1234567890\n|市教育局|微博||140300M019XL0008|乙|1234567890", "G3", "uid.twice"},

		{unitHead, "甲局||好", "C2", "level.bad"},
		{unitHead, "甲局||部门|无此府", "D2", "superior.unknown"},
		{unitHead, "甲局||部门|甲局", "D2", "unit.self"},
		{unitHead, "甲局||部门|乙局\n乙局||部门|甲局", "D2", "unit.loop"},
		{unitHead, "甲局||部门||14030", "E2", "district.bad"},
		{unitHead, "甲局||部门||1.403E+05", "E2", "district.power"},
		{unitHead, "甲局||部门|||明天", "F2", "date.bad"},
		{unitHead, "甲局||部门|||2023-01-01|2022-01-01", "G2", "date.order"},
		{unitHead, "甲局||部门|||||编号", "H2", "id.bad"},
		{unitHead, "甲局||部门|||||aa\n乙局||部门|||||aa", "H3", "id.twice"},
		{unitHead, "甲局||部门\n甲局||市", "A3", "unit.twice"},
		{unitHead, "市教育局||部门|||||jyju", "A2", "unit.name-taken"},
	}
	rules := map[string]bool{}
	for _, tt := range tests {
		if tt.rule == "" {
			continue
		}
		rules[tt.rule] = true
		t.Run(tt.rule, func(t *testing.T) {
			p := plan(t, city, intake.Options{}, csv(t, "名单.csv", append([]string{tt.head}, strings.Split(tt.row, "\n")...)...))
			var got []string
			for _, m := range p.Mistakes {
				got = append(got, m.Cell+" "+m.Rule)
			}
			if !slices.Contains(got, tt.cell+" "+tt.rule) || len(p.Files) > 0 {
				t.Errorf("%s: mistakes %q, want %s %s; %d files", tt.row, got, tt.cell, tt.rule, len(p.Files))
			}
			if tt.rule != "unit.loop" && len(got) > 1 {
				t.Errorf("%s: one slip is named %q", tt.row, got)
			}
		})
	}
	if len(rules) < 50 {
		t.Errorf("%d kinds of mistakes, want 50", len(rules))
	}
}

// Every sentence says what to do, in both languages, and leaves nothing open.
func TestSentences(t *testing.T) {
	open := regexp.MustCompile(`[{}]`)
	for _, rule := range intake.Rules() {
		for _, lang := range []string{"zh", "en"} {
			text := intake.Mistake{Rule: rule, Value: "值"}.Text(lang)
			if len(text) < 10 || open.MatchString(text) || strings.ContainsAny(text, "[]") {
				t.Errorf("%s in %s: %q", rule, lang, text)
			}
		}
	}
}

func TestHeads(t *testing.T) {
	tests := []struct {
		name string
		rows []string
		rule string
		cell string
	}{
		{"no head", []string{"甲|乙|丙", "1|2|3"}, "sheet.none", ""},
		{"a head and nothing below", []string{siteHead}, "sheet.no-rows", ""},
		{"a column that is missing", []string{"网站标识码|网站名称|主办单位", "1403000099|甲局|市教育局"}, "head.missing", ""},
		{"a column that is there twice", []string{"网站标识码|网站名称|首页网址|首页地址|主办单位", "1403000099|甲局|http://a.example.gov.cn/||市教育局"}, "head.twice", "D"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, city, intake.Options{LeaveOut: true}, csv(t, "名单.csv", tt.rows...))
			if len(p.Mistakes) != 1 || p.Mistakes[0].Rule != tt.rule || p.Mistakes[0].Cell != tt.cell || len(p.Files) > 0 {
				t.Errorf("mistakes %+v, %d files", p.Mistakes, len(p.Files))
			}
		})
	}
}

// An export that is taken in again changes nothing, as XLSX and as CSV.
func TestExportsComeBack(t *testing.T) {
	own := map[string]string{}
	for name, text := range city {
		own[name] = text
	}
	own["accounts.yaml"] += "- code: 140300M020DY0001\n  platform: douyin\n  name: \"=示例+教育\"\n  unit: jyj\n  owner: 示例市教育局\n  uid: \"MS4wLjAB\"\n  states:\n    - {state: 正常}\n    - {state: 冻结, from: 2023-08-01}\n"
	own["sites/fgw.yaml"] += "  - name: 建议提案\n    class: 建议提案\n    url: [/jy/, /ta/]\n    id: jyta\n    counts_to: none\n"
	all := files(t, own)
	c, err := inventory.Parse(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(*bytes.Buffer, sheet.Table) error{
		func(b *bytes.Buffer, t sheet.Table) error { return sheet.WriteXLSX(b, t) },
		func(b *bytes.Buffer, t sheet.Table) error { return sheet.WriteCSV(b, t) },
	} {
		var books []*sheet.Book
		for _, k := range intake.Kinds() {
			var b bytes.Buffer
			if err := write(&b, intake.Export(c, k)); err != nil {
				t.Fatal(err)
			}
			book, err := sheet.Read(string(k), &b)
			if err != nil {
				t.Fatal(err)
			}
			books = append(books, book)
		}
		p := clean(t, plan(t, own, intake.Options{Remove: true}, books...))
		if len(p.Changes) > 0 || len(p.Files) > 0 || p.Same != 3+2+4+3 {
			t.Errorf("%s: %d the same, changes\n%s", books[0].Format, p.Same, told(p))
		}
	}
}

// A new state of an account goes behind those that are known.
func TestStatesGrow(t *testing.T) {
	own := map[string]string{}
	for name, text := range city {
		own[name] = text
	}
	own["accounts.yaml"] = "- code: 140300M019XL0001\n  platform: weibo\n  name: 示例发改\n  unit: fgw\n  states:\n    - {state: 正常}\n    - {state: 冻结, from: 2023-08-01} # 来函\n  uid: \"1234567890\"\n"
	p := clean(t, plan(t, own, intake.Options{}, csv(t, "账号.csv", "新媒体标识码|账号名称|账号状态|状态日期|账号类型", "140300M019XL0001|示例发改|注销|2023年9月1日|微博")))
	if got := fileOf(p, "accounts.yaml"); !strings.Contains(got, "# 来函\n    - {state: 注销, from: 2023-09-01}\n  uid:") {
		t.Errorf("got\n%s", got)
	}
}

func FuzzLists(f *testing.F) {
	for _, head := range []string{siteHead, columnHead, accountHead, unitHead} {
		f.Add(strings.ReplaceAll(head, "|", "\t") + "\n1403000099\t甲局\thttp://a.example.gov.cn/\t市教育局\n1403000012\t\t甲\t乙\t\t/a/\n\t市教育局\t微博\t\t140300M019XL0009\t甲\n")
	}
	dict := classes(f)
	all := slices.DeleteFunc(filesOf(f, city), func(file inventory.File) bool { // what is not asked for is only slow
		return strings.HasPrefix(file.Name, "platforms/")
	})
	f.Fuzz(func(t *testing.T, text string) {
		b, err := sheet.Read("a.csv", strings.NewReader(text))
		if err != nil {
			return
		}
		p, err := intake.Make(all, one(b), intake.Options{LeaveOut: true, Remove: true, NewUnits: true, Classes: dict, Today: "2023-09-27"})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(p.Mistakes, p.Hints...) {
			if m.In("zh") == "" || m.In("en") == "" {
				t.Errorf("%+v says nothing", m)
			}
		}
	})
}
