package rules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/inventory"
)

// patrolledCity is a city of ten sites, each on a host of its own.
func patrolledCity(t testing.TB) *town {
	w := newTown(t)
	w.City.Carriers = nil
	for i := range 10 {
		id := fmt.Sprint("s", i)
		w.City.Units = append(w.City.Units, inventory.Unit{ID: id, Level: inventory.LevelDepartment})
		w.City.Carriers = append(w.City.Carriers, inventory.Carrier{ID: id, Kind: inventory.Site, Unit: id, Home: "http://" + id + ".gov.cn/"})
		w.Looks[id] = []Look{look(night, listed("2023-09-26"))}
	}
	w.Probes = map[string][]Probe{}
	return w
}

// knocks has every site knocked at in each hour of the days before the point, in
// an order that chance decides, and came say what came of each.
func (w *town) knocks(daysBack, perDay int, came func(site int, at time.Time) Came) {
	chance := rand.New(rand.NewPCG(1, 2))
	w.Probes = map[string][]Probe{}
	end := extract.DayOf(w.Point)
	slot := 24 * time.Hour / time.Duration(perDay)
	for n := range daysBack * perDay {
		start := end.AddDate(0, 0, -daysBack).Add(time.Duration(n) * slot)
		for place, site := range chance.Perm(len(w.City.Carriers)) {
			id := w.City.Carriers[site].ID
			at := start.Add(slot/4 + slot/2*time.Duration(place)/time.Duration(len(w.City.Carriers)))
			w.Probes[id] = append(w.Probes[id], Probe{At: at, Came: came(site, at), Took: time.Second})
		}
	}
}

func (w *town) accessOf(id string) (Access, SiteResult, []Finding) {
	res := w.judge()
	for _, s := range res.Sites {
		if s.Carrier.ID != id {
			continue
		}
		var found []Finding
		for _, f := range res.Findings {
			if f.Subject == id && f.Indicator == "national.V2.access" {
				found = append(found, f)
			}
		}
		return *s.Access, s, found
	}
	return Access{}, SiteResult{}, nil
}

func TestAccess(t *testing.T) {
	day := extract.DayOf(point)
	hourly := func(hours int) func(int, time.Time) Came { // s0 is shut in the first hours of the last day
		return func(site int, at time.Time) Came {
			if site == 0 && !at.Before(day.AddDate(0, 0, -1)) && at.Before(day.AddDate(0, 0, -1).Add(time.Duration(hours)*time.Hour)) {
				return Shut
			}
			return Opened
		}
	}
	tests := []struct {
		name          string
		days, perDay  int
		came          func(site int, at time.Time) Came
		judged, fails bool
		visits, shut  int
		verdict       Verdict
	}{
		{name: "a quiet week", days: 7, perDay: 24, came: hourly(0), judged: true, visits: 168, verdict: Pass},
		{name: "eight of 168 are below five percent", days: 7, perDay: 24, came: hourly(8), judged: true, visits: 168, shut: 8, verdict: Pass},
		{name: "nine are not", days: 7, perDay: 24, came: hourly(9), judged: true, fails: true, visits: 168, shut: 9, verdict: Pending},
		{name: "down all week", days: 7, perDay: 24, came: func(site int, _ time.Time) Came {
			if site == 0 {
				return Shut
			}
			return Opened
		}, judged: true, fails: true, visits: 168, shut: 168, verdict: Pending},
		{name: "six days are no week", days: 6, perDay: 24, came: hourly(20), visits: 144, shut: 20, verdict: Pass},
		{name: "twelve a day are too few", days: 7, perDay: 12, came: func(site int, _ time.Time) Came {
			if site == 0 {
				return Shut
			}
			return Opened
		}, visits: 67, shut: 67, verdict: Pass},
		{name: "one day of too few visits", days: 7, perDay: 24, came: func(site int, at time.Time) Came {
			switch {
			case site == 0 && extract.DayOf(at).Equal(day.AddDate(0, 0, -3)) && at.Hour() < 5:
				return Untold
			case site == 0:
				return Shut
			}
			return Opened
		}, visits: 163, shut: 163, verdict: Pass},
		{name: "our own network is down for a day", days: 7, perDay: 24, came: func(_ int, at time.Time) Came {
			if extract.DayOf(at).Equal(day.AddDate(0, 0, -2)) {
				return Shut
			}
			return Opened
		}, visits: 144, verdict: Pass},
		{name: "our own network is down for half an hour every hour of a night", days: 7, perDay: 24, came: func(_ int, at time.Time) Came {
			if at.Hour() < 3 && at.Minute() >= 15 {
				return Shut
			}
			return Opened
		}, visits: 147, verdict: Pass, judged: true},
		{name: "it turns us away", days: 7, perDay: 24, came: func(site int, _ time.Time) Came {
			if site == 0 {
				return Untold
			}
			return Opened
		}, verdict: Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := patrolledCity(t)
			w.knocks(tt.days, tt.perDay, tt.came)
			a, site, found := w.accessOf("s0")
			if a.Judged != tt.judged || a.Fails != tt.fails || a.Visits != tt.visits || a.Shut != tt.shut || len(a.Failed) != a.Shut {
				t.Errorf("judged %v, fails %v, %d visits, %d shut, %d failed; want %v, %v, %d, %d", a.Judged, a.Fails, a.Visits, a.Shut, len(a.Failed), tt.judged, tt.fails, tt.visits, tt.shut)
			}
			if site.Verdict != tt.verdict || (len(found) == 1) != tt.fails {
				t.Errorf("verdict %s, findings %v; want %s", site.Verdict, found, tt.verdict)
			}
			for i := 1; i < len(w.City.Carriers); i++ {
				if a, _, _ := w.accessOf(fmt.Sprint("s", i)); a.Shut > 0 {
					t.Errorf("s%d: %d shut, want none", i, a.Shut)
				}
			}
		})
	}
}

