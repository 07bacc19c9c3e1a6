package extract

import (
	"strings"
	"testing"
)

// Nights on which something else than the column's list is at hand. What was
// known of the list may make another one believed only where nothing speaks
// against it.
func TestDriftTraps(t *testing.T) {
	side := func(head string, rows ...string) string {
		return `<div class="blk"><h3>` + head + `</h3><ul>` + rowsOf(`<li><a href="/all/{n}.html">{t}</a><span>{d}</span></li>`, rows...) + `</ul></div>`
	}
	cards := func(rows ...string) string { return `<section class="cards">` + rowsOf(newRow, rows...) + `</section>` }
	siteNews := []string{"全市项目建设推进会召开 | 2023-09-26", "市领导调研产业园区建设 | 2023-09-25", "我市启动义务植树活动 | 2023-09-24"}
	daily := func(days ...string) []string {
		var out []string
		for _, d := range days {
			out = append(out, "每日空气质量日报 | "+d)
		}
		return out
	}
	of := func(rows []string, from int) []string { return append([]string(nil), rows[from:]...) }
	undated := strings.NewReplacer("<span>", "<!--", "</span>", "-->").Replace(rowsOf(`<li><a href="/n/{n}.html">{t}</a><span>{d}</span></li>`, sixRows...))
	tests := []struct {
		name        string
		first, then []string // rows of the nights; then is a body where it begins with <
		body        string
		days        int
		never       string // what must not be said
		want        string // what must be said, if anything
	}{
		{"the side list holds the same items and newer ones of others", sixRows, nil, sidePage(`<div id="app"></div>` + side("最新公开", append(siteNews, sixRows...)...)), 1, "2023-09-26", ""},
		{"the same items without dates, and a side list with the items of the site", sixRows, nil, sidePage(`<ul class="cards">` + undated + `</ul>` + side("要闻", siteNews...)), 1, "2023-09-26", ""},
		{"a side list that shows three of the old items and newer ones", sixRows, nil, sidePage(`<div id="app"></div>` + side("最新公开", append(siteNews, sixRows[:3]...)...)), 1, "2023-09-26", ""},
		{"silent and redesigned", sixRows, nil, sidePage(cards(sixRows...)), 60, "", "accepted 2023-08-23"},
		{"redesigned, and the newest three are lost", sixRows, nil, sidePage(cards(of(sixRows, 3)...)), 1, "accepted 2023-05-04", ""},
		{"daily reports under one title, redesigned", daily("2023-09-26", "2023-09-25", "2023-09-24", "2023-09-23"), nil, sidePage(cards(daily("2023-09-27", "2023-09-26", "2023-09-25", "2023-09-24")...)), 1, "", "2023-09-27"},
		{"daily reports under one title, another column's", daily("2023-09-26", "2023-09-25", "2023-09-24", "2023-09-23"), nil, sidePage(cards(siteNews...)), 1, "2023-09-26 accepted", ""},
		{"nothing but new items every day", []string{"甲项目招标公告 | 2023-09-26", "乙项目招标公告 | 2023-09-26", "丙项目招标公告 | 2023-09-26"}, []string{"丁项目招标公告 | 2023-09-27", "戊项目招标公告 | 2023-09-27", "己项目招标公告 | 2023-09-27"}, "", 1, "lost", "2023-09-27"},
		{"new items every day, and redesigned", []string{"甲项目招标公告 | 2023-09-26", "乙项目招标公告 | 2023-09-26", "丙项目招标公告 | 2023-09-26"}, nil, sidePage(cards("丁项目招标公告 | 2023-09-27", "戊项目招标公告 | 2023-09-27", "己项目招标公告 | 2023-09-27")), 1, "accepted", ""},
		{"old items dropped at New Year", sixRows, []string{"关于印发新年工作要点的通知 | 2024-01-05"}, "", 101, "lost", "2024-01-05"},
		{"old items dropped at New Year, and redesigned", sixRows, nil, sidePage(cards("关于印发新年工作要点的通知 | 2024-01-05")), 101, "accepted", ""},
		{"old items dropped, and nothing new yet", sixRows, []string{"栏目说明 | 2020-01-01"}, "", 101, "dated 2020", ""},
		{"two lists after the redesign, one of them the archive", sixRows, nil, sidePage(side("归档", of(sixRows, 1)...) + cards(append([]string{"关于组织申报专项资金的通知 | 2023-09-27"}, sixRows...)...)), 1, "accepted 2023-07-30", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			recipe := Recipe{List: "ul.list", Item: "li", Date: "span"}
			known := nightAfter(t, nil, night{body: oldPage(tt.first...), recipe: recipe}).List
			body := tt.body
			if body == "" {
				body = oldPage(tt.then...)
			}
			got := trapped(t, known, night{body: body, recipe: recipe, days: tt.days})
			said := string(got.Reason) + " " + got.Detail
			if got.Outcome == Dated {
				said = "dated " + show(got.Newest)
				if got.Proposal != nil && got.Proposal.Accepted {
					said = "accepted " + show(got.Newest)
				}
				if got.AtLeast {
					said = "at least " + show(got.Newest)
				}
			}
			if tt.never != "" && got.Outcome == Dated && strings.Contains(said, tt.never) || !strings.Contains(said, tt.want) {
				t.Errorf("got %q, want %q and never %q (%+v)", said, tt.want, tt.never, got.Proposal)
			}
		})
	}
}

// trapped reads a night; articles and renderings are not to be had.
func trapped(t *testing.T, known *Fingerprint, n night) Reading {
	t.Helper()
	const address = "http://fgw.yq.gov.cn/zwgk/tzgg/"
	pages := []Page{{Asked: address, URL: address, Why: WhyList, Status: 200, FetchedAt: fetched.AddDate(0, 0, n.days), Body: []byte(n.body)}}
	for {
		got, wants := Read(Task{Question: AskNewest, URLs: []string{address}, Column: "通知公告", Recipe: n.recipe, Before: known}, pages)
		if len(wants) == 0 {
			return got
		}
		for _, w := range wants {
			pages = append(pages, Page{Asked: w.URL, URL: w.URL, Why: w.Why, Status: 404, FetchedAt: pages[0].FetchedAt, Rendered: w.Render})
		}
	}
}
