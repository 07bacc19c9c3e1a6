package extract_test

// columnLists are lists with more than one date, or numbers, in a row.
func columnLists() []unseen {
	table := func(head, row string) string {
		return framed(`<table class="tb"><tr>` + head + `</tr>` + each(row, notices) + `</table>`)
	}
	list := func(row string) string { return framed(`<ul class="list">` + each(row, notices) + `</ul>`) }
	return []unseen{
		{name: "date of the document, then of publication", want: "2023-08-23", body: table(`<th>标题</th><th>文号</th><th>成文日期</th><th>发布日期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>清发改〔2023〕{i}号</td><td>2023-01-02</td><td>{d}</td></tr>`)},
		{name: "date of publication, then of the document", want: "2023-08-23", body: table(`<th>标题</th><th>发布日期</th><th>成文日期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-0{i}</td></tr>`)},
		{name: "document dates that are later than the publication", want: "2023-08-23", body: table(`<td>名称</td><td>成文日期</td><td>发布日期</td>`, `<tr><td><a href="{n}.html">{t}</a></td><td>2023-09-0{i}</td><td>{d}</td></tr>`)},
		{name: "the head stands in a list of its own", want: "~2023-08-23", body: framed(`<div class="th"><span>标题</span><span>成文日期</span><span>发布日期</span></div><ul class="list">` + each(`<li><a href="{n}.html">{t}</a><span>2023-09-0{i}</span><span>{d}</span></li>`, notices) + `</ul>`)},
		{name: "two dates and no head", want: "unsure", body: table("", `<tr><td><a href="{n}.html">{t}</a></td><td>2023-09-0{i}</td><td>{d}</td></tr>`)},
		{name: "a document number", want: "2023-08-23", body: table(`<th>名称</th><th>文号</th><th>发布时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>清政发〔2023〕1{i}号</td><td>{d}</td></tr>`)},
		{name: "a document number with slashes", want: "2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><span>清政办发[2023]1{i}号</span><span>{d}</span></li>`)},
		{name: "disclosure with an index number", want: "2023-08-23", body: table(`<th>索引号</th><th>信息名称</th><th>生成日期</th><th>公开日期</th>`, `<tr><td>014030000/2023-0001{i}</td><td><a href="{n}.html">{t}</a></td><td>2023-01-0{i}</td><td>{d}</td></tr>`)},
		{name: "disclosure with a tip in each row", want: "2023-08-23", body: framed(`<ul class="zfxxgk">` + each(`<li><a href="{n}.html">{t}</a><b>{d}</b><div class="tip"><p>索 引 号：014030000/2023-0001{i}</p><p>发文机关：市发改委</p><p>成文日期：2023年09月0{i}日</p><p>发布日期：{y}年{m}月{day}日</p></div></li>`, notices) + `</ul>`)},
		{name: "in force since and until", want: "2023-08-23", body: table(`<th>文件名称</th><th>发布日期</th><th>生效日期</th><th>废止日期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-01</td><td>2028-08-31</td></tr>`)},
		{name: "in force since and until, and no publication", want: "unsure", body: table(`<th>文件名称</th><th>生效日期</th><th>废止日期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2028-08-31</td></tr>`)},
		{name: "in force since alone", want: "unsure", body: table(`<th>文件名称</th><th>施行日期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`)},
		{name: "date of the document alone", want: "unsure", body: table(`<th>文件名称</th><th>文号</th><th>成文日期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>清政发〔2023〕1{i}号</td><td>{d}</td></tr>`)},
		{name: "expiry alone", want: "unsure", body: table(`<th>项目</th><th>有效期至</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`)},
		{name: "consultation with publication and deadline", want: "2023-08-23", body: table(`<th>征集主题</th><th>发布时间</th><th>截止时间</th><th>状态</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-25</td><td>已结束</td></tr>`)},
		{name: "consultation, the deadline first", want: "2023-08-23", body: table(`<th>征集主题</th><th>截止时间</th><th>发布时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>2023-09-25</td><td>{d}</td></tr>`)},
		{name: "consultation with a span of time", want: "unsure", body: list(`<li><a href="{n}.html">{t}</a><p>征集时间：{d} 至 2023-09-20</p></li>`)},
		{name: "consultation with a span in two elements", want: "unsure", body: list(`<li><a href="{n}.html">{t}</a><p>征集时间：<i>{d}</i> 至 <i>2023-09-20</i></p></li>`)},
		{name: "consultation with begin and end", want: "unsure", body: table(`<th>征集主题</th><th>开始时间</th><th>结束时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-20</td></tr>`)},
		{name: "consultation with the deadline alone", want: "unsure", body: list(`<li><a href="{n}.html">{t}</a><span>截止日期：{d}</span></li>`)},
		{name: "consultation with the deadline in cells", want: "unsure", body: table(`<td>主题</td><td>截止日期</td>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`)},
		{name: "tender with publication and opening", want: "2023-08-23", body: table(`<th>项目名称</th><th>发布时间</th><th>开标时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-22 09:30</td></tr>`)},
		{name: "tender with the opening alone", want: "unsure", body: table(`<th>项目名称</th><th>开标时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d} 09:30</td></tr>`)},
		{name: "tender with a labelled opening", want: "2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><span>{d}</span><p>开标时间：2023-09-22 09:30</p></li>`)},
		{name: "jobs with a time to apply", want: "2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><p>报名时间：2023-09-01至2023-09-10</p><span>{d}</span></li>`)},
		{name: "jobs with a time to apply alone", want: "unsure", body: list(`<li><a href="{n}.html">{t}</a><p>报名时间：{d}</p></li>`)},
		{name: "published and changed", want: "2023-08-23", body: table(`<th>标题</th><th>发布时间</th><th>更新时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-2{i}</td></tr>`)},
		{name: "letters with two dates", want: "unsure", column: "市长信箱", body: table(`<th>来信标题</th><th>来信时间</th><th>回复时间</th><th>状态</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2023-09-1{i}</td><td>已办结</td></tr>`)},
		{name: "letters with the day they came", want: "unsure", column: "市长信箱", body: table(`<th>编号</th><th>来信标题</th><th>来信时间</th>`, `<tr><td>20230915{i}</td><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`)},
		{name: "a meeting's day", want: "unsure", body: table(`<th>会议名称</th><th>会议时间</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`)},
		{name: "views and a number", want: "2023-08-23", body: list(`<li><i>{i}.</i><a href="{n}.html">{t}</a><em>浏览：12-3{i}次</em><span>{d}</span></li>`)},
		{name: "licences with their days", want: "unsure", column: "行政许可", body: table(`<th>决定书文号</th><th>许可决定日期</th><th>有效期</th>`, `<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td><td>2026-08-22</td></tr>`)},
		{name: "data sets", want: "~2023-08-23", column: "数据目录", body: list(`<li><a href="{n}.html">{t}</a><p>更新时间：{d}　下载量：23</p></li>`)},
		{name: "summaries that speak of days", want: "2023-08-23", body: list(`<li><h4><a href="{n}.html">{t}</a></h4><p>9月20日，市发改委召开会议，传达学习有关精神，并于2023年9月25日部署下一步工作。</p><span>{d}</span></li>`)},
		{name: "summaries that begin with a date", want: "2023-08-23", body: list(`<li><h4><a href="{n}.html">{t}</a></h4><p>2023年9月20日，市发改委召开会议。</p><span>发布时间：{d}</span></li>`)},
		{name: "summaries that begin with a date, and nothing else", want: "unsure", body: list(`<li><h4><a href="{n}.html">{t}</a></h4><p>{y}年{m}月{day}日，市发改委召开会议。</p></li>`)},
		{name: "titles with dates, and dates", want: "2023-08-23", body: list(`<li><a href="{n}.html">2023年9月2{i}日空气质量日报</a><span>{d}</span></li>`)},
		{name: "rows with a source and a place", want: "2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><span>【清水镇】</span><span>2023年第{i}期</span><span>{d}</span></li>`)},
	}
}

// formLists print their dates in other ways.
func formLists() []unseen {
	list := func(row string) string { return framed(`<ul class="list">` + each(row, notices) + `</ul>`) }
	year := entries(noticeTitles, "2023-02-11", "2023-01-20", "2022-12-28", "2022-11-02", "2022-08-15", "2022-03-01")
	return []unseen{
		{name: "month and day, the year in the address", want: "2023-08-23", body: list(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{m}-{day}</span></li>`)},
		{name: "month and day in brackets", want: "~2023-08-23", body: list(`<li><a href="{n}.html">{t}</a>({m}-{day})</li>`)},
		{name: "month and day over New Year", want: "~2023-02-11", body: framed(`<ul class="list">` + each(`<li><a href="{n}.html">{t}</a><span>{m}-{day}</span></li>`, year) + `</ul>`)},
		{name: "months alone", want: "unsure", body: list(`<li><a href="{n}.html">{t}</a><span>{y}年{m}月</span></li>`)},
		{name: "years alone", want: "unsure", body: list(`<li><a href="{n}.html">{t}</a><span>{y}</span></li>`)},
		{name: "day above year and month", want: "2023-08-23", body: list(`<li><div class="date"><strong>{day}</strong><p>{y}.{m}</p></div><div class="txt"><a href="{n}.html">{t}</a><p>各县区、各有关单位：</p></div></li>`)},
		{name: "month and day above the year", want: "2023-08-23", body: list(`<li><a href="{n}.html"><div class="date"><span>{m}/{day}</span><em>{y}</em></div><div class="t">{t}</div></a></li>`)},
		{name: "year, month and day each apart", want: "2023-08-23", body: list(`<li><span class="y">{y}</span><span class="m">{m}月</span><span class="d">{day}</span><a href="{n}.html">{t}</a></li>`)},
		{name: "a group for each month", want: "~2023-08-23", body: framed(`<h3>2023年8月</h3><ul class="list"><li><a href="1.html">关于下达第三批计划的通知</a><span>23日</span></li><li><a href="2.html">关于公布收费目录的公告</a><span>11日</span></li></ul><h3>2023年7月</h3><ul class="list"><li><a href="3.html">关于征集定点单位的公告</a><span>30日</span></li></ul>`)},
		{name: "two digits of the year", want: "2023-08-23", body: framed(`<ul class="list">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(noticeTitles, "23-08-23", "23-08-11", "23-07-30", "22-12-28")) + `</ul>`)},
		{name: "eight digits", want: "~2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><span>{ymd}</span></li>`)},
		{name: "with the time of day", want: "2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><span>{d} 16:30:1{i}</span></li>`)},
		{name: "dots", want: "2023-08-23", body: list(`<li><a href="{n}.html">{t}</a><span>{y}.{m}.{day}</span></li>`)},
		{name: "dates in the link's tip", want: "~2023-08-23", body: list(`<li><a href="{n}.html" title="标题：{t}&#10;发布时间：{d}">{t}</a></li>`)},
		{name: "documents to download", want: "2023-08-23", body: list(`<li><a href="/upload/{y}{m}/{n}.pdf"><img src="pdf.gif">{t}.pdf</a><span>{d}</span></li>`)},
		{name: "links that a script opens", want: "2023-08-23", body: list(`<li><a href="javascript:void(0)" onclick="openInfo('{n}')">{t}</a><span>{d}</span></li>`)},
		{name: "rows that a script opens", want: "~2023-08-23", body: list(`<li onclick="location.href='{n}.html'"><p>{t}</p><span>{d}</span></li>`)},
		{name: "traditional", want: "2023-08-23", column: "最新消息", body: doc("最新消息 - 清水市政府", `<div id="nav"><a href="/">首頁</a><a href="/news/">最新消息</a></div><h2>最新消息</h2><table class="news"><tr><th>發布日期</th><th>標題</th><th>單位</th></tr>`+each(`<tr><td>{d}</td><td><a href="news_view.aspx?id={n}">{t}</a></td><td>計畫處</td></tr>`, notices)+`</table><div>上一頁 1 2 3 <a href="?p=2">下一頁</a></div>`)},
		{name: "years of the Republic", want: "~2023-08-23", column: "最新消息", body: doc("最新消息", `<ul class="list">`+each(`<li><a href="view.aspx?id={n}">{t}</a><span>112-{m}-{day}</span></li>`, notices[:6])+`</ul>`)},
		{name: "English", want: "2023-08-23", column: "News", at: unseenHost + "/english/news/", body: doc("News - Qingshui", `<ul class="nav"><li><a href="/english/">Home</a></li><li><a href="/english/news/">News</a></li></ul><div class="news">`+each(`<div class="n"><h3><a href="/english/news/{n}.html">City holds conference on project construction No. {i}</a></h3><p>{d}</p></div>`, notices)+`</div><div class="pages"><a href="?2">Next</a></div>`)},
		{name: "English months", want: "~2023-08-23", column: "News", at: unseenHost + "/english/news/", body: doc("News", `<ul>`+`<li><a href="a1001.html">City holds conference on project construction</a><span>Aug 23, 2023</span></li><li><a href="a1002.html">Regulation on market entities takes effect</a><span>July 30, 2023</span></li><li><a href="a1003.html">Harvest festival opens in Qingxi Town</a><span>June 12, 2023</span></li></ul>`)},
		{name: "Chinese numbers", want: "~2023-08-23", body: framed(`<ul>` + `<li><a href="1001.html">关于下达第三批计划的通知</a><span>二〇二三年八月二十三日</span></li><li><a href="1002.html">关于公布收费目录的公告</a><span>二〇二三年七月三十日</span></li><li><a href="1003.html">关于征集定点单位的公告</a><span>二〇二三年六月十二日</span></li></ul>`)},
		{name: "days ago", want: "~2023-09-25", body: framed(`<ul class="list"><li><a href="1001.html">关于下达第三批计划的通知</a><span>2天前</span></li><li><a href="1002.html">关于公布收费目录的公告</a><span>2023-08-23</span></li><li><a href="1003.html">关于征集定点单位的公告</a><span>2023-06-12</span></li></ul>`)},
		{name: "meetings to come", want: "unsure", body: framed(`<ul class="list">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(noticeTitles, "2023-12-20", "2023-11-20", "2023-10-20", "2023-09-20")) + `</ul>`)},
		{name: "videos with their length", want: "2023-08-23", body: framed(`<div class="vs">` + each(`<div class="v"><a href="{n}.html"><img src="{n}.jpg"><i>03:1{i}</i></a><h5><a href="{n}.html">{t}</a></h5><p>{d}</p></div>`, notices) + `</div>`)},
		{name: "oldest first, all on one page", want: "2023-08-23", body: framed(`<ul class="list">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(noticeTitles, "2022-05-01", "2022-11-20", "2023-03-08", "2023-08-23")) + `</ul>`)},
		{name: "a block for each year", want: "2023-08-23", body: framed(`<div class="year"><h4>2022年</h4><ul>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(noticeTitles, "2022-12-23", "2022-11-23", "2022-10-23", "2022-09-02")) + `</ul></div><div class="year"><h4>2023年</h4><ul>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(newsTitles, "2023-08-23", "2023-05-23", "2023-01-03")) + `</ul></div>`)},
		{name: "two columns of a list", want: "2023-08-23", body: framed(`<div class="half"><ul>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices[4:]) + `</ul></div><div class="half"><ul>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices[:4]) + `</ul></div>`)},
		{name: "new rows bear a mark and a class", want: "2023-08-23", body: framed(`<ul class="list"><li class="hot"><a href="1001.html">关于下达第三批计划的通知</a><img src="new.gif"><span class="red">2023-08-23</span></li>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices[1:]) + `</ul>`)},
		{name: "new rows are of another tag", want: "2023-08-23", body: framed(`<div class="list"><div class="first"><a href="1001.html">关于下达第三批计划的通知</a><span>2023-08-23</span></div>` + each(`<div class="it"><a href="{n}.html">{t}</a><span>{d}</span></div>`, notices[1:]) + `</div>`)},
	}
}
