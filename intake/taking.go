package intake

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// An entry is one row as what it says of the configuration.
type entry struct {
	kind    Kind
	row     *row
	id      string
	old     string // ID of what it is in the configuration, "" for a new one
	name    string
	carrier string            // of a column
	keys    map[string]string // what the list says; see keyOrder
	closed  bool              // of a site that is gone
}

// set notes what the list says, if it says anything.
func (e *entry) set(key, value string) {
	if value != "" {
		e.keys[key] = value
	}
}

// keyOrder is the order in which the keys of entries are written; it is never
// written to.
var keyOrder = map[Kind][]string{
	Units:    {"id", "name", "full_name", "aliases", "superior", "district", "level", "from", "to", "confirmed"},
	Sites:    {"kind", "unit", "name", "code", "home", "portal", "hosts", "cms"},
	Columns:  {"unit", "name", "class", "url", "id", "on_demand", "counts_to", "confirmed"},
	Accounts: {"code", "platform", "name", "unit", "supervisor", "owner", "uid", "album", "state", "since", "states", "home", "feed"},
}

// A taking is one run over lists.
type taking struct {
	opts  Options
	plan  *Plan
	sink  sink
	files []inventory.File
	city  *inventory.City

	names    *unitNames
	sites    *siteNames
	stems    map[string]string // name of a unit → ID that its site makes for it
	systems  map[string]string // id and name of CMS profiles → id
	letters  map[string]inventory.Platform
	profiles map[inventory.Platform]inventory.PlatformProfile
	nears    map[string]string
	implicit bool
	made     []*entry // units that were named and not known

	seenLetters                 map[string]bool
	unitIDs, siteIDs, columnIDs map[string]bool
}

// Make reads lists against a configuration, whose files are those of its folder
// and the shared ones, as [inventory.ReadFiles] returns them. It writes nothing.
// An error is one of the configuration itself.
func Make(files []inventory.File, books []*sheet.Book, opts Options) (*Plan, error) {
	city, err := inventory.Parse(files)
	if err != nil {
		return nil, err
	}
	t := &taking{opts: opts, plan: &Plan{Rows: map[Kind]int{}}, files: slices.Clone(files), nears: map[string]string{}}
	tables := findTables(books, opts, &t.sink)
	lists := map[Kind][]*table{}
	for _, one := range tables {
		lists[one.kind] = append(lists[one.kind], one)
	}
	t.implicit = opts.NewUnits || len(city.Units) == 0 && len(lists[Units]) == 0
	if err := t.learn(city); err != nil {
		return nil, err
	}
	t.scanStems(lists[Sites])
	for _, k := range Kinds() {
		if len(lists[k]) == 0 {
			continue
		}
		read := map[Kind]func([]*table) []*entry{Units: t.readUnits, Sites: t.readSites, Columns: t.readColumns, Accounts: t.readAccounts}[k]
		if err := t.take(k, read(lists[k])); err != nil {
			return nil, err
		}
	}
	return t.done(files), nil
}

// learn takes over a configuration.
func (t *taking) learn(city *inventory.City) error {
	t.city, t.names = city, newUnitNames(city)
	t.sites = newSiteNames(city, t.names)
	t.unitIDs, t.siteIDs, t.columnIDs = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, u := range city.Units {
		t.unitIDs[u.ID] = true
	}
	for _, c := range city.Carriers {
		t.siteIDs[c.ID] = true
		for _, col := range c.Columns {
			t.columnIDs[col.ID] = true
		}
	}
	t.letters, t.seenLetters = map[string]inventory.Platform{}, map[string]bool{"XL": true, "DY": true, "XG": true}
	for letters, p := range platformLetters {
		t.letters[letters] = p
	}
	t.profiles = map[inventory.Platform]inventory.PlatformProfile{}
	for _, p := range city.Platforms {
		t.profiles[p.ID] = p
		for _, letters := range p.Letters {
			t.letters[letters] = p.ID
		}
		for _, letters := range p.Seen {
			t.letters[letters], t.seenLetters[letters] = p.ID, true
		}
	}
	profiles, err := inventory.Profiles(t.files)
	if err != nil {
		return err
	}
	t.systems = map[string]string{}
	for _, p := range profiles {
		t.systems[strings.ToLower(p.ID)] = p.ID
		if name := strings.ToLower(compact(p.Name)); t.systems[name] == "" {
			t.systems[name] = p.ID
		}
	}
	return nil
}

