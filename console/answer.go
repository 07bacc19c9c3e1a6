package console

import (
	"fmt"
	"slices"
	"strconv"

	"xuncha/report"
	"xuncha/rules"
)

// A phrase is a part of the sentence that says how things stand. One that is a
// number leads to exactly the rows that it counts.
type phrase struct {
	Text string
	N    int
	URL  string // "" of words between
}

// An answer is such a sentence.
type answer []phrase

func (a *answer) words(text string) { *a = append(*a, phrase{Text: text}) }

func (a *answer) number(n int, text, url string) { *a = append(*a, phrase{text, n, url}) }

// answer says in one sentence how things stand.
func (q *request) answer(p *overviewPage) answer {
	var a answer
	a.verdicts(q, p.Sites, "/sites", q.say("家网站", "sites"), q.say("家", ""))
	a.words(q.say("，", "; "))
	a.verdicts(q, p.Accounts, "/accounts", q.say("个账号", "accounts"), q.say("个", ""))
	if p.Sites.Preliminary() || p.Accounts.Preliminary() {
		a.words(q.say("（初判）", " (preliminary)"))
	}
	a.words(q.say("。", ". "))
	first := true
	for _, state := range []rules.State{rules.Stale, rules.Blank, rules.Due, rules.Unknown} {
		c := p.Columns[slices.Index(allStates, state)]
		if state == rules.Blank && c.N == 0 {
			continue
		}
		text, comma := q.say("个", " ")+report.StateWord(c.State, q.lang), q.say("，", ", ")
		if first {
			text, comma, first = q.say("个栏目", " columns ")+report.StateWord(c.State, q.lang), "", false
		}
		a.words(comma)
		a.number(c.N, strconv.Itoa(c.N)+q.say(" ", "")+text, c.URL)
	}
	if p.Missing.N > 0 {
		a.words(q.say("；", "; "))
		a.number(p.Missing.N, strconv.Itoa(p.Missing.N)+q.say(" 个应设栏目", " mandated sections ")+report.StateWord(rules.Missing, q.lang), p.Missing.URL)
	}
	a.words(q.say("。", "."))
	return a
}

// verdicts says of sites or accounts how many there are and what they come to.
func (a *answer) verdicts(q *request, v verdicts, path, noun, measure string) {
	a.number(v.Total, strconv.Itoa(v.Total)+" "+noun, path)
	for _, part := range []struct {
		n       int
		verdict rules.Verdict
		always  bool
	}{{v.Pass, rules.Pass, true}, {v.Fail, rules.Fail, false}, {v.Pending, rules.Pending, false}, {v.NotMonitored, rules.NotMonitored, false}} {
		if part.n == 0 && !part.always {
			continue
		}
		between := q.say("，", ", ")
		if part.always {
			between = q.say(" ", ": ")
		}
		a.words(between)
		a.number(part.n, strconv.Itoa(part.n)+" "+measure+q.verdictWord(part.verdict), listURL(path, "verdict", string(part.verdict)))
		switch {
		case part.always && v.Rate != "" && v.Undecided() == 0:
			a.words(q.say("（"+v.Rate+"%）", " ("+v.Rate+"%)"))
		case part.verdict == rules.Fail && v.Confirmed > 0:
			a.words(fmt.Sprintf(q.say("（已认定 %d）", " (%d confirmed)"), v.Confirmed))
		}
	}
	if v.Rate != "" && v.Undecided() > 0 {
		a.words(q.say("，合格率 ", ", pass rate ") + v.Rate + "%" + q.undecided(v, measure))
	}
}

// undecided explains a pass rate where some have no verdict: as in a notice they are
// not counted as 不合格.
func (q *request) undecided(v verdicts, measure string) string {
	return fmt.Sprintf(q.say("（%d/%d，尚无结论的 %d %s未计为不合格）", " (%d of %d; the %d %swithout a verdict are not counted as failing)"),
		v.Total-v.Fail, v.Total, v.Undecided(), measure)
}
