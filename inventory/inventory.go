// Package inventory turns a folder of configuration into what is watched:
// units, the carriers their columns live on, mandated sections, accounts, and
// the registers of findings made by other bodies.
//
// A city is read whole or not at all: every mistake in every file is reported
// at once, with file, line and column and what to do. What is read keeps its
// bytes, because a round keeps the configuration it was made with and is judged
// by it for ever; [Parse] gives the same city from the same files.
//
// Of an account it is known by what its platform calls it, in which registered
// state it is from which day on, and in which sources its posts are seen, the
// strongest first: a [PlatformProfile] says where a guest is shown what, and a
// [Submission] is what its unit handed in where a guest sees nothing. An address
// is never made with a uid that cannot be the platform's: it would be somebody
// else's.
//
// Recipes are tested: a [Sample] is a page once seen with the reading it must
// give for ever, and is no part of a city. A recipe that is accepted is written
// into its column's file line by line, so that whatever a person wrote around it
// stays. A [Dictionary] knows what columns of a class are called; it proposes and
// never judges.
//
// Nothing here is a fact about what a column published. It says where to look,
// who answers, and how to read.
package inventory

import (
	"net/netip"
	"time"

	"xuncha/extract"
	"xuncha/internal/workday"
)

// A City is one office's inventory, validated.
type City struct {
	// Name is the city's, 阳泉市; Office the body that issues its notices.
	Name   string
	Office string

	// Simulated marks an inventory with invented parts. Everything made from it
	// says so, and a final notice is refused.
	Simulated bool

	// RuleSet names the rule set, a file stem in rulesets/.
	RuleSet string

	Units     []Unit    // in order of their file
	Carriers  []Carrier // by ID
	Accounts  []Account // in order of their file
	Registers []Entry   // findings of other bodies

	// Submissions are what units handed in about their accounts, in order of
	// their file, and Platforms what is known of the platforms, in the order of
	// [Platforms].
	Submissions []Submission
	Platforms   []PlatformProfile

	Crawl    Crawl
	Report   Report
	Proof    Proof
	People   People
	Messages Messages

	// Calendar is the city's own years of working days, nil for none; see
	// [City.Workdays].
	Calendar *workday.Calendar

	// Schedule is what the daemon does by itself, and when.
	Schedule Schedule

	// Book holds the CMS profiles that are recognised by their signs. What has
	// neither a recipe nor a CMS is read with it.
	Book *extract.Book

	// Files are the bytes the city was made from, sorted by name, and Digest
	// their SHA-256 in hexadecimal.
	Files  []File
	Digest string

	// Unconfirmed lists what nobody could confirm.
	Unconfirmed []Unsure
}

// A File is one configuration file: a slash-separated name below the city's
// folder ("sites/fgw.yaml", "cms/trs.yaml") and its bytes.
type File struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// A Profile is the recipes that all carriers on one CMS share.
type Profile struct {
	ID   string // file stem: "trs"
	Name string
	List extract.Recipe
	Home extract.Recipe

	// Lists are all forms of its list pages, in the order in which they are
	// tried; List is the first, and what carriers inherit.
	Lists []extract.Recipe
}

// A Unit is a body that answers for columns and accounts.
type Unit struct {
	ID       string   // short, stable: "fgw"
	Name     string   // 通报用名, the name used in notices: 市发展和改革委员会
	FullName string   // 全称: 阳泉市发展和改革委员会
	Aliases  []string // former and other names
	Superior string   // ID of the unit above, or ""
	District string   // six-digit area code
	Level    Level

	// From and To bound the days on which the name is valid; zero is open.
	From, To time.Time
}

// Level is where a unit stands.
type Level string

// The levels.
const (
	LevelCity       Level = "city"       // 市
	LevelDepartment Level = "department" // 市直单位
	LevelCounty     Level = "county"     // 县（区）
)

// A Carrier is where columns live: a site, or a platform that is no site.
type Carrier struct {
	ID   string // file stem: "fgw"
	Kind CarrierKind
	Unit string // ID of the unit that runs it
	Name string
	Code string // 网站标识码; "" for a platform or where unknown
	Home string // absolute URL
	CMS  string // profile name, or ""

	// Portal marks a 政府门户网站.
	Portal bool

	// Hosts are further hosts that belong to it, besides the home page's.
	Hosts []string

	// HomeRecipe reads the dated items of the home page. Navigation marks a home
	// page that shows none: its columns are looked at instead (V3).
	HomeRecipe extract.Recipe
	HomeMethod string // "recipe" or "cms:trs"
	Navigation bool

	// RobotsOverride, if set, names the authority under which robots.txt of
	// this carrier is not followed. It is recorded with every page.
	RobotsOverride string

	Columns  []Column
	Sections []Section

	// Directories are the pages of single units on a disclosure platform.
	Directories []Directory
}

