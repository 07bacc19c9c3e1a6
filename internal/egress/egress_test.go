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

func TestRefusedAddresses(t *testing.T) {
	tests := []struct {
		addr string
		want bool // refused
	}{
		{"127.0.0.1", true}, {"127.255.255.254", true}, {"0.0.0.0", true}, {"0.1.2.3", true},
		{"10.0.0.1", true}, {"10.255.255.255", true}, {"11.0.0.0", false}, {"9.255.255.255", false},
		{"172.16.0.1", true}, {"172.31.255.255", true}, {"172.32.0.1", false}, {"172.15.255.255", false},
		{"192.168.0.1", true}, {"192.169.0.1", false},
		{"169.254.0.1", true}, {"169.254.169.254", true},
		{"100.64.0.1", true}, {"100.127.255.255", true}, {"100.128.0.1", false}, {"100.100.100.200", true},
		{"192.0.0.1", true}, {"192.0.1.1", false},
		{"198.18.0.1", true}, {"198.19.255.255", true}, {"198.20.0.1", false},
		{"224.0.0.1", true}, {"239.255.255.255", true}, {"240.0.0.1", true}, {"255.255.255.255", true},
		{"::", true}, {"::1", true}, {"::7f00:1", true},
		{"fe80::1", true}, {"fc00::1", true}, {"fd00:ec2::254", true}, {"fec0::1", true}, {"ff02::1", true},
		{"64:ff9b::7f00:1", true}, {"2002:7f00:1::", true}, {"2001:0:1::1", true},
		{"::ffff:127.0.0.1", true}, {"::ffff:169.254.169.254", true}, {"::ffff:61.1.1.1", false},
		{"fe80::1%eth0", true},
		{"61.134.1.4", false}, {"2408:4000::1", false},
	}
	for _, tt := range tests {
		network := &fakeNetwork{answers: [][]netip.Addr{addrs(tt.addr)}}
		d := newDialer(Config{Network: network})
		conn, err := d.dialContext(t.Context(), "tcp", "gov.example:80")
		if conn != nil {
			conn.Close()
		}
		if got := errors.Is(err, ErrDenied); got != tt.want {
			t.Errorf("%s: refused %v (%v), want %v", tt.addr, got, err, tt.want)
		}
		if tt.want && len(network.dialled) > 0 {
			t.Errorf("%s: refused but dialled %v", tt.addr, network.dialled)
		}
	}
}

func TestOddLiteralsAreRefusedUnseen(t *testing.T) {
	hosts := []string{
		"127.0.0.1", "[::1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[fe80::1%25eth0]", "127.1", "0", "0x7f.1",
		"0x7f000001", "0xa9fea9fe", "2130706433", "0177.0.0.1", "127.0.0.1.", "169.254.169.254", "１２７.０.０.１", "0x",
	}
	for _, host := range hosts {
		network := &fakeNetwork{answers: [][]netip.Addr{addrs("61.134.1.4")}}
		transport, err := NewTransport(Config{Network: network})
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: transport}
		_, err = client.Get("http://" + host + "/")
		if !errors.Is(err, ErrDenied) {
			t.Errorf("%s: got %v, want %v", host, err, ErrDenied)
		}
		if len(network.dialled) > 0 {
			t.Errorf("%s: dialled %v", host, network.dialled)
		}
		transport.CloseIdleConnections()
	}
}

func TestInward(t *testing.T) {
	tests := []struct {
		host string
		want bool
	}{
		{"127.0.0.1", true}, {"::1", true}, {"localhost", true}, {"LOCALHOST.", true}, {"a.localhost", true}, {"0xa9fea9fe", true},
		{"10.1.2.3", true}, {"www.yq.gov.cn", false}, {"61.134.1.4", false}, {"163.com", false}, {"a.b0x", false},
	}
	for _, tt := range tests {
		if got := Inward(tt.host); got != tt.want {
			t.Errorf("%q: got %v, want %v", tt.host, got, tt.want)
		}
	}
}

func TestAllowPrivateOpensItsRangeOnly(t *testing.T) {
	allow := []netip.Prefix{
		netip.MustParsePrefix("10.2.0.0/16"), netip.MustParsePrefix("169.254.0.0/16"),
		netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fd00::/8"),
	}
	tests := []struct {
		addr string
		want bool // refused
	}{
		{"10.2.3.4", false}, {"10.3.0.1", true}, {"169.254.1.1", false}, {"100.64.0.1", false}, {"fd00::1", false},
		{"169.254.169.254", true}, {"100.100.100.200", true}, {"fd00:ec2::254", true}, {"::ffff:10.2.3.4", false},
	}
	for _, tt := range tests {
		d := newDialer(Config{AllowPrivate: allow, Network: &fakeNetwork{answers: [][]netip.Addr{addrs(tt.addr)}}})
		conn, err := d.dialContext(t.Context(), "tcp", "gov.example:80")
		if conn != nil {
			conn.Close()
		}
		if got := errors.Is(err, ErrDenied); got != tt.want {
			t.Errorf("%s: refused %v (%v), want %v", tt.addr, got, err, tt.want)
		}
	}
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

func TestPorts(t *testing.T) {
	tests := []struct {
		port string
		want bool // refused
	}{{"80", false}, {"443", false}, {"8080", false}, {"22", true}, {"0", true}, {"65536", true}, {"", true}}
	for _, tt := range tests {
		cfg := Config{Ports: PortsOf("http://a.example:8080/x", "http://b.example/", ":", "http://c:0/")}
		cfg.Network = &fakeNetwork{answers: [][]netip.Addr{addrs("61.134.1.4")}}
		conn, err := newDialer(cfg).dialContext(t.Context(), "tcp", "gov.example:"+tt.port)
		if conn != nil {
			conn.Close()
		}
		if got := errors.Is(err, ErrDenied); got != tt.want {
			t.Errorf("port %q: refused %v (%v), want %v", tt.port, got, err, tt.want)
		}
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

func FuzzParseLiteral(f *testing.F) {
	for _, s := range []string{"127.0.0.1", "::1", "0x7f.1", "www.yq.gov.cn", "1.2.3.4.", "[::1]", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, host string) {
		addr, literal, err := parseLiteral(host)
		if literal && (err != nil || !addr.IsValid() || addr.Is4In6()) {
			t.Errorf("%q: literal %v, %v", host, addr, err)
		}
		if err != nil && !errors.Is(err, ErrDenied) {
			t.Errorf("%q: %v", host, err)
		}
	})
}
