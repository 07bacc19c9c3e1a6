package inventory

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Limits of what is handed in: rounds keep it with their configuration.
const (
	maxHandedBytes = 2 << 20 // of one file
	maxHandedTotal = 64 << 20
)

// What is handed in, by how its name ends.
var (
	pictureEnds = []string{".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf"}
	exportEnds  = []string{".json", ".jsonl", ".ndjson"}
)

// submissionForms reads submissions.yaml; a city may have none.
func (a *assembly) submissionForms() {
	f, ok := a.file(submissionsFile)
	if !ok {
		return
	}
	forms := &[]submissionForm{}
	d := a.decode(f, forms)
	for i := range *forms {
		a.submission(d, &(*forms)[i])
	}
	a.done(d)
}

// submission makes one submission.
func (a *assembly) submission(d *decoder, form *submissionForm) {
	s := Submission{
		Account: form.Account, By: form.By, Date: form.Date, Posted: form.Posted, Export: form.Export, Picture: form.Screenshot,
		CheckedBy: form.Checked.By, CheckedOn: form.Checked.Date,
	}
	acc, ok := a.city.Account(form.Account)
	if like, _ := patternOf("account-code"); !ok && like.matches(form.Account) && !a.faulty[accountsFile] {
		d.report("no account "+quoted(form.Account), didYouMean(form.Account, a.codes()), &form.Account)
	}
	a.checkSaid(d, form, acc)
	a.checkDays(d, form)
	if d.has(&form.Works) {
		s.Works = &form.Works
	}
	if form.Link != "" {
		s.Link = a.link(d, form.Link, acc, &form.Link)
	}
	if f, ok := a.handed(d, "screenshot", &form.Screenshot, pictureEnds); ok {
		if isPicture(f.Data) {
			s.SHA256 = digestOf(f.Data)
		} else {
			d.report("screenshot: "+quoted(f.Name)+" is no picture", "save it as PNG, JPEG, WebP, GIF or PDF", &form.Screenshot)
		}
	}
	if f, ok := a.handed(d, "export", &form.Export, exportEnds); ok && acc.Code != "" {
		s.Link = a.exported(d, form, acc, f)
	}
	a.city.Submissions = append(a.city.Submissions, s)
}

// codes lists the codes of all accounts.
func (a *assembly) codes() []string {
	var codes []string
	for _, acc := range a.city.Accounts {
		codes = append(codes, acc.Code)
	}
	return codes
}

// checkSaid demands that a submission says one thing, and one that its account can
// be asked.
func (a *assembly) checkSaid(d *decoder, form *submissionForm, acc Account) {
	keys := []struct {
		key string
		at  any
	}{{"link", &form.Link}, {"posted", &form.Posted}, {"works", &form.Works}, {"export", &form.Export}}
	var said []string
	var last any
	for _, k := range keys {
		if d.has(k.at) {
			said, last = append(said, k.key), k.at
		}
	}
	switch {
	case len(said) == 0 && d.has(form):
		d.report("the submission says nothing", "give it a link, the day of the latest post as posted, an export, or works: true or false", form)
	case len(said) > 1:
		d.report("the submission says "+strings.Join(said, " and "), "say one thing; write a second submission for the other", last)
	case len(said) == 1 && acc.Code != "":
		checkAsked(d, said[0], acc.Platform, last)
	}
}

// checkAsked reports a submission that says of a program what only a channel has,
// or the other way round.
func checkAsked(d *decoder, said string, p Platform, at any) {
	switch of := said == "works"; {
	case of && p.posts():
		d.report("works is said of a 移动客户端 or a 小程序, and this is "+string(p), "hand in a link, or the day of the latest post as posted", at)
	case !of && !p.posts():
		d.report(said+" speaks of posts, and this is "+string(p), "say works: true or false", at)
	}
}

// checkDays reports days that cannot follow each other so.
func (a *assembly) checkDays(d *decoder, form *submissionForm) {
	if form.Date.IsZero() {
		return
	}
	if form.Posted.After(form.Date) {
		d.report("the post is later than the submission", "correct posted or date", &form.Posted)
	}
	if on := form.Checked.Date; !on.IsZero() && on.Before(form.Date) {
		d.report("it was checked before it was handed in", "correct the day of checked, or date", &form.Checked.Date)
	}
}

