package rules

import (
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
)

// section judges a mandated section by the looks inside the interval: it is
// there if one look found it with all its parts, missing if it was searched for
// and not found, found without one of its parts, or if its parts were found in
// no one place. What one look found, no other look makes missing.
func (j *judge) section(c inventory.Carrier, sec inventory.Section) SectionResult {
	s := j.sight(sec.ID)
	r := SectionResult{Section: sec, State: Unknown, Reason: s.reason(), Look: s.latest()}
	found, v := s.searched(sec)
	for _, part := range sec.Spec.Parts {
		p := PartState{Name: part.Name, State: Unknown, Reason: s.reason()}
		if v != nil {
			p = partIn(*v, part.Name)
		}
		if found[part.Name] {
			p.State, p.Reason = Fresh, ""
		}
		r.Parts = append(r.Parts, p)
	}
	if v == nil {
		return r
	}
	r.State, r.Reason, r.Look = Fresh, "", v.Look
	if v.Reading.Outcome == extract.Absent {
		r.State = Missing
	}
	for _, p := range r.Parts {
		if p.State.gravity() > r.State.gravity() {
			r.State, r.Reason = p.State, p.Reason
		}
	}
	r.Gap = s.gap(r)
	if r.Gap == GapScattered {
		r.State, r.Reason = Missing, ""
	}
	r.Looks = s.agree(func(other view) bool {
		return other.within && other.Reading.Conclusive() && lacking(other, sec) == (r.State == Missing)
	})
	j.sectionFinding(c, r)
	j.registered(sec.ID, sec.Unit)
	return r
}

// gap says what is missing of a section. Its parts are scattered only if every
// look that found any of them says so and each part is known to be there or not.
func (s sighting) gap(r SectionResult) Gap {
	scattered, found := true, false
	for _, v := range s.views {
		if v.within && v.Reading.Outcome == extract.Found {
			found, scattered = true, scattered && v.Reading.Scattered
		}
	}
	switch {
	case found && scattered && r.State != Unknown:
		return GapScattered
	case r.State != Missing:
		return ""
	case found:
		return GapPart
	}
	return GapAbsent
}

// searched returns the conclusive view inside the interval that found the most,
// the latest among equals, and the parts that any of them found.
func (s sighting) searched(sec inventory.Section) (found map[string]bool, best *view) {
	found = map[string]bool{}
	most := -1
	for i := range s.views {
		v := &s.views[i]
		if !v.within || v.Reading.Outcome != extract.Found && v.Reading.Outcome != extract.Absent {
			continue
		}
		n := 0
		if v.Reading.Outcome == extract.Found {
			n = 1
		}
		for _, part := range sec.Spec.Parts {
			if partIn(*v, part.Name).State == Fresh {
				found[part.Name] = true
				n++
			}
		}
		if n >= most {
			best, most = v, n
		}
	}
	return found, best
}

// partIn is the state of a part in one view. A part that a found section says
// nothing about is not known to be missing.
func partIn(v view, name string) PartState {
	if v.Reading.Outcome == extract.Absent {
		return PartState{Name: name, State: Missing}
	}
	for _, p := range v.Reading.Parts {
		switch {
		case p.Name != name:
		case p.Outcome == extract.Absent:
			return PartState{Name: name, State: Missing}
		case p.Outcome != extract.Unread && p.Outcome != "":
			return PartState{Name: name, State: Fresh}
		case p.Reason != "":
			return PartState{Name: name, State: Unknown, Reason: p.Reason}
		}
	}
	return PartState{Name: name, State: Unknown, Reason: extract.ReasonPartial}
}

func lacking(v view, sec inventory.Section) bool {
	for _, part := range sec.Spec.Parts {
		if partIn(v, part.Name).State == Missing {
			return true
		}
	}
	return v.Reading.Outcome == extract.Absent || v.Reading.Scattered
}

func (j *judge) sectionFinding(c inventory.Carrier, r SectionResult) {
	if r.State != Missing {
		return
	}
	t := target{unit: r.Section.Unit, level: j.levels[r.Section.Unit], carrier: c.Kind, name: r.Section.Spec.Name}
	for _, ind := range j.applicable(t, KindSection) {
		j.findings.add(ind, Finding{
			Subject: r.Section.ID, Unit: r.Section.Unit, Since: extract.DayOf(r.Look.At), Text: j.sayGap(ind, r),
		})
	}
}

// sayGap says what is missing of a section, in the rule set's words.
func (j *judge) sayGap(ind Indicator, r SectionResult) string {
	parts := missingParts(r)
	text, otherwise := ind.Text, ""
	switch r.Gap {
	case GapPart:
		text, otherwise = ind.TextPart, "，栏目内未见"+parts
	case GapScattered:
		text, otherwise = ind.TextScattered, "，已公开的部分不在一个栏目内"
	}
	if text == "" {
		return j.say(ind, 0) + otherwise
	}
	ind.Text = strings.ReplaceAll(text, "{parts}", parts)
	text = j.say(ind, 0)
	if r.Gap == GapScattered && parts != "" {
		text += "，未见" + parts
	}
	return text
}

// missingParts names what was not found of a section.
func missingParts(r SectionResult) string {
	var names []string
	for _, p := range r.Parts {
		if p.State == Missing {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, "、")
}
