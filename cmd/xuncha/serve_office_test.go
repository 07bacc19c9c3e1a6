//go:build !race

package main

import (
	"archive/zip"
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"xuncha/cases"
	"xuncha/console"
	"xuncha/extract"
	"xuncha/people"
	"xuncha/proof"
)

// A bureauSite is the console of a simulated city, with its people in front of it.
type bureauSite struct {
	t          *testing.T
	city, data string
	service    *service
	handler    http.Handler
	now        time.Time
	asks       people.User
}

// The people of the city.
var (
	wangMin  = people.User{Name: "wangmin", FullName: "王敏", Roles: []people.Role{people.Handler}}
	liQiang  = people.User{Name: "liqiang", FullName: "李强", Roles: []people.Role{people.Reviewer}}
	zhouTao  = people.User{Name: "zhoutao", FullName: "周涛", Roles: []people.Role{people.Signer}}
	wangBoth = people.User{Name: "wangmin2", FullName: "王 敏", Roles: []people.Role{people.Handler, people.Reviewer}}
	czjClerk = people.User{Name: "zhaohong", FullName: "赵红", Roles: []people.Role{people.Clerk}, Unit: "czj"}
	tyjClerk = people.User{Name: "qianwei", FullName: "钱伟", Roles: []people.Role{people.Clerk}, Unit: "tyj"}
	gajClerk = people.User{Name: "sunli", FullName: "孙丽", Roles: []people.Role{people.Clerk}, Unit: "gaj"}
	leader   = people.User{Name: "leader", FullName: "吴主任", Roles: []people.Role{people.Viewer}}
)

// User is whoever the test says.
func (b *bureauSite) User(*http.Request) people.User { return b.asks }

// open opens the console over what is kept, with the clock at a day.
func (b *bureauSite) open(day string) {
	b.t.Helper()
	at, err := parseMoment(day)
	if err != nil {
		b.t.Fatal(err)
	}
	b.now = at.Add(-6 * time.Hour)
	s := &service{
		app:      &app{stdout: io.Discard, stderr: io.Discard, lang: "zh", log: slog.New(slog.DiscardHandler)},
		serveCmd: serveCmd{configFlag: configFlag{b.city}, dataFlag: dataFlag{b.data}, simulateFlag: simulateFlag{Simulate: day}, SimulateRate: 1, SimulateEvents: "none"},
	}
	if err := s.open(); err != nil {
		b.t.Fatal(err)
	}
	b.service = s
	cfg := console.Config{
		Board: s.daemon.Board, Gate: b, People: s.gate, Now: func() time.Time { return b.now.In(extract.Beijing) }, Log: s.log, Office: "某市人民政府办公室", Simulated: true,
	}
	if err := s.fillOffice(&cfg); err != nil {
		b.t.Fatal(err)
	}
	web, err := console.New(cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	b.handler = web.Handler()
}

func (b *bureauSite) close() {
	b.t.Helper()
	b.service.web.close()
	if err := b.service.store.Close(); err != nil {
		b.t.Fatal(err)
	}
}

// ask asks for a page and wants a status.
func (b *bureauSite) ask(u people.User, status int, path string) string {
	b.t.Helper()
	return b.answer(u, status, httptest.NewRequest("GET", path, nil))
}

func (b *bureauSite) answer(u people.User, status int, r *http.Request) string {
	b.t.Helper()
	b.asks = u
	r.Header.Set("Accept-Language", "zh-CN")
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	if w.Code != status {
		b.t.Errorf("%s asks %s %s: answered with %d, want %d: %s", u.FullName, r.Method, r.URL.Path, w.Code, status, sentenceOf(w.Body.String()))
	}
	return w.Body.String()
}

// send sends a form and wants a status: name, value. A name that begins with @ is a
// file: @files, its name, then its bytes.
func (b *bureauSite) send(u people.User, status int, path string, pairs ...string) string {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		if field, ok := strings.CutPrefix(pairs[i], "@"); ok {
			part, err := form.CreateFormFile(field, pairs[i+1])
			if err != nil {
				b.t.Fatal(err)
			}
			_, _ = io.WriteString(part, pairs[i+2]) // a buffer takes all
			i++
			continue
		}
		_ = form.WriteField(pairs[i], pairs[i+1]) // likewise
	}
	_ = form.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.answer(u, status, r)
}

