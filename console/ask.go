package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a page is asked for stands in its address: filters, sort, page and size.
// Whoever reads it refuses what makes no sense with a sentence, rather than show
// something else than was asked for.

const (
	usualSize = 50
	maxSize   = 500 // rows of one page
	maxText   = 200 // characters of a text that is looked for
	maxChosen = 500 // rows that are marked at a time
)

// A field is one control of a filter form.
type field struct {
	Name, Label, Value string
	Options            []option // of a choice; none for a text
}

// An option is one value of a choice.
type option struct{ Value, Word string }

// choose reads a parameter that is one of some values or left out.
func (q *request) choose(name, label string, options []option) (field, error) {
	f := field{Name: name, Label: label, Value: q.URL.Query().Get(name), Options: options}
	if f.Value != "" && !slices.ContainsFunc(options, func(o option) bool { return o.Value == f.Value }) {
		return f, refuse(http.StatusBadRequest,
			"地址里的"+name+"不是可选的值；请从页面上的筛选项中选择", "the address asks for a value of "+name+" that there is not; choose one on the page")
	}
	return f, nil
}

// search reads a parameter that is a text to look for.
func (q *request) search(name, label string) (field, error) {
	f := field{Name: name, Label: label, Value: strings.TrimSpace(q.URL.Query().Get(name))}
	switch {
	case !utf8.ValidString(f.Value) || strings.ContainsFunc(f.Value, unicode.IsControl):
		return f, refuse(http.StatusBadRequest, "查找的文字含有无法识别的字符；请重新输入", "the text to look for holds characters that cannot be read; type it again")
	case utf8.RuneCountInString(f.Value) > maxText:
		return f, refuse(http.StatusBadRequest, "查找的文字超过 200 字；请缩短", "the text to look for has more than 200 characters; shorten it")
	}
	return f, nil
}

// number reads a parameter that is a whole number within bounds, or left out.
func (q *request) number(name string, otherwise, least, most int) (int, error) {
	text := q.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		span := strconv.Itoa(least) + "–" + strconv.Itoa(most)
		return 0, refuse(http.StatusBadRequest, "地址里的"+name+"应是 "+span+" 之间的整数", "in the address, "+name+" must be a whole number in "+span)
	}
	return n, nil
}

// A listing says which part of a table is shown, and in which order.
type listing struct {
	Sort string // what it is sorted by
	Desc bool

	Page, Pages int // from 1
	Size        int
	Total       int // rows of all pages
	From, To    int // rows shown, from 1; 0 for none
}

// listing reads sort, page and size. The first of the sorts is the usual one; a
// minus in front of one turns it round.
func (q *request) listing(sorts ...string) (l listing, err error) {
	l.Sort, l.Desc = strings.CutPrefix(cmp.Or(q.URL.Query().Get("sort"), sorts[0]), "-")
	if !slices.Contains(sorts, l.Sort) {
		return l, refuse(http.StatusBadRequest, "不能按地址里的sort排序；请点表头排序", "the table cannot be sorted as the address asks; sort it by its heads")
	}
	if l.Page, err = q.number("page", 1, 1, 1_000_000); err != nil {
		return l, err
	}
	l.Size, err = q.number("size", usualSize, 1, maxSize)
	return l, err
}

// cut returns the rows of the page that was asked for. Behind the last page stands
// the last: the rows may have become fewer since a link was made.
func cut[T any](l *listing, rows []T) []T {
	l.Total = len(rows)
	l.Pages = max(1, (l.Total+l.Size-1)/l.Size)
	l.Page = min(l.Page, l.Pages)
	from := (l.Page - 1) * l.Size
	to := min(from+l.Size, l.Total)
	if from < to {
		l.From, l.To = from+1, to
	}
	return rows[from:to]
}

// chosen are the subjects that were marked on a page, nil for none.
func (q *request) chosen() ([]string, error) {
	if q.Method == http.MethodPost {
		if _, err := q.form(); err != nil {
			return nil, err
		}
	} else if err := q.ParseForm(); err != nil {
		return nil, unreadable(err)
	}
	ids := q.Form["id"]
	if len(ids) > maxChosen {
		return nil, refuse(http.StatusBadRequest, "一次最多选 500 项；请分几次操作", "at most 500 rows can be chosen at a time; do it in parts")
	}
	return ids, nil
}
