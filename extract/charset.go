package extract

import (
	"bytes"
	"mime"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// How an encoding came to be known. Statistics cost as much as three parses of
// the page, so they are asked only when nothing else decides.
const (
	howBOM        = "bom"
	howHeader     = "header"
	howMeta       = "meta"
	howUTF8       = "utf-8" // the bytes are UTF-8 and nothing says so, or something says otherwise
	howStatistics = "statistics"
)

// prescan is how far into a page its declaration is looked for, as browsers do.
const prescan = 1024

// sampleBytes bounds what statistics are taken of.
const sampleBytes = 64 << 10

// Decode returns body as UTF-8, the encoding it was read with, and how that was
// known: "bom", "header", "meta", "utf-8" or "statistics". Bytes that the
// encoding cannot mean become U+FFFD. The result may share memory with body.
func Decode(body []byte, contentType string) (text []byte, name, how string) {
	if text, name := fromBOM(body); name != "" {
		return text, name, howBOM
	}
	plain := utf8.Valid(body)
	if !plain || bytes.IndexByte(body, 0) >= 0 {
		if text, name := unmarkedUTF16(body); name != "" {
			return text, name, howStatistics
		}
	}
	declared := declarations(body, contentType)
	if plain {
		return plainUTF8(body, declared)
	}
	almost, wide := almostUTF8(body)
	for _, d := range declared {
		switch {
		case d.name == "utf-8" && almost:
			return bytes.ToValidUTF8(body, []byte("\uFFFD")), d.name, d.how
		case d.name != "utf-8" && !(almost && wide):
			return convert(body, d.enc), d.name, d.how
		}
	}
	if almost && wide {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), "utf-8", howUTF8
	}
	enc, name := guess(body)
	return convert(body, enc), name, howStatistics
}

// plainUTF8 reads bytes that are valid UTF-8: they are taken as such unless a
// legacy encoding is declared and could mean them just as well.
func plainUTF8(body []byte, declared []declaration) ([]byte, string, string) {
	if len(declared) == 0 {
		return body, "utf-8", howUTF8
	}
	d := declared[0]
	if d.name == "utf-8" {
		return body, d.name, d.how
	}
	if threeByteRune(body) {
		return body, "utf-8", howUTF8
	}
	return convert(body, d.enc), d.name, d.how
}

// threeByteRune reports whether valid UTF-8 holds a rune of three bytes or more.
// Chinese text does; a few GBK characters that happen to be valid UTF-8 do not.
func threeByteRune(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r >= 0x800 }) >= 0
}

// manyRunes is how many runes of three bytes no text of a legacy encoding holds
// by accident beside next to no others.
const manyRunes = 16

// almostUTF8 reports whether all but a few sequences are valid: titles cut in
// the middle of a character are common and change nothing else. Wide says that
// so many are of three bytes or more that the text can be nothing else.
func almostUTF8(b []byte) (almost, wide bool) {
	good, bad, long := 0, 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf { // most bytes of a page
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			if bad++; bad*10 > good+len(b)/2 {
				return false, false // whatever the rest is: no text of GBK is read to its end
			}
		case n > 1:
			good++
		}
		if n > 2 {
			long++
		}
		b = b[n:]
	}
	return bad*10 <= good, long >= manyRunes
}

// damaged reports whether more than one rune in fifty could not be decoded.
func damaged(text []byte) bool {
	bad := bytes.Count(text, []byte("\uFFFD"))
	return bad > 0 && bad*50 > utf8.RuneCount(text)
}

// A declaration is an encoding that the answer names for itself.
type declaration struct {
	enc  encoding.Encoding
	name string
	how  string
}

// declarations lists what the header and then the page say, without what cannot
// be: Latin-1 is what servers say when nobody configured them.
func declarations(body []byte, contentType string) []declaration {
	var out []declaration
	add := func(label, how string) {
		enc, name := lookup(label)
		if enc != nil && name != "windows-1252" && !strings.HasPrefix(name, "utf-16") {
			out = append(out, declaration{enc, name, how})
		}
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		add(params["charset"], howHeader)
	}
	if m := declaredIn.FindSubmatch(body[:min(len(body), prescan)]); m != nil {
		add(string(m[1])+string(m[2]), howMeta)
	}
	return out
}

// declaredIn finds the encoding in a <meta> or an XML declaration.
var declaredIn = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w:.]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([-\w:.]+)`)

// lookup finds an encoding by label. All of GB is read as its newest and
// largest form, whatever is declared: people's names need it.
func lookup(label string) (encoding.Encoding, string) {
	if label == "" {
		return nil, ""
	}
	enc, name := charset.Lookup(label)
	if name == "gbk" || name == "gb18030" {
		return simplifiedchinese.GB18030, "gb18030"
	}
	return enc, name
}

// fromBOM decodes by a byte order mark, and answers with no name without one.
func fromBOM(body []byte) ([]byte, string) {
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		return bytes.ToValidUTF8(body[3:], []byte("\uFFFD")), "utf-8"
	case bytes.HasPrefix(body, []byte("\xFE\xFF")):
		return convert(body[2:], unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), "utf-16be"
	case bytes.HasPrefix(body, []byte("\xFF\xFE")):
		return convert(body[2:], unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), "utf-16le"
	}
	return nil, ""
}

// unmarkedUTF16 recognises UTF-16 by the zero half of its markup.
func unmarkedUTF16(body []byte) ([]byte, string) {
	head := body[:min(len(body), prescan)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch few := len(head) / 16; {
	case zeros[0] > few && zeros[0] > 4*zeros[1]:
		return convert(body, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), "utf-16be"
	case zeros[1] > few && zeros[1] > 4*zeros[0]:
		return convert(body, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), "utf-16le"
	}
	return nil, ""
}

// guess asks statistics. The detector orders equals by chance, so its answer is
// ordered again; a Chinese encoding that fits without damage goes first, because
// these are Chinese pages.
func guess(body []byte) (encoding.Encoding, string) {
	sample := body[:min(len(body), sampleBytes)]
	results, err := chardet.NewHtmlDetector().DetectAll(sample)
	if err != nil {
		return simplifiedchinese.GB18030, "gb18030"
	}
	sort.SliceStable(results, func(i, j int) bool {
		a, b := results[i], results[j]
		if a.Confidence != b.Confidence {
			return a.Confidence > b.Confidence
		}
		return a.Charset < b.Charset
	})
	var best encoding.Encoding
	var bestName string
	for _, r := range results {
		enc, name := lookup(strings.Replace(r.Charset, "GB-18030", "gb18030", 1))
		if enc == nil {
			continue
		}
		if (name == "gb18030" || name == "big5") && !damaged(convert(sample, enc)) {
			return enc, name
		}
		if best == nil {
			best, bestName = enc, name
		}
	}
	if best == nil {
		return simplifiedchinese.GB18030, "gb18030"
	}
	return best, bestName
}

// convert decodes b; the decoders replace what they cannot read.
func convert(b []byte, enc encoding.Encoding) []byte {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return out
}
