package gongwen

// A Block is one of Paragraph, Heading, Table, Caption and Picture.
type Block interface{ block() }

// A Paragraph is text, indented by two characters (7.3.3). A line feed in it
// breaks the line.
type Paragraph struct {
	Spans []Span
	Align Align // AlignAuto justifies
	Flush bool  // 顶格: begins at the margin
}

// Text returns a paragraph of plain text.
func Text(text string) Paragraph {
	return Paragraph{Spans: []Span{{Text: text}}}
}

// A Span is a stretch of text in one face.
type Span struct {
	Text string
	Face Face
	Bold bool
}

// A Heading is numbered by its place: 一、 and in 黑体 at level 1, （一） and in
// 楷体 at level 2, 1. in bold 仿宋 at level 3, （1） in 仿宋 at level 4 (7.3.3).
// Numbers begin anew below a heading of a higher level, and in each attachment.
type Heading struct {
	Level int
	Text  string

	// Body follows in the same paragraph, in the face of the text, as in
	// （一）内容保障待提升。市住房和城乡建设局……
	Body string
}

// A Caption stands centred above a table or below a picture.
type Caption struct{ Text string }

// A Picture is a PNG or JPEG, centred.
type Picture struct {
	Data []byte

	// Alt says what is to be seen; it is all that plain text and Markdown have.
	Alt string

	// Width in millimetres; zero is that of the picture at 96 points to the
	// inch. None is wider than the type area or higher than a page.
	Width float64
}

// A Table has lines around all its cells. Its head is repeated on every page
// that it reaches.
type Table struct {
	Columns []Column
	Head    [][]Cell // rows of the head; nil takes the titles of the columns
	Rows    [][]Cell
}

// A Column is one column of a table.
type Column struct {
	Title string
	Width float64 // relative to the others; if all are zero, by what the cells hold
	Align Align   // of its cells below the head; AlignAuto centres
}

// A Cell is one cell of a table. As in HTML, a row leaves out the cells that
// others reach into; every place of the grid must belong to exactly one cell.
type Cell struct {
	Text    string
	RowSpan int   // zero is one
	ColSpan int   // zero is one
	Align   Align // AlignAuto is that of the column
	Bold    bool
}

// Add appends a row, one cell a column.
func (t *Table) Add(texts ...string) {
	row := make([]Cell, len(texts))
	for i, text := range texts {
		row[i].Text = text
	}
	t.Rows = append(t.Rows, row)
}

// AddGroup appends rows that share their first cells: 序号 and 单位 of a unit,
// beside the accounts it answers for. Without rows it appends nothing.
func (t *Table) AddGroup(shared []string, rows [][]string) {
	for i, texts := range rows {
		var row []Cell
		if i == 0 {
			for _, text := range shared {
				row = append(row, Cell{Text: text, RowSpan: len(rows)})
			}
		}
		for _, text := range texts {
			row = append(row, Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
}

func (Paragraph) block() {}
func (Heading) block()   {}
func (Caption) block()   {}
func (Picture) block()   {}
func (Table) block()     {}

// An Align is where a line of text stands.
type Align uint8

// The places of a line.
const (
	AlignAuto Align = iota // what is usual where it stands
	AlignLeft
	AlignCenter
	AlignRight
	justified
)

// A Face is a typeface by its place in an official document.
type Face uint8

// The faces of an official document.
const (
	FaceAuto Face = iota // that of the paragraph
	Fangsong             // 仿宋, the text
	Heiti                // 黑体
	Kaiti                // 楷体
	Biaosong             // 小标宋, titles
	Songti               // 宋体, page numbers
)
