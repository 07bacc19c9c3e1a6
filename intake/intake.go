// Package intake turns lists that offices keep as spreadsheets into
// configuration, and configuration back into such lists.
//
// A list is known by its head: units, sites, columns or accounts, whatever its
// columns are called and wherever its head stands. What a cell says wrong is a
// [Mistake] with the cell's place and what to do about it, never a guess: a code
// that a spreadsheet program may have damaged is refused.
//
// A [Plan] is what a list would change. It holds whole files, which say what a
// person would have written: new entries behind the others, changed keys on their
// lines, comments where they were. All are parsed as configuration before one is
// replaced, and what they say is compared with the list again.
//
// What a list does not name stays. Nothing is deleted unless that is asked for,
// and an account never: it is 永久下线.
package intake

import "xuncha/inventory"

// Kind is what a list is of.
type Kind string

// The kinds, in the order in which they are taken in: each names those before.
const (
	Units    Kind = "units"
	Sites    Kind = "sites"
	Columns  Kind = "columns"
	Accounts Kind = "accounts"
)

// Kinds returns all kinds in order.
func Kinds() []Kind { return []Kind{Units, Sites, Columns, Accounts} }

// Word is the kind in a language, "zh" or "en".
func (k Kind) Word(lang string) string {
	if lang == "zh" {
		return map[Kind]string{Units: "单位", Sites: "网站", Columns: "栏目", Accounts: "账号"}[k]
	}
	return string(k)
}

// What a change does.
type What string

// The changes.
const (
	Added   What = "新增"
	Changed What = "变更"
	Missing What = "减少" // in the configuration and not in the list
)

// A Change is one entry that a list changes.
type Change struct {
	Kind Kind   `json:"kind"`
	What What   `json:"what"`
	ID   string `json:"id"`
	Name string `json:"name"`

	// File, Sheet and Row are where the list says it; "" and 0 for what it lacks.
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet,omitempty"`
	Row   int    `json:"row,omitempty"`

	Fields []FieldChange `json:"fields,omitempty"`

	// Done says that something is done about what the list lacks: "removed", or
	// "永久下线" for an account; "" where it stays as it is.
	Done string `json:"done,omitempty"`
}

// A FieldChange is one key of an entry.
type FieldChange struct {
	Key  string `json:"key"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Options say how a list is taken in.
type Options struct {
	Kind     Kind   // "" to find out by the head
	Sheet    string // only the sheet of that name; "" for all
	LeaveOut bool   // write although rows are wrong, without them
	Remove   bool   // take away what the list lacks
	NewUnits bool   // add units that are named and not known
	Classes  inventory.Dictionary

	// Today is the day on which accounts that the list lacks went offline,
	// 2006-01-02.
	Today string
}

// A Plan is what lists would change.
type Plan struct {
	Mistakes []Mistake    `json:"mistakes"`
	Hints    []Mistake    `json:"hints"`
	Changes  []Change     `json:"changes"`
	Rows     map[Kind]int `json:"rows"` // read
	Same     int          `json:"same"` // entries that change nothing
	LeftOut  int          `json:"left_out"`

	// Files are the files that would be written, and Gone those that would be
	// taken away.
	Files []inventory.File `json:"-"`
	Gone  []string         `json:"-"`

	// City is the configuration that would be in force.
	City *inventory.City `json:"-"`
}

// Count returns how many changes of a kind do a thing.
func (p *Plan) Count(k Kind, w What) int {
	n := 0
	for _, c := range p.Changes {
		if c.Kind == k && c.What == w {
			n++
		}
	}
	return n
}

// levels stands between the levels of a column's path.
const levels = "--"

// The places of what is written.
const (
	unitsFile    = "units.yaml"
	accountsFile = "accounts.yaml"
	sitesDir     = "sites/"
	yamlExt      = ".yaml"
)
