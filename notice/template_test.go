package notice

import (
	"strings"
	"testing"

	"xuncha/inventory"
)

func TestTemplatesThatAreWrongSayWhere(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"an unknown key", "title: [甲]\nbodi: []\n", `unknown field "bodi"`},
		{"no title", "name: 甲\n", "templates/own.yaml: no title"},
		{"a text that is no template", "title: [甲]\nbody:\n  - text: \"{{if .City}}\"\n", "templates/own.yaml: template: body[1].text"},
		{"no YAML", "title: [甲\n", "templates/own.yaml"},
		{"too large", strings.Repeat("#", maxTemplate+1), "larger than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseTemplate("own", []byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestTemplatesThatCannotBeFilledIn(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a field that there is not", "{{.Citty}}", "body[1].text:1:2"},
		{"a setting that there is not", "{{.Set.nosuch}}", "nosuch"},
		{"no end of text", `{{range .Problems}}{{range $.Problems}}{{range $.Problems}}{{printf "%300000d" 1}}{{end}}{{end}}{{end}}`, "grows without end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t)
			tmpl, err := ParseTemplate("own", []byte("title: [甲]\nbody:\n  - text: '"+tt.body+"'\n"))
			if err != nil {
				t.Fatal(err)
			}
			in.Template = tmpl
			if _, err := New(in); err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "templates/own.yaml") {
				t.Errorf("got %v, want one about %s", err, tt.want)
			}
		})
	}
}

func TestBlocksThatSayNothingVanish(t *testing.T) {
	in := input(t)
	tmpl, err := ParseTemplate("own", []byte(`title: [甲]
body:
  - {h1: 一定有的}
  - {h2: 没有内容的。, text: "{{.Set.empty}}"}
  - {if: "{{.Set.empty}}", text: 不该出现}
  - text: |
      一行
      又一行
settings: {empty: ""}
`))
	if err != nil {
		t.Fatal(err)
	}
	in.Template = tmpl
	_, files := make1(t, in)
	contains(t, files["notice.md"], "一、一定有的", "一行又一行")
	without(t, files["notice.md"], "没有内容的", "不该出现")
}

// A template may say in which order a table names units; the city's own order of a
// table of that name comes first, and a unit that the city does not have is a
// mistake.
func TestTheOrderOfATemplate(t *testing.T) {
	in := input(t)
	parse := func(order string) *Template {
		tmpl, err := ParseTemplate("own", []byte("title: [通报]\nattachments:\n  - {name: \"1\", table: all-accounts, title: 账号, order: "+order+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		return tmpl
	}
	var units []string
	for _, u := range in.City.Units {
		units = append(units, u.Name)
	}
	first := func(city *inventory.City, tmpl *Template) string {
		mine := *city
		if err := tmpl.apply(&mine); err != nil {
			t.Fatal(err)
		}
		return strings.Join(mine.Report.Attachments[0].Order, " ")
	}
	city := *in.City
	city.Report.Attachments = []inventory.Attachment{{Name: "1"}}
	tmpl := parse("[" + units[1] + ", " + in.City.Units[0].ID + "]")
	if got, want := first(&city, tmpl), in.City.Units[1].ID+" "+in.City.Units[0].ID; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	city.Report.Attachments = []inventory.Attachment{{Name: "1", Order: []string{"czj"}}}
	if got := first(&city, tmpl); got != "czj" {
		t.Errorf("the city's own order: got %q", got)
	}
	city.Report.Attachments = nil
	for order, want := range map[string]string{"[市无此局]": "no unit", "[" + units[0] + ", " + units[0] + "]": "twice"} {
		if err := parse(order).Fits(&city); err == nil || !strings.Contains(err.Error(), "templates/own.yaml: attachments[1].order: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", order, err)
		}
	}
}
