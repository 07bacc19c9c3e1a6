package intake

import (
	"slices"
	"strings"

	"xuncha/inventory"
)

// The words that lists were seen to use, and what they mean. All are spelt as
// [compact] leaves them, in small letters; none is ever written to.

// platformWords name platforms.
var platformWords = map[inventory.Platform][]string{
	inventory.Weibo:       {"微博", "新浪微博", "政务微博", "sina微博", "新浪", "weibo", "腾讯微博"},
	inventory.Wechat:      {"微信", "微信公众号", "公众号", "微信公众平台", "订阅号", "服务号", "微信订阅号", "微信服务号", "微信公众账号", "政务微信", "微信公众号(订阅号)", "微信公众号(服务号)", "wechat", "企业号"},
	inventory.Channels:    {"视频号", "微信视频号", "channels"},
	inventory.Douyin:      {"抖音", "抖音短视频", "抖音号", "政务抖音", "douyin"},
	inventory.Xigua:       {"西瓜视频", "西瓜", "xigua"},
	inventory.Toutiao:     {"今日头条", "头条", "头条号", "今日头条号", "政务头条号", "toutiao"},
	inventory.Kuaishou:    {"快手", "快手短视频", "快手号", "kuaishou"},
	inventory.Bilibili:    {"哔哩哔哩", "b站", "bilibili", "哔哩哔哩弹幕网", "哔哩哔哩号"},
	inventory.Baijiahao:   {"百家号", "百度百家号", "百度百家", "百度", "baijiahao"},
	inventory.Renminhao:   {"人民号", "人民日报客户端", "人民日报人民号", "renminhao"},
	inventory.Xuexi:       {"学习强国", "学习强国号", "强国号", "xuexi"},
	inventory.App:         {"移动客户端", "app", "客户端", "手机客户端", "移动客户端(app)", "移动应用", "手机app", "政务客户端"},
	inventory.MiniApp:     {"小程序", "微信小程序", "支付宝小程序", "百度小程序", "miniapp", "轻应用"},
	inventory.Weishi:      {"腾讯微视", "微视", "weishi"},
	inventory.Qiehao:      {"企鹅号", "腾讯企鹅号", "腾讯号", "qiehao"},
	inventory.Nanfanghao:  {"南方号", "nanfanghao"},
	inventory.Yidianhao:   {"一点号", "一点资讯", "yidianhao"},
	inventory.Wangyihao:   {"网易号", "网易", "网易新闻", "wangyihao"},
	inventory.Dayuhao:     {"大鱼号", "大鱼", "uc大鱼号", "dayuhao"},
	inventory.Souhuhao:    {"搜狐号", "搜狐", "搜狐新闻", "souhuhao"},
	inventory.Pengpaihao:  {"澎湃号", "澎湃", "澎湃新闻", "澎湃政务号", "pengpaihao"},
	inventory.Zhihu:       {"知乎", "知乎号", "zhihu"},
	inventory.Xiaohongshu: {"小红书", "xiaohongshu"},
	inventory.Tieba:       {"百度贴吧", "贴吧", "tieba"},
	inventory.Other:       {"其他", "其它", "其他平台", "其他新媒体", "other"},
}

// platformLetters are the letters of platforms in 新媒体标识码, as notices show
// them or, for the last three, as they are expected.
var platformLetters = map[string]inventory.Platform{
	"XL": inventory.Weibo, "DY": inventory.Douyin, "XG": inventory.Xigua,
	"WX": inventory.Wechat, "TT": inventory.Toutiao, "KS": inventory.Kuaishou,
}

// platformName is what an export calls a platform: the name that its first users
// see, the national system's where it has one.
var platformNames = map[inventory.Platform]string{
	inventory.Weibo: "新浪微博", inventory.Wechat: "微信公众号", inventory.Channels: "微信视频号", inventory.Douyin: "抖音短视频", inventory.Kuaishou: "快手短视频", inventory.App: "移动客户端",
}

// platformName names a platform.
func platformName(p inventory.Platform) string {
	if name, ok := platformNames[p]; ok {
		return name
	}
	if words := platformWords[p]; len(words) > 0 {
		return words[0]
	}
	return string(p)
}

// accountStates name registered states of accounts.
var accountStates = map[inventory.AccountState][]string{
	inventory.StatePending:   {"待备案", "未备案", "备案中", "待审核", "审核中"},
	inventory.StateNormal:    {"正常", "正常运行", "运行中", "已备案", "在用", "启用", "运行", "正常更新", "已开通", "开通"},
	inventory.StateChanging:  {"变更中", "变更", "名称变更中"},
	inventory.StateMoved:     {"迁移", "已迁移", "迁移中"},
	inventory.StateFrozen:    {"冻结", "冻结期", "冻结中", "已冻结", "封禁"},
	inventory.StatePaused:    {"临时停更(报备)", "临时停更", "停更(报备)", "停更报备", "暂停更新", "停更"},
	inventory.StateClosing:   {"已发关停公告", "关停公告", "公告期", "关停公告期", "拟关停", "已公告关停"},
	inventory.StateCancelled: {"注销", "已注销", "注销中"},
	inventory.StateOffline:   {"永久下线", "删除", "已删除", "关停", "已关停", "下线", "已下线", "永久关停"},
}

// siteStates say whether a site runs: "" it does, "closed" it is gone, "paused"
// it will be back.
var siteStates = map[string][]string{
	"":       {"正常", "运行中", "正常运行", "运行", "在线", "已开通", "在用", "正常更新", "正常访问"},
	"paused": {"例行维护", "维护中", "临时下线", "整改中", "改版中", "临时关停", "暂停服务", "升级中", "冻结", "变更中", "新开办", "待上线"},
	"closed": {"关停", "已关停", "永久下线", "已下线", "下线", "注销", "已注销", "关闭", "已关闭", "永久关停", "删除", "迁移", "已迁移", "已撤销"},
}

