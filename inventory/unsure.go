package inventory

import "fmt"

// An Unsure is something of a configuration that nobody could confirm. It is used
// like the rest.
type Unsure struct {
	File string
	Line int // 0 where no line says it

	// What is a key with its name, or a sentence where Doubt says that the program
	// doubts it. Without Doubt the file itself says confirmed: false.
	What  string
	Doubt bool
}

// wholeFile is What of a file that says of itself that nobody confirmed it.
const wholeFile = "the whole file"

// In returns it with its words in a language, "zh" or "en". Keys and names stay as
// the file has them.
func (u Unsure) In(lang string) Unsure {
	if lang == "zh" && (u.Doubt || u.What == wholeFile) {
		u.What = inChinese(u.What, 0)
	}
	return u
}

// String returns it as one line, "sites/fgw.yaml:3: code".
func (u Unsure) String() string {
	if u.Line == 0 {
		return u.File + ": " + u.What
	}
	return fmt.Sprintf("%s:%d: %s", u.File, u.Line, u.What)
}
