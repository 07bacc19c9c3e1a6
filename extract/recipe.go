package extract

// A Recipe says how to read one list. The zero value of a field inherits from
// the CMS profile of the carrier; see inventory. Selectors are CSS, or XPath
// where they begin with "/", "./" or "(".
//
// A field selector may end in "@name" to take an attribute instead of the text,
// and in " =~ regexp" to keep only the first group (or the whole match):
//
//	date: "a@title =~ (\\d{4}-\\d{2}-\\d{2})"
type Recipe struct {
	// Source is what kind of document the list is; empty means html.
	Source Source `yaml:"source,omitempty" json:"source,omitempty"`

	// Data is the address of the list's own data, where the page itself holds
	// none: relative to the page and on one of the task's hosts, with {1}, {2} …
	// for the groups of the regexp that follows " =~ ". That is matched against
	// the page's address as the task spells it, a line break, and the page's
	// source; a group that is an object becomes the parameters it stands for.
	// Source is then the kind of document the data come in.
	//
	//	data: "/api/all/{1}?page=1&sid={2} =~ cat: (\\d+)[^}]*SID: '(\\d+)'"
	Data string `yaml:"data,omitempty" json:"data,omitempty"`

	// Markup says where JSON or XML holds its rows as HTML: the path of a JSON
	// string ("data.html"), or the name of the XML elements ("record"). The
	// other fields then select in that HTML, all but Last.
	Markup string `yaml:"markup,omitempty" json:"markup,omitempty"`

	// List selects the container. If it matches several elements, all of them
	// are the list. Empty means the whole document.
	List string `yaml:"list,omitempty" json:"list,omitempty"`

	// Item selects the rows inside the container. Rows without a link or a
	// title are separators and are left out. Empty means whichever of li, tr,
	// dd, p and a holds links first; a recipe without List must name it.
	Item string `yaml:"item,omitempty" json:"item,omitempty"`

	// Title and Link default to the row's first link. Date defaults to the
	// row's text without its title. If a date selector matches several elements
	// of a row (day and month apart), their texts are read together.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
	Link  string `yaml:"link,omitempty" json:"link,omitempty"`
	Date  string `yaml:"date,omitempty" json:"date,omitempty"`

	// DateFormat is a Go layout for dates no general form covers, or for the
	// ambiguous ones: "01-02", "02/01/2006".
	DateFormat string `yaml:"date_format,omitempty" json:"date_format,omitempty"`

	// Empty is a text, or a field selector with a text after " =~ ", that a
	// truly empty list shows. Without it an empty container is not believed to
	// be a blank list unless the container itself was found by List.
	Empty string `yaml:"empty,omitempty" json:"empty,omitempty"`

	// Next says how to reach the next page: a selector of its link, or the
	// pattern of its address relative to the first page, with {n} for the page
	// number (2, 3 …) or {n-1} for zero-based names: "index_{n-1}.shtml". A
	// pattern "&page={n}" sets a parameter of the first page's address. A regexp
	// that follows " =~ " finds in the first page what {1}, {2} … stand for.
	Next string `yaml:"next,omitempty" json:"next,omitempty"`

	// Last selects an element (or names a script pattern by " =~ ") that holds
	// the number of pages. In JSON and XML it is the path of that number, or of
	// the number of rows by how many a page holds: "data.total / 15". Without it a
	// pattern is followed until a page is gone, repeats the one before, or holds
	// no items.
	Last string `yaml:"last,omitempty" json:"last,omitempty"`

	// Name selects the shown name of an account; for feeds it defaults to the
	// channel's title.
	Name string `yaml:"name,omitempty" json:"name,omitempty"`
}

// Source is the kind of document a list comes in.
type Source string

// The sources.
const (
	SourceHTML Source = "html"
	SourceFeed Source = "feed" // RSS, Atom, JSON Feed

	// SourceJSON and SourceXML are answers of list interfaces. Without Markup,
	// List is the path of the array of rows, or of the row elements below the
	// root, and Title, Link and Date are paths within a row, each with " =~ regexp"
	// where only a part is meant; Link may also be an address with {path} in it. A
	// path is names joined by dots; "." is the answer itself. Without List as well
	// the list is found by the names and the look of its members.
	//
	// An answer without rows is an empty list only if it states a total of 0 and
	// no failure.
	SourceJSON Source = "json"
	SourceXML  Source = "xml"
)

// Over returns r with every unset field taken from base, so that a column says
// only what differs from its carrier's CMS profile.
func (r Recipe) Over(base Recipe) Recipe {
	for _, f := range []struct{ to, from *string }{
		{&r.List, &base.List}, {&r.Item, &base.Item}, {&r.Title, &base.Title}, {&r.Link, &base.Link},
		{&r.Date, &base.Date}, {&r.DateFormat, &base.DateFormat}, {&r.Empty, &base.Empty},
		{&r.Next, &base.Next}, {&r.Last, &base.Last}, {&r.Name, &base.Name},
		{&r.Data, &base.Data}, {&r.Markup, &base.Markup},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if r.Source == "" {
		r.Source = base.Source
	}
	return r
}
