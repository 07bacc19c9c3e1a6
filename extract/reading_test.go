package extract

import (
	"testing"
	"time"
)

func TestReasonOfClass(t *testing.T) {
	tests := []struct {
		class Class
		want  Reason
	}{
		{ClassDNSNotFound, ReasonDown}, {ClassDNSTemporary, ReasonDown}, {ClassDNSTimeout, ReasonDown}, {ClassRefused, ReasonDown},
		{ClassReset, ReasonDown}, {ClassTimeout, ReasonDown}, {ClassTooSlow, ReasonDown}, {ClassUnreachable, ReasonDown},
		{ClassCutBody, ReasonDown}, {ClassTLS, ReasonDown}, {ClassTLSExpired, ReasonDown}, {ClassTLSName, ReasonDown},
		{ClassTLSUnknown, ReasonDown}, {ClassStatus5xx, ReasonDown}, {ClassMalformed, ReasonDown}, {ClassHeaderTooLarge, ReasonDown},
		{ClassEmptyBody, ReasonDown}, {ClassBadEncoding, ReasonDown}, {ClassNoSuchEncoding, ReasonDown}, {ClassRedirectLoop, ReasonDown},
		{ClassRedirectInvalid, ReasonDown}, {ClassCircuit, ReasonDown},
		{ClassNotFound, ReasonGone}, {ClassForeign, ReasonGone}, {ClassStatus4xx, ReasonGone},
		{ClassForbidden, ReasonBlocked}, {ClassTooMany, ReasonBlocked}, {ClassChallenge, ReasonBlocked},
		{ClassRobots, ReasonRobots}, {ClassBudget, ReasonPartial}, {ClassNoBrowser, ReasonScript},
		{ClassOurs, ReasonNotLooked}, {ClassEgress, ReasonNotLooked}, {ClassDeadline, ReasonNotLooked}, {ClassNotNow, ReasonNotLooked},
		{ClassURLInvalid, ReasonLost}, {ClassUnexpected, ReasonLost}, {ClassBodyTooLarge, ReasonLost},
		{"a class of a newer program", ReasonDown},
	}
	for _, tt := range tests {
		if got := tt.class.Reason(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.class, got, tt.want)
		}
	}
}

// The Beijing day begins at 16:00 of the day before in Greenwich, wherever the
// program runs.
func TestDayOf(t *testing.T) {
	tests := []struct{ at, want string }{
		{"2023-09-26T15:59:59Z", "2023-09-26"},
		{"2023-09-26T16:00:00Z", "2023-09-27"},
		{"2023-09-27T00:00:00+08:00", "2023-09-27"},
		{"2023-09-26T23:00:00-05:00", "2023-09-27"},
	}
	for _, tt := range tests {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		got := DayOf(at)
		if got.Format(time.DateOnly) != tt.want || got.Hour() != 0 || got.Location() != Beijing {
			t.Errorf("%s: got %s, want midnight in Beijing of %s", tt.at, got, tt.want)
		}
		if d := (Date{Time: at}); !d.Day().Equal(got) || d.IsZero() {
			t.Errorf("%s: Date.Day is %s, want %s", tt.at, d.Day(), got)
		}
	}
}

func TestConclusive(t *testing.T) {
	for outcome, want := range map[Outcome]bool{Dated: true, Empty: true, Found: true, Absent: true, Unread: false, "": false} {
		if got := (Reading{Outcome: outcome}).Conclusive(); got != want {
			t.Errorf("%q: got %t, want %t", outcome, got, want)
		}
	}
}

func TestRecipeOverProfile(t *testing.T) {
	base := Recipe{Source: SourceHTML, List: "ul.a", Item: "li", Title: "a", Link: "a", Date: "span", DateFormat: "01-02", Empty: "暂无", Next: "index_{n}.html", Last: "b", Name: "h1"}
	if got := (Recipe{}).Over(base); got != base {
		t.Errorf("got %+v, want all of the profile", got)
	}
	own := Recipe{Source: SourceFeed, Date: "em", List: "div"}
	got := own.Over(base)
	if got.Source != SourceFeed || got.Date != "em" || got.List != "div" || got.Item != "li" || got.Next != base.Next {
		t.Errorf("got %+v, want its own fields and the profile's others", got)
	}
	if own.Item != "" {
		t.Errorf("Over changed its receiver: %+v", own)
	}
}

func TestHeaderValue(t *testing.T) {
	p := Page{Header: map[string][]string{"Content-Type": {"text/html", "x"}}}
	if got := p.HeaderValue("Content-Type"); got != "text/html" {
		t.Errorf("got %q, want the first value", got)
	}
	if got := (Page{}).HeaderValue("Etag"); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}
