package simcity

import (
	"strings"
	"testing"
)

// happening makes an events file of lines.
func happening(lines ...string) []byte {
	return []byte("events:\n  - " + strings.Join(lines, "\n  - ") + "\n")
}

func TestEventErrorsNameTheirLine(t *testing.T) {
	const ok = "{from: 2023-10-01, hosts: [trs.test.gov.cn], fails: waf}"
	tests := []struct {
		name, event, want string
	}{
		{"unknown key", "{from: 2023-10-01, host: trs, fails: waf}", `nights.yaml:3:24: unknown field "host"`},
		{"no kind", "{from: 2023-10-01, all: true}", "nights.yaml:3:5: nothing happens; kinds are charset, closes, dates"},
		{"two kinds", "{from: 2023-10-01, all: true, fails: waf, rows: hot}", "rows beside fails"},
		{"unknown word of a kind", "{from: 2023-10-01, all: true, rows: sideways}", `rows: unknown "sideways"; known are pinned, upwards`},
		{"no first day", "{all: true, fails: waf}", "from: name the first day"},
		{"no day", "{from: 2023-02-30, all: true, fails: waf}", `"2023-02-30" is no day`},
		{"ends before it begins", "{from: 2023-10-02, to: 2023-10-01, all: true, fails: waf}", "to is before from"},
		{"nowhere", "{from: 2023-10-01, fails: waf}", "say either all: true, or hosts, or subjects"},
		{"in two ways", "{from: 2023-10-01, all: true, hosts: [trs.test.gov.cn], fails: waf}", "say either all: true"},
		{"unknown host", "{from: 2023-10-01, hosts: [no.example], fails: waf}", `unknown host "no.example"`},
		{"a glob of nothing", `{from: 2023-10-01, subjects: ["no/*"], fails: waf}`, `no subject is called "no/*"`},
		{"a redesign of a column", "{from: 2023-10-01, subjects: [trs/dt], redesign: markup, as: cards}", "a whole site changes"},
		{"a redesign into nothing", "{from: 2023-10-01, hosts: [trs.test.gov.cn], redesign: markup, as: trs}", `as: unknown "trs"; known are cards`},
		{"a system that has no pages", "{from: 2023-10-01, hosts: [trs.test.gov.cn], redesign: cms, as: rss}", `as: unknown "rss"; known are trs`},
		{"old addresses that answer oddly", "{from: 2023-10-01, hosts: [trs.test.gov.cn], redesign: addresses, as: cards, old: 200}", "301, 302 or 404"},
		{"a skin for a failure", "{from: 2023-10-01, all: true, fails: waf, as: cards}", "as goes with a redesign"},
		{"a network of one host", "{from: 2023-10-01, hosts: [trs.test.gov.cn], fails: network}", "fails for all of the city"},
		{"silence of a host", "{from: 2023-10-01, hosts: [trs.test.gov.cn], publishes: nothing}", "name the subjects"},
		{"silence of a home page", "{from: 2023-10-01, subjects: [trs], publishes: nothing}", "neither a column nor an account"},
		{"silence after silence", "{from: 2023-10-01, subjects: [trs/tzgg], publishes: nothing}", "its facts say that it has"},
		{"a revival of what never stopped", "{from: 2023-10-01, subjects: [trs/dt], publishes: again}", "do not say that it stopped"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := New(town(), []byte(townFacts), Options{At: point, Events: happening(ok, tt.event)})
			if err == nil {
				c.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("event %s: error %v, want %q", tt.event, err, tt.want)
			}
		})
	}
}

func TestAllEventErrorsAtOnce(t *testing.T) {
	_, err := New(town(), nil, Options{At: point, EventsFile: "copy.yaml", Events: happening("{}", "{from: x}")})
	if err == nil || !strings.Contains(err.Error(), "copy.yaml:2:5:") || !strings.Contains(err.Error(), "copy.yaml:3:5:") {
		t.Errorf("two wrong events: %v; want both, with the file's name", err)
	}
	if _, err := New(town(), nil, Options{At: point, Events: []byte("event: []\n")}); err == nil || !strings.Contains(err.Error(), `nights.yaml:1:1: unknown key "event"`) {
		t.Errorf("unknown key of the file: %v", err)
	}
	if _, err := New(town(), nil, Options{At: point, Events: []byte("events: {}\n")}); err == nil || !strings.Contains(err.Error(), "want a list of events") {
		t.Errorf("no list: %v", err)
	}
}
