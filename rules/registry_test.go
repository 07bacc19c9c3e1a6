package rules

import (
	"slices"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

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
