package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A post that a source of a kind showed, or what it said in its place.
func tried(kind extract.SourceKind, h extract.Hindrance, o extract.Outcome) extract.Try {
	return extract.Try{Kind: kind, Outcome: o, Reason: h.Reason(), Hindrance: h}
}

// from is a reading that came from a source of a kind.
func from(kind extract.SourceKind, r extract.Reading) extract.Reading {
	r.From = kind
	r.Tries = append(r.Tries, extract.Try{Kind: kind, Outcome: r.Outcome, Newest: r.Newest, AtLeast: r.AtLeast})
	return r
}

// hindered is a reading of an account whose platform said something in the place
// of posts.
func hindered(h extract.Hindrance) extract.Reading {
	return extract.Reading{
		Outcome: extract.Unread, Reason: h.Reason(), Hindrance: h,
		Tries: []extract.Try{tried(extract.FromPlatform, h, extract.Unread)},
	}
}

// behind is what a weaker source showed after the platform had refused.
func behind(h extract.Hindrance, kind extract.SourceKind, r extract.Reading) extract.Reading {
	r.Hindrance = h
	r.Tries = []extract.Try{tried(extract.FromPlatform, h, extract.Unread)}
	return from(kind, r)
}

func hindrances() []extract.Hindrance {
	return []extract.Hindrance{
		extract.HindCaptcha, extract.HindLogin, extract.HindVisitor, extract.HindFrequency, extract.HindOldList, extract.HindShort,
		extract.HindEmpty, extract.HindUndated, extract.HindExpired, extract.HindDeleted, extract.HindForeign,
		extract.HindNoUser, extract.HindCancelled, extract.HindBanned, extract.HindRecycled, extract.HindMoved,
	}
}

// notable are the findings that a notice could name.
func notable(r Result) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Effect != EffectHint {
			out = append(out, f.Indicator)
		}
	}
	return out
}

// Whatever kept posts from being seen, and whatever a weaker source showed
// instead, accuses nobody.
func TestNothingUnreadableBecomesAnAccusation(t *testing.T) {
	old := listed("2022-09-12", "2022-08-01")
	old.Name = "别的名字"
	for _, h := range hindrances() {
		for name, r := range map[string]extract.Reading{
			"nothing":       hindered(h),
			"a lower bound": behind(h, extract.FromLink, func() extract.Reading { r := old; r.AtLeast, r.Name = true, ""; return r }()),
			"a poor feed":   behind(h, extract.FromFeed, func() extract.Reading { r := old; r.AtLeast = true; return r }()),
		} {
			w := newTown(t)
			w.account(inventory.Weibo, "阳泉网警", look(at("2023-09-26 01:30"), r), look(night, r))
			res := w.judge()
			got := res.Accounts[0]
			if got.State != Unknown || got.Verdict != NotMonitored || len(got.Reasons) > 0 || len(notable(res)) > 0 {
				t.Errorf("%s, then %s: got %s %s %v, findings %v", h, name, got.State, got.Verdict, got.Reasons, findingsOf(res))
			}
			if got.Note == "" || got.NoteEN == "" {
				t.Errorf("%s, then %s: nothing says how to supply what is missing", h, name)
			}
			if want := h.Reason(); got.Reason != want {
				t.Errorf("%s, then %s: reason %s, want %s", h, name, got.Reason, want)
			}
		}
	}
}

