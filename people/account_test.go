package people

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTheFirstLinkMakesTheAdministrator(t *testing.T) {
	h := newHouse(t)
	old, err := h.FirstLink()
	check(t, err)
	h.restart()
	secret, err := h.FirstLink()
	check(t, err)
	me := User{Name: "admin2", FullName: "王管理"}
	wantCause(t, "the link of an earlier start", h.SetUp(t.Context(), root, old, me, secretSentence), Gone)
	wantCause(t, "a weak password", h.SetUp(t.Context(), root, secret, me, "admin2"), Mistaken)
	if a, err := h.LinkFor(secret); err != nil || a.Name != "" {
		t.Errorf("the link is of %q, %v; looking at it and a mistake must not use it up", a.Name, err)
	}
	for r := range h.shelf.Walk("", "") {
		if strings.Contains(string(r.Key)+string(r.Value), secret) {
			t.Errorf("the link can be read from %s", r.Key)
		}
	}
	check(t, h.SetUp(t.Context(), root, secret, me, secretSentence))
	b := h.browser()
	check(t, b.logIn("admin2", secretSentence))
	if !b.user().May(Administer) {
		t.Error("the administrator may not administer")
	}
	wantCause(t, "a second use", h.SetUp(t.Context(), root, secret, User{Name: "eve", FullName: "李四"}, secretSentence), Gone)
	if again, err := h.FirstLink(); err != nil || again != "" {
		t.Errorf("there is an administrator, and yet a link %q, %v", again, err)
	}
}

func TestLinksExpire(t *testing.T) {
	h := newHouse(t)
	first, err := h.FirstLink()
	check(t, err)
	h.addUser("zhang", "张三", Handler)
	reset, err := h.Link(root, "zhang")
	check(t, err)
	h.later(linkLife)
	wantCause(t, "the first link", h.SetUp(t.Context(), root, first, User{Name: "eve", FullName: "李四"}, secretSentence), Gone)
	_, err = h.UseLink(t.Context(), root, reset, secretSentence)
	wantCause(t, "a reset", err, Gone)
}

func TestHostile_LinksAreOfNoOtherUse(t *testing.T) {
	h := newHouse(t)
	first, err := h.FirstLink()
	check(t, err)
	h.addUser("zhang", "张三", Handler)
	older, err := h.Link(root, "zhang")
	check(t, err)
	secret, err := h.Link(root, "zhang")
	check(t, err)

	_, err = h.UseLink(t.Context(), root, older, secretSentence)
	wantCause(t, "a link that another took the place of", err, Gone)
	wantCause(t, "a reset makes no administrator", h.SetUp(t.Context(), root, secret, User{Name: "eve", FullName: "李四"}, secretSentence), Gone)
	_, err = h.UseLink(t.Context(), root, first, secretSentence)
	wantCause(t, "the first link resets nobody", err, Gone)
	for _, s := range []string{"", "x", strings.Repeat("A", 43), secret + "=", secret[:42], secret + "\n", "../user/zhang", strings.Repeat("z", 100<<10)} {
		_, err := h.LinkFor(s)
		wantCause(t, fmt.Sprintf("%.20q", s), err, Gone)
	}
	check(t, h.Disable(root, "zhang"))
	_, err = h.UseLink(t.Context(), root, secret, secretSentence)
	wantCause(t, "the link of a disabled user", err, Gone)
	_, err = h.Link(root, "nobody")
	wantCause(t, "a link for nobody", err, Gone)
}

// Of many who use one link at once, one has it.
func TestALinkIsUsedOnce(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	secret, err := h.Link(root, "zhang")
	check(t, err)
	used := make(chan error, 8)
	for i := range cap(used) {
		go func() {
			_, err := h.UseLink(t.Context(), root, secret, fmt.Sprint(secretSentence, i))
			used <- err
		}()
	}
	good := 0
	for range cap(used) {
		if err := <-used; err == nil {
			good++
		} else {
			wantCause(t, "used", err, Gone)
		}
	}
	if good != 1 {
		t.Errorf("the link was used %d times", good)
	}
}

