// Package report turns a judgement into documents: the check in JSON, CSV and
// as a terminal table, the proof of one subject, and the draft of a quarterly
// notice with its attachments.
//
// Nothing is judged here. Every number and every accusation is taken from a
// [xuncha/rules.Result]; what could not be read is shown as 未能监测 with its
// reason, apart from what is wrong, and never as a fault of the unit. What a
// machine found is 初判 and says so; what was made from invented pages bears
// [SimulatedMark].
//
// A platform that turned most of its accounts away is one cause and is told once,
// with since when, in place of a line for each account. Where a guest is not shown
// enough, what is printed says how to supply the rest.
//
// The same judgement gives the same bytes: there is no clock here, and lists
// stand in the order of the inventory. Text from outside pages is data: it
// cannot move a terminal's cursor, start a formula in a spreadsheet or break out
// of a Markdown cell. [WriteFiles] replaces all files or none.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"xuncha/extract"
)

// SimulatedMark is borne by everything that was made from a simulated city.
const SimulatedMark = "「模拟数据，非正式通报」"

// WriteJSON writes v as the program writes all its JSON: two spaces of
// indentation, no HTML escapes, a newline at the end.
func WriteJSON(w io.Writer, v any) error {
	data, err := encodeJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return b.Bytes(), nil
}

// A Null is a text that JSON shows as null where there is none.
type Null string

// MarshalJSON writes null for the empty text.
func (n Null) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(string(n))
	return bytes.TrimSpace(b.Bytes()), err
}

// moment prints t as RFC 3339 in Beijing, "" for the zero time.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(extract.Beijing).Format(time.RFC3339)
}

// day prints the Beijing day of t, "" for the zero time.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(extract.Beijing).Format(time.DateOnly)
}

// list returns s, or an empty list for nil: JSON shows [] and not null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
