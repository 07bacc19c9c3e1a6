package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"xuncha/inventory"
)

// A reader takes one YAML file apart strictly and keeps every mistake with its
// place, so that a person mends them all in one go.
type reader struct {
	file string
	errs []error
}

// maxBytes bounds a rule-set file: the longest shipped one has a hundredth.
const maxBytes = 1 << 20

// root parses the file and returns its one document, or nil after a mistake.
func (r *reader) root(data []byte) ast.Node {
	if len(data) > maxBytes {
		r.errs = append(r.errs, fmt.Errorf("%s: %d bytes; a rule set holds at most %d", r.file, len(data), maxBytes))
		return nil
	}
	if p := inventory.CheckYAML(data); p != nil {
		p.File = r.file
		r.errs = append(r.errs, errors.New(p.String()))
		return nil
	}
	file, err := parser.ParseBytes(data, 0)
	var syntax *yaml.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Token != nil:
		at := syntax.Token.Position
		r.errs = append(r.errs, fmt.Errorf("%s:%d:%d: %s; mend the YAML here", r.file, at.Line, at.Column, syntax.Message))
		return nil
	case err != nil:
		r.errs = append(r.errs, fmt.Errorf("%s: %w; mend the YAML", r.file, err))
		return nil
	case len(file.Docs) != 1 || file.Docs[0].Body == nil:
		r.errs = append(r.errs, fmt.Errorf("%s:1:1: %d documents; a rule set is one mapping", r.file, len(file.Docs)))
		return nil
	}
	return file.Docs[0].Body
}

// fail notes a mistake at a node.
func (r *reader) fail(n ast.Node, format string, args ...any) {
	line, column := 1, 1
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		line, column = n.GetToken().Position.Line, n.GetToken().Position.Column
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d:%d: %s", r.file, line, column, fmt.Sprintf(format, args...)))
}

// mapping hands each value of a mapping to the field of its key and returns
// the nodes by key. An unknown key is a mistake.
func (r *reader) mapping(n ast.Node, what string, fields map[string]func(ast.Node)) map[string]ast.Node {
	seen := map[string]ast.Node{}
	for _, pair := range r.pairs(n, what) {
		key := pair.Key.GetToken().Value
		set, ok := fields[key]
		switch {
		case !ok:
			r.fail(pair.Key, "unknown key %q in %s; the keys are %s", key, what, strings.Join(keys(fields), ", "))
		case seen[key] != nil:
			r.fail(pair.Key, "key %q stands twice in %s; keep one", key, what)
		case pair.Value == nil || pair.Value.Type() == ast.NullType:
			r.fail(pair.Key, "%s has no value; write one or leave the key out", key)
		default:
			seen[key] = pair.Value
			set(pair.Value)
		}
	}
	return seen
}

func (r *reader) pairs(n ast.Node, what string) []*ast.MappingValueNode {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	}
	r.fail(n, "%s is a mapping of keys to values", what)
	return nil
}

func keys(fields map[string]func(ast.Node)) []string {
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// text reads a string; anything else is a mistake.
func (r *reader) text(n ast.Node) string {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value
	case *ast.LiteralNode:
		return strings.TrimSpace(s.Value.Value)
	}
	r.fail(n, "want a text; put it in quotes")
	return ""
}

// str returns a field that reads a text that must say something.
func (r *reader) str(to *string) func(ast.Node) {
	return func(n ast.Node) {
		if *to = strings.TrimSpace(r.text(n)); *to == "" {
			r.fail(n, "an empty text; write something or leave the key out")
		}
	}
}

// strs returns a field that reads one text or a list of texts, each allowed by
// the check.
func (r *reader) strs(to *[]string, check func(string) error) func(ast.Node) {
	return func(n ast.Node) {
		nodes := []ast.Node{n}
		if list, ok := n.(*ast.SequenceNode); ok {
			nodes = list.Values
		}
		for _, each := range nodes {
			var s string
			r.str(&s)(each)
			if s == "" {
				continue
			}
			if err := check(s); err != nil {
				r.fail(each, "%v", err)
			}
			if slices.Contains(*to, s) {
				r.fail(each, "%q stands twice; keep one", s)
			}
			*to = append(*to, s)
		}
	}
}

// count returns a field that reads a whole number from least on.
func (r *reader) count(to *int, least int) func(ast.Node) {
	return func(n ast.Node) {
		if i, ok := n.(*ast.IntegerNode); ok {
			if v, ok := i.Value.(uint64); ok && v >= uint64(least) && v <= 1e6 {
				*to = int(v)
				return
			}
		}
		r.fail(n, "want a whole number from %d on", least)
	}
}

// flag returns a field that reads true or false.
func (r *reader) flag(to *bool) func(ast.Node) {
	return func(n ast.Node) {
		b, ok := n.(*ast.BoolNode)
		if !ok {
			r.fail(n, "want true or false")
			return
		}
		*to = b.Value
	}
}

// parsed returns a field that reads a text through a parser of its own.
func parsed[T any](r *reader, to *T, parse func(string) (T, error)) func(ast.Node) {
	return func(n ast.Node) {
		s := r.text(n)
		if s == "" {
			return
		}
		v, err := parse(s)
		if err != nil {
			r.fail(n, "%v", err)
			return
		}
		*to = v
	}
}

// oneOf returns a check that a text is one of those allowed.
func oneOf[T ~string](what string, allowed ...T) func(string) error {
	return func(s string) error {
		if slices.Contains(allowed, T(s)) {
			return nil
		}
		var names []string
		for _, a := range allowed {
			names = append(names, string(a))
		}
		return fmt.Errorf("unknown %s %q; it is one of %s", what, s, strings.Join(names, ", "))
	}
}

// member returns a parser that takes one of the texts allowed.
func member[T ~string](what string, allowed ...T) func(string) (T, error) {
	check := oneOf(what, allowed...)
	return func(s string) (T, error) { return T(s), check(s) }
}
