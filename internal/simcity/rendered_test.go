package simcity

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// filledTown says of every family's columns that a script brings their rows.
func filledTown() string {
	facts := "subjects:\n"
	for _, s := range skins() {
		if s.name != "rss" && s.body == nil {
			facts += "  " + s.name + "/tzgg: {rendered: true, newest: 2023-09-20}\n  " + s.name + "/dt: {rendered: true, empty: true}\n"
		}
	}
	return facts
}

// A column that a script fills shows no row to who runs none, and gives the
// script the rows of its own family.
func TestRenderedRowsComeByScriptAlone(t *testing.T) {
	hc := client(t, start(t, town(), filledTown(), Options{}))
	plain := client(t, start(t, town(), strings.ReplaceAll(filledTown(), "rendered: true, ", ""), Options{}))
	for _, s := range skins() {
		if s.name == "rss" || s.body != nil {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			for _, dir := range []string{"/tzgg/", "/dt/"} {
				base := "http://" + s.name + ".test.gov.cn"
				page := get(t, hc, base+s.first(dir))
				open := s.list.open[strings.LastIndex(s.list.open, "<"):] // the rest may be in Chinese, and encoded
				if !strings.Contains(page.body, open+s.list.close+"<script>") {
					t.Errorf("%s: the page has no empty box", dir)
				}
				asked := regexp.MustCompile(`x\.open\('GET', '([^']+)'\)`).FindStringSubmatch(page.body)
				if asked == nil {
					t.Fatalf("%s: no script asks for the rows", dir)
				}
				data := get(t, hc, base+asked[1])
				var got struct {
					Data struct {
						HTML string
						Rows []dataRow
					}
				}
				if err := json.Unmarshal([]byte(data.body), &got); err != nil || data.header.Get("Content-Type") != "application/json; charset=utf-8" {
					t.Fatalf("%s: %v, %s", dir, err, data.header.Get("Content-Type"))
				}
				whole := document(t, get(t, plain, base+s.first(dir)))
				if want := strings.Join(strings.Fields(whole.Text()), ""); !strings.Contains(want, textOf(t, got.Data.HTML)) {
					t.Errorf("%s: rows %q are not those of the page without a script", dir, got.Data.HTML)
				}
				if dir == "/tzgg/" && (len(got.Data.Rows) == 0 || got.Data.Rows[0].Time != "2023-09-20") {
					t.Errorf("rows %+v", got.Data.Rows)
				}
			}
		})
	}
	if got := get(t, plain, "http://trs.test.gov.cn/data/list/1.json?page=1"); got.status != http.StatusNotFound {
		t.Errorf("a column without a script has data: status %d", got.status)
	}
}

// textOf is the text of a fragment without blanks.
func textOf(t *testing.T, html string) string {
	t.Helper()
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html, "")), "")
}

func TestOnlyAColumnIsRendered(t *testing.T) {
	for _, id := range []string{"trs", "account:140300M019XL0001"} {
		c, err := New(town(), []byte("subjects:\n  "+id+": {rendered: true}\n"), Options{At: point})
		if err == nil {
			c.Close()
			t.Errorf("%s may be rendered", id)
		}
	}
}
