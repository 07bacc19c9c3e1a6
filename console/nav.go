package console

import (
	"cmp"
	"net/http"
	"strings"
	"unicode"

	"xuncha/people"
)

var navRoutes = []Route{
	{"POST", "/language", "", (*Console).language},
}

// An area is one part of the console, a word in the navigation.
type area struct {
	Path    string
	zh, en  string
	city    bool   // for those alone who see the whole city
	Word    string // in the page's language
	Current bool   // the page lies in it
}

// areas are the parts, in the order in which they are shown. One is shown where a
// page is behind it that the user may ask for.
var areas = []area{
	{Path: "/", zh: "总览", en: "Overview"},
	{Path: "/sites", zh: "网站", en: "Sites"},
	{Path: "/columns", zh: "栏目", en: "Columns"},
	{Path: "/accounts", zh: "新媒体", en: "Accounts"},
	{Path: "/findings", zh: "问题", en: "Findings"},
	{Path: "/notices", zh: "通报", en: "Notices", city: true},
	{Path: "/tuner", zh: "采集规则维护", en: "Recipes"},
	{Path: "/rounds", zh: "巡查批次", en: "Rounds"},
	{Path: "/system", zh: "系统", en: "System"},
}

// Areas are the words of the navigation that the user may go to.
func (v view) Areas() []area {
	var shown []area
	for _, a := range areas {
		if !v.Can("GET", a.Path) || a.city && !v.User.Everywhere() {
			continue
		}
		a.Word = v.Say(a.zh, a.en)
		a.Current = a.Path == v.Path || a.Path != "/" && strings.HasPrefix(v.Path, a.Path+"/")
		shown = append(shown, a)
	}
	return shown
}

// Can reports whether there is such a route and the user has the right to it. What
// a page offers it asks this way: nobody is shown a button that refuses them.
func (v view) Can(method, path string) bool {
	need, ok := v.needs[method+" "+path]
	return ok && (need == "" || v.User.May(need))
}

// routeNeeds is what each route takes, by method and path; the first page is "/".
func routeNeeds() map[string]people.Right {
	needs := map[string]people.Right{}
	for _, r := range Routes() {
		needs[r.Method+" "+strings.TrimSuffix(r.Path, "{$}")] = r.Need
	}
	return needs
}

// language remembers which language somebody reads, and goes back to the page.
func (c *Console) language(w http.ResponseWriter, q *request) error {
	form, err := q.form()
	if err != nil {
		return err
	}
	lang := form.Get("lang")
	if lang != "zh" && lang != "en" {
		return refuse(http.StatusBadRequest, "没有这种语言；可选中文或英文", "there is no such language; choose Chinese or English")
	}
	http.SetCookie(w, &http.Cookie{
		Name: langCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: q.secure,
	})
	http.Redirect(w, q.Request, localPath(form.Get("to")), http.StatusSeeOther)
	return nil
}

// localPath is an address of the console itself, or "/" for any other: nobody is
// sent elsewhere by a link that somebody made up.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, func(r rune) bool { return r == '\\' || unicode.IsControl(r) }) {
		return "/"
	}
	return cmp.Or(to, "/")
}
