package daemon

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

func TestWhatIsAmiss(t *testing.T) {
	now := time.Date(2023, 9, 27, 12, 0, 0, 0, extract.Beijing)
	fine := func() condition {
		return condition{
			now: now, started: now.AddDate(0, -1, 0), round: spec("30 1 * * *"), lastFull: now.Add(-10 * time.Hour), planned: 100, read: 99,
			backup: spec("0 4 * * *"), lastGood: now.Add(-8 * time.Hour), disks: []Disk{{"/data", 50 << 30, 100 << 30}},
		}
	}
	knocks := func(shut int) []knocked {
		var all []knocked
		for i := range lastKnocks {
			came := rules.Opened
			if i < shut {
				came = rules.Shut
			}
			all = append(all, knocked{"s", now.Add(-time.Minute), came})
		}
		return all
	}
	tests := []struct {
		name   string
		change func(c *condition)
		want   AlertKind
	}{
		{"all is well", func(*condition) {}, ""},
		{"a round 26 hours ago", func(c *condition) { c.lastFull = now.Add(-26 * time.Hour) }, ""},
		{"a round more than 26 hours ago", func(c *condition) { c.lastFull = now.Add(-26*time.Hour - time.Minute) }, AlertNoRound},
		{"a new installation has a day", func(c *condition) { c.lastFull, c.started = time.Time{}, now.Add(-25*time.Hour) }, ""},
		{"and no more", func(c *condition) { c.lastFull, c.started = time.Time{}, now.Add(-27*time.Hour) }, AlertNoRound},
		{"rounds once a week", func(c *condition) { c.round, c.lastFull = spec("0 2 * * 1"), now.Add(-7*24*time.Hour) }, ""},
		{"rounds once a week, and none for nine days", func(c *condition) { c.round, c.lastFull = spec("0 2 * * 1"), now.Add(-9*24*time.Hour) }, AlertNoRound},
		{"rounds on working days, on a Monday before its round has ended", func(c *condition) {
			c.now = time.Date(2023, 9, 25, 2, 40, 0, 0, extract.Beijing)
			c.round, c.lastFull, c.lastGood = spec("0 2 * * 1-5"), c.now.Add(-71*time.Hour-30*time.Minute), c.now.Add(-time.Hour)
		}, ""},
		{"no rounds are wanted", func(c *condition) { c.round, c.lastFull = spec0(), time.Time{} }, ""},
		{"80 of 100 read", func(c *condition) { c.read = 80 }, ""},
		{"79 of 100 read", func(c *condition) { c.read = 79 }, AlertCoverage},
		{"a backup of the day before yesterday", func(c *condition) { c.lastGood = now.Add(-49 * time.Hour) }, AlertBackup},
		{"a backup that was missed once", func(c *condition) { c.lastGood = now.Add(-47 * time.Hour) }, ""},
		{"no backups are wanted", func(c *condition) { c.backup, c.lastGood = spec0(), time.Time{} }, ""},
		{"a small disk of which little is left", func(c *condition) { c.disks[0] = Disk{"/data", 1 << 30, 20 << 30} }, AlertDisk},
		{"a large one of which much is left all the same", func(c *condition) { c.disks[0] = Disk{"/data", 100 << 30, 4000 << 30} }, ""},
		{"the disk is full", func(c *condition) { c.full = now }, AlertStorageFull},
		{"a start on a configuration with mistakes", func(c *condition) { c.refused, c.instead = errors.New("unknown key"), "20230926-0130" }, AlertConfig},
		{"a mistake in the configuration", func(c *condition) { c.refused = errors.New("city.yaml:3:1: unknown key") }, AlertConfig},
		{"a platform that turns us away", func(c *condition) { c.platforms = []platformDown{{"weibo", "微博", 19, 2}} }, AlertAdapter},
		{"our own network is down, and nothing of a round was read", func(c *condition) {
			c.lastFull = now.Add(-30 * time.Minute)
			c.knocks, c.read, c.down, c.platforms = knocks(20), 3, 97, []platformDown{{"weibo", "微博", 19, 0}, {"wechat", "微信", 30, 0}}
		}, AlertNetwork},
		{"it was down during the round, and is back", func(c *condition) {
			c.began = c.lastFull.Add(-time.Hour)
			c.outages = []Alert{{Kind: AlertNetwork, Since: c.began.Add(20 * time.Minute), Until: c.lastFull.Add(time.Hour)}}
			c.read, c.down, c.platforms = 3, 97, []platformDown{{"weibo", "微博", 19, 0}}
		}, ""},
		{"it was down before the round", func(c *condition) {
			c.began = c.lastFull.Add(-time.Hour)
			c.outages = []Alert{{Kind: AlertNetwork, Since: c.began.Add(-time.Hour), Until: c.began.Add(-time.Minute)}}
			c.read = 79
		}, AlertCoverage},
		{"a platform was told of before it went down", func(c *condition) { // and is not told of again afterwards
			c.outages = []Alert{{Kind: AlertNetwork, Since: c.lastFull.Add(5 * time.Hour)}}
			c.platforms = []platformDown{{"weibo", "微博", 19, 2}}
		}, AlertAdapter},
		{"nearly nothing answered, and nobody knocked", func(c *condition) {
			c.read, c.down, c.platforms = 3, 90, []platformDown{{"weibo", "微博", 19, 0}, {"wechat", "微信", 30, 0}}
		}, AlertCoverage},
		{"the clock went ahead", func(c *condition) { c.clock.ahead = 48 * time.Hour }, AlertClock},
		{"the clock stands behind", func(c *condition) { c.clock.quarrel = true }, AlertClock},
		{"the clock was put back an hour", func(c *condition) { c.clock.jumped, c.clock.jumpAt, c.steady = -time.Hour, now, now.Add(time.Hour) }, AlertClock},
		{"that was the day before yesterday", func(c *condition) {
			c.clock.jumped, c.clock.jumpAt, c.steady = -time.Hour, now, now.Add(48*time.Hour)
		}, ""},
		{"half of the doors are shut", func(c *condition) { c.knocks = knocks(10) }, ""},
		{"most are", func(c *condition) { c.knocks = knocks(11) }, AlertNetwork},
		{"most were, hours ago", func(c *condition) {
			c.knocks = knocks(20)
			for i := range c.knocks {
				c.knocks[i].at = now.Add(-3 * time.Hour)
			}
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := fine()
			tt.change(&c)
			var kinds []AlertKind
			for _, f := range c.found() {
				kinds = append(kinds, f.kind)
				if f.chinese == "" || f.english == "" || strings.Contains(f.chinese+f.english, "%!") {
					t.Errorf("%+v says nothing, or not well", f)
				}
			}
			if tt.want == "" && len(kinds) > 0 || tt.want != "" && !slices.Equal(kinds, []AlertKind{tt.want}) {
				t.Errorf("got %q, want %q", kinds, tt.want)
			}
		})
	}
}

