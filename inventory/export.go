package inventory

import (
	"bytes"
	"time"

	"xuncha/extract"
)

// exported returns the link of the newest post of what a back office gave out.
func (a *assembly) exported(d *decoder, form *submissionForm, acc Account, f File) string {
	p, _ := a.city.Platform(acc.Platform)
	if len(p.Exports) == 0 || len(p.Manner.Hosts) == 0 {
		d.report("of "+string(acc.Platform)+" it is not known what its back office gives out", "hand in a link, or the day of the latest post as posted", &form.Export)
		return ""
	}
	newest, problem := newestExported(p, acc, f, form.Date)
	if problem != "" {
		d.report("export: "+problem, "export the list anew, or hand in the link of the latest post", &form.Export)
		return ""
	}
	return a.link(d, newest, acc, &form.Export)
}

// newestExported finds the newest post of an export that was handed in on a day.
// It is read as an answer of the platform would be.
func newestExported(p PlatformProfile, acc Account, f File, day time.Time) (link, problem string) {
	if text := bytes.TrimLeft(f.Data, "\ufeff \t\r\n"); len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return "", quoted(f.Name) + " is neither JSON nor lines of JSON"
	}
	address := "https://" + p.Manner.Hosts[0] + "/"
	page := extract.Page{
		Asked: address, URL: address, Why: extract.WhyList, Status: 200, Header: map[string][]string{"Content-Type": {"application/json"}},
		Body: f.Data, FetchedAt: day.Add(24*time.Hour - time.Second),
	}
	posting := extract.Posting{Name: acc.Name, Sources: []extract.PostSource{{Kind: extract.FromPlatform, URL: address, Forms: p.Exports}}}
	if p.names(acc.UID) {
		posting.UID = acc.UID
	}
	reading, _ := extract.Read(extract.Task{Question: extract.AskPosts, URLs: []string{address}, Posting: &posting}, []extract.Page{page})
	if reading.Hindrance == extract.HindForeign {
		return "", quoted(f.Name) + " is of another account than " + acc.Code
	}
	for _, item := range extract.NewestItems(reading.Items, 1) {
		if item.Link != "" && !item.Date.IsZero() {
			return item.Link, ""
		}
	}
	return "", quoted(f.Name) + " holds no post with a link and a date, as far as is known"
}
