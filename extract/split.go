package extract

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Blocks of one shape are one list only where nothing tells them apart: the tabs
// of a page and the block 相关 below a list are often made as the list is.

// A strand is rows of a cluster that belong together.
type strand struct {
	rows    []int // indices
	folders map[string]bool
	other   bool // words above it name another block
	own     bool // it bears a name of its own
}

// maxBlocks bounds the containers of one cluster that are told apart.
const maxBlocks = 40

// split takes a cluster apart by the containers of its rows, where these are
// called differently or lead to different folders.
func (s *scene) split(cl *cluster) []*cluster {
	if len(cl.rows) < 4 || len(cl.bare) > 0 || cl.beside != "" {
		return []*cluster{cl}
	}
	boxes := make(map[*html.Node]bool)
	for _, n := range cl.rows {
		boxes[n.Parent] = true
	}
	if len(boxes) < 2 || len(boxes) > maxBlocks {
		return []*cluster{cl}
	}
	blocks := s.blocks(cl)
	var strands []strand
	named := 0
	for _, b := range blocks {
		if b.own {
			named++
		}
		at := -1
		for i, st := range strands {
			if st.other == b.other && st.meets(b) {
				at = i
				break
			}
		}
		if at < 0 {
			strands = append(strands, b)
			continue
		}
		strands[at].rows = append(strands[at].rows, b.rows...)
		for f := range b.folders {
			strands[at].folders[f] = true
		}
	}
	if len(strands) < 2 || named >= severalBlocks && !s.strays(strands) {
		return []*cluster{cl}
	}
	var out []*cluster
	for _, st := range strands {
		out = append(out, cl.part(st.rows))
	}
	return out
}

// strays reports whether some blocks lead below the page's own folder and others
// do not: the news beside the columns of a section is none of them.
func (s *scene) strays(all []strand) bool {
	if strings.Count(s.folder, "/") < 2 {
		return false // everything is below the root
	}
	below, apart := false, false
	for _, st := range all {
		for f := range st.folders {
			within := strings.HasPrefix(f, s.folder)
			below, apart = below || within, apart || !within
		}
	}
	return below && apart
}

// blocks are the rows of each container. Containers of one row are no blocks,
// and belong to whichever was before.
func (s *scene) blocks(cl *cluster) []strand {
	var out []strand
	at := make(map[*html.Node]int)
	count := make(map[*html.Node]int)
	for _, n := range cl.rows {
		count[n.Parent]++
	}
	for i, n := range cl.rows {
		j, known := at[n.Parent]
		switch {
		case known:
		case count[n.Parent] < 2 && len(out) > 0:
			j = len(out) - 1
		default:
			j = len(out)
			at[n.Parent] = j
			h, _ := s.heading(n)
			out = append(out, strand{folders: make(map[string]bool), other: h >= headForeign, own: h > headColumn && h != headFar})
		}
		out[j].rows = append(out[j].rows, i)
		if f := s.columnFolder(n); f != "" {
			out[j].folders[f] = true
		}
	}
	return out
}

// meets reports whether two blocks lead to a folder in common, or either leads
// nowhere.
func (a strand) meets(b strand) bool {
	if len(a.folders) == 0 || len(b.folders) == 0 {
		return true
	}
	for f := range b.folders {
		if a.folders[f] {
			return true
		}
	}
	return false
}

// datedFolder is a folder that systems make for a year, a month or a day.
var datedFolder = regexp.MustCompile(`/(?:(?:19|20)\d{2}(?:-?\d{2}){0,2}|\d{1,2})(/|$)`)

// columnFolder is where the link of a row leads, without folders made for time.
func (s *scene) columnFolder(row *html.Node) string {
	a := linkOf(row)
	to := s.d.resolve(attr(a, "href"))
	u, err := url.Parse(to)
	if err != nil || to == "" {
		return ""
	}
	path := folder(u)
	for {
		loc := datedFolder.FindStringIndex(path)
		if loc == nil || !strings.HasPrefix(path[loc[0]:], "/") {
			return path
		}
		path = path[:loc[0]] + "/" + strings.TrimPrefix(path[loc[1]:], "/")
		if path[len(path)-1] == '/' && loc[1] >= len(path)+2 {
			return path
		}
	}
}

// part is a cluster of some of the rows.
func (cl *cluster) part(rows []int) *cluster {
	out := &cluster{parent: cl.parent, tag: cl.tag, beside: cl.beside}
	for _, i := range rows {
		out.rows, out.dates = append(out.rows, cl.rows[i]), append(out.dates, cl.dates[i])
		out.runes += len([]rune(titleOf(linkOf(cl.rows[i]))))
	}
	if 2*cl.many >= len(cl.rows) {
		out.many = len(out.rows)
	}
	return out
}
