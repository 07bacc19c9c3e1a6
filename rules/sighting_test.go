package rules

import (
	"testing"
	"time"

	"xuncha/inventory"
)

// Items after the point that hide what stood on the page before it leave a
// lower bound, which accuses nobody.
func TestLookAfterThePointMayHideItems(t *testing.T) {
	w := newTown(t)
	hidden := listed("2021-03-01", "2023-09-29", "2023-09-29")
	w.column("fgw", "动态", inventory.ClassNews, look(w.Point.Add(20*time.Hour), hidden))
	if got := w.judge().Columns[0]; got.State != Unknown {
		t.Errorf("got %s: what was shown on the point's day may have moved to page two", got.State)
	}
}
