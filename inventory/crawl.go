package inventory

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"time"
)

// checkUserAgent demands an address at which owners of sites can reach us.
func checkUserAgent(d *decoder, ua *string) {
	switch {
	case strings.ContainsFunc(*ua, func(r rune) bool { return r < ' ' || r > '~' }):
		d.report("user_agent holds characters that no header can", "use plain letters", ua)
	case !strings.Contains(*ua, "+http://") && !strings.Contains(*ua, "+https://"):
		d.report("user_agent has no contact address", "add one, as in Xuncha/1.0 (+https://www.example.gov.cn/xuncha)", ua)
	}
}

// checkProxy refuses what is no proxy, and one whose password every round would
// keep with its configuration.
func checkProxy(d *decoder, proxy *string) {
	u, err := url.Parse(*proxy)
	switch {
	case err != nil || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) || !validHost(u.Host):
		d.report("proxy is no URL of a proxy", "write it as http://proxy.example:3128", proxy)
	case u.User != nil:
		d.report("proxy holds a user name or a password", "rounds keep their configuration: let the proxy know this machine instead", proxy)
	}
}

// extraCA returns the certificates of a file of the city.
func (a *assembly) extraCA(d *decoder, name *string) []byte {
	f, ok := a.file(*name)
	switch {
	case !fs.ValidPath(*name) || isYAML(*name):
		d.report("extra_ca: "+quoted(*name)+" is no certificate file of this folder", "write its name, as in ca.pem", name)
	case !ok:
		d.report("extra_ca: there is no file "+quoted(*name), "put it beside "+cityFile, name)
	case strings.Contains(string(f.Data), "PRIVATE KEY"):
		d.report("extra_ca: "+quoted(*name)+" holds a private key", "leave only certificates in it: rounds keep their configuration", name)
	case !holdsCertificates(f.Data):
		d.report("extra_ca: no certificate in "+quoted(*name), "name a PEM file with CERTIFICATE blocks", name)
	default:
		return f.Data
	}
	return nil
}

// holdsCertificates reports whether a PEM file holds certificates and nothing
// else.
func holdsCertificates(data []byte) bool {
	found := false
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return found
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return false
		}
		found = true
	}
}

// showsDay reports whether a Go layout shows year, month and day: a day must
// come back as it went in.
func showsDay(layout string) bool {
	day := time.Date(2021, time.November, 23, 0, 0, 0, 0, time.UTC)
	back, err := time.Parse(layout, day.Format(layout))
	return err == nil && back.Equal(day)
}
