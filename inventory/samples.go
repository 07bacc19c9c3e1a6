package inventory

import (
	"io/fs"
	"path"
	"strings"
	"time"

	"xuncha/extract"
)

// A Sample is what was once seen of a subject, or of a page that a CMS profile
// reads, with the reading it must give for ever: a recipe is changed only where
// its samples still hold. Samples are no part of a city's Files, so no round
// keeps them and no digest depends on them.
type Sample struct {
	File string // "samples/fgw/tzgg/2023-09-27.yaml"

	// One of the two is given: the ID of a subject, or the name of a profile.
	Subject string
	Profile string

	// At is when the pages were fetched, all of them.
	At time.Time

	// Pages are as they came, in the order they were asked.
	Pages []extract.Page

	// Expect is what the reading must say. What it does not name may change.
	Expect []Expectation

	bodies []string // names of the files beside File
	at     mark     // of the subject or the profile, in File
	shared bool     // comes from the folder that cities share
}

// An Expectation is one thing that a reading says.
type Expectation struct {
	Key   string // as the file names it: "newest"
	Value string // "2023-08-23"

	at mark
}

// sampleForm is a sample as it is written.
type sampleForm struct {
	Subject string       `yaml:"subject" doc:"ID of what was looked at: fgw/tzgg"`
	Profile string       `yaml:"profile" like:"stem" doc:"a file of cms/, without .yaml, one of whose list forms reads the pages"`
	At      string       `yaml:"fetched_at" need:"yes" like:"moment" doc:"when the pages were fetched"`
	Pages   []samplePage `yaml:"pages" need:"yes" doc:"the pages, in the order they were asked"`
	Expect  expectForm   `yaml:"expect" need:"yes" doc:"what the reading must say; a key left out may change"`
}

// samplePage is one page of a sample. What a list page with status 200 says is
// left out.
type samplePage struct {
	URL         string        `yaml:"url" need:"yes" doc:"where the answer came from"`
	Asked       string        `yaml:"asked" doc:"the address that was asked for; default url"`
	Why         extract.Why   `yaml:"why" doc:"what it was asked for; default list"`
	Status      int           `yaml:"status" range:"100 999" doc:"HTTP status; default 200"`
	ContentType string        `yaml:"content_type" doc:"the response header"`
	File        string        `yaml:"file" like:"sample-file" doc:"the body as it was received, beside this file"`
	Rendered    bool          `yaml:"rendered" doc:"a browser made the body"`
	Class       extract.Class `yaml:"class" doc:"what went wrong, where no page came"`
}

// expectForm is an expected reading as it is written.
type expectForm struct {
	Outcome extract.Outcome `yaml:"outcome" need:"yes" doc:"what the reading concludes"`
	Reason  extract.Reason  `yaml:"reason" doc:"of unread"`
	Newest  time.Time       `yaml:"newest" doc:"day of the newest date"`
	Title   string          `yaml:"newest_title" doc:"title of the newest item"`
	Items   int             `yaml:"items" range:"0 2000" doc:"how many items"`
	Dated   int             `yaml:"dated" range:"0 2000" doc:"how many of them with a date"`
	Method  string          `yaml:"method" doc:"how it was read: recipe, cms:trs, induced"`
}

// ReadSamples returns the samples of a city, by file: those of its own folder,
// and those of the shared folder for the CMS profiles that the city does not
// have itself. Shared may be nil. Mistakes are of type [Errors].
func ReadSamples(city, shared fs.FS) ([]Sample, error) {
	r := &sampleReader{fsys: city}
	r.tree(samplesDir)
	r.tree(path.Join(cmsDir, samplesDir))
	if shared != nil {
		r.fsys, r.shared = shared, true
		r.own = ownProfiles(city)
		r.tree(path.Join(cmsDir, samplesDir))
	}
	if len(r.problems) > 0 {
		r.problems.sort()
		return nil, r.problems
	}
	return r.samples, nil
}

// ownProfiles are the CMS profiles that a city has itself: what others keep of
// a profile of that name says nothing about its own.
func ownProfiles(city fs.FS) map[string]bool {
	own := map[string]bool{}
	entries, err := fs.ReadDir(city, cmsDir)
	if err != nil {
		return own // no folder, no profiles
	}
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) == yamlExt {
			own[stem(e.Name())] = true
		}
	}
	return own
}

