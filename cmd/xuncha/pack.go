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

	"xuncha/crawler"
	"xuncha/inventory"
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
	if browser != nil {
		defer func() {
			if err := browser.Close(); err != nil {
				a.log.Warn("the browser did not end well", "error", err)
			}
		}()
	}
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
	fmt.Fprintf(a.stdout, a.say("证据包已写入 %s，校验清单 SHA-256 %s，已记入取证日志\n", "Evidence written to %s, SHA-256 of its list of digests %s, noted in the log of accesses.\n"), f.Pack, sums)
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
		return fmt.Errorf("%s is there already: choose another name", name)
	}
	entries, err := os.ReadDir(name)
	if err == nil && len(entries) > 0 {
		return fmt.Errorf("%s holds files already: choose another folder", name)
	}
	return err
}

// printer makes a browser that prints, nil for none.
func (a *app) printer(c inventory.Crawl) *crawler.Browser {
	if c.Browser == inventory.BrowserOff {
		return nil
	}
	cfg := browserConfig(c)
	cfg.Images = true
	return crawler.NewBrowser(cfg, a.log)
}

// print makes a PDF of a document of ours, nil where there is no browser or it
// does not print: the HTML says the same.
func (a *app) print(ctx context.Context, b *crawler.Browser, html []byte) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	pdf, err := b.Print(ctx, html)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, crawler.ErrNoBrowser):
		return nil, nil // the log has said so
	case err != nil:
		a.log.Warn("the sheet was not printed; its HTML is there", "error", err)
		return nil, nil
	}
	return pdf, nil
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
