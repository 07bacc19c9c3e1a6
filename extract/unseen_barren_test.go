package extract_test

import "strings"

// barrenLists show no dates in their list, or no list.
func barrenLists() []unseen {
	heads := entries([]string{"办公室主要职责", "综合规划科主要职责", "价格监测科主要职责", "行政审批科主要职责", "信用建设科主要职责", "项目管理科主要职责"}, "", "", "", "", "", "")
	plain := `<ul class="list">` + each(`<li><a href="{n}.html">{t}</a></li>`, heads) + `</ul>`
	pager := `<div class="fy"><a href="index_1.html">下一页</a><a href="index_9.html">末页</a></div>`
	dated := func(title string) string {
		return each(`<li><a href="{n}.html">{t}</a></li>`, entries([]string{title}, "2023-08-23"))
	}
	leader := `<div class="ld">` + each(`<div class="one"><a href="/ld/{n}.html"><img src="/ld/{n}.jpg"></a><p><a href="/ld/{n}.html">{t}</a></p><p>主持市政府全面工作。</p></div>`, entries([]string{"市长甲某", "副市长乙某", "副市长丙某", "秘书长丁某"}, "", "", "", "")) + `</div>`
	var reports strings.Builder
	for _, d := range []string{"23", "22", "21", "20", "19", "18"} {
		reports.WriteString(dated("2023年8月" + d + "日空气质量日报"))
	}
	return []unseen{
		{name: "no dates, and the newest at the side", want: "none", body: framed(plain + sideBlock("最新发布", "r", news))},
		{name: "no dates, and the news at the side", want: "none", body: framed(plain + sideBlock("工作动态", "r", news))},
		{name: "no dates, and the news before the list", want: "none", body: framed(sideBlock("工作动态", "zuo", news) + `<div class="you">` + plain + `</div>`)},
		{name: "no dates, a pager, and the news at the side", want: "none", body: framed(`<div class="you">` + plain + pager + `</div>` + sideBlock("清水要闻", "zuo", news))},
		{name: "no dates, and the side links below the folder", want: "none", body: framed(plain + `<div class="b"><h3>清水要闻</h3><ul>` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div>`)},
		{name: "leaders, and their doings", want: "none", column: "领导信息", at: unseenHost + "/zwgk/ldxx/", body: doc("领导信息-清水市人民政府", unseenMenu+`<div class="dqwz">当前位置：首页 &gt; 政务公开 &gt; 领导信息</div>`+leader+sideBlock("领导活动", "hd", news)+unseenFoot)},
		{name: "leaders alone", want: "none", column: "领导信息", at: unseenHost + "/zwgk/ldxx/", body: doc("领导信息-清水市人民政府", unseenMenu+leader+unseenFoot)},
		{name: "titles that hold days, and news at the side", want: "none", column: "空气质量", body: doc("空气质量", unseenMenu+`<ul class="list">`+reports.String()+`</ul>`+sideBlock("工作动态", "r", news))},
		{name: "nothing here, and news at the side", want: "empty", body: framed(`<div class="list"><p class="none">暂无数据</p></div>` + sideBlock("工作动态", "r", news))},
		{name: "nothing here, in a table", want: "empty", body: framed(`<table class="tb"><tr><th>标题</th><th>发布日期</th></tr><tr><td colspan="2">暂无相关信息！</td></tr></table>` + sideBlock("最新发布", "r", news))},
		{name: "in preparation, and news at the side", want: "unsure", body: framed(`<div class="con">栏目建设中，敬请期待……</div>` + sideBlock("工作动态", "r", news))},
		{name: "nothing but a side list with further pages", want: "unsure", body: framed(`<div class="con"></div><div class="b"><h3>工作动态</h3><ul>` + each(`<li><a href="/xwzx/{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul><a href="/xwzx/">更多</a></div>`)},
		{name: "a page of text about the column", want: "unsure", column: "机构职能", at: unseenHost + "/zwgk/jgzn/", body: doc("机构职能-清水市发改委", unseenMenu+`<div class="dqwz">当前位置：首页 &gt; 机构职能</div><div class="text"><p>一、贯彻落实国家有关发展和改革工作的方针政策和决策部署，拟订并组织实施全市国民经济和社会发展战略。</p><p>二、统筹提出全市国民经济和社会发展主要目标，监测预测预警宏观经济和社会发展态势。</p></div>`+sideBlock("工作动态", "r", news)+unseenFoot)},
		{name: "tree of a disclosure catalogue, and the newest beside", want: "unsure", column: "法定主动公开内容", at: unseenHost + "/zwgk/fdzdgk/", body: doc("法定主动公开内容", unseenMenu+`<ul class="tree">`+each(`<li><a href="/zwgk/fdzdgk/c{i}/">{t}</a></li>`, entries([]string{"机构信息公开", "政策文件公开", "规划计划公开", "财政预算决算", "行政许可公开", "重大项目公开"}, "", "", "", "", "", ""))+`</ul><div class="zx"><h3>最新公开信息</h3><ul>`+each(`<li><a href="/zwgk/fdzdgk/c{i}/{n}.html">{t}</a><span>{d}</span></li>`, news)+`</ul></div>`)},
		{name: "questions with answers, no dates", want: "none", column: "常见问题", at: unseenHost + "/hdjl/cjwt/", body: doc("常见问题", unseenMenu+`<ul class="wt">`+each(`<li><a href="{n}.html">{t}</a></li>`, entries([]string{"如何办理企业投资项目备案手续", "个体工商户如何办理注销登记", "居民用电阶梯价格标准是多少", "怎样申请公共租赁住房保障"}, "", "", "", ""))+`</ul>`+rankOf(news)+unseenFoot)},
		{name: "a login wall", want: "unsure", body: doc("用户登录", `<form><input name="u"><input type="password" name="p"><button>登录</button></form><p>请登录后查看</p>`)},
		{name: "the budget, a block for each year, no dates", want: "none", column: "财政预决算", at: unseenHost + "/zwgk/czyjs/", body: doc("财政预决算-清水市人民政府", unseenMenu+`<div class="m"><h3>2023年</h3><ul>`+each(`<li><a href="2023/{n}.html">{t}</a></li>`, entries([]string{"清水市2023年市本级预算公开", "清水市发改委2023年部门预算", "清水市财政局2023年部门预算"}, "", "", ""))+`</ul><h3>2022年</h3><ul>`+each(`<li><a href="2022/{n}.html">{t}</a></li>`, entries([]string{"清水市2022年市本级决算公开", "清水市发改委2022年部门决算", "清水市财政局2022年部门决算"}, "", "", ""))+`</ul></div>`+sideBlock("公示公告", "r", news))},
	}
}

func rankOf(items []entry) string {
	return `<div class="box"><h3>大家都在问</h3><ul>` + each(`<li><em>{i}</em><a href="/hdjl/{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
}

// unseenArticles are pages of one item.
func unseenArticles() []unseen {
	const name = "关于下达第三批技术改造项目计划的通知"
	text := strings.Repeat(`<p>　　各县（市、区）发展改革局：根据2022年12月30日印发的《管理办法》，现将第三批项目计划下达给你们，请于2023年9月15日前报送实施方案，并抓好组织落实。项目单位要严格按照批复的建设内容和规模组织实施，不得擅自变更。</p>`, 3)
	sign := `<p style="text-align:right">清水市发展和改革委员会</p><p style="text-align:right">2023年8月20日</p>`
	page := func(head, info, more string) string {
		return doc(name+"-清水市人民政府", unseenMenu+`<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tzgg/">通知公告</a> &gt; 正文</div><div class="art">`+head+info+`<div class="zw">`+text+sign+`</div></div>`+more+unseenFoot)
	}
	h1 := `<h1>` + name + `</h1>`
	side := sideBlock("相关新闻", "xg", news)
	forms := []struct{ name, head, info, more string }{
		{"source and date", h1, `<div class="xx">来源：市发改委　发布时间：2023-08-23 10:12　浏览次数：123</div>`, ""},
		{"related items", h1, `<p>发布日期：2023-08-23</p>`, side},
		{"latest items of the same shape", h1, `<p>2023-08-23 09:00:00 来源：办公室</p>`, sideBlock("最新信息", "zx", news)},
		{"previous and next with dates", h1, `<p>时间：2023年08月23日</p>`, `<div class="sx"><p>上一篇：<a href="t2.html">关于公布收费目录清单的公告</a> 2023-09-11</p><p>下一篇：<a href="t3.html">关于征集定点单位的公告</a> 2023-09-12</p></div>`},
		{"a table of facts", `<table class="gk"><tr><td>索引号</td><td>014030000/2023-00012</td><td>主题分类</td><td>经济</td></tr><tr><td>发文机关</td><td>市发改委</td><td>成文日期</td><td>2023-08-20</td></tr><tr><td>标题</td><td>` + name + `</td><td>发布日期</td><td>2023-08-23</td></tr></table>` + h1, "", side},
		{"facts in a list", `<ul class="xxgk"><li><b>索 引 号：</b>014030000/2023-12</li><li><b>发布机构：</b>市发改委</li><li><b>成文日期：</b>2023年08月20日</li><li><b>发布日期：</b>2023年08月23日</li></ul>` + h1, "", ""},
		{"spans with labels", h1, `<div class="info"><span>发布机构：市发改委</span><span>发布时间：<i>2023-08-23</i></span><span>【字体：大 中 小】</span></div>`, side},
		{"published and changed", h1, `<div>发布时间：2023-08-23　更新时间：2023-09-20</div>`, ""},
		{"a table's title cell", `<table><tr><td align="center"><font size="5">` + name + `</font></td></tr><tr><td align="center">作者：办公室 来源：本站 点击数：23 更新时间：2023-8-23</td></tr></table>`, "", ""},
		{"the date below the text", h1, "", `<div class="fb">发布时间：2023-08-23</div>`},
		{"editor and hits", h1, `<p>[ 发布人：管理员  日期：2023/08/23  点击：88 ]</p>`, side},
		{"month in words", h1, `<p class="date">2023年8月23日 星期三</p>`, ""},
		{"an attached file", h1, `<p>发布时间：2023-08-23</p>`, `<p>附件：<a href="1.doc">项目计划表.doc</a></p>`},
		{"a long list of related items", h1, `<p>发布时间：2023-08-23</p>`, `<div class="l"><ul>` + each(`<li><a href="/zwgk/tzgg/202309/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, entries(newsTitles, daysBack("2023-09-26", 20)...)) + `</ul></div>`},
		{"a side list of the column before the article", `<div class="l"><h3>通知公告</h3><ul>` + each(`<li><a href="/zwgk/tzgg/202309/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div>` + h1, `<p>发布时间：2023-08-23</p>`, ""},
		{"video", h1, `<p>发布时间：2023-08-23 来源：市融媒体中心</p><video src="a.mp4"></video>`, side},
		{"h2 and a small line", `<h2 class="title">` + name + `</h2>`, `<div class="small"><small>2023-08-23</small> <small>阅读 123</small></div>`, ""},
		{"labels in table cells", h1, `<table><tr><td>信息来源：</td><td>市发改委</td><td>发布时间：</td><td>2023-08-23</td></tr></table>`, side},
		{"a share bar and a printed day", h1, `<div>2023-08-23 15:40 <a href="#">打印</a> <a href="#">分享</a></div>`, `<p>打印时间：2023-09-27</p>`},
		{"a subtitle with a day", h1 + `<p>（2023年7月1日市政府第12次常务会议通过）</p>`, `<p>发布时间：2023-08-23</p>`, side},
	}
	var out []unseen
	for i, f := range forms {
		at := unseenHost + "/zwgk/tzgg/202308/t20230823_301234" + string(rune('0'+i%10)) + ".html"
		if i%3 == 1 {
			at = unseenHost + "/show.asp?id=30123"
		} else if i%3 == 2 {
			at = unseenHost + "/zwgk/tzgg/content_30123" + string(rune('0'+i%10)) + ".html"
		}
		out = append(out, unseen{name: "article: " + f.name, at: at, want: "article 2023-08-23", body: page(f.head, f.info, f.more)})
	}
	letter := doc("关于供暖问题的来信-市长信箱", unseenMenu+`<div class="dqwz">当前位置：首页 &gt; 市长信箱</div><table><tr><td>来信标题</td><td>关于供暖问题的咨询</td></tr><tr><td>来信时间</td><td>2023-08-20</td></tr><tr><td>来信内容</td><td>您好，请问我小区今年何时供暖，费用标准是多少，谢谢。</td></tr><tr><td>回复单位</td><td>市住建局</td></tr><tr><td>回复时间</td><td>2023-08-23</td></tr><tr><td>回复内容</td><td>您好，来信收悉，按照供热条例，供暖期为每年11月1日至次年3月31日。</td></tr></table>`+sideBlock("来信选登", "r", news))
	photo := doc(name, unseenMenu+`<h1>`+name+`</h1><p>发布时间：2023-08-23</p><p><img src="1.jpg"></p><p><img src="2.jpg"></p>`+side+unseenFoot)
	return append(out,
		unseen{name: "a letter and its answer", at: unseenHost + "/hdjl/xx/30123.html", want: "unsure", body: letter},
		unseen{name: "article: pictures and no text", at: unseenHost + "/zwgk/tzgg/202308/t20230823_3012345.html", want: "article 2023-08-23", body: photo},
	)
}

// unseenHomes are home pages: their newest item stands in any of their lists,
// and not in a notice about the site.
func unseenHomes() []unseen {
	block := func(head string, items []entry) string {
		return `<div class="blk"><div class="hd"><h3>` + head + `</h3><a href="/more/">更多</a></div><ul>` + each(`<li><a href="/c/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
	}
	short := `<div class="blk"><h3>要闻</h3><ul>` + each(`<li><a href="/c/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{m}-{day}</span></li>`, news) + `</ul></div>`
	return []unseen{
		{name: "home: three blocks", at: unseenHost + "/", column: "首页", want: "~2023-09-26", body: doc("清水市人民政府", unseenMenu+block("要闻", news)+block("公告", notices)+block("政策", ancient)+unseenFoot)},
		{name: "home: month and day", at: unseenHost + "/", column: "首页", want: "~2023-09-26", body: doc("清水市人民政府", unseenMenu+short+block("公告", notices)+unseenFoot)},
		{name: "home: no dates", at: unseenHost + "/", column: "首页", want: "none", body: doc("清水市人民政府", unseenMenu+`<ul>`+each(`<li><a href="/c/{n}.html">{t}</a></li>`, news)+`</ul>`+unseenFoot)},
		{name: "home: tabs", at: unseenHost + "/index.html", column: "首页", want: "~2023-09-26", body: doc("清水市人民政府", unseenMenu+`<div class="tab-content"><div class="tab-pane active">`+block("公告", notices)+`</div><div class="tab-pane">`+block("要闻", news)+`</div></div>`+unseenFoot)},
	}
}
