package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"xuncha/inventory"
)

// Parse reads the rule set with an ID from "rulesets/ID.yaml" among the files,
// with all the sets it extends. It is read whole or not at all: every mistake in
// every file it rests on is reported at once, with file, line and column and
// what to do.
func Parse(files []inventory.File, id string) (*RuleSet, error) {
	p := &ruleParser{files: files}
	set := p.load(id, nil)
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	sum := sha256.Sum256(p.read)
	set.Digest = hex.EncodeToString(sum[:])
	return set, nil
}

// All reads every rule set among the files, by name. One with a mistake, by which
// nobody can judge, is left out.
func All(files []inventory.File) []*RuleSet {
	var all []*RuleSet
	for _, f := range files {
		id, ok := strings.CutPrefix(f.Name, "rulesets/")
		if !ok {
			continue
		}
		if set, err := Parse(files, strings.TrimSuffix(id, ".yaml")); err == nil {
			all = append(all, set)
		}
	}
	return all
}

// A ruleParser loads one rule set and what it extends.
type ruleParser struct {
	files []inventory.File
	errs  []error

	// read is all that was read, the set's own file first, each framed by name
	// and length, so that no two lists of files agree.
	read []byte
}

// load returns the set with an ID, or what could be read of it after a mistake.
// Chain holds the sets that extend it, outermost first.
func (p *ruleParser) load(id string, chain []string) *RuleSet {
	name := "rulesets/" + id + ".yaml"
	i := slices.IndexFunc(p.files, func(f inventory.File) bool { return f.Name == name })
	if i < 0 {
		p.errs = append(p.errs, fmt.Errorf("%s: no such rule set; those at hand: %s", name, p.atHand()))
		return &RuleSet{ID: id}
	}
	p.read = fmt.Appendf(p.read, "%s %d\n%s", name, len(p.files[i].Data), p.files[i].Data)
	f := &setFile{reader: reader{file: name}, set: RuleSet{ID: id}}
	f.read(p.files[i].Data)
	if f.parent != "" {
		p.extend(f, append(chain, id))
	}
	f.finish()
	p.errs = append(p.errs, f.errs...)
	return &f.set
}

// extend puts the indicators of a set's parent in front of its own.
func (p *ruleParser) extend(f *setFile, chain []string) {
	if slices.Contains(chain, f.parent) {
		f.fail(f.keys["extends"], "extends goes round in a circle: %s; take one link out",
			strings.Join(append(chain, f.parent), " → "))
		f.broken = true
		return
	}
	before := len(p.errs)
	parent := p.load(f.parent, chain)
	f.broken = len(p.errs) > before
	f.inherit(parent)
}

func (p *ruleParser) atHand() string {
	var names []string
	for _, f := range p.files {
		if id, ok := strings.CutPrefix(f.Name, "rulesets/"); ok {
			names = append(names, strings.TrimSuffix(id, ".yaml"))
		}
	}
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// A setFile is one rule-set file while it is read.
type setFile struct {
	reader
	set    RuleSet
	parent string
	keys   map[string]ast.Node
	drafts []draft

	// broken says that the parent could not be read: what it should hold is
	// then not held against this file.
	broken bool
}

// A draft is an indicator with the places of its keys.
type draft struct {
	Indicator
	node ast.Node
	keys map[string]ast.Node
}

func (f *setFile) read(data []byte) {
	n := f.root(data)
	if n == nil {
		f.broken = true
		return
	}
	looks, margin := &f.set, Window{}
	f.keys = f.mapping(n, "a rule set", map[string]func(ast.Node){
		"name":    f.str(&f.set.Name),
		"extends": f.str(&f.parent),
		"margin":  parsed(&f.reader, &margin, parseWindow),
		"looks": func(n ast.Node) {
			f.mapping(n, "looks", map[string]func(ast.Node){
				"before": parsed(&f.reader, &looks.Before, positive),
				"after":  parsed(&f.reader, &looks.After, positive),
				"apart":  parsed(&f.reader, &looks.Apart, positive),
				"number": f.count(&looks.Looks, 1),
			})
		},
		"indicators": f.indicators,
	})
	if margin.Months != 0 || margin.Years != 0 {
		f.fail(f.keys["margin"], "a margin counts in days; write P3D")
	}
	f.set.Margin = margin.Days
}

func positive(s string) (time.Duration, error) {
	d, err := parseSpan(s)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%q is no time at all; write PT1H or more", s)
	}
	return d, err
}

func (f *setFile) indicators(n ast.Node) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		f.fail(n, "indicators is a list; begin each with a dash")
		return
	}
	for _, each := range list.Values {
		d := draft{node: each, Indicator: Indicator{Confirmed: true}}
		d.keys = f.mapping(each, "an indicator", f.fields(&d.Indicator))
		f.drafts = append(f.drafts, d)
	}
}

// fields are the keys of an indicator.
func (f *setFile) fields(ind *Indicator) map[string]func(ast.Node) {
	r := &f.reader
	some := func(string) error { return nil }
	var document string
	return map[string]func(ast.Node){
		"id":   r.str(&ind.ID),
		"kind": parsed(r, &ind.Kind, member("kind", kinds()...)),
		"name": r.str(&ind.Name),
		"text": r.str(&ind.Text),

		"text_part":      r.str(&ind.TextPart),
		"text_scattered": r.str(&ind.TextScattered),
		"document": func(n ast.Node) {
			r.str(&document)(n)
			ind.Basis = document + "：" + ind.Basis
		},
		"basis": func(n ast.Node) {
			var quoted string
			r.str(&quoted)(n)
			ind.Basis += quoted
		},
		"confidence":  parsed(r, &ind.Confidence, member("confidence", "H", "M", "I", recalled)),
		"confirmed":   r.flag(&ind.Confirmed),
		"effect":      parsed(r, &ind.Effect, member("effect", EffectVeto, EffectDeduct, EffectNotice, EffectHint)),
		"points":      r.count(&ind.Points, 1),
		"publicity":   parsed(r, &ind.Publicity, member("publicity", named, "概述不点名", "仅内部")),
		"classes":     r.strs(&ind.Classes, oneOf("class", inventory.Classes()...)),
		"carriers":    r.strs(&ind.Carriers, oneOf("carrier kind", inventory.Site, inventory.DisclosurePlatform, inventory.OtherCarrier)),
		"levels":      r.strs(&ind.Levels, oneOf("level", inventory.LevelCity, inventory.LevelDepartment, inventory.LevelCounty)),
		"platforms":   r.strs(&ind.Platforms, some),
		"except":      r.strs(&ind.Except, some),
		"names":       r.strs(&ind.Names, some),
		"of":          r.strs(&ind.Of, some),
		"replaces":    r.strs(&ind.Replaces, some),
		"says":        r.strs(&ind.Says, oneOf("hindrance", ofAccounts()...)),
		"first_level": r.flag(&ind.FirstLevel),
		"window":      parsed(r, &ind.Window, parseWindow),
		"at_least":    r.count(&ind.AtLeast, 1),
		"visits":      r.count(&ind.Visits, 1),
		"seconds":     r.count(&ind.Seconds, 1),
		"share":       r.count(&ind.Share, 1),
	}
}

// recalled marks a clause that was written from memory; named is the usual
// publicity.
const (
	recalled = "R"
	named    = "点名"
)
