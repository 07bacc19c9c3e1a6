package main

import (
	"fmt"
	"strings"

	"xuncha/extract"
	"xuncha/report"
)

// text shows each page's own text, and in it what was read.
func (s *sheet) text() {
	read := s.visit.Reading
	if p := read.Proposal; p != nil && len(read.Items) == 0 {
		read.Items = p.Items // nothing is read yet; show where it would be
	}
	for i, p := range s.visit.Pages {
		all := extract.Lines(p, read)
		if len(all) == 0 {
			continue
		}
		s.title("页面文字 %d（数字：读出的行；?：有日期而没有读的行）", "Text of page %d (number: a row that was read; ?: shows a date and was not read)", i+1)
		s.lines(all)
	}
}

// quiet is how many lines in a row are shown of which nothing was read.
const quiet = 6

// lines prints the lines of a page; long runs without a mark are cut in the
// middle.
func (s *sheet) lines(all []extract.Line) {
	for i := 0; i < len(all); {
		n := 0
		for i+n < len(all) && all[i+n].Item == 0 && !all[i+n].Passed {
			n++
		}
		if n > quiet {
			for _, l := range all[i : i+quiet/2] {
				s.line(l)
			}
			s.b.WriteString(s.paint(faint, fmt.Sprintf(s.say("      …… 略 %d 行", "      … %d lines left out"), n-quiet)) + "\n")
			i += n - quiet/2
			for _, l := range all[i : i+quiet/2] {
				s.line(l)
			}
			i += quiet / 2
			continue
		}
		for ; n > 0; n-- {
			s.line(all[i])
			i++
		}
		if i < len(all) {
			s.line(all[i])
			i++
		}
	}
}

// line prints one line of a page.
func (s *sheet) line(l extract.Line) {
	switch {
	case l.Item > 0 && l.From < l.To:
		before, date, after := outside(l.Text[:l.From]), l.Text[l.From:l.To], l.Text[l.To:]
		if strings.HasSuffix(l.Text[:l.From], " ") {
			before += " "
		}
		rest := report.Plain("|"+after, max(2, lineCells-report.Cells(before+date)))[1:]
		s.b.WriteString(s.paint(strong, fmt.Sprintf("%4d", l.Item)) + "  " + before + s.paint(good, outside(date)) + rest + "\n")
	case l.Item > 0:
		s.b.WriteString(s.paint(strong, fmt.Sprintf("%4d", l.Item)) + "  " + report.Plain(l.Text, lineCells) + "\n")
	case l.Passed:
		s.b.WriteString(s.paint(doubt, "   ?  "+report.Plain(l.Text, lineCells)) + "\n")
	default:
		s.b.WriteString(s.paint(faint, "      "+report.Plain(l.Text, lineCells)) + "\n")
	}
}
