package simcity

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"xuncha/inventory"
)

// A medium is one host of a platform where accounts post.
type medium struct {
	platform inventory.Platform
	host     string
	main     bool   // a guest sees the accounts' posts here
	bound    bool   // and no more than some of them
	needs    string // another host of the platform without which it shows nothing
	answer   func(*asking) response
}

// media lists the hosts of the platforms.
func media() []medium {
	return slices.Concat(weibo(), wechat(), douyin(), xigua(), toutiao(), kuaishou(), bilibili())
}

// mediaOf lists the hosts of one platform.
func mediaOf(p inventory.Platform) []medium {
	return slices.DeleteFunc(media(), func(m medium) bool { return m.platform != p })
}

// An asking is one request to a host of a platform.
type asking struct {
	*page
	r *http.Request

	// account is whom the request is about, nil for nobody known, and fault what
	// hinders it.
	account *account
	fault   fault
}

// respondAs answers as a platform does. What a host or an account is hindered by
// is told in the platform's own way where it has one.
func (h *host) respondAs(m *medium, p *page, r *http.Request) response {
	switch {
	case r.URL.Path == "/robots.txt" && h.everywhere != faultDown:
		return h.robotsTxt()
	case h.everywhere != "" && !h.everywhere.ofMedia():
		return p.faulty(h.everywhere, nil)
	}
	q := &asking{page: p, r: r, fault: h.everywhere}
	res := m.answer(q)
	if a := q.account; a != nil {
		switch f := a.fault; {
		case f == faultCut:
			res.fault = f
		case !f.ofMedia() && f != faultRobots:
			res = p.blank().faulty(f, nil)
		}
		res.account = a.Code
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		res.set("Access-Control-Allow-Origin", origin)
		res.set("Access-Control-Allow-Credentials", "true")
	}
	return res
}

// blank returns the page without what was written.
func (p *page) blank() *page { return &page{host: p.host, now: p.now} }

// set sets a header of the response.
func (res *response) set(name, value string) {
	if res.header == nil {
		res.header = http.Header{}
	}
	res.header.Add(name, value)
}

// about notes whom a request is about, and reports whether the host knows it.
func (q *asking) about(uid string) bool {
	a := q.host.accounts[uid]
	if a != nil {
		q.concerns(a)
	}
	return a != nil
}

// concerns notes whom a request is about. What hinders the host comes before what
// hinders the account.
func (q *asking) concerns(a *account) {
	q.account = a
	if q.fault == "" {
		q.fault = a.hindered(q.now.day)
	}
}

// posts returns what the account of the request shows.
func (q *asking) posts(most int) []post { return q.account.posts(q.fault, q.now, most) }

// total is how many posts the platform says that the account has. It is counted
// apart from the list, so an old list does not touch it.
func (q *asking) total() int { return q.account.line.count(q.now) }

// form returns a parameter of the request.
func (q *asking) form(name string) string { return q.r.URL.Query().Get(name) }

