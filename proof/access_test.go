package proof

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Every making is a line, also where several people make packs at once.
func TestTheLogOnlyGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.jsonl")
	if n, err := VerifyAccesses(path); n != 0 || err != nil {
		t.Errorf("without a log: %d, %v", n, err)
	}
	var makers sync.WaitGroup
	for range 8 {
		makers.Go(func() {
			if err := LogAccess(path, Access{At: point, By: "某甲\n", What: "pack", Subject: column}); err != nil {
				t.Error(err)
			}
		})
	}
	makers.Wait()
	if n, err := VerifyAccesses(path); n != 8 || err != nil {
		t.Errorf("%d lines, %v", n, err)
	}
}

func TestALogThatWasChangedIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.jsonl")
	for range 4 {
		if err := LogAccess(path, Access{At: point, By: "某甲", What: "pack", Subject: column}); err != nil {
			t.Fatal(err)
		}
	}
	whole := must(os.ReadFile(path))(t)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, bad := range map[string][]byte{
		"a line gone":   bytes.Join(slices.Delete(slices.Clone(lines), 1, 2), nil),
		"a name turned": bytes.Replace(whole, []byte("某甲"), []byte("某乙"), 1),
		"no line":       append([]byte("x\n"), whole...),
		"a cut line":    whole[:len(whole)-4],
	} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyAccesses(path); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
		if err := LogAccess(path, Access{}); err == nil {
			t.Errorf("%s: a line was added to it", name)
		}
	}
	if err := LogAccess(filepath.Join(t.TempDir(), "none", "x"), Access{}); err == nil {
		t.Error("a log that cannot be written is no error")
	}
}
