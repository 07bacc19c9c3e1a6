package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// A tongue is the language people read: "zh", or "en". Documents are Chinese;
// names and titles stay as they are.
type tongue string

const (
	chinese tongue = "zh"
	english tongue = "en"
)

// say picks the wording.
func (t tongue) say(zh, en string) string {
	if t == english {
		return en
	}
	return zh
}

// StateWord is the word for a state in a language, zh or en.
func StateWord(s rules.State, lang string) string { return tongue(lang).state(s) }

// state is the word for a state.
func (t tongue) state(s rules.State) string {
	switch s {
	case rules.Fresh:
		return t.say("正常", "fresh")
	case rules.Due:
		return t.say("临期", "due")
	case rules.Stale:
		return t.say("超期未更新", "stale")
	case rules.Blank:
		return t.say("空白栏目", "blank")
	case rules.Missing:
		return t.say("疑似未开设", "suspected missing")
	}
	return t.say("未能监测", "unknown")
}

// gap is the word for what is missing of a mandated section: the state where
// nothing else is known.
func (t tongue) gap(g rules.Gap, absent []string) string {
	parts := clean(strings.Join(absent, t.say("、", ", ")))
	switch g {
	case rules.GapPart:
		return t.say("已开设，疑似无"+parts, "there, suspected without "+parts)
	case rules.GapScattered:
		return t.say("疑似未集中公开", "suspected not in one place")
	}
	return t.state(rules.Missing)
}

// sign is the sign that goes with the word, so that a state never rests on
// colour alone.
func sign(s rules.State) string {
	switch s {
	case rules.Fresh:
		return "●"
	case rules.Due:
		return "◐"
	case rules.Stale:
		return "■"
	case rules.Blank:
		return "□"
	case rules.Missing:
		return "▲"
	}
	return "◌"
}

// reason is the word for why something is unknown. It says what we could not
// do, never what a unit left undone.
func (t tongue) reason(r extract.Reason) string {
	switch r {
	case extract.ReasonDown:
		return t.say("无法访问", "no answer")
	case extract.ReasonBlocked:
		return t.say("访问被拦截", "our access was blocked")
	case extract.ReasonGone:
		return t.say("页面失效", "page gone")
	case extract.ReasonLost:
		return t.say("页面改版，采集规则待更新", "page redesigned, recipe to be mended")
	case extract.ReasonScript:
		return t.say("需要浏览器渲染", "needs a browser")
	case extract.ReasonUndated:
		return t.say("未识别到日期", "no date recognised")
	case extract.ReasonPartial:
		return t.say("未能读全", "not read to its end")
	case extract.ReasonRobots:
		return t.say("协议不允许", "robots.txt forbids it")
	case extract.ReasonNotLooked, "":
		return t.say("本次未巡查", "not looked at this time")
	}
	return clean(string(r))
}

// stateAndReason is a state's word, with the reason of unknown.
func (t tongue) stateAndReason(s rules.State, r extract.Reason) string {
	if s != rules.Unknown && s != "" {
		return t.state(s)
	}
	return t.state(rules.Unknown) + t.say("：", ": ") + t.reason(r)
}

// verdict is the word for a verdict.
func (t tongue) verdict(v rules.Verdict) string {
	switch {
	case t == chinese:
		return string(v)
	case v == rules.Pass:
		return "pass"
	case v == rules.Fail:
		return "fail"
	case v == rules.Pending:
		return "to be checked"
	}
	return "not monitored"
}

// EffectWord is the word for what failing an indicator does.
func EffectWord(e rules.Effect, lang string) string { return tongue(lang).effect(e) }

// effect is the word for what failing an indicator does.
func (t tongue) effect(e rules.Effect) string {
	switch e {
	case rules.EffectVeto:
		return t.say("单项否决", "veto")
	case rules.EffectDeduct:
		return t.say("扣分", "deducts points")
	case rules.EffectNotice:
		return t.say("通报", "named in the notice")
	case rules.EffectHint:
		return t.say("提示", "hint")
	}
	return clean(string(e))
}

// window is an ISO 8601 window in words: P14D is 2周.
func (t tongue) window(iso string) string {
	var parts []string
	number := ""
	for _, r := range strings.TrimPrefix(iso, "P") {
		if '0' <= r && r <= '9' {
			number += string(r)
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			return clean(iso)
		}
		word := t.span(n, r)
		if word == "" {
			return clean(iso)
		}
		parts, number = append(parts, word), ""
	}
	return strings.Join(parts, t.say("", " "))
}

// WindowWord is an ISO 8601 window in words, 2周 for P14D. lang is "zh" or "en".
func WindowWord(iso, lang string) string { return tongue(lang).window(iso) }

// span is a number of days, weeks, months or years in words.
func (t tongue) span(n int, unit rune) string {
	if unit == 'D' && n%7 == 0 && n > 0 {
		n, unit = n/7, 'W'
	}
	switch unit {
	case 'D':
		return t.count(n, "天", "day")
	case 'W':
		return t.count(n, "周", "week")
	case 'M':
		return t.count(n, "个月", "month")
	case 'Y':
		return t.count(n, "年", "year")
	}
	return ""
}

// count is a number with what it counts.
func (t tongue) count(n int, zh, en string) string {
	if n != 1 {
		en += "s"
	}
	return t.say(fmt.Sprintf("%d%s", n, zh), fmt.Sprintf("%d %s", n, en))
}

// dayInWords is a day as running text says it, without its year: 10月12日.
func (t tongue) dayInWords(d time.Time) string {
	return d.In(extract.Beijing).Format(t.say("1月2日", "2 January"))
}

// why is the word for what a page was asked for.
func (t tongue) why(w extract.Why) string {
	words := map[extract.Why]string{
		extract.WhyList: "列表", extract.WhyNext: "后页", extract.WhyArticle: "文章", extract.WhyFrame: "框架页",
		extract.WhyData: "数据", extract.WhySearch: "查找", extract.WhyPart: "组成部分",
	}
	if word, ok := words[w]; ok {
		return t.say(word, string(w))
	}
	return clean(string(w))
}