var refusedTexts = []*regexp.Regexp{regexp.MustCompile(`(?s)role="alert">(.*?)</p>`), regexp.MustCompile(`<div class="box"><h1>(.*?)</h1>`)}

// sentenceOf is what a page says of why something was refused.
func sentenceOf(page string) string {
	for _, r := range refusedTexts {
		if m := r.FindStringSubmatch(page); m != nil {
			return m[1]
		}
	}
	return ""
}

// refused wants a form to be refused with a sentence.
func (b *bureauSite) refused(u people.User, status int, sentence, path string, pairs ...string) {
	b.t.Helper()
	if got := sentenceOf(b.send(u, status, path, pairs...)); !strings.Contains(got, sentence) {
		b.t.Errorf("%s sends %s: refused with %q, want %q", u.FullName, path, got, sentence)
	}
}

// ref is the finding of a subject in a period, as forms name it.
func (b *bureauSite) ref(subject, period string) string {
	b.t.Helper()
	for _, o := range b.service.daemon.Board().Book.In(period) {
		if o.Facts.Subject == subject {
			return o.Case + "/" + period
		}
	}
	b.t.Fatalf("no finding of %s in %s", subject, period)
	return ""
}

// stands wants a finding to stand somewhere.
func (b *bureauSite) stands(ref string, want cases.State) {
	b.t.Helper()
	id, period, _ := strings.Cut(ref, "/")
	if o := b.service.daemon.Board().Book.Occurrence(id, period); o == nil || o.State != want {
		b.t.Errorf("%s stands at %v, want %s", ref, o.State, want)
	}
}

// offered wants a finding's page to offer some things to somebody and no others.
func (b *bureauSite) offered(u people.User, ref string, want ...cases.Kind) {
	b.t.Helper()
	page := b.ask(u, 200, "/findings/"+ref)
	var got []string
	for _, m := range regexp.MustCompile(`action="/findings/do/(\w+)"`).FindAllStringSubmatch(page, -1) {
		got = append(got, m[1])
	}
	var names []string
	for _, k := range want {
		names = append(names, string(k))
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		b.t.Errorf("%s is offered %q, want %q", u.FullName, got, names)
	}
}

// A finding's life from 疑似 to 销号 in the console, each step by whom it is due and
// every other way refused with a sentence.
func TestAFindingsLifeInTheConsole(t *testing.T) {
	b := &bureauSite{t: t, city: cityFolder(t), data: t.TempDir()}
	o := office{t, b.city, b.data}
	o.crawl("2023-09-27")
	b.open("2023-10-07")
	b.refused(czjClerk, 403, "您没有此项权限", "/findings/sync", "period", "2023Q3")
	b.refused(leader, 403, "您没有此项权限", "/findings/sync", "period", "2023Q3")
	b.refused(wangMin, 400, "检查期请写成 2023Q3", "/findings/sync", "period", "第三季度")
	b.send(wangMin, 303, "/findings/sync", "period", "2023Q3")
	ref, veto := b.ref(czj, "2023Q3"), b.ref(dy4, "2023Q3")
	b.offered(wangMin, ref, cases.Verify, cases.Standing, cases.Confirm, cases.Reject, cases.Exempt, cases.Publish, cases.Note)
	b.offered(czjClerk, ref, cases.Note)
	b.offered(leader, ref)
	b.verified(ref, veto)
	b.confirmed(ref, veto)
	b.putRight(ref)
	b.close()

	o.crawl("2023-10-25", czj+": {newest: 2023-06-20}", czj+": {newest: 2023-06-20, from: 2023-10-18}")
	b.open("2023-10-26")
	defer b.close()
	b.cleared(ref)
}