func TestHostile_NamesThatAreRefused(t *testing.T) {
	names := []string{
		"", "x", strings.Repeat("a", 33), "a b", "zhang\x00", "zhang\n", "a\u202egnahz", "zh\u0430ng", "αβγ", "zhang/../root", "<script>", "z%00", "-rf", "a.", "用户\u200b一", "😀😀",
		strings.Repeat("a", 100<<10), "ä", "\xff\xfe", "user name",
	}
	h := newHouse(t)
	for _, name := range names {
		if strings.TrimSpace(name) != name {
			continue
		}
		_, err := h.Create(root, User{Name: name, FullName: "张三", Roles: []Role{Viewer}})
		wantCause(t, fmt.Sprintf("name %.20q", name), err, Mistaken)
	}
	for _, full := range []string{"", "张", "张\u202e三", "张三\x00", "<b>张三</b>", "=张三()", "\u0430\u0431\u0432", "...", strings.Repeat("张", 41), strings.Repeat("a", 100<<10), "张三\u200b", "@all 张三"} {
		_, err := h.Create(root, User{Name: "zhang", FullName: full, Roles: []Role{Viewer}})
		wantCause(t, fmt.Sprintf("full name %.20q", full), err, Mistaken)
	}
}

// A name is one name in whatever width or case it is typed, and one person's alone.
func TestNamesHaveOneSpelling(t *testing.T) {
	h := newHouse(t)
	_, err := h.Create(root, User{Name: " ＺＨＡＮＧ．ｓａｎ", FullName: "张　三", Roles: []Role{Viewer}})
	check(t, err)
	if a, err := h.Account("zhang.san"); err != nil || a.FullName != "张 三" {
		t.Errorf("kept is %+v, %v", a, err)
	}
	_, err = h.Create(root, User{Name: "ZHANG.san", FullName: "李四", Roles: []Role{Viewer}})
	wantCause(t, "the same name", err, Mistaken)
	_, err = h.Create(root, User{Name: "other", FullName: "张三", Roles: []Role{Viewer}})
	wantCause(t, "the same person's name", err, Mistaken)
}

func TestRolesGoWithUnits(t *testing.T) {
	tests := []struct {
		name  string
		roles []Role
		unit  string
		good  bool
	}{
		{"office", []Role{Handler, Signer}, "", true},
		{"a clerk with a unit", []Role{Clerk}, "czj", true},
		{"a clerk without", []Role{Clerk}, "", false},
		{"a supervisor without", []Role{Supervisor}, "", false},
		{"the office with a unit, which would not bind", []Role{Handler}, "czj", false},
		{"a clerk who may see the city", []Role{Clerk, Viewer}, "czj", false},
		{"no role", nil, "", false},
		{"no such role", []Role{"root"}, "", false},
		{"no such role among others", []Role{Viewer, ""}, "", false},
		{"a unit that is no ID", []Role{Clerk}, "c\nzj", false},
		{"twice the same", []Role{Viewer, Viewer}, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			_, err := h.Create(root, User{Name: "zhang", FullName: "张三", Roles: tt.roles, Unit: tt.unit})
			if tt.good {
				check(t, err)
			} else {
				wantCause(t, tt.name, err, Mistaken)
			}
		})
	}
}

func TestThereIsAlwaysAnAdministrator(t *testing.T) {
	h := newHouse(t)
	h.addUser("one", "管理一", Admin)
	_, err := h.Create(root, User{Name: "two", FullName: "管理二", Roles: []Role{Admin}}) // has not used the link
	check(t, err)
	wantCause(t, "disabling the last", h.Disable(root, "one"), Mistaken)
	wantCause(t, "taking the last one's role", h.Edit(root, User{Name: "one", FullName: "管理一", Roles: []Role{Viewer}}), Mistaken)
	h.addUser("three", "管理三", Admin, Handler)
	check(t, h.Disable(root, "one"))
	wantCause(t, "disabling the last again", h.Disable(root, "three"), Mistaken)
	wantCause(t, "disabling nobody", h.Disable(root, "nobody"), Gone)
}

func TestEditsTakeEffectAtOnce(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler, Signer)
	b := h.browser()
	check(t, b.logIn("zhang", secretSentence))
	check(t, h.Edit(root, User{Name: "zhang", FullName: "张三丰", Roles: []Role{Clerk}, Unit: "czj"}))
	if u := b.user(); u.May(Sign) || u.FullName != "张三丰" || u.Everywhere() || !u.Sees("czj", nil) {
		t.Errorf("in is %+v", u)
	}
	check(t, h.SetLang(root, "zhang", "en"))
	wantCause(t, "a language", h.SetLang(root, "zhang", "fr"), Mistaken)
	if b.user().Lang != "en" {
		t.Error("the language was not changed")
	}
}

