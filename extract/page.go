package extract

import "time"

// A Page is one response, or the stated lack of one. Pages are evidence: they
// are kept as they came and never changed.
type Page struct {
	// Asked is the URL that was asked for, URL where the answer came from after
	// redirects; equal if there were none.
	Asked string `json:"asked"`
	URL   string `json:"url"`

	// Why says which want this page answers.
	Why Why `json:"why"`

	// Status is the HTTP status, 0 if there was no response.
	Status int `json:"status,omitempty"`

	// Header holds the response headers under their canonical names.
	Header map[string][]string `json:"header,omitempty"`

	// FetchedAt is the round's clock when the answer was complete; Took is
	// measured by the monotonic clock and includes no politeness wait.
	FetchedAt time.Time     `json:"fetched_at"`
	Took      time.Duration `json:"took,omitempty"`

	// Body is the whole body with its content coding removed and its charset as
	// sent. It is never a cut body: a page over the limit has a Class instead.
	// It may be nil beside its digest where a reading was taken over.
	Body []byte `json:"-"`

	// Packed is Body as it came over the wire, where it came gzipped, and
	// PackedSHA256 the digest of that: a body that comes in the same bytes again
	// need not be unpacked to be known.
	Packed       []byte `json:"-"`
	PackedSHA256 string `json:"packed_sha256,omitempty"`

	// SHA256 is the digest of Body in hexadecimal, "" without a body; BodyAt is
	// when the bytes themselves last came over the wire.
	SHA256 string    `json:"sha256,omitempty"`
	BodyAt time.Time `json:"body_at,omitzero"`

	// Class says what went wrong; empty means that a whole response arrived.
	Class Class `json:"class,omitempty"`

	// Detail is one line for people: the error text, the marker that gave a
	// block page away. It holds no more than 500 bytes.
	Detail string `json:"detail,omitempty"`

	// NotModified marks a body taken from an earlier fetch that the server just
	// confirmed with 304. Status and Header are then those of the kept answer.
	// Body may then be nil where the reading was taken over with it.
	NotModified bool `json:"not_modified,omitempty"`

	// Authority names who allowed robots.txt to be overridden for this page, ""
	// where it was followed.
	Authority string `json:"authority,omitempty"`

	// Rendered marks a body that a browser produced.
	Rendered bool `json:"rendered,omitempty"`
}

// HeaderValue returns the first value of a header under its canonical name, or
// "".
func (p Page) HeaderValue(name string) string {
	if v := p.Header[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Why is the reason a page is wanted.
type Why string

// The reasons.
const (
	WhyList    Why = "list"    // first page of a list, a feed, or a home page
	WhyNext    Why = "next"    // a later page of the same list
	WhyArticle Why = "article" // an article, for the date its list does not show
	WhyFrame   Why = "frame"   // the frame that holds the list
	WhyData    Why = "data"    // a data address behind a script
	WhySearch  Why = "search"  // a page searched for a mandated section
	WhyPart    Why = "part"    // the list of one part of a section

	// WhyPicture marks how a page looks in a browser: a PNG that belongs to the
	// evidence and answers no want.
	WhyPicture Why = "picture"
)

// A Want is a page that Read needs before it can conclude.
type Want struct {
	URL string
	Why Why

	// Render asks for the page as a browser would show it.
	Render bool
}
