package rules

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/inventory"
)

func TestEveryShippedRuleSetLoads(t *testing.T) {
	for _, f := range shipped(t) {
		id := strings.TrimSuffix(strings.TrimPrefix(f.Name, "rulesets/"), ".yaml")
		set, err := Parse(shipped(t), id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		for _, ind := range set.Indicators {
			if !strings.Contains(ind.Basis, "：") || ind.Text == "" {
				t.Errorf("%s: %s quotes no document: %q", id, ind.ID, ind.Basis)
			}
			if ind.Confidence == "R" && (ind.Confirmed || ind.Effect != EffectHint) {
				t.Errorf("%s: %s is recalled and enforced", id, ind.ID)
			}
		}
	}
}

func TestYangquanExtendsTheNationalSet(t *testing.T) {
	set, national := ruleSet(t, "yangquan-2023"), ruleSet(t, "national-2019")
	if len(set.Extends) != 1 || set.Extends[0] != "national-2019" {
		t.Errorf("extends %v", set.Extends)
	}
	if set.Before != 48*time.Hour || set.After != 24*time.Hour || set.Apart != time.Hour || set.Looks != 2 || set.Margin != 3 {
		t.Errorf("look rules not inherited: %+v", set)
	}
	if len(set.Indicators) != len(national.Indicators)+5 || set.Indicators[0].ID != "national.V1.safety" {
		t.Errorf("%d indicators over %d national ones, the first %s", len(set.Indicators), len(national.Indicators), set.Indicators[0].ID)
	}
	want := map[string]Indicator{
		"national.V3.home":            {Kind: KindHome, Window: Window{Days: 14}, Effect: EffectVeto},
		"national.V4.dynamic":         {Kind: KindColumn, Window: Window{Days: 14}, Effect: EffectVeto},
		"national.V4.notice":          {Kind: KindColumn, Window: Window{Months: 6}, Effect: EffectVeto, FirstLevel: true},
		"national.V4.overdue":         {Kind: KindColumn, Window: Window{Years: 1}, Effect: EffectVeto},
		"national.V4.blank":           {Kind: KindBlank, Effect: EffectVeto},
		"national.V4.count-a":         {Kind: KindCount, AtLeast: 5, Effect: EffectVeto},
		"national.V4.count-b":         {Kind: KindCount, AtLeast: 10, Effect: EffectVeto},
		"national.V4.count-c":         {Kind: KindCount, AtLeast: 5, Effect: EffectVeto},
		"national.M2.posts":           {Kind: KindPosts, Window: Window{Days: 14}, Effect: EffectVeto},
		"national.M2.app":             {Kind: KindWorks, Effect: EffectHint, Window: Window{Months: 3}},
		"yangquan.disclosure.dynamic": {Kind: KindColumn, Window: Window{Days: 14}, Effect: EffectNotice},
		"yangquan.posts.week":         {Kind: KindPosts, Window: Window{Days: 7}, Effect: EffectVeto},
		"yangquan.account.name":       {Kind: KindName, Effect: EffectVeto},
		"yangquan.proposals.year":     {Kind: KindYear, Effect: EffectNotice},
		"yangquan.section.meetings":   {Kind: KindSection, Effect: EffectNotice},
	}
	for id, w := range want {
		got := set.Indicator(id)
		if got == nil {
			t.Errorf("no %s", id)
			continue
		}
		if got.Kind != w.Kind || got.Window != w.Window || got.Effect != w.Effect || got.AtLeast != w.AtLeast || got.FirstLevel != w.FirstLevel {
			t.Errorf("%s: got %+v", id, *got)
		}
	}
	for _, id := range []string{"V1.safety", "V5.interaction", "V6.service", "M1.safety", "M3.interaction"} {
		if ind := set.Indicator("national." + id); ind == nil || ind.Kind != KindHand {
			t.Errorf("national.%s is not judged by hand: %v", id, ind)
		}
	}
}

func TestDigestFollowsEveryFileTheSetRestsOn(t *testing.T) {
	base := ruleSet(t, "yangquan-2023").Digest
	if len(base) != 64 || base == ruleSet(t, "national-2019").Digest {
		t.Fatalf("digest %q", base)
	}
	for _, name := range []string{"rulesets/yangquan-2023.yaml", "rulesets/national-2019.yaml", "rulesets/census-2015.yaml"} {
		files := shipped(t)
		for i := range files {
			if files[i].Name == name {
				files[i].Data = append(files[i].Data, "\n# later\n"...)
			}
		}
		set, err := Parse(files, "yangquan-2023")
		if err != nil {
			t.Fatal(err)
		}
		if changed, rests := set.Digest != base, name != "rulesets/census-2015.yaml"; changed != rests {
			t.Errorf("a byte of %s changed: digest changed %v, want %v", name, changed, rests)
		}
	}
}

// A base set that others extend, good by itself.
const base = `name: 基本
looks: {before: PT48H, after: PT24H, apart: PT1H, number: 2}
indicators:
  - {id: a.dynamic, kind: column, name: 动态, text: 未更新, document: 文, basis: 2周, effect: veto, window: P14D}
`

// one is a set with a single indicator whose keys are given besides the usual.
func one(keys string) string {
	return "name: 一\nlooks: {before: PT48H, after: PT24H, apart: PT1H, number: 2}\nindicators:\n" +
		"  - {id: b.x, name: 名, text: 文, document: 号, basis: 据, " + keys + "}\n"
}

func TestMistakesAreToldWithPlaceAndHint(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string // each a part of the message, in order
	}{
		{"no such key", base + "extend: x\n", []string{`rulesets/x.yaml:5:1: unknown key "extend" in a rule set; the keys are extends, indicators, looks, margin, name`}},
		{"no such key of an indicator", one("kind: blank, effect: veto, windw: P1D"), []string{`rulesets/x.yaml:4:83: unknown key "windw" in an indicator`}},
		{"no YAML", "name: [", []string{"rulesets/x.yaml:1:", "mend the YAML here"}},
		{"a key twice", "name: a\nname: b\n", []string{"rulesets/x.yaml:2:1: ", "name"}},
		{"nothing", "", []string{"rulesets/x.yaml:1:1: "}},
		{"a list", "- a\n", []string{"rulesets/x.yaml:1:1: a rule set is a mapping"}},
		{"no such kind", one("kind: colunm, effect: veto"), []string{`unknown kind "colunm"; it is one of home, column, blank`}},
		{"no such effect", one("kind: blank, effect: vet"), []string{`unknown effect "vet"; it is one of veto, deduct, notice, hint`}},
		{"no such class", one("kind: blank, effect: veto, classes: [动态]"), []string{`unknown class "动态"; it is one of 动态要闻`}},
		{"no such level", one("kind: blank, effect: veto, levels: town"), []string{`unknown level "town"`}},
		{"no such publicity", one("kind: blank, effect: veto, publicity: 公开"), []string{`unknown publicity "公开"`}},
		{"a window by the clock", one("kind: column, effect: veto, window: 14d"), []string{`"14d" is no window; write P14D, P2W, P6M or P1Y`}},
		{"a window as a number", one("kind: column, effect: veto, window: 14"), []string{"want a text; put it in quotes"}},
		{"no window", one("kind: column, effect: veto"), []string{"the indicator b.x has no window; add window:"}},
		{"a window where none is", one("kind: blank, effect: veto, window: P1D"), []string{"window means nothing for an indicator of kind blank; take it out"}},
		{"a restriction that restricts nothing", one("kind: posts, effect: veto, window: P1D, classes: 人事"), []string{"classes means nothing for an indicator of kind posts"}},
		{"a veto by a missing date", one("kind: labels, effect: veto"), []string{"for a person to confirm; write effect: hint or notice"}},
		{"no effect", one("kind: blank"), []string{"the indicator has no effect; add effect:"}},
		{"points without deducting", one("kind: blank, effect: veto, points: 3"), []string{"effect deduct and points belong together"}},
		{"a count of nothing", one("kind: count, effect: veto, of: b.x"), []string{"the indicator b.x has no at_least", "of names b.x of kind count; only columns can be counted"}},
		{"a count from zero", one("kind: count, effect: veto, of: b.y, at_least: 0"), []string{"want a whole number from 1 on"}},
		{"an unknown indicator counted", one("kind: count, effect: veto, of: b.y, at_least: 3"), []string{"rulesets/x.yaml:4:87: of names b.y, which is no indicator of this set"}},
		{"another kind replaced", one("kind: blank, effect: veto, replaces: b.x"), []string{"b.x cannot replace b.x"}},
		{"an ID that is none", strings.Replace(one("kind: blank, effect: veto"), "b.x", "b x", 1), []string{`"b x" is no indicator ID; write it like national.V4.dynamic`}},
		{"a text with an unknown blank", strings.Replace(one("kind: blank, effect: veto"), "文", "'{quarter}'", 1), []string{"unknown placeholder {quarter}; a text may hold {year} and {count}"}},
		{"a flag that is none", one("kind: blank, effect: veto, confirmed: maybe"), []string{"want true or false"}},
		{"a value left out", base + "margin:\n", []string{"rulesets/x.yaml:5:1: margin has no value"}},
		{"a margin in months", base + "margin: P1M\n", []string{"a margin counts in days; write P3D"}},
		{"no look rules", "name: a\nindicators: []\n", []string{"looks must say before, after, apart and number", "the rule set has no indicators"}},
		{"no time at all", strings.Replace(base, "PT1H", "PT0H", 1), []string{`"PT0H" is no time at all`}},
		{"no name", strings.Replace(base, "name: 基本\n", "", 1), []string{"the rule set has no name"}},
		{"extends what is not there", "name: a\nextends: z\n", []string{"rulesets/z.yaml: no such rule set; those at hand: x"}},
		{"extends itself", "name: a\nextends: x\n", []string{"rulesets/x.yaml:2:10: extends goes round in a circle: x → x; take one link out"}},
		{
			"several at once", one("kind: colunm, effect: vet, levels: town, at_least: many"),
			[]string{"unknown kind", "unknown effect", "unknown level", "want a whole number"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, err := Parse([]inventory.File{{Name: "rulesets/x.yaml", Data: []byte(tt.file)}}, "x")
			if err == nil {
				t.Fatalf("no mistake in\n%s\ngot %+v", tt.file, set)
			}
			rest := err.Error()
			for _, part := range tt.want {
				_, after, ok := strings.Cut(rest, part)
				if !ok {
					t.Fatalf("file\n%s\ngot  %s\nwant %s", tt.file, err, part)
				}
				rest = after
			}
		})
	}
}

