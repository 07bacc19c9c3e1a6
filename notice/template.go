package notice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/goccy/go-yaml"

	"xuncha/internal/gongwen"
	"xuncha/inventory"
)

// A Template is how an office words a document: a YAML file whose texts are
// templates of Go's text/template over [Fields]. docs/templates.md describes both.
type Template struct {
	Name string `yaml:"name"` // for people

	// Paper is the paper it is for, "" for the notice.
	Paper string `yaml:"paper"`

	// Decimals of rates; nil for those of city.yaml.
	Decimals *int `yaml:"decimals"`

	// DueDays are the days from the notice's day until units report.
	DueDays int `yaml:"due_days"`

	// Wide lays the pages on their side, for a table of many columns.
	Wide bool `yaml:"wide"`

	Head      headForm    `yaml:"head"` // the red head, shown where there is a number
	Title     []string    `yaml:"title"`
	To        string      `yaml:"to"`
	Body      []blockForm `yaml:"body"`
	Signature string      `yaml:"signature"`
	Note      string      `yaml:"note"`
	Imprint   imprintForm `yaml:"imprint"`

	// Attachments take the place of city.yaml's, if there are any.
	Attachments []attachmentForm `yaml:"attachments"`

	// Bodies are the short names of other bodies: 山西省人民政府办公厅: 省政府.
	Bodies map[string]string `yaml:"bodies"`

	// Settings are the office's own words, as its address.
	Settings map[string]string `yaml:"settings"`

	// Responsible names the person of each unit, by the unit's ID, that ledgers
	// print.
	Responsible map[string]string `yaml:"responsible"`

	id     string
	digest string
}

type headForm struct {
	Issuer string `yaml:"issuer"`
}

type imprintForm struct {
	CopyTo    string `yaml:"copy_to"`
	PrintedBy string `yaml:"printed_by"`
}

// A blockForm is a heading, a paragraph, both in one line, or the paper's table.
// It vanishes where its text comes to nothing, or its condition does.
type blockForm struct {
	If    string `yaml:"if"`
	H1    string `yaml:"h1"`
	H2    string `yaml:"h2"`
	H3    string `yaml:"h3"`
	Text  string `yaml:"text"`
	Table bool   `yaml:"table"`
}

type attachmentForm struct {
	Name      string          `yaml:"name"`
	Title     string          `yaml:"title"`
	Table     inventory.Table `yaml:"table"`
	Indicator string          `yaml:"indicator"`
	DateStyle string          `yaml:"date_style"`

	// Order are the units that the table prints first, by any of their names, where
	// the city's table of the same name has no order.
	Order []string `yaml:"order"`
}

// maxTemplate bounds a template's file.
const maxTemplate = 1 << 20

// ParseTemplate reads a template by its file stem. Unknown keys and texts that
// are no templates are errors.
func ParseTemplate(id string, data []byte) (*Template, error) {
	if len(data) > maxTemplate {
		return nil, fmt.Errorf("templates/%s.yaml: larger than %d bytes", id, maxTemplate)
	}
	sum := sha256.Sum256(data)
	t := &Template{id: id, digest: hex.EncodeToString(sum[:])}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(t); err != nil {
		return nil, fmt.Errorf("templates/%s.yaml: %s", id, strings.TrimSpace(err.Error()))
	}
	if len(t.Title) == 0 {
		return nil, fmt.Errorf("templates/%s.yaml: no title", id)
	}
	var errs []error
	for _, text := range t.texts() {
		if _, err := parse(text.where, text.text); err != nil {
			errs = append(errs, fmt.Errorf("templates/%s.yaml: %w", id, err))
		}
	}
	return t, errors.Join(errs...)
}

// A placed text is a text of a template with where it stands.
type placed struct{ where, text string }

func (t *Template) texts() []placed {
	out := []placed{{"to", t.To}, {"signature", t.Signature}, {"note", t.Note}, {"head.issuer", t.Head.Issuer},
		{"imprint.copy_to", t.Imprint.CopyTo}, {"imprint.printed_by", t.Imprint.PrintedBy}}
	for i, line := range t.Title {
		out = append(out, placed{fmt.Sprintf("title[%d]", i+1), line})
	}
	for i, b := range t.Body {
		at := fmt.Sprintf("body[%d]", i+1)
		out = append(out, placed{at + ".if", b.If}, placed{at + ".h1", b.H1}, placed{at + ".h2", b.H2}, placed{at + ".h3", b.H3}, placed{at + ".text", b.Text})
	}
	return out
}

// ID names the template by its file.
func (t *Template) ID() string { return t.id }

