package extract

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A postSheet is what one answer, or all answers of one source, say of an
// account's posts.
type postSheet struct {
	rows []postRow

	found   bool   // a list is there, though it may be empty
	refused bool   // null stands in the place of the list
	failure string // what the data say went wrong
	mixed   bool   // the rows are of several accounts, and nothing says whose are meant
	foreign bool   // what it shows is another account's
	sure    bool   // something says that what it shows is the account's
	others  Date   // the newest post of others among the account's own
	part    bool   // it is known to be but a part of the account's posts
	cut     bool   // there were more rows than are read

	name, owner, avatar string
	uids                []string
	posts               int
	counted             bool // posts is stated
	more                stated
	made                time.Time
	generated           time.Time // of a feed: when it was made

	charset, method string
	first           Page // the answer that held the rows
}

// A postRow is a row with what it says of whose it is.
type postRow struct {
	row
	uids []string
	name string
	top  bool   // it is held on top
	of   *datum // nil where the row is no data
}

// stated is a fact that may not be stated.
type stated byte

const (
	unstated stated = iota
	yes
	no
)

// read reads an answer by a form, as one about an account.
func (f *postForm) read(a *reply, about *Posting) (s postSheet, o *obstacle) {
	s = postSheet{charset: a.charset, first: a.page, part: f.part != nil && f.part.MatchString(a.page.Asked)}
	if !f.raw.data() {
		return s, f.readPage(a, &s, about)
	}
	var root *datum
	var err error
	var page *document
	if f.island != nil {
		if root, err = a.island(f); err != nil {
			return s, hindered(ReasonLost, "what stands behind %q cannot be read as data: %v", cut(f.raw.Island, 60), err)
		}
		page, _ = a.document() // for what the page says around its data
	} else if root, err = a.json(); err != nil {
		return s, hindered(ReasonLost, "the answer cannot be read as JSON: %v", err)
	}
	s.method, s.failure = string(SourceJSON), failed(root)
	f.readData(a, root, page, &s, about)
	return s, nil
}

// readData reads rows and facts of data.
func (f *postForm) readData(a *reply, root *datum, page *document, s *postSheet, about *Posting) {
	s.made = moment(f.factOf(f.made, root, page), a.page)
	items, found, refused := f.rowsIn(root)
	s.found, s.refused = found, refused
	if len(items) > MaxItems {
		items, s.cut = items[:MaxItems], true
	}
	base := a.baseFor()
	seen := a.page.seen()
	if !s.made.IsZero() && s.made.Before(seen) {
		seen = s.made // what an old answer calls 刚刚 is as old as it is
	}
	uid, name, at := f.uid.within(f.list), f.name.within(f.list), map[string]int{}
	for _, it := range items {
		if !f.aside.tells(it) {
			s.add(postRow{row: f.rowOf(base, it, seen), uids: uid.values(it), name: title(plainText(name.value(it))), top: f.pinned.tells(it), of: it}, at)
		}
	}
	f.sayWhose(s, root, page)
	s.keepOwn(about)
	s.adjust(agreeOnShortYears)
	s.adjust(fallOverYears)
	f.facts(s, root, page)
	s.sure = s.sure || s.surely(about, a.page)
}

// adjust lets a function of rows change those of the sheet.
func (s *postSheet) adjust(change func([]row)) {
	rows := plainRows(s.rows)
	change(rows)
	for i := range rows {
		s.rows[i].row = rows[i]
	}
}

// add appends a row, unless it says nothing or repeats one.
func (s *postSheet) add(r postRow, at map[string]int) {
	if r.item.Title == "" && r.item.Link == "" && !r.dated() && r.ahead == 0 {
		return
	}
	if i, twice := at[r.key]; twice {
		if n := newer(s.rows[i].row, r.row); n.item.Date != s.rows[i].item.Date {
			s.rows[i] = r
		}
		return
	}
	at[r.key] = len(s.rows)
	s.rows = append(s.rows, r)
}

// rowOf reads one post. A post without words is one all the same.
func (f *postForm) rowOf(base *document, it *datum, seen time.Time) row {
	out := row{item: Item{Title: title(plainText(f.title.value(it)))}}
	for _, l := range f.link {
		if out.item.Link = base.resolve(l.value(it)); out.item.Link != "" {
			break
		}
	}
	out.item.Repost = f.repost.tells(it)
	text := ""
	for _, text = range f.date.values(it) { // 0 stands for no time, and another place may state it
		dateRow(&out, text, clues{seen: seen, link: out.item.Link, format: f.page.format}, base.page.FetchedAt)
		if out.dated() || out.ahead > 0 {
			break
		}
	}
	if out.key = out.item.Link; out.key == "" {
		out.key = out.item.Title + "\x00" + strings.TrimSpace(text)
	}
	return out
}

