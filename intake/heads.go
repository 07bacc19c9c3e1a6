package intake

// A field is what a column of a list holds.
type field string

// The fields.
const (
	fID         field = "id"
	fCode       field = "code"
	fName       field = "name"
	fFull       field = "full_name"
	fAliases    field = "aliases"
	fUnit       field = "unit"
	fUnitCode   field = "unit_code"
	fSuperior   field = "superior"
	fSupervisor field = "supervisor"
	fDistrict   field = "district"
	fLevel      field = "level"
	fFrom       field = "from"
	fTo         field = "to"
	fHome       field = "home"
	fType       field = "type"
	fState      field = "state"
	fSince      field = "since"
	fCMS        field = "cms"
	fHosts      field = "hosts"
	fSite       field = "site"
	fSiteCode   field = "site_code"
	fLevel1     field = "level1"
	fLevel2     field = "level2"
	fLevel3     field = "level3"
	fURL        field = "url"
	fClass      field = "class"
	fOften      field = "often"
	fOnDemand   field = "on_demand"
	fCounts     field = "counts_to"
	fPlatform   field = "platform"
	fPlatName   field = "platform_name"
	fWechat     field = "wechat_id"
	fUID        field = "uid"
	fOwner      field = "owner"
	fFeed       field = "feed"
	fAlbum      field = "album"
	fMonitor    field = "monitor"
	fArea       field = "area"
	fIgnored    field = "ignored" // known, and not read
)

// A headed column is one that lists of a kind may have. The first of its names is
// what an export calls it; one without a name in exports has "" there.
type headed struct {
	field field
	names []string
}

// heads are the columns of each kind by all names that lists were seen to call
// them by, spelt as [headText] leaves them; it is never written to.
var heads = map[Kind][]headed{
	Units: {
		{fID, []string{"单位编号", "编号", "简称", "单位简称", "单位id", "id", "拼音简称", "英文简称"}},
		{fName, []string{"单位名称", "通报用名", "名称", "单位", "部门名称", "部门", "机构名称", "填报单位", "单位名"}},
		{fFull, []string{"单位全称", "全称", "机构全称", "规范名称", "法定名称"}},
		{fAliases, []string{"别名", "曾用名", "其他名称", "原名称"}},
		{fSuperior, []string{"上级单位", "主管单位", "上级主管单位", "上级部门", "主管部门", "所属地区单位"}},
		{fDistrict, []string{"行政区划代码", "区划代码", "地区代码", "行政区划", "区划编码"}},
		{fLevel, []string{"单位级别", "级别", "层级", "单位层级", "单位类型", "单位类别", "行政级别"}},
		{fFrom, []string{"启用日期", "名称启用日期", "成立日期"}},
		{fTo, []string{"停用日期", "名称停用日期", "撤销日期"}},
	},
	Sites: {
		{fCode, []string{"网站标识码", "标识码", "网站编码", "政府网站标识码", "网站标识", "站点标识码", "政府网站识别码", "网站识别码", "网站代码", "标识编码"}},
		{fName, []string{"网站名称", "名称", "站点名称", "网站全称", "政府网站名称", "站名", "网站"}},
		{fHome, []string{"首页网址", "首页地址", "网址", "首页url", "网站首页", "网站首页网址", "网站首页地址", "网站地址", "网站网址", "域名", "网站域名", "主页地址", "首页链接", "url"}},
		{fUnit, []string{"主办单位", "填报单位", "主办单位名称", "填报单位名称", "网站主办单位", "主办部门", "单位名称", "单位", "开办单位", "承办主体"}},
		{fSupervisor, []string{"主管单位", "主管单位名称", "网站主管单位", "上级主管单位", "主管部门"}},
		{fType, []string{"网站类型", "类型", "网站类别", "类别", "站点类型", "网站性质"}},
		{fState, []string{"运行状态", "网站状态", "状态", "网站运行状态", "当前状态"}},
		{fCMS, []string{"建站系统", "cms", "内容管理系统", "网站系统", "建站平台", "采集模板"}},
		{fHosts, []string{"其他域名", "其它域名", "二级域名", "附属域名", "其他网址域名"}},
		{fID, []string{"网站编号", "编号", "网站简称", "简称", "网站id", "站点编号"}},
	},
	Columns: {
		{fSiteCode, []string{"网站标识码", "标识码", "网站编码", "政府网站标识码", "所属网站标识码", "站点标识码"}},
		{fSite, []string{"网站名称", "所属网站", "网站", "站点名称", "所在网站", "所属站点", "网站简称", "载体", "所在平台"}},
		{fName, []string{"栏目名称", "栏目", "栏目路径", "栏目全称", "频道名称", "栏目名", "栏目位置", "信息栏目"}},
		{fLevel1, []string{"一级栏目", "一级栏目名称", "1级栏目", "一级目录", "一级频道"}},
		{fLevel2, []string{"二级栏目", "二级栏目名称", "2级栏目", "二级目录", "二级频道", "子栏目"}},
		{fLevel3, []string{"三级栏目", "三级栏目名称", "3级栏目", "三级目录", "三级频道"}},
		{fURL, []string{"栏目地址", "栏目网址", "栏目链接", "栏目url", "url", "地址", "网址", "链接", "链接地址", "网页地址", "列表页地址", "列表地址", "url地址", "栏目链接地址"}},
		{fUnit, []string{"责任单位", "责任部门", "内容保障单位", "保障单位", "维护单位", "主办单位", "更新单位", "承办单位", "供稿单位", "信息保障单位", "单位", "单位名称", "栏目责任单位", "发布单位"}},
		{fClass, []string{"栏目类别", "栏目分类", "类别", "栏目类型", "类型", "分类", "信息类别"}},
		{fOften, []string{"更新频率", "更新周期", "更新时限", "更新要求", "更新频次", "更新频度", "频率", "保障要求"}},
		{fOnDemand, []string{"按需更新", "是否按需更新"}},
		{fCounts, []string{"计入网站", "计入"}},
		{fID, []string{"栏目编号", "编号", "栏目id", "栏目简称"}},
	},
	Accounts: {
		{fUnitCode, []string{"填报单位标识码", "单位标识码", "填报单位编码", "主办单位标识码", "填报单位代码"}},
		{fUnit, []string{"主办单位", "填报单位", "填报单位名称", "主办单位名称", "单位名称", "开办单位", "运营单位", "所属单位", "单位"}},
		{fSupervisor, []string{"主管单位", "主管单位名称", "主管部门"}},
		{fPlatform, []string{"账号类型", "平台", "平台类型", "新媒体类型", "所属平台", "账号平台", "媒体类型", "平台名称", "新媒体平台", "类型", "开设平台", "渠道"}},
		{fPlatName, []string{"账号类型名称", "类型名称", "新媒体类型名称", "账号子类型"}},
		{fCode, []string{"新媒体标识码", "政务新媒体标识码", "账号标识码", "新媒体编码", "新媒体识别码", "标识码", "账号编码"}},
		{fWechat, []string{"微信号id", "微信号", "微信id", "公众号id", "微信原始id"}},
		{fUID, []string{"唯一标识", "账号唯一标识", "uid", "用户id", "账号id", "平台id", "平台唯一标识", "平台账号id"}},
		{fState, []string{"账号状态", "状态", "运行状态", "备案状态", "新媒体状态"}},
		{fSince, []string{"状态日期", "状态变更日期", "状态时间", "状态变更时间"}},
		{fHome, []string{"主页地址", "主页链接", "主页网址", "账号主页", "账号链接", "链接", "链接地址", "地址", "网址", "账号地址", "账号主页地址"}},
		{fName, []string{"账号名称", "新媒体名称", "政务新媒体名称", "名称", "账号", "昵称", "账号昵称", "注册名称"}},
		{fOwner, []string{"账号主体", "认证主体", "主体", "账号主体名称", "注册主体", "主体名称"}},
		{fFeed, []string{"订阅地址", "订阅源", "rss", "feed"}},
		{fAlbum, []string{"合集", "合集id", "文章合集"}},
		{fMonitor, []string{"是否开启监测", "是否监测", "开启监测", "监测"}},
		{fArea, []string{"地区", "所在地区", "行政区划", "所属地区", "区域"}},
	},
}

