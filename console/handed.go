package console

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"xuncha/inventory"
)

// Submissions takes what units hand in about accounts of which a guest is shown
// nothing, and writes it into the configuration. Its errors have a Chinese()
// sentence where the user can mend something.
type Submissions interface {
	// HandIn writes a submission down, with the bytes of its picture where it has
	// one; the picture's name is made up. That it is checked is written with it
	// where it is.
	HandIn(s inventory.Submission, picture []byte) error

	// Check notes on one that is written down who of the office has checked it.
	Check(s inventory.Submission, by string, on time.Time) error
}

// A handed is what a unit handed in about an account.
type handed struct {
	inventory.Submission
}

// Key names it in a form: the file may have changed since the page was shown, and
// then it is not found rather than another.
func (h handed) Key() string { return handedKey(h.Submission) }

func handedKey(s inventory.Submission) string {
	works := ""
	if s.Works != nil {
		works = fmt.Sprint(*s.Works)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{
		s.Account, s.By, s.Date.Format(time.DateOnly), s.Link, s.Export, s.Posted.Format(time.DateOnly), works, s.SHA256,
	}))
	return hex.EncodeToString(sum[:12])
}

// IsLink reports whether it is opened and read, so that nobody need check it.
func (h handed) IsLink() bool { return h.Link != "" }

// Program reports whether a program was there to be used.
func (h handed) Program() bool { return h.Works != nil && *h.Works }

// handedOf is what was handed in about an account, the newest first.
func handedOf(city *inventory.City, code string) []handed {
	var list []handed
	for _, s := range slices.Backward(city.Submissions) {
		if s.Account == code {
			list = append(list, handed{s})
		}
	}
	slices.SortStableFunc(list, func(a, b handed) int { return cmp.Or(b.Date.Compare(a.Date)) })
	return list
}
