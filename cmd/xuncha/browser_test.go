//go:build !race

package main

import (
	"os/exec"
	"strings"
	"testing"

	"xuncha/report"
)

// filledColumns are columns of the demonstration, one of each family of systems.
var filledColumns = []string{"sjj/gzdt", "slj/gzdt", "ggzy/jygg", "cq/xwzx/yw", "czj/gzdt", "jtj/gzdt", "jq/xwzx/yw", "jrb/gzdt"}

// filledCity is the demonstration's city with columns that scripts fill.
func filledCity(t *testing.T, folder func(*testing.T, ...[3]string) string) string {
	t.Helper()
	facts := "subjects:\n"
	for _, id := range filledColumns {
		facts += "  " + id + ": {rendered: true}\n"
	}
	return folder(t, [3]string{"facts.yaml", "subjects:\n", facts})
}

// A browser adds what only it can see and changes nothing else: what cannot be
// read stays unread, for the same reason.
func TestABrowserReadsWhatScriptsFillAndNothingElse(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("this test needs Chromium: run scripts/need")
	}
	plain := patrolledPlain(t)
	shown := patrolled(t, filledCity(t, browsedFolder))
	without := patrolled(t, filledCity(t, cityFolder))
	blind := states(without.check)
	for id, state := range states(shown.check) {
		if was := states(plain.check)[id]; state != was {
			t.Errorf("%s is %s in a browser, want %s", id, state, was)
		}
	}
	for _, id := range filledColumns {
		if blind[id] != "unknown script" {
			t.Errorf("%s is %q without a browser, want unknown for its script", id, blind[id])
		}
	}
}

// states are the states of a city's columns, with their reasons.
func states(c report.Check) map[string]string {
	all := map[string]string{}
	for _, col := range c.Columns {
		all[col.ID] = strings.TrimSpace(string(col.State) + " " + string(col.Reason))
	}
	return all
}
