package egress

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// overLine connects over a line to a server that says hello, and returns what was heard
// and the addresses that were connected to.
func overLine(t *testing.T, cfg Config, answers []string, host, port string, serve func(net.Conn)) (heard string, reached []netip.AddrPort, err error) {
	t.Helper()
	network := &fakeNetwork{answers: [][]netip.Addr{addrs(answers...)}}
	network.dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			serve(server)
		}()
		return client, nil
	}
	cfg.Network = network
	line, err := NewLine(cfg)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := line.Dial(t.Context(), host, port)
	if err != nil {
		return "", network.dialled, err
	}
	defer conn.Close()
	data, _ := io.ReadAll(conn)
	return string(data), network.dialled, nil
}

func hello(conn net.Conn) { _, _ = io.WriteString(conn, "220 hello\r\n") }

// Mail obeys the policy that everything else obeys.
func TestALineReachesOnlyWhatIsAllowed(t *testing.T) {
	mail := Config{Ports: PortsOf("smtp://mail.example/", "smtps://mail.example", "smtp://mail.example:587")}
	inside := mail
	inside.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	for _, tt := range []struct {
		name, address, port string
		cfg                 Config
		denied              bool
	}{
		{"outside", "61.134.1.4", "25", mail, false},
		{"outside, by TLS", "61.134.1.4", "465", mail, false},
		{"a port that was named", "61.134.1.4", "587", mail, false},
		{"a port that nobody named", "61.134.1.4", "2525", mail, true},
		{"inside", "10.1.2.3", "25", mail, true},
		{"inside, as configured", "10.1.2.3", "25", inside, false},
		{"this machine", "127.0.0.1", "25", inside, true},
		{"a metadata service", "169.254.169.254", "25", inside, true},
	} {
		heard, reached, err := overLine(t, tt.cfg, []string{tt.address}, "mail.example", tt.port, hello)
		if errors.Is(err, ErrDenied) != tt.denied || tt.denied && len(reached) != 0 || !tt.denied && heard != "220 hello\r\n" {
			t.Errorf("%s: heard %q, reached %v, %v", tt.name, heard, reached, err)
		}
	}
}

// Behind a proxy mail goes through it, and what stands inside by the configuration is
// reached as it is.
func TestALineGoesThroughTheProxy(t *testing.T) {
	cfg := Config{
		Proxy: "http://wang:geheim@61.0.0.1:3128", Ports: []uint16{25}, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")},
	}
	asked := make(chan *http.Request, 1)
	tunnel := func(status string) func(net.Conn) {
		return func(conn net.Conn) {
			r, err := http.ReadRequest(bufio.NewReader(conn))
			if err != nil {
				return
			}
			asked <- r
			_, _ = io.WriteString(conn, "HTTP/1.1 "+status+"\r\n\r\n220 hello\r\n")
		}
	}
	heard, reached, err := overLine(t, cfg, []string{"61.134.1.4"}, "mail.example", "25", tunnel("200 OK"))
	if err != nil || heard != "220 hello\r\n" || len(reached) != 1 || reached[0].String() != "61.0.0.1:3128" {
		t.Errorf("heard %q, reached %v, %v", heard, reached, err)
	}
	if r := <-asked; r.Method != http.MethodConnect || r.Host != "mail.example:25" || !strings.HasPrefix(r.Header.Get("Proxy-Authorization"), "Basic ") {
		t.Errorf("the proxy is asked %s %s, %v", r.Method, r.Host, r.Header)
	}
	_, _, err = overLine(t, cfg, []string{"61.134.1.4"}, "mail.example", "25", tunnel("403 Forbidden"))
	if err == nil || !strings.Contains(err.Error(), "allow_private") || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a proxy that refuses: %v", err)
	}
	<-asked
	heard, reached, err = overLine(t, cfg, []string{"10.1.2.3"}, "mail.example", "25", hello)
	if err != nil || heard != "220 hello\r\n" || reached[0].String() != "10.1.2.3:25" {
		t.Errorf("inside: heard %q, reached %v, %v", heard, reached, err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "169.254.169.254"} {
		if _, reached, err := overLine(t, cfg, []string{"61.134.1.4"}, host, "25", hello); !errors.Is(err, ErrDenied) {
			t.Errorf("%s through the proxy: reached %v, %v", host, reached, err)
		}
	}
}

// A SOCKS5 proxy is told the name.
func TestALineGoesThroughSOCKS(t *testing.T) {
	name := make(chan string, 1)
	heard, _, err := overLine(t, Config{Proxy: "socks5://61.0.0.1:1080", Ports: []uint16{25}}, []string{"61.134.1.4"}, "mail.example", "25", func(conn net.Conn) {
		buf := make([]byte, 3)
		_, _ = io.ReadFull(conn, buf) // version, one method, none
		_, _ = conn.Write([]byte{5, 0})
		buf = make([]byte, 5+len("mail.example")+2)
		_, _ = io.ReadFull(conn, buf)
		name <- string(buf[5 : 5+len("mail.example")])
		_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		hello(conn)
	})
	if err != nil || heard != "220 hello\r\n" || <-name != "mail.example" {
		t.Errorf("heard %q, %v", heard, err)
	}
}

// A proxy that never answers holds up no stop.
func TestAMuteProxyHoldsUpNoStop(t *testing.T) {
	network := &fakeNetwork{answers: [][]netip.Addr{addrs("61.134.1.4")}}
	asked := make(chan struct{})
	network.dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			_, _ = http.ReadRequest(bufio.NewReader(server))
			close(asked)
		}()
		return client, nil
	}
	line, err := NewLine(Config{Proxy: "http://61.0.0.1:3128", Ports: []uint16{25}, Network: network})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if _, err := line.Dial(ctx, "mail.example", "25"); err == nil {
		t.Error("it connected")
	}
}
