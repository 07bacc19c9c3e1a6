package console

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/report"
	"xuncha/store"
)

// roundPage is one round.
type roundPage struct {
	RoundSeen
	Running  bool
	Classes  []reasonCount
	Unread   []failedRow
	Only     extract.Reason // of Unread, "" for all
	List     listing        // of Unread
	Timeline timeline
	Slowest  []HostSpan
}

// A reasonCount is how many subjects were not read for one reason.
type reasonCount struct {
	Reason extract.Reason
	N      int
}

// A failedRow is a subject that was not read, as far as the user sees it.
type failedRow struct {
	board.Row
	RoundFailure
}

// slowestShown is how many hosts are named as the slowest.
const slowestShown = 10

// hasEnded reports whether a round is over, so that its page stays as it is.
func (c *Console) hasEnded(q *request) (state string, keep bool, err error) {
	u, running, _ := c.under()
	return "", !running || u.Round != "" && u.Round != q.PathValue("id"), nil
}

// round shows one round.
func (c *Console) round(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.roundOf(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	if p.List, err = q.listing("plan", "name", "unit", "reason"); err != nil {
		return err
	}
	q.sortFailed(p.Unread, p.List)
	switch {
	case format != "" && q.URL.Query().Get("table") == "hosts":
		return c.export(w, q, format, q.hostsSheet(p.Hosts))
	case format != "":
		return c.export(w, q, format, q.failedSheet(p.Unread))
	}
	p.Unread = cut(&p.List, p.Unread)
	return c.render(w, q, http.StatusOK, "round", p)
}

// sortFailed orders what was not read; "plan" leaves it as it was planned.
func (q *request) sortFailed(rows []failedRow, l listing) {
	units := q.comparison("unit")
	slices.SortStableFunc(rows, func(a, b failedRow) int {
		if l.Desc {
			a, b = b, a
		}
		switch l.Sort {
		case "name":
			return strings.Compare(a.Name, b.Name)
		case "unit":
			return units(a.Row, b.Row)
		case "reason":
			return slices.Index(reasons, a.RoundFailure.Reason) - slices.Index(reasons, b.RoundFailure.Reason)
		}
		return 0
	})
}

func (q *request) failedSheet(rows []failedRow) sheet.Table {
	t := sheet.Table{Name: q.say("未能监测的对象", "not-read"), Head: []string{q.say("对象", "Subject"), q.say("编号", "ID"), q.say("单位", "Unit"), q.say("原因", "Reason"), q.say("怎么办", "What to do"), q.say("技术详情", "Details")}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.Name, r.ID, unitName(q.board, r.Unit, q.lang), report.ReasonWord(r.RoundFailure.Reason, q.lang), nextStep(r.RoundFailure.Reason, q.lang), r.Detail})
	}
	return t
}

func (q *request) hostsSheet(hosts []HostSpan) sheet.Table {
	t := sheet.Table{Name: q.say("主机", "hosts"), Head: []string{
		q.say("主机", "Host"), q.say("开始", "Began"), q.say("结束", "Ended"), q.say("用时（秒）", "Took (seconds)"), q.say("对象", "Subjects"), q.say("未读出", "Not read"), q.say("第几遍", "Look"),
	}}
	for _, h := range hosts {
		took := ""
		if !h.Ended.IsZero() {
			took = strconv.FormatFloat(h.Took().Seconds(), 'f', 1, 64)
		}
		t.Rows = append(t.Rows, []string{h.Host, stamp(h.Began, time.DateTime), stamp(h.Ended, time.DateTime), took, strconv.Itoa(h.Subjects), strconv.Itoa(h.Failed), strconv.Itoa(h.Look)})
	}
	return t
}

// roundOf is one round with what became of its subjects, as far as the user sees
// them.
func (c *Console) roundOf(q *request, id string) (roundPage, error) {
	if c.Rounds == nil {
		return roundPage{}, errNoDaemon()
	}
	seen, err := c.Rounds.Round(id)
	if errors.Is(err, store.ErrNotFound) {
		return roundPage{}, refuse(http.StatusNotFound, "没有这个批次；请从“巡查批次”的列表中选择", "there is no such round; choose one from the list of rounds")
	}
	if err != nil {
		return roundPage{}, err
	}
	p := roundPage{RoundSeen: seen, Running: seen.State == store.Running}
	counts := map[extract.Reason]int{}
	for _, f := range seen.Failures {
		counts[f.Reason]++
	}
	only, err := q.choose("reason", q.say("原因", "Reason"), q.reasonOptions())
	if err != nil {
		return p, err
	}
	p.Only = extract.Reason(only.Value)
	for _, f := range seen.Failures {
		if r, err := q.row(f.Subject); err == nil && (p.Only == "" || f.Reason == p.Only) {
			p.Unread = append(p.Unread, failedRow{r, f})
		}
	}
	p.Classes = countReasons(counts)
	p.Timeline = newTimeline(seen.Hosts, seen.Started, cmp.Or(seen.Finished, q.now))
	p.Slowest = slowest(seen.Hosts)
	return p, nil
}

// countReasons lists reasons, the most frequent first.
func countReasons(counts map[extract.Reason]int) []reasonCount {
	var all []reasonCount
	for r, n := range counts {
		all = append(all, reasonCount{r, n})
	}
	slices.SortFunc(all, func(a, b reasonCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Reason, b.Reason)) })
	return all
}

// slowest are the hosts that took longest.
func slowest(hosts []HostSpan) []HostSpan {
	all := slices.Clone(hosts)
	slices.SortStableFunc(all, func(a, b HostSpan) int { return cmp.Compare(b.Took(), a.Took()) })
	return all[:min(len(all), slowestShown)]
}
