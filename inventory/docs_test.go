package inventory_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The examples of the manual are files that load.
func TestManualShowsValidFiles(t *testing.T) {
	manual, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{
		"city.yaml": "city", "units.yaml": "units", "sites/ID.yaml": "site", "cms/NAME.yaml": "cms",
		"accounts.yaml": "accounts", "submissions.yaml": "submissions", "platforms/ID.yaml": "platform", "registers/NAME.yaml": "register", "classes.yaml": "classes", "samples": "sample",
	}
	seen := 0
	for section := range strings.SplitSeq(string(manual), "\n## ") {
		title, rest, _ := strings.Cut(section, "\n")
		kind, ok := kinds[title]
		if !ok {
			continue
		}
		for _, example := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(rest, -1) {
			seen++
			if err := accepts(t, compileSchema(t, kind), []byte(example[1])); err != nil {
				t.Errorf("example of %s: %v", title, err)
			}
		}
	}
	if seen != 11 {
		t.Errorf("%d examples, want 11", seen)
	}
}

// The manual explains every key that a file may hold.
func TestManualNamesEveryKey(t *testing.T) {
	manual, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for key := range schemaKeys(t) {
		if !regexp.MustCompile(`(^|[^a-z_])` + key + `($|[^a-z_])`).Match(manual) {
			t.Errorf("the manual does not name the key %s", key)
		}
	}
}
