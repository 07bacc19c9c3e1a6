package notice

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
)

// ErrNotMade marks a file that does not say what it was made from.
var ErrNotMade = errors.New("the file does not say what it was made from")

// maxProperties bounds what is read of a file's properties.
const maxProperties = 1 << 20

// ReadMade reads out of a notice.docx, a notice.html or a summary.json what it
// was made from, or returns ErrNotMade.
func ReadMade(data []byte) (Made, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK")):
		return madeOfDOCX(data)
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")):
		return madeOfJSON(data)
	}
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`<meta name="([^"]{1,100})" content="([^"]{0,1000})">`).FindAllSubmatch(data, 200) {
		found[html.UnescapeString(string(m[1]))] = html.UnescapeString(string(m[2]))
	}
	if m, ok := madeOf(found); ok {
		return m, nil
	}
	return Made{}, ErrNotMade
}

func madeOfJSON(data []byte) (Made, error) {
	var s struct {
		MadeFrom *Made `json:"made_from"`
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return Made{}, fmt.Errorf("%w: %w", ErrNotMade, err)
	}
	if s.MadeFrom == nil || s.MadeFrom.Format == "" {
		return Made{}, ErrNotMade
	}
	return *s.MadeFrom, nil
}

func madeOfDOCX(data []byte) (Made, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Made{}, fmt.Errorf("%w: %w", ErrNotMade, err)
	}
	f, err := z.Open("docProps/custom.xml")
	if err != nil {
		return Made{}, ErrNotMade
	}
	defer f.Close()
	var custom struct {
		Properties []struct {
			Name  string `xml:"name,attr"`
			Value string `xml:",any"`
		} `xml:"property"`
	}
	if err := xml.NewDecoder(io.LimitReader(f, maxProperties)).Decode(&custom); err != nil {
		return Made{}, fmt.Errorf("%w: %w", ErrNotMade, err)
	}
	found := map[string]string{}
	for _, p := range custom.Properties {
		found[p.Name] = p.Value
	}
	if m, ok := madeOf(found); ok {
		return m, nil
	}
	return Made{}, ErrNotMade
}
