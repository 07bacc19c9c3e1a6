package console

import (
	"context"
	"net/http"
	"slices"

	"xuncha/cases"
)

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
	if q.Method == http.MethodGet {
		return c.render(w, q, http.StatusOK, "notice-verify", &verifyPage{})
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	p, err := c.verified(q.Context(), s)
	status := http.StatusOK
	if refused, ok := err.(*refusal); ok && p != nil {
		status, p.Wrong = refused.status, q.say(refused.chinese, refused.english)
	} else if err != nil {
		return err
	}
	return c.render(w, q, status, "notice-verify", p)
}

// verified compares the file of a form. Where the file cannot be compared, what is
// known of it is returned beside the refusal.
func (c *Console) verified(ctx context.Context, s sent) (*verifyPage, error) {
	f, err := s.one("file")
	if err != nil {
		return nil, err
	}
	p := &verifyPage{File: f.name}
	var summary []byte
	if list := s.files["summary"]; len(list) > 0 {
		summary = list[0].data
	}
	digest := cases.Attach(f.name, f.data).SHA256
	kept, err := c.Notices.Kept()
	if err != nil {
		return nil, err
	}
	for _, k := range kept {
		if slices.ContainsFunc(k.Files, func(x KeptFile) bool { return x.SHA256 == digest }) {
			p.Kept = &k
		}
	}
	check, err := c.Notices.Verify(ctx, f.name, f.data, summary)
	if refused, ok := told(err).(*refusal); ok {
		return p, refuse(http.StatusUnprocessableEntity, refused.chinese, refused.english)
	}
	p.Check = &check
	return p, err
}
