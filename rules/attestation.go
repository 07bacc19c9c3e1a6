package rules

import (
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// An attested is the newest post of an account by the word of a person, with a
// picture that the office has checked.
type attested struct {
	said *inventory.Submission
}

// attestation finds the latest day that was attested and checked by the point.
// What says that it posted after the point is left out.
func (j *judge) attestation(a inventory.Account) (w attested) {
	for i := range j.in.City.Submissions {
		s := &j.in.City.Submissions[i]
		if s.Account != a.Code || s.Posted.IsZero() || !s.Checked(j.day) || extract.DayOf(s.Posted).After(j.day) {
			continue
		}
		if w.said == nil || s.Posted.After(w.said.Posted) {
			w.said = s
		}
	}
	return w
}

// view is an attestation in the form in which it clears, nil for none.
func (w attested) view() *view {
	if w.said == nil {
		return nil
	}
	newest := extract.Date{Time: w.said.Posted}
	return &view{newest: newest, Look: &Look{At: w.said.CheckedOn, Reading: extract.Reading{
		Outcome: extract.Dated, AtLeast: true, Newest: newest, From: extract.FromAttestation,
	}}}
}

// waiting finds the latest submission about an account that would be of use and
// that nobody has checked by the point; nil if there is none.
func (j *judge) waiting(a inventory.Account) *inventory.Submission {
	var latest *inventory.Submission
	for i := range j.in.City.Submissions {
		s := &j.in.City.Submissions[i]
		says := !s.Posted.IsZero() || s.Works != nil
		if s.Account != a.Code || !says || s.Checked(j.day) || extract.DayOf(s.Date).After(j.day) {
			continue
		}
		if latest == nil || !s.Date.Before(latest.Date) {
			latest = s
		}
	}
	return latest
}

// supply says for people what was seen of an account that nothing can be
// concluded of, and how to supply the rest.
func (j *judge) supply(r *AccountResult, s sighting, works bool) {
	if r.State != Unknown || r.Verdict == Pending {
		return
	}
	if v := s.clearing(time.Time{}); v != nil && !works {
		d := v.newest.Day().Format(time.DateOnly)
		r.hint("未见晚于"+d+"的内容；访客所见不全，不能据此认定未更新", "nothing newer than "+d+" was seen; a guest is not shown everything")
	}
	if n := j.shakenOf(s); n != "" {
		r.hint("本轮该平台多数账号未能读取，所读内容只作正面依据", "most accounts of the platform could not be read in this round; what was read clears and accuses nobody")
	}
	p, _ := j.in.City.Platform(r.Account.Platform)
	switch {
	case works:
		r.hint("请由主办单位提供能否下载使用的核验结果和截图，由办公室核验", "hand in whether it can be downloaded and used, with a screenshot, for the office to check")
	case p.Hand != "" || p.HandEN != "":
		r.hint(p.Hand, p.HandEN)
	default:
		r.hint("请由主办单位提供最新一条内容的链接，或提供截图由办公室核验", "hand in a link to the latest post, or a screenshot for the office to check")
	}
	if w := j.waiting(r.Account); w != nil {
		d := w.Date.In(extract.Beijing).Format(time.DateOnly)
		r.hint("已收到"+w.By+d+"提交的材料，待办公室核验后采信", "what "+w.By+" handed in on "+d+" waits for the office to check it")
	}
}

// shakenOf is the reason for which the newest view accuses nobody, "" for none.
func (j *judge) shakenOf(s sighting) extract.Reason {
	if len(s.views) == 0 {
		return ""
	}
	return s.views[len(s.views)-1].shaken
}

// hint adds to the note.
func (r *AccountResult) hint(zh, en string) {
	join := func(to *string, text, between string) {
		if *to != "" && text != "" {
			*to += between
		}
		*to += text
	}
	join(&r.Note, zh, "；")
	join(&r.NoteEN, en, "; ")
}
