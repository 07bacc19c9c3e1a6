package console

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"xuncha/workshop"
)

// Bounds of the pages that people had fetched. They live in memory alone: what is
// not written down as a sample is nothing that anything rests on.
const (
	fetchPause = 2 * time.Second // of one user
	liveFor    = 30 * time.Minute
	maxLive    = 64 << 20 // bytes of all of them
	maxFetches = 200      // users whose last fetch is remembered
)

// livePages are pages that were fetched for somebody to look at. The zero value is
// ready.
type livePages struct {
	mu    sync.Mutex // guards all below
	held  []livePage // the oldest first
	asked map[string]time.Time
}

// A livePage is what one fetch brought. It is its user's alone.
type livePage struct {
	token, user, subject string
	at                   time.Time
	size                 int
	seen                 workshop.Seen
}

// mayFetch takes a user's turn to fetch, or says that it is too early. It is a
// matter of the network and not of the city's clock, which a simulation stops.
func (l *livePages) mayFetch(user string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.asked[user]; ok && now.Sub(last) < fetchPause {
		return refuse(http.StatusTooManyRequests, "抓取过于频繁：每人每 2 秒最多抓取一次，请稍后再试", "too soon: everybody may fetch once in 2 seconds, try again shortly")
	}
	if l.asked == nil || len(l.asked) >= maxFetches {
		l.asked = map[string]time.Time{}
	}
	l.asked[user] = now
	return nil
}

// keep holds what was fetched for a user, and returns by which name.
func (l *livePages) keep(user, subject string, seen workshop.Seen, now time.Time) string {
	size := 0
	for _, p := range seen.Pages {
		size += len(p.Body)
	}
	page := livePage{rand.Text(), user, subject, now, size, seen}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, page)
	total := 0
	for i := len(l.held) - 1; i >= 0; i-- {
		total += l.held[i].size
		if total > maxLive && i < len(l.held)-1 || now.Sub(l.held[i].at) > liveFor {
			l.held = append([]livePage(nil), l.held[i+1:]...)
			break
		}
	}
	return page.token
}

// find returns what a user had fetched of a subject.
func (l *livePages) find(user, subject, token string, now time.Time) (workshop.Seen, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.held {
		if p.token == token && p.user == user && p.subject == subject && now.Sub(p.at) <= liveFor {
			return p.seen, nil
		}
	}
	return workshop.Seen{}, refuse(http.StatusGone, "刚才抓取的页面已不在内存中；请重新点“现在抓取”", "the page that was fetched is no longer held; fetch it again")
}
