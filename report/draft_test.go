package report

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"xuncha/inventory"
	"xuncha/rules"
)

func noticeDraft(t *testing.T) Draft {
	t.Helper()
	city, res := noticeCity()
	d, err := NewDraft(city, ruleSet(), round(), res, q3)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func smallDraft(t *testing.T) Draft {
	t.Helper()
	city, res := smallCity()
	d, err := NewDraft(city, ruleSet(), round(), res, q3)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// folder lists a folder's files with their contents.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil && !e.IsDir() {
			t.Fatal(err)
		}
		out[e.Name()] = string(data)
	}
	return out
}

func names(files map[string]string) []string {
	var out []string
	for name := range files {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func TestPrintShowsTheNotice(t *testing.T) {
	var b strings.Builder
	if err := Print(&b, noticeDraft(t)); err != nil {
		t.Fatal(err)
	}
	golden(t, "print.txt", b.String())
	for _, want := range []string{
		"33家网站，2家不合格，合格率93.9%；91个账号，5个不合格，合格率94.5%（初判）\n",
		"疑似未开设：平定县人民政府（重大会议信息）、盂县人民政府（重大会议信息）\n",
		"未能监测2个（无法访问1个、页面改版，采集规则待更新1个）",
		SimulatedMark, "初稿",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestRatesNameWhatIsNotSettled(t *testing.T) {
	c := Check{Totals: Totals{
		Sites:    Verdicts{Total: 33, Fail: 2, Pending: 1, NotMonitored: 3, Rate: "93.9"},
		Accounts: Verdicts{},
	}}
	want := "33家网站，2家不合格，合格率93.9%，1家待核实，3家未能监测（尚无结论的未计为不合格）；0个账号，0个不合格（初判）"
	if got := c.rates(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMissingSaysWhatIsMissing(t *testing.T) {
	half := []sectionPart{{"政府全体会议", "missing"}, {"常务会议", "fresh"}}
	none := []sectionPart{{"政府全体会议", "missing"}, {"常务会议", "missing"}}
	both := []sectionPart{{"政府全体会议", "fresh"}, {"常务会议", "fresh"}}
	tests := []struct {
		name  string
		gap   Null
		parts []sectionPart
		print string // in the notice
		zh    string // on a terminal
		en    string
	}{
		{"nothing is there", "absent", none, "", "疑似未开设", "suspected missing"},
		{"one part is not", "part", half, "：已开设但无政府全体会议", "已开设，疑似无政府全体会议", "there, suspected without 政府全体会议"},
		{"no part is", "part", none, "：已开设但无政府全体会议、常务会议", "已开设，疑似无政府全体会议、常务会议", "there, suspected without 政府全体会议, 常务会议"},
		{"the parts stand in no one place", "scattered", both, "：未集中公开", "疑似未集中公开", "suspected not in one place"},
		{"as stored before gaps were told apart", "", half, "：政府全体会议", "疑似未开设", "suspected missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Check{Sections: []Section{
				{Unit: "平定县人民政府", Name: "重大会议信息", State: "missing", Gap: tt.gap, Parts: tt.parts},
				{Unit: "盂县人民政府", Name: "重大会议信息", State: "unknown"},
			}}
			if got, want := missingWords(c.notFound()), "疑似未开设：平定县人民政府（重大会议信息"+tt.print+"）"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			proof := Proof{State: "missing", Gap: tt.gap, Parts: tt.parts}
			for lang, want := range map[tongue]string{chinese: tt.zh, english: tt.en} {
				if rows := c.sectionRows(lang); len(rows) != 1 || rows[0][2] != "▲ "+want {
					t.Errorf("%s: got rows %q, want %q", lang, rows, want)
				}
				if got := proof.sentence(lang); got != want {
					t.Errorf("%s: show says %q, want %q", lang, got, want)
				}
			}
		})
	}
}

func TestWriteGivesTheSameFilesTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	if err := Write(dir, smallDraft(t)); err != nil {
		t.Fatal(err)
	}
	first := folder(t, dir)
	want := []string{"attachment-1.csv", "attachment-2.csv", "attachment-3.csv", "attachments.md", "summary.json"}
	if got := names(first); !slices.Equal(got, want) {
		t.Errorf("files: got %q, want %q", got, want)
	}
	for name, data := range first {
		golden(t, name, data)
	}
	if err := Write(dir, smallDraft(t)); err != nil {
		t.Fatal(err)
	}
	for name, data := range folder(t, dir) {
		if data != first[name] {
			t.Errorf("%s changed on a second run: got\n%s\nwant\n%s", name, data, first[name])
		}
	}
	if !strings.HasPrefix(first["attachment-1.csv"], "序号,单位名称,政务新媒体名称,新媒体标识码,不合格原因\n") {
		t.Errorf("attachment-1.csv: got %.80q", first["attachment-1.csv"])
	}
}

func TestDraftWithNothingToReport(t *testing.T) {
	city, _ := noticeCity()
	for name, attachments := range map[string][]inventory.Attachment{"no problem": city.Report.Attachments, "no attachment": nil} {
		t.Run(name, func(t *testing.T) {
			city.Report.Attachments = attachments
			d, err := NewDraft(city, ruleSet(), round(), rules.Result{Point: on("2023-09-28"), PointDay: on("2023-09-27")}, q3)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := Write(dir, d); err != nil {
				t.Fatal(err)
			}
			if got := folder(t, dir); len(got) != len(attachments)+2 || !strings.Contains(got["summary.json"], `"findings": []`) {
				t.Errorf("got %q with summary %s", names(got), got["summary.json"])
			}
		})
	}
}

func TestDraftMarksHostileTextHarmless(t *testing.T) {
	city, res := noticeCity()
	res.Columns[5].Column.Name = "=1+1|<script>"
	d, err := NewDraft(city, ruleSet(), round(), res, q3)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := Write(dir, d); err != nil {
		t.Fatal(err)
	}
	files := folder(t, dir)
	if !strings.Contains(files["attachment-3.csv"], ",'=1+1|<script>,") {
		t.Errorf("the formula is armed: %s", files["attachment-3.csv"])
	}
	if !strings.Contains(files["attachments.md"], `=1+1\|&lt;script&gt;`) {
		t.Errorf("the markup is live: %s", files["attachments.md"])
	}
}

// Whatever goes wrong before all files are complete, the old ones stay and no
// half-written one does.
func TestWriteReplacesAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	old := File{"attachment-1.csv", []byte("old")}
	if err := replaceAll(dir, []File{old, {"summary.json", []byte("old")}}, (*os.File).Sync); err != nil {
		t.Fatal(err)
	}
	leftover := filepath.Join(dir, ".summary.json.tmp") // of a run that was killed
	if err := os.WriteFile(leftover, []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	calls := 0
	fullAtSecond := func(f *os.File) error {
		if calls++; calls == 2 {
			return &os.PathError{Op: "sync", Path: f.Name(), Err: syscall.ENOSPC}
		}
		return f.Sync()
	}
	err := replaceAll(dir, []File{{"attachment-1.csv", []byte("new")}, {"summary.json", []byte("new")}}, fullAtSecond)
	want := "write " + filepath.Join(dir, "summary.json") + ": no space left on device: free some space and run it again"
	if err == nil || err.Error() != want || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, want %s", err, want)
	}
	got := folder(t, dir)
	if len(got) != 2 || got["attachment-1.csv"] != "old" || got["summary.json"] != "old" {
		t.Errorf("after a full disk: got %q, want the two old files", got)
	}
}

func TestWriteRefusesImpossibleFolders(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	occupied := filepath.Join(dir, "occupied")
	if err := os.MkdirAll(filepath.Join(occupied, "summary.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, at := range map[string]string{plain: plain, filepath.Join(plain, "out"): plain, occupied: filepath.Join(occupied, "summary.json")} {
		err := Write(path, smallDraft(t))
		if err == nil || !strings.Contains(err.Error(), at) || !strings.HasSuffix(err.Error(), "--out") {
			t.Errorf("into %s: got %v, want an error that names %s and what to do", path, err, at)
		}
	}
	if got := names(folder(t, occupied)); !slices.Equal(got, []string{"summary.json"}) {
		t.Errorf("files left behind: %q", got)
	}
}
