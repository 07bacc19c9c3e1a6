package extract

import (
	"strings"
	"testing"
	"time"
)

// A night is one look at a column, with what the looks before it left.
type night struct {
	body   string
	recipe Recipe
	days   int // since the first night
}

// nightAfter reads a night's page with the memory of the one before.
func nightAfter(t *testing.T, before *Fingerprint, n night) Reading {
	t.Helper()
	const address = "http://fgw.yq.gov.cn/zwgk/tzgg/"
	p := Page{Asked: address, URL: address, Why: WhyList, Status: 200, FetchedAt: fetched.AddDate(0, 0, n.days), Body: []byte(n.body)}
	got, wants := Read(Task{Question: AskNewest, URLs: []string{address}, Column: "通知公告", Recipe: n.recipe, Before: before}, []Page{p})
	if len(wants) > 0 {
		t.Fatalf("wants %v; want an answer from the page alone", wants)
	}
	return got
}

const (
	oldRow = `<li><a href="./202308/t20230823_{n}.shtml">{t}</a><span>{d}</span></li>`
	newRow = `<article class="card"><a href="/n/{n}.html"><h5>{t}</h5></a><time>{d}</time></article>`
)

func oldPage(rows ...string) string {
	return sidePage(`<ul class="list">` + rowsOf(oldRow, rows...) + `</ul>`)
}

func TestDrift(t *testing.T) {
	others := []string{"城区召开项目推进会 | 2023-08-20", "矿区召开安全会议 | 2023-08-11", "郊区召开经济分析会 | 2023-07-22", "平定县召开座谈会 | 2023-07-02", "盂县召开调度会 | 2023-06-20"}
	newest := append([]string{"关于组织申报专项资金的通知 | 2023-09-27"}, sixRows...)
	sameDay := make([]string, len(sixRows))
	for i, r := range sixRows {
		title, _, _ := strings.Cut(r, " | ")
		sameDay[i] = title + " | 2023-09-28"
	}
	tests := []struct {
		name string
		then string // the next night's page
		want string
	}{
		{"the same page", oldPage(sixRows...), "dated 2023-08-23"},
		{"a new item", oldPage(newest...), "dated 2023-09-27"},
		{"a redesign with the items at other addresses", sidePage(`<section>` + rowsOf(newRow, sixRows...) + `</section>`), "accepted 2023-08-23"},
		{"a redesign with a new item", sidePage(`<section>` + rowsOf(newRow, newest...) + `</section>`), "accepted 2023-09-27"},
		{"a redesign that cuts the titles", sidePage(`<table class="t">` + strings.ReplaceAll(rowsOf(`<tr><td><a href="/n/{n}.html">{t}</a></td><td>{d}</td></tr>`, sixRows...), "的通知</a>", "…</a>") + `</table>`), "accepted 2023-08-23"},
		{"a redesign with a date that moved", sidePage(`<ul class="list">` + rowsOf(`<li><a href="./202308/t20230823_{n}.shtml">{t}</a></li>`, sixRows...) + `</ul><div class="x">` + rowsOf(newRow, sixRows...) + `</div>`), "accepted 2023-08-23"},
		{"another list in the place of the old one", oldPage(others...), "lost another list"},
		{"another column's page in a new form", sidePage(`<section>` + rowsOf(newRow, others...) + `</section>`), "lost list selector"},
		{"nothing that can be read", `<html><body>` + menu + `<p>网站已全新改版</p>` + footer + `</body></html>`, "lost list selector"},
		{"the newest items are gone", oldPage(sixRows[2:]...), "at least 2023-06-12 moved backwards"},
		{"every old item shows today", oldPage(sameDay...), "undated later dates"},
		{"every old item shows today, and one is new", oldPage(append([]string{"关于组织申报专项资金的通知 | 2023-09-27"}, sameDay...)...), "undated later dates"},
		{"a block of old items shows today beside the others", oldPage(append(append([]string{"关于组织申报专项资金的通知 | 2023-08-25"}, sixRows[:3]...), append(sameDay[3:], "关于发布清单的通知 | 2023-01-20", "关于征求意见的通知 | 2023-01-10")...)...), "undated later dates"},
		{"an old item is dated tomorrow", oldPage(append([]string{strings.Replace(sixRows[5], "2023-02-01", "2023-09-29", 1)}, sixRows[:5]...)...), "dated 2023-08-23"},
		{"a new item is dated tomorrow", oldPage(append([]string{"关于组织申报专项资金的通知 | 2023-09-29"}, sixRows...)...), "at least 2023-08-23"},
		{"one old item shows a later date", oldPage(append([]string{strings.Replace(sixRows[5], "2023-02-01", "2023-09-27", 1)}, sixRows[:5]...)...), "at least 2023-09-27 later date than"},
		{"a full list that is empty", sidePage(`<ul class="list"><li>暂无信息</li></ul>`), "lost the list is empty"},
		{"a list cut to a row", oldPage(sixRows[0]), "at least 2023-08-23 only 1 of the 6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			recipe := Recipe{List: "ul.list", Item: "li", Date: "span"}
			first := nightAfter(t, nil, night{body: oldPage(sixRows...), recipe: recipe})
			got := nightAfter(t, first.List, night{body: tt.then, recipe: recipe, days: 1})
			said := string(got.Reason)
			switch {
			case got.Outcome == Dated && got.AtLeast:
				said = "at least " + show(got.Newest) + " " + strings.Join(got.Notes, "; ")
			case got.Outcome == Dated && got.Proposal != nil && got.Proposal.Accepted:
				said = "accepted " + show(got.Newest)
			case got.Outcome == Dated:
				said = "dated " + show(got.Newest)
			default:
				said += " " + got.Detail
			}
			for w := range strings.FieldsSeq(tt.want) {
				if !strings.Contains(said, w) {
					t.Errorf("got %q, want %q (proposal %+v)", said, tt.want, got.Proposal)
					break
				}
			}
			if got.List == nil || got.List.Newest.Day().Before(first.List.Newest.Day()) {
				t.Errorf("what was known of the list is lost: %+v", got.List)
			}
		})
	}
}

