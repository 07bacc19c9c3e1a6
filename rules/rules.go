// Package rules turns looks into findings and verdicts.
//
// A requirement is data: an [Indicator] read from a rule-set file, with its
// legal text beside each number. Judging is one pure function of the inventory,
// the looks up to the monitoring point, the rule set, the registers and the
// point: no clock, no disk, no network. The same inputs give the same verdicts
// next year.
//
// The rule of truth: only a conclusive reading can make a state other than
// unknown; what could not be read accuses nobody; every finding names what was
// looked at, when, what was seen and by which clause.
//
// Of accounts a guest is mostly shown a part. Any post inside the window clears,
// whichever source showed it and whenever; only a look that was whole accuses, and
// not in a round in which most accounts of its platform could not be read. A
// person's word that the office has checked clears and never accuses, save that a
// program which does not work is left to people. A name is believed only from a
// source that knows the account; that an account is closed or moved is told, and
// comes to no verdict.
package rules

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Look is one reading of one subject, as judged: what a snapshot says, with
// the proof it rests on.
type Look struct {
	Subject  string
	At       time.Time // the round's clock when it was read
	Round    string
	Digest   string // of the snapshot
	Reading  extract.Reading
	Evidence []Evidence
}

// Evidence is one page a look rests on.
type Evidence struct {
	URL       string          `json:"url"`
	FetchedAt time.Time       `json:"fetched_at"`
	Status    int             `json:"status"`
	SHA256    string          `json:"sha256"`
	Outcome   extract.Outcome `json:"outcome"`
	Method    string          `json:"method"`
}

// A State is what a subject is at a monitoring point, by one indicator.
type State string

// The states, from harmless to grave; unknown stands apart.
const (
	Fresh   State = "fresh"   // 正常
	Due     State = "due"     // 临期
	Stale   State = "stale"   // 超期未更新
	Blank   State = "blank"   // 空白栏目
	Missing State = "missing" // 疑似未开设
	Unknown State = "unknown" // 未能监测
)

// Effect is what failing an indicator does.
type Effect string

// The effects.
const (
	EffectVeto   Effect = "veto"   // counts towards 单项否决
	EffectDeduct Effect = "deduct" // deducts points
	EffectNotice Effect = "notice" // is named in the notice, no verdict
	EffectHint   Effect = "hint"   // shown to people, never in a notice
)

// A Verdict is what a site or an account comes to; 初判 until people confirm.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "合格"
	Fail         Verdict = "不合格"
	Pending      Verdict = "待核实"
	NotMonitored Verdict = "未能监测"
)

// An Input is all that judging rests on.
type Input struct {
	City    *inventory.City // of the round: what was planned
	RuleSet *RuleSet

	// Registers are the findings of other bodies; usually City.Registers of the
	// configuration in force, which may know more than the round did.
	Registers []inventory.Entry

	// Looks holds every look at a subject up to 24 hours after the point, in
	// order of time.
	Looks map[string][]Look

	// Probes are the knocks at the home pages of sites, by carrier, in order of
	// time. Those of the days before the point that an indicator of kind access
	// asks for bear on it.
	Probes map[string][]Probe

	// Point is the monitoring point. Its day is the day that holds the last
	// instant before it: the point 2023-09-28T00:00:00+08:00 has the day
	// 2023-09-27.
	Point time.Time
}

// A Result is the judgement of a whole city at a point.
type Result struct {
	Point    time.Time // as given
	PointDay time.Time // midnight in Beijing of its day
	Columns  []ColumnResult
	Sections []SectionResult
	Accounts []AccountResult
	Sites    []SiteResult
	Findings []Finding

	// Uncounted are the accounts that are 永久下线 on the point's day. They are
	// shown and counted nowhere, and have no verdict.
	Uncounted []AccountResult

	// Platforms says how the platforms of the accounts let themselves be read, in
	// the order in which the inventory first names each.
	Platforms []PlatformHealth
}

// A ColumnResult is one column's state with everything that led to it.
type ColumnResult struct {
	Column inventory.Column
	State  State          // the strictest of States
	Reason extract.Reason // of unknown
	Looks  int            // independent looks that agree
	States []IndicatorState

	// Look is the look the state rests on, nil if there is none. For unknown
	// it is the newest look, and LastGood the last conclusive one.
	Look     *Look
	LastGood *Look

	// InYear counts the items dated in the point's year up to the point's day,
	// nil if it was not asked or could not be counted. OnlyYear says that no
	// older item exists.
	InYear   *int
	OnlyYear bool

	// Newest is the newest date up to the point's day in Look.
	Newest      extract.Date
	NewestTitle string

	// Note is a hint for people: items inside the window that were seen earlier
	// and are gone from the list, or articles whose date may have been changed.
	Note string

	// Proposal is the recipe that the newest look proposes, nil if it proposes
	// none.
	Proposal *extract.Proposal
}

