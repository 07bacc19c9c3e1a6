package inventory

import "github.com/goccy/go-yaml/ast"

// place returns where a node begins.
func place(n ast.Node) mark {
	if pairs, ok := pairsOf(n); ok && len(pairs) > 0 {
		if m, ok := n.(*ast.MappingNode); !ok || !m.IsFlowStyle {
			n = pairs[0].Key // the node's own token is the first colon
		}
	}
	tk := n.GetToken()
	if tk == nil || tk.Position == nil {
		return mark{line: 1, column: 1}
	}
	return mark{line: tk.Position.Line, column: tk.Position.Column}
}

// pairsOf returns the pairs of a mapping; ok is false for any other node.
func pairsOf(n ast.Node) (pairs []*ast.MappingValueNode, ok bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

// keyOf returns the key of a pair as it is written.
func keyOf(pair *ast.MappingValueNode) string {
	if s, ok := pair.Key.(*ast.StringNode); ok {
		return s.Value
	}
	if tk := pair.Key.GetToken(); tk != nil {
		return tk.Value
	}
	return ""
}

// label returns what people know a mapping by, or "".
func label(pairs []*ast.MappingValueNode) string {
	for _, key := range []string{"name", "code", "id", "subject"} {
		for _, pair := range pairs {
			if text, ok := textOf(pair.Value); ok && keyOf(pair) == key {
				return text
			}
		}
	}
	return ""
}

// textOf returns the text of a node; ok is false for what is none.
func textOf(n ast.Node) (text string, ok bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	}
	return "", false
}

// kindOf names what a node is, in words for people.
func kindOf(n ast.Node) string {
	switch n.Type() {
	case ast.StringType, ast.LiteralType:
		return "a text"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "a number"
	case ast.BoolType:
		return "true or false"
	case ast.SequenceType:
		return "a list"
	case ast.MappingType, ast.MappingValueType:
		return "a group of keys"
	}
	return "empty"
}
