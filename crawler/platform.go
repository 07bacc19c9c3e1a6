package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Manner is how one platform is asked.
type Manner struct {
	// Name is what messages and configuration call the platform.
	Name string

	inventory.Manner
}

// MannersOf returns how a city wants the platforms to be asked, without those
// that have no hosts.
func MannersOf(city *inventory.City) []Manner {
	var all []Manner
	for _, p := range city.Platforms {
		if len(p.Manner.Hosts) > 0 {
			all = append(all, Manner{Name: string(p.ID), Manner: p.Manner})
		}
	}
	return all
}

// Owns reports whether a host, with or without its port, is the platform's.
func (m Manner) Owns(host string) bool {
	for _, h := range m.Hosts {
		if bareHost(h) == bareHost(host) {
			return true
		}
	}
	return false
}

// A platform is what is owed to the hosts of one manner together and known of
// them, over all jobs. What is asked of it before a request may be asked of nil,
// which is no platform and wants nothing.
type platform struct {
	manner Manner
	pace   *pace
	clock  Clock
	log    *slog.Logger

	mu      sync.Mutex
	stats   PlatformStats // guarded by mu
	first   time.Time     // guarded by mu; when it was first asked, by the monotonic clock
	began   time.Time     // guarded by mu; the same by the round's clock
	row     int           // guarded by mu; refusals since it last showed something
	since   time.Time     // guarded by mu; when the first of them came
	rested  bool          // guarded by mu; it was left alone once in this row
	unshown bool          // guarded by mu; it wants what only a browser gets, and none is at hand
	closing failure       // guarded by mu; why it is not asked again in this round
}

// errDeadline marks what was cut because a round may spend no more on a platform.
var errDeadline = errors.New("the platform has had its time")

// platforms are those of a configuration.
type platforms []*platform

func newPlatforms(manners []Manner, clock Clock, log *slog.Logger) platforms {
	var all platforms
	for _, m := range manners {
		all = append(all, &platform{
			manner: m, pace: newPace(m.Delay, m.Jitter), clock: clock, log: log.With("platform", m.Name), stats: PlatformStats{Name: m.Name},
		})
	}
	return all
}

// of returns the platform that an address belongs to, nil if it is none's.
func (s platforms) of(u *url.URL) *platform { return s.named(u.Host) }

// at returns the platform of an address as text.
func (s platforms) at(address string) *platform { return s.of(baseOf(address)) }

// named returns the platform of a host.
func (s platforms) named(host string) *platform {
	for _, p := range s {
		if p.manner.Owns(host) {
			return p
		}
	}
	return nil
}

// closed returns why a platform is not to be asked now; the failure is zero if it
// may be.
func (p *platform) closed() failure {
	if p == nil {
		return failure{}
	}
	now := p.clock.Now().In(extract.Beijing)
	p.mu.Lock()
	defer p.mu.Unlock()
	if end := p.end(); !p.closing.failed() && !end.IsZero() && (!time.Now().Before(end) || p.pace.notBefore().After(end)) {
		p.close(now, extract.ClassDeadline, fmt.Sprintf("%s has had the %s that a round may spend on it; it was first asked at %s%s",
			p.manner.Name, spell(p.manner.Deadline), clockTime(p.began), p.refusals()))
	}
	switch {
	case p.closing.failed():
		return p.closing
	case !inside(now, p.manner.From, p.manner.To):
		return failure{extract.ClassNotNow, fmt.Sprintf("%s is asked from %s to %s only, and it is %s; the hours are platforms.%s.hours in city.yaml",
			p.manner.Name, hours(p.manner.From), hours(p.manner.To), clockTime(now), p.manner.Name)}
	}
	return failure{}
}

// close ends the round for a platform, and says so once. The caller holds mu.
func (p *platform) close(now time.Time, class extract.Class, detail string) {
	p.closing = failure{class, clip(detail)}
	p.stats.Closed, p.stats.Since = class, now
	p.log.Warn("platform is not asked again in this round", "class", string(class), "detail", detail, "asked", p.stats.Asked, "refused", p.stats.Refused)
}

