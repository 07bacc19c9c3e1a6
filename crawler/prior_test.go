package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A shelf is a Memory that keeps what it is given.
type shelf struct {
	visits map[string]Visit
	bodies map[string][]byte
	broken error

	readings map[string]extract.Reading // kept apart, by name
}

func newShelf() *shelf { return &shelf{visits: map[string]Visit{}, bodies: map[string][]byte{}} }

func (s *shelf) Prior(subject string) (Visit, bool, error) {
	v, ok := s.visits[subject]
	return v, ok, s.broken
}

func (s *shelf) Reading(digest string) (extract.Reading, error) {
	if r, ok := s.readings[digest]; ok {
		return r, nil
	}
	return extract.Reading{}, errors.New("no such reading")
}

func (s *shelf) Body(digest string) ([]byte, error) {
	if body, ok := s.bodies[digest]; ok {
		return body, nil
	}
	return nil, errors.New("no such body")
}

// keep keeps a visit as a store would: bodies apart.
func (s *shelf) keep(v Visit) {
	pages := make([]extract.Page, len(v.Pages))
	for i, p := range v.Pages {
		if p.Body != nil {
			s.bodies[p.SHA256] = p.Body
			p.Body, p.Packed = nil, nil
		}
		pages[i] = p
	}
	v.Pages = pages
	s.visits[v.Subject] = v
}

// A changing site answers with what it has now.
type changing struct {
	bodies    map[string]string // by path
	etag      bool
	lies      bool // 304 to whoever asks conditionally
	stubborn  bool // 304 to everybody
	zips      bool
	status    int // of every answer, if set
	kind      string
	confirmed int
}

