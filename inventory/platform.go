package inventory

import (
	"regexp"
	"slices"
	"time"

	"xuncha/extract"
)

// A PlatformProfile is what is known of one platform: how a guest sees the posts
// of an account, what it says where it does not show them, and how it wants to be
// asked. It is data, a file of platforms/; a city's own settings are laid over it.
type PlatformProfile struct {
	ID   Platform
	Name string // 微博, as tables print it behind an account's name

	// Letters are those of the platform in a 新媒体标识码, with Seen for those that
	// notices were seen to use so. The others are expected, no more.
	Letters []string
	Seen    []string

	// UIDLike fits all of what it calls an account by, nil where nothing is known
	// of that; addresses are made with no other. UIDIn find it in the address of
	// the account's page, as their only group.
	UIDLike *regexp.Regexp
	UIDIn   []*regexp.Regexp

	// Sources are the ways to see an account's posts, the strongest first. {uid}
	// and {album} in an address stand for the account's own; a source whose
	// address wants what an account does not have is left out for it. Route is
	// the path of a feed on the city's RSSHub, "" if there is none, and
	// RouteWhole how far that is to be trusted.
	Sources    []extract.PostSource
	Route      string
	RouteWhole extract.Whole
	Refusals   []extract.Refusal

	// Forms are what its sources may answer with, and stand at the end of the forms
	// of each; Links those of the page of one post, none for an article; Exports those of
	// what its back office gives out.
	Forms   []extract.PostForm
	Links   []extract.PostForm
	Exports []extract.PostForm

	// Hand says, in Chinese and English, how to supply what a guest is not shown.
	Hand, HandEN string

	Manner Manner
}

// AllForms returns every form in which posts of the platform come, wherever: from
// its sources, on the page of one post, out of its back office.
func (p PlatformProfile) AllForms() []extract.PostForm {
	var own []extract.PostForm
	for _, s := range p.Sources {
		own = append(own, s.Forms[:max(0, len(s.Forms)-len(p.Forms))]...)
	}
	return slices.Concat(own, p.Forms, p.Links, p.Exports)
}

// A Manner is how a platform is asked. All its hosts are one to it.
type Manner struct {
	Hosts []string

	// Delay is the pause between two requests and Jitter what is added to it at
	// most.
	Delay, Jitter time.Duration

	// After is how many refusals in a row are believed to be meant for us.
	// CoolDown is how long the platform is then left alone; after as many
	// again it is given up for the round.
	After    int
	CoolDown time.Duration

	// Deadline bounds what a round spends on the platform; what is left then is
	// not looked at.
	Deadline time.Duration

	// From and To are the hours of the Beijing day in which it may be asked, as
	// times since midnight; equal for the whole day. From may lie after To.
	From, To time.Duration

	// RobotsOverride names the authority under which robots.txt of its hosts is
	// not followed, "" to follow it.
	RobotsOverride string
}