// refusals tells of the refusals in a row, "" if there are none. The caller holds
// mu.
func (p *platform) refusals() string {
	if p.since.IsZero() {
		return ""
	}
	return "; it has refused since " + clockTime(p.since)
}

// end returns when the time of a platform is over, zero if that is not in sight.
// The caller holds mu.
func (p *platform) end() time.Time {
	if p.manner.Deadline <= 0 || p.first.IsZero() {
		return time.Time{}
	}
	return p.first.Add(p.manner.Deadline)
}

// begin returns a context for one request, which ends with the time of the
// platform. That begins with the first request.
func (p *platform) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	if p == nil {
		return ctx, func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first.IsZero() {
		p.first, p.began = time.Now(), p.clock.Now()
	}
	end := p.end()
	if end.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadlineCause(ctx, end, errDeadline)
}

// within reports whether a platform has time for another request after d.
func (p *platform) within(d time.Duration) bool {
	if p == nil {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	end := p.end()
	return end.IsZero() || time.Now().Add(d).Before(end)
}

// asked counts a request.
func (p *platform) asked() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Asked++
}

// authority returns who allowed robots.txt of the platform to be overridden.
func (p *platform) authority() string {
	if p == nil {
		return ""
	}
	return p.manner.RobotsOverride
}

// refuses counts a refusal. After so many in a row the platform is left alone for
// a while, and after as many again it is given up: it means us, and whoever goes
// on makes it worse. Where no wait can heal it, it is given up without one.
func (p *platform) refuses(why failure) {
	now := p.clock.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Refused++
	if p.row++; p.since.IsZero() {
		p.since = now
	}
	most := p.manner.After
	switch {
	case most <= 0 || p.closing.failed():
	case p.row >= most && p.unshown:
		p.close(now, extract.ClassTooMany, fmt.Sprintf("%s refused %d times in a row since %s and is given up for this round: it shows itself to browsers, and none is at hand",
			p.manner.Name, p.row, clockTime(p.since)))
	case p.row >= most && !p.rested:
		p.rested = true
		p.pace.hold(p.manner.CoolDown)
		p.log.Info("platform is left alone for a while", "for", p.manner.CoolDown, "refused", p.row, "class", string(why.class), "detail", why.detail)
	case p.row >= 2*most:
		p.close(now, extract.ClassTooMany, fmt.Sprintf("%s refused %d times in a row since %s and is given up for this round; the last time: %s",
			p.manner.Name, p.row, clockTime(p.since), why.detail))
	}
}

// wantsBrowser notes that the platform asks for what only a browser gets, and
// that there is none.
func (p *platform) wantsBrowser() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unshown = true
}

// shows notes that the platform shows us what we asked for: the row of refusals is
// broken.
func (p *platform) shows() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.row, p.rested, p.since = 0, false, time.Time{}
}

// refused reports whether an answer is a refusal: it has a class that says so, or
// a status that stands in no standard, by which platforms turn guests away.
func refused(status int, class extract.Class) bool {
	switch {
	case status == 0:
		return false
	case outOfStandard(status):
		return true
	}
	return class.Reason() == extract.ReasonBlocked
}

// outOfStandard reports whether a status of the visitor's fault is one that no
// standard means for use, such as 418 and 432.
func outOfStandard(status int) bool {
	return status >= 400 && status < 500 && (status == http.StatusTeapot || http.StatusText(status) == "")
}

// inside reports whether a moment lies in the hours of its Beijing day; equal ones
// are the whole day.
func inside(at time.Time, from, to time.Duration) bool {
	since := at.Sub(extract.DayOf(at))
	switch {
	case from == to:
		return true
	case from < to:
		return from <= since && since < to
	}
	return from <= since || since < to
}

// hours spells a time since midnight.
func hours(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// spell spells a duration without what is zero at its end: 2h, not 2h0m0s.
func spell(d time.Duration) string {
	s := d.String()
	if short, cut := strings.CutSuffix(s, "m0s"); cut {
		s = short + "m"
	}
	if short, cut := strings.CutSuffix(s, "h0m"); cut {
		s = short + "h"
	}
	return s
}

// clockTime spells the time of a Beijing day.
func clockTime(at time.Time) string { return at.In(extract.Beijing).Format("15:04") }
