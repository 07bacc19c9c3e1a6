package report

import (
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// The proof of a site that does not open names every visit that failed.
func TestProofOfAccess(t *testing.T) {
	day := time.Date(2023, 9, 28, 0, 0, 0, 0, extract.Beijing)
	a := &rules.Access{
		Indicator: "national.V2.access", From: day.AddDate(0, 0, -7), To: day, Visits: 168, Shut: 1, NotMade: 2, Fewest: 23, Judged: true,
		Failed: []rules.Probe{{At: day.Add(-time.Hour), URL: "http://fgw.example/", Class: extract.ClassTimeout, Took: 15 * time.Second, Detail: "\x1b[31mthe page was not complete in time"}},
	}
	s := &showing{t: "zh"}
	s.access(Proof{Access: proofOfAccess(a)})
	got := s.b.String()
	for _, want := range []string{"2023-09-21至2023-09-27访问168次，未能及时打开1次，占0.6%，不计2次", "2023-09-27T23:00:00+08:00  15.0 s  timeout"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("a detail reaches the terminal as it came: %q", got)
	}
	if proofOfAccess(nil) != nil || proofOfAccess(&rules.Access{}) != nil {
		t.Error("where nobody knocked there is a proof of access")
	}
}