func TestALowerBoundClears(t *testing.T) {
	tests := []struct {
		name   string
		looks  []Look
		state  State
		reason extract.Reason
		note   string
	}{
		{"inside the window", []Look{look(night, from(extract.FromLink, atLeast("2023-09-25")))}, Fresh, "", ""},
		{"long before the interval", []Look{look(at("2023-09-24 01:30"), from(extract.FromLink, atLeast("2023-09-23"))), look(night, hindered(extract.HindCaptcha))}, Fresh, "", ""},
		{"outside of it", []Look{look(night, from(extract.FromPlatform, atLeast("2023-09-12")))}, Unknown, extract.ReasonPartial, "未见晚于2023-09-12的内容"},
		{"behind a captcha", []Look{look(night, behind(extract.HindCaptcha, extract.FromFeed, atLeast("2023-09-12")))}, Unknown, extract.ReasonBlocked, "未见晚于2023-09-12的内容"},
		{"after a whole look", []Look{look(at("2023-09-26 01:30"), from(extract.FromPlatform, listed("2023-09-12"))), look(night, from(extract.FromFeed, atLeast("2023-09-11")))},
			Unknown, extract.ReasonPartial, "未见晚于2023-09-12的内容"},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", tt.looks...)
		w.City.Platforms = []inventory.PlatformProfile{{ID: inventory.Weibo, Hand: "请提供最新一条微博的链接", HandEN: "hand in a link"}}
		got := w.judge().Accounts[0]
		if got.State != tt.state || got.Reason != tt.reason || !strings.Contains(got.Note, tt.note) {
			t.Errorf("%s: got %s %s %q", tt.name, got.State, got.Reason, got.Note)
		}
		if tt.note != "" && (!strings.HasSuffix(got.Note, "请提供最新一条微博的链接") || !strings.HasSuffix(got.NoteEN, "hand in a link")) {
			t.Errorf("%s: the platform's way to supply it is not named: %q, %q", tt.name, got.Note, got.NoteEN)
		}
	}
}

func submitted(posted, date, checked string) inventory.Submission {
	s := inventory.Submission{
		Account: "140300M010XL0000", By: "市公安局", Date: day(date), Posted: day(posted), Picture: "jietu.png", SHA256: "5a5a",
	}
	if checked != "" {
		s.CheckedBy, s.CheckedOn = "政务公开科", day(checked)
	}
	return s
}

func TestAttestation(t *testing.T) {
	blocked := look(night, hindered(extract.HindLogin))
	whole := look(night, from(extract.FromPlatform, listed("2023-09-12")))
	tests := []struct {
		name    string
		said    inventory.Submission
		look    Look
		state   State
		newest  string
		waiting bool
	}{
		{"checked", submitted("2023-09-25", "2023-09-26", "2023-09-27"), blocked, Fresh, "2023-09-25", false},
		{"the last day of the window", submitted("2023-09-20", "2023-09-26", "2023-09-27"), blocked, Due, "2023-09-20", false},
		{"too old to clear and no accusation", submitted("2023-09-19", "2023-09-26", "2023-09-27"), blocked, Unknown, "", false},
		{"not checked", submitted("2023-09-25", "2023-09-26", ""), blocked, Unknown, "", true},
		{"checked after the point", submitted("2023-09-25", "2023-09-26", "2023-09-28"), blocked, Unknown, "", true},
		{"posted after the point", submitted("2023-09-28", "2023-09-26", "2023-09-27"), blocked, Unknown, "", false},
		{"against a list that was whole", submitted("2023-09-25", "2023-09-26", "2023-09-27"), whole, Fresh, "2023-09-25", false},
		{"a real date is later", submitted("2023-09-24", "2023-09-26", "2023-09-27"), look(night, from(extract.FromPlatform, listed("2023-09-26"))), Fresh, "2023-09-26", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.account(inventory.Weibo, "阳泉网警", tt.look)
			w.City.Submissions = []inventory.Submission{tt.said}
			got := w.judge().Accounts[0]
			if got.State != tt.state || shown(got.Newest.Time) != tt.newest {
				t.Errorf("got %s, newest %s", got.State, shown(got.Newest.Time))
			}
			if attested := tt.newest == shown(tt.said.Posted); attested != (got.Attested != nil && got.Attested.Picture == "jietu.png") || attested && got.Whole {
				t.Errorf("got attestation %+v, whole %v", got.Attested, got.Whole)
			}
			if strings.Contains(got.Note, "待办公室核验") != tt.waiting {
				t.Errorf("got note %q", got.Note)
			}
		})
	}
}

