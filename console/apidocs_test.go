package console

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The page about the interface names addresses that there are.
func TestDocsNameRealPaths(t *testing.T) {
	page, err := os.ReadFile("../docs/api.md")
	check(t, err)
	d, err := documented()
	check(t, err)
	named := regexp.MustCompile(`/api/v1/[A-Za-z0-9_./-]+`).FindAllString(string(page), -1)
	if len(named) < 15 {
		t.Fatalf("only %d addresses are named", len(named))
	}
	for _, address := range named {
		address = strings.TrimRight(address, ".")
		if address == "/api/v1/openapi.json" {
			continue
		}
		_, get := d.operationAt("GET", address)
		_, post := d.operationAt("POST", address)
		if get == "" && post == "" {
			t.Errorf("%s is named and is not there", address)
		}
	}
	// And every field that its examples send is taken.
	for _, x := range regexp.MustCompile(`\$AT(/api/v1/\S+) -d '(\{.*\})'`).FindAllStringSubmatch(string(page), -1) {
		s := newStand(t)
		method := "POST"
		if strings.Contains(x[1], "/files/") {
			method = "PUT"
		}
		w := s.ask(t, call{operator, method, x[1], x[2], nil})
		if strings.Contains(w.Body.String(), "unexpected property") || strings.Contains(w.Body.String(), "required property") {
			t.Errorf("%s: %s", x[0], w.Body)
		}
	}
}
