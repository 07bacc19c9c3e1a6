package crawler

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// The hosts of the platform of these tests.
const (
	phone    = "m.weiba.cn"
	desk     = "www.weiba.cn"
	passport = "visitor.passport.weiba.cn"
)

// asking gives the platform of these tests a manner.
func asking(m inventory.Manner) func(*Config) {
	if m.Hosts == nil {
		m.Hosts = []string{phone, desk, passport}
	}
	return func(cfg *Config) { cfg.Manners = []Manner{{Name: "weiba", Manner: m}} }
}

// posting is an account with its sources, in that order.
func posting(id string, urls ...string) inventory.Subject {
	s := column(id, urls...)
	s.Kind, s.Task.Question, s.Task.Hosts = inventory.KindAccount, extract.AskPosts, []string{phone, desk, passport}
	return s
}

// turnsAway answers with a status and a reason that looks like data.
func turnsAway(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"code":-%d}`, status)
	}
}

// of has a crawler log to lines.
func (l *lines) of(c *Crawler) *lines {
	c.log = slog.New(slog.NewTextHandler(l, nil))
	for _, p := range c.hosts.platforms {
		p.log = c.log.With("platform", p.manner.Name)
	}
	return l
}

func TestTheHostsOfAPlatformAreOneToIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		slowly := func(rw http.ResponseWriter, r *http.Request) {
			time.Sleep(30 * time.Millisecond)
			text(list)(rw, r)
		}
		one, two, other := w.site(phone, slowly), w.site(desk, slowly), w.site("a.gov.cn", slowly)
		c := w.crawler(nil, asking(inventory.Manner{Delay: 300 * time.Millisecond, Jitter: 50 * time.Millisecond}))
		var jobs []Job
		for i := range 4 {
			jobs = append(jobs, Job{Subjects: []inventory.Subject{column(fmt.Sprint(i), "http://"+phone+"/x", "http://"+desk+"/y", "http://a.gov.cn/z")}})
		}
		crawlAll(t, c, jobs)
		all := append(one.all(), two.all()...)
		for i, a := range all {
			for _, b := range all[:i] {
				if gap := max(a.start.Sub(b.end), b.start.Sub(a.end)); gap < 300*time.Millisecond {
					t.Errorf("%s and %s are %s apart, want 300ms at least", a.uri, b.uri, gap)
				}
			}
		}
		if log := other.all(); log[len(log)-1].end.Sub(log[0].start) > 5*(130+30)*time.Millisecond+4*700*time.Millisecond || len(log) != 5 {
			t.Errorf("another host was asked %d times in %s", len(log), log[len(log)-1].end.Sub(log[0].start))
		}
		if s := c.Stats().Platforms; len(s) != 1 || s[0].Name != "weiba" || s[0].Asked != 10 || s[0].Refused != 0 || s[0].Closed != "" {
			t.Errorf("statistics %+v", s)
		}
	})
}

func TestAPlatformThatRefusesIsLeftAloneAndAskedAgain(t *testing.T) {
	for _, status := range []int{432, 418, 412, 403, 429} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				calm := time.Now().Add(5 * time.Minute)
				s := w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
					if time.Now().Before(calm) && r.URL.Path != "/robots.txt" {
						turnsAway(status)(rw, r)
						return
					}
					text(list)(rw, r)
				})
				c := w.crawler(nil, asking(inventory.Manner{After: 3, CoolDown: 10 * time.Minute}))
				log := new(lines).of(c)
				job := Job{}
				for i := range 6 {
					job.Subjects = append(job.Subjects, posting(fmt.Sprint(i), fmt.Sprintf("http://%s/%d", phone, i)))
				}
				var classes []string
				if err := c.Crawl(t.Context(), job, func(v Visit) error {
					classes = append(classes, string(v.Pages[0].Class))
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				asked := s.pages()
				if len(asked) != 6 || asked[3].start.Sub(asked[2].end) != 10*time.Minute || asked[4].start.Sub(asked[3].end) > time.Second {
					t.Errorf("%d requests: %+v", len(asked), asked)
				}
				if classes[2] == "" || classes[3] != "" || classes[5] != "" {
					t.Errorf("classes %q, want whole pages after the pause", classes)
				}
				if n := strings.Count(log.String(), "\n"); n != 1 || !contains(log.String(), "left alone") {
					t.Errorf("said %d times:\n%s", n, log)
				}
				if st := c.Stats().Platforms[0]; st.Refused != 3 || st.Closed != "" {
					t.Errorf("statistics %+v", st)
				}
			})
		})
	}
}

func TestAPlatformThatGoesOnRefusingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site(phone, turnsAway(432))
		feeds := w.site("rss.gov.cn", text(list))
		c := w.crawler(nil, asking(inventory.Manner{Delay: time.Second, After: 3, CoolDown: 10 * time.Minute}))
		log := new(lines).of(c)
		var late time.Duration
		job := Job{}
		for i := range 20 {
			job.Subjects = append(job.Subjects, posting(fmt.Sprint(i), fmt.Sprintf("http://%s/%d", phone, i), fmt.Sprintf("http://rss.gov.cn/%d", i)))
		}
		start := time.Now()
		var last Visit
		if err := c.Crawl(t.Context(), job, func(v Visit) error {
			last, late = v, time.Since(start)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n := s.count(); n != 6 {
			t.Errorf("asked %d times, want twice three times", n)
		}
		if n := feeds.count(); n != 20 || last.Pages[1].Class != "" {
			t.Errorf("the other source was asked %d times, want for every account", n)
		}
		if late > 10*time.Minute+20*time.Second {
			t.Errorf("took %s: whoever was given up was waited for", late)
		}
		p := last.Pages[0]
		if p.Class.Reason() != extract.ReasonBlocked || p.Status != 0 || !contains(p.Detail, "weiba refused 6 times in a row since") || !contains(p.Detail, "given up for this round") || !contains(p.Detail, "432") {
			t.Errorf("%q: %s", p.Class, p.Detail)
		}
		if n := strings.Count(log.String(), "\n"); n != 2 || strings.Count(log.String(), "given up") != 1 {
			t.Errorf("said %d times:\n%s", n, log)
		}
		if st := c.Stats().Platforms[0]; st.Refused != 6 || st.Closed == "" || st.Since.IsZero() {
			t.Errorf("statistics %+v", st)
		}
	})
}

// Who has no browser is not let in by waiting.
func TestAPlatformThatWantsABrowserIsGivenUpAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site(phone, turnsAway(432))
		c := w.crawler(nil, asking(inventory.Manner{Delay: time.Second, After: 3, CoolDown: 10 * time.Minute}))
		c.read = func(task extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
			if len(pages) < 2 {
				return extract.Reading{}, []extract.Want{{URL: task.URLs[0], Why: extract.WhyList, Render: len(pages) == 1}}
			}
			return extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonBlocked}, nil
		}
		job := Job{}
		for i := range 20 {
			job.Subjects = append(job.Subjects, posting(fmt.Sprint(i), fmt.Sprintf("http://%s/%d", phone, i)))
		}
		start := time.Now()
		var last Visit
		if err := c.Crawl(t.Context(), job, func(v Visit) error { last = v; return nil }); err != nil {
			t.Fatal(err)
		}
		if n := s.count(); n != 3 || time.Since(start) > time.Minute {
			t.Errorf("asked %d times in %s, want three times and no wait", n, time.Since(start))
		}
		if p := last.Pages[0]; !contains(p.Detail, "none is at hand") || p.Class.Reason() != extract.ReasonBlocked {
			t.Errorf("%q: %s", p.Class, p.Detail)
		}
	})
}

// What a reading says of a platform counts as well: a refusal may look like a
// page, and one that another way went around is none.
func TestReadingsTellHowAPlatformTreatsUs(t *testing.T) {
	try := func(kind extract.SourceKind, o extract.Outcome, h extract.Hindrance) extract.Try {
		return extract.Try{Kind: kind, Host: phone, Outcome: o, Reason: h.Reason(), Hindrance: h}
	}
	unread := extract.Unread
	tests := []struct {
		name    string
		status  int
		reading extract.Reading
		want    bool // closed at the end
	}{
		{"captchas that look like pages", 200, extract.Reading{Outcome: unread, Tries: []extract.Try{try(extract.FromPlatform, unread, extract.HindCaptcha)}}, true},
		{"log-in walls in data, and a feed beside", 200, extract.Reading{Outcome: extract.Dated, Tries: []extract.Try{
			try(extract.FromPlatform, unread, extract.HindLogin), {Kind: extract.FromFeed, Host: "rss.gov.cn", Outcome: extract.Dated},
		}}, true},
		{"a visitor who was made known by the browser", 432, extract.Reading{Outcome: extract.Dated, Tries: []extract.Try{
			try(extract.FromPlatform, unread, extract.HindVisitor), try(extract.FromBrowser, extract.Dated, ""),
		}}, false},
		{"and then told that there is no such user", 432, extract.Reading{Outcome: unread, Tries: []extract.Try{
			try(extract.FromPlatform, unread, extract.HindVisitor), try(extract.FromBrowser, unread, extract.HindNoUser),
		}}, false},
		{"a visitor who was not", 432, extract.Reading{Outcome: unread, Tries: []extract.Try{
			try(extract.FromPlatform, unread, extract.HindVisitor), try(extract.FromBrowser, unread, extract.HindCaptcha),
		}}, true},
		{"lists that may be hidden", 200, extract.Reading{Outcome: unread, Tries: []extract.Try{try(extract.FromPlatform, unread, extract.HindEmpty)}}, false},
		{"pages of columns that are walls", 200, extract.Reading{Outcome: unread, Reason: extract.ReasonBlocked}, true},
		{"columns", 200, extract.Reading{Outcome: extract.Dated}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.site(phone, turnsAway(tt.status))
				c := w.crawler(nil, asking(inventory.Manner{After: 2, CoolDown: time.Minute}))
				c.read = func(task extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
					if _, wants := readAll(task, pages); len(wants) > 0 {
						return extract.Reading{}, wants
					}
					return tt.reading, nil
				}
				for i := range 8 {
					crawl(t, c, posting(fmt.Sprint(i), fmt.Sprintf("http://%s/%d", phone, i)))
				}
				st := c.Stats().Platforms[0]
				if closed := st.Closed != ""; closed != tt.want || tt.want != (s.count() == 4) || !tt.want && s.count() != 8 {
					t.Errorf("closed %v after %d requests and %d refusals, want %v", closed, s.count(), st.Refused, tt.want)
				}
			})
		})
	}
}

func TestADeadPlatformLengthensARoundByItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site(phone, nil).dial = hang
		w.site("a.gov.cn", text(list))
		c := w.crawler(nil, asking(inventory.Manner{Delay: time.Second, Deadline: 25 * time.Second}), func(cfg *Config) { cfg.CircuitAfter = 1000 })
		log := new(lines).of(c)
		dead := Job{}
		for i := range 50 {
			dead.Subjects = append(dead.Subjects, posting(fmt.Sprint(i), fmt.Sprintf("http://%s/%d", phone, i), fmt.Sprintf("http://a.gov.cn/%d", i)))
		}
		start := time.Now()
		var last Visit
		if err := c.Crawl(t.Context(), dead, func(v Visit) error { last = v; return nil }); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 25*time.Second+50*100*time.Millisecond {
			t.Errorf("took %s, want the deadline of 25s and the other host", took)
		}
		p := last.Pages[0]
		if p.Class != extract.ClassDeadline || p.Class.Reason() != extract.ReasonNotLooked || !contains(p.Detail, "weiba has had the 25s") || last.Pages[1].Class != "" {
			t.Errorf("%q: %s", p.Class, p.Detail)
		}
		if n := strings.Count(log.String(), "has had the 25s"); n != 1 {
			t.Errorf("said %d times:\n%s", n, log)
		}
	})
}

func TestADeadlineCutsWhatIsUnderWay(t *testing.T) {
	slow := map[string]http.HandlerFunc{
		"no answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"a body without end": func(rw http.ResponseWriter, r *http.Request) {
			rw.Write([]byte(strings.Repeat("x", 1<<16)))
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"answers that ask for patience": func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Retry-After", "20")
			rw.WriteHeader(http.StatusServiceUnavailable)
		},
	}
	for name, handler := range slow {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/robots.txt" {
						http.NotFound(rw, r)
						return
					}
					handler(rw, r)
				})
				c := w.crawler(nil, asking(inventory.Manner{Deadline: 7 * time.Second}))
				start := time.Now()
				pages := crawl(t, c, posting("a", "http://"+phone+"/1", "http://"+phone+"/2"))["a"].Pages
				if took := time.Since(start); took > 7*time.Second {
					t.Errorf("took %s, want 7s at most", took)
				}
				if name != "answers that ask for patience" && (pages[0].Class != extract.ClassDeadline || pages[1].Class != extract.ClassDeadline || len(pages[0].Body) > 0) {
					t.Errorf("classes %q (%s) and %q", pages[0].Class, pages[0].Detail, pages[1].Class)
				}
			})
		})
	}
}

// A platform that is left alone for longer than it has time is not waited for.
func TestNobodyWaitsPastADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site(phone, turnsAway(403))
		c := w.crawler(nil, asking(inventory.Manner{After: 1, CoolDown: time.Hour, Deadline: 10 * time.Minute}))
		start := time.Now()
		crawl(t, c, posting("a", "http://"+phone+"/1"))
		p := crawl(t, c, posting("b", "http://"+phone+"/2"))["b"].Pages[0]
		if took := time.Since(start); took > time.Second || s.count() != 1 || p.Class != extract.ClassDeadline || !contains(p.Detail, "it has refused since") {
			t.Errorf("took %s, asked %d times, %q: %s", took, s.count(), p.Class, p.Detail)
		}
	})
}

// at is a clock that can be set.
type at struct {
	mu  sync.Mutex
	now time.Time // guarded by mu
}

func (c *at) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func TestAPlatformIsAskedInItsHours(t *testing.T) {
	tests := []struct {
		from, to int // hours
		at       string
		want     bool
	}{
		{22, 6, "2023-09-27T21:59:59+08:00", false}, {22, 6, "2023-09-27T22:00:00+08:00", true}, {22, 6, "2023-09-27T02:00:00+08:00", true},
		{22, 6, "2023-09-27T06:00:00+08:00", false}, {1, 5, "2023-09-26T17:30:00Z", true}, {1, 5, "2023-09-27T05:00:00+08:00", false}, {0, 0, "2023-09-27T12:00:00+08:00", true},
	}
	for _, tt := range tests {
		w := newWorld(t)
		s := w.site(phone, text(list))
		c := w.crawler(nil, asking(inventory.Manner{From: time.Duration(tt.from) * time.Hour, To: time.Duration(tt.to) * time.Hour}))
		now, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.hosts.platforms {
			p.clock = &at{now: now}
		}
		p := one(t, c, "http://"+phone+"/")
		if asked := s.count() == 1; asked != tt.want || (p.Class == "") != tt.want {
			t.Errorf("%s from %d to %d: asked %v, %q", tt.at, tt.from, tt.to, asked, p.Class)
		}
		if !tt.want && (p.Class != extract.ClassNotNow || p.Class.Reason() != extract.ReasonNotLooked || !contains(p.Detail, "platforms.weiba.hours") || len(s.all()) != 0) {
			t.Errorf("%q: %s; asked %d times", p.Class, p.Detail, len(s.all()))
		}
	}
}

func TestRobotsOfAPlatform(t *testing.T) {
	forbids := func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			rw.Write([]byte("User-agent: *\nDisallow: /"))
			return
		}
		rw.Write([]byte(list))
	}
	const authority = "阳政办函〔2023〕1号"
	for _, override := range []string{"", authority} {
		w := newWorld(t)
		s := w.site(phone, forbids)
		p := one(t, w.crawler(nil, asking(inventory.Manner{RobotsOverride: override})), "http://"+phone+"/")
		if (p.Class == extract.ClassRobots) != (override == "") || p.Authority != override || s.count() == 0 != (override == "") {
			t.Errorf("override %q: %q by %q", override, p.Class, p.Authority)
		}
	}
}

// A robots.txt that guests are refused is none, and tells nothing of how posts are
// shown.
func TestARefusedRobotsIsNone(t *testing.T) {
	w := newWorld(t)
	w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			turnsAway(432)(rw, r)
			return
		}
		rw.Write([]byte(list))
	})
	c := w.crawler(nil, asking(inventory.Manner{After: 1}))
	p := one(t, c, "http://"+phone+"/")
	if st := c.Stats().Platforms[0]; p.Class != "" || st.Refused != 0 || st.Asked != 2 {
		t.Errorf("%q (%s), statistics %+v", p.Class, p.Detail, st)
	}
}

// What a platform says in the place of posts is evidence, whatever its status.
func TestRefusalsKeepTheirBodies(t *testing.T) {
	for _, status := range []int{400, 403, 404, 412, 418, 429, 432, 500} {
		w := newWorld(t)
		w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(rw, r)
				return
			}
			turnsAway(status)(rw, r)
		})
		p := one(t, w.crawler(nil, asking(inventory.Manner{}), func(cfg *Config) { cfg.Retries = 0 }), "http://"+phone+"/")
		if want := fmt.Sprintf(`{"code":-%d}`, status); string(p.Body) != want || p.Status != status || p.Class == "" || p.SHA256 == "" {
			t.Errorf("%d: %q, status %d, body %q", status, p.Class, p.Status, p.Body)
		}
	}
}

func TestValidateManners(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Manners = []Manner{
		{Name: "weibo", Manner: inventory.Manner{Hosts: []string{"www.a.cn", "a.cn"}, Delay: -1}},
		{Name: "other", Manner: inventory.Manner{Hosts: []string{"A.cn:443"}}},
	}
	err := cfg.Validate()
	for _, part := range []string{"host A.cn:443 belongs to weibo and to other", "manner of weibo"} {
		if err == nil || !contains(err.Error(), part) {
			t.Errorf("%v does not tell of %q", err, part)
		}
	}
	if cfg.Manners = cfg.Manners[1:]; cfg.Validate() != nil {
		t.Error(cfg.Validate())
	}
}

func TestMannersOfACity(t *testing.T) {
	city := &inventory.City{Platforms: []inventory.PlatformProfile{
		{ID: inventory.Weibo, Manner: inventory.Manner{Hosts: []string{phone}}}, {ID: inventory.App},
	}}
	all := MannersOf(city)
	if len(all) != 1 || all[0].Name != "weibo" || !all[0].Owns("M.weiba.cn:8080") || all[0].Owns("x.m.weiba.cn") || all[0].Owns("") {
		t.Errorf("manners %+v", all)
	}
}

// A robots.txt that is asked for within a turn is not waited for: whoever is at it
// may be waiting for that turn.
func TestRobotsWithinATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site(phone, text(list))
		s := w.site(passport, text(list))
		c := w.crawler(nil, asking(inventory.Manner{Delay: time.Second}))
		u := baseOf("http://" + passport + "/visitor")
		h := c.hosts.of(baseOf("http://" + phone + "/"))
		if _, err := h.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		var other sync.WaitGroup
		other.Go(func() { one(t, c, u.String()) })
		synctest.Wait()
		start := time.Now()
		if why, err := c.permitted(t.Context(), u, h.pace); why.failed() || err != nil || time.Since(start) != 0 {
			t.Errorf("%+v, %v after %s", why, err, time.Since(start))
		}
		h.leave(0)
		other.Wait()
		if n := len(s.all()); n != 3 {
			t.Errorf("%d requests, want a robots.txt for each and the page", n)
		}
	})
}

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{2 * time.Hour: "2h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 25 * time.Second: "25s", 61 * time.Second: "1m1s"} {
		if got := spell(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
