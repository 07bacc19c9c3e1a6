package inventory

import (
	"net/netip"
	"time"

	"xuncha/extract"
)

// The forms are configuration files as they are written. They are the one
// description of what a file may hold: the strict decoder and the JSON Schema
// both follow their types and tags, by reflection.
//
//	yaml   the key; an embedded struct lends its keys, which yield to the form's own
//	need   "yes": must be given; "confirmed": must be, unless the mapping says confirmed: false
//	like   the name of a pattern, see patternOf
//	range  least and greatest value of a number
//	doc    one line for editors
//
// Any mapping may also hold "confirmed".

type cityForm struct {
	Name      string        `yaml:"name" need:"yes" doc:"the city, 阳泉市"`
	Office    string        `yaml:"office" need:"yes" doc:"the body that issues the notices"`
	Simulated bool          `yaml:"simulated" doc:"true: everything made from it bears 「模拟数据，非正式通报」"`
	RuleSet   string        `yaml:"rule_set" need:"yes" like:"stem" doc:"a file of rulesets/, without .yaml"`
	Crawl     crawlForm     `yaml:"crawl" need:"yes" doc:"how the city is crawled"`
	Sections  []sectionForm `yaml:"sections" doc:"应设栏目"`
	Report    reportForm    `yaml:"report" doc:"how notices look"`
	Proof     proofForm     `yaml:"proof" doc:"what the sheets say that go to units with the evidence"`
	People    peopleForm    `yaml:"people" doc:"who decides about findings, and by when units answer"`
	Messages  messagesForm  `yaml:"messages" doc:"who is told what after a night"`

	Schedule scheduleForm `yaml:"schedule" doc:"what the daemon does by itself, and when"`

	RSSHub    string                         `yaml:"rsshub" doc:"address of the city's own RSSHub"`
	Platforms map[Platform]*cityPlatformForm `yaml:"platforms" doc:"how single platforms are asked, where not as platforms/ID.yaml says"`
}

type proofForm struct {
	Objection string   `yaml:"objection" doc:"how a unit objects: to whom, in what way, within how many days"`
	Mask      []string `yaml:"mask" doc:"wrong phrases that are not to stand in a sheet"`
}

type peopleForm struct {
	Alone      bool           `yaml:"alone" doc:"true: one person may confirm a veto, exempt and clear; default two"`
	AnswerDays int            `yaml:"answer_days" range:"1 30" doc:"working days in which a unit answers a 核实单; default 2"`
	ReportDays int            `yaml:"report_days" range:"1 90" doc:"working days after 交办 in which the 整改报告 is due; default none, each 交办 says its day"`
	List       []officialForm `yaml:"list" doc:"who may act, and as what; default anybody"`
}

type officialForm struct {
	Name  string         `yaml:"name" need:"yes" doc:"the person's name"`
	Roles []OfficialRole `yaml:"roles" need:"yes" doc:"what the person acts as"`
}

type messagesForm struct {
	Console  string        `yaml:"console" like:"console" doc:"address of the console as people reach it; messages link to it"`
	Quiet    string        `yaml:"quiet" like:"hours" doc:"hours of a day in which nothing is delivered, Beijing time: 22:00-07:00; default none"`
	Channels []channelForm `yaml:"channels" doc:"the recipients"`
}

type channelForm struct {
	Name      string      `yaml:"name" need:"yes" doc:"what people call the channel"`
	Kind      ChannelKind `yaml:"kind" need:"yes" doc:"how messages go"`
	Address   string      `yaml:"address" need:"yes" like:"secret" doc:"where the address is found: env:NAME or file:/path"`
	Secret    string      `yaml:"secret" like:"secret" doc:"where the key is found that messages are signed with"`
	Units     []string    `yaml:"units" doc:"units, with those below, that it is told about; default all"`
	About     []Topic     `yaml:"about" doc:"what it is told; default all, of a channel with units warnings and findings"`
	PerMinute int         `yaml:"per_minute" range:"1 600" doc:"messages at most; default 15"`
	Lang      string      `yaml:"lang" like:"lang" doc:"zh or en; default zh"`
}

type crawlForm struct {
	UserAgent    string         `yaml:"user_agent" need:"yes" doc:"who we are, with a contact: Xuncha/1.0 (+https://…)"`
	Delay        time.Duration  `yaml:"delay" doc:"between two requests to one host, 0s to 1m; default 1s"`
	Jitter       time.Duration  `yaml:"jitter" doc:"added to the delay, at most, 0s to 1m; default 500ms"`
	Workers      int            `yaml:"workers" range:"1 512" doc:"hosts at a time; default 16"`
	Proxy        string         `yaml:"proxy" doc:"URL of a proxy"`
	ExtraCA      string         `yaml:"extra_ca" doc:"a PEM file of this folder with further certificate authorities"`
	AllowPrivate []netip.Prefix `yaml:"allow_private" doc:"private networks that may be reached, as CIDR"`
	Browser      string         `yaml:"browser" like:"browser" doc:"auto, off, or the path of a Chromium; default auto"`
	Sandbox      bool           `yaml:"browser_sandbox" doc:"false: show pages as root too, without Chromium's sandbox; default true"`
}