func TestExtends(t *testing.T) {
	child := `name: 子
extends: a
margin: P5D
looks: {number: 3}
indicators:
  - {id: a.dynamic, kind: column, name: 动态, text: 未更新, document: 文, basis: 1周, effect: notice, window: P1W}
  - {id: b.guess, kind: blank, name: 猜, text: 空, document: 文, basis: 记忆, confidence: R, effect: veto}
`
	files := []inventory.File{
		{Name: "rulesets/b.yaml", Data: []byte(child)}, {Name: "rulesets/a.yaml", Data: []byte(base)},
		{Name: "rulesets/c.yaml", Data: []byte("name: 孙\nextends: b\n")},
		{Name: "rulesets/d.yaml", Data: []byte("name: 圈\nextends: e\n")}, {Name: "rulesets/e.yaml", Data: []byte("name: 圈\nextends: d\n")},
		{Name: "rulesets/f.yaml", Data: []byte("name: 坏\nextends: d\nindicators: 3\n")},
	}
	set, err := Parse(files, "c")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(set.Extends, " "); got != "b a" {
		t.Errorf("ancestors, nearest first: got %q", got)
	}
	if set.Margin != 5 || set.Looks != 3 || set.Before != 48*time.Hour {
		t.Errorf("margin %d, looks %d, before %v: want the nearest that says so", set.Margin, set.Looks, set.Before)
	}
	if d := set.Indicators[0]; len(set.Indicators) != 2 || d.Effect != EffectNotice || d.Window != (Window{Days: 7}) {
		t.Errorf("the later indicator replaces the earlier where it stands: got %+v", set.Indicators)
	}
	if g := set.Indicators[1]; g.Confirmed || g.Effect != EffectHint {
		t.Errorf("what is recalled is not enforced: got %+v", g)
	}
	_, err = Parse(files, "f")
	if err == nil || !strings.Contains(err.Error(), "d → e → d") || !strings.Contains(err.Error(), "rulesets/f.yaml:3:13: indicators is a list") {
		t.Errorf("a circle further up and a mistake below are both told: got %v", err)
	}
}

