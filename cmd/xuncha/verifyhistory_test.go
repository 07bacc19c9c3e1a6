//go:build !race

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xuncha/cases"
)

// An exported history is checked by whoever has nothing else: what was changed,
// taken out or put in is found, wherever it stands.
func TestAnExportedHistoryIsCheckedByItself(t *testing.T) {
	o, dir := office{t, cityFolder(t), t.TempDir()}, t.TempDir()
	add := []string{"add", "fgw", "national.V5.interaction", "--period", "2023Q3", "--text", "留言未答复"}
	o.finding(0, with(add, who("王敏", "经办", "2023-10-10")...)...)
	o.finding(0, with([]string{"note", "fgw", "--note", "已电话告知"}, who("王敏", "经办", "2023-10-11")...)...)
	o.finding(0, with([]string{"confirm", "fgw"}, who("王敏", "经办", "2023-10-12")...)...)
	whole, one := filepath.Join(dir, "whole.json"), filepath.Join(dir, "one.json")
	for name, args := range map[string][]string{whole: nil, one: {"fgw"}} {
		o.finding(0, append(append([]string{"history"}, args...), "--config", o.city, "--out", name)...)
	}
	verify := func(status int, name string, more ...string) string {
		t.Helper()
		stdout, stderr := xuncha(t, status, append([]string{"data", "verify", "--history", name}, more...)...)
		return stdout + stderr
	}
	for _, name := range []string{whole, one} {
		if got := verify(0, name); !strings.Contains(got, "3 events") {
			t.Errorf("%s: %s", name, got)
		}
	}
	good, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	var export cases.Export
	if err := json.Unmarshal(good, &export); err != nil {
		t.Fatal(err)
	}
	verify(0, whole, "--seal", export.Head.Digest)
	verify(1, whole, "--seal", strings.Repeat("0", 64))
	verify(2, whole, "--proof", whole)
	cut := export
	cut.Events, cut.Head = export.Events[:2], cases.Head{Seq: 2, Digest: export.Events[1].Digest}
	text := func(x cases.Export) string {
		data, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	lost := export
	lost.Events = append(export.Events[:1:1], export.Events[2])
	changed := func(old, new string) string {
		if !strings.Contains(string(good), old) {
			t.Fatalf("the export does not hold %q:\n%s", old, good)
		}
		return strings.Replace(string(good), old, new, 1)
	}
	for name, tt := range map[string]struct{ data, says string }{
		"a changed word":          {changed("已电话告知", "未电话告知"), "event 2"},
		"a lost event":            {text(lost), "event 2"},
		"a lost end":              {text(cut), "its cases are not what the events come to"},
		"another state":           {changed(`"state": "疑似"`, `"state": "核实不属实"`), "its cases"},
		"another head":            {changed(`"seq": 3`, `"seq": 4`), "missing"},
		"a remark put in":         {changed(`"format": 1`, `"format": 1, "note": "x"`), "not what the events come to"},
		"an event without a case": {`{"format":1,"events":[{}]}`, "event 1"},
		"no history":              {"<html>", "history"},
	} {
		file := filepath.Join(dir, "bad.json")
		if err := os.WriteFile(file, []byte(tt.data), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := verify(1, file); !strings.Contains(got, tt.says) {
			t.Errorf("%s: got %q, want it to say %q", name, got, tt.says)
		}
	}
}
