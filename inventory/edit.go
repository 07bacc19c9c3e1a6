package inventory

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"xuncha/extract"
)

// RecipeYAML writes a recipe as the keys of a column, one a line, each behind
// the indentation.
func RecipeYAML(r extract.Recipe, indent string) string {
	var b strings.Builder
	for _, k := range recipeKeys(r) {
		if k.value != "" {
			b.WriteString(indent + k.key + ": " + YAMLText(k.value) + "\n")
		}
	}
	return b.String()
}

// A recipeKey is one key of a recipe as configuration writes it.
type recipeKey struct{ key, value string }

// recipeKeys lists every key of a recipe, those that are not set as well.
func recipeKeys(r extract.Recipe) []recipeKey {
	var keys []recipeKey
	v := reflect.ValueOf(r)
	for _, f := range fieldsOf(v.Type()) {
		keys = append(keys, recipeKey{f.key, v.FieldByIndex(f.index).String()})
	}
	return keys
}

// stays reports whether a column keeps a key that a new recipe does not name:
// how pages follow each other, and what an empty list says, is not seen on one
// page.
func stays(key string) bool { return slices.Contains([]string{"next", "last", "empty", "name"}, key) }

// Adopt returns what a column must say itself so that it is read by a recipe
// and by nothing of its CMS profile that the recipe leaves open. It is an error
// if the profile sets something that a column cannot take back.
func (c *City) Adopt(id string, r extract.Recipe) (extract.Recipe, error) {
	_, carrier, err := c.columnAt(id)
	if err != nil {
		return r, err
	}
	base, err := c.inherited(carrier)
	if err != nil {
		return r, err
	}
	kind := cmp.Or(r.Source, extract.SourceHTML)
	if kind != cmp.Or(base.Source, extract.SourceHTML) {
		r.Source = kind // another kind of document inherits nothing
		return r, nil
	}
	for _, f := range []struct{ own, from *string }{{&r.Title, &base.Title}, {&r.Link, &base.Link}} {
		if *f.own == "" && *f.from != "" {
			*f.own = "a" // as where nobody says it: the row's first link
		}
	}
	for _, f := range []struct{ own, from *string }{{&r.Next, &base.Next}, {&r.Last, &base.Last}, {&r.Empty, &base.Empty}} {
		if *f.own == *f.from {
			*f.own = "" // said by the profile already
		}
	}
	for i, k := range recipeKeys(r) {
		if from := recipeKeys(base)[i]; k.value == "" && from.value != "" && !stays(k.key) && k.key != "source" {
			return r, fmt.Errorf("the profile %s sets %s: %s, which the recipe leaves open: write it into the column by hand, or take cms out of sites/%s%s",
				carrier.CMS, k.key, from.value, carrier.ID, yamlExt)
		}
	}
	return r, nil
}

// Inherited returns the recipe that a column inherits from the profile of its
// carrier.
func (c *City) Inherited(id string) (extract.Recipe, error) {
	_, carrier, err := c.columnAt(id)
	if err != nil {
		return extract.Recipe{}, err
	}
	return c.inherited(carrier)
}

// inherited is the recipe that the columns of a carrier inherit.
func (c *City) inherited(carrier Carrier) (extract.Recipe, error) {
	profiles, err := Profiles(c.Files)
	if err != nil {
		return extract.Recipe{}, err
	}
	for _, p := range profiles {
		if p.ID == carrier.CMS {
			return p.List, nil
		}
	}
	return extract.Recipe{}, nil
}

// columnAt finds a column and its carrier.
func (c *City) columnAt(id string) (Column, Carrier, error) {
	for _, carrier := range c.Carriers {
		for _, col := range carrier.Columns {
			if col.ID == id {
				return col, carrier, nil
			}
		}
	}
	return Column{}, Carrier{}, fmt.Errorf("%s is no column: only a column's recipe can be written", id)
}

// SetRecipe returns a carrier's file, sites/ID.yaml, in which the column with an
// ID says the recipe and no other; keys about further pages stay. All else stays
// as it is: comments, order, line ends.
func SetRecipe(f File, id string, r extract.Recipe) (File, error) {
	lined := File{Name: f.Name, Data: bytes.ReplaceAll(f.Data, []byte("\r\n"), []byte("\n"))}
	pairs, err := columnPairs(lined, id)
	if err != nil {
		return File{}, err
	}
	e := newEdit(f.Data, pairs)
	for _, k := range recipeKeys(r) {
		switch at := e.find(k.key); {
		case k.key == "name": // the column's own
		case k.value == "" && at >= 0 && !stays(k.key):
			e.remove(at)
		case k.value != "" && at >= 0:
			e.replace(at, k.key, YAMLText(k.value))
		case k.value != "":
			e.insert(k.key, YAMLText(k.value))
		}
	}
	out := File{Name: f.Name, Data: e.bytes()}
	return out, confirmEdit(out, id, r)
}

// columnPairs finds the mapping of a column in its file.
func columnPairs(f File, id string) ([]*ast.MappingValueNode, error) {
	root, p := parseYAML(f)
	if p != nil {
		p.File = f.Name
		return nil, errors.New(p.String())
	}
	form, d := &siteForm{}, newDecoder(f.Name)
	d.decode(f, form)
	i := form.columnIndex(stem(f.Name), id)
	if i < 0 {
		return nil, fmt.Errorf("%s: no column %s", f.Name, id)
	}
	at := d.places[&form.Columns[i]]
	all, _ := pairsOf(root)
	for _, pair := range all {
		if seq, ok := pair.Value.(*ast.SequenceNode); ok && keyOf(pair) == "columns" {
			m, flow := seq.Values[i].(*ast.MappingNode)
			if flow && m.IsFlowStyle || seq.IsFlowStyle {
				return nil, fmt.Errorf("%s:%d:%d: the column stands in braces; write its keys below each other, then accept again", f.Name, at.line, at.column)
			}
			pairs, _ := pairsOf(seq.Values[i])
			return pairs, nil
		}
	}
	return nil, fmt.Errorf("%s: no column %s", f.Name, id)
}

// columnIndex finds a column by its ID, or -1.
func (form *siteForm) columnIndex(carrier, id string) int {
	home, _, _ := absolute(nil, form.Home)
	return slices.IndexFunc(form.Columns, func(c columnForm) bool {
		local := c.ID
		if local == "" && len(c.URL) > 0 {
			if u, message, _ := absolute(home, c.URL[0]); message == "" {
				local = LocalID(u.String())
			}
		}
		return carrier+"/"+local == id
	})
}

// confirmEdit checks that a file now says what was written.
func confirmEdit(f File, id string, want extract.Recipe) error {
	form, d := &siteForm{}, newDecoder(f.Name)
	d.decode(f, form)
	i := form.columnIndex(stem(f.Name), id)
	if len(d.problems) > 0 || i < 0 {
		return fmt.Errorf("%s: the recipe of %s cannot be written there; write it by hand:\n%s", f.Name, id, RecipeYAML(want, "    "))
	}
	got := recipeKeys(form.Columns[i].Recipe)
	for j, k := range recipeKeys(want) {
		if got[j].value != k.value && !stays(k.key) {
			return fmt.Errorf("%s: %s of %s cannot be written there; write it by hand:\n%s", f.Name, k.key, id, RecipeYAML(want, "    "))
		}
	}
	return nil
}
