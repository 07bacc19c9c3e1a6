package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// redesigned is a column whose recipe finds nothing since a redesign, with what
// the reader proposes.
func redesigned(accepted bool) rules.ColumnResult {
	c := unreadColumn("xxgk/czj/gzdt/rcgz", "市财政局", "工作动态--日常工作动态", extract.ReasonLost)
	c.Column.Recipe = extract.Recipe{List: "ul.list", Item: "li"}
	c.Proposal = &extract.Proposal{
		Recipe: extract.Recipe{List: "div.new-list", Item: "li", Date: `span =~ (\d+-\d+-\d+)`}, Confidence: 0.91, Why: "the column's name stands above it\x1b[2J",
		Accepted: accepted, Items: []extract.Item{{Title: "关于检查的通知\u202e", Date: date("2023-09-25")}, {Title: "关于放假的通知", Date: date("2023-09-20")}},
	}
	c.Look.Reading.Proposal = c.Proposal
	return c
}

// night is what a round before saw, by the recipe in force.
func night(c rules.ColumnResult) []store.Snapshot {
	return []store.Snapshot{
		{Subject: c.Column.ID, Round: "20230926-0130", At: c.Look.At.AddDate(0, 0, -1), Look: 1, Digest: "d0", Reading: extract.Reading{
			Outcome: extract.Dated, Method: "cms:trs", Newest: date("2023-09-20"),
			Items: []extract.Item{{Title: "置顶的旧通知", Date: date("2020-01-01")}, {Title: "关于放假的通知", Date: date("2023-09-20")}},
		}},
		{Subject: c.Column.ID, Round: c.Look.Round, At: c.Look.At, Look: 1, Digest: c.Look.Digest, Reading: c.Look.Reading},
	}
}

func TestShowPutsOldAndNewSideBySide(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		c := redesigned(false)
		res := rules.Result{Point: on("2023-09-28"), PointDay: on("2023-09-27"), Columns: []rules.ColumnResult{c}}
		p, err := NewProof(&inventory.City{}, ruleSet(), round(), res, c.Column.ID, night(c))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := Show(&b, p, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "show-proposal."+lang+".txt", b.String())
		if strings.ContainsAny(b.String(), "\x1b\u202e") {
			t.Errorf("control characters reach the terminal: %q", b.String())
		}
	}
}

func TestShowSaysWhatBecameOfAProposal(t *testing.T) {
	bare := redesigned(false)
	bare.Column.Recipe, bare.State = extract.Recipe{}, rules.Fresh
	for name, tt := range map[string]struct {
		c    rules.ColumnResult
		want string
	}{
		"accepted":              {redesigned(true), "把握 0.91，把握足够，读数已采用，仍请批准"},
		"no recipe, it is read": {bare, "把握 0.91，未配置规则，按此读出"},
	} {
		p, err := NewProof(&inventory.City{}, ruleSet(), round(), rules.Result{Columns: []rules.ColumnResult{tt.c}}, tt.c.Column.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := Show(&b, p, "zh"); err != nil || !strings.Contains(b.String(), tt.want) {
			t.Errorf("%s: no %q in\n%s", name, tt.want, b.String())
		}
		if !strings.Contains(b.String(), "现行规则没有读出过") {
			t.Errorf("%s: nothing was ever read, and show does not say so:\n%s", name, b.String())
		}
	}
}

func TestCheckSaysHowManyProposalsWait(t *testing.T) {
	waiting, accepted, none := redesigned(false), redesigned(true), redesigned(false)
	none.Proposal = nil
	bare := redesigned(false) // nobody gave a recipe, and it is read without one
	bare.Column.Recipe, bare.State = extract.Recipe{}, rules.Fresh
	res := rules.Result{Columns: []rules.ColumnResult{waiting, accepted, none, bare}}
	c := NewCheck(&inventory.City{}, ruleSet(), round(), res)
	want := "2个栏目有建议的采集规则待批准，用 xuncha show 对象 查看，用 xuncha try 对象 --config 目录 --accept 采用：" +
		"xxgk/czj/gzdt/rcgz（把握0.91）、xxgk/czj/gzdt/rcgz（把握0.91）\n"
	if got := tableText(t, c, "zh"); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant at its end\n%s", got, want)
	}
	if got := tableText(t, smallCheck(), "zh"); strings.Contains(got, "待批准") {
		t.Errorf("nothing is proposed, and the table speaks of it:\n%s", got)
	}
	res.Columns = slices.Repeat([]rules.ColumnResult{waiting}, 40)
	if got := tableText(t, NewCheck(&inventory.City{}, ruleSet(), round(), res), "zh"); strings.Count(got, "把握") != 10 || !strings.Contains(got, "40个栏目") {
		t.Errorf("forty proposals:\n%s", got)
	}
}

// A proposal is a key of its own, and only where there is one: whoever reads
// the document without knowing it reads the same as before.
func TestProposalIsAnOptionalKey(t *testing.T) {
	c := NewCheck(&inventory.City{}, ruleSet(), round(), rules.Result{Columns: []rules.ColumnResult{redesigned(true)}})
	got := checkJSON(t, c)
	want := fmt.Sprintf(`"proposal": {
        "confidence": 0.91,
        "accepted": true,
        "newest": "2023-09-25",
        "recipe": {
          "list": "div.new-list",
          "item": "li",
          "date": %q
        }
      }`, `span =~ (\d+-\d+-\d+)`)
	if !strings.Contains(got, want) {
		t.Errorf("no %s in\n%s", want, got)
	}
	if strings.Contains(checkJSON(t, smallCheck()), `"proposal"`) {
		t.Error("a check without proposals has the key")
	}
}
