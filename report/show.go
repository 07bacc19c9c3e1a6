package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"xuncha/extract"
	"xuncha/rules"
)

// Limits of what a terminal shows of one subject; JSON has everything.
const (
	shownItems = 10
	shownLooks = 30
	shownText  = 100 // cells of one text
)

// Show prints the proof of one subject for a terminal: how it stands and why,
// each indicator with its clause, the items read, every page, and the looks
// before. lang is "zh" or "en".
func Show(w io.Writer, p Proof, lang string) error {
	s := &showing{t: tongue(lang)}
	s.head(p)
	s.indicators(p.Indicators)
	s.findings(p.Findings)
	s.section(p)
	s.sources(p.Account)
	s.counted(p.Counted)
	s.access(p)
	s.reading(p)
	s.proposal(p)
	s.pages(p.Pages)
	s.history(p.History)
	_, err := io.WriteString(w, s.b.String())
	return err
}

// showing prints line by line; every text is cleaned and cut for display.
type showing struct {
	t tongue
	b strings.Builder
}

// line prints a format whose texts are made safe for a terminal.
func (s *showing) line(format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = cut(clean(a), shownText)
		case Null:
			args[i] = cut(clean(string(a)), shownText)
		}
	}
	fmt.Fprintf(&s.b, format+"\n", args...)
}

// whole prints a text that must not be cut: a clause, an address.
func (s *showing) whole(prefix, text string) { s.b.WriteString(prefix + clean(text) + "\n") }

func (s *showing) title(zh, en string) { s.b.WriteString("\n" + s.t.say(zh, en) + "\n") }

func (s *showing) head(p Proof) {
	if p.Simulated {
		s.b.WriteString(s.t.say(SimulatedMark, "Simulated data, not an official notice") + "\n")
	}
	s.line("%s › %s  [%s]", p.Unit, p.Name, p.Subject)
	s.line("%s %s", sign(rules.State(p.State)), p.sentence(s.t))
	if p.Verdict != "" {
		reasons := ""
		if len(p.Reasons) > 0 {
			reasons = s.t.say("：", ": ") + strings.Join(p.Reasons, "；")
		}
		s.line("%s%s%s", s.t.verdict(rules.Verdict(p.Verdict)), s.t.say("（初判）", " (preliminary)"), reasons)
	}
	s.newest(p)
	if note := p.note(s.t); note != "" {
		s.whole(s.t.say("提示", "note")+" ", note)
	}
	s.account(p)
	s.line(s.t.say("监测时间点 %s，检查指标 %s，一致查看 %d 次", "monitoring point %s, rule set %s, %d looks agree"),
		p.PointDay, p.RuleSet, p.Looks)
}

func (s *showing) newest(p Proof) {
	switch {
	case p.Newest != "":
		s.line("%s %s", s.t.say("最近更新", "newest"), strings.TrimSpace(string(p.Newest)+" "+quoted(p.NewestTitle)))
		if p.NewestSource != "" {
			s.line(s.t.say("  日期取自页面文字“%s”", "  the date was read from %q"), p.NewestSource)
		}
	case p.LastGood != "":
		s.line(s.t.say("上次监测到的最近更新 %s（%s 查看）", "newest when last read: %s (looked at %s)"), p.LastGood, p.LastGoodAt)
	}
	if p.ObservedName != "" && p.Account == nil {
		s.line("%s %s", s.t.say("页面显示名称", "name shown"), p.ObservedName)
	}
}

func quoted(title Null) string {
	if title == "" {
		return ""
	}
	return "《" + string(title) + "》"
}

// Sentence says the state in Chinese, with the days that matter.
func (p Proof) Sentence() string { return p.sentence(chinese) }

