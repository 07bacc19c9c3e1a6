// Package gongwen writes Chinese official documents (公文) in the layout of
// GB/T 9704-2012, 党政机关公文格式.
//
// A Document says what stands in it, never how it looks: a title, whom it is
// sent to, blocks of text, tables, attachments, who signed when. How it looks
// is written once, in the table of styles, each with the clause that it
// follows; DOCX and HTML are both made from that table. One document becomes
//
//   - DOCX, for the office that edits, seals and archives it,
//   - HTML, one file without a reference to anything else, which a browser
//     prints as the same pages (A4, page numbers outside, table heads
//     repeated; ask it to prefer the page size of the style sheet),
//   - Markdown and plain text, for mail, for diffs and for programs.
//
// A writer first lays the document out: texts are cleaned, headings and
// attachments numbered, merged cells placed in their grid. What it then writes
// depends on the document alone. The same document gives the same bytes in
// every format, on any machine and in any year: nothing is taken from a clock,
// and nothing is compressed, because a compressor's output changes with its
// version.
//
// Whatever the texts hold, they stay texts. Control characters, marks that
// turn the direction of writing and what XML forbids are dropped; markup,
// formulas and Markdown are shown as they were written. A document that cannot
// be laid out, because of a table whose spans leave its grid or a picture that
// is none, is refused with everything that is wrong with it.
package gongwen

import (
	"errors"
	"fmt"
	"time"
)

// A Document is one official document. Only Title is required; what is left
// zero is left out, and its neighbours close up as the standard has it.
type Document struct {
	Head *Head // 版头, the red head; nil for a document on white paper

	// Title holds the lines of the title (7.3.1). Where it breaks is for its
	// author to say: no word may be torn, and the lines should form a trapezium
	// or a rhombus. A line holds 20 characters; a longer one wraps.
	Title []string

	To   string  // 主送机关 (7.3.2), without the colon: 各县（区）人民政府，市直各单位
	Body []Block // 正文 (7.3.3)

	// Attachments are listed below the text (附件说明, 7.3.4) and follow it, each
	// on a page of its own (附件, 7.3.7), numbered if there are several.
	Attachments []Attachment

	Signature *Signature // 发文机关署名 and 成文日期 (7.3.5)
	Note      string     // 附注 (7.3.6): 此件公开发布; parentheses are added
	Imprint   *Imprint   // 版记 (7.4)

	// Wide lays the pages on their side, for a list of many columns (8).
	Wide bool

	// Banner stands at the head of every page, for what must not be taken for
	// an issued document: 模拟数据，非正式通报. The standard knows no such line;
	// it stands outside of the type area.
	Banner string

	// Properties are kept with the document and are no part of its text: the
	// digests of what it was made from.
	Properties []Property
}

// A Head is what stands above the red line on the first page (版头, 7.2).
type Head struct {
	Issuer   string   // 发文机关标志 (7.2.4): 阳泉市人民政府办公室文件
	Number   string   // 发文字号 (7.2.5): 阳政办函〔2023〕15号
	SignedBy []string // 签发人 (7.2.6), named only in documents that go upwards
}

// An Attachment is one 附件. Without blocks it is listed and has no page here,
// because it is handed over as a file of its own; it keeps its number.
type Attachment struct {
	Title string // the same in the list and above the attachment (7.3.7)
	Body  []Block
}

// A Signature says who issued the document, and when.
type Signature struct {
	Issuer string
	Date   time.Time // the day, as its own location has it

	// Sealed leaves the room of a seal and centres the name above the date
	// (7.3.5.1). Otherwise the date stands two characters to the right of where
	// the name begins (7.3.5.2).
	Sealed bool
}

// An Imprint is the foot of the last page (版记): between its lines, who gets
// copies, who printed the document, and when.
type Imprint struct {
	CopyTo    string // 抄送机关 (7.4.2), without the full stop
	PrintedBy string // 印发机关 (7.4.3)
	PrintedOn time.Time
}

// A Property is a name and a value that travel with a document.
type Property struct{ Name, Value string }

// Validate reports everything because of which d cannot be written, at once.
// Every writer asks it first.
func (d Document) Validate() error {
	_, err := lay(d)
	return err
}

// ErrNoTitle marks a document without a title.
var ErrNoTitle = errors.New("no title")

// date writes a day as 7.3.5.4 wants it: Arabic figures, the year in full,
// neither month nor day with a leading zero.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}
