package inventory

import (
	"net/url"
	"slices"
	"strings"

	"xuncha/extract"
)

// maxLinks is how many of the links that were handed in are opened.
const maxLinks = 2

// accountSources fills in where the posts of every account are seen.
func (a *assembly) accountSources() {
	links := a.city.links()
	for i := range a.city.Accounts {
		acc := &a.city.Accounts[i]
		p, _ := a.city.Platform(acc.Platform)
		if acc.Platform.posts() {
			acc.Sources = slices.Concat(p.own(*acc), a.feed(p, *acc), p.links(links[acc.Code]))
			acc.Sources = limited(acc.Sources, acc.Kinds)
		}
	}
}

// links returns the links that were handed in, by account, the newest submission
// first.
func (c *City) links() map[string][]string {
	all := slices.Clone(c.Submissions)
	slices.Reverse(all) // of one day, what stands later was written later
	slices.SortStableFunc(all, func(x, y Submission) int { return y.Date.Compare(x.Date) })
	links := map[string][]string{}
	for _, s := range all {
		if known := links[s.Account]; s.Link != "" && len(known) < maxLinks && !slices.Contains(known, s.Link) {
			links[s.Account] = append(known, s.Link)
		}
	}
	return links
}

// own returns the platform's own sources of an account: those whose addresses
// want nothing that the account does not have.
func (p PlatformProfile) own(acc Account) []extract.PostSource {
	uid := acc.UID
	if !p.names(uid) {
		uid = ""
	}
	var all []extract.PostSource
	for _, s := range p.Sources {
		if !answered(s.URL, uid, acc.Album) {
			continue
		}
		s.URL, s.Refusals = fill(s.URL, uid, acc.Album), p.Refusals
		all = append(all, s)
	}
	return all
}

// feed returns the account's own feed, else the one that the city's RSSHub makes.
func (a *assembly) feed(p PlatformProfile, acc Account) []extract.PostSource {
	whole := extract.WholeNever
	if acc.FeedWhole {
		whole = extract.WholeNewest
	}
	switch {
	case acc.Feed != "":
		return []extract.PostSource{{Kind: extract.FromFeed, URL: acc.Feed, Whole: whole}}
	case a.rsshub != "" && p.Route != "" && p.names(acc.UID) && answered(p.Route, acc.UID, acc.Album):
		return []extract.PostSource{{Kind: extract.FromFeed, URL: a.rsshub + fill(p.Route, acc.UID, acc.Album), Whole: p.RouteWhole}}
	}
	return nil
}

// links makes sources of links to single posts.
func (p PlatformProfile) links(links []string) []extract.PostSource {
	var all []extract.PostSource
	for _, link := range links {
		all = append(all, extract.PostSource{Kind: extract.FromLink, URL: link, Forms: p.Links, Refusals: p.Refusals})
	}
	return all
}

// limited keeps the sources of some kinds, in the order of the kinds; all for none.
func limited(sources []extract.PostSource, kinds []extract.SourceKind) []extract.PostSource {
	if len(kinds) == 0 {
		return sources
	}
	var kept []extract.PostSource
	for _, kind := range kinds {
		for _, s := range sources {
			if s.Kind == kind {
				kept = append(kept, s)
			}
		}
	}
	return kept
}

// answered reports whether an account has all that an address wants to know.
func answered(address, uid, album string) bool {
	return (uid != "" || !strings.Contains(address, "{uid}")) && (album != "" || !strings.Contains(address, "{album}"))
}

// fill fills an account's own into an address, escaped for where it stands.
func fill(address, uid, album string) string {
	path, query, asked := strings.Cut(address, "?")
	path = strings.NewReplacer("{uid}", url.PathEscape(uid), "{album}", url.PathEscape(album)).Replace(path)
	if !asked {
		return path
	}
	return path + "?" + strings.NewReplacer("{uid}", url.QueryEscape(uid), "{album}", url.QueryEscape(album)).Replace(query)
}

// subject asks for an account's posts. All accounts of one platform have one host,
// so that they are one job, in whichever order their sources are asked.
func (acc Account) subject(p PlatformProfile) Subject {
	s := Subject{ID: acc.ID(), Kind: KindAccount, Task: extract.Task{Question: extract.AskPosts, Method: "posts"}}
	if len(acc.Sources) == 0 {
		return s
	}
	posting := &extract.Posting{Name: acc.Name, Sources: acc.Sources}
	if p.names(acc.UID) {
		posting.UID = acc.UID
	}
	s.Task.Posting = posting
	s.Task.URLs = oneURL(acc.Sources[0].URL)
	s.Host = hostOf(acc.Sources[0].URL)
	for _, source := range acc.Sources {
		if h := hostOf(source.URL); !slices.Contains(s.Task.Hosts, h) {
			s.Task.Hosts = append(s.Task.Hosts, h)
		}
	}
	for _, h := range p.Manner.Hosts {
		if !slices.Contains(s.Task.Hosts, h) {
			s.Task.Hosts = append(s.Task.Hosts, h)
		}
	}
	if slices.Contains(p.Manner.Hosts, s.Host) {
		s.RobotsOverride = p.Manner.RobotsOverride
	}
	return s
}
