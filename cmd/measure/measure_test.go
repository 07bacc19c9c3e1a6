//go:build !race

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// built builds the program into a folder of the test's.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "xuncha")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../xuncha")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

func TestThreeKillsLoseNothing(t *testing.T) {
	var out strings.Builder
	if err := crash(t.Context(), crashRun{program: built(t), rounds: 3, seed: 7}, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "3 kills") {
		t.Errorf("got %q", out.String())
	}
}

func TestRoundsLeaveNothingBehind(t *testing.T) {
	var out strings.Builder
	if err := soak(t.Context(), 3, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
}

// Three nights of the daemon, killed in a round and while sending: nothing is lost
// and nothing comes twice without saying so.
func TestThreeNightsOfTheDaemon(t *testing.T) {
	var out strings.Builder
	if err := daemonNights(t.Context(), daemonRun{program: built(t), nights: 3, kills: 2, seed: 3, hurried: true}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Log(out.String())
	for _, want := range []string{"killed 1 times in a round, 1 while sending", "1 of them again", "as it was kept"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %s, want %q in it", out.String(), want)
		}
	}
}

// Whoever reads the digests must see a message that is missing, and one too many.
func TestALedgerSeesWhatIsMissing(t *testing.T) {
	digest := func(id, lines string) received { return received{ID: "digest/" + id, Message: "某市\n\n" + lines} }
	news := "【新发现】疑似问题，待核实\n· 甲\n  " + consoleAddress + "/columns/czj/a\n· 乙\n  " + consoleAddress + "/accounts/1403\n\n"
	back := "【已恢复】\n· 甲\n  " + consoleAddress + "/columns/czj/a\n"
	known := ledger{}
	if err := known.read([]received{digest("1", news), digest("2", back)}); err != nil || len(known) != 1 || !known["account:1403"] {
		t.Errorf("known: %v, %v", known, err)
	}
	if err := (ledger{}).read([]received{digest("1", news), digest("2", news)}); err == nil {
		t.Error("what is told twice is not seen")
	}
	if err := (ledger{}).read([]received{digest("2", back)}); err == nil {
		t.Error("what was never told is not missed")
	}
	r := receiver{taken: []received{{ID: "1"}, {ID: "1", Again: "true"}}}
	if once, again, err := r.messages(); err != nil || len(once) != 1 || again != 1 {
		t.Errorf("%v, %d, %v", once, again, err)
	}
	r.taken[1].Again = "false"
	if _, _, err := r.messages(); err == nil {
		t.Error("a message that came twice is not seen")
	}
}

// The corpus command must see a wrong date as wrong and a miss as a miss.
func TestCorpusTellsRightFromWrong(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	row := `<li><a href="a.html">关于开展检查的通知</a><span>2023-08-23</span></li>`
	write("pages/right/index.html", "<ul>"+row+"</ul>")
	write("pages/missed/index.html", "<p>系统提示</p>")
	write("labels.jsonl", `{"file":"pages/right/index.html","kind":"list","newest_date":"2023-08-23","item_selector":"li","date_selector_or_meta":"span","dates_in_list":true}
{"file":"pages/missed/index.html","kind":"list","newest_date":"2023-08-23","item_selector":"li","date_selector_or_meta":"span","dates_in_list":true}
`)
	var out strings.Builder
	if err := corpus(t.Context(), dir, &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(strings.Fields(out.String()), " "); strings.Count(got, "all 2 1 0 1 0") != 2 {
		t.Errorf("got %q, want one right and one missed, with recipes and without\n%s", got, out.String())
	}
	write("pages/right/index.html", "<ul>"+strings.Replace(row, "2023-08-23", "2023-08-24", 1)+"</ul>")
	if err := corpus(t.Context(), dir, &out); err == nil {
		t.Error("a wrong date was not an error")
	}
}

// Two articles dated wrong are an error, and a miss is none.
func TestCorpusTellsArticles(t *testing.T) {
	dir := t.TempDir()
	page := func(name, day string) string {
		text := `<title>关于开展政务公开检查的通知</title><h1>关于开展政务公开检查的通知</h1><div>发布时间：` + day + `</div><p>` + strings.Repeat("认真做好各项工作，按时完成。", 20) + `</p>`
		if err := os.MkdirAll(filepath.Join(dir, "pages", "a"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "pages", "a", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return `{"file":"pages/a/` + name + `","kind":"detail","newest_date":"2023-08-23"}` + "\n"
	}
	read := func(labels string) (string, error) {
		if err := os.WriteFile(filepath.Join(dir, "labels.jsonl"), []byte(labels), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := corpus(t.Context(), dir, &out)
		return strings.Join(strings.Fields(out.String()[strings.LastIndex(out.String(), "all"):]), " "), err
	}
	right, missed, wrong := page("1.html", "2023-08-23"), page("2.html", "以后"), page("3.html", "2023-08-24")
	if got, err := read(right + missed + wrong); got != "all 3 1 1 1" || err != nil {
		t.Errorf("got %q, %v; want one right, one wrong and one missed, and no error", got, err)
	}
	if _, err := read(right + wrong + page("4.html", "2023-08-25")); err == nil {
		t.Error("two wrong dates were not an error")
	}
}

// The findings of nights are entered once, however often that is asked for.
func TestFindingsOfNightsAreEntered(t *testing.T) {
	r, err := newRounds()
	if err != nil {
		t.Fatal(err)
	}
	r.hurry()
	city, err := r.simulateNights(0)
	if err != nil {
		t.Fatal(err)
	}
	defer city.Close()
	if err := r.open(t.TempDir(), city); err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if err := r.keepOne(t.Context()); err != nil {
		t.Fatal(err)
	}
	var told [2]strings.Builder
	for i := range told {
		if err := r.enter(t.Context(), &told[i]); err != nil {
			t.Fatal(err)
		}
	}
	if first, _, _ := strings.Cut(told[0].String(), ","); first == "0 events of findings" || !strings.HasPrefix(told[1].String(), first) {
		t.Errorf("first %q, then %q", &told[0], &told[1])
	}
}
