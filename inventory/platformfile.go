package inventory

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
)

// platformForms reads what is known of the platforms, and lays what the city
// says of some of them over it.
func (a *assembly) platformForms() {
	byID := map[Platform]*PlatformProfile{}
	for _, f := range a.in(platformsDir) {
		form := &platformForm{}
		d := a.decode(f, form)
		id := Platform(stem(f.Name))
		if known := words(Platforms()); !slices.Contains(known, string(id)) {
			d.reportAt(mark{}, "the file's name is no platform: "+quoted(string(id)), oneOf(string(id), known))
		}
		if !d.broken {
			p := a.platform(d, id, form)
			byID[id] = &p
		}
		a.done(d)
	}
	for _, id := range Platforms() {
		p := byID[id]
		if p == nil {
			continue
		}
		if own := a.manners[id]; own != nil {
			p.Manner = own(p.Manner)
		}
		a.city.Platforms = append(a.city.Platforms, *p)
	}
}

// platform makes one profile.
func (a *assembly) platform(d *decoder, id Platform, form *platformForm) PlatformProfile {
	p := PlatformProfile{
		ID: id, Name: form.Name, Letters: slices.Concat(form.Letters.Seen, form.Letters.Expected), Seen: form.Letters.Seen,
		Forms: posts(d, form.Forms), Links: posts(d, form.Links), Exports: posts(d, form.Exports), Route: form.Route, RouteWhole: wholeOf(form.RouteWhole),
		Hand: form.Hand, HandEN: form.HandEN,
	}
	for i := range form.Letters.Seen {
		a.letters(d, &form.Letters.Seen[i])
	}
	for i := range form.Letters.Expected {
		a.letters(d, &form.Letters.Expected[i])
	}
	p.UIDLike = expression(d, &form.UID.Like)
	for i := range form.UID.In {
		if re := expression(d, &form.UID.In[i]); re != nil {
			if re.NumSubexp() != 1 {
				d.report(quoted(form.UID.In[i])+" has no group, or more than one", "put what the platform calls the account by in brackets: /u/(\\d+)", &form.UID.In[i], &form.UID.In)
			}
			p.UIDIn = append(p.UIDIn, re)
		}
	}
	for i := range form.Sources {
		p.Sources = append(p.Sources, ownSource(d, &form.Sources[i], p.Forms))
	}
	for i := range form.Refusals {
		p.Refusals = append(p.Refusals, refusal(d, &form.Refusals[i]))
	}
	if form.Route != "" {
		checkHoles(d, "route", &form.Route)
	}
	a.manner(d, &p, form)
	if len(p.Exports) > 0 && len(p.Manner.Hosts) == 0 {
		d.report("exports need a host", "name the hosts to which their links lead, in manner", &form.Exports)
	}
	return p
}

// letters checks letters of codes, which can stand for one platform only.
func (a *assembly) letters(d *decoder, letters *string) {
	if *letters == "" {
		return
	}
	if !lettersRE.MatchString(*letters) {
		d.report(quoted(*letters)+" are no letters of a 新媒体标识码", "two capital letters", letters)
		return
	}
	a.unique(d, "letters", *letters, letters)
}

// ownSource makes a source of the platform itself.
func ownSource(d *decoder, form *sourceForm, shared []extract.PostForm) extract.PostSource {
	if form.URL != "" {
		checkHoles(d, "url", &form.URL)
		if _, message, hint := absolute(nil, fill(form.URL, "1", "1")); message != "" {
			d.report("url "+message, hint, &form.URL)
		}
	}
	s := extract.PostSource{Kind: extract.SourceKind(form.Kind), URL: form.URL, Forms: slices.Concat(posts(d, form.Forms), shared), Whole: wholeOf(form.Whole)}
	if len(s.Forms) == 0 && d.has(form) {
		d.report("the source has no form", "say how its answers are read, here or in forms of the platform", form)
	}
	return s
}

// hole is what an account's own is filled into.
var hole = regexp.MustCompile(`\{[^{}]*\}`)

// checkHoles refuses names that nothing is filled in for.
func checkHoles(d *decoder, what string, address *string) {
	for _, name := range hole.FindAllString(*address, -1) {
		if name != "{uid}" && name != "{album}" {
			d.report(what+": nothing is filled in for "+quoted(name), "known: {uid}, {album}", address)
		}
	}
}

// posts makes forms of posts.
func posts(d *decoder, forms []postForm) []extract.PostForm {
	var all []extract.PostForm
	for i := range forms {
		f := &forms[i].PostForm
		if f.Recipe == (extract.Recipe{}) {
			d.report("the form does not say how posts are read", "give it a list, an item or a source", &forms[i])
		}
		checkValid(d, f.Validate(), f)
		all = append(all, *f)
	}
	return all
}

// refusal makes a refusal. One that says nothing would fit everything.
func refusal(d *decoder, form *refusalForm) extract.Refusal {
	r := extract.Refusal{Hindrance: form.Hindrance, Status: form.Status, At: form.At, Field: form.Field, Text: form.Text}
	if form.Status == 0 && form.At == "" && form.Field == "" && form.Text == "" {
		if d.has(form) {
			d.report("the refusal would fit every answer", "give it a status, an at, a field or a text", form)
		}
	} else if r.Hindrance != "" {
		checkValid(d, r.Validate(), form)
	}
	if form.Field != "" && !strings.Contains(form.Field, " =~ ") {
		d.report(quoted(form.Field)+" has no expression", "write it as ok =~ ^-100$", &form.Field)
	}
	return r
}

