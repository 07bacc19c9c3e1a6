package extract

import (
	"fmt"
	"strings"
	"testing"
)

// An undatedList is a list without dates and the articles behind it.
type undatedList struct {
	rows     []string // "title | address | what stands beside the title"
	articles map[string]string
}

func (u undatedList) site() site {
	var b strings.Builder
	b.WriteString(`<html><head><title>通知公告</title></head><body>` + menu + `<div class="main"><ul class="list">`)
	for _, r := range u.rows {
		parts := strings.Split(r+" |  | ", " | ")
		b.WriteString(`<li><a href="` + parts[1] + `">` + parts[0] + `</a>` + parts[2] + `</li>`)
	}
	s := site{"/tzgg/": {body: b.String() + `</ul></div>` + footer}}
	for address, body := range u.articles {
		s[address] = answer{body: body}
	}
	return s
}

// dated returns a list of n rows whose articles show the days given, by numbers
// in their addresses that fall.
func dated(n int, days ...string) undatedList {
	u := undatedList{articles: map[string]string{}}
	for i := range n {
		name := fmt.Sprintf("关于开展第%s批政务公开检查工作的通知", string(digitSigns[3*(i%10):3*(i%10)+3]))
		address := fmt.Sprintf("/tzgg/content_%d.html", 900-i)
		u.rows = append(u.rows, name+" | "+address)
		info := ""
		if i < len(days) && days[i] != "" {
			info = `<div class="info">发布时间：` + days[i] + `　来源：市政府办</div>`
		}
		u.articles[address] = articleOf(name, info, "")
	}
	return u
}

func (u undatedList) ask(t *testing.T, change func(*Task)) (Reading, []Want) {
	t.Helper()
	task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual, Column: "通知公告", Home: host + "/"}
	if change != nil {
		change(&task)
	}
	return ask(t, task, u.site())
}

// A list without dates is as new as its newest articles. That it holds nothing
// newer is only believed where nothing speaks against it: else it is undated,
// and what is known is a lower bound.
func TestDatesFromArticles(t *testing.T) {
	falls := []string{"2023-06-20", "2023-06-18", "2023-06-18", "2023-06-01", "2023-05-01"}
	edit := func(u undatedList, f func(*undatedList)) undatedList { f(&u); return u }
	task := func(f func(*Task)) func(*Task) { return f }
	tests := []struct {
		name    string
		list    undatedList
		change  func(*Task)
		newest  string
		atLeast bool
		pages   int
	}{
		{"newest first", dated(20, falls...), nil, "2023-06-20", false, 6},
		{"fewer rows than are opened", dated(2, falls...), nil, "2023-06-20", false, 3},
		{"dates that rise", dated(20, "2023-06-18", "2023-06-20", "2023-06-01", "2023-05-01", "2023-04-01"), nil, "2023-06-20", true, 6},
		{"a pinned row", edit(dated(20, falls...), func(u *undatedList) { u.rows[0] += " | <b>[置顶]</b>" }), nil, "2023-06-20", true, 6},
		{"a pinned row by its sign", edit(dated(20, falls...), func(u *undatedList) { u.rows[0] += ` | <img src="/images/top.gif">` }), nil, "2023-06-20", true, 6},
		{"a greater number further down", edit(dated(20, falls...), func(u *undatedList) { u.rows[12] = "新的通知 | /tzgg/content_999.html" }), nil, "2023-06-20", true, 6},
		{"an article that is gone", edit(dated(20, falls...), func(u *undatedList) { delete(u.articles, "/tzgg/content_899.html") }), nil, "2023-06-20", true, 6},
		{"an article without a date", dated(20, "2023-06-20", "", "2023-06-18", "2023-06-01", "2023-05-01"), nil, "2023-06-20", true, 6},
		{"a document among the newest", edit(dated(20, falls...), func(u *undatedList) { u.rows[0] = "年度报告 | /tzgg/1.pdf" }), nil, "2023-06-18", true, 6},
		{"a document that is older", edit(dated(20, append(falls, "2023-04-01")...), func(u *undatedList) { u.rows[2] = "年度报告 | /tzgg/1.pdf" }), nil, "2023-06-20", false, 6},
		{"an article elsewhere", edit(dated(20, falls...), func(u *undatedList) { u.rows[0] = "转载 | https://mp.weixin.qq.com/s/x" }), nil, "2023-06-18", true, 6},
		{"a page that is no column's", dated(20, falls...), task(func(t *Task) { t.Column = "" }), "2023-06-20", true, 6},
		{"an article dated in the future", dated(20, "2031-06-20", "2023-06-18", "2023-06-18", "2023-06-01", "2023-05-01"), nil, "2023-06-18", true, 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, asked := tt.list.ask(t, tt.change)
			if (got.Outcome == Dated) == tt.atLeast || got.Outcome != Dated && got.Reason != ReasonUndated || show(got.Newest) != tt.newest || got.AtLeast != tt.atLeast {
				t.Errorf("got %s %s %s, at least %t (%s); want %s, undated and a lower bound: %t", got.Outcome, got.Reason, show(got.Newest), got.AtLeast, got.Detail, tt.newest, tt.atLeast)
			}
			if len(asked) != tt.pages || !strings.Contains(strings.Join(got.Notes, "\n"), "dates from articles") {
				t.Errorf("asked for %d pages, want %d; notes %q", len(asked), tt.pages, got.Notes)
			}
			if got.Unlabelled {
				t.Error("a list with dated articles is called unlabelled")
			}
		})
	}
}

