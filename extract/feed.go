package extract

import (
	"bytes"
	"regexp"
	"time"

	"github.com/mmcdole/gofeed"
)

// maxFeedItems bounds the items of one feed; newer ones stand first.
const maxFeedItems = 1000

// xmlEncoding is the declaration of an encoding, void once the text is decoded.
var xmlEncoding = regexp.MustCompile(`(?i)^(\s*<\?xml[^>]{0,100}?)encoding\s*=\s*["'][^"']{0,40}["']`)

// feed reads RSS, Atom or JSON Feed. A feed holds the newest items and never
// all, so its reading is never complete.
func (r *reader) feed(p Page) sheet {
	a := &reply{page: p}
	a.text, a.charset, a.obstacle = decode(p)
	parsed, encoding, o := parseFeed(a)
	if o != nil {
		return sheet{obstacle: o, charset: encoding}
	}
	s := sheet{charset: encoding, method: "feed", name: r.feedName(parsed.Title), more: len(parsed.Items) > maxFeedItems}
	at := make(map[string]int)
	for _, it := range parsed.Items {
		row := feedRow(it, p)
		switch i, twice := at[row.key]; {
		case row.key == "":
		case twice:
			s.rows[i] = newer(s.rows[i], row)
		case len(s.rows) == maxFeedItems:
			s.more = true
		default:
			at[row.key] = len(s.rows)
			s.rows = append(s.rows, row)
		}
	}
	if len(s.rows) == 0 {
		s.obstacle = hindered(ReasonLost, "the feed holds no items; an account without posts and one hidden from us look alike")
	}
	return s
}

// parseFeed parses a feed, or says what came in its place.
func parseFeed(a *reply) (*gofeed.Feed, string, *obstacle) {
	if a.obstacle != nil {
		return nil, "", a.obstacle
	}
	text, encoding := xmlEncoding.ReplaceAll(a.text, []byte(`${1}encoding="utf-8"`)), a.charset
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(firstItems(text)))
	if err != nil {
		return nil, encoding, noFeed(a, err)
	}
	for _, it := range parsed.Items {
		if bridgeError.MatchString(it.Title) {
			return nil, encoding, hindered(ReasonLost, "the feed holds its maker's error: %s", cut(title(it.Title), 80))
		}
	}
	return parsed, encoding, nil
}

// bridgeError is what RSS-Bridge writes as an item of today where it was refused.
var bridgeError = regexp.MustCompile(`^Bridge returned error -?\d+!`)

// firstItems returns a feed that ends after one item more than are read: parsing
// each is dear.
func firstItems(text []byte) []byte {
	ends, item := "", ""
	switch rootName(bytes.TrimSpace(text[:min(len(text), prescan)])) {
	case "rss":
		ends, item = "</channel></rss>", "<item>"
	case "feed":
		ends, item = "</feed>", "<entry>"
	default:
		return text
	}
	at := 0
	for range maxFeedItems + 2 {
		next := bytes.Index(text[at:], []byte(item))
		if next < 0 {
			return text
		}
		at += next + len(item)
	}
	return append(bytes.Clone(text[:at-len(item)]), ends...)
}

// isFeed reports whether a body is a feed whatever it was asked as.
func isFeed(body []byte) bool {
	switch rootName(bytes.TrimSpace(body[:min(len(body), prescan)])) {
	case "rss", "feed", "rdf:RDF":
		return true
	}
	return false
}

// noFeed says what came in the place of a feed.
func noFeed(a *reply, err error) *obstacle {
	if d, o := a.document(); o == nil {
		if o := d.insteadOf("a feed"); o != nil {
			return o
		}
	}
	return hindered(ReasonLost, "the feed cannot be read: %v", err)
}

// feedName is the channel's title, or the part of it that the recipe keeps.
func (r *reader) feedName(channel string) string {
	channel = title(channel)
	if r.recipe.name == nil || r.recipe.name.re == nil {
		return channel
	}
	kept, _ := r.recipe.name.keep(channel)
	return kept
}

// feedRow makes a row of an item. The date's own text is read first: a time
// without a zone is Beijing's here, and the library takes it for UTC.
func feedRow(it *gofeed.Item, p Page) row {
	r := row{item: Item{Title: title(it.Title)}}
	if d := (&document{page: p, base: addressOf(p.URL)}); d.base != nil {
		r.item.Link = d.resolve(it.Link)
	}
	r.key = it.GUID
	if r.key == "" {
		r.key = it.Link
	}
	if r.key == "" {
		r.key = it.Title + it.Published
	}
	if r.item.Title == "" {
		r.item.Title = title(cut(it.Description, 200))
	}
	text, parsed := it.Published, it.PublishedParsed
	if text == "" && parsed == nil {
		text, parsed = it.Updated, it.UpdatedParsed
	}
	r.take(feedDate(text, parsed, p), p.FetchedAt)
	return r
}

func feedDate(text string, parsed *time.Time, p Page) dating {
	k := clues{seen: p.seen()}
	if chosen, ok, _ := settle(k.find(text, named)); ok {
		return dating{sight: chosen}
	}
	if parsed != nil {
		if t := parsed.In(Beijing); plausible(t) {
			return dating{sight: sight{date: Date{Time: t, Minute: true}, text: text}}
		}
	}
	return dating{}
}
