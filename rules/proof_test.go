package rules

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/inventory"
)

// Every accusation can be shown: by a look inside the interval that read the
// list, dated it and found nothing inside the window, while no look ever showed
// an item that would clear it.
func TestEveryStaleColumnHasItsProof(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		looks := anyLooks(rt)
		for _, c := range townOf(t, looks).judge().Columns {
			for _, st := range c.States {
				if st.State != Stale || st.Window == "" {
					continue
				}
				r := c.Look.Reading
				if r.Outcome != extract.Dated || r.AtLeast {
					rt.Errorf("%s is stale by %s with a reading %s, a lower bound %v", c.Column.ID, st.Indicator, r.Outcome, r.AtLeast)
				}
				if c.Look.At.Before(point.Add(-48*time.Hour)) || c.Look.At.After(point.Add(24*time.Hour)) {
					rt.Errorf("%s is stale by %s by a look of %s", c.Column.ID, st.Indicator, c.Look.At)
				}
				if !c.Newest.Day().Before(st.WindowStart) || st.StaleSince.After(day("2023-09-27")) {
					rt.Errorf("%s is stale by %s since %s with an item of %s", c.Column.ID, st.Indicator, shown(st.StaleSince), shown(c.Newest.Time))
				}
				if l := clearedBy(looks, st.WindowStart); l != nil {
					rt.Errorf("%s is stale by %s though %s showed an item inside the window", c.Column.ID, st.Indicator, l.At)
				}
			}
		}
	})
}

// clearedBy returns a look that counts at the point and shows an item between a
// day and the point's.
func clearedBy(looks []Look, start time.Time) *Look {
	for i, l := range looks {
		if l.At.After(point.Add(24*time.Hour)) || l.Reading.Outcome != extract.Dated {
			continue
		}
		for _, item := range l.Reading.Items {
			if !item.Date.Day().Before(start) && !item.Date.Day().After(day("2023-09-27")) {
				return &looks[i]
			}
		}
	}
	return nil
}

func TestEveryStateRestsOnSomething(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		res := townOf(t, anyLooks(rt)).judge()
		for _, c := range res.Columns {
			switch {
			case c.State == Unknown && (c.Reason == "" || c.Looks != 0):
				rt.Errorf("%s is unknown for %q by %d looks", c.Column.ID, c.Reason, c.Looks)
			case c.State != Unknown && (c.Reason != "" || c.Look == nil || c.Looks < 1):
				rt.Errorf("%s is %s for %q by %d looks", c.Column.ID, c.State, c.Reason, c.Looks)
			}
			for _, st := range c.States {
				if st.State.gravity() > c.State.gravity() {
					rt.Errorf("%s is %s and by %s %s", c.Column.ID, c.State, st.Indicator, st.State)
				}
			}
		}
		for _, a := range res.Accounts {
			if (a.Verdict == Fail) != (len(a.Reasons) > 0) {
				rt.Errorf("account %s for %v", a.Verdict, a.Reasons)
			}
		}
		for _, s := range res.Sites {
			if (s.Verdict == Fail) != (len(s.Reasons) > 0) {
				rt.Errorf("site %s for %v", s.Verdict, s.Reasons)
			}
		}
	})
}

// One column more that could not be read never fails a site.
func TestUnreadColumnsNeverFailASite(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newTown(t)
		for range rapid.IntRange(0, 4).Draw(rt, "stale") {
			w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-06-20")))
		}
		for i := range rapid.IntRange(0, 20).Draw(rt, "unread") {
			class := rapid.SampledFrom(inventory.Classes()).Draw(rt, fmt.Sprint("class ", i))
			w.column("fgw", "栏目", class, look(night, unread(extract.ReasonLost)))
		}
		if got := w.judge().Sites[0]; got.Verdict == Fail {
			rt.Errorf("got %v", got.Reasons)
		}
	})
}