// An alert begins once and ends once, and what has been stands beside it for a
// while.
func TestAlertsBeginAndEnd(t *testing.T) {
	w := newTown(t, 1)
	st := w.open()
	defer st.Close()
	d := w.daemon(st)
	at := func(h int) time.Time { return time.Date(2023, 9, 27, h, 0, 0, 0, extract.Beijing) }
	take := func(f []found, at time.Time) map[alertKey]Alert {
		changed := d.changes(f, at)
		d.show(changed)
		return changed
	}
	full := []found{{AlertStorageFull, "", "满", "full"}}
	if got := take(full, at(1)); len(got) != 1 {
		t.Errorf("begins: %v", got)
	}
	if got := take(full, at(2)); len(got) != 0 {
		t.Errorf("lasts: %v, want no news", got)
	}
	take(nil, at(3))
	if a := d.Alerts(); len(a) != 1 || !a[0].Since.Equal(at(1)) || !a[0].Until.Equal(at(3)) {
		t.Errorf("is over: %+v", a)
	}
	take(full, at(5))
	if a := d.Alerts(); len(a) != 1 || !a[0].Since.Equal(at(5)) || !a[0].Until.IsZero() {
		t.Errorf("is back: %+v", a)
	}
	take(nil, at(6))
	take(full, at(6).Add(59*time.Minute))
	if a := d.Alerts(); len(a) != 1 || !a[0].Since.Equal(at(5)) || !a[0].Until.IsZero() {
		t.Errorf("comes and goes: %+v, want it the same", a)
	}
	d.unkept[alertKey{AlertStorageFull, ""}] = true
	if kept := d.toKeep(map[alertKey]Alert{}); len(kept) != 1 || !kept[alertKey{AlertStorageFull, ""}].Since.Equal(at(5)) {
		t.Errorf("what could not be kept is not tried again: %+v", kept)
	}
	take(nil, at(7))
	if take(nil, at(7).Add(alertsKept+time.Hour)); len(d.Alerts()) != 0 {
		t.Errorf("is forgotten: %+v", d.Alerts())
	}
}
