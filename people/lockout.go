package people

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"xuncha/store"
)

// After a number of failures a name, and an address, must wait before the next
// attempt, twice as long each time, up to a bound; a failure is forgiven for each
// such time that goes by. Whoever knows the password waits as well: otherwise the
// wait would say that it was right.
const (
	nameFailures    = 5
	addressFailures = 30 // a whole office may come from one address
	firstWait       = time.Minute
	longestWait     = 15 * time.Minute

	// maxFailing bounds what a flood of made-up names can put on the shelf. The
	// names with fewest failures are forgotten first.
	maxFailing = 4096
)

// A failing is how often a name or an address has failed.
type failing struct {
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// at is what is left of it by a moment.
func (f failing) at(now time.Time) failing {
	f.Count = max(0, f.Count-int(max(0, now.Sub(f.Last))/longestWait))
	return f
}

// wait is how long to wait after that many failures.
func wait(count, free int) time.Duration {
	if count < free {
		return 0
	}
	return min(firstWait<<min(count-free, 16), longestWait)
}

// A guardroom counts failures. They are kept before a password is tried, so that
// neither many attempts at once nor a restart give anybody more of them.
type guardroom struct {
	write func(func(store.ShelfTx) error) error // the shelf's Update

	mu   sync.Mutex // guards failing and the shelf's records of it
	fail map[string]failing
}

const keyFailing = "failing/"

func openGuardroom(shelf store.Shelf) (*guardroom, error) {
	g := &guardroom{write: shelf.Update, fail: map[string]failing{}}
	for r, err := range shelf.Walk(keyFailing, "") {
		if err != nil {
			return nil, err
		}
		var f failing
		if json.Unmarshal(r.Value, &f) == nil { // a damaged count is none
			g.fail[r.Key[len(keyFailing):]] = f
		}
	}
	return g, nil
}

// A watched is somebody or some place whose failures are counted.
type watched struct {
	key  string
	free int
}

// nameKey is under what a name's failures are counted: so little of a digest that
// it says nothing of a password that was typed in the place of a name.
func nameKey(name string) string { return "name/" + digestOf(name)[:8] }

// attemptOf is who and what is watched for an attempt. Of an IPv6 address its network counts,
// which is what one person gets.
func attemptOf(name string, from netip.Addr) []watched {
	if from.Is6() {
		if p, err := from.WithZone("").Prefix(64); err == nil {
			from = p.Addr()
		}
	}
	list := []watched{{"from/" + from.String(), addressFailures}}
	if name != "" {
		list = append(list, watched{nameKey(name), nameFailures})
	}
	return list
}

// enter counts an attempt as failed, or refuses it.
func (g *guardroom) enter(attempt []watched, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range attempt {
		f := g.fail[w.key]
		left := f.Last.Add(wait(f.at(now).Count, w.free)).Sub(now)
		if left > 0 && !f.Last.After(now) { // a clock that was set back makes nobody wait for it
			r := &Refusal{Cause: Locked, After: left}
			minutes := int((left + time.Minute - 1) / time.Minute)
			r.chinese = fmt.Sprintf("失败次数太多，请 %d 分钟后再试；忘记密码请联系管理员", minutes)
			r.english = fmt.Sprintf("too many failures: try again in %d min, or ask an administrator for a new password", minutes)
			return r
		}
	}
	changed := map[string]failing{}
	for _, w := range attempt {
		f := g.fail[w.key].at(now)
		changed[w.key] = failing{f.Count + 1, now}
	}
	return g.keep(changed, now)
}

// leave takes back what enter counted of one attempt. Of somebody who proved to be
// right, nothing is left against the name.
func (g *guardroom) leave(attempt []watched, right bool, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	changed := map[string]failing{}
	for _, w := range attempt {
		f := g.fail[w.key]
		if f.Count--; right && w.free == nameFailures {
			f.Count = 0
		}
		changed[w.key] = f
	}
	return g.keep(changed, now)
}

// pardon forgets what counts against a name.
func (g *guardroom) pardon(name string, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.keep(map[string]failing{nameKey(name): {}}, now)
}

// keep puts counts into place, those of nothing away, and makes room. On a full disk
// they count until the process ends.
func (g *guardroom) keep(changed map[string]failing, now time.Time) error {
	var gone []string
	for key, f := range changed {
		if f.Count <= 0 {
			gone = append(gone, key)
			delete(g.fail, key)
			delete(changed, key)
			continue
		}
		g.fail[key] = f
	}
	for len(g.fail) > maxFailing {
		least := g.least(changed, now)
		gone = append(gone, least)
		delete(g.fail, least)
	}
	err := g.write(func(tx store.ShelfTx) error {
		var errs []error
		for key, f := range changed {
			raw, err := json.Marshal(f)
			errs = append(errs, err, tx.Put(keyFailing+key, raw))
		}
		for _, key := range gone {
			errs = append(errs, tx.Delete(keyFailing+key))
		}
		return errors.Join(errs...)
	})
	if errors.Is(err, store.ErrFull) {
		return nil
	}
	return err
}

// least is who has failed least, and of those the one longest ago, besides those
// who just did.
func (g *guardroom) least(but map[string]failing, now time.Time) string {
	var least string
	var with failing
	for key, f := range g.fail {
		if _, fresh := but[key]; fresh {
			continue
		}
		if f = f.at(now); least == "" || f.Count < with.Count || f.Count == with.Count && f.Last.Before(with.Last) {
			least, with = key, f
		}
	}
	return least
}
