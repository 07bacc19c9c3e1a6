package inventory

import (
	"reflect"
	"strconv"
	"strings"
)

// A field is one key of a form.
type field struct {
	key         string
	index       []int // for reflect.Value.FieldByIndex
	typ         reflect.Type
	doc         string
	required    bool
	mayBeLeft   bool // out of a mapping that says confirmed: false
	like        pattern
	least, most int // of a number; both 0 for any
}

// confirmedKey may stand in any mapping.
const confirmedKey = "confirmed"

// fieldsOf returns the keys of a form in the order in which they are declared.
func fieldsOf(t reflect.Type) []field {
	var own, lent []field
	for sf := range t.Fields() {
		if sf.Anonymous {
			for _, f := range fieldsOf(sf.Type) {
				f.index = append([]int{sf.Index[0]}, f.index...)
				lent = append(lent, f)
			}
			continue
		}
		own = append(own, fieldOf(sf))
	}
	for _, f := range lent {
		if fieldNamed(own, f.key) == nil {
			own = append(own, f)
		}
	}
	return own
}

// fieldOf reads the tags of one field.
func fieldOf(sf reflect.StructField) field {
	key, _, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
	need := sf.Tag.Get("need")
	f := field{key: key, index: sf.Index, typ: sf.Type, doc: sf.Tag.Get("doc"), required: need != "", mayBeLeft: need == confirmedKey}
	f.like, _ = patternOf(sf.Tag.Get("like"))
	least, most, _ := strings.Cut(sf.Tag.Get("range"), " ")
	f.least, _ = strconv.Atoi(least) // absent is 0
	f.most, _ = strconv.Atoi(most)
	return f
}

// fieldNamed returns the field with a key, or nil.
func fieldNamed(fields []field, key string) *field {
	for i := range fields {
		if fields[i].key == key {
			return &fields[i]
		}
	}
	return nil
}

// keysOf returns the keys of fields.
func keysOf(fields []field) []string {
	keys := make([]string, len(fields), len(fields)+1)
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}
