package crawler

import (
	"context"
	"fmt"
	"net/url"
	"runtime/debug"

	"xuncha/extract"
	"xuncha/inventory"
)

// A visit is one subject being looked at.
type visit struct {
	c       *Crawler
	shell   *shell
	subject inventory.Subject
	before  Visit // the visit before, or the zero Visit
	history Visit // the visit before, of a fresh look too, if it asked the same
	task    string
	pages   []extract.Page
}

// visit looks at one subject. The error is only ever that of ctx.
func (c *Crawler) visit(ctx context.Context, sh *shell, s inventory.Subject, job Job) (Visit, error) {
	before, task := c.recall(s), TaskDigest(s.Task)
	v := &visit{c: c, shell: sh, subject: s, before: before, task: task}
	if before.Task == task {
		v.history = before // a list that is asked for otherwise has none
	}
	if job.Fresh {
		v.before = Visit{}
	}
	done := Visit{Subject: s.ID, Task: v.task, Reader: extract.Version}
	if len(s.Task.URLs) == 0 {
		done.At = c.clock.Now()
		done.Reading = extract.Reading{
			Outcome: extract.Unread, Reason: extract.ReasonNotLooked,
			Detail: "no address is configured for it",
		}
		return done, nil
	}
	taken, err := v.retrace(ctx)
	if err == nil && !taken {
		done.Reading, err = v.read(ctx)
	}
	if err != nil {
		return Visit{}, err
	}
	if taken {
		done.Reading, done.ReadingSHA256, done.TakenOver = v.before.Reading, v.before.ReadingSHA256, true
		c.counters.add(func(s *Stats) { s.TakenOver++ })
	}
	v.reckon(done.Reading)
	if done.Reading.List == nil && !taken {
		done.Reading.List = v.subject.Task.Before
	}
	if job.Picture && done.Reading.Conclusive() {
		if err := v.picture(ctx); err != nil {
			return Visit{}, err
		}
	}
	done.At, done.Pages = c.clock.Now(), v.pages
	return done, nil
}

// retrace asks for the pages of the visit before, one after the other, as long
// as each is what it was. If all are, their reading can be taken over: the same
// bytes give the same reading.
func (v *visit) retrace(ctx context.Context) (taken bool, err error) {
	if !retakable(v.before, v.task) || len(v.before.Pages) > v.c.cfg.PagesPerSubject {
		return false, nil
	}
	for i, old := range v.before.Pages {
		if err := v.fetch(ctx, []extract.Want{{URL: old.Asked, Why: old.Why, Render: old.Class == extract.ClassNoBrowser}}); err != nil {
			return false, err
		}
		if !same(v.pages[i], old) {
			return false, nil
		}
	}
	return true, nil
}

// read reads the pages and fetches what the reader wants besides, until it wants
// no more.
func (v *visit) read(ctx context.Context) (extract.Reading, error) {
	v.subject.Task.Before = v.c.fingerprint(v.history)
	for {
		if err := v.fillIn(ctx); err != nil {
			return extract.Reading{}, err
		}
		reading, wants, err := v.ask(ctx)
		if err != nil {
			return extract.Reading{}, err
		}
		if len(wants) == 0 {
			return reading, nil
		}
		if len(v.pages) >= 2*v.c.cfg.PagesPerSubject {
			return extract.Reading{
				Outcome: extract.Unread, Reason: extract.ReasonPartial,
				Detail: fmt.Sprintf("more than %d pages were wanted", v.c.cfg.PagesPerSubject),
			}, nil
		}
		if err := v.fetch(ctx, wants); err != nil {
			return extract.Reading{}, err
		}
	}
}

// ask asks the reader, once it may. Bytes from outside must not end the program,
// whatever they do to the reader. The error is only ever that of ctx.
func (v *visit) ask(ctx context.Context) (reading extract.Reading, wants []extract.Want, err error) {
	if v.c.readers != nil {
		select {
		case v.c.readers <- struct{}{}:
			defer func() { <-v.c.readers }()
		case <-ctx.Done():
			return reading, nil, ctx.Err()
		}
	}
	defer func() {
		if e := recover(); e != nil {
			v.c.log.Error("reader failed", "subject", v.subject.ID, "error", clip(fmt.Sprint(e)), "stack", clip(string(debug.Stack())))
			reading = extract.Reading{
				Outcome: extract.Unread, Reason: extract.ReasonLost,
				Detail: clip(fmt.Sprintf("the reader failed on this page: %v", e)),
			}
			wants = nil
		}
	}()
	reading, wants = v.c.read(v.subject.Task, v.pages)
	return reading, wants, nil
}

// fetch answers wants in order. Those over the budget are answered with a page
// that says so.
func (v *visit) fetch(ctx context.Context, wants []extract.Want) error {
	room := max(0, v.c.cfg.PagesPerSubject-len(v.pages))
	within := wants[:min(room, len(wants))]
	pages, err := v.shell.fetch(ctx, v.errands(within))
	if err != nil {
		return err
	}
	v.pages = append(v.pages, pages...)
	for _, w := range wants[len(within):] {
		if len(v.pages) >= 2*v.c.cfg.PagesPerSubject {
			break
		}
		p := extract.Page{Asked: w.URL, URL: w.URL, Why: w.Why}
		v.pages = append(v.pages, v.c.failed(p, failure{extract.ClassBudget, fmt.Sprintf("more than %d pages were wanted", v.c.cfg.PagesPerSubject)}))
	}
	return nil
}

func (v *visit) errands(wants []extract.Want) []errand {
	list := make([]errand, len(wants))
	for i, w := range wants {
		before := answered(v.before, w)
		list[i] = errand{
			want: w, hosts: v.subject.Task.Hosts, home: v.home(),
			authority: v.subject.RobotsOverride, kept: v.c.kept(before), known: known(before),
		}
	}
	return list
}

// home returns the host of the subject's first page.
func (v *visit) home() string {
	u, err := url.Parse(v.subject.Task.URLs[0])
	if err != nil {
		return ""
	}
	return bareHost(u.Host)
}

// fillIn puts the bodies in place that were confirmed or known by the bytes in
// which they came, because they are needed now that the pages are read. One that
// is lost or damaged is fetched again, whole.
func (v *visit) fillIn(ctx context.Context) error {
	for i, p := range v.pages {
		if p.Body != nil || p.SHA256 == "" {
			continue
		}
		body, err := v.c.memory.Body(p.SHA256)
		if err == nil {
			v.pages[i].Body = body
			continue
		}
		v.c.log.Warn("kept body cannot be read; the page is fetched again", "subject", v.subject.ID, "url", p.Asked, "error", err)
		e := v.errands([]extract.Want{{URL: p.Asked, Why: p.Why}})
		e[0].kept, e[0].known = nil, nil
		again, err := v.shell.fetch(ctx, e)
		if err != nil {
			return err
		}
		v.pages[i] = again[0]
	}
	return nil
}
