// Package notify tells people what a night brought, durably: one digest a night
// and recipient, and a message for each alert of the program itself.
//
// [Digests] decides what is told, and is pure. The [Outbox] keeps each message
// until its channel has taken it: through restarts, outages, quiet hours and the
// rate that a channel bears. A message is told by its ID, and an ID is taken once,
// however often it is put there. What was handed over in the very moment in which
// the process died may come again, and says so; nothing is ever lost.
//
// Whatever came from a page is text: it can mention nobody, hold no markup of a
// channel, no link and no line of its own.
package notify

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xuncha/inventory"
)

// A Message is one message to one channel.
type Message struct {
	// ID says what it tells of: a second message of the same ID is the same one.
	ID      string    `json:"id"`
	Channel string    `json:"channel"` // its name
	Title   string    `json:"title"`
	Parts   []Part    `json:"parts"`
	Made    time.Time `json:"made"`

	// Link is the console's address, to which paths belong, "" for no links, and Lang
	// the language in which the rest is said.
	Link string `json:"link,omitempty"`
	Lang string `json:"lang,omitempty"`

	// Test says that somebody waits to see whether the channel works.
	Test bool `json:"test,omitempty"`
}

// A Part is a heading with lines. The most urgent comes first.
type Part struct {
	Heading string `json:"heading"`
	Lines   []Line `json:"lines"`

	// Paths are the console's tables that hold the rows of the lines.
	Paths []string `json:"paths,omitempty"`
}

// A Line is one thing to know, with the page of the console that shows it.
type Line struct {
	Text string `json:"text"`
	Path string `json:"path,omitempty"`
}

// maxTitle bounds what of a page's title is repeated, in characters.
const maxTitle = 120

// safe is text from a page or a configuration as part of a message: one line,
// without marks that a channel would act on or that turn the direction of
// writing, without addresses that it would make links of, and not too long.
func safe(s string) string { return tame(s, maxTitle) }

// tame is safe with another length, in characters.
func tame(s string, most int) string {
	var text []rune
	for _, r := range s {
		switch {
		case r == '@' || r == '<' || r == '>' || strings.ContainsRune("*_`~[]#|\\", r):
			r += fullWidth
		case unicode.IsSpace(r):
			r = ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			continue
		}
		if len(text) == most {
			text = append(text, '…')
			break
		}
		text = append(text, r)
	}
	// Channels make links of what looks like an address.
	for i, r := range text {
		switch next := text[i+1:]; {
		case r == ':' && len(next) > 1 && next[0] == '/' && next[1] == '/', r == '.' && i > 0 && hostly(text[i-1]) && len(next) > 0 && hostly(next[0]) && !digits(text[i-1], next[0]):
			text[i] += fullWidth
		}
	}
	return string(text)
}

// fullWidth is what the full-width form of a mark is behind it.
const fullWidth = 0xFEE0

// hostly reports whether a part of a host's name may begin or end with a character.
func hostly(r rune) bool {
	return unicode.IsLetter(r) || r >= '0' && r <= '9' || r == '-'
}

// digits reports whether both are digits, as of a number or a date.
func digits(a, b rune) bool { return a >= '0' && a <= '9' && b >= '0' && b <= '9' }

// Sizes that channels take, in bytes, with some room for what they add.
const (
	maxWeCom    = 1900
	maxFeishu   = 3900
	maxDingTalk = 6000
	maxMail     = 200 << 10
	maxWebhook  = 256 << 10
)

func sizeOf(k inventory.ChannelKind) int {
	switch k {
	case inventory.WeCom:
		return maxWeCom
	case inventory.Feishu:
		return maxFeishu
	case inventory.DingTalk:
		return maxDingTalk
	case inventory.Mail:
		return maxMail
	}
	return maxWebhook
}

// linkEach reports whether a channel has room for a link to each line. A robot's
// message has a link to the table of each part.
func linkEach(k inventory.ChannelKind) bool { return k == inventory.Mail || k == inventory.Webhook }

// text is a message as plain text of the size that a kind of channel takes. Lines
// that do not fit are counted, never cut, and a heading that is left out counts with
// its lines.
func (m Message) text(kind inventory.ChannelKind, again bool) string {
	say := voice(m.Lang).say
	foot := ""
	if m.Link != "" {
		foot = "\n\n" + say("控制台：", "Console: ") + m.Link
	}
	if again {
		foot += "\n" + say("（可能重复：上次发送时程序中断或未收到回执）", "(may have come before: the program was stopped while sending, or no answer came)")
	}
	var b strings.Builder
	b.WriteString(m.Title)
	room := sizeOf(kind) - len(foot) - 64 // of the line that counts the rest
	left := 0
	for _, p := range m.Parts {
		links := m.links(p.Paths, kind)
		headed := false
		for _, line := range p.Lines {
			more := "\n· " + line.Text
			if linkEach(kind) && m.Link != "" && line.Path != "" {
				more += "\n  " + m.Link + line.Path
			}
			if !headed {
				more = "\n\n" + p.Heading + links + more
			}
			if left > 0 || b.Len()+len(more) > room {
				left++
				continue
			}
			b.WriteString(more)
			headed = true
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, say("\n……还有 %d 条，请到控制台查看", "\n… and %d more, see the console"), left)
	}
	return b.String() + foot
}

// links are the links of a part below its heading.
func (m Message) links(paths []string, kind inventory.ChannelKind) string {
	if m.Link == "" || linkEach(kind) {
		return ""
	}
	links := ""
	for _, path := range paths {
		links += "\n" + m.Link + path
	}
	return links
}

// A voice is the language in which a message is said, zh or en.
type voice string

func (v voice) say(zh, en string) string {
	if v == "en" {
		return en
	}
	return zh
}