// sample makes a sample of its file and the bodies beside it.
func (r *sampleReader) sample(name string, data []byte, beside map[string]bool) {
	form, d := &sampleForm{}, newDecoder(name)
	d.decode(File{Name: name, Data: data}, form)
	s := Sample{File: name, Subject: form.Subject, Profile: form.Profile, shared: r.shared}
	switch {
	case d.broken:
	case (form.Subject == "") == (form.Profile == "") && d.has(form):
		d.report("a sample is of a subject or of a profile", "name one of the two", &form.Subject, form)
	default:
		s.at = d.places[&form.Subject]
		if form.Profile != "" {
			s.at = d.places[&form.Profile]
		}
		r.placed(d, s, form)
	}
	if at, err := time.Parse(time.RFC3339, form.At); err == nil {
		s.At = at.In(extract.Beijing)
	} else if form.At != "" {
		d.report(quoted(form.At)+" is no moment", momentHint, &form.At)
	}
	for i := range form.Pages {
		s.Pages = append(s.Pages, r.page(d, s, &form.Pages[i], beside))
		if form.Pages[i].File != "" {
			s.bodies = append(s.bodies, form.Pages[i].File)
		}
	}
	if len(form.Pages) == 0 && d.has(&form.Pages) {
		d.report("pages is an empty list", "a reading rests on at least one page", &form.Pages)
	}
	s.Expect = expected(d, &form.Expect)
	r.problems = append(r.problems, d.problems...)
	r.samples = append(r.samples, s)
}

// placed checks that a sample stands where people look for it.
func (r *sampleReader) placed(d *decoder, s Sample, form *sampleForm) {
	dir, at := s.folder(), any(&form.Subject)
	if s.Profile != "" {
		at = &form.Profile
	}
	if got := path.Dir(s.File); got != dir {
		d.report("the sample stands in "+got+"/", "samples of it stand in "+dir+"/", at)
	}
}

// folder is where the samples of a subject or of a profile stand.
func (s Sample) folder() string {
	if s.Profile != "" {
		return path.Join(cmsDir, samplesDir, s.Profile)
	}
	// An account's ID holds a colon, which not every disk takes.
	return path.Join(samplesDir, strings.ReplaceAll(s.Subject, ":", "/"))
}

// page makes a page with its body.
func (r *sampleReader) page(d *decoder, s Sample, form *samplePage, beside map[string]bool) extract.Page {
	p := extract.Page{
		Asked: form.Asked, URL: form.URL, Why: form.Why, Status: form.Status, FetchedAt: s.At, BodyAt: s.At,
		Rendered: form.Rendered, Class: form.Class,
	}
	if p.Asked == "" {
		p.Asked = p.URL
	}
	if p.Why == "" {
		p.Why = extract.WhyList
	}
	if p.Status == 0 && p.Class == "" {
		p.Status = 200
	}
	if form.ContentType != "" {
		p.Header = map[string][]string{"Content-Type": {form.ContentType}}
	}
	switch named, known := beside[form.File]; {
	case form.File == "" && form.Class == "" && !d.has(&form.File):
		d.report("a page needs the file with its body", "or the class of what went wrong", &form.URL, form)
	case form.File == "":
	case !known:
		d.report("there is no file "+quoted(form.File)+" beside the sample", "give the name of the file that holds the body", &form.File)
	case named:
		d.report("the file "+quoted(form.File)+" is named twice", "give each page a file of its own", &form.File)
	default:
		beside[form.File] = true
		if p.Body = r.body(path.Join(path.Dir(s.File), form.File)); p.Body != nil {
			p.SHA256 = digestOf(p.Body)
		}
	}
	return p
}

// Files are the names of the files that make the sample up, below the folder it
// was read from.
func (s Sample) Files() []string {
	files := []string{s.File}
	for _, body := range s.bodies {
		files = append(files, path.Join(path.Dir(s.File), body))
	}
	return files
}

// expected lists what the file names, in the order of its form.
func expected(d *decoder, form *expectForm) []Expectation {
	var all []Expectation
	for _, e := range expectations(extract.Reading{}) {
		p := form.at(e.Key)
		if m, ok := d.places[p]; ok {
			all = append(all, Expectation{Key: e.Key, Value: shownValue(p), at: m})
		}
	}
	return all
}