// A night on which nothing could be read forgets nothing: the redesign is
// recognised on the next.
func TestMemoryOutlivesUnreadNights(t *testing.T) {
	recipe := Recipe{List: "ul.list", Item: "li", Date: "span"}
	first := nightAfter(t, nil, night{body: oldPage(sixRows...), recipe: recipe})
	second := nightAfter(t, first.List, night{body: `<html><body>您的访问被拦截</body></html>`, recipe: recipe, days: 1})
	if second.Outcome != Unread || second.List == nil {
		t.Fatalf("got %s with memory %v", second.Outcome, second.List)
	}
	third := nightAfter(t, second.List, night{body: sidePage(`<section>` + rowsOf(newRow, sixRows...) + `</section>`), recipe: recipe, days: 2})
	if third.Outcome != Dated || !third.Proposal.Accepted {
		t.Errorf("got %s %s, want the list found anew", third.Outcome, third.Detail)
	}
}

// A list that was full is blank only once it has stayed empty.
func TestEmptiedList(t *testing.T) {
	recipe := Recipe{List: "ul.list", Item: "li", Date: "span"}
	blank := sidePage(`<ul class="list"><li>暂无信息</li></ul>`)
	known := nightAfter(t, nil, night{body: oldPage(sixRows...), recipe: recipe}).List
	for i, want := range []Outcome{Unread, Unread, Empty, Empty} {
		got := nightAfter(t, known, night{body: blank, recipe: recipe, days: i + 1})
		if got.Outcome != want {
			t.Errorf("night %d: got %s %s, want %s", i+1, got.Outcome, got.Detail, want)
		}
		known = got.List
	}
	again := nightAfter(t, known, night{body: oldPage(sixRows...), recipe: recipe, days: 5})
	if again.Outcome != Dated || !again.List.Emptied.IsZero() {
		t.Errorf("filled again: got %s, emptied %v", again.Outcome, again.List.Emptied)
	}
}