// expression compiles an RE2 expression, nil for none.
func expression(d *decoder, text *string) *regexp.Regexp {
	if *text == "" {
		return nil
	}
	re, err := regexp.Compile(*text)
	if err != nil {
		d.report(quoted(*text)+" is no expression: "+firstLine(err.Error()), "it is RE2, as Go has it", text)
		return nil
	}
	return re
}

// wholeOf reads how far a source is trusted.
func wholeOf(w extract.Whole) extract.Whole {
	if w == wholeNever {
		return extract.WholeNever
	}
	return w
}

// How a platform is asked of which nobody says it.
const (
	defaultPause    = 5 * time.Second
	defaultSpread   = 3 * time.Second
	defaultAfter    = 3
	defaultCoolDown = 15 * time.Minute
	defaultDeadline = 2 * time.Hour

	maxDelay = 10 * time.Minute
	maxRest  = wholeDay
	wholeDay = 24 * time.Hour
)

// manner makes the manner of a platform. The hosts of its own addresses are its
// hosts whether they are named or not.
func (a *assembly) manner(d *decoder, p *PlatformProfile, form *platformForm) {
	checkManner(d, &form.Manner.mannerForm)
	var at []any
	for i := range form.Manner.Hosts {
		host := &form.Manner.Hosts[i]
		if !validHost(*host) {
			if *host != "" {
				d.report(quoted(*host)+" is no host", hostHint, host)
			}
			continue
		}
		p.Manner.Hosts = append(p.Manner.Hosts, hostKey(&url.URL{Scheme: "http", Host: *host}))
		at = append(at, host)
	}
	for i, s := range p.Sources {
		if h := hostOf(fill(s.URL, "1", "1")); h != "" && !slices.Contains(p.Manner.Hosts, h) {
			p.Manner.Hosts = append(p.Manner.Hosts, h)
			at = append(at, &form.Sources[i].URL)
		}
	}
	for i, host := range p.Manner.Hosts {
		a.unique(d, "a platform's host", host, at[i])
	}
	m := Manner{Delay: defaultPause, Jitter: defaultSpread, After: defaultAfter, CoolDown: defaultCoolDown, Deadline: defaultDeadline}
	m.Hosts = p.Manner.Hosts
	p.Manner = form.Manner.over(d.has, m)
}

// checkManner reports pauses and limits that make no sense.
func checkManner(d *decoder, form *mannerForm) {
	for _, x := range []struct {
		value       *time.Duration
		least, most time.Duration
		hint        string
	}{
		{&form.Delay, 0, maxDelay, "from 0s to 10m"},
		{&form.Jitter, 0, maxDelay, "from 0s to 10m"},
		{&form.CoolDown, 0, maxRest, "from 0s to 24h"},
		{&form.Deadline, time.Second, maxRest, "from 1s to 24h"},
	} {
		if d.has(x.value) && (*x.value < x.least || *x.value > x.most) {
			d.report(fmt.Sprintf("%s is out of range", *x.value), x.hint, x.value)
		}
	}
}

// over lays what a form gives over a manner.
func (form *mannerForm) over(has func(any) bool, m Manner) Manner {
	for _, x := range []struct{ from, to *time.Duration }{
		{&form.Delay, &m.Delay}, {&form.Jitter, &m.Jitter}, {&form.CoolDown, &m.CoolDown}, {&form.Deadline, &m.Deadline},
	} {
		if has(x.from) {
			*x.to = *x.from
		}
	}
	if has(&form.After) {
		m.After = form.After
	}
	if form.Hours != "" {
		m.From, m.To = hoursOf(form.Hours)
	}
	return m
}

// hoursShape is how hours of the day are written, here and in the schema.
const hoursShape = `^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$`

// hoursOf reads hours that have that shape. The whole day has no ends.
func hoursOf(text string) (from, to time.Duration) {
	first, last, _ := strings.Cut(text, "-")
	from, to = clockOf(first), clockOf(last)
	if to == from+wholeDay {
		return 0, 0
	}
	return from, to
}

// clockOf reads a time of the day as what passed since midnight, 0 for what is
// none.
func clockOf(text string) time.Duration {
	var h, m int
	if _, err := fmt.Sscanf(text, "%d:%d", &h, &m); err != nil {
		return 0 // a mistake that was reported
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
}

// cityPlatforms checks how the city wants single platforms to be asked.
func (a *assembly) cityPlatforms(d *decoder) {
	form := &a.form
	if form.RSSHub != "" {
		u, message, hint := absolute(nil, form.RSSHub)
		switch {
		case message != "":
			d.report("rsshub "+message, hint, &form.RSSHub)
		case u.RawQuery != "":
			d.report("rsshub holds a query", "rounds keep their configuration: let RSSHub know this machine instead of a key", &form.RSSHub)
		default:
			a.rsshub = strings.TrimSuffix(u.String(), "/")
		}
	}
	for _, id := range Platforms() {
		own := form.Platforms[id]
		if own == nil {
			continue
		}
		checkManner(d, &own.mannerForm)
		a.manners[id] = func(m Manner) Manner {
			m = own.over(d.has, m)
			m.RobotsOverride = own.RobotsOverride
			return m
		}
	}
}
