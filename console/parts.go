package console

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"xuncha/extract"
	"xuncha/people"
	"xuncha/rules"
)

// The functions here make what the shared parts of templates, _*.html, are given.
// Each part says at its top how it is used.

// A badge is a state, why it is unknown, and by which clause it is what it is.
type badge struct {
	State  rules.State
	Reason extract.Reason
	Clause string
}

func newBadge(s rules.State, r extract.Reason, clause ...string) badge {
	b := badge{cmp.Or(s, rules.Unknown), r, strings.Join(clause, "")}
	if b.State != rules.Unknown {
		b.Reason = ""
	}
	return b
}

// A verdict is what a site or account comes to, by sign and word.
type verdict struct{ Class, Sign, Word string }

// newVerdict is nil for what has no verdict.
func newVerdict(v rules.Verdict, lang string) *verdict {
	say := sayer(lang)
	switch v {
	case "":
		return nil
	case rules.Pass:
		return &verdict{"pass", "✓", say("合格", "pass")}
	case rules.Fail:
		return &verdict{"fail", "✕", say("不合格", "fail")}
	case rules.Pending:
		return &verdict{"pending", "?", say("待核实", "to be checked")}
	}
	return &verdict{"unknown", "◌", say("未能监测", "not monitored")}
}

// roleWord is what a role is called.
func roleWord(r people.Role, lang string) string {
	say := sayer(lang)
	switch r {
	case people.Admin:
		return say("管理员", "administrator")
	case people.Handler:
		return say("经办", "handler")
	case people.Reviewer:
		return say("审核", "reviewer")
	case people.Signer:
		return say("签发", "signer")
	case people.Supervisor:
		return say("县级主管", "supervisor")
	case people.Operator:
		return say("运维", "operator")
	case people.Clerk:
		return say("单位联络员", "clerk")
	case people.Viewer:
		return say("只读", "viewer")
	}
	return string(r)
}

// A head is the head of one column of a table.
type head struct {
	Label string
	URL   string // sorts by it, or turns the order round
	Order string // aria-sort: ascending, descending, or "" where another rules
	Here  bool   // it is this one that rules
	Class string // "num" for numbers
	Also  *head  // what the cells hold besides, to sort by
}

// newHeads makes the head of a column whose cells hold two things to sort by.
func newHeads(v view, l listing, key, label, second, also string) head {
	h, other := newHead(v, l, key, label), newHead(v, l, second, also)
	h.Order, h.Also = cmp.Or(h.Order, other.Order), &other
	return h
}

// newHead makes the head of a column that rows can be sorted by. Dates and numbers
// that ask for the greatest first say so with a key that begins with a minus.
func newHead(v view, l listing, key, label string, class ...string) head {
	h := head{Label: label}
	if len(class) > 0 {
		h.Class = class[0]
	}
	first, name := key, key
	if key[0] == '-' {
		name = key[1:]
	}
	if l.Sort == name {
		h.Here, h.Order = true, "ascending"
		if l.Desc {
			h.Order = "descending"
		}
		first = "-" + name
		if l.Desc {
			first = name
		}
	}
	h.URL = v.With("sort", first)
	return h
}

// A pager leads to the other pages of a table.
type pager struct {
	listing
	Prev, Next string // "" at the ends
	Links      []pageLink
}

// A pageLink is a page by its number; a gap between them has number 0.
type pageLink struct {
	Number int
	URL    string
	Here   bool
}

func newPager(v view, l listing) pager {
	p := pager{listing: l}
	at := func(n int) string { return v.With("page", strconv.Itoa(n)) }
	if l.Page > 1 {
		p.Prev = at(l.Page - 1)
	}
	if l.Page < l.Pages {
		p.Next = at(l.Page + 1)
	}
	last := 0
	for n := 1; n <= l.Pages; n++ {
		if n != 1 && n != l.Pages && (n < l.Page-2 || n > l.Page+2) {
			continue
		}
		if n > last+1 {
			p.Links = append(p.Links, pageLink{})
		}
		p.Links, last = append(p.Links, pageLink{n, at(n), n == l.Page}), n
	}
	return p
}

// A filter is a page's filter form.
type filter struct {
	Path   string
	Fields []field
	Keep   url.Values // what of the address is no filter: sort, size, language, monitoring point
	Clear  string     // the address without filters
}

func newFilter(v view, fields []field) filter {
	f := filter{Path: v.Path, Fields: fields, Keep: url.Values{}}
	for _, name := range []string{"sort", "size", "lang", "point"} {
		if value := v.Query.Get(name); value != "" {
			f.Keep.Set(name, value)
		}
	}
	var none []string
	for _, x := range fields {
		none = append(none, x.Name, "")
	}
	f.Clear = v.With(none...)
	return f
}
