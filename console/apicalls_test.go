package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/people"
	"xuncha/rules"
)

type j = map[string]any

// aFile is a file as programs send it.
func aFile(name, text string) j {
	return j{"name": name, "data": base64.StdEncoding.EncodeToString([]byte(text))}
}

// secretFinding is the address of the finding of 市财政局.
func secretFinding() string { return "/api/v1/findings/" + secretRef() }

// An operationCall asks an operation once.
type operationCall struct {
	op     string
	call   call
	status int
	says   string // somewhere in the answer

	// foreign is what the clerk of another unit is answered; 0 is a list in which
	// nothing of 市财政局 may be.
	foreign int

	before func() // brings the stand to where it can be asked
}

// everyCall asks every operation.
func everyCall(s *stand) []operationCall {
	of := []string{secretRef()}
	admin := people.User{Name: "a", FullName: "管理员", Roles: []people.Role{people.Admin}}
	czj := aClerkOf("czj")
	look := strings.TrimPrefix(s.source("tyj/tzgg"), lookMark)
	source := s.source("tyj/tzgg")
	recipe := j{"list": "div.news ul", "item": "li.row", "date": "em.t"}
	do := func(who people.User, kind cases.Kind, more j) func() {
		return func() {
			body := j{"of": of}
			for k, v := range more {
				body[k] = v
			}
			if w := s.ask(s.t, call{who, "POST", "/api/v1/findings/do/" + string(kind), body, nil}); w.Code != 200 {
				s.t.Fatalf("%s: %d %s", kind, w.Code, w.Body)
			}
		}
	}
	steps := func(all ...func()) func() {
		return func() {
			for _, step := range all {
				step()
			}
		}
	}
	reply := do(czj, cases.Reply, j{"answer": "属实"})
	confirm := steps(reply, do(aHandler, cases.Confirm, nil))
	agreed := steps(confirm, do(aReviewer, cases.Approve, nil))
	sent := steps(agreed, do(aSigner, cases.Send, j{"due": "2023-10-20"}))
	accepted := steps(sent, do(czj, cases.Accept, nil))
	reported := steps(accepted, do(czj, cases.Report, j{"signed_by": "赵局长", "files": []j{aFile("报告.pdf", "%PDF-1.4")}}))
	rechecked := steps(reported, do(aHandler, cases.Recheck, j{"result": "通过", "note": "已更新"}))
	kept := func() { s.ask(s.t, call{aHandler, "POST", "/api/v1/notices/draft", j{"period": "2023Q3"}, nil}) }
	deed := func(who people.User, kind cases.Kind, more j) call {
		body := j{"of": of}
		for k, v := range more {
			body[k] = v
		}
		return call{who, "POST", "/api/v1/findings/do/" + string(kind), body, nil}
	}
	get := func(who people.User, path string) call { return call{who, "GET", path, nil, nil} }
	post := func(who people.User, path string, body any) call { return call{who, "POST", path, body, nil} }
	file := s.atelier.read(s.t, "sites/tyj.yaml")
	return []operationCall{
		{"overview", get(aViewer, "/api/v1/overview"), 200, `"stale":1`, 0, nil},
		{"todo", get(aHandler, "/api/v1/todo"), 200, `"rows":"/api/v1/accounts?handed=waiting"`, 0, nil},
		{"units", get(aViewer, "/api/v1/units"), 200, secretName, 0, nil},
		{"sites", get(aViewer, "/api/v1/sites?sort=-name&size=2"), 200, secretName, 0, nil},
		{"site", get(aViewer, "/api/v1/sites/czj"), 200, secretName, 404, nil},
		{"columns", get(aViewer, "/api/v1/columns?state=stale"), 200, secretName, 0, nil},
		{"column", get(aViewer, "/api/v1/columns/czj/tzgg"), 200, "两周未更新", 404, nil},
		{"accounts", get(aViewer, "/api/v1/accounts?handed=waiting"), 200, secretName, 0, nil},
		{"account", get(aViewer, "/api/v1/accounts/140300M019XL0001"), 200, secretName, 404, nil},
		{"siteVisits", get(aViewer, "/api/v1/sites/czj/visits"), 200, `"failed":1`, 404, nil},
		{"handed", get(aViewer, "/api/v1/accounts/140300M019XL0001/handed"), 200, `"by":"张"`, 404, nil},
		{"handIn", post(czj, "/api/v1/accounts/140300M019XL0001/handed", j{"posted": "2023-09-20", "picture": j{"name": "a.png", "data": base64.StdEncoding.EncodeToString(onePixel)}}), 200, "已收到", 404, nil},
		{"checkHanded", post(aHandler, "/api/v1/accounts/140300M019XL0001/checked", j{"key": handedKey(s.desk.b.City.Submissions[0])}), 200, "已记为核对", 403, nil},
		{"handedPicture", get(aViewer, "/api/v1/accounts/140300M019XL0001/handed/"+strings.Repeat("b", 64)), 200, "PNG", 404, nil},
		{"nights", get(aViewer, "/api/v1/nights"), 200, `"night":"2023-`, 0, nil},
		{"platforms", get(aViewer, "/api/v1/platforms"), 200, `"failing":true`, 0, nil},
		{"indicators", get(aViewer, "/api/v1/indicators"), 200, "依据第一条", 0, nil},

		{"snapshots", get(tunerUser, "/api/v1/snapshots?subject=tyj/tzgg"), 200, look, 0, nil},
		{"snapshot", get(tunerUser, "/api/v1/snapshots/"+look+"?subject=tyj/tzgg"), 200, `"proposal":{"recipe"`, 0, nil},
		{"snapshotPage", get(tunerUser, "/api/v1/snapshots/"+look+"/pages/1?subject=tyj/tzgg"), 200, "<!doctype html>", 0, nil},

		{"findings", get(aViewer, "/api/v1/findings?state=核实&sort=due"), 200, `"total":1`, 0, nil},
		{"finding", get(aHandler, secretFinding()), 200, `"exhibits":["` + strings.Repeat("a", 64), 404, nil},
		{"revealFinding", post(aHandler, secretFinding()+"/reveal", nil), 200, secretName, 403, nil},
		{"findingPaper", post(aViewer, secretFinding()+"/papers/"+cases.Attach("", []byte("%PDF-1.4")).SHA256, nil), 200, "%PDF", 404, reported},
		{"findingHistory", post(aHandler, secretFinding()+"/history", nil), 200, `"prior_of_case"`, 403, nil},
		{"findingSheet", post(czj, secretFinding()+"/sheet", nil), 200, "证据单", 404, nil},
		{"findingPack", post(aHandler, secretFinding()+"/pack", nil), 200, "PK", 403, nil},
		{"draw", get(aHandler, "/api/v1/draws?of=sites&share=50&seed=x&period=2023Q3"), 200, `"drawn":[{`, 403, nil},
		{"do-verify", post(aHandler, "/api/v1/findings/do/verify", j{"of": []string{rules.FindingID("tyj", "x") + "/2023Q3"}, "due": "2023-09-29"}), 200, `"kind":"verify"`, 403, func() {
			s.ask(s.t, post(aHandler, "/api/v1/findings", j{"subject": "tyj", "indicator": "x", "period": "2023Q3", "source": "网民反映", "text": "t"}))
		}},
		{"do-reply", deed(czj, cases.Reply, j{"answer": "不属实", "note": "已更新"}), 200, secretRef(), 404, nil},
		{"do-standing", deed(aHandler, cases.Standing, j{"result": "通过", "note": "已更新"}), 200, "standing", 403, agreed},
		{"do-confirm", deed(aHandler, cases.Confirm, nil), 200, "confirm", 403, reply},
		{"do-approve", deed(aReviewer, cases.Approve, nil), 200, "approve", 403, confirm},
		{"do-decline", deed(aReviewer, cases.Decline, j{"note": "再核"}), 200, "decline", 403, confirm},
		{"do-send", deed(aSigner, cases.Send, j{"due": "2023-10-20", "document": "阳政办函〔2023〕1号"}), 200, "send", 403, agreed},
		{"do-accept", deed(czj, cases.Accept, nil), 200, "accept", 404, sent},
		{"do-report", deed(czj, cases.Report, j{"signed_by": "赵局长", "files": []j{aFile("报告.pdf", "%PDF-1.4")}}), 200, "report", 404, accepted},
		{"do-recheck", deed(aHandler, cases.Recheck, j{"result": "通过", "note": "已更新"}), 200, "recheck", 403, reported},
		{"do-clear", deed(aHandler, cases.Clear, nil), 200, "clear", 403, rechecked},
		{"do-return", deed(aHandler, cases.Return, j{"note": "未改到位", "due": "2023-10-25"}), 200, "return", 403, reported},
		{"do-reject", deed(aHandler, cases.Reject, j{"note": "网站改版"}), 200, "reject", 403, reply},
		{"do-exempt", deed(aHandler, cases.Exempt, j{"reason": "改版", "until": "2023-12-31", "note": "已报备", "files": []j{aFile("报备.pdf", "%PDF-1.4")}}), 200, "exempt", 403, reply},
		{"do-object", deed(czj, cases.Object, j{"note": "情况说明", "files": []j{aFile("说明.pdf", "%PDF-1.4")}}), 200, "object", 404, sent},
		{"do-uphold", deed(aReviewer, cases.Uphold, j{"note": "维持"}), 200, "uphold", 403, steps(sent, do(czj, cases.Object, j{"note": "情况说明"}))},
		{"do-urge", deed(aHandler, cases.Urge, j{"note": "请尽快"}), 200, "urge", 403, sent},
		{"do-extend", deed(aReviewer, cases.Extend, j{"due": "2023-10-31", "note": "节后"}), 200, "extend", 403, sent},
		{"do-publish", deed(aHandler, cases.Publish, j{"publicity": "概述不点名", "note": "已整改"}), 200, "publish", 403, nil},
		{"do-reopen", deed(aReviewer, cases.Reopen, j{"note": "核实有误"}), 200, "reopen", 403, steps(reply, do(aHandler, cases.Reject, j{"note": "x"}))},
		{"do-note", deed(aHandler, cases.Note, j{"note": "备注"}), 200, "note", 404, nil},
		{"enterFinding", post(aHandler, "/api/v1/findings", j{"subject": "tyj", "indicator": "x", "period": "2023Q3", "source": "网民反映", "text": "打不开", "on": "2023-09-26"}), 200, "/2023Q3", 403, nil},
		{"enterSuspicion", post(aHandler, "/api/v1/findings/enter", j{"finding": rules.FindingID("tyj", "x")}), 200, `/2023Q3"]`, 403, s.suspect},
		{"syncFindings", post(aHandler, "/api/v1/findings/sync", j{"period": "2023Q3"}), 200, `"raised":0`, 403, nil},
		{"enterCheckList", post(aHandler, "/api/v1/findings/check", j{"subject": "tyj", "period": "2023Q3", "marks": []j{{"indicator": "hand", "mark": "有问题", "text": "没有回应"}}}), 200, `"problems":1`, 403, nil},
		{"enterSheet", post(aHandler, "/api/v1/sheets", j{"kind": "raise", "file": aFile("a.xlsx", "x")}), 409, "这不是检查单", 403, nil},

		{"slips", get(aViewer, "/api/v1/slips?sort=-due"), 200, secretName, 0, nil},
		{"slip", get(czj, "/api/v1/slips/czj?period=2023Q3"), 200, secretName, 404, nil},
		{"answerSlip", post(czj, "/api/v1/slips/czj?period=2023Q3", j{"answers": []j{{"case": rules.FindingID("czj/tzgg", "fresh"), "answer": "属实"}}}), 200, `"entered":1`, 404, nil},
		{"slipFile", get(czj, "/api/v1/slips/czj/slip.docx"), 200, secretName, 404, nil},

		{"notices", get(aViewer, "/api/v1/notices?sort=made"), 200, `"sha256":`, 403, kept},
		{"noticeBlocking", get(aViewer, "/api/v1/notices/blocking?period=2023Q3"), 200, `"state":"核实"`, 403, nil},
		{"makeDraft", post(aHandler, "/api/v1/notices/draft", j{"period": "2023Q3", "date": "2023-10-08"}), 200, `"final":false`, 403, nil},
		{"makeFinal", post(aSigner, "/api/v1/notices/final", j{"period": "2023Q3", "date": "2023-10-08"}), 200, `"final":true`, 403, steps(agreed)},
		{"draftFile", get(aViewer, "/api/v1/notices/draft/notice.html?period=2023Q3"), 200, secretName, 403, nil},
		{"noticePaper", get(aHandler, "/api/v1/notices/papers/ledger?period=2023Q3"), 200, "PK", 403, nil},
		{"noticeFile", get(aViewer, "/api/v1/notices/made/1/notice.html"), 200, secretName, 403, kept},
		{"verifyNotice", post(aHandler, "/api/v1/notices/verify", j{"file": aFile("notice.html", "<html>")}), 200, `"same":false`, 403, nil},

		{"registers", get(aViewer, "/api/v1/registers"), 200, `"kind":"reports"`, 0, nil},
		{"imports", get(aViewer, "/api/v1/imports?kind=reports"), 200, `"items":[]`, 403, nil},
		{"register", get(aViewer, "/api/v1/registers/reports?q=财政"), 200, secretName, 0, nil},
		{"revealRegister", post(aHandler, "/api/v1/registers/reports/reveal", nil), 200, secretName, 403, nil},
		{"registerFigures", get(aViewer, "/api/v1/registers/reports/figures?period=2023Q3"), 200, "统计", 403, nil},
		{"importRegister", post(aHandler, "/api/v1/registers/reports/import", j{"file": aFile("a.csv", "检查期,单位,报送期限\n2023Q3,平定县,2023-10-20\n"), "dry": true}), 200, `"added":1`, 403, nil},
		{"registerForm", get(aViewer, "/api/v1/registers/reports/form?format=csv"), 200, "检查期", 0, nil},

		{"rounds", get(operator, "/api/v1/rounds?sort=started"), 200, "20230927-0130", 403, nil},
		{"round", get(operator, "/api/v1/rounds/20230927-0130"), 200, "czj.example.gov.cn", 403, nil},
		{"progress", get(operator, "/api/v1/progress"), 200, `"done":4`, 403, nil},
		{"followProgress", get(operator, "/api/v1/progress/stream"), 200, `data: {"running":false`, 403, func() { s.idle = true }},
		{"beginRound", post(operator, "/api/v1/rounds", j{"sites": []string{"czj"}}), 200, "已排队，前面还有 2 批", 403, nil},
		{"waitingRounds", get(operator, "/api/v1/rounds/waiting"), 200, `"id":"w1"`, 403, nil},
		{"withdrawRound", post(operator, "/api/v1/rounds/withdraw", j{"id": "w1"}), 200, "已取消", 403, nil},
		{"lookAgain", post(operator, "/api/v1/rounds/again", j{"subjects": []string{"czj/tzgg"}}), 200, "已安排", 403, nil},
		{"cancelRound", post(operator, "/api/v1/rounds/cancel", nil), 200, "正在取消", 403, func() { s.patrols.asked = []string{"x"} }},

		{"fetchPages", post(tunerUser, "/api/v1/recipes/fetch", j{"column": "tyj/tzgg"}), 200, `"source":"live-`, 403, func() { s.atelier.live = pagesOfTheSite() }},
		{"tryRecipe", post(tunerUser, "/api/v1/recipes/try", j{"column": "tyj/tzgg", "source": source, "recipe": recipe, "before": true}), 200, `"count":12`, 403, nil},
		{"recipeEffects", post(tunerUser, "/api/v1/recipes/effects", j{"column": "tyj/tzgg", "source": source, "recipe": recipe}), 200, `"kind":"mended"`, 403, nil},
		{"recipeDiff", post(tunerUser, "/api/v1/recipes/diff", j{"column": "tyj/tzgg", "source": source, "recipe": recipe}), 200, `"file":"sites/tyj.yaml"`, 403, nil},
		{"saveRecipe", post(tunerUser, "/api/v1/recipes/save", j{"column": "tyj/tzgg", "source": source, "recipe": recipe, "newest": "2023-09-24"}), 200, `"files":["sites/tyj.yaml"`, 403, nil},
		{"acceptRecipe", post(tunerUser, "/api/v1/recipes/accept", j{"column": "tyj/tzgg", "snapshot": look}), 200, `"columns":["tyj/tzgg"]`, 403, nil},
		{"undoRecipe", post(tunerUser, "/api/v1/recipes/undo", j{"column": "tyj/tzgg", "change": "2023-09-27T12:00:00+08:00"}), 200, "sites/tyj.yaml", 403, func() {
			s.ask(s.t, post(tunerUser, "/api/v1/recipes/save", j{"column": "tyj/tzgg", "source": source, "recipe": recipe, "newest": "2023-09-24"}))
		}},

		{"configuration", get(tunerUser, "/api/v1/configuration"), 200, `"name":"sites/tyj.yaml"`, 403, nil},
		{"configurationFile", get(tunerUser, "/api/v1/configuration/files/sites/tyj.yaml"), 200, "a comment that stays", 403, nil},
		{"writeConfigurationFile", call{tunerUser, "PUT", "/api/v1/configuration/files/sites/tyj.yaml", j{"text": strings.Replace(file, "体育新闻", "赛事新闻", 1)}, map[string]string{"If-Match": `"` + fullDigest([]byte(file)) + `"`}}, 200, "已写入", 403, nil},
		{"removeConfigurationFile", call{tunerUser, "DELETE", "/api/v1/configuration/files/sites/tyj.yaml", nil, map[string]string{"If-Match": `"` + fullDigest([]byte(file)) + `"`}}, 200, `"files":["sites/tyj.yaml"]`, 403, nil},
		{"undoConfiguration", post(tunerUser, "/api/v1/configuration/undo", j{"change": "2023-09-27T12:00:00+08:00"}), 200, `"files":["sites/tyj.yaml"]`, 403, func() {
			s.ask(s.t, call{tunerUser, "DELETE", "/api/v1/configuration/files/sites/tyj.yaml", nil, map[string]string{"If-Match": fullDigest([]byte(file))}})
		}},
		{"checkConfigurationFile", post(tunerUser, "/api/v1/configuration/check", j{"name": "sites/tyj.yaml", "text": file + "#\n"}), 200, `"ok":true`, 403, nil},
		{"configurationChanges", get(tunerUser, "/api/v1/configuration/changes"), 200, `"items":[]`, 403, nil},

		{"system", get(operator, "/api/v1/system"), 200, "磁盘不足", 403, nil},
		{"makeBackup", post(admin, "/api/v1/system/backups", nil), 200, "已开始备份", 403, nil},
		{"verifyBackup", post(admin, "/api/v1/system/backups/verify", j{"name": "b.db"}), 200, "已开始核验", 403, nil},
		{"messages", get(operator, "/api/v1/messages?sort=channel&channel="+url.QueryEscape("办公室")), 200, "办公室", 403, nil},
		{"channels", get(operator, "/api/v1/messages/channels"), 200, `"quiet":"22:00–07:00"`, 403, nil},
		{"testMessage", post(admin, "/api/v1/messages/test", j{"channel": "财政局"}), 200, "发件箱", 403, nil},
		{"verifyAudit", get(admin, "/api/v1/audit/verify"), 200, `"sound":true`, 403, nil},
		{"audit", get(admin, "/api/v1/audit?what=register."), 200, "register.reveal", 403, func() { s.ask(s.t, post(aHandler, "/api/v1/registers/reports/reveal", nil)) }},
	}
}

