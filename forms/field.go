package forms

import (
	"slices"
	"strconv"
	"strings"

	"xuncha/inventory"
)

// Open is what stands in a field that a person fills in.
const Open = "（待填）"

// How a field came to be filled.
const (
	byHand      = "待填"
	registered  = "登记信息"
	seenAtLeast = "巡查所见，不少于"
	seenWhole   = "巡查所见"
	listed      = "巡查清单"
	listedNew   = "巡查清单首末批次比对，登记不等于实际，请核实"
	preliminary = "巡查初判，以核实为准"
	fromList    = "登记表"
)

// A value is what stands in a field, and how it is known.
type value struct{ text, from string }

// open is a value that a person fills in, with what the patrol can say of it.
func open(why string) value {
	if why == "" {
		return value{Open, byHand}
	}
	return value{Open, byHand + "：" + why}
}

// A field is one line of a form. Without fill it is filled in by hand.
type field struct {
	name string
	unit string // 条, 个; "" for a text
	fill func(s scope) value
}

// A block is a part of a form: its fields, then those that depend on what the
// scope holds, as one for each account.
type block struct {
	name   string
	fields []field
	each   func(s scope) []field
}

// hand makes fields of one unit that are filled in by hand.
func hand(unit string, names ...string) []field {
	var out []field
	for _, n := range names {
		out = append(out, field{name: n, unit: unit})
	}
	return out
}

// A topic is a kind of information that a form asks for: columns by what their
// path holds, by standing on a disclosure platform, or by their class.
type topic struct {
	names    []string
	platform bool
	classes  []inventory.Class
}

// covers reports whether a column is of the topic.
func (t topic) covers(s scope, c inventory.Column) bool {
	if slices.ContainsFunc(t.names, func(n string) bool { return strings.Contains(c.Name, n) }) {
		return true
	}
	return slices.Contains(t.classes, c.Class) || t.platform && s.onPlatform(c)
}

// items counts what was published of a topic. A column is counted with the first
// topic that covers it, so that those before are left out.
func items(t topic, before ...topic) func(scope) value {
	return func(s scope) value { return atLeast(s.in.Seen.count(s.sources(t, before...))) }
}

// everything counts what was published at all.
func everything(s scope) value { return atLeast(s.in.Seen.count(s.all())) }

// atLeast words a count over the columns that are watched: a site has others.
func atLeast(t tally) value {
	switch {
	case t.subjects == 0:
		return open("巡查清单中没有这类栏目")
	case t.looked == 0:
		return open("本期没有巡查")
	case t.read == 0:
		return open("未能读取")
	case t.items == 0:
		return open("巡查未见，不等于没有")
	}
	return value{strconv.Itoa(t.items), seenAtLeast}
}

// one words the count of a single list, which may be known to be whole.
func one(t tally) value {
	if t.whole && t.read > 0 {
		return value{strconv.Itoa(t.items), seenWhole}
	}
	return atLeast(t)
}

// kept counts the columns of a topic in the inventory.
func kept(t topic) func(scope) value {
	return func(s scope) value {
		if n := len(s.sources(t)); n > 0 {
			return value{strconv.Itoa(n), listed}
		}
		return open("巡查清单中没有这类栏目")
	}
}

// begun counts the columns of a topic that the period's last inventory has and
// its first had not.
func begun(t topic) func(scope) value {
	return func(s scope) value {
		if s.in.First == nil {
			return open("本期只有一批巡查，无从比较")
		}
		before := map[string]bool{}
		for _, c := range s.in.First.Carriers {
			for _, col := range c.Columns {
				before[col.ID] = true
			}
		}
		n := 0
		for _, src := range s.sources(t) {
			if !before[src.subject] {
				n++
			}
		}
		if n == 0 {
			return open("巡查清单没有新增")
		}
		return value{strconv.Itoa(n), listedNew}
	}
}

// text is a field that the inventory knows, left open where it does not.
func text(s string) value {
	if s == "" {
		return open("")
	}
	return value{s, registered}
}
