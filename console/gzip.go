package console

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// A piece is a part of an answer. It is compressed once, however many answers it is
// part of.
type piece struct {
	raw    []byte
	packed func() []byte // deflated, up to the border of a byte and without an end
}

func newPiece(raw []byte) *piece {
	return &piece{raw, sync.OnceValue(func() []byte { return deflated(raw) })}
}

// size is about what a piece takes of memory.
func (p *piece) size() int { return len(p.raw) + len(p.raw)/5 }

// pageLevel is how hard pages are compressed: most are made anew for each request.
const pageLevel = 3

// deflaters are compressors in wait: one takes a megabyte to set up.
var deflaters = sync.Pool{New: func() any {
	z, _ := flate.NewWriter(nil, pageLevel) // the level is one there is
	return z
}}

func deflated(raw []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(raw)/6 + 64)
	z := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(z)
	z.Reset(&out)
	_, _ = z.Write(raw) // a buffer takes all
	_ = z.Flush()
	return out.Bytes()
}

// What stands before and behind the deflated pieces in a gzip file of RFC 1952: no
// name, no time, any system; and an empty last block.
var (
	gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	lastOne  = []byte{0x03, 0x00}
)

// gzipped are the bytes of one gzip file of several pieces. None refers to what
// stands before it, so that each can be compressed by itself.
func gzipped(pieces []*piece) [][]byte {
	parts := [][]byte{gzipHead}
	var sum, size uint32
	for _, p := range pieces {
		parts = append(parts, p.packed())
		sum = crc32.Update(sum, crc32.IEEETable, p.raw)
		size += uint32(len(p.raw))
	}
	end := binary.LittleEndian.AppendUint32(bytes.Clone(lastOne), sum)
	return append(parts, binary.LittleEndian.AppendUint32(end, size))
}

// zip compresses a file that is kept as hard as can be.
func zip(data []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one there is
	_, _ = z.Write(data)
	_ = z.Close()
	return out.Bytes()
}
