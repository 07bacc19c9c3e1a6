package simcity

import (
	"testing"
	"time"
)

func TestTruthSaysWhatAPersonCouldRead(t *testing.T) {
	tests := []struct {
		event, subject string
		readable       bool
	}{
		{"subjects: [nfcms/dt], dates: head", "nfcms/dt", true},
		{"subjects: [nfcms/dt], dates: far-ahead", "nfcms/dt", true},
		{"subjects: [nfcms/dt], rows: upwards", "nfcms/dt", true},
		{"subjects: [nfcms/dt], script: rendered", "nfcms/dt", true},
		{"hosts: [nfcms.test.gov.cn], charset: gbk-as-utf-8", "nfcms/dt", true},
		{"hosts: [nfcms.test.gov.cn], redesign: cms, as: vsb", "nfcms", true},
		{"subjects: [nfcms/dt], dates: one-day", "nfcms/dt", false},
		{"subjects: [nfcms/dt], dates: every-row", "nfcms/dt", false},
		{"subjects: [nfcms/dt], dates: every-row", "nfcms", false}, // its home page lists the column
		{"subjects: [nfcms/dt], fails: half", "nfcms/dt", false},
		{"subjects: [nfcms/dt], fails: half", "nfcms/tzgg", true},
		{"hosts: [nfcms.test.gov.cn], fails: notice", "nfcms", false},
		{"hosts: [nfcms.test.gov.cn], fails: portal", "nfcms", true},
		{"hosts: [weibo.feed.example], fails: reset", "account:140300M019XL0001", true}, // the platform itself shows it
		{"hosts: [weibo.feed.example, m.weibo.cn], fails: reset", "account:140300M019XL0001", false},
	}
	for _, tt := range tests {
		c := start(t, town(), townFacts, Options{At: during, Events: happening(tonight + tt.event + "}")})
		got := c.Truth(tt.subject, during)
		if got.Readable != tt.readable || got.Readable == (got.Why != "") || got.Newest.IsZero() {
			t.Errorf("%s, %s: %+v; want readable: %v, a reason if not, and a day", tt.event, tt.subject, got, tt.readable)
		}
		if !c.Truth(tt.subject, before).Readable {
			t.Errorf("%s, %s: not readable the day before", tt.event, tt.subject)
		}
	}
}

// After a migration the first item with a day of its own can be told again.
func TestMigratedListIsReadableOnceSomethingIsNew(t *testing.T) {
	c := start(t, town(), townFacts, Options{At: during, Events: happening("{from: 2023-10-10, subjects: [nfcms/dt, nfcms/tzgg], dates: one-day}")})
	later := during.AddDate(0, 0, 14)
	if got := c.Truth("nfcms/dt", later); !got.Readable || got.Newest.Before(during) {
		t.Errorf("a column that publishes: %+v", got)
	}
	if got := c.Truth("nfcms/tzgg", later); got.Readable || got.Newest.Format(time.DateOnly) != "2022-08-29" {
		t.Errorf("a column that does not: %+v", got)
	}
}

func TestTruthOfSectionsAndStrangers(t *testing.T) {
	c := start(t, sectioned(), townFacts+"  trs/zdhy: {absent: true}\n", Options{At: during})
	if got := c.Truth("trs/zdhy", during); !got.Absent || !got.Readable {
		t.Errorf("absent section: %+v", got)
	}
	if got := c.Truth("vsb/zdhy", during); got.Absent || !got.Readable {
		t.Errorf("section that is there: %+v", got)
	}
	if got := c.Truth("no/such", during); got.Readable || got.Why == "" {
		t.Errorf("unknown subject: %+v", got)
	}
	if got := c.Truth("account:140300M019XL0001", during); got.Name != "阳泉网安" {
		t.Errorf("account: %+v, want the name it shows", got)
	}
}