// Every operation that the document names does what it says, and gives what it
// describes; and nothing of a unit is told to another's clerk by it.
func TestEveryOperationOnce(t *testing.T) {
	d, err := documented()
	check(t, err)
	left := map[string]bool{}
	for _, methods := range d.paths {
		for _, op := range methods {
			left[op.ID] = true
		}
	}
	s := newStand(t)
	for _, c := range everyCall(s) {
		t.Run(c.op, func(t *testing.T) {
			s.reset(t)
			if c.before != nil {
				c.before()
			}
			foreign := c.call
			foreign.who = aClerkOf("tyj")
			if ofAtelier.MatchString(c.call.path) {
				foreign.who = aClerkOf("czj")
				if c.foreign == 0 {
					c.foreign = 404
				}
			}
			w := s.ask(t, foreign)
			if c.foreign != 0 && w.Code != c.foreign || c.foreign == 0 && w.Code >= 500 || strings.Contains(w.Body.String(), secretName) {
				t.Errorf("another's clerk: %d, want %d: %.300s", w.Code, c.foreign, w.Body)
			}
			w = s.ask(t, c.call)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d, want %d with %q: %.1000s", w.Code, c.status, c.says, w.Body)
			}
			if _, id := d.operationAt(c.call.method, c.call.path); id != c.op {
				t.Errorf("%s %s is operation %s", c.call.method, c.call.path, id)
			}
			if tag := w.Header().Get("ETag"); c.call.method == http.MethodGet && tag != "" {
				again := c.call
				again.head = map[string]string{"If-None-Match": tag}
				if w := s.ask(t, again); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
					t.Errorf("what did not change is answered with %d", w.Code)
				}
			} else if c.call.method == http.MethodGet && c.op != "followProgress" { // which never is the same
				t.Error("an answer to GET has no ETag")
			}
		})
		delete(left, c.op)
	}
	for op := range left {
		t.Errorf("operation %s is not asked here", op)
	}
}

