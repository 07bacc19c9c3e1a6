package console

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
)

// A workPage lists the columns whose recipes are work, or that were looked for.
type workPage struct {
	Lost, Waits int // columns
	Fields      []field
	List        listing
	Rows        []workRow
	Looked      bool // for a name
}

// A workRow is a column with what its recipe wants: "lost" where it was not read, for
// a reason that a recipe may mend, "waits" where a proposal waits, else "".
type workRow struct {
	board.Row
	Work string
}

// mendable are the reasons that a recipe may mend.
var mendable = []extract.Reason{extract.ReasonLost, extract.ReasonUndated, extract.ReasonScript, extract.ReasonPartial}

// tunerWork lists what waits for an operator, and finds any other column.
func (c *Console) tunerWork(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	p := &workPage{}
	if p.List, err = q.listing("work", "name", "unit", "state", "newest"); err != nil {
		return err
	}
	var s sieve
	work := map[string]string{}
	if err := firstError(
		func() error { return s.search(q) },
		func() error {
			return s.choose(q, "work", q.say("事由", "Work"), []option{{"lost", q.workWord("lost")}, {"waits", q.workWord("waits")}}, func(r board.Row, v string) bool { return work[r.ID] == v })
		},
	); err != nil {
		return err
	}
	p.Fields, p.Looked = s.Fields, s.Fields[0].Value != ""
	rows := q.rows(inventory.KindColumn)
	work = q.recipeWork(rows)
	for _, w := range work {
		if w == "lost" {
			p.Lost++
		} else {
			p.Waits++
		}
	}
	var list []workRow
	for _, r := range s.pick(rows) {
		if p.Looked || work[r.ID] != "" {
			list = append(list, workRow{r, work[r.ID]})
		}
	}
	q.sortWork(list, p.List)
	if format != "" {
		return c.exportBoard(w, q, format, q.workSheet(list))
	}
	p.Rows = cut(&p.List, list)
	return c.render(w, q, http.StatusOK, "tunerwork", p)
}

// recipeWork is what the recipes of columns want, by the column's ID: "lost" where one
// is not read, for a reason that a recipe may mend, "waits" where another
// recipe is proposed for it, as [proposedFor] says.
func (q *request) recipeWork(rows []board.Row) map[string]string {
	proposed := q.proposed()
	work := map[string]string{}
	for _, r := range rows {
		switch {
		case r.Kind != inventory.KindColumn:
		case r.State == rules.Unknown && slices.Contains(mendable, r.Reason):
			work[r.ID] = "lost"
		case proposed[r.ID]:
			work[r.ID] = "waits"
		}
	}
	return work
}

// recipeTodos lead whoever writes recipes to those that wait for them.
func (q *request) recipeTodos(rows []board.Row) []todo {
	waiting := len(q.recipeWork(rows))
	if !q.user.May(people.Tune) || waiting == 0 {
		return nil
	}
	text := fmt.Sprintf(q.say("%d 个栏目的采集规则待维护", "%d columns wait for a recipe"), waiting)
	return []todo{{rules.Unknown, text, q.say("维护", "mend"), "/tuner"}}
}

// workWord is what a recipe wants, in words.
func (q *request) workWord(work string) string { return workWord(work, q.lang) }

func workWord(work, lang string) string {
	say := sayer(lang)
	switch work {
	case "lost":
		return say("读不出", "cannot be read")
	case "waits":
		return say("建议规则待确认", "a proposal waits")
	}
	return ""
}

// WorkWord is what a recipe wants, in words.
func (v view) WorkWord(work string) string { return workWord(work, v.Lang) }

// sortWork orders columns; by work, those that cannot be read stand first.
func (q *request) sortWork(rows []workRow, l listing) {
	order := []string{"lost", "waits", ""}
	compare := q.comparison(l.Sort)
	slices.SortStableFunc(rows, func(a, b workRow) int {
		if l.Desc {
			a, b = b, a
		}
		if l.Sort == "work" {
			return slices.Index(order, a.Work) - slices.Index(order, b.Work)
		}
		return compare(a.Row, b.Row)
	})
}

func (q *request) workSheet(rows []workRow) sheet.Table {
	t := sheet.Table{Name: q.say("采集规则维护", "recipes"), Head: []string{
		q.say("栏目", "Column"), q.say("单位", "Unit"), q.say("网站或平台", "Site or platform"), q.say("事由", "Work"), q.say("状态", "State"), q.say("最近更新", "Newest"), q.say("编号", "ID"),
	}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.Name, unitName(q.board, r.Unit, q.lang), carrierName(q.board, r.Carrier), q.workWord(r.Work), q.stateWord(r.Row), stamp(r.Newest.Time, time.DateOnly), r.ID})
	}
	return t
}
