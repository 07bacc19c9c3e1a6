package people

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// maxForwarded bounds the proxies in a row that are believed.
const maxForwarded = 16

// Address returns whose request it is: the other end of the connection, or what a
// proxy that is trusted says of it. It is the zero Addr where that is no address.
func (g *Gate) Address(r *http.Request) netip.Addr {
	addr := peer(r)
	if !g.trusts(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i, hop := range slices.Backward(hops) {
		said, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil || len(hops)-i > maxForwarded {
			return addr // whatever stands before it may have been made up
		}
		if addr = said.Unmap(); !g.trusts(addr) {
			return addr
		}
	}
	return addr
}

// Secure reports whether the browser's connection is encrypted: ours, or that of a
// proxy that is trusted, unless it says otherwise.
func (g *Gate) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	return g.trusts(peer(r)) && !strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "http")
}

func (g *Gate) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(g.proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func peer(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}
