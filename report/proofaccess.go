package report

import (
	"fmt"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// A proofAccess is how a site's home page opened, with every visit that did not.
type proofAccess struct {
	Indicator string         `json:"indicator"`
	From      string         `json:"from"` // first and last day
	To        string         `json:"to"`
	Visits    int            `json:"visits"`
	Failed    int            `json:"failed"`
	NotMade   int            `json:"not_made"`
	Fewest    int            `json:"fewest"` // visits on a day
	Share     string         `json:"share"`  // percent that failed
	Judged    bool           `json:"judged"`
	Fails     bool           `json:"fails"`
	Failures  []proofFailure `json:"failures"`
}

// A proofFailure is one visit that did not open.
type proofFailure struct {
	At     string `json:"at"`
	URL    string `json:"url"`
	Class  string `json:"class"`
	Status int    `json:"status"`
	TookMS int64  `json:"took_ms"`
	Detail string `json:"detail"`
}

// proofOfAccess is nil where nobody knocked.
func proofOfAccess(a *rules.Access) *proofAccess {
	if a == nil || a.Visits+a.NotMade == 0 {
		return nil
	}
	p := &proofAccess{
		Indicator: a.Indicator, From: a.From.Format(time.DateOnly), To: a.To.AddDate(0, 0, -1).Format(time.DateOnly), Visits: a.Visits, Failed: a.Shut,
		NotMade: a.NotMade, Fewest: a.Fewest, Share: fmt.Sprintf("%.1f", a.Share()), Judged: a.Judged, Fails: a.Fails, Failures: []proofFailure{},
	}
	for _, f := range a.Failed {
		p.Failures = append(p.Failures, proofFailure{
			At: f.At.In(extract.Beijing).Format(time.RFC3339), URL: f.URL, Class: string(f.Class), Status: f.Status, TookMS: f.Took.Milliseconds(), Detail: f.Detail,
		})
	}
	return p
}

// access shows how a home page opened.
func (s *showing) access(p Proof) {
	a := p.Access
	if a == nil {
		return
	}
	s.title("首页访问", "Visits of the home page")
	s.line(s.t.say("%s至%s访问%d次，未能及时打开%d次，占%s%%，不计%d次", "%s to %s: %d visits, %d not opened in time, %s%%, %d not counted"),
		a.From, a.To, a.Visits, a.Failed, a.Share, a.NotMade)
	if !a.Judged {
		s.line(s.t.say("有的日子只访问%d次，不作判断", "on some day there were %d visits alone: it is not judged"), a.Fewest)
	}
	for _, f := range a.Failures {
		s.line("  %s  %.1f s  %s  %s", f.At, float64(f.TookMS)/1000, f.Class, f.Detail)
	}
}
