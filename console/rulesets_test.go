package console

import (
	"net/http"
	"strings"
	"testing"

	"xuncha/board"
	"xuncha/inventory"
)

// Every rule set of the configuration is shown with its legal text, its wording, what
// it applies to and how well it is known; what is recalled says that it is a hint.
func TestRuleSetsAreShownWithTheirText(t *testing.T) {
	in := town(t).Input
	in.City.Files = []inventory.File{
		{Name: "rulesets/s.yaml", Data: []byte("name: 检查指标\nlooks: {before: PT48H, after: PT24H, apart: PT1H, number: 2}\nmargin: P3D\nindicators:\n  - {id: s.h, kind: hand, name: 安全, document: 某文, basis: 单项否决, confidence: H, effect: veto, text: 存在问题}\n")},
		{Name: "rulesets/other.yaml", Data: []byte("name: 另一套\nextends: s\nindicators:\n  - {id: o.c, kind: column, name: 动态栏目, document: 某文, basis: 一年内须更新, confidence: R, names: [通知公告], window: P14D, effect: veto, text: 动态栏目不更新}\n")},
		{Name: "rulesets/broken.yaml", Data: []byte("name: [")},
	}
	d := newDesk(t)
	d.b = board.New(in)
	page := d.get(aViewer, "/system/rules").Body.String()
	for _, want := range []string{"检查指标（现用）", `href="/system/rules?set=other"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q: %s", want, within(page))
		}
	}
	page = d.get(aViewer, "/system/rules?set=other").Body.String()
	for _, want := range []string{"一年内须更新", "动态栏目不更新", "名称：通知公告", "2周", "R 凭记忆，仅提示", "本市现在不按这套指标判定"} {
		if !strings.Contains(page, want) {
			t.Errorf("the other set lacks %q", want)
		}
	}
	if w := d.get(aViewer, "/system/rules?set=broken"); w.Code != http.StatusNotFound {
		t.Errorf("a set that cannot be read is answered with %d", w.Code)
	}
	if text := d.get(operator, "/system").Body.String(); !strings.Contains(text, "/system/rules") {
		t.Error("without a daemon nothing leads to the rule sets")
	}
}
