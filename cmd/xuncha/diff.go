package main

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/report"
)

// diffContext is how many lines around a change are shown.
const diffContext = 2

// diff prints the lines that differ between two texts. Changes lie close
// together, so one hunk shows them.
func (a *app) diff(before, after string) {
	old, now := lines(before), lines(after)
	head, tail := 0, 0
	for head < min(len(old), len(now)) && old[head] == now[head] {
		head++
	}
	for tail < min(len(old), len(now))-head && old[len(old)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	show := func(mark string, c colour, all []string) {
		for _, line := range all {
			fmt.Fprintln(a.stdout, a.paint(c, mark+report.Plain(strings.ReplaceAll("|"+line, "\t", "    "), 200)[1:]))
		}
	}
	from := max(0, head-diffContext)
	fmt.Fprintln(a.stdout, a.paint(faint, fmt.Sprintf("@@ %d @@", from+1)))
	show(" ", faint, old[from:head])
	for _, step := range changes(old[head:len(old)-tail], now[head:len(now)-tail]) {
		switch step[0] {
		case '-':
			show("-", bad, []string{step[1:]})
		case '+':
			show("+", good, []string{step[1:]})
		default:
			show(" ", faint, []string{step[1:]})
		}
	}
	show(" ", faint, old[len(old)-tail:min(len(old), len(old)-tail+diffContext)])
}

// lines splits a text without the ends of its lines.
func lines(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}

// changes turns one list of lines into another: each step is a line behind "-",
// "+" or " ".
func changes(old, now []string) []string {
	var steps []string
	for _, line := range old {
		i := slices.Index(now, line)
		if i < 0 {
			steps = append(steps, "-"+line)
			continue
		}
		for _, added := range now[:i] {
			steps = append(steps, "+"+added)
		}
		steps, now = append(steps, " "+line), now[i+1:]
	}
	for _, added := range now {
		steps = append(steps, "+"+added)
	}
	return steps
}