// scanStems notes which site each unit runs, so that a new unit can be called by
// it.
func (t *taking) scanStems(tables []*table) {
	t.stems = map[string]string{}
	note := func(name, id string) {
		for _, v := range append([]string{compact(name)}, t.names.variants(compact(name))...) {
			if _, taken := t.stems[v]; !taken && v != "" && id != "" {
				t.stems[v] = id
			}
		}
	}
	for _, c := range t.city.Carriers {
		if u, ok := t.city.Unit(c.Unit); ok && c.Kind == inventory.Site {
			note(u.Name, c.ID)
		}
	}
	for _, one := range tables {
		unit, ok := one.cols[fUnit]
		home, there := one.cols[fHome]
		if !ok || !there {
			continue
		}
		id, given := one.cols[fID]
		for _, r := range one.rows {
			address := narrow(strings.TrimSpace(r.At(home).Text))
			if !strings.Contains(address, "://") {
				address = "http://" + address
			}
			stem := hostStem(address)
			if own := compact(r.At(id).Text); given && idForm.MatchString(own) {
				stem = own
			}
			if of, ok := siteTypeOf(one, r); ok && of != "portal" && of != "site" {
				continue // who runs a platform is not called by it
			}
			note(r.At(unit).Text, stem)
		}
	}
}

// siteTypeOf is the type that a row of a list of sites states.
func siteTypeOf(t *table, r sheet.Row) (string, bool) {
	col, ok := t.cols[fType]
	if !ok {
		return "", false
	}
	return lookup(siteTypes, r.At(col).Text)
}

// rows goes through the rows of tables. A row of which only one cell is filled is
// a mistake, unless that cell is a heading over the others; so is a row that says
// the same as one before.
func (t *taking) rows(tables []*table) iter.Seq[*row] {
	return func(yield func(*row) bool) {
		seen := map[string]int{}
		for _, one := range tables {
			for i := range one.rows {
				r := &row{t: one, r: one.rows[i], sink: &t.sink}
				if !t.worthReading(r, seen) {
					continue
				}
				t.plan.Rows[one.kind]++
				if !yield(r) {
					return
				}
			}
		}
	}
}

// worthReading reports whether a row holds an entry.
func (t *taking) worthReading(r *row, seen map[string]int) bool {
	var filled []string
	last, over, merged := field(""), "", false
	var b strings.Builder
	for _, h := range heads[r.t.kind] {
		col, ok := r.t.cols[h.field]
		if !ok {
			continue
		}
		c := r.r.At(col)
		text := compact(c.Text)
		b.WriteString(text + "\x00")
		switch {
		case text == "":
		case c.Merged:
			merged = merged || text == over
		default:
			filled, last, over = append(filled, text), h.field, text
		}
	}
	if len(filled) == 1 && r.t.kind != Units {
		merged = slices.ContainsFunc(r.r.Cells, func(c sheet.Cell) bool { return c.Merged && compact(c.Text) == filled[0] })
		if !merged {
			t.plan.Rows[r.t.kind]++
			r.mistake("row.unfinished", last, filled[0])
		}
		return false
	}
	key := b.String()
	if first, twice := seen[key]; twice {
		t.plan.Rows[r.t.kind]++
		r.mistake("row.twice", "", "", itoa(first))
		return false
	}
	seen[key] = r.r.Number
	return true
}

// take compares the entries of a kind with the configuration and writes what is
// right into the files.
func (t *taking) take(k Kind, all []*entry) error {
	matched := map[string]bool{}
	var good []*entry
	for _, e := range all {
		if e.old != "" && !e.closed {
			matched[e.old] = true
		}
		if !e.row.wrong && !e.closed {
			good = append(good, e)
		}
	}
	if made := t.needed(good); len(made) > 0 && k != Units {
		if err := t.apply(Units, made, nil); err != nil {
			return err
		}
	}
	return t.apply(k, good, t.missing(k, all, matched))
}

// needed are the units that entries name and that are new.
func (t *taking) needed(good []*entry) []*entry {
	named := map[string]bool{}
	for _, e := range good {
		named[e.keys["unit"]], named[e.keys["supervisor"]] = true, true
	}
	made := slices.DeleteFunc(t.made, func(e *entry) bool { return !named[e.id] })
	t.made = nil
	return made
}

// A lack is something of the configuration that lists do not name.
type lack struct{ id, name, carrier string }

