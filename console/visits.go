package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/rules"
)

// visitsPage is how a site's home page opened in the days before the point.
type visitsPage struct {
	Row    board.Row
	Access *rules.Access
	Days   []visitDay
	Shut   []rules.Probe
	Alone  bool // no other host bears witness, and nothing is judged
}

// A visitDay is one day of knocks.
type visitDay struct {
	Day                     time.Time
	Opened, Failed, NotMade int
}

// visitDays is how many days of knocks are shown.
const visitDays = 14

// visits shows the knocks at a site's home page.
func (c *Console) visits(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.visitsOf(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	switch {
	case format != "" && q.URL.Query().Get("table") == "shut":
		return c.export(w, q, format, q.shutSheet(p))
	case format != "":
		return c.export(w, q, format, q.visitsSheet(p))
	}
	return c.render(w, q, http.StatusOK, "visits", p)
}

func (q *request) visitsSheet(p visitsPage) sheet.Table {
	t := sheet.Table{Name: q.say("首页访问", "visits"), Head: []string{q.say("网站", "Site"), q.say("日期", "Day"), q.say("打开", "Opened"), q.say("未打开", "Not opened"), q.say("不计", "Not counted")}}
	for _, d := range p.Days {
		t.Rows = append(t.Rows, []string{p.Row.Name, stamp(d.Day, time.DateOnly), strconv.Itoa(d.Opened), strconv.Itoa(d.Failed), strconv.Itoa(d.NotMade)})
	}
	return t
}

func (q *request) shutSheet(p visitsPage) sheet.Table {
	t := sheet.Table{Name: q.say("未打开的访问", "not-opened"), Head: []string{q.say("网站", "Site"), q.say("时间", "When"), q.say("情况", "What came"), q.say("状态码", "Status"), q.say("历时（秒）", "Took (seconds)"), q.say("说明", "What it means"), q.say("技术详情", "Details")}}
	for _, k := range p.Shut {
		status := ""
		if k.Status != 0 {
			status = strconv.Itoa(k.Status)
		}
		t.Rows = append(t.Rows, []string{p.Row.Name, stamp(k.At, time.DateTime), cameWord(k.Class, q.lang), status, strconv.FormatFloat(k.Took.Seconds(), 'f', 1, 64), q.faultCell(k.Detail), k.Detail})
	}
	return t
}

// visitsOf are the knocks at a site's home page.
func (c *Console) visitsOf(q *request, id string) (visitsPage, error) {
	row, err := q.row(id)
	if err != nil {
		return visitsPage{}, err
	}
	today := extract.DayOf(c.Now())
	var probes []rules.Probe
	if c.Rounds != nil {
		if probes, err = c.Rounds.Visits(row.ID, today.AddDate(0, 0, 1-visitDays), today.AddDate(0, 0, 1)); err != nil {
			return visitsPage{}, err
		}
	}
	p := visitsPage{Row: row, Alone: !rules.Witnessed(q.board.City, row.ID)}
	if s := c.memo.digestOf(q.board).sites[row.ID]; s != nil {
		p.Access = s.Access
	}
	for n := range visitDays {
		p.Days = append(p.Days, visitDay{Day: today.AddDate(0, 0, -n)})
	}
	for _, k := range slices.Backward(probes) {
		d := &p.Days[int(today.Sub(extract.DayOf(k.At))/(24*time.Hour))]
		switch k.Came {
		case rules.Opened:
			d.Opened++
		case rules.Shut:
			d.Failed++
			p.Shut = append(p.Shut, k)
		default:
			d.NotMade++
		}
	}
	return p, nil
}
