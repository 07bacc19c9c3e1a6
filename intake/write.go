package intake

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/inventory"
)

// differences are the keys of an entry that the configuration has other values
// for.
func (t *taking) differences(e *entry) []FieldChange {
	if e.old == "" {
		return nil
	}
	have := t.values(e.kind, e.old)
	var out []FieldChange
	for _, key := range keyOrder[e.kind] {
		want, said := e.keys[key]
		if !said || key == "confirmed" || key == "code" && e.kind == Accounts {
			continue
		}
		if key == "since" && e.keys["state"] == "" || same(key, have[key], want) {
			continue
		}
		out = append(out, FieldChange{Key: key, From: have[key], To: want})
	}
	return out
}

// same compares values of a key. Of names, width and blanks do not count.
func same(key, have, want string) bool {
	switch key {
	case "name", "full_name", "owner":
		return compact(have) == compact(want)
	case "hosts", "aliases":
		a, b := strings.Split(have, ", "), strings.Split(want, ", ")
		slices.Sort(a)
		slices.Sort(b)
		return slices.Equal(a, b)
	}
	return have == want
}

// values are what the configuration says of an entry, by key.
func (t *taking) values(k Kind, id string) map[string]string {
	switch k {
	case Units:
		u, _ := t.city.Unit(id)
		return unitValues(u)
	case Sites:
		c, _ := t.city.Carrier(id)
		return siteValues(c)
	case Columns:
		carrier, _, _ := strings.Cut(id, "/")
		c, _ := t.city.Carrier(carrier)
		for _, col := range c.Columns {
			if col.ID == id {
				return columnValues(col)
			}
		}
	case Accounts:
		for _, a := range t.city.Accounts {
			if a.Code == id {
				return accountValues(a)
			}
		}
	}
	return map[string]string{}
}

func unitValues(u inventory.Unit) map[string]string {
	v := map[string]string{
		"id": u.ID, "name": u.Name, "full_name": u.FullName, "aliases": strings.Join(u.Aliases, ", "), "superior": u.Superior,
		"district": u.District, "level": string(u.Level),
	}
	if !u.From.IsZero() {
		v["from"] = u.From.Format("2006-01-02")
	}
	if !u.To.IsZero() {
		v["to"] = u.To.Format("2006-01-02")
	}
	return v
}

func siteValues(c inventory.Carrier) map[string]string {
	return map[string]string{
		"kind": string(c.Kind), "unit": c.Unit, "name": c.Name, "code": c.Code, "home": c.Home, "portal": fmt.Sprint(c.Portal),
		"hosts": strings.Join(c.Hosts, ", "), "cms": c.CMS,
	}
}

func columnValues(c inventory.Column) map[string]string {
	counts := c.CountsTo
	if counts == "" {
		counts = "none"
	}
	return map[string]string{
		"unit": c.Unit, "name": c.Name, "class": string(c.Class), "url": strings.Join(c.URLs, "\n"),
		"on_demand": fmt.Sprint(c.OnDemand), "counts_to": counts,
	}
}

func accountValues(a inventory.Account) map[string]string {
	state, since := lastState(a)
	return map[string]string{
		"code": a.Code, "platform": string(a.Platform), "name": a.Name, "unit": a.Unit, "supervisor": a.Supervisor, "owner": a.Owner,
		"uid": a.UID, "album": a.Album, "state": string(state), "since": since, "home": a.Home, "feed": a.Feed,
	}
}

// A writer makes the changes of one kind in the files.
type writer struct {
	t     *taking
	kind  Kind
	texts map[string]*text           // files that are edited
	fresh map[string]*inventory.File // files that are new
	gone  map[string]int             // entries taken out of a list, by file
	drop  []string                   // files that are taken away
}

