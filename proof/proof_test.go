package proof

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xuncha/inventory"
	"xuncha/report"
	"xuncha/store"
)

var update = flag.Bool("update", false, "rewrite the digests of the form")

// holds fails the test with every fault of a pack.
func holds(t *testing.T, p Pack, c Check) Verdict {
	t.Helper()
	v := Verify(p, c)
	for _, f := range v.Faults {
		t.Errorf("%s (%s)", f.EN, f.ZH)
	}
	return v
}

func TestAPackHoldsWhateverItIsWrittenAs(t *testing.T) {
	w, p := accused(t, 3, "关于某事的公示", "关于另一事的公示")
	if again := w.pack(); !slices.EqualFunc(p.Files, again.Files, func(a, b inventory.File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }) {
		t.Error("made twice, it differs")
	}
	dir := filepath.Join(t.TempDir(), "pack")
	for _, name := range []string{dir, dir + ".zip", dir + "-2.zip"} {
		if err := p.Write(name); err != nil {
			t.Fatal(err)
		}
		v := holds(t, must(Read(name))(t), Check{})
		if v.Manifest.Subject != column || v.Manifest.Indicator != indicator || len(v.Manifest.Looks) != 6 || len(v.Nights) != 3 {
			t.Errorf("%s: %+v", name, v.Manifest)
		}
		if err := p.Write(name); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s was written over: %v", name, err)
		}
	}
	one, two := must(os.ReadFile(dir+".zip"))(t), must(os.ReadFile(dir+"-2.zip"))(t)
	if !bytes.Equal(one, two) {
		t.Error("two files of one pack differ")
	}
}

// What a person wants to see without this program is there in plain files.
func TestAPackCanBeReadWithoutUs(t *testing.T) {
	_, p := accused(t, 3, "关于某事的公示")
	body := "bytes/" + digestOf(listPage("关于某事的公示")) + ".html"
	if p.text(t, body) != string(listPage("关于某事的公示")) {
		t.Error("the bytes are not those that came")
	}
	looks := 0
	for _, f := range p.Files {
		if strings.HasSuffix(f.Name, "headers.txt") {
			looks++
			if !strings.Contains(string(f.Data), "Server: nginx") {
				t.Errorf("%s: %s", f.Name, f.Data)
			}
		}
	}
	if looks == 0 || !strings.Contains(p.text(t, "clause.txt"), "监测时间点前2周内") || !strings.Contains(p.text(t, "trace.txt"), "日期取自页面文字“2023-06-20”") {
		t.Error("headers, clause or trace are missing")
	}
	for _, name := range []string{"config/units.yaml", "config/city.yaml", "config/accounts.yaml"} {
		if _, err := p.File(name); err == nil {
			t.Errorf("the pack hands out %s", name)
		}
	}
	if strings.Contains(p.text(t, "basis.json"), "市公安局") {
		t.Error("the pack tells of units that it does not concern")
	}
}

func TestASubjectWithoutFindingHasAPackThatSaysSo(t *testing.T) {
	w := newWorld(t)
	w.night(3, true, "标题")
	o := w.order()
	o.Subject, o.Indicator = "fgw/gzdt", ""
	p := must(Make(w.store, o))(t)
	v := holds(t, p, Check{})
	if v.Manifest.Finding != "" || !strings.Contains(p.text(t, sheetFile), "未发现") {
		t.Errorf("%+v", v.Manifest)
	}
	o.Subject, o.Indicator = column, "no.such"
	if _, err := Make(w.store, o); !errors.Is(err, ErrNoFinding) || !strings.Contains(err.Error(), indicator) {
		t.Errorf("a finding that is none: %v", err)
	}
	o.Subject = "no/such"
	if _, err := Make(w.store, o); !errors.Is(err, report.ErrNoSubject) {
		t.Errorf("a subject that is none: %v", err)
	}
}

// A round that still runs has no seal: that is said, and is a fault where the
// pack is held against a seal.
func TestWhatIsNotSealedIsSaid(t *testing.T) {
	w := newWorld(t)
	w.night(2, true, "标题")
	w.night(3, false, "标题")
	p := w.pack()
	v := holds(t, p, Check{})
	if !slices.ContainsFunc(v.Limits, func(r Remark) bool { return strings.Contains(r.EN, "is not sealed") }) {
		t.Errorf("limits %v", v.Limits)
	}
	if !strings.Contains(p.text(t, sheetFile), "没有封存值") {
		t.Error("the sheet does not say so")
	}
}