// exportsNot are columns that an export leaves out: what it says stands in
// others, or nowhere in the configuration.
var exportsNot = map[Kind][]field{
	Columns:  {fLevel1, fLevel2, fLevel3, fOnDemand},
	Sites:    {},
	Accounts: {fPlatName, fMonitor, fArea, fWechat},
}

// ignored are columns of any kind that say nothing to us.
var ignored = []string{
	"序号", "序", "备注", "说明", "no", "no.", "编制人", "联系人", "联系电话", "电话", "手机", "邮箱", "责任科室", "科室", "责任人", "负责人", "分管领导", "信息员",
	"填报人", "审核人", "填报时间", "更新时间", "最近更新时间", "开通时间", "开设时间", "创建时间", "备案时间", "粉丝数", "关注数", "用户数", "icp备案号", "公安备案号", "网安备案号", "ip地址", "是否适老化",
	"办公地址", "邮政编码", "责任处室", "内设机构", "审批人", "录入时间", "操作", "认证情况", "是否认证",
}

// needed are the columns without which a list of a kind is none: of each row of
// the table, one must be there.
var needed = map[Kind][][]field{
	Units:    {{fName}},
	Sites:    {{fCode}, {fName}, {fHome}},
	Columns:  {{fSite, fSiteCode, fURL}, {fName, fLevel1}, {fURL}},
	Accounts: {{fCode}, {fName}},
}

// telling are the columns by which a kind is told from the others: lists of other
// kinds do not have them.
var telling = map[Kind][]string{
	Units:    {"通报用名", "单位全称", "全称", "单位级别", "级别", "层级", "上级单位", "行政区划代码", "区划代码", "单位简称", "单位编号", "曾用名"},
	Sites:    {"首页网址", "首页地址", "网站首页", "网站首页网址", "网站首页地址", "网站地址", "网站网址", "网站域名", "域名", "网站类型", "网站状态", "建站系统", "网站标识码", "政府网站标识码", "网站编码"},
	Columns:  {"栏目名称", "栏目", "一级栏目", "二级栏目", "栏目地址", "栏目网址", "栏目链接", "栏目url", "栏目类别", "更新频率", "更新周期", "栏目编号", "栏目路径", "频道名称"},
	Accounts: {"新媒体标识码", "政务新媒体标识码", "账号标识码", "账号类型", "账号类型名称", "账号名称", "账号主体", "账号状态", "唯一标识", "新媒体名称", "政务新媒体名称", "微信号id", "新媒体类型", "主页地址", "填报单位标识码", "平台", "所属平台", "平台类型", "账号", "昵称", "账号主页"},
}
