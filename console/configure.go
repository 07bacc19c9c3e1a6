package console

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"xuncha/cases"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/workshop"
)

// How files of the configuration are changed whole. Recipes have a way of their
// own, which sees to it that they read what was shown; see tunersave.go.

// How it stands in the log.
const (
	didConfigure = "configuration.write"
	didRemove    = "configuration.remove"
	didTakeBack  = "configuration.undo"
)

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
		return nil, brokenFile(broken[0], "配置目录里有无法读取的文件，请先在服务器上改正", "the folder of the configuration holds files that cannot be read; mend them on the server first")
	}
	return b, err
}

// brokenFile refuses what cannot be done while a file has a mistake, and says where
// that is.
func brokenFile(p inventory.Problem, zh, en string) error {
	if p.File != "" {
		zh, en = zh+"："+p.File, en+": "+p.File
		if p.Line > 0 {
			zh, en = zh+fmt.Sprintf("，第 %d 行", p.Line), en+fmt.Sprintf(", line %d", p.Line)
		}
	}
	return withDetail(refuse(http.StatusConflict, zh, en), report.Plain(p.String(), 240))
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
		return nil, nil, errNotEditable()
	case !utf8.ValidString(text) || len(text) > workshop.MaxFileBytes:
		return nil, nil, refuse(http.StatusUnprocessableEntity, "文件须为 4 MB 以内的 UTF-8 文本", "the file must be text in UTF-8 of up to 4 MB")
	}
	d, err := b.Replace(inventory.File{Name: name, Data: []byte(text)})
	if errors.Is(err, workshop.ErrUnits) {
		err = refuse(http.StatusForbidden, "没有写入：这里只能新增单位、改单位名称，不能删去单位或改它的上级——谁能看到什么由此决定；请在服务器的配置目录中修改",
			"nothing was written: units can be added and named here, and neither taken away nor put below others, since that decides who sees what; change it in the folder on the server")
	}
	return d, b, err
}

func errNotEditable() error {
	return refuse(http.StatusForbidden, "这个文件不能在此修改；可改 sites/、cms/、platforms/ 下的文件、accounts.yaml 和 units.yaml，其余请在服务器的配置目录中修改",
		"this file is not changed here: those in sites/, cms/ and platforms/, accounts.yaml and units.yaml are; change others in the folder on the server")
}

// A wish is a file that somebody wants written.
type wish struct {
	Name, Text string
	Was        string // digest of the file that they saw, "" for a new one
	Leave      bool   // samples that no longer read may stay as they are
}

// writeFile writes a file, if it is what was seen and makes a valid configuration
// under which every sample reads as it did. The change that is returned has no moment
// where nothing had to be written.
func (c *Console) writeFile(q *request, x wish) (change workshop.Change, err error) {
	c.saving.Lock()
	defer c.saving.Unlock()
	leave, err := c.slot(q.Context())
	if err != nil {
		return change, err
	}
	defer leave()
	d, b, err := c.draftedFile(x.Name, x.Text)
	if err != nil {
		return change, err
	}
	if err := asSeen(b, x.Name, x.Was); err != nil {
		return change, err
	}
	if x.Was == fullDigest([]byte(x.Text)) && d.Before[0].Data != nil {
		q.noted = true
		return change, nil // it stands there already
	}
	return c.writeDraft(q, d, x.Leave, didConfigure)
}

// asSeen refuses to write over a file that is another than was seen, and into a
// configuration that is built in.
func asSeen(b *workshop.Bench, name, was string) error {
	if b.Folder == "" {
		return saveSentence(workshop.ErrBuiltIn)
	}
	now := ""
	if i := slices.IndexFunc(b.City.Files, func(f inventory.File) bool { return f.Name == name }); i >= 0 {
		now = fullDigest(b.City.Files[i].Data)
	}
	if now != was {
		return refuse(http.StatusPreconditionFailed, "没有写入：文件已被他人修改，或已存在。请重新读取，在新内容上再改。", "nothing was written: somebody has changed the file, or it is there already. Read it again and change what stands there now.")
	}
	return nil
}

// writeDraft writes a draft, unless samples speak against it that are not left.
func (c *Console) writeDraft(q *request, d *workshop.Draft, leave bool, what string) (change workshop.Change, err error) {
	own, others, err := d.Obsolete()
	if err != nil {
		return change, err
	}
	if n := len(own) + len(others); n > 0 && !leave {
		return change, &samplesPage{Own: own, Others: others}
	}
	if change, err = d.Write(d.Orphans(), nil); err != nil {
		return change, saveSentence(err)
	}
	return c.remember(q, change, what)
}

