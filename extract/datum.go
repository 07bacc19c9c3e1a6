package extract

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Bounds of what a list interface may answer. Its lists are flat and hold some
// hundred rows; what is deeper or larger is something else.
const (
	maxData      = 10 << 20 // bytes
	maxDataDepth = 40
	maxDatums    = 400_000
)

// A datum is one value of an answer of a list interface: of JSON, or an element
// of XML with its attributes. Both are read by the same paths.
type datum struct {
	name string // of a member or element, "@name" of an attribute, "" in an array
	form form
	text string // of a scalar, or directly in an element
	kids []datum
}

type form byte

const (
	scalar  form = iota
	nothing      // null
	object
	array
)

// A trail leads from a datum to those inside it: names joined by dots, and
// numbers for single elements of an array. An array on the way stands for all
// its elements, "*" for all members of an object. "." is the datum itself.
type trail []string

// parsePath reads "data.results".
func parsePath(s string) (trail, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return nil, errors.New("is empty")
	case len(s) > maxSelector:
		return nil, fmt.Errorf("is %d bytes long; at most %d are allowed", len(s), maxSelector)
	case s == ".":
		return trail{}, nil
	}
	p := trail(strings.Split(s, "."))
	for _, name := range p {
		if name == "" || strings.ContainsAny(name, "{}[]()/ \t\r\n\x00") {
			return nil, errors.New("is no path; write names joined by dots, \"data.results\"")
		}
	}
	return p, nil
}

// find returns what the path leads to, in the order of the answer.
func (p trail) find(d *datum) []*datum {
	found := []*datum{d}
	for _, name := range p {
		var next []*datum
		for _, f := range found {
			next = f.called(name, next)
		}
		found = next
	}
	return found
}

// called appends the parts of d with a name to out.
func (d *datum) called(name string, out []*datum) []*datum {
	if d.form == array {
		if i, err := strconv.Atoi(name); err == nil {
			if i >= 0 && i < len(d.kids) {
				out = append(out, &d.kids[i])
			}
			return out
		}
	}
	for i := range d.kids {
		switch k := &d.kids[i]; {
		case d.form == array:
			out = k.called(name, out)
		case k.name == name, name == "*":
			out = append(out, k)
		}
	}
	return out
}

// value returns the first text that the path leads to, or "".
func (p trail) value(d *datum) string {
	for _, f := range p.find(d) {
		if s := strings.TrimSpace(f.text); s != "" {
			return s
		}
	}
	return ""
}

// A cell is one value of a row: a path, and the part of its text that a regexp
// keeps.
type cell struct {
	path trail
	keep *field // nil for the whole text
}

// parseCell reads "path =~ regexp".
func parseCell(s string) (*cell, error) {
	head, pattern, found := strings.Cut(s, " "+reMark)
	p, err := parsePath(head)
	if err != nil {
		return nil, err
	}
	c := &cell{path: p}
	if found {
		re, err := compileRegexp(strings.TrimSpace(pattern))
		if err != nil {
			return nil, err
		}
		c.keep = &field{re: re}
	}
	return c, nil
}

// value returns the cell's text in a row, or "".
func (c *cell) value(row *datum) string {
	s := cut(c.path.value(row), maxTextNode)
	if c.keep != nil {
		s, _ = c.keep.keep(s)
	}
	return s
}

// An address is a cell that holds one, or a text with cells in it:
// "/detail?id={id}".
type linkCell struct {
	cell  *cell
	texts []string // around the paths
	paths []trail
}

// parseLinkCell reads either form.
func parseLinkCell(s string) (*linkCell, error) {
	if !strings.Contains(s, "{") || strings.Contains(s, reMark) {
		c, err := parseCell(s)
		if err != nil {
			return nil, fmt.Errorf("%w; or an address with paths in braces, \"/detail?id={id}\"", err)
		}
		return &linkCell{cell: c}, nil
	}
	if len(s) > maxSelector {
		return nil, fmt.Errorf("is %d bytes long; at most %d are allowed", len(s), maxSelector)
	}
	l := &linkCell{}
	for rest := s; ; {
		head, tail, found := strings.Cut(rest, "{")
		l.texts = append(l.texts, head)
		if !found {
			return l, nil
		}
		name, after, closed := strings.Cut(tail, "}")
		p, err := parsePath(name)
		if err != nil || !closed {
			return nil, fmt.Errorf("must hold paths in braces, \"/detail?id={id}\"")
		}
		l.paths = append(l.paths, p)
		rest = after
	}
}

// value returns the address of a row, "" where a part of it is missing.
func (l *linkCell) value(row *datum) string {
	if l.cell != nil {
		return html.UnescapeString(l.cell.value(row))
	}
	var b strings.Builder
	for i, text := range l.texts {
		b.WriteString(text)
		if i == len(l.paths) {
			break
		}
		v := l.paths[i].value(row)
		if v == "" {
			return ""
		}
		b.WriteString(filled(v))
	}
	return b.String()
}

// A total says how many pages a list has: a number of pages, or of rows by how
// many rows a page holds, "data.total / 15".
type total struct {
	cell  *cell
	perOf int // rows per page; 0: the number is that of the pages
}

var perPage = regexp.MustCompile(`^(.*\S)\s+/\s*(\d{1,4})$`)

func parseTotal(s string) (*total, error) {
	per := 0
	if m := perPage.FindStringSubmatch(s); m != nil {
		per, _ = strconv.Atoi(m[2])
		if per == 0 {
			return nil, errors.New("divides by 0; write the number of rows of a page, \"data.total / 15\"")
		}
		s = m[1]
	}
	c, err := parseCell(s)
	if err != nil {
		return nil, err
	}
	return &total{cell: c, perOf: per}, nil
}

// pages returns the number of pages, 0 where the answer does not say, and
// whether it says that there is nothing at all.
func (t *total) pages(root *datum) (n int, none bool) {
	v := t.cell.value(root)
	n, err := strconv.Atoi(v)
	switch {
	case err != nil || n < 0:
		return 0, false
	case t.perOf > 0:
		return (n + t.perOf - 1) / t.perOf, n == 0
	}
	return n, n == 0
}
