package inventory_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"xuncha/inventory"
)

// said are the sentences that the files of this package write, with a quoted text
// for what they fill in.
func said(t *testing.T) map[string]string {
	t.Helper()
	s := saidIn{t: t, fset: token.NewFileSet(), all: map[string]string{}}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || name == "inventory.go" {
			continue
		}
		file, err := parser.ParseFile(s.fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, s.visit)
	}
	return s.all
}

// A saidIn gathers sentences from the source.
type saidIn struct {
	t    *testing.T
	fset *token.FileSet
	all  map[string]string // sentence → where it stands
}

// reporters take a sentence and what to do about it.
var reporters = []string{"report", "reportAt", "wrong", "problem", "newPattern", "codePattern"}

func (s saidIn) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		if !slices.Contains(reporters, name) {
			return true
		}
		for i, arg := range n.Args {
			if i == 0 && (name == "newPattern" || name == "codePattern") {
				continue // the expression
			}
			if text, found := flat(arg); found {
				if name == "wrong" && i == 2 {
					text = "this " + text // as wrong itself does
				}
				s.all[text] = s.fset.Position(arg.Pos()).String()
			}
		}
	case *ast.CompositeLit:
		if id, ok := n.Type.(*ast.Ident); !ok || id.Name != "Problem" {
			return true
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && (kv.Key.(*ast.Ident).Name == "Message" || kv.Key.(*ast.Ident).Name == "Hint") {
				if text, found := flat(kv.Value); found {
					s.all[text] = s.fset.Position(kv.Pos()).String()
				}
			}
		}
	case *ast.FuncDecl:
		s.returned(n)
	case *ast.ValueSpec:
		for i, id := range n.Names {
			if strings.HasSuffix(id.Name, "Hint") && i < len(n.Values) {
				if text, found := flat(n.Values[i]); found {
					s.all[text] = s.fset.Position(id.Pos()).String()
				}
			}
		}
	}
	return true
}

// returned gathers what a function returns under the name of a message or a hint.
func (s saidIn) returned(f *ast.FuncDecl) {
	var wanted []int
	if f.Type.Results == nil || f.Body == nil || f.Name.Name == "inChinese" {
		return
	}
	i := 0
	for _, r := range f.Type.Results.List {
		for _, id := range r.Names {
			if slices.Contains([]string{"message", "hint", "text", "fault", "problem"}, id.Name) {
				wanted = append(wanted, i)
			}
			i++
		}
	}
	if strings.HasSuffix(f.Name.Name, "CodeFault") || strings.HasSuffix(f.Name.Name, "Hint") || f.Name.Name == "kindOf" {
		wanted = []int{0}
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		for _, i := range wanted {
			if ok && i < len(r.Results) {
				if text, found := flat(r.Results[i]); found && text != "" {
					s.all[text] = s.fset.Position(r.Pos()).String()
				}
			}
		}
		return true
	})
}

var verb = regexp.MustCompile(`%[-+#.0-9]*[a-z]`)

// filled is what stands for what is filled in.
const filled = `"x"`

// flat is the text of an expression, and whether any of it stands in the source.
func flat(e ast.Expr) (text string, found bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ = strconv.Unquote(e.Value)
			return text, text != ""
		}
	case *ast.BinaryExpr:
		x, inX := flat(e.X)
		y, inY := flat(e.Y)
		return x + y, inX || inY
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
			text, found = flat(e.Args[0])
			return verb.ReplaceAllString(text, filled), found
		}
	}
	return filled, false
}

// glue joins a key to a sentence that has its own wording, with one text for all
// of it here.
var glue = []string{filled + ": " + filled + " " + filled, "this is unknown: " + filled, "is unknown: " + filled}

// Whoever reads Chinese reads in Chinese what is wrong and what to do: no sentence
// is written here that has no Chinese.
func TestEveryProblemHasChinese(t *testing.T) {
	all := said(t)
	if len(all) < 150 {
		t.Fatalf("%d sentences found in the source; want them all", len(all))
	}
	for english, where := range all {
		got := inventory.Problem{Message: english}.In("zh").Message
		if got == english && !slices.Contains(glue, english) && strings.ContainsFunc(english, unicode.IsLower) || strings.Contains(got, "%!") {
			t.Errorf("%s: %q has no Chinese: %q", where, english, got)
		}
	}
}

// englishRun is what no Chinese sentence holds outside of what it quotes.
var englishRun = regexp.MustCompile(`\b(the|is|are|of|it|an|write|not|no|where|there|take|give)\b`)

// What the bad configurations give reads as Chinese, at the same places.
func TestProblemsInChinese(t *testing.T) {
	dirs, err := filepath.Glob("testdata/bad/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no bad configurations: %v", err)
	}
	check := func(t *testing.T, err error) {
		t.Helper()
		var problems inventory.Errors
		if !errors.As(err, &problems) {
			t.Fatalf("got error %v, want problems", err)
		}
		if got, want := strings.Count(problems.Chinese(), "\n"), strings.Count(problems.Error(), "\n"); got != want {
			t.Errorf("%d lines in Chinese, %d in English", got, want)
		}
		for _, p := range problems {
			zh := p.In("zh")
			for _, text := range []string{zh.Message, zh.Hint} {
				if bare := quotes.ReplaceAllString(text, ""); text != "" && (!strings.ContainsFunc(text, isHan) || englishRun.MatchString(bare)) {
					t.Errorf("%s\nreads %q in Chinese", p, text)
				}
			}
			if en := p.In("en"); en != p {
				t.Errorf("in English it reads %q, want %q", en, p)
			}
		}
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			_, err := load(overlay(t, dir))
			check(t, err)
		})
	}
	for name, text := range map[string]string{
		"tab": "name: x\n\tunit: y\n", "quote": "name: \"x\n", "bracket": "name: [a\n", "brace": "name: {a: b\n", "colon": "name: a: b\n",
		"indent": "name: a\n  unit: b\n", "alias": "name: *a\n",
	} {
		t.Run(name, func(t *testing.T) {
			merged := overlay(t, "testdata/good")
			f := *merged["sites/mz.yaml"]
			f.Data = []byte(text)
			merged["sites/mz.yaml"] = &f
			_, err := load(merged)
			check(t, err)
		})
	}
}

// quotes are texts of the file, and words to choose from.
var quotes = regexp.MustCompile(`"(\\.|[^"\\])*"|可用：.*`)

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