// text opens a file for edits; one that is not there is begun.
func (w *writer) text(name string) (*text, error) {
	if t, ok := w.texts[name]; ok {
		return t, nil
	}
	f := inventory.File{Name: name}
	if i := slices.IndexFunc(w.t.files, func(f inventory.File) bool { return f.Name == name }); i >= 0 {
		f = w.t.files[i]
	}
	key := ""
	if w.kind == Columns {
		key = "columns"
	}
	t := &text{name: name, eol: "\n"}
	if len(f.Data) > 0 {
		var err error
		if t, err = readText(f, key, w.kind == Sites); err != nil {
			return nil, err
		}
	}
	w.texts[name] = t
	return t, nil
}

// fileOf is the file that holds an entry.
func (w *writer) fileOf(id string) string {
	switch w.kind {
	case Units:
		return unitsFile
	case Accounts:
		return accountsFile
	case Columns:
		id, _, _ = strings.Cut(id, "/")
	}
	return sitesDir + id + yamlExt
}

// place is the index of an entry in its list: files are read in order.
func (w *writer) place(id string) int {
	city := w.t.city
	switch w.kind {
	case Units:
		return slices.IndexFunc(city.Units, func(u inventory.Unit) bool { return u.ID == id })
	case Accounts:
		return slices.IndexFunc(city.Accounts, func(a inventory.Account) bool { return a.Code == id })
	case Columns:
		carrier, _, _ := strings.Cut(id, "/")
		c, _ := city.Carrier(carrier)
		return slices.IndexFunc(c.Columns, func(c inventory.Column) bool { return c.ID == id })
	}
	return 0
}

// add writes a new entry behind the others, or a new file.
func (w *writer) add(e *entry) error {
	var keys []written
	put := func(key, value string) {
		if value != "" {
			keys = append(keys, written{key, value})
		}
	}
	if w.kind == Units {
		put("id", e.id)
	}
	for _, key := range keyOrder[w.kind] {
		if value, said := e.keys[key]; said && !w.implied(e, key, value) {
			put(key, w.yaml(e, key, value))
		}
		if _, local, _ := strings.Cut(e.id, "/"); w.kind == Columns && key == "url" && local != inventory.LocalID(strings.Split(e.keys["url"], "\n")[0]) {
			put("id", inventory.YAMLText(local))
		}
	}
	name := w.fileOf(e.id)
	if w.kind == Sites {
		var b strings.Builder
		for _, k := range keys {
			b.WriteString(k.key + ": " + k.value + "\n")
		}
		w.fresh[name] = &inventory.File{Name: name, Data: []byte(b.String())}
		return nil
	}
	t, err := w.text(name)
	if err != nil {
		return err
	}
	t.add(keys)
	return nil
}

// implied reports whether a new entry need not say a key.
func (w *writer) implied(e *entry, key, value string) bool {
	switch key {
	case "full_name":
		return value == e.keys["name"]
	case "unit":
		if w.kind == Columns {
			c, _ := w.t.city.Carrier(e.carrier)
			return c.Kind == inventory.Site && c.Unit == value
		}
	case "counts_to":
		c, _ := w.t.city.Carrier(e.carrier)
		return value == e.carrier || c.Kind != inventory.Site && value == "none"
	case "kind":
		return value == string(inventory.Site)
	case "state":
		return value == string(inventory.StateNormal) && e.keys["since"] == ""
	}
	return false
}

// yaml writes the value of a key.
func (w *writer) yaml(e *entry, key, value string) string {
	switch key {
	case "portal", "on_demand":
		if value == "false" {
			return ""
		}
		return value
	case "kind":
		if value == string(inventory.Site) {
			return ""
		}
	case "from", "to", "since", "confirmed":
		return value
	case "code":
		if w.kind == Accounts {
			return value
		}
	case "hosts", "aliases":
		return flow(strings.Split(value, ", "))
	case "url":
		c, _ := w.t.city.Carrier(e.carrier)
		all := strings.Split(value, "\n")
		for i, u := range all {
			all[i] = relative(c.Home, u)
		}
		if len(all) > 1 {
			return flow(all)
		}
		return inventory.YAMLText(all[0])
	}
	return inventory.YAMLText(value)
}

