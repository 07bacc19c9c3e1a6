// Package cases follows findings from the first suspicion to the day they are
// cleared, through the quarters in which they come back.
//
// A case is a subject and an indicator; each period in which the indicator is
// failed is an [Occurrence] of it, with a life of its own. All that happens to
// it is an [Event]: who did what, when and why. Nothing else is kept. Folding the
// events in their order gives the state of every case, the same today and in
// ten years; a [Book] is such a fold.
//
// What may happen in which state and by whom is one table, [Moves]. Whatever the
// table forbids is a [Refusal], a sentence that says what to do instead. A veto
// is confirmed, a finding is exempted and a case is cleared by two different
// people, unless the city's [Policy] says one; an event that rests on that says
// so for ever.
//
// Every event carries the digest of the one before it, in the book and in its
// case, so that a history in which something was changed, left out or moved is
// noticed by [Open]. That the last events were cut off shows only against a
// [Head] that was kept elsewhere; see [Book.Continues].
//
// The package is pure: it has no clock, disk or network. What it is given as the
// moment of an event is taken as such.
package cases

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"xuncha/extract"
	"xuncha/internal/workday"
)

// A Role is what a person acts as.
type Role string

// The roles. System is the program itself, Unit the clerk of the unit that is to
// answer.
const (
	Handler  Role = "经办"
	Reviewer Role = "审核"
	Signer   Role = "签发"
	Unit     Role = "单位"
	System   Role = "系统"
)

// A Person is who did something, in a role. One person may have several roles
// and stays one person.
type Person struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	Unit string `json:"unit,omitempty"` // of a unit's clerk: its ID
}

func (p Person) String() string { return p.Name + "（" + string(p.Role) + "）" }

// Same reports whether two people are one, by their names.
func (p Person) Same(other Person) bool { return p.same(other) }

// same reports whether two names are one person's, whatever space is in them.
func (p Person) same(other Person) bool { return plainName(p.Name) == plainName(other.Name) }

// likely reports whether two names may be one person's: whatever signs are in them,
// and whatever is said of the person in brackets, 李四（审核） is 李四. It is asked of
// whoever acts now and never of a history, which stays what it was.
func (p Person) likely(other Person) bool { return p.plain() == other.plain() }

// plain is what of a person's name tells one from others, "" for no name.
func (p Person) plain() string {
	name := plainName(p.Name)
	if i := strings.IndexAny(name, "（(〔[【"); i > 0 {
		name = name[:i]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, name)
}

func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// A Policy is what a city decides about the life of findings. The zero Policy
// takes two people and two working days, and lets anybody act.
type Policy struct {
	// Alone says that one person may confirm a veto, exempt and clear.
	Alone bool

	// AnswerDays is how many working days a unit has to answer a 核实单; 0 is
	// two.
	AnswerDays int

	// People are those who may act, each with a role; one may stand several
	// times. Empty is anybody. The program itself need not be named, nor units'
	// clerks.
	People []Person

	// Formerly are the names that people had before, by the name they have now: one
	// who was given another name is still who proposed under the first.
	Formerly map[string][]string
}

// likely reports whether somebody who acts now may be who acted before, by any of
// the names they have had.
func (p Policy) likely(before, now Person) bool {
	if before.likely(now) {
		return true
	}
	for name, old := range p.Formerly {
		if plainName(name) == plainName(now.Name) && slices.ContainsFunc(old, func(x string) bool { return before.likely(Person{Name: x}) }) {
			return true
		}
	}
	return false
}

// defaultAnswerDays is 《疑似问题核实单》's two working days.
const defaultAnswerDays = 2

// AnswerBy returns the day until whose end a unit may answer what was sent to it.
func (p Policy) AnswerBy(calendar *workday.Calendar, sent time.Time) (time.Time, error) {
	days := p.AnswerDays
	if days <= 0 {
		days = defaultAnswerDays
	}
	return calendar.Add(sent, days)
}

// admits returns a refusal for a person who may not act.
func (p Policy) admits(who Person) error {
	if len(p.People) == 0 || who.Role == System || who.Role == Unit {
		return nil
	}
	if slices.ContainsFunc(p.People, func(known Person) bool { return known.same(who) && known.Role == who.Role }) {
		return nil
	}
	return refuse(
		fmt.Sprintf("人员名单中没有%s；请在配置中登记其角色，或换人办理", who),
		fmt.Sprintf("%s is not listed as %s; add the person and the role to the configuration, or let somebody else do it", who.Name, who.Role))
}

// An Attachment is a paper that belongs to an event. Its bytes are kept
// elsewhere, by digest.
type Attachment struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // in hexadecimal
	Size   int64  `json:"size,omitempty"`
}

// A Refusal is what may not be done, in words for whoever tried.
type Refusal struct {
	chinese, english string
}

func refuse(chinese, english string) *Refusal { return &Refusal{chinese, english} }

// Chinese is what to tell a user who reads Chinese.
func (r *Refusal) Chinese() string { return r.chinese }

func (r *Refusal) Error() string { return r.english }

// dayText is a day in Beijing.
func dayText(t time.Time) string { return extract.DayOf(t).Format(time.DateOnly) }
