package inventory

// Platform is where an account posts, in the letters configuration and the
// contract use.
type Platform string

// The platforms. Configuration may name others: they are kept as written.
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