func (c *changing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := c.bodies[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256([]byte(body))
	tag := `"` + hex.EncodeToString(sum[:4]) + `"`
	if c.etag {
		w.Header().Set("Etag", tag)
	}
	if c.kind != "" {
		w.Header().Set("Content-Type", c.kind)
	}
	asked := r.Header.Get("If-None-Match")
	if c.stubborn || asked != "" && (asked == tag || c.lies) {
		c.confirmed++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	answer := []byte(body)
	if c.zips {
		w.Header().Set("Content-Encoding", "gzip")
		answer = zipped(answer)
	}
	if c.status != 0 {
		w.WriteHeader(c.status)
	}
	w.Write(answer)
}

// nights crawls a subject twice, changing things between, and returns the second
// visit.
func nights(t *testing.T, site *changing, s inventory.Subject, change func(c *Crawler, m *shelf, job *Job)) (second Visit, read int) {
	t.Helper()
	w, memory := newWorld(t), newShelf()
	w.site("a.gov.cn", site.ServeHTTP)
	for night := range 2 {
		c := w.crawler(memory)
		c.read = func(task extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
			reading, wants := readAll(task, pages)
			if night == 1 && len(wants) == 0 {
				read++
			}
			return reading, wants
		}
		job := Job{Host: "a.gov.cn", Subjects: []inventory.Subject{s}}
		if night == 1 && change != nil {
			change(c, memory, &job)
		}
		err := c.Crawl(t.Context(), job, func(v Visit) error {
			memory.keep(v)
			second = v
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return second, read
}

func TestSecondNight(t *testing.T) {
	const url = "http://a.gov.cn/"
	two := column("a", url, url+"2")
	momentary := func(_ *Crawler, m *shelf, _ *Job) {
		v := m.visits["a"]
		v.Reading.Momentary = true
		m.visits["a"] = v
	}
	tests := []struct {
		name      string
		etag      bool
		subject   inventory.Subject
		change    func(site *changing) func(*Crawler, *shelf, *Job)
		takenOver bool
		confirmed int // pages by 304
		read      int // times the reader concluded
	}{
		{"304", true, column("a", url), nil, true, 1, 0},
		{"the same bytes without a validator", false, column("a", url), nil, true, 0, 0},
		{"every page of a walk is the same", true, two, nil, true, 2, 0},
		{"the second page of a walk has changed", true, two, func(s *changing) func(*Crawler, *shelf, *Job) {
			return func(*Crawler, *shelf, *Job) { s.bodies["/2"] = list + "new" }
		}, false, 1, 1},
		{"the first page of a walk has changed", true, two, func(s *changing) func(*Crawler, *shelf, *Job) {
			return func(*Crawler, *shelf, *Job) { s.bodies["/"] = list + "new" }
		}, false, 1, 1},
		{"a page is gone", true, column("a", url), func(s *changing) func(*Crawler, *shelf, *Job) {
			return func(*Crawler, *shelf, *Job) { delete(s.bodies, "/") }
		}, false, 0, 1},
		{"a fresh look", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(_ *Crawler, _ *shelf, j *Job) { j.Fresh = true }
		}, false, 0, 1},
		{"the reading held for the moment only", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) { return momentary }, false, 1, 1},
		{"another task", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(_ *Crawler, _ *shelf, j *Job) { j.Subjects[0].Task.Recipe.Date = "em" }
		}, false, 1, 1},
		{"another reader", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(_ *Crawler, m *shelf, _ *Job) {
				v := m.visits["a"]
				v.Reader = "0"
				m.visits["a"] = v
			}
		}, false, 1, 1},
		{"an unread reading", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(_ *Crawler, m *shelf, _ *Job) {
				v := m.visits["a"]
				v.Reading = extract.Reading{Outcome: extract.Unread}
				m.visits["a"] = v
			}
		}, false, 1, 1},
		{"the same bytes under another charset", false, column("a", url), func(s *changing) func(*Crawler, *shelf, *Job) {
			return func(*Crawler, *shelf, *Job) { s.kind = "text/html; charset=gbk" }
		}, false, 0, 1},
		{"a body that is lost", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(c *Crawler, m *shelf, j *Job) { momentary(c, m, j); clear(m.bodies) }
		}, false, 1, 1},
		{"a memory that fails", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(_ *Crawler, m *shelf, _ *Job) { m.broken = errors.New("damaged") }
		}, false, 0, 1},
		{"H18 a 304 for six days", true, column("a", url), func(*changing) func(*Crawler, *shelf, *Job) {
			return func(*Crawler, *shelf, *Job) { time.Sleep(6 * 24 * time.Hour) }
		}, true, 1, 0},
		{"H18 a full fetch after seven days", true, column("a", url), func(s *changing) func(*Crawler, *shelf, *Job) {
			return func(*Crawler, *shelf, *Job) {
				time.Sleep(7 * 24 * time.Hour)
				s.lies, s.bodies["/"] = true, list+"new"
			}
		}, false, 0, 1},
	}
	for i, tt := range append(tests, tests...) {
		zips := i >= len(tests) // which must make no difference
		t.Run(fmt.Sprintf("%s, gzip %t", tt.name, zips), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site := &changing{bodies: map[string]string{"/": list, "/2": list + "2"}, etag: tt.etag, zips: zips}
				var change func(*Crawler, *shelf, *Job)
				if tt.change != nil {
					change = tt.change(site)
				}
				v, read := nights(t, site, tt.subject, change)
				if v.TakenOver != tt.takenOver || site.confirmed != tt.confirmed || read != tt.read {
					t.Errorf("taken over %v, %d confirmed, read %d times; want %v, %d, %d", v.TakenOver, site.confirmed, read, tt.takenOver, tt.confirmed, tt.read)
				}
				if len(v.Pages) != len(tt.subject.Task.URLs) {
					t.Errorf("%d pages, want %d", len(v.Pages), len(tt.subject.Task.URLs))
				}
				if v.Pages[0].Class == "" && v.Reading.Outcome != extract.Dated {
					t.Errorf("reading %+v", v.Reading)
				}
			})
		})
	}
}

// A body that comes in the bytes in which it came before is known without being
// unpacked, and is the kept one in everything but when it came.
func TestKnownBytesAreNotUnpacked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &changing{bodies: map[string]string{"/": list}, zips: true}
		began := time.Now()
		v, _ := nights(t, site, column("a", "http://a.gov.cn/"), func(*Crawler, *shelf, *Job) { time.Sleep(24 * time.Hour) })
		sum := sha256.Sum256([]byte(list))
		p := v.Pages[0]
		if p.Body != nil || p.Packed != nil || p.NotModified || p.SHA256 != hex.EncodeToString(sum[:]) || p.Status != 200 || !v.TakenOver {
			t.Errorf("page %+v, taken over %t; want the digest without the body", p, v.TakenOver)
		}
		if p.BodyAt.Sub(began) < 24*time.Hour || !p.BodyAt.Equal(p.FetchedAt) {
			t.Errorf("body at %v, fetched at %v; want the second night", p.BodyAt, p.FetchedAt)
		}
	})
}

