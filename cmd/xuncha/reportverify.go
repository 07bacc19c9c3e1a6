package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xuncha/notice"
	bureau "xuncha/office"
	"xuncha/store"
)

// verify makes a notice again and compares.
func (c reportCmd) verify(a *app) (err error) {
	if err := bureau.Verifiable(c.Verify); err != nil {
		return err
	}
	data, err := os.ReadFile(c.Verify)
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	was, err := madeOf(c.Verify, data)
	if err != nil {
		return err
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := loadSetup(c.Config)
	if err != nil {
		return bureau.NotSame(err)
	}
	v, err := bureau.VerifyNotice(st, s.office(), c.Verify, data, was, time.Now())
	if err != nil {
		return atPoint(st, was.At, err)
	}
	return c.compared(a, v)
}

// madeOf reads what a file was made from, out of itself or of the summary beside
// it.
func madeOf(name string, data []byte) (notice.Made, error) {
	made, err := notice.ReadMade(data)
	if !errors.Is(err, notice.ErrNotMade) {
		return made, err
	}
	summary, readErr := os.ReadFile(filepath.Join(filepath.Dir(name), notice.FileSummary))
	if readErr != nil {
		return notice.Made{}, fmt.Errorf("%s: %w, and there is no %s beside it", name, err, notice.FileSummary)
	}
	if made, err = notice.ReadMade(summary); err != nil {
		return notice.Made{}, fmt.Errorf("%s: %w", filepath.Join(filepath.Dir(name), notice.FileSummary), err)
	}
	return made, nil
}

// compared says whether a file is the one that is made now, and what differs.
func (c reportCmd) compared(a *app, v bureau.Verification) error {
	name := filepath.Base(c.Verify)
	if v.Same {
		fmt.Fprintf(a.stdout, a.say("%s 可以重新生成，逐字节相同\n", "%s can be made again, byte for byte\n"), name)
		return nil
	}
	for _, d := range v.Differences {
		fmt.Fprintf(a.stdout, a.say("不同：%s：原 %s，现 %s\n", "Differs: %s: was %s, is %s\n"), a.say(d.Chinese(), d.Name), shown(d.Was), shown(d.Is))
	}
	if len(v.Differences) == 0 {
		fmt.Fprintln(a.stdout, a.say("所依据的各项都没有变，是文件本身被改动过", "Nothing that it rests on differs: the file itself was changed"))
	}
	return &saying{Text: name + "：不能按原样重新生成", Err: fmt.Errorf("%s: %w", name, bureau.ErrNotSame)}
}

func shown(value string) string {
	if value == "" {
		return "—"
	}
	return value
}