type sectionForm struct {
	ID       string     `yaml:"id" need:"yes" like:"id" doc:"short and stable"`
	Name     string     `yaml:"name" need:"yes" doc:"重大会议信息"`
	Levels   []Level    `yaml:"levels" need:"yes" doc:"every portal of a unit of these levels must have it"`
	Synonyms []string   `yaml:"synonyms" doc:"other names it may bear"`
	Parts    []partForm `yaml:"parts" doc:"what it must hold"`
}

type partForm struct {
	Name     string   `yaml:"name" need:"yes" doc:"政府全体会议"`
	Synonyms []string `yaml:"synonyms" doc:"other names it may bear"`
}

type reportForm struct {
	Decimals    int              `yaml:"decimals" range:"0 4" doc:"of a pass rate; default 1"`
	Template    string           `yaml:"template" like:"stem" doc:"the template of the notice, templates/NAME.yaml"`
	Attachments []attachmentForm `yaml:"attachments" doc:"in the order printed"`
}

type attachmentForm struct {
	Name      string   `yaml:"name" need:"yes" like:"stem" doc:"1 becomes attachment-1.csv"`
	Table     Table    `yaml:"table" need:"yes" doc:"the form of the table"`
	Title     string   `yaml:"title" need:"yes" doc:"{year} and {quarter} are filled in"`
	Indicator string   `yaml:"indicator" doc:"ID of the indicator whose failures it lists"`
	Order     []string `yaml:"order" doc:"units in the order printed; others follow"`
	DateStyle string   `yaml:"date_style" doc:"a Go layout: 2006年1月2日; default 2006-01-02"`
}

type unitForm struct {
	ID       string    `yaml:"id" need:"yes" like:"id" doc:"short and stable"`
	Name     string    `yaml:"name" need:"yes" doc:"通报用名"`
	FullName string    `yaml:"full_name" doc:"全称; default the name"`
	Aliases  []string  `yaml:"aliases" doc:"former and other names"`
	Superior string    `yaml:"superior" doc:"the unit above"`
	District string    `yaml:"district" like:"area" doc:"area code of six digits"`
	Level    Level     `yaml:"level" need:"yes" doc:"where it stands"`
	From     time.Time `yaml:"from" doc:"first day on which the name is valid"`
	To       time.Time `yaml:"to" doc:"last day on which the name is valid"`
}

type siteForm struct {
	Kind           CarrierKind       `yaml:"kind" doc:"default site; only sites are counted in 普查范围"`
	Unit           string            `yaml:"unit" doc:"who runs it: id, name, full name or alias of a unit"`
	Name           string            `yaml:"name" need:"yes" doc:"as registered"`
	Code           string            `yaml:"code" like:"site-code" doc:"网站标识码"`
	Home           string            `yaml:"home" need:"confirmed" doc:"URL of the home page"`
	Portal         bool              `yaml:"portal" doc:"a 政府门户网站"`
	Hosts          []string          `yaml:"hosts" doc:"further hosts that belong to it"`
	CMS            string            `yaml:"cms" like:"stem" doc:"a file of cms/, without .yaml"`
	Navigation     bool              `yaml:"navigation" doc:"the home page shows no dated items"`
	HomeRecipe     recipeForm        `yaml:"home_recipe" doc:"what differs from the profile's home recipe"`
	RobotsOverride string            `yaml:"robots_override" doc:"the authority under which robots.txt is not followed"`
	Columns        []columnForm      `yaml:"columns" doc:"lists that must stay fresh"`
	Sections       []siteSectionForm `yaml:"sections" doc:"what differs from the sections of city.yaml"`
	Directories    []directoryForm   `yaml:"directories" doc:"of a disclosure platform: the pages of single units"`
}

// A directoryForm is where a unit's part of a disclosure platform begins.
type directoryForm struct {
	Unit string `yaml:"unit" need:"yes" doc:"whose it is"`
	URL  string `yaml:"url" need:"yes" doc:"its page; relative to home"`
}

// A recipeForm is a recipe in a mapping of its own.
type recipeForm struct {
	extract.Recipe
}

