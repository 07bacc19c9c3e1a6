package simcity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// An authority signs for the city's hosts. It lives as long as the city and is
// written nowhere, so that nobody who trusts it trusts anything else.
type authority struct {
	pem    []byte
	config *tls.Config // of every host
}

// newAuthority makes an authority and one certificate for all of the names.
func newAuthority(names []string) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, fmt.Errorf("authority of the simulated city: %w", err)
	}
	root := certificate("Simulated city", 1)
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	signed, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return authority{}, fmt.Errorf("authority of the simulated city: %w", err)
	}
	leaf := certificate("Simulated hosts", 2)
	leaf.DNSNames, leaf.KeyUsage, leaf.ExtKeyUsage = names, x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	host, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, fmt.Errorf("certificate of the simulated city: %w", err)
	}
	chain, err := x509.CreateCertificate(rand.Reader, leaf, root, host.Public(), key)
	if err != nil {
		return authority{}, fmt.Errorf("certificate of the simulated city: %w", err)
	}
	return authority{
		pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		config: &tls.Config{
			Certificates: []tls.Certificate{{Certificate: [][]byte{chain}, PrivateKey: host}},
			MinVersion:   tls.VersionTLS12, NextProtos: []string{"http/1.1"}, SessionTicketsDisabled: true,
		},
	}, nil
}

// certificate is what both certificates have in common. They hold whatever the
// city's clock says: who checks them goes by the real one.
func certificate(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// CA returns the certificate of the authority that signs for the city's hosts,
// as PEM. It is made anew with each city.
func (c *City) CA() []byte { return c.authority.pem }