// cookie returns a cookie of the request, "" if there is none.
func (q *asking) cookie(name string) string {
	c, err := q.r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// ofMedia reports whether a platform tells of a fault in a way of its own.
func (f fault) ofMedia() bool {
	return f == "" || f == faultUndated || slices.Contains(mediaFaults(), f) || slices.Contains(closures(), f)
}

// The faults of accounts and platforms, beside those of pages. Captcha, login and
// undated are theirs too.
const (
	faultVisitor   fault = "visitor"   // no visitor's cookie is good enough
	faultFrequency fault = "frequency" // 访问过于频繁
	faultOldList   fault = "old-list"  // a list that ended long ago
	faultEmpty     fault = "empty"     // no post is shown
	faultNoUser    fault = "no-user"   // 用户不存在
	faultExpired   fault = "expired"   // 链接已过期

	closedCancelled fault = "cancelled" // 已注销
	closedBanned    fault = "banned"    // 被封禁
	closedRecycled  fault = "recycled"  // 被系统回收
	closedMoved     fault = "moved"     // 已迁移
)

// mediaFaults lists what only platforms and their accounts are hindered by, apart
// from being closed.
func mediaFaults() []fault {
	return []fault{faultCaptcha, faultLogin, faultVisitor, faultFrequency, faultOldList, faultEmpty, faultNoUser, faultExpired}
}

// closures lists how an account can be closed.
func closures() []fault {
	return []fault{closedCancelled, closedBanned, closedRecycled, closedMoved}
}

// says is what a platform tells its readers of a fault.
func (f fault) says() string {
	switch f {
	case faultCaptcha:
		return "请完成安全验证后继续访问"
	case faultLogin:
		return "请先登录后查看"
	case faultVisitor:
		return "访客身份已失效"
	case faultFrequency:
		return "访问过于频繁，请稍后再试"
	case faultExpired:
		return "链接已过期"
	case closedCancelled:
		return "该账号已注销"
	case closedBanned:
		return "该账号已被封禁"
	case closedRecycled:
		return "该账号已被系统回收"
	case closedMoved:
		return "该账号已迁移"
	}
	return "用户不存在"
}

// denies reports whether a fault leaves no list at all.
func (f fault) denies() bool {
	return f != "" && f != faultOldList && f != faultEmpty && f != faultUndated
}

// object is JSON that a platform answers with.
type object = map[string]any

// asJSON answers with JSON.
func asJSON(status int, data any) response {
	body, err := json.Marshal(data)
	if err != nil {
		return response{status: http.StatusInternalServerError, kind: "text/plain", plain: "500\n"}
	}
	return response{status: status, kind: "application/json", plain: string(body)}
}

// asPage answers with a page that says one thing.
func (q *asking) asPage(status int, title, text string) response {
	q.document(title, func() { q.add(`<div class="tips"><p>`, text, "</p></div>\n") })
	return response{status: status, kind: "text/html", page: q.page}
}

// asDocument answers with a page that body writes.
func (q *asking) asDocument(title string, body func()) response {
	q.document(title, body)
	return response{status: http.StatusOK, kind: "text/html", page: q.page}
}

func (q *asking) document(title string, body func()) {
	q.add("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>", title, "</title>\n</head>\n<body>\n")
	body()
	q.add("</body>\n</html>\n")
}

// nowhere answers for addresses that a platform does not have.
func (q *asking) nowhere() response { return q.asPage(http.StatusNotFound, "404", "页面不存在") }

// scripted writes the page of an account that its script fills: it asks an
// address and lists the titles it is given.
func (q *asking) scripted(title, prepare, ask, rows string) response {
	return q.asDocument(title, func() {
		q.add(`<div id="root"><h1 class="nickname"></h1><ul class="posts"></ul></div>`, "\n<script>\n(async function () {\n", signScript, prepare,
			"  const answer = await fetch(", ask, ");\n  const data = await answer.json();\n",
			"  const box = document.querySelector('ul.posts');\n  for (const text of (", rows, ")) {\n",
			"    const row = document.createElement('li');\n    row.textContent = text;\n    box.append(row);\n  }\n})();\n</script>\n")
	})
}

// signScript is how scripts sign what they ask, and sign is the same for whoever
// checks it. Nothing but a browser is expected to do so.
const signScript = `  function sign(text) {
    let h = 7;
    for (const c of text) h = (Math.imul(h, 31) + c.charCodeAt(0)) >>> 0;
    return h.toString(16);
  }
`

func sign(text string) string {
	h := uint32(7)
	for i := range len(text) {
		h = h*31 + uint32(text[i])
	}
	return fmt.Sprintf("%x", h)
}

// salt is what a host's scripts add to what they sign; it changes daily.
func (q *asking) salt() string {
	return fmt.Sprintf("%08x", uint32(mix(hash(q.host.name), uint64(q.now.day))))
}

// signed reports whether a request ends with the signature of the rest of it.
func (q *asking) signed(name string) bool {
	rest, given, ok := strings.Cut(q.r.URL.RawQuery, "&"+name+"=")
	return ok && given == sign(rest+q.salt())
}

// visitors hands out the cookies without which a platform shows nothing. One
// serves for a number of requests, so that a round outlives it.
type visitors struct {
	mu    sync.Mutex
	asked int // guarded by mu
}

// visitorServes is how many requests a visitor's cookie serves.
const visitorServes = 16

// mint makes a cookie's value.
func (v *visitors) mint(d day) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return visitorToken(v.asked, d)
}

func visitorToken(n int, d day) string {
	return fmt.Sprintf("_2AkM%d.%016x", n, mix(uint64(n), uint64(d), 17))
}

// good reports whether a cookie still serves, and counts the request.
func (v *visitors) good(token string, d day) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	var n int
	if _, err := fmt.Sscanf(token, "_2AkM%d.", &n); err != nil || token != visitorToken(n, d) || v.asked-n >= visitorServes {
		return false
	}
	v.asked++
	return true
}