func TestAccessFindingSaysWhatWasSeen(t *testing.T) {
	w := patrolledCity(t)
	w.knocks(7, 24, func(site int, at time.Time) Came {
		if site == 0 && at.Hour() < 2 {
			return Shut
		}
		return Opened
	})
	_, site, found := w.accessOf("s0")
	if want := "网站无法访问，2023-09-21至2023-09-27访问168次，其中14次超过15秒未能打开，占8.3%"; len(found) != 1 || found[0].Text != want || found[0].Status != "疑似" {
		t.Errorf("findings %+v; want one 疑似 with %q", found, want)
	}
	if strings.Join(site.Reasons, ";") != "网站无法访问" {
		t.Errorf("reasons %q", site.Reasons)
	}
	if f := found[0]; !strings.Contains(f.Basis, "监测1周，每天间隔性访问20次以上") {
		t.Errorf("basis %q", f.Basis)
	}
}

// What opens only after the time of the clause has not opened.
func TestAccessTakesNoLongerThanTheClause(t *testing.T) {
	w := patrolledCity(t)
	w.knocks(7, 24, func(int, time.Time) Came { return Opened })
	for i := range w.Probes["s0"] {
		if i%10 == 0 {
			w.Probes["s0"][i].Took = 15 * time.Second
		} else {
			w.Probes["s0"][i].Took = 15*time.Second - time.Millisecond
		}
	}
	if a, _, _ := w.accessOf("s0"); !a.Fails || a.Shut != 17 {
		t.Errorf("%d shut, fails %v; want 17 and true", a.Shut, a.Fails)
	}
}

// Another body's finding stands without any knock of ours, and is a verdict.
func TestAccessOfARegister(t *testing.T) {
	w := patrolledCity(t)
	w.Registers = []inventory.Entry{{Subject: "s0", Indicator: "national.V2.access", Source: "上级通报", Date: extract.DayOf(point), Text: "网站无法访问"}}
	_, site, found := w.accessOf("s0")
	if site.Verdict != Fail || len(found) != 1 || found[0].Status != "认定" {
		t.Errorf("verdict %s, findings %+v; want 不合格 and one 认定", site.Verdict, found)
	}
}

