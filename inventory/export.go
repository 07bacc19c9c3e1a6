package inventory

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"time"

	"xuncha/extract"
)

// exported returns the link of the newest post of what a back office gave out.
func (a *assembly) exported(d *decoder, form *submissionForm, acc Account, f File) string {
	p, _ := a.city.Platform(acc.Platform)
	if len(p.Exports) == 0 || len(p.Manner.Hosts) == 0 {
		d.report("of "+string(acc.Platform)+" it is not known what its back office gives out", "hand in a link, or the day of the latest post as posted", &form.Export)
		return ""
	}
	newest, problem := newestExported(p, acc, f, form.Date)
	if problem != "" {
		d.report("export: "+problem, "export the list anew, or hand in the link of the latest post", &form.Export)
		return ""
	}
	return a.link(d, newest, acc, &form.Export)
}

// newestExported finds the newest post of an export that was handed in on a day.
func newestExported(p PlatformProfile, acc Account, f File, day time.Time) (link, problem string) {
	body := asJSON(f.Data)
	if body == nil {
		return "", quoted(f.Name) + " is neither JSON nor lines of JSON"
	}
	address := "https://" + p.Manner.Hosts[0] + "/"
	page := extract.Page{
		Asked: address, URL: address, Why: extract.WhyList, Status: 200, Header: map[string][]string{"Content-Type": {"application/json"}},
		Body: body, FetchedAt: day.Add(24*time.Hour - time.Second),
	}
	posting := extract.Posting{Name: acc.Name, Sources: []extract.PostSource{{Kind: extract.FromPlatform, URL: address, Forms: p.Exports}}}
	if p.names(acc.UID) {
		posting.UID = acc.UID
	}
	reading, _ := extract.Read(extract.Task{Question: extract.AskPosts, URLs: []string{address}, Posting: &posting}, []extract.Page{page})
	if reading.Hindrance == extract.HindForeign {
		return "", quoted(f.Name) + " is of another account than " + acc.Code
	}
	for _, item := range extract.NewestItems(reading.Items, 1) {
		if item.Link != "" && !item.Date.IsZero() {
			return item.Link, ""
		}
	}
	return "", quoted(f.Name) + " holds no post with a link and a date, as far as is known"
}

// asJSON returns an export as one JSON value: as it is, or the values of its lines
// as an array. JSON that stands in strings is unfolded. It is nil for what is no
// JSON.
func asJSON(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	value, ok := jsonValue(data)
	if !ok {
		var lines []any
		for line := range bytes.Lines(data) {
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			one, ok := jsonValue(line)
			if !ok {
				return nil
			}
			lines = append(lines, one)
		}
		value = lines
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(unfolded(value, maxDepth)) != nil {
		return nil
	}
	return out.Bytes()
}

// unfolded puts the JSON that strings hold in their place.
func unfolded(value any, depth int) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = unfolded(inner, depth)
		}
	case []any:
		for i, inner := range v {
			v[i] = unfolded(inner, depth)
		}
	case string:
		text := strings.TrimSpace(v)
		if depth == 0 || !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
			return v
		}
		if inner, ok := jsonValue([]byte(text)); ok {
			return unfolded(inner, depth-1)
		}
	}
	return value
}

// jsonValue reads one JSON value, its numbers as they are written.
func jsonValue(data []byte) (value any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return nil, false
	}
	_, err := d.Token()
	return value, err == io.EOF
}
