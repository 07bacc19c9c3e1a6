package people

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"xuncha/store"
)

func TestTheLogTellsWhoDidWhat(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	b := h.browser()
	wantCause(t, "wrong", b.logIn("zhang", "wrong"), Denied)
	check(t, b.logIn("zhang", secretSentence))
	check(t, h.Note(h.Actor(b.request(), b.user()), "finding.confirm", "fgw/tzgg", "第三季度"))
	b.logOut()
	list, next, err := h.Entries(Question{Most: 100})
	check(t, err)
	var got []string
	for _, e := range list {
		got = append(got, fmt.Sprintf("%d %s %s %s %s", e.N, e.Who, e.From, e.What, e.On))
	}
	want := []string{
		"6 zhang 192.0.2.7 logout zhang",
		"5 zhang 192.0.2.7 finding.confirm fgw/tzgg",
		"4 zhang 192.0.2.7 login zhang",
		"3  192.0.2.7 login.failed zhang",
		"2 zhang 192.0.2.1 password.link zhang",
		"1 root 192.0.2.1 user.create zhang",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || next != 0 {
		t.Errorf("the log is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	head, err := h.VerifyLog(t.Context())
	check(t, err)
	if kept, err := h.LogHead(); err != nil || kept != head || head.N != 6 {
		t.Errorf("head %+v, verified %+v, %v", kept, head, err)
	}
}

// Whoever types the password where the name belongs does not find it in the log,
// and neither do others.
func TestTheLogHoldsNoSecrets(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	b := h.browser()
	check(t, b.logIn("zhang", secretSentence))
	_ = b.logIn("hunter2hunter2", "zhang")
	_, err := h.CreateToken(Actor{Name: "zhang"}, "报表", []Right{See}, time.Hour)
	check(t, err)
	check(t, h.Note(Actor{Name: "zhang"}, "unit.answer", "联系人 13812345678", "身份证 140302199001011234，邮箱 wang.wu@yq.gov.cn 银行卡 6222021234567890123\r\n2023-09-27 伪造一行"))
	for r, err := range h.shelf.Walk("", "") {
		check(t, err)
		for _, secret := range []string{"hunter2", secretSentence, "13812345678", "199001011234", "wang.wu@", "6222021234567890123", b.cookies["xuncha"], "伪造\n"} {
			if strings.Contains(r.Key+string(r.Value), secret) {
				t.Errorf("%s stands in %s: %s", secret, r.Key, r.Value)
			}
		}
	}
	list, _, err := h.Entries(Question{What: "unit.answer", Most: 1})
	check(t, err)
	if want := "联系人 138****5678"; list[0].On != want {
		t.Errorf("masked as %q, want %q", list[0].On, want)
	}
	if want := "身份证 140*************34，邮箱 w***@yq.gov.cn 银行卡 622**************23 2023-09-27 伪造一行"; list[0].Note != want {
		t.Errorf("masked as %q, want %q", list[0].Note, want)
	}
}

func TestTheLogIsAsked(t *testing.T) {
	h := newHouse(t)
	for i := range 3*logBlock + 5 {
		h.later(time.Minute)
		check(t, h.Note(Actor{Name: fmt.Sprint("user", i%3)}, []string{"finding.confirm", "round.start"}[i%2], fmt.Sprint("fgw/", i), ""))
	}
	end := 3*logBlock + 5
	count := func(q Question) (n int) {
		last := end + 1
		for {
			list, next, err := h.Entries(q)
			check(t, err)
			for _, e := range list {
				if n++; e.N >= last || !q.fits(e) {
					t.Fatalf("%+v gives %+v after %d", q, e, last)
				}
				last = e.N
			}
			if next == 0 {
				return n
			}
			q.Before = next
		}
	}
	tests := []struct {
		name string
		q    Question
		want int
	}{
		{"everything", Question{Most: 50}, end},
		{"of one user", Question{Who: "user1", Most: 50}, 258},
		{"of one sort", Question{What: "round.", Most: 7}, 386},
		{"about one object", Question{On: "fgw/77", Most: 50}, 4}, // 77, and 770 to 772
		{"of an hour", Question{From: morning.Add(time.Hour), To: morning.Add(2 * time.Hour), Most: 50}, 60},
		{"of nobody", Question{Who: "root", Most: 50}, 0},
		{"from a number on", Question{Before: 11, Most: 3}, 10},
		{"from a number beyond the end", Question{Before: 1 << 40, Most: 500}, end},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := count(tt.q); got != tt.want {
				t.Errorf("%d entries, want %d", got, tt.want)
			}
		})
	}
}

func TestAChangedLogIsNoticed(t *testing.T) {
	changes := map[string]func(store.ShelfTx) error{
		"an entry was changed": func(tx store.ShelfTx) error {
			return tx.Put(entryKey(3), []byte(strings.Replace(string(tx.Get(entryKey(3))), "user3", "user4", 1)))
		},
		"an entry was taken out": func(tx store.ShelfTx) error { return tx.Delete(entryKey(3)) },
		"two were exchanged": func(tx store.ShelfTx) error {
			a, b := tx.Get(entryKey(3)), tx.Get(entryKey(4))
			return errors.Join(tx.Put(entryKey(3), b), tx.Put(entryKey(4), a))
		},
		"the last was taken off":  func(tx store.ShelfTx) error { return tx.Delete(entryKey(5)) },
		"the first was taken off": func(tx store.ShelfTx) error { return tx.Delete(entryKey(1)) },
		"the last was changed": func(tx store.ShelfTx) error {
			return tx.Put(entryKey(5), []byte(strings.Replace(string(tx.Get(entryKey(5))), "user5", "user6", 1)))
		},
		"one is no entry": func(tx store.ShelfTx) error { return tx.Put(entryKey(2), []byte("{")) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			for i := range 5 {
				check(t, h.Note(Actor{Name: fmt.Sprint("user", i+1)}, "x", "", ""))
			}
			check(t, h.shelf.Update(change))
			if _, err := h.VerifyLog(t.Context()); !errors.Is(err, ErrLogChanged) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// What fails is not logged as done, and what cannot be logged is not done.
func TestDoingAndLoggingAreOne(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	before, err := h.LogHead()
	check(t, err)
	wantCause(t, "no such user", h.Enable(root, "nobody"), Gone)
	if head, err := h.LogHead(); err != nil || head != before {
		t.Errorf("the log went on to %+v, %v", head, err)
	}
	check(t, h.shelf.Update(func(tx store.ShelfTx) error { return tx.Put(keyHead, []byte("{")) }))
	if err := h.Edit(root, User{Name: "zhang", FullName: "李四", Roles: []Role{Viewer}}); err == nil {
		t.Fatal("edited without a log")
	}
	if a, err := h.Account("zhang"); err != nil || a.FullName != "张三" {
		t.Errorf("%+v, %v", a, err)
	}
}
