package main

import (
	"strings"
	"testing"
	"time"
)

// Every wrong row of 10,000 is named, by the rule that is meant for it (how long that takes is for the program to measure, on a machine that does nothing else).
func TestWrongRowsAreNamed(t *testing.T) {
	var b strings.Builder
	if err := takeIn(&b, time.Minute); err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
}
