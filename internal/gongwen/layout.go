package gongwen

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A sheet is a document laid out: cleaned, numbered, every element in its place.
// All writers write sheets.
type sheet struct {
	title      string // in one line
	paper      paper
	parts      []part
	imprint    []part // at the foot of the last page
	banner     string
	issuer     string
	day        time.Time
	properties []Property
}

// A part is one element of a sheet, usually a paragraph.
type part struct {
	kind  kind
	spans []Span // a line feed in them breaks the line

	// label stands before the text, which begins at left: an attachment's
	// number. All lengths are in characters.
	label string
	left  float64 // where lines begin
	hang  float64 // by how much the first one begins before
	right float64
	flush bool
	align Align  // AlignAuto is that of the style
	far   []Span // at the other end of the line

	points  float64 // size, where the style leaves it open
	grid    *grid
	picture *picture
}

// style returns how the part looks.
func (p part) style() style {
	s := styles[p.kind]
	if p.points != 0 {
		s.line, s.points = s.line*p.points/s.points, p.points
	}
	if p.align != AlignAuto {
		s.align = p.align
	}
	if p.flush {
		s.indent = 0
	}
	return s
}

// joined returns what spans say, without their looks.
func joined(spans []Span) string {
	var b strings.Builder
	for _, span := range spans {
		b.WriteString(span.Text)
	}
	return b.String()
}

// text returns what the part says, without what stands at its ends.
func (p part) text() string { return joined(p.spans) }

// labelled returns the text behind its label, for formats without tabs: a
// number has a blank after it, lest it run into the year that a title begins with.
func (p part) labelled() string {
	label := p.label
	if strings.HasSuffix(label, ".") {
		label += " "
	}
	return label + p.text()
}

// plain returns a part of plain text.
func plain(k kind, text string) part {
	return part{kind: k, spans: []Span{{Text: text}}}
}

// A layout gathers a sheet and all that is wrong with its document.
type layout struct {
	sheet
	errs []error
}

func (l *layout) add(parts ...part) { l.parts = append(l.parts, parts...) }

func (l *layout) refuse(format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf(format, args...))
}

// lay lays d out, in the order of the standard: 版头, 主体, 版记.
func lay(d Document) (sheet, error) {
	l := &layout{}
	l.paper = paperOf(d.Wide)
	l.banner = line(d.Banner)
	l.keep(d.Properties)
	l.head(d.Head)
	l.heading(d.Title, line(d.To) != "")
	if to := line(d.To); to != "" {
		l.add(plain(kindTo, strings.TrimRight(to, "：:")+"："))
	}
	l.blocks(d.Body, "body")
	l.list(d.Attachments)
	l.sign(d.Signature)
	if note := strings.Trim(line(d.Note), "（）()"); note != "" {
		l.add(plain(kindNote, "（"+note+"）"))
	}
	l.annexes(d.Attachments)
	l.foot(d.Imprint)
	return l.sheet, errors.Join(l.errs...)
}

// keep takes the properties over. Word holds a file for damaged in which two
// have one name.
func (l *layout) keep(properties []Property) {
	seen := map[string]bool{}
	for i, p := range properties {
		p.Name, p.Value = line(p.Name), line(p.Value)
		switch folded := strings.ToLower(p.Name); {
		case p.Name == "":
			l.refuse("property %d: no name", i+1)
		case seen[folded]:
			l.refuse("property %q: given twice", p.Name)
		default:
			seen[folded] = true
			l.properties = append(l.properties, p)
		}
	}
}

// head lays out the red head. A document that goes upwards has its number at
// the left and who signed it at the right of the same line.
func (l *layout) head(h *Head) {
	if h == nil {
		return
	}
	issuer := line(h.Issuer)
	mark := plain(kindIssuer, issuer)
	if n := characters(issuer); n > 0 {
		// A name of more than 28 characters goes on in a second line.
		mark.points = math.Floor(min(styles[kindIssuer].points, max(l.paper.areaWidth()*pointsPerMM/n, textSize)))
	}
	l.issuer = strings.TrimSuffix(issuer, "文件")
	number := plain(kindNumber, line(h.Number))
	if len(h.SignedBy) > 0 {
		var names []string
		for _, name := range h.SignedBy {
			names = append(names, line(name))
		}
		number.align, number.left, number.right = AlignLeft, 1, 1
		number.far = []Span{{Text: "签发人："}, {Text: strings.Join(names, "　"), Face: Kaiti}}
	}
	l.add(mark, number)
}

// heading lays out the title. The blank line below it is the addressee's, where
// there is one.
func (l *layout) heading(lines []string, addressed bool) {
	var kept []string
	for _, text := range lines {
		for part := range strings.SplitSeq(clean(text), "\n") {
			if part = strings.TrimSpace(part); part != "" {
				kept = append(kept, part)
			}
		}
	}
	if len(kept) == 0 {
		l.errs = append(l.errs, ErrNoTitle)
		return
	}
	l.title = join(kept)
	k := kindTitleAlone
	if addressed {
		k = kindTitle
	}
	l.add(plain(k, strings.Join(kept, "\n")))
}

