package inventory

// Platform is where an account posts, in the letters configuration and the
// contract use.
type Platform string

// The platforms. The list is closed: a misspelt platform would have no rule.
// What is known of each beside its name is data, see [PlatformProfile].
const (
	Weibo     Platform = "weibo"
	Wechat    Platform = "wechat"
	Channels  Platform = "channels" // 视频号
	Douyin    Platform = "douyin"
	Xigua     Platform = "xigua"
	Toutiao   Platform = "toutiao"
	Kuaishou  Platform = "kuaishou"
	Bilibili  Platform = "bilibili"
	Baijiahao Platform = "baijiahao"
	Renminhao Platform = "renminhao"
	Xuexi     Platform = "xuexi" // 学习强国
	App       Platform = "app"   // 移动客户端
	MiniApp   Platform = "miniapp"

	Weishi      Platform = "weishi"      // 腾讯微视
	Qiehao      Platform = "qiehao"      // 企鹅号
	Nanfanghao  Platform = "nanfanghao"  // 南方号
	Yidianhao   Platform = "yidianhao"   // 一点号
	Wangyihao   Platform = "wangyihao"   // 网易号
	Dayuhao     Platform = "dayuhao"     // 大鱼号
	Souhuhao    Platform = "souhuhao"    // 搜狐号
	Pengpaihao  Platform = "pengpaihao"  // 澎湃号
	Zhihu       Platform = "zhihu"       // 知乎
	Xiaohongshu Platform = "xiaohongshu" // 小红书
	Tieba       Platform = "tieba"       // 百度贴吧
	Other       Platform = "other"       // 其他
)

// AccountState is an account's registered state.
type AccountState string

// The states of the national registration system.
const (
	StatePending   AccountState = "待备案"
	StateNormal    AccountState = "正常"
	StateChanging  AccountState = "变更中"
	StateMoved     AccountState = "迁移"
	StateFrozen    AccountState = "冻结"
	StatePaused    AccountState = "临时停更（报备）"
	StateClosing   AccountState = "已发关停公告"
	StateCancelled AccountState = "注销"
	StateOffline   AccountState = "永久下线"
)

// Platforms returns every platform, in the order in which lists show them.
func Platforms() []Platform {
	return []Platform{
		Weibo, Wechat, Channels, Douyin, Xigua, Toutiao, Kuaishou, Bilibili, Baijiahao, Renminhao, Xuexi, App, MiniApp,
		Weishi, Qiehao, Nanfanghao, Yidianhao, Wangyihao, Dayuhao, Souhuhao, Pengpaihao, Zhihu, Xiaohongshu, Tieba, Other,
	}
}

// accountStates returns every registered state.
func accountStates() []AccountState {
	return []AccountState{
		StatePending, StateNormal, StateChanging, StateMoved, StateFrozen, StatePaused, StateClosing, StateCancelled, StateOffline,
	}
}
