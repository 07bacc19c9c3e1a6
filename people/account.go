package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/store"
)

// An Account is a user as administrators see one.
type Account struct {
	User
	Created   time.Time
	LastLogIn time.Time // zero for never
	Ready     bool      // has a password, or is known to the issuer
}

// An account is a user as kept.
type account struct {
	Name     string `json:"name"`
	FullName string `json:"full_name"`
	Roles    []Role `json:"roles"`

	// Formerly are the full names that the user had before. They stay the user's:
	// whoever decided under one is not a second person under another.
	Formerly []string `json:"formerly,omitempty"`

	Unit     string `json:"unit,omitempty"`
	Lang     string `json:"lang,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`

	Password string `json:"password,omitempty"` // hashed; "" for none
	Subject  string `json:"subject,omitempty"`  // the issuer's name for the user, once known

	// Epoch is raised to end every session that began in an earlier one.
	Epoch int `json:"epoch"`

	Created   time.Time `json:"created"`
	LastLogIn time.Time `json:"last_log_in,omitzero"`
}

func (a account) user() User {
	return User{Name: a.Name, FullName: a.FullName, Roles: a.Roles, Unit: a.Unit, Lang: a.Lang, Disabled: a.Disabled, Formerly: a.Formerly}
}

// able reports whether somebody can log in and administer.
func (a account) able() bool {
	return !a.Disabled && (a.Password != "" || a.Subject != "") && slices.Contains(a.Roles, Admin)
}

const keyUser = "user/"

