package people

import (
	"context"
	"errors"
	"slices"
	"time"

	"xuncha/store"
)

// linkLife is how long a one-time link is good.
const linkLife = 24 * time.Hour

// A link lets whoever has it choose a user's password, once. That of the first
// administrator names no user.
type link struct {
	User    string    `json:"user,omitempty"`
	Expires time.Time `json:"expires"`
}

const (
	keyLink   = "link/"   // by digest
	keyLinkOf = "linkof/" // the digest of a user's only one
)

// putLink makes a link the only one of a user.
func (g *Gate) putLink(tx store.ShelfTx, user, digest string) error {
	return errors.Join(
		dropLink(tx, user),
		putIn(tx, keyLink+digest, link{user, g.now().Add(linkLife)}),
		tx.Put(keyLinkOf+user, []byte(digest)))
}

func dropLink(tx store.ShelfTx, user string) error {
	if old := tx.Get(keyLinkOf + user); old != nil {
		return errors.Join(tx.Delete(keyLink+string(old)), tx.Delete(keyLinkOf+user))
	}
	return nil
}

// FirstLink returns the secret of a link with which to make the administrator, ""
// once there is one who can log in. Each link takes the place of the one before and
// is good for a day.
func (g *Gate) FirstLink() (secret string, err error) {
	g.users.Lock()
	defer g.users.Unlock()
	_, all, err := list[account](g, keyUser)
	if err != nil || slices.ContainsFunc(all, account.able) {
		return "", err
	}
	secret, digest, err := newSecret(g.random)
	if err != nil {
		return "", err
	}
	return secret, g.shelf.Update(func(tx store.ShelfTx) error { return g.putLink(tx, "", digest) })
}

// Link returns the secret of a link with which a user may choose a password. The
// old password and the sessions are good until then.
func (g *Gate) Link(by Actor, name string) (secret string, err error) {
	secret, digest, err := newSecret(g.random)
	if err != nil {
		return "", err
	}
	err = g.shelf.Update(func(tx store.ShelfTx) error {
		if tx.Get(keyUser+name) == nil {
			return noSuchUser()
		}
		return errors.Join(g.putLink(tx, name, digest), g.enter(tx, by, madeLink, name, ""))
	})
	return secret, err
}

// errLink says the same of every link that is of no use.
func errLink() error {
	return noSuch("这个链接已用过、已过期或不完整；请管理员另发一个，首次启动的链接重启程序即可得到",
		"this link was used, has expired or is not whole; ask an administrator for another, or start the program again for the first one")
}

// LinkFor returns whose link a secret is of, the zero Account for that of the first
// administrator. It does not use it up.
func (g *Gate) LinkFor(secret string) (Account, error) {
	digest, ok := parseSecret(secret)
	if !ok {
		return Account{}, errLink()
	}
	l, err := get[link](g, keyLink+digest)
	if err == nil {
		err = g.good(l)
	}
	if errors.Is(err, errNobody) {
		return Account{}, errLink()
	}
	if err != nil || l.User == "" {
		return Account{}, err
	}
	a, err := g.account(l.User)
	if err == nil && a.Disabled {
		err = errLink()
	}
	return a.shown(), err
}

func (g *Gate) good(l link) error {
	if !g.now().Before(l.Expires) {
		return errLink()
	}
	return nil
}

// useLink takes a link away, once.
func (g *Gate) useLink(tx store.ShelfTx, secret, user string) error {
	digest, _ := parseSecret(secret)
	l, err := getIn[link](tx, keyLink+digest)
	if errors.Is(err, errNobody) || err == nil && l.User != user {
		return errLink()
	}
	if err == nil {
		err = g.good(l)
	}
	return errors.Join(err, dropLink(tx, user))
}

// UseLink chooses a user's password by a link, which is of no use afterwards. All
// sessions end, a name that had to wait need not wait any more, and an issuer may
// bring the user under another subject. It returns the user's name.
func (g *Gate) UseLink(ctx context.Context, by Actor, secret, password string) (name string, err error) {
	a, err := g.LinkFor(secret)
	if err != nil {
		return "", err
	}
	if a.Name == "" {
		return "", errLink()
	}
	if err := fit(password, a.Name); err != nil {
		return "", err
	}
	by.Name = a.Name
	if err := g.setPassword(ctx, by, a.Name, password, usedLink, func(tx store.ShelfTx) error { return g.useLink(tx, secret, a.Name) }); err != nil {
		return "", err
	}
	return a.Name, g.guard.pardon(a.Name, g.now())
}

// SetUp makes the first administrator by the link that FirstLink returned.
func (g *Gate) SetUp(ctx context.Context, by Actor, secret string, u User, password string) error {
	a, err := g.LinkFor(secret)
	if err != nil {
		return err
	}
	if a.Name != "" {
		return errLink()
	}
	g.users.Lock()
	defer g.users.Unlock()
	u.Roles, u.Unit = []Role{Admin}, ""
	if u, err = g.checked(u); err != nil {
		return err
	}
	if err := fit(password, u.Name); err != nil {
		return err
	}
	encoded, err := g.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	by.Name = u.Name
	return g.shelf.Update(func(tx store.ShelfTx) error {
		if err := g.useLink(tx, secret, ""); err != nil {
			return err
		}
		if tx.Get(keyUser+u.Name) != nil {
			return mistaken("这个登录名已有人用，请换一个", "this log-in name is taken; choose another")
		}
		first := account{Name: u.Name, FullName: u.FullName, Roles: u.Roles, Lang: u.Lang, Password: encoded, Created: g.now()}
		return errors.Join(putIn(tx, keyUser+u.Name, first), g.enter(tx, by, didSetUp, u.Name, first.what()))
	})
}