// removeFile takes a file away with the samples of what it tells of, if it is what
// was seen, nothing else of the configuration needs it, and no finding of it is open.
func (c *Console) removeFile(q *request, name, was string) (change workshop.Change, err error) {
	c.saving.Lock()
	defer c.saving.Unlock()
	leave, err := c.slot(q.Context())
	if err != nil {
		return change, err
	}
	defer leave()
	_, b, err := c.configFile(name)
	switch {
	case err != nil:
		return change, err
	case !workshop.Editable(name):
		return change, errNotEditable()
	}
	if err := asSeen(b, name, was); err != nil {
		return change, err
	}
	if err := q.nothingOpen(name); err != nil {
		return change, err
	}
	d, err := b.Remove(name)
	if errors.Is(err, workshop.ErrNotEditable) {
		return change, refuse(http.StatusForbidden, "单位不能在此删去；谁能看到什么由此决定，请在服务器的配置目录中修改", "units are not taken away here, since they decide who sees what; change them in the folder on the server")
	}
	if err != nil {
		return change, err
	}
	return c.writeDraft(q, d, false, didRemove)
}

// nothingOpen refuses to take away what findings that have not ended are about: their
// units could put nothing right that anybody could see.
func (q *request) nothingOpen(name string) error {
	site, isSite := strings.CutPrefix(strings.TrimSuffix(name, ".yaml"), "sites/")
	n := 0
	for _, x := range q.book().Cases() {
		for _, o := range x.Occurrences {
			subject, _, _ := strings.Cut(o.Facts.Subject, "/")
			about := isSite && subject == site || name == "accounts.yaml" && strings.HasPrefix(subject, "account:")
			if about && !slices.Contains(ended, o.State) {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	return refuse(http.StatusConflict, fmt.Sprintf("没有删去：还有 %d 个未了结的问题与它有关；请先在“问题”中办结", n), fmt.Sprintf("nothing was taken away: %d findings about it have not ended; bring them to an end first", n))
}

// ended are the states in which nothing of a finding waits for anybody.
var ended = []cases.State{cases.Cleared, cases.Unfounded, cases.Exempted}

// changeID names a change that was written.
func changeID(x workshop.Change) string { return stamp(x.At, time.RFC3339Nano) }

// undoChange takes a change back, whatever it was of, as long as its files stand as it
// left them and the configuration is valid without it.
func (c *Console) undoChange(q *request, id string) (back workshop.Change, err error) {
	c.saving.Lock()
	defer c.saving.Unlock()
	b, err := c.configFiles()
	if err != nil {
		return back, err
	}
	changes, err := c.Workshop.Changes()
	if err != nil {
		return back, err
	}
	i := slices.IndexFunc(changes, func(x workshop.Change) bool { return changeID(x) == id })
	if i < 0 {
		return back, refuse(http.StatusNotFound, "没有这次改动；/api/v1/configuration/changes 列出可撤销的改动", "there is no such change; /api/v1/configuration/changes lists those that are remembered")
	}
	if err := c.mayTakeBack(q, b, changes[i]); err != nil {
		return back, err
	}
	if back, err = b.Undo(changes[i]); err != nil {
		if problems := (inventory.Errors)(nil); errors.As(err, &problems) {
			return back, problems
		}
		return back, saveSentence(err)
	}
	return c.remember(q, back, didTakeBack)
}

// mayTakeBack refuses to take back a change by which something came that is needed
// since, by users or by findings that have not ended.
func (c *Console) mayTakeBack(q *request, b *workshop.Bench, x workshop.Change) error {
	if err := c.unitsGone(b, x); err != nil {
		return err
	}
	for _, f := range x.Files {
		if f.Before == nil {
			if err := q.nothingOpen(f.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// unitsGone refuses to take back a change by which a unit came that has users or
// findings since.
func (c *Console) unitsGone(b *workshop.Bench, x workshop.Change) error {
	city, err := b.Without(x)
	if err != nil {
		return nil // which is refused with its places
	}
	gone := func(unit string) bool {
		_, is := b.City.Unit(unit)
		_, stays := city.Unit(unit)
		return is && !stays
	}
	used := ""
	if c.People != nil {
		users, err := c.People.Users()
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.Unit != "" && gone(u.Unit) {
				used = u.Unit
			}
		}
	}
	if board := c.Board(); board != nil && board.Book != nil {
		for _, o := range board.Book.Cases() {
			for _, one := range o.Occurrences {
				if gone(one.Facts.Unit) {
					used = one.Facts.Unit
				}
			}
		}
	}
	if used == "" {
		return nil
	}
	return refuse(http.StatusConflict, "没有撤销：单位 "+used+" 已有用户或问题，不能删去", "nothing was taken back: the unit "+used+" has users or findings by now and cannot go")
}
