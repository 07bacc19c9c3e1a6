package registers

import (
	"maps"
	"strings"
	"time"

	"xuncha/extract"
)

// Fixed says whether a wrong word is still there.
type Fixed string

// What a look at the page of a wrong word comes to. A page that could not be read
// is always FixedUnsure.
const (
	FixedYes    Fixed = "已改正"
	FixedNo     Fixed = "未改正"
	FixedUnsure Fixed = "无法判断"
)

// WordFixed compares the text of a page with the context in which a wrong word
// stood. Where the context is there still it is not put right; where the context
// with the better word is there, it is. Anything else a person looks at: the
// article may have been moved, or the page not be the article.
func WordFixed(r Row, page string) Fixed {
	page, context := squeezed(page), strings.Trim(squeezed(r.Values["context"]), ".…")
	word, better := squeezed(r.Values["word"]), squeezed(r.Values["better"])
	switch {
	case page == "" || context == "" || word == "" || !strings.Contains(context, word):
		return FixedUnsure
	case strings.Contains(page, context):
		return FixedNo
	case better != "" && strings.Contains(page, strings.ReplaceAll(context, word, better)):
		return FixedYes
	}
	return FixedUnsure
}

// Checked is the row with what a look at its page came to, when, and what there is
// to say about it.
func (r Row) Checked(result Fixed, at time.Time, note string) Row {
	values := maps.Clone(r.Values)
	values["fixed"], values["checked"] = string(result), at.In(extract.Beijing).Format(time.DateTime)
	delete(values, "seen")
	if note != "" {
		values["seen"] = note
	}
	return Row{Key: r.Key, Values: values}
}

// KeepChecks gives rows of a list that comes anew what looks at the pages of the
// same rows came to: the platform that sends the list does not know it. A row that
// says it itself stays as it is.
func KeepChecks(have, rows []Row) []Row {
	before := map[string]Row{}
	for _, r := range have {
		before[r.Key] = r
	}
	kept := make([]Row, len(rows))
	for i, r := range rows {
		old := before[r.Key]
		if kept[i] = r; old.Values["checked"] == "" || r.Values["fixed"] != "" || r.Values["checked"] != "" {
			continue
		}
		kept[i].Values = maps.Clone(r.Values)
		for _, field := range []string{"fixed", "checked", "seen"} {
			if v := old.Values[field]; v != "" {
				kept[i].Values[field] = v
			}
		}
	}
	return kept
}
