package sheet

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// A compound is a compound file, the container of old office documents: a small
// file system of sectors that are chained by a table. All of it is in memory; a
// chain that runs in a circle or out of the file is damage.
type compound struct {
	data    []byte
	shift   uint
	fat     []uint32
	mini    []uint32 // table of the small sectors
	small   []byte   // what the small sectors lie in
	cutoff  uint32
	entries []compoundEntry
}

// A compoundEntry is a stream of a compound file.
type compoundEntry struct {
	name  string
	kind  byte
	start uint32
	size  uint64
}

// Values of the table that are no sectors.
const lastSector = 0xFFFFFFFA

// openCompound reads the tables and the directory.
func openCompound(data []byte) (*compound, error) {
	if len(data) < 512 {
		return nil, fault(Damaged, "%d bytes", len(data))
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	c := &compound{data: data, shift: uint(binary.LittleEndian.Uint16(data[30:])), cutoff: u32(56)}
	if c.shift != 9 && c.shift != 12 {
		return nil, fault(Damaged, "sectors of 2^%d bytes", c.shift)
	}
	if err := c.tables(u32(68)); err != nil {
		return nil, err
	}
	dir, err := c.chain(u32(48), len(data))
	if err != nil {
		return nil, err
	}
	c.directory(dir)
	if small, err := c.chain(u32(60), len(data)); err == nil {
		c.mini = words(small)
	}
	for _, e := range c.entries {
		if e.kind == 5 {
			if c.small, err = c.chain(e.start, len(data)); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// tables reads the table of sectors: its first sectors are listed in the header,
// further ones in a chain of lists.
func (c *compound) tables(more uint32) error {
	var list []uint32
	for at := 76; at < 512; at += 4 {
		list = append(list, binary.LittleEndian.Uint32(c.data[at:]))
	}
	for n := 0; more < lastSector; n++ {
		s := c.sector(more)
		if s == nil || n > len(c.data)>>c.shift {
			return fault(Damaged, "the table of sectors")
		}
		w := words(s)
		list = append(list, w[:len(w)-1]...)
		more = w[len(w)-1]
	}
	for _, at := range list {
		if at >= lastSector {
			continue
		}
		s := c.sector(at)
		if s == nil || len(c.fat) > len(c.data) {
			return fault(Damaged, "the table of sectors")
		}
		c.fat = append(c.fat, words(s)...)
	}
	return nil
}

// words cuts bytes into numbers.
func words(b []byte) []uint32 {
	w := make([]uint32, len(b)/4)
	for i := range w {
		w[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return w
}

// sector returns the bytes of a sector, fewer at the end of the file, nil for
// one beyond it.
func (c *compound) sector(n uint32) []byte {
	from := (uint64(n) + 1) << c.shift
	if from >= uint64(len(c.data)) {
		return nil
	}
	s := c.data[from:min(from+1<<c.shift, uint64(len(c.data)))]
	return s[:len(s)/4*4]
}

// chain gathers the sectors of a chain, at most a number of bytes.
func (c *compound) chain(at uint32, most int) ([]byte, error) {
	var out []byte
	for n := 0; at < lastSector; n++ {
		s := c.sector(at)
		if s == nil || int(at) >= len(c.fat) || n > len(c.data)>>c.shift {
			return nil, fault(Damaged, "a chain of sectors breaks off")
		}
		if out = append(out, s...); len(out) >= most {
			break
		}
		at = c.fat[at]
	}
	return out, nil
}

// directory reads the list of streams.
func (c *compound) directory(dir []byte) {
	for ; len(dir) >= 128; dir = dir[128:] {
		n := int(binary.LittleEndian.Uint16(dir[64:]))
		if n < 2 || n > 64 || dir[66] == 0 {
			continue
		}
		name := make([]uint16, n/2-1)
		for i := range name {
			name[i] = binary.LittleEndian.Uint16(dir[2*i:])
		}
		size := binary.LittleEndian.Uint64(dir[120:])
		if c.shift == 9 {
			size &= 0xFFFFFFFF
		}
		c.entries = append(c.entries, compoundEntry{
			name: string(utf16.Decode(name)), kind: dir[66], start: binary.LittleEndian.Uint32(dir[116:]), size: size,
		})
	}
}

// has reports whether there is a stream of that name.
func (c *compound) has(name string) bool {
	_, ok := c.entry(name)
	return ok
}

// entry finds a stream.
func (c *compound) entry(name string) (compoundEntry, bool) {
	for _, e := range c.entries {
		if e.kind == 2 && strings.EqualFold(e.name, name) {
			return e, true
		}
	}
	return compoundEntry{}, false
}

// stream returns the bytes of a stream.
func (c *compound) stream(name string) ([]byte, error) {
	e, ok := c.entry(name)
	if !ok || e.size > uint64(len(c.data)) {
		return nil, fault(Damaged, "stream %s", name)
	}
	size := int(e.size)
	var out []byte
	var err error
	if size >= int(c.cutoff) {
		out, err = c.chain(e.start, size)
	} else {
		out, err = c.smallChain(e.start, size)
	}
	if err != nil {
		return nil, err
	}
	if len(out) < size {
		return nil, fault(Damaged, "stream %s ends early", name)
	}
	return out[:size], nil
}

// smallChain gathers the small sectors of a chain.
func (c *compound) smallChain(at uint32, size int) ([]byte, error) {
	var out []byte
	for n := 0; len(out) < size && at < lastSector; n++ {
		from := uint64(at) << 6
		if from+64 > uint64(len(c.small)) || int(at) >= len(c.mini) || n > len(c.mini) {
			return nil, fault(Damaged, "a chain of small sectors breaks off")
		}
		out = append(out, c.small[from:from+64]...)
		at = c.mini[at]
	}
	return out, nil
}
