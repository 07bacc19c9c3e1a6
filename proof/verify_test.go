package proof

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xuncha/inventory"
)

// edit changes a file of a pack; nil takes it out.
func (p *Pack) edit(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	i := slices.IndexFunc(p.Files, func(f inventory.File) bool {
		ok, err := filepath.Match(name, f.Name)
		return ok && err == nil
	})
	if i < 0 {
		t.Fatalf("no file %s", name)
	}
	data := change(bytes.Clone(p.Files[i].Data))
	if data == nil {
		p.Files = slices.Delete(p.Files, i, i+1)
		return
	}
	if bytes.Equal(data, p.Files[i].Data) {
		t.Fatalf("%s was not changed", name)
	}
	p.Files[i].Data = data
}

// resum writes the list of digests anew, as whoever tampers would.
func (p *Pack) resum() {
	files := slices.DeleteFunc(slices.Clone(p.Files), func(f inventory.File) bool { return f.Name == sumsFile })
	p.Files = append(files, inventory.File{Name: sumsFile, Data: sums(files)})
}

func flip(b []byte) []byte {
	b[len(b)/2] ^= 1
	return b
}

func drop([]byte) []byte { return nil }

// What is put beside the evidence is named, also if the list of digests was made to
// fit: a file of another, a history that somebody wrote.
func TestWhatIsPutBesideIsNamed(t *testing.T) {
	w := newWorld(t)
	w.night(3, true, "标题")
	o := w.order()
	o.Case = func(string) ([]byte, error) { return []byte(`[]`), nil }
	o.Print = func([]byte) ([]byte, error) { return []byte("%PDF "), nil }
	whole := must(Make(w.store, o))(t)
	holds(t, whole, Check{})
	for _, tt := range []struct {
		name string
		file inventory.File
		want string
	}{
		{"a file of another", inventory.File{Name: "注意.txt", Data: []byte("该单位拒不整改")}, "注意.txt is no part of this evidence"},
		{"bytes that no page had", inventory.File{Name: bytesDir + strings.Repeat("ab", 32) + ".html", Data: []byte("x")}, "is no part of this evidence"},
	} {
		p := Pack{Files: slices.DeleteFunc(slices.Clone(whole.Files), func(f inventory.File) bool { return f.Name == tt.file.Name })}
		p.Files = append(p.Files, tt.file)
		p.resum()
		v := Verify(p, Check{})
		if !slices.ContainsFunc(v.Faults, func(r Remark) bool { return strings.Contains(r.EN, tt.want) }) {
			t.Errorf("%s: faults %v, want one that says %q", tt.name, v.Faults, tt.want)
		}
	}
	v := Verify(whole, Check{})
	for _, want := range []string{"sheet.pdf was printed", "case.json, what people did, is not sealed", "basis.json"} {
		if !slices.ContainsFunc(v.Limits, func(r Remark) bool { return strings.Contains(r.EN, want) }) {
			t.Errorf("limits %v, want one that says %q", v.Limits, want)
		}
	}
}

func swap(old, text string) func([]byte) []byte {
	return func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(text)) }
}