// link makes the address of a post ready. It must lead to the platform: anything
// could be written elsewhere.
func (a *assembly) link(d *decoder, text string, acc Account, at any) string {
	u, message, hint := absolute(nil, text)
	if message != "" {
		d.report("link "+message, hint, at)
		return ""
	}
	p, _ := a.city.Platform(acc.Platform)
	if host := hostKey(u); len(p.Manner.Hosts) > 0 && !within(host, p.Manner.Hosts) {
		d.report("the link leads to "+host+", which is not "+p.Name, "its hosts: "+strings.Join(p.Manner.Hosts, ", "), at)
		return ""
	}
	return u.String()
}

// within reports whether a host is one of some, or below one of them.
func within(host string, hosts []string) bool {
	return slices.ContainsFunc(hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
}

// handed returns a file that a submission names.
func (a *assembly) handed(d *decoder, key string, name *string, ends []string) (File, bool) {
	if *name == "" {
		return File{}, false
	}
	if fault, hint := handedFault(*name, ends); fault != "" {
		d.report(key+": "+quoted(*name)+" "+fault, hint, name)
		return File{}, false
	}
	f, ok := a.file(*name)
	if !ok {
		d.report(key+": there is no file "+quoted(*name), "put it there, below the folder of the city", name)
	}
	return f, ok
}

// handedFault says why a name cannot be that of a file that is handed in.
func handedFault(name string, ends []string) (fault, hint string) {
	switch {
	case !fs.ValidPath(name):
		return "is no file below this folder", "write it as shots/2023-09-20.png, without .. and without / in front"
	case !slices.Contains(ends, strings.ToLower(path.Ext(name))):
		return "does not end as such a file does", "known: " + strings.Join(ends, ", ")
	}
	return "", ""
}

// isPicture reports whether a file begins as a picture does.
func isPicture(data []byte) bool {
	for _, head := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "%PDF-"} {
		if bytes.HasPrefix(data, []byte(head)) {
			return true
		}
	}
	return len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// handedIn reads the files that submissions name. That one is missing is for Parse
// to say, which knows the line.
func (r *reader) handedIn() {
	i := slices.IndexFunc(r.files, func(f File) bool { return f.Name == submissionsFile })
	if i < 0 {
		return
	}
	var forms []submissionForm
	d := newDecoder(submissionsFile)
	d.decode(r.files[i], &forms)
	d.problems = nil // Parse finds them again
	total := 0
	for i := range forms {
		for _, x := range []struct {
			name *string
			ends []string
		}{{&forms[i].Screenshot, pictureEnds}, {&forms[i].Export, exportEnds}} {
			if fault, _ := handedFault(*x.name, x.ends); *x.name != "" && fault == "" {
				total += r.handed(d, x.name, maxHandedTotal-total)
			}
		}
	}
	r.problems = append(r.problems, d.problems...)
}

// handed reads one file that was handed in, unless it is there already, and returns
// its size. Links are not followed: they could lead out of the folder.
func (r *reader) handed(d *decoder, name *string, room int) int {
	if r.have[*name] {
		return 0
	}
	info, err := fs.Lstat(r.fsys, *name)
	if err != nil {
		return 0
	}
	r.have[*name] = true
	if info.Mode()&fs.ModeSymlink != 0 {
		d.report(quoted(*name)+" is a link, and links are not followed here", "copy what it leads to", name)
		return 0
	}
	data, err := readAtMost(r.fsys, *name, maxHandedBytes)
	switch {
	case err != nil:
		d.report(quoted(*name)+" cannot be read: "+err.Error(), "a file that is handed in has at most 2 MiB: save the picture smaller", name)
	case len(data) > room:
		d.report(fmt.Sprintf("with %s the files that were handed in hold more than %d bytes", quoted(*name), maxHandedTotal), "take old submissions away", name)
	default:
		r.files = append(r.files, File{Name: *name, Data: data})
		return len(data)
	}
	return 0
}
