package simcity

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// dataPrefix begins the addresses from which filled pages take their rows.
const dataPrefix = "/data/list/"

// renderedPage writes a list page whose rows an inline script fetches.
func (p *page) renderedPage(l *list) {
	p.shell(l.name+" - "+p.host.title, p.columnTags(l), func() {
		p.nav(l.unit, 14)
		p.add(`<div class="main"><h2>`, l.name, `</h2><ul id="newslist" class="news-data"></ul><div id="pager"></div></div>`, "\n",
			"<script>\nfetch('", dataPath(l), "').then(r => r.json()).then(function (a) {\n",
			"  document.getElementById('newslist').innerHTML = a.data.rows.map(function (x) {\n",
			"    return '<li><a href=\"' + x.url + '\">' + x.title + '</a><span>' + x.publishTime + '</span></li>';\n  }).join('');\n});\n</script>\n")
		p.aside()
	})
}

// dataPath is the address of a list's rows.
func dataPath(l *list) string { return dataPrefix + itoa(l.index) + ".json?page=1" }

// dataAt returns the list whose rows an address holds, nil if there is none.
func (h *host) dataAt(u *url.URL) *list {
	if !strings.HasPrefix(u.Path, dataPrefix) {
		return nil
	}
	for _, l := range h.lists {
		if l.fault == faultRendered && strings.HasPrefix(dataPath(l), u.Path+"?") {
			return l
		}
	}
	return nil
}

// dataRow is one row as the interface gives it.
type dataRow struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Time  string `json:"publishTime"`
}

// dataRows answers with the newest rows of a list.
func (p *page) dataRows(l *list) response {
	rows := []dataRow{}
	total := l.size(p.now)
	for i := total - 1; i >= max(0, total-p.host.skin.size); i-- {
		it := l.item(i)
		rows = append(rows, dataRow{it.title, p.host.hrefFrom(l, it, itoa(l.number(it))), it.shown.day.time().Format("2006-01-02")})
	}
	body, err := json.Marshal(map[string]any{"code": 200, "data": map[string]any{"total": total, "rows": rows}})
	if err != nil {
		return response{status: http.StatusInternalServerError, kind: "text/plain", plain: "500\n"}
	}
	return response{status: http.StatusOK, kind: "application/json", plain: string(body)}
}
