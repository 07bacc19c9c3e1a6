package inventory

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"xuncha/extract"
)

// A mark is a place in a file.
type mark struct{ line, column int }

// A decoder fills forms from one file. It goes on after a mistake, so that one
// does not hide the next, and remembers where every value stood: places are
// found by the address of what was filled.
type decoder struct {
	file     string
	problems Errors

	places map[any]mark // pointer to a filled value → where it stood
	loose  map[any]bool // pointers to forms that say confirmed: false

	unconfirmed []Unsure

	broken bool // nothing of the file could be read

	fields map[reflect.Type][]field // of the forms met so far
}

// newDecoder returns a decoder for one file.
func newDecoder(file string) *decoder {
	return &decoder{file: file, places: map[any]mark{}, loose: map[any]bool{}, fields: map[reflect.Type][]field{}}
}

// decode fills the form or the list of forms into points to.
func (d *decoder) decode(f File, into any) {
	root, p := parseYAML(f)
	if p != nil {
		p.File, d.broken = d.file, true
		d.problems = append(d.problems, *p)
		return
	}
	d.value(root, reflect.ValueOf(into).Elem(), field{})
}

// has reports whether the file gave the value p points to.
func (d *decoder) has(p any) bool {
	_, ok := d.places[p]
	return ok
}

// report notes a mistake at the value p points to, or, where the file does not
// give it, at the first of the others that it does.
func (d *decoder) report(message, hint string, p any, others ...any) {
	for _, at := range append([]any{p}, others...) {
		if m, ok := d.places[at]; ok {
			d.reportAt(m, message, hint)
			return
		}
	}
	d.reportAt(mark{}, message, hint)
}

// reportAt notes a mistake at a place.
func (d *decoder) reportAt(m mark, message, hint string) {
	d.problems = append(d.problems, Problem{File: d.file, Line: m.line, Column: m.column, Message: message, Hint: hint})
}

// value fills v from n. The field says what else the value must be.
func (d *decoder) value(n ast.Node, v reflect.Value, f field) {
	d.places[v.Addr().Interface()] = place(n)
	if n.Type() == ast.NullType {
		d.wrong(n, f, "has no value", "give it one, or take the key away")
		return
	}
	switch {
	case isScalar(v.Type()):
		d.scalar(n, v, f)
	case v.Kind() == reflect.Struct:
		d.mapping(n, v, f)
	case v.Kind() == reflect.Map:
		d.table(n, v, f)
	default:
		d.list(n, v, f)
	}
}

// wrong notes that n is not what its key wants.
func (d *decoder) wrong(n ast.Node, f field, message, hint string) {
	if f.key != "" {
		message = f.key + " " + message
	} else {
		message = "this " + message
	}
	d.reportAt(place(n), message, hint)
}

// mapping fills a form.
func (d *decoder) mapping(n ast.Node, v reflect.Value, f field) {
	pairs, ok := pairsOf(n)
	if !ok {
		d.wrong(n, f, "is "+kindOf(n)+" where keys are wanted", "write key: value lines below it")
		return
	}
	fields, form := d.fieldsOf(v.Type()), v.Addr().Interface()
	given := map[string]mark{}
	for _, pair := range pairs {
		key, at := keyOf(pair), place(pair.Key)
		if first, twice := given[key]; twice {
			d.reportAt(at, fmt.Sprintf("key %s is given twice, first in line %d", quoted(key), first.line), "keep one")
			continue
		}
		given[key] = at
		known := fieldNamed(fields, key)
		switch {
		case key == confirmedKey:
			d.confirmed(pair, form, f, label(pairs), at)
		case known == nil:
			near := nearest(key, append(keysOf(fields), confirmedKey))
			d.reportAt(at, "unknown key "+quoted(key), unknownHint(near, fields))
			given[near] = at // the slip is reported; that the key is missing would be the same mistake
		default:
			d.value(pair.Value, v.FieldByIndex(known.index), *known)
		}
	}
	for _, want := range fields {
		if _, ok := given[want.key]; ok || !want.required || want.mayBeLeft && d.loose[form] {
			continue
		}
		d.reportAt(place(n), fmt.Sprintf("key %q is missing", want.key), missingHint(want))
	}
}

// table fills a mapping whose keys are words of a closed list. What stands under
// a key is filled through a pointer: places are found by address.
func (d *decoder) table(n ast.Node, v reflect.Value, f field) {
	pairs, ok := pairsOf(n)
	if !ok {
		d.wrong(n, f, "is "+kindOf(n)+" where keys are wanted", "write key: value lines below it")
		return
	}
	known := choices(v.Type().Key())
	v.Set(reflect.MakeMap(v.Type()))
	given := map[string]mark{}
	for _, pair := range pairs {
		key, at := keyOf(pair), place(pair.Key)
		first, twice := given[key]
		given[key] = at
		switch {
		case twice:
			d.reportAt(at, fmt.Sprintf("key %s is given twice, first in line %d", quoted(key), first.line), "keep one")
		case key == confirmedKey:
			d.confirmed(pair, v.Addr().Interface(), f, label(pairs), at)
		case !slices.Contains(known, key):
			d.reportAt(at, "unknown key "+quoted(key), oneOf(key, known))
		default:
			one := reflect.New(v.Type().Elem().Elem())
			d.value(pair.Value, one.Elem(), field{key: key})
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), one)
		}
	}
}

