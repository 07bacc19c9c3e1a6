package egress

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A refusal is a range that is not reached, with the reason people are told.
type refusal struct {
	prefix netip.Prefix
	reason string
}

// refusals returns the ranges inside, in the order in which they are looked
// through.
func refusals() []refusal {
	table := []struct{ cidr, reason string }{
		{"0.0.0.0/8", "unspecified, often a sinkhole (黑洞地址)"},
		{"10.0.0.0/8", "private"},
		{"100.64.0.0/10", "carrier-grade NAT"},
		{"127.0.0.0/8", "loopback"},
		{"169.254.0.0/16", "link-local"},
		{"172.16.0.0/12", "private"},
		{"192.0.0.0/24", "protocol assignments"},
		{"192.168.0.0/16", "private"},
		{"198.18.0.0/15", "benchmarking"},
		{"224.0.0.0/4", "multicast"},
		{"240.0.0.0/4", "reserved"},
		{"::/128", "unspecified, often a sinkhole (黑洞地址)"},
		{"::1/128", "loopback"},
		{"::/96", "IPv4-compatible"},
		{"64:ff9b::/96", "NAT64"},
		{"64:ff9b:1::/48", "NAT64"},
		{"100::/64", "discard"},
		{"2001::/32", "Teredo"},
		{"2002::/16", "6to4"},
		{"fc00::/7", "unique local"},
		{"fe80::/10", "link-local"},
		{"fec0::/10", "site-local"},
		{"ff00::/8", "multicast"},
	}
	ranges := make([]refusal, len(table))
	for i, row := range table {
		ranges[i] = refusal{netip.MustParsePrefix(row.cidr), row.reason}
	}
	return ranges
}

// metadata are the addresses of cloud metadata services: AWS and most others,
// Aliyun, AWS over IPv6. Whoever reaches them holds the machine's keys.
func metadata() []netip.Addr {
	return []netip.Addr{
		netip.AddrFrom4([4]byte{169, 254, 169, 254}),
		netip.AddrFrom4([4]byte{100, 100, 100, 200}),
		netip.MustParseAddr("fd00:ec2::254"),
	}
}

// A policy decides about addresses and ports. It is never written to after it
// was made.
type policy struct {
	metadata []netip.Addr
	allow    []netip.Prefix
	refused  []refusal
	ports    []uint16
	own      func() []netip.Addr // this machine's addresses; nil for a network that is not the real one
}

func newPolicy(cfg Config) policy {
	return policy{
		metadata: metadata(),
		allow:    cfg.AllowPrivate,
		refused:  refusals(),
		ports:    append([]uint16{80, 443}, cfg.Ports...),
	}
}

// check returns an error that wraps ErrDenied unless addr may be reached. addr
// is unmapped.
func (p policy) check(addr netip.Addr) error {
	if addr.Zone() != "" {
		return denied(addr.String(), "an address with a zone")
	}
	if slices.Contains(p.metadata, addr) {
		return denied(addr.String(), "a metadata service, which stays closed")
	}
	for _, prefix := range p.allow {
		if prefix.Contains(addr) {
			return nil
		}
	}
	for _, r := range p.refused {
		if r.prefix.Contains(addr) {
			return denied(addr.String(), r.reason+"; if the site is meant to be there, name its range in allow_private")
		}
	}
	if p.own != nil && slices.Contains(p.own(), addr) {
		return denied(addr.String(), "an address of this machine; if the site is meant to be there, name it in allow_private")
	}
	return nil
}

// checkPort refuses ports on which no configured site is.
func (p policy) checkPort(port uint16) error {
	if slices.Contains(p.ports, port) {
		return nil
	}
	return denied("port "+strconv.Itoa(int(port)), "only 80, 443 and the ports that configured addresses name are reached")
}

// checkURL is what can be checked where a proxy looks names up.
func (d *dialer) checkURL(u *url.URL) error {
	port, err := portOf(u)
	if err != nil {
		return err
	}
	if err := d.policy.checkPort(port); err != nil {
		return err
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return denied(host, "this machine")
	}
	addr, literal, err := parseLiteral(host)
	if err != nil || !literal {
		return err
	}
	return d.policy.check(addr)
}

func portOf(u *url.URL) (uint16, error) {
	if u.Port() == "" {
		if u.Scheme == "https" {
			return 443, nil
		}
		return 80, nil
	}
	return parsePort(u.Port())
}

func parsePort(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, denied("port "+strconv.Quote(s), "not a port")
	}
	return uint16(n), nil
}

// Inward reports whether a URL's host is written as an address that the policy
// refuses by default, in whatever form, or as the name of this machine. It
// looks no name up.
func Inward(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, literal, err := parseLiteral(host)
	if err != nil {
		return true
	}
	return literal && newPolicy(Config{}).check(addr) != nil
}

// parseLiteral returns the address that host is, if it is one. Forms that some
// resolvers take for an address and others for a name (0x7f000001, 2130706433,
// 0177.0.0.1, 127.1) are refused: no site needs them.
func parseLiteral(host string) (addr netip.Addr, literal bool, err error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap(), true, nil
	}
	last := strings.TrimSuffix(host, ".")
	last = last[strings.LastIndexByte(last, '.')+1:]
	if strings.Contains(host, ":") || numeric(last) {
		return netip.Addr{}, false, denied(strconv.Quote(host), "an address in an odd form")
	}
	return netip.Addr{}, false, nil
}

// numeric reports whether the last label of a host makes browsers and C
// libraries take the host for an IPv4 address.
func numeric(label string) bool {
	if label == "" {
		return false
	}
	if rest, hex := strings.CutPrefix(strings.ToLower(label), "0x"); hex {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

func denied(what, why string) error {
	return fmt.Errorf("%w: %s: %s", ErrDenied, what, why)
}
