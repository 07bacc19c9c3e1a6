package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// tryLink reads a post that the unit handed in. It is believed only if it is the
// account's own, and is never more than a lower bound.
func (r *reader) tryLink(t *tried, forms []*postForm, a *reply) {
	t.sheet.first = a.page
	if !a.sound() || r.strays(a.page) {
		t.fail(r.hindrance(t.PostSource, forms, []*reply{a}))
		return
	}
	s, _ := r.readForms(forms, a)
	if s == nil || len(s.rows) == 0 {
		if h, o := r.hindrance(t.PostSource, forms, []*reply{a}); h != "" || o != nil {
			t.fail(h, o)
			return
		}
	}
	if s == nil || len(s.rows) == 0 && !s.foreign {
		made, o := readLinked(a)
		if o != nil {
			t.fail("", o)
			return
		}
		s = &made
	}
	s.nameBy(a)
	s.sure = true // or it is not believed
	t.sheet = *s
	if why := r.notOwn(*s, a); why != "" {
		t.fail(HindForeign, hindered(ReasonLost, "%s", why))
		t.sheet.rows = nil
		t.sheet.foreign = true
		return
	}
	if len(s.rows) == 0 {
		t.fail(HindUndated, hindered(ReasonUndated, "the page shows no date"))
		return
	}
	r.judgeRows(t)
}

// readLinked reads a page as any article is read.
func readLinked(a *reply) (postSheet, *obstacle) {
	d, o := a.document()
	if o != nil {
		return postSheet{}, o
	}
	look := d.sketch()
	if o := d.unfit(look); o != nil {
		return postSheet{}, o
	}
	if o := d.doubtful(look, 0); o != nil && look.runes < 300 {
		return postSheet{}, o
	}
	s := postSheet{charset: a.charset, method: "article", first: a.page}
	art := readArticle(d)
	if !art.date.IsZero() {
		of := row{item: Item{Title: articleTitle(d), Link: d.page.URL, Source: clean(art.source)}, key: d.page.URL}
		of.item.Date = art.date
		s.rows = []postRow{{row: of}}
	}
	return s, nil
}

// nameBy fills in whose post a page is, where its form did not say it.
func (s *postSheet) nameBy(a *reply) {
	d, o := a.document()
	if o != nil || d.from != nil {
		return
	}
	if s.name == "" {
		s.name = nickOf(d)
	}
	if len(s.uids) == 0 && !s.someUIDs() {
		s.uids = bizOf(d)
	}
}

// articleTitle is what a page calls its article.
func articleTitle(d *document) string {
	for n := range d.root.Descendants() {
		if attr(n, "property") == "og:title" || attr(n, "id") == "activity-name" {
			if s := title(attr(n, "content") + textOf(n)); s != "" {
				return s
			}
		}
	}
	return d.title()
}

var (
	scriptBiz  = regexp.MustCompile(`\b(?:biz|__biz|bizuin)\s*[=:]\s*(?:JsDecode\(\s*)?(?:(?:""|'')\s*\|\|\s*)*["']([A-Za-z0-9+/=%]{8,64})["']`)
	scriptNick = regexp.MustCompile(`\bnick_?name\s*[=:]\s*(?:(?:htmlDecode|JsDecode)\()?\s*["']([^"'<>\n]{1,120})["']`)
	authorName = regexp.MustCompile(`(?i)^(?:article-?)?author(?:-?name)?$|^nick-?name$`)
)

// bizOf returns the identities that the scripts of a 微信 article state.
func bizOf(d *document) []string {
	if m := inSource(scriptBiz, d.text); m != nil {
		return []string{string(m[1])}
	}
	return nil
}

// nickOf returns the account that an article shows as its own, "" where none is
// shown in a place that holds nothing else.
func nickOf(d *document) string {
	byTag := ""
	for n := range d.root.Descendants() {
		id, class := attr(n, "id"), attr(n, "class")
		switch {
		case id == "js_name", strings.Contains(class, "wx_follow_nickname"):
			if s := title(textOf(n)); s != "" {
				return s
			}
		case byTag == "" && (attr(n, "name") == "author" || attr(n, "property") == "og:article:author"):
			byTag = title(attr(n, "content"))
		case byTag == "" && slices.ContainsFunc(strings.Fields(class), authorName.MatchString):
			byTag = title(textOf(n))
		}
	}
	if m := inSource(scriptNick, d.text); m != nil {
		return title(plainText(string(m[1])))
	}
	return byTag
}

// notOwn says why a post that was handed in is not believed to be the account's,
// "" if it is: what the page states decides, then its address, and its shown
// name only where neither says anything.
func (r *reader) notOwn(s postSheet, a *reply) string {
	about := *r.task.Posting
	stated := slices.Clone(s.uids)
	for _, row := range s.rows {
		stated = append(stated, row.uids...)
	}
	if s.foreign {
		return "the post is another account's, by its UID " + strings.Join(s.uids, ", ")
	}
	switch owns(stated, about.UID) {
	case own:
		return ""
	case another:
		return "the post is another account's, by its UID " + cut(strings.Join(stated, ", "), 80)
	}
	switch addressOwns(a.page, about.UID) {
	case own:
		return ""
	case another:
		return "the address is of another account's post"
	}
	switch {
	case s.name == "":
		return "the page does not say whose post it is"
	case foldName(s.name) == foldName(about.Name):
		return ""
	}
	return "the page names \"" + cut(s.name, 60) + "\" as its account"
}

// addressOwns tells by the address of a post whose it is.
func addressOwns(p Page, uid string) ownership {
	out := unknownOwner
	for _, address := range []string{p.URL, p.Asked} {
		u, err := url.Parse(address)
		if err != nil || uid == "" {
			continue
		}
		query := u.Query()
		if biz := query.Get("__biz"); biz != "" {
			if got := owns([]string{strings.ReplaceAll(biz, " ", "+")}, uid); got != unknownOwner {
				return got
			}
		}
		parts := strings.Split(u.Path, "/")
		for _, key := range []string{"uid", "mid", "user_id", "id"} {
			parts = append(parts, query.Get(key))
		}
		if len(foldUID(uid)) >= 5 && slices.ContainsFunc(parts, func(s string) bool { return foldUID(s) == foldUID(uid) }) {
			out = own
		}
	}
	return out
}
