package patrol

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/store"
)

// account is a subject that is asked of a host.
func account(id, host string) inventory.Subject {
	return inventory.Subject{ID: id, Kind: inventory.KindAccount, Host: host, Task: extract.Task{URLs: []string{"https://" + host + "/"}}}
}

func TestTheHostsOfAPlatformAreOneJob(t *testing.T) {
	manners := []crawler.Manner{
		{Name: "weibo", Manner: inventory.Manner{Hosts: []string{"m.weibo.example", "weibo.example"}}},
		{Name: "douyin", Manner: inventory.Manner{Hosts: []string{"www.douyin.example"}}},
	}
	subjects := []inventory.Subject{
		account("d1", "www.douyin.example"), account("w1", "m.weibo.example"), account("f1", "rss.example"), account("w2", "weibo.example"), account("none", ""),
		account("w3", "m.weibo.example"), account("f2", "rss.example"),
	}
	spell := func(jobs []crawler.Job) string {
		var all []string
		for _, j := range jobs {
			var ids []string
			for _, s := range j.Subjects {
				ids = append(ids, s.ID)
			}
			all = append(all, strings.Join(ids, " "))
		}
		return strings.Join(all, ", ")
	}
	slow, rest := platformJobs(subjects, manners, true)
	if got := spell(slow); got != "w1 w2 w3, d1" || !slow[0].Fresh {
		t.Errorf("platforms %q", got)
	}
	if got := spell(jobs(rest, false)); got != "f1 f2, none" {
		t.Errorf("hosts %q", got)
	}
}

// idle is a Visitor that takes long over platforms and notes what is under way.
type idle struct {
	mu        sync.Mutex
	now, most int // guarded by mu; hosts that are no platform's
	order     []string
	done      time.Duration // guarded by mu; when the last host was done
	start     time.Time
}

func (v *idle) Crawl(_ context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	slow := strings.HasPrefix(job.Host, "p")
	for _, s := range job.Subjects {
		v.mu.Lock()
		if !slow {
			v.now++
			v.most = max(v.most, v.now)
		} else {
			v.order = append(v.order, s.ID)
		}
		v.mu.Unlock()
		if slow {
			time.Sleep(time.Hour)
		} else {
			time.Sleep(time.Second)
		}
		v.mu.Lock()
		if !slow {
			v.now--
			v.done = time.Since(v.start)
		}
		v.mu.Unlock()
		if err := deliver(crawler.Visit{Subject: s.ID, Reading: extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonDown}}); err != nil {
			return err
		}
	}
	return nil
}

// Platforms wait most of the time. Sites do not wait for them, however few workers
// there are.
func TestPlatformsHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		city := smallCity()
		city.Crawl.Workers = 2
		var subjects []inventory.Subject
		for i := range 4 {
			city.Platforms = append(city.Platforms, inventory.PlatformProfile{
				ID: inventory.Platforms()[i], Manner: inventory.Manner{Hosts: []string{fmt.Sprintf("p%d.example", i)}},
			})
			subjects = append(subjects, account(fmt.Sprintf("%d/1", i), fmt.Sprintf("p%d.example", i)), account(fmt.Sprintf("%d/2", i), fmt.Sprintf("p%d.example", i)))
		}
		for i := range 10 {
			subjects = append(subjects, account(fmt.Sprint(i), fmt.Sprintf("host%d.example", i)))
		}
		v := &idle{start: time.Now()}
		p := &planned{Config: Config{City: city, Visitor: v, Keeper: &memory{}, Clock: night}, round: store.Round{ID: "r"}}
		if err := p.look(t.Context(), subjects, 1); err != nil {
			t.Fatal(err)
		}
		if v.done != 5*time.Second || v.most != 2 {
			t.Errorf("ten hosts were done after %s, %d at a time; want 5s, 2", v.done, v.most)
		}
		if took := time.Since(v.start); took > 2*time.Hour+time.Second {
			t.Errorf("took %s, want the two hours of a platform", took)
		}
		for i := range 4 {
			if one := strings.Index(strings.Join(v.order, " "), fmt.Sprintf("%d/1", i)); one < 0 || one > strings.Index(strings.Join(v.order, " "), fmt.Sprintf("%d/2", i)) {
				t.Errorf("order %q", v.order)
			}
		}
	})
}
