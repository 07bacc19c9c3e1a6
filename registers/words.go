package registers

import "strings"

// Fixed says whether a wrong word is still there.
type Fixed string

// What a look at the page of a wrong word comes to.
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
	page, context := squeezed(page), squeezed(r.Values["context"])
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