// join puts the lines of a title into one, with a blank only between words of
// Latin letters.
func join(lines []string) string {
	var b strings.Builder
	for i, text := range lines {
		if i > 0 && lines[i-1][len(lines[i-1])-1] < 0x80 && text[0] < 0x80 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	return b.String()
}

// blocks lays out one text, the document's or an attachment's.
func (l *layout) blocks(blocks []Block, where string) {
	var numbers numbers
	for i, block := range blocks {
		here := fmt.Sprintf("%s: block %d", where, i+1)
		switch b := block.(type) {
		case Paragraph:
			l.add(part{kind: kindBody, spans: cleanSpans(b.Spans), align: b.Align, flush: b.Flush || b.Align == AlignCenter || b.Align == AlignRight})
		case Heading:
			l.numbered(b, &numbers, here)
		case Caption:
			caption := plain(kindCaption, line(b.Text))
			if n := len(l.parts); n > 0 && l.parts[n-1].picture != nil {
				caption.kind = kindLegend // of the page of what is above it
			}
			l.add(caption)
		case Picture:
			l.picture(b, here)
		case Table:
			g, err := resolve(b, l.paper.areaWidth())
			if err != nil {
				l.refuse("%s: table: %w", here, err)
				continue
			}
			l.add(part{kind: kindTable, grid: g})
		default:
			l.refuse("%s: %T is no block", here, block)
		}
	}
}

func cleanSpans(spans []Span) []Span {
	var kept []Span
	for _, s := range spans {
		text := clean(s.Text)
		if text == "" {
			continue
		}
		if s.Face > Songti {
			s.Face = FaceAuto
		}
		kept = append(kept, Span{Text: text, Face: s.Face, Bold: s.Bold})
	}
	return kept
}

// numbered lays out a heading. One that runs on into its text is a paragraph
// that begins in the heading's face: an outline has no use for whole paragraphs.
func (l *layout) numbered(h Heading, numbers *numbers, here string) {
	if h.Level < 1 || h.Level > 4 {
		l.refuse("%s: heading of level %d, want 1 to 4", here, h.Level)
		return
	}
	k := kindHeading1 + kind(h.Level-1)
	text := numbers.next(h.Level) + line(h.Text)
	body := clean(h.Body)
	if body == "" {
		l.add(plain(k, text))
		return
	}
	l.add(part{kind: kindBody, spans: []Span{{Text: text, Face: styles[k].face, Bold: styles[k].bold}, {Text: body}}})
}

func (l *layout) picture(p Picture, here string) {
	pic, err := measure(p, l.paper)
	if err != nil {
		l.refuse("%s: picture: %w", here, err)
		return
	}
	l.add(part{kind: kindPicture, picture: pic})
}

// list lays out 附件说明: 附件：1. and names, each name below the first, so that
// a long one goes on below its own first character (7.3.4).
func (l *layout) list(attachments []Attachment) {
	const mark, indent = "附件：", 2.0
	names := indent + characters(mark)
	left := names
	if len(attachments) > 1 {
		left += characters(strconv.Itoa(len(attachments))+".") + 0.5
	}
	for i, a := range attachments {
		title := plain(kindListed, line(a.Title))
		title.left, title.hang = left, left-names
		if len(attachments) > 1 {
			title.label = strconv.Itoa(i+1) + "."
		}
		if i == 0 {
			title.kind, title.label, title.hang = kindList, mark+title.label, left-indent
		}
		l.add(title)
		if line(a.Title) == "" {
			l.refuse("attachment %d: no title", i+1)
		}
	}
}

// sign lays out who issued the document and when (7.3.5).
func (l *layout) sign(s *Signature) {
	if s == nil {
		return
	}
	issuer, day := plain(kindSigner, line(s.Issuer)), plain(kindDate, date(s.Date))
	l.issuer, l.day = line(s.Issuer), s.Date
	longer := characters(issuer.text()) - characters(day.text())
	switch {
	case s.Sealed && longer <= 4:
		day.right, issuer.right = 4, 4-longer/2
	case s.Sealed:
		issuer.right, day.right = 2, 2+longer/2
	case longer >= 0:
		issuer.right, day.right = 2, longer
	default:
		issuer.right, day.right = 4-longer, 2
	}
	if s.Sealed {
		issuer.kind = kindSealed
	}
	if longest := max(issuer.right, day.right); longest > lineCharacters/2 {
		issuer.right, day.right = 2, 2 // a name longer than a line: nothing to be set beside it
	}
	l.add(issuer)
	if !s.Date.IsZero() {
		l.add(day)
	}
}

// annexes lays out the attachments that have a text, each on a new page.
func (l *layout) annexes(attachments []Attachment) {
	for i, a := range attachments {
		if len(a.Body) == 0 {
			continue
		}
		mark := "附件"
		if len(attachments) > 1 {
			mark += strconv.Itoa(i + 1)
		}
		l.add(plain(kindMark, mark), plain(kindAnnexTitle, line(a.Title)))
		l.blocks(a.Body, "attachment "+strconv.Itoa(i+1))
	}
}

// foot lays out the imprint (7.4).
func (l *layout) foot(i *Imprint) {
	if i == nil {
		return
	}
	if to := strings.TrimRight(line(i.CopyTo), "。."); to != "" {
		p := plain(kindCopyTo, to+"。")
		p.label = "抄送："
		p.left, p.hang = characters(p.label), characters(p.label)
		l.imprint = append(l.imprint, p)
	}
	p := plain(kindPrinted, line(i.PrintedBy))
	if day := date(i.PrintedOn); day != "" {
		p.far = []Span{{Text: day + "印发"}}
	}
	l.imprint = append(l.imprint, p)
}
