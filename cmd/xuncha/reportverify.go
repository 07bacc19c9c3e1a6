package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"xuncha/notice"
	"xuncha/report"
	"xuncha/store"
)

// errNotSame says that a notice cannot be made again as it is.
var errNotSame = errors.New("the notice cannot be made again as it is")

// notSame says why a notice cannot be made again.
func notSame(why error) error {
	return &saying{"这份通报不能按原样重新生成：" + inChinese(why), fmt.Errorf("%w: %w", errNotSame, why)}
}

// verify makes a notice again and compares.
func (c reportCmd) verify(a *app) (err error) {
	if name := filepath.Base(c.Verify); name == notice.FileCompare || filepath.Ext(name) == ".pdf" {
		return misuse("%s 由其他文件生成；请核对旁边的 %s", "%s is printed from others: verify the %s beside it", name, notice.FileHTML)
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
	again := reportCmd{
		configFlag: c.configFlag, dataFlag: c.dataFlag, Period: was.Period, At: was.At, Final: was.Final == "true",
		Template: was.Template, RuleSet: was.RuleSet, Date: was.Date, Due: was.Due, Number: was.Number, Verify: c.Verify,
	}
	w, err := again.writer(st)
	if err != nil {
		return notSame(err)
	}
	if w.book, err = notice.BookAt(w.book, was.Events); err != nil {
		return notSame(err)
	}
	if w.imports, err = importsOf(was); err != nil {
		return notSame(err)
	}
	n, err := w.notice(again.periods())
	if err != nil {
		return notSame(err)
	}
	return c.compared(a, data, was, n)
}

// importsOf is the import up to which registers counted when a notice was made.
func importsOf(was notice.Made) (int, error) {
	n, err := strconv.Atoi(cmp.Or(was.Imports, "0"))
	switch {
	case err != nil:
		return 0, fmt.Errorf("number of imports %q: %w", was.Imports, err)
	case n <= 0:
		return -1, nil
	}
	return n, nil
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
func (c reportCmd) compared(a *app, data []byte, was notice.Made, n notice.Notice) error {
	files, err := n.Files()
	if err != nil {
		return err
	}
	name := filepath.Base(c.Verify)
	known := slices.ContainsFunc(files, func(f report.File) bool { return f.Name == name })
	same := slices.ContainsFunc(files, func(f report.File) bool {
		return bytes.Equal(f.Data, data) && (f.Name == name || !known) // one that was given another name is still the same
	})
	if same {
		fmt.Fprintf(a.stdout, a.say("%s 可以重新生成，逐字节相同\n", "%s can be made again, byte for byte\n"), name)
		return nil
	}
	differences := was.Differs(n.Made)
	for _, d := range differences {
		fmt.Fprintf(a.stdout, a.say("不同：%s：原 %s，现 %s\n", "Differs: %s: was %s, is %s\n"), a.say(d.Chinese(), d.Name), shown(d.Was), shown(d.Is))
	}
	if len(differences) == 0 {
		fmt.Fprintln(a.stdout, a.say("所依据的各项都没有变，是文件本身被改动过", "Nothing that it rests on differs: the file itself was changed"))
	}
	return &saying{name + "：不能按原样重新生成", fmt.Errorf("%s: %w", name, errNotSame)}
}

func shown(value string) string {
	if value == "" {
		return "—"
	}
	return value
}
