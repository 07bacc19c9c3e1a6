//go:build !race

package main

import (
	"strings"
	"testing"
)

// Three sites of different systems stand for all; measure suggest explores the
// whole city.
func TestSuggestFindsColumnsAndClasses(t *testing.T) {
	var out strings.Builder
	if err := suggest(t.Context(), []string{"jrb", "sjj", "yq"}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if fields := strings.Fields(out.String()[strings.LastIndex(out.String(), "all"):]); len(fields) < 2 || fields[1] != "47" {
		t.Errorf("got\n%s\nwant the 47 columns of three sites", out.String())
	}
}
