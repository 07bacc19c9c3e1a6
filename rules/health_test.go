package rules

import (
	"fmt"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

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
			if h.Failing() != tt.failing || h.Tried != tt.blocked+len(tt.read) || h.Read != len(tt.read) || h.Blocked != tt.blocked || len(h.Unread) != tt.blocked ||
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
