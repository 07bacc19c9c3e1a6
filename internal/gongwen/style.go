package gongwen

import "fmt"

// The page (5.1, 5.2): A4; 天头 37 mm, 订口 28 mm, 版心 156 by 225 mm, which
// leaves 26 mm at the right and 35 mm below; 28 characters of 三号 (16 points) to
// a line. Lines are 28 points apart, the figure in use in offices, which gives
// the 22 lines of a page.
const (
	lineHeight     = 28.0 // points
	textSize       = 16.0 // 三号, points
	lineCharacters = 28
	pointsPerMM    = 72 / 25.4

	// zi is one character of the line (字, 3.1) in points: the width of the type
	// area by 28. It is a fifth of a point less than the character's own size.
	zi = 156 * pointsPerMM / lineCharacters
)

// A paper is the size of a page and its margins, in millimetres.
type paper struct{ width, height, top, bottom, left, right float64 }

// paperOf is the page upright, or on its side: turned with its margins, the
// binding edge (订口) on top.
func paperOf(wide bool) paper {
	if wide {
		return paper{width: 297, height: 210, top: 28, bottom: 26, left: 35, right: 37}
	}
	return paper{width: 210, height: 297, top: 37, bottom: 35, left: 28, right: 26}
}

func (p paper) wide() bool          { return p.width > p.height }
func (p paper) areaWidth() float64  { return p.width - p.left - p.right }
func (p paper) areaHeight() float64 { return p.height - p.top - p.bottom }

// A face is a typeface by name, and what stands in for it where it is missing.
// The free faces at the end of each list are what a Debian machine has.
type face struct {
	name     string
	fallback []string
	generic  string // of CSS
	panose   string // what it looks like, for a word processor that must choose
}

// faces by Face. FaceAuto is the text's.
var faces = [...]face{
	FaceAuto: fangsong,
	Fangsong: fangsong,
	Heiti:    {"黑体", []string{"SimHei", "STHeiti", "Noto Sans CJK SC"}, "sans-serif", "02010609060101010101"},
	Kaiti:    {"楷体_GB2312", []string{"楷体", "KaiTi", "STKaiti", "AR PL UKai CN", "Noto Serif CJK SC"}, "serif", "02010609060101010101"},
	Biaosong: {"方正小标宋简体", []string{"方正小标宋_GBK", "宋体", "SimSun", "STSong", "Noto Serif CJK SC"}, "serif", "02010600030101010101"},
	Songti:   {"宋体", []string{"SimSun", "STSong", "Noto Serif CJK SC"}, "serif", "02010600030101010101"},
}

var fangsong = face{"仿宋_GB2312", []string{"仿宋", "FangSong", "STFangsong", "Noto Serif CJK SC"}, "serif", "02010609060101010101"}

// latin is the face of Latin letters and figures within Chinese text.
const latin = "Times New Roman"

// A style is how one element of a document looks.
type style struct {
	id   string // of the style in DOCX, class in HTML
	name string // as an editor of the document sees it
	face Face

	points float64 // size; zero is 三号
	bold   bool
	red    bool

	align  Align
	indent float64 // of the first line, in characters
	sides  float64 // left and right, in characters of its own size
	before float64 // blank lines above
	after  float64 // blank lines below
	line   float64 // height of a line in points; zero is 28, less than zero is the content's

	outline int  // level in the outline of the document
	keep    bool // on the page of what follows
	newPage bool
	rule    bool // the red line below it
}

// A kind names an element of a document, and so its style.
type kind uint8

// The elements, in the order in which a document has them.
const (
	kindIssuer kind = iota
	kindNumber
	kindTitle
	kindTitleAlone // nobody is addressed below it
	kindTo
	kindBody
	kindHeading1
	kindHeading2
	kindHeading3
	kindHeading4
	kindCaption
	kindLegend
	kindPicture
	kindTable
	kindList
	kindListed
	kindSigner
	kindSealed
	kindDate
	kindNote
	kindMark
	kindAnnexTitle
	kindCopyTo
	kindPrinted

	// What stands in others, or outside of the text.
	kindCell
	kindCellHead
	kindBanner
	kindPage
	kinds
)

