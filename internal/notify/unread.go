package notify

import (
	"fmt"
	"net/url"
	"strings"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// ours is the share of subjects from which a failure is taken to be of our own
// network.
const ours = 0.8

// A cause is why some subjects could not be read: one reason at one carrier or
// platform, or at several carriers that one thing ties together.
type cause struct {
	where  string
	reason extract.Reason
	path   string // of the console's table of them
}

// A tally is what is known of a cause.
type tally struct {
	count  int
	fresh  int // were not told of
	nights int // for which the longest of them could not be read
}

// unread is what could not be read and was read when last told of, by cause: one
// line for a host or a platform, one for all if it is our own network. Once a week
// the rest is told of too, with since when.
func (n *news) unread(v voice) section {
	s := section{Part: Part{Heading: v.say("【未能监测】不计为单位问题，请运维人员处理", "NOT READ: no fault of the units, for the operator")}, word: v.say("未能监测", "not read")}
	count, down := map[cause]*tally{}, 0
	var all tally
	var order []cause
	causeOf := n.causes(v)
	for _, r := range n.board.Rows {
		if r.State != rules.Unknown {
			continue
		}
		s.n++
		if r.Reason == extract.ReasonDown {
			down++
		}
		c := causeOf(r)
		if count[c] == nil {
			count[c] = &tally{}
			order = append(order, c)
		}
		fresh := 0
		if y := n.yesterday(r.ID); y.State != rules.Unknown || y.Reason != r.Reason {
			fresh = 1
		}
		nights := n.nights(r.ID, func(c board.Cell) bool { return c.State == rules.Unknown }, func(board.Cell) bool { return false })
		for _, t := range []*tally{count[c], &all} {
			t.count, t.fresh, t.nights = t.count+1, t.fresh+fresh, max(t.nights, nights)
		}
	}
	if len(n.board.Rows) > 0 && float64(down) >= ours*float64(len(n.board.Rows)) {
		if all.fresh > 0 || n.weekly {
			s.Lines = []Line{{Text: fmt.Sprintf(v.say("%d 个对象几乎全部无法访问，多半是本机网络的问题；请检查网络后重新巡查", "%d subjects, nearly all, did not answer: most likely our own network; check it and patrol again"), down) + lasts(all.nights, v)}}
		}
		return s
	}
	told := 0
	for _, c := range order {
		t := count[c]
		if t.fresh == 0 && !n.weekly {
			continue
		}
		told += t.count
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("%s：%d 个，%s", "%s: %d, %s"), c.where, t.count, report.ReasonWord(c.reason, string(v))) + lasts(t.nights, v), c.path})
	}
	if rest := s.n - told; len(s.Lines) > 0 && rest > 0 {
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("另有 %d 个此前已告知，仍未能监测", "%d more that were told of before"), rest), ""})
	}
	s.Paths = []string{"/columns?state=unknown"}
	return s
}

// tied is how many carriers that are down at once are taken to have one cause.
const tied = 3

// causes says of each row why it could not be read. Carriers that nothing answers for
// and that stand on one host, or else are of one system, have one cause from three of
// them on, unless others of that system answer.
func (n *news) causes(v voice) func(board.Row) cause {
	down, up := map[string]bool{}, map[string]bool{} // carriers, by whether anything of them is read
	for _, r := range n.board.Rows {
		switch {
		case r.Carrier == "":
		case r.State != rules.Unknown:
			up[r.Carrier] = true
		case r.Reason == extract.ReasonDown:
			down[r.Carrier] = true
		}
	}
	byHost, bySystem, systemUp := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, c := range n.board.City.Carriers {
		switch {
		case up[c.ID]:
			systemUp[c.CMS] = true
		case down[c.ID]:
			byHost[hostOf(c)]++
			bySystem[c.CMS]++
		}
	}
	return func(r board.Row) cause {
		c, ok := n.board.City.Carrier(r.Carrier)
		if !ok || r.Reason != extract.ReasonDown || up[c.ID] {
			return n.causeOf(r)
		}
		path := "/columns?" + url.Values{"state": {string(rules.Unknown)}, "reason": {string(r.Reason)}}.Encode()
		switch host := hostOf(c); {
		case host != "" && byHost[host] >= tied:
			return cause{fmt.Sprintf(v.say("同一主机 %s 上的 %d 个网站或平台", "%[2]d sites on one host, %[1]s"), safe(host), byHost[host]), r.Reason, path}
		case c.CMS != "" && bySystem[c.CMS] >= tied && !systemUp[c.CMS]:
			return cause{fmt.Sprintf(v.say("同一系统 %s 的 %d 个网站或平台，疑为同一原因", "%[2]d sites of one system, %[1]s, maybe for one cause"), safe(c.CMS), bySystem[c.CMS]), r.Reason, path}
		}
		return n.causeOf(r)
	}
}

// hostOf is the host of a carrier's home page, "" where it has none.
func hostOf(c inventory.Carrier) string {
	u, err := url.Parse(c.Home)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// causeOf is why a row by itself could not be read.
func (n *news) causeOf(r board.Row) cause {
	q := url.Values{"state": {string(rules.Unknown)}, "reason": {string(r.Reason)}}
	path := "/columns?"
	switch r.Kind {
	case inventory.KindAccount:
		path = "/accounts?"
		q.Set("platform", string(r.Platform))
	default:
		q.Set("carrier", r.Carrier)
	}
	return cause{safe(n.board.Place(r)), r.Reason, path + q.Encode()}
}

// proposed counts by carrier the recipes that wait for somebody and were not told of,
// and once a week all of them.
func (n *news) proposed(v voice) section {
	s := section{
		Part: Part{Heading: v.say("【采集规则】页面改版，新规则待确认", "RECIPES that wait to be accepted"), Paths: []string{"/tuner"}},
		word: v.say("待确认规则", "recipes"),
	}
	count, known := map[string]*tally{}, 0
	var order []string
	for _, c := range n.board.Result.Columns {
		if c.Proposal == nil {
			continue
		}
		r, ok := n.board.Row(c.Column.ID)
		day, told := n.told.Proposed[c.Column.ID]
		if !ok || told && !n.weekly {
			known++
			continue
		}
		where := safe(n.board.Place(r))
		if count[where] == nil {
			count[where] = &tally{}
			order = append(order, where)
		}
		t := count[where]
		t.count++
		if told {
			t.nights = max(t.nights, int(n.today.Sub(extract.DayOf(day)).Hours()/24)+1)
		}
		s.n++
	}
	for _, where := range order {
		t := count[where]
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("%s：%d 个栏目改版，请确认或修改采集规则", "%s: %d columns were redesigned; accept or mend their recipes"), where, t.count) + lasts(t.nights, v), "/tuner"})
	}
	if len(s.Lines) > 0 && known > 0 {
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("另有 %d 个此前已告知，仍待确认", "%d more that were told of before still wait"), known), "/tuner"})
	}
	return s
}
