package extract

import (
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// tryFeed reads a feed that somebody makes of an account. When the feed itself
// was made is never the date of a post.
func (r *reader) tryFeed(t *tried, forms []*postForm, a *reply) {
	t.sheet.first = a.page
	if !a.sound() || r.strays(a.page) {
		t.fail(r.hindrance(t.PostSource, forms, []*reply{a}))
		return
	}
	parsed, encoding, o := parseFeed(a)
	if o != nil {
		h, why := r.hindrance(t.PostSource, forms, []*reply{a})
		if h == "" && why == nil {
			why = o
		}
		t.fail(h, why)
		return
	}
	s := &t.sheet
	s.charset, s.method, s.found, s.sure = encoding, string(SourceFeed), true, true // somebody chose the feed for it
	s.name = r.feedAccount(parsed, forms)
	at := map[string]int{}
	for _, it := range parsed.Items {
		if s.cut = len(s.rows) == maxFeedItems; s.cut {
			break
		}
		s.add(postRow{row: feedRow(it, a.page), name: authorOf(it)}, at)
	}
	s.cut = s.cut || len(parsed.Items) > maxFeedItems
	s.generated = madeAt(parsed, s.rows, a.page)
	if t.Whole == WholeNever {
		s.keepAuthor(r.task.Posting.Name)
	}
	if s.foreign {
		t.fail(HindForeign, hindered(ReasonLost, "the items of the feed are of several accounts, and none is of this one"))
		return
	}
	if len(s.rows) == 0 {
		t.fail(HindEmpty, hindered(ReasonLost, "the feed holds no items; an account without posts and one hidden from us look alike"))
		return
	}
	r.judgeRows(t)
}

// madeAt is when a feed says it was made, zero where it does not. Some makers
// state the time of the newest item in its place, which says nothing.
func madeAt(parsed *gofeed.Feed, rows []postRow, p Page) time.Time {
	if parsed.Updated == "" && parsed.UpdatedParsed == nil {
		return time.Time{}
	}
	d := feedDate(parsed.Updated, parsed.UpdatedParsed, p)
	if !d.date.Minute || d.momentary || !d.date.Time.After(latest(plainRows(rows)).Time) {
		return time.Time{}
	}
	return d.date.Time
}

// keepAuthor leaves out what a feed of several accounts holds of others, where it
// is not the account's by its own name. One that has several authors and not the
// account among them is of others.
func (s *postSheet) keepAuthor(registered string) {
	registered = foldName(registered)
	if registered == "" || foldName(s.name) == registered {
		return
	}
	authors := map[string]bool{}
	for _, r := range s.rows {
		authors[foldName(r.name)] = true
	}
	delete(authors, "")
	switch {
	case authors[registered]:
		s.keep(func(r postRow) bool { return foldName(r.name) == registered })
		s.name = s.rows[0].name
	case len(authors) > 1:
		s.foreign, s.rows = true, nil
	}
}

// platformWords are what makers of feeds call a platform, and feedWords what they
// call the posts of an account there.
const (
	platformWords = `新浪微博|微博|weibo|抖音|douyin|快手|今日头条|头条|西瓜视频|哔哩哔哩|bilibili|b站|百家号|人民号|小红书(?:\s*/\s*RED)?|微信公众号|微信|公众号|搜狗微信|视频号`
	feedWords     = `视频|动态|文章|图文|专栏|作品|公开作品|主页|空间|投稿|笔记|号`
)

// channelForms are how makers of feeds print an account's name in the title of a
// channel, and channelTail is what they add to it.
var (
	channelTail  = regexp.MustCompile(`(?i)^(.+?)\s*[-–—|·•_]\s*(?:` + platformWords + `|` + feedWords + `|rsshub|rss)(?:\([\w.]+\))?$`)
	channelForms = []*regexp.Regexp{
		regexp.MustCompile(`(?i)^(.+?)\s*的\s*(?:腾讯|个人)?\s*(?:` + platformWords + `|` + feedWords + `)\s*(?:` + feedWords + `)*$`),
		regexp.MustCompile(`(?i)^(?:` + platformWords + `)\s*[-:：|·]\s*(.+)$`),
	}
)

// feedAccount returns the account's name as a feed shows it: by the form's own
// expression, as the author of all items, or in the channel's title.
func (r *reader) feedAccount(parsed *gofeed.Feed, forms []*postForm) string {
	channel := title(parsed.Title)
	for _, f := range forms {
		if f.name != nil && f.raw.Source == SourceFeed {
			for _, w := range f.name.ways {
				if w.page != nil && w.page.re != nil {
					kept, _ := w.page.keep(channel)
					return kept
				}
			}
		}
	}
	if foldName(channel) == foldName(r.task.Posting.Name) {
		return channel
	}
	plain := channel
	for m := channelTail.FindStringSubmatch(plain); m != nil; m = channelTail.FindStringSubmatch(plain) {
		plain = m[1]
	}
	for _, form := range channelForms {
		if m := form.FindStringSubmatch(plain); m != nil {
			return m[1]
		}
	}
	if plain != channel {
		return plain
	}
	if by := soleAuthor(parsed.Items); by != "" {
		return by
	}
	return channel
}

// soleAuthor returns the one author of all items, "" where they have several or
// one has none.
func soleAuthor(items []*gofeed.Item) string {
	name := ""
	for _, it := range items {
		by := authorOf(it)
		if by == "" || name != "" && by != name {
			return ""
		}
		name = by
	}
	return name
}

// authorOf is the one author of an item, "" where it has none or several, or an
// address of mail, as RSS wants it.
func authorOf(it *gofeed.Item) string {
	if len(it.Authors) != 1 || it.Authors[0] == nil {
		return ""
	}
	if by := title(it.Authors[0].Name); !strings.Contains(by, "@") {
		return by
	}
	return ""
}