func TestNamesFitGlobs(t *testing.T) {
	tests := []struct {
		glob, name string
		want       bool
	}{
		{"工作动态--*", "工作动态--通知公告公示", true},
		{"工作动态--*", "工作动态--", true},
		{"工作动态--*", "工作动态", false},
		{"通知公告", "通知公告公示", false},
		{"通知公告", "通知公告", true},
		{"*公告*", "通知公告公示", true},
		{"*", "", true},
		{"a*b*c", "a--b--b--c", true},
		{"a*b", "a--b--", false},
	}
	for _, tt := range tests {
		if got := matches(tt.glob, tt.name); got != tt.want {
			t.Errorf("%s on %s: got %v", tt.glob, tt.name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	others := shipped(f)
	f.Add([]byte(base))
	f.Add([]byte(one("kind: count, effect: veto, of: [b.y], at_least: 3")))
	f.Add([]byte("name: 子\nextends: national-2019\nmargin: P5D\n"))
	f.Add([]byte("name: &a x\nextends: *a\nindicators: [&b {id: *a, <<: *b}]\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Add([]byte("indicators:\n- |\n  a\n- !!binary x\n- {of: [1, [2]], text: '{'}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := Parse(append(slices.Clone(others), inventory.File{Name: "rulesets/x.yaml", Data: data}), "x")
		if (set == nil) == (err == nil) {
			t.Errorf("set %v with error %v", set, err)
		}
	})
}
