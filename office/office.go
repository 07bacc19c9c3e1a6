// Package office is where findings are dealt with: whoever works on them, from
// the command line or in the console, does it here and in no other way.
//
// A [Desk] is the book of all cases, open on a store, with what the city says of
// the people who act. What is done at it is checked at once, by package cases, and
// kept all together when it is filed, or not at all. [Judge] judges a city at a
// point, a [Writer] makes notices and the papers that follow them, and lists come
// into registers and go out of them.
//
// Nothing here reads a clock, asks who is at the keyboard, or prints: when, by
// whom and with which papers is said by the caller. An error that people are to
// read has their sentence in both languages.
package office

import (
	"errors"
	"fmt"
	"io/fs"

	"xuncha/cases"
	"xuncha/inventory"
	"xuncha/rules"
)

// A Setup is a city with the rule set it names.
type Setup struct {
	City *inventory.City
	Set  *rules.RuleSet

	// Folders are where templates of documents are looked for, the city's own
	// first; none of a setup that a round has kept.
	Folders []fs.FS

	// Users are those of the console who may decide about findings, besides the
	// people that the city names.
	Users []cases.Person

	// Formerly are the names that users had before, by the name they have now.
	Formerly map[string][]string
}

// Parse makes a setup from the files of a configuration, which may be those that
// a round has kept.
func Parse(files []inventory.File) (Setup, error) {
	city, err := inventory.Parse(files)
	if err != nil {
		return Setup{}, err
	}
	set, err := rules.Parse(files, city.RuleSet)
	if err != nil {
		return Setup{}, err
	}
	return Setup{City: city, Set: set}, nil
}

// A Saying is an error that has its own sentence in Chinese.
type Saying struct {
	Text string // in Chinese
	Err  error
}

// Say makes an error of both sentences.
func Say(chinese, english string, args ...any) error {
	return &Saying{fmt.Sprintf(chinese, args...), fmt.Errorf(english, args...)}
}

// Chinese is what to tell a user who reads Chinese.
func (s *Saying) Chinese() string { return s.Text }
func (s *Saying) Error() string   { return s.Err.Error() }
func (s *Saying) Unwrap() error   { return s.Err }

// A Mistake is an error of what was asked for, rather than of what is kept.
type Mistake struct{ error }

func (m Mistake) Unwrap() error { return m.error }

// mistake makes a Mistake of both sentences.
func mistake(chinese, english string, args ...any) error {
	return Mistake{Say(chinese, english, args...)}
}

// InChinese is an error's own sentence in Chinese, else what it says.
func InChinese(err error) string {
	var own interface{ Chinese() string }
	if errors.As(err, &own) {
		return own.Chinese()
	}
	return err.Error()
}
