package people

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"xuncha/store"
)

// Bounds of tokens.
const (
	maxTokenName  = 40
	maxTokens     = 20 // of one user
	maxTokenLife  = 366 * 24 * time.Hour
	keyToken      = "token/"
	authorization = "Authorization"
)

// A token lets a program act for a user, as kept under the digest of its secret.
type token struct {
	User    string    `json:"user"`
	Name    string    `json:"name"`
	Scope   []Right   `json:"scope"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Used    string    `json:"used,omitempty"` // the last day, by UTC
}

// A Token is one of a user's tokens, without its secret, which is shown once.
type Token struct {
	ID      string
	Name    string
	Scope   []Right
	Created time.Time
	Expires time.Time
	Used    string // the last day, "" for never
	Expired bool
}

// bearer returns the token of a request, and whether it sent one. Two are none.
func bearer(r *http.Request) (token string, sent bool) {
	for _, h := range r.Header.Values(authorization) {
		scheme, value, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			continue // a proxy's own
		}
		if sent {
			return "", true
		}
		token, sent = strings.TrimSpace(value), true
	}
	return token, sent
}

// byToken returns for whom a program acts: its user with no more rights than the
// token names.
func (g *Gate) byToken(secret string) (User, error) {
	digest, ok := parseToken(secret)
	if !ok {
		return User{}, errNobody
	}
	t, err := get[token](g, keyToken+digest)
	if err != nil {
		return User{}, err
	}
	a, err := get[account](g, keyUser+t.User)
	if err != nil {
		return User{}, err
	}
	now := g.now()
	if a.Disabled || !now.Before(t.Expires) {
		return User{}, errNobody
	}
	if day := now.UTC().Format(time.DateOnly); t.Used != day {
		if err := g.used(digest, day); err != nil {
			g.log.Warn("people: a token was not marked as used", "error", err)
		}
	}
	u := a.user()
	u.Via = t.Name
	u.Scope = append([]Right{}, t.Scope...) // never nil, which would be no limit
	return u, nil
}

func (g *Gate) used(digest, day string) error {
	err := g.shelf.Update(func(tx store.ShelfTx) error {
		t, err := getIn[token](tx, keyToken+digest)
		if errors.Is(err, errNobody) || err == nil && t.Used == day {
			return errUnchanged
		}
		t.Used = day
		return errors.Join(err, putIn(tx, keyToken+digest, t))
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// CreateToken makes a token of the user who acts, with some of their rights, for
// some time. The secret is returned and never again.
func (g *Gate) CreateToken(by Actor, name string, scope []Right, life time.Duration) (secret string, err error) {
	a, err := g.account(by.Name)
	if err != nil {
		return "", err
	}
	u := a.user()
	if name != plain(name, maxTokenName) || name == "" {
		return "", mistaken("请给令牌起个名字，不超过 40 个字", "give the token a name of at most 40 characters")
	}
	if len(scope) == 0 {
		return "", mistaken("请至少选择一项权限", "choose at least one right")
	}
	if slices.ContainsFunc(scope, func(r Right) bool { return !u.May(r) }) {
		return "", mistaken("令牌的权限不能超出您自己的权限", "a token can have no right that you have not")
	}
	if life <= 0 || life > maxTokenLife {
		return "", mistaken("有效期请选 1 至 366 天", "a token is good for 1 to 366 days")
	}
	own, err := g.Tokens(by.Name)
	if err != nil {
		return "", err
	}
	if len(own) >= maxTokens {
		return "", mistaken("令牌已有 20 个，请先停用不再需要的", "there are 20 tokens; revoke those that are of no use any more")
	}
	secret, digest, err := newSecret(g.random)
	if err != nil {
		return "", err
	}
	scope = slices.Compact(slices.Sorted(slices.Values(scope)))
	now := g.now()
	err = g.shelf.Update(func(tx store.ShelfTx) error {
		return errors.Join(
			putIn(tx, keyToken+digest, token{User: by.Name, Name: name, Scope: scope, Created: now, Expires: now.Add(life)}),
			g.enter(tx, by, madeToken, by.Name, name+" "+words(scope)))
	})
	return tokenPrefix + secret, err
}

func words(scope []Right) string {
	var list []string
	for _, r := range scope {
		list = append(list, string(r))
	}
	return strings.Join(list, ",")
}

// Tokens returns a user's tokens, the newest first.
func (g *Gate) Tokens(name string) ([]Token, error) {
	digests, all, err := list[token](g, keyToken)
	if err != nil {
		return nil, err
	}
	var own []Token
	for i, t := range all {
		if t.User == name {
			own = append(own, Token{shortID(digests[i]), t.Name, t.Scope, t.Created, t.Expires, t.Used, !g.now().Before(t.Expires)})
		}
	}
	slices.SortFunc(own, func(a, b Token) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID)) })
	return own, nil
}

// RevokeToken takes a user's token away, by the ID under which it is shown.
func (g *Gate) RevokeToken(by Actor, name, id string) error {
	digests, all, err := list[token](g, keyToken)
	if err != nil {
		return err
	}
	for i, t := range all {
		if t.User == name && shortID(digests[i]) == id {
			return g.shelf.Update(func(tx store.ShelfTx) error {
				return errors.Join(tx.Delete(keyToken+digests[i]), g.enter(tx, by, endedToken, name, t.Name))
			})
		}
	}
	return noSuch("没有这个令牌，它可能已停用", "there is no such token; it may be revoked already")
}

// dropTokens takes all tokens of a user away.
func (g *Gate) dropTokens(name string) error {
	digests, all, err := list[token](g, keyToken)
	if err != nil {
		return err
	}
	return g.shelf.Update(func(tx store.ShelfTx) error {
		var errs []error
		for i, t := range all {
			if t.User == name {
				errs = append(errs, tx.Delete(keyToken+digests[i]))
			}
		}
		return errors.Join(errs...)
	})
}
