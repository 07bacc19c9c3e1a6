package report

import "testing"

// A column stale by two windows is explained by the one it overstepped first.
func TestTheShorterWindowExplainsAColumn(t *testing.T) {
	c := Column{State: "stale", States: []byRule{
		{Indicator: "six months", State: "stale", StaleSince: "2023-07-31"},
		{Indicator: "two weeks", State: "stale", StaleSince: "2023-02-15"},
		{Indicator: "blank", State: "fresh"},
	}}
	if got := c.decisive().Indicator; got != "two weeks" {
		t.Errorf("got %s, want two weeks", got)
	}
}
