package main

import (
	"fmt"
	"strings"

	"xuncha/report"
	"xuncha/workshop"
)

// diff prints the lines that differ between two texts.
func (a *app) diff(before, after []byte) {
	from, lines := workshop.Diff(before, after)
	fmt.Fprintln(a.stdout, a.paint(faint, fmt.Sprintf("@@ %d @@", from)))
	for _, l := range lines {
		c := faint
		switch l.Mark {
		case '-':
			c = bad
		case '+':
			c = good
		}
		fmt.Fprintln(a.stdout, a.paint(c, string(l.Mark)+report.Plain(strings.ReplaceAll("|"+l.Text, "\t", "    "), 200)[1:]))
	}
}

// lines splits a text without the ends of its lines.
func lines(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}
