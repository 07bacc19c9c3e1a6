package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"xuncha/console"
	"xuncha/inventory"
	"xuncha/report"
)

// fillAccounts lets units hand in what a guest is not shown of their accounts. A
// configuration that is built in cannot be written to, and takes nothing.
func (s *service) fillAccounts(cfg *console.Config) error {
	if onDisk(s.Config) {
		cfg.Submissions = &handing{config: s.Config}
	}
	return nil
}

// A handing writes what is handed in into submissions.yaml of a configuration and
// the pictures beside it. The daemon sees the files change, as if a person had
// written them.
type handing struct {
	config string
	mu     sync.Mutex // held from reading the file to writing it
}

// submissionsFile and shotsFolder are where it is written.
const (
	submissionsFile = "submissions.yaml"
	shotsFolder     = "shots"
)

// HandIn writes a submission down.
func (h *handing) HandIn(s inventory.Submission, picture []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var shot []inventory.File
	if len(picture) > 0 {
		name, err := shotName(s, picture)
		if err != nil {
			return err
		}
		s.Picture = name
		shot = []inventory.File{{Name: name, Data: picture}}
	}
	return h.edit(shot, func(f inventory.File) (inventory.File, error) { return inventory.AddSubmission(f, s) })
}

// Check notes who has checked a submission.
func (h *handing) Check(s inventory.Submission, by string, on time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	err := h.edit(nil, func(f inventory.File) (inventory.File, error) { return inventory.CheckSubmission(f, s, by, on) })
	if errors.Is(err, inventory.ErrNoSubmission) {
		return say("这份材料已被核对或已改动；请刷新页面再看", "it was checked or changed meanwhile; look at the page again")
	}
	return err
}

// edit changes the file, if the configuration with it is a valid one.
func (h *handing) edit(more []inventory.File, change func(inventory.File) (inventory.File, error)) error {
	now, err := loadSetup(h.config)
	if err != nil {
		return say("配置目录现在有错误，没有写入；请运维人员先改正：%s", "the configuration has a mistake now and nothing was written; an operator must mend it first: %w", err)
	}
	files := slices.Clone(now.city.Files)
	i := slices.IndexFunc(files, func(f inventory.File) bool { return f.Name == submissionsFile })
	if i < 0 {
		i, files = len(files), append(files, inventory.File{Name: submissionsFile})
	}
	if files[i], err = change(files[i]); err != nil {
		return err
	}
	for _, f := range more {
		if !slices.ContainsFunc(files, func(x inventory.File) bool { return x.Name == f.Name }) {
			files = append(files, f)
		}
	}
	if _, err := parseSetup(files); err != nil {
		return say("材料与账号不符，没有写入：%s", "it does not fit the account and was not written: %w", err)
	}
	for _, f := range more { // before the file that names them
		dir, base := path.Split(f.Name)
		if err := report.WriteFiles(filepath.Join(h.config, filepath.FromSlash(dir)), []report.File{{Name: base, Data: f.Data}}); err != nil {
			return err
		}
	}
	return report.WriteFiles(h.config, []report.File{{Name: submissionsFile, Data: files[i].Data}})
}

// shotName makes up the name of a picture: of the account, and of its bytes.
func shotName(s inventory.Submission, picture []byte) (string, error) {
	end := map[string]string{
		"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf",
	}[http.DetectContentType(picture)]
	if end == "" {
		return "", say("截图不是图片；请存为 PNG、JPEG、WebP、GIF 或 PDF 再上传", "this is no picture; save it as PNG, JPEG, WebP, GIF or PDF")
	}
	sum := sha256.Sum256(picture)
	return path.Join(shotsFolder, fmt.Sprintf("%s-%s-%s%s", s.Account, s.Date.Format("20060102"), hex.EncodeToString(sum[:6]), end)), nil
}