func TestWhetherAProgramWorksIsAPersonsWord(t *testing.T) {
	word := func(works bool, date, checked string) inventory.Submission {
		s := submitted("", date, checked)
		s.Works = &works
		return s
	}
	tests := []struct {
		name    string
		said    []inventory.Submission
		state   State
		verdict Verdict
		found   int
	}{
		{"nobody has said", nil, Unknown, NotMonitored, 0},
		{"it works", []inventory.Submission{word(true, "2023-09-01", "2023-09-02")}, Fresh, Pass, 0},
		{"said three months ago", []inventory.Submission{word(true, "2023-06-27", "2023-06-28")}, Fresh, Pass, 0},
		{"said longer ago", []inventory.Submission{word(true, "2023-06-26", "2023-06-28")}, Unknown, NotMonitored, 0},
		{"not checked", []inventory.Submission{word(true, "2023-09-01", "")}, Unknown, NotMonitored, 0},
		{"said after the point", []inventory.Submission{word(true, "2023-09-28", "2023-09-27")}, Unknown, NotMonitored, 0},
		{"it does not work", []inventory.Submission{word(false, "2023-09-01", "2023-09-02")}, Unknown, Pending, 1},
		{"and nobody has checked that", []inventory.Submission{word(false, "2023-09-01", "")}, Unknown, NotMonitored, 0},
		{"mended since", []inventory.Submission{word(false, "2023-09-01", "2023-09-02"), word(true, "2023-09-10", "2023-09-11")}, Fresh, Pass, 0},
		{"broken since", []inventory.Submission{word(true, "2023-09-01", "2023-09-02"), word(false, "2023-09-10", "2023-09-11")}, Unknown, Pending, 1},
	}
	for _, tt := range tests {
		for _, p := range []inventory.Platform{inventory.App, inventory.MiniApp} {
			w := newTown(t)
			w.account(p, "掌上阳泉")
			w.City.Submissions = tt.said
			res := w.judge()
			if got := res.Accounts[0]; got.State != tt.state || got.Verdict != tt.verdict || len(res.Findings) != tt.found {
				t.Errorf("%s: got %s %s %v, findings %v", tt.name, got.State, got.Verdict, got.Reasons, findingsOf(res))
			}
			for _, f := range res.Findings {
				if f.Indicator != "national.M2.app" || f.Effect != EffectHint {
					t.Errorf("%s: an unconfirmed clause is enforced: %+v", tt.name, f)
				}
			}
		}
	}
}

// A rule set that enforces the clause leaves it to people all the same.
func TestAProgramThatDoesNotWorkNeverFailsByItself(t *testing.T) {
	w := newTown(t)
	ind := w.RuleSet.Indicator("national.M2.app")
	ind.Effect, ind.Confirmed = EffectVeto, true
	w.account(inventory.App, "掌上阳泉")
	said := submitted("", "2023-09-01", "2023-09-02")
	said.Works = new(bool)
	w.City.Submissions = []inventory.Submission{said}
	if got := w.judge().Accounts[0]; got.Verdict != Pending || strings.Join(got.Reasons, ";") != "移动客户端无法下载或使用" {
		t.Errorf("got %s %v", got.Verdict, got.Reasons)
	}
}

