package extract

// A Posting says whose posts are wanted and where a guest may see them.
type Posting struct {
	// UID is what the platform itself calls the account by; "" where nobody
	// knows it. Names change, a UID does not.
	UID string

	// Name is the registered name. By it a post that was handed in is told from
	// somebody else's where there is no UID.
	Name string

	// Sources are the ways to see its posts, the strongest first.
	Sources []PostSource
}

// A PostSource is one way to see an account's posts.
type PostSource struct {
	Kind SourceKind

	// URL is where it is asked; nothing is left to fill in.
	URL string

	// Forms are what it may answer with; the first that fits an answer reads it.
	// None means a feed, or, for a link, an article.
	Forms []PostForm

	// Refusals are what it says in the place of posts.
	Refusals []Refusal

	// Whole says how far its answers are to be trusted to hold the newest post.
	Whole Whole
}

// SourceKind tells the ways to see posts apart, by their strength.
type SourceKind string

// The kinds, the strongest first.
const (
	FromPlatform SourceKind = "platform" // the platform's public answer or page
	FromBrowser  SourceKind = "browser"  // the same as a browser shows it
	FromFeed     SourceKind = "feed"     // a feed that somebody makes of it
	FromLink     SourceKind = "link"     // one post that the unit handed in

	// FromAttestation is a person's word with a picture. It is judged and never
	// read, see package rules.
	FromAttestation SourceKind = "attestation"
)

// Whole says whether a list that a guest is shown holds the account's newest
// post. What a guest is not shown must accuse nobody.
type Whole string

// The grades.
const (
	// WholeNever: what is seen is a lower bound, as of an album or a search.
	WholeNever Whole = ""

	// WholeNewest: the list begins with the newest posts, as long as nothing
	// speaks against it: the answer's own count of posts, its own clock, and what
	// earlier looks saw.
	WholeNewest Whole = "newest"

	// WholeCounted: only a list with as many rows as the account is said to have
	// posts is whole.
	WholeCounted Whole = "counted"
)

// A PostForm is one form in which posts come. Of its recipe, Name is the
// account's shown name. In JSON every field is a path, as in a [Recipe].
type PostForm struct {
	Recipe

	// At is an RE2 expression for the address of the answers that have this form,
	// as of the requests of a page that a browser shows; "" fits any. Signs are
	// texts, all of which the body of such an answer holds: by them a form is
	// recognised at any address.
	At    string   `yaml:"at,omitempty" json:"at,omitempty"`
	Signs []string `yaml:"signs,omitempty" json:"signs,omitempty"`

	// Part is an RE2 expression for the address of those of them that hold but a
	// part of an account's posts, whatever the source promises: a later page, the
	// posts of one kind. "." is any.
	Part string `yaml:"part,omitempty" json:"part,omitempty"`

	// Island is the text in front of the data where a script of an HTML page
	// holds them: "window._SSR_HYDRATED_DATA=". The recipe then reads the data.
	// Data written as a URI component are decoded.
	Island string `yaml:"island,omitempty" json:"island,omitempty"`

	// UID, Owner, Avatar and Posts are where the answer states the account's own
	// identity, its 认证主体, the address of its picture, and how many posts it
	// has. More is where it states whether older posts follow, and Made when it
	// was made, if that is not now.
	UID    string `yaml:"uid,omitempty" json:"uid,omitempty"`
	Owner  string `yaml:"owner,omitempty" json:"owner,omitempty"`
	Avatar string `yaml:"avatar,omitempty" json:"avatar,omitempty"`
	Posts  string `yaml:"posts,omitempty" json:"posts,omitempty"`
	More   string `yaml:"more,omitempty" json:"more,omitempty"`
	Made   string `yaml:"made,omitempty" json:"made,omitempty"`

	// Repost is a member of a row that only posts of others have, Aside one that
	// only what is no post of the account has: what it liked, an advertisement.
	// Pinned is one that only posts held on top have.
	Repost string `yaml:"repost,omitempty" json:"repost,omitempty"`
	Aside  string `yaml:"aside,omitempty" json:"aside,omitempty"`
	Pinned string `yaml:"pinned,omitempty" json:"pinned,omitempty"`
}

