package console

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/people"
)

var auditRoutes = []Route{
	{"GET", "/audit", people.Administer, (*Console).audit},
}

// did logs something that a request has done. A handler need not: what it changed is
// logged with its route. It does where a word and an object say more than that.
func (c *Console) did(q *request, what, on, note string) {
	q.noted = true
	if c.People == nil {
		return
	}
	if err := c.People.Note(c.actor(q), what, on, note); err != nil {
		c.Log.Error("console: not logged", "what", what, "on", on, "error", err)
	}
}

// serve answers a request that is allowed, and logs what it changed.
func (c *Console) serve(w http.ResponseWriter, q *request, route Route) error {
	if c.People == nil || route.Method == http.MethodGet || route.Need == "" || route.Need == people.TryOut {
		return route.serve(c, w, q)
	}
	s := &statusWriter{ResponseWriter: w}
	err := route.serve(c, s, q)
	if err == nil && s.status < http.StatusBadRequest && !q.noted {
		c.did(q, route.Method+" "+route.Path, objectOf(q, route), "")
	}
	return err
}

var wildcard = regexp.MustCompile(`\{(\w+)[^}]*\}`)

// objectOf is what a request's address names.
func objectOf(q *request, route Route) string {
	var parts []string
	for _, m := range wildcard.FindAllStringSubmatch(route.Path, -1) {
		parts = append(parts, q.PathValue(m[1]))
	}
	return strings.Join(parts, " ")
}

