package people

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/argon2"
)

func TestHostile_W09_ANameMustWaitLongerEachTime(t *testing.T) {
	for _, name := range []string{"zhang", "nobody"} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.addUser("zhang", "张三", Handler)
			b := h.browser()
			for i := range nameFailures {
				wantCause(t, fmt.Sprint("attempt ", i), b.logIn(name, "wrong"), Denied)
			}
			for i, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute} {
				h.restart() // gives nobody another attempt
				h.later(wait - time.Second)
				wantCause(t, fmt.Sprint("too early ", i), b.logIn(name, secretSentence), Locked)
				h.later(time.Second)
				wantCause(t, fmt.Sprint("in time ", i), b.logIn(name, "wrong"), Denied)
			}
		})
	}
}

func TestAGoodLogInBeginsTheCountAnew(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	b := h.browser()
	for range 3 {
		for i := range nameFailures - 1 {
			wantCause(t, fmt.Sprint("attempt ", i), b.logIn("zhang", "wrong"), Denied)
		}
		check(t, b.logIn("zhang", secretSentence))
	}
}

// A clock that was a year ahead keeps nobody out for a year.
func TestHostile_G13_AClockThatIsSetBack(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	h.later(365 * 24 * time.Hour)
	b := h.browser()
	for range nameFailures {
		wantCause(t, "wrong", b.logIn("zhang", "wrong"), Denied)
	}
	wantCause(t, "wrong", b.logIn("zhang", "wrong"), Locked)
	h.now = morning
	check(t, b.logIn("zhang", secretSentence))
	if b.user().Name != "zhang" {
		t.Error("not in")
	}
}

func TestHostile_W09_AnAddressMustWait(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	evil := h.browser()
	for i := range addressFailures { // one guess at each of many names
		wantCause(t, fmt.Sprint("attempt ", i), evil.logIn(fmt.Sprint("user", i), "Passw0rd2023"), Denied)
	}
	wantCause(t, "one more", evil.logIn("zhang", secretSentence), Locked)
	check(t, h.browser2("192.0.2.8:1").logIn("zhang", secretSentence))

	six := h.browser2("[2001:db8::1]:1")
	for i := range addressFailures {
		six.from = fmt.Sprintf("[2001:db8::%x]:1", i+1)
		wantCause(t, fmt.Sprint("IPv6 attempt ", i), six.logIn(fmt.Sprint("other", i), "Passw0rd2023"), Denied)
	}
	wantCause(t, "one more of the network", six.logIn("zhang", secretSentence), Locked)
}

func (h *house) browser2(from string) *browser {
	b := h.browser()
	b.from = from
	return b
}

// A good password of one's own does not buy guesses at those of others.
func TestHostile_W09_OwnLogInsForgiveNothing(t *testing.T) {
	h := newHouse(t)
	h.addUser("eve", "李四", Viewer)
	evil := h.browser()
	for i := range addressFailures {
		check(t, evil.logIn("eve", secretSentence))
		wantCause(t, fmt.Sprint("attempt ", i), evil.logIn(fmt.Sprint("user", i), "wrong"), Denied)
	}
	wantCause(t, "one more", evil.logIn("eve", secretSentence), Locked)
}

func TestFailuresAreForgiven(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	b := h.browser()
	for range nameFailures {
		wantCause(t, "wrong", b.logIn("zhang", "wrong"), Denied)
	}
	secret, err := h.Link(root, "zhang")
	check(t, err)
	_, err = h.UseLink(t.Context(), root, secret, secretSentence)
	check(t, err)
	check(t, b.logIn("zhang", secretSentence)) // whoever was given a link need not wait

	for range nameFailures {
		wantCause(t, "wrong", b.logIn("zhang", "wrong"), Denied)
	}
	h.later(nameFailures * longestWait)
	for i := range nameFailures {
		wantCause(t, fmt.Sprint("an hour later, attempt ", i), b.logIn("zhang", "wrong"), Denied)
	}
}

