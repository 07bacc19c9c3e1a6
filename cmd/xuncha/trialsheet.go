package main

import (
	"fmt"
	"strings"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
)

// A sheet is a trial as people read it. Texts from pages go through
// [report.Plain] before they are printed.
type sheet struct {
	*app
	visit    crawler.Visit
	task     extract.Task
	platform inventory.PlatformProfile // zero for what is no account
	b        strings.Builder
}

// Widths, in cells of a terminal.
const (
	labelCells  = 10
	titleCells  = 60
	sourceCells = 40
	lineCells   = 110
)

// row prints a label and what goes with it, which must be safe.
func (s *sheet) row(label, text string) {
	s.b.WriteString(s.paint(faint, report.Padded(label, labelCells)) + "  " + text + "\n")
}

// outside makes a text from a page safe, in one line.
func outside(text string) string { return report.Plain(text, 2*lineCells) }

// title begins a part.
func (s *sheet) title(zh, en string, args ...any) {
	s.b.WriteString("\n" + s.paint(strong, fmt.Sprintf(s.say(zh, en), args...)) + "\n")
}

// head says what came of it, in words.
func (s *sheet) head() {
	r := s.visit.Reading
	s.row(s.say("结果", "outcome"), s.paint(outcomeColour(r), s.outcome(r)))
	if r.Detail != "" {
		s.row(s.say("依据", "because"), outside(r.Detail))
	}
	if t := newTrial(s.visit, s.platform); t.Newest != "" {
		least := ""
		if r.AtLeast {
			least = s.say("（至少；可能还有更新的）", " (at least: newer items may exist)")
		}
		s.row(s.say("最近更新", "newest"), s.paint(good, s.newest(t))+least+"  "+outside(string(t.NewestTitle)))
	}
	if r.Name != "" {
		s.row(s.say("显示名称", "name shown"), outside(r.Name))
	}
	s.account(r)
	if r.Confidence > 0 && r.Outcome != extract.Unread {
		s.row(s.say("把握", "confidence"), fmt.Sprintf("%.2f", r.Confidence))
	}
	s.row(s.say("读法", "read by"), outside(r.Method+s.say("；编码 ", "; charset ")+dash(r.Charset)))
	for i, line := range lines(inventory.RecipeYAML(s.task.Recipe, "")) {
		label := ""
		if i == 0 {
			label = s.say("采集规则", "recipe")
		}
		if line != "" {
			s.row(label, outside(line))
		}
	}
	for _, note := range r.Notes {
		s.row(s.say("提示", "note"), s.paint(doubt, outside(note)))
	}
}

// newest is the newest date, of a post as exactly as it is known.
func (s *sheet) newest(t trial) string {
	if d := s.visit.Reading.Newest; t.NewestAt != "" && d.Minute {
		return d.Time.In(extract.Beijing).Format("2006-01-02 15:04")
	}
	return string(t.Newest)
}

// account says what only accounts have, and what to do where posts are not shown.
func (s *sheet) account(r extract.Reading) {
	if s.platform.Name != "" {
		s.row(s.say("平台", "platform"), outside(s.platform.Name))
	}
	if r.Owner != "" {
		s.row(s.say("认证主体", "owner"), outside(r.Owner))
	}
	if r.From != "" {
		s.row(s.say("日期来源", "date from"), outside(report.SourceWord(r.From, s.lang)))
	}
	if r.Hindrance != "" {
		s.row(s.say("受阻", "hindrance"), s.paint(doubt, outside(report.HindranceWord(r.Hindrance, s.lang)+" ("+string(r.Hindrance)+")")))
	}
	if hand := s.say(s.platform.Hand, s.platform.HandEN); hand != "" && (!r.Conclusive() || r.AtLeast) {
		s.row(s.say("怎么办", "what to do"), report.Plain(hand, 10*lineCells))
	}
}

// sources lists what each source of an account's posts said.
func (s *sheet) sources() {
	if len(s.visit.Reading.Tries) == 0 {
		return
	}
	s.title("来源", "Sources")
	for i, t := range s.visit.Reading.Tries {
		text := report.SourceWord(t.Kind, s.lang) + "  " + t.Host + "  " + report.TryWord(t, s.lang)
		fmt.Fprintf(&s.b, "%3d  %s\n", i+1, outside(text))
		if t.Detail != "" {
			s.b.WriteString("     " + s.paint(faint, outside(t.Detail)) + "\n")
		}
	}
}

