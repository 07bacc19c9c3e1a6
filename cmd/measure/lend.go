package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"xuncha/internal/simcity"
)

// lend lets another process reach a city through a socket, until stop. Each
// connection begins with a line: "lookup HOST", answered by an address, "ca",
// answered by the authority that signs for the hosts, or "dial ADDRESS", after
// which it is that connection.
func lend(city *simcity.City, socket string) (stop func() error, err error) {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed by stop
			}
			conns.Go(func() { serveLoan(city, conn) })
		}
	})
	return func() error {
		err := listener.Close()
		conns.Wait()
		return err
	}, nil
}

// serveLoan serves one connection until the borrower closes it.
func serveLoan(city *simcity.City, conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	line, err := in.ReadString('\n')
	if err != nil {
		return
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	ctx := context.Background()
	if word == "lookup" {
		addrs, err := city.Lookup(ctx, rest)
		if err == nil {
			fmt.Fprintln(conn, addrs[0])
		}
		return
	}
	if word == "ca" {
		fmt.Fprintln(conn, base64.StdEncoding.EncodeToString(city.CA()))
		return
	}
	addr, err := netip.ParseAddrPort(rest)
	if err != nil {
		return
	}
	host, err := city.Dial(ctx, addr)
	if err != nil {
		return
	}
	if _, err := io.WriteString(conn, "ok\n"); err != nil {
		_ = host.Close() // the borrower has gone
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(conn, host) // either end may close first
		_ = conn.Close()
	})
	_, _ = io.Copy(host, in)
	_ = host.Close()
	back.Wait()
}

// borrowed is a network behind a socket.
type borrowed string

// Lookup asks the lender.
func (b borrowed) Lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	conn, answer, err := b.ask(ctx, "lookup "+host)
	if err != nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	defer conn.Close()
	addr, err := netip.ParseAddr(answer)
	return []netip.Addr{addr}, err
}

// CA asks the lender for the authority that signs for its hosts. Without one no
// host is believed, which shows soon enough.
func (b borrowed) CA() []byte {
	conn, answer, err := b.ask(context.Background(), "ca")
	if err != nil {
		return nil
	}
	defer conn.Close()
	pem, _ := base64.StdEncoding.DecodeString(answer)
	return pem
}

// Dial connects through the lender.
func (b borrowed) Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	conn, answer, err := b.ask(ctx, "dial "+addr.String())
	switch {
	case err != nil:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	case answer != "ok":
		return nil, fmt.Errorf("dial %s: unexpected answer %q", addr, answer)
	}
	return borrowedConn{conn, net.TCPAddrFromAddrPort(addr)}, nil
}

// ask sends a line and reads one, byte by byte: what follows is the caller's.
func (b borrowed) ask(ctx context.Context, line string) (net.Conn, string, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", string(b))
	if err != nil {
		return nil, "", err
	}
	if _, err := io.WriteString(conn, line+"\n"); err != nil {
		return nil, "", errors.Join(err, conn.Close())
	}
	var answer []byte
	one := make([]byte, 1)
	for {
		if _, err := conn.Read(one); err != nil {
			return nil, "", errors.Join(err, conn.Close())
		}
		if one[0] == '\n' {
			return conn, string(answer), nil
		}
		answer = append(answer, one[0])
	}
}

// A borrowedConn shows the address that was asked for.
type borrowedConn struct {
	net.Conn
	remote net.Addr
}

func (c borrowedConn) RemoteAddr() net.Addr { return c.remote }

// longest returns the host that must take longest: the latencies of its
// answers, and the delay after each.
func longest(traffic map[string]simcity.Traffic, delay time.Duration) (time.Duration, string) {
	var most time.Duration
	name := ""
	for host, t := range traffic {
		if total := t.Latency + time.Duration(t.Requests)*delay; isName(host) && total > most {
			most, name = total, host
		}
	}
	return most, name
}