// Days in the addresses of all rows date the list, once three articles agree.
func TestDatesFromAddresses(t *testing.T) {
	list := func(days []string, shown ...string) undatedList {
		u := undatedList{articles: map[string]string{}}
		for i, day := range days {
			address := fmt.Sprintf("/tzgg/%s/t%s_%d.html", day[:6], day, 900-i)
			u.rows = append(u.rows, fmt.Sprintf("关于开展第%d批政务公开检查工作的通知 | %s", i, address))
			if i < len(shown) {
				u.articles[address] = articleOf(fmt.Sprintf("关于开展第%d批政务公开检查工作的通知", i), `<div>发布时间：`+shown[i]+`</div>`, "")
			}
		}
		return u
	}
	days := []string{"20230620", "20230601", "20230520", "20230510"}
	tests := []struct {
		name    string
		list    undatedList
		newest  string
		atLeast bool
	}{
		{"all agree", list(days, "2023-06-20", "2023-06-01", "2023-05-20"), "2023-06-20", false},
		{"all nearly agree", list(days, "2023-06-21", "2023-05-30", "2023-05-20"), "2023-06-21", false},
		{"one does not", list(days, "2023-06-20", "2023-05-01", "2023-05-20"), "2023-06-20", true},
		{"one cannot be opened", list(days, "2023-06-20", "2023-06-01"), "2023-06-20", true},
		{"addresses that rise", list([]string{"20230601", "20230620", "20230520", "20230510"}, "2023-06-01", "2023-06-20", "2023-05-20"), "2023-06-20", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, asked := tt.list.ask(t, nil)
			if (got.Outcome == Dated) == tt.atLeast || show(got.Newest) != tt.newest || got.AtLeast != tt.atLeast || len(asked) != 4 {
				t.Errorf("got %s %s, at least %t, %d pages (%s); want %s, undated and a lower bound: %t, 4", got.Outcome, show(got.Newest), got.AtLeast, len(asked), got.Detail, tt.newest, tt.atLeast)
			}
			if last := got.Items[3]; last.Source != "address t20230510" || show(last.Date) != "2023-05-10" {
				t.Errorf("got %+v, want a date marked as the address's", last)
			}
		})
	}
}

// A count asks for every row: articles date what they can and prove no count.
func TestCountIsNotTakenFromArticles(t *testing.T) {
	since := func(t *Task) { t.Question, t.Since = AskSince, newYear }
	got, _ := dated(20, "2023-06-20", "2023-06-18", "2023-06-18", "2023-06-01", "2023-05-01").ask(t, since)
	if got.Outcome != Unread || got.Reason != ReasonUndated || show(got.Newest) != "2023-06-20" || !got.AtLeast {
		t.Errorf("got %s %s %s, want undated with a lower bound", got.Outcome, got.Reason, show(got.Newest))
	}
	got, _ = dated(2, "2023-06-20", "2022-06-18").ask(t, since)
	if got.Outcome != Dated || !got.Complete || !got.Older {
		t.Errorf("got %s %s, complete %t, older %t; want a short list that is dated whole", got.Outcome, got.Reason, got.Complete, got.Older)
	}
}

