package console

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"xuncha/inventory"
	"xuncha/report"
	"xuncha/workshop"
)

// How files of the configuration are changed whole. Recipes have a way of their
// own, which sees to it that they read what was shown; see tunersave.go.

// didConfigure is how it stands in the log.
const didConfigure = "configuration.write"

// configFiles is the bench of the configuration, of which nothing but the files is
// at hand where it has mistakes.
func (c *Console) configFiles() (*workshop.Bench, error) {
	if c.Workshop == nil {
		return nil, errNoWorkshop()
	}
	b, err := c.Workshop.Bench()
	if broken := (inventory.Errors)(nil); errors.As(err, &broken) {
		b, err = c.Workshop.Files()
	}
	if broken := (inventory.Errors)(nil); errors.As(err, &broken) {
		return nil, refuse(http.StatusConflict, "配置目录里有无法读取的文件，请先在服务器上改正："+report.Plain(broken[0].Chinese(), 240), "the folder of the configuration holds files that cannot be read; mend them on the server first: "+report.Plain(broken[0].String(), 240))
	}
	return b, err
}

// configFile is a file of the configuration as it stands.
func (c *Console) configFile(name string) (inventory.File, *workshop.Bench, error) {
	b, err := c.configFiles()
	if err != nil {
		return inventory.File{}, nil, err
	}
	i := slices.IndexFunc(b.City.Files, func(f inventory.File) bool { return f.Name == name && isText(f) })
	if i < 0 {
		return inventory.File{}, b, refuse(http.StatusNotFound, "配置中没有这个文件；/api/v1/configuration 列出全部文件", "the configuration has no such file; /api/v1/configuration lists them")
	}
	return b.City.Files[i], b, nil
}

// isText reports whether a file of the configuration is one that people write,
// rather than a picture that was handed in.
func isText(f inventory.File) bool { return strings.HasSuffix(f.Name, ".yaml") }

// fullDigest names a file's bytes.
func fullDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// draftedFile is the configuration with a file as it was sent, with what that would
// change. What is wrong with it is an error with its places.
func (c *Console) draftedFile(name, text string) (*workshop.Draft, *workshop.Bench, error) {
	b, err := c.configFiles()
	switch {
	case err != nil:
		return nil, nil, err
	case !workshop.Editable(name):
		return nil, nil, refuse(http.StatusForbidden, "这个文件不能在此修改；可改 sites/、cms/、platforms/ 下的文件和 accounts.yaml，其余请在服务器的配置目录中修改",
			"this file is not changed here: those in sites/, cms/ and platforms/ and accounts.yaml are; change others in the folder on the server")
	case !utf8.ValidString(text) || len(text) > workshop.MaxFileBytes:
		return nil, nil, refuse(http.StatusUnprocessableEntity, "文件须为 4 MB 以内的 UTF-8 文本", "the file must be text in UTF-8 of up to 4 MB")
	}
	d, err := b.Replace(inventory.File{Name: name, Data: []byte(text)})
	return d, b, err
}

// A wish is a file that somebody wants written.
type wish struct {
	Name, Text string
	Was        string // digest of the file that they saw, "" for a new one
	Leave      bool   // samples that no longer read may stay as they are
}

// writeFile writes a file, if it is what was seen and makes a valid configuration
// under which every sample reads as it did.
func (c *Console) writeFile(q *request, x wish) error {
	c.saving.Lock()
	defer c.saving.Unlock()
	c.copying <- struct{}{} // reading samples again is as costly as a copy
	defer func() { <-c.copying }()
	d, b, err := c.draftedFile(x.Name, x.Text)
	if err != nil {
		return err
	}
	if b.Folder == "" {
		return saveSentence(workshop.ErrBuiltIn)
	}
	now := ""
	if i := slices.IndexFunc(b.City.Files, func(f inventory.File) bool { return f.Name == x.Name }); i >= 0 {
		now = fullDigest(b.City.Files[i].Data)
	}
	if now != x.Was {
		return refuse(http.StatusPreconditionFailed, "没有写入：文件已被他人修改，或已存在。请重新读取，在新内容上再改。", "nothing was written: somebody has changed the file, or it is there already. Read it again and change what stands there now.")
	}
	if now == fullDigest([]byte(x.Text)) && d.Before[0].Data != nil {
		q.noted = true
		return nil // it stands there already
	}
	own, others, err := d.Obsolete()
	if err != nil {
		return err
	}
	if n := len(own) + len(others); n > 0 && !x.Leave {
		return &samplesPage{Own: own, Others: others}
	}
	change, err := d.Write(nil, nil)
	if err != nil {
		return saveSentence(err)
	}
	return c.remember(q, change, didConfigure)
}