// A list's history is in the reading, which a memory may keep apart: it is
// fetched where the pages are read, and only there.
func TestHistoryOfAListThatIsKeptApart(t *testing.T) {
	for _, changed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			site := &changing{bodies: map[string]string{"/": list}}
			var asked *extract.Fingerprint
			v, _ := nights(t, site, column("a", "http://a.gov.cn/"), func(c *Crawler, m *shelf, _ *Job) {
				before := m.visits["a"]
				before.ReadingSHA256 = "name"
				m.visits["a"], m.readings = before, map[string]extract.Reading{"name": {List: &extract.Fingerprint{Rows: 7}}}
				if changed {
					site.bodies["/"] = list + "new"
				}
				c.read = func(task extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
					asked = task.Before
					return readAll(task, pages)
				}
			})
			if changed && (asked == nil || asked.Rows != 7 || v.Reading.List != asked || v.ReadingSHA256 != "") {
				t.Errorf("the reader was told %+v and the visit says %+v, want the history", asked, v.Reading.List)
			}
			if !changed && (asked != nil || v.ReadingSHA256 != "name") {
				t.Errorf("taken over as %q, want by its name", v.ReadingSHA256)
			}
		})
	}
}

// Known bytes whose body is lost are fetched again, whole, when they are needed.
func TestKnownBytesWithoutTheirBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &changing{bodies: map[string]string{"/": list}, zips: true}
		v, read := nights(t, site, column("a", "http://a.gov.cn/"), func(_ *Crawler, m *shelf, j *Job) {
			clear(m.bodies)
			j.Subjects[0].Task.Recipe.Date = "em"
		})
		if v.TakenOver || read != 1 || v.Reading.Outcome != extract.Dated || string(v.Pages[0].Body) != list {
			t.Errorf("taken over %t, read %d times, %+v", v.TakenOver, read, v.Reading)
		}
	})
}

// The same bytes under another status are another answer.
func TestKnownBytesUnderAnotherStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &changing{bodies: map[string]string{"/": list}, zips: true}
		v, _ := nights(t, site, column("a", "http://a.gov.cn/"), func(*Crawler, *shelf, *Job) { site.status = http.StatusNotFound })
		if p := v.Pages[0]; v.TakenOver || p.Class != extract.ClassNotFound || v.Reading.Reason != extract.ReasonGone {
			t.Errorf("got %+v, taken over %t", p, v.TakenOver)
		}
	})
}

func TestConfirmedPageIsTheKeptOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &changing{bodies: map[string]string{"/": list}, etag: true}
		began := time.Now()
		v, _ := nights(t, site, column("a", "http://a.gov.cn/"), func(*Crawler, *shelf, *Job) { time.Sleep(24 * time.Hour) })
		p := v.Pages[0]
		if !p.NotModified || p.Status != 200 || p.HeaderValue("Etag") == "" || p.SHA256 == "" {
			t.Errorf("page %+v, want the kept answer", p)
		}
		if p.BodyAt.Sub(began) > time.Minute || p.FetchedAt.Sub(began) < 24*time.Hour {
			t.Errorf("body at %v, fetched at %v; began at %v", p.BodyAt, p.FetchedAt, began)
		}
	})
}

func TestUnaskedNotModified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := &changing{bodies: map[string]string{"/": list}}
		v, _ := nights(t, site, column("a", "http://a.gov.cn/"), func(*Crawler, *shelf, *Job) { site.stubborn = true })
		if p := v.Pages[0]; p.Class != extract.ClassUnexpected || p.NotModified || v.TakenOver {
			t.Errorf("got %+v, want %s", p, extract.ClassUnexpected)
		}
	})
}

func TestTaskDigest(t *testing.T) {
	day := time.Date(2023, 1, 1, 0, 0, 0, 0, extract.Beijing)
	task := func() extract.Task {
		return extract.Task{
			Question: extract.AskSince, URLs: []string{"http://a/"}, Recipe: extract.Recipe{Item: "li"}, Since: day,
			Section: &extract.SectionSpec{Name: "重大会议", Parts: []extract.PartSpec{{Name: "常务会议"}}},
		}
	}
	base := TaskDigest(task())
	utc := task()
	utc.Since = utc.Since.UTC()
	if TaskDigest(utc) != base || base == "" {
		t.Error("the same moment in another zone changes the digest")
	}
	for i, change := range []func(*extract.Task){
		func(t *extract.Task) { t.Question = extract.AskNewest },
		func(t *extract.Task) { t.URLs = append(t.URLs, "http://b/") },
		func(t *extract.Task) { t.Recipe.Date = "em" },
		func(t *extract.Task) { t.Hosts = []string{"b"} },
		func(t *extract.Task) { t.Home = "http://a/home" },
		func(t *extract.Task) { t.Since = day.AddDate(1, 0, 0) },
		func(t *extract.Task) { t.Section.Parts[0].Synonyms = []string{"政府常务会议"} },
	} {
		other := task()
		change(&other)
		if TaskDigest(other) == base {
			t.Error(fmt.Sprint("change ", i, " does not change the digest"))
		}
	}
}