// 未标注发布时间 is said of a list only where it and its newest articles can hold
// no date of any kind.
func TestUnlabelled(t *testing.T) {
	first := "/tzgg/content_900.html"
	with := func(info string) func(*undatedList) {
		return func(u *undatedList) {
			u.articles[first] = strings.Replace(u.articles[first], "</h1>", "</h1>"+info, 1)
		}
	}
	tests := []struct {
		name string
		edit func(*undatedList)
		want bool
	}{
		{"no date anywhere", func(*undatedList) {}, true},
		{"source and size of letters", with(`<div>来源：市政府办　【字体：大 中 小】</div>`), true},
		{"a picture behind the label", with(`<div>发布时间：<img src="/rq.ashx?id=1"></div>`), false},
		{"a label and nothing behind it", with(`<div>发布时间：</div>`), false},
		{"a picture below the title", with(`<div><img src="/rq.ashx?id=1"></div>`), false},
		{"a script below the title", with(`<div><script src="/date.js"></script></div>`), false},
		{"an element that a script fills", with(`<div><span id="pubtime"></span></div>`), false},
		{"a tag that cannot be read", with(`<meta name="PubDate" content="昨天上午">`), false},
		{"a signature with its day", func(u *undatedList) {
			u.articles[first] = strings.Replace(u.articles[first], prose, prose+"<p>2023年8月20日</p>", 1)
		}, false},
		{"an article that is gone", func(u *undatedList) { delete(u.articles, first) }, false},
		{"an article that is blocked", func(u *undatedList) { u.articles[first] = "<p>访问过于频繁，请输入验证码</p>" }, false},
		{"another page in its place", func(u *undatedList) {
			u.articles[first] = articleOf("本站网站声明及联系方式和使用帮助", "", "")
		}, false},
		{"a document among the newest", func(u *undatedList) { u.rows[1] = "年度报告 | /tzgg/1.pdf" }, false},
		{"a picture beside a row", func(u *undatedList) { u.rows[7] += ` | <img src="/rq.ashx?id=1">` }, false},
		{"an empty element beside a row", func(u *undatedList) { u.rows[7] += ` | <span class="d"></span>` }, false},
		{"numbers beside a row", func(u *undatedList) { u.rows[7] += ` | 第23批` }, false},
		{"a day in an address", func(u *undatedList) { u.rows[7] = "关于检查的通知 | /tzgg/t20230620_7.html" }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := dated(8)
			tt.edit(&u)
			got, _ := u.ask(t, nil)
			if got.Outcome != Unread || got.Reason != ReasonUndated || got.Unlabelled != tt.want {
				t.Errorf("got %s %s, unlabelled %t (%s); want undated, %t", got.Outcome, got.Reason, got.Unlabelled, got.Detail, tt.want)
			}
		})
	}
}

// Articles that show one day and state another are named in the reading.
func TestMovedDatesOfList(t *testing.T) {
	u := dated(2, "2009-06-01", "2009-05-01")
	address := "/tzgg/content_900.html"
	u.articles[address] = strings.Replace(u.articles[address], "<head>", `<head><meta name="PubDate" content="2023-08-23">`, 1)
	got, _ := u.ask(t, nil)
	if show(got.Newest) != "2009-06-01" || len(got.Moved) != 1 || got.Moved[0].Link != host+address || !strings.Contains(strings.Join(got.Notes, "\n"), "meta PubDate says 2023-08-23") {
		t.Errorf("got %s, moved %+v, notes %q", show(got.Newest), got.Moved, got.Notes)
	}
}

// Nothing that was opened once is opened again, and no list asks for more than
// five articles.
func TestArticlesAreBounded(t *testing.T) {
	_, asked := dated(200).ask(t, nil)
	if len(asked) != 1+openedArticles {
		t.Errorf("asked for %d pages, want the list and %d articles", len(asked), openedArticles)
	}
	for _, w := range asked[1:] {
		if w.Why != WhyArticle {
			t.Errorf("asked for %s because of %q, want %q", w.URL, w.Why, WhyArticle)
		}
	}
}
