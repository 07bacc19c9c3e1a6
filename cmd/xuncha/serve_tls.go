package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// A certificate is a pair of files that is read again when it has been renewed.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	pair   *tls.Certificate // guarded by mu
	stamp  string           // guarded by mu; of the files it was read from
	looked time.Time        // guarded by mu
}

// lookAgain is how long a pair is used before it is seen whether there is another.
const lookAgain = time.Minute

// newCertificate reads the files, so that a mistake is told at once.
func newCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	if _, err := c.get(nil); err != nil {
		return nil, fmt.Errorf("TLS: %w; name a PEM certificate and its key with --tls-cert and --tls-key", err)
	}
	return c, nil
}

// get returns the pair. One that cannot be read leaves the one before in use.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pair != nil && time.Since(c.looked) < lookAgain {
		return c.pair, nil
	}
	c.looked = time.Now()
	stamp := ""
	for _, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			stamp += fmt.Sprint(info.Size(), info.ModTime().UnixNano(), " ")
		}
	}
	if c.pair != nil && stamp == c.stamp {
		return c.pair, nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	switch {
	case err == nil:
		c.pair, c.stamp = &pair, stamp
	case c.pair == nil:
		return nil, err
	}
	return c.pair, nil
}

// config is how the console speaks TLS.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}
