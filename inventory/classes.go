package inventory

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// ClassesFile is the dictionary of classes: in the shared folder, and in that of
// a city that calls its columns by other names.
const ClassesFile = "classes.yaml"

// A classForm is one class of the dictionary as it is written.
type classForm struct {
	Class Class    `yaml:"class" need:"yes" doc:"the class"`
	Words []string `yaml:"words" need:"yes" doc:"what names of its columns hold"`
	Weak  []string `yaml:"weak" doc:"what they hold that says little by itself"`
}

// A Dictionary knows what columns of a class are called. The zero Dictionary
// knows nothing.
type Dictionary struct {
	words map[string]entry
	last  int // rank of the last class
}

// An entry is what a word says.
type entry struct {
	class Class
	rank  int // place of the class in the dictionary
	weak  bool
}

// A Guess is the class that a column's name speaks for.
type Guess struct {
	Class Class `json:"class"`

	// Word is the word that decided, "" where none did and the class is 其他.
	Word string `json:"word,omitempty"`

	// Sure is from 0 to 1: high for a word of the column's own name, lower for
	// one of what it stands below, low for a weak one.
	Sure float64 `json:"sure"`
}

// How sure a class is by where its word stands.
const (
	sureByName  = 0.9
	sureByGroup = 0.6
	sureByWeak  = 0.5
	sureByNone  = 0.1
)

// ParseClasses makes a dictionary of its files, each of which extends those
// before it: a word that one gives to a class is taken from every other class.
// All mistakes come at once, as [Errors].
func ParseClasses(files ...File) (Dictionary, error) {
	var dict Dictionary
	var problems Errors
	for _, f := range files {
		forms := &[]classForm{}
		d := newDecoder(f.Name)
		d.decode(f, forms)
		dict.learn(d, *forms)
		problems = append(problems, d.problems...)
	}
	if len(problems) > 0 {
		problems.sort()
		return Dictionary{}, problems
	}
	return dict, nil
}

// classForms checks the city's own dictionary, if it has one.
func (a *assembly) classForms() {
	f, ok := a.file(ClassesFile)
	if !ok {
		return
	}
	var problems Errors
	if _, err := ParseClasses(f); errors.As(err, &problems) {
		a.problems = append(a.problems, problems...)
	}
}

// learn takes over one file.
func (dict *Dictionary) learn(d *decoder, forms []classForm) {
	if dict.words == nil {
		dict.words = map[string]entry{}
	}
	here := map[string]string{} // word → where this file gives it
	for i := range forms {
		form := &forms[i]
		dict.last++
		e := entry{class: form.Class, rank: dict.last}
		for _, list := range [][]string{form.Words, form.Weak} {
			for j := range list {
				word := plain(list[j])
				switch first, twice := here[word]; {
				case word == "":
					d.report(quoted(list[j])+" holds no letter", "write a word that names of columns hold", &list[j])
				case twice:
					d.report("the word "+quoted(list[j])+" is taken by "+first, "a word speaks for one class: keep one", &list[j])
				default:
					here[word] = d.where(&list[j])
					dict.words[word] = e
				}
			}
			e.weak = true
		}
	}
}

// Words returns every word that is not weak, sorted: what names of columns hold.
func (dict Dictionary) Words() []string {
	var all []string
	for word, e := range dict.words {
		if !e.weak {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return all
}

// Classify returns the class for a column's path, 工作动态--通知公告公示. The last
// level decides if it holds a word; else the level above, and so on; then a weak
// word of the last level.
func (dict Dictionary) Classify(path string) Guess {
	all := strings.Split(path, levels)
	slices.Reverse(all)
	for i, name := range all {
		if word, ok := dict.longest(name, false); ok {
			sure := sureByName
			if i > 0 {
				sure = sureByGroup
			}
			return Guess{Class: dict.words[word].class, Word: word, Sure: sure}
		}
	}
	if word, ok := dict.longest(all[0], true); ok {
		return Guess{Class: dict.words[word].class, Word: word, Sure: sureByWeak}
	}
	return Guess{Class: ClassOther, Sure: sureByNone}
}

// maxClassified bounds the runes of a name that are looked at.
const maxClassified = 40

// longest returns the word of a name that decides: the longest, where one that
// ends the name counts for a character more.
func (dict Dictionary) longest(name string, weak bool) (word string, ok bool) {
	runes := []rune(plain(name))
	runes = runes[:min(len(runes), maxClassified)]
	best, end, most := entry{}, 0, 0
	for i := range runes {
		for j := i + 1; j <= len(runes); j++ {
			w := string(runes[i:j])
			e, known := dict.words[w]
			if !known || e.weak != weak {
				continue
			}
			size := j - i
			if j == len(runes) {
				size++
			}
			better := cmp.Or(cmp.Compare(size, most), cmp.Compare(j, end), cmp.Compare(best.rank, e.rank))
			if !ok || better > 0 {
				word, best, end, most, ok = w, e, j, size, true
			}
		}
	}
	return word, ok
}

// plain returns what is compared of a name: its letters and digits.
func plain(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(` 　·•“”"'《》〈〉（）()【】[]、，,。:：-—_/|｜&`, r) {
			return -1
		}
		return r
	}, s))
}
