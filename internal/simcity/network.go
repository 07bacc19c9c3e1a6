package simcity

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"sync"
	"syscall"
)

// A machine is what answers at one address: usually one host, several where
// sites are hosted together.
type machine struct {
	hosts []*host
	down  bool
}

// assignAddresses gives every host an address that looks public. Sites run by
// the same hosting company share one; a host that is down has its own.
func assignAddresses(hosts map[string]*host, seed uint64) map[netip.Addr]*machine {
	names := make([]string, 0, len(hosts))
	for name := range hosts {
		names = append(names, name)
	}
	sort.Strings(names)
	machines := map[netip.Addr]*machine{}
	for _, name := range names {
		h := hosts[name]
		key, shared := name, h.skin.shared && !h.down
		if shared {
			key = h.skin.name + " hosting"
		}
		addr := freeAddress(machines, hash(key)^seed, shared)
		m := machines[addr]
		if m == nil {
			m = &machine{down: h.down}
			machines[addr] = m
		}
		m.hosts = append(m.hosts, h)
		h.addr = addr
	}
	return machines
}

// freeAddress makes an address of a number; unless it is to be shared, one
// that nobody has yet.
func freeAddress(taken map[netip.Addr]*machine, n uint64, shared bool) netip.Addr {
	for ; ; n++ {
		first, second := byte(60), byte(220+n%3)
		if shared {
			first, second = 36, byte(128+n%64)
		}
		addr := netip.AddrFrom4([4]byte{first, second, byte(n >> 8), byte(1 + (n>>16)%254)})
		if shared || taken[addr] == nil {
			return addr
		}
	}
}

// Lookup answers with the address of a host of the city.
func (c *City) Lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("look up %s: %w", name, err)
	}
	h := c.hosts[strings.ToLower(strings.TrimSuffix(name, "."))]
	if h == nil {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if h.on(dayOf(c.now())).everywhere == faultNetwork {
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return []netip.Addr{h.addr}, nil
}

// Dial opens a connection in memory. A host that is down refuses it, and so does
// every port but 80 and, where the city's authority signs for a host, 443.
func (c *City) Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	remote := net.TCPAddrFromAddrPort(addr)
	refuse := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Addr: remote, Err: err} }
	if err := ctx.Err(); err != nil {
		return nil, refuse(err)
	}
	m := c.byIP[addr.Addr()]
	switch {
	case m == nil:
		return nil, refuse(syscall.EHOSTUNREACH)
	case m.down || !m.listens(addr.Port()) || m.refuses(dayOf(c.now())):
		return nil, refuse(syscall.ECONNREFUSED)
	}
	local := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 40000}
	client, server := net.Pipe()
	var end net.Conn = conn{server, remote, local}
	if addr.Port() == portTLS {
		end = tls.Server(end, c.authority.config)
	}
	if err := c.conns.put(ctx, end); err != nil {
		return nil, refuse(err)
	}
	return conn{client, local, remote}, nil
}

// portTLS is where hosts answer with TLS.
const portTLS = 443

// listens reports whether the machine takes connections at a port.
func (m *machine) listens(port uint16) bool {
	return port == 80 || port == portTLS && slices.ContainsFunc(m.hosts, func(h *host) bool { return h.secure })
}

// refuses reports whether no host of the machine takes connections on a day.
func (m *machine) refuses(d day) bool {
	for _, h := range m.hosts {
		if f := h.on(d).everywhere; f != faultRefused && f != faultNetwork {
			return false
		}
	}
	return true
}

// conn is one end of a connection, with the addresses a network would show.
type conn struct {
	net.Conn
	local, remote net.Addr
}

func (c conn) LocalAddr() net.Addr  { return c.local }
func (c conn) RemoteAddr() net.Addr { return c.remote }

// listener hands dialled connections to the server and knows when the server
// has let go of them.
type listener struct {
	dialled chan net.Conn
	closed  <-chan struct{}

	mu   sync.Mutex
	idle *sync.Cond        // no connection left
	open map[net.Conn]bool // guarded by mu; accepted and not yet closed
}

func newListener(closed <-chan struct{}) *listener {
	l := &listener{dialled: make(chan net.Conn), closed: closed, open: map[net.Conn]bool{}}
	l.idle = sync.NewCond(&l.mu)
	return l
}

// put offers a connection to the server.
func (l *listener) put(ctx context.Context, c net.Conn) error {
	select {
	case l.dialled <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.closed:
		return net.ErrClosed
	}
}

// Accept is called by the server.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.dialled:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.open[c] = true
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close is called by the server; the city's own Close ends Accept.
func (l *listener) Close() error { return nil }

// Addr is called by nobody that matters.
func (l *listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero, Port: 80} }

// track forgets connections that the server is done with.
func (l *listener) track(c net.Conn, s http.ConnState) {
	if s != http.StateClosed && s != http.StateHijacked {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
	l.idle.Broadcast()
}

// wait blocks until the server has let go of every connection.
func (l *listener) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.open) > 0 {
		l.idle.Wait()
	}
}