// A platform that turns most of its accounts away says nothing certain of the
// others: what it showed clears and accuses nobody.
func TestAPlatformThatFailsMostAccusesNobody(t *testing.T) {
	stale := from(extract.FromPlatform, showing("别的名字", listed("2023-08-01")))
	fresh := from(extract.FromPlatform, listed("2023-09-26"))
	tests := []struct {
		name    string
		blocked int
		read    []extract.Reading
		failing bool
	}{
		{"most are blocked", 3, []extract.Reading{stale, fresh}, true},
		{"as many are read as not", 2, []extract.Reading{stale, fresh}, false},
		{"two accounts are too few to tell", 1, []extract.Reading{stale}, false},
		{"all the others were closed", 2, []extract.Reading{stale}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			for i, r := range tt.read {
				w.account(inventory.Weibo, "阳泉"+fmt.Sprint(i), look(night, r))
			}
			for i := range tt.blocked {
				w.account(inventory.Weibo, "封"+fmt.Sprint(i), look(at("2023-09-20 01:30"), fresh), look(night, hindered(extract.HindVisitor)))
			}
			w.account(inventory.Xigua, "西瓜", look(night, stale))
			res := w.judge()
			if got := res.Accounts[0]; (got.Verdict == Fail) == tt.failing || tt.failing && got.Reason != extract.ReasonBlocked {
				t.Errorf("got %s %s %v %s", got.State, got.Verdict, got.Reasons, got.Reason)
			}
			if len(tt.read) > 1 && res.Accounts[1].Verdict != Pass {
				t.Errorf("what was read inside the window clears: got %s", res.Accounts[1].Verdict)
			}
			if other := res.Accounts[len(res.Accounts)-1]; other.Verdict != Fail {
				t.Errorf("another platform is in order: got %s", other.Verdict)
			}
			h := res.Platforms[0]
			if h.Failing() != tt.failing || h.Tried != tt.blocked+len(tt.read) || h.Read != len(tt.read) || h.Blocked != tt.blocked ||
				h.Hindrance != extract.HindVisitor || !h.Since.Equal(at("2023-09-20 01:30")) || h.Reasons[extract.ReasonBlocked] != tt.blocked {
				t.Errorf("health %+v", h)
			}
		})
	}
}

// A platform's failure says nothing of a feed that somebody answers for.
func TestAWholeFeedStandsByItself(t *testing.T) {
	w := newTown(t)
	for i := range 4 {
		w.account(inventory.Weibo, fmt.Sprint(i), look(night, behind(extract.HindVisitor, extract.FromFeed, listed("2023-08-01"))))
	}
	res := w.judge()
	if got := res.Accounts[0]; got.State != Stale || got.Verdict != Fail {
		t.Errorf("got %s %s", got.State, got.Verdict)
	}
	if h := res.Platforms[0]; h.Read != 0 || h.Elsewhere != 4 || !h.Since.Equal(night) {
		t.Errorf("health %+v", h)
	}
}

func TestPlatformHealth(t *testing.T) {
	w := newTown(t)
	w.City.Platforms = []inventory.PlatformProfile{{ID: inventory.Wechat, Name: "微信公众号"}}
	w.account(inventory.Wechat, "一", look(night, from(extract.FromFeed, listed("2023-09-26"))))
	w.account(inventory.Wechat, "二", look(night, unread(extract.ReasonDown)))
	w.account(inventory.Wechat, "三")
	w.account(inventory.Wechat, "四", look(night, unread(extract.ReasonNotLooked)))
	w.account(inventory.App, "五")
	w.account(inventory.Weibo, "六", look(night, hindered(extract.HindCaptcha)), look(night.Add(time.Hour), from(extract.FromPlatform, listed("2023-09-26"))))
	w.Looks["account:140300M010XL0005"][1].Round = w.Looks["account:140300M010XL0005"][0].Round
	got := w.judge().Platforms
	want := []string{"wechat 微信公众号 4 2 1 0 1", "app  1 0 0 0 0", "weibo  1 1 1 0 0"}
	for i, h := range got {
		if s := fmt.Sprint(h.Platform, " ", h.Name, " ", h.Accounts, h.Tried, h.Read, h.Blocked, h.Other); s != want[i] {
			t.Errorf("got %s, want %s", s, want[i])
		}
	}
}

