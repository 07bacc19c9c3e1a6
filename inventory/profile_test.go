package inventory_test

import (
	"testing"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
)

// What nobody says how to read is read with the book of profiles, and nothing
// else is.
func TestBookIsForWhatNobodyDescribed(t *testing.T) {
	city := good(t, map[string]string{
		"cms/two.yaml": "name: 二\nsigns: {any: createPageHTML}\nlist: {item: li}\n",
		"sites/open.yaml": `unit: mz
name: 无
home: http://open.example.gov.cn/
columns:
  - {name: 动态, class: 动态要闻, url: /dt/}
  - {name: 公告, class: 通知公告, url: /gg/, item: tr}
  - {name: 公开, class: 其他, url: "/gkmlpt/index#5567", id: gk}
`,
	})
	if city.Book == nil {
		t.Fatal("the city has no book")
	}
	now := time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)
	for id, want := range map[string]bool{"open": true, "open/dt": true, "open/gg": false, "open/gk": true, "mz": false, "mz/mzdt": false} {
		if got := subject(t, city, now, id).Task.Book != nil; got != want {
			t.Errorf("%s: with a book %t, want %t", id, got, want)
		}
	}
	// The number behind the # is the column's category.
	if u := subject(t, city, now, "open/gk").Task.URLs[0]; u != "http://open.example.gov.cn/gkmlpt/index#5567" {
		t.Errorf("got address %s", u)
	}
}

// The forms of a profile come in the order in which they are tried.
func TestProfiles(t *testing.T) {
	files, err := inventory.ReadFiles(sub(t, "demo"), configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := inventory.Profiles(files)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range profiles {
		seen[p.ID] = true
		if len(p.Lists) == 0 || p.Lists[0] != p.List || p.Name == "" {
			t.Errorf("%s: %d forms", p.ID, len(p.Lists))
		}
		if p.Home == (extract.Recipe{}) && p.ID != "rss" {
			t.Errorf("%s has no recipe of home pages", p.ID)
		}
	}
	for _, id := range []string{"trs", "sx", "hanweb", "jpaas", "ucap", "gkmlpt", "vsb", "nfcms", "epoint", "jeecms", "empirecms", "dedecms", "aspx", "phpcms"} {
		if !seen[id] {
			t.Errorf("no profile %s", id)
		}
	}
}
