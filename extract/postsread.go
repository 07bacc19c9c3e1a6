package extract

import (
	"slices"
	"time"
)

// The posts of an account are looked for in its sources, the strongest first. A
// source that shows a post of the last days ends the search; otherwise every
// other is asked as well, because an account that is about to be called stale
// deserves every chance.

// settledBy is how near to the look a newest post ends the search: it lies within
// the shortest window in force, a week, and leaves time for the looks of the
// next nights to find the one after it.
const settledBy = 3 * 24 * time.Hour

// A tried source is what came of asking it.
type tried struct {
	PostSource
	Try
	sheet postSheet
	at    time.Time // when it was asked
	note  string    // what speaks against its list being whole
}

// posts answers with the newest post of an account, or wants the next source.
func (r *reader) posts() (Reading, []Want) {
	about := r.task.Posting
	if about == nil || len(about.Sources) == 0 {
		return r.noSources(), nil
	}
	var all []tried
	for _, src := range about.Sources {
		if src.Kind == FromAttestation || src.Kind == FromBrowser && slices.ContainsFunc(all, tried.showsAll) {
			continue
		}
		t, ok := r.trySource(src)
		if !ok {
			return Reading{}, r.wants
		}
		all = append(all, t)
		if t.settles() {
			break
		}
	}
	if len(all) == 0 {
		return r.noSources(), nil
	}
	return r.concludePosts(all), nil
}

// noSources is the reading of an account that nothing shows.
func (r *reader) noSources() Reading {
	out := r.unread(hindered(ReasonNotLooked, "no source is configured that shows the account's posts: hand in its identity on the platform, the address of a feed, a link to its newest post, or a person's attestation"))
	out.List = r.task.Before
	return out
}

// showsAll reports whether a source is the platform's own and its list is whole:
// a browser would show the same.
func (t tried) showsAll() bool {
	return t.PostSource.Kind == FromPlatform && (t.Outcome == Dated || t.Outcome == Empty) && !t.AtLeast
}

// settles reports whether a source shows a post that is recent enough for no
// other to be asked.
func (t tried) settles() bool {
	return t.Outcome == Dated && !t.Newest.Day().Before(DayOf(t.at.Add(-settledBy)))
}

// trySource asks one source; ok is false while its pages are awaited.
func (r *reader) trySource(src PostSource) (tried, bool) {
	pages, ok := r.pagesOf(src)
	if !ok {
		return tried{}, false
	}
	t := tried{PostSource: src, at: pages[0].FetchedAt}
	t.Try.Kind = src.Kind
	if u := addressOf(src.URL); u != nil {
		t.Host = hostOf(u)
	}
	forms, err := compileForms(src.Forms)
	switch {
	case err != nil && len(forms) == 0:
		t.fail("", hindered(ReasonLost, "the forms of the source are invalid: %v", err))
	case src.Kind == FromLink:
		r.tryLink(&t, forms, newReply(pages[0]))
	case src.Kind == FromFeed || len(forms) == 0:
		r.tryFeed(&t, forms, newReply(pages[0]))
	default:
		r.tryForms(&t, forms, replies(pages))
	}
	t.Detail = cut(t.Detail, maxDetail)
	return t, true
}

func replies(pages []Page) []*reply {
	out := make([]*reply, len(pages))
	for i, p := range pages {
		out[i] = newReply(p)
	}
	return out
}

// fail notes that a source showed nothing.
func (t *tried) fail(h Hindrance, o *obstacle) {
	t.Outcome, t.Hindrance, t.Reason, t.Detail = Unread, h, h.Reason(), ""
	if o != nil {
		t.Detail = o.detail
		if t.Reason == "" {
			t.Reason = o.reason
		}
	}
}

// pagesOf returns the pages of a source, of one that a browser shows with the
// answers that its scripts were given; ok is false while they are awaited.
func (r *reader) pagesOf(src PostSource) ([]Page, bool) {
	w := Want{URL: key(src.URL), Why: WhyList, Render: src.Kind == FromBrowser}
	if src.Kind == FromLink {
		w.Why = WhyArticle
	}
	if w.Render {
		if shown := r.shown(w.URL); len(shown) > 0 {
			return shown, true
		}
	}
	p, ok := r.take(w)
	return []Page{p}, ok
}

// shown returns the page that a browser showed, or that says why it could not,
// with the data behind it; none where it was not asked yet.
func (r *reader) shown(address string) []Page {
	plain := slices.ContainsFunc(r.task.Posting.Sources, func(s PostSource) bool {
		return s.Kind != FromBrowser && s.Kind != FromLink && key(s.URL) == address
	})
	for i, p := range r.all {
		if p.Why != WhyList || key(p.Asked) != address {
			continue
		}
		if !p.Rendered && p.Class != ClassNoBrowser && (plain || p.Class == "") {
			plain = false // this answers the source that asks without a browser
			continue
		}
		end := i + 1
		for end < len(r.all) && r.all[end].Why == WhyData {
			end++
		}
		return r.all[i:end]
	}
	return nil
}

// tryForms reads a platform's answers: the first form that fits each.
func (r *reader) tryForms(t *tried, forms []*postForm, all []*reply) {
	var sheets []postSheet
	var lost *obstacle
	for _, a := range all {
		if !a.sound() || r.strays(a.page) {
			continue
		}
		s, o := r.readForms(forms, a)
		switch {
		case s != nil:
			sheets = append(sheets, *s)
		case lost == nil:
			lost = o
		}
	}
	sheet := gathered(sheets)
	if sheet == nil {
		t.sheet = postSheet{first: all[0].page}
	} else {
		t.sheet = *sheet
	}
	if len(t.sheet.rows) > 0 {
		r.judgeRows(t)
		return
	}
	r.judgeNothing(t, forms, all, lost)
}

// strays reports whether an answer came from where none was asked of.
func (r *reader) strays(p Page) bool {
	final, asked := addressOf(p.URL), addressOf(p.Asked)
	return p.URL != "" && (final == nil || asked == nil || !r.task.allowed(final, asked) || LoginAddress(final) && !LoginAddress(asked))
}

// readForms reads an answer by the forms that fit it and returns the sheet of
// the first that finds posts, else of the first that finds anything.
func (r *reader) readForms(forms []*postForm, a *reply) (best *postSheet, lost *obstacle) {
	for _, f := range fitting(forms, a) {
		s, o := f.read(a, r.task.Posting)
		switch {
		case o != nil && lost == nil:
			lost = o
		case o != nil:
		case len(s.rows) > 0:
			return &s, nil
		case best == nil || !best.says() && s.says():
			best = &s
		}
	}
	return best, lost
}

// says reports whether a sheet without rows says anything.
func (s postSheet) says() bool { return s.found || s.name != "" || s.foreign }

// fitting returns the forms that an answer may have, the likeliest first: those
// whose signs it shows, then those asked for at its address.
func fitting(forms []*postForm, a *reply) []*postForm {
	decoded := Page{Body: a.text}
	var shows, asked, rest []*postForm
	for _, f := range forms {
		switch {
		case f.raw.Shows(decoded):
			shows = append(shows, f)
		case f.asked(a.page):
			asked = append(asked, f)
		case f.anywhere():
			rest = append(rest, f)
		}
	}
	return slices.Concat(shows, asked, rest)
}
