package simcity

import (
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func asDNS(err error, to **net.DNSError) bool { return errors.As(err, to) }

func TestTrafficSeesImpoliteClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, town(), townFacts, Options{MinLatency: 30 * time.Millisecond, MaxLatency: 30 * time.Millisecond})
		hc := client(t, c)
		get(t, hc, "http://trs.test.gov.cn/dt/")
		time.Sleep(50 * time.Millisecond) // the bubble's clock
		get(t, hc, "http://trs.test.gov.cn/tzgg/")
		if got := c.Traffic()["trs.test.gov.cn"]; got.Requests != 2 || got.Overlaps != 0 || got.MinGap != 50*time.Millisecond {
			t.Errorf("two requests 50 ms apart: %+v", got)
		}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { get(t, hc, "http://trs.test.gov.cn/dt/") })
		}
		both.Wait()
		if got := c.Traffic()["trs.test.gov.cn"]; got.Requests != 4 || got.Overlaps != 1 {
			t.Errorf("two requests at once: %+v, want one overlap", got)
		}
	})
}

func TestLatencyIsOfTheURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, town(), townFacts, Options{MinLatency: 20 * time.Millisecond, MaxLatency: 80 * time.Millisecond})
		hc := client(t, c)
		took := func(url string) time.Duration {
			begin := time.Now()
			get(t, hc, url)
			return time.Since(begin)
		}
		for _, u := range []string{"http://trs.test.gov.cn/dt/", "http://vsb.test.gov.cn/dt.htm"} {
			first, second := took(u), took(u)
			if first != second || first < 20*time.Millisecond || first > 80*time.Millisecond {
				t.Errorf("%s took %v, then %v; want the same, between 20 and 80 ms", u, first, second)
			}
		}
	})
}
