package egress

import (
	"errors"
	"net/http"
	"net/netip"
	"testing"
)

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
