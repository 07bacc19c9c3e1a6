//go:build !race

package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// officeText is a document as a word processor reads it.
func officeText(t *testing.T, docx string) string {
	t.Helper()
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Fatal("this test needs LibreOffice: run scripts/need")
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, docx)
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, strings.TrimSuffix(filepath.Base(docx), ".docx")+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The notice of the third quarter of 2023 comes out of the pages as a document,
// its body, totals and rates as the city printed them and its three attachments
// cell by cell.
func TestNoticeAsADocument(t *testing.T) {
	n := patrolledPlain(t)
	args := []string{"report", "--config", n.city, "--data", n.data, "--period", "2023Q3", "--date", "2023-10-11", "--due", "2023-10-20"}
	xuncha(t, 0, append(args, "--out", n.out)...)
	text := officeText(t, filepath.Join(n.out, "notice.docx"))
	rest := text
	for _, want := range []string{
		"阳泉市人民政府办公室\n关于2023年第三季度全市政府网站\n和政务新媒体检查情况的通报", "各县（区）人民政府，市直各单位：",
		"一、总体情况", "（一）政府网站和政务新媒体检查情况",
		"普查范围内政府网站33家，政务新媒体账号91个。按照国办、省政府有关指标判定标准，不合格政府网站2家，合格率为93.9%；91个政务新媒体账号中，不合格政务新媒体5个，合格率94.5%。",
		"二、存在的主要问题", "市住房和城乡建设局、市审计局因动态栏目更新不及时被省政府通报", "“阳泉网警巡查执法”微博名称变更未在全国政务新媒体信息报送系统同步被省政府通报",
		"人大代表建议、政协提案栏目2023年未及时更新", "平定县人民政府门户网站、盂县人民政府门户网站疑似未开设重大会议信息栏目",
		"三、下一步工作要求", "务于2023年10月20日前将由单位主要负责人签字的整改报告报送市政府大楼543室",
		"2023年第三季度不合格政务新媒体问题情况", "2023年各县区建议提案栏目更新情况", "2023年信息公开动态类栏目更新情况", "监测范围及未能监测情况说明",
		"阳泉市人民政府办公室", "2023年10月11日", "（此件公开发布）",
	} {
		i := strings.Index(rest, want)
		if i < 0 {
			t.Fatalf("no %q after what stands before it in\n%s", want, text)
		}
		rest = rest[i+len(want):]
	}
	for i, name := range []string{"attachment-1.csv", "attachment-2.csv", "attachment-3.csv"} {
		rest = attachmentIsRight(t, rest, "附件"+string(rune('1'+i)), name)
	}
	if !strings.Contains(rest, "市科学技术局") || !strings.Contains(rest, "访问被拦截") || !strings.Contains(rest, "账号最近更新时间取自") {
		t.Errorf("the coverage statement does not say what was not read, or where dates come from:\n%s", rest)
	}
	againTheSame(t, n, args)
}

