package simcity

import (
	"encoding/base64"
	"encoding/binary"

	"xuncha/inventory"
)

// An account is one account as its platform has it.
type account struct {
	inventory.Account
	shown    string // its name on the platform
	owner    string // its 认证主体
	line     *timeline
	fault    fault
	writer   writer
	pinned   bool
	closed   fault // how it is closed, "" while it is not
	closedOn day   // its first day closed
}

// A post is one thing that an account posted.
type post struct {
	k      int
	at     moment
	title  string
	repost bool
	pinned bool // shown above newer ones
}

// oldListDays is how long ago a list ended that a cache goes on serving.
const oldListDays = 60

// made is the moment of which a list is served.
func (a *account) made(f fault, now moment) moment {
	if f == faultOldList {
		return endOf(now.day - oldListDays)
	}
	return now
}

// posts returns the newest posts, at most so many, the newest first; one that is
// pinned comes before them.
func (a *account) posts(f fault, now moment, most int) []post {
	if f == faultEmpty {
		return nil
	}
	total := a.line.count(a.made(f, now))
	var out []post
	if a.pinned && total > most {
		p := a.post(total / 2)
		p.pinned = true
		out = append(out, p)
	}
	for k := total - 1; k >= max(0, total-most); k-- {
		out = append(out, a.post(k))
	}
	return out[:min(most, len(out))]
}

// post returns the post k.
func (a *account) post(k int) post {
	n := mix(a.line.key, uint64(k))
	at := a.line.at(k)
	return post{k: k, at: at, title: a.writer.title(inventory.ClassNews, n, at.day), repost: n>>50%5 == 0}
}

// shut returns how the account is closed on a day, "" where it is not.
func (a *account) shut(d day) fault {
	if a.closed != "" && d >= a.closedOn {
		return a.closed
	}
	return ""
}

// hindered returns what keeps the account's posts from being shown on a day, ""
// for nothing. What only a page can suffer is none of it.
func (a *account) hindered(d day) fault {
	switch {
	case a.fault == faultUnlabelled:
		return faultUndated
	case a.fault != "" && a.fault.ofMedia():
		return a.fault
	}
	return a.shut(d)
}

// number is the post's number on its platform; later ones are greater.
func (a *account) number(p post) uint64 {
	return 4_900_000_000_000_000 + uint64(p.at.day)*100_000_000 + uint64(p.at.minute)*10_000 + mix(a.line.key, uint64(p.k))%10_000
}

// token is the number of a post as the letters of an address, from which the
// account and the post are found again.
func (a *account) token(k int) string {
	var b [15]byte
	binary.BigEndian.PutUint32(b[:], uint32(a.line.key))
	binary.BigEndian.PutUint32(b[4:], uint32(k))
	copy(b[8:], uint56(mix(a.line.key, uint64(k), 9)))
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func uint56(n uint64) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return b[1:]
}

// posted returns the post behind a token, if it is one of the account's and was
// posted by then.
func (a *account) posted(token string, now moment) (post, bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 15 || binary.BigEndian.Uint32(b) != uint32(a.line.key) {
		return post{}, false
	}
	k := int(binary.BigEndian.Uint32(b[4:]))
	if k >= a.line.count(now) || a.token(k) != token {
		return post{}, false
	}
	return a.post(k), true
}

// avatar is the address of the account's picture.
func (a *account) avatar() string { return "https://img.yq.example/avatar/" + a.Code + ".png" }
