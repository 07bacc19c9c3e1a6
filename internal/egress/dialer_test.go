package egress

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestLookupIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDialer(Config{Network: silent{}})
		start := time.Now()
		_, err := d.dialContext(t.Context(), "tcp", "gov.example:80")
		var dns *net.DNSError
		if !errors.As(err, &dns) || !dns.IsTimeout {
			t.Errorf("silent resolver: got %v, want a DNS timeout", err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("silent resolver: took %v, want 5s", took)
		}
	})
}

// silent is a resolver that never answers.
type silent struct{}

func (silent) Lookup(ctx context.Context, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (silent) Dial(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestDeadAddressesInFront gives a host 200 addresses of which only the last
// answers.
func TestDeadAddressesInFront(t *testing.T) {
	for _, refuse := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var all []netip.Addr
			for i := range 200 {
				all = append(all, netip.AddrFrom4([4]byte{61, 1, 1, byte(i)}))
			}
			network := &fakeNetwork{answers: [][]netip.Addr{all}}
			network.dial = func(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
				switch {
				case addr.Addr() == all[199]:
					client, server := net.Pipe()
					server.Close()
					return client, nil
				case refuse:
					return nil, errors.New("refused")
				}
				<-ctx.Done()
				return nil, ctx.Err()
			}
			start := time.Now()
			conn, err := newDialer(Config{Network: network}).dialContext(t.Context(), "tcp", "gov.example:80")
			if err != nil {
				t.Fatalf("refuse %v: %v after %v", refuse, err, time.Since(start))
			}
			conn.Close()
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("refuse %v: took %v, want at most 15s", refuse, took)
			}
		})
	}
}

func TestConnectIsBounded(t *testing.T) {
	for _, n := range []int{2, 3} {
		synctest.Test(t, func(t *testing.T) {
			network := &fakeNetwork{answers: [][]netip.Addr{addrs("61.1.1.1", "61.1.1.2", "61.1.1.3")[:n]}}
			network.dial = silent{}.Dial
			start := time.Now()
			_, err := newDialer(Config{Network: network}).dialContext(t.Context(), "tcp", "gov.example:80")
			var timeout interface{ Timeout() bool }
			if !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("%d silent addresses: got %v, want a timeout", n, err)
			}
			if took := time.Since(start); took != 10*time.Second {
				t.Errorf("%d silent addresses: took %v, want 10s", n, took)
			}
		})
	}
}
