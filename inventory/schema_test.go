package inventory_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"xuncha/configs"
	"xuncha/inventory"
)

// compileSchema returns the definition of one kind of file.
func compileSchema(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	data, err := inventory.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("xuncha.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("xuncha.json#/$defs/" + kind)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// accepts reports whether a schema accepts a YAML text.
func accepts(t *testing.T, schema *jsonschema.Schema, data []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// kindOf returns the kind of the file with a name.
func kindOf(name string) string {
	switch dir, base := path.Split(name); dir {
	case "sites/":
		return "site"
	case "registers/":
		return "register"
	case "cms/samples/trs/":
		return "sample"
	case "cms/":
		return "cms"
	case "platforms/":
		return "platform"
	default:
		return strings.TrimSuffix(base, ".yaml")
	}
}

// Whatever the program is shipped with is valid by the schema too.
func TestSchemaAcceptsShippedFiles(t *testing.T) {
	schemas := map[string]*jsonschema.Schema{}
	for _, root := range []fs.FS{os.DirFS("testdata/good"), sub(t, "demo"), sub(t, "yangquan"), configs.FS} {
		patterns := []string{"city.yaml", "units.yaml", "accounts.yaml", "submissions.yaml", "sites/*.yaml", "registers/*.yaml", "cms/*.yaml", "platforms/*.yaml", "cms/samples/trs/*.yaml"}
		for _, pattern := range patterns {
			names, err := fs.Glob(root, pattern)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				data, err := fs.ReadFile(root, name)
				if err != nil {
					t.Fatal(err)
				}
				kind := kindOf(name)
				if schemas[kind] == nil {
					schemas[kind] = compileSchema(t, kind)
				}
				if err := accepts(t, schemas[kind], data); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}

func sub(t *testing.T, name string) fs.FS {
	t.Helper()
	dir, err := fs.Sub(configs.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The schema and the strict decoder must agree on structure: each snippet of
// testdata/schema is a file in itself, KIND.good.yaml or KIND.bad.yaml, with
// snippets between lines of "---".
func TestSchemaAgreesWithDecoder(t *testing.T) {
	for _, kind := range []string{"city", "units", "site", "cms", "accounts", "register", "submissions", "platform"} {
		for _, want := range []string{"good", "bad"} {
			data, err := os.ReadFile(filepath.Join("testdata", "schema", kind+"."+want+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			for snippet := range strings.SplitSeq(string(data), "---\n") {
				t.Run(kind+" "+want, func(t *testing.T) {
					agree(t, kind, snippet, want == "good")
				})
			}
		}
	}
}

// agree checks that both sides accept a snippet, or both reject it.
func agree(t *testing.T, kind, snippet string, good bool) {
	t.Helper()
	if err := accepts(t, compileSchema(t, kind), []byte(snippet)); (err == nil) != good {
		t.Errorf("schema: %v on\n%s", err, snippet)
	}
	name := map[string]string{"site": "sites/snippet.yaml", "cms": "cms/snippet.yaml", "register": "registers/snippet.yaml", "platform": "platforms/douyin.yaml"}[kind]
	if name == "" {
		name = kind + ".yaml"
	}
	merged := overlay(t, "testdata/good")
	merged[name] = &fstest.MapFile{Data: []byte(snippet)}
	_, err := load(merged)
	var problems inventory.Errors
	if err != nil && !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var own inventory.Errors
	for _, p := range problems {
		if p.File == name {
			own = append(own, p)
		}
	}
	if (len(own) == 0) != good {
		t.Errorf("decoder: %v on\n%s", own, snippet)
	}
}

// schemaKeys returns every key the schema knows.
func schemaKeys(t *testing.T) map[string]bool {
	t.Helper()
	data, err := inventory.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	collectKeys(doc, keys)
	return keys
}

// collectKeys walks a schema and notes the names of all properties.
func collectKeys(node any, keys map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			collectKeys(child, keys)
		}
	case map[string]any:
		if properties, ok := n["properties"].(map[string]any); ok {
			for key := range properties {
				keys[key] = true
			}
		}
		for _, child := range n {
			collectKeys(child, keys)
		}
	}
}
