package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/internal/schedule"
)

// parseMoment reads a monitoring point or a clock: RFC 3339, or a date, which
// means 24:00 of that day in Beijing.
func parseMoment(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return plausible(text, t.In(extract.Beijing))
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing); err == nil {
		return plausible(text, t.AddDate(0, 0, 1))
	}
	return time.Time{}, fmt.Errorf("%q is no moment: give a date as 2023-09-27 (24:00 in Beijing) or RFC 3339 as 2023-09-27T08:00:00+08:00", text)
}

// plausible refuses moments no patrol can have seen.
func plausible(text string, t time.Time) (time.Time, error) {
	if t.Year() < 2000 || t.Year() > 2100 {
		return time.Time{}, fmt.Errorf("%q is out of range: give a moment between the years 2000 and 2100", text)
	}
	return t, nil
}

// parseSimulate reads T[:FACTS]. T may hold colons itself.
func parseSimulate(text string) (at time.Time, facts string, err error) {
	if at, err = parseMoment(text); err == nil {
		return at, "", nil
	}
	for i, r := range text {
		if r != ':' {
			continue
		}
		if t, perr := parseMoment(text[:i]); perr == nil {
			return t, text[i+1:], nil
		}
	}
	head, _, _ := strings.Cut(text, ":")
	return time.Time{}, "", fmt.Errorf("--simulate %s: %q is no moment: give T or T:FACTS.yaml, as 2023-09-27:facts.yaml", text, head)
}

// A stopped clock stands still: everything in a simulated round happens at its
// moment, so that the same facts give the same bytes.
type stopped time.Time

func (c stopped) Now() time.Time { return time.Time(c) }

// wall is the real clock.
type wall struct{}

func (wall) Now() time.Time { return time.Now().In(extract.Beijing) }

// Sleep waits for a moment, a minute at most: the clock may be set meanwhile.
func (wall) Sleep(ctx context.Context, until time.Time) { schedule.Wall{}.Sleep(ctx, until) }
