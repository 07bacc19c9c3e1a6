package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

func kinds() []Kind {
	return []Kind{
		KindHome, KindColumn, KindBlank, KindCount, KindYear, KindSection, KindPosts, KindLabels, KindName, KindWorks,
		KindAlive, KindClosed, KindSingle, KindOriginal, KindOwner, KindAvatar, KindAccess, KindHand,
	}
}

// wants lists, by kind, the keys an indicator must have besides those all must
// have, and those it may have besides those all may have. What bears on a kind
// in no way is a mistake: it would be read as a restriction and be none.
func wants(k Kind) (must, may []string) {
	switch k {
	case KindHome:
		return []string{"window"}, nil
	case KindColumn:
		return []string{"window"}, []string{"classes", "carriers", "names", "first_level"}
	case KindBlank, KindYear:
		return nil, []string{"classes", "carriers", "names", "first_level"}
	case KindLabels:
		return nil, []string{"classes", "carriers", "names"}
	case KindAccess:
		return []string{"window", "visits", "seconds", "share"}, nil
	case KindCount:
		return []string{"of", "at_least"}, nil
	case KindSection:
		return nil, []string{"carriers", "names", "text_part", "text_scattered"}
	case KindPosts, KindWorks, KindOriginal:
		return []string{"window"}, []string{"platforms", "except"}
	case KindClosed:
		return []string{"says"}, []string{"platforms", "except"}
	case KindName, KindAlive, KindSingle, KindOwner, KindAvatar:
		return nil, []string{"platforms", "except"}
	}
	return nil, []string{"platforms", "except", "classes", "carriers"}
}

// told reports whether an indicator of a kind is told to people and comes to no
// verdict, whatever a rule set says.
func (k Kind) told() bool {
	return slices.Contains([]Kind{KindAlive, KindClosed, KindSingle, KindOriginal, KindOwner, KindAvatar}, k)
}

// common are the keys every indicator may have; the first six it must have.
var common = [...]string{
	"id", "kind", "name", "text", "document", "basis",
	"confidence", "confirmed", "effect", "points", "publicity", "levels", "replaces",
}

const needed = 6

// finish checks the file's own indicators, merges them with those inherited and
// checks what refers to others.
func (f *setFile) finish() {
	for i := range f.drafts {
		f.check(&f.drafts[i], f.drafts[:i])
	}
	for _, d := range f.drafts {
		f.set.put(d.Indicator)
	}
	for _, d := range f.drafts {
		f.references(d, "of", d.Of)
		f.references(d, "replaces", d.Replaces)
	}
	if f.broken {
		return
	}
	if f.set.Name == "" {
		f.fail(nil, "the rule set has no name; add name:")
	}
	if f.set.Before == 0 || f.set.After == 0 || f.set.Apart == 0 || f.set.Looks == 0 {
		f.fail(f.keys["looks"], "looks must say before, after, apart and number, as {before: PT48H, after: PT24H, apart: PT1H, number: 2}")
	}
	if len(f.set.Indicators) == 0 {
		f.fail(f.keys["indicators"], "the rule set has no indicators; add some or extend a set that has")
	}
}

// indicatorID is the form of an indicator's ID: the rule set's family, then the
// clause.
var indicatorID = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)

// placeholder is what a text may hold to be filled in.
var placeholder = regexp.MustCompile(`\{[^{}]*\}?|\}`)

func (f *setFile) check(d *draft, earlier []draft) {
	if d.keys["id"] != nil && !indicatorID.MatchString(d.ID) {
		f.fail(d.keys["id"], "%q is no indicator ID; write it like national.V4.dynamic", d.ID)
	}
	if slices.ContainsFunc(earlier, func(e draft) bool { return e.ID == d.ID && d.ID != "" }) {
		f.fail(d.keys["id"], "%s stands twice in this file; keep one", d.ID)
	}
	f.checkKeys(d)
	f.checkText(d, "text", d.Text, "{year}", "{count}")
	f.checkText(d, "text_part", d.TextPart, "{year}", "{parts}")
	f.checkText(d, "text_scattered", d.TextScattered, "{year}", "{parts}")
	if (d.Effect == EffectDeduct) != (d.Points > 0) {
		f.fail(d.node, "effect deduct and points belong together; write both or neither")
	}
	if d.Effect == "" {
		f.fail(d.node, "the indicator has no effect; add effect: veto, deduct, notice or hint")
	}
	if d.Kind == KindLabels && (d.Effect == EffectVeto || d.Effect == EffectDeduct) {
		f.fail(d.keys["effect"], "that items bear no dates is for a person to confirm; write effect: hint or notice")
	}
	if d.Kind.told() && (d.Effect == EffectVeto || d.Effect == EffectDeduct) {
		f.fail(d.keys["effect"], "an indicator of kind %s is for a person to confirm; write effect: hint or notice", d.Kind)
	}
	if d.Kind == KindAccess && (d.Window.Months != 0 || d.Window.Years != 0) {
		f.fail(d.keys["window"], "visits are counted over whole days; write P7D")
	}
	if d.Publicity == "" {
		d.Publicity = named
	}
	if d.Confidence == recalled {
		d.Confirmed = false
	}
	if !d.Confirmed {
		d.Effect, d.Points = EffectHint, 0
	}
}