// styles by kind, each with the clause it follows.
var styles = [kinds]style{
	// 7.2.4 居中排布，上边缘至版心上边缘 35 mm，小标宋体，红色. Its size is for the
	// issuer to choose; here as large as fits on one line.
	kindIssuer: {id: "Issuer", name: "发文机关标志", face: Biaosong, points: 48, red: true, align: AlignCenter, before: 35 * pointsPerMM / lineHeight, line: 48, keep: true},
	// 7.2.5 发文机关标志下空二行，居中；7.2.7 其下 4 mm 处一条与版心等宽的红色分隔线.
	kindNumber: {id: "Number", name: "发文字号", align: AlignCenter, before: 2, keep: true, rule: true},
	// 7.3.1 二号小标宋体，红色分隔线下空二行，分一行或多行居中排布.
	kindTitle:      {id: "Title", name: "公文标题", face: Biaosong, points: 22, align: AlignCenter, before: 2, line: 35, keep: true},
	kindTitleAlone: {id: "TitleAlone", name: "公文标题（无主送机关）", face: Biaosong, points: 22, align: AlignCenter, before: 2, after: 1, line: 35, keep: true},
	// 7.3.2 标题下空一行，居左顶格，回行时仍顶格.
	kindTo: {id: "To", name: "主送机关", before: 1, align: justified},
	// 7.3.3 每个自然段左空二字，回行顶格；第一层黑体，第二层楷体，第三层和第四层仿宋.
	kindBody:     {id: "Body", name: "公文正文", align: justified, indent: 2},
	kindHeading1: {id: "Heading1", name: "heading 1", face: Heiti, align: justified, indent: 2, outline: 1, keep: true},
	kindHeading2: {id: "Heading2", name: "heading 2", face: Kaiti, align: justified, indent: 2, outline: 2, keep: true},
	kindHeading3: {id: "Heading3", name: "heading 3", bold: true, align: justified, indent: 2, outline: 3, keep: true},
	kindHeading4: {id: "Heading4", name: "heading 4", align: justified, indent: 2, outline: 4, keep: true},
	kindCaption:  {id: "Caption", name: "图表标题", face: Heiti, points: 14, align: AlignCenter, keep: true},
	kindLegend:   {id: "Legend", name: "图下标题", face: Heiti, points: 14, align: AlignCenter},
	kindPicture:  {id: "Picture", name: "图", align: AlignCenter, before: 0.25, line: -1, keep: true},
	kindTable:    {id: "Table", name: "表后", points: 1, line: 1},
	// 7.3.4 正文下空一行左空二字；回行与上一行附件名称的首字对齐.
	kindList:   {id: "List", name: "附件说明", align: AlignLeft, before: 1},
	kindListed: {id: "Listed", name: "附件说明（续）", align: AlignLeft},
	// 7.3.5.2 正文（或附件说明）下空一行右空二字署名，下一行成文日期.
	kindSigner: {id: "Signer", name: "发文机关署名", align: AlignRight, before: 1, keep: true},
	// 7.3.5.1 成文日期右空四字，署名在其上、以其为准居中；印章顶端上距正文一行之内，故上留三行.
	kindSealed: {id: "Sealed", name: "发文机关署名（盖章）", align: AlignRight, before: 3, keep: true},
	kindDate:   {id: "Date", name: "成文日期", align: AlignRight},
	// 7.3.6 居左空二字加圆括号编排在成文日期下一行.
	kindNote: {id: "Note", name: "附注", align: AlignLeft, indent: 2},
	// 7.3.7 另面编排，“附件”二字及顺序号用三号黑体顶格编排在版心左上角第一行，标题居中
	// 编排在版心第三行.
	kindMark:       {id: "Mark", name: "附件标记", face: Heiti, align: AlignLeft, keep: true, newPage: true},
	kindAnnexTitle: {id: "AnnexTitle", name: "附件标题", face: Biaosong, points: 22, align: AlignCenter, before: 1, after: 0.5, line: 35, keep: true},
	// 7.4.2, 7.4.3 四号仿宋，左右各空一字.
	kindCopyTo:  {id: "CopyTo", name: "抄送机关", points: 14, align: justified, sides: 1},
	kindPrinted: {id: "Printed", name: "印发机关和印发日期", points: 14, align: AlignLeft, sides: 1},
	// 8 says nothing of the size in tables; 小四 is usual, 五号 where there are many
	// columns.
	kindCell:     {id: "Cell", name: "表格文字", points: 12, align: AlignCenter, line: 20},
	kindCellHead: {id: "CellHead", name: "表头文字", face: Heiti, points: 12, align: AlignCenter, line: 20, keep: true},
	kindBanner:   {id: "Banner", name: "页眉提示", face: Heiti, points: 14, align: AlignCenter, line: 20},
	// 7.5 四号半角宋体阿拉伯数字，左右各一条一字线，上距版心下边缘 7 mm；单页码居右空
	// 一字，双页码居左空一字.
	kindPage: {id: "PageNumber", name: "页码", face: Songti, points: 14, sides: 1, line: 16},
}

// size returns the size of the style's text in points.
func (s style) size() float64 {
	if s.points == 0 {
		return textSize
	}
	return s.points
}

// height returns the distance of the style's lines in points, or zero if the
// content decides.
func (s style) height() float64 {
	switch {
	case s.line == 0:
		return lineHeight
	case s.line < 0:
		return 0
	}
	return s.line
}

// decimal writes a length without more digits than print can show.
func decimal(v float64) string {
	s := fmt.Sprintf("%.3f", v)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
