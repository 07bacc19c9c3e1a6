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
	Code       string       `yaml:"code" need:"yes" like:"account-code" doc:"新媒体标识码"`
	Platform   Platform     `yaml:"platform" need:"yes" doc:"where it posts"`
	Name       string       `yaml:"name" need:"yes" doc:"as registered"`
	Unit       string       `yaml:"unit" need:"yes" doc:"主办单位"`
	Supervisor string       `yaml:"supervisor" doc:"主管单位, where it is another"`
	State      AccountState `yaml:"state" doc:"as registered; default 正常"`
	Home       string       `yaml:"home" doc:"its public page"`
	Feed       string       `yaml:"feed" doc:"a feed of its posts"`
}

type entryForm struct {
	Subject   string    `yaml:"subject" need:"yes" doc:"ID of a site, a column, a section or an account"`
	Indicator string    `yaml:"indicator" need:"yes" doc:"ID in the rule set"`
	Source    source    `yaml:"source" need:"yes" doc:"问题来源"`
	Body      string    `yaml:"body" need:"yes" doc:"who found it"`
	Date      time.Time `yaml:"date" need:"yes" doc:"of its notice or letter"`
	Text      string    `yaml:"text" need:"yes" doc:"as that body worded it"`
	Inferred  bool      `yaml:"inferred" doc:"the verdict is inferred, not printed by that body"`
}

// texts is one text or a list of texts.
type texts []string

// source is where a finding of a register comes from.
type source string
