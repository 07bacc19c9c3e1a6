package console

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

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
