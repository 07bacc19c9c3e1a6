//go:build !race

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// deed opens what can be done with a finding, fills it in and does it.
func (b *tab) deed(path, kind string, pairs ...string) {
	b.t.Helper()
	form := fmt.Sprintf(`form[action="/findings/do/%s"]`, kind)
	b.open(path)
	if value[bool](b, fmt.Sprintf(`!!document.querySelector('details:not([open])>%s')`, form)) {
		b.do(click(fmt.Sprintf(`details:has(>%s)>summary`, form)))
	}
	b.fill(form, pairs...)
	b.press(form + " button.main")
}

// stands wants a finding to stand somewhere.
func (b *tab) stands(path, word string) {
	b.t.Helper()
	b.open(path)
	b.shows("main .head .state", word)
}

// A finding is found, put to its unit and sent for 整改: the office in one browser,
// the unit in another. It returns the finding's address.
func (w *town) findingIsSent(t *testing.T) (finding string) {
	office, unit := w.as(t, drafter), w.as(t, czjWriter)
	office.open("/findings")
	office.do(click(`details:has(form[action="/findings/sync"]) summary`))
	office.fill(`form[action="/findings/sync"]`, "period", demoPeriod)
	office.press(`form[action="/findings/sync"] button.main`)
	office.open("/columns/" + czj)
	office.press(`a.button[href^="/findings/"]`)
	finding = value[string](office, `location.pathname`)
	office.stands(finding, "疑似")

	office.deed(finding, "verify")
	office.stands(finding, "核实")
	unit.open("/")
	unit.press(`ul.todo a[href^="/slips"]`)
	id := strings.Split(finding, "/")[2]
	proof := filepath.Join(t.TempDir(), "整改说明.pdf")
	must(t, os.WriteFile(proof, []byte("%PDF-1.4 …"), 0o600))
	unit.fill("form.stack", "answer-"+id, "属实", "note-"+id, "已安排整改")
	unit.do(chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf(`[name="files-%s"]`, id)), []string{proof}))
	unit.press("form.stack button.main")
	unit.shows(".flash", "1")
	office.open(finding)
	for _, want := range []string{"赵红", "已安排整改", "整改说明.pdf"} {
		office.shows("main", want)
	}

	office.deed(finding, "confirm")
	office.stands(finding, "认定")
	office.deed(finding, "send", "due", "2023-10-20", "document", "阳政办函〔2023〕12号")
	office.stands(finding, "交办")
	unit.deed(finding, "accept")
	unit.open(finding)
	unit.do(click(`details:has(>form[action="/findings/do/report"])>summary`), chromedp.SetUploadFiles(chromedp.CSS(`form[action="/findings/do/report"] [type=file]`), []string{proof}))
	unit.fill(`form[action="/findings/do/report"]`, "signed_by", "陈局长", "note", "已恢复更新")
	unit.press(`form[action="/findings/do/report"] button.main`)
	unit.stands(finding, "已报整改")
	return finding
}

// officeWorks has the office do what else leaves something to look at: a draft is
// kept, a list is taken in.
func (w *town) officeWorks(t *testing.T) {
	office := w.as(t, drafter)
	office.open("/notices?period=" + demoPeriod)
	office.press(`form[action="/notices/draft"] button`)
	office.shows("#made", "初稿")
	list := filepath.Join(t.TempDir(), "整改报告.csv")
	must(t, os.WriteFile(list, []byte("检查期,单位,报送期限\n"+demoPeriod+",市财政局,2023-10-20\n"), 0o600))
	office.open("/registers/reports/import")
	office.do(chromedp.SetUploadFiles(chromedp.CSS("[name=file]"), []string{list}))
	office.press(`form[action="/registers/reports/check"] button`)
	office.press(`form[action="/registers/reports/import"] button`)
	office.shows("main", "市财政局")
}

// A month later, after a restart that everybody stays logged in over, the column
// publishes again: it is looked at anew, one person proposes 销号 and another agrees.
func (w *town) findingIsCleared(t *testing.T, office, reviewer, unit *tab, finding string) {
	office.deed(finding, "recheck")
	office.stands(finding, "复核")
	office.deed(finding, "clear")
	office.open(finding)
	office.shows("main .head", "待审核")
	if value[bool](office, `!!document.querySelector('form[action="/findings/do/approve"]')`) {
		t.Error("who proposed may agree too")
	}
	reviewer.open("/")
	reviewer.press(`ul.todo a[href*="pending"]`)
	reviewer.deed(finding, "approve", "note", "同意销号")
	unit.stands(finding, "销号")
	for _, want := range []string{"王敏", "李强", "赵红", "已恢复更新", "同意销号", "巡查系统"} {
		unit.shows("main", want)
	}
}
