package simcity

import (
	"sort"
	"time"
)

// beijing is the city's time zone.
var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// A day counts days since 1970-01-01 in Beijing.
type day int

// dayOf returns the Beijing day of t.
func dayOf(t time.Time) day {
	return day(floorDiv(t.Unix()+8*60*60, 24*60*60))
}

// time returns midnight in Beijing.
func (d day) time() time.Time { return time.Unix(int64(d)*24*60*60-8*60*60, 0).In(beijing) }

func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	}
	return a/b - 1
}

// A moment is a minute of the city's clock.
type moment struct {
	day    day
	minute int // of the day
}

// momentOf returns the minute that holds t.
func momentOf(t time.Time) moment {
	t = t.In(beijing)
	return moment{dayOf(t), t.Hour()*60 + t.Minute()}
}

// endOf returns the last minute of a day.
func endOf(d day) moment { return moment{d, 24*60 - 1} }

func (m moment) before(o moment) bool {
	return m.day < o.day || m.day == o.day && m.minute < o.minute
}

func (m moment) time() time.Time { return m.day.time().Add(time.Duration(m.minute) * time.Minute) }

// A timeline is everything a column ever publishes: item k at a moment, later
// ones later. It is never written out: an item is computed when it is asked
// for.
type timeline struct {
	key  uint64 // of the column
	runs []run
}

// A run publishes regularly from a day on, for ever or up to a last item, or
// on listed days.
type run struct {
	first day
	step  int // days; item i falls into [first+i*step, first+(i+1)*step)
	n     int // items, or open
	last  day // of item n-1 where n is not open
	days  []day
}

// open marks a run without an end.
const open = -1

// at returns the moment of item k.
func (t *timeline) at(k int) moment {
	base := 0
	for _, r := range t.runs {
		if r.n == open || k < base+r.n {
			return moment{r.day(t.key, k-base), r.minute(t.key, k-base)}
		}
		base += r.n
	}
	return moment{}
}

// day returns the day of item i of the run.
func (r run) day(key uint64, i int) day {
	switch {
	case r.days != nil:
		return r.days[i]
	case i == r.n-1:
		return r.last
	}
	return r.regular(key, i)
}

// minute returns the time of day of item i: in office hours, and in order where
// several items fall on one day.
func (r run) minute(key uint64, i int) int {
	const opens, hours = 8*60 + 30, 9 * 60
	if r.days != nil {
		return opens + i*hours/len(r.days)
	}
	return opens + int(mix(key, uint64(i), uint64(r.first), 1)%hours)
}

func (r run) regular(key uint64, i int) day {
	return r.first + day(i*r.step) + day(mix(key, uint64(i), uint64(r.first))%uint64(r.step))
}

// count returns how many items have appeared by a moment.
func (t *timeline) count(now moment) int {
	base := 0
	for _, r := range t.runs {
		most := r.n
		if r.n == open {
			most = max(0, (int(now.day-r.first))/r.step+1)
		}
		n := sort.Search(most, func(i int) bool { return now.before(t.at(base + i)) })
		base += n
		if r.n == open || n < r.n {
			break
		}
	}
	return base
}

// until adds the items of a regular run that ends with one on the last day.
func (t *timeline) until(first day, step int, last day) {
	r := run{first: first, step: step, n: open}
	n := sort.Search(int(last-first)/step+2, func(i int) bool { return r.regular(t.key, i) >= last })
	r.n, r.last = n+1, last
	t.runs = append(t.runs, r)
}

// from adds a regular run without an end; its first item falls on the day.
func (t *timeline) from(first day, step int) {
	t.runs = append(t.runs, run{n: 1, last: first}, run{first: first + 1, step: step, n: open})
}

// on adds items on given days, in order.
func (t *timeline) on(days []day) {
	sorted := append([]day(nil), days...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	t.runs = append(t.runs, run{n: len(sorted), days: sorted})
}

// hash is FNV-1a over a text.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix stirs numbers into one (splitmix64).
func mix(ns ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, n := range ns {
		h += n
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}
