package sheet

import "fmt"

// A Fault is why a file is not read.
type Fault string

// The faults.
const (
	TooLarge   Fault = "too-large"     // more bytes than a list has
	Bomb       Fault = "bomb"          // unpacks to more than a list has
	TooManyRow Fault = "too-many"      // more rows or cells
	LongCell   Fault = "long-cell"     // a cell with more text than a program lets in
	Encrypted  Fault = "encrypted"     // wants a password
	Damaged    Fault = "damaged"       // cut off or broken
	TooOld     Fault = "too-old"       // Excel 95 and before
	NoTable    Fault = "no-table"      // something else: a picture, a document
	Encoding   Fault = "encoding"      // text in no encoding that we know
	OpenQuote  Fault = "open-quote"    // CSV with a quote that does not end
	NoText     Fault = "no-text"       // NUL bytes in what should be text
	Nothing    Fault = "nothing"       // no bytes
	Binary     Fault = "xlsb"          // XLSX's binary sibling
	OpenSheet  Fault = "open-document" // ODS
)

// An Error says that a file could not be read.
type Error struct {
	File   string
	Fault  Fault
	Detail string // what was found, "" where the fault says it all
}

// Error returns the sentence in English.
func (e *Error) Error() string { return e.In("en") }

// In returns the sentence in a language, "zh" or "en": the file, what is wrong
// and what to do.
func (e *Error) In(lang string) string {
	words := sentences[e.Fault]
	text, between := words.en, ": "
	if lang == "zh" {
		text, between = words.zh, "："
	}
	if e.Detail == "" {
		return e.File + between + text
	}
	return fmt.Sprintf("%s%s%s (%s)", e.File, between, text, e.Detail)
}

// sentences are the faults in words; it is never written to.
var sentences = map[Fault]struct{ zh, en string }{
	TooLarge:   {"文件超过20 MB：删去图片和无关的工作表，或分成几个文件", "the file has more than 20 MB; take pictures and other sheets out, or split it"},
	Bomb:       {"解压后过大，不像名单：用 Excel 打开后另存为 XLSX，或导出 CSV", "it unpacks to more than any list has; open it in Excel and save it as XLSX, or export CSV"},
	TooManyRow: {"行或单元格过多（最多200000行、2000000格）：删去空白行列的格式，或分成几个文件", "too many rows or cells (at most 200000 and 2000000); take the formats of empty rows and columns away, or split the file"},
	LongCell:   {"有单元格超过32767个字：核对后缩短", "a cell has more than 32767 characters; check it and shorten it"},
	Encrypted:  {"文件有打开密码：在 Excel 中取消密码后另存", "the file wants a password; take the password away in Excel and save it"},
	Damaged:    {"文件损坏或不完整：重新下载，或用 Excel 打开修复后另存为 XLSX", "the file is damaged or cut off; get it again, or open it in Excel, repair it and save it as XLSX"},
	TooOld:     {"是 Excel 95 或更早的格式：用 Excel 打开后另存为 XLSX", "it is a file of Excel 95 or before; open it in Excel and save it as XLSX"},
	NoTable:    {"不是电子表格：给出 XLSX、XLS 或 CSV 文件", "it is no spreadsheet; give an XLSX, XLS or CSV file"},
	Encoding:   {"文字编码无法识别：另存为 CSV UTF-8，或 XLSX", "its text is in no encoding that we know; save it as CSV UTF-8, or as XLSX"},
	OpenQuote:  {"有引号没有配对：用 Excel 打开后另存为 CSV 或 XLSX", "a quote does not end; open it in Excel and save it as CSV or XLSX"},
	NoText:     {"文本中有 NUL 字节：重新导出，或另存为 XLSX", "its text holds NUL bytes; export it again, or save it as XLSX"},
	Nothing:    {"文件是空的：重新导出", "the file is empty; export it again"},
	Binary:     {"是 XLSB 格式：用 Excel 打开后另存为 XLSX", "it is an XLSB file; open it in Excel and save it as XLSX"},
	OpenSheet:  {"是 OpenDocument 表格：另存为 XLSX", "it is an OpenDocument spreadsheet; save it as XLSX"},
}

// fault makes an error that does not know its file yet.
func fault(f Fault, format string, args ...any) *Error {
	return &Error{Fault: f, Detail: fmt.Sprintf(format, args...)}
}
