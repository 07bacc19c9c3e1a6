package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The farm: list pages as large and as crowded as real ones, invented, the same
// in every run.
const (
	farmHosts = 33
	farmLists = 20 // pages of each host
	farmRows  = 20 // rows of each page
)

// A farmPage is one list page, with what a right reading of it says.
type farmPage struct {
	host, list  int
	body        []byte
	contentType string

	layout layout
	want   string // digest of its titles and dates, see digestOf
}

// A layout is how a host's pages show their rows, and the selectors a person
// would write for it.
type layout struct {
	Item, Date       string
	open, row, close string
}

// layouts lists how the hosts of the farm show their rows; {a}, {t} and {d}
// stand for address, title and date.
func layouts() []layout {
	return []layout{
		{"ul.news-list > li", "span.date", `<ul class="news-list">`,
			`<li><a href="{a}" target="_blank" title="{t}">{t}</a><span class="date">{d}</span></li>`, `</ul>`},
		{"table.list-table tr", "td.time", `<table class="list-table" width="100%" cellspacing="0"><tbody>`,
			`<tr><td class="dot">·</td><td class="tit"><a href="{a}" target="_blank">{t}</a></td><td class="time">[{d}]</td></tr>`, `</tbody></table>`},
		{"div.article-box", "em", `<div class="articles">`,
			`<div class="article-box"><h4><a href="{a}">{t}</a></h4><p class="from">来源：办公室 <em>{d}</em></p></div>`, `</div>`},
	}
}

// newFarm makes all pages, host by host.
func newFarm() ([]farmPage, error) {
	var pages []farmPage
	for host := range farmHosts {
		for list := range farmLists {
			p, err := newFarmPage(host, list)
			if err != nil {
				return nil, err
			}
			pages = append(pages, p)
		}
	}
	return pages, nil
}

// newFarmPage makes one page. Of four hosts one declares UTF-8 in its header
// and one in <meta>, one GBK in its header and one only in <meta>.
func newFarmPage(host, list int) (farmPage, error) {
	g := grower{random: rand.New(rand.NewPCG(uint64(host), uint64(list)))}
	p := farmPage{host: host, list: list, layout: layouts()[host%3], contentType: "text/html"}
	charset := []string{"utf-8", "gb2312"}[host%2]
	if host/2%2 == 0 {
		p.contentType += "; charset=" + charset
	}
	text, rows := g.page(p.layout, charset)
	p.want = rowsDigest(rows)
	p.body = []byte(text)
	if charset == "gb2312" {
		body, err := simplifiedchinese.GBK.NewEncoder().Bytes(p.body)
		if err != nil {
			return farmPage{}, fmt.Errorf("page %d of host %d: %w", list, host, err)
		}
		p.body = body
	}
	return p, nil
}

// A farmRow is one row as a reader should see it.
type farmRow struct{ title, date string }

