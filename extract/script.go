package extract

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// strongScripts are parts of systems that fill every list by script.
var strongScripts = []string{
	"unitbuild", "build/unit", "querydata", `type="text/xml"`, "type='text/xml'", "dataproxy.jsp", "jpage", "<datastore", "datasource:",
	"messagecontroller/getmessage", "_isagg=", "__initial_state__", "webpackjsonp",
}

// likelyScripts fill something on a page; that it is the list shows only where
// they stand beside it or name it.
var likelyScripts = []string{
	"template(", "new vue", "createapp(", "reactdom", "juicer(", "laypage", "$.ajax", "$.getjson", "$.post(", "$.get(",
	"xmlhttprequest", "axios", "fetch(", ".load(", ".html(", ".append(", "innerhtml", "document.write",
}

// templates are marks that a script replaces by the items.
var templates = []string{"{{", "<%=", "v-for=", "ng-repeat", `id="app"`, `id='app'`}

// loading is what a box shows until its script has filled it.
var loading = []string{"加载中", "正在加载", "载入中", "loading", "请稍候", "请稍后"}

// shell returns what gives the page away as one that scripts fill, "" if
// nothing does.
func (d *document) shell(s sketch) string {
	lower := bytes.ToLower(d.text)
	if found := firstIn(lower, strongScripts); found != "" {
		return found
	}
	for n := range d.root.Descendants() {
		switch id := attr(n, "id"); id {
		case "app", "root", "__next", "__nuxt":
			if len(pieces(n, nil)) == 0 && !hasLink(n) {
				return fmt.Sprintf("id=%q around nothing", id)
			}
		}
	}
	if s.runes < 200 && s.links < 5 {
		if found := firstIn(lower, templates); found != "" {
			return found
		}
	}
	if s.runes < 20 && s.links == 0 && d.scripted() {
		return "<script> and nothing to see"
	}
	return ""
}

// filler returns what gives an empty container away as one that a script fills.
// It is generous: without it a list that we cannot see would be called empty.
func (d *document) filler(boxes []*html.Node) string {
	lower := bytes.ToLower(d.text)
	if found := firstIn(lower, strongScripts); found != "" {
		return found
	}
	if found := firstIn(lower, templates); found != "" {
		return found
	}
	for _, box := range boxes {
		if found := firstIn([]byte(strings.ToLower(textOf(box))), loading); found != "" {
			return found
		}
		for n := range box.Descendants() {
			if n.DataAtom == atom.Script {
				return "<script> inside the list"
			}
		}
		if found := d.fills(box); found != "" {
			return found
		}
	}
	return ""
}

// scripted reports whether a page runs any script at all: a bare list on such a
// page may be filled by it, whatever the script looks like.
func (d *document) scripted() bool {
	for n := range d.root.Descendants() {
		if n.DataAtom == atom.Script && !strings.Contains(attr(n, "type"), "json") {
			return true
		}
	}
	return false
}

// fills looks for an inline script that names the box or stands beside it and
// loads something.
func (d *document) fills(box *html.Node) string {
	names := handles(box)
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Script || n.FirstChild == nil {
			continue
		}
		source := cut(n.FirstChild.Data, maxTextNode)
		found := firstIn([]byte(strings.ToLower(source)), likelyScripts)
		if found == "" {
			continue
		}
		if beside(n, box) {
			return found + " in a script beside the list"
		}
		for _, name := range names {
			if strings.Contains(source, name) {
				return found + " in a script that names " + name
			}
		}
	}
	return ""
}

// handles returns how scripts would name the box.
func handles(box *html.Node) []string {
	var out []string
	if id := attr(box, "id"); id != "" {
		out = append(out, "#"+id, `"`+id+`"`, "'"+id+"'")
	}
	for _, c := range strings.Fields(attr(box, "class")) {
		if len(c) > 3 {
			out = append(out, "."+c+`"`, "."+c+"'", "."+c+" ")
		}
	}
	return out
}

// beside reports whether a script stands within two levels of the box.
func beside(script, box *html.Node) bool {
	top := box
	for range 2 {
		if top.Parent != nil && top.Parent.DataAtom != atom.Body && top.Parent.DataAtom != atom.Html {
			top = top.Parent
		}
	}
	return script.Parent != nil && (script.Parent == top.Parent || within(script, top))
}

// firstIn returns the first of words that text holds.
func firstIn(text []byte, words []string) string {
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) {
			return w
		}
	}
	return ""
}
