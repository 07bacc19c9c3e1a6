package extract

import (
	"fmt"
	"regexp"
	"strings"
)

// withoutData tells an empty list from one that is not there. Only an answer in
// good order that states a total of 0 is an empty list.
func (r *reader) withoutData(s sheet, missing string, found bool) sheet {
	root := s.doc.data
	switch {
	case root == nil:
	case failed(root) != "":
		s.obstacle = hindered(ReasonLost, "%s: the answer says %s", missing, failed(root))
		return s
	case r.none(root):
		s.empty = true
		return s
	}
	s.obstacle, s.noItems = hindered(ReasonLost, "%s", missing), found
	return s
}

// none reports whether an answer states that there are no rows at all.
func (r *reader) none(root *datum) bool {
	if r.recipe.total != nil {
		if _, none := r.recipe.total.pages(root); none {
			return true
		}
	}
	return root.states(func(k *datum) bool { return totalName.MatchString(k.name) && k.text == "0" }, 4)
}

// totalName is what lists call the number of their rows.
var totalName = regexp.MustCompile(`(?i)^@?(?:total|totals|total_?(?:count|num|number|size|rows?|records?|elements|results?|hits)|record_?(?:count|total|s)|records?Total|row_?count|rows_?total|numFound)$`)

// states reports whether a member near the top of the answer, outside of arrays,
// is as asked.
func (d *datum) states(is func(*datum) bool, depth int) bool {
	if depth == 0 || d.form != object {
		return false
	}
	for i := range d.kids {
		if k := &d.kids[i]; is(k) || k.states(is, depth-1) {
			return true
		}
	}
	return false
}

var (
	codeName    = regexp.MustCompile(`(?i)^(?:code|status|state|err_?code|err_?no|ret|ret_?code|result_?code|success|flag)$`)
	messageName = regexp.MustCompile(`(?i)^(?:msg|message|errmsg|err_?msg|error|info)$`)
	goodCode    = regexp.MustCompile(`(?i)^(?:0+|1|200|true|ok|success|y|)$`)
)

// failed returns what an answer says went wrong, "" if it says nothing.
func failed(root *datum) string {
	code, message := "", ""
	for _, k := range root.kids {
		switch {
		case k.form != scalar && k.form != object:
		case codeName.MatchString(k.name) && !goodCode.MatchString(strings.TrimSpace(k.text)):
			code = k.name + " " + cut(k.text, 40)
		case messageName.MatchString(k.name):
			message = cut(k.text, 100)
		}
	}
	if code == "" {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%s %q", code, message))
}