// anyText are the fields of operations that take any text of some length.
var anyText = map[string]bool{"note": true, "text": true, "document": true, "signed_by": true, "indicator": true, "only": true}

// badBodies are what is sent in the place of a body, and badValues in that of a
// field.
var (
	badBodies = []string{
		"", "{", "null", "[]", `"x"`, `{"` + canary + `":1}`, strings.Repeat("[", 100_000), `{"of":` + strings.Repeat(`["`, 3) + `}`, "\x00\xff", `{"of":null,"text":null,"file":null,"name":1}`,
	}
	badValues = []any{canary, []string{canary}, -1, 1e300, nil, hugeText, j{canary: canary}, "a\x00b", "", []any{}, true}
)

// badCalls are a call with whatever is bad in it. Of each it is said whether it may be
// taken: a field may be any text, or be left out.
func badCalls(c call) (bad []call, taken []bool) {
	add := func(may bool, change func(*call)) {
		x := c
		change(&x)
		bad, taken = append(bad, x), append(taken, may)
	}
	between := "?"
	if strings.Contains(c.path, "?") {
		between = "&"
	}
	add(false, func(x *call) { x.path += between + "nonsense=1" })
	add(false, func(x *call) { x.path += between + "lang=fr" })
	fields, ok := c.body.(j)
	if !ok {
		return bad, taken
	}
	for _, body := range badBodies {
		add(false, func(x *call) { x.body = body })
	}
	for field, good := range fields {
		for _, value := range badValues {
			_, isBool := good.(bool)
			text, isText := value.(string)
			may := anyText[field] && isText && text != hugeText && !strings.Contains(text, "\x00") || // it is text
				value == nil || value == "" || value == true && isBool || // as if it were left out, or what it should be
				fmt.Sprint(value) == "[]" // of lists that may be empty
			if list, isList := good.([]string); isList && isText && len(list) > 0 {
				value = []string{text} // nonsense in a list
			}
			add(may, func(x *call) {
				body := j{}
				for k, v := range fields {
					body[k] = v
				}
				body[field] = value
				x.body = body
			})
		}
	}
	add(false, func(x *call) { x.head = map[string]string{"Content-Type": "text/html"} })
	return bad, taken
}