func spells(state inventory.AccountState, from string) []inventory.AccountSpell {
	if from == "" {
		return []inventory.AccountSpell{{State: state}}
	}
	return []inventory.AccountSpell{{State: inventory.StateNormal}, {State: state, From: day(from)}}
}

func TestClosedAccountsThatPost(t *testing.T) {
	tests := []struct {
		name   string
		states []inventory.AccountSpell
		look   extract.Reading
		effect Effect // of the finding, "" for none
	}{
		{"posts after it was cancelled", spells(inventory.StateCancelled, "2023-09-01"), from(extract.FromPlatform, listed("2023-09-20")), EffectNotice},
		{"a lower bound is a post as well", spells(inventory.StateCancelled, "2023-09-01"), from(extract.FromLink, atLeast("2023-09-20")), EffectNotice},
		{"on the day itself", spells(inventory.StateCancelled, "2023-09-20"), from(extract.FromPlatform, listed("2023-09-20")), ""},
		{"before", spells(inventory.StateCancelled, "2023-09-21"), from(extract.FromPlatform, listed("2023-09-20")), ""},
		{"nobody knows since when", spells(inventory.StateCancelled, ""), from(extract.FromPlatform, listed("2023-09-20")), ""},
		{"offline for ever", spells(inventory.StateOffline, "2023-09-01"), from(extract.FromPlatform, listed("2023-09-20")), EffectHint},
		{"frozen accounts may post", spells(inventory.StateFrozen, "2023-09-01"), from(extract.FromPlatform, listed("2023-09-20")), ""},
		{"not read", spells(inventory.StateCancelled, "2023-09-01"), hindered(extract.HindCaptcha), ""},
	}
	for _, tt := range tests {
		w := newTown(t)
		id := w.account(inventory.Weibo, "阳泉网警", look(night, tt.look))
		w.City.Accounts[0].States = tt.states
		res := w.judge()
		var effect Effect
		for _, f := range res.Findings {
			if f.Subject == id && f.Indicator == "national.M4.alive" {
				effect = f.Effect
			}
		}
		if effect != tt.effect || len(res.Findings) > 1 {
			t.Errorf("%s: got %q, findings %v", tt.name, effect, findingsOf(res))
		}
		if counted := len(res.Accounts) == 1; counted == (tt.effect == EffectHint) || counted && res.Accounts[0].Verdict == Fail {
			t.Errorf("%s: counted %v", tt.name, counted)
		}
		if tt.effect != "" && len(res.Cited()) != 1 {
			t.Errorf("%s: the proof is not kept", tt.name)
		}
	}
}