// A statusWriter remembers how it was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 && status >= 200 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// doings are what the log's words mean. Routes of the interface are those of pages, or
// stand here without their beginning.
var doings = []struct{ what, zh, en string }{
	{"login", "登录", "log-in"},
	{"login.failed", "登录失败", "log-in failed"},
	{"login.locked", "登录被锁定", "log-in locked"},
	{"logout", "退出", "log-out"},
	{"setup", "设立首个管理员", "first administrator"},
	{"password.change", "更改密码", "password changed"},
	{"password.link", "用一次性链接设密码", "password set by link"},
	{"user.create", "新增用户", "user added"},
	{"user.edit", "更改用户", "user changed"},
	{"user.disable", "停用用户", "user disabled"},
	{"user.enable", "启用用户", "user enabled"},
	{"user.link", "发一次性链接", "one-time link made"},
	{"user.language", "更改语言", "language changed"},
	{"session.end", "结束登录", "session ended"},
	{"token.create", "新增令牌", "token made"},
	{"token.revoke", "停用令牌", "token revoked"},
	{"finding.enter", "登记一个疑似问题", "suspicion entered"},
	{"finding.reveal", "查看问题中的个人信息", "personal data of a finding seen"},
	{"register.reveal", "查看登记表中的个人信息", "personal data of a register seen"},
	{"register.import", "导入登记表", "register imported"},
	{"paper.download", "下载文书", "paper downloaded"},
	{"proof.pack", "下载证据包", "proof downloaded"},
	{"proof.sheet", "下载证据说明", "sheet of proof downloaded"},
	{"notice.make", "生成通报", "notice made"},
	{"configuration.write", "修改配置文件", "file of the configuration written"},
	{"configuration.remove", "删去配置文件", "file of the configuration taken away"},
	{"configuration.undo", "撤销配置的改动", "change of the configuration taken back"},
	{"round.begin", "发起巡查", "round asked for"},
	{"round.again", "再看一次", "another look asked for"},
	{"round.cancel", "取消巡查", "round cancelled"},
	{"round.withdraw", "取消排队的巡查", "waiting round taken back"},
	{"recipe.save", "保存采集规则", "recipe saved"},
	{"recipe.undo", "撤销采集规则的改动", "recipe taken back"},
	{"POST /findings/enter/{id}", "登记一个疑似问题", "suspicion entered"},
	{"POST /findings/enter", "登记一个疑似问题", "suspicion entered"},
	{"POST /findings/sync", "登记巡查的疑似问题", "suspicions entered"},
	{"POST /findings/new", "人工登记问题", "finding entered by hand"},
	{"POST /findings/check", "登记检查单", "check list entered"},
	{"POST /findings/sheet", "登记填好的表", "sheet entered"},
	{"POST /slips/{unit}", "答复核实单", "slip answered"},
	{"POST /registers/{kind}/check", "检查登记表", "list checked"},
	{"POST /notices/verify", "核对通报文件", "notice verified"},
	{"POST /accounts/{code}/handed", "交来账号材料", "material handed in"},
	{"POST /accounts/{code}/checked", "核对账号材料", "material checked"},
	{"POST /tuner/accept", "采用建议规则", "proposed recipe accepted"},
	{"POST /system/backups", "立即备份", "backup made"},
	{"POST /system/backups/verify", "核验备份", "backup verified"},
	{"POST /system/messages/test", "发测试消息", "test message sent"},
	{"POST /messages/test", "发测试消息", "test message sent"},
	{"POST /findings", "人工登记问题", "finding entered by hand"},
	{"POST /sheets", "登记填好的表", "sheet entered"},
	{"POST /findings/{id}/{period}/history", "下载办理记录原文", "history of a finding downloaded unmasked"},
	{"POST /findings/{id}/{period}/papers/{sha256}", "下载附件", "attachment downloaded"},
	{"POST /findings/{id}/{period}/reveal", "查看问题中的个人信息", "personal data of a finding seen"},
	{"POST /findings/{id}/{period}/sheet", "下载证据说明", "sheet of proof downloaded"},
	{"POST /findings/{id}/{period}/pack", "下载证据包", "proof downloaded"},
	{"POST /registers/{kind}/reveal", "查看登记表中的个人信息", "personal data of a register seen"},
	{"POST /registers/{kind}/import", "导入登记表", "register imported"},
	{"POST /notices/draft", "生成通报初稿", "draft of a notice made"},
	{"POST /notices/final", "生成通报定稿", "final notice made"},
	{"POST /rounds", "发起巡查", "round asked for"},
	{"POST /rounds/again", "再看一次", "another look asked for"},
	{"POST /rounds/cancel", "取消巡查", "round cancelled"},
	{"POST /rounds/withdraw", "取消排队的巡查", "waiting round taken back"},
	{"POST /tuner/save", "保存采集规则", "recipe saved"},
	{"POST /tuner/undo", "撤销采集规则的改动", "recipe taken back"},
	{"POST /recipes/save", "保存采集规则", "recipe saved"},
	{"POST /recipes/accept", "采用建议规则", "proposed recipe accepted"},
	{"POST /recipes/undo", "撤销采集规则的改动", "recipe taken back"},
	{"PUT /configuration/files/{name...}", "修改配置文件", "file of the configuration written"},
	{"DELETE /configuration/files/{name...}", "删去配置文件", "file of the configuration taken away"},
	{"POST /configuration/undo", "撤销配置的改动", "change of the configuration taken back"},
	{"POST /configuration/check", "检查配置文件", "file of the configuration checked"},
	{"POST /account/language", "更改语言", "language changed"},
	{"POST /account/password", "更改密码", "password changed"},
	{"POST /account/sessions", "结束其他登录", "other sessions ended"},
	{"POST /account/sessions/{id}", "结束登录", "session ended"},
	{"POST /account/tokens", "新增令牌", "token made"},
	{"POST /account/tokens/{id}", "停用令牌", "token revoked"},
	{"POST /users", "新增用户", "user added"},
	{"POST /users/{name}", "更改用户", "user changed"},
	{"POST /users/{name}/link", "发一次性链接", "one-time link made"},
	{"POST /users/{name}/disable", "停用用户", "user disabled"},
	{"POST /users/{name}/enable", "启用用户", "user enabled"},
	{"POST /users/{name}/sessions", "结束用户的登录", "sessions of a user ended"},
	{"POST /users/{name}/tokens/{id}", "停用用户的令牌", "token of a user revoked"},
}

func doing(what, lang string) string {
	for _, d := range doings {
		if d.what == what {
			return sayer(lang)(d.zh, d.en)
		}
	}
	for _, of := range []string{"finding.", "POST /findings/do/"} {
		if kind, found := strings.CutPrefix(what, of); found {
			return sayer(lang)("问题：", "finding: ") + kindWord(cases.Kind(kind), lang)
		}
	}
	if method, rest, found := strings.Cut(what, " "+apiRoot); found {
		return doing(method+" /"+rest, lang) + sayer(lang)("（接口）", " (API)")
	}
	return what
}

// An auditPage is a part of the log.
type auditPage struct {
	Entries []people.Entry
	Fields  []field
	Older   string // address of those before, "" at the beginning of the log
	Newest  string // address of the newest, "" where they are shown
	Head    people.LogHead

	Checked bool // the whole log was verified
	Broken  string
}

const (
	auditSize   = 100
	auditExport = 50_000 // rows of a file
)

