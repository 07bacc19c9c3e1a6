package rules

import (
	"slices"
	"strings"
	"testing"

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

// What is told of accounts comes to no verdict, whatever a rule set says.
func TestHintsOnAccountsAreNoVetoes(t *testing.T) {
	for _, k := range []Kind{KindAlive, KindSingle, KindOwner, KindAvatar} {
		files := []inventory.File{{Name: "rulesets/x.yaml", Data: []byte(one("kind: " + string(k) + ", confidence: H, effect: veto"))}}
		if _, err := Parse(files, "x"); err == nil || !strings.Contains(err.Error(), "is for a person to confirm; write effect: hint or notice") {
			t.Errorf("%s: got %v", k, err)
		}
	}
}
