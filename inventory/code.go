package inventory

import (
	"fmt"
	"regexp"
	"strings"
)

// A SiteCode is a 网站标识码 taken apart.
type SiteCode struct {
	// Area is the six digits of the area, or "bm" and the two of a ministry.
	Area   string
	Serial string // four digits, of a ministry's site six
}

// An AccountCode is a 新媒体标识码 taken apart.
type AccountCode struct {
	// Area is the six digits of the area. A ministry's code was never seen; it
	// is expected to begin like that of its site, "bm" and two or four digits.
	Area    string
	Unit    string // three digits, which number the units of the area
	Letters string // two capital letters of the platform
	Serial  string // four digits, which number the unit's accounts there
}

// The forms of codes. They are expressions of JSON Schema as well.
const (
	siteCodeShape    = `^(\d{10}|bm\d{8})$`
	accountCodeShape = `^(\d{6}|bm\d{2}|bm\d{4})M\d{3}[A-Z]{2}\d{4}$`
)

var (
	siteCodeRE    = regexp.MustCompile(siteCodeShape)
	accountCodeRE = regexp.MustCompile(accountCodeShape)
)

// ParseSiteCode takes a 网站标识码 apart, or says what is wrong with it.
func ParseSiteCode(s string) (SiteCode, error) {
	switch {
	case !siteCodeRE.MatchString(s):
		return SiteCode{}, fmt.Errorf("%s is no 网站标识码: %s", quoted(s), siteCodeFault(s))
	case strings.HasPrefix(s, "bm"):
		return SiteCode{Area: s[:4], Serial: s[4:]}, nil
	}
	return SiteCode{Area: s[:6], Serial: s[6:]}, nil
}

// siteCodeFault names the first thing that is wrong with a site's code.
func siteCodeFault(s string) string {
	switch n := len([]rune(s)); {
	case scientific.MatchString(s):
		return damagedHint
	case n != 10:
		return fmt.Sprintf("it has %d characters, not 10", n)
	}
	return "ten digits are wanted, or bm and eight digits"
}

// scientific is what a spreadsheet makes of a long number.
var scientific = regexp.MustCompile(`^[\d.]+[eE]\+?\d+$`)

const damagedHint = "a spreadsheet has rounded it: take it anew from the registration system, as text"

// ParseAccountCode takes a 新媒体标识码 apart, or says what is wrong with it.
// Letters that stand for no known platform are kept as they are.
func ParseAccountCode(s string) (AccountCode, error) {
	if !accountCodeRE.MatchString(s) {
		return AccountCode{}, fmt.Errorf("%s is no 新媒体标识码: %s", quoted(s), accountCodeFault(s))
	}
	area, rest, _ := strings.Cut(s, "M")
	return AccountCode{Area: area, Unit: rest[:3], Letters: rest[3:5], Serial: rest[5:]}, nil
}

// accountCodeFault names the first part of an account's code that is wrong.
func accountCodeFault(s string) string {
	if scientific.MatchString(s) {
		return damagedHint
	}
	area, rest, marked := strings.Cut(s, "M")
	r := []rune(rest)
	part := func(from, to int) string { return string(r[min(from, len(r)):min(to, len(r))]) }
	switch {
	case !marked:
		return "an M is wanted behind the area: 140300M019XL0001"
	case !areaRE.MatchString(area):
		return "the area before the M is " + quoted(area) + ", not six digits"
	case !threeRE.MatchString(part(0, 3)):
		return "the unit's number behind the M is " + quoted(part(0, 3)) + ", not three digits"
	case !lettersRE.MatchString(part(3, 5)):
		return "the letters of the platform are " + quoted(part(3, 5)) + ", not two capital letters"
	}
	return "the serial number at its end is " + quoted(part(5, len(r))) + ", not four digits"
}

var (
	areaRE    = regexp.MustCompile(`^(\d{6}|bm\d{2}|bm\d{4})$`)
	threeRE   = regexp.MustCompile(`^\d{3}$`)
	lettersRE = regexp.MustCompile(`^[A-Z]{2}$`)
)

// String returns the code as it is written.
func (c AccountCode) String() string { return c.Area + "M" + c.Unit + c.Letters + c.Serial }

// String returns the code as it is written.
func (c SiteCode) String() string { return c.Area + c.Serial }