// attachmentIsRight compares an attachment of a document with the table that the
// city printed, cell by cell: the cells that rows share stand once.
func attachmentIsRight(t *testing.T, text, mark, name string) (rest string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "notice", name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, row := range rows {
		if i > 0 && row[0] == rows[i-1][0] {
			row = row[2:]
		}
		want = append(want, row...)
	}
	i := strings.Index(text, "\n"+mark+"\n")
	if i < 0 {
		t.Fatalf("no %s in\n%s", mark, text)
	}
	lines := slices.DeleteFunc(strings.Split(text[i:], "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	got := lines[2:] // the mark and the title
	if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("%s: got\n%q\nwant\n%q", mark, got, want)
	}
	return text[i+len(mark):]
}

// againTheSame holds the report against itself: the same twice, and what can be
// made again is said to be.
func againTheSame(t *testing.T, n night, args []string) {
	t.Helper()
	other := filepath.Join(t.TempDir(), "again")
	xuncha(t, 0, append(args, "--out", other)...)
	entries, err := os.ReadDir(n.out)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		a, errA := os.ReadFile(filepath.Join(n.out, e.Name()))
		b, errB := os.ReadFile(filepath.Join(other, e.Name()))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs between two runs (%v, %v)", e.Name(), errA, errB)
		}
	}
	for _, want := range []string{"notice.docx", "notice.html", "notice.md", "notice.txt", "notice.xlsx", "compare.html", "summary.json"} {
		if !slices.Contains(names, want) {
			t.Errorf("files %q, want %s among them", names, want)
		}
	}
	verify := []string{"report", "--config", n.city, "--data", n.data, "--verify"}
	for _, name := range []string{"notice.docx", "notice.html", "notice.xlsx", "notice.md", "attachment-3.csv", "summary.json"} {
		if out, _ := xuncha(t, 0, append(verify, filepath.Join(n.out, name))...); !strings.Contains(out, "byte for byte") {
			t.Errorf("verify %s: %s", name, out)
		}
	}
	renamed := filepath.Join(n.out, "附件三.csv")
	data, err := os.ReadFile(filepath.Join(n.out, "attachment-3.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(renamed, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := xuncha(t, 0, append(verify, renamed)...); !strings.Contains(out, "byte for byte") {
		t.Errorf("verify of a file under another name: %s", out)
	}
	// What is imported later changes nothing about the notice of that day.
	list := filepath.Join(t.TempDir(), "later.csv")
	if err := os.WriteFile(list, []byte("对象,检查指标,通报单位,通报日期,问题描述\nscjgj,national.V4.count-a,国务院办公厅,2023-09-20,栏目不更新\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	xuncha(t, 0, "register", "import", "superior", list, "--config", n.city, "--data", n.data, "--by", "王敏")
	if out, _ := xuncha(t, 0, append(verify, filepath.Join(n.out, "notice.docx"))...); !strings.Contains(out, "byte for byte") {
		t.Errorf("verify after an import: %s", out)
	}
	edited := filepath.Join(n.out, "notice.html")
	text, err := os.ReadFile(edited)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(edited, bytes.Replace(text, []byte("93.9%"), []byte("99.9%"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := xuncha(t, 1, append(verify, edited)...); !strings.Contains(out, "the file itself was changed") {
		t.Errorf("verify of an edited file: %s", out)
	}
	city := filepath.Join(n.city, "city.yaml")
	text, err = os.ReadFile(city)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(city, bytes.Replace(text, []byte("decimals: 1"), []byte("decimals: 2"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := xuncha(t, 1, append(verify, filepath.Join(n.out, "notice.docx"))...); !strings.Contains(out, "Differs: sha256_config") || strings.Contains(out, "sha256_rules") {
		t.Errorf("verify under another configuration: %s", out)
	}
}

// A city's own template takes the place of a built-in one, and one that is wrong
// is found before a notice is due.
func TestTemplatesOfACity(t *testing.T) {
	city := cityFolder(t)
	if err := os.Mkdir(filepath.Join(city, "templates"), 0o755); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(city, "templates", "yangquan.yaml")
	if err := os.WriteFile(own, []byte("title: [自己的标题]\nbody:\n  - text: \"{{if\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr := xuncha(t, 1, "config", "check", "--config", city); !strings.Contains(stderr, "templates/yangquan.yaml: template: body[1].text") {
		t.Errorf("config check: %s", stderr)
	}
	if err := os.WriteFile(own, []byte("title: [自己的标题]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := patrolled(t, city)
	if text := n.file(t, "notice.md"); !strings.Contains(text, "# 自己的标题") {
		t.Errorf("notice.md: %.300s", text)
	}
}

// Other offices' forms, another rule set and a final notice: no crawl, one store.
func TestNoticeInOtherForms(t *testing.T) {
	n := patrolledPlain(t)
	args := []string{"report", "--config", n.city, "--data", n.data, "--period", "2023Q3", "--out", n.out, "--pdf", "off"}
	for _, tt := range []struct {
		name  string
		flags []string
		file  string
		want  []string
	}{
		{"a province's", []string{"--template", "province"}, "notice.md", []string{"合格率93.94%", "抽查比例100.00%", "累计检查33家次", "微博19个、合格率84.21%", "突出问题"}},
		{"a county's, with every account", []string{"--template", "county"}, "attachment-2.csv", []string{"阳泉市场监管（微博）,140300M019XL0001,2023-09-15,不合格,1周无更新", ",合格,\n"}},
		{"judged by the national rules", []string{"--rule-set", "national-2019"}, "summary.json", []string{`"id": "national-2019"`}},
		{"a paper", []string{"--paper", "brief"}, "brief.docx", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			xuncha(t, 0, append(args, tt.flags...)...)
			text := n.file(t, tt.file)
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s does not say %q:\n%.4000s", tt.file, want, text)
				}
			}
		})
	}
	list := filepath.Join(t.TempDir(), "月报.csv")
	if err := os.WriteFile(list, []byte("月份,单位,报表,报送日期\n2023-08,市财政局,月报,2023-09-01\n2023-09,市财政局,月报,2023-10-02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	urge := append(args, "--paper", "urge", "--date", "2023-10-10")
	if _, stderr := xuncha(t, 1, urge...); !strings.Contains(stderr, "register list monthly") {
		t.Errorf("no monthly papers are registered, and nobody is to be urged: %s", stderr)
	}
	xuncha(t, 0, "register", "import", "monthly", list, "--config", n.city, "--data", n.data, "--by", "王敏")
	stdout, _ := xuncha(t, 0, urge...)
	if !strings.Contains(stdout, "urge-gaj.docx") || strings.Contains(stdout, "urge-czj.docx") {
		t.Errorf("urged are:\n%s\nwant all units with a site or an account but 市财政局", stdout)
	}
	for _, tt := range []struct {
		status int
		says   string
		flags  []string
	}{
		{1, "simulated", []string{"--final", "--date", "2023-10-11"}},
		{2, "no date", []string{"--date", "11.10.2023"}},
		{1, "none is built in", []string{"--template", "provinz"}},
		{2, "templates/", []string{"--template", "../x"}},
		{2, "order, reminder", []string{"--paper", "letter"}},
		{1, "confirm findings first", []string{"--paper", "order"}},
		{1, "national-2020", []string{"--rule-set", "national-2020"}},
	} {
		if _, stderr := xuncha(t, tt.status, append(args, tt.flags...)...); !strings.Contains(stderr, tt.says) {
			t.Errorf("report %q: %q, want %q", tt.flags, stderr, tt.says)
		}
	}
}