func TestWhatThePlatformSaysOfAnAccount(t *testing.T) {
	seen := look(at("2023-09-10 01:30"), from(extract.FromPlatform, listed("2023-09-01")))
	tests := []struct {
		name  string
		state inventory.AccountState
		looks []Look
		want  string
	}{
		{"cancelled", inventory.StateNormal, []Look{look(night, hindered(extract.HindCancelled))}, "national.M4.closed"},
		{"banned", inventory.StateNormal, []Look{look(night, hindered(extract.HindBanned))}, "national.M4.idle"},
		{"recycled", inventory.StateNormal, []Look{look(night, hindered(extract.HindRecycled))}, "national.M4.idle"},
		{"moved", inventory.StateNormal, []Look{look(night, hindered(extract.HindMoved))}, "national.M4.moved"},
		{"no such user, shown before", inventory.StateNormal, []Look{seen, look(night, hindered(extract.HindNoUser))}, "national.M4.closed"},
		{"no such user, never shown: our uid may be wrong", inventory.StateNormal, []Look{look(night, hindered(extract.HindNoUser))}, ""},
		{"registered as closed", inventory.StateCancelled, []Look{look(night, hindered(extract.HindCancelled))}, ""},
		{"a later look shows posts", inventory.StateNormal, []Look{look(at("2023-09-26 01:30"), hindered(extract.HindBanned)), look(night, from(extract.FromPlatform, listed("2023-09-26")))}, ""},
		{"a later look is blocked", inventory.StateNormal, []Look{look(at("2023-09-26 01:30"), hindered(extract.HindBanned)), look(night, hindered(extract.HindCaptcha))}, "national.M4.idle"},
		{"another source shows a later post", inventory.StateNormal, []Look{look(at("2023-09-26 01:30"), hindered(extract.HindBanned)), look(night, behind(extract.HindBanned, extract.FromLink, atLeast("2023-09-27")))}, ""},
		{"last month", inventory.StateNormal, []Look{look(at("2023-08-26 01:30"), hindered(extract.HindBanned))}, ""},
		{"of one post", inventory.StateNormal, []Look{look(night, hindered(extract.HindDeleted))}, ""},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", tt.looks...)
		w.City.Accounts[0].States = spells(tt.state, "")
		res := w.judge()
		got := ""
		for _, f := range res.Findings {
			if f.Effect != EffectHint {
				t.Errorf("%s: %+v is more than a hint", tt.name, f)
			}
			got += f.Indicator
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if res.Accounts[0].Verdict == Fail {
			t.Errorf("%s: a platform's word is no verdict", tt.name)
		}
	}
}

func TestSeveralAccountsOfAUnitAreAHint(t *testing.T) {
	w := newTown(t)
	fresh := look(night, listed("2023-09-26"))
	for _, a := range []struct {
		p     inventory.Platform
		state inventory.AccountState
	}{
		{inventory.Weibo, inventory.StateNormal}, {inventory.Weibo, inventory.StateFrozen}, {inventory.Douyin, inventory.StateNormal},
		{inventory.Douyin, inventory.StateCancelled}, {inventory.App, inventory.StateNormal}, {inventory.App, inventory.StateNormal},
	} {
		w.account(a.p, "名", fresh)
		w.City.Accounts[len(w.City.Accounts)-1].States = spells(a.state, "")
	}
	res := w.judge()
	if got := findingsOf(res); !slices.Equal(got, []string{"unit:fgw/weibo national.M4.single"}) || res.Findings[0].Effect != EffectHint {
		t.Errorf("got %v", got)
	}
	if got := res.Accounts[0].Verdict; got != Pass {
		t.Errorf("got %s", got)
	}
}

func TestRename(t *testing.T) {
	day1, day2 := at("2023-09-20 01:30"), at("2023-09-26 01:30")
	show := func(name string, kind extract.SourceKind) extract.Reading {
		return from(kind, showing(name, listed("2023-09-26")))
	}
	tests := []struct {
		name  string
		looks []Look
		since string // of the finding, "" for none
	}{
		{"a suffix is another name", []Look{look(night, show("阳泉网警发布", extract.FromPlatform))}, "2023-09-27"},
		{"first seen earlier", []Look{look(day1, show("阳泉网警发布", extract.FromPlatform)), look(day2, show("阳泉网警发布", extract.FromPlatform)), look(night, show("阳泉网警发布", extract.FromBrowser))}, "2023-09-20"},
		{"another name earlier", []Look{look(day1, show("阳泉网警官方", extract.FromPlatform)), look(night, show("阳泉网警发布", extract.FromPlatform))}, "2023-09-27"},
		{"the article shows it", []Look{look(night, func() extract.Reading { r := show("阳泉网警发布", extract.FromLink); r.AtLeast = true; return r }())}, "2023-09-27"},
		{"the title of a feed is its maker's", []Look{look(night, show("阳泉网警的微博", extract.FromFeed))}, ""},
		{"nor does a feed name what a link then shows", []Look{look(night, func() extract.Reading {
			r := show("阳泉网警的微博", extract.FromFeed)
			r.Name = ""
			return from(extract.FromLink, showing("阳泉网警的微博", r))
		}())}, ""},
		{"width and blanks", []Look{look(night, show("阳泉　网警", extract.FromPlatform))}, ""},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", tt.looks...)
		res := w.judge()
		got := ""
		for _, f := range res.Findings {
			if f.Indicator == "yangquan.account.name" {
				got = shown(f.Since)
				if !strings.Contains(f.Text, "登记名称“阳泉网警”，显示名称“阳泉网警发布”，首次见于"+tt.since) {
					t.Errorf("%s: got %s", tt.name, f.Text)
				}
			}
		}
		if got != tt.since || (res.Accounts[0].Verdict == Fail) != (tt.since != "") {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.since)
		}
	}
}

