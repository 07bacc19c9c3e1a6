package extract

// readPage reads rows and facts of HTML. Without list and item the page is that
// of one post.
func (f *postForm) readPage(a *reply, s *postSheet, about *Posting) *obstacle {
	d, o := a.document()
	if o != nil {
		return o
	}
	if o := d.unfit(d.sketch()); o != nil {
		return o
	}
	s.method = string(SourceHTML)
	if f.raw.List == "" && f.raw.Item == "" {
		f.readPost(d, s)
	} else {
		h := f.page.harvest(d)
		s.cut, s.found = h.more, f.raw.List != "" && len(h.boxes) > 0
		for _, r := range h.rows {
			if f.aside.firstInRow(r) != "" {
				continue
			}
			if !r.dated() {
				f.redate(d, &r)
			}
			s.rows = append(s.rows, postRow{row: r, uids: f.uid.inRow(r), name: title(f.name.firstInRow(r)), top: f.pinned.firstInRow(r) != ""})
			s.rows[len(s.rows)-1].item.Repost = f.repost.firstInRow(r) != ""
		}
	}
	if v := f.uid.onPage(d); v != "" && !s.someUIDs() {
		s.uids = []string{v}
	}
	s.keepOwn(about)
	s.adjust(fallOverYears)
	f.pageFacts(d, s)
	s.sure = s.sure || s.surely(about, a.page)
	return nil
}

// redate reads the date of a row that the general way of reading lists does not
// find: the device stands behind it, or it is a number.
func (f *postForm) redate(d *document, r *row) {
	if f.page.date == nil || r.scope == nil || r.ahead > 0 {
		return
	}
	if text := f.page.date.first(r.scope); text != "" {
		dateRow(r, text, clues{seen: d.page.seen(), link: r.item.Link, format: f.page.format}, d.page.FetchedAt)
	}
}

// readPost reads the page of one post: each of its parts may stand anywhere.
func (f *postForm) readPost(d *document, s *postSheet) {
	r := row{item: Item{Link: d.page.URL}, scope: d.root}
	if f.page.title != nil {
		r.item.Title = title(f.page.title.first(d.root))
	}
	if r.item.Title == "" {
		r.item.Title = d.title()
	}
	if f.page.date != nil {
		date, _ := parseFact(f.raw.Date, false)
		dateRow(&r, date.onPage(d), clues{seen: d.page.seen(), format: f.page.format}, d.page.FetchedAt)
	}
	if r.key = r.item.Link; r.dated() {
		s.rows = []postRow{{row: r}}
	}
}

// pageFacts fills in what a page says of the account.
func (f *postForm) pageFacts(d *document, s *postSheet) {
	of := func(x *fact) string {
		if s.mixed {
			return ""
		}
		if len(s.rows) > 0 {
			if v := x.firstInRow(s.rows[0].row); v != "" {
				return v
			}
		}
		return x.onPage(d)
	}
	s.name, s.owner = title(of(f.name)), title(of(f.owner))
	if v := of(f.avatar); v != "" {
		s.avatar = avatarOf(d.resolve(v))
	}
	s.posts, s.counted = countOf(of(f.posts))
	if f.more != nil {
		if s.more = no; f.more.onPage(d) != "" {
			s.more = yes
		}
	}
	s.made = moment(f.made.onPage(d), d.page)
}

// inRow returns what a fact says in a row of a page.
func (f *fact) inRow(r row) []string {
	if f == nil || r.scope == nil {
		return nil
	}
	var out []string
	for _, w := range f.ways {
		if w.page == nil || w.page.sel == nil {
			continue
		}
		if s := w.page.first(r.scope); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// firstInRow returns the first of them, or "".
func (f *fact) firstInRow(r row) string {
	if all := f.inRow(r); len(all) > 0 {
		return all[0]
	}
	return ""
}
