package intake_test

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"xuncha/configs"
	"xuncha/intake"
	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// city is a small configuration, with what a person wrote around its entries.
var city = map[string]string{
	"city.yaml": "# 某市\nname: 示例市\noffice: 示例市政府办\nrule_set: national-2019\ncrawl:\n  user_agent: \"Xuncha/1.0 (+https://www.example.gov.cn/)\"\n",
	"units.yaml": `# 单位
- id: sz
  name: 市人民政府
  full_name: 示例市人民政府
  aliases: [示例市政府]
  level: city # 市本级

# 发改委
- id: fgw
  name: 市发展和改革委员会
  full_name: 示例市发展和改革委员会
  superior: sz
  level: department

- id: jyj
  name: 市教育局
  superior: sz
  level: department
`,
	"sites/fgw.yaml": `# 发改委网站，2022年改版
unit: fgw
name: 示例市发展和改革委员会
code: "1403000012" # 核对过
home: http://fgw.example.gov.cn/
cms: trs
columns:
  # 动态
  - name: 发改动态
    class: 动态要闻
    url: /fgdt/ # 2022年换过
    item: li.news
  - name: 通知公告
    class: 通知公告
    url: /tzgg/
    on_demand: true
`,
	"sites/xxgk.yaml": `kind: disclosure-platform
unit: sz
name: 示例市政府信息公开平台
home: http://xxgk.example.gov.cn/
columns:
  - {unit: fgw, name: 工作动态--通知公告公示, class: 通知公告, url: /fgw/tzgg/} # 一行
`,
	"accounts.yaml": `# 账号
- code: 140300M019XL0001
  platform: weibo
  name: 示例发改 # 旧名：示例计划
  unit: fgw
  home: https://weibo.com/u/1234567890
- code: 140300M020WX0001
  platform: wechat
  name: 示例教育
  unit: jyj
`,
}

// files reads a configuration.
func files(t *testing.T, own map[string]string) []inventory.File {
	t.Helper()
	return filesOf(t, own)
}

