package console

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
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
	slices.SortStableFunc(list, func(a, b handed) int { return b.Date.Compare(a.Date) })
	return list
}

// maxPicture is the most that a picture may hold, as the inventory takes it.
const maxPicture = 2 << 20

// pictures are the media types of pictures that may be handed in.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}

// handIn takes a link or an attestation about an account.
func (c *Console) handIn(w http.ResponseWriter, q *request) error {
	_, acc, err := q.accountRow()
	if err != nil {
		return err
	}
	form, err := c.form(q)
	if err != nil {
		return err
	}
	s, err := c.takeHanded(q, form, acc)
	if refused, ok := err.(*refusal); ok {
		return c.renderAccount(w, q.behind("/accounts/"+acc.Code), refused, form)
	}
	if err != nil {
		return err
	}
	zh, en := handedWords(s)
	return c.done(w, q, "/accounts/"+acc.Code, zh, en)
}

// handedWords say what becomes of what was handed in.
func handedWords(s inventory.Submission) (zh, en string) {
	if s.Link != "" {
		return "已收到；下次巡查会打开这个链接核实日期。", "Taken; the next round opens the link and reads its date."
	}
	return "已收到；请办公室核对后计入。配置重新载入后（约几秒）即列在本页。", "Taken; it counts once the office has checked it, and stands on this page once the configuration is read anew, in some seconds."
}

// takeHanded takes the link or attestation of a form about an account.
func (c *Console) takeHanded(q *request, form sent, acc inventory.Account) (inventory.Submission, error) {
	if c.Submissions == nil {
		return inventory.Submission{}, errBuiltIn()
	}
	s, err := q.submission(form, acc)
	if err != nil {
		return s, err
	}
	picture, err := form.picture()
	if err != nil {
		return s, err
	}
	if len(picture) == 0 && s.Link == "" {
		return s, refuse(http.StatusBadRequest, "请附上截图：没有链接时，办公室凭截图核对", "send a picture: without a link the office checks by it")
	}
	return s, told(c.Submissions.HandIn(s, picture))
}

// errBuiltIn refuses to write into a configuration that is part of the program.
func errBuiltIn() error {
	return refuse(http.StatusConflict, "内置的配置不能写入材料；请以自己的配置目录运行", "nothing can be written into a built-in configuration; run it with a folder of your own")
}

// submission reads what the form says of an account: one thing, and one that the
// account can be asked.
func (q *request) submission(form sent, acc inventory.Account) (inventory.Submission, error) {
	s := inventory.Submission{Account: acc.Code, By: q.fullName(), Date: extract.DayOf(q.now)}
	if q.user.Unit != "" {
		s.By = unitName(q.board, q.user.Unit, "zh") + s.By
	}
	if isProgram(acc.Platform) {
		works := form.text("works") == "yes"
		if !works && form.text("works") != "no" {
			return s, refuse(http.StatusBadRequest, "请选择能否下载并打开", "say whether it can be got and opened")
		}
		s.Works = &works
		return s, nil
	}
	var err error
	if s.Posted, err = form.day("posted", "发布日期", "the day of the post"); err != nil {
		return s, err
	}
	s.Link = form.text("link")
	switch {
	case s.Link != "":
		s.Posted = time.Time{} // the link tells
		return s, q.checkLink(s.Link, acc)
	case s.Posted.IsZero():
		return s, refuse(http.StatusBadRequest, "请填最近一条内容的链接，或它的发布日期并附截图", "give the link to the newest post, or its day with a picture")
	case s.Posted.After(s.Date):
		return s, refuse(http.StatusBadRequest, "发布日期在今天之后；请改正", "the day of the post lies after today; correct it")
	}
	return s, nil
}