// question reads which entries are asked for.
func (q *request) question() (ask people.Question, fields []field, err error) {
	who, err := q.search("who", q.say("登录名", "User"))
	if err != nil {
		return ask, nil, err
	}
	groups := []option{
		{"login", q.say("登录", "log-ins")}, {"logout", q.say("退出", "log-outs")}, {"setup", q.say("设立首个管理员", "first administrator")}, {"user.", q.say("用户", "users")}, {"password.", q.say("密码", "passwords")},
		{"token.", q.say("令牌", "tokens")}, {"session.", q.say("登录的结束", "sessions ended")}, {"finding.", q.say("问题", "findings")}, {"register.", q.say("登记表", "registers")}, {"paper.", q.say("文书", "papers")}, {"proof.", q.say("证据", "proof")}, {"notice.", q.say("通报", "notices")}, {"configuration.", q.say("配置", "configuration")},
		{"recipe.", q.say("采集规则", "recipes")}, {"round.", q.say("巡查批次", "rounds")},
		{"POST ", q.say("其他改动", "other changes")},
	}
	what, err := q.choose("what", q.say("操作", "Doing"), groups)
	if err != nil {
		return ask, nil, err
	}
	on, err := q.search("q", q.say("对象或说明", "Object or note"))
	if err != nil {
		return ask, nil, err
	}
	ask = people.Question{Who: who.Value, What: what.Value, On: on.Value, Most: auditSize}
	from, first, err := q.day("from", q.say("自（年-月-日）", "From (year-month-day)"))
	if err != nil {
		return ask, nil, err
	}
	to, last, err := q.day("to", q.say("至（年-月-日）", "To (year-month-day)"))
	if err != nil {
		return ask, nil, err
	}
	if ask.From = first; !last.IsZero() {
		ask.To = last.AddDate(0, 0, 1)
	}
	ask.Before, err = q.number("before", 0, 1, 1<<50)
	return ask, []field{who, what, on, from, to}, err
}

// day reads a parameter that is a day, or left out.
func (q *request) day(name, label string) (field, time.Time, error) {
	f, err := q.search(name, label)
	if err != nil || f.Value == "" {
		return f, time.Time{}, err
	}
	t, err := time.ParseInLocation(time.DateOnly, f.Value, extract.Beijing)
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return f, t, refuse(http.StatusBadRequest, "日期请写作 2023-09-27 这样的形式", "write a day like 2023-09-27")
	}
	return f, t, nil
}

func (c *Console) audit(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	ask, fields, err := q.question()
	if err != nil {
		return err
	}
	format, err := q.wants()
	if err != nil {
		return err
	}
	if format != "" {
		return c.auditExport(w, q, gate, ask, format)
	}
	p := auditPage{Fields: fields}
	entries, next, err := gate.Entries(ask)
	if err != nil {
		return err
	}
	p.Entries = entries
	v := view{Path: q.URL.Path, Query: q.URL.Query()}
	v.Query.Del("verify")
	if next > 0 {
		p.Older = v.With("before", strconv.Itoa(next))
	}
	if ask.Before > 0 {
		p.Newest = v.With("before", "")
	}
	if p.Head, err = gate.LogHead(); err != nil {
		return err
	}
	if q.URL.Query().Get("verify") != "" {
		p.Checked = true
		if _, err := gate.VerifyLog(q.Context()); err != nil {
			c.Log.Error("console: log of doings", "error", err)
			p.Broken = err.Error()
		}
	}
	return c.render(w, q, http.StatusOK, "audit", p)
}

// auditExport answers with the entries as a file, the newest first.
func (c *Console) auditExport(w http.ResponseWriter, q *request, gate *people.Gate, ask people.Question, format string) error {
	t := sheet.Table{Name: q.say("操作记录", "log"), Head: []string{
		q.say("编号", "No."), q.say("时间", "Time"), q.say("登录名", "User"), q.say("令牌", "Token"), q.say("地址", "Address"), q.say("操作", "Doing"), q.say("对象", "Object"), q.say("说明", "Note"), q.say("前一条校验值", "Digest of the one before"),
	}}
	for ask.Most = 1000; len(t.Rows) < auditExport; {
		entries, next, err := gate.Entries(ask)
		if err != nil {
			return err
		}
		for _, e := range entries {
			t.Rows = append(t.Rows, []string{strconv.Itoa(e.N), stamp(e.At, time.DateTime), e.Who, e.Via, e.From, doing(e.What, q.lang), e.On, e.Note, e.Prev})
		}
		if ask.Before = next; next == 0 || q.Context().Err() != nil {
			break
		}
	}
	return c.export(w, q, format, t)
}