// A seal that was written down later still vouches for the pack, by the nights
// between.
func TestALaterSealVouches(t *testing.T) {
	w, p := accused(t, 3, "标题")
	w.night(4, true, "标题")
	w.night(5, true, "标题")
	later := must(ReadNights(WriteNights(must(w.store.Nights())(t))))(t)
	last := later[len(later)-1].Seal
	holds(t, p, Check{Seal: later[2].Seal})
	holds(t, p, Check{Seal: last, Nights: later})
	if v := Verify(p, Check{Seal: last}); len(v.Faults) == 0 {
		t.Error("a seal that nothing leads to vouches")
	}
	gap := slices.Delete(slices.Clone(later), 3, 4)
	if v := Verify(p, Check{Seal: last, Nights: gap}); len(v.Faults) == 0 || !strings.Contains(v.Faults[0].EN, "1 nights are missing") {
		t.Errorf("a missing night is not named: %v", v.Faults)
	}
	other := newWorld(t)
	for n := range 5 {
		other.night(n+1, true, "另一标题")
	}
	foreign := must(other.store.Nights())(t)
	if v := Verify(p, Check{Seal: foreign[4].Seal, Nights: foreign}); len(v.Faults) == 0 {
		t.Error("the nights of another store vouch")
	}
}

// Whatever a page says is text in the sheet, and what must not stand there does
// not; the bytes stay as they came.
func TestTheSheetShowsTextAndMasks(t *testing.T) {
	titles := []string{
		`<script>alert(1)</script><img src=x onerror="alert(2)">`, `=HYPERLINK("http://a.example")`, strings.Repeat("长", 10_000),
		"\u202e倒\u2066写\x1b[31m红\x00", "身份证11010519491231002X 电话13812345678 卡6222021234567894 错误表述",
	}
	w := newWorld(t, "错误表述")
	w.night(3, true, titles...)
	p := w.pack()
	holds(t, p, Check{})
	sheet := p.text(t, sheetFile)
	for _, bad := range []string{"<script>", "<img src=x", "\u202e", "\u2066", "\x1b", "\x00", "11010519491231002X", "13812345678", "6222021234567894", "错误表述一", strings.Repeat("长", 200)} {
		if strings.Contains(sheet, bad) {
			t.Errorf("the sheet holds %.40q", bad)
		}
	}
	for _, good := range []string{"&lt;script&gt;", "=HYPERLINK", "110*************2X", "138******78", "■■■■", "三日内函告市政府办公室", "不能证明", "模拟数据，非正式通报", "截图含须遮盖的内容"} {
		if !strings.Contains(sheet, good) {
			t.Errorf("the sheet does not hold %q", good)
		}
	}
	body := p.text(t, "bytes/"+digestOf(listPage(titles...))+".html")
	if !strings.Contains(body, "11010519491231002X") || strings.Contains(sheet, "data:image/png") {
		t.Error("bytes were masked, or a picture that shows them is printed")
	}
	_, plain := accused(t, 3, "无须遮盖")
	if !strings.Contains(plain.text(t, sheetFile), "data:image/png;base64,") {
		t.Error("the picture is missing in a sheet")
	}
}

// hexadecimal is what of a derived file differs with every configuration.
var hexadecimal = regexp.MustCompile(`[0-9a-f]{16,64}`)

// Packs are checked by programs to come: who changes what they derive raises
// formVersion and this digest.
func TestTheFormOfPacksIsKnown(t *testing.T) {
	_, p := accused(t, 3, "关于某事的公示")
	var all []inventory.File
	for _, f := range p.Files {
		if slices.Contains([]string{proofFile, findingFile, traceFile, sheetFile, clauseFile}, f.Name) {
			text := hexadecimal.ReplaceAllString(string(f.Data), "DIGEST")
			all = append(all, inventory.File{Name: f.Name, Data: []byte(text)})
		}
	}
	if *update {
		if err := os.WriteFile("testdata/form-1.sums", sums(all), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := must(os.ReadFile("testdata/form-1.sums"))(t)
	if got := sums(all); !bytes.Equal(got, want) {
		t.Errorf("form %d was derived as\n%swant\n%s", formVersion, got, want)
	}
}

func TestPDFIsPartOfThePack(t *testing.T) {
	w := newWorld(t)
	w.night(3, true, "标题")
	o := w.order()
	o.Print = func(html []byte) ([]byte, error) { return append([]byte("%PDF "), html...), nil }
	p := must(Make(w.store, o))(t)
	holds(t, p, Check{})
	if p.text(t, pdfFile) != "%PDF "+p.text(t, sheetFile) {
		t.Error("what was printed is not the sheet")
	}
	o.Print = func([]byte) ([]byte, error) { return nil, errors.New("out of paper") }
	if _, err := Make(w.store, o); err == nil {
		t.Error("a sheet that could not be printed is no error")
	}
	o.Print, o.Case = nil, func(string) ([]byte, error) { return []byte(`{"case":1}`), nil }
	p = must(Make(w.store, o))(t)
	if holds(t, p, Check{}); p.text(t, caseFile) != `{"case":1}` {
		t.Error("the case is not in the pack")
	}
}

// lossy is an archive in which one body is gone.
type lossy struct{ *store.Store }

func (lossy) Body(string) ([]byte, error) { return nil, store.ErrNotFound }

func TestNoPackWithoutItsBytes(t *testing.T) {
	w, _ := accused(t, 3, "标题")
	if _, err := Make(lossy{w.store}, w.order()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
