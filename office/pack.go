package office

import (
	"bytes"

	"xuncha/patrol"
	"xuncha/proof"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// Pack makes the pack of evidence of a subject; indicator chooses among its
// findings. print makes a PDF of the sheet, as of [proof.Order].
func (j Judged) Pack(st *store.Store, subject, indicator string, print func([]byte) ([]byte, error)) (proof.Pack, error) {
	return proof.Make(st, proof.Order{
		City: j.City, RuleSet: j.Set, Round: j.Round, Result: j.Result, Registers: j.Found, Subject: subject, Indicator: indicator,
		Looks: func(id string) ([]rules.Look, error) { return patrol.Looks(st, id, j.Set, j.Result.Point) },
		Case:  func(finding string) ([]byte, error) { return caseOf(st, finding) },
		Print: print,
	})
}

// caseOf is the history of a finding as JSON, nil where nobody has taken it up.
func caseOf(st *store.Store, finding string) ([]byte, error) {
	book, err := st.Book()
	if err != nil {
		return nil, err
	}
	events := book.EventsOf(finding)
	if len(events) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	err = report.WriteJSON(&b, events)
	return b.Bytes(), err
}
