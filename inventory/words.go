package inventory

import (
	"reflect"
	"regexp"

	"xuncha/extract"
)

// choices returns the words a type of the forms is closed to, or nil where any
// text will do.
func choices(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[Class]():
		return words(Classes())
	case reflect.TypeFor[Level]():
		return words([]Level{LevelCity, LevelDepartment, LevelCounty})
	case reflect.TypeFor[extract.Outcome]():
		return words([]extract.Outcome{extract.Dated, extract.Empty, extract.Article, extract.Found, extract.Absent, extract.Unread})
	case reflect.TypeFor[extract.Why]():
		return words([]extract.Why{
			extract.WhyList, extract.WhyNext, extract.WhyArticle, extract.WhyFrame, extract.WhyData, extract.WhySearch, extract.WhyPart,
		})
	case reflect.TypeFor[extract.Reason]():
		return words([]extract.Reason{
			extract.ReasonDown, extract.ReasonBlocked, extract.ReasonGone, extract.ReasonLost, extract.ReasonScript,
			extract.ReasonUndated, extract.ReasonPartial, extract.ReasonRobots, extract.ReasonNotLooked,
		})
	case reflect.TypeFor[CarrierKind]():
		return words([]CarrierKind{Site, DisclosurePlatform, OtherCarrier})
	case reflect.TypeFor[OfficialRole]():
		return words([]OfficialRole{RoleHandler, RoleReviewer, RoleSigner})
	case reflect.TypeFor[ChannelKind]():
		return words([]ChannelKind{WeCom, Feishu, DingTalk, Mail, Webhook})
	case reflect.TypeFor[Topic]():
		return words(Topics())
	case reflect.TypeFor[Second]():
		return words([]Second{SecondRefused, SecondQueued})
	case reflect.TypeFor[Table]():
		return words([]Table{TableAccounts, TableYear, TableColumns, TableSites, TableAllSites, TableAllAccounts, TablePlatforms})
	case reflect.TypeFor[Platform]():
		return words(Platforms())
	case reflect.TypeFor[AccountState]():
		return words(accountStates())
	case reflect.TypeFor[extract.SourceKind]():
		return words([]extract.SourceKind{extract.FromPlatform, extract.FromBrowser, extract.FromFeed, extract.FromLink})
	case reflect.TypeFor[ownKind]():
		return words([]ownKind{ownKind(extract.FromPlatform), ownKind(extract.FromBrowser)})
	case reflect.TypeFor[extract.Whole]():
		return []string{wholeNever, string(extract.WholeNewest), string(extract.WholeCounted)}
	case reflect.TypeFor[extract.Hindrance]():
		return words(extract.Hindrances())
	case reflect.TypeFor[source]():
		return []string{"上级通报", "人工核查", "网民反映"}
	case reflect.TypeFor[extract.Source]():
		return words([]extract.Source{extract.SourceHTML, extract.SourceFeed, extract.SourceJSON, extract.SourceXML})
	}
	return nil
}

// words returns values of a text type as texts.
func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// A pattern is a form that texts of one sort have.
type pattern struct {
	re   string // RE2, and a regular expression of JSON Schema
	what string // what a text of another form is not
	hint string

	// fault names what is wrong with a text of another form, in the place of hint;
	// nil where nothing more is known.
	fault func(text string) string

	compiled *regexp.Regexp
}

// patterns are the patterns by the names of the forms' like tags; they are
// never written to.
var patterns = map[string]pattern{
	"id":        newPattern(`^[a-z0-9][a-z0-9_-]{0,63}$`, "an id", "small letters, digits, _ and -"),
	"stem":      newPattern(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`, "a file's name", "letters, digits, ., _ and -"),
	"column-id": newPattern(columnID, "an id", "letters, digits, /, ., _ and -; it must not begin or end with /"),
	"browser":   newPattern(`^(auto|off|/.+)$`, "a browser", "auto, off, or the whole path of a Chromium, as /usr/bin/chromium"),
	"area":      newPattern(`^\d{6}$`, "an area code", "six digits"),
	"site-code": codePattern(siteCodeShape, "a 网站标识码", siteCodeFault),
	"sample-file": newPattern(`^[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,127}$`, "the name of a file beside the sample",
		"letters, digits, ., _ and -, without a folder"),
	"moment":       newPattern(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$`, "a moment", momentHint),
	"quarter":      newPattern(`^[1-9]\d{3}Q[1-4]$`, "a quarter", "write it as 2023Q3"),
	"uid":          newPattern(`^\S{1,256}$`, "a 唯一标识", "write what the platform calls the account by, without spaces"),
	"hours":        newPattern(hoursShape, "hours of the day", `write them as "06:00-23:30"; "22:00-06:00" is over midnight`),
	"lang":         newPattern(`^(zh|en)$`, "a language", "write zh or en"),
	"console":      newPattern(`^https?://[^\s?#]+$`, "an address of the console", "write it as https://xuncha.example.gov.cn"),
	"secret":       newPattern(`^(env:[A-Za-z_][A-Za-z0-9_]*|file:/\S+)$`, "a place where a secret is found", "rounds keep their configuration: put the value into an environment variable and write env:NAME, or into a file and write file:/path"),
	"route":        newPattern(`^/[^\s?#]*$`, "a route", "write it as /weibo/user/{uid}"),
	"account-code": codePattern(accountCodeShape, "a 新媒体标识码", accountCodeFault),
}

// momentHint shows how a moment is written.
const momentHint = "write it as 2023-09-27T02:00:00+08:00"

func newPattern(re, what, hint string) pattern {
	return pattern{re: re, what: what, hint: hint, compiled: regexp.MustCompile(re)}
}

func codePattern(re, what string, fault func(string) string) pattern {
	p := newPattern(re, what, "")
	p.fault = fault
	return p
}

// mend says what to do about a text that has not the form.
func (p pattern) mend(text string) string {
	if p.fault != nil {
		return p.fault(text)
	}
	return p.hint
}

// patternOf returns the pattern with a name.
func patternOf(name string) (pattern, bool) {
	p, ok := patterns[name]
	return p, ok
}

// columnID leaves out what a glob, a path or a line of text could not hold. Its
// letters are written as both RE2 and JSON Schema understand them.
const columnID = `^[\p{L}\p{N}_.-]+(/[\p{L}\p{N}_.-]+)*$`

// matches reports whether s has the form of the pattern; the zero pattern
// matches nothing.
func (p pattern) matches(s string) bool {
	return p.compiled != nil && p.compiled.MatchString(s)
}
