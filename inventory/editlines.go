package inventory

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// An edit changes keys of one block mapping line by line, so that nothing else
// of the file moves.
type edit struct {
	before, after []string // lines around the mapping
	keys          []keyed
	first         string // what stands before the first key: "  - "
	indent        string // what stands before the others
	eol           string
}

// A keyed line is one key of the mapping.
type keyed struct {
	key   string
	lines []string // those of key and value
	gap   []string // comments and empty lines before the next key
}

// newEdit cuts a file into the lines of a mapping's keys and those around it.
func newEdit(data []byte, pairs []*ast.MappingValueNode) *edit {
	lines := strings.SplitAfter(string(data), "\n")
	at := place(pairs[0].Key)
	head := lines[at.line-1]
	e := &edit{
		before: lines[:at.line-1], indent: strings.Repeat(" ", at.column-1), eol: "\n",
		first: string([]rune(strings.TrimPrefix(head, "\ufeff"))[:at.column-1]),
	}
	if strings.HasPrefix(head, "\ufeff") {
		e.first = "\ufeff" + e.first
	}
	if strings.HasSuffix(head, "\r\n") {
		e.eol = "\r\n"
	}
	for i, pair := range pairs {
		start, end := place(pair.Key).line-1, 0
		if i+1 < len(pairs) {
			end = place(pairs[i+1].Key).line - 1
		} else {
			end = start + 1 + blockLines(lines[start+1:], at.column-1)
		}
		own := start + 1 + valueLines(lines[start+1:end], pair.Value, at.column-1)
		e.keys = append(e.keys, keyed{key: keyOf(pair), lines: slices.Clone(lines[start:own]), gap: lines[own:end]})
		e.after = lines[end:]
	}
	return e
}

// blockLines counts the lines that may still belong to the last key of a mapping
// whose keys stand at an indentation.
func blockLines(lines []string, indent int) int {
	for i, line := range lines {
		text := strings.TrimSpace(line)
		n := len(line) - len(strings.TrimLeft(line, " "))
		if text != "" && text[0] != '#' && (n < indent || n == indent && text[0] != '-') {
			return i
		}
	}
	return len(lines)
}

// valueLines counts the lines below a key that are its value's: comments and
// empty lines behind it are not.
func valueLines(lines []string, value ast.Node, indent int) int {
	_, literal := value.(*ast.LiteralNode)
	for n := len(lines); n > 0; n-- {
		line := lines[n-1]
		text := strings.TrimSpace(line)
		inside := literal && len(line)-len(strings.TrimLeft(line, " ")) > indent
		if text != "" && (text[0] != '#' || inside) {
			return n
		}
	}
	return 0
}

// find returns the index of a key, or -1.
func (e *edit) find(key string) int {
	return slices.IndexFunc(e.keys, func(x keyed) bool { return x.key == key })
}

// replace gives a key another value and leaves the comment on its line.
func (e *edit) replace(i int, key, value string) {
	line := key + ": " + value
	if c := comment(e.keys[i].lines[0]); c != "" && len(e.keys[i].lines) == 1 {
		line += " " + c
	}
	e.keys[i].lines = []string{e.prefix(i) + line + e.eol}
}

// prefix is what stands before a key.
func (e *edit) prefix(i int) string {
	if i == 0 {
		return e.first
	}
	return e.indent
}

// remove takes a key away. Comments below it stay.
func (e *edit) remove(i int) {
	gone := e.keys[i]
	e.keys = slices.Delete(e.keys, i, i+1)
	switch {
	case i > 0:
		e.keys[i-1].gap = slices.Concat(e.keys[i-1].gap, gone.gap)
	case len(e.keys) > 0: // the dash stands before the key that is now the first
		e.before = slices.Concat(e.before, gone.gap)
		e.keys[0].lines[0] = e.first + strings.TrimLeft(e.keys[0].lines[0], " ")
	}
}

// append adds a key at the end.
func (e *edit) append(key, value string) { e.insertAt(len(e.keys), key, value) }

// insert adds a key behind the last one of the recipe, else at the end.
func (e *edit) insert(key, value string) {
	at := len(e.keys)
	for i := len(e.keys) - 1; i >= 0; i-- {
		if isRecipeKey(e.keys[i].key) {
			at = i + 1
			break
		}
	}
	e.insertAt(at, key, value)
}

// insertAt adds a key behind the one before a place, of which there is one.
func (e *edit) insertAt(at int, key, value string) {
	last := &e.keys[at-1]
	if end := len(last.lines) - 1; !strings.HasSuffix(last.lines[end], "\n") {
		last.lines[end] += e.eol
	}
	e.keys = slices.Insert(e.keys, at, keyed{key: key, lines: []string{e.indent + key + ": " + value + e.eol}})
	e.keys[at].gap, e.keys[at-1].gap = e.keys[at-1].gap, nil // what stood above the next key stands there still
}

// isRecipeKey reports whether a key of a column is one of its recipe.
func isRecipeKey(key string) bool {
	return slices.Contains([]string{"source", "data", "markup", "list", "item", "title", "link", "date", "date_format", "empty", "next", "last"}, key)
}

// bytes returns the file.
func (e *edit) bytes() []byte {
	var b strings.Builder
	write := func(lines []string) {
		for _, line := range lines {
			b.WriteString(line)
		}
	}
	write(e.before)
	for _, k := range e.keys {
		write(k.lines)
		write(k.gap)
	}
	write(e.after)
	return []byte(b.String())
}

// comment returns the comment at the end of a line, "" without one.
func comment(line string) string {
	quote := rune(0)
	for i, r := range line {
		switch {
		case quote == '"' && r == '"' && line[i-1] == '\\':
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case (r == '"' || r == '\'') && strings.HasSuffix(strings.TrimRight(line[:i], " "), ":"):
			quote = r
		case r == '#' && i > 0 && line[i-1] == ' ':
			return strings.TrimRight(line[i:], "\r\n")
		}
	}
	return ""
}