// siteTypes name kinds of carriers.
var siteTypes = map[string][]string{
	"portal":   {"政府门户网站", "门户网站", "门户", "市政府门户网站", "县政府门户网站", "区政府门户网站", "县区政府门户网站", "县级政府门户网站", "市级政府门户网站", "县级门户", "市级门户", "政府门户", "县(区)政府门户网站", "市(县)政府门户网站"},
	"site":     {"部门网站", "部门", "政府部门网站", "市直部门网站", "市级部门网站", "其他网站", "专题网站", "专项网站", "业务网站", "普通网站", "网站", "其他", "垂直管理部门网站", "事业单位网站"},
	"platform": {"政府信息公开平台", "信息公开平台", "公开平台", "disclosure-platform", "政务公开平台", "信息公开专栏"},
	"carrier":  {"其他载体", "载体", "平台", "carrier", "政务服务平台", "专题专栏"},
}

// siteTypeName is what an export calls a carrier.
func siteTypeName(c inventory.Carrier) string {
	switch {
	case c.Kind == inventory.DisclosurePlatform:
		return siteTypes["platform"][0]
	case c.Kind != inventory.Site:
		return siteTypes["carrier"][0]
	case c.Portal:
		return siteTypes["portal"][0]
	}
	return siteTypes["site"][0]
}

// unitLevels name levels of units.
var unitLevels = map[inventory.Level][]string{
	inventory.LevelCity:       {"市", "市级", "地市级", "市政府", "市人民政府", "city"},
	inventory.LevelDepartment: {"市直单位", "市直部门", "部门", "市直", "市级部门", "市政府部门", "委办局", "县直部门", "直属单位", "事业单位", "乡镇", "街道", "department"},
	inventory.LevelCounty:     {"县区", "县(区)", "县", "区", "县级", "区县", "县(市、区)", "县市区", "区级", "county"},
}

// classWords name classes besides their own names.
var classWords = map[inventory.Class][]string{
	inventory.ClassNews:       {"动态", "要闻", "动态类", "动态要闻类", "工作动态", "新闻", "新闻动态"},
	inventory.ClassNotice:     {"通知", "公告", "通知公告类", "公告公示", "公示公告"},
	inventory.ClassPolicy:     {"政策", "文件", "政策文件类", "规范性文件", "政策法规"},
	inventory.ClassInterpret:  {"解读", "政策解读类", "解读回应"},
	inventory.ClassPersonnel:  {"人事信息", "人事任免", "人事类"},
	inventory.ClassPlan:       {"规划", "计划", "规划计划类"},
	inventory.ClassMeeting:    {"会议信息", "会议公开", "重大会议"},
	inventory.ClassProposals:  {"建议提案办理", "提案建议", "人大代表建议政协提案"},
	inventory.ClassLeaders:    {"领导", "领导活动", "领导之窗"},
	inventory.ClassBudget:     {"财政", "财政预决算", "预决算", "财政资金"},
	inventory.ClassStatistics: {"数据", "统计数据", "统计信息", "数据开放"},
	inventory.ClassKeyArea:    {"重点领域信息公开", "重点领域公开"},
	inventory.ClassOther:      {"其它", "其他类"},
}

// oftenWords are frequencies; the key is what they come to, in days, and 0 is 按需.
var oftenWords = map[int][]string{
	0:   {"按需更新", "按需", "不定期", "不定期更新", "有更新时", "按需公开", "有内容及时更新", "适时更新"},
	1:   {"每日", "每天", "日更", "实时", "实时更新", "及时", "及时更新", "随时", "随时更新", "1天", "1日", "每日更新", "1个工作日", "每个工作日"},
	7:   {"每周", "1周", "一周", "7天", "周更", "每周更新", "5个工作日", "7个工作日", "1周内"},
	14:  {"两周", "2周", "双周", "每两周", "半月", "半个月", "15天", "10天", "10个工作日", "14天", "2周内", "15个工作日", "20个工作日"},
	31:  {"每月", "月", "1个月", "一个月", "月度", "30天", "每月更新", "1个月内", "按月"},
	62:  {"两个月", "2个月", "双月", "每两个月", "2个月内", "60天"},
	92:  {"每季度", "季度", "季", "3个月", "三个月", "一季度", "每季", "按季度", "90天", "3个月内"},
	183: {"半年", "每半年", "6个月", "六个月", "6个月内", "半年度", "180天"},
	366: {"每年", "年度", "年", "一年", "1年", "12个月", "按年", "每年更新", "1年内", "长期", "长期公开"},
}

// yesWords and noWords are truths.
var (
	yesWords = []string{"是", "√", "y", "yes", "true", "1", "开启", "已开启", "开", "有", "对", "v"}
	noWords  = []string{"否", "×", "n", "no", "false", "0", "关闭", "未开启", "未开", "无", "不", "x", "-"}
)

// lookup finds the key whose words hold a word.
func lookup[K comparable](table map[K][]string, word string) (key K, ok bool) {
	word = strings.ToLower(compact(word))
	for k, words := range table {
		if slices.Contains(words, word) {
			return k, true
		}
	}
	return key, false
}

// allWords lists every word of a table, sorted.
func allWords[K comparable](table map[K][]string) []string {
	var all []string
	for _, words := range table {
		all = append(all, words...)
	}
	slices.Sort(all)
	return all
}