// Whatever is sent, the answer is a sentence in the language that was asked for, what
// was sent is not said back, and nothing is changed by what is refused.
func TestHostile_EveryOperationWithNonsense(t *testing.T) {
	s := newStand(t)
	d, err := documented()
	check(t, err)
	left := map[string]bool{}
	for _, methods := range d.paths {
		for _, op := range methods {
			left[op.ID] = true
		}
	}
	for _, c := range everyCall(s) {
		t.Run(c.op, func(t *testing.T) {
			delete(left, c.op)
			if !strings.HasPrefix(c.op, "do-") && c.op != "answerSlip" && c.op != "handIn" {
				c.call.who = everybody
			}
			bad, taken := badCalls(c.call)
			withLog := c.op != "makeFinal" // who tries to is noted, though people must decide first
			begin := func() string {
				s.reset(t)
				if c.before != nil {
					c.before()
				}
				return s.state(withLog)
			}
			was := begin()
			for _, lang := range []string{"zh", "en"} {
				for i, x := range bad {
					x.head = maps.Clone(x.head)
					if x.head == nil {
						x.head = map[string]string{}
					}
					x.head["Accept-Language"] = lang
					w := s.ask(t, x)
					if !refusedWell(t, c.op, x, lang, w, taken[i]) {
						was = begin()
					} else if s.state(withLog) != was {
						t.Errorf("%s with %.100v changed something, though it was refused", c.op, x.body)
						was = begin()
					}
				}
			}
		})
	}
	for op := range left {
		t.Errorf("operation %s got no nonsense", op)
	}
}

