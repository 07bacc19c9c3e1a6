//go:build !race

package main

import (
	"strings"
	"testing"

	"xuncha/people"
)

// The people of the tests in a browser. The administrator comes by the first link.
var (
	boss      = people.User{Name: "guanli", FullName: "管理员", Roles: []people.Role{people.Admin}}
	drafter   = people.User{Name: "wangmin", FullName: "王敏", Roles: []people.Role{people.Handler, people.Signer}}
	agreeing  = people.User{Name: "liqiang", FullName: "李强", Roles: []people.Role{people.Reviewer}}
	czjWriter = people.User{Name: "zhaohong", FullName: "赵红", Roles: []people.Role{people.Clerk}, Unit: "czj"}
	tuningOne = people.User{Name: "yunwei", FullName: "钱伟", Roles: []people.Role{people.Operator}}
	allRound  = people.User{Name: "quanquan", FullName: "全权", Roles: []people.Role{people.Handler, people.Reviewer, people.Signer, people.Operator}}
	onlooker  = people.User{Name: "kankan", FullName: "吴主任", Roles: []people.Role{people.Viewer}}
)

// The link of the first start makes the administrator, who makes a user, who comes
// in by a link of their own, sees what their role sees, and goes.
func (w *town) logsIn(t *testing.T) {
	admin := w.somebody(t)
	admin.open("/columns?state=stale")
	admin.at("/login?to=%2Fcolumns%3Fstate%3Dstale")
	first := w.first()
	admin.open(first)
	admin.fill("form.form", "name", boss.Name, "full_name", boss.FullName, "password", password, "again", password)
	admin.press("form.form button.main")
	admin.at("/login")
	admin.logIn(boss.Name)
	admin.shows(".who summary", "管理员")
	if status := w.somebody(t).open(first); status < 400 {
		t.Errorf("the first link works a second time: %d", status)
	}

	admin.open("/users")
	admin.do(click(`details:has(>form[action="/users"][method=post])>summary`))
	admin.fill(`form[action="/users"][method=post]`, "name", "sunli", "full_name", "孙丽", "role", "clerk", "unit", "gaj")
	admin.press(`form[action="/users"][method=post] button.main`)
	link := admin.text("section.once code")
	if !strings.HasPrefix(link, "/setup") {
		t.Fatalf("the link of a new user is %q", link)
	}

	clerk := w.somebody(t)
	clerk.open(link)
	clerk.fill("form.form", "password", password, "again", password+"？")
	clerk.pressed("form.form button.main", 422)
	clerk.shows("[role=alert]", "不一样")
	clerk.fill("form.form", "password", password, "again", password)
	clerk.press("form.form button.main")
	clerk.logIn("sunli")
	clerk.shows(".who summary", "孙丽")
	for path, status := range map[string]int64{"/": 200, "/columns": 200, "/columns/xxgk/gaj/gzdt/gzjb": 200, "/columns/" + czj: 404, "/users": 403, "/system": 403, "/tuner": 403, "/rounds": 403, "/notices": 403} {
		if got := clerk.open(path); got != status {
			t.Errorf("a clerk opens %s: %d, want %d", path, got, status)
		}
	}
	clerk.open("/")
	if nav := clerk.text("header nav"); strings.Contains(nav, "系统") || !strings.Contains(nav, "问题") {
		t.Errorf("a clerk is offered %q", nav)
	}
	clerk.do(click(".who summary"))
	clerk.press(`form[action="/logout"] button`)
	clerk.at("/login")
	clerk.shows(".flash", "已退出")
	clerk.open("/columns")
	clerk.at("/login?to=%2Fcolumns")
	clerk.fill("form.form", "name", "sunli", "password", "不是这个密码")
	clerk.pressed("form.form button.main", 401)
	clerk.shows("[role=alert]", "密码")
	clerk.fill("form.form", "password", password)
	clerk.press("form.form button.main")
	clerk.at("/columns")

	admin.open("/audit")
	for _, want := range []string{"孙丽", "管理员"} {
		admin.shows("main", want)
	}
}
