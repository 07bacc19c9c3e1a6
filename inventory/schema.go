package inventory

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"slices"
	"time"
)

// SchemaDialect is the dialect of the schema.
const SchemaDialect = "https://json-schema.org/draft/2020-12/schema"

// Schema returns the JSON Schema of the configuration files, made from the same
// forms as the strict decoder. Each kind of file has a definition: city, units,
// site, cms, accounts, submissions, platform, classes, register and sample; an editor refers to
// "#/$defs/site".
func Schema() ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"$schema": SchemaDialect,
		"title":   "Xuncha 巡查",
		"$defs": map[string]any{
			"city":     schemaOf(reflect.TypeFor[cityForm](), field{}),
			"units":    schemaOf(reflect.TypeFor[[]unitForm](), field{}),
			"site":     schemaOf(reflect.TypeFor[siteForm](), field{}),
			"cms":      schemaOf(reflect.TypeFor[profileForm](), field{}),
			"accounts": schemaOf(reflect.TypeFor[[]accountForm](), field{}),
			"classes":  schemaOf(reflect.TypeFor[[]classForm](), field{}),
			"register": schemaOf(reflect.TypeFor[[]entryForm](), field{}),
			"sample":   schemaOf(reflect.TypeFor[sampleForm](), field{}),

			"submissions": schemaOf(reflect.TypeFor[[]submissionForm](), field{}),
			"platform":    schemaOf(reflect.TypeFor[platformForm](), field{}),
		},
	}, "", "  ")
}

// schemaOf describes one type of the forms as a field's value.
func schemaOf(t reflect.Type, f field) map[string]any {
	s := map[string]any{}
	switch {
	case isScalar(t):
		s = scalarSchema(t, f)
	case t.Kind() == reflect.Struct:
		s = formSchema(t)
	case t.Kind() == reflect.Map:
		s = tableSchema(t)
	case t == reflect.TypeFor[texts]():
		one := map[string]any{"type": "string", "minLength": 1}
		s["anyOf"] = []any{one, map[string]any{"type": "array", "items": one, "minItems": 1}}
	default:
		s["type"], s["items"] = "array", schemaOf(t.Elem(), field{})
	}
	if f.doc != "" {
		s["description"] = f.doc
	}
	return s
}

// tableSchema describes a mapping whose keys are words of a closed list.
func tableSchema(t reflect.Type) map[string]any {
	properties := map[string]any{confirmedKey: confirmedSchema()}
	for _, key := range choices(t.Key()) {
		properties[key] = schemaOf(t.Elem().Elem(), field{})
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// confirmedSchema describes the key that any mapping may hold.
func confirmedSchema() map[string]any {
	return map[string]any{"type": "boolean", "description": "false: nobody could confirm it"}
}

// scalarSchema describes a single value.
func scalarSchema(t reflect.Type, f field) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	case t == reflect.TypeFor[time.Duration]():
		return map[string]any{"type": "string", "pattern": durationShape}
	case t == reflect.TypeFor[netip.Prefix]():
		return map[string]any{"type": "string", "pattern": `^[0-9a-fA-F:.]+/\d{1,3}$`}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer", "minimum": f.least, "maximum": f.most}
	}
	s := map[string]any{"type": "string", "minLength": 1}
	if known := choices(t); known != nil {
		s["enum"] = known
	}
	if f.like.re != "" {
		s["pattern"] = f.like.re
	}
	return s
}

// formSchema describes a mapping. Keys that may be left out of what nobody
// could confirm are required unless the mapping says confirmed: false.
func formSchema(t reflect.Type) map[string]any {
	properties := map[string]any{confirmedKey: confirmedSchema()}
	var required, unlessLoose []string
	for _, f := range fieldsOf(t) {
		properties[f.key] = schemaOf(f.typ, f)
		switch {
		case f.required && f.mayBeLeft:
			unlessLoose = append(unlessLoose, f.key)
		case f.required:
			required = append(required, f.key)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		slices.Sort(required)
		s["required"] = required
	}
	if len(unlessLoose) > 0 {
		s["anyOf"] = []any{
			map[string]any{"required": unlessLoose},
			map[string]any{"required": []string{confirmedKey}, "properties": map[string]any{confirmedKey: map[string]any{"const": false}}},
		}
	}
	return s
}
