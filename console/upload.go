package console

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/workshop"
)

// The bounds of what is uploaded.
const (
	maxPaper   = 10 << 20 // bytes of one attachment
	maxPapers  = 10       // attachments of one form
	maxUpload  = 20 << 20 // bytes of a form with its files
	maxValue   = 100_000  // bytes of one text of a form with files
	maxValues  = 2_000    // texts of one form
	maxAtATime = 8        // forms with files that are read at a time
)

// uploads are the routes whose forms may be larger than others', by what their
// paths begin with.
var uploads = map[string]int64{
	"/registers/": sheet.MaxBytes + 1<<20,
	"/notices/":   maxUpload,
	"/findings/":  maxUpload,
	"/slips/":     maxUpload,
	"/accounts/":  maxPicture + 1<<20,

	// As JSON they come in Base64, which takes a third more.
	apiRoot + "registers":     (sheet.MaxBytes + 1<<20) * 4 / 3,
	apiRoot + "notices":       maxUpload * 4 / 3,
	apiRoot + "findings":      maxUpload * 4 / 3,
	apiRoot + "sheets":        maxUpload * 4 / 3,
	apiRoot + "slips":         maxUpload * 4 / 3,
	apiRoot + "accounts":      (maxPicture + 1<<20) * 4 / 3,
	apiRoot + "configuration": 2 * workshop.MaxFileBytes,
}

// apiRoot is where the operations for programs begin.
const apiRoot = "/api/v1/"

// bodyLimit is the most that may be sent to a route.
func (r Route) bodyLimit() int64 {
	for prefix, n := range uploads {
		if strings.HasPrefix(r.Path, prefix) {
			return n
		}
	}
	return maxBody
}

// A sent form is its texts and its files.
type sent struct {
	url.Values
	files map[string][]file
}

// A file is one that was uploaded.
type file struct {
	name string
	data []byte
}

// form reads what was sent, with files or without. Nothing of it touches the disk.
func (c *Console) form(q *request) (sent, error) {
	kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		select {
		case c.reading <- struct{}{}:
			defer func() { <-c.reading }()
		default:
			return sent{}, errManyForms()
		}
		return q.parts()
	}
	return q.form()
}

// errManyForms is said while as many files are being read as may be.
func errManyForms() error {
	return refuse(http.StatusServiceUnavailable, "正在上传的人较多；请稍后再试", "many files are being sent; try again in a moment")
}

// parts reads a form that was sent in parts.
func (q *request) parts() (sent, error) {
	s := sent{Values: url.Values{}, files: map[string][]file{}}
	r, err := q.MultipartReader()
	if err != nil {
		return s, unreadable(err)
	}
	for n := 0; ; n++ {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return s, s.check()
		}
		if err != nil || n > maxValues {
			return s, unreadable(err)
		}
		if err := s.add(part); err != nil {
			return s, err
		}
	}
}

func (s *sent) add(part *multipart.Part) error {
	name, most := part.FormName(), int64(maxValue)
	isFile := part.FileName() != ""
	if isFile {
		most = maxUpload + 1
	}
	data, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return unreadable(err)
	}
	switch {
	case !isFile && int64(len(data)) > most:
		return refuse(http.StatusRequestEntityTooLarge, "填写的文字太长；请缩短，或作为附件上传", "a text is too long; shorten it, or send it as a file")
	case !isFile:
		s.Add(name, string(data))
	default:
		s.files[name] = append(s.files[name], file{fileName(part.FileName()), data})
	}
	return nil
}

// check refuses texts that are none.
func (s sent) check() error {
	for name, list := range s.Values {
		for _, text := range list {
			if name == "to" { // where to go on to is looked at by localPath
				continue
			}
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r) }) {
				return refuse(http.StatusBadRequest, "填写的文字含有无法识别的字符；请重新输入", "a text holds characters that cannot be read; type it again")
			}
		}
	}
	return nil
}

// text is a value of a form without the space around it.
func (s sent) text(name string) string {
	return strings.ReplaceAll(strings.TrimSpace(s.Get(name)), "\r\n", "\n")
}

// ticked reads a box, which a form sends as 1 or leaves out.
func (s sent) ticked(name string) (bool, error) {
	switch s.text(name) {
	case "":
		return false, nil
	case "1":
		return true, nil
	}
	return false, refuse(http.StatusBadRequest, name+" 只能勾选或不选；请从页面上重新操作", name+" can be ticked or not, and nothing else; do it again on the page")
}

