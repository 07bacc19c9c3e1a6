package report

import (
	"fmt"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// Proposed is a recipe that the reader made up for a column and that waits for
// a person.
type Proposed struct {
	Confidence float64        `json:"confidence"`
	Accepted   bool           `json:"accepted"`
	Newest     Null           `json:"newest"`
	Recipe     extract.Recipe `json:"recipe"`
}

// newProposed is what waits for a person at a column, nil if nothing does.
func newProposed(r rules.ColumnResult) *Proposed {
	if !waits(r) {
		return nil
	}
	p := r.Proposal
	return &Proposed{Confidence: p.Confidence, Accepted: p.Accepted, Newest: Null(day(p.Newest().Time)), Recipe: p.Recipe}
}

// waits reports whether a column's proposal is work for a person. A column for
// which nobody has given a recipe is read without one for good: as long as it
// can be, nothing is asked of anybody.
func waits(r rules.ColumnResult) bool {
	given := r.Column.Recipe.List != "" || r.Column.Recipe.Item != "" || r.Column.Recipe.Data != ""
	return r.Proposal != nil && (given || unknown(string(r.State)))
}

// namedProposals is how many columns the sentence about proposals names.
const namedProposals = 10

// proposals says how many proposals wait and what to do about them, "" if none
// do.
func (c Check) proposals(t tongue) string {
	var ids []string
	for _, col := range c.Columns {
		if p := col.Proposal; p != nil {
			ids = append(ids, fmt.Sprintf(t.say("%s（把握%.2f）", "%s (%.2f)"), clean(col.ID), p.Confidence))
		}
	}
	if len(ids) == 0 {
		return ""
	}
	named := strings.Join(ids[:min(len(ids), namedProposals)], t.say("、", ", "))
	if len(ids) > namedProposals {
		named += t.say("等", " …")
	}
	return fmt.Sprintf(t.say("%d个栏目有建议的采集规则待批准，用 xuncha show 对象 查看，用 xuncha try 对象 --config 目录 --accept 采用：%s",
		"%d proposed recipes wait for approval; see them with xuncha show SUBJECT, take them with xuncha try SUBJECT --config DIR --accept: %s"), len(ids), named)
}

// A proofProposal is a proposed recipe beside what is read without it.
type proofProposal struct {
	Recipe     extract.Recipe `json:"recipe"`
	Confidence float64        `json:"confidence"`
	Why        Null           `json:"why"`
	Accepted   bool           `json:"accepted"`
	Waits      bool           `json:"waits"`
	Items      []proofItem    `json:"items"`

	// InForce are the newest items that the recipe in force read, at InForceAt,
	// and InForceMethod how: last night's where it reads nothing any more.
	InForce       []proofItem `json:"in_force"`
	InForceAt     Null        `json:"in_force_at"`
	InForceMethod Null        `json:"in_force_method"`
}

// newProofProposal is what the newest look at a column proposes, nil if the
// subject is no column or nothing is proposed.
func newProofProposal(r *rules.ColumnResult, history []store.Snapshot) *proofProposal {
	if r == nil || r.Proposal == nil {
		return nil
	}
	p := r.Proposal
	out := &proofProposal{
		Recipe: p.Recipe, Confidence: p.Confidence, Why: Null(p.Why), Accepted: p.Accepted, Waits: waits(*r),
		Items: newProofItems(p.Items), InForce: []proofItem{},
	}
	for i := len(history) - 1; i >= 0; i-- {
		if s := history[i]; s.Reading.Conclusive() && !rests(s.Reading) {
			out.InForce = newProofItems(extract.NewestItems(s.Reading.Items, shownProposed))
			out.InForceAt, out.InForceMethod = Null(moment(s.At)), Null(s.Reading.Method)
			break
		}
	}
	return out
}

// rests reports whether a reading rests on what the reader found by itself.
func rests(r extract.Reading) bool {
	return r.Proposal != nil && (r.Proposal.Accepted || r.Confidence > 0)
}

// shownProposed is how many items of each side are shown.
const shownProposed = 5

// sideCells is the width of one side, in cells of a terminal.
const sideCells = 52

// proposal shows a proposed recipe, and what it reads beside what the one in
// force reads.
func (s *showing) proposal(p Proof) {
	r := p.Proposal
	if r == nil {
		return
	}
	state := s.t.say("待批准", "waits for approval")
	switch {
	case r.Accepted:
		state = s.t.say("把握足够，读数已采用，仍请批准", "sure enough to be read by; approve it all the same")
	case !r.Waits:
		state = s.t.say("未配置规则，按此读出", "no recipe is configured, it was read by this")
	}
	s.title("建议的采集规则", "Proposed recipe")
	s.line(s.t.say("  把握 %.2f，%s", "  confidence %.2f, %s"), r.Confidence, state)
	if r.Why != "" {
		s.line("  %s %s", s.t.say("理由", "because"), r.Why)
	}
	for line := range strings.Lines(inventory.RecipeYAML(r.Recipe, "")) {
		s.whole("    ", line)
	}
	s.sides(r)
	if r.Waits {
		s.whole("  "+s.t.say("采用：", "to take it: "), "xuncha try "+p.Subject+s.t.say(" --config 目录 --accept", " --config DIR --accept"))
	}
}

// sides prints the items of the recipe in force and of the proposed one side by
// side.
func (s *showing) sides(r *proofProposal) {
	left := s.t.say("现行规则没有读出过", "the recipe in force never read it")
	if r.InForceAt != "" {
		left = fmt.Sprintf(s.t.say("现行规则读到（%s，%s）", "recipe in force (%s, %s)"), cutDay(r.InForceAt), r.InForceMethod)
	}
	rows := [][]string{}
	for i := range max(len(r.InForce), len(r.Items)) {
		rows = append(rows, []string{side(r.InForce, i), side(r.Items, i)})
	}
	var b strings.Builder
	grid(&b, []string{left, s.t.say("建议规则读到", "proposed recipe")}, rows, sideCells)
	for line := range strings.Lines(b.String()) {
		s.b.WriteString("  " + line)
	}
}

func side(items []proofItem, i int) string {
	if i >= len(items) {
		return ""
	}
	return orDash(items[i].Date) + "  " + items[i].Title
}