// checkText refuses what nothing is filled in for.
func (f *setFile) checkText(d *draft, key, text string, known ...string) {
	for _, p := range placeholder.FindAllString(text, -1) {
		if !slices.Contains(known, p) {
			f.fail(d.keys[key], "unknown placeholder %s; a %s may hold %s", p, key, strings.Join(known, " and "))
		}
	}
}

// checkKeys compares an indicator's keys with those of its kind.
func (f *setFile) checkKeys(d *draft) {
	must, may := wants(d.Kind)
	for _, key := range slices.Concat(common[:needed], must) {
		if d.keys[key] == nil {
			f.fail(d.node, "the indicator %s has no %s; add %s:", d.ID, key, key)
		}
	}
	if d.Kind == "" {
		return
	}
	for _, key := range inOrder(d.keys) {
		if !slices.Contains(must, key) && !slices.Contains(may, key) && !slices.Contains(common[:], key) {
			f.fail(d.keys[key], "%s means nothing for an indicator of kind %s; take it out", key, d.Kind)
		}
	}
}

// references checks that an indicator speaks of others that exist.
func (f *setFile) references(d draft, key string, ids []string) {
	if f.broken {
		return
	}
	for _, id := range ids {
		other := f.set.Indicator(id)
		switch {
		case other == nil:
			f.fail(d.keys[key], "%s names %s, which is no indicator of this set; define it or mend the ID", key, id)
		case key == "replaces" && (other.Kind != d.Kind || id == d.ID):
			f.fail(d.keys[key], "%s cannot replace %s; only another indicator of kind %s", d.ID, id, d.Kind)
		case key == "of" && other.Kind != KindColumn && other.Kind != KindBlank:
			f.fail(d.keys[key], "of names %s of kind %s; only columns can be counted", id, other.Kind)
		}
	}
}

// inherit puts a parent's indicators and look rules beneath the set's own.
func (f *setFile) inherit(parent *RuleSet) {
	f.set.Extends = append([]string{parent.ID}, parent.Extends...)
	f.set.Indicators = slices.Clone(parent.Indicators)
	for _, v := range []struct{ own, from *int }{{&f.set.Looks, &parent.Looks}, {&f.set.Margin, &parent.Margin}} {
		if *v.own == 0 {
			*v.own = *v.from
		}
	}
	if f.set.Before == 0 {
		f.set.Before = parent.Before
	}
	if f.set.After == 0 {
		f.set.After = parent.After
	}
	if f.set.Apart == 0 {
		f.set.Apart = parent.Apart
	}
}

// put adds an indicator, or replaces the one with the same ID where it stands.
func (s *RuleSet) put(ind Indicator) {
	if old := s.Indicator(ind.ID); old != nil {
		*old = ind
		return
	}
	s.Indicators = append(s.Indicators, ind)
}

// Indicator returns the indicator with an ID, or nil.
func (s *RuleSet) Indicator(id string) *Indicator {
	for i := range s.Indicators {
		if s.Indicators[i].ID == id {
			return &s.Indicators[i]
		}
	}
	return nil
}

func inOrder(nodes map[string]ast.Node) []string {
	var names []string
	for name := range nodes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// matches reports whether a name fits a glob, in which * is any text.
func matches(glob, name string) bool {
	head, tail, star := strings.Cut(glob, "*")
	if !star {
		return glob == name
	}
	rest, ok := strings.CutPrefix(name, head)
	if !ok {
		return false
	}
	for i := range rest {
		if matches(tail, rest[i:]) {
			return true
		}
	}
	return matches(tail, "")
}
