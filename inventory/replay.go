package inventory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
)

// A Replayed sample is what its pages say by the configuration in force.
type Replayed struct {
	Sample  Sample
	Reading extract.Reading

	// Wants are pages that the reading asks for now and the sample does not
	// hold. There is no reading then.
	Wants []extract.Want

	// Broken lists what is not as expected.
	Broken []Mismatch
}

// OK reports whether the sample reads as expected.
func (r Replayed) OK() bool { return len(r.Wants) == 0 && len(r.Broken) == 0 }

// A Mismatch is one thing that a sample expects and that its pages no longer
// say.
type Mismatch struct {
	Place     string // "samples/fgw/tzgg/2023-09-27.yaml:14:3"
	Key       string // "newest"
	Want, Got string // Got is "" where the reading says nothing of it
}

// Replay reads every sample again. It asks nothing but the samples, so that it
// says the same wherever and whenever it runs. Samples of what the city does
// not have are mistakes, of type [Errors].
func (c *City) Replay(samples []Sample) ([]Replayed, error) {
	profiles, err := Profiles(c.Files)
	if err != nil {
		return nil, err
	}
	var all []Replayed
	var problems Errors
	p := player{city: c, profiles: profiles, subjects: map[time.Time]map[string]Subject{}}
	for _, s := range samples {
		tasks, problem := p.tasks(s)
		if problem != nil {
			problem.File, problem.Line, problem.Column = s.File, s.at.line, s.at.column
			problems = append(problems, *problem)
			continue
		}
		all = append(all, s.firstOf(tasks))
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return all, nil
}

// A player knows what the samples of a city ask.
type player struct {
	city     *City
	profiles []Profile
	subjects map[time.Time]map[string]Subject // by the day on which they are asked
}

// tasks are what a sample's pages are read for: one, or one for each form of a
// profile's lists.
func (p player) tasks(s Sample) ([]extract.Task, *Problem) {
	if s.Profile != "" {
		i := slices.IndexFunc(p.profiles, func(x Profile) bool { return x.ID == s.Profile })
		if i < 0 {
			return nil, &Problem{Message: "no CMS profile " + quoted(s.Profile), Hint: "take the sample away, or put cms/" + s.Profile + yamlExt + " back"}
		}
		return profileTasks(p.profiles[i], s.Pages), nil
	}
	day := extract.DayOf(s.At)
	if p.subjects[day] == nil {
		p.subjects[day] = map[string]Subject{}
		for _, x := range p.city.Subjects(day) {
			p.subjects[day][x.ID] = x
		}
	}
	x, ok := p.subjects[day][s.Subject]
	if !ok {
		return nil, &Problem{Message: "no subject " + quoted(s.Subject), Hint: "take the sample away, or move it to the subject's new id"}
	}
	return []extract.Task{x.Task}, nil
}

// profileTasks ask a profile for the newest item of the lists of some pages.
func profileTasks(p Profile, pages []extract.Page) []extract.Task {
	t := extract.Task{Question: extract.AskNewest, Method: "cms:" + p.ID}
	for _, page := range pages {
		if page.Why == extract.WhyList && !slices.Contains(t.URLs, page.Asked) {
			t.URLs = append(t.URLs, page.Asked)
		}
	}
	forms := p.Lists
	if len(forms) == 0 {
		forms = []extract.Recipe{p.List}
	}
	var all []extract.Task
	for _, form := range forms {
		t.Recipe = form
		all = append(all, t)
	}
	return all
}

// firstOf replays a sample by the first task that comes to a conclusion, else
// by the first.
func (s Sample) firstOf(tasks []extract.Task) Replayed {
	var first Replayed
	for i, task := range tasks {
		r := s.read(task)
		if r.Reading.Conclusive() && len(r.Wants) == 0 {
			return r
		}
		if i == 0 {
			first = r
		}
	}
	return first
}

// read replays one sample.
func (s Sample) read(task extract.Task) Replayed {
	r := Replayed{Sample: s}
	if r.Reading, r.Wants = extract.Read(task, s.Pages); len(r.Wants) > 0 {
		return r
	}
	came := map[string]string{}
	for _, e := range expectations(r.Reading) {
		came[e.Key] = e.Value
	}
	for _, e := range s.Expect {
		if came[e.Key] != e.Value {
			place := fmt.Sprintf("%s:%d:%d", s.File, e.at.line, e.at.column)
			r.Broken = append(r.Broken, Mismatch{Place: place, Key: e.Key, Want: e.Value, Got: came[e.Key]})
		}
	}
	return r
}

// expectations are all that can be expected of a reading, in the order in which
// samples say it. A value is "" where the reading has none.
func expectations(r extract.Reading) []Expectation {
	newest, dated := "", 0
	if !r.Newest.IsZero() {
		newest = r.Newest.Day().Format(time.DateOnly)
	}
	for _, item := range r.Items {
		if !item.Date.IsZero() {
			dated++
		}
	}
	return []Expectation{
		{Key: "outcome", Value: string(r.Outcome)}, {Key: "reason", Value: string(r.Reason)},
		{Key: "newest", Value: newest}, {Key: "newest_title", Value: r.NewestTitle()},
		{Key: "items", Value: strconv.Itoa(len(r.Items))}, {Key: "dated", Value: strconv.Itoa(dated)},
		{Key: "method", Value: r.Method},
	}
}

// at returns the value of a key of the form.
func (form *expectForm) at(key string) any {
	switch key {
	case "outcome":
		return &form.Outcome
	case "reason":
		return &form.Reason
	case "newest":
		return &form.Newest
	case "newest_title":
		return &form.Title
	case "items":
		return &form.Items
	case "dated":
		return &form.Dated
	}
	return &form.Method
}

// shownValue is a value of the form as expectations write it.
func shownValue(p any) string {
	switch v := p.(type) {
	case *time.Time:
		return v.Format(time.DateOnly)
	case *int:
		return strconv.Itoa(*v)
	case *string:
		return *v
	case *extract.Outcome:
		return string(*v)
	case *extract.Reason:
		return string(*v)
	}
	return ""
}

// ExpectationYAML returns what a reading says in the form in which samples
// expect it, to be pasted. How it was read is left out: another recipe may read
// the same.
func ExpectationYAML(r extract.Reading) string {
	var b strings.Builder
	b.WriteString("expect:\n")
	for _, e := range expectations(r) {
		if e.Value != "" && e.Key != "method" {
			b.WriteString("  " + e.Key + ": " + e.yaml() + "\n")
		}
	}
	return b.String()
}

// yaml is the value as a sample writes it.
func (e Expectation) yaml() string {
	if e.Key == "newest_title" {
		return YAMLText(e.Value)
	}
	return e.Value
}
