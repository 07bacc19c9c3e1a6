package report

import (
	"cmp"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// An Account is one account's state and verdict.
type Account struct {
	Code         string   `json:"code"`
	Name         string   `json:"name"`
	Platform     string   `json:"platform"`
	PlatformName string   `json:"platform_name"`
	UID          Null     `json:"uid"`
	Unit         string   `json:"unit"`
	Registered   Null     `json:"registered_state"`
	State        string   `json:"state"`
	Reason       Null     `json:"reason"`
	Hindrance    Null     `json:"hindrance"`
	Newest       Null     `json:"newest"`
	ObservedName Null     `json:"observed_name"`
	NameSince    Null     `json:"name_since"`
	Source       Null     `json:"source"`
	Complete     bool     `json:"complete"`
	Verdict      string   `json:"verdict"`
	Preliminary  bool     `json:"preliminary"`
	Reasons      []string `json:"reasons"`
	pace
	Note     Null       `json:"note"`
	Tries    []SourceOf `json:"tries"`
	Evidence []Evidence `json:"evidence"`
}

// A pace is how an account posted in the point's quarter, null as far as that is
// not known.
type pace struct {
	DaysOut    *int `json:"days_out"`
	LongestGap *int `json:"longest_gap"`
	GapFrom    Null `json:"gap_from"`
}

func newPace(p rules.Pace) pace {
	if !p.Known() {
		return pace{}
	}
	return pace{DaysOut: &p.DaysOut, LongestGap: &p.LongestGap, GapFrom: Null(day(p.From))}
}

// A SourceOf is one source of an account's posts and what it said.
type SourceOf struct {
	Source    string `json:"source"`
	Host      Null   `json:"host"`
	Outcome   string `json:"outcome"`
	Reason    Null   `json:"reason"`
	Hindrance Null   `json:"hindrance"`
	Detail    Null   `json:"detail"`
	Newest    Null   `json:"newest"`
	AtLeast   bool   `json:"at_least"`
}

func newAccounts(city *inventory.City, unit func(string) string, results []rules.AccountResult) []Account {
	out := make([]Account, 0, len(results))
	for _, r := range results {
		a, reading := r.Account, readingOf(r.Look)
		out = append(out, Account{
			Code: a.Code, Name: a.Name, Platform: string(a.Platform), PlatformName: platformName(city, a.Platform), UID: Null(a.UID),
			Unit: unit(a.Unit), Registered: Null(r.Registered), State: string(r.State), Reason: Null(r.Reason),
			Hindrance: Null(reading.Hindrance), Newest: Null(moment(r.Newest.Time)), ObservedName: Null(r.Observed),
			NameSince: Null(day(r.NamedSince)), Source: sourceOfAccount(r), Complete: r.Whole, Verdict: string(r.Verdict),
			Preliminary: true, Reasons: list(r.Reasons), pace: newPace(r.Pace), Note: Null(r.Note), Tries: newTries(reading.Tries),
			Evidence: evidenceOf(r),
		})
	}
	return out
}

// sourceOfAccount is which source gave the newest date; older readings named only
// how it was read. Where nothing was read there is none.
func sourceOfAccount(r rules.AccountResult) Null {
	reading := readingOf(r.Look)
	switch {
	case r.Attested != nil:
		return Null(extract.FromAttestation)
	case r.Newest.IsZero() && !reading.Conclusive():
		return ""
	}
	return Null(cmp.Or(string(reading.From), reading.Method))
}

// evidenceOf is what an account's state rests on: pages, or the picture that a
// person handed in.
func evidenceOf(r rules.AccountResult) []Evidence {
	out := newEvidence(r.Look)
	if s := r.Attested; s != nil {
		out = append(out, Evidence{
			URL: s.Picture, FetchedAt: Null(moment(s.Date)), SHA256: Null(s.SHA256), Outcome: string(wordOutcome(s)),
			Method: Null(extract.FromAttestation),
		})
	}
	return out
}

// wordOutcome is what a person's word comes to: a day on which something was
// posted, or whether a program was there to be used.
func wordOutcome(s *inventory.Submission) extract.Outcome {
	switch {
	case s.Works == nil:
		return extract.Dated
	case *s.Works:
		return extract.Found
	}
	return extract.Absent
}

func newTries(tries []extract.Try) []SourceOf {
	out := make([]SourceOf, 0, len(tries))
	for _, t := range tries {
		out = append(out, SourceOf{
			Source: string(t.Kind), Host: Null(t.Host), Outcome: string(t.Outcome), Reason: Null(t.Reason),
			Hindrance: Null(t.Hindrance), Detail: Null(t.Detail), Newest: Null(moment(t.Newest.Time)), AtLeast: t.AtLeast,
		})
	}
	return out
}

// accountName is an account as notices name it: 阳泉市场监管（微博）.
func accountName(name, platform string) string {
	return clean(name) + "（" + clean(platform) + "）"
}

// platformName is a platform as notices print it: by its profile, or, for rounds
// that kept none, as it is known; one that nobody knows is printed as configured.
func platformName(city *inventory.City, p inventory.Platform) string {
	if known, _ := city.Platform(p); known.Name != "" {
		return clean(known.Name)
	}
	names := map[inventory.Platform]string{
		inventory.Weibo: "微博", inventory.Wechat: "微信公众号", inventory.Channels: "微信视频号",
		inventory.Douyin: "抖音", inventory.Xigua: "西瓜视频", inventory.Toutiao: "今日头条",
		inventory.Kuaishou: "快手", inventory.Bilibili: "哔哩哔哩", inventory.Baijiahao: "百家号",
		inventory.Renminhao: "人民号", inventory.Xuexi: "学习强国", inventory.App: "移动客户端",
		inventory.MiniApp: "小程序",
	}
	if name, ok := names[p]; ok {
		return name
	}
	return clean(string(p))
}

// source is the word for a source of posts.
func (t tongue) source(k extract.SourceKind) string {
	switch k {
	case extract.FromPlatform:
		return t.say("平台公开接口或页面", "the platform")
	case extract.FromBrowser:
		return t.say("浏览器打开平台页面", "the platform in a browser")
	case extract.FromFeed:
		return t.say("订阅源", "a feed")
	case extract.FromLink:
		return t.say("单位提供的链接", "a link handed in")
	case extract.FromAttestation:
		return t.say("人工核验", "a person's word")
	}
	return clean(string(k))
}

// hindrance is the word for what kept an account's posts from being seen.
func (t tongue) hindrance(h extract.Hindrance) string {
	words := map[extract.Hindrance][2]string{
		extract.HindCaptcha:   {"验证码", "captcha"},
		extract.HindLogin:     {"需登录", "log-in wanted"},
		extract.HindVisitor:   {"访客凭证失效", "no valid visitor's cookie"},
		extract.HindFrequency: {"访问过于频繁", "asked too often"},
		extract.HindOldList:   {"列表陈旧", "an old list"},
		extract.HindShort:     {"列表不全", "a list that is cut short"},
		extract.HindEmpty:     {"返回空列表", "an empty list"},
		extract.HindUndated:   {"作品不带时间", "posts without a time"},
		extract.HindExpired:   {"链接已过期", "link expired"},
		extract.HindDeleted:   {"该内容已被删除", "post deleted"},
		extract.HindForeign:   {"不是该账号的内容", "another account's post"},
		extract.HindNoUser:    {"用户不存在", "no such user"},
		extract.HindCancelled: {"账号已注销", "account cancelled"},
		extract.HindBanned:    {"账号被封禁", "account banned"},
		extract.HindRecycled:  {"账号已被回收", "account recycled"},
		extract.HindMoved:     {"账号已迁移", "account moved"},
	}
	if word, ok := words[h]; ok {
		return t.say(word[0], word[1])
	}
	return clean(string(h))
}
