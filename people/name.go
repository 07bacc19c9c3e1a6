package people

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of names, in characters.
const (
	maxName     = 32
	maxFullName = 40
)

// logName returns the one spelling of a name to log in with, false for what cannot
// be one. Latin letters without accents, digits, and Chinese characters: of scripts
// that look alike only one is let in, and of spellings that look alike only one is
// left.
func logName(s string) (string, bool) {
	if len(s) > 4*maxName {
		return "", false
	}
	s = strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	n := utf8.RuneCountInString(s)
	if n < 2 || n > maxName || strings.Trim(s, "._-@") != s {
		return "", false
	}
	for _, r := range s {
		if !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("._-@", r) || unicode.Is(unicode.Han, r) && unicode.IsLetter(r)) {
			return "", false
		}
	}
	return s, true
}

// fullName returns the one spelling of a person's name as it stands in the history
// of findings, false for what cannot be one: letters, marks, and what stands between
// the parts of a name.
func fullName(s string) (string, bool) {
	if len(s) > 4*maxFullName {
		return "", false
	}
	s = strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
	if n := utf8.RuneCountInString(s); n < 2 || n > maxFullName {
		return "", false
	}
	letters := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Latin) && unicode.IsLetter(r), '0' <= r && r <= '9':
			letters++
		case !strings.ContainsRune(" ·.-'()", r):
			return "", false
		}
	}
	return s, letters > 0
}

// folded is what two full names have in common that are one person's.
func folded(full string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(full))
}

// plain makes text from outside fit for one line of a log: no line ends, nothing
// that turns the direction of writing, not longer than it needs to be.
func plain(s string, most int) string {
	s = s[:min(len(s), 8*most)]
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.IsSpace(r), r == '\u2028', r == '\u2029', r == utf8.RuneError:
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return s
}

// validRoles returns roles in their order and once each, or a refusal. Whose scope
// is one unit has that one role: any other would open the whole city.
func validRoles(roles []Role, unit string) ([]Role, error) {
	var known []Role
	for _, r := range Roles() {
		if slices.Contains(roles, r) {
			known = append(known, r)
		}
	}
	narrow := slices.Contains(known, Supervisor) || slices.Contains(known, Clerk)
	switch {
	case slices.ContainsFunc(roles, func(r Role) bool { return !slices.Contains(known, r) }):
		return nil, mistaken("没有这种角色，请从列表中选择", "there is no such role; choose from the list")
	case len(known) == 0:
		return nil, mistaken("请至少选择一种角色", "choose at least one role")
	case narrow && len(known) > 1:
		return nil, mistaken("县级主管和单位联络员只限于一个单位，不能与其他角色并用", "a supervisor or clerk is bound to a unit and can have no other role")
	case narrow && unit == "":
		return nil, mistaken("请选择所属单位", "choose the unit")
	case !narrow && unit != "":
		return nil, mistaken("只有县级主管和单位联络员需要所属单位，请清空", "only a supervisor or clerk has a unit; leave it out")
	}
	return known, nil
}
