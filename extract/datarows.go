package extract

import (
	"fmt"
	"strings"
)

// A rowRule is how a recipe for JSON or XML without HTML finds rows: where they
// are, and their values within one.
type rowRule struct {
	list        trail
	title, date *cell
	link        *linkCell
}

// fromRows reads the rows that the recipe's list leads to.
func (r *reader) fromRows(s sheet) sheet {
	boxes := r.recipe.rows.list.find(s.doc.data)
	items, found := itemsOf(boxes)
	s.rows, s.more = r.rowsOf(s.doc, *r.recipe.rows, items)
	s.shape = string(r.recipe.source) + ": " + r.recipe.raw.List
	switch {
	case len(s.rows) > 0:
		return s
	case len(items) > 0:
		s.obstacle = hindered(ReasonLost, "none of the %d rows at list %q has a title at %q", len(items), r.recipe.raw.List, r.recipe.raw.Title)
		s.noItems = true
		return s
	case found:
		return r.withoutData(s, fmt.Sprintf("list %q holds no rows, and the answer does not state a total of 0", r.recipe.raw.List), true)
	case r.recipe.source == SourceXML: // no element is how XML writes an empty list
		return r.withoutData(s, fmt.Sprintf("list %q is not in the answer", r.recipe.raw.List), true)
	}
	missing := fmt.Sprintf("list %q is not in the answer", r.recipe.raw.List)
	if bad := failed(s.doc.data); bad != "" {
		missing += ": the answer says " + bad
	}
	s.obstacle = hindered(ReasonLost, "%s", missing)
	return s
}

// itemsOf returns the rows in what a list trail led to: the elements of arrays,
// or the objects and elements themselves. Found says that a list is there.
func itemsOf(boxes []*datum) (items []*datum, found bool) {
	for _, b := range boxes {
		switch b.form {
		case array:
			found = true
			for i := range b.kids {
				items = append(items, &b.kids[i])
			}
		case object:
			found = true
			items = append(items, b)
		}
	}
	return items, found
}

// rowsOf reads rows, each once. More says that some were left out that may be
// the newest.
func (r *reader) rowsOf(d *document, rule rowRule, items []*datum) (rows []row, more bool) {
	at := make(map[string]int)
	for _, it := range items {
		row := r.rowOf(d, rule, it)
		if row.item.Title == "" {
			more = more || row.dated()
			continue
		}
		if i, twice := at[row.key]; twice {
			rows[i] = newer(rows[i], row)
			continue
		}
		if len(rows) == MaxItems {
			return rows, true
		}
		at[row.key] = len(rows)
		rows = append(rows, row)
	}
	agreeOnShortYears(rows)
	return rows, more
}

func (r *reader) rowOf(d *document, rule rowRule, it *datum) row {
	out := row{item: Item{Title: title(plainText(rule.title.value(it)))}}
	if rule.link != nil {
		out.item.Link = d.resolve(rule.link.value(it))
	}
	text := ""
	if rule.date != nil {
		text = rule.date.value(it)
	}
	k := clues{seen: d.page.seen(), link: out.item.Link, format: r.recipe.format}
	out.take(decide(k.find(text, named), []string{text}), d.page.FetchedAt)
	if out.key = out.item.Link; out.key == "" {
		out.key = out.item.Title + "\x00" + strings.TrimSpace(text)
	}
	return out
}
