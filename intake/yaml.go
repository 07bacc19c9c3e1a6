package intake

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"xuncha/inventory"
)

// A text is a file of configuration as lines, with the entries of one of its
// lists, or, for a carrier's file, its own keys as the only one. Edits are
// gathered and made at once; lines that none names stay as they are.
type text struct {
	name    string
	lines   []string
	eol     string
	entries []listed
	indent  string // before the dash
	spaced  bool   // an empty line between entries
	end     int    // line before which a new entry stands
	lead    []string
	edits   []splice
}

// A listed entry is the keys of one mapping.
type listed struct {
	from, to int // lines, the last excluded; comments behind it are not its own
	prefix   string
	indent   string
	flow     bool
	keys     []keyLines
}

// keyLines are the lines of a key and its value.
type keyLines struct {
	key      string
	from, to int
	value    string // as written, of an entry in braces
	list     bool   // the value is a list below the key
}

// A splice puts lines into the place of others.
type splice struct {
	from, to int
	lines    []string
	last     bool // behind whatever else stands there
}

// readText finds the entries of a list: the file's own, for key "", or that of a
// key. mapping is true for the file's own keys.
func readText(f inventory.File, key string, mapping bool) (*text, error) {
	t := &text{name: f.Name, eol: "\n", indent: ""}
	if bytes.Contains(f.Data, []byte("\r\n")) {
		t.eol = "\r\n"
	}
	t.lines = strings.SplitAfter(string(f.Data), "\n")
	if n := len(t.lines); n > 0 && t.lines[n-1] == "" {
		t.lines = t.lines[:n-1]
	}
	if p := inventory.CheckYAML(f.Data); p != nil {
		p.File = f.Name
		return nil, errors.New(p.String())
	}
	plain := bytes.ReplaceAll(bytes.TrimPrefix(f.Data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	file, err := parser.ParseBytes(plain, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	t.end = len(t.lines)
	if key != "" {
		t.indent = "  "
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return t, nil
	}
	node := file.Docs[0].Body
	if mapping {
		t.entries = []listed{t.entry(node, len(t.lines))}
		return t, nil
	}
	if key != "" {
		return t, t.below(node, key)
	}
	return t, t.list(node, len(t.lines))
}

// below finds the list of a key of the file.
func (t *text) below(root ast.Node, key string) error {
	pairs := pairsOf(root)
	for i, p := range pairs {
		if p.Key.GetToken().Value != key {
			continue
		}
		until := len(t.lines)
		if i+1 < len(pairs) {
			until = line(pairs[i+1].Key)
		}
		return t.list(p.Value, until)
	}
	t.lead = []string{key + ":"}
	t.end = t.ownEnd(0, t.end)
	return nil
}

// list reads the entries of a list that ends before a line.
func (t *text) list(node ast.Node, until int) error {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		return fmt.Errorf("%s: no list", t.name)
	}
	if seq.IsFlowStyle {
		if len(seq.Values) > 0 {
			return fmt.Errorf("%s:%d: the list stands in brackets; write its entries below each other, then take the list in again", t.name, line(seq)+1)
		}
		at := line(seq)
		written := strings.TrimRight(t.lines[at], "\r\n")
		if head, _, found := strings.Cut(written, ":"); found && t.indent != "" {
			t.lead = []string{head + ":"}
		}
		t.edits = append(t.edits, splice{from: at, to: at + 1})
		t.end = at + 1
		return nil
	}
	for i, v := range seq.Values {
		end := until
		if i+1 < len(seq.Values) {
			end = line(seq.Values[i+1])
		}
		t.entries = append(t.entries, t.entry(v, end))
	}
	last := t.entries[len(t.entries)-1]
	t.end, t.indent = last.to, strings.TrimSuffix(t.entries[0].prefix, strings.TrimLeft(t.entries[0].prefix, "\ufeff "))
	t.indent = strings.TrimPrefix(t.indent, "\ufeff")
	if len(t.entries) > 1 {
		t.spaced = strings.TrimSpace(t.lines[t.entries[0].to]) == ""
	}
	return nil
}

// line is the line of a node, counted from 0.
func line(n ast.Node) int {
	if pairs := pairsOf(n); len(pairs) > 0 {
		if m, ok := n.(*ast.MappingNode); !ok || !m.IsFlowStyle {
			return pairs[0].Key.GetToken().Position.Line - 1
		}
	}
	return n.GetToken().Position.Line - 1
}

// pairsOf returns the keys of a mapping.
func pairsOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// entry reads the keys of one entry that ends before a line.
func (t *text) entry(n ast.Node, until int) listed {
	pairs := pairsOf(n)
	e := listed{from: line(n)}
	e.to = t.ownEnd(e.from, until)
	if m, ok := n.(*ast.MappingNode); ok && m.IsFlowStyle {
		e.flow = true
		e.prefix = beforeRune(t.lines[e.from], m.Start.Position.Column-1)
		for _, p := range pairs {
			e.keys = append(e.keys, keyLines{key: p.Key.GetToken().Value, value: strings.TrimSpace(p.Value.String())})
		}
	} else if len(pairs) > 0 {
		e.prefix = beforeRune(t.lines[e.from], pairs[0].Key.GetToken().Position.Column-1)
		for i, p := range pairs {
			k := keyLines{key: p.Key.GetToken().Value, from: line(p), to: e.to}
			if i+1 < len(pairs) {
				k.to = line(pairs[i+1])
			}
			_, k.list = p.Value.(*ast.SequenceNode)
			k.list = k.list && p.Value.GetToken().Position.Line-1 > k.from
			k.to = t.ownEnd(k.from, k.to)
			e.keys = append(e.keys, k)
		}
	}
	e.indent = strings.Repeat(" ", len([]rune(strings.TrimPrefix(e.prefix, "\ufeff"))))
	return e
}

// beforeRune returns what stands before a column of a line.
func beforeRune(s string, n int) string {
	mark := ""
	if rest, ok := strings.CutPrefix(s, "\ufeff"); ok {
		mark, s = "\ufeff", rest
	}
	r := []rune(s)
	return mark + string(r[:min(n, len(r))])
}

// ownEnd is the line behind the last one before a line that is neither empty nor
// a comment.
func (t *text) ownEnd(from, until int) int {
	for until > from+1 {
		if s := strings.TrimSpace(t.lines[until-1]); s != "" && s[0] != '#' {
			break
		}
		until--
	}
	return until
}

// value returns the YAML of a key of an entry as it is written on its line, "".
func (e listed) index(key string) int {
	return slices.IndexFunc(e.keys, func(k keyLines) bool { return k.key == key })
}

// set gives a key of an entry a value in YAML, "" to take the key away. A key
// that is not there goes behind those that come before it in the order.
func (t *text) set(i int, key, value string, order []string) {
	e := &t.entries[i]
	if e.flow {
		t.unfold(i)
	}
	at := e.index(key)
	switch {
	case at < 0 && value == "":
	case at < 0:
		after := e.after(key, order)
		t.edits = append(t.edits, splice{from: e.keys[after].to, to: e.keys[after].to, lines: []string{e.indent + key + ": " + value}})
	case value == "" && at == 0 && len(e.keys) > 1: // the dash stands before what is the first key then
		k, next := e.keys[0], e.keys[1]
		rest := strings.TrimPrefix(strings.TrimRight(t.lines[next.from], "\r\n"), e.indent)
		t.edits = append(t.edits, splice{from: k.from, to: next.from + 1, lines: []string{e.prefix + rest}})
	case value == "":
		t.edits = append(t.edits, splice{from: e.keys[at].from, to: e.keys[at].to})
	default:
		k := e.keys[at]
		prefix := e.indent
		if at == 0 {
			prefix = e.prefix
		}
		written := prefix + key + ": " + value
		if c := comment(t.lines[k.from]); c != "" && k.to == k.from+1 {
			written += " " + c
		}
		t.edits = append(t.edits, splice{from: k.from, to: k.to, lines: []string{written}})
	}
}

// after is the index of the key that a new one stands behind.
func (e listed) after(key string, order []string) int {
	rank := slices.Index(order, key)
	at := -1
	for i, k := range e.keys {
		if r := slices.Index(order, k.key); r >= 0 && (rank < 0 || r < rank) {
			at = i
		}
	}
	if at < 0 {
		at = len(e.keys) - 1
		if rank >= 0 {
			at = 0
		}
	}
	return at
}

// add puts a line behind a list that a key of an entry holds.
func (t *text) addBelow(i int, key, item string) bool {
	e := t.entries[i]
	at := e.index(key)
	if at < 0 || !e.keys[at].list {
		return false
	}
	k := e.keys[at]
	first := t.lines[k.from+1]
	indent := first[:len(first)-len(strings.TrimLeft(first, " "))]
	t.edits = append(t.edits, splice{from: k.to, to: k.to, lines: []string{indent + "- " + item}})
	return true
}

// unfold writes an entry in braces a key a line, so that its keys can change.
func (t *text) unfold(i int) {
	e := &t.entries[i]
	var lines []string
	for n, k := range e.keys {
		prefix := e.indent
		if n == 0 {
			prefix = e.prefix
		}
		lines = append(lines, prefix+k.key+": "+k.value)
	}
	if c := comment(t.lines[e.to-1]); c != "" && len(lines) > 0 {
		lines[0] += " " + c
	}
	shift := len(lines) - (e.to - e.from)
	rest := slices.Clone(t.lines[e.to:])
	t.lines = append(t.lines[:e.from:e.from], withEOL(lines, t.eol)...)
	t.lines = append(t.lines, rest...)
	from := e.from
	for j := range t.entries {
		t.entries[j].move(e.to, shift)
	}
	for j := range t.edits {
		if t.edits[j].from >= e.to {
			t.edits[j].from += shift
			t.edits[j].to += shift
		}
	}
	if t.end >= e.to {
		t.end += shift
	}
	e.flow, e.to = false, from+len(lines)
	for n := range e.keys {
		e.keys[n].from, e.keys[n].to = from+n, from+n+1
	}
}

// move shifts an entry that stands behind a line.
func (e *listed) move(behind, shift int) {
	if e.from < behind {
		return
	}
	e.from, e.to = e.from+shift, e.to+shift
	for n := range e.keys {
		e.keys[n].from, e.keys[n].to = e.keys[n].from+shift, e.keys[n].to+shift
	}
}

// remove takes an entry away; comments around it stay.
func (t *text) remove(i int) {
	e := t.entries[i]
	to := e.to
	if t.spaced && to < len(t.lines) && strings.TrimSpace(t.lines[to]) == "" {
		to++
	}
	t.edits = append(t.edits, splice{from: e.from, to: to})
}

// A written key is a key and its value in YAML.
type written struct{ key, value string }

// add puts an entry behind the others.
func (t *text) add(keys []written) {
	var lines []string
	if t.spaced {
		lines = append(lines, "")
	}
	lines = append(lines, t.lead...)
	t.lead = nil
	for i, k := range keys {
		prefix := t.indent + "  "
		if i == 0 {
			prefix = t.indent + "- "
		}
		lines = append(lines, prefix+k.key+": "+k.value)
	}
	t.edits = append(t.edits, splice{from: t.end, to: t.end, lines: lines, last: true})
}

// file makes the edits and returns the file.
func (t *text) file() inventory.File {
	slices.SortStableFunc(t.edits, func(a, b splice) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return rank(a) - rank(b)
	})
	var b strings.Builder
	at := 0
	write := func(lines []string) {
		for _, l := range lines {
			b.WriteString(l)
			if !strings.HasSuffix(l, "\n") {
				b.WriteString(t.eol)
			}
		}
	}
	for _, e := range t.edits {
		if e.from > at {
			write(t.lines[at:e.from])
		}
		write(e.lines)
		at = max(at, e.to)
	}
	write(t.lines[at:])
	return inventory.File{Name: t.name, Data: []byte(b.String())}
}

// rank orders edits of one place.
func rank(s splice) int {
	if s.last {
		return 1
	}
	return 0
}

// withEOL ends every line.
func withEOL(lines []string, eol string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l + eol
	}
	return out
}

// comment returns the comment at the end of a line, "" without one.
func comment(l string) string {
	quote := rune(0)
	for i, r := range l {
		switch {
		case quote == '"' && r == '"' && i > 0 && l[i-1] == '\\':
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case (r == '"' || r == '\'') && strings.HasSuffix(strings.TrimRight(l[:i], " "), ":"):
			quote = r
		case r == '#' && i > 0 && l[i-1] == ' ':
			return strings.TrimRight(l[i:], "\r\n")
		}
	}
	return ""
}
