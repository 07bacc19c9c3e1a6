package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"xuncha/configs"
	"xuncha/inventory"
	bureau "xuncha/office"
	"xuncha/rules"
)

// A setup is a city with the rule set it names.
type setup struct {
	city *inventory.City
	set  *rules.RuleSet
	dir  fs.FS // of the city; facts.yaml is in it where there is one

	shared fs.FS  // the CMS profiles and rule sets it shares with others
	folder string // dir on disk, "" where it is built in
}

// loadSetup loads the configuration in a folder, or a built-in one by its name.
func loadSetup(name string) (setup, error) {
	dir, shared, err := openConfig(name)
	if err != nil {
		return setup{}, err
	}
	files, err := inventory.ReadFiles(dir, shared)
	if err != nil {
		return setup{}, fmt.Errorf("configuration %s: %w", name, err)
	}
	s, err := parseSetup(files)
	if err != nil {
		return setup{}, inConfig(name, err)
	}
	if s.dir, s.shared = dir, shared; onDisk(name) {
		s.folder = name
	}
	return s, nil
}

// onDisk reports whether a configuration's name is that of a folder, rather
// than of a built-in one.
func onDisk(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir() && !shadows(name)
}

// parseSetup makes a setup from the files of a configuration, which may be
// those a round has kept.
func parseSetup(files []inventory.File) (setup, error) {
	s, err := bureau.Parse(files)
	return setup{city: s.City, set: s.Set}, err
}

// office is the setup as those take it who deal with findings.
func (s setup) office() bureau.Setup {
	o := bureau.Setup{City: s.city, Set: s.set}
	if s.dir != nil {
		o.Folders = []fs.FS{s.dir, s.shared, configs.FS}
	}
	return o
}

// shadows reports whether a folder that is no configuration has the name of a
// built-in one, as the data folder of a demonstration may.
func shadows(name string) bool {
	_, err := os.Stat(filepath.Join(name, "city.yaml"))
	return errors.Is(err, fs.ErrNotExist) && builtIn(name)
}

// builtIn reports whether a configuration of that name is in the program.
func builtIn(name string) bool {
	_, err := fs.Stat(configs.FS, name+"/city.yaml")
	return err == nil
}

// openConfig finds a city's folder, and the one with the CMS profiles and rule
// sets it shares with other cities: beside it, as in a checkout of configs/, or
// built in.
func openConfig(name string) (dir, shared fs.FS, err error) {
	info, err := os.Stat(name)
	switch {
	case onDisk(name):
		parent := filepath.Join(name, "..")
		if rulesets, err := os.Stat(filepath.Join(parent, "rulesets")); err == nil && rulesets.IsDir() {
			return os.DirFS(name), os.DirFS(parent), nil
		}
		return os.DirFS(name), configs.FS, nil
	case err == nil && !info.IsDir():
		return nil, nil, fmt.Errorf("configuration %s is a file: name the folder that holds city.yaml", name)
	}
	if !builtIn(name) {
		return nil, nil, fmt.Errorf("configuration %s: no such folder, and no built-in configuration of that name (built in: demo, yangquan)", name)
	}
	dir, err = fs.Sub(configs.FS, name)
	return dir, configs.FS, err
}
