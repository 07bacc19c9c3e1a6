package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xuncha/internal/sheet"
	"xuncha/report"
	"xuncha/rules"
)

// A rulesPage is one rule set with its legal text, and the way to the others.
type rulesPage struct {
	Set   *rules.RuleSet
	Sets  []*rules.RuleSet
	Force bool // it is the one that is judged by
	Lines []ruleLine
}

// A ruleLine is one indicator in words.
type ruleLine struct {
	rules.Indicator
	Window string
	Scope  []string // what it applies to, "" for everything
	Limits string   // how much of it fails
}

// sets are the rule sets of the configuration, the one in force first; none before
// there is one.
func (c *Console) sets(q *request) ([]*rules.RuleSet, error) {
	var force *rules.RuleSet
	var all []*rules.RuleSet
	if c.System != nil {
		s, err := c.System.System()
		if err != nil {
			return nil, err
		}
		force, all = s.Set, s.Sets
	}
	if q.board != nil {
		force = cmp.Or(force, q.board.Set)
		if len(all) == 0 && q.board.City != nil {
			all = rules.All(q.board.City.Files)
		}
	}
	if force == nil {
		return nil, nil
	}
	others := slices.DeleteFunc(slices.Clone(all), func(s *rules.RuleSet) bool { return s.ID == force.ID })
	return append([]*rules.RuleSet{force}, others...), nil
}

// ruleSet shows the indicators with their legal text.
func (c *Console) ruleSet(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	sets, err := c.sets(q)
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		return refuse(http.StatusNotFound, "还没有检查指标；首次巡查完成后在这里显示", "there is no rule set yet; it is shown here after the first round")
	}
	i := 0
	if id := q.URL.Query().Get("set"); id != "" {
		if i = slices.IndexFunc(sets, func(s *rules.RuleSet) bool { return s.ID == id }); i < 0 {
			return refuse(http.StatusNotFound, "配置里没有这套检查指标；请从列表中选择", "the configuration has no such rule set; choose one of the list")
		}
	}
	p := rulesPage{Set: sets[i], Sets: sets, Force: i == 0}
	for _, ind := range p.Set.Indicators {
		p.Lines = append(p.Lines, newRuleLine(ind, q.lang))
	}
	if format != "" {
		return c.export(w, q, format, q.rulesSheet(p))
	}
	return c.render(w, q, http.StatusOK, "rules", p)
}

func (q *request) rulesSheet(p rulesPage) sheet.Table {
	t := sheet.Table{Name: q.say("检查指标", "rule-set"), Head: []string{
		q.say("编号", "ID"), q.say("检查指标", "Indicator"), q.say("作用", "Effect"), q.say("扣分", "Points"), q.say("更新时限", "Window"), q.say("适用范围", "Applies to"),
		q.say("通报用语", "Wording"), q.say("判定依据", "Clause"), q.say("已确认", "Confirmed"),
	}}
	for _, l := range p.Lines {
		points := ""
		if l.Points != 0 {
			points = strconv.Itoa(l.Points)
		}
		t.Rows = append(t.Rows, []string{l.ID, l.Name, report.EffectWord(l.Effect, q.lang), points, l.Window, strings.Join(l.Scope, q.say("；", "; ")), l.Text, l.Basis, q.yes(l.Confirmed)})
	}
	return t
}

func newRuleLine(ind rules.Indicator, lang string) ruleLine {
	say := sayer(lang)
	l := ruleLine{Indicator: ind}
	if !ind.Window.IsZero() {
		l.Window = report.WindowWord(ind.Window.String(), lang)
	}
	for _, part := range []struct {
		zh, en string
		of     []string
	}{
		{"栏目类别", "classes", ind.Classes}, {"载体", "carriers", ind.Carriers}, {"平台", "platforms", ind.Platforms}, {"平台除", "platforms but", ind.Except},
		{"单位级别", "levels", ind.Levels}, {"名称", "names", ind.Names},
	} {
		if len(part.of) > 0 {
			l.Scope = append(l.Scope, say(part.zh+"：", part.en+": ")+strings.Join(part.of, say("、", ", ")))
		}
	}
	if ind.FirstLevel {
		l.Scope = append(l.Scope, say("只计一级栏目", "columns of the first level count"))
	}
	switch {
	case ind.AtLeast > 0:
		l.Limits = fmt.Sprintf(say("满 %d 个：%s", "%d or more of: %s"), ind.AtLeast, strings.Join(ind.Of, say("、", ", ")))
	case ind.Visits > 0:
		l.Limits = fmt.Sprintf(say("每天至少访问 %d 次，超过 %d 秒打不开的占 %d%% 以上", "at least %d visits a day, %d s without an answer, %d%% of them or more"), ind.Visits, ind.Seconds, ind.Share)
	}
	return l
}

// ConfidenceWord says how well a clause is known.
func (l ruleLine) ConfidenceWord(lang string) string {
	say := sayer(lang)
	switch l.Confidence {
	case "H":
		return say("H 见于官方页面", "H: seen on an official page")
	case "M":
		return say("M 见于一处其他来源", "M: seen once elsewhere")
	case "I":
		return say("I 推定", "I: inferred")
	case "R":
		return say("R 凭记忆，仅提示", "R: recalled, a hint only")
	}
	return l.Confidence
}
