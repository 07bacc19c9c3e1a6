package inventory

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"xuncha/internal/workday"
)

// The files of a city, by their places in its folder.
const (
	cityFile     = "city.yaml"
	unitsFile    = "units.yaml"
	accountsFile = "accounts.yaml"

	submissionsFile = "submissions.yaml"

	factsFile  = "facts.yaml"  // of the simulation; never read here
	eventsFile = "nights.yaml" // likewise

	sitesDir     = "sites"
	registersDir = "registers"
	cmsDir       = "cms"
	platformsDir = "platforms"
	rulesetsDir  = "rulesets"
	templatesDir = "templates" // of documents; read by whoever writes them

	yamlExt = ".yaml"
)

// ReadFiles returns the files that make up a city, sorted by name: those of its
// own folder, and the CMS profiles, platforms and rule sets of the shared folder
// that it does not have itself; further the screenshots and exports that its
// submissions name. Shared may be nil. A YAML file that is no configuration,
// as by a misspelt name, is a mistake, because what it says would be lost; the
// facts of a simulated city are not read. Mistakes are of type [Errors].
func ReadFiles(city, shared fs.FS) ([]File, error) {
	r := reader{fsys: city, have: map[string]bool{}}
	if _, err := fs.Stat(city, "."); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no such folder: name the one that holds %s", cityFile)
		}
		return nil, fmt.Errorf("read the folder: %w", err)
	}
	if _, err := fs.Stat(city, cityFile); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the folder holds no %s: name the folder of a city", cityFile)
	}
	r.root()
	for _, dir := range []string{sitesDir, registersDir, cmsDir, platformsDir, rulesetsDir} {
		r.dir(dir, true)
	}
	r.extraCA()
	r.handedIn()
	if shared != nil {
		r.fsys = shared
		r.dir(cmsDir, false)
		r.dir(platformsDir, false)
		r.dir(rulesetsDir, false)
	}
	if len(r.problems) > 0 {
		r.problems.sort()
		return nil, r.problems
	}
	slices.SortFunc(r.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return r.files, nil
}

// A reader gathers files and what is wrong with them.
type reader struct {
	fsys     fs.FS
	files    []File
	have     map[string]bool
	problems Errors
}

// root reads the files at the top of the city's folder.
func (r *reader) root() {
	known := []string{cityFile, unitsFile, accountsFile, submissionsFile, ClassesFile, workday.File}
	for _, e := range r.entries(".") {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, ".") || name == factsFile, name == eventsFile:
		case e.IsDir():
			r.unknownDir(name)
		case slices.Contains(known, name):
			r.read(name)
		case isYAML(name):
			r.problem(name, "not a configuration file", didYouMean(name, known), "take it away, or put it into the folder it belongs to")
		case nearest(name, []string{workday.File}) != "":
			r.problem(name, "not a configuration file", "did you mean "+workday.File+"?", "")
		}
	}
}

// unknownDir notes a folder whose name is a slip of the pen.
func (r *reader) unknownDir(name string) {
	known := []string{sitesDir, registersDir, cmsDir, platformsDir, rulesetsDir, samplesDir, templatesDir}
	if slices.Contains(known, name) {
		return
	}
	if near := nearest(name, known); near != "" {
		r.problem(name, "not a configuration folder", "did you mean "+near+"?", "")
	}
}

// dir reads the YAML files of one folder. Those of the city's own folder must
// all be right; of a shared one, what is no configuration is not our business.
func (r *reader) dir(dir string, own bool) {
	for _, e := range r.entries(dir) {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			if own && name != path.Join(cmsDir, samplesDir) {
				r.problem(name, "a folder is not read here", "", "move its files to "+dir+"/, or take it away")
			}
		case path.Ext(name) == yamlExt:
			r.read(name)
		case isYAML(name) && own:
			r.problem(name, "not a configuration file", "", "rename it to "+strings.TrimSuffix(name, path.Ext(name))+yamlExt)
		}
	}
}

// extraCA reads the certificates that city.yaml names. That they are missing or
// broken is for Parse to say, which knows the line.
func (r *reader) extraCA() {
	for _, f := range r.files {
		if f.Name != cityFile {
			continue
		}
		var form cityForm
		newDecoder(f.Name).decode(f, &form)
		name := form.Crawl.ExtraCA
		if name == "" || !fs.ValidPath(name) || isYAML(name) {
			return
		}
		if _, err := fs.Stat(r.fsys, name); err == nil {
			r.read(name)
		}
		return
	}
}

// entries lists a folder; one that is not there is empty.
func (r *reader) entries(dir string) []fs.DirEntry {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.problem(dir, fmt.Sprintf("cannot be listed: %v", err), "", "")
	}
	return entries
}

// read takes one file, unless one of its name is there already.
func (r *reader) read(name string) {
	if r.have[name] {
		return
	}
	r.have[name] = true
	data, err := readCapped(r.fsys, name)
	if err != nil {
		r.problem(name, fmt.Sprintf("cannot be read: %v", err), "", "")
		return
	}
	r.files = append(r.files, File{Name: name, Data: data})
}

// problem notes a mistake of a whole file, with the better hint that is given.
func (r *reader) problem(name, message, hint, otherwise string) {
	if hint == "" {
		hint = otherwise
	}
	r.problems = append(r.problems, Problem{File: name, Message: message, Hint: hint})
}

// readCapped reads a configuration file, whose size is bounded.
func readCapped(fsys fs.FS, name string) ([]byte, error) { return readAtMost(fsys, name, maxFileBytes) }

// readAtMost reads a file of bounded size.
func readAtMost(fsys fs.FS, name string, most int) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > most:
		return nil, fmt.Errorf("larger than %d bytes", most)
	}
	return data, nil
}

// isYAML reports whether a name looks like a YAML file's.
func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == yamlExt || ext == ".yml"
}

// stem returns a file's name without its folder and extension.
func stem(name string) string {
	return strings.TrimSuffix(path.Base(name), path.Ext(name))
}

// digest returns the SHA-256 over names and bytes, each with its length in
// front, in hexadecimal.
func digest(files []File) string {
	h := sha256.New()
	var n [8]byte
	for _, f := range files {
		for _, b := range [][]byte{[]byte(f.Name), f.Data} {
			binary.BigEndian.PutUint64(n[:], uint64(len(b)))
			h.Write(n[:])
			h.Write(b)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
