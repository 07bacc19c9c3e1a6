package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// A Draft is a notice's numbers and tables: 初稿, or 定稿 once people have decided
// everything. It is made from one judgement and holds all that its files say.
type Draft struct {
	Period Period
	Office string // who issues the notice
	Config string // digest of the configuration that was judged
	Check  Check
	Tables []Table

	// Final says that people have settled what it says.
	Final bool

	// missing are the mandated sections not found that may be told of: people have
	// not decided otherwise, and not that they are to be kept inside.
	missing []Section

	// MadeFrom is kept with the summary: what the notice can be made from again.
	MadeFrom any
}

// A Key is a subject and an indicator.
type Key struct{ Subject, Indicator string }

// Decisions are what people decided about findings, as far as tables must know.
// The zero Decisions are none.
type Decisions struct {
	// Dropped are findings that are not to be told of: untrue, exempt, or not
	// confirmed where only the confirmed count.
	Dropped map[Key]bool

	// Notes stand beside findings: fixed before the notice was issued.
	Notes map[Key]string
}

// NewDraft makes the draft of a period's notice. It fails where the judgement
// says nothing about the period, or the configuration asks for a table that
// cannot be made.
func NewDraft(city *inventory.City, set *rules.RuleSet, round store.Round, res rules.Result, period Period) (Draft, error) {
	return Decisions{}.Draft(city, set, round, res, period)
}

// Draft is [NewDraft] under decisions. That a verdict rests on what was dropped
// is for the result to say.
func (by Decisions) Draft(city *inventory.City, set *rules.RuleSet, round store.Round, res rules.Result, period Period) (Draft, error) {
	tables, err := by.attachments(city, res, period)
	if err != nil {
		return Draft{}, err
	}
	check := NewCheck(city, set, round, res)
	return Draft{
		Period:  period,
		Office:  city.Office,
		Config:  digest(city.Digest),
		Check:   check,
		Tables:  tables,
		missing: by.missing(check, res),
	}, nil
}

// missing are the sections not found that may be told of.
func (by Decisions) missing(c Check, res rules.Result) []Section {
	silent := map[string]bool{}
	for key := range by.Dropped {
		silent[key.Subject] = true
	}
	for _, f := range res.Findings {
		silent[f.Subject] = silent[f.Subject] || f.Effect != rules.EffectHint && !named(f)
	}
	return slices.DeleteFunc(c.notFound(), func(s Section) bool { return silent[s.ID] })
}

// Print shows a draft on a terminal: the attachments, the pass rates, the
// sections that were not found, and what could not be monitored.
func Print(w io.Writer, d Draft) error {
	var b strings.Builder
	b.WriteString(d.marks() + "\n")
	for _, t := range d.Tables {
		fmt.Fprintf(&b, "\n附件%s：%s\n", t.Name, clean(t.Title))
		if len(t.Rows) == 0 {
			b.WriteString(noRows + "\n")
			continue
		}
		grid(&b, t.Header, t.Rows, widest)
	}
	fmt.Fprintf(&b, "\n%s\n", d.Check.rates())
	if missing := missingWords(d.missing); missing != "" {
		b.WriteString(missing + "\n")
	}
	b.WriteString(d.Check.coverage(chinese) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// noRows stands in the place of a table without rows.
const noRows = "无。"

// marks says what a reader must know before anything else.
func (d Draft) marks() string {
	if d.Final {
		return fmt.Sprintf("定稿，监测时间点%s", d.Check.PointDay)
	}
	marks := fmt.Sprintf("初稿，监测时间点%s，未经人工核实", d.Check.PointDay)
	if d.Check.Simulated {
		return SimulatedMark + marks
	}
	return marks
}

// markdown is the draft's attachments as one Markdown document.
func (d Draft) markdown() []byte {
	var b strings.Builder
	stage, standing := "（初稿）", "以下为初判，未经人工核实。"
	if d.Final {
		stage, standing = "", ""
	}
	fmt.Fprintf(&b, "# %s%s\n\n", d.Period.fill("{year}年第{quarter}季度检查情况附件"), stage)
	if d.Check.Simulated {
		b.WriteString("**" + SimulatedMark + "**\n\n")
	}
	fmt.Fprintf(&b, "监测时间点：%s。%s\n", d.Check.PointDay, standing)
	if len(d.Tables) == 0 {
		b.WriteString("\ncity.yaml 的 report.attachments 没有列出附件；列出后重新生成。\n")
	}
	for _, t := range d.Tables {
		fmt.Fprintf(&b, "\n## 附件%s：%s\n\n", t.Name, markdownCell(t.Title))
		if len(t.Rows) == 0 {
			b.WriteString(noRows + "\n")
			continue
		}
		markdownRow(&b, t.Header)
		b.WriteString(strings.Repeat("| --- ", len(t.Header)) + "|\n")
		for _, row := range t.Rows {
			markdownRow(&b, row)
		}
	}
	fmt.Fprintf(&b, "\n## 总体情况\n\n%s。\n", d.Check.rates())
	if missing := missingWords(d.missing); missing != "" {
		fmt.Fprintf(&b, "\n%s。\n", markdownCell(missing))
	}
	fmt.Fprintf(&b, "\n%s\n", markdownCell(d.Check.coverage(chinese)))
	return []byte(b.String())
}

func markdownRow(b *strings.Builder, cells []string) {
	for _, cell := range cells {
		b.WriteString("| " + markdownCell(cell) + " ")
	}
	b.WriteString("|\n")
}

// markdownCell is text that Markdown shows as it is: no markup, no HTML, no
// second column.
func markdownCell(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`,
		"&", "&amp;", "<", "&lt;", ">", "&gt;",
	).Replace(clean(s))
}
