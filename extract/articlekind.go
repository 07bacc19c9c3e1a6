package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// sureArticle is the confidence from which on a page is taken for an article.
const sureArticle = 0.5

// isArticle tells how sure it is, from 0 to 1, that a page is the page of one
// item and no list: by its tags, a title with a line of date and source, and
// running text, against rows and the address of a list.
func (a article) isArticle(d *document) float64 {
	return min(max(a.speaksFor(d)-a.speaksAgainst(d), 0), 1)
}

// surely reports whether isArticle is no less than a confidence; what speaks
// against is looked for only where it matters.
func (a article) surely(d *document, least float64) bool {
	speaks := a.speaksFor(d)
	return speaks >= least && speaks-a.speaksAgainst(d) >= least
}

// A weighed sign is what a page shows or not.
type weighed struct {
	weight float64
	holds  bool
}

func sum(signs ...weighed) float64 {
	total := 0.0
	for _, s := range signs {
		if s.holds {
			total += s.weight
		}
	}
	return total
}

// speaksFor weighs what articles have.
func (a article) speaksFor(d *document) float64 {
	return sum(
		weighed{0.30, d.tagged()},
		weighed{0.45, a.seen && a.shown.standing == issued},
		weighed{0.35, a.seen && a.shown.standing == infoDate},
		weighed{0.20, a.seen && (a.shown.standing == bareDate || a.shown.standing == issuedAbove || a.shown.standing == changed)},
		weighed{0.25, a.dateline()},
		weighed{0.30, a.named(d)},
		weighed{0.15, a.prose() >= 80},
		weighed{0.15, a.prose() >= 300},
		weighed{0.15, d.articleAddress()},
		weighed{0.10, d.beside()},
	)
}

// speaksAgainst weighs what lists have.
func (a article) speaksAgainst(d *document) float64 {
	return sum(
		weighed{0.35, d.listAddress()},
		weighed{0.20, a.rows() >= 5 && !a.dateline()},
		weighed{0.20, a.rowsFirst() && !a.dateline()},
		weighed{0.30, d.paged()},
		weighed{0.50, len(a.listed(a.lines)) > 0 && !a.dateline()},
	)
}

// dateline reports whether a line of date and source stands right below the
// title, as it does over articles and over no list.
func (a article) dateline() bool {
	return a.seen && a.shown.standing >= infoDate && a.title >= 0 && a.shown.line > a.title && a.shown.line <= a.title+nearTitle
}

// tagged reports whether the page's head calls it an article.
func (d *document) tagged() bool {
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Meta {
			continue
		}
		value := strings.TrimSpace(cut(attr(n, "content"), 200))
		switch metaName(n) {
		case "articletitle", "contentsource":
			if value != "" {
				return true
			}
		case "ogtype":
			if strings.Contains(strings.ToLower(value), "article") {
				return true
			}
		}
	}
	return false
}

// named reports whether the title on the page is the one in its head, and long
// enough to be no column's.
func (a article) named(d *document) bool {
	if a.title < 0 {
		return false
	}
	own := letters(a.lines[a.title].text)
	return utf8.RuneCountInString(own) >= 8 && strings.Contains(strings.Join(d.titles(), "\n"), own)
}

// prose counts the runes of running text below the title.
func (a article) prose() int {
	n := 0
	for _, l := range a.lines[min(max(a.title, 0), len(a.lines)):] {
		if l.paragraph() {
			n += l.runes
		}
	}
	return n
}

// rows counts lines that are a linked title of a list.
func (a article) rows() int {
	n := 0
	for _, l := range a.lines {
		if l.row() {
			n++
		}
	}
	return n
}

func (l line) row() bool { return l.links >= 10 && 3*l.links >= 2*l.runes-30 && l.runes <= 200 }

// rowsFirst reports whether rows follow the title before any running text does.
func (a article) rowsFirst() bool {
	n := 0
	for i := max(a.title+1, 0); i < a.body && i < len(a.lines); i++ {
		if a.lines[i].row() {
			n++
		}
	}
	return n >= 5
}

var (
	articlePath = regexp.MustCompile(`(?i)/t\d{8}_\d+|/art_|content[_-]\d+|/m?post_\d+|/info/\d+/\d+|/\d{4,}\.s?html?$|/[0-9a-f]{24,}\.s?html?$|[?&](?:id|articleid|infoid|newsid|aid)=`)
	listPath    = regexp.MustCompile(`(?i)(?:^|/)(?:index|list|more|default|channel|col|subpage)[_-]?\d*\.\w+$|/$|/col/|(?:_list|list_\d+)\.|list\.(?:s?html?|jsp|aspx?)`)
)

// articleAddress and listAddress go by the habits of the common systems.
func (d *document) articleAddress() bool {
	u := d.address()
	return articlePath.MatchString(u.Path) || u.RawQuery != "" && articlePath.MatchString("?"+u.RawQuery)
}

func (d *document) listAddress() bool {
	u := d.address()
	return listPath.MatchString(u.Path) || isRoot(u.Path) && u.RawQuery == ""
}

// beside reports whether the page leads to the items before and after it.
func (d *document) beside() bool {
	return firstIn(d.text, []string{"上一篇", "下一篇", "上一条", "下一条", "打印本页", "关闭窗口"}) != ""
}

// paged reports whether a pager stands on the page.
func (d *document) paged() bool {
	if _, shown := d.nextLink(); shown {
		return true
	}
	return pagesShown.Match(d.text)
}

// articleSheet reads a page as an article: its reading holds one item, the page
// itself, with the date it shows. ok is false where the page is no article, or
// may be a list as well.
func (r *reader) articleSheet(d *document) (out Reading, ok bool) {
	return r.articleFrom(d, sureArticle)
}

// articleFrom reads a page as an article from a confidence on.
func (r *reader) articleFrom(d *document, least float64) (out Reading, ok bool) {
	a := readArticle(d)
	if !a.surely(d, least) {
		return Reading{}, false
	}
	out = Reading{Outcome: Article, Method: "article", Charset: d.charset, Notes: a.notes(), Moved: a.moved(d.page.URL)}
	item := Item{Title: a.name(d), Link: d.page.URL, Date: a.date, Source: clean(a.source)}
	out.Items, out.Newest = []Item{item}, a.date
	out.Momentary = a.seen && a.shown.momentary || a.ahead > 0
	if a.date.IsZero() {
		out.Outcome, out.Reason = Unread, ReasonUndated
		out.Detail = "the page is an article, and no date of it can be read"
	}
	return out, true
}

// name returns the title of an article.
func (a article) name(d *document) string {
	if a.title >= 0 {
		return title(a.lines[a.title].text)
	}
	return d.title()
}
