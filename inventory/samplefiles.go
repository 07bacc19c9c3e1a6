package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// The samples' folder, below a city's and below cms/.
const samplesDir = "samples"

// Limits of samples: they are read whole, and a person reads them.
const (
	maxSampleBytes  = 64 << 10 // of one YAML file
	maxCaptureBytes = 4 << 20  // of one body
	maxSamplesBytes = 256 << 20
	maxSamples      = 5000
	maxSampleDepth  = 12 // folders below samples/
)

// A sampleReader gathers samples and what is wrong with their files.
type sampleReader struct {
	fsys     fs.FS
	shared   bool            // fsys is the folder that cities share
	own      map[string]bool // profiles that the city has itself
	samples  []Sample
	bytes    int // of all bodies so far
	problems Errors
}

// tree reads all samples below a folder, which need not be there.
func (r *sampleReader) tree(dir string) {
	info, err := fs.Lstat(r.fsys, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		r.problem(dir, fmt.Sprintf("cannot be read: %v", err), "")
	case info.Mode()&fs.ModeSymlink != 0:
		r.link(dir)
	case info.IsDir():
		r.dir(dir, 0)
	}
}

// dir reads the samples of a folder and of those below it. Nothing outside of
// it is ever opened: links are refused, and a body is named without a folder.
func (r *sampleReader) dir(dir string, depth int) {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		r.problem(dir, fmt.Sprintf("cannot be listed: %v", err), "")
		return
	}
	if depth > maxSampleDepth {
		r.problem(dir, "folders are nested too deep", "samples stand in "+samplesDir+"/CARRIER/COLUMN/")
		return
	}
	var yamls []string
	beside := map[string]bool{} // other file → whether a sample names it
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), ".") || strings.EqualFold(path.Ext(e.Name()), ".md"):
		case e.Type()&fs.ModeSymlink != 0:
			r.link(name)
		case e.IsDir():
			if depth > 0 || !r.own[e.Name()] {
				r.dir(name, depth+1)
			}
		case !e.Type().IsRegular():
			r.problem(name, "is no file", "take it away")
		case path.Ext(e.Name()) == yamlExt:
			yamls = append(yamls, name)
		default:
			beside[e.Name()] = false
		}
	}
	for _, name := range yamls {
		r.file(name, beside)
	}
	for _, name := range slices.Sorted(maps.Keys(beside)) {
		if !beside[name] {
			r.problem(path.Join(dir, name), "no sample names this file", "take it away, or name it in the sample it belongs to")
		}
	}
}

// file reads one sample.
func (r *sampleReader) file(name string, beside map[string]bool) {
	if len(r.samples) == maxSamples {
		r.problem(name, fmt.Sprintf("more than %d samples", maxSamples), "keep one or two of each column")
	}
	if len(r.samples) >= maxSamples {
		return
	}
	data, err := readAtMost(r.fsys, name, maxSampleBytes)
	if err != nil {
		r.problem(name, fmt.Sprintf("cannot be read: %v", err), "")
		return
	}
	r.sample(name, data, beside)
}

// body reads the body of a page.
func (r *sampleReader) body(name string) []byte {
	if r.bytes > maxSamplesBytes {
		return nil // reported already
	}
	data, err := readAtMost(r.fsys, name, maxCaptureBytes)
	if err != nil {
		r.problem(name, fmt.Sprintf("cannot be read: %v", err), "keep a smaller page")
		return nil
	}
	if r.bytes += len(data); r.bytes > maxSamplesBytes {
		r.problem(name, fmt.Sprintf("the samples hold more than %d bytes", maxSamplesBytes), "keep one or two of each column")
	}
	return data
}

// problem notes a mistake of a whole file.
func (r *sampleReader) problem(name, message, hint string) {
	r.problems = append(r.problems, Problem{File: name, Message: message, Hint: hint})
}

func (r *sampleReader) link(name string) {
	r.problem(name, "is a link, and links are not followed here", "copy what it leads to, or take it away")
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
