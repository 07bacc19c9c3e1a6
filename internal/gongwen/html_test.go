package gongwen

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestHTMLHasTheOutlineAndTheCells(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(written(t, everything(), Document.HTML)))
	if err != nil {
		t.Fatal(err)
	}
	var heads, spans []string
	for n := range doc.Descendants() {
		switch n.Data {
		case "h1", "h2", "h3", "h4", "h5":
			heads = append(heads, n.Data+" "+inner(n))
		case "th", "td":
			for _, a := range n.Attr {
				if strings.HasSuffix(a.Key, "span") {
					spans = append(spans, inner(n)+" "+a.Key+" "+a.Val)
				}
			}
		}
	}
	want := strings.Join([]string{
		"h1 阳泉市人民政府办公室/关于2023年第三季度全市政府网站/和政务新媒体检查情况的通报",
		"h2 一、总体情况", "h3 （一）政府网站和政务新媒体检查情况", "h3 （二）找错平台留言处理情况",
		"h2 二、存在的主要问题",
		"h2 三、下一步工作要求", "h3 （一）进一步加强政务公开工作", "h3 （二）做好政府信息公开栏目建设维护工作", "h3 （三）持续强化政府网站与政务新媒体运维管理",
		"h4 1.第三层标题", "h5 （1）第四层标题",
		"h2 2023年第三季度不合格政务新媒体问题情况", "h2 2023年各县区建议提案栏目更新情况", "h2 2023年信息公开动态类栏目更新情况",
	}, "\n")
	if got := strings.Join(heads, "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	merged := "序号 rowspan 2, 单位 rowspan 2, 不合格 colspan 2, 1 rowspan 2, 市公安局 rowspan 2, 合并的两列 colspan 2, 整块 rowspan 2, 整块 colspan 3"
	if got := strings.Join(spans[:8], ", "); got != merged {
		t.Errorf("got  %s\nwant %s", got, merged)
	}
}

func inner(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Data == "br":
			b.WriteString("/")
		}
	}
	return b.String()
}

func TestHTMLPrintsThePageOfTheStandard(t *testing.T) {
	page := written(t, everything(), Document.HTML)
	for _, want := range []string{
		"@page { size: A4; margin: 37mm 26mm 35mm 28mm; @top-center { content: \"模拟数据，非正式通报\"",
		"@page :right { @bottom-right { content: \"— \" counter(page) \" —\"",
		"@page :left { @bottom-left { content: \"— \" counter(page) \" —\"",
		`.Title { font: normal 22pt/35pt "figures", "方正小标宋简体", "方正小标宋_GBK", "宋体",`,
		`.Body { font: normal 16pt/28pt "figures", "仿宋_GB2312", "仿宋", "FangSong",`,
		"Content-Security-Policy",
		`<meta name="round" content="sha256:5f0c">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template refused a value of ours")
	}
}
