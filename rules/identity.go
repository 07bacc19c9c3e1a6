package rules

import (
	"net/url"
	"strings"
	"time"

	"xuncha/extract"
)

// owner notes that the 认证主体 shown last inside the interval is not the
// registered one.
func (j *judge) owner(r *AccountResult, t target, s sighting) {
	a := r.Account
	var v *view
	for i := range s.views {
		if w := &s.views[i]; w.within && w.namesIt() && extract.FoldName(w.Reading.Owner) != "" {
			v = w
		}
	}
	if v == nil || extract.FoldName(a.Owner) == "" || sameOwner(a.Owner, v.Reading.Owner) {
		return
	}
	for _, ind := range j.applicable(t, KindOwner) {
		j.findings.add(ind, Finding{
			Subject: a.ID(), Unit: a.Unit, Since: extract.DayOf(v.At),
			Text: j.say(ind, 0) + "，登记主体“" + a.Owner + "”，显示主体“" + v.Reading.Owner + "”",
		})
	}
}

// sameOwner reports whether two texts name one body: what a platform shows is often
// a sentence that holds its name, 阳泉市公安局官方微博.
func sameOwner(registered, shown string) bool {
	a, b := extract.FoldName(registered), extract.FoldName(shown)
	return strings.Contains(a, b) || strings.Contains(b, a)
}

// avatar notes that an account shows another picture than an earlier look at hand
// saw from the same source.
func (j *judge) avatar(r *AccountResult, t target, s sighting) {
	before := map[extract.SourceKind]string{}
	var changed *view
	for i := range s.views {
		v := &s.views[i]
		id := pictureID(v.Reading.Avatar)
		if !v.namesIt() || id == "" {
			continue
		}
		if old := before[v.Reading.From]; old != "" && old != id {
			changed = v
		}
		before[v.Reading.From] = id
	}
	if changed == nil {
		return
	}
	for _, ind := range j.applicable(t, KindAvatar) {
		day := extract.DayOf(changed.At)
		j.findings.add(ind, Finding{
			Subject: r.Account.ID(), Unit: r.Account.Unit, Since: day, Text: j.say(ind, 0) + "，见于" + day.Format(time.DateOnly),
		})
	}
}

// longID is how many characters a part of an address has that names one picture
// and no other: sizes and formats are shorter.
const longID = 16

// pictureID is the part of a picture's address that names it, "" where none does.
// The host, the size and the signature change from one answer to the next.
func pictureID(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	id := ""
	for part := range strings.SplitSeq(u.Path, "/") {
		part, _, _ = strings.Cut(part, "~")
		part, _, _ = strings.Cut(part, ".")
		if len(part) >= longID {
			id = part
		}
	}
	return id
}