// fieldsOf is the function of that name, asked once for each form.
func (d *decoder) fieldsOf(t reflect.Type) []field {
	fields, ok := d.fields[t]
	if !ok {
		fields = fieldsOf(t)
		d.fields[t] = fields
	}
	return fields
}

// unknownHint says which key was meant, or which there are.
func unknownHint(near string, fields []field) string {
	if near != "" {
		return "did you mean " + near + "?"
	}
	return "known: " + strings.Join(append(keysOf(fields), confirmedKey), ", ")
}

// missingHint says what a missing key holds.
func missingHint(f field) string {
	hint := f.doc
	if f.mayBeLeft {
		hint += "; where nobody knows it, say confirmed: false beside it"
	}
	return hint
}

// confirmed takes note of what nobody could confirm.
func (d *decoder) confirmed(pair *ast.MappingValueNode, form any, f field, label string, at mark) {
	b, ok := pair.Value.(*ast.BoolNode)
	if !ok {
		d.wrong(pair.Value, field{key: confirmedKey}, "is "+kindOf(pair.Value)+" where true or false is wanted", "write confirmed: false")
		return
	}
	if b.Value {
		return
	}
	d.loose[form] = true
	what := strings.TrimSpace(f.key + " " + label)
	if what == "" {
		what = wholeFile
	}
	d.unconfirmed = append(d.unconfirmed, Unsure{File: d.file, Line: at.line, What: what})
}

// list fills a list, which for texts may be a single text.
func (d *decoder) list(n ast.Node, v reflect.Value, f field) {
	if v.Type() == reflect.TypeFor[texts]() && n.Type() != ast.SequenceType {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		d.value(n, v.Index(0), f)
		return
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.wrong(n, f, "is "+kindOf(n)+" where a list is wanted", "begin each of its lines with a dash, or write [a, b]")
		return
	}
	if v.Type() == reflect.TypeFor[texts]() && len(seq.Values) == 0 {
		d.wrong(n, f, "is an empty list", "give it a value, or take the key away")
	}
	// The whole length at once: places are found by address, so nothing may move.
	v.Set(reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values)))
	for i, value := range seq.Values {
		d.value(value, v.Index(i), f)
	}
}

// isScalar reports whether a type of the forms is written as one value.
func isScalar(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[netip.Prefix]():
		return true
	}
	return t.Kind() != reflect.Struct && t.Kind() != reflect.Slice && t.Kind() != reflect.Map
}

// scalar fills a single value.
func (d *decoder) scalar(n ast.Node, v reflect.Value, f field) {
	switch v.Interface().(type) {
	case bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
			return
		}
		d.wrong(n, f, "is "+kindOf(n)+" where true or false is wanted", "write true or false, without quotes")
		return
	case int:
		d.number(n, v, f)
		return
	}
	text, ok := textOf(n)
	switch {
	case !ok:
		d.wrong(n, f, "is "+kindOf(n)+" where a text is wanted", textHint(n))
	case text == "":
		d.wrong(n, f, "is empty", "give it a value, or take the key away")
	default:
		if message, hint := setText(v, text, f); message != "" {
			d.wrong(n, f, message, hint)
		}
	}
}

// textHint says how to make a text of what is none.
func textHint(n ast.Node) string {
	if _, ok := pairsOf(n); ok || n.Type() == ast.SequenceType {
		return "write one value"
	}
	return "put it in quotes"
}

// number fills a whole number.
func (d *decoder) number(n ast.Node, v reflect.Value, f field) {
	i, ok := n.(*ast.IntegerNode)
	if !ok {
		d.wrong(n, f, "is "+kindOf(n)+" where a whole number is wanted", "write it without quotes")
		return
	}
	x, err := strconv.Atoi(fmt.Sprint(i.Value))
	if err != nil || x < f.least || x > f.most {
		d.wrong(n, f, fmt.Sprintf("is %s, out of range", quoted(fmt.Sprint(i.Value))), fmt.Sprintf("from %d to %d", f.least, f.most))
		return
	}
	v.SetInt(int64(x))
}

// durationShape is how durations are written, here and in the schema.
const durationShape = `^-?([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`

var durationRE = regexp.MustCompile(durationShape)

// setText fills v from a text, or says why it cannot be.
func setText(v reflect.Value, text string, f field) (message, hint string) {
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		t, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
		if err != nil {
			return fmt.Sprintf("%s is no date", quoted(text)), "write it as 2023-09-27"
		}
		*p = t
	case *time.Duration:
		x, err := time.ParseDuration(text)
		if err != nil || !durationRE.MatchString(text) {
			return fmt.Sprintf("%s is no duration", quoted(text)), "write it as 500ms, 1s or 1m"
		}
		*p = x
	case *netip.Prefix:
		x, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Sprintf("%s is no network", quoted(text)), "write it as 10.0.0.0/8"
		}
		*p = x
	default:
		if known := choices(v.Type()); known != nil && !slices.Contains(known, text) {
			return "is unknown: " + quoted(text), oneOf(text, known)
		}
		if f.like.re != "" && !f.like.matches(text) {
			return fmt.Sprintf("%s is not %s", quoted(text), f.like.what), f.like.mend(text)
		}
		v.SetString(text)
	}
	return "", ""
}
