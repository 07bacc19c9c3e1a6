package main

import (
	"fmt"
	"strings"

	"xuncha/inventory"
	"xuncha/report"
)

// shownValue is how much of a value a sentence shows, in cells.
const shownValue = 120

// broken is the error that names every sample that no longer reads as expected,
// nil if all do.
func (a *app) broken(all []inventory.Replayed) error {
	var b strings.Builder
	n := 0
	for _, r := range all {
		if r.OK() {
			continue
		}
		n++
		for _, w := range r.Wants {
			fmt.Fprintf(&b, a.say("\n%s：读数需要样本里没有的网页（%s）：%s", "\n%s: the reading wants a page that the sample does not hold (%s): %s"),
				r.Sample.File, w.Why, report.Plain(w.URL, 2*shownValue))
		}
		for _, m := range r.Broken {
			fmt.Fprintf(&b, a.say("\n%s：%s 预期 %s，读出 %s", "\n%s: %s: expected %s, and %s came"), m.Place, m.Key, a.value(m.Want), a.value(m.Got))
		}
		if len(r.Broken) > 0 {
			b.WriteString(a.say("\n  现在读出的若是对的，把 expect 改为：\n", "\n  if what came is right, make this its expect:\n"))
			b.WriteString("    " + strings.ReplaceAll(strings.TrimSpace(inventory.ExpectationYAML(r.Reading)), "\n", "\n    "))
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf(a.say("%d 份样本中有 %d 份读出的与预期不同：%s", "of %d samples %d no longer read as expected:%s"), len(all), n, b.String())
}

// value is a value of a sample in a sentence.
func (a *app) value(v string) string {
	if v == "" {
		return a.say("（无）", "nothing")
	}
	return report.Plain(v, shownValue)
}
