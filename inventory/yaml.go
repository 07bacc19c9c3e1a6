package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of one file. The parser recurses, and its time grows with the square
// of some of these, so they are checked on its tokens, before it runs.
const (
	maxFileBytes     = 4 << 20
	maxDepth         = 32
	maxTokensPerLine = 4000
	maxKeys          = 1000
)

// parseYAML returns the root of a file's only document, or why there is none.
func parseYAML(f File) (ast.Node, *Problem) {
	if p := checkBytes(f.Data); p != nil {
		return nil, p
	}
	tokens := lexer.Tokenize(string(bytes.TrimPrefix(f.Data, []byte("\ufeff"))))
	if p := checkTokens(tokens); p != nil {
		return nil, p
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxProblem(err)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, &Problem{Message: "the file is empty", Hint: "fill it in, or take it away"}
	}
	if len(file.Docs) > 1 {
		p := &Problem{Message: "more than one document", Hint: "put what follows --- into a file of its own"}
		if at := file.Docs[1].Start; at != nil {
			p.Line, p.Column = at.Position.Line, at.Position.Column
		}
		return nil, p
	}
	return file.Docs[0].Body, nil
}

// CheckYAML refuses bytes that a YAML parser would choke on or that no
// configuration of ours needs: aliases, deep nesting, endless lines. Whoever
// parses YAML from outside asks it first; nil means go on.
func CheckYAML(data []byte) *Problem {
	if p := checkBytes(data); p != nil {
		return p
	}
	return checkTokens(lexer.Tokenize(string(bytes.TrimPrefix(data, []byte("\ufeff")))))
}

// checkBytes refuses what is no text at all.
func checkBytes(data []byte) *Problem {
	switch {
	case len(data) > maxFileBytes:
		return &Problem{Message: fmt.Sprintf("the file has %d bytes, more than %d", len(data), maxFileBytes), Hint: "split it, or check that it is the right file"}
	case !utf8.Valid(data):
		return &Problem{Message: "the file is not UTF-8", Hint: "save it as UTF-8"}
	case bytes.IndexByte(data, 0) >= 0:
		return &Problem{Message: "the file holds NUL bytes", Hint: "save it as text"}
	}
	return nil
}

// A tokenCheck walks the tokens of a file and stops at the first that our
// configuration has no use for or that would make the parser work too hard.
type tokenCheck struct {
	flow    []int       // keys seen in each open flow collection
	keys    map[int]int // column → keys seen in the block mapping there
	line    int
	onLine  int // tokens on the line
	entries int // "-" in a row on the line
}

// checkTokens returns the first reason not to parse the tokens.
func checkTokens(tokens token.Tokens) *Problem {
	c := tokenCheck{keys: map[int]int{}}
	for _, tk := range tokens {
		if message, hint := c.check(tk); message != "" {
			return &Problem{Line: tk.Position.Line, Column: tk.Position.Column, Message: message, Hint: hint}
		}
	}
	return nil
}

// check looks at the next token.
func (c *tokenCheck) check(tk *token.Token) (message, hint string) {
	if message, hint := refused(tk); message != "" {
		return message, hint
	}
	if tk.Position.Line != c.line {
		c.line, c.onLine, c.entries = tk.Position.Line, 0, 0
	}
	c.onLine++
	if c.onLine > maxTokensPerLine {
		return "the line holds too much", "break it into several lines"
	}
	if !c.nest(tk) {
		return fmt.Sprintf("nested more than %d deep", maxDepth), "nothing in the configuration nests that deep"
	}
	if tk.Type == token.MappingValueType && c.count(tk) > maxKeys {
		return fmt.Sprintf("more than %d keys in one mapping", maxKeys), "nothing in the configuration has that many"
	}
	return "", ""
}

// refused tells tokens that configuration never needs: an alias can make a
// small file without end, a tag changes what a value means.
func refused(tk *token.Token) (message, hint string) {
	switch tk.Type {
	case token.AnchorType, token.AliasType, token.MergeKeyType:
		return "anchors, aliases and merges are refused", "write the value out, or quote it if it begins with & or *"
	case token.TagType:
		return "tags are refused", "quote the value if it begins with !"
	case token.DirectiveType:
		return "directives are refused", "quote the value if it begins with %"
	case token.MappingKeyType:
		return "keys marked by ? are refused", "write key: value"
	case token.InvalidType:
		return syntaxText(tk.Error)
	}
	return "", ""
}

// nest follows the nesting and reports whether it is still shallow enough.
func (c *tokenCheck) nest(tk *token.Token) bool {
	switch tk.Type {
	case token.SequenceEntryType:
		c.entries++
		c.forget(tk.Position.Column)
	case token.MappingStartType, token.SequenceStartType:
		c.flow = append(c.flow, 0)
	case token.MappingEndType, token.SequenceEndType:
		if len(c.flow) > 0 {
			c.flow = c.flow[:len(c.flow)-1]
		}
	}
	return len(c.flow) <= maxDepth && c.entries <= maxDepth && len(c.keys) <= maxDepth
}

// count counts the key before a ":" and returns how many its mapping has.
func (c *tokenCheck) count(colon *token.Token) int {
	if n := len(c.flow); n > 0 {
		c.flow[n-1]++
		return c.flow[n-1]
	}
	if colon.Prev == nil {
		return 0
	}
	column := colon.Prev.Position.Column
	c.forget(column)
	c.keys[column]++
	return c.keys[column]
}

// forget drops the block mappings right of a column: they have ended.
func (c *tokenCheck) forget(column int) {
	for k := range c.keys {
		if k > column {
			delete(c.keys, k)
		}
	}
}

// syntaxProblem tells what the parser could not read.
func syntaxProblem(err error) *Problem {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return &Problem{Message: "not YAML: " + firstLine(err.Error())}
	}
	at := e.GetToken().Position
	message, hint := syntaxText(e.GetMessage())
	return &Problem{Line: at.Line, Column: at.Column, Message: message, Hint: hint}
}

// syntaxText words a message of the parser with what to do about it.
func syntaxText(message string) (text, hint string) {
	message = firstLine(message)
	switch {
	case strings.ContainsRune(message, '\t') || strings.Contains(message, "tab"):
		return "a tab is used for indentation", "indent with spaces"
	case strings.Contains(message, "could not find end character"):
		return message, "close the quote"
	case strings.Contains(message, "value is not allowed"):
		return message, "check the indentation, and quote values that hold a colon"
	}
	return "not YAML: " + message, "check the indentation, the brackets and the quotes"
}

// firstLine returns the first line of s, cut where it is long.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}
