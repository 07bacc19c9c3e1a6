package people

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// secretBytes is how much chance is in a session, a token or a link.
const secretBytes = 32

// tokenPrefix tells a program's token from other secrets, for people and for
// scanners of what was published by mistake.
const tokenPrefix = "xuncha_"

// newSecret makes a secret, and the digest under which it is kept. The secret has
// as much chance in it as the digest is long, so that a plain digest, fast to
// make, tells nothing of it.
func newSecret(random io.Reader) (secret, digest string, err error) {
	var raw [secretBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", "", fmt.Errorf("random bytes: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(raw[:])
	return secret, digestOf(secret), nil
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// parseSecret returns the digest of what may be a secret of ours. Whatever else was
// sent is not even looked up.
func parseSecret(secret string) (digest string, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(raw) != secretBytes || strings.ContainsAny(secret, "\r\n") { // which the decoder passes over
		return "", false
	}
	return digestOf(secret), true
}

// parseToken is parseSecret for a program's token.
func parseToken(token string) (digest string, ok bool) {
	secret, ours := strings.CutPrefix(token, tokenPrefix)
	if !ours {
		return "", false
	}
	return parseSecret(secret)
}

// shortID is what a session or token is called on a page: enough to tell one user's
// apart, and of no use to get in.
func shortID(digest string) string { return digest[:min(len(digest), 12)] }
