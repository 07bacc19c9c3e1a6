package extract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// An unseen page is one of a site that nobody wrote a recipe for, with the
// answer that a careful person would give.
type unseen struct {
	name string
	body string

	// want is the newest date; "none" where the list shows none and "unsure"
	// where a person could not tell. "~" before a date allows not to be sure.
	want string

	at     string // the address, if it matters
	column string // the column's name; 通知公告 if empty
	pages  map[string]string
}

const (
	unseenHost = "http://www.qs.gov.cn"
	unseenAt   = unseenHost + "/zwgk/tzgg/"
)

var unseenNow = time.Date(2023, 9, 27, 9, 30, 0, 0, extract.Beijing)

// An entry is one item of a list.
type entry struct{ title, date string }

// entries pairs titles with dates; there are as many as there are dates.
func entries(titles []string, dates ...string) []entry {
	var out []entry
	for i, d := range dates {
		t := titles[i%len(titles)]
		if i >= len(titles) {
			t = fmt.Sprintf("%s（第%d批）", t, i/len(titles)+1)
		}
		out = append(out, entry{t, d})
	}
	return out
}

var (
	noticeTitles = []string{
		"关于下达第三批技术改造项目计划的通知", "关于公布涉企收费目录清单的公告", "关于征集价格监测定点单位的公告", "关于开展节能监察工作的通知",
		"关于调整供热价格有关事项的通知", "关于印发年度工作要点的通知", "关于做好假期值班工作的通知", "关于公开选聘评审专家的公告",
	}
	newsTitles = []string{
		"全市项目建设推进会召开", "市领导调研产业园区建设情况", "我市启动秋季义务植树活动", "清溪镇举办丰收节系列活动", "全市安全生产电视电话会议召开", "我市新增三家省级研发中心",
	}
	notices = entries(noticeTitles, "2023-08-23", "2023-08-11", "2023-07-30", "2023-06-12", "2023-05-04", "2023-03-15", "2023-02-01", "2023-01-10")
	news    = entries(newsTitles, "2023-09-26", "2023-09-26", "2023-09-25", "2023-09-24", "2023-09-22", "2023-09-21")
	ancient = entries(noticeTitles, "2019-03-11", "2019-02-02", "2018-12-20", "2018-11-05", "2018-07-30", "2018-06-01")
)

// each writes a row for every entry. {t} is the title, {d} the date, {y}, {m}
// and {day} its parts, {n} a number that falls down the list, {i} its place.
func each(format string, items []entry) string {
	var b strings.Builder
	for i, it := range items {
		d := it.date
		for len(d) < 10 {
			d += " "
		}
		n := 0
		for _, c := range it.title + it.date {
			n = (n*31 + int(c)) % 9000
		}
		b.WriteString(strings.NewReplacer("{t}", it.title, "{d}", it.date, "{y}", d[:4], "{m}", d[5:7], "{day}", d[8:10],
			"{ymd}", d[:4]+d[5:7]+d[8:10], "{n}", fmt.Sprint(3010000-1000*i+n%1000), "{i}", fmt.Sprint(i+1)).Replace(format) + "\n")
	}
	return b.String()
}

// doc is a whole page.
func doc(title, body string) string {
	return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>` + title + `</title></head><body>` + body + `</body></html>`
}

// answerUnseen reads a page as a person's try does, or as a round that knows the
// column's name. What it wants to see besides is what the page holds for it, or
// is not there.
func answerUnseen(t *testing.T, book *extract.Book, u unseen, column string) extract.Reading {
	t.Helper()
	at := unseenAt
	if u.at != "" {
		at = u.at
	}
	task := extract.Task{Question: extract.AskNewest, URLs: []string{at}, Book: book, Column: column}
	pages := []extract.Page{{Asked: at, URL: at, Why: extract.WhyList, Status: 200, FetchedAt: unseenNow, Body: []byte(u.body)}}
	for {
		got, wants := extract.Read(task, pages)
		if len(wants) == 0 {
			return got
		}
		for _, w := range wants {
			p := extract.Page{Asked: w.URL, URL: w.URL, Why: w.Why, Status: 404, FetchedAt: unseenNow}
			if w.Render { // a browser in which the script fails
				p.Status, p.Body, p.Rendered = 200, []byte(u.body), true
			} else if body, ok := u.pages[strings.TrimPrefix(w.URL, unseenHost)]; ok {
				p.Status, p.Body = 200, []byte(body)
			}
			pages = append(pages, p)
		}
	}
}

// told is the answer of a reading in a word.
func told(r extract.Reading) string {
	switch {
	case r.Outcome == extract.Article:
		return "article " + r.Newest.Time.Format(time.DateOnly)
	case r.Outcome == extract.Dated && r.AtLeast:
		return "at least " + r.Newest.Time.Format(time.DateOnly)
	case r.Outcome == extract.Dated:
		return r.Newest.Time.Format(time.DateOnly)
	case r.Outcome == extract.Empty:
		return "empty"
	case r.Reason == extract.ReasonUndated:
		return "none"
	}
	return "unsure"
}

// fits reports whether an answer is the wanted one, and whether it is wrong:
// not to know is never wrong.
func fits(got, want string) (right, wrong bool) {
	may := strings.HasPrefix(want, "~")
	want = strings.TrimPrefix(want, "~")
	silent := got == "unsure" || got == "none"
	switch {
	case got == want, got == "at least "+want, silent && may, silent && (want == "none" || want == "unsure" || want == "empty"):
		return true, false
	case silent:
		return false, false
	}
	return false, true
}

func builtInBook(t *testing.T) *extract.Book {
	t.Helper()
	files, err := inventory.ReadFiles(os.DirFS("../configs/demo"), os.DirFS("../configs"))
	if err != nil {
		t.Fatal(err)
	}
	city, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return city.Book
}

func TestUnseenPages(t *testing.T) {
	book := builtInBook(t)
	var right, missed, wrong, silent int
	for _, u := range unseenPages() {
		column := u.column
		if column == "" {
			column = "通知公告"
		}
		for _, c := range []string{"", column} {
			got := answerUnseen(t, book, u, c)
			want := u.want
			if c != "" && strings.HasPrefix(want, "article ") {
				want = "unsure" // a column is not judged by an article
			}
			ok, bad := fits(told(got), want)
			switch {
			case ok:
				right++
				if strings.HasPrefix(want, "~") && !strings.HasSuffix(told(got), want[1:]) {
					silent++
				}
			case bad:
				wrong++
				t.Errorf("WRONG %s (column %q): got %s, want %s; %.2f %s %+v", u.name, c, told(got), u.want, got.Confidence, got.Detail, listOf(got))
			default:
				missed++
				t.Errorf("missed %s (column %q): got %s, want %s; %s", u.name, c, told(got), u.want, got.Detail)
			}
		}
	}
	t.Logf("%d right, %d of them by saying that it is not sure, %d missed, %d wrong", right, silent, missed, wrong)
}

func listOf(r extract.Reading) string {
	if r.Proposal == nil {
		return r.Method
	}
	return r.Proposal.Recipe.List + " | " + r.Proposal.Recipe.Item + " | " + r.Proposal.Recipe.Date + ": " + r.Proposal.Why
}

func unseenPages() []unseen {
	var all []unseen
	for _, part := range [][]unseen{oldLists(), systemLists(), besideLists(), columnLists(), formLists(), barrenLists(), moreLists(), plainLists(), flatLists(), unseenArticles(), unseenHomes(),
		secondLists(), secondNeighbours(), secondForms(), thirdLists(), thirdTraps()} {
		all = append(all, part...)
	}
	return all
}
