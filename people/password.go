package people

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// A Cost is what it takes to try one password. It is written into every hash, and
// a password is hashed anew at log-in when it is not what it should be.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// DefaultCost is 64 MiB, three times over.
func DefaultCost() Cost { return Cost{MemoryKiB: 64 << 10, Passes: 3} }

// Bounds of a hash. What is kept lies within them, and a damaged record asks for
// no more.
const (
	maxMemoryKiB = 256 << 10
	maxPasses    = 16
	saltBytes    = 16
	keyBytes     = 32
	hashThreads  = 1 // two hashes at a time are two cores
)

// A hash is an argon2id hash with all that it takes to make it again.
type hash struct {
	cost Cost
	salt []byte
	key  []byte
}

// String is the form in which everybody writes such a hash.
func (h hash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.MemoryKiB, h.cost.Passes, hashThreads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

var errHash = errors.New("no argon2id hash within its bounds")

// parseHash reads what String wrote, and nothing else.
func parseHash(s string) (hash, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return hash{}, errHash
	}
	var h hash
	var err error
	for i, part := range strings.Split(parts[3], ",") {
		name, figure, _ := strings.Cut(part, "=")
		n, err := strconv.ParseUint(figure, 10, 32)
		switch {
		case err != nil:
			return hash{}, errHash
		case i == 0 && name == "m":
			h.cost.MemoryKiB = uint32(n)
		case i == 1 && name == "t":
			h.cost.Passes = uint32(n)
		}
	}
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil {
		return hash{}, errHash
	}
	if h.key, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil {
		return hash{}, errHash
	}
	if !h.cost.valid() || len(h.salt) != saltBytes || len(h.key) != keyBytes || h.String() != s {
		return hash{}, errHash
	}
	return h, nil
}

func (c Cost) valid() bool {
	return c.MemoryKiB >= 8 && c.MemoryKiB <= maxMemoryKiB && c.Passes >= 1 && c.Passes <= maxPasses
}

func (c Cost) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Passes, c.MemoryKiB, hashThreads, keyBytes)
}

// A hasher hashes passwords, a few at a time, so that a flood of log-ins takes
// neither the memory nor the processor from the patrol.
type hasher struct {
	cost    Cost
	random  io.Reader
	slots   chan struct{}
	waiting atomic.Int32
}

const (
	hashSlots   = 2
	maxWaiting  = 32               // further log-ins are told to come again
	maxHashWait = 10 * time.Second // as are those for whom the others take too long
)

func newHasher(cost Cost, random io.Reader) *hasher {
	return &hasher{cost: cost, random: random, slots: make(chan struct{}, hashSlots)}
}

func busy() error {
	r := &Refusal{Cause: Busy, After: maxHashWait}
	r.chinese, r.english = "登录的人太多，请稍后再试", "too many people log in at once; try again in a moment"
	return r
}

// wait takes a slot; whoever got one calls the returned function when done.
func (h *hasher) wait(ctx context.Context) (done func(), err error) {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return nil, busy()
	}
	defer h.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, maxHashWait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, busy()
	}
}

// make hashes a new password.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	done, err := h.wait(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	return hash{h.cost, salt, h.cost.key(password, salt)}.String(), nil
}

// check reports whether a password is the one that was hashed, and whether it
// should be hashed anew. It takes as long where there is no hash as where there is
// one.
func (h *hasher) check(ctx context.Context, encoded, password string) (right, renew bool, err error) {
	done, err := h.wait(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	kept, err := parseHash(encoded)
	if err != nil {
		kept = hash{h.cost, make([]byte, saltBytes), nil} // which no key equals
	}
	key := kept.cost.key(password, kept.salt)
	return subtle.ConstantTimeCompare(key, kept.key) == 1, kept.cost != h.cost, nil
}

// Bounds of a password. The upper one keeps what is hashed small.
const (
	minPassword      = 10 // characters
	maxPasswordBytes = 256
	minDistinct      = 5
)

// guessable are passwords long enough that everybody tries.
var guessable = []string{
	"1234567890", "0123456789", "0987654321", "12345678910", "123456789a", "a123456789", "qwertyuiop", "1qaz2wsx3edc", "1q2w3e4r5t", "password123", "password1234",
	"passw0rd123", "admin123456", "admin12345", "administrator", "woaini1314", "woaini520", "5201314520", "xuncha123456", "abcd123456", "abc1234567", "letmein123", "iloveyou123", "yangquan123",
}

// fit returns a refusal for a password that nobody should have.
func fit(password, name string) error {
	lower := strings.ToLower(password)
	distinct := map[rune]bool{}
	for _, r := range lower {
		distinct[r] = true
	}
	switch {
	case len(password) > maxPasswordBytes:
		return mistaken("密码太长，请不超过 256 个字节", "the password is too long; use at most 256 bytes")
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return mistaken("密码中有不能输入的字符，请换一个", "the password holds characters that cannot be typed; choose another")
	case utf8.RuneCountInString(password) < minPassword:
		return mistaken("密码至少 10 个字符；可以用一句只有自己知道的话", "a password has at least 10 characters; a sentence that only you know will do")
	case len(distinct) < minDistinct || slices.Contains(guessable, lower) || name != "" && strings.Contains(lower, name):
		return mistaken("密码太容易猜到，请换一个", "the password is easily guessed; choose another")
	}
	return nil
}
