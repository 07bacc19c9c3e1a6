package people

import (
	"fmt"
	"testing"
	"time"
)

// What telling who asks costs each request, with as many users and sessions as a
// city has.
func BenchmarkUser(b *testing.B) {
	h := newHouse(b)
	for i := range 60 {
		h.addUser(fmt.Sprint("user", i), fmt.Sprintf("用户%d号", i), Viewer)
	}
	br := h.browser()
	check(b, br.logIn("user7", secretSentence))
	for b.Loop() {
		if br.user().Name != "user7" {
			b.Fatal("out")
		}
	}
}

// What one password costs at the cost in use.
func BenchmarkPassword(b *testing.B) {
	h := newHasher(DefaultCost(), zeros{})
	encoded, err := h.make(b.Context(), secretSentence)
	check(b, err)
	for b.Loop() {
		if right, _, err := h.check(b.Context(), encoded, secretSentence); err != nil || !right {
			b.Fatal(right, err)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A log of years is verified in a time one can wait for.
func BenchmarkVerifyLog(b *testing.B) {
	h := newHouse(b)
	for i := range 2000 {
		h.later(time.Second)
		check(b, h.Note(Actor{Name: "zhang", From: "192.0.2.1"}, "finding.confirm", fmt.Sprint("fgw/", i), "第三季度"))
	}
	for b.Loop() {
		if _, err := h.VerifyLog(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
