package rules

import "time"

// A RuleSet is a versioned list of indicators, with those of the sets it
// extends in front. A later indicator with the same ID replaces the earlier.
type RuleSet struct {
	ID      string
	Name    string
	Extends []string // all ancestors, nearest first
	Digest  string   // SHA-256 over the bytes of its file and its ancestors'

	// Look rules.
	Before time.Duration // a stale state needs a look no earlier than this before the point
	After  time.Duration // and no later than this after it
	Looks  int           // looks a final notice needs
	Apart  time.Duration // between two independent looks

	// Margin is how many days before staleness a column is due.
	Margin int

	Indicators []Indicator
}

// An Indicator is one requirement.
type Indicator struct {
	ID   string
	Kind Kind
	Name string // 检查指标
	Text string // what a finding says; see Finding.Text

	// TextPart and TextScattered are what a finding says of a section that is
	// there without some of its {parts}, and of one whose parts are and stand in
	// no one place; "" takes Text, with a few words behind it.
	TextPart, TextScattered string

	Basis string // the legal text, quoted, with its document in front

	Effect    Effect
	Points    int    // what a deduct takes off
	Publicity string // 点名, 概述不点名, 仅内部

	// Confidence is how well the clause is known: H seen on an official page, M
	// seen once elsewhere, I inferred, R recalled. What is recalled or marked
	// confirmed: false is not enforced: Confirmed is false and Effect a hint.
	Confidence string
	Confirmed  bool

	// Replaces lists indicators that do not apply where this one does, as a
	// city's own window replaces the national one on some platforms.
	Replaces []string

	// What it applies to; empty means no restriction.
	Classes   []string // column classes
	Carriers  []string // carrier kinds
	Platforms []string // account platforms
	Except    []string // account platforms left out
	Levels    []string // unit levels
	Names     []string // globs of column and section names; * is any text

	// Says are the hindrances by which a platform tells that an account is closed
	// or moved, for a Closed indicator.
	Says []string

	// FirstLevel says that only columns whose name has one level count towards
	// a Count. The others are judged and shown all the same.
	FirstLevel bool

	Window Window

	// Of an Access indicator: the visits on each day of the window, after how many
	// seconds one has failed, and from how many percent of failed ones it fails.
	Visits, Seconds, Share int

	// Counts for a Count indicator: the indicators counted together and the
	// number from which it fails.
	Of      []string
	AtLeast int
}

// Kind says how an indicator is judged.
type Kind string

// The kinds.
const (
	KindHome    Kind = "home"    // the home page shows an item inside the window
	KindColumn  Kind = "column"  // a column's newest item lies inside the window
	KindBlank   Kind = "blank"   // a column is not empty
	KindCount   Kind = "count"   // fewer than AtLeast of a site's columns fail the indicators Of
	KindYear    Kind = "year"    // a column has an item in the point's calendar year
	KindSection Kind = "section" // a mandated section exists with its parts
	KindPosts   Kind = "posts"   // an account's newest post lies inside the window
	KindLabels  Kind = "labels"  // a column's items bear the date of their publication
	KindName    Kind = "name"    // an account shows its registered name
	KindWorks   Kind = "works"   // a 移动客户端 or 小程序 can be got and opened, by a person's word
	KindAccess  Kind = "access"  // a site opens in time
	KindHand    Kind = "hand"    // judged by people or other bodies only

	// What is told of accounts and never comes to a verdict.
	KindAlive    Kind = "alive"    // an account that is registered as 注销 or 永久下线 posts no more
	KindClosed   Kind = "closed"   // the platform does not say of a 正常 account that it is closed or moved
	KindSingle   Kind = "single"   // a unit has one account per platform
	KindOriginal Kind = "original" // not all posts inside the window pass on somebody else's
	KindOwner    Kind = "owner"    // the 认证主体 shown is the registered 账号主体
	KindAvatar   Kind = "avatar"   // the account's picture stays the same
)
