package extract

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// sayable reports whether a name can stand in a path of a recipe.
func sayable(name string) bool {
	p, err := parsePath(name)
	return err == nil && len(p) == 1 && p[0] == name
}

// A member is one value that rows have: its path, and its texts row by row.
type member struct {
	path  string
	name  string // the last of the path, in lower case
	texts []string
}

// members gathers what the rows of a list have in common.
func members(items []*datum) []member {
	var out []member
	sample := items[:min(len(items), 40)]
	sample[0].scalars(nil, 3, func(p trail) {
		m := member{path: strings.Join(p, "."), name: strings.ToLower(p[len(p)-1])}
		filled := 0
		for _, it := range sample {
			v := p.value(it)
			m.texts = append(m.texts, cut(v, maxTextNode))
			if v != "" {
				filled++
			}
		}
		if filled*5 >= len(sample)*4 && len(out) < 80 {
			out = append(out, m)
		}
	})
	return out
}

// scalars calls visit for the path of every scalar in an object.
func (d *datum) scalars(at trail, depth int, visit func(trail)) {
	seen := map[string]bool{}
	for i := range d.kids {
		k := &d.kids[i]
		if seen[k.name] || !sayable(k.name) || len(seen) > 100 {
			continue
		}
		seen[k.name] = true
		p := append(slices.Clone(at), k.name)
		if k.form == scalar || k.form == object && len(k.kids) == 0 {
			visit(p)
		} else if k.form == object && depth > 1 {
			k.scalars(p, depth-1, visit)
		}
	}
}

// Names of members, the best first. A day of publication beats one of creation,
// which beats one of a change; other days are never the day of an item.
var (
	dataTitles = []*regexp.Regexp{
		regexp.MustCompile(`^(?:show_?title|title|doc_?title|gk_?doctitle|article_?title|info_?title|news_?title|title_?name|headline|biaoti|bt)$`),
		regexp.MustCompile(`^(?:name|subject|topic|caption|text|mc|\w*_?title|\w*title\w*)$`),
	}
	dataLinks = []*regexp.Regexp{
		regexp.MustCompile(`^(?:url|link|href|doc_?pub_?url|pub_?url|link_?url|article_?url|info_?url|detail_?url|page_?url|html_?url|news_?url|web_?url|visit_?url|file_?url|linkto)$`),
		regexp.MustCompile(`(?:url|link|href|path)`),
	}
	dataDays = []*regexp.Regexp{
		regexp.MustCompile(`^(?:pub_?date|publish(?:ed)?_?(?:date|time)?(?:str|_str|_?string)?|doc_?rel_?time|doc_?pub_?time|release_?(?:date|time)|show_?(?:date|time)|display_?(?:date|time)|info_?date|pub_?time|publish_?date_?time|fbsj|fbrq|first_?publish(?:ed)?_?time)$`),
		regexp.MustCompile(`^(?:date|time|day|news_?(?:date|time)|article_?(?:date|time)|send_?(?:date|time)|add_?(?:date|time)|input_?(?:date|time)|post_?(?:date|time)|rq|sj|\w*publish\w*|\w*pub_?(?:date|time)\w*)$`),
		regexp.MustCompile(`creat|crtime|cjsj|write`),
		regexp.MustCompile(`date|time`),
		regexp.MustCompile(`updat|modif|oper|chang|edit|last`),
	}
	otherDays = regexp.MustCompile(`expire|expiry|deadline|end_?(?:date|time)|start_?(?:date|time)|begin_?(?:date|time)|valid|effect|invalid|abolish|birth|apply|exam|hold|meeting|sign_?(?:date|time)|cwrq|jzrq|write_?time|issue_?by|top_?time|order`)
)

// rankIn returns the place of a name in a list of names, len(list) if it is not
// there.
func rankIn(list []*regexp.Regexp, name string) int {
	for i, re := range list {
		if re.MatchString(name) {
			return i
		}
	}
	return len(list)
}

// dateRank is the rank of a name of a date. A change is one, whatever else the
// name says.
func dateRank(name string) int {
	const change = 4
	if rankIn(dataDays[:2], name) > 1 && dataDays[change].MatchString(name) {
		return change
	}
	return rankIn(dataDays, name)
}

// pick returns the member with the best name whose values have the shape.
func pick(all []member, names []*regexp.Regexp, shape func([]string) bool) (best member, rank int, ok bool) {
	rank = len(names) + 1
	for _, m := range all {
		if got := rankIn(names, m.name); got < rank && shape(m.texts) {
			best, rank, ok = m, got, true
		}
	}
	return best, rank, ok
}

// isTitle reports whether texts are titles: words, most of them different.
func isTitle(texts []string) bool {
	words, different := 0, map[string]bool{}
	for _, t := range texts {
		different[t] = true
		if plain := []rune(plainText(t)); len(plain) >= 4 && strings.ContainsFunc(string(plain), ideograph) {
			words++
		}
	}
	return words*5 >= len(texts)*4 && (len(different)*2 > len(texts) || len(texts) < 3)
}

func ideograph(r rune) bool { return r >= 0x3400 && r <= 0x9fff }

var linkShape = regexp.MustCompile(`^(?:https?://|//|\.{0,2}/)\S+$|^[^\s:]+\.(?:s?html?|jhtml|jsp|aspx?|php|do)(?:[?#]\S*)?$`)

// isLink reports whether texts are addresses, most of them different.
func isLink(texts []string) bool {
	links, different := 0, map[string]bool{}
	for _, t := range texts {
		different[t] = true
		if linkShape.MatchString(t) {
			links++
		}
	}
	return links*5 >= len(texts)*4 && (len(different)*2 > len(texts) || len(texts) < 3)
}

// pickDate returns the member that is the day of the items. Two of one rank that
// disagree leave a doubt.
func (r *reader) pickDate(d *document, all []member) (best member, rank int, doubt, ok bool) {
	rank = len(dataDays) + 1
	var days time.Time
	for _, m := range all {
		if otherDays.MatchString(m.name) {
			continue
		}
		newest, dated := r.daysOf(d, m.texts)
		if !dated {
			continue
		}
		switch got := dateRank(m.name); {
		case got > len(dataDays)-1:
			continue // a number may be anything
		case got < rank:
			best, rank, doubt, days, ok = m, got, false, newest, true
		case got == rank && !newest.Equal(days):
			doubt = true
		}
	}
	return best, rank, doubt, ok
}

// daysOf returns the newest day of texts, four in five of which must be dates.
func (r *reader) daysOf(d *document, texts []string) (newest time.Time, ok bool) {
	k := clues{seen: d.page.seen()}
	count := 0
	for _, t := range texts {
		chosen, ok, _ := settle(k.find(t, named))
		if !ok || chosen.date.IsZero() && !chosen.early {
			continue
		}
		count++
		if day := chosen.date.Day(); day.After(newest) {
			newest = day
		}
	}
	return newest, len(texts) > 0 && count*5 >= len(texts)*4
}