func (b *bureauSite) verified(ref, veto string) {
	of := []string{"of", ref, "back", "/findings/" + ref}
	do := "/findings/do/"
	b.refused(czjClerk, 403, "您没有此项权限", do+"verify", of...)
	b.refused(czjClerk, 409, "不能“单位答复”", do+"reply", append(of, "answer", "属实")...)
	b.send(wangMin, 303, do+"verify", "of", ref, "of", veto)
	b.stands(ref, cases.Verifying)
	b.refused(wangMin, 409, "单位可在2023-10-09前答复核实单", do+"confirm", of...)

	slip := b.ask(czjClerk, 200, "/slips/czj?period=2023Q3")
	if !strings.Contains(slip, "answer-") || strings.Contains(slip, "体育局") {
		b.t.Errorf("the clerk's slip: %s", slip)
	}
	for _, path := range []string{"/findings/" + ref, "/slips/czj?period=2023Q3", "/slips/czj/slip.docx?period=2023Q3", "/findings/" + ref + "/history"} {
		b.ask(tyjClerk, 404, path)
	}
	id, _, _ := strings.Cut(ref, "/")
	b.refused(tyjClerk, 404, "没有核实单", "/slips/czj?period=2023Q3", "answer-"+id, "属实")
	b.refused(tyjClerk, 404, "没有这个问题", do+"reply", append(of, "answer", "属实")...)
	b.refused(czjClerk, 409, "答复不属实须附证明材料或说明", "/slips/czj?period=2023Q3", "answer-"+id, "不属实")
	b.refused(czjClerk, 409, "答复须为属实、不属实、已整改之一", "/slips/czj?period=2023Q3", "answer-"+id, "也许")
	b.refused(czjClerk, 400, "没有新的答复", "/slips/czj?period=2023Q3")
	b.send(czjClerk, 303, "/slips/czj?period=2023Q3", "answer-"+id, "属实", "note-"+id, "已安排整改", "@files-"+id, "说明.pdf", "%PDF-1.4 …")
	if page := b.ask(wangMin, 200, "/findings/"+ref); !strings.Contains(page, "已安排整改") || !strings.Contains(page, "说明.pdf") || !strings.Contains(page, "赵红") {
		b.t.Errorf("the page does not tell of the answer: %s", page)
	}
	if got := b.ask(wangMin, 200, "/findings?period=2023Q3&state=核实&unit=czj"); !strings.Contains(got, "财政局") || strings.Contains(got, "公安局：") {
		b.t.Error("the list does not filter by unit and state")
	}
}

func (b *bureauSite) confirmed(ref, veto string) {
	of := []string{"of", ref, "back", "/findings/" + ref}
	do := "/findings/do/"
	b.now = b.now.AddDate(0, 0, 3)
	b.send(wangMin, 303, do+"confirm", of...)
	b.stands(ref, cases.Confirmed)
	// A veto takes two people, and one person under two names is one.
	b.send(wangMin, 303, do+"confirm", "of", veto)
	b.stands(veto, cases.Verifying)
	b.offered(wangMin, veto, cases.Reply, cases.Standing, cases.Decline, cases.Note)
	b.offered(wangBoth, veto, cases.Reply, cases.Standing, cases.Decline, cases.Note)
	b.refused(wangBoth, 409, "须由另一人审核", do+"approve", "of", veto, "back", "/findings/"+veto)
	b.refused(wangMin, 403, "您没有此项权限", do+"approve", "of", veto)
	b.refused(gajClerk, 403, "您没有此项权限", do+"approve", "of", veto)
	b.send(liQiang, 303, do+"approve", "of", veto)
	b.stands(veto, cases.Confirmed)

	b.refused(wangMin, 403, "您没有此项权限", do+"send", append(of, "due", "2023-10-20")...)
	b.refused(liQiang, 403, "您没有此项权限", do+"send", append(of, "due", "2023-10-20")...)
	b.refused(zhouTao, 400, "期限不是日期", do+"send", append(of, "due", "十月")...)
	b.refused(zhouTao, 409, "期限2023-10-01已过", do+"send", append(of, "due", "2023-10-01")...)
	b.send(zhouTao, 303, do+"send", "of", ref, "of", veto, "due", "2023-10-20", "document", "阳政办函〔2023〕12号")
	b.stands(ref, cases.Sent)
}