// A city of one site has nobody to bear witness.
func TestAccessOfOneSiteAloneAccusesNobody(t *testing.T) {
	w := patrolledCity(t)
	w.City.Carriers = w.City.Carriers[:1]
	w.knocks(7, 24, func(int, time.Time) Came { return Shut })
	if a, _, found := w.accessOf("s0"); a.Judged || len(found) > 0 || a.NotMade != 168 {
		t.Errorf("%+v, findings %v; want 168 not made and nobody accused", a, found)
	}
}

// Whatever fails for all sites at once, whenever and however long, nobody is
// accused of.
func TestAccessOfOneCauseAccusesNobody(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := patrolledCity(t)
		type span struct{ from, to time.Time }
		var outages []span
		begin := extract.DayOf(point).AddDate(0, 0, -7)
		for range rapid.IntRange(0, 20).Draw(r, "outages") {
			from := begin.Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(r, "minute")) * time.Minute)
			outages = append(outages, span{from, from.Add(time.Duration(rapid.IntRange(15, 600).Draw(r, "length")) * time.Minute)})
		}
		w.knocks(7, 24, func(_ int, at time.Time) Came {
			for _, o := range outages {
				if !at.Before(o.from) && at.Before(o.to) {
					return Shut
				}
			}
			return Opened
		})
		for _, s := range w.judge().Sites {
			if s.Access.Fails {
				r.Fatalf("%s is accused: %d of %d visits, by outages %v", s.Carrier.ID, s.Access.Shut, s.Access.Visits, outages)
			}
		}
	})
}

func TestAccessRulesThatMeanNothing(t *testing.T) {
	const head = "name: x\nlooks: {before: PT48H, after: PT24H, apart: PT1H, number: 2}\nindicators:\n"
	const body = "  - {id: x.access, kind: access, name: n, text: t, document: d, basis: b, confidence: H, effect: veto, "
	for _, tt := range []struct{ keys, says string }{
		{"window: P7D, visits: 20, seconds: 15, share: 5}", ""},
		{"window: P1M, visits: 20, seconds: 15, share: 5}", "visits are counted over whole days; write P7D"},
		{"visits: 20, seconds: 15, share: 5}", "has no window"},
		{"window: P7D, seconds: 15, share: 5}", "has no visits"},
		{"window: P7D, visits: 0, seconds: 15, share: 5}", "want a whole number from 1 on"},
		{"window: P7D, visits: 20, seconds: 15, share: 5, classes: [其他]}", "means nothing for an indicator of kind access"},
	} {
		_, err := Parse([]inventory.File{{Name: "rulesets/x.yaml", Data: []byte(head + body + tt.keys)}}, "x")
		if tt.says == "" && err != nil || tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%s: %v; want %q", tt.keys, err, tt.says)
		}
	}
}

// While our own network is down every site's page would list knocks that did not
// open: they are shown as what they are, no word about the site.
func TestHostile_KnocksOfOurOwnOutageAccuseNoSite(t *testing.T) {
	city := &inventory.City{}
	probes := map[string][]Probe{}
	at := time.Date(2023, 9, 20, 0, 10, 0, 0, extract.Beijing)
	for i := range 6 {
		id := string(rune('a' + i))
		city.Carriers = append(city.Carriers, inventory.Carrier{ID: id, Kind: inventory.Site, Home: "http://" + id + ".example.gov.cn/"})
		for hour := range 12 {
			came := Opened
			if hour == 4 || hour == 8 && id == "c" { // everybody at four, one site at eight
				came = Shut
			}
			probes[id] = append(probes[id], Probe{At: at.Add(time.Duration(hour)*time.Hour + time.Duration(i)*5*time.Minute), Came: came})
		}
	}
	shut := func(id string) (n int) {
		for _, p := range Settled(city, probes, id) {
			if p.Came == Shut {
				n++
			}
		}
		return n
	}
	if shut("a") != 0 || shut("c") != 1 {
		t.Errorf("a did not open %d times, c %d; want 0 and 1", shut("a"), shut("c"))
	}
	if Settled(city, probes, "nobody") != nil || len(Settled(city, probes, "a")) != 12 || probes["a"][4].Came != Shut {
		t.Error("knocks are lost, made up or changed")
	}
}
