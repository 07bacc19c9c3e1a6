package intake

import (
	"regexp"
	"strconv"
	"strings"

	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// The forms of codes; none is ever written to.
var (
	powerForm    = regexp.MustCompile(`^[+-]?\d+(\.\d*)?[eE][+-]?\d+$`)
	pointForm    = regexp.MustCompile(`^\d+\.\d+$`)
	digitsForm   = regexp.MustCompile(`^\d+$`)
	areaForm     = regexp.MustCompile(`^\d{6}$`)
	unitCodeForm = regexp.MustCompile(`^(\d{6}|\d{10}|bm\d{4}|bm\d{8})$`)
	idForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)
	columnIDForm = regexp.MustCompile(`^[\p{L}\p{N}_.-]+(/[\p{L}\p{N}_.-]+)*$`)
)

// isSiteCode reports whether a text is a 网站标识码.
func isSiteCode(s string) bool {
	_, err := inventory.ParseSiteCode(s)
	return err == nil
}

// isAccountCode reports whether a text is a 新媒体标识码.
func isAccountCode(s string) bool {
	_, err := inventory.ParseAccountCode(s)
	return err == nil
}

// exactDigits is how many digits of a number spreadsheet programs keep.
const exactDigits = 15

// lostDigits tells a cell whose digits a spreadsheet program may have changed:
// "power" for 1.403E+09, "rounded" for a long number, "point" for 12.0; "" for
// one that can be believed. A number that is only shown as a power has lost
// nothing, unless it ends in zeros as one does that was read back from there.
func lostDigits(c sheet.Cell, text string) string {
	switch {
	case powerForm.MatchString(text):
		return "power"
	case c.Kind == sheet.Number && strings.ContainsAny(c.Shown, "eE") && strings.HasSuffix(text, "0000"):
		return "power"
	case c.Kind == sheet.Number && len(strings.TrimLeft(text, "-0.")) > exactDigits:
		return "rounded"
	case pointForm.MatchString(text):
		return "point"
	}
	return ""
}

// lookalikes are letters that are taken for digits; it is never written to.
var lookalikes = strings.NewReplacer("O", "0", "o", "0", "О", "0", "〇", "0", "I", "1", "l", "1", "i", "1", "L", "1", "Z", "2", "S", "5", "B", "8")

// siteCode reads a 网站标识码; "" where there is none or it is wrong.
func (r *row) siteCode(f field) string {
	text := r.text(f)
	if text == "" {
		return ""
	}
	lower := strings.ToLower(text)
	switch lost := lostDigits(r.cell(f), text); {
	case lost == "power":
		shown := text
		if s := r.cell(f).Shown; s != "" {
			shown = s
		}
		r.mistake("code.power", f, shown)
	case lost == "rounded":
		r.mistake("code.rounded", f, text)
	case lost == "point":
		whole, _, _ := strings.Cut(text, ".")
		r.mistake("code.point", f, text, whole)
	case isSiteCode(lower):
		return lower
	case isAccountCode(strings.ToUpper(text)):
		r.mistake("code.account", f, text)
	case areaForm.MatchString(text):
		r.mistake("code.unit", f, text)
	case digitsForm.MatchString(text) && len(text) < 10:
		r.mistake("code.zeros", f, text, strconv.Itoa(len(text)))
	case len([]rune(text)) > 10:
		r.mistake("code.long", f, text, strconv.Itoa(len([]rune(text))))
	case isSiteCode(lookalikes.Replace(text)):
		r.mistake("code.letter", f, text, lookalikes.Replace(text))
	default:
		r.mistake("code.shape", f, text)
	}
	return ""
}

// accountCode reads a 新媒体标识码; "" where there is none or it is wrong.
func (r *row) accountCode(f field) string {
	text := r.text(f)
	upper := strings.ToUpper(text)
	if rest, ok := strings.CutPrefix(upper, "BM"); ok {
		upper = "bm" + rest
	}
	switch {
	case text == "":
		if !r.wrongAt(f) {
			r.mistake("account.missing", f, "")
		}
	case isAccountCode(text):
		return text
	case isAccountCode(upper):
		r.hint("account.lower", f, text)
		return upper
	case lostDigits(r.cell(f), text) == "power":
		r.mistake("account.power", f, text)
	case isSiteCode(strings.ToLower(text)):
		r.mistake("account.site", f, text)
	case mendedAccount(upper) != "":
		r.mistake("account.letter", f, text, mendedAccount(upper))
	case len([]rune(text)) < 16:
		r.mistake("account.short", f, text, strconv.Itoa(len([]rune(text))))
	case len([]rune(text)) > 16:
		r.mistake("account.long", f, text, strconv.Itoa(len([]rune(text))))
	default:
		r.mistake("account.shape", f, text)
	}
	return ""
}

// mendedAccount is a code in which letters that look like digits are digits
// where digits belong, "" if that makes none.
func mendedAccount(code string) string {
	r := []rune(code)
	if len(r) != 16 {
		return ""
	}
	digits := lookalikes.Replace
	mended := digits(string(r[:6])) + strings.ReplaceAll(string(r[6]), "М", "M") + digits(string(r[7:10])) +
		strings.NewReplacer("0", "O", "1", "I", "Х", "X").Replace(string(r[10:12])) + digits(string(r[12:]))
	if !isAccountCode(mended) {
		return ""
	}
	return mended
}