// apply lets the template have its say about the tables of a notice. A unit in an
// order that the city does not have is an error: its rows would stand elsewhere.
func (t *Template) apply(city *inventory.City) error {
	if t.Decimals != nil {
		city.Report.Decimals = *t.Decimals
	}
	if len(t.Attachments) == 0 {
		return nil
	}
	own := city.Report.Attachments
	city.Report.Attachments = nil
	for i, a := range t.Attachments {
		order, err := a.order(city, own)
		if err != nil {
			return fmt.Errorf("templates/%s.yaml: attachments[%d].order: %w", t.id, i+1, err)
		}
		city.Report.Attachments = append(city.Report.Attachments, inventory.Attachment{
			Name: a.Name, Title: a.Title, Table: a.Table, Indicator: a.Indicator, DateStyle: a.DateStyle, Order: order,
		})
	}
	return nil
}

// order is the order of units of a table: the city's own or, where it gives none,
// the template's.
func (a attachmentForm) order(city *inventory.City, own []inventory.Attachment) ([]string, error) {
	for _, o := range own {
		if o.Name == a.Name && len(o.Order) > 0 {
			return o.Order, nil
		}
	}
	var ids []string
	for _, name := range a.Order {
		i := slices.IndexFunc(city.Units, func(u inventory.Unit) bool {
			return u.ID == name || u.Name == name || u.FullName == name || slices.Contains(u.Aliases, name)
		})
		switch {
		case i < 0:
			return nil, fmt.Errorf("no unit %q; write its ID or name as in units.yaml", name)
		case slices.Contains(ids, city.Units[i].ID):
			return nil, fmt.Errorf("%s stands in the order twice; take one away", name)
		}
		ids = append(ids, city.Units[i].ID)
	}
	return ids, nil
}

// Fits reports whether a city has all that the template names.
func (t *Template) Fits(city *inventory.City) error {
	mine := *city
	return t.apply(&mine)
}

// body is the name of another body as the office says it.
func (t *Template) body(name string) string {
	if short := t.Bodies[name]; short != "" {
		return short
	}
	return name
}

func parse(where, text string) (*template.Template, error) {
	return template.New(where).Option("missingkey=error").Parse(text)
}

// maxText bounds what a text may come to.
const maxText = 1 << 20

// A filler fills templates in and gathers what is wrong with them.
type filler struct {
	fields Fields
	file   string
	errs   []error
}

// text fills a text in. Its lines, which YAML wants short, become one.
func (f *filler) text(where, text string) string {
	if text == "" {
		return ""
	}
	t, err := parse(where, text)
	if err != nil {
		f.errs = append(f.errs, fmt.Errorf("%s: %w", f.file, err))
		return ""
	}
	var b bounded
	if err := t.Execute(&b, f.fields); err != nil {
		f.errs = append(f.errs, fmt.Errorf("%s: %w", f.file, err))
		return ""
	}
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimSpace(line))
	}
	return out.String()
}

// A bounded buffer takes no more than maxText.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, errors.New("the text grows without end")
	}
	return b.Builder.Write(p)
}

// blocks fills a body in; table stands where the template puts it.
func (f *filler) blocks(forms []blockForm, table []gongwen.Block) []gongwen.Block {
	var out []gongwen.Block
	for i, form := range forms {
		at := fmt.Sprintf("body[%d]", i+1)
		if form.If != "" && f.text(at+".if", form.If) == "" {
			continue
		}
		if form.Table {
			out = append(out, table...)
			continue
		}
		text := f.text(at+".text", form.Text)
		level, heading := 0, ""
		for n, h := range []string{form.H1, form.H2, form.H3} {
			if h != "" {
				level, heading = n+1, f.text(at+fmt.Sprintf(".h%d", n+1), h)
			}
		}
		switch {
		case heading != "" && (text != "" || form.Text == ""):
			out = append(out, gongwen.Heading{Level: level, Text: heading, Body: text})
		case heading == "" && text != "":
			out = append(out, gongwen.Text(text))
		}
	}
	return out
}

// document fills in everything around a body.
func (f *filler) document(t *Template, in Input) gongwen.Document {
	d := gongwen.Document{Wide: t.Wide, To: f.text("to", t.To), Note: f.text("note", t.Note)}
	for i, line := range t.Title {
		if text := f.text(fmt.Sprintf("title[%d]", i+1), line); text != "" {
			d.Title = append(d.Title, text)
		}
	}
	if issuer := f.text("signature", t.Signature); issuer != "" {
		d.Signature = &gongwen.Signature{Issuer: issuer, Date: in.Date}
	}
	if issuer := f.text("head.issuer", t.Head.Issuer); issuer != "" && in.Number != "" {
		d.Head = &gongwen.Head{Issuer: issuer, Number: in.Number}
		if by := f.text("imprint.printed_by", t.Imprint.PrintedBy); by != "" {
			d.Imprint = &gongwen.Imprint{CopyTo: f.text("imprint.copy_to", t.Imprint.CopyTo), PrintedBy: by, PrintedOn: in.Date}
		}
	}
	return d
}
