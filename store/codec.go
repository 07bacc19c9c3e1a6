package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxBody bounds what is kept under one digest and what a decoder may hand out:
// far above any page the crawler lets through.
const maxBody = 64 << 20

// maxWindow bounds the memory a stored frame may ask for.
const maxWindow = 8 << 20

// A codec compresses and restores bytes. It is safe for concurrent use and
// starts no goroutine.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// newCodec returns a codec at the fastest level: the disk's share is fine with
// it and the crawler's processor time is not spent twice.
func newCodec() (codec, error) {
	enc, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderCRC(false), // the SHA-256 is checked
		zstd.WithWindowSize(1<<20),
		zstd.WithLowerEncoderMem(true))
	if err != nil {
		return codec{}, fmt.Errorf("zstd: %w", err)
	}
	dec, err := zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(0),
		zstd.WithDecoderMaxMemory(maxBody),
		zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return codec{}, fmt.Errorf("zstd: %w", err)
	}
	return codec{enc: enc, dec: dec}, nil
}

// pack compresses.
func (c codec) pack(raw []byte) []byte {
	return c.enc.EncodeAll(raw, make([]byte, 0, len(raw)/4+64))
}

// isGzip reports whether bytes begin as gzip does, and no zstd frame.
func isGzip(b []byte) bool { return bytes.HasPrefix(b, []byte{0x1f, 0x8b}) }

// unpack restores what pack made, or what came as gzip; size is what the bytes
// are said to become.
func (c codec) unpack(packed []byte, size int) ([]byte, error) {
	if isGzip(packed) {
		return gunzip(packed, size)
	}
	return c.dec.DecodeAll(packed, make([]byte, 0, min(max(size, 0), maxBody)))
}

func gunzip(packed []byte, size int) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw := bytes.NewBuffer(make([]byte, 0, min(max(size, 0), maxBody)+bytes.MinRead))
	n, err := raw.ReadFrom(io.LimitReader(z, maxBody+1))
	if err == nil && n > maxBody {
		err = fmt.Errorf("it holds more than %d bytes", maxBody)
	}
	if err != nil {
		return nil, err
	}
	return raw.Bytes(), nil
}

// close releases what the codec holds.
func (c codec) close() {
	c.dec.Close()
}

// digestOf is the SHA-256 in hexadecimal.
func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// parseDigest is the inverse of hexadecimal spelling, for digests only.
func parseDigest(s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != sha256.Size {
		return nil, fmt.Errorf("%.80q is no SHA-256 in hexadecimal", s)
	}
	return b, nil
}