// Where somebody answers for a feed, its name is the account's.
func TestRenameInAFeedThatSomebodyAnswersFor(t *testing.T) {
	for _, whole := range []bool{false, true} {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", look(night, from(extract.FromFeed, showing("阳泉网警发布", listed("2023-09-26")))))
		w.City.Accounts[0].FeedWhole = whole
		got := w.judge().Accounts[0]
		if (got.Verdict == Fail) != whole || got.Observed != "阳泉网警发布" || strings.Contains(got.Note, "请核实") == whole {
			t.Errorf("answered for %v: got %s, %q", whole, got.Verdict, got.Note)
		}
	}
}

func TestOwnerAndAvatarAreHints(t *testing.T) {
	const one, two = "https://tvax1.sinaimg.cn/crop.0.0.1080.180/0011aabbccddeeff22.jpg?KID=1", "https://tvax9.sinaimg.cn/crop.0.0.50.50/0099aabbccddeeff22.jpg"
	r := func(owner, avatar string) extract.Reading {
		r := from(extract.FromPlatform, showing("阳泉网警", listed("2023-09-26")))
		r.Owner, r.Avatar = owner, avatar
		return r
	}
	before := at("2023-09-20 01:30")
	tests := []struct {
		name  string
		looks []Look
		want  string
	}{
		{"the same", []Look{look(before, r("阳泉市公安局", one)), look(night, r("阳泉市 公安局", strings.Replace(one, "tvax1", "tvax4", 1)))}, ""},
		{"another owner", []Look{look(night, r("阳泉某传媒有限公司", ""))}, "national.M4.owner"},
		{"the owner in a sentence", []Look{look(night, r("阳泉市公安局官方微博", ""))}, ""},
		{"no owner shown", []Look{look(night, r("", ""))}, ""},
		{"another picture", []Look{look(before, r("", one)), look(night, r("", two))}, "national.M4.avatar"},
		{"an address that names no picture", []Look{look(before, r("", "https://a/0")), look(night, r("", "https://a/132"))}, ""},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", tt.looks...)
		w.City.Accounts[0].Owner = "阳泉市公安局"
		res := w.judge()
		got := ""
		for _, f := range res.Findings {
			got += f.Indicator
		}
		if got != tt.want || res.Accounts[0].Verdict != Pass {
			t.Errorf("%s: got %q %s, want %q", tt.name, got, res.Accounts[0].Verdict, tt.want)
		}
	}
}

func TestDeadAccounts(t *testing.T) {
	for newest, want := range map[string]bool{"2023-06-26": true, "2023-06-27": false} {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", look(night, from(extract.FromPlatform, listed(newest))))
		res := w.judge()
		if got := slices.Contains(findingsOf(res), "account:140300M010XL0000 national.M2.dead"); got != want {
			t.Errorf("%s: dead %v, want %v", newest, got, want)
		}
		if a := res.Accounts[0]; strings.Join(a.Reasons, ";") != "1周无更新" || a.States[0].Indicator != "yangquan.posts.week" {
			t.Errorf("%s: got %v, by %s", newest, a.Reasons, a.States[0].Indicator)
		}
	}
}