// A Directory is where a unit's part of a disclosure platform begins.
type Directory struct {
	Unit string // ID
	URL  string // absolute
}

// CarrierKind tells a site from a platform.
type CarrierKind string

// The kinds. Only a site is counted in 普查范围.
const (
	Site               CarrierKind = "site"
	DisclosurePlatform CarrierKind = "disclosure-platform"
	OtherCarrier       CarrierKind = "carrier"
)

// A Column is a list that must stay fresh.
type Column struct {
	ID       string // "fgw/tzgg"
	Unit     string // ID of the unit that answers
	Carrier  string // ID of where it is
	CountsTo string // ID of the site whose veto it enters, or ""
	Name     string // path: 工作动态--通知公告公示
	Class    Class
	URLs     []string // first page of each of its lists, absolute

	// OnDemand marks 按需更新: nothing to publish is possible.
	OnDemand bool

	Recipe extract.Recipe // with the CMS profile's fields filled in
	Method string         // "recipe" or "cms:trs"
}

// Class is a column's class. Rule sets speak of classes.
type Class string

// The classes, as the trade names them.
const (
	ClassNews       Class = "动态要闻"
	ClassNotice     Class = "通知公告"
	ClassPolicy     Class = "政策文件"
	ClassInterpret  Class = "政策解读"
	ClassPersonnel  Class = "人事"
	ClassPlan       Class = "规划计划"
	ClassMeeting    Class = "会议"
	ClassProposals  Class = "建议提案"
	ClassLeaders    Class = "领导信息"
	ClassBudget     Class = "财政信息"
	ClassStatistics Class = "数据发布"
	ClassKeyArea    Class = "重点领域"
	ClassOther      Class = "其他"
)

// Classes returns every class, in the order in which lists show them.
func Classes() []Class {
	return []Class{
		ClassNews, ClassNotice, ClassPolicy, ClassInterpret, ClassPersonnel, ClassPlan, ClassMeeting,
		ClassProposals, ClassLeaders, ClassBudget, ClassStatistics, ClassKeyArea, ClassOther,
	}
}

// A Section is something a unit must have: 应设栏目.
type Section struct {
	ID      string // "pd/zdhy"
	Unit    string
	Carrier string
	Spec    extract.SectionSpec
	Search  []string // pages to search, absolute, in order; the home page first, those of disclosure platforms last
	Recipe  extract.Recipe
	Method  string
}

// An Account is a 政务新媒体账号.
type Account struct {
	Code       string // 新媒体标识码, 140300M019XL0001
	Platform   Platform
	Name       string // as registered
	Unit       string // 主办单位
	Supervisor string // 主管单位, "" where it is the same

	// UID is the 唯一标识, what the platform itself calls the account by, and
	// Owner its registered 账号主体; "" where nobody knows it.
	UID   string
	Owner string

	// States are its registered states, each from a day on, in order of time.
	// The first may have no day: it holds since ever. There is always one.
	States []AccountSpell

	Home string // its public page, or ""
	Feed string // address of a feed of its posts, or ""

	// FeedWhole says that somebody answers for the feed to leave nothing out.
	FeedWhole bool

	// Album names the collection of its articles on platforms that show no more
	// to a guest, "" if there is none.
	Album string

	// Kinds are the kinds of sources that its file limits it to, in the order in
	// which they are asked; none for all, the strongest first.
	Kinds []extract.SourceKind

	// Sources are the ways to see its posts, in the order in which they are asked,
	// filled in from its platform's, its own and what was handed in.
	Sources []extract.PostSource
}

// An AccountSpell is a registered state from a day on.
type AccountSpell struct {
	State AccountState
	From  time.Time // a Beijing day; zero is since ever
}

// StateOn returns the registered state on a Beijing day, and the first day of
// it, zero if that is not known.
func (a Account) StateOn(day time.Time) (AccountState, time.Time) {
	on := AccountSpell{State: StateNormal}
	for i, s := range a.States {
		if i == 0 || !s.From.After(day) {
			on = s
		}
	}
	return on.State, on.From
}

// ID returns the subject's ID, "account:" and the code.
func (a Account) ID() string { return "account:" + a.Code }

// A Submission is what a unit handed in about one of its accounts, where a guest
// sees nothing: a link to a post, an export, or a person's word with a picture.
// None accuses. What is no link clears nothing until the office has checked it.
type Submission struct {
	Account string    // 新媒体标识码
	By      string    // who says it
	Date    time.Time // on which day; a Beijing day

	// Link is the address of the latest post. It is opened and read. Where an
	// export of the account's back office was handed in, Export is its file, and
	// Link is that of its newest item.
	Link   string
	Export string

	// Posted is the day of the latest post by that word, and Works whether a
	// 移动客户端 or 小程序 can be got and opened; nil where it is not about that.
	Posted time.Time
	Works  *bool

	// Picture is the screenshot's file and SHA256 its digest; "" if there is none.
	Picture string
	SHA256  string

	// CheckedBy and CheckedOn say who of the office checked it, and on which
	// Beijing day; zero while nobody has.
	CheckedBy string
	CheckedOn time.Time
}

