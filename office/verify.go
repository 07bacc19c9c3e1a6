package office

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/notice"
	"xuncha/report"
	"xuncha/store"
)

// ErrNotSame says that a notice cannot be made again as it is.
var ErrNotSame = errors.New("the notice cannot be made again as it is")

// NotSame says why a notice cannot be made again.
func NotSame(why error) error {
	return &Saying{"这份通报不能按原样重新生成：" + InChinese(why), fmt.Errorf("%w: %w", ErrNotSame, why)}
}

// A Verification says whether a file of a notice can be made again.
type Verification struct {
	Made        notice.Made
	Same        bool                // byte for byte
	Differences []notice.Difference // none where the file itself was changed
}

// Verifiable refuses the files of a notice that are made from others of it.
func Verifiable(name string) error {
	if name = filepath.Base(name); name == notice.FileCompare || filepath.Ext(name) == ".pdf" {
		return mistake("%[1]s 由其他文件生成；请核对旁边的 %[2]s", "%[1]s is printed from others: verify the %[2]s beside it", name, notice.FileHTML)
	}
	return nil
}

// VerifyNotice makes a notice again by what it says it was made from, and compares
// a file of it.
func VerifyNotice(st *store.Store, s Setup, name string, data []byte, was notice.Made, now time.Time) (Verification, error) {
	name = filepath.Base(name)
	v := Verification{Made: was}
	n, err := makeAgain(st, s, was, now)
	if err != nil {
		return v, NotSame(err)
	}
	files, err := n.Files()
	if err != nil {
		return v, err
	}
	known := slices.ContainsFunc(files, func(f report.File) bool { return f.Name == name })
	v.Same = slices.ContainsFunc(files, func(f report.File) bool {
		return bytes.Equal(f.Data, data) && (f.Name == name || !known) // one that was given another name is still the same
	})
	if !v.Same {
		v.Differences = was.Differs(n.Made)
	}
	return v, nil
}

// makeAgain makes a notice by what another says it was made from.
func makeAgain(st *store.Store, s Setup, was notice.Made, now time.Time) (notice.Notice, error) {
	o := Order{Final: was.Final == "true", Template: was.Template, RuleSet: was.RuleSet, Number: was.Number, Now: now}
	var err error
	if o.Period, err = report.ParsePeriod(was.Period); err != nil {
		return notice.Notice{}, err
	}
	if o.Point, err = time.Parse(time.RFC3339, was.At); err != nil {
		return notice.Notice{}, fmt.Errorf("monitoring point %q: %w", was.At, err)
	}
	o.Point = o.Point.In(extract.Beijing)
	for _, d := range []struct {
		text string
		to   *time.Time
	}{{was.Date, &o.Date}, {was.Due, &o.Due}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = time.ParseInLocation(time.DateOnly, d.text, extract.Beijing); err != nil {
			return notice.Notice{}, fmt.Errorf("day %q: %w", d.text, err)
		}
	}
	w, err := NewWriter(st, s, o)
	if err != nil {
		return notice.Notice{}, err
	}
	if err := w.on(was); err != nil {
		return notice.Notice{}, err
	}
	return w.Notice(2) // a notice speaks of the period before
}