// A columnForm is a column with its recipe's keys beside its own. The recipe's
// name gives way to the column's: only lists of accounts show a name.
type columnForm struct {
	Unit     string `yaml:"unit" doc:"who answers; default the site's unit"`
	Name     string `yaml:"name" need:"yes" doc:"path of names: 工作动态--通知公告公示"`
	Class    Class  `yaml:"class" need:"yes" doc:"rule sets speak of classes"`
	URL      texts  `yaml:"url" need:"confirmed" doc:"its list, or several lists read as one; relative to home"`
	ID       string `yaml:"id" like:"column-id" doc:"default the path of its URL"`
	OnDemand bool   `yaml:"on_demand" doc:"按需更新: nothing to publish is possible"`
	CountsTo string `yaml:"counts_to" doc:"none, or the site whose veto it enters; default this site"`
	extract.Recipe
}

type siteSectionForm struct {
	ID     string `yaml:"id" need:"yes" like:"id" doc:"a section of city.yaml"`
	Search texts  `yaml:"search" doc:"pages to search besides the home page; relative to home"`
	extract.Recipe
}

type profileForm struct {
	Name  string       `yaml:"name" need:"yes" doc:"the product"`
	Signs signsForm    `yaml:"signs" doc:"what gives its pages away, where nobody says what a site runs on"`
	List  recipeForm   `yaml:"list" doc:"the recipe of list pages"`
	Lists []recipeForm `yaml:"lists" doc:"further forms of list pages, tried in order where the product was recognised"`
	Home  recipeForm   `yaml:"home" doc:"the recipe of home pages"`
}

// A signsForm holds RE2 expressions that begin with plain text and are looked
// for in a page's address and source.
type signsForm struct {
	Any texts `yaml:"any" doc:"one of them must be there"`
	All texts `yaml:"all" doc:"all of them must be there"`
}

type accountForm struct {
	Code       string               `yaml:"code" need:"yes" like:"account-code" doc:"新媒体标识码"`
	Platform   Platform             `yaml:"platform" need:"yes" doc:"where it posts"`
	Name       string               `yaml:"name" need:"yes" doc:"as registered"`
	Unit       string               `yaml:"unit" need:"yes" doc:"主办单位"`
	Supervisor string               `yaml:"supervisor" doc:"主管单位, where it is another"`
	Owner      string               `yaml:"owner" doc:"账号主体, as registered"`
	UID        string               `yaml:"uid" like:"uid" doc:"唯一标识: what the platform itself calls it by; default what its home shows"`
	Album      string               `yaml:"album" like:"uid" doc:"the collection of its articles, on platforms that show a guest no more"`
	State      AccountState         `yaml:"state" doc:"as registered; default 正常"`
	Since      time.Time            `yaml:"since" doc:"first day of the state"`
	States     []spellForm          `yaml:"states" doc:"all its states, where more than one is known"`
	Home       string               `yaml:"home" doc:"its public page"`
	Feed       string               `yaml:"feed" doc:"a feed of its posts"`
	FeedWhole  bool                 `yaml:"feed_whole" doc:"true: somebody answers for the feed to leave nothing out"`
	Sources    []extract.SourceKind `yaml:"sources" doc:"which kinds of sources are asked, in this order; default all there are"`
}

// A spellForm is a registered state from a day on.
type spellForm struct {
	State AccountState `yaml:"state" need:"yes" doc:"as registered"`
	From  time.Time    `yaml:"from" doc:"first day of the state; only the first may have none"`
}

// A submissionForm is what a unit handed in about an account.
type submissionForm struct {
	Account    string      `yaml:"account" need:"yes" like:"account-code" doc:"新媒体标识码"`
	By         string      `yaml:"by" need:"yes" doc:"who says it"`
	Date       time.Time   `yaml:"date" need:"yes" doc:"on which day"`
	Link       string      `yaml:"link" doc:"address of the latest post"`
	Posted     time.Time   `yaml:"posted" doc:"day of the latest post"`
	Works      bool        `yaml:"works" doc:"of a 移动客户端 or 小程序: it can be got and opened"`
	Export     string      `yaml:"export" doc:"a file of this folder that the account's back office gave out"`
	Screenshot string      `yaml:"screenshot" doc:"a picture of this folder that shows it"`
	Checked    checkedForm `yaml:"checked" doc:"who of the office checked it"`
}

type checkedForm struct {
	By   string    `yaml:"by" need:"yes" doc:"who checked it"`
	Date time.Time `yaml:"date" need:"yes" doc:"on which day"`
}