// Checked reports whether the office has checked it by a moment.
func (s Submission) Checked(by time.Time) bool {
	return s.CheckedBy != "" && !s.CheckedOn.IsZero() && !s.CheckedOn.After(by)
}

// An Entry is a finding made by another body and taken over from a register,
// 上级通报 and the like.
type Entry struct {
	Subject   string    // subject ID: a site, a column or an account
	Indicator string    // ID in the rule set
	Source    string    // 问题来源: 上级通报, 人工核查, 网民反映
	Body      string    // who found it: 省政府办公厅
	Date      time.Time // of its notice or letter; a Beijing day
	Text      string    // as that body worded it
	Inferred  bool      // the verdict is inferred, not printed by that body

	// Period is the quarter whose state it speaks of, 2023Q3; "" leaves that to Date.
	Period string `json:",omitempty"`
}

// Crawl is how the city wants to be crawled.
type Crawl struct {
	UserAgent    string
	Delay        time.Duration // between requests to one host
	Jitter       time.Duration // added to Delay, at most
	Workers      int           // hosts at a time
	Proxy        string        // URL, or ""
	ExtraCA      []byte        // PEM, or nil
	AllowPrivate []netip.Prefix

	// Browser is [BrowserAuto], [BrowserOff] or the path of a Chromium. Sandbox
	// says that it shows no page where it cannot have its sandbox.
	Browser string
	Sandbox bool
}

// What a city may say of its browser, besides a path.
const (
	BrowserAuto = "auto" // the one that is installed, if there is one
	BrowserOff  = "off"
)

// Proof is what the city wants on the sheets that go to units with the evidence.
type Proof struct {
	// Objection says how a unit objects, "" for no more than that it may.
	Objection string

	// Mask lists phrases that are not to stand there.
	Mask []string
}

// People says who decides about findings, and by when units answer.
type People struct {
	// Alone lets one person do what takes two: confirm a veto, exempt, clear.
	Alone bool

	// Working days in which a unit answers a 核实单, and in which its 整改报告 is
	// due; 0 where the city does not say.
	AnswerDays, ReportDays int

	// List are those who may act, none for anybody.
	List []Official
}

// An Official is a person of the office and what the person acts as.
type Official struct {
	Name  string
	Roles []OfficialRole
}

// An OfficialRole is what a person of the office acts as.
type OfficialRole string

// The roles of an office.
const (
	RoleHandler  OfficialRole = "经办"
	RoleReviewer OfficialRole = "审核"
	RoleSigner   OfficialRole = "签发"
)

// Report is how the city wants its notices: data, because every city differs.
type Report struct {
	// Decimals of a pass rate.
	Decimals int

	// Template names the template of its notice, a file stem in templates/; ""
	// where it names none.
	Template string

	// Attachments in the order they are printed.
	Attachments []Attachment
}

// An Attachment is one table of the notice.
type Attachment struct {
	Name  string // "1": attachment-1.csv
	Title string // with {year} and {quarter} filled in from the period
	Table Table

	// Indicator is the ID of the indicator whose failures the table lists.
	// Tables of accounts have none: they list every failed account.
	Indicator string

	// Order lists unit IDs as the table prints them; units not named follow in
	// order of units.yaml.
	Order []string

	// DateStyle is a Go layout: "2006年1月2日", "2006-01-02".
	DateStyle string
}

// Table is the form of an attachment.
type Table string

// The forms.
const (
	TableAccounts Table = "accounts" // 序号, 单位名称, 政务新媒体名称, 新媒体标识码, 不合格原因
	TableYear     Table = "year"     // 序号, 单位, <year>年更新情况, 最近更新时间; all units, not only those that fail
	TableColumns  Table = "columns"  // 序号, 单位, 栏目名称, 最近更新时间

	TableSites       Table = "sites"        // 序号, 单位名称, 网站名称, 网站标识码, 不合格原因
	TableAllSites    Table = "all-sites"    // 序号, 单位名称, 网站名称, 网站标识码, 检查结果, 存在问题; also those that pass
	TableAllAccounts Table = "all-accounts" // 序号, 单位名称, 政务新媒体名称, 新媒体标识码, 最近更新时间, 检查结果, 存在问题
	TablePlatforms   Table = "platforms"    // 序号, 平台, 账号总数, 抽查数, 抽查比例, 不合格数, 合格率
)