// An IndicatorState is a subject's state by one indicator.
type IndicatorState struct {
	Indicator   string // ID
	State       State
	Reason      extract.Reason
	Window      string    // ISO 8601 duration, "" where there is none
	WindowStart time.Time // first day inside, a Beijing day
	StaleSince  time.Time // stale: first day outside the window
	StaleOn     time.Time // fresh and due: the day on which it becomes stale
	Effect      Effect
}

// A SectionResult is one mandated section's state.
type SectionResult struct {
	Section inventory.Section
	State   State // fresh or missing or unknown
	Gap     Gap   // of missing: what is missing of it
	Reason  extract.Reason
	Parts   []PartState
	Looks   int
	Look    *Look
}

// A Gap is what is missing of a mandated section. Each is 疑似 until a person
// has looked.
type Gap string

// The gaps.
const (
	GapAbsent    Gap = "absent"    // 未开设: neither the section nor any part
	GapPart      Gap = "part"      // 已开设, without some of its parts
	GapScattered Gap = "scattered" // 未集中公开: parts are published, in no one section
)

// A PartState is the state of one part of a section.
type PartState struct {
	Name   string
	State  State
	Reason extract.Reason
}

// An AccountResult is one account's state and verdict.
type AccountResult struct {
	Account    inventory.Account
	Registered inventory.AccountState // on the point's day
	State      State
	Reason     extract.Reason
	States     []IndicatorState
	Verdict    Verdict
	Reasons    []string // as printed: 1周无更新
	Looks      int
	Newest     extract.Date

	// Look is the look the state rests on; where it rests on none, the newest.
	Look        *Look
	NewestTitle string

	// Attested is what a person said and the office checked, where the state
	// rests on that; nil otherwise.
	Attested *inventory.Submission

	// Whole says that the state rests on a look that saw all there was to see up
	// to its own moment, and not on a lower bound.
	Whole bool

	// Observed is the name as shown, Named the look that showed it last and
	// NamedSince the first day on which a look at hand did; "", nil and zero where
	// none did.
	Observed   string
	Named      *Look
	NamedSince time.Time

	// Pace is how it posted in the point's quarter.
	Pace Pace

	// Note is a hint for people: what was seen where nothing can be concluded, and
	// how to supply the rest. NoteEN is the same in English, "" where there is none.
	Note, NoteEN string
}

// A SiteResult is one site's verdict.
type SiteResult struct {
	Carrier inventory.Carrier
	Home    IndicatorState // state of the home page
	Access  *Access        // how it could be reached; nil where no indicator asks for it
	Look    *Look          // at the home page
	Verdict Verdict
	Reasons []string

	// Besides is what it comes to without regard to Access.
	Besides Verdict
}

// A Finding is an indicator that a subject fails. The machine's are 疑似.
type Finding struct {
	ID          string // stable over rounds and quarters: subject and indicator
	Subject     string
	Unit        string // unit ID
	Indicator   string
	Effect      Effect
	Sources     []string // 问题来源, 巡查 first; one fact with two sources is one finding
	Status      string   // 疑似, or 认定 for a register's
	Publicity   string   // 点名, 概述不点名, 仅内部
	Since       time.Time
	Newest      extract.Date
	Text        string // what was seen, a sentence
	Basis       string // the clause
	Preliminary bool
}

// Cited returns the looks that findings rest on: what must be kept for as long
// as somebody may ask for the proof.
func (r Result) Cited() []Look {
	accused := map[string]bool{}
	for _, f := range r.Findings {
		accused[f.Subject] = true
	}
	var looks []Look
	cite := func(subject string, look *Look) {
		if accused[subject] && look != nil {
			looks = append(looks, *look)
		}
	}
	for _, c := range r.Columns {
		cite(c.Column.ID, c.Look)
	}
	for _, s := range r.Sections {
		cite(s.Section.ID, s.Look)
	}
	for _, a := range slices.Concat(r.Accounts, r.Uncounted) {
		cite(a.Account.ID(), a.Look)
		if a.Named != nil && (a.Look == nil || a.Named.Digest != a.Look.Digest) {
			cite(a.Account.ID(), a.Named)
		}
	}
	for _, s := range r.Sites {
		cite(s.Carrier.ID, s.Look)
	}
	return looks
}