// refusedWell holds a refusal against what one must be. It reports whether it was
// one.
func refusedWell(t *testing.T, op string, x call, lang string, w *httptest.ResponseRecorder, mayBeTaken bool) bool {
	t.Helper()
	body := w.Body.String()
	if strings.Contains(body, "<") && w.Header().Get("Content-Disposition") == "" {
		t.Errorf("%s: an answer with markup: %.300s", op, body)
	}
	if w.Code == http.StatusOK && (mayBeTaken || op == "checkConfigurationFile") { // which says what is wrong
		return false
	}
	var f fault
	switch {
	case w.Code < 400 || w.Code > 499 || json.Unmarshal(w.Body.Bytes(), &f) != nil:
		t.Errorf("%s with %.100v: %d %.300s", op, x.body, w.Code, body)
	case speaks(f.Message, lang, w.Code) != "":
		t.Errorf("%s with %.100v: in %s %s: %q", op, x.body, lang, speaks(f.Message, lang, w.Code), f.Message)
	case strings.Contains(body, "alert(1)") && !strings.Contains(op, "ConfigurationFile"):
		t.Errorf("%s says back what was sent: %.300s", op, body)
	case !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json"):
		t.Errorf("%s: an error is %s", op, w.Header().Get("Content-Type"))
	}
	return true
}

