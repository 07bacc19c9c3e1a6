package simcity

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
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

// filledBody writes the box of a list, empty, and the script that fills it as its
// family would have written it.
func (p *page) filledBody(l *list, n int) {
	s := p.host.skin
	p.add(s.list.open, s.list.close, "<script>\n(function () {\n  var box = document.currentScript.previousElementSibling;\n",
		"  box = box.querySelector('ul, dl, tbody') || box;\n",
		"  var x = new XMLHttpRequest();\n  x.open('GET', '", dataPrefix, itoa(l.index), ".json?page=", itoa(n), "');\n",
		"  x.onload = function () { box.insertAdjacentHTML('beforeend', JSON.parse(x.responseText).data.html); };\n  x.send();\n})();\n</script>\n")
}

// filledRows are the rows of a page as the script is given them.
func (p *page) filledRows(l *list, n int) string {
	q := &page{host: p.host, now: p.now}
	if l.size(p.now) == 0 {
		q.add(p.host.skin.list.empty)
	}
	q.listRows(l, n)
	return q.body.String()
}

// dataPath is the address of a list's rows.
func dataPath(l *list) string { return dataPrefix + itoa(l.index) + ".json?page=1" }

// dataAt returns the list whose rows an address holds, nil if there is none, and
// which page of them is asked for.
func (h *host) dataAt(u *url.URL) (*list, int) {
	if !strings.HasPrefix(u.Path, dataPrefix) {
		return nil, 0
	}
	n, err := strconv.Atoi(u.Query().Get("page"))
	if err != nil || n < 1 {
		n = 1
	}
	for _, l := range h.lists {
		if (l.fault == faultRendered || l.filled) && strings.HasPrefix(dataPath(l), u.Path+"?") {
			return l, n
		}
	}
	return nil, 0
}

// dataRow is one row as the interface gives it.
type dataRow struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Time  string `json:"publishTime"`
}

// dataRows answers with a page of the rows of a list, the newest first.
func (p *page) dataRows(l *list, n int) response {
	rows := []dataRow{}
	size := p.host.skin.size
	total := l.size(p.now)
	for i := total - 1 - (n-1)*size; i >= max(0, total-n*size); i-- {
		it := l.item(i)
		rows = append(rows, dataRow{it.title, p.host.hrefFrom(l, it, itoa(l.number(it))), it.shown.day.time().Format("2006-01-02")})
	}
	data := map[string]any{"total": total, "rows": rows}
	if l.filled {
		data["html"] = p.filledRows(l, n)
	}
	body, err := json.Marshal(map[string]any{"code": 200, "data": data})
	if err != nil {
		return response{status: http.StatusInternalServerError, kind: "text/plain", plain: "500\n"}
	}
	return response{status: http.StatusOK, kind: "application/json", plain: string(body)}
}
