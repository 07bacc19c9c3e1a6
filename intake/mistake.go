package intake

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A Mistake is what is wrong with one cell, one row or one sheet, or, as a hint,
// what a person should know about it.
type Mistake struct {
	Rule   string // its kind, stable: "code.power"
	File   string
	Sheet  string
	Row    int    // 0 where it is the sheet's or the file's
	Cell   string // C7, "" where it is the row's
	Column string // the column's head as it is written, "" likewise
	Value  string // what stands there

	more [2]string // what the sentence names besides
}

// In returns the sentence in a language, "zh" or "en": where, what, and what to
// do.
func (m Mistake) In(lang string) string { return m.Place(lang) + between(lang) + m.Text(lang) }

func between(lang string) string {
	if lang == "zh" {
		return "："
	}
	return ": "
}

// Text is the sentence without its place.
func (m Mistake) Text(lang string) string {
	words := sentences[m.Rule]
	text := words[1]
	if lang == "zh" {
		text = words[0]
	}
	if from, end := strings.IndexByte(text, '['), strings.IndexByte(text, ']'); from >= 0 && end > from {
		inside := text[from+1 : end]
		if m.more[0] == "" {
			inside = ""
		}
		text = text[:from] + inside + text[end+1:]
	}
	return strings.NewReplacer("{v}", short(m.Value), "{a}", short(m.more[0]), "{b}", short(m.more[1])).Replace(text)
}

// Place is where it is: file, sheet, row, cell and column.
func (m Mistake) Place(lang string) string {
	zh := lang == "zh"
	parts := []string{m.File}
	add := func(zhText, enText string) {
		if zh {
			parts = append(parts, zhText)
		} else {
			parts = append(parts, enText)
		}
	}
	if m.Sheet != "" {
		add("工作表“"+m.Sheet+"”", "sheet "+m.Sheet)
	}
	if m.Row > 0 {
		add(fmt.Sprintf("第%d行", m.Row), fmt.Sprintf("row %d", m.Row))
	}
	switch {
	case m.Cell != "" && m.Column != "":
		add(m.Cell+"（"+m.Column+"）", m.Cell+" ("+m.Column+")")
	case m.Cell != "":
		add(m.Cell, m.Cell)
	}
	if zh {
		return strings.Join(parts, "，")
	}
	return strings.Join(parts, ", ")
}

// MarshalJSON writes the mistake with its sentences.
func (m Mistake) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Rule   string `json:"rule"`
		File   string `json:"file"`
		Sheet  string `json:"sheet,omitempty"`
		Row    int    `json:"row,omitempty"`
		Cell   string `json:"cell,omitempty"`
		Column string `json:"column,omitempty"`
		Value  string `json:"value,omitempty"`
		ZH     string `json:"zh"`
		EN     string `json:"en"`
	}{m.Rule, m.File, m.Sheet, m.Row, m.Cell, m.Column, short(m.Value), m.Text("zh"), m.Text("en")})
}

// maxQuoted bounds what a sentence repeats of a cell.
const maxQuoted = 60

// short cuts a text for a sentence and keeps it on one line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxQuoted {
		return string(r[:maxQuoted]) + "…"
	}
	return s
}

// Rules returns how many kinds of mistakes and hints are told apart.
func Rules() []string {
	all := make([]string, 0, len(sentences))
	for rule := range sentences {
		all = append(all, rule)
	}
	return all
}