func (b *bureauSite) putRight(ref string) {
	of := []string{"of", ref, "back", "/findings/" + ref}
	do := "/findings/do/"
	b.offered(czjClerk, ref, cases.Accept, cases.Report, cases.Object, cases.Note)
	b.refused(tyjClerk, 404, "没有这个问题", do+"accept", of...)
	b.send(czjClerk, 303, do+"accept", of...)
	b.refused(wangMin, 409, "不能“销号”", do+"clear", of...)
	b.refused(czjClerk, 409, "须由单位主要负责人签字", do+"report", of...)
	b.refused(czjClerk, 415, "不是可收的文件", do+"report", append(of, "signed_by", "陈局长", "@files", "报告.exe", "MZ…")...)
	b.send(czjClerk, 303, do+"report", append(of, "signed_by", "陈局长", "note", "已更新", "@files", "整改报告.pdf", "%PDF-1.4 整改")...)
	b.stands(ref, cases.Reported)
	b.refused(wangMin, 409, "早于整改报告", do+"recheck", of...)
}

func (b *bureauSite) cleared(ref string) {
	of := []string{"of", ref, "back", "/findings/" + ref}
	do := "/findings/do/"
	b.send(wangMin, 303, do+"recheck", of...)
	b.stands(ref, cases.Rechecked)
	b.refused(czjClerk, 403, "您没有此项权限", do+"clear", of...)
	b.send(wangMin, 303, do+"clear", of...)
	b.refused(wangBoth, 409, "须由另一人审核", do+"approve", of...)
	b.send(liQiang, 303, do+"approve", append(of, "note", "同意")...)
	b.stands(ref, cases.Cleared)

	page := b.ask(czjClerk, 200, "/findings/"+ref)
	for _, want := range []string{"王敏", "李强", "周涛", "赵红", "整改报告.pdf", "复核已达到要求", "巡查系统"} {
		if !strings.Contains(page, want) {
			b.t.Errorf("the history does not say %q", want)
		}
	}
	id, _, _ := strings.Cut(ref, "/")
	events := b.service.daemon.Board().Book.EventsOf(id)
	if err := cases.VerifyCase(events); err != nil || !strings.Contains(page, events[len(events)-1].Digest) {
		b.t.Errorf("the seals: %v", err)
	}
	report := regexp.MustCompile(`action="(/findings/[^"]+/papers/[0-9a-f]+)"><button class="link">整改报告`).FindStringSubmatch(page)
	if report == nil {
		b.t.Fatal("no way to the report")
	}
	if got := b.send(czjClerk, 200, report[1]); got != "%PDF-1.4 整改" {
		b.t.Errorf("the report: %q", got)
	}
	b.send(tyjClerk, 404, report[1])
	if csv := b.ask(czjClerk, 200, "/findings/"+ref+"/history?format=csv"); strings.Count(csv, "\n") < 11 {
		b.t.Errorf("the history as a table: %s", csv)
	}
	b.send(czjClerk, 403, "/findings/"+ref+"/history")
	if _, err := cases.Open(b.service.daemon.Board().Book.Events()); err != nil {
		b.t.Error(err)
	}
}

