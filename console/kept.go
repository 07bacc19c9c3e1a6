package console

import (
	"bytes"
	"context"
	"errors"
	"html"
	"net/http"
	"regexp"
	"strconv"

	"xuncha/extract"
	"xuncha/people"
	"xuncha/report"
	"xuncha/store"
)

var keptRoutes = []Route{
	{"GET", "/kept/{look}/{page}/{id...}", people.See, (*Console).kept},
}

// The policies of pages from outside. They stand in a frame, without scripts,
// without anything that would be asked for, and forms go nowhere. The copy that is
// shown has none of all that either: this is the second lock.
//
// [framed] also makes the frame a stranger to the console. [pointed] does not: the
// tuner's own script, which runs in the console's page and not in the frame, must
// see where a person points. No script of the page can run: the frame is not
// allowed to (sandbox without allow-scripts, and default-src 'none'), and the copy
// holds none.
const (
	framedRules   = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
	framedPolicy  = "sandbox; " + framedRules
	pointedPolicy = "sandbox allow-same-origin; " + framedRules
)

// kept shows a page as it came: as a copy in which the items are outlined, as the
// bytes themselves, or as the picture that a browser made of it.
func (c *Console) kept(w http.ResponseWriter, q *request) error {
	row, err := q.row(q.PathValue("id"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(q.PathValue("page"))
	if err != nil {
		return errNoLook()
	}
	snap, p, err := c.keptPage(row.ID, q.PathValue("look"), n)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", framedPolicy)
	switch {
	case q.URL.Query().Get("as") == "raw":
		return sendRaw(w, q, stamp(snap.At, "20060102-150405")+"-"+strconv.Itoa(n), p)
	case p.Why == extract.WhyPicture:
		send(w, q.Request, http.StatusOK, "image/png", p.Body)
		return nil
	}
	r := snap.Reading
	if len(r.Items) == 0 && r.Proposal != nil {
		r.Items = r.Proposal.Items // outlined, and nothing was judged by them
	}
	return c.frame(w, q, p, r)
}

// keptPage is a page of a look of a subject, counted from 1, with its bytes.
func (c *Console) keptPage(id, digest string, n int) (snap store.Snapshot, p extract.Page, err error) {
	sum, err := c.keptLook(id, digest)
	if err != nil {
		return snap, p, err
	}
	if snap, err = c.load(sum); err != nil {
		return snap, p, err
	}
	if n < 1 || n > len(snap.Pages) {
		return snap, p, errNoLook()
	}
	p = snap.Pages[n-1]
	if p.SHA256 != "" {
		p.Body, err = c.Archive.Body(p.SHA256)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return snap, p, errNoLook()
		case errors.Is(err, store.ErrDamaged):
			c.Log.Error("console: a kept page is damaged", "subject", id, "error", err)
			return snap, p, errTornPage()
		case err != nil:
			return snap, p, err
		}
	}
	return snap, p, nil
}

// errTornPage refuses a page whose bytes the disk no longer gives back as they were.
func errTornPage() error {
	return refuse(http.StatusInternalServerError, "留存的页面已损坏，与其校验值不符，不能作为证据；请管理员运行 xuncha data verify，并从备份恢复",
		"the kept page is damaged and no longer matches its digest, so it proves nothing: have an administrator run xuncha data verify and restore a backup")
}

// errNothingCame refuses the bytes of a page of which none came.
func errNothingCame() error {
	return refuse(http.StatusNotFound, "这次没有取得页面内容，没有可下载的文件；请选择另一份快照，或再看一次", "nothing came of this page, so there is no file of it; choose another snapshot, or look again")
}

// sendRaw gives the bytes of a page as they came, as a file: no browser is to take
// them for anything it would show.
func sendRaw(w http.ResponseWriter, q *request, name string, p extract.Page) error {
	if p.SHA256 == "" {
		return errNothingCame()
	}
	attachment(w, name+".txt")
	send(w, q.Request, http.StatusOK, "text/plain", p.Body)
	return nil
}

// slot takes the place of one who makes a copy of a page, or does what is as costly:
// reads pages and samples by another recipe.
func (c *Console) slot(ctx context.Context) (leave func(), err error) {
	select {
	case c.copying <- struct{}{}:
		return func() { <-c.copying }, nil
	case <-ctx.Done():
		return nil, refuse(http.StatusServiceUnavailable, "程序正忙，没有等到空位，什么也没有做；请稍后再试", "the program is busy and nothing was done; try again later")
	}
}

// frame shows the copy of a page with what was read from it.
func (c *Console) frame(w http.ResponseWriter, q *request, p extract.Page, r extract.Reading) error {
	leave, err := c.slot(q.Context())
	if err != nil {
		return err
	}
	defer leave()
	found, ok := extract.CopyOf(p, r)
	if !ok {
		found = extract.Copy{Body: []byte(`<p class="xc-note">` + html.EscapeString(q.noCopy(p)) + `</p>`)}
		if p.Class != "" && p.Detail != "" {
			found.Body = append(found.Body, []byte(`<details class="xc-note"><summary>`+q.say("技术详情", "Details")+`</summary>`+html.EscapeString(p.Detail)+`</details>`)...)
		}
	}
	if ok && len(bytes.TrimSpace(tags.ReplaceAll(found.Body, nil))) == 0 {
		found.Body = append(found.Body, []byte(`<p class="xc-note">`+html.EscapeString(q.say("这一页没有可见的文字。", "There is no text to see on this page."))+`</p>`)...)
	}
	if found.Cut {
		found.Body = append(found.Body, []byte(`<p class="xc-note">`+html.EscapeString(q.say("页面过大，以下部分没有显示；可下载原样文件。", "The page is too large: what follows is not shown. Take the file as it came."))+`</p>`)...)
	}
	send(w, q.Request, http.StatusOK, "text/html; charset=utf-8", framed(found, q.lang))
	return nil
}

// tags are the markup of a copy.
var tags = regexp.MustCompile(`<[^>]*>`)

// noCopy says why there is nothing to see of a page.
func (q *request) noCopy(p extract.Page) string {
	switch {
	case p.SHA256 == "" && p.Class != "":
		return q.say("没有取得页面：", "No page came: ") + report.ReasonWord(p.Class.Reason(), q.lang) + q.say("（", " (") + cameWord(p.Class, q.lang) + q.say("）", ")")
	case len(p.Body) == 0:
		return q.say("页面是空的。", "The page is empty.")
	}
	return q.say("这不是网页，无法在此显示；可下载原样文件。", "This is no web page and cannot be shown here; take the file as it came.")
}

// framed makes the document of a frame. It is put together of bytes and not by a
// template: the copy is markup from outside that was made harmless, and this
// document is the one place where such markup is sent.
func framed(c extract.Copy, lang string) []byte {
	var b bytes.Buffer
	class := "xc"
	if !c.Numbered {
		class += " xc-text"
	}
	b.WriteString(`<!doctype html><html class="` + class + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light"><title>` +
		html.EscapeString(c.Title) + `</title><style>` + plainStyle + `</style><style>`)
	b.Write(c.Style)
	b.WriteString(`</style><style>` + markStyle(lang) + `</style></head><body>`)
	b.Write(c.Body)
	b.WriteString(`</body></html>`)
	return b.Bytes()
}

// plainStyle is how a page looks that has lost its style sheets.
const plainStyle = `html{background:#fff;color:#222;color-scheme:light}body{margin:8px;font:13px/1.6 "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}` +
	`a{color:#0b4f86;text-decoration:underline}img{max-width:100%;background:#eef1f5;min-width:8px;min-height:8px}table{max-width:100%}` +
	`.xc-frame,.xc-input{display:inline-block;border:1px dashed #8a94a3;color:#5b6573;padding:2px 8px;margin:2px;min-width:40px;min-height:22px}`

// markStyle outlines the items. It comes last, and what the page says of its own
// elements does not take it away.
func markStyle(lang string) string {
	label := sayer(lang)("← 判定依据", "← judged by this")
	return `html.xc .xc-item{outline:1px solid #1f5f8b!important;outline-offset:1px}` +
		`html.xc .xc-date{background:#fff3c4!important;color:#1c2430!important}` +
		`html.xc .xc-newest{outline:3px solid #b3261e!important;outline-offset:2px;scroll-margin:96px;display:revert}` +
		`html.xc .xc-newest::after{content:"` + label + `"!important;display:inline-block!important;color:#fff!important;background:#b3261e!important;font:600 12px/1.6 system-ui,sans-serif!important;padding:0 6px;margin-left:8px;white-space:nowrap}` +
		`html.xc-text .xc-line{font:12px/1.7 ui-monospace,"Noto Sans Mono CJK SC",monospace;overflow-wrap:anywhere}` +
		`html.xc .xc-note{color:#4d5766;font:14px/1.6 system-ui,sans-serif;padding:16px}` +
		`html.xc .xc-row{outline:2px solid #1f5f8b!important;background:#e8f1f8!important}html.xc .xc-title{box-shadow:inset 0 -2px #2f7d4f!important}` +
		`html.xc .xc-day{background:#fff3c4!important;color:#1c2430!important}html.xc .xc-over{outline:2px solid #9a6700!important;outline-offset:1px;cursor:crosshair!important}` +
		`html.xc .xc-like{outline:1px dashed #9a6700!important}html.xc-pointing,html.xc-pointing *{cursor:crosshair!important}`
}

// keptURL is the address of a page as it was kept.
func keptURL(subject, digest string, page int) string {
	return "/kept/" + digest[:min(len(digest), digestForm)] + "/" + strconv.Itoa(page) + "/" + pathOf(subject)
}