// sentence says the state in words, with the days that matter.
func (p Proof) sentence(t tongue) string {
	if unknown(p.State) {
		return t.stateAndReason(rules.Unknown, extract.Reason(p.Reason))
	}
	if p.Gap != "" {
		return t.gap(rules.Gap(p.Gap), missingOf(p.Parts))
	}
	by := byRule{State: p.State}
	for _, i := range p.Indicators {
		if i.State == p.State {
			by = i.byRule
			break
		}
	}
	n, ok := daysBetween(cutDay(p.Newest), p.PointDay)
	if rules.State(p.State) != rules.Stale || !ok || by.Window == "" {
		return t.stateWithDay(by, p.PointDay)
	}
	out := t.say(fmt.Sprintf("%s：距最近更新%d天，时限%s", t.state(rules.Stale), n, t.window(string(by.Window))),
		fmt.Sprintf("stale: %s since the newest item, window %s", t.count(n, "天", "day"), t.window(string(by.Window))))
	if over, ok := daysBetween(by.StaleSince, p.PointDay); ok && over >= 0 {
		out += t.say(fmt.Sprintf("，已超期%d天", over+1), fmt.Sprintf(", overdue for %s", t.count(over+1, "天", "day")))
	}
	return out
}

func (s *showing) indicators(all []proofIndicator) {
	if len(all) == 0 {
		return
	}
	s.title("检查指标", "Indicators")
	for _, i := range all {
		state := rules.State(i.State)
		word := s.t.stateWithDay(i.byRule, "")
		if unknown(i.State) {
			word = s.t.stateAndReason(rules.Unknown, extract.Reason(i.Reason))
		}
		s.line("  %s %s", sign(state), joined("  ", i.Indicator, i.Name, word))
		if i.Effect != "" {
			s.line("    %s %s", s.t.say("不符合时", "if it fails"), s.t.effect(rules.Effect(i.Effect)))
		}
		if i.Window != "" || i.WindowStart != "" {
			from := ""
			if i.WindowStart != "" {
				from = s.t.say("自"+string(i.WindowStart)+"起", "from "+string(i.WindowStart))
			}
			s.line("    %s %s", s.t.say("更新时限", "window"), joined(s.t.say("，", " "), s.t.window(string(i.Window)), from))
		}
		if i.StaleSince != "" {
			s.line("    %s %s", s.t.say("超期起始日", "stale since"), i.StaleSince)
		}
		if i.StaleOn != "" {
			s.line("    %s %s", s.t.say("不更新则超期于", "stale, unless updated, on"), i.StaleOn)
		}
		if i.Basis != "" {
			s.whole("    "+s.t.say("判定依据：", "clause: "), i.Basis)
		}
	}
}

func (s *showing) findings(all []Finding) {
	if len(all) == 0 {
		return
	}
	s.title("问题（初判，未经人工核实者为疑似）", "Findings (suspected until a person confirms)")
	for _, f := range all {
		s.line("  %s  %s  %s：%s", f.Status, f.Source, f.Indicator, f.Text)
		if f.Basis != "" {
			s.whole("    "+s.t.say("判定依据：", "clause: "), f.Basis)
		}
	}
}

func (s *showing) section(p Proof) {
	if len(p.Parts) == 0 {
		return
	}
	s.title("组成部分", "Parts")
	for _, part := range p.Parts {
		s.line("  %s %s  %s", sign(rules.State(part.State)), part.Name, s.t.state(rules.State(part.State)))
	}
}

func (s *showing) counted(all []proofColumn) {
	if len(all) == 0 {
		return
	}
	s.title("计入本网站、未列正常的栏目", "Columns that count to this site and are not fresh")
	for _, c := range all {
		s.line("  %s %s  %s  %s  [%s]", sign(rules.State(c.State)), c.Name,
			s.t.stateAndReason(rules.State(c.State), extract.Reason(c.Reason)), c.Newest, c.ID)
	}
}