// checkLink refuses an address that is none of the account's platform.
func (q *request) checkLink(link string, acc inventory.Account) error {
	u, err := url.Parse(link)
	if err != nil || safeLink(link) == "" || len(link) > 2000 || u.User != nil {
		return refuse(http.StatusBadRequest, "链接不是网址；请从平台上复制完整的 https 链接", "the link is no address of the web; copy the whole of it, with https, from the platform")
	}
	p, _ := q.board.City.Platform(acc.Platform)
	host := strings.ToLower(u.Hostname())
	if len(p.Manner.Hosts) > 0 && !slices.ContainsFunc(p.Manner.Hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) }) {
		hosts := strings.Join(p.Manner.Hosts, "、")
		return refuse(http.StatusBadRequest, "链接不在"+q.platformName(acc.Platform)+"上；应在 "+hosts, "the link does not lead to its platform: "+hosts)
	}
	return nil
}

// picture is the picture of a form, nil for none.
func (s sent) picture() ([]byte, error) {
	list := s.files["picture"]
	if len(list) == 0 || len(list[0].data) == 0 {
		return nil, nil
	}
	data := list[0].data
	switch {
	case len(list) > 1:
		return nil, refuse(http.StatusBadRequest, "只能附一张截图；请合并", "send one picture; put them together")
	case len(data) > maxPicture:
		return nil, refuse(http.StatusRequestEntityTooLarge, "截图超过 2 MB；请缩小后再上传", "the picture has more than 2 MB; make it smaller")
	case !slices.Contains(pictures, http.DetectContentType(data)):
		return nil, refuse(http.StatusUnsupportedMediaType, "截图不是图片；请存为 PNG、JPEG、WebP、GIF 或 PDF 再上传", "this is no picture; save it as PNG, JPEG, WebP, GIF or PDF")
	}
	return data, nil
}

// checkHanded notes that somebody of the office has checked what was handed in.
func (c *Console) checkHanded(w http.ResponseWriter, q *request) error {
	_, acc, err := q.accountRow()
	if err != nil {
		return err
	}
	form, err := q.form()
	if err == nil {
		err = c.noteChecked(q, acc, form.Get("handed"))
	}
	if err != nil {
		return err
	}
	return c.done(w, q, "/accounts/"+acc.Code, "已记为核对；配置重新载入后计入。", "Noted as checked; it counts once the configuration is read anew.")
}

// noteChecked notes that the user has checked what was handed in under a key.
func (c *Console) noteChecked(q *request, acc inventory.Account, key string) error {
	if c.Submissions == nil {
		return errBuiltIn()
	}
	for _, h := range handedOf(q.board.City, acc.Code) {
		if h.Key() != key || h.CheckedBy != "" || h.IsLink() {
			continue
		}
		by := q.fullName()
		return told(c.Submissions.Check(h.Submission, by, extract.DayOf(q.now)))
	}
	return refuse(http.StatusConflict, "这份材料已被核对或已改动；请刷新页面再看", "it was checked or changed meanwhile; look at the page again")
}

// handedPicture shows a picture that was handed in, as it came. It runs nothing:
// the policy leaves it no more than to be seen.
func (c *Console) handedPicture(w http.ResponseWriter, q *request) error {
	_, acc, err := q.accountRow()
	if err != nil {
		return err
	}
	for _, h := range handedOf(q.board.City, acc.Code) {
		if h.SHA256 == "" || h.SHA256 != q.PathValue("sha256") {
			continue
		}
		for _, f := range q.board.City.Files {
			if f.Name != h.Picture {
				continue
			}
			kind := http.DetectContentType(f.Data)
			if !slices.Contains(pictures, kind) || kind == "application/pdf" {
				download(w, q, path.Base(f.Name), f.Data)
				return nil
			}
			w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; sandbox")
			send(w, q.Request, http.StatusOK, kind, f.Data)
			return nil
		}
	}
	return refuse(http.StatusNotFound, "没有这张截图；材料可能已改动，请刷新页面再看", "there is no such picture; what was handed in may have changed, look at the page again")
}