// Without a history a recipe that finds nothing is lost, whatever else the page
// shows: the list that stands there is proposed and not read.
func TestLostRecipeProposes(t *testing.T) {
	got := nightAfter(t, nil, night{body: sidePage(`<section>` + rowsOf(newRow, sixRows...) + `</section>`), recipe: Recipe{List: "ul.list", Item: "li"}})
	if got.Outcome != Unread || got.Reason != ReasonLost {
		t.Fatalf("got %s %s, want lost", got.Outcome, got.Reason)
	}
	p := got.Proposal
	if p == nil || p.Accepted || len(p.Items) != 5 || p.Items[0].Date.Time.Format(time.DateOnly) != "2023-08-23" {
		t.Errorf("got %+v; want the newest five items proposed and nothing accepted", p)
	}
}

// A column whose address is gone or leads elsewhere is looked for where its
// address leads and where the home page links its name, and is itself only by
// the items it showed before.
func TestMovedColumn(t *testing.T) {
	const old, home, moved = "http://fgw.yq.gov.cn/zwgk/tzgg/", "http://fgw.yq.gov.cn/", "http://fgw.yq.gov.cn/xxgk/gg/"
	recipe := Recipe{List: "ul.list", Item: "li", Date: "span"}
	first := nightAfter(t, nil, night{body: oldPage(sixRows...), recipe: recipe})
	answer := func(asked, from, body string, status int, why Why) Page {
		return Page{Asked: asked, URL: from, Why: why, Status: status, FetchedAt: fetched.AddDate(0, 0, 1), Body: []byte(body)}
	}
	links := sidePage(`<ul><li><a href="/xxgk/gg/">通知公告</a></li></ul>`)
	cards := sidePage(`<section>` + rowsOf(newRow, sixRows...) + `</section>`)
	others := oldPage("城区召开项目推进会 | 2023-08-20", "矿区召开安全会议 | 2023-08-11", "郊区召开经济分析会 | 2023-07-22", "平定县召开座谈会 | 2023-07-02")
	tests := []struct {
		name  string
		pages []Page
		want  string // the newest date and the address, or the reason
	}{
		{"redirected, and the same list", []Page{answer(old, moved, oldPage(sixRows...), 200, WhyList)}, "2023-08-23 " + moved},
		{"redirected, and redesigned", []Page{answer(old, moved, cards, 200, WhyList)}, "2023-08-23 " + moved},
		{"redirected to another column", []Page{answer(old, moved, others, 200, WhyList)}, "lost"},
		{"gone, and linked on the home page", []Page{answer(old, old, "", 404, WhyList), answer(home, home, links, 200, WhySearch), answer(old, old, others, 200, WhyData), answer(moved, moved, cards, 200, WhyList)}, "2023-08-23 " + moved},
		{"gone, and the home page links another list by its name", []Page{answer(old, old, "", 404, WhyList), answer(home, home, links, 200, WhySearch), answer(moved, moved, others, 200, WhyList)}, "gone"},
		{"gone, and the home page is down", []Page{answer(old, old, "", 404, WhyList), answer(home, home, "", 503, WhySearch)}, "gone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskNewest, URLs: []string{old}, Column: "通知公告", Home: home, Recipe: recipe, Before: first.List}
			got, wants := Read(task, tt.pages)
			for len(wants) > 0 { // a link of the menu, which leads nowhere
				for _, w := range wants {
					tt.pages = append(tt.pages, answer(w.URL, w.URL, "", 404, w.Why))
				}
				got, wants = Read(task, tt.pages)
			}
			said := string(got.Reason)
			if got.Outcome == Dated && got.Proposal != nil {
				said = show(got.Newest) + " " + got.Proposal.URL
			}
			if said != tt.want || got.List == nil {
				t.Errorf("got %q %s, want %q", said, got.Detail, tt.want)
			}
		})
	}
}
