package console

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"xuncha/people"
)

// However many users watch a round, most connections are left to pages and to log-in.
func TestStreamsLeaveRoomForPages(t *testing.T) {
	var s streams
	var leave []func()
	for n := 0; ; n++ {
		l, ok := s.enter(fmt.Sprint("user", n/maxStreams))
		if !ok {
			break
		}
		leave = append(leave, l)
	}
	if len(leave) == 0 || len(leave) > usualConns/2 {
		t.Errorf("%d streams of %d connections", len(leave), usualConns)
	}
	leave[0]()
	again, ok := s.enter("another")
	if !ok {
		t.Fatal("the place of one that ended is not given to another")
	}
	for _, l := range append(leave[1:], again) {
		l()
	}
	if s.all != 0 || len(s.open) != 0 {
		t.Errorf("all have ended and %d are counted, of %d users", s.all, len(s.open))
	}
}

// A watchedGate counts how it is asked.
type watchedGate struct{ used, still int }

func (g *watchedGate) User(*http.Request) people.User {
	g.used++
	return operator
}

func (g *watchedGate) StillUser(*http.Request) people.User {
	g.still++
	return people.User{}
}

// Live progress uses a session once, when it begins.
func TestAPageLeftOpenUsesNoSession(t *testing.T) {
	g, p := &watchedGate{}, newPatrolman()
	p.step(&Under{Planned: 10, Done: 1})
	c := newConsoleWith(t, nil, operator, func(cfg *Config) { cfg.Gate, cfg.Progress = g, p })
	c.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/rounds/live", nil))
	if g.used != 1 || g.still != 1 {
		t.Errorf("it was used %d times and asked %d times besides", g.used, g.still)
	}
}