// rowsDigest is what two readers of a page agree on if they read the same.
func rowsDigest(rows []farmRow) string {
	h := sha256.New()
	for _, r := range rows {
		fmt.Fprintf(h, "%s\t%s\n", r.title, r.date)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A grower invents text.
type grower struct {
	random *rand.Rand
	b      strings.Builder
}

// words are what titles and navigation are made of.
const words = "关于做好开展印发组织推进加强落实召开举行发布公布调整完善深入全面扎实持续进一步年度季度工作会议通知公告公示意见方案办法规定措施" +
	"安全生产政务公开营商环境乡村振兴生态保护医疗保障教育体育文化旅游市场监管应急管理自然资源住房城乡建设交通运输水利农业农村" +
	"人力社会行政审批服务财政税务审计统计民政司法信访退役军人卫生健康招标采购项目资金补贴检查督导培训竞赛评审名单结果征求反馈" +
	"专题调研座谈部署动员总结表彰考核宣传活动活动周启动仪式现场观摩重点任务清单责任分工实施细则试点示范创建验收第一批第二批"

// phrase invents n characters.
func (g *grower) phrase(n int) string {
	runes := []rune(words)
	var b strings.Builder
	for n > 0 {
		piece := min(1+g.random.IntN(4), n)
		at := g.random.IntN(len(runes) - piece)
		b.WriteString(string(runes[at : at+piece]))
		n -= piece
	}
	return b.String()
}

// page invents a page: scripts, navigation, the list, its neighbours, a footer.
func (g *grower) page(l layout, charset string) (string, []farmRow) {
	size := 34<<10 + g.random.IntN(56<<10)
	if charset == "gb2312" {
		size += 10 << 10 // its characters take two bytes in place of three
	}
	name := g.phrase(4)
	fmt.Fprintf(&g.b, "<!DOCTYPE html>\n<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=%s\">\n<title>%s</title>\n", charset, name)
	g.head(size / 4)
	g.menu(size * 2 / 5)
	fmt.Fprintf(&g.b, "<div class=\"position\">您的位置：<a href=\"/\">首页</a> &gt; <a href=\"/xxgk/\">信息公开</a> &gt; %s</div>\n<div class=\"main\">\n<h2 class=\"column-name\">%s</h2>\n", name, name)
	rows := g.list(l)
	g.b.WriteString("<div class=\"page\"><a href=\"index_1.html\">下一页</a> <a href=\"index_9.html\">尾页</a></div>\n</div>\n")
	for g.b.Len() < size {
		g.block()
	}
	g.b.WriteString("<div class=\"footer\"><p>主办：市人民政府办公室　承办：信息中心</p><p>网站标识码：1400000000　备案号：00000000号</p></div>\n</body>\n</html>\n")
	return g.b.String(), rows
}

// head invents style sheets and scripts up to a size.
func (g *grower) head(size int) {
	g.b.WriteString("<link rel=\"stylesheet\" href=\"/css/base.css\">\n<script src=\"/js/jquery.min.js\"></script>\n<style>\n")
	for g.b.Len() < size/2 {
		fmt.Fprintf(&g.b, ".c%x { margin: %dpx; padding: %dpx; color: #%06x; }\n", g.random.Uint32(), g.random.IntN(40), g.random.IntN(40), g.random.IntN(1<<24))
	}
	g.b.WriteString("</style>\n<script>\n")
	for g.b.Len() < size {
		fmt.Fprintf(&g.b, "  $(\"#tab%d\").hover(function () { $(this).addClass(\"on\").siblings().removeClass(\"on\"); show(%d); });\n", g.random.IntN(900), g.random.Uint32())
	}
	g.b.WriteString("</script>\n</head>\n<body>\n")
}

// menu invents navigation up to a size of the page so far.
func (g *grower) menu(size int) {
	g.b.WriteString("<div class=\"header\"><div class=\"logo\"><img src=\"/images/logo.png\" alt=\"\"></div></div>\n<div class=\"nav\"><ul>\n")
	for g.b.Len() < size {
		fmt.Fprintf(&g.b, "<li class=\"nav-item\"><a href=\"/c%d/\">%s</a><dl class=\"sub\">", g.random.IntN(9999), g.phrase(4))
		for range 6 {
			fmt.Fprintf(&g.b, "<dd><a href=\"/c%d/c%d/\" target=\"_blank\">%s</a></dd>", g.random.IntN(999), g.random.IntN(9999), g.phrase(4+g.random.IntN(5)))
		}
		g.b.WriteString("</dl></li>\n")
	}
	g.b.WriteString("</ul></div>\n")
}

// list invents the rows, newest first; the newest is a few days old.
func (g *grower) list(l layout) []farmRow {
	day := time.Date(2023, 9, 26, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -g.random.IntN(5))
	rows := make([]farmRow, farmRows)
	g.b.WriteString(l.open + "\n")
	for i := range rows {
		rows[i] = farmRow{g.phrase(12 + g.random.IntN(24)), day.Format(time.DateOnly)}
		address := fmt.Sprintf("/art/%s/art_%d_%d.html", day.Format("2006/1/2"), g.random.IntN(9999), g.random.IntN(999999))
		g.b.WriteString(strings.NewReplacer("{a}", address, "{t}", rows[i].title, "{d}", rows[i].date).Replace(l.row) + "\n")
		day = day.AddDate(0, 0, -g.random.IntN(4))
	}
	g.b.WriteString(l.close + "\n")
	return rows
}

// block invents a neighbour of the list: links without dates.
func (g *grower) block() {
	fmt.Fprintf(&g.b, "<div class=\"side-box\"><div class=\"side-title\"><span>%s</span><a class=\"more\" href=\"/c%d/\">更多</a></div><ul class=\"side-list\">\n", g.phrase(4), g.random.IntN(9999))
	for range 8 {
		fmt.Fprintf(&g.b, "<li><a href=\"/zt/c%d/%d.html\" target=\"_blank\">%s</a></li>\n", g.random.IntN(999), g.random.IntN(999999), g.phrase(8+g.random.IntN(10)))
	}
	g.b.WriteString("</ul></div>\n")
}