func (s *showing) reading(p Proof) {
	r := p.Reading
	if r == nil {
		s.title("没有可用的网页快照。", "There is no snapshot to show.")
		return
	}
	s.title("读数", "Reading")
	s.line(s.t.say("  %s 查看，批次 %s，方式 %s，编码 %s", "  looked at %s, round %s, method %s, charset %s"),
		r.At, r.Round, orDash(r.Method), orDash(r.Charset))
	s.line("  %s sha256:%s", s.t.say("网页快照校验值", "snapshot"), r.Digest)
	if r.Detail != "" {
		s.line("  %s %s", s.t.say("说明", "detail"), r.Detail)
	}
	if r.Sure > 0 && r.Outcome != string(extract.Unread) {
		s.line(s.t.say("  列表由系统推断，把握 %.2f", "  the list was found by itself, confidence %.2f"), r.Sure)
	}
	whole := s.t.say("未读全", "not all of them")
	if r.Complete {
		whole = s.t.say("已读全", "all of them")
	}
	s.line(s.t.say("  读到 %d 条，%s", "  %d items, %s"), r.ItemsRead, whole)
	if r.InYear != nil {
		s.line(s.t.say("  其中本年 %d 条", "  %d of them in the year"), *r.InYear)
	}
	for _, it := range r.Items[:min(shownItems, len(r.Items))] {
		s.line("    %s  %s  ← “%s”", orDash(it.Date), it.Title, it.Source)
	}
	s.texts(s.t.say("查找过", "searched"), r.Searched)
	s.texts(s.t.say("最接近的", "nearest"), r.Nearest)
	s.texts(s.t.say("提示", "note"), r.Notes)
}

func (s *showing) texts(label string, texts []string) {
	for _, text := range texts {
		s.line("  %s %s", label, text)
	}
}

func (s *showing) pages(all []proofPage) {
	if len(all) == 0 {
		return
	}
	s.title("所见页面", "Pages")
	for i, p := range all {
		s.whole("  "+strconv.Itoa(i+1)+" "+s.t.why(extract.Why(p.Why))+" ", p.Asked)
		if p.URL != "" && p.URL != p.Asked {
			s.whole("    → ", p.URL)
		}
		status := s.t.say("无响应", "no response")
		if p.Status > 0 {
			status = s.t.say("状态码 ", "status ") + strconv.Itoa(p.Status)
		}
		s.line("    %s  %s", p.FetchedAt, status)
		if p.SHA256 != "" {
			s.line("    %s sha256:%s", s.t.say("校验值", "digest"), p.SHA256)
		}
		if p.Class != "" {
			s.line("    %s（%s）%s", s.t.reason(extract.Class(p.Class).Reason()), p.Class, p.Detail)
		}
		if p.Authority != "" {
			s.line("    %s%s", s.t.say("未按 robots.txt，授权单位：", "robots.txt overridden by authority of "), p.Authority)
		}
	}
}

// history prints the newest looks, newest first.
func (s *showing) history(all []proofLook) {
	if len(all) == 0 {
		return
	}
	s.title("历次查看", "Looks")
	for i := len(all) - 1; i >= max(0, len(all)-shownLooks); i-- {
		l := all[i]
		s.line("  %s  %s  %s  %s", l.At, l.Round, s.t.outcome(l), orDash(l.Newest))
	}
	if left := len(all) - shownLooks; left > 0 {
		s.line(s.t.say("  另有 %d 次更早的查看", "  %d earlier looks are not shown"), left)
	}
}

// outcome is what a look came to, in words.
func (t tongue) outcome(l proofLook) string {
	switch extract.Outcome(l.Outcome) {
	case extract.Dated:
		return t.say("读到日期", "dated")
	case extract.Empty:
		return t.say("列表为空", "list is empty")
	case extract.Found:
		return t.say("已找到", "found")
	case extract.Absent:
		return t.say("未找到", "not found")
	}
	return t.stateAndReason(rules.Unknown, extract.Reason(l.Reason))
}

func orDash(n Null) string {
	if n == "" {
		return "—"
	}
	return string(n)
}
