package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"xuncha/cases"
	"xuncha/proof"
	"xuncha/store"
)

// accessName is the log of accesses in the data folder.
const accessName = "access.jsonl"

// packFlags write the proof of a finding.
type packFlags struct {
	Pack      string `help:"Write the evidence as a pack that can be checked without this program's store: a folder, or FILE.zip." zh:"将证据写成可离线核对的证据包：目录，或 FILE.zip。" placeholder:"DIR|FILE.zip"`
	Indicator string `help:"With --pack: by which indicator, where the subject fails several." zh:"与 --pack 同用：对象有多个问题时，指定检查指标。" placeholder:"ID"`
	By        string `help:"Who has it made, for the log of accesses; by default the user of this machine." zh:"取证人，记入取证日志；默认本机用户名。" placeholder:"NAME"`
}

// write makes the pack of a subject and notes in the log that it was made, before
// it is there for anybody to take.
func (f packFlags) write(ctx context.Context, a *app, st *store.Store, data, subject string, j judged) error {
	browser := a.printer(j.city.Crawl)
	defer a.dismiss(browser)
	if err := free(f.Pack); err != nil {
		return err
	}
	pack, err := j.office.Pack(st, subject, f.Indicator, func(html []byte) ([]byte, error) { return a.print(ctx, browser, html) })
	if err != nil {
		return err
	}
	sums, err := pack.Sums()
	if err != nil {
		return err
	}
	err = proof.LogAccess(filepath.Join(data, accessName), proof.Access{
		At: time.Now(), By: f.who(), What: "pack", Subject: subject, Finding: pack.Finding(), Point: j.result.Point, To: f.Pack, SHA256: sums,
	})
	if err != nil {
		return err
	}
	if err := pack.Write(f.Pack); err != nil {
		return err
	}
	if err := a.tellDropped(st, pack.Finding(), j.result.Point); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("证据包已写入 %s，校验清单 SHA-256 %s，已记入取证日志\n", "Evidence written to %s, SHA-256 of its list of digests %s, noted in the log of accesses.\n"), f.Pack, sums)
	return nil
}

// tellDropped says that people have decided that a finding is none, or not to be
// counted: its sheet says what the machine saw and knows nothing of that.
func (a *app) tellDropped(st *store.Store, finding string, point time.Time) error {
	book, err := st.Book()
	if err != nil {
		return err
	}
	c := book.Case(finding)
	if c == nil {
		return nil
	}
	o := c.Occurrences[len(c.Occurrences)-1]
	for _, other := range c.Occurrences {
		if other.Facts.Point.Equal(point) {
			o = other // found at this very point
		}
	}
	if o.State == cases.Unfounded || o.State == cases.Exempted {
		fmt.Fprintf(a.stderr, a.say("提示：该问题在%s已办理为“%s”，证据单写的是程序所见，不要据以通报\n",
			"note: in %s people decided %s about it; the sheet says what the machine saw: accuse nobody by it\n"), o.Period, o.State)
	}
	return nil
}

// free refuses to write over what is there.
func free(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return say("%s 已经存在；请另选一个文件名", "%s is there already: choose another name", name)
	}
	entries, err := os.ReadDir(name)
	if err == nil && len(entries) > 0 {
		return say("%s 中已有文件；请另选一个目录", "%s holds files already: choose another folder", name)
	}
	return err
}

// who is the person the log names.
func (f packFlags) who() string {
	if f.By != "" {
		return f.By
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}
