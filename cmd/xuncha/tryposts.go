package main

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
)

// An address of a platform, and a page or an answer of one at any address, is
// read as the posts of whichever account it shows: nobody has to say which
// platform it is, nor whose posts they are.

// profileOf is what is known of a subject's platform; ok is false for what is no
// account.
func profileOf(city *inventory.City, s inventory.Subject) (p inventory.PlatformProfile, ok bool) {
	code, _ := strings.CutPrefix(s.ID, "account:")
	acc, ok := city.Account(code)
	if !ok {
		return p, false
	}
	return city.Platform(acc.Platform)
}

// ofPlatform makes a subject of an address at one of the platforms' hosts; ok is
// false for any other.
func ofPlatform(city *inventory.City, s inventory.Subject) (inventory.Subject, inventory.PlatformProfile, bool) {
	for _, p := range city.Platforms {
		if slices.Contains(p.Manner.Hosts, s.Host) {
			source, uid := sourceAt(p, s.ID)
			return postsOf(s, p, source, uid), p, true
		}
	}
	return s, inventory.PlatformProfile{}, false
}

// sourceAt is the source that a platform's address is: one of its own with an
// account filled in, or a page of it that shows whatever it shows.
func sourceAt(p inventory.PlatformProfile, target string) (source extract.PostSource, uid string) {
	source = extract.PostSource{Kind: extract.FromPlatform, URL: target, Forms: p.AllForms(), Refusals: p.Refusals}
	for _, own := range p.Sources {
		at, err := template(own.URL)
		if err != nil {
			continue
		}
		if m := at.FindStringSubmatch(target); m != nil {
			source.Kind, source.Whole = own.Kind, own.Whole
			if n := at.SubexpIndex("uid"); n > 0 {
				uid = m[n]
			}
			break
		}
	}
	if plain, err := url.QueryUnescape(uid); err == nil {
		uid = plain
	}
	return source, uid
}

// template makes an expression of a source's address, which stands for the
// addresses of all accounts: what follows its last part may be anything.
func template(address string) (*regexp.Regexp, error) {
	const part = `[^/?&#]+`
	uid, album := regexp.QuoteMeta("{uid}"), regexp.QuoteMeta("{album}")
	s := regexp.QuoteMeta(strings.TrimSuffix(address, "/"))
	s = strings.Replace(s, uid, `(?P<uid>`+part+`)`, 1)
	s = strings.NewReplacer(uid, part, album, part).Replace(s)
	return regexp.Compile("^" + s + `(?:[/?&#].*)?$`)
}

// postsOf asks a subject's address for the posts of an account.
func postsOf(s inventory.Subject, p inventory.PlatformProfile, source extract.PostSource, uid string) inventory.Subject {
	s.Kind = inventory.KindAccount
	s.Task = extract.Task{
		Question: extract.AskPosts, URLs: []string{source.URL}, Hosts: append(slices.Clone(p.Manner.Hosts), s.Host), Method: "posts",
		Posting: &extract.Posting{UID: uid, Sources: []extract.PostSource{source}},
	}
	if slices.Contains(p.Manner.Hosts, s.Host) {
		s.RobotsOverride = p.Manner.RobotsOverride
	}
	return s
}

// recognised reads a visit's pages once more as the posts of an account, where
// one of them holds an answer of some platform, or what a platform says in its
// place; ok is false where none does.
func recognised(city *inventory.City, s inventory.Subject, v crawler.Visit) (inventory.Subject, crawler.Visit, inventory.PlatformProfile, bool) {
	if len(v.Pages) == 0 {
		return s, v, inventory.PlatformProfile{}, false
	}
	page := v.Pages[0]
	var best inventory.PlatformProfile
	candidates := showing(city.Platforms, page)
	for _, p := range candidates {
		if of, read := reread(s, v, p); read.Reading.Conclusive() {
			return of, read, p, true
		}
	}
	if len(candidates) > 0 {
		of, read := reread(s, v, candidates[0])
		return of, read, candidates[0], true
	}
	if isFeed(v) {
		for _, p := range city.Platforms {
			if feedOf(v, p) {
				of, read := reread(s, v, inventory.PlatformProfile{ID: p.ID, Name: p.Name, Refusals: p.Refusals})
				return of, read, p, true
			}
		}
	}
	if v.Reading.Conclusive() || v.Reading.Outcome == extract.Article {
		return s, v, best, false
	}
	for _, p := range city.Platforms {
		if !speaksOf(page.Body, p) {
			continue
		}
		if of, read := reread(s, v, p); farewell(read.Reading.Hindrance) {
			return of, read, p, true
		}
	}
	return s, v, best, false
}

