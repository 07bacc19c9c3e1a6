package office

import (
	"bytes"
	"fmt"

	"xuncha/cases"
	"xuncha/internal/gongwen"
	"xuncha/internal/sheet"
)

// slipName is what a slip is called in its tables and documents.
const slipName = "疑似问题核实单"

// SlipTable is 《疑似问题核实单》 of one unit as a sheet to be filled in.
func (d *Desk) SlipTable(s cases.Slip) sheet.Table {
	t := sheet.Table{Name: slipName, Head: []string{
		"序号", "单位", "检查期", "问题编号", "对象", "问题", "判定依据", "监测时间点状态", "发文前状态", "答复期限", "答复（属实、不属实、已整改）", "说明", "办理状态",
	}}
	for i, r := range s.Rows {
		t.Rows = append(t.Rows, []string{
			fmt.Sprint(i + 1), UnitName(d.City, s.Unit), s.Period, r.Case, SubjectName(d.City, r.Subject), r.Text, r.Basis, r.AtPoint, r.BeforeNotice,
			dayOrNone(r.Due), string(r.Answer), r.AnswerNote, string(r.State),
		})
	}
	return t
}

// SlipDocument is 《疑似问题核实单》 of one unit as a document to be signed.
func (d *Desk) SlipDocument(s cases.Slip) ([]byte, error) {
	t := gongwen.Table{Columns: []gongwen.Column{
		{Title: "序号", Width: 1}, {Title: "对象", Width: 4, Align: gongwen.AlignLeft}, {Title: "疑似问题", Width: 5, Align: gongwen.AlignLeft},
		{Title: "监测时间点状态", Width: 4, Align: gongwen.AlignLeft}, {Title: "答复（属实、不属实、已整改）", Width: 3}, {Title: "说明", Width: 3},
	}}
	basis := []gongwen.Block{}
	seen := map[string]bool{}
	for i, r := range s.Rows {
		t.Add(fmt.Sprint(i+1), SubjectName(d.City, r.Subject), r.Text, r.AtPoint, string(r.Answer), r.AnswerNote)
		if !seen[r.Basis] && r.Basis != "" {
			seen[r.Basis] = true
			basis = append(basis, gongwen.Text(r.Basis))
		}
	}
	doc := gongwen.Document{
		Title: []string{slipName}, To: UnitName(d.City, s.Unit),
		Body: append([]gongwen.Block{
			gongwen.Text(fmt.Sprintf("%s巡查中发现你单位以下疑似问题，请核实，并于%s前答复。答复不属实的请附证明材料。", s.Period, s.Due.Format("2006年1月2日"))),
			t, gongwen.Heading{Level: 1, Text: "判定依据"},
		}, basis...),
	}
	doc.Body = append(doc.Body, gongwen.Text("单位负责人（签字）：　　　　　　　　　　填报人：　　　　　　　　日期："))
	if d.City.Simulated {
		doc.Banner = "模拟数据，非正式通报"
	}
	var b bytes.Buffer
	err := doc.DOCX(&b)
	return b.Bytes(), err
}
