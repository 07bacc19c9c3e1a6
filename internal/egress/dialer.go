package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// A dialer connects to checked addresses only.
type dialer struct {
	policy  policy
	network Network
	proxied bool // every dial is to the proxy

	lookup, connect time.Duration
}

func newDialer(cfg Config) *dialer {
	d := &dialer{
		policy:  newPolicy(cfg),
		network: cfg.Network,
		lookup:  orElse(cfg.Lookup, 5*time.Second),
		connect: orElse(cfg.Connect, 10*time.Second),
	}
	if d.network == nil {
		d.network = system{}
		d.policy.own = ownAddresses
	}
	return d
}

// dialContext is what a transport calls, with a host and port.
func (d *dialer) dialContext(ctx context.Context, _, hostport string) (net.Conn, error) {
	host, service, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, denied(hostport, "not a host and port")
	}
	port, err := parsePort(service)
	if err != nil {
		return nil, err
	}
	if d.proxied {
		return d.dialProxy(ctx, host, port)
	}
	if err := d.policy.checkPort(port); err != nil {
		return nil, err
	}
	addrs, err := d.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	return d.dialAny(ctx, d.checked(addrs), host, port)
}

// dialProxy connects to the proxy, wherever the operator put it.
func (d *dialer) dialProxy(ctx context.Context, host string, port uint16) (net.Conn, error) {
	addrs, err := d.resolve(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	conn, err := d.dialAny(ctx, verdict{allowed: addrs}, host, port)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return proxyConn{conn}, nil
}

// resolve returns the addresses of a host, unmapped.
func (d *dialer) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	addr, literal, err := parseLiteral(host)
	if err != nil || literal {
		return []netip.Addr{addr}, err
	}
	inner, cancel := context.WithTimeout(ctx, d.lookup)
	defer cancel()
	addrs, err := d.network.Lookup(inner, strings.ToLower(host))
	switch {
	case err != nil && ctx.Err() == nil && inner.Err() != nil:
		return nil, &net.DNSError{Err: "no answer within " + d.lookup.String(), Name: host, IsTimeout: true}
	case err != nil:
		return nil, err
	case len(addrs) == 0:
		return nil, &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	unmapped := make([]netip.Addr, len(addrs))
	for i, a := range addrs {
		unmapped[i] = a.Unmap()
	}
	return unmapped, nil
}

// A verdict is what the policy says of a host's addresses.
type verdict struct {
	allowed []netip.Addr
	refusal error // of the first address refused
}

// checked sorts the refused addresses out. The others may still be used: they
// are the ones connected to.
func (d *dialer) checked(addrs []netip.Addr) verdict {
	var v verdict
	for _, addr := range addrs {
		if err := d.policy.check(addr); err == nil {
			v.allowed = append(v.allowed, addr)
		} else if v.refusal == nil {
			v.refusal = err
		}
	}
	return v
}

// Bounds of connecting to a host with many addresses.
const (
	maxAddresses = 256
	maxInFlight  = 8
	stagger      = 300 * time.Millisecond
)

// dialAny connects to the first address that answers. A further address is
// tried every so often, so that dead ones in front cost little, and all of them
// share the connect budget.
func (d *dialer) dialAny(ctx context.Context, v verdict, host string, port uint16) (net.Conn, error) {
	addrs := v.allowed[:min(len(v.allowed), maxAddresses)]
	if len(addrs) == 0 {
		return nil, fmt.Errorf("%s: %w", host, v.refusal)
	}
	ctx, cancel := context.WithTimeout(ctx, d.connect)
	defer cancel()
	if len(addrs) == 1 {
		return d.network.Dial(ctx, netip.AddrPortFrom(addrs[0], port))
	}
	r := race{network: d.network, port: port, step: min(stagger, d.connect/time.Duration(len(addrs)))}
	r.results = make(chan dialled, len(addrs))
	return r.run(ctx, cancel, addrs)
}

// A race connects to several addresses of one host.
type race struct {
	network Network
	port    uint16
	step    time.Duration // between two starts
	results chan dialled
}

type dialled struct {
	conn net.Conn
	err  error
}

// run returns the first connection, or the first error once all have failed. It
// returns after every attempt has ended.
func (r *race) run(ctx context.Context, cancel context.CancelFunc, addrs []netip.Addr) (net.Conn, error) {
	var won net.Conn
	var failed error
	running := 0
	next := time.NewTimer(0)
	defer next.Stop()
	for len(addrs) > 0 || running > 0 {
		var start <-chan time.Time
		if len(addrs) > 0 && running < maxInFlight {
			start = next.C
		}
		select {
		case <-start:
			go r.try(ctx, addrs[0], len(addrs) > maxInFlight)
			addrs, running = addrs[1:], running+1
			next.Reset(r.step)
		case got := <-r.results:
			running--
			switch {
			case got.err == nil && won == nil:
				won, addrs = got.conn, nil
				cancel()
			case got.err == nil:
				got.conn.Close()
			default:
				failed = first(failed, got.err)
				next.Reset(0)
			}
		case <-ctx.Done():
			addrs = nil
			ctx = context.WithoutCancel(ctx) // the attempts still have to be waited for
			failed = first(failed, context.DeadlineExceeded)
		}
	}
	if won != nil {
		return won, nil
	}
	return nil, failed
}

// try connects to one address. With many more waiting it must make room.
func (r *race) try(ctx context.Context, addr netip.Addr, crowded bool) {
	if crowded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.step*maxInFlight)
		defer cancel()
	}
	conn, err := r.network.Dial(ctx, netip.AddrPortFrom(addr, r.port))
	r.results <- dialled{conn, err}
}

func first(err, later error) error {
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return later
}

// proxyConn hides the proxy's address: it is not that of the host asked.
type proxyConn struct{ net.Conn }

// RemoteAddr returns an address that is no TCP address.
func (c proxyConn) RemoteAddr() net.Addr { return proxyAddr{} }

type proxyAddr struct{}

func (proxyAddr) Network() string { return "proxy" }
func (proxyAddr) String() string  { return "proxy" }

// system is the real network.
type system struct{}

// Lookup asks the system's resolver.
func (system) Lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// Dial opens a TCP connection.
func (system) Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr.String())
}

// ownAddresses returns the addresses of this machine's interfaces now.
func ownAddresses() []netip.Addr {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var own []netip.Addr
	for _, a := range all {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}
