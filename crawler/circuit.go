package crawler

import (
	"errors"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"xuncha/extract"
)

// A failure is a class with the line for people.
type failure struct {
	class  extract.Class
	detail string
}

func (f failure) failed() bool { return f.class != "" }

// A circuit keeps a host that does not answer from being asked again and again.
type circuit struct {
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]

	mu     sync.Mutex
	last   failure   // guarded by mu; the newest failure to answer
	closed time.Time // guarded by mu; the host asked to be left alone until then
	asked  failure   // guarded by mu; how it asked
}

// How an attempt bears on its circuit.
var (
	errNoAnswer  = errors.New("no answer")
	errUncounted = errors.New("says nothing of the host")
)

func newCircuit(cfg Config) *circuit {
	return &circuit{breaker: gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     cfg.CircuitFor,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= uint32(cfg.CircuitAfter) },
		IsExcluded:  func(err error) bool { return errors.Is(err, errUncounted) },
	})}
}

// open returns why the host is not to be asked now; the failure is zero if it
// may be.
func (c *circuit) open() failure {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Now().Before(c.closed) {
		return failure{c.asked.class, "not asked: the host wants to be left alone: " + c.asked.detail}
	}
	if c.breaker.State() == gobreaker.StateOpen {
		return c.tripped()
	}
	return failure{}
}

func (c *circuit) tripped() failure {
	return failure{extract.ClassCircuit, clip("not asked: the host did not answer: " + string(c.last.class) + ": " + c.last.detail)}
}

// allow begins an attempt. After a zero failure the caller must call done once,
// with nil, errNoAnswer or errUncounted.
func (c *circuit) allow() (done func(error), why failure) {
	if why := c.open(); why.failed() {
		return nil, why
	}
	done, err := c.breaker.Allow()
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		return nil, c.tripped()
	}
	return done, failure{}
}

// note remembers the newest failure, so that it can be told to whoever is
// turned away.
func (c *circuit) note(f failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = f
}

// leaveAlone closes the host for d, as it asked.
func (c *circuit) leaveAlone(d time.Duration, asked failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed, c.asked = time.Now().Add(d), asked
}