// outcome says what a reading came to.
func (s *sheet) outcome(r extract.Reading) string {
	switch r.Outcome {
	case extract.Dated:
		return s.say("读到日期（dated）", "dated: a list, and its dates")
	case extract.Empty:
		return s.say("列表为空（empty）", "empty: the list is there and empty")
	case extract.Article:
		return s.say("这是一篇文章，不是列表（article）", "article: one item, not a list")
	case extract.Found:
		return s.say("已找到（found）", "found")
	case extract.Absent:
		return s.say("未找到（absent）", "absent: searched everywhere and not found")
	}
	return s.say("未能读出（unread）：", "unread: ") + report.ReasonWord(r.Reason, s.lang) + s.say("（", " (") + outside(string(r.Reason)) + s.say("）", ")")
}

// outcomeColour is green for what concludes, yellow for what cannot be told.
func outcomeColour(r extract.Reading) colour {
	if r.Conclusive() || r.Outcome == extract.Article {
		return good
	}
	return doubt
}

// pages lists what was asked for and what stood in the way, and what would be
// asked for next.
func (s *sheet) pages() {
	s.title("网页", "Pages")
	for i, p := range s.visit.Pages {
		status := s.say("无响应", "no response")
		if p.Status > 0 {
			status = fmt.Sprint(p.Status)
		}
		rendered := ""
		if p.Rendered {
			rendered = s.say("，浏览器渲染", ", rendered")
		}
		fmt.Fprintf(&s.b, "%3d  %s  %s%s  %s\n", i+1, report.WhyWord(p.Why, s.lang), status, rendered, outside(p.Asked))
		if p.URL != p.Asked && p.URL != "" {
			s.b.WriteString("     → " + outside(p.URL) + "\n")
		}
		if p.Class != "" {
			s.b.WriteString("     " + s.paint(doubt, report.ReasonWord(p.Class.Reason(), s.lang)+"  "+outside(string(p.Class)+"  "+p.Detail)) + "\n")
		}
	}
	_, wants := extract.Read(s.task, s.visit.Pages)
	for _, w := range wants {
		rendered := ""
		if w.Render {
			rendered = s.say("（浏览器渲染）", " (rendered)")
		}
		fmt.Fprintf(&s.b, "  +  %s  %s%s\n", s.say("还想看：", "wanted next: ")+report.WhyWord(w.Why, s.lang), outside(w.URL), rendered)
	}
}

// items lists the rows with the text that each date comes from.
func (s *sheet) items() {
	r := s.visit.Reading
	if len(r.Items) == 0 {
		return
	}
	whole := s.say("未读全", "not all of them")
	if r.Complete {
		whole = s.say("已读全", "all of them")
	}
	s.title("读到 %d 条，%s；日期取自 %s", "%d items, %s; dates from %s", len(r.Items), whole, outside(s.dateFrom()))
	s.list(r.Items, func(i int) bool { return i == r.NewestItem && !r.Newest.IsZero() })
}

// dateFrom says what part of a row is taken for its date.
func (s *sheet) dateFrom() string {
	switch {
	case s.visit.Reading.From != "":
		return s.say("各条的发布时间", "the posts' own times")
	case s.task.Recipe.Date != "":
		return "date: " + s.task.Recipe.Date
	case s.task.Recipe.Source == extract.SourceFeed:
		return s.say("订阅源的发布时间", "the feed's own")
	}
	return s.say("整行除标题外的文字", "the row's text without its title")
}

// list prints items, the newest one marked.
func (s *sheet) list(items []extract.Item, newest func(i int) bool) {
	for i, item := range items {
		day, c, mark := "----------", doubt, " "
		if !item.Date.IsZero() {
			day, c = item.Date.Time.In(extract.Beijing).Format(time.DateOnly), good
		}
		if item.Date.Inferred {
			mark = "~" // the year is not shown
		}
		if newest(i) {
			mark = "*"
		}
		title := report.Plain(item.Title, titleCells)
		if item.Source != "" {
			title = report.Padded(item.Title, titleCells) + "  " + s.paint(faint, "«"+report.Plain(item.Source, sourceCells)+"»")
		}
		fmt.Fprintf(&s.b, "%4d %s %s\n", i+1, mark+s.paint(c, day), title)
	}
}

// proposal shows the recipe that the reader made up, to be pasted.
func (s *sheet) proposal() {
	p := s.visit.Reading.Proposal
	if p == nil {
		return
	}
	state := s.say("待批准", "waits for approval")
	if p.Accepted {
		state = s.say("已自动采用", "used already")
	}
	s.title("建议的采集规则（把握 %.2f，%s）", "Proposed recipe (confidence %.2f, %s)", p.Confidence, state)
	if p.Why != "" {
		s.b.WriteString("  " + outside(p.Why) + "\n")
	}
	for _, line := range lines(inventory.RecipeYAML(p.Recipe, "    ")) {
		s.b.WriteString(report.Plain("|"+line, 2*lineCells)[1:] + "\n")
	}
	s.list(p.Items, func(int) bool { return false })
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
