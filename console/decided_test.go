package console

import (
	"strings"
	"testing"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/rules"
)

// siteFinding is a veto on a site of the town.
func siteFinding() rules.Finding {
	return rules.Finding{
		ID: rules.FindingID("pd", "home"), Subject: "pd", Unit: "pd", Indicator: "home", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol},
		Publicity: cases.Named, Status: string(cases.Suspected), Text: "首页不更新", Basis: "两周内要有更新", Preliminary: true,
	}
}

// decidedTown is the town in which a site fails by one finding alone, after some things
// were done about it.
func decidedTown(t *testing.T, events ...cases.Event) *board.Board {
	t.Helper()
	in := town(t).Input
	in.Result.Findings = []rules.Finding{siteFinding()}
	in.Result.Sites[1].Reasons = []string{"首页不更新"}
	in.Set = &rules.RuleSet{ID: "s", Name: "检查指标", Indicators: []rules.Indicator{{ID: "home", Text: "首页不更新", Effect: rules.EffectVeto}}}
	in.Book = &cases.Book{}
	for _, e := range append(in.Book.Sync("2023Q3", in.Result, in.Set, noon), events...) {
		if e.Period, e.At = "2023Q3", noon; e.By.Name == "" {
			e.By = cases.Person{Name: "赵某", Role: cases.Signer}
		}
		sealed, err := in.Book.Seal(cases.Policy{Alone: true}, e)
		check(t, err)
		check(t, in.Book.Apply(sealed))
	}
	return board.New(in)
}

// Each page and the interface say of a site what people decided about it, and 初判
// only as long as they have not.
func TestPagesSayWhatPeopleDecided(t *testing.T) {
	id := siteFinding().ID
	for _, x := range []struct {
		name    string
		events  []cases.Event
		mark    string
		verdict string
		state   string // of the finding
		counts  string // of the overview
		api     string
	}{
		{"nothing yet", nil, "（初判）", "不合格", "疑似", "3 家网站 1 家合格，1 家不合格，1 家未能监测，合格率 66.7%（2/3，尚无结论的 1 家未计为不合格）", `"verdict":"不合格"`},
		{"confirmed", []cases.Event{{Case: id, Kind: cases.Confirm}}, "（已认定）", "不合格", "认定", "1 家不合格（已认定 1），1 家未能监测，合格率 66.7%", `"settled":"认定"`},
		{
			"untrue", []cases.Event{{Case: id, Kind: cases.Reject, Note: "首页有更新"}}, "（已核实不属实）", "合格", "核实不属实",
			"3 家网站 2 家合格，1 家未能监测，合格率 100.0%", `"verdict":"合格","settled":"核实不属实"`,
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := newDesk(t)
			d.b = decidedTown(t, x.events...)
			for _, page := range []string{"/sites/pd", "/columns/pd", "/sites?verdict=" + x.verdict} {
				text := d.get(aViewer, page).Body.String()
				for _, want := range []string{x.mark, "平定县门户网站"} {
					if !strings.Contains(text, want) {
						t.Errorf("%s lacks %q", page, want)
					}
				}
			}
			if text := d.get(aViewer, "/sites/pd").Body.String(); !strings.Contains(text, "</span>"+x.state+"</span>") {
				t.Errorf("the page of the site does not say %s of its finding", x.state)
			}
			if text := wordsOf(d.get(aViewer, "/").Body.String()); !strings.Contains(text, x.counts) {
				t.Errorf("the overview lacks %q:\n%s", x.counts, text)
			}
			if text := d.get(aViewer, "/api/v1/sites/pd").Body.String(); !strings.Contains(text, x.api) {
				t.Errorf("the interface lacks %s: %s", x.api, text)
			}
		})
	}
}

// wordsOf is the sentence that a page opens with, without its links.
func wordsOf(page string) string {
	_, after, _ := strings.Cut(page, `<p class="answer">`)
	sentence, _, _ := strings.Cut(after, "</p>")
	var out strings.Builder
	for in := true; sentence != ""; in = !in {
		cut := "<"
		if !in {
			cut = ">"
		}
		piece, rest, _ := strings.Cut(sentence, cut)
		if in {
			out.WriteString(piece)
		}
		sentence = rest
	}
	return out.String()
}

// Once all is settled nothing on the overview is 初判.
func TestSettledIsNotPreliminary(t *testing.T) {
	v := verdicts{Total: 33, Pass: 31, Fail: 2, Confirmed: 2, Rate: "93.9"}
	q := &request{lang: "zh"}
	a := q.answer(&overviewPage{Sites: v, Accounts: verdicts{Total: 91, Pass: 91, Rate: "100.0"}, Columns: make([]count, len(allStates))})
	var text strings.Builder
	for _, p := range a {
		text.WriteString(p.Text)
	}
	if got := text.String(); !strings.HasPrefix(got, "33 家网站 31 家合格（93.9%），2 家不合格（已认定 2），91 个账号 91 个合格（100.0%）。") {
		t.Error(got)
	}
}