// filesOf is files for fuzzing.
func filesOf(t testing.TB, own map[string]string) []inventory.File {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range own {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := inventory.ReadFiles(dir, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(f inventory.File) bool { // what no list names is only slow
		return strings.HasPrefix(f.Name, "cms/") && f.Name != "cms/trs.yaml" || strings.HasPrefix(f.Name, "rulesets/") && f.Name != "rulesets/national-2019.yaml"
	})
}

// classes is the dictionary that the program is shipped with.
func classes(t testing.TB) inventory.Dictionary {
	t.Helper()
	data, err := fs.ReadFile(configs.FS, inventory.ClassesFile)
	if err != nil {
		t.Fatal(err)
	}
	dict, err := inventory.ParseClasses(inventory.File{Name: inventory.ClassesFile, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return dict
}

// csv is a list of rows, the cells separated by |.
func csv(t *testing.T, name string, rows ...string) *sheet.Book {
	t.Helper()
	text := ""
	for _, r := range rows {
		text += strings.ReplaceAll(r, "|", "\t") + "\n"
	}
	b, err := sheet.Read(name, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// plan takes lists in.
func plan(t *testing.T, own map[string]string, opts intake.Options, books ...*sheet.Book) *intake.Plan {
	t.Helper()
	opts.Classes = classes(t)
	p, err := intake.Make(files(t, own), books, opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// clean fails where a plan has mistakes.
func clean(t *testing.T, p *intake.Plan) *intake.Plan {
	t.Helper()
	for _, m := range p.Mistakes {
		t.Errorf("%s", m.In("zh"))
	}
	return p
}

// fileOf returns what a plan would write.
func fileOf(p *intake.Plan, name string) string {
	for _, f := range p.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// told are a plan's changes, a line each.
func told(p *intake.Plan) string {
	var b strings.Builder
	for _, c := range p.Changes {
		b.WriteString(string(c.What) + " " + string(c.Kind) + " " + c.ID)
		for _, f := range c.Fields {
			b.WriteString(" " + f.Key + ":" + f.From + "→" + f.To)
		}
		if c.Done != "" {
			b.WriteString(" " + c.Done)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// What is written keeps everything around it: comments, order, spacing.
func TestListsChangeWhatTheySayAndNothingElse(t *testing.T) {
	tests := []struct {
		name string
		list []string
		told string
		file string
		old  []string // pieces of the file and what they become
	}{
		{"a unit more", []string{"单位名称|单位全称|级别|上级单位|简称", "市人民政府|||", "市发展和改革委员会|||", "市教育局|||", "市民政局|示例市民政局|市直单位|市人民政府|mzj"},
			"新增 units mzj\n", "units.yaml",
			[]string{"  name: 市教育局\n  superior: sz\n  level: department\n", "  name: 市教育局\n  superior: sz\n  level: department\n\n- id: mzj\n  name: 市民政局\n  full_name: 示例市民政局\n  superior: sz\n  level: department\n"}},
		{"a unit's keys", []string{"单位名称|级别|曾用名|区划代码", "市人民政府|市|示例市政府；示例政府|140300", "市发展和改革委员会||", "市教育局||"},
			"变更 units sz aliases:示例市政府→示例市政府, 示例政府 district:→140300\n", "units.yaml",
			[]string{"  aliases: [示例市政府]\n", "  aliases: [示例市政府, 示例政府]\n  district: \"140300\"\n"}},
		{"a site's name and address", []string{"网站标识码|网站名称|首页网址|主办单位", "1403000012|示例市发改委|https://fgw.example.gov.cn/|示例市发展和改革委员会"},
			"变更 sites fgw name:示例市发展和改革委员会→示例市发改委 home:http://fgw.example.gov.cn/→https://fgw.example.gov.cn/\n", "sites/fgw.yaml",
			[]string{"name: 示例市发展和改革委员会", "name: 示例市发改委", "home: http:", "home: https:"}},
		{"a column's address, whose id stays", []string{"网站名称|栏目名称|栏目地址", "示例市发展和改革委员会|发改动态|http://fgw.example.gov.cn/new/dt/", "示例市发展和改革委员会|通知公告|/tzgg/"},
			"变更 columns fgw/fgdt url:http://fgw.example.gov.cn/fgdt/→http://fgw.example.gov.cn/new/dt/\n", "sites/fgw.yaml",
			[]string{"    url: /fgdt/ # 2022年换过\n", "    url: /new/dt/ # 2022年换过\n    id: fgdt\n"}},
		{"a column that is no longer on demand", []string{"网站名称|栏目名称|栏目地址|更新频率", "示例市发展和改革委员会|发改动态|/fgdt/|每周", "示例市发展和改革委员会|通知公告|/tzgg/|每月"},
			"变更 columns fgw/tzgg on_demand:true→false\n", "sites/fgw.yaml", []string{"    on_demand: true\n", ""}},
		{"columns more", []string{"网站标识码|一级栏目|二级栏目|栏目地址|栏目类别", "1403000012|发改动态||/fgdt/|", "1403000012|通知公告||/tzgg/|", "1403000012|政务公开|人事信息|/zwgk/rsxx/index.html|人事", "1403000012|政务公开|规划计划|http://ghjh.example.gov.cn/list.aspx?id=3|"},
			"新增 columns fgw/zwgk/rsxx\n新增 columns fgw/list.aspx\n", "sites/fgw.yaml",
			[]string{"    on_demand: true\n", "    on_demand: true\n  - name: 政务公开--人事信息\n    class: 人事\n    url: /zwgk/rsxx/index.html\n  - name: 政务公开--规划计划\n    class: 规划计划\n    url: http://ghjh.example.gov.cn/list.aspx?id=3\n    confirmed: false\n"}},
		{"a column in braces", []string{"网站名称|栏目名称|栏目地址|责任单位", "示例市政府信息公开平台|通知公告公示|http://xxgk.example.gov.cn/fgw/tzgg/|市发展和改革委员会"},
			"变更 columns xxgk/fgw/tzgg name:工作动态--通知公告公示→通知公告公示\n", "sites/xxgk.yaml",
			[]string{"  - {unit: fgw, name: 工作动态--通知公告公示, class: 通知公告, url: /fgw/tzgg/} # 一行\n", "  - unit: fgw # 一行\n    name: 通知公告公示\n    class: 通知公告\n    url: /fgw/tzgg/\n"}},
		{"accounts", []string{"填报单位标识码|账号类型|新媒体标识码|账号状态|主页地址|账号名称|账号主体",
			"1403000012|新浪微博|140300M019XL0001|冻结期|https://weibo.com/u/1234567890|示例发改委|", "|微信公众号|140300M020WX0001|正常||示例教育|示例市教育局", "1403000012|抖音短视频|140300m019dy0001|正常||示例　发改１|"},
			"变更 accounts 140300M019XL0001 name:示例发改→示例发改委 state:正常→冻结\n变更 accounts 140300M020WX0001 owner:→示例市教育局\n新增 accounts 140300M019DY0001\n", "accounts.yaml",
			[]string{"  name: 示例发改 # 旧名：示例计划\n  unit: fgw\n", "  name: 示例发改委 # 旧名：示例计划\n  unit: fgw\n  state: 冻结\n", "  unit: jyj\n",
				"  unit: jyj\n  owner: 示例市教育局\n- code: 140300M019DY0001\n  platform: douyin\n  name: 示例发改1\n  unit: fgw\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := clean(t, plan(t, city, intake.Options{}, csv(t, "名单.csv", tt.list...)))
			if got := told(p); got != tt.told {
				t.Errorf("changes\n%swant\n%s", got, tt.told)
			}
			want := city[tt.file]
			for i := 0; i < len(tt.old); i += 2 {
				if !strings.Contains(want, tt.old[i]) {
					t.Fatalf("%q is not in the file", tt.old[i])
				}
				want = strings.Replace(want, tt.old[i], tt.old[i+1], 1)
			}
			if got := fileOf(p, tt.file); got != want || len(p.Files) != 1 {
				t.Errorf("%d files; %s is\n%s\nwant\n%s", len(p.Files), tt.file, got, want)
			}
			crlf := map[string]string{}
			for name, text := range city {
				crlf[name] = strings.ReplaceAll(text, "\n", "\r\n")
			}
			if got := fileOf(plan(t, crlf, intake.Options{}, csv(t, "名单.csv", tt.list...)), tt.file); got != strings.ReplaceAll(want, "\n", "\r\n") {
				t.Errorf("with other line ends: %q", got)
			}
		})
	}
}

func TestNothingIsTakenAwayUnasked(t *testing.T) {
	units := csv(t, "单位.csv", "单位名称|级别", "市人民政府|市", "市发展和改革委员会|部门")
	sites := csv(t, "网站.csv", "网站标识码|网站名称|首页网址|主办单位|运行状态", "1403000012|示例市发展和改革委员会|http://fgw.example.gov.cn/|市发展和改革委员会|关停", "1403000099|示例市教育局|http://jyj.example.gov.cn/|市教育局|运行中")
	columns := csv(t, "栏目.csv", "网站名称|栏目名称|栏目地址", "fgw|通知公告|/tzgg/")
	accounts := csv(t, "账号.csv", "新媒体标识码|账号名称|主办单位|账号类型", "140300M019XL0001|示例发改|市发展和改革委员会|微博")
	tests := []struct {
		name         string
		book         *sheet.Book
		told, remove string
		file, want   string
	}{
		{"units", units, "减少 units jyj\n", "", "", ""},
		{"sites", sites, "新增 sites jyj\n减少 sites fgw\n", "新增 sites jyj\n减少 sites fgw removed\n", "sites/fgw.yaml", ""},
		{"columns", columns, "减少 columns fgw/fgdt\n", "减少 columns fgw/fgdt removed\n", "sites/fgw.yaml", "columns:\n  # 动态\n  - name: 通知公告\n"},
		{"accounts", accounts, "减少 accounts 140300M020WX0001\n", "减少 accounts 140300M020WX0001 永久下线\n", "accounts.yaml", "  unit: jyj\n  state: 永久下线\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if p := clean(t, plan(t, city, intake.Options{}, tt.book)); told(p) != tt.told || len(p.Gone) > 0 {
				t.Errorf("changes\n%s and gone %v, want\n%s", told(p), p.Gone, tt.told)
			}
			if tt.remove == "" {
				return
			}
			p := clean(t, plan(t, city, intake.Options{Remove: true}, tt.book))
			if told(p) != tt.remove {
				t.Errorf("to remove: changes\n%swant\n%s", told(p), tt.remove)
			}
			if got := fileOf(p, tt.file); !strings.Contains(got, tt.want) || (tt.want == "") != (len(p.Gone) == 1 && p.Gone[0] == tt.file) {
				t.Errorf("gone %v, and %s is\n%s\nwant in it\n%s", p.Gone, tt.file, got, tt.want)
			}
		})
	}
	// A unit that accounts still name cannot go.
	p := plan(t, city, intake.Options{Remove: true}, units)
	if len(p.Mistakes) == 0 || len(p.Files) > 0 || p.Mistakes[0].Rule != "write.refused" {
		t.Errorf("a unit in use was removed: %s", told(p))
	}
}

// The last column of a file goes with its key.
func TestTheLastColumnGoes(t *testing.T) {
	own := map[string]string{}
	for k, v := range city {
		own[k] = v
	}
	own["sites/one.yaml"] = "unit: jyj\nname: 一\nhome: http://one.example.gov.cn/\ncolumns:\n  - name: 甲\n    class: 其他\n    url: /a/\n"
	list := csv(t, "栏目.csv", "网站名称|栏目名称|栏目地址", "一|乙|/b/")
	p := clean(t, plan(t, own, intake.Options{Remove: true}, list))
	if got := fileOf(p, "sites/one.yaml"); !strings.HasSuffix(got, "columns:\n  - name: 乙\n    class: 其他\n    url: /b/\n    confirmed: false\n") || strings.Contains(got, "甲") {
		t.Errorf("got\n%s", got)
	}
}

func TestListsAreFoundWhereverTheirHeadStands(t *testing.T) {
	tests := []struct {
		name string
		rows []string
	}{
		{"at the top", []string{"网站标识码|网站名称|首页网址|主办单位", "1403000099|示例市教育局|http://jyj.example.gov.cn|市教育局"}},
		{"below titles, with a foot", []string{"附件1", "示例市政府网站名单", "", "填报单位：示例市||日期：2023年9月", "序号|标 识 码*|网站名称（全称）|主办单位|首页网址（URL）|备注", "1|1403000099|示例市教育局|市教育局|jyj.example.gov.cn|", "", "合计|1", "填表人：张三||联系电话：1"}},
		{"said twice", []string{"标识码|名称|网址|填报单位", "1403000099|示例市教育局|http://jyj.example.gov.cn/|示例市教育局", "标识码|名称|网址|填报单位"}},
		{"with full width and what cannot be seen", []string{"网站编码\u200b|名称|首页地址|主办单位", "１４０３００００９９\u200b| 示例市教育局 |　http://jyj.example.gov.cn/|市 教育局"}},
		{"as Excel keeps text in CSV", []string{"网站标识码|网站名称|首页网址|主办单位", `="1403000099"|示例市教育局|http://jyj.example.gov.cn/|'市教育局`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := clean(t, plan(t, city, intake.Options{}, csv(t, "名单.csv", tt.rows...)))
			const want = "unit: jyj\nname: 示例市教育局\ncode: \"1403000099\"\nhome: http://jyj.example.gov.cn/\n"
			if got := fileOf(p, "sites/jyj.yaml"); got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s", told(p), got, want)
			}
		})
	}
}

// A first list in an empty folder brings its units along.
func TestAnEmptyFolder(t *testing.T) {
	own := map[string]string{"city.yaml": city["city.yaml"], "units.yaml": "[]\n"}
	sites := csv(t, "网站.csv", "网站标识码|网站名称|首页网址|主办单位|类型", "1403000001|示例市人民政府|http://www.sl.gov.cn/|示例市人民政府|政府门户网站", "1403000012|发改委|http://fgw.sl.gov.cn/|示例市发展和改革委员会|部门网站")
	accounts := csv(t, "账号.csv", "新媒体标识码|账号名称|主办单位|账号类型", "140300M019XL0001|示例民政|示例市民政局|微博", "140300M019DY0001|示例发改|市发展和改革委员会|抖音")
	p := clean(t, plan(t, own, intake.Options{}, accounts, sites))
	const units = "- id: sl\n  name: 示例市人民政府\n  level: city\n  confirmed: false\n- id: fgw\n  name: 示例市发展和改革委员会\n  level: department\n  confirmed: false\n- id: u001\n  name: 示例市民政局\n  level: department\n  confirmed: false\n"
	if got := fileOf(p, "units.yaml"); got != units {
		t.Errorf("units\n%s\nwant\n%s", got, units)
	}
	if p.City == nil || len(p.City.Sites()) != 2 || len(p.City.Accounts) != 2 || p.City.Accounts[1].Unit != "fgw" {
		t.Errorf("the city: %s", told(p))
	}
	if !p.City.Sites()[1].Portal || p.City.Sites()[1].ID != "sl" {
		t.Errorf("the portal: %+v", p.City.Sites()[1])
	}
}

// Merged cells hold for every row they lie over; headings inside of a list are
// no entries.
func TestMergedCells(t *testing.T) {
	page := `<table><tr><td colspan=4>栏目责任清单</td></tr><tr><td rowspan=2>网站名称</td><td colspan=2>栏目名称</td><td rowspan=2>栏目地址</td></tr><tr><td>一级栏目</td><td>二级栏目</td></tr>
<tr><td colspan=4>一、部门网站</td></tr>
<tr><td rowspan=3>示例市发展和改革委员会</td><td colspan=2>发改动态</td><td>/fgdt/</td></tr><tr><td rowspan=2>政务公开</td><td>人事任免</td><td>/rs/</td></tr><tr><td>工作规划</td><td>/gh/</td></tr>
<tr><td>市发改委网</td><td></td><td></td><td></td></tr></table>`
	b, err := sheet.Read("栏目.xls", strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	p := plan(t, city, intake.Options{LeaveOut: true}, b)
	if got := told(p); got != "新增 columns fgw/rs\n新增 columns fgw/gh\n减少 columns fgw/tzgg\n" {
		t.Errorf("changes\n%s", got)
	}
	if !strings.Contains(fileOf(p, "sites/fgw.yaml"), "  - name: 政务公开--工作规划\n    class: 规划计划\n    url: /gh/\n") {
		t.Errorf("got\n%s", fileOf(p, "sites/fgw.yaml"))
	}
	if len(p.Mistakes) != 1 || p.Mistakes[0].Rule != "row.unfinished" || p.Mistakes[0].Cell != "A8" {
		t.Errorf("mistakes %+v", p.Mistakes)
	}
}

// While a row is wrong nothing is written, unless it is to be left out.
func TestWrongRows(t *testing.T) {
	list := csv(t, "名单.csv", "网站标识码|网站名称|首页网址|主办单位", "1.403E+09|示例市教育局|http://jyj.example.gov.cn/|市教育局", "1403000098|示例市民政局|http://mzj.example.gov.cn/|市教育局")
	p := plan(t, city, intake.Options{}, list)
	if len(p.Files) > 0 || len(p.Mistakes) != 1 || p.LeftOut != 1 {
		t.Fatalf("%d files, mistakes %+v", len(p.Files), p.Mistakes)
	}
	const zh = "名单.csv，第2行，A2（网站标识码）：“1.403E+09”已被 Excel 变成科学记数法，后面的数字已丢失：把这一列设为“文本”，从报送系统重新导出或重新填写"
	if got := p.Mistakes[0].In("zh"); got != zh {
		t.Errorf("got %s", got)
	}
	const en = "名单.csv, row 2, A2 (网站标识码): 1.403E+09 was turned into a power of ten"
	if got := p.Mistakes[0].In("en"); !strings.HasPrefix(got, en) {
		t.Errorf("got %s", got)
	}
	p = plan(t, city, intake.Options{LeaveOut: true}, list)
	if fileOf(p, "sites/mzj.yaml") == "" || fileOf(p, "sites/jyj.yaml") != "" || len(p.Files) != 1 {
		t.Errorf("without the wrong row: %s", told(p))
	}
}

// A program that shows a number as a power may have kept all of it.
func TestNumbersThatLostNothing(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("网站标识码\t网站名称\t首页网址\t主办单位\n")
	book := &sheet.Book{File: "a.xlsx", Sheets: []sheet.Sheet{{Name: "一", Rows: []sheet.Row{
		{Number: 1, Cells: cells(1, "网站标识码", "网站名称", "首页网址", "主办单位")},
		{Number: 2, Cells: cells(2, "1403000099", "示例市教育局", "http://jyj.example.gov.cn/", "市教育局")},
		{Number: 3, Cells: cells(3, "1403000000", "示例市民政局", "http://mzj.example.gov.cn/", "市教育局")},
	}}}}
	for i := 1; i < 3; i++ {
		c := &book.Sheets[0].Rows[i].Cells[0]
		c.Kind, c.Shown = sheet.Number, "1.403E+09"
	}
	p := plan(t, city, intake.Options{}, book)
	if len(p.Mistakes) != 1 || p.Mistakes[0].Cell != "A3" || p.Mistakes[0].Rule != "code.power" {
		t.Errorf("mistakes %+v", p.Mistakes)
	}
}

// cells are a row of texts.
func cells(row int, texts ...string) []sheet.Cell {
	var all []sheet.Cell
	for i, text := range texts {
		all = append(all, sheet.Cell{Row: row, Col: i + 1, Text: text, Kind: sheet.Text})
	}
	return all
}
