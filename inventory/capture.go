package inventory

import (
	"cmp"
	"fmt"
	"mime"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
)

// SampleFiles returns the files of a new sample of a subject: its YAML and the
// bodies beside it, named below the city's folder. It refuses what could not be
// read back, or would not read the same.
func SampleFiles(s Subject, name string, pages []extract.Page, want extract.Reading) ([]File, error) {
	if !want.Conclusive() {
		return nil, fmt.Errorf("%s was not read to a conclusion, so there is nothing to hold on to", s.ID)
	}
	if like, _ := patternOf("stem"); !like.matches(name) {
		return nil, fmt.Errorf("%s makes no name of a sample: use %s", quoted(name), like.hint)
	}
	sample := Sample{Subject: s.ID}
	sample.File = path.Join(sample.folder(), name+yamlExt)
	for _, p := range pages {
		sample.At = laterOf(sample.At, p.FetchedAt)
	}
	sample.At = sample.At.In(extract.Beijing).Truncate(time.Second)
	files := []File{{Name: sample.File}}
	var b strings.Builder
	fmt.Fprintf(&b, "subject: %s\nfetched_at: %s\npages:\n", YAMLText(s.ID), YAMLText(sample.At.Format(time.RFC3339)))
	for i, p := range pages {
		body := ""
		if p.Body != nil {
			body = fmt.Sprintf("%s.%d%s", name, i+1, extensionOf(p))
			files = append(files, File{Name: path.Join(path.Dir(sample.File), body), Data: p.Body})
		}
		if len(p.Body) > maxCaptureBytes {
			return nil, fmt.Errorf("%s has %d bytes, more than a sample may hold (%d)", p.URL, len(p.Body), maxCaptureBytes)
		}
		b.WriteString(pageYAML(p, body))
		sample.Pages = append(sample.Pages, sample.seen(p))
	}
	b.WriteString(ExpectationYAML(want))
	files[0].Data = []byte(b.String())
	sample.Expect = expectations(want)
	if got := sample.read(s.Task); !got.OK() {
		return nil, fmt.Errorf("the pages of %s do not read the same without the hour of each fetch: %s", s.ID, got.difference())
	}
	return files, nil
}

// seen is a page as the sample gives it back.
func (s Sample) seen(p extract.Page) extract.Page {
	out := extract.Page{
		Asked: p.Asked, URL: p.URL, Why: p.Why, Status: p.Status, FetchedAt: s.At, BodyAt: s.At,
		Rendered: p.Rendered, Class: p.Class, Body: p.Body, SHA256: p.SHA256,
	}
	if kind := p.HeaderValue("Content-Type"); kind != "" {
		out.Header = map[string][]string{"Content-Type": {kind}}
	}
	return out
}

// difference says in a few words what a sample reads otherwise.
func (r Replayed) difference() string {
	var all []string
	for _, w := range r.Wants {
		all = append(all, "it wants "+w.URL)
	}
	for _, m := range r.Broken {
		all = append(all, fmt.Sprintf("%s is %s and not %s", m.Key, quoted(m.Got), quoted(m.Want)))
	}
	return strings.Join(all, ", ")
}

// pageYAML is one page of a sample as it is written; what goes without saying is
// left out.
func pageYAML(p extract.Page, body string) string {
	var b strings.Builder
	mark := "  - "
	add := func(key, value string, said bool) {
		if said {
			b.WriteString(mark + key + ": " + value + "\n")
			mark = "    "
		}
	}
	kind := p.HeaderValue("Content-Type")
	add("url", YAMLText(cmp.Or(p.URL, p.Asked)), true)
	add("asked", YAMLText(p.Asked), p.Asked != p.URL && p.URL != "")
	add("why", string(p.Why), p.Why != extract.WhyList)
	add("status", strconv.Itoa(p.Status), p.Status != 200 && p.Status != 0)
	add("class", YAMLText(string(p.Class)), p.Class != "")
	add("content_type", YAMLText(kind), kind != "")
	add("file", YAMLText(body), body != "")
	add("rendered", "true", p.Rendered)
	return b.String()
}

// extensionOf is how the file of a body ends, so that people can open it.
func extensionOf(p extract.Page) string {
	kind, _, err := mime.ParseMediaType(p.HeaderValue("Content-Type"))
	switch {
	case err != nil:
		return ".html"
	case strings.HasSuffix(kind, "json"):
		return ".json"
	case strings.HasSuffix(kind, "xml") && kind != "application/xhtml+xml":
		return ".xml"
	}
	return ".html"
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// plainYAML are texts that need no quotes in YAML: no sign of its syntax, and
// nothing that could be taken for a number, a date or a truth value.
var plainYAML = regexp.MustCompile(`^\.?[A-Za-z\p{Han}](?:[A-Za-z\p{Han}0-9 ._/>+~()-]*[A-Za-z\p{Han}0-9)])?$|^https?://[A-Za-z0-9._~/?&=%:+-]*[A-Za-z0-9/]$|^/[A-Za-z0-9._~/-]*$`)

// yamlWords are plain texts that YAML takes for something else.
var yamlWords = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n|\.inf|\.nan)$`)

// YAMLText writes a text as a value of YAML: plain where nothing can go wrong, else in
// double quotes.
func YAMLText(s string) string {
	if plainYAML.MatchString(s) && !yamlWords.MatchString(s) && !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