func TestChangingThePasswordTakesTheOldOne(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	me := Actor{Name: "zhang"}
	wantCause(t, "wrong old one", h.ChangePassword(t.Context(), me, "wrong", secretSentence+"!"), Mistaken)
	wantCause(t, "weak new one", h.ChangePassword(t.Context(), me, secretSentence, "short"), Mistaken)
	for range nameFailures - 1 {
		wantCause(t, "wrong old one", h.ChangePassword(t.Context(), me, "wrong", secretSentence+"!"), Mistaken)
	}
	wantCause(t, "guesses at it are counted", h.ChangePassword(t.Context(), me, secretSentence, secretSentence+"!"), Locked)
	h.later(time.Hour)
	check(t, h.ChangePassword(t.Context(), me, secretSentence, secretSentence+"!"))
	wantCause(t, "the old one", h.browser().logIn("zhang", secretSentence), Denied)
	check(t, h.browser().logIn("zhang", secretSentence+"!"))
}

func TestDecidersAreThoseOfTheOffice(t *testing.T) {
	h := newHouse(t)
	h.addUser("wang", "王五", Handler, Operator)
	h.addUser("zhao", "赵六", Reviewer, Signer)
	h.addUser("sun", "孙七", Admin)
	h.addUser("li", "李四", Signer)
	check(t, h.Disable(root, "li"))
	office, err := h.Deciders()
	check(t, err)
	var got []string
	for _, u := range office {
		got = append(got, fmt.Sprint(u.FullName, u.Roles))
	}
	if want := []string{"王五[经办]", "赵六[签发 审核]"}; !slices.Equal(got, want) {
		t.Errorf("deciders are %v, want %v", got, want)
	}
}

func TestTokens(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	me := Actor{Name: "zhang"}
	secret, err := h.CreateToken(me, "报表", []Right{See, Patrol, See}, 24*time.Hour)
	check(t, err)
	program := h.browser()
	program.header.Set("Authorization", "bearer "+secret)
	u := program.user()
	if u.Name != "zhang" || u.Via != "报表" || !u.May(See) || !u.May(Patrol) || u.May(Propose) || u.May(TryOut) {
		t.Errorf("a program is %+v", u)
	}
	own, err := h.Tokens("zhang")
	check(t, err)
	if len(own) != 1 || own[0].Used != "2023-09-27" || !slices.Equal(own[0].Scope, []Right{Patrol, See}) {
		t.Errorf("tokens are %+v", own)
	}
	for r := range h.shelf.Walk("", "") {
		if strings.Contains(string(r.Key)+string(r.Value), strings.TrimPrefix(secret, tokenPrefix)) {
			t.Errorf("the token can be read from %s", r.Key)
		}
	}

	check(t, h.Edit(root, User{Name: "zhang", FullName: "张三", Roles: []Role{Viewer}}))
	if u := program.user(); u.May(Patrol) || !u.May(See) {
		t.Error("a token has rights that its user lost")
	}
	h.later(24 * time.Hour)
	if program.user().Name != "" {
		t.Error("an expired token is good")
	}
}

