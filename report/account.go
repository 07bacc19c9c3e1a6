package report

import (
	"cmp"
	"slices"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// An Account is one account's state and verdict.
type Account struct {
	Code         string     `json:"code"`
	Name         string     `json:"name"`
	Platform     string     `json:"platform"`
	PlatformName string     `json:"platform_name"`
	UID          Null       `json:"uid"`
	Unit         string     `json:"unit"`
	Registered   Null       `json:"registered_state"`
	State        string     `json:"state"`
	Reason       Null       `json:"reason"`
	Hindrance    Null       `json:"hindrance"`
	Newest       Null       `json:"newest"`
	ObservedName Null       `json:"observed_name"`
	NameSince    Null       `json:"name_since"`
	Source       Null       `json:"source"`
	Complete     bool       `json:"complete"`
	Verdict      string     `json:"verdict"`
	Preliminary  bool       `json:"preliminary"`
	Reasons      []string   `json:"reasons"`
	DaysOut      *int       `json:"days_out"`
	LongestGap   *int       `json:"longest_gap"`
	GapFrom      Null       `json:"gap_from"`
	Note         Null       `json:"note"`
	Tries        []SourceOf `json:"tries"`
	Evidence     []Evidence `json:"evidence"`
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
		acc := Account{
			Code: a.Code, Name: a.Name, Platform: string(a.Platform), PlatformName: PlatformName(city, a.Platform), UID: Null(a.UID),
			Unit: unit(a.Unit), Registered: Null(r.Registered), State: string(r.State), Reason: Null(r.Reason),
			Hindrance: Null(reading.Hindrance), Newest: Null(moment(r.Newest.Time)), ObservedName: Null(r.Observed),
			NameSince: Null(day(r.NamedSince)), Source: sourceOfAccount(r), Complete: r.Whole, Verdict: string(r.Verdict),
			Preliminary: true, Reasons: list(r.Reasons), Note: Null(r.Note), Tries: newTries(reading.Tries), Evidence: evidenceOf(r),
		}
		if r.Pace.Known() {
			out, gap := r.Pace.DaysOut, r.Pace.LongestGap
			acc.DaysOut, acc.LongestGap, acc.GapFrom = &out, &gap, Null(day(r.Pace.From))
		}
		out = append(out, acc)
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

// PlatformName is a platform as notices print it: by its profile, or as it is
// known; one that nobody knows is printed as configured.
func PlatformName(city *inventory.City, p inventory.Platform) string {
	i := slices.IndexFunc(city.Platforms, func(q inventory.PlatformProfile) bool { return q.ID == p })
	if i >= 0 && city.Platforms[i].Name != "" {
		return clean(city.Platforms[i].Name)
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
	switch h {
	case extract.HindCaptcha:
		return t.say("验证码", "captcha")
	case extract.HindLogin:
		return t.say("需登录", "log-in wanted")
	case extract.HindVisitor:
		return t.say("访客凭证失效", "no valid visitor's cookie")
	case extract.HindFrequency:
		return t.say("访问过于频繁", "asked too often")
	case extract.HindOldList:
		return t.say("列表陈旧", "an old list")
	case extract.HindShort:
		return t.say("列表不全", "a list that is cut short")
	case extract.HindEmpty:
		return t.say("返回空列表", "an empty list")
	case extract.HindUndated:
		return t.say("作品不带时间", "posts without a time")
	case extract.HindExpired:
		return t.say("链接已过期", "link expired")
	case extract.HindDeleted:
		return t.say("该内容已被删除", "post deleted")
	case extract.HindForeign:
		return t.say("不是该账号的内容", "another account's post")
	case extract.HindNoUser:
		return t.say("用户不存在", "no such user")
	case extract.HindCancelled:
		return t.say("账号已注销", "account cancelled")
	case extract.HindBanned:
		return t.say("账号被封禁", "account banned")
	case extract.HindRecycled:
		return t.say("账号已被回收", "account recycled")
	case extract.HindMoved:
		return t.say("账号已迁移", "account moved")
	}
	return clean(string(h))
}
