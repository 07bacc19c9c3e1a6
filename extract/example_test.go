package extract_test

import (
	"fmt"
	"time"

	"xuncha/extract"
)

// The loop of reading and fetching, with a fetch that knows two pages.
func ExampleRead() {
	web := map[string]string{
		"http://a.gov.cn/jyta/":             `<ul class="list"><li><a href="1.html">关于乡村道路的答复</a><span>2023-01-29</span></li></ul>`,
		"http://a.gov.cn/jyta/index_1.html": `<ul class="list"><li><a href="2.html">关于老旧小区的答复</a><span>2022-12-27</span></li></ul>`,
	}
	task := extract.Task{
		Question: extract.AskSince,
		Since:    time.Date(2023, 1, 1, 0, 0, 0, 0, extract.Beijing),
		URLs:     []string{"http://a.gov.cn/jyta/"},
		Recipe:   extract.Recipe{List: "ul.list", Item: "li", Date: "span", Next: "index_{n-1}.html"},
	}
	var pages []extract.Page
	for {
		reading, wants := extract.Read(task, pages)
		if len(wants) == 0 {
			fmt.Println(reading.Outcome, reading.Newest.Time.Format(time.DateOnly), "complete:", reading.Complete, "older:", reading.Older)
			return
		}
		for _, w := range wants {
			fmt.Println("fetch", w.URL, "for", w.Why)
			pages = append(pages, extract.Page{
				Asked: w.URL, URL: w.URL, Why: w.Why, Status: 200, Body: []byte(web[w.URL]),
				FetchedAt: time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing),
			})
		}
	}
	// Output:
	// fetch http://a.gov.cn/jyta/ for list
	// fetch http://a.gov.cn/jyta/index_1.html for next
	// dated 2023-01-29 complete: true older: true
}

func ExampleRecipe_Validate() {
	err := extract.Recipe{Item: "li[", DateFormat: "YYYY-MM-DD"}.Validate()
	fmt.Println(err)
	// Output:
	// item "li[" is no CSS selector: expected identifier, found EOF instead
	// date_format "YYYY-MM-DD" does not show month and day; write the day 2 January 2006 the way the page would, "2006-01-02" or "01-02"
}

func ExampleDecode() {
	text, charset, how := extract.Decode([]byte("<meta charset=gb2312>\xd1\xf4\xc8\xaa"), "text/html")
	fmt.Printf("%s %s %s\n", text, charset, how)
	// Output:
	// <meta charset=gb2312>阳泉 gb18030 meta
}
