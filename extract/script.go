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
		return nothingToSee
	}
	return ""
}

// nothingToSee gives a shell away that is told by nothing else.
const nothingToSee = "<script> and nothing to see"

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
	loaders := d.loaders()
	for _, box := range boxes[:min(len(boxes), maxBoxes)] {
		if found := firstIn([]byte(strings.ToLower(textOf(box))), loading); found != "" {
			return found
		}
		if firstElement(box, atom.Script) != nil {
			return "<script> inside the list"
		}
		if found := fills(loaders, box); found != "" {
			return found
		}
	}
	if len(boxes) > maxBoxes && len(loaders) > 0 {
		return loaders[0].found + " in a script on a page of many lists"
	}
	return ""
}

// maxBoxes and maxHandles bound what is compared with every script of a page.
const (
	maxBoxes   = 64
	maxHandles = 32
)

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

// A loader is an inline script that loads something.
type loader struct {
	node   *html.Node
	source string
	found  string // what gives it away
}

// maxLoaders bounds the loaders of a page that are looked at.
const maxLoaders = 200

// loaders returns the page's inline scripts that load something.
func (d *document) loaders() []loader {
	var out []loader
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Script || n.FirstChild == nil {
			continue
		}
		source := cut(n.FirstChild.Data, maxTextNode)
		if found := firstIn([]byte(strings.ToLower(source)), likelyScripts); found != "" {
			out = append(out, loader{n, source, found})
		}
		if len(out) == maxLoaders {
			break
		}
	}
	return out
}

// fills looks for a loader that names the box or stands beside it. Where there
// are more than anybody reads, the first of them is taken to be it.
func fills(loaders []loader, box *html.Node) string {
	if len(loaders) == maxLoaders {
		return loaders[0].found + " in one of many scripts"
	}
	names := handles(box)
	for _, l := range loaders {
		if beside(l.node, box) {
			return l.found + " in a script beside the list"
		}
		for _, name := range names {
			if strings.Contains(l.source, name) {
				return l.found + " in a script that names " + name
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
		if len(c) > 3 && len(out) < maxHandles {
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