// A Refusal is what a platform says in the place of posts. All that is given
// must fit.
type Refusal struct {
	Hindrance Hindrance `yaml:"hindrance" json:"hindrance"`

	Status int    `yaml:"status,omitempty" json:"status,omitempty"` // HTTP status
	At     string `yaml:"at,omitempty" json:"at,omitempty"`         // RE2, on the address of the answer
	Field  string `yaml:"field,omitempty" json:"field,omitempty"`   // a path in JSON: "ok =~ ^-100$"
	Text   string `yaml:"text,omitempty" json:"text,omitempty"`     // RE2, on what a reader sees, or on the source of what is no page
}

// A Hindrance is what kept an account's posts from being seen. Each has one
// [Reason]; see [Hindrance.Reason].
type Hindrance string

// The hindrances. The last five tell of the account, the others of the look.
const (
	HindCaptcha   Hindrance = "captcha"   // 验证码
	HindLogin     Hindrance = "login"     // 需登录
	HindVisitor   Hindrance = "visitor"   // 访客凭证失效: no visitor's cookie, or an old one
	HindFrequency Hindrance = "frequency" // 访问过于频繁
	HindOldList   Hindrance = "old-list"  // 列表陈旧: older than what was seen before, or made long ago
	HindShort     Hindrance = "short"     // 列表不全: fewer rows than the account has posts
	HindEmpty     Hindrance = "empty"     // 返回空列表: hidden from us or truly none
	HindUndated   Hindrance = "undated"   // 作品不带时间
	HindExpired   Hindrance = "expired"   // 链接已过期
	HindDeleted   Hindrance = "deleted"   // 该内容已被删除: of one post
	HindForeign   Hindrance = "foreign"   // 不是该账号的内容

	HindNoUser    Hindrance = "no-user"   // 用户不存在
	HindCancelled Hindrance = "cancelled" // 账号已注销
	HindBanned    Hindrance = "banned"    // 账号被封禁
	HindRecycled  Hindrance = "recycled"  // 账号已被回收
	HindMoved     Hindrance = "moved"     // 账号已迁移
)

// Hindrances returns every hindrance, those that tell of the account last.
func Hindrances() []Hindrance {
	return []Hindrance{
		HindCaptcha, HindLogin, HindVisitor, HindFrequency, HindOldList, HindShort, HindEmpty, HindUndated, HindExpired, HindDeleted,
		HindForeign, HindNoUser, HindCancelled, HindBanned, HindRecycled, HindMoved,
	}
}

// A Try is what came of one source. Host is where it was asked, with a port that is
// not the usual one; Newest is zero where it showed no date.
type Try struct {
	Kind      SourceKind `json:"kind"`
	Host      string     `json:"host"`
	Outcome   Outcome    `json:"outcome"`
	Reason    Reason     `json:"reason,omitempty"`
	Hindrance Hindrance  `json:"hindrance,omitempty"`
	Detail    string     `json:"detail,omitempty"`
	Newest    Date       `json:"newest,omitzero"`
	AtLeast   bool       `json:"at_least,omitempty"`
}

// Reason maps a hindrance to the reason shown, "" for none.
func (h Hindrance) Reason() Reason {
	switch h {
	case "":
		return ""
	case HindOldList, HindShort:
		return ReasonPartial
	case HindUndated:
		return ReasonUndated
	case HindEmpty, HindForeign:
		return ReasonLost
	case HindExpired, HindDeleted, HindNoUser, HindCancelled, HindBanned, HindRecycled, HindMoved:
		return ReasonGone
	}
	return ReasonBlocked
}
