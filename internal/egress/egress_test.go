package egress

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A fakeNetwork answers lookups from a table of successive answers and counts
// the addresses dialled.
type fakeNetwork struct {
	answers [][]netip.Addr // the last one stays
	dial    func(ctx context.Context, addr netip.AddrPort) (net.Conn, error)

	mu      sync.Mutex
	looked  int              // guarded by mu
	dialled []netip.AddrPort // guarded by mu
}

func (n *fakeNetwork) Lookup(context.Context, string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := min(n.looked, len(n.answers)-1)
	n.looked++
	return n.answers[i], nil
}

func (n *fakeNetwork) Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.dialled = append(n.dialled, addr)
	n.mu.Unlock()
	if n.dial != nil {
		return n.dial(ctx, addr)
	}
	client, server := net.Pipe()
	server.Close()
	return client, nil
}

func addrs(list ...string) []netip.Addr {
	all := make([]netip.Addr, len(list))
	for i, s := range list {
		all[i] = netip.MustParseAddr(s)
	}
	return all
}

// TestRebindingReachesNothing looks a name up twice: the answer that was checked
// is the one connected to.
func TestRebindingReachesNothing(t *testing.T) {
	network := &fakeNetwork{answers: [][]netip.Addr{addrs("61.134.1.4"), addrs("127.0.0.1")}}
	d := newDialer(Config{Network: network})
	conn, err := d.dialContext(t.Context(), "tcp", "rebind.example:80")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if _, err := d.dialContext(t.Context(), "tcp", "rebind.example:80"); !errors.Is(err, ErrDenied) {
		t.Errorf("second answer 127.0.0.1: got %v, want %v", err, ErrDenied)
	}
	if len(network.dialled) != 1 || network.dialled[0].Addr() != netip.MustParseAddr("61.134.1.4") {
		t.Errorf("dialled %v, want only 61.134.1.4", network.dialled)
	}
}

// TestListenerInsideSeesNothing has a real listener on loopback wait for any
// connection that slips through the real network.
func TestListenerInsideSeesNothing(t *testing.T) {
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var seen atomic.Int32
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			c, err := inside.Accept()
			if err != nil {
				return
			}
			seen.Add(1)
			c.Close()
		}
	})
	_, port, _ := net.SplitHostPort(inside.Addr().String())
	urls := PortsOf("http://a:" + port + "/")
	transport, err := NewTransport(Config{Ports: urls})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: transport}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1", "2130706433"} {
		if _, err := client.Get("http://" + host + ":" + port + "/"); err == nil {
			t.Errorf("%s: reached", host)
		}
	}
	inside.Close()
	accepting.Wait()
	if n := seen.Load(); n != 0 {
		t.Errorf("the listener saw %d connections, want 0", n)
	}
}

func TestOwnAddressesAreRefused(t *testing.T) {
	d := newDialer(Config{Network: &fakeNetwork{answers: [][]netip.Addr{addrs("61.134.1.4")}}})
	d.policy.own = func() []netip.Addr { return addrs("61.134.1.4") }
	if _, err := d.dialContext(t.Context(), "tcp", "me.example:80"); !errors.Is(err, ErrDenied) {
		t.Errorf("own address: got %v, want %v", err, ErrDenied)
	}
	if len(ownAddresses()) == 0 {
		t.Error("this machine has no address at all")
	}
}

func TestMixedAnswersUseWhatIsAllowed(t *testing.T) {
	network := &fakeNetwork{answers: [][]netip.Addr{addrs("127.0.0.1", "61.134.1.4", "10.0.0.1")}}
	conn, err := newDialer(Config{Network: network}).dialContext(t.Context(), "tcp", "gov.example:80")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if len(network.dialled) != 1 || network.dialled[0].String() != "61.134.1.4:80" {
		t.Errorf("dialled %v, want only 61.134.1.4:80", network.dialled)
	}
}

func TestProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "through the proxy: "+r.URL.Host)
	}))
	defer proxy.Close()
	transport, err := NewTransport(Config{Proxy: proxy.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport}
	resp, err := client.Get("http://gov.example/")
	if err != nil {
		t.Fatalf("the proxy's own address on loopback is exempt: %v", err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if got := string(body); got != "through the proxy: gov.example" {
		t.Errorf("got %q", got)
	}
	inside, _ := url.Parse(proxy.URL)
	for _, host := range []string{"127.0.0.1", "169.254.169.254", "localhost", "0x7f000001", "gov.example:22", inside.Host} {
		if _, err := client.Get("http://" + host + "/"); !errors.Is(err, ErrDenied) {
			t.Errorf("%s through the proxy: got %v, want %v", host, err, ErrDenied)
		}
	}
}

func TestConfigErrorsSayWhatToDo(t *testing.T) {
	tests := []struct {
		name string
		cfg  Config
		want string
	}{
		{"no scheme", Config{Proxy: "proxy.example:3128"}, "http://host:port"},
		{"another scheme", Config{Proxy: "ftp://proxy.example"}, "use http, https or socks5"},
		{"a password is not repeated", Config{Proxy: "http://user:geheim@%zz"}, "http://host:port"},
		{"no certificate", Config{ExtraCA: []byte("hello")}, "PEM"},
	}
	for _, tt := range tests {
		_, err := NewTransport(tt.cfg)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: got %v, want a text with %q", tt.name, err, tt.want)
		}
	}
}

func TestExtraCAIsTrusted(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	cfg := Config{Ports: PortsOf(server.URL), AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	if _, err := get(t, cfg, server.URL); err == nil {
		t.Error("an unknown authority was trusted")
	}
	cfg.ExtraCA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if status, err := get(t, cfg, server.URL); err != nil || status != http.StatusNotFound {
		t.Errorf("with the authority named: got %d, %v", status, err)
	}
}

func get(t *testing.T, cfg Config, url string) (int, error) {
	transport, err := NewTransport(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