// flow writes texts as a list on one line.
func flow(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = inventory.YAMLText(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// change gives keys of an entry other values, line by line.
func (w *writer) change(e *entry, fields []FieldChange) error {
	t, err := w.text(w.fileOf(e.old))
	if err != nil {
		return err
	}
	i := w.place(e.old)
	if i < 0 || i >= len(t.entries) {
		return fmt.Errorf("%s: %s is not where it was read", t.name, e.old)
	}
	order := keyOrder[w.kind]
	for _, f := range fields {
		switch {
		case f.Key == "state" || f.Key == "since":
			w.state(t, i, e.keys["state"], e.keys["since"])
		case f.Key == "url" && t.entries[i].index("id") < 0:
			_, local, _ := strings.Cut(e.old, "/")
			t.set(i, "url", w.yaml(e, "url", f.To), order)
			if local != inventory.LocalID(strings.Split(f.To, "\n")[0]) { // the column keeps its ID: history hangs on it
				t.set(i, "id", inventory.YAMLText(local), order)
			}
		default:
			t.set(i, f.Key, w.yaml(e, f.Key, f.To), order)
		}
	}
	return nil
}

// state gives an account a registered state. Where its states are a list, the new
// one goes behind them.
func (w *writer) state(t *text, i int, state, since string) {
	item := "{state: " + inventory.YAMLText(state)
	day := since
	if day == "" {
		day = w.t.opts.Today
	}
	if day != "" {
		item += ", from: " + day
	}
	e := t.entries[i]
	if slices.ContainsFunc(t.edits, func(s splice) bool {
		return s.from >= e.from && s.to <= e.to && strings.Contains(strings.Join(s.lines, ""), "state: ")
	}) {
		return // both of its keys are written at once
	}
	if t.addBelow(i, "states", item+"}") {
		return
	}
	order := keyOrder[Accounts]
	t.set(i, "state", inventory.YAMLText(state), order)
	if since != "" || t.entries[i].index("since") >= 0 {
		t.set(i, "since", since, order)
	}
}

// remove takes an entry away. An account stays and is 永久下线.
func (w *writer) remove(l lack) error {
	name := w.fileOf(l.id)
	if w.kind == Sites {
		w.drop = append(w.drop, name)
		return nil
	}
	t, err := w.text(name)
	if err != nil {
		return err
	}
	i := w.place(l.id)
	if i < 0 || i >= len(t.entries) {
		return fmt.Errorf("%s: %s is not where it was read", t.name, l.id)
	}
	if w.kind == Accounts {
		w.state(t, i, string(inventory.StateOffline), w.t.opts.Today)
		return nil
	}
	if w.gone == nil {
		w.gone = map[string]int{}
	}
	w.gone[name]++
	t.remove(i)
	return nil
}

// emptied takes the key of a list away that has lost every entry: columns: alone
// says nothing.
func (w *writer) emptied(t *text) {
	added := slices.ContainsFunc(t.edits, func(s splice) bool { return s.last })
	if w.kind != Columns || added || len(t.entries) == 0 || w.gone[t.name] < len(t.entries) {
		return
	}
	for at := t.entries[0].from - 1; at >= 0; at-- {
		if strings.HasPrefix(strings.TrimPrefix(t.lines[at], "\ufeff"), "columns") {
			t.edits = append(t.edits, splice{from: at, to: at + 1})
			return
		}
	}
}

// files returns all files with the changes made.
func (w *writer) files(before []inventory.File) []inventory.File {
	var out []inventory.File
	for _, f := range before {
		if slices.Contains(w.drop, f.Name) {
			continue
		}
		if t, ok := w.texts[f.Name]; ok {
			w.emptied(t)
			f = t.file()
			delete(w.texts, f.Name)
		}
		if t, ok := w.fresh[f.Name]; ok {
			f = *t
			delete(w.fresh, f.Name)
		}
		out = append(out, f)
	}
	for _, t := range w.texts {
		out = append(out, t.file())
	}
	for _, f := range w.fresh {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b inventory.File) int { return strings.Compare(a.Name, b.Name) })
	return out
}
