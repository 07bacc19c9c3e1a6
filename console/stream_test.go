package console

import (
	"fmt"
	"testing"
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
