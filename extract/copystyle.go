package extract

import (
	"regexp"
	"strings"
)

// maxStyle bounds the styles of one page that are shown, in bytes.
const maxStyle = 256 << 10

// cssComment is left out first: a browser does so too, and what it leaves behind
// must be looked at.
var cssComment = regexp.MustCompile(`(?s)/\*.*?(?:\*/|$)`)

// cssAsks finds what makes a style ask for a file, run a script or lie over what
// marks the items. Nothing of it is needed to show where things stand.
var cssAsks = regexp.MustCompile(`(?i)url|src|image-set|image\(|cross-fade|element\(|paint\(|@import|@charset|@namespace|@font-face|@property|expression|behaviou?r|-moz-binding|javascript|xc-`)

// harmlessStyle takes from a style sheet, or from a style attribute, whatever
// could ask for a file. Escapes, which hide words from such a search, do not
// survive, nor does what would end a style element.
func harmlessStyle(s string) string {
	s = strings.NewReplacer("\\", "", "<", "", "\x00", "").Replace(cut(s, maxStyle))
	return strings.TrimSpace(cssAsks.ReplaceAllString(cssComment.ReplaceAllString(s, " "), "x"))
}
