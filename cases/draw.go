package cases

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Draw is a sample of subjects for people to check by hand. Whoever has the
// population, the share and the seed draws the same again: subjects stand in the
// order of the SHA-256 of the seed, a line feed and the subject, and the first
// are drawn.
type Draw struct {
	Seed       string  `json:"seed"`
	Share      float64 `json:"share"` // of the population, above 0 and up to 1
	Population int     `json:"population"`
	Digest     string  `json:"digest"` // SHA-256 of the sorted population, a line each
	Entries    []Lot   `json:"entries"`
}

// A Lot is one subject's place in a draw.
type Lot struct {
	Subject string `json:"subject"`
	Number  string `json:"number"` // the digest that gives its place
	Drawn   bool   `json:"drawn"`
}

// DrawFrom draws a share of a population, rounded up. The order of the
// population has no bearing, and a subject that stands in it twice counts once.
func DrawFrom(population []string, share float64, seed string) (Draw, error) {
	if !(share > 0 && share <= 1) {
		return Draw{}, fmt.Errorf("share %v: want more than 0 and up to 1, such as 0.3", share)
	}
	if strings.TrimSpace(seed) == "" {
		return Draw{}, errors.New("no seed: give any word or number, and note it, so that the draw can be repeated")
	}
	all := slices.Clone(population)
	slices.Sort(all)
	all = slices.Compact(all)
	d := Draw{Seed: seed, Share: share, Population: len(all), Digest: sum(strings.Join(all, "\n"))}
	for _, subject := range all {
		d.Entries = append(d.Entries, Lot{Subject: subject, Number: sum(seed + "\n" + subject)})
	}
	slices.SortFunc(d.Entries, func(a, b Lot) int { return cmp.Compare(a.Number, b.Number) })
	for i := range d.Entries {
		d.Entries[i].Drawn = i < d.size()
	}
	return d, nil
}

// size is how many are drawn: the share rounded up, but not by what a share such
// as 0.3 is off in a computer.
func (d Draw) size() int {
	exact := d.Share * float64(d.Population)
	n := int(exact)
	if exact-float64(n) > 1e-9 {
		n++
	}
	return min(n, d.Population)
}

func sum(text string) string {
	digest := sha256.Sum256([]byte(text))
	return hex.EncodeToString(digest[:])
}

// Drawn returns the subjects drawn, sorted.
func (d Draw) Drawn() []string {
	var drawn []string
	for _, e := range d.Entries {
		if e.Drawn {
			drawn = append(drawn, e.Subject)
		}
	}
	slices.Sort(drawn)
	return drawn
}

// Log is the draw as a text that anybody can check with sha256sum.
func (d Draw) Log() string {
	var b strings.Builder
	fmt.Fprintf(&b, "抽查记录\n种子：%s\n比例：%g%%\n总数：%d（清单校验值 %s）\n抽取：%d\n办法：按 SHA-256(种子 换行 对象) 由小到大排列，取前 %d 个\n",
		d.Seed, d.Share*100, d.Population, d.Digest, d.size(), d.size())
	for i, e := range d.Entries {
		mark := ""
		if e.Drawn {
			mark = " 抽中"
		}
		fmt.Fprintf(&b, "%d %s %s%s\n", i+1, e.Number, e.Subject, mark)
	}
	return b.String()
}
