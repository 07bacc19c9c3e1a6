package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// Whatever starts the program in deploy and in the image starts it with flags that
// there are.
func TestDeploymentsStartTheProgram(t *testing.T) {
	file := func(name string) string {
		t.Helper()
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	commands := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/xuncha (.*)$`).FindAllStringSubmatch(file("deploy/systemd/xuncha.service"), -1) {
		options := regexp.MustCompile(`(?m)^# +XUNCHA_OPTIONS=(.*)$`).FindStringSubmatch(file("deploy/systemd/xuncha.service"))
		if options == nil {
			t.Fatal("the service gives no example of XUNCHA_OPTIONS")
		}
		commands["xuncha.service"] = strings.Fields(strings.Replace(m[1], "$XUNCHA_OPTIONS", options[1], 1))
	}
	for i, m := range regexp.MustCompile(`(?m)CMD (\[.*\])$`).FindAllStringSubmatch(file("Dockerfile"), -1) {
		var args []string
		if err := json.Unmarshal([]byte(m[1]), &args); err != nil {
			t.Fatalf("Dockerfile: %s: %v", m[1], err)
		}
		commands["Dockerfile "+string(rune('1'+i))] = slices.DeleteFunc(args, func(s string) bool { return strings.HasPrefix(s, "/") && strings.HasSuffix(s, "xuncha") })
	}
	var compose struct {
		Services map[string]struct{ Command []string }
	}
	if err := yaml.Unmarshal([]byte(file("deploy/compose/compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	for _, arg := range compose.Services["xuncha"].Command { // with what holds where nobody says otherwise
		commands["compose.yaml"] = append(commands["compose.yaml"], regexp.MustCompile(`\$\{\w+:-([^}]*)\}`).ReplaceAllString(arg, "$1"))
	}
	var set struct {
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct{ Args []string }
				}
			}
		}
	}
	if err := yaml.Unmarshal([]byte(strings.SplitN(file("deploy/kubernetes/xuncha.yaml"), "\n---\n", 2)[0]), &set); err != nil {
		t.Fatal(err)
	}
	commands["xuncha.yaml"] = set.Spec.Template.Spec.Containers[0].Args
	if len(commands) != 7 {
		t.Errorf("%d commands, want one each of the service, compose and Kubernetes, and two of each image", len(commands))
	}
	for name, args := range commands {
		var flags cli
		parser, err := kong.New(&flags, kong.Vars{"version": "test"})
		if err != nil {
			t.Fatal(err)
		}
		if ctx, err := parser.Parse(args); err != nil || ctx.Command() != "serve" && ctx.Command() != "health" {
			t.Errorf("%s: xuncha %s: %v", name, strings.Join(args, " "), err)
		}
	}
}