// Users returns all users, by full name.
func (g *Gate) Users() ([]Account, error) {
	_, kept, err := list[account](g, keyUser)
	if err != nil {
		return nil, err
	}
	all := make([]Account, len(kept))
	for i, a := range kept {
		all[i] = a.shown()
	}
	slices.SortFunc(all, func(a, b Account) int {
		return cmp.Or(cmp.Compare(a.FullName, b.FullName), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
}

func (a account) shown() Account {
	return Account{User: a.user(), Created: a.Created, LastLogIn: a.LastLogIn, Ready: a.Password != "" || a.Subject != ""}
}

// Account returns one user, however the name is spelt.
func (g *Gate) Account(name string) (Account, error) {
	name, _ = logName(name)
	a, err := g.account(name)
	return a.shown(), err
}

func (g *Gate) account(name string) (account, error) {
	a, err := get[account](g, keyUser+name)
	if errors.Is(err, errNobody) {
		err = noSuchUser()
	}
	return a, err
}

func noSuchUser() error {
	return noSuch("没有这个用户，请从用户列表中选择", "there is no such user; choose one from the list")
}

// Deciders returns those of the office who may decide about findings, under the
// names and in the roles that stand in the history of findings.
func (g *Gate) Deciders() ([]User, error) {
	all, err := g.Users()
	if err != nil {
		return nil, err
	}
	var office []User
	for _, a := range all {
		a.Roles = slices.DeleteFunc(slices.Clone(a.Roles), func(r Role) bool { return r != Handler && r != Reviewer && r != Signer })
		if !a.Disabled && len(a.Roles) > 0 {
			office = append(office, a.User)
		}
	}
	return office, nil
}

// checked returns a user as it may be kept, or a refusal. Two people may not have
// one full name: decisions that take two people are told apart by it.
func (g *Gate) checked(u User) (User, error) {
	var ok bool
	if u.Name, ok = logName(u.Name); !ok {
		return u, mistaken("登录名为 2 至 32 个小写字母、数字或汉字，中间可有 . _ - @", "a log-in name is 2 to 32 letters, digits or Chinese characters, with . _ - @ between")
	}
	if u.FullName, ok = fullName(u.FullName); !ok {
		return u, mistaken("请填写姓名：2 至 40 个汉字或字母", "enter the person's name: 2 to 40 letters")
	}
	var err error
	if u.Roles, err = validRoles(u.Roles, u.Unit); err != nil {
		return u, err
	}
	if u.Unit != plain(u.Unit, 64) {
		return u, mistaken("没有这个单位，请从列表中选择", "there is no such unit; choose from the list")
	}
	if u.Lang != "" && u.Lang != "zh" && u.Lang != "en" {
		return u, mistaken("语言只有中文和英文", "the languages are Chinese and English")
	}
	_, others, err := list[account](g, keyUser)
	if err != nil {
		return u, err
	}
	for _, other := range others {
		if other.Name != u.Name && other.wasCalled(u.FullName) {
			return u, mistaken("已有同名的用户（含曾用姓名）；办理记录以姓名区分，请加以区别，如“张三（财政局）”写作“张三 财政局”",
				"another user has or had this full name; decisions are told apart by it, so add something to it")
		}
	}
	return u, nil
}

// wasCalled reports whether a full name is or was an account's.
func (a account) wasCalled(full string) bool {
	return slices.ContainsFunc(append(slices.Clone(a.Formerly), a.FullName), func(name string) bool { return folded(name) == folded(full) })
}

// rename gives an account another full name and remembers the one before.
func (a *account) rename(full string) {
	if a.FullName != full && !slices.Contains(a.Formerly, a.FullName) {
		a.Formerly = append(slices.Clone(a.Formerly), a.FullName)
	}
	a.FullName = full
}

// Create adds a user, who has no password yet, and returns the secret of the link
// with which to choose one.
func (g *Gate) Create(by Actor, u User) (secret string, err error) {
	g.users.Lock()
	defer g.users.Unlock()
	if u, err = g.checked(u); err != nil {
		return "", err
	}
	secret, digest, err := newSecret(g.random)
	if err != nil {
		return "", err
	}
	err = g.shelf.Update(func(tx store.ShelfTx) error {
		if tx.Get(keyUser+u.Name) != nil {
			return mistaken("这个登录名已有人用，请换一个", "this log-in name is taken; choose another")
		}
		a := account{Name: u.Name, FullName: u.FullName, Roles: u.Roles, Unit: u.Unit, Lang: u.Lang, Created: g.now()}
		return errors.Join(
			putIn(tx, keyUser+u.Name, a),
			g.putLink(tx, u.Name, digest),
			g.enter(tx, by, didCreate, u.Name, a.what()))
	})
	return secret, err
}

// what is a user's rights in words, for the log.
func (a account) what() string { return fmt.Sprintf("%s %v %s", a.FullName, a.Roles, a.Unit) }

// Edit changes a user's full name, roles and unit. There is always an
// administrator left.
func (g *Gate) Edit(by Actor, u User) error {
	g.users.Lock()
	defer g.users.Unlock()
	u, err := g.checked(u)
	if err != nil {
		return err
	}
	if !slices.Contains(u.Roles, Admin) {
		if err := g.spare(u.Name); err != nil {
			return err
		}
	}
	return g.change(by, u.Name, didEdit, func(a *account) string {
		before := a.what()
		a.rename(u.FullName)
		a.Roles, a.Unit = u.Roles, u.Unit
		return before + " → " + a.what()
	})
}

// spare refuses to do without the last administrator who can log in.
func (g *Gate) spare(name string) error {
	_, all, err := list[account](g, keyUser)
	if err != nil {
		return err
	}
	isOne := func(a account) bool { return a.Name == name && a.able() }
	if slices.ContainsFunc(all, isOne) && !slices.ContainsFunc(all, func(a account) bool { return a.Name != name && a.able() }) {
		return mistaken("这是最后一个能登录的管理员，请先另设一个", "this is the last administrator who can log in; make another one first")
	}
	return nil
}

// Disable lets a user in no more, from this moment on, and ends all sessions,
// tokens and links. A user is never deleted: the history of findings names them.
func (g *Gate) Disable(by Actor, name string) error {
	g.users.Lock()
	defer g.users.Unlock()
	if err := g.spare(name); err != nil {
		return err
	}
	if err := g.change(by, name, didDisable, func(a *account) string {
		a.Disabled = true
		a.Epoch++
		return ""
	}); err != nil {
		return err
	}
	if err := g.shelf.Update(func(tx store.ShelfTx) error { return dropLink(tx, name) }); err != nil {
		return err
	}
	return g.dropTokens(name)
}

// Enable lets a user in again.
func (g *Gate) Enable(by Actor, name string) error {
	return g.change(by, name, didEnable, func(a *account) string {
		a.Disabled = false
		return ""
	})
}

// SetLang changes the language of a user's pages, "" for the browser's.
func (g *Gate) SetLang(by Actor, name, lang string) error {
	if lang != "" && lang != "zh" && lang != "en" {
		return mistaken("语言只有中文和英文", "the languages are Chinese and English")
	}
	return g.change(by, name, didLanguage, func(a *account) string {
		a.Lang = lang
		return lang
	})
}

// change edits one user, with an entry in the log.
func (g *Gate) change(by Actor, name, what string, edit func(*account) (note string)) error {
	return g.shelf.Update(func(tx store.ShelfTx) error {
		a, err := getIn[account](tx, keyUser+name)
		if errors.Is(err, errNobody) {
			return noSuchUser()
		}
		if err != nil {
			return err
		}
		note := edit(&a)
		return errors.Join(putIn(tx, keyUser+name, a), g.enter(tx, by, what, name, note))
	})
}

// ChangePassword gives a user who knows the old password a new one, and ends all
// other sessions of theirs; the caller begins a new one with Renew. Failures count
// as those of a log-in.
func (g *Gate) ChangePassword(ctx context.Context, by Actor, old, password string) error {
	a, err := g.account(by.Name)
	if err != nil {
		return err
	}
	if err := fit(password, a.Name); err != nil {
		return err
	}
	attempt := []watched{{nameKey(a.Name), nameFailures}}
	if err := g.guard.enter(attempt, g.now()); err != nil {
		return err
	}
	right, _, err := g.hasher.check(ctx, a.Password, old[:min(len(old), maxPasswordBytes+1)])
	if err != nil { // nothing was tried
		return errors.Join(err, g.guard.leave(attempt, false, g.now()))
	}
	if !right {
		return mistaken("原密码不对", "the old password is wrong")
	}
	if err := g.guard.leave(attempt, true, g.now()); err != nil {
		return err
	}
	return g.setPassword(ctx, by, a.Name, password, didPassword, nil)
}

// setPassword hashes a password and ends all sessions. also is done in the same
// change.
func (g *Gate) setPassword(ctx context.Context, by Actor, name, password, what string, also func(store.ShelfTx) error) error {
	encoded, err := g.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	return g.shelf.Update(func(tx store.ShelfTx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		a, err := getIn[account](tx, keyUser+name)
		if err != nil {
			return err
		}
		a.Password = encoded
		a.Epoch++
		if what == usedLink {
			a.Subject = ""
		}
		return errors.Join(putIn(tx, keyUser+name, a), g.enter(tx, by, what, name, ""))
	})
}