// missing finds what the configuration has and the lists do not. Of columns,
// only those of carriers that the lists name.
func (t *taking) missing(k Kind, all []*entry, matched map[string]bool) []lack {
	var out []lack
	note := func(id, name, carrier string) {
		if !matched[id] {
			out = append(out, lack{id, name, carrier})
		}
	}
	switch k {
	case Units:
		for _, u := range t.city.Units {
			note(u.ID, u.Name, "")
		}
	case Sites:
		platforms := slices.ContainsFunc(all, func(e *entry) bool { kind := e.keys["kind"]; return kind != "" && kind != string(inventory.Site) })
		for _, c := range t.city.Carriers {
			if c.Kind == inventory.Site || platforms {
				note(c.ID, c.Name, "")
			}
		}
	case Columns:
		named := map[string]bool{}
		for _, e := range all {
			named[e.carrier] = true
		}
		for _, c := range t.city.Carriers {
			for _, col := range c.Columns {
				if named[c.ID] {
					note(col.ID, col.Name, c.ID)
				}
			}
		}
	case Accounts:
		for _, a := range t.city.Accounts {
			state, _ := lastState(a)
			if state != inventory.StateOffline && state != inventory.StateCancelled {
				note(a.Code, a.Name, "")
			}
		}
	}
	return out
}

// lastState is an account's last registered state and its first day.
func lastState(a inventory.Account) (inventory.AccountState, string) {
	if len(a.States) == 0 {
		return inventory.StateNormal, ""
	}
	s := a.States[len(a.States)-1]
	if s.From.IsZero() {
		return s.State, ""
	}
	return s.State, s.From.Format("2006-01-02")
}

// apply notes the changes of a kind, makes them in the files, and reads the
// configuration again.
func (t *taking) apply(k Kind, good []*entry, lacks []lack) error {
	w := &writer{t: t, kind: k, texts: map[string]*text{}, fresh: map[string]*inventory.File{}}
	for _, e := range good {
		fields := t.differences(e)
		c := Change{Kind: k, ID: e.id, Name: e.name, File: e.row.t.file, Sheet: e.row.t.sheet, Row: e.row.r.Number, Fields: fields}
		var err error
		switch {
		case e.old == "":
			c.What = Added
			err = w.add(e)
		case len(fields) > 0:
			c.What = Changed
			err = w.change(e, fields)
		default:
			t.plan.Same++
			continue
		}
		if err != nil {
			t.refuse(err)
			continue
		}
		t.plan.Changes = append(t.plan.Changes, c)
	}
	for _, l := range lacks {
		c := Change{Kind: k, What: Missing, ID: l.id, Name: l.name}
		if t.opts.Remove {
			c.Done = "removed"
			if k == Accounts {
				c.Done = string(inventory.StateOffline)
			}
			if err := w.remove(l); err != nil {
				t.refuse(err)
				continue
			}
		}
		t.plan.Changes = append(t.plan.Changes, c)
	}
	files := w.files(t.files)
	city, err := inventory.Parse(files)
	if err != nil {
		t.refuse(err)
		return nil // the configuration as it was is what further lists are compared with
	}
	t.files = files
	if err := t.learn(city); err != nil {
		return err
	}
	return t.confirm(good)
}

// refuse notes that what would be written is no configuration.
func (t *taking) refuse(err error) {
	var problems inventory.Errors
	if !errors.As(err, &problems) {
		t.sink.mistakes = append(t.sink.mistakes, Mistake{Rule: "write.refused", File: "-", Value: err.Error()})
		return
	}
	for _, p := range problems {
		t.sink.mistakes = append(t.sink.mistakes, Mistake{Rule: "write.refused", File: p.File, Value: p.String()})
	}
}

// confirm checks that the configuration now says what the lists say.
func (t *taking) confirm(good []*entry) error {
	for _, e := range good {
		was := e.old
		e.old = e.id
		if left := t.differences(e); len(left) > 0 {
			return fmt.Errorf("%s %s: written as %q, and the list says %s: %q; please report this", e.kind, e.id, left[0].From, left[0].Key, left[0].To)
		}
		e.old = was
	}
	return nil
}

// done finishes the plan.
func (t *taking) done(before []inventory.File) *Plan {
	p := t.plan
	p.Mistakes, p.Hints, p.City = t.sink.mistakes, t.sink.hints, t.city
	wrong := map[string]bool{}
	for _, m := range p.Mistakes {
		if m.Row > 0 {
			wrong[fmt.Sprint(m.File, "\x00", m.Sheet, "\x00", m.Row)] = true
		}
	}
	p.LeftOut = len(wrong)
	if len(p.Mistakes) > 0 && (!t.opts.LeaveOut || slices.ContainsFunc(p.Mistakes, func(m Mistake) bool { return m.Row == 0 })) {
		return p
	}
	old := map[string][]byte{}
	for _, f := range before {
		old[f.Name] = f.Data
	}
	now := map[string]bool{}
	for _, f := range t.files {
		now[f.Name] = true
		if data, there := old[f.Name]; !there || !bytes.Equal(data, f.Data) {
			p.Files = append(p.Files, f)
		}
	}
	for _, f := range before {
		if !now[f.Name] {
			p.Gone = append(p.Gone, f.Name)
		}
	}
	return p
}
