package extract

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A table says in its first line what the dates of its columns are.

var (
	// publishedHead is the head of a column of publication.
	publishedHead = regexp.MustCompile(`(?i)^(?:信息|网上|内容|文件|公告|首次)?(?:发布|公布|公开|发文|发表|发稿|上网|上传|刊登|登载|录入|添加|發布|公告|張貼|publish(?:ed)?|post(?:ed)?|release)(?:的?(?:日期|时间|時間|日|date|time))?$|^(?:日期|时间|時間|date|time)$`)
	updatedHead   = regexp.MustCompile(`更新|修改|(?i)updated?`)
	timeHead      = regexp.MustCompile(`(?i)日期|时间|時間|日$|期限|有效期|截止|date|time`)
)

// A column is one of a table whose cells hold dates.
type column struct {
	place int // of the cell, from 1
	head  string
	rank  rank
}

// dateColumn chooses the column of a table that holds its publications. Other
// is the head of the column that holds dates where none of them is one.
func dateColumn(rows []*html.Node) (sel, other string) {
	heads := tableHead(rows[0])
	if heads == nil {
		return "", lineAbove(rows[0])
	}
	var best column
	found, twice := false, false
	for i, h := range heads {
		if !datesIn(rows, i, len(heads)) {
			continue
		}
		c := column{i + 1, h, headRank(h)}
		switch {
		case !found || c.rank > best.rank:
			best, found, twice = c, true, false
		case c.rank == best.rank:
			twice = true
		}
	}
	switch {
	case !found || twice && best.rank > refused:
		return "", ""
	case best.rank == refused:
		return "", best.head
	}
	return fmt.Sprintf("td:nth-child(%d)", best.place), ""
}

// lineAbove returns the head of a column in the line right above rows that are
// no table of one piece, where it names another time and nothing a publication.
func lineAbove(row *html.Node) string {
	n := row
	for range 3 {
		if n == nil || n.DataAtom == atom.Body {
			return ""
		}
		p := n.PrevSibling
		for p != nil && (p.Type != html.ElementNode || unseen(p)) {
			p = p.PrevSibling
		}
		if p != nil {
			return otherTime(p)
		}
		n = n.Parent
	}
	return ""
}

// maxHeads bounds the names in a line of column heads.
const maxHeads = 8

// otherTime returns the name of a time that is no publication in a line of
// column heads.
func otherTime(line *html.Node) string {
	texts := pieces(line, nil)
	if len(texts) < 2 || len(texts) > maxHeads || firstElement(line, atom.A) != nil || firstElement(line, atom.Input) != nil {
		return ""
	}
	found := ""
	for _, t := range texts {
		h := letters(t)
		switch {
		case len(h) > maxWholeDate || publishedHead.MatchString(h) || updatedHead.MatchString(h):
			return ""
		case headRank(h) == refused:
			found = h
		}
	}
	return found
}

// headRank says what the head of a column makes of its dates.
func headRank(h string) rank {
	switch {
	case publishedHead.MatchString(h):
		return published
	case updatedHead.MatchString(h):
		return updated
	case timeHead.MatchString(h), rankOf(h, "") == refused:
		return refused
	}
	return plain
}

// tableHead returns the heads of the columns of a row's table, nil if its first
// line is none.
func tableHead(row *html.Node) []string {
	table := closest(row.Parent, atom.Table)
	if row.DataAtom != atom.Tr || table == nil {
		return nil
	}
	first := firstElement(table, atom.Tr)
	if first == nil || first == row || firstElement(first, atom.A) != nil {
		return nil
	}
	var heads []string
	for _, c := range cells(first) {
		heads = append(heads, letters(textOf(c)))
	}
	if len(heads) < 2 || len(heads) != len(cells(row)) || len(strings.Join(heads, "")) > 60*len(heads) {
		return nil
	}
	return heads
}

func cells(tr *html.Node) []*html.Node {
	var out []*html.Node
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			out = append(out, c)
		}
	}
	return out
}

// datesIn reports whether most cells of a column are dates.
func datesIn(rows []*html.Node, i, width int) bool {
	sample := rows[:min(len(rows), 12)]
	n := 0
	for _, r := range sample {
		if c := cells(r); len(c) == width {
			if text := squeeze(textOf(c[i])); len(text) <= maxWholeDate && likeDate(text) && firstElement(c[i], atom.A) == nil {
				n++
			}
		}
	}
	return 2*n > len(sample)
}