// showing lists the platforms one of whose forms a page shows, those first whose
// form says most of what it looks like.
func showing(platforms []inventory.PlatformProfile, page extract.Page) []inventory.PlatformProfile {
	most := map[inventory.Platform]int{}
	for _, p := range platforms {
		for _, f := range p.AllForms() {
			if n := signsOf(f); f.Shows(page) && n > most[p.ID] {
				most[p.ID] = n
			}
		}
	}
	found := slices.DeleteFunc(slices.Clone(platforms), func(p inventory.PlatformProfile) bool { return most[p.ID] == 0 })
	slices.SortStableFunc(found, func(a, b inventory.PlatformProfile) int { return most[b.ID] - most[a.ID] })
	return found
}

// isFeed reports whether a visit was to a feed.
func isFeed(v crawler.Visit) bool {
	return v.Reading.Method == "feed" || bytes.Contains(v.Pages[0].Body[:min(len(v.Pages[0].Body), 1<<10)], []byte("jsonfeed.org/version"))
}

// feedOf reports whether a feed is one of a platform's posts: its head names the
// platform, or all its items lie there.
func feedOf(v crawler.Visit, p inventory.PlatformProfile) bool {
	head := v.Pages[0].Body
	for _, begins := range []string{"<item", "<entry", `"items"`} {
		head, _, _ = bytes.Cut(head, []byte(begins))
	}
	elsewhere := func(i extract.Item) bool { return !speaksOf([]byte(i.Link), p) }
	switch {
	case speaksOf(head, p):
		return true
	case len(v.Reading.Items) > 0:
		return !slices.ContainsFunc(v.Reading.Items, elsewhere)
	}
	return speaksOf(v.Pages[0].Body, p) // JSON, which no column is read from
}

// signsOf is how much a form says of what it looks like.
func signsOf(f extract.PostForm) int { return len(strings.Join(f.Signs, "")) + len(f.Island) }

// speaksOf reports whether a page names a domain of a platform.
func speaksOf(body []byte, p inventory.PlatformProfile) bool {
	return slices.ContainsFunc(p.Manner.Hosts, func(host string) bool {
		labels := strings.Split(host, ".")
		return len(labels) > 1 && bytes.Contains(body, []byte(strings.Join(labels[len(labels)-2:], ".")))
	})
}

// farewell reports whether a hindrance tells of a post or an account, in words
// that no other page has.
func farewell(h extract.Hindrance) bool {
	return h != "" && (h.Reason() == extract.ReasonGone || h == extract.HindCaptcha)
}

// reread reads the pages of a visit as the posts of an account.
func reread(s inventory.Subject, v crawler.Visit, p inventory.PlatformProfile) (inventory.Subject, crawler.Visit) {
	source, _ := sourceAt(p, s.ID)
	single := slices.ContainsFunc(p.Links, func(f extract.PostForm) bool { return f.Shows(v.Pages[0]) })
	switch {
	case single: // one post is no list
	case len(p.Sources) > 0:
		source.Whole = p.Sources[0].Whole
	case len(source.Forms) == 0:
		source.Kind = extract.FromFeed
	}
	of := postsOf(s, p, source, "")
	v.Reading, _ = extract.Read(of.Task, v.Pages)
	return of, v
}