// dateRow gives a row the date that a text states.
func dateRow(r *row, text string, k clues, fetched time.Time) {
	text = postDate(text)
	r.take(decide(k.find(text, named), []string{text}), fetched)
	if r.item.Source == "" && !r.dated() {
		r.item.Source = clean(text)
	}
}

var (
	// postTail is what platforms print behind the time of a post: the device it
	// came from, or what was done.
	postTail = regexp.MustCompile(`[\s\x{00a0}]*(?:来自|[·•]).*$`)

	// epochShape is a moment in seconds, milliseconds or microseconds, with or
	// without a fraction.
	epochShape = regexp.MustCompile(`^(\d{10}|\d{13})(?:\d{3})?(?:\.\d+)?$`)
)

// postDate returns the part of a text that is the time of a post.
func postDate(s string) string {
	s = strings.TrimSpace(postTail.ReplaceAllString(cut(s, maxDateText), ""))
	if m := epochShape.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return s
}

// tells reports whether a row has the member that a fact names, and something in
// it.
func (f *fact) tells(it *datum) bool {
	if f == nil {
		return false
	}
	for _, w := range f.ways {
		if w.cell == nil {
			continue
		}
		for _, d := range w.cell.path.find(it) {
			if d.holds() && (w.cell.keep == nil || w.cell.value(it) != "") {
				return true
			}
		}
	}
	return false
}

// holds reports whether a value is anything but nothing, 0, false and the empty.
func (d *datum) holds() bool {
	switch d.form {
	case object, array:
		return len(d.kids) > 0
	case scalar:
		switch strings.ToLower(strings.TrimSpace(d.text)) {
		case "", "0", "false", "null", "undefined":
			return false
		}
		return true
	}
	return false
}

// facts fills in what the answer says of the account: in one of its rows, at its
// root, or on the page around the data.
func (f *postForm) facts(s *postSheet, root *datum, page *document) {
	of := func(x *fact) string {
		if s.mixed { // any row, and the root, would lead to some account
			return x.onPage(page)
		}
		row := x.within(f.list)
		for _, r := range s.rows {
			if v := row.value(r.of); v != "" {
				return v
			}
		}
		return f.factOf(x, root, page)
	}
	s.name, s.owner = title(plainText(of(f.name))), title(plainText(of(f.owner)))
	s.avatar = avatarOf(of(f.avatar))
	s.posts, s.counted = countOf(of(f.posts))
	s.more = f.more.follows(root)
}

// sayWhose fills in what the answer as a whole says of whose it is.
func (f *postForm) sayWhose(s *postSheet, root *datum, page *document) {
	if f.uid == nil {
		return
	}
	if len(s.rows) == 0 || !s.someUIDs() {
		s.uids = f.uid.values(root)
	}
	if v := f.uid.onPage(page); v != "" {
		s.uids = append(s.uids, v)
	}
}

// factOf returns a fact from the root of data or from the page around them.
func (f *postForm) factOf(x *fact, root *datum, page *document) string {
	if v := x.value(root); v != "" {
		return v
	}
	return x.onPage(page)
}

// avatarOf returns the address of a picture without what changes from look to
// look: its scheme, and parameters that are signatures.
func avatarOf(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || len(s) > maxLink {
		return ""
	}
	u.Scheme, u.RawQuery, u.Fragment, u.User = "https", "", "", nil
	return u.String()
}

var countShape = regexp.MustCompile(`^(\d{1,9}(?:\.\d+)?)\s*(万|w|W)?\s*[条个]?$`)

// countOf reads how many posts an account is said to have.
func countOf(s string) (n int, ok bool) {
	m := countShape.FindStringSubmatch(strings.ReplaceAll(ascii(strings.TrimSpace(cut(s, 40))), ",", ""))
	if m == nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, false
	}
	if m[2] != "" {
		x *= 10_000
	}
	return int(x), true
}

// follows tells what an answer says of older posts. Where the place for it is
// there and empty it says that there are none.
func (f *fact) follows(root *datum) stated {
	if f == nil || root == nil {
		return unstated
	}
	out := unstated
	for _, w := range f.ways {
		if w.cell == nil {
			continue
		}
		p := w.cell.path
		found := p.find(root)
		for _, d := range found {
			switch strings.ToLower(strings.TrimSpace(d.text)) {
			case "no_more", "nomore", "none", "-1":
			default:
				if d.holds() {
					return yes
				}
			}
			out = no
		}
		if len(found) == 0 && len(p) > 0 && holdsObject(p[:len(p)-1].find(root)) {
			out = no
		}
	}
	return out
}

func holdsObject(all []*datum) bool {
	for _, d := range all {
		if d.form == object {
			return true
		}
	}
	return false
}

// plainRows returns the rows alone.
func plainRows(rows []postRow) []row {
	out := make([]row, len(rows))
	for i, r := range rows {
		out[i] = r.row
	}
	return out
}
