package inventory

import (
	"strings"
	"time"
)

// A writer writes one entry as a person would write it: a key a line, in the
// order in which the manual shows them, and nothing that holds anyway.
type writer struct {
	b      strings.Builder
	lead   string // stands before the next key: "- ", then spaces
	indent string
}

// newWriter begins an entry of a list, its dash behind the indentation.
func newWriter(indent string) *writer { return &writer{lead: indent + "- ", indent: indent + "  "} }

// raw writes a key whose value is YAML already; "" leaves it out.
func (w *writer) raw(key, value string) {
	if value == "" {
		return
	}
	w.b.WriteString(w.lead + key + ": " + value + "\n")
	w.lead = w.indent
}

// text writes a key with a text.
func (w *writer) text(key, value string) {
	if value != "" {
		w.raw(key, YAMLText(value))
	}
}

// texts writes a key with a list of texts on its line; one alone stands bare
// where the key allows it.
func (w *writer) texts(key string, values []string, oneBare bool) {
	switch {
	case len(values) == 0:
	case len(values) == 1 && oneBare:
		w.text(key, values[0])
	default:
		w.raw(key, flowOf(values))
	}
}

// flowOf writes texts as a list on one line.
func flowOf[T ~string](values []T) string {
	written := make([]string, len(values))
	for i, v := range values {
		written[i] = YAMLText(string(v))
	}
	return "[" + strings.Join(written, ", ") + "]"
}

// truth writes a key that says true; false is what holds anyway.
func (w *writer) truth(key string, value bool) {
	if value {
		w.raw(key, "true")
	}
}

// day writes a key with a day.
func (w *writer) day(key string, day time.Time) {
	if !day.IsZero() {
		w.raw(key, day.Format(time.DateOnly))
	}
}

// UnitYAML writes a unit as an entry of units.yaml.
func UnitYAML(u Unit) string {
	w := newWriter("")
	w.text("id", u.ID)
	w.text("name", u.Name)
	if u.FullName != u.Name {
		w.text("full_name", u.FullName)
	}
	w.texts("aliases", u.Aliases, false)
	w.text("superior", u.Superior)
	w.text("district", u.District)
	w.text("level", string(u.Level))
	w.day("from", u.From)
	w.day("to", u.To)
	return w.b.String()
}

// AccountYAML writes an account as an entry of accounts.yaml. Of its sources,
// only what its own file says of them is written.
func AccountYAML(a Account) string {
	w := newWriter("")
	w.text("code", a.Code)
	w.text("platform", string(a.Platform))
	w.text("name", a.Name)
	w.text("unit", a.Unit)
	w.text("supervisor", a.Supervisor)
	w.text("owner", a.Owner)
	w.text("uid", a.UID)
	w.text("album", a.Album)
	w.states(a.States)
	w.text("home", a.Home)
	w.text("feed", a.Feed)
	w.truth("feed_whole", a.FeedWhole)
	if len(a.Kinds) > 0 {
		w.raw("sources", flowOf(a.Kinds))
	}
	return w.b.String()
}

// states writes the registered states: one as state and since, several below
// each other.
func (w *writer) states(all []AccountSpell) {
	switch {
	case len(all) == 0:
	case len(all) == 1:
		if s := all[0]; s.State != StateNormal || !s.From.IsZero() {
			w.text("state", string(s.State))
			w.day("since", s.From)
		}
	default:
		var b strings.Builder
		for _, s := range all {
			b.WriteString("\n" + w.indent + "  - {state: " + YAMLText(string(s.State)))
			if !s.From.IsZero() {
				b.WriteString(", from: " + s.From.Format(time.DateOnly))
			}
			b.WriteString("}")
		}
		w.b.WriteString(w.lead + "states:" + b.String() + "\n")
		w.lead = w.indent
	}
}

// ColumnYAML writes a column as an entry below columns of its carrier's file.
// Every field is written as it stands in the value: Unit "" is the site's own,
// CountsTo "" the site, URLs may be relative, and Recipe is what the column says
// itself. An ID that its address makes anyway is left out.
func ColumnYAML(c Column) string {
	w := newWriter("  ")
	w.text("unit", c.Unit)
	w.text("name", c.Name)
	w.text("class", string(c.Class))
	w.texts("url", c.URLs, true)
	if _, local, _ := strings.Cut(c.ID, "/"); len(c.URLs) == 0 || local != localID(c.URLs[0]) {
		w.text("id", local)
	}
	w.truth("on_demand", c.OnDemand)
	w.text("counts_to", c.CountsTo)
	if len(c.URLs) == 0 {
		w.raw(confirmedKey, "false")
	}
	w.b.WriteString(RecipeYAML(c.Recipe, w.indent))
	return w.b.String()
}

// CarrierYAML writes a carrier's file without sections; its columns are written
// as by [ColumnYAML].
func CarrierYAML(c Carrier) string {
	w := &writer{}
	if c.Kind != Site {
		w.text("kind", string(c.Kind))
	}
	w.text("unit", c.Unit)
	w.text("name", c.Name)
	w.text("code", c.Code)
	w.text("home", c.Home)
	if c.Home == "" {
		w.raw(confirmedKey, "false")
	}
	w.truth("portal", c.Portal)
	w.texts("hosts", c.Hosts, false)
	w.text("cms", c.CMS)
	w.truth("navigation", c.Navigation)
	w.text("robots_override", c.RobotsOverride)
	for i, col := range c.Columns {
		if i == 0 {
			w.b.WriteString("columns:\n")
		}
		w.b.WriteString(ColumnYAML(col))
	}
	return w.b.String()
}

// SubmissionYAML writes a submission as an entry of submissions.yaml.
func SubmissionYAML(s Submission) string {
	w := newWriter("")
	w.text("account", s.Account)
	w.text("by", s.By)
	w.day("date", s.Date)
	switch {
	case s.Export != "":
		w.text("export", s.Export)
	case s.Link != "":
		w.text("link", s.Link)
	case s.Works != nil && *s.Works:
		w.raw("works", "true")
	case s.Works != nil:
		w.raw("works", "false")
	default:
		w.day("posted", s.Posted)
	}
	w.text("screenshot", s.Picture)
	if s.CheckedBy != "" {
		w.raw("checked", "{by: "+YAMLText(s.CheckedBy)+", date: "+s.CheckedOn.Format(time.DateOnly)+"}")
	}
	return w.b.String()
}