// sentences are the mistakes in Chinese and English: what is wrong and what to
// do. {v} is the cell, {a} and {b} what else is named. It is never written to.
var sentences = map[string][2]string{
	// Files and sheets.
	"sheet.none":      {"没有找到名单：没有一行像表头（如“网站标识码、网站名称、首页网址”）；核对表头，或用 --kind 指明种类", "no list found: no row looks like a head (网站标识码, 网站名称, 首页网址 …); check the head, or name the kind with --kind"},
	"sheet.skipped":   {"没有表头，未读取", "no head, so it was not read"},
	"sheet.hidden":    {"是隐藏的工作表，未读取；需要时用 --sheet 指明", "hidden, so it was not read; name it with --sheet if it is wanted"},
	"sheet.empty":     {"工作表没有内容，未读取", "the sheet is empty"},
	"sheet.no-rows":   {"表头下面没有数据行：核对是否导出完整", "no rows below the head; check that the export is whole"},
	"sheet.unknown":   {"没有名为“{v}”的工作表；现有：{a}", "no sheet {v}; there are: {a}"},
	"head.missing":    {"缺少“{a}”列：补上这一列，或把表头改为这个名称", "the column {a} is missing; add it, or give its head that name"},
	"head.twice":      {"“{v}”和 {a} 列说的是同一项：删去一列", "{v} says the same as column {a}; take one away"},
	"head.unread":     {"这一列不认识，未读取；若是“{a}”，请改表头", "an unknown column, not read; if it is {a}, give its head that name"},
	"head.unread-far": {"这一列不认识，未读取", "an unknown column, not read"},

	// Cells of any kind.
	"cell.error":     {"公式出错“{v}”：改为实际内容", "the formula failed with {v}; write what it should say"},
	"cell.formula":   {"公式没有保存结果：在 Excel 中打开、重算并保存，或粘贴为数值", "a formula without a saved result; open the file in Excel and save it, or paste values"},
	"cell.garbled":   {"“{v}”是乱码：重新导出，保存为 CSV UTF-8 或 XLSX", "{v} is garbled; export again, as CSV UTF-8 or XLSX"},
	"cell.long":      {"文字超过{a}个字：核对后缩短", "more than {a} characters; check and shorten it"},
	"cell.leftover":  {"“{v}”像是占位文字：填写实际内容，没有就留空", "{v} looks like a placeholder; write what it should say, or leave it empty"},
	"name.missing":   {"名称为空：填写登记的名称", "the name is missing; write the registered name"},
	"name.url":       {"“{v}”是网址，不是名称：可能两列填反了", "{v} is an address, not a name; two columns may be exchanged"},
	"name.number":    {"“{v}”是数字，不是名称：可能错列，或被 Excel 转成了数字", "{v} is a number, not a name; columns may be shifted"},
	"name.code":      {"“{v}”是标识码，不是名称：可能两列填反了", "{v} is a code, not a name; two columns may be exchanged"},
	"id.bad":         {"编号“{v}”不能用：只用小写字母、数字、_ 和 -", "{v} makes no id; use small letters, digits, _ and -"},
	"id.taken":       {"编号“{v}”已属于{a}：换一个，或改正标识码", "the id {v} is that of {a}; choose another, or mend the code"},
	"id.twice":       {"编号“{v}”与第{a}行重复：换一个", "the id {v} stands in row {a} too; choose another"},
	"date.bad":       {"“{v}”不是日期：写成 2023-09-27", "{v} is no date; write it as 2023-09-27"},
	"date.far":       {"日期“{v}”不在1990年到2100年之间：核对年份", "{v} lies before 1990 or after 2100; check the year"},
	"date.order":     {"停用日期“{v}”早于启用日期“{a}”：对调或改正", "{v} lies before {a}; exchange or mend them"},
	"yes.bad":        {"“{v}”不是“是”或“否”：改为是或否", "{v} is neither 是 nor 否; write one of them"},
	"row.twice":      {"与第{a}行完全相同：删去一行", "the same as row {a}; take one away"},
	"row.unfinished": {"本行只填了“{v}”，其余为空：补全，或删去这一行", "the row holds only {v}; complete it, or take it away"},

	// Codes of sites.
	"code.missing":     {"网站标识码为空：填写10位标识码", "the 网站标识码 is missing; write its ten digits"},
	"code.power":       {"“{v}”已被 Excel 变成科学记数法，后面的数字已丢失：把这一列设为“文本”，从报送系统重新导出或重新填写", "{v} was turned into a power of ten by a spreadsheet program and has lost its digits; make the column text and export or write the code again"},
	"code.rounded":     {"“{v}”以数字保存，超过15位的部分已被 Excel 改为0：把这一列设为“文本”后重新填写", "{v} is kept as a number, of which spreadsheet programs keep 15 digits; make the column text and write it again"},
	"code.zeros":       {"“{v}”只有{a}位，应为10位，前面或后面的0可能被 Excel 去掉：把这一列设为“文本”后重新填写", "{v} has {a} digits where 10 are wanted, zeros may have been dropped; make the column text and write it again"},
	"code.point":       {"“{v}”带小数点，已被当作数字处理：把这一列设为“文本”，改为“{a}”这样的10位数字并核对", "{v} has a decimal point, so it was taken for a number; make the column text, write it like {a} and check it"},
	"code.long":        {"“{v}”有{a}位，应为10位：核对是否多填，或两格并成了一格", "{v} has {a} characters where 10 are wanted; check for a digit too many"},
	"code.letter":      {"“{v}”中有字母：数字0不要写成字母O，数字1不要写成字母l；可能是“{a}”，核对后改正", "{v} holds letters that look like digits; it may be {a}: check it"},
	"code.shape":       {"“{v}”不是网站标识码：应为10位数字，国务院部门为bm加8位数字", "{v} is no 网站标识码; it has ten digits, or bm and eight"},
	"code.unit":        {"“{v}”是6位，是组织单位（主管单位）的编码，不是网站标识码：填写10位的网站标识码", "{v} has six digits: the code of a supervising unit, not of a site; write the ten digits"},
	"code.account":     {"“{v}”是新媒体标识码，不是网站标识码：可能放错了列或表", "{v} is the code of an account, not of a site; it may be in the wrong column"},
	"code.twice":       {"网站标识码“{v}”与第{a}行（{b}）重复：核对，改正一行", "the 网站标识码 {v} stands in row {a} ({b}) too; check and mend one"},
	"code.other-site":  {"网站标识码“{v}”在配置中属于“{a}”，首页网址也不同：核对是不是填错了标识码", "in the configuration {v} is the code of {a}, with another home page; check the code"},
	"code.not-carrier": {"信息公开平台和其他载体没有网站标识码：清空这一格，或改正网站类型", "a platform has no 网站标识码; empty the cell, or mend the type"},

	// Codes of accounts.
	"account.missing":  {"新媒体标识码为空：填写16位标识码", "the 新媒体标识码 is missing; write its 16 characters"},
	"account.power":    {"“{v}”已被 Excel 变成科学记数法：把这一列设为“文本”，重新导出或填写", "{v} was turned into a power of ten; make the column text and write the code again"},
	"account.short":    {"“{v}”只有{a}位，应为16位（6位区划、M、3位、2个字母、4位）：补全，前面或序号中的0可能丢失", "{v} has {a} characters where 16 are wanted (six digits, M, three, two letters, four); zeros may have been dropped"},
	"account.long":     {"“{v}”有{a}位，应为16位：核对是否多填", "{v} has {a} characters where 16 are wanted; check it"},
	"account.letter":   {"“{v}”中数字和字母混用：数字0不要写成字母O，数字1不要写成字母I；可能是“{a}”，核对后改正", "{v} mixes up letters and digits; it may be {a}: check it"},
	"account.shape":    {"“{v}”不是新媒体标识码：应如140300M019XL0001", "{v} is no 新媒体标识码; write it like 140300M019XL0001"},
	"account.site":     {"“{v}”是网站标识码，不是新媒体标识码：填写16位的新媒体标识码", "{v} is the code of a site; write the 16 characters of the account"},
	"account.twice":    {"新媒体标识码“{v}”与第{a}行（{b}）重复：核对，改正一行", "the 新媒体标识码 {v} stands in row {a} ({b}) too; check and mend one"},
	"account.letters":  {"标识码“{v}”中的平台是{a}，账号类型却是{b}：核对，改正一处", "the letters of {v} say {a}, the platform says {b}; check and mend one"},
	"account.lower":    {"标识码“{v}”有小写字母，已按大写读取", "{v} has small letters; read as capitals"},
	"account.no-uid":   {"没有唯一标识，主页地址中也没有：多数平台无法监测，请补填", "no 唯一标识, nor one in the address of its page; most platforms cannot be watched without"},
	"account.uid-from": {"唯一标识取自主页地址：{v}", "the 唯一标识 is taken from the address: {v}"},
	"account.off":      {"标明不开启监测，仍按登记写入", "marked as not watched; taken in all the same"},
	"account.repeated": {"同一单位在{a}已有账号{b}：原则上一个平台一个账号，请核对", "the unit has the account {b} on {a} already; in principle one each"},

	// Platforms, identities and addresses of accounts.
	"platform.missing":   {"账号类型为空，标识码中的字母也不说明平台：填写账号类型，如新浪微博", "the 账号类型 is missing and the letters of the code do not tell; write it, as 新浪微博"},
	"platform.unknown":   {"不认识的账号类型“{v}”[，是不是“{a}”？]：写平台名称，如新浪微博、微信公众号、抖音短视频，没有的写“其他”", "unknown 账号类型 {v}[, did you mean {a}?]; write the platform's name, or 其他"},
	"platform.two":       {"账号类型是{a}，账号类型名称却是{b}：核对，改正一处", "账号类型 is {a} and 账号类型名称 is {b}; check and mend one"},
	"uid.power":          {"“{v}”已被 Excel 变成科学记数法，数字已丢失：把这一列设为“文本”，重新导出或填写", "{v} was turned into a power of ten and has lost its digits; make the column text and write it again"},
	"uid.rounded":        {"“{v}”以数字保存，超过15位的部分已被 Excel 改为0：把这一列设为“文本”后重新填写", "{v} is kept as a number, of which spreadsheet programs keep 15 digits; make the column text and write it again"},
	"uid.point":          {"“{v}”带小数点：把这一列设为“文本”，去掉小数点后核对", "{v} has a decimal point; make the column text and check it"},
	"uid.shape":          {"“{v}”不是{a}的唯一标识：核对，应符合 {b}", "{v} is no 唯一标识 of {a}; check it, it fits {b}"},
	"uid.twice":          {"唯一标识“{v}”与第{a}行（{b}）重复：两个账号不能是同一个，核对", "the 唯一标识 {v} stands in row {a} ({b}) too; two accounts cannot be one"},
	"uid.home":           {"唯一标识“{v}”与主页地址中的“{a}”不同：核对，改正一处", "the 唯一标识 {v} differs from {a} in the address; check and mend one"},
	"page.platform":      {"主页地址是{a}的，账号类型却是{b}：核对，改正一处", "the address is one of {a}, the platform is {b}; check and mend one"},
	"account-state.bad":  {"不认识的账号状态“{v}”[，是不是“{a}”？]：写正常、冻结、注销、已发关停公告、永久下线等", "unknown 账号状态 {v}[, did you mean {a}?]; write 正常, 冻结, 注销, 已发关停公告, 永久下线 …"},
	"area.bad":           {"地区“{v}”与标识码的区划“{a}”不同：核对，改正一处", "the area {v} differs from {a} in the code; check and mend one"},
	"unit-code.shape":    {"填报单位标识码“{v}”的格式不对：应为6位或10位数字", "{v} is no code of a unit; it has six or ten digits"},
	"unit-code.power":    {"填报单位标识码“{v}”已被 Excel 变成科学记数法：把这一列设为“文本”，重新导出或填写", "{v} was turned into a power of ten; make the column text and write it again"},
	"unit-code.disagree": {"填报单位标识码“{v}”是{a}的，主办单位却是{b}：核对，改正一处", "the code {v} is of {a}, the unit is {b}; check and mend one"},

	// Addresses.
	"url.missing":     {"网址为空：填写以 http:// 或 https:// 开头的网址", "the address is missing; write it, beginning with http:// or https://"},
	"url.bad":         {"“{v}”不是网址：写成 http://www.example.gov.cn/path/", "{v} is no address; write it as http://www.example.gov.cn/path/"},
	"url.scheme":      {"“{v}”不是网页地址：以 http:// 或 https:// 开头", "{v} is not http or https; begin it with http:// or https://"},
	"url.typo":        {"“{v}”写错了开头或标点：可能是“{a}”，核对后改正", "{v} has a slip in its beginning or signs; it may be {a}"},
	"url.user":        {"网址中有用户名或密码：删去@之前的部分", "the address holds a user name; take away what stands before the @"},
	"url.file":        {"“{v}”是本机文件，不是网址：填写网上的地址", "{v} is a file of a computer; write the address on the web"},
	"url.mail":        {"“{v}”是邮箱，不是网址", "{v} is a mail address; write the address of the page"},
	"url.two":         {"一格中有多个网址“{v}”：只留首页（栏目可用分号分隔多个网址）", "several addresses in one cell: {v}; keep one"},
	"url.host":        {"“{v}”的主机名不对：核对域名，中文域名写成 xn--…", "{v} has no valid host; Chinese names are written xn--…"},
	"url.private":     {"“{v}”是内网或本机地址：填写公众可以访问的网址", "{v} is an address of an internal network; write the public one"},
	"url.long":        {"网址超过4096个字符：用栏目的直接地址", "the address has more than 4096 characters; use the plain one"},
	"home.twice":      {"首页网址“{v}”与第{a}行（{b}）重复：两家网站不能同一首页", "the home page {v} stands in row {a} ({b}) too; two sites cannot share it"},
	"home.taken":      {"首页网址“{v}”在配置中属于“{a}”：核对", "in the configuration {v} is the home page of {a}; check it"},
	"column.url-two":  {"栏目网址“{v}”与第{a}行（{b}）重复：核对，改正一行", "the address {v} stands in row {a} ({b}) too; check and mend one"},
	"column.far":      {"栏目网址的域名“{v}”不属于该网站，仍按原样写入", "the host {v} is not the site's; taken as it is"},
	"column.homepage": {"栏目网址“{v}”是网站首页：填写栏目列表页的网址", "{v} is the site's home page; write the address of the column's list"},

	// Units.
	"unit.missing":     {"单位为空：填写单位名称", "the unit is missing; write its name"},
	"unit.unknown":     {"不认识的单位“{v}”[，是不是“{a}”？]：改正；确是新单位的，先加入单位名单，或用 --new-units", "unknown unit {v}[, did you mean {a}?]; mend it, or add the unit first, or give --new-units"},
	"unit.two":         {"“{v}”可以是{a}：写全称", "{v} can be {a}; write the full name"},
	"unit.twice":       {"单位“{v}”与第{a}行重复：删去一行", "the unit {v} stands in row {a} too; take one away"},
	"unit.name-taken":  {"名称“{v}”已是另一单位“{a}”的名称或别名：改其中一个", "{v} is a name of the unit {a} already; change one"},
	"unit.self":        {"上级单位就是本单位：改正或清空", "the unit stands above itself; mend it or empty the cell"},
	"unit.loop":        {"上级关系首尾相接：“{v}”最终又是自己的上级，改正其中一处", "the superiors of {v} lead back to it; mend one"},
	"superior.unknown": {"不认识的上级单位“{v}”[，是不是“{a}”？]：改正，或在名单中加上它", "unknown superior {v}[, did you mean {a}?]; mend it, or add it to the list"},
	"level.bad":        {"不认识的级别“{v}”：填市、县区或市直单位", "unknown level {v}; write 市, 县区 or 市直单位"},
	"level.guessed":    {"没有级别，按名称定为{a}", "no level; by its name it is {a}"},
	"district.bad":     {"行政区划代码“{v}”应为6位数字", "the area code {v} should have six digits"},
	"district.power":   {"行政区划代码“{v}”已被当作数字改动：设为“文本”后重新填写6位数字", "the area code {v} was changed as a number; make the column text and write six digits"},
	"unit.new":         {"配置中没有单位“{v}”，按新单位写入（待确认）", "there is no unit {v}; it is added, unconfirmed"},

	// Sites.
	"site-type.bad":  {"不认识的网站类型“{v}”：填政府门户网站、部门网站、政府信息公开平台或其他载体", "unknown type {v}; write 政府门户网站, 部门网站, 政府信息公开平台 or 其他载体"},
	"site-state.bad": {"不认识的运行状态“{v}”[，是不是“{a}”？]：写运行中、临时下线、关停等", "unknown 运行状态 {v}[, did you mean {a}?]; write 运行中, 临时下线, 关停 …"},
	"site.closed":    {"运行状态是“{v}”，不写入；配置中若有，列为减少", "its state is {v}, so it is not taken in; where it is configured, it counts as 减少"},
	"site.paused":    {"运行状态是“{v}”，仍按网站写入", "its state is {v}; taken in all the same"},
	"cms.unknown":    {"不认识的建站系统“{v}”[，是不是“{a}”？]：写 cms 目录中的名称，不知道就留空", "unknown 建站系统 {v}[, did you mean {a}?]; write a name of cms/, or leave it empty"},
	"host.bad":       {"其他域名“{v}”不对：写成 zt.example.gov.cn，多个用分号隔开", "{v} is no host; write zt.example.gov.cn, several with semicolons between"},

	// Columns.
	"site.missing":      {"没有写是哪个网站的栏目：填写网站名称或网站标识码", "the site is missing; write its name or its code"},
	"site.unknown":      {"配置和名单中都没有网站“{v}”[，是不是“{a}”？]：改正，或先导入网站名单", "no site {v}[, did you mean {a}?]; mend it, or take in the list of sites first"},
	"site.two":          {"“{v}”可以是{a}：改填网站标识码", "{v} can be {a}; write the code"},
	"site.disagree":     {"网站名称是{a}，网站标识码却是{b}的：核对，改正一处", "the name is that of {a}, the code that of {b}; check and mend one"},
	"column.missing":    {"栏目名称为空：填写栏目名称", "the column's name is missing; write it"},
	"column.gap":        {"填了“{v}”，上一级栏目却为空：补上上级栏目", "{v} stands below a level that is empty; fill it in"},
	"column.deep":       {"栏目层级“{v}”超过6级：核对", "{v} has more than six levels; check it"},
	"column.twice":      {"栏目“{v}”与第{a}行重复：同一网站同一单位的栏目不能重名，核对", "the column {v} stands in row {a} too; check it"},
	"column.no-unit":    {"平台上的栏目要写责任单位：填写单位名称", "a column on a platform needs a unit; write its name"},
	"column.no-id":      {"网址“{v}”不能作栏目编号：加一列“栏目编号”，用字母和数字", "the address {v} makes no id of the column; add a column 栏目编号"},
	"column.id-taken":   {"栏目编号“{v}”已属于{a}：加一列“栏目编号”区分", "the id {v} is that of {a}; add a column 栏目编号"},
	"class.bad":         {"不认识的栏目类别“{v}”[，是不是“{a}”？]：写动态要闻、通知公告、政策文件、政策解读、人事、规划计划、会议、建议提案、领导信息、财政信息、数据发布、重点领域或其他", "unknown 栏目类别 {v}[, did you mean {a}?]; write 动态要闻, 通知公告, 政策文件 … or 其他"},
	"class.guessed":     {"没有栏目类别，按名称“{v}”定为{a}，待确认", "no 栏目类别; by the name {v} it is {a}, unconfirmed"},
	"often.bad":         {"不认识的更新频率“{v}”：写成按需更新、每周、每月、每季度、每年", "unknown 更新频率 {v}; write 按需更新, 每周, 每月, 每季度 or 每年"},
	"often.conflict":    {"更新频率“{v}”与“是否按需更新”矛盾：改正一处", "更新频率 {v} and 按需更新 disagree; mend one"},
	"counts-to.unknown": {"“计入网站”中的“{v}”不是网站：填网站名称，不计入填“不计入”", "{v} in 计入网站 is no site; write a name, or 不计入"},

	// Writing.
	"write.refused": {"写出的配置通不过检查：{v}", "the configuration would not be valid: {v}"},
}
