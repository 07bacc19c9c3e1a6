// Package xuncha_test holds the tests of the whole: the import table of
// CONTRIBUTING.md, read from the source.
package xuncha_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the architecture: each package and those of ours it may import
// outside of its tests.
var mayImport = map[string][]string{
	"extract":           {},
	"configs":           {},
	"internal/egress":   {},
	"internal/workday":  {},
	"internal/schedule": {},
	"inventory":         {"extract", "internal/schedule", "internal/workday"},
	"rules":             {"inventory", "extract"},
	"cases":             {"rules", "extract", "internal/workday"},
	"crawler":           {"extract", "inventory", "internal/egress"},
	"registers":         {"rules", "inventory", "extract", "internal/sheet", "internal/workday"},
	"store":             {"extract", "inventory", "rules", "cases", "registers", "internal/merkle"},
	"report":            {"rules", "inventory", "extract", "store"},
	"proof":             {"report", "store", "rules", "inventory", "extract", "internal/merkle"},
	"forms":             {"report", "rules", "inventory", "extract", "internal/gongwen", "internal/sheet"},
	"notice":            {"report", "cases", "rules", "inventory", "extract", "store", "internal/gongwen", "internal/sheet"},
	"board":             {"notice", "report", "store", "cases", "rules", "inventory", "extract"},
	"people":            {"store"},
	"console":           {"board", "people", "cases", "report", "store", "rules", "inventory", "extract", "internal/sheet", "registers", "internal/notify", "workshop"},
	"workshop":          {"inventory", "extract"},
	"patrol":            {"crawler", "store", "rules", "inventory", "extract"},
	"daemon":            {"board", "patrol", "store", "cases", "rules", "inventory", "extract", "internal/schedule", "crawler"},
	"internal/gongwen":  {},
	"internal/merkle":   {},
	"internal/simcity":  {"inventory"},
	"internal/sheet":    {},
	"intake":            {"internal/sheet", "inventory", "rules", "extract"},
	"cmd/xuncha":        {"*"},
	"cmd/measure":       {"*"},
	"office":            {"patrol", "notice", "proof", "registers", "report", "store", "cases", "rules", "inventory", "extract", "internal/gongwen", "internal/sheet", "internal/workday"},
	"internal/notify":   {"board", "cases", "proof", "report", "store", "rules", "inventory", "extract", "internal/workday"},

	"internal/metrics": {"board", "crawler", "cases", "rules", "inventory", "extract"},
}

// onlyIn says where a third-party module may be known.
var onlyIn = map[string][]string{
	"github.com/gocolly/":       {"crawler", "cmd/measure"}, // where others are measured beside us
	"github.com/chromedp/":      {"crawler", "cmd/measure"}, // where the console is opened as by its users
	"github.com/sony/gobreaker": {"crawler"},
	"github.com/PuerkitoBio/":   {"extract", "cmd/measure"},
	"github.com/andybalholm/":   {"extract"},
	"github.com/antchfx/":       {"extract"},
	"github.com/mmcdole/":       {"extract"},
	"go.etcd.io/bbolt":          {"store"},
	"github.com/goccy/go-yaml":  {"inventory", "rules", "intake", "notice", "internal/simcity", "cmd/xuncha"},
	"github.com/xuri/":          {"internal/sheet"},
	"github.com/nicholas-fedor": {"internal/notify"},
	"github.com/danielgtaylor/": {"console"},
	"github.com/fsnotify/":      {"daemon"},
	"github.com/alecthomas/":    {"cmd/xuncha"},
	"github.com/coreos/go-oidc": {"people"},
	"golang.org/x/oauth2":       {"people"},
	"golang.org/x/crypto":       {"people"},
	"github.com/prometheus/":    {"internal/metrics"},
	"net/http/pprof":            {}, // it is reached from outside as soon as anybody imports it
}

// pure lists what the pure packages must not import.
var pure = []string{"net", "net/http", "os", "os/exec", "syscall", "sync", "math/rand", "math/rand/v2", "log/slog"}

// imports returns the imports of every package of ours outside of its tests.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() != "." && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(name))
		found[pkg] = append(found[pkg], "")
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[pkg] = append(found[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestImportsFollowTheTable(t *testing.T) {
	for pkg, list := range imports(t) {
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("package %s is not in the table: add it here and to CONTRIBUTING.md", pkg)
			continue
		}
		for _, imported := range list {
			ours, isOurs := strings.CutPrefix(imported, "xuncha/")
			if isOurs && !slices.Contains(allowed, ours) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s, which the table forbids", pkg, ours)
			}
			if (pkg == "extract" || pkg == "rules" || pkg == "cases" || pkg == "registers" || pkg == "forms") && slices.Contains(pure, imported) {
				t.Errorf("%s imports %s: it must stay pure", pkg, imported)
			}
			for module, where := range onlyIn {
				if strings.HasPrefix(imported, module) && !slices.Contains(where, pkg) {
					t.Errorf("%s imports %s, which only %v may know", pkg, imported, where)
				}
			}
		}
	}
}

// What the Makefile tests without the race detector starts no goroutine and shares
// nothing behind a lock.
func TestThePackagesTestedAloneHaveNoGoroutines(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^ALONE := (.*)$`).FindSubmatch(makefile)
	if line == nil {
		t.Fatal("the Makefile does not say which packages are tested alone")
	}
	found := imports(t)
	for dir := range strings.FieldsSeq(string(line[1])) {
		pkg := strings.TrimPrefix(dir, "./")
		if found[pkg] == nil {
			t.Errorf("the Makefile names %s, and there is no such package", dir)
		}
		for _, imported := range found[pkg] {
			if imported == "sync" || imported == "sync/atomic" {
				t.Errorf("%s imports %s: take it out of ALONE in the Makefile", pkg, imported)
			}
		}
		files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if _, ok := n.(*ast.GoStmt); ok {
					t.Errorf("%s starts a goroutine: take its package out of ALONE in the Makefile", name)
				}
				return true
			})
		}
	}
}

// What is true of the simulated city is for measurements alone: whoever judges
// has nothing but pages.
func TestOnlyMeasurementsKnowTheTruth(t *testing.T) {
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		dir := path.Dir(filepath.ToSlash(name))
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || dir == "cmd/measure" || dir == "internal/simcity" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Truth" {
				t.Errorf("%s asks the simulated city for the truth, which only cmd/measure may", name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The table people read must be the one that is tested.
func TestContributingHasTheTable(t *testing.T) {
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	told := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|") // the first and the last are empty
		if len(cells) != 6 {
			continue
		}
		pkg, may := quoted.FindStringSubmatch(cells[1]), cells[4]
		if pkg == nil {
			continue
		}
		if strings.Contains(may, "everything") {
			told[pkg[1]] = []string{"*"}
		}
		for _, m := range quoted.FindAllStringSubmatch(may, -1) {
			told[pkg[1]] = append(told[pkg[1]], m[1])
		}
	}
	for pkg, may := range mayImport {
		if !strings.Contains(string(text), "| `"+pkg+"` |") {
			t.Errorf("CONTRIBUTING.md does not name package %s", pkg)
		}
		if got, want := slices.Sorted(slices.Values(told[pkg])), slices.Sorted(slices.Values(may)); !slices.Equal(got, want) {
			t.Errorf("CONTRIBUTING.md says of %s: %q; want %q", pkg, got, want)
		}
	}
}
