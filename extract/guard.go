package extract

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// look returns what the first signature that fits text says of it, in the
// text's own spelling.
func look(table []signature, text string) *obstacle {
	lower := strings.Map(lowerASCII, text)
	for _, s := range table {
		for _, t := range s.texts {
			if i := strings.Index(lower, t); i >= 0 {
				return hindered(s.reason, "%s: it says %q", s.what, text[i:i+len(t)])
			}
		}
	}
	return nil
}

// lowerASCII maps to lower case what keeps its length.
func lowerASCII(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// refuse tells by the answer alone why a page must not be read, nil if it may.
func (t Task) refuse(p Page) *obstacle {
	if o := byStatus(p); o != nil {
		return o
	}
	final, err1 := url.Parse(p.URL)
	asked, err2 := url.Parse(p.Asked)
	if err1 != nil || err2 != nil {
		return hindered(ReasonLost, "the address %q cannot be read", p.URL)
	}
	if p.URL == "" {
		final = asked
	}
	if o := t.astray(final, asked); o != nil {
		return o
	}
	if p.Body == nil && p.NotModified {
		return hindered(ReasonNotLooked, "the page is unchanged and its bytes are not at hand")
	}
	return nil
}

// byStatus reports what the fetch itself says went wrong. A wall may answer with
// any status, so an error page that says it is one is blocked.
func byStatus(p Page) *obstacle {
	class := cmp.Or(p.Class, StatusClass(p.Status))
	if class == "" {
		return nil
	}
	detail := string(class)
	if p.Detail != "" {
		detail += ": " + p.Detail
	} else if p.Status != 0 {
		detail += fmt.Sprintf(": status %d", p.Status)
	}
	o := &obstacle{reason: class.Reason(), class: class, detail: detail}
	if wall := wallIn(p); p.Status >= 400 && wall != "" {
		o.reason, o.detail = ReasonBlocked, detail+"; "+wall
	}
	return o
}

// wallIn returns what gives the body of an error away as a wall's, "" if nothing
// does.
func wallIn(p Page) string {
	if mark := Challenge(p.Body); mark != "" {
		return "a script challenge: " + mark
	}
	if len(p.Body) == 0 || len(p.Body) > maxTextNode {
		return ""
	}
	text, _, _ := Decode(p.Body, p.HeaderValue("Content-Type"))
	plain := squeeze(markup.ReplaceAllString(string(text), ""))
	for _, table := range [][]signature{wallSentences, wallWords} {
		for _, s := range table {
			if o := look([]signature{s}, plain); o != nil && s.reason == ReasonBlocked {
				return o.detail
			}
		}
	}
	return ""
}

// markup is what of a page is not text, roughly.
var markup = regexp.MustCompile(`(?is)<script.*?</script>|<style.*?</style>|<[^>]*>`)

// loginPath and loginHost mark the address of a log-in wall.
var (
	loginPath = regexp.MustCompile(`(?i)/(?:[a-z]*login|sso|cas|passport|oauth2?|signin|unauth|tysfrz)(?:[/.?]|$)`)
	loginHost = regexp.MustCompile(`(?i)^(?:login|sso|cas|passport|tysfrz|uias|auth)\d*\.`)
)

// LoginAddress reports whether an address is that of a log-in page.
func LoginAddress(u *url.URL) bool {
	return loginPath.MatchString(u.Path) || loginHost.MatchString(u.Host)
}

// astray tells whether the answer comes from where no answer was asked of.
func (t Task) astray(final, asked *url.URL) *obstacle {
	if place(final) == place(asked) {
		return nil
	}
	switch home, err := url.Parse(t.Home); {
	case LoginAddress(final) && !LoginAddress(asked):
		return hindered(ReasonBlocked, "redirected to a log-in page, %s", final)
	case !t.allowed(final, asked):
		return hindered(ReasonGone, "redirected to another host, %s", hostOf(final))
	case t.Home != "" && err == nil && place(final) == place(home):
		return hindered(ReasonGone, "redirected to the home page, %s", final)
	case place(final) == place(&url.URL{Scheme: final.Scheme, Host: final.Host}):
		return hindered(ReasonGone, "redirected to the root of the site, %s", final)
	case asked.Path != "/" && asked.Path != "" && directory(final) != directory(asked) && !strings.HasPrefix(final.Path, directory(asked)):
		o := hindered(ReasonLost, "redirected to another folder, %s, which may be another column's; put the new address into the configuration", final)
		o.moved = true
		return o
	}
	return nil
}

// unfit tells by the document why it is no list, whatever the recipe finds.
func (d *document) unfit(s sketch) *obstacle {
	shown := d.title()
	if o := byTitle(shown); o != nil {
		return o
	}
	if o := hijacked(shown, s); o != nil {
		return o
	}
	if s.runes >= shortPage {
		return nil
	}
	return look(wallSentences, s.plain)
}

// titleSplit parts a title into the names it is made of.
var titleSplit = regexp.MustCompile(`[-_|—–·>»:：]+`)

// byTitle looks at each segment of a title by itself: a column may be called
// 404 医院, and its page may be one of 食品安全验证.
func byTitle(shown string) *obstacle {
	plain := strings.ToLower(squeeze(shown))
	segments := append(titleSplit.Split(plain, 10), plain)
	for _, sign := range titleSigns {
		if slices.ContainsFunc(sign.needs, func(word string) bool { return strings.Contains(plain, word) }) && slices.ContainsFunc(segments, sign.form.MatchString) {
			return hindered(sign.reason, "%s: its title says %q", sign.what, cut(shown, 100))
		}
	}
	return nil
}

// hijacked tells a page that somebody else put in the place of a public body's:
// its title sells what no public body does, and nothing on it speaks of one.
func hijacked(shown string, s sketch) *obstacle {
	word := firstIn([]byte(strings.ToLower(squeeze(shown))), hijackWords)
	if word == "" || firstIn([]byte(shown+s.plain+s.linked), officialWords) != "" {
		return nil
	}
	return hindered(ReasonGone, "a hijacked host: its title says %q, and the page names no public body", word)
}

// listRows is how many rows with a title make a page a list, so that words which
// stand on any page say nothing of it.
const listRows = 3

// doubtful tells why a page without a dated row is no list, if its rows are few.
func (d *document) doubtful(s sketch, rows int) *obstacle {
	if s.runes >= shortPage || rows >= listRows {
		return nil
	}
	if o := d.wall(s); o != nil {
		return o
	}
	if o := look(wallWords, s.plain); o != nil {
		return o
	}
	if s.runes < 300 && bare404.MatchString(s.plain) {
		return hindered(ReasonGone, "a page that is not there: it says %q", "404")
	}
	for n := range d.root.Descendants() {
		if n.DataAtom == atom.Input && strings.EqualFold(attr(n, "type"), "password") {
			return hindered(ReasonBlocked, "a log-in wall: the page asks for a password")
		}
	}
	return nil
}

// bare404 finds the number that is no part of another.
var bare404 = regexp.MustCompile(`(?:^|\D)404(?:\D|$)`)

// wall recognises by its source a page that shows next to nothing: the script of
// a bot wall, or a captcha.
func (d *document) wall(s sketch) *obstacle {
	if s.runes >= 200 || s.links >= 3 {
		return nil
	}
	if mark := challengeMark(d.text); mark != "" {
		return challenge("the page holds %s and next to no text", mark)
	}
	source := d.text[:min(len(d.text), 4*maxWall)]
	if cookieWall.Match(source) {
		return challenge("the page holds %q, asks for itself again and shows next to no text", "document.cookie=")
	}
	if shell := d.shell(s); shell != "" && (shell != nothingToSee || s.runes == 0) {
		return nil // an application may load a captcha for its own log-in box
	}
	for _, form := range []*regexp.Regexp{captchaTools, captchaImage} {
		if found := form.Find(source); found != nil {
			return hindered(ReasonBlocked, "a captcha: the page holds %q and next to no text", cut(string(found), 40))
		}
	}
	return nil
}

// maxWall bounds the body of a script challenge, in bytes: it is no page.
const maxWall = 64 << 10

// Challenge returns what gives a body away as the script of a bot wall that was
// sent in place of a page, "" if it is none. A body with a link is a page,
// whatever else it holds: protected sites leave their marks in real pages too.
func Challenge(body []byte) string {
	if len(body) == 0 || len(body) > maxWall || bytes.Contains(body, []byte("<a ")) || !bytes.Contains(body, []byte("<script")) {
		return ""
	}
	return challengeMark(body)
}

// challengeMark finds the mark of a wall and names its maker.
func challengeMark(text []byte) string {
	for _, m := range challengeMarks {
		if bytes.Contains(text, []byte(m.text)) {
			return fmt.Sprintf("%q (%s)", m.text, m.maker)
		}
	}
	if len(text) <= maxWall && bytes.Contains(text, []byte("<script")) && longMeta.Match(text) {
		return "a <meta> of made-up names (瑞数)"
	}
	return ""
}
