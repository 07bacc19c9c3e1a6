//go:build !race

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/configs"
	"xuncha/inventory"
)

// exported returns the rows of one of the demonstration's lists, the head first.
func exported(t *testing.T, kind string) [][]string {
	t.Helper()
	name := filepath.Join(t.TempDir(), kind+".xlsx")
	xuncha(t, 0, "config", "export", "--config", "demo", "--kind", kind, "--out", name)
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A page of a workbook, as offices make them: a title over the head, columns under
// other names, cells merged down.
type officeSheet struct {
	name, title string
	kind        string
	heads       [][2]string // what the column is called here, and in the export
	merge       int         // column whose equal cells are merged, from 1; 0 for none
}

// office writes sheets of the demonstration's lists into one workbook.
func office(t *testing.T, sheets ...officeSheet) string {
	t.Helper()
	f := excelize.NewFile()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range sheets {
		if i == 0 {
			check(f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			check(err)
		}
		rows := exported(t, s.kind)
		at := map[string]int{}
		for j, head := range rows[0] {
			at[head] = j
		}
		put := func(col, row int, text string) {
			cell, err := excelize.CoordinatesToCellName(col, row)
			check(err)
			check(f.SetCellStr(s.name, cell, text))
		}
		put(1, 1, s.title)
		check(f.MergeCell(s.name, "A1", fmt.Sprintf("%c1", 'A'+len(s.heads))))
		put(1, 2, "填报单位：某市")
		put(1, 3, "序号")
		for j, h := range s.heads {
			put(j+2, 3, h[0])
		}
		begin := 4
		for n, row := range rows[1:] {
			put(1, n+4, fmt.Sprint(n+1))
			for j, h := range s.heads {
				text := ""
				if k, ok := at[h[1]]; ok && k < len(row) {
					text = row[k]
				}
				put(j+2, n+4, text)
			}
			last := n+2 == len(rows) || s.merge > 0 && cellAt(rows[n+2], at[s.heads[s.merge-1][1]]) != cellAt(row, at[s.heads[s.merge-1][1]])
			if s.merge > 0 && last {
				if begin < n+4 {
					col := string(rune('A' + s.merge))
					for r := begin + 1; r <= n+4; r++ {
						check(f.SetCellValue(s.name, fmt.Sprintf("%s%d", col, r), nil))
					}
					check(f.MergeCell(s.name, fmt.Sprintf("%s%d", col, begin), fmt.Sprintf("%s%d", col, n+4)))
				}
				begin = n + 5
			}
		}
		put(1, len(rows)+3, "合计")
		put(2, len(rows)+3, fmt.Sprint(len(rows)-1))
	}
	name := filepath.Join(t.TempDir(), "名单.xlsx")
	check(f.SaveAs(name))
	return name
}

func cellAt(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// theOffice is 33 sites with their platforms, more than 600 columns and 91
// accounts in one workbook.
func theOffice(t *testing.T) string {
	t.Helper()
	return office(t,
		officeSheet{"网站", "附件1 某市政府网站名单", "sites", [][2]string{{"网站名称（全称）", "网站名称"}, {"标识码*", "网站标识码"}, {"首页地址", "首页网址"}, {"填报单位", "主办单位"}, {"类型", "网站类型"}, {"状态", "运行状态"}, {"CMS", "建站系统"}, {"网站简称", "网站编号"}}, 0},
		officeSheet{"栏目", "附件2 栏目责任清单", "columns", [][2]string{{"所属网站", "网站名称"}, {"栏目", "栏目名称"}, {"栏目链接", "栏目地址"}, {"责任部门", "责任单位"}, {"类别", "栏目类别"}, {"更新要求", "更新频率"}, {"栏目ID", "栏目编号"}}, 1},
		officeSheet{"新媒体", "附件3 政务新媒体账号", "accounts", [][2]string{{"单位", "主办单位"}, {"平台", "账号类型"}, {"政务新媒体标识码", "新媒体标识码"}, {"新媒体名称", "账号名称"}, {"账号ID", "唯一标识"}, {"账号状态", "账号状态"}, {"主页链接", "主页地址"}}, 1},
	)
}

// A customer's first hour: three lists become a configuration that is valid and
// that a round can run.
func TestListsOfAnOfficeBecomeAConfiguration(t *testing.T) {
	list, city, data := theOffice(t), filepath.Join(t.TempDir(), "city"), t.TempDir()
	begin := []string{"config", "import", list, "--config", city, "--city", "阳泉市", "--office", "阳泉市人民政府办公室", "--contact", "https://www.yq.gov.cn/xuncha"}
	if _, stderr := xuncha(t, 2, begin[:5:5]...); !strings.Contains(stderr, "--contact") {
		t.Errorf("a new folder without a word of whose it is: %s", stderr)
	}
	stdout, _ := xuncha(t, 0, append(begin[:len(begin):len(begin)], "--dry-run")...)
	if _, err := os.Stat(city); err == nil || !strings.Contains(stdout, "nothing was written") {
		t.Fatalf("a dry run wrote: %s", stdout)
	}
	stdout, _ = xuncha(t, 0, begin...)
	for _, want := range []string{"sites: 37 rows, 37 new", "columns: 685 rows, 685 new", "accounts: 91 rows, 91 new"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout[max(0, len(stdout)-600):])
		}
	}
	stdout, _ = xuncha(t, 0, "config", "check", "--config", city)
	if !strings.Contains(stdout, "33 sites, 37 carriers, 685 columns") || !strings.Contains(stdout, "91 accounts") {
		t.Errorf("config check: %s", stdout[:min(len(stdout), 300)])
	}
	if stdout, _ = xuncha(t, 0, "config", "import", list, "--config", city); !strings.Contains(stdout, "nothing changed") {
		t.Errorf("the same list again:\n%s", stdout)
	}
	facts := factsWithout(t, "/zdhy")
	xuncha(t, 0, "crawl", "--config", city, "--data", data, "--only", "fgw*", "--simulate", "2023-09-27:"+facts, "--simulate-latency", "0s")
	stdout, _ = xuncha(t, 0, "check", "--config", city, "--data", data, "--format", "json")
	var check struct {
		Columns []struct{ ID, State string }
	}
	if err := json.Unmarshal([]byte(stdout), &check); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, c := range check.Columns {
		if strings.HasPrefix(c.ID, "fgw/") && c.State == "fresh" {
			read++
		}
	}
	if read < 10 {
		t.Errorf("%d columns of fgw are fresh", read)
	}
}

// factsWithout is the demonstration's facts without the lines that hold a text.
func factsWithout(t *testing.T, text string) string {
	t.Helper()
	data, err := fs.ReadFile(configs.FS, "demo/facts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, line := range strings.Split(string(data), "\n") {
		if !strings.Contains(line, text) {
			kept = append(kept, line)
		}
	}
	name := filepath.Join(t.TempDir(), "facts.yaml")
	if err := os.WriteFile(name, []byte(strings.Join(kept, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// listFile writes a list, cells separated by |.
func listFile(t *testing.T, name string, rows ...string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(strings.Join(rows, "\n"), "|", ",")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestImportRefusesAndSaysWhatToDo(t *testing.T) {
	city := cityFolder(t)
	wrong := listFile(t, "账号.csv", "新媒体标识码|账号名称|主办单位|账号类型", "1.4E+05|甲|市公安局|微博", "140300M010XL0077|乙|市公安局|微博")
	before, err := os.ReadFile(filepath.Join(city, "accounts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	same := func(want bool) {
		t.Helper()
		after, err := os.ReadFile(filepath.Join(city, "accounts.yaml"))
		if err != nil || (string(after) == string(before)) != want {
			t.Errorf("accounts.yaml is as before: %v (%v), want %v", !want, err, want)
		}
	}
	stdout, stderr := xuncha(t, 1, "config", "import", wrong, "--config", city)
	if !strings.Contains(stdout, "row 2, A2 (新媒体标识码): 1.4E+05 was turned into a power of ten") || !strings.Contains(stderr, "nothing was written") {
		t.Errorf("%s%s", stdout, stderr)
	}
	same(true)
	if stdout, _ := xuncha(t, 1, "config", "import", wrong, "--config", city, "--dry-run", "--format", "json"); !strings.Contains(stdout, `"rule": "account.power"`) || !json.Valid([]byte(stdout)) {
		t.Errorf("as JSON: %s", stdout)
	}
	same(true)
	if stdout, _ := xuncha(t, 0, "config", "import", wrong, "--config", city, "--leave-out"); !strings.Contains(stdout, "1 wrong rows were left out") {
		t.Errorf("left out: %s", stdout)
	}
	same(false)
	for _, tt := range []struct {
		name   string
		status int
		args   []string
		want   string
	}{
		{"a built-in configuration", 1, []string{wrong, "--config", "demo"}, "built in"},
		{"a file in the place of a folder", 1, []string{wrong, "--config", wrong}, "is a file"},
		{"no such list", 1, []string{"/nowhere.xlsx", "--config", city}, "/nowhere.xlsx"},
		{"what is no list", 1, []string{listFile(t, "a.csv", "甲|乙", "1|2"), "--config", city}, "nothing was written"},
		{"a page in the place of a list", 1, []string{listFile(t, "b.xlsx", "<html>请登录</html>"), "--config", city}, "b.xlsx: it is no spreadsheet"},
		{"no such kind", 2, []string{wrong, "--config", city, "--kind", "persons"}, "--kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, stderr := xuncha(t, tt.status, append([]string{"config", "import"}, tt.args...)...); !strings.Contains(stderr, tt.want) {
				t.Errorf("%s, want %q", stderr, tt.want)
			}
		})
	}
}

// All files take their places, or none does.
func TestFilesAreExchangedAllOrNone(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.yaml", "old a")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	before := []inventory.File{{Name: "a.yaml", Data: []byte("old a")}}
	after := []inventory.File{{Name: "a.yaml", Data: []byte("new a")}, {Name: "sites/b.yaml", Data: []byte("new b")}}
	holds := func(want string) {
		t.Helper()
		var got []string
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(filepath.Join(dir, name))
			got = append(got, name+"="+string(data))
			return err
		})
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("the folder holds %v (%v), want %s", got, err, want)
		}
	}
	if err := exchange(root, before, nil, after, []string{"gone.yaml"}); err == nil { // which is not there
		t.Error("a file that is not there was taken away")
	}
	holds("a.yaml=old a")
	write("sites/b.yaml", "somebody's")
	if err := exchange(root, before, nil, after, nil); err == nil || !strings.Contains(err.Error(), "changed while") {
		t.Errorf("a file that somebody wrote meanwhile was replaced: %v", err)
	}
	holds("a.yaml=old a sites/b.yaml=somebody's")
	if err := os.Remove(filepath.Join(dir, "sites/b.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := exchange(root, before, nil, after, nil); err != nil {
		t.Error(err)
	}
	holds("a.yaml=new a sites/b.yaml=new b")
}

// The check list of the reporting system's export, with and without a round.
func TestCompare(t *testing.T) {
	city := cityFolder(t)
	list := listFile(t, "系统.csv", "新媒体标识码|账号名称|主办单位|账号类型|账号状态", "140300M019XL0001|阳泉市场监督|市市场监督管理局|微博|正常", "140300M010XL0099|新账号|市公安局|微博|正常")
	stdout, stderr := xuncha(t, 0, "config", "compare", list, "--config", city, "--data", t.TempDir())
	for _, want := range []string{"登记不一致", "清单中无 1", "系统中无 90"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if !strings.Contains(stderr, "no round yet") {
		t.Errorf("stderr %s", stderr)
	}
	out := filepath.Join(t.TempDir(), "核对表.xlsx")
	xuncha(t, 0, "config", "compare", list, "--config", city, "--data", t.TempDir(), "--out", out, "--all")
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		t.Errorf("%v", err)
	}
	xuncha(t, 2, "config", "export", "--config", city, "--kind", "sites", "--out", "sites.doc")
}
