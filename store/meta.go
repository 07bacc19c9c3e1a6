package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// Facts of bbolt's file format, version 2: two meta pages, of which the valid
// one with the higher transaction number rules. They are read here before the
// file is mapped, because a page beyond the end of a mapped file kills the
// process that touches it.
const (
	boltMagic   = 0xED0CDAED
	boltVersion = 2
	pageHeader  = 16
	metaSize    = 64
	noFreelist  = 1<<64 - 1

	pageSize    = 4096    // of new files, whatever the machine's own pages
	maxPageSize = 1 << 24 // of files made elsewhere
)

// A boltMeta is one meta page, as far as it matters here.
type boltMeta struct {
	pageSize                     uint32
	root, freelist, pages, txnum uint64
}

// parseMeta reads a meta page from its beginning; ok is false if it is not one,
// or not whole.
func parseMeta(page []byte) (m boltMeta, ok bool) {
	if len(page) < pageHeader+metaSize {
		return boltMeta{}, false
	}
	b := page[pageHeader : pageHeader+metaSize]
	order := binary.NativeEndian
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8]) // never fails
	if order.Uint32(b) != boltMagic || order.Uint32(b[4:]) != boltVersion || order.Uint64(b[56:]) != sum.Sum64() {
		return boltMeta{}, false
	}
	m = boltMeta{
		pageSize: order.Uint32(b[8:]),
		root:     order.Uint64(b[16:]),
		freelist: order.Uint64(b[32:]),
		pages:    order.Uint64(b[40:]),
		txnum:    order.Uint64(b[48:]),
	}
	return m, m.pageSize >= 1024 && m.pageSize <= maxPageSize
}

// readMeta finds the meta page that rules.
func readMeta(r io.ReaderAt, size int64) (boltMeta, bool) {
	at := func(off int64) (boltMeta, bool) {
		buf := make([]byte, pageHeader+metaSize)
		if off+int64(len(buf)) > size {
			return boltMeta{}, false
		}
		if _, err := r.ReadAt(buf, off); err != nil {
			return boltMeta{}, false
		}
		return parseMeta(buf)
	}
	first, ok := at(0)
	if ok {
		if second, ok := at(int64(first.pageSize)); ok && second.txnum > first.txnum {
			return second, true
		}
		return first, true
	}
	for off := int64(1024); off <= maxPageSize; off *= 2 {
		if m, ok := at(off); ok && int64(m.pageSize) == off {
			return m, true
		}
	}
	return boltMeta{}, false
}

// checkShape reports what is wrong with a file before it is mapped.
func checkShape(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return errors.New("it is a folder")
	case info.Size() == 0:
		return errors.New("the file is empty")
	}
	m, ok := readMeta(f, info.Size())
	if !ok {
		return errors.New("it is no bbolt file, or its first pages are gone")
	}
	if want := m.pages * uint64(m.pageSize); m.pages > 1<<40 || uint64(info.Size()) < want {
		return fmt.Errorf("the file was cut short: it has %d bytes and needs %d", info.Size(), want)
	}
	if m.root >= m.pages || m.freelist >= m.pages && m.freelist != noFreelist {
		return errors.New("its first pages point outside of it")
	}
	return nil
}
