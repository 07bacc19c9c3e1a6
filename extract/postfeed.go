package extract

import (
	"regexp"
	"strings"

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
	parsed, encoding, o := r.parseFeed(a.page)
	if o != nil {
		h, why := r.hindrance(t.PostSource, forms, []*reply{a})
		if h == "" && why == nil {
			why = o
		}
		t.fail(h, why)
		return
	}
	s := &t.sheet
	s.charset, s.method, s.found = encoding, string(SourceFeed), true
	s.name = r.feedAccount(parsed, forms)
	if parsed.Updated != "" || parsed.UpdatedParsed != nil {
		if d := feedDate(parsed.Updated, parsed.UpdatedParsed, a.page); d.date.Minute && !d.momentary {
			s.generated = d.date.Time
		}
	}
	at := map[string]int{}
	for _, it := range parsed.Items {
		if s.cut = len(s.rows) == maxFeedItems; s.cut {
			break
		}
		s.add(postRow{row: feedRow(it, a.page)}, at)
	}
	if len(s.rows) == 0 {
		t.fail(HindEmpty, hindered(ReasonLost, "the feed holds no items; an account without posts and one hidden from us look alike"))
		return
	}
	r.judgeRows(t)
}

// channelForms are how makers of feeds print an account's name in the title of a
// channel.
var channelForms = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(.+?)\s*的\s*(?:新浪|腾讯|个人)?\s*(?:微博|抖音|快手|今日头条|头条|西瓜视频|视频|哔哩哔哩|bilibili|b站|百家号|人民号|公众号|动态|文章|作品|主页|空间|投稿|公开作品)\s*(?:空间|动态|视频|主页|号|作品|投稿)*$`),
	regexp.MustCompile(`(?i)^(?:微信公众号|公众号|微博|抖音|快手|今日头条|西瓜视频|bilibili|哔哩哔哩|百家号)\s*[-:：|·]\s*(.+)$`),
	regexp.MustCompile(`(?i)^(.+?)\s*[-|·_]\s*(?:微信公众号|公众号|新浪微博|微博|抖音|快手|今日头条|西瓜视频|bilibili|哔哩哔哩|百家号|rsshub|rss)$`),
}

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
	for _, form := range channelForms {
		if m := form.FindStringSubmatch(channel); m != nil {
			return m[1]
		}
	}
	if r.task.Posting != nil && foldName(channel) == foldName(r.task.Posting.Name) {
		return channel
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
		if len(it.Authors) != 1 || it.Authors[0] == nil {
			return ""
		}
		by := title(it.Authors[0].Name)
		if by == "" || name != "" && by != name {
			return ""
		}
		name = by
	}
	if strings.Contains(name, "@") {
		return "" // an address of mail, as RSS wants it
	}
	return name
}
