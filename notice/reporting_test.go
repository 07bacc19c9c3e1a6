package notice

import (
	"strings"
	"testing"

	"xuncha/cases"
	"xuncha/rules"
)

// A report that the register has and the findings lack, or the other way round, is
// one report: the unit is not said to owe it, and people are told to look. What
// both say counts, and what only one of them speaks of.
func TestOneReportWrittenDownTwice(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	in.Book = o.book
	o.confirmAll()
	for _, x := range o.book.In("2023Q3") {
		o.do(cases.Event{Case: x.Case, Kind: cases.Send, By: signer, Due: on("2023-10-20"), Document: "阳政办函〔2023〕15号"})
	}
	o.do(cases.Event{Case: rules.FindingID("xxgk/czj/tzgg", dynamic), Kind: cases.Report, By: handler, SignedBy: "刘强"})
	row := func(unit, received string) Delivery {
		d := Delivery{Unit: unit, Due: on("2023-10-20")}
		if received != "" {
			d.Received = on(received)
		}
		return d
	}
	for _, tt := range []struct {
		name     string
		register []Delivery
		day      string
		owes     string
		late     string
		disagree string
	}{
		{"findings alone", nil, "2023-10-25", "gaj pd", "", ""},
		{"the same in both", []Delivery{row("gaj", ""), row("pd", ""), row("czj", "2023-10-12")}, "2023-10-25", "gaj pd", "", ""},
		{"the register has one more", []Delivery{row("gaj", "2023-10-19")}, "2023-10-25", "pd", "", "gaj"},
		{"and it came late", []Delivery{row("gaj", "2023-10-23")}, "2023-10-25", "pd", "gaj", "gaj"},
		{"the findings have one more", []Delivery{row("czj", "")}, "2023-10-25", "gaj pd", "", "czj"},
		{"the register asks another", []Delivery{row("yq", ""), row("yq", "2023-10-12")}, "2023-10-25", "gaj pd yq", "", ""},
		{"on the last day nothing is owed", []Delivery{row("yq", "")}, "2023-10-20", "", "", ""},
		{"what came later had not come", []Delivery{row("yq", "2023-10-26")}, "2023-10-25", "gaj pd yq", "", ""},
	} {
		var owes, late, disagree []string
		for _, r := range Reporting(in.Book, "2023Q3", tt.register, on(tt.day)) {
			for _, x := range []struct {
				is   bool
				list *[]string
			}{{r.Owes, &owes}, {r.Late, &late}, {r.Disagrees(), &disagree}} {
				if x.is {
					*x.list = append(*x.list, r.Unit)
				}
			}
		}
		for what, x := range map[string][2]string{
			"owe": {strings.Join(owes, " "), tt.owes}, "late": {strings.Join(late, " "), tt.late}, "disagree": {strings.Join(disagree, " "), tt.disagree},
		} {
			if x[0] != x[1] {
				t.Errorf("%s: %s: got %q, want %q", tt.name, what, x[0], x[1])
			}
		}
	}

	in.Registers = &Registers{Deliveries: []Delivery{row("gaj", "2023-10-19"), row("yq", "")}}
	n, _ := make1(t, in)
	files, err := n.Paper(Missing, shipped(t, "missing"), on("2023-10-25"))
	if err != nil {
		t.Fatal(err)
	}
	list := sheetText(t, files[1].Data)
	contains(t, list, "|平定县人民政府|1|2023-10-20|5|", "|—|2023-10-20|5|")
	without(t, list, "市公安局")
	if files, err = n.Paper(Reminder, shipped(t, "reminder"), on("2023-10-25")); err != nil || len(files) != 1 {
		t.Errorf("%d reminders, %v, want that of the one unit whose report nobody has", len(files), err)
	}
}

// What was returned is owed once more, whatever the register has of the first.
func TestAReturnedReportIsOwedAgain(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	o.confirmAll()
	id := rules.FindingID("xxgk/czj/tzgg", dynamic)
	o.do(cases.Event{Case: id, Kind: cases.Send, By: signer, Due: on("2023-10-20")})
	o.do(cases.Event{Case: id, Kind: cases.Report, By: handler, SignedBy: "刘强"})
	o.do(cases.Event{Case: id, Kind: cases.Recheck, By: handler, Result: cases.Failed, Note: "仍未更新"})
	o.do(cases.Event{Case: id, Kind: cases.Return, By: handler, Due: on("2023-11-30"), Note: "仍未更新"})
	register := []Delivery{{Unit: "czj", Due: on("2023-10-20"), Received: on("2023-10-12")}}
	for day, want := range map[string]bool{"2023-11-30": false, "2023-12-01": true} {
		got := Reporting(o.book, "2023Q3", register, on(day))
		if len(got) != 1 || got[0].Owes != want || got[0].Disagrees() {
			t.Errorf("on %s: got %+v, want owed %v and no disagreement", day, got, want)
		}
	}
}