// Whoever changes a pack is found out, and what was changed is named, also if the
// list of digests was made to fit.
func TestTamperingIsNamed(t *testing.T) {
	_, whole := accused(t, 3, "关于某事的公示", "关于另一事的公示")
	night := func(n int, change func([]byte) []byte) func(*testing.T, *Pack) {
		return func(t *testing.T, p *Pack) {
			p.edit(t, nightsFile, func(b []byte) []byte {
				lines := bytes.SplitAfter(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
				if lines[n] = change(lines[n]); lines[n] == nil {
					lines = slices.Delete(lines, n, n+1)
				}
				return bytes.Join(lines, nil)
			})
		}
	}
	file := func(name string, change func([]byte) []byte) func(*testing.T, *Pack) {
		return func(t *testing.T, p *Pack) { p.edit(t, name, change) }
	}
	manifest := func(change func(*Manifest)) func(*testing.T, *Pack) {
		return file(manifestFile, func(b []byte) []byte {
			var m Manifest
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			change(&m)
			return encode(m)
		})
	}
	for _, c := range []struct {
		name   string
		tamper func(*testing.T, *Pack)
		want   string
	}{
		{"a flipped bit in a page", file("bytes/*.html", flip), "the bytes of page http://xxgk.yq.gov.cn/czj/gzdt/tzgggs/ were changed"},
		{"a flipped bit in the picture", file("bytes/*.png", flip), "were changed"},
		{"a page gone", file("bytes/*.html", drop), "the bytes of page http://xxgk.yq.gov.cn/czj/gzdt/tzgggs/ are missing"},
		{"a flipped bit in a record", file("looks/*/record.json", swap("nginx", "ngiNx")), "the record of snapshot"},
		{"a record gone", file("looks/*/record.json", drop), "the record of snapshot"},
		{"another reading", file("looks/*/reading.json", swap("2023-06-20", "2023-09-20")), "the reading of snapshot"},
		{"a reading gone", file("looks/*/reading.json", drop), "snapshot"},
		{"the first night gone", night(0, drop), "the night of round"},
		{"the last night gone", night(1, drop), "the night of round"},
		{"a night changed", night(0, swap("yangquan-2023", "yangquan-2022")), "the chain of nights is broken"},
		{"another tree", night(1, swap(`"root":"`, `"root":"00`)), "is not among those sealed"},
		{"a place elsewhere", manifest(func(m *Manifest) { m.Looks[0].Place.Index++ }), "is not among those sealed"},
		{"a path that is none", manifest(func(m *Manifest) { m.Looks[0].Place.Path = []string{"zz"} }), "is not among those sealed"},
		{"a seal withheld", manifest(func(m *Manifest) { m.Looks[0].Place = nil }), "is not sealed"},
		{"a look left out", manifest(func(m *Manifest) { m.Looks = m.Looks[:1] }), "the verdict was changed"},
		{"a verdict turned", file(proofFile, swap(`"stale"`, `"fresh"`)), "proof.json differs from what judging once more gives: the verdict was changed"},
		{"a finding worded anew", file(findingFile, swap("2023-06-20", "2022-06-20")), "finding.json differs"},
		{"a finding taken out", file(findingFile, drop), "file finding.json is missing"},
		{"another clause", file(clauseFile, swap("2周", "3天")), "clause.txt differs"},
		{"another sheet", file(sheetFile, swap("2023-06-20", "2022-06-20")), "sheet.html differs"},
		{"another trace", file(traceFile, flip), "trace.txt differs"},
		{"headers changed", file("looks/*/headers.txt", swap("nginx", "ngiNx")), "headers.txt differs"},
		{"a rule loosened", file("config/rulesets/yangquan-2023.yaml", swap("P14D", "P1D")), "is not the one in force"},
		{"another configuration", file(listFile, swap("rulesets/", "rulesetz/")), "is not the configuration that was sealed"},
		{"another class of column", file(basisFile, swap(`"Class": "通知公告"`, `"Class": "其他"`)), "the verdict was changed"},
		{"another point", manifest(func(m *Manifest) { m.Point = m.Point.AddDate(0, 0, 1) }), "differs"},
		{"another subject", manifest(func(m *Manifest) { m.Subject = "fgw/gzdt" }), "cannot be judged once more"},
		{"another finding named", manifest(func(m *Manifest) { m.Finding = "0123456789abcdef" }), "there is no such finding"},
		{"a later version", manifest(func(m *Manifest) { m.Version++ }), "the pack has version"},
		{"no manifest", file(manifestFile, drop), "manifest.json"},
		{"a manifest that is none", file(manifestFile, func([]byte) []byte { return []byte("{") }), "manifest.json"},
		{"nights that are none", file(nightsFile, func([]byte) []byte { return []byte("[]\n") }), "nights.jsonl"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, resummed := range []bool{false, true} {
				p := Pack{Files: slices.Clone(whole.Files)}
				c.tamper(t, &p)
				if resummed {
					p.resum()
				}
				v := Verify(p, Check{})
				var all []string
				for _, f := range v.Faults {
					all = append(all, f.EN)
				}
				if text := strings.Join(all, "\n"); !strings.Contains(text, c.want) || !resummed && !strings.Contains(text, "file ") {
					t.Errorf("made to fit %v: got %q, want %q", resummed, text, c.want)
				}
			}
		})
	}
	added := Pack{Files: append(slices.Clone(whole.Files), inventory.File{Name: "notes.txt", Data: []byte("x")})}
	if v := Verify(added, Check{}); len(v.Faults) != 1 || !strings.Contains(v.Faults[0].EN, "notes.txt is not part") {
		t.Errorf("a file that was added: %v", v.Faults)
	}
	if v := Verify(Pack{}, Check{}); len(v.Faults) == 0 {
		t.Error("nothing at all holds")
	}
}

// A pack made by a program that words sheets otherwise is still checked for what
// it claims.
func TestAnOlderFormIsCheckedForItsFinding(t *testing.T) {
	_, p := accused(t, 3, "标题")
	p.edit(t, manifestFile, swap(`"form": 1`, `"form": 0`))
	p.edit(t, sheetFile, swap("证据单", "证据表"))
	p.resum()
	holds(t, p, Check{})
	p.edit(t, findingFile, swap("2023-06-20", "2022-06-20"))
	p.resum()
	if v := Verify(p, Check{}); len(v.Faults) == 0 {
		t.Error("its finding was changed, and nobody says so")
	}
}

func TestWhatIsNoPackIsRefused(t *testing.T) {
	dir := t.TempDir()
	name := func(n string, entries ...string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, e := range entries {
			w := must(z.Create(e))(t)
			must(w.Write([]byte("x")))(t)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, n)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := filepath.Join(dir, "text.zip")
	if err := os.WriteFile(text, []byte("no zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		text, filepath.Join(dir, "none"), name("up.zip", "../../etc/passwd"), name("root.zip", "/etc/passwd"), name("twice.zip", "a", "a"), name("dots.zip", "a/../b"), name("back.zip", `a\b`),
	} {
		if _, err := Read(path); err == nil {
			t.Errorf("%s was read", filepath.Base(path))
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(manifestFile, []byte(`{"version":1,"looks":[{"digest":"../x"}]}`), []byte(`{}`))
	f.Add("looks/aa/record.json", []byte(`{"pages":[{"sha256":"x"}]}`), []byte(`{"version":1,"looks":[{"digest":"aa","place":{"index":1,"size":9,"path":["00"]}}]}`))
	f.Fuzz(func(t *testing.T, name string, data, manifest []byte) {
		v := Verify(Pack{Files: []inventory.File{
			{Name: name, Data: data}, {Name: manifestFile, Data: manifest}, {Name: basisFile, Data: data}, {Name: nightsFile, Data: data},
		}}, Check{})
		if len(v.Faults) == 0 {
			t.Fatal("it holds")
		}
	})
}