// Notices are made, kept, verified and followed by papers; evidence is handed out
// and logged; sheets that come back are read, and files that are none are refused.
func TestPapersInTheConsole(t *testing.T) {
	b := &bureauSite{t: t, city: cityFolder(t), data: t.TempDir()}
	o := office{t, b.city, b.data}
	o.crawl("2023-09-27")
	b.open("2023-10-07")
	defer b.close()
	b.send(wangMin, 303, "/findings/sync", "period", "2023Q3")
	if page := b.ask(leader, 200, "/notices?period=2023Q3"); !strings.Contains(page, "模拟数据不出定稿") {
		t.Error("a final notice of simulated pages is not said to be refused")
	}
	if preview := b.ask(leader, 200, "/notices/preview?period=2023Q3"); !strings.Contains(preview, "2023年第三季度") {
		t.Errorf("the preview: %.300s", preview)
	}
	if page := b.ask(leader, 200, "/notices?period=2023Q3"); strings.Contains(page, "正在生成预览") {
		t.Error("what was made is made again")
	}
	b.refused(zhouTao, 409, "模拟数据不出定稿", "/notices/final", "period", "2023Q3", "date", "2023-10-11")
	b.send(wangMin, 303, "/notices/draft", "period", "2023Q3", "date", "2023-10-11")
	docx := b.ask(leader, 200, "/notices/made/1/notice.docx")
	same := func(data string) string {
		return b.send(wangMin, 200, "/notices/verify", "@file", "2023Q3-初稿-1-notice.docx", data)
	}
	if page := same(docx); !strings.Contains(page, "逐字节相同") {
		t.Errorf("verified: %s", page[strings.Index(page, "<main"):])
	}
	summary := b.ask(leader, 200, "/notices/made/1/summary.json")
	if page := b.send(wangMin, 200, "/notices/verify", "@file", "attachment-1.csv", "changed", "@summary", "summary.json", summary); !strings.Contains(page, "是文件本身被改动过") {
		t.Errorf("an edited file: %s", page[strings.Index(page, "<main"):])
	}
	b.refused(wangMin, 422, "没有写明由什么生成", "/notices/verify", "@file", "notice.txt", "x")
	b.ask(wangMin, 409, "/notices/paper/order?period=2023Q3")
	b.ask(wangMin, 200, "/notices/paper/brief?period=2023Q3")

	ref := b.ref(czj, "2023Q3")
	pack := b.send(wangMin, 200, "/findings/"+ref+"/pack")
	z, err := zip.NewReader(strings.NewReader(pack), int64(len(pack)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Open("SHA256SUMS"); err != nil {
		t.Errorf("the pack: %v", err)
	}
	if page := b.send(czjClerk, 200, "/findings/"+ref+"/sheet"); !strings.Contains(page, "2023-06-20") {
		t.Errorf("the sheet: %.300s", page)
	}
	if n, err := proof.VerifyAccesses(filepath.Join(b.data, accessName)); n != 2 || err != nil {
		t.Errorf("%d accesses are logged, want two: %v", n, err)
	}
	b.sheetsComeBack(ref)
}

func (b *bureauSite) sheetsComeBack(ref string) {
	b.send(wangMin, 303, "/findings/do/verify", "of", ref)
	slip := b.ask(czjClerk, 200, "/slips/czj/slip.xlsx?period=2023Q3")
	b.refused(wangMin, 409, "没有填写内容", "/findings/sheet", "kind", "reply", "@file", "slip.xlsx", slip)
	id, _, _ := strings.Cut(ref, "/")
	b.send(wangMin, 303, "/findings/sheet", "kind", "reply", "@file", "slip.csv", "检查期,问题编号,答复,说明\n2023Q3,"+id+",属实,已更新\n")
	if page := b.ask(czjClerk, 200, "/findings/"+ref); !strings.Contains(page, "已更新") || !strings.Contains(page, "slip.csv") {
		b.t.Error("the answer of a sheet is not told")
	}
	bomb := bomb(b.t)
	for _, kind := range []string{"reply", "raise"} {
		b.refused(wangMin, 409, "bomb.xlsx", "/findings/sheet", "kind", kind, "@file", "bomb.xlsx", bomb)
	}
	b.refused(wangMin, 422, "bomb.xlsx", "/registers/messages/check", "@file", "bomb.xlsx", bomb)
}

// bomb is a spreadsheet of half a megabyte that unpacks to half a gigabyte.
func bomb(t testing.TB) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	part := func(name, text string, times int) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		for range times {
			if _, err := io.WriteString(w, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`, 1)
	part("xl/workbook.xml", `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`, 1)
	part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`, 1)
	part("xl/worksheets/sheet1.xml", strings.Repeat(" ", 1<<20), 500)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
