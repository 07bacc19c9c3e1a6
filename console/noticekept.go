package console

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xuncha/cases"
	"xuncha/report"
)

// keptFile hands out a file of a notice that was kept.
func (c *Console) keptFile(w http.ResponseWriter, q *request) error {
	if err := q.whole(); err != nil {
		return err
	}
	if c.Notices == nil {
		return notThere()
	}
	number, err := strconv.Atoi(q.PathValue("number"))
	if err != nil {
		return noFile()
	}
	kept, err := c.Notices.Kept()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(kept, func(k KeptNotice) bool { return k.Number == number })
	if i < 0 {
		return noFile()
	}
	prefix := fmt.Sprintf("%s-%s-%d-", kept[i].Period, map[bool]string{true: "定稿", false: "初稿"}[kept[i].Final], number)
	name := q.PathValue("file")
	var files []report.File
	for _, f := range kept[i].Files {
		if name != "all.zip" && f.Name != name {
			continue
		}
		data, err := c.Notices.KeptFile(number, f.Name)
		if err != nil {
			return err
		}
		files = append(files, report.File{Name: f.Name, Data: data})
	}
	if name == "all.zip" {
		var sums strings.Builder
		for _, f := range kept[i].Files {
			fmt.Fprintf(&sums, "%s  %s\n", f.SHA256, f.Name)
		}
		files = append(files, report.File{Name: "SHA256SUMS", Data: []byte(sums.String())})
	}
	return handOut(w, q, name, prefix, files)
}

// A verifyPage says whether a file can be made again.
type verifyPage struct {
	File  string
	Check *NoticeCheck
	Kept  *KeptNotice // one that was kept with the same bytes
	Wrong string
}

// verifyNotice compares a file that was uploaded with the notice that can be made
// now.
func (c *Console) verifyNotice(w http.ResponseWriter, q *request) error {
	if err := q.whole(); err != nil {
		return err
	}
	if c.Notices == nil {
		return notThere()
	}
	p := &verifyPage{}
	if q.Method == http.MethodGet {
		return c.render(w, q, http.StatusOK, "notice-verify", p)
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	f, err := s.one("file")
	if err != nil {
		return err
	}
	var summary []byte
	if list := s.files["summary"]; len(list) > 0 {
		summary = list[0].data
	}
	p.File = f.name
	digest := cases.Attach(f.name, f.data).SHA256
	kept, err := c.Notices.Kept()
	if err != nil {
		return err
	}
	for _, k := range kept {
		if slices.ContainsFunc(k.Files, func(x KeptFile) bool { return x.SHA256 == digest }) {
			p.Kept = &k
		}
	}
	check, err := c.Notices.Verify(f.name, f.data, summary)
	status := http.StatusOK
	if refused, ok := told(err).(*refusal); ok {
		status, p.Wrong = http.StatusUnprocessableEntity, q.say(refused.chinese, refused.english)
	} else if err != nil {
		return err
	} else {
		p.Check = &check
	}
	return c.render(w, q, status, "notice-verify", p)
}
