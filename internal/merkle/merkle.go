// Package merkle is the hash tree of RFC 6962, section 2.1: one hash stands for
// a list of entries in their order, and a path of a few hashes shows that an
// entry is in it, without the others.
//
// A leaf is SHA-256 of a zero byte and the entry, a node SHA-256 of a one byte
// and the two hashes below it, so that no entry can pass for a node. Anybody can
// repeat both with sha256sum.
package merkle

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// A Hash is the hash of a leaf or of a node.
type Hash [sha256.Size]byte

// errHash says that a text is no hash.
var errHash = errors.New("no SHA-256 in hexadecimal")

// String returns the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Parse is the inverse of String.
func Parse(text string) (h Hash, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return Hash{}, fmt.Errorf("%.80q: %w", text, errHash)
	}
	return Hash(b), nil
}

// Leaf is the hash of an entry.
func Leaf(entry []byte) Hash {
	return sha256.Sum256(append([]byte{0}, entry...))
}

// node is the hash of what two hashes stand for.
func node(left, right Hash) Hash {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// Root is the hash of a list of leaves; of none, it is that of nothing.
func Root(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := split(len(leaves))
	return node(Root(leaves[:k]), Root(leaves[k:]))
}

// split is the greatest power of two below n, which must be at least two.
func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// Path returns the hashes that lead from the leaf at an index to the root, the
// lowest first; nil for an index outside of the list.
func Path(leaves []Hash, index int) []Hash {
	if index < 0 || index >= len(leaves) || len(leaves) == 1 {
		return nil
	}
	k := split(len(leaves))
	if index < k {
		return append(Path(leaves[:k], index), Root(leaves[k:]))
	}
	return append(Path(leaves[k:], index-k), Root(leaves[:k]))
}

// Climb returns the root of the tree of so many leaves in which a path leads up
// from a leaf at an index; ok is false where no such path could.
func Climb(leaf Hash, index, size int, path []Hash) (root Hash, ok bool) {
	switch {
	case index < 0 || index >= size:
		return Hash{}, false
	case size == 1:
		return leaf, len(path) == 0
	case len(path) == 0:
		return Hash{}, false
	}
	k, rest, last := split(size), path[:len(path)-1], path[len(path)-1]
	if index < k {
		left, ok := Climb(leaf, index, k, rest)
		return node(left, last), ok
	}
	right, ok := Climb(leaf, index-k, size-k, rest)
	return node(last, right), ok
}
