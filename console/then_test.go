package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The overview looks back: an older monitoring point has an address that shows the
// city as it was judged that night, says so, and leads to what was seen and to the
// notice of that point. A clerk sees their unit alone.
func TestOverviewOfAnOlderPoint(t *testing.T) {
	d := newDesk(t)
	d.b = town(t)
	at := func(day int) string {
		return "/?point=" + url.QueryEscape(townRound(day).Finished.Format(time.RFC3339))
	}
	now := d.get(aViewer, "/").Body.String()
	for _, want := range []string{"2023-09-27 01:50 最近一批", "2023-09-20 01:50"} {
		if !strings.Contains(now, want) {
			t.Errorf("the overview does not offer %q", want)
		}
	}
	w := d.get(aViewer, at(20)) // before the notices of 卫健委 were lost
	text := w.Body.String()
	for _, want := range []string{
		"这是往夜", "2023-09-20 01:50", "1 个未能监测", "2 个超期未更新", "/columns/xxgk/czj/tzgg?at=2023-09-20T01%3a50%3a00", "/notices?period=2023Q3", townRound(20).ID,
	} {
		if w.Code != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("the point of 20 September lacks %q", want)
		}
	}
	if strings.Contains(text, "<form method=\"post\" action=\"/rounds") || strings.Contains(text, "需要您处理") {
		t.Error("an older night can be acted on")
	}
	if text := d.get(aViewer, at(20)+"&state=stale&kind=column").Body.String(); strings.Contains(text, "体检通知") || !strings.Contains(text, "共 2") {
		t.Error("the filter of an older night does not hold")
	}
	if text := d.get(czjClerk, at(20)).Body.String(); strings.Contains(text, "卫生健康") || strings.Contains(text, "平定县") || !strings.Contains(text, "市财政局") {
		t.Error("a clerk sees other units in an older night")
	}
	if text := d.get(aViewer, at(27)).Body.String(); strings.Contains(text, "这是往夜") {
		t.Error("the newest round is called an older night")
	}
	for path, code := range map[string]int{at(1): 404, "/?point=gestern": 400} {
		if w := d.get(aViewer, path); w.Code != code {
			t.Errorf("%s is answered with %d, want %d", path, w.Code, code)
		}
	}
}