func TestErrorsSpeakTheCallersLanguage(t *testing.T) {
	s := newStand(t)
	for _, tt := range []struct {
		call   call
		zh, en string
	}{
		{call{aHandler, "POST", "/api/v1/findings/do/urge", j{"of": []string{"nothing/2023Q3"}}, nil}, "没有这个问题", "there is no such finding"},
		{call{aHandler, "POST", "/api/v1/findings/do/urge", "{", nil}, "请求的 JSON 无法识别", "the request's JSON cannot be read"},
		{call{aHandler, "POST", "/api/v1/findings/do/urge", j{"off": 1}, nil}, "请按 details 更正", "correct it by the details"},
		{call{aHandler, "POST", "/api/v1/findings/do/urge", j{"of": []string{secretRef()}, "due": "2023-10-01"}, nil}, "“催办”没有 due 这一项", "urge takes no due"},
		{call{aViewer, "POST", "/api/v1/findings/do/urge", j{"of": []string{secretRef()}}, nil}, "您没有此项权限", "you may not do this"},
		{call{people.User{}, "GET", "/api/v1/findings", nil, nil}, "请先登录，或附上访问令牌", "log in, or send a token"},
		{call{aHandler, "POST", "/api/v1/findings/do/urge", j{"of": []string{secretRef()}, "note": strings.Repeat("x", 2*maxUpload)}, nil}, "太大", "too much was sent"},
	} {
		for lang, want := range map[string]string{"zh": tt.zh, "en": tt.en} {
			c := tt.call
			c.path += "?lang=" + lang
			if w := s.ask(t, c); w.Code < 400 || w.Code > 499 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d, want %q: %.300s", c.path, w.Code, want, w.Body)
			}
		}
	}
}

// The document is one by the schema of its makers, and what it says of answers is
// JSON Schema.
func TestTheDocumentIsOpenAPI(t *testing.T) {
	w := newStand(t).desk.get(aViewer, "/api/v1/openapi.json")
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	check(t, err)
	data, err := os.ReadFile("testdata/openapi-3.1.json")
	check(t, err)
	meta, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	check(t, err)
	c := jsonschema.NewCompiler()
	check(t, c.AddResource("openapi.json", meta))
	schema, err := c.Compile("openapi.json")
	check(t, err)
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
	d, err := documented()
	check(t, err)
	for name := range doc.(j)["components"].(j)["schemas"].(j) {
		if _, err := d.compiler.Compile("openapi.json#/components/schemas/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// suspect has the newest judgement suspect something that nobody has entered.
func (s *stand) suspect() {
	in := s.desk.b.Input
	in.Result.Point = noon
	in.Result.Findings = []rules.Finding{{ID: rules.FindingID("tyj", "x"), Subject: "tyj", Unit: "tyj", Indicator: "x", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol}, Publicity: cases.Named, Text: "t", Basis: "b"}}
	s.desk.b = board.New(in)
}