// line reads a line of text of so many characters at most.
func (s sent) line(name string, most int, zh, en string) (string, error) {
	text := s.text(name)
	if utf8.RuneCountInString(text) > most {
		return "", refuse(http.StatusBadRequest, fmt.Sprintf("%s超过 %d 字；请缩短", zh, most), fmt.Sprintf("%s has more than %d characters; shorten it", en, most))
	}
	return text, nil
}

// day reads a day, zero where none is given.
func (s sent) day(name, zh, en string) (time.Time, error) {
	text := s.text(name)
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil || day.Year() < 2000 || day.Year() > 2100 {
		return time.Time{}, refuse(http.StatusBadRequest, zh+"不是日期；请写成 2023-10-20", en+" is no date; write it as 2023-10-20")
	}
	return day, nil
}

// papers are the attachments of a form, each of a kind that offices keep.
func (s sent) papers(name string) ([]file, error) {
	var list []file
	for _, f := range s.files[name] {
		if len(f.data) == 0 && f.name == "" {
			continue
		}
		if err := f.acceptable(); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	if len(list) > maxPapers {
		return nil, refuse(http.StatusBadRequest, fmt.Sprintf("附件最多 %d 个；请合并后上传", maxPapers), fmt.Sprintf("at most %d attachments; put them together", maxPapers))
	}
	return list, nil
}

// one is the only file of a name.
func (s sent) one(name string) (file, error) {
	list := s.files[name]
	if len(list) != 1 || len(list[0].data) == 0 {
		return file{}, refuse(http.StatusBadRequest, "请选择一个文件（不能是空文件）", "choose one file that is not empty")
	}
	return list[0], nil
}

// kinds are the files that an office attaches to what it does.
var kinds = []string{
	".pdf", ".ofd", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".csv", ".txt", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".zip", ".rar", ".7z", ".eml",
}

// acceptable refuses a file that is no paper, or says that it is another than it
// is.
func (f file) acceptable() error {
	what := http.DetectContentType(f.data)
	switch {
	case len(f.data) > maxPaper:
		return refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("附件“%s”超过 %d MB；请压缩或拆分", f.name, maxPaper>>20), fmt.Sprintf("the attachment %s has more than %d MB; make it smaller", f.name, maxPaper>>20))
	case len(f.data) == 0:
		return refuse(http.StatusBadRequest, "附件“"+f.name+"”是空文件；请重新选择", "the attachment "+f.name+" is empty; choose it again")
	case !slices.Contains(kinds, strings.ToLower(path.Ext(f.name))), strings.HasPrefix(what, "text/html"), strings.HasPrefix(what, "text/xml"),
		bytes.HasPrefix(f.data, []byte("MZ")), bytes.HasPrefix(f.data, []byte("\x7fELF")), bytes.HasPrefix(f.data, []byte("#!")):
		return refuse(http.StatusUnsupportedMediaType, "附件“"+f.name+"”不是可收的文件；可收 PDF、OFD、Word、WPS、Excel、文本、图片和压缩包", "the attachment "+f.name+" is of no kind that is taken; send PDF, OFD, Word, WPS, Excel, text, pictures or archives")
	}
	return nil
}

// fileName is the last part of a name that a browser sent, as it may be shown and
// kept.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, name)
	name = strings.TrimSpace(path.Base("/" + name))
	if strings.Trim(name, "./") == "" {
		return ""
	}
	if r := []rune(name); len(r) > 100 {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(r[:100-len(ext)]) + string(ext)
	}
	return name
}

// unreadable says that a form cannot be read, or was too large.
func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return refuse(http.StatusBadRequest, "提交的内容无法识别；请从页面上重新操作", "what was sent cannot be read; do it again on the page")
}

// download answers with a file that is saved and never shown.
func download(w http.ResponseWriter, q *request, name string, data []byte) {
	attachment(w, name)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	send(w, q.Request, http.StatusOK, "application/octet-stream", data)
}

// attachment says that an answer is a file to be saved, under a name that may be
// Chinese; a browser that cannot read that sees a plain one.
func attachment(w http.ResponseWriter, name string) {
	plain := "file" + path.Ext(name)
	if strings.ContainsFunc(plain, func(r rune) bool { return r > 126 || r < '-' }) {
		plain = "file"
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
}
