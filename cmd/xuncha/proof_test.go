//go:build !race

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A unit is handed a pack, checks it without our store, and finds out whoever
// changed it. What was made is in the log.
func TestAUnitChecksThePackItIsHanded(t *testing.T) {
	n := patrolledPlain(t)
	dir := t.TempDir()
	folder, zip := filepath.Join(dir, "pack"), filepath.Join(dir, "pack.zip")
	subject := "xxgk/czj/gzdt/tzgggs"
	xuncha(t, 0, "show", subject, "--data", n.data, "--pack", folder, "--by", "某甲")
	xuncha(t, 0, "show", subject, "--data", n.data, "--pack", zip, "--indicator", "yangquan.disclosure.dynamic")
	seals := filepath.Join(dir, "nights.jsonl")
	xuncha(t, 0, "data", "export", "--data", n.data, "--nights", seals)
	out, _ := xuncha(t, 0, "data", "verify", "--data", n.data)
	if !strings.Contains(out, "2 accesses are logged") {
		t.Errorf("verify says %s", out)
	}
	_, seal, _ := strings.Cut(strings.SplitN(out, "\n", 3)[1], "with ")
	for _, pack := range []string{folder, zip} {
		out, _ := xuncha(t, 0, "data", "verify", "--proof", pack, "--seal", seal, "--nights", seals)
		if !strings.Contains(out, "The evidence holds: "+subject) {
			t.Errorf("%s: %s", pack, out)
		}
	}
	if out, _ := xuncha(t, 1, "data", "verify", "--proof", zip, "--seal", strings.Repeat("0", 64)); !strings.Contains(out, "is not in the chain") {
		t.Errorf("another seal: %s", out)
	}
	sheet := filepath.Join(folder, "sheet.html")
	text, err := os.ReadFile(sheet)
	if err != nil || !bytes.Contains(text, []byte("市财政局")) {
		t.Fatalf("sheet: %v", err)
	}
	if err := os.WriteFile(sheet, bytes.Replace(text, []byte("市财政局"), []byte("市民政局"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs := xuncha(t, 1, "data", "verify", "--proof", folder); !strings.Contains(out, "sheet.html") || !strings.Contains(errs, "does not verify") {
		t.Errorf("a changed sheet: %s%s", out, errs)
	}
	log, err := os.ReadFile(filepath.Join(n.data, accessName))
	if err != nil || !bytes.Contains(log, []byte(`"by":"某甲"`)) || bytes.Count(log, []byte("\n")) != 2 {
		t.Errorf("log %s: %v", log, err)
	}
	if err := os.WriteFile(filepath.Join(n.data, accessName), log[bytes.IndexByte(log, '\n')+1:], 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := xuncha(t, 1, "data", "verify", "--data", n.data); !strings.Contains(out, "log of accesses") {
		t.Errorf("a log without its first line: %s", out)
	}
	for _, c := range []struct {
		status int
		want   string
		args   []string
	}{
		{1, "holds files already", []string{"show", subject, "--data", n.data, "--pack", folder}},
		{1, "is there already", []string{"show", subject, "--data", n.data, "--pack", zip}},
		{2, "--pack", []string{"show", subject, "--data", n.data, "--by", "某甲"}},
		{1, "no such finding", []string{"show", subject, "--data", n.data, "--pack", filepath.Join(dir, "x"), "--indicator", "none"}},
		{2, "--warc", []string{"data", "export", "--data", n.data}},
		{2, "before --from", []string{"data", "export", "--data", n.data, "--warc", filepath.Join(dir, "x"), "--from", "2023-09-20", "--to", "2023-09-10"}},
		{1, "nothing of that name", []string{"data", "export", "--data", n.data, "--warc", filepath.Join(dir, "x"), "--subject", "none/*"}},
		{1, "nothing was kept", []string{"data", "export", "--data", n.data, "--warc", filepath.Join(dir, "x"), "--to", "2020-01-01"}},
		{2, "--proof", []string{"data", "verify", "--data", n.data, "--nights", seals}},
		{1, "no pack", []string{"data", "verify", "--proof", seals}},
	} {
		if _, errs := xuncha(t, c.status, c.args...); !strings.Contains(errs, c.want) {
			t.Errorf("%v: %s", c.args, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
		t.Error("a file that holds nothing was left behind")
	}
	if err := os.WriteFile(filepath.Join(n.data, accessName), log, 0o600); err != nil {
		t.Fatal(err)
	}
	warc := filepath.Join(dir, "out.warc.gz")
	if out, _ := xuncha(t, 0, "data", "export", "--data", n.data, "--warc", warc, "--subject", "xxgk/czj/*", "--from", "2023-09-27", "--to", "2023-09-28"); !strings.Contains(out, "snapshots in") {
		t.Errorf("export: %s", out)
	}
}