func TestOriginalPosts(t *testing.T) {
	reposted := func(all bool, days ...string) extract.Reading {
		r := listed(days...)
		for i := range r.Items {
			r.Items[i].Repost = all || i == 0
		}
		return from(extract.FromPlatform, r)
	}
	bound := reposted(true, "2023-09-26", "2023-08-01", "2023-06-01")
	bound.AtLeast = true
	tests := []struct {
		name string
		r    extract.Reading
		want bool
	}{
		{"all are passed on", reposted(true, "2023-09-26", "2023-08-01", "2023-06-01"), true},
		{"one is not", reposted(false, "2023-09-26", "2023-08-01", "2023-06-01"), false},
		{"a platform that never tells", from(extract.FromPlatform, listed("2023-09-26", "2023-08-01", "2023-06-01")), false},
		{"the list does not reach back", reposted(true, "2023-09-26", "2023-08-01", "2023-07-01"), false},
		{"only a pinned row does", reposted(true, "2021-01-01", "2023-09-26", "2023-09-25", "2023-09-24"), false},
		{"a lower bound", bound, false},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", look(night, tt.r))
		res := w.judge()
		if got := slices.Contains(findingsOf(res), "account:140300M010XL0000 national.M2.original"); got != tt.want || res.Accounts[0].Verdict != Pass {
			t.Errorf("%s: got %v %s, want %v", tt.name, got, res.Accounts[0].Verdict, tt.want)
		}
	}
}

func TestPace(t *testing.T) {
	platform := func(days ...string) extract.Reading { return from(extract.FromPlatform, listed(days...)) }
	bound := platform("2023-09-26", "2023-06-01")
	bound.AtLeast = true
	tests := []struct {
		name  string
		looks []Look
		from  string
		out   int
		gap   int
	}{
		{"the whole quarter", []Look{look(night, platform("2023-09-26", "2023-09-20", "2023-08-20", "2023-08-01", "2023-06-30"))}, "2023-07-01", 58, 31},
		{"what is shown does not reach back", []Look{look(night, platform("2023-09-26", "2023-09-20", "2023-09-18"))}, "2023-09-18", 0, 5},
		{"a pinned row reaches nowhere", []Look{look(night, platform("2021-01-01", "2023-09-26", "2023-09-18"))}, "2023-09-18", 0, 7},
		{"an earlier look that meets it", []Look{look(at("2023-09-19 01:30"), platform("2023-09-18", "2023-09-10")), look(night, platform("2023-09-26", "2023-09-18"))}, "2023-09-10", 0, 7},
		{"an earlier look that does not", []Look{look(at("2023-09-17 01:30"), platform("2023-09-16", "2023-09-10")), look(night, platform("2023-09-26", "2023-09-18"))}, "2023-09-18", 0, 7},
		{"silent to the end", []Look{look(night, platform("2023-09-10", "2023-09-09"))}, "2023-09-09", 10, 17},
		{"a lower bound", []Look{look(night, bound)}, "", 0, 0},
		{"not looked at lately", []Look{look(at("2023-09-17 01:30"), platform("2023-09-16", "2023-09-10"))}, "", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.account(inventory.Weibo, "阳泉网警", tt.looks...)
			if got := w.judge().Accounts[0].Pace; shown(got.From) != tt.from || got.DaysOut != tt.out || got.LongestGap != tt.gap {
				t.Errorf("got %s %d %d, want %s %d %d", shown(got.From), got.DaysOut, got.LongestGap, tt.from, tt.out, tt.gap)
			}
		})
	}
}

// What is told of accounts comes to no verdict, whatever a rule set says.
func TestHintsOnAccountsAreNoVetoes(t *testing.T) {
	for _, k := range []Kind{KindAlive, KindSingle, KindOwner, KindAvatar} {
		files := []inventory.File{{Name: "rulesets/x.yaml", Data: []byte(one("kind: " + string(k) + ", confidence: H, effect: veto"))}}
		if _, err := Parse(files, "x"); err == nil || !strings.Contains(err.Error(), "is for a person to confirm; write effect: hint or notice") {
			t.Errorf("%s: got %v", k, err)
		}
	}
}
