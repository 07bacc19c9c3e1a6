package report

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

func smallCheck() Check {
	city, res := smallCity()
	c := NewCheck(city, ruleSet(), round(), res)
	c.Holidays = []Holiday{{Indicator: "yangquan.disclosure.dynamic", Name: "信息公开动态类栏目更新", WindowStart: "2023-09-24", Days: 15, Holidays: 8, Names: []string{"中秋节、国庆节"}}}
	return c
}

func checkJSON(t *testing.T, c Check) string {
	t.Helper()
	var b strings.Builder
	if err := WriteJSON(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCheckDocument(t *testing.T) { golden(t, "check.json", checkJSON(t, smallCheck())) }

// Whoever reads the document relies on exactly these keys; their order is that
// of the golden file.
func TestCheckHasExactlyThePromisedKeys(t *testing.T) {
	want, err := os.ReadFile("testdata/check-keys.txt")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal([]byte(checkJSON(t, smallCheck())), &doc); err != nil {
		t.Fatal(err)
	}
	got := keyPaths(doc, "")
	slices.Sort(got)
	promised := strings.Fields(string(want))
	slices.Sort(promised)
	if got = slices.Compact(got); !slices.Equal(got, promised) {
		t.Errorf("keys: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(promised, "\n"))
	}
}

// keyPaths lists the paths of all keys below path. The keys of a count by
// reason are data.
func keyPaths(v any, path string) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, keyPaths(x, path+"[]")...)
		}
	case map[string]any:
		if strings.HasSuffix(path, "_by_reason") {
			return nil
		}
		for key, x := range v {
			at := strings.TrimPrefix(path+"."+key, ".")
			out = append(append(out, at), keyPaths(x, at)...)
		}
	}
	return out
}

func TestCheckOfNothing(t *testing.T) {
	got := checkJSON(t, NewCheck(&inventory.City{}, &rules.RuleSet{}, store.Round{}, rules.Result{}))
	for _, want := range []string{`"round": null`, `"columns": []`, `"findings": []`, `"rate": null`, `"unknown_by_reason": {}`} {
		if !strings.Contains(got, want) {
			t.Errorf("an empty city: no %s in\n%s", want, got)
		}
	}
}

func TestSimulatedRoundMarksTheCheck(t *testing.T) {
	r := round()
	r.Simulated = true
	if !NewCheck(&inventory.City{}, ruleSet(), r, rules.Result{}).Simulated {
		t.Error("a check made from simulated pages does not say so")
	}
}

func TestReasonsStandInTheOrderOfLists(t *testing.T) {
	r := Reasons{extract.ReasonNotLooked: 1, extract.ReasonLost: 3, extract.ReasonDown: 2, "newer": 1, "": 4}
	got, err := json.Marshal(r)
	if want := `{"down":2,"lost":3,"not-looked":1,"":4,"newer":1}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestUnknownIsNeverCountedAsAnythingElse(t *testing.T) {
	res := rules.Result{
		Columns:  []rules.ColumnResult{{State: rules.Unknown, Reason: extract.ReasonDown}, {State: rules.Fresh}},
		Accounts: []rules.AccountResult{{State: rules.Unknown, Reason: extract.ReasonBlocked, Verdict: "newer"}},
	}
	c := NewCheck(&inventory.City{}, ruleSet(), round(), res)
	if c.Totals.Columns != (States{Fresh: 1, Unknown: 1}) {
		t.Errorf("columns: got %+v, want 1 fresh and 1 unknown", c.Totals.Columns)
	}
	if c.Coverage.Columns.Conclusive != 1 || c.Coverage.Columns.Unknown != 1 || c.Totals.Accounts.NotMonitored != 1 {
		t.Errorf("coverage: got %+v, accounts %+v", c.Coverage, c.Totals.Accounts)
	}
}

// A city says how many decimals its notices print.
func TestRatesHaveTheCitysDecimals(t *testing.T) {
	city, res := noticeCity()
	for decimals, want := range []string{"94 95", "93.9 94.5", "93.94 94.51"} {
		city.Report.Decimals = decimals
		totals := NewCheck(city, ruleSet(), round(), res).Totals
		if got := string(totals.Sites.Rate + " " + totals.Accounts.Rate); got != want {
			t.Errorf("%d decimals: got %s, want %s", decimals, got, want)
		}
	}
}

func TestHTMLIsNotEscapedInJSON(t *testing.T) {
	var b strings.Builder
	if err := WriteJSON(&b, map[string]Null{"a": "x&y<z>", "b": ""}); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"a\": \"x&y<z>\",\n  \"b\": null\n}\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
