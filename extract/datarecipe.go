package extract

import (
	"errors"
	"strings"
)

// listed reports whether a source is a list interface.
func (s Source) listed() bool { return s == SourceJSON || s == SourceXML }

// compileData makes the paths of a recipe for JSON or XML ready. With markup the
// other fields select in the HTML; only the total is still in the data.
func (c *recipe) compileData(r Recipe, wrong func(name, value string, err error)) {
	var err error
	if r.Last != "" && !strings.HasPrefix(strings.TrimSpace(r.Last), reMark) {
		c.total, err = parseTotal(r.Last)
		wrong("last", r.Last, err)
	}
	switch {
	case r.Markup != "":
		c.markup, err = parsePath(r.Markup)
		if err == nil && r.Source == SourceXML && len(c.markup) != 1 {
			err = errors.New(`is no name of an element; write "record"`)
		}
		wrong("markup", r.Markup, err)
	case r.List != "":
		c.compileRows(r, wrong)
	default:
		for _, f := range []struct{ name, value string }{{"title", r.Title}, {"link", r.Link}, {"date", r.Date}} {
			if f.value != "" {
				wrong(f.name, f.value, errors.New("stands without list; name the path of the rows too"))
			}
		}
	}
	if r.Markup == "" && r.Item != "" {
		wrong("item", r.Item, errors.New("is not used here; list is the path of the rows"))
	}
	if r.Markup == "" && r.Empty != "" {
		wrong("empty", r.Empty, errors.New("is not used here; a list interface states a total of 0"))
	}
}

// compileRows makes the paths of rows ready.
func (c *recipe) compileRows(r Recipe, wrong func(name, value string, err error)) {
	c.rows = &rowRule{}
	var err error
	c.rows.list, err = parsePath(r.List)
	wrong("list", r.List, err)
	if r.Title == "" {
		wrong("list", r.List, errors.New("stands without title; name the path of the title within a row"))
	} else {
		c.rows.title, err = parseCell(r.Title)
		wrong("title", r.Title, err)
	}
	if r.Date != "" {
		c.rows.date, err = parseCell(r.Date)
		wrong("date", r.Date, err)
	}
	if r.Link != "" {
		c.rows.link, err = parseLinkCell(r.Link)
		wrong("link", r.Link, err)
	}
}

// withoutPaths returns what of a recipe for JSON or XML is compiled as that of a
// page: all but the paths.
func (r Recipe) withoutPaths() Recipe {
	if r.Markup == "" {
		r.List, r.Item, r.Title, r.Link, r.Date, r.Empty = "", "", "", "", "", ""
	}
	if !strings.HasPrefix(strings.TrimSpace(r.Last), reMark) {
		r.Last = ""
	}
	return r
}