// A flood of made-up names fills neither memory nor disk, and makes nobody forget
// whose account is being tried.
func TestHostile_W09_AFloodIsBounded(t *testing.T) {
	h := newHouse(t)
	tried := attemptOf("zhang", netip.MustParseAddr("192.0.2.9"))
	for range nameFailures {
		check(t, h.guard.enter(tried, h.now))
	}
	h.guard.mu.Lock()
	for i := range maxFailing {
		h.guard.fail[fmt.Sprint("name/made-up-", i)] = failing{1, h.now.Add(time.Duration(i) * time.Millisecond)}
	}
	h.guard.mu.Unlock()
	for i := range 20 {
		h.later(time.Second)
		check(t, h.guard.enter(attemptOf(fmt.Sprint("more", i), netip.MustParseAddr(fmt.Sprintf("198.51.100.%d", i))), h.now))
	}
	if n := len(h.guard.fail); n > maxFailing {
		t.Errorf("%d names and addresses are remembered, want at most %d", n, maxFailing)
	}
	wantCause(t, "the account being tried", h.guard.enter(tried, h.now), Locked)
	for range 1000 {
		check(t, h.failed(Actor{Name: "made-up"}, failedLogIn))
	}
	if head, err := h.LogHead(); err != nil || head.N > failedPerMinute {
		t.Errorf("the log has %d entries (%v), want at most %d", head.N, err, failedPerMinute)
	}
	h.later(time.Minute)
	check(t, h.failed(Actor{Name: "made-up"}, failedLogIn))
	list, _, err := h.Entries(Question{Most: 1})
	check(t, err)
	if want := fmt.Sprintf("+%d", 1000-failedPerMinute); list[0].Note != want {
		t.Errorf("the next entry says %q of those left out, want %q", list[0].Note, want)
	}
}

// Two passwords are hashed at a time, some wait, and the rest are told to come
// again: the patrol keeps its memory.
func TestHostile_W09_HashesQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newHasher(cheap, nil)
		var release []func()
		for range hashSlots {
			done, err := q.wait(t.Context())
			check(t, err)
			release = append(release, done)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		outcomes := map[string]int{}
		for range maxWaiting + 10 {
			wg.Go(func() {
				done, err := q.wait(t.Context())
				mu.Lock()
				defer mu.Unlock()
				var r *Refusal
				if errors.As(err, &r) {
					outcomes[string(r.Cause)]++
					return
				}
				outcomes["hashed"]++
				done()
			})
		}
		synctest.Wait()
		if outcomes["busy"] != 10 || outcomes["hashed"] != 0 {
			t.Errorf("before a slot is free: %v", outcomes)
		}
		release[0]()
		wg.Wait()
		if outcomes["hashed"] != maxWaiting {
			t.Errorf("after: %v", outcomes)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		fillUp, err := q.wait(t.Context())
		check(t, err)
		_, err = q.wait(gone)
		wantCause(t, "somebody who went away", err, Busy)
		begin := time.Now()
		_, err = q.wait(t.Context())
		wantCause(t, "somebody who waited", err, Busy)
		if d := time.Since(begin); d != maxHashWait {
			t.Errorf("waited %s", d)
		}
		fillUp()
		release[1]()
	})
}

// Being told to come again is no failure.
func TestABusyHourLocksNobodyOut(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	for range hashSlots {
		h.hasher.slots <- struct{}{}
	}
	b := h.browser()
	for range 2 * nameFailures {
		r := b.request()
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		_, err := h.LogIn(nil, r.WithContext(ctx), "zhang", secretSentence)
		wantCause(t, "busy", err, Busy)
		_, err = h.LogIn(nil, r.WithContext(ctx), "nobody", secretSentence)
		wantCause(t, "a name that does not exist waits as well", err, Busy)
	}
	for range hashSlots {
		<-h.hasher.slots
	}
	check(t, b.logIn("zhang", secretSentence))
}

func TestPasswords(t *testing.T) {
	tests := []struct {
		name, password string
		good           bool
	}{
		{"a sentence", secretSentence, true},
		{"ten different letters", "zq8vmw2kfh", true},
		{"as long as can be", strings.Repeat("长城abc ", 25), true},
		{"too short", "zq8vmw2kf", false},
		{"few different letters", "aaaabbbbcccc", false},
		{"what everybody tries", "Password123", false},
		{"the name in it", "my-zhang-2023", false},
		{"longer than can be", strings.Repeat("x1y2z", 52), false},
		{"100 KB", strings.Repeat("0123456789abcdef", 6400), false},
		{"a line end", "zq8vmw2kfh\n", false},
		{"bytes that are no text", "zq8vmw2kfh\xff", false},
		{"nothing", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := fit(tt.password, "zhang")
			if tt.good {
				check(t, err)
			} else {
				wantCause(t, tt.name, err, Mistaken)
			}
		})
	}
}