// A platformForm is what is known of a platform.
type platformForm struct {
	Name       string             `yaml:"name" need:"yes" doc:"as tables print it: 微博"`
	Letters    lettersForm        `yaml:"letters" doc:"its letters in a 新媒体标识码"`
	UID        uidForm            `yaml:"uid" doc:"what it calls an account by"`
	Sources    []sourceForm       `yaml:"sources" doc:"ways to see an account's posts, the strongest first"`
	Forms      []postForm         `yaml:"forms" doc:"what its sources may answer with; the first that fits reads it"`
	Links      []postForm         `yaml:"links" doc:"forms of the page of one post; default an article"`
	Exports    []postForm         `yaml:"exports" doc:"forms of what its back office gives out"`
	Refusals   []refusalForm      `yaml:"refusals" doc:"what it says in the place of posts"`
	Route      string             `yaml:"route" like:"route" doc:"path of a feed on an RSSHub, with {uid}"`
	RouteWhole extract.Whole      `yaml:"route_whole" doc:"how far that is trusted to hold the newest post; default never"`
	Hand       string             `yaml:"hand" need:"yes" doc:"in Chinese: how to supply what a guest is not shown"`
	HandEN     string             `yaml:"hand_en" need:"yes" doc:"the same in English"`
	Manner     platformMannerForm `yaml:"manner" doc:"how it is asked"`
}

type lettersForm struct {
	Seen     texts `yaml:"seen" doc:"notices were seen that use them so"`
	Expected texts `yaml:"expected" doc:"nobody saw them yet"`
}

// A uidForm tells what a platform calls its accounts by.
type uidForm struct {
	Like string `yaml:"like" doc:"RE2 for the whole of it; with another no address is made"`
	In   texts  `yaml:"in" doc:"RE2 with one group that finds it in the address of the account's page"`
}

type sourceForm struct {
	Kind  ownKind       `yaml:"kind" need:"yes" doc:"platform, or browser for the same as a browser shows it"`
	URL   string        `yaml:"url" need:"yes" doc:"its address, with {uid} and {album}"`
	Whole extract.Whole `yaml:"whole" doc:"how far it is trusted to hold the newest post; default never"`
	Forms []postForm    `yaml:"forms" doc:"forms of this source alone, tried before those of the platform"`
}

// A postForm is one form in which posts come.
type postForm struct {
	extract.PostForm
}

// A refusalForm is what a platform says in the place of posts.
type refusalForm struct {
	Hindrance extract.Hindrance `yaml:"hindrance" need:"yes" doc:"what it means"`
	Status    int               `yaml:"status" range:"100 599" doc:"HTTP status"`
	At        string            `yaml:"at" doc:"RE2 for the address of the answer"`
	Field     string            `yaml:"field" doc:"a path in JSON and an RE2: ok =~ ^-100$"`
	Text      string            `yaml:"text" doc:"RE2 for what a reader sees"`
}

// A mannerForm is how a platform is asked.
type mannerForm struct {
	Delay    time.Duration `yaml:"delay" doc:"between two requests, 0s to 10m; default 5s"`
	Jitter   time.Duration `yaml:"jitter" doc:"added to the delay, at most, 0s to 10m; default 3s"`
	After    int           `yaml:"after" range:"1 100" doc:"so many refusals in a row are meant for us; default 3"`
	CoolDown time.Duration `yaml:"cool_down" doc:"how long it is then left alone, 0s to 24h; default 15m"`
	Deadline time.Duration `yaml:"deadline" doc:"what a round spends on it at most, 1s to 24h; default 2h"`
	Hours    string        `yaml:"hours" like:"hours" doc:"when it may be asked, Beijing time: 22:00-06:00; default the whole day"`
}

type platformMannerForm struct {
	Hosts []string `yaml:"hosts" doc:"all its hosts, which are one to the manner"`
	mannerForm
}

type cityPlatformForm struct {
	RobotsOverride string `yaml:"robots_override" doc:"the authority under which robots.txt of its hosts is not followed"`
	mannerForm
}

type entryForm struct {
	Subject   string    `yaml:"subject" need:"yes" doc:"ID of a site, a column, a section or an account"`
	Indicator string    `yaml:"indicator" need:"yes" doc:"ID in the rule set"`
	Source    source    `yaml:"source" need:"yes" doc:"问题来源"`
	Body      string    `yaml:"body" need:"yes" doc:"who found it"`
	Date      time.Time `yaml:"date" need:"yes" doc:"of its notice or letter"`
	Text      string    `yaml:"text" need:"yes" doc:"as that body worded it"`
	Inferred  bool      `yaml:"inferred" doc:"the verdict is inferred, not printed by that body"`
	Period    string    `yaml:"period" like:"quarter" doc:"the quarter whose state it speaks of, as 2023Q3; by default its date says so"`
}

// texts is one text or a list of texts.
type texts []string

// source is where a finding of a register comes from.
type source string

// ownKind is the kind of a source that a platform itself is.
type ownKind string

// wholeNever is how configuration writes [extract.WholeNever].
const wholeNever = "never"
