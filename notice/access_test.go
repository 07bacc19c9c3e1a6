package notice

import (
	"testing"

	"xuncha/cases"
	"xuncha/rules"
)

// A site that did not open is 待核实 until people have settled it: by their word it
// fails, or is what it would be without the suspicion.
func TestASiteThatDoesNotOpenIsSettledByPeople(t *testing.T) {
	const access = "national.V2.access"
	id := rules.FindingID("czj", access)
	for _, tt := range []struct {
		name   string
		decide func(o *office)
		want   rules.Verdict
	}{
		{"nobody has looked", func(*office) {}, rules.Pending},
		{"somebody has looked at something else of it", func(o *office) {
			f := cases.Facts{Subject: "czj", Unit: "czj", Indicator: "national.V5.interaction", Effect: rules.EffectNotice, Sources: []string{cases.ByHand},
				Publicity: cases.Named, Text: "未按时答复留言", Basis: "检查指标", Point: on("2023-09-20")}
			o.do(cases.Event{Kind: cases.Raise, By: handler, Facts: &f})
		}, rules.Pending},
		{"it opens from elsewhere", func(o *office) {
			o.do(cases.Event{Case: id, Kind: cases.Reject, By: signer, Note: "换网络可以打开"})
		}, rules.Pass},
		{"it opens from nowhere", func(o *office) { o.do(cases.Event{Case: id, Kind: cases.Confirm, By: signer}) }, rules.Fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t)
			in.RuleSet.Indicators = append(in.RuleSet.Indicators, rules.Indicator{ID: access, Kind: rules.KindAccess, Text: "网站无法访问", Effect: rules.EffectVeto})
			in.Result.Findings = append(in.Result.Findings, rules.Finding{
				ID: id, Subject: "czj", Unit: "czj", Indicator: access, Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol}, Status: "疑似",
				Publicity: cases.Named, Since: on("2023-09-21"), Text: "网站无法访问，2023-09-21至2023-09-27访问168次，其中14次超过15秒未能打开，占8.3%", Basis: "监测1周", Preliminary: true,
			})
			s := &in.Result.Sites[0]
			s.Verdict, s.Besides, s.Reasons, s.Access = rules.Pending, rules.Pass, []string{"网站无法访问"}, &rules.Access{Fails: true}
			o := newOffice(t, in)
			tt.decide(o)
			in.Book = o.book
			res := Decided(in)
			if got := res.Sites[0]; got.Verdict != tt.want || (len(got.Reasons) == 0) != (tt.want == rules.Pass) {
				t.Errorf("%s %v, want %s", got.Verdict, got.Reasons, tt.want)
			}
		})
	}
}
