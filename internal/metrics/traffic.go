package metrics

import (
	"maps"
	"sync"

	"xuncha/crawler"
	"xuncha/extract"
)

// Traffic adds up what the crawlers of a process have asked for, one after another
// or several at a time. The zero Traffic is ready. It is safe for concurrent use.
type Traffic struct {
	mu   sync.Mutex
	past crawler.Stats                      // guarded by mu; of crawlers that are done
	live map[*func() crawler.Stats]struct{} // guarded by mu
}

// Watch counts a crawler, by its Stats method, until done is called, after which
// the crawler is not asked again. Its figures stay.
func (t *Traffic) Watch(stats func() crawler.Stats) (done func()) {
	key := &stats
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live == nil {
		t.live = map[*func() crawler.Stats]struct{}{}
	}
	t.live[key] = struct{}{}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if _, watched := t.live[key]; !watched {
			return
		}
		delete(t.live, key)
		last := stats()
		last.Tabs, last.TabsBusy, last.Visiting = 0, 0, 0 // they are no more
		t.past = sum(t.past, last)
	}
}

// total is the sum of all crawlers, past and at work.
func (t *Traffic) total() crawler.Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := sum(crawler.Stats{}, t.past)
	for stats := range t.live {
		all = sum(all, (*stats)())
	}
	return all
}

// sum adds two counts up.
func sum(a, b crawler.Stats) crawler.Stats {
	a.Requests += b.Requests
	a.WireBytes += b.WireBytes
	a.BodyBytes += b.BodyBytes
	a.Rendered += b.Rendered
	a.NotModified += b.NotModified
	a.TakenOver += b.TakenOver
	a.Waited += b.Waited
	a.Visiting += b.Visiting
	a.Tabs += b.Tabs
	a.TabsBusy += b.TabsBusy
	pages := map[extract.Class]int64{}
	maps.Copy(pages, a.Pages)
	for class, n := range b.Pages {
		pages[class] += n
	}
	a.Pages = pages
	a.Platforms = sumPlatforms(a.Platforms, b.Platforms)
	return a
}

// sumPlatforms adds up by name. Whether a platform is closed is what the later of
// the two says.
func sumPlatforms(a, b []crawler.PlatformStats) []crawler.PlatformStats {
	all := append([]crawler.PlatformStats{}, a...)
	at := map[string]int{}
	for i, p := range all {
		at[p.Name] = i
	}
	for _, p := range b {
		i, ok := at[p.Name]
		if !ok {
			at[p.Name] = len(all)
			all = append(all, p)
			continue
		}
		all[i].Asked += p.Asked
		all[i].Refused += p.Refused
		all[i].Closed, all[i].Since = p.Closed, p.Since
	}
	return all
}