// Log-ins with a password of any size are answered, and only what could be one is
// hashed whole.
func TestHostile_HugePasswordsAndNames(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	huge := strings.Repeat("长", 100<<10/3)
	wantCause(t, "huge password", h.browser().logIn("zhang", huge), Denied)
	wantCause(t, "right password with a tail", h.browser().logIn("zhang", secretSentence+strings.Repeat(" ", 100<<10)), Denied)
	wantCause(t, "huge name", h.browser().logIn(huge, secretSentence), Denied)
	check(t, h.browser().logIn("zhang", secretSentence))
}

// The same characters, typed on another system, are the same password.
func TestPasswordsAreNormalised(t *testing.T) {
	h := newHouse(t)
	secret, err := h.Create(root, User{Name: "zhang", FullName: "张三", Roles: []Role{Viewer}})
	check(t, err)
	_, err = h.UseLink(t.Context(), root, secret, "café au lait 2023")
	check(t, err)
	check(t, h.browser().logIn("zhang", "cafe\u0301 au lait 2023"))
}

// A hash carries its own cost, and is made anew when that is no longer enough.
func TestHashesGrowWithTheirCost(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	kept := func() string {
		a, err := h.account("zhang")
		check(t, err)
		return a.Password
	}
	old := kept()
	h.cfg.Cost = Cost{MemoryKiB: 16, Passes: 2}
	h.restart()
	check(t, h.browser().logIn("zhang", secretSentence))
	if !strings.HasPrefix(kept(), "$argon2id$v=19$m=16,t=2,p=1$") {
		t.Errorf("%s became %s", old, kept())
	}
	check(t, h.browser().logIn("zhang", secretSentence))
}

func TestTheDefaultCostIsWhatWasDecided(t *testing.T) {
	if c := DefaultCost(); c != (Cost{64 << 10, 3}) {
		t.Errorf("default cost is %+v", c)
	}
	// The test vector of others: argon2id of "password" with "somesalt".
	got := argon2.IDKey([]byte("password"), []byte("somesalt"), 2, 64<<10, 1, 32)
	if want := "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"; fmt.Sprintf("%x", got) != want {
		t.Errorf("argon2id is %x, want %s", got, want)
	}
}

func FuzzHash(f *testing.F) {
	f.Add(hash{DefaultCost(), make([]byte, saltBytes), make([]byte, keyBytes)}.String())
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=255$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2i$v=19$m=65536,t=3,p=1$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parseHash(s)
		if err == nil && (h.String() != s || !h.cost.valid() || len(h.key) != keyBytes || len(h.salt) != saltBytes) {
			t.Errorf("%q is taken for %+v", s, h)
		}
	})
}

func FuzzSecrets(f *testing.F) {
	secret, _, err := newSecret(strings.NewReader(strings.Repeat("x", secretBytes)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(secret)
	f.Add(tokenPrefix + secret)
	f.Add("A\nAA")
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := parseSecret(s); ok && (len(s) != 43 || d != digestOf(s)) {
			t.Errorf("%q is taken for a secret", s)
		}
		if _, ok := parseToken(s); ok && len(s) != len(tokenPrefix)+43 {
			t.Errorf("%q is taken for a token", s)
		}
		if e, ok := parseErrand(s); ok && (len(e.State) != 43 || len(e.Nonce) != 43 || len(e.Verifier) != 43) {
			t.Errorf("%q is taken for an errand", s)
		}
	})
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"zhang", "张三", "ＺＨＡＮＧ", "zh\u0430ng", "a\u202eb", "欧阳·娜娜", "ﬁ", "\x00ab"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if name, ok := logName(s); ok {
			if again, ok := logName(name); !ok || again != name {
				t.Errorf("%q becomes %q, and that %q", s, name, again)
			}
		}
		if full, ok := fullName(s); ok {
			if again, ok := fullName(full); !ok || again != full {
				t.Errorf("%q becomes %q, and that %q", s, full, again)
			}
		}
		if got := plain(s, 10); strings.ContainsAny(got, "\r\n\x00\u202e") {
			t.Errorf("%q is logged as %q", s, got)
		}
	})
}