func TestTokensEnd(t *testing.T) {
	for name, end := range map[string]func(*house, string) error{
		"when revoked":  func(h *house, id string) error { return h.RevokeToken(root, "zhang", id) },
		"when disabled": func(h *house, _ string) error { return h.Disable(root, "zhang") },
		"and stay so when enabled": func(h *house, _ string) error {
			return errors.Join(h.Disable(root, "zhang"), h.Enable(root, "zhang"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.addUser("zhang", "张三", Handler)
			secret, err := h.CreateToken(Actor{Name: "zhang"}, "报表", []Right{See}, time.Hour)
			check(t, err)
			own, err := h.Tokens("zhang")
			check(t, err)
			check(t, end(h, own[0].ID))
			program := h.browser()
			program.header.Set("Authorization", "Bearer "+secret)
			if program.user().Name != "" {
				t.Error("the token is still good")
			}
			if err := h.RevokeToken(root, "zhang", own[0].ID); err == nil {
				t.Error("it can be revoked again")
			}
		})
	}
}

func TestHostile_TokensThatAreNone(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	me := Actor{Name: "zhang"}
	secret, err := h.CreateToken(me, "报表", []Right{See}, time.Hour)
	check(t, err)
	b := h.browser()
	check(t, b.logIn("zhang", secretSentence))
	for _, sent := range [][]string{
		{"Bearer"}, {"Bearer "}, {"Bearer x"}, {"Bearer " + secret[:len(secret)-1]}, {"Bearer " + strings.TrimPrefix(secret, tokenPrefix)},
		{"Bearer " + secret, "Bearer " + secret}, {"Bearer " + tokenPrefix + b.cookies["xuncha"]}, {"Bearer " + strings.Repeat("x", 100<<10)},
	} {
		b.header["Authorization"] = sent
		if u := b.user(); u.Name != "" {
			t.Errorf("%.40q is %s, whatever the cookie", sent, u.Name)
		}
	}
	b.header.Set("Authorization", "Basic Zm9vOmJhcg==")
	if b.user().Name != "zhang" {
		t.Error("what a proxy sends for itself hides the session")
	}
	delete(b.header, "Authorization")
	b.cookies["xuncha"] = strings.TrimPrefix(secret, tokenPrefix)
	if b.user().Name != "" {
		t.Error("a token is taken for a session")
	}

	for name, create := range map[string]func() (string, error){
		"more rights than the user's":    func() (string, error) { return h.CreateToken(me, "x", []Right{Administer}, time.Hour) },
		"no rights":                      func() (string, error) { return h.CreateToken(me, "x", nil, time.Hour) },
		"no such right":                  func() (string, error) { return h.CreateToken(me, "x", []Right{"all"}, time.Hour) },
		"no name":                        func() (string, error) { return h.CreateToken(me, "", []Right{See}, time.Hour) },
		"a name with control characters": func() (string, error) { return h.CreateToken(me, "a\nb", []Right{See}, time.Hour) },
		"for ever":                       func() (string, error) { return h.CreateToken(me, "x", []Right{See}, 1<<62) },
		"no time":                        func() (string, error) { return h.CreateToken(me, "x", []Right{See}, 0) },
		"backwards":                      func() (string, error) { return h.CreateToken(me, "x", []Right{See}, -time.Hour) },
	} {
		_, err := create()
		wantCause(t, name, err, Mistaken)
	}
	for i := range maxTokens - 1 {
		_, err := h.CreateToken(me, fmt.Sprint("n", i), []Right{See}, time.Hour)
		check(t, err)
	}
	_, err = h.CreateToken(me, "one more", []Right{See}, time.Hour)
	wantCause(t, "tokens without end", err, Mistaken)
}

// A person who was given another name stays the person who decided under the first,
// and nobody else can come to bear it.
func TestHostile_ANameIsNeverAnotherPersons(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler, Reviewer)
	check(t, h.Edit(root, User{Name: "zhang", FullName: "张叁", Roles: []Role{Handler, Reviewer}}))
	check(t, h.Edit(root, User{Name: "zhang", FullName: "张三丰", Roles: []Role{Handler, Reviewer}}))
	_, err := h.Create(root, User{Name: "other", FullName: "张　三", Roles: []Role{Reviewer}})
	wantCause(t, "a new user under an old name", err, Mistaken)
	h.addUser("li", "李四", Reviewer)
	wantCause(t, "renamed to another's old name", h.Edit(root, User{Name: "li", FullName: "张叁", Roles: []Role{Reviewer}}), Mistaken)
	check(t, h.Edit(root, User{Name: "zhang", FullName: "张三", Roles: []Role{Handler, Reviewer}})) // one's own name comes back
	office, err := h.Deciders()
	check(t, err)
	for _, u := range office {
		if u.Name == "zhang" && !slices.Equal(u.Formerly, []string{"张三", "张叁", "张三丰"}) {
			t.Errorf("zhang was called %v", u.Formerly)
		}
	}
}

func TestTheLinkOfADisabledUserEnds(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	secret, err := h.Link(root, "zhang")
	check(t, err)
	check(t, h.Disable(root, "zhang"))
	check(t, h.Enable(root, "zhang"))
	_, err = h.UseLink(t.Context(), root, secret, secretSentence)
	wantCause(t, "a link from before", err, Gone)
}
