package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
)

// demoFolder is the built-in city on disk, where it can be written to.
func demoFolder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, configs.FS); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, demoConfig)
}

func TestHandedInStandsInTheConfiguration(t *testing.T) {
	folder := demoFolder(t)
	before, err := os.ReadFile(filepath.Join(folder, submissionsFile))
	if err != nil {
		t.Fatal(err)
	}
	h := &handing{config: folder}
	on := time.Date(2023, 9, 27, 0, 0, 0, 0, extract.Beijing)
	shot, err := os.ReadFile(filepath.Join(folder, "shots", "simulated.png"))
	if err != nil {
		t.Fatal(err)
	}
	word := inventory.Submission{Account: "140300M019SP0001", By: "市场监管局: 张", Date: on, Posted: on.AddDate(0, 0, -1)}
	if err := h.HandIn(word, shot); err != nil {
		t.Fatal(err)
	}
	s, err := loadSetup(folder)
	if err != nil {
		t.Fatal(err)
	}
	last := s.city.Submissions[len(s.city.Submissions)-1]
	if last.By != word.By || !last.Posted.Equal(word.Posted) || last.SHA256 == "" || last.CheckedBy != "" {
		t.Errorf("it reads %+v", last)
	}
	if err := h.Check(last, "赵", on.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if err := h.Check(last, "钱", on.AddDate(0, 0, 1)); err == nil || !strings.Contains(err.Error(), "meanwhile") {
		t.Errorf("checked twice: %v", err)
	}
	after, err := os.ReadFile(filepath.Join(folder, submissionsFile))
	if err != nil || !strings.HasPrefix(string(after), string(before)) {
		t.Errorf("what people wrote has moved: %v\n%s", err, after)
	}
	if s, err = loadSetup(folder); err != nil || s.city.Submissions[len(s.city.Submissions)-1].CheckedBy != "赵" {
		t.Errorf("it is not noted as checked: %v", err)
	}

	// What the account cannot be asked is written nowhere.
	yes := true
	if err := h.HandIn(inventory.Submission{Account: "140300M019SP0001", By: "张", Date: on, Works: &yes}, nil); err == nil {
		t.Error("a channel was taken for a program")
	}
	if err := h.HandIn(word, []byte("<html>")); err == nil {
		t.Error("a page was taken for a picture")
	}
	if now, _ := os.ReadFile(filepath.Join(folder, submissionsFile)); string(now) != string(after) {
		t.Error("what was refused was written")
	}
}
