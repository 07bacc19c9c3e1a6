package notify

import (
	"fmt"
	"net/url"
	"slices"

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
// platform.
type cause struct {
	where  string
	reason extract.Reason
	path   string // of the console's table of them
}

// unread is what could not be read and was read when last told of, by cause: one
// line for a host or a platform, one for all if it is our own network.
func (n *news) unread(v voice) section {
	s := section{Part: Part{Heading: v.say("【未能监测】不计为单位问题，请运维人员处理", "NOT READ: no fault of the units, for the operator")}, word: v.say("未能监测", "not read")}
	count, fresh, down := map[cause]int{}, map[cause]int{}, 0
	var order []cause
	for _, r := range n.board.Rows {
		if r.State != rules.Unknown {
			continue
		}
		s.n++
		if r.Reason == extract.ReasonDown {
			down++
		}
		c := n.causeOf(r)
		if count[c] == 0 {
			order = append(order, c)
		}
		count[c]++
		if y := n.yesterday(r.ID); y.State != rules.Unknown || y.Reason != r.Reason {
			fresh[c]++
		}
	}
	if len(n.board.Rows) > 0 && float64(down) >= ours*float64(len(n.board.Rows)) {
		if sum(fresh) > 0 {
			s.Lines = []Line{{Text: fmt.Sprintf(v.say("%d 个对象几乎全部无法访问，多半是本机网络的问题；请检查网络后重新巡查", "%d subjects, nearly all, did not answer: most likely our own network; check it and patrol again"), down)}}
		}
		return s
	}
	told := 0
	for _, c := range order {
		if fresh[c] > 0 {
			told += count[c]
			s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("%s：%d 个，%s", "%s: %d, %s"), c.where, count[c], report.ReasonWord(c.reason, string(v))), c.path})
		}
	}
	if rest := s.n - told; len(s.Lines) > 0 && rest > 0 {
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("另有 %d 个此前已告知，仍未能监测", "%d more that were told of before"), rest), ""})
	}
	s.Paths = []string{"/columns?state=unknown"}
	return s
}

// causeOf is why a row could not be read.
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

func sum[K comparable](m map[K]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// proposed counts by carrier the recipes that wait for somebody and were not told of.
func (n *news) proposed(v voice) section {
	s := section{
		Part: Part{Heading: v.say("【采集规则】页面改版，新规则待确认", "RECIPES that wait to be accepted"), Paths: []string{"/tuner"}},
		word: v.say("待确认规则", "recipes"),
	}
	count, known := map[string]int{}, 0
	var order []string
	for _, c := range n.board.Result.Columns {
		if c.Proposal == nil {
			continue
		}
		r, ok := n.board.Row(c.Column.ID)
		if !ok || slices.Contains(n.told.Proposed, c.Column.ID) {
			known++
			continue
		}
		where := safe(n.board.Place(r))
		if count[where] == 0 {
			order = append(order, where)
		}
		count[where]++
		s.n++
	}
	for _, where := range order {
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("%s：%d 个栏目改版，请确认或修改采集规则", "%s: %d columns were redesigned; accept or mend their recipes"), where, count[where]), "/tuner"})
	}
	if len(s.Lines) > 0 && known > 0 {
		s.Lines = append(s.Lines, Line{fmt.Sprintf(v.say("另有 %d 个此前已告知，仍待确认", "%d more that were told of before still wait"), known), "/tuner"})
	}
	return s
}
