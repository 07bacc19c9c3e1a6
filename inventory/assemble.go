package inventory

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"xuncha/extract"
)

// Defaults of a city that says nothing else.
const (
	defaultDelay   = time.Second
	defaultJitter  = 500 * time.Millisecond
	defaultWorkers = 16
	maxPause       = time.Minute
)

// cityForm reads city.yaml.
func (a *assembly) cityForm() {
	f, ok := a.mustHave(cityFile)
	if !ok {
		return
	}
	d := a.decode(f, &a.form)
	form := &a.form
	a.city.Name, a.city.Office, a.city.Simulated, a.city.RuleSet = form.Name, form.Office, form.Simulated, form.RuleSet
	if _, ok := a.file(rulesetsDir + "/" + form.RuleSet + yamlExt); !ok && form.RuleSet != "" {
		d.report("no rule set "+quoted(form.RuleSet), oneOf(form.RuleSet, a.stems(rulesetsDir)), &form.RuleSet)
	}
	a.crawl(d, &form.Crawl)
	a.cityPlatforms(d)
	a.city.Proof = Proof{Objection: form.Proof.Objection, Mask: form.Proof.Mask}
	a.people(d, &form.People)
	a.messages(d, &form.Messages)
	a.schedule(d, &form.Schedule)
	a.city.Report.Decimals, a.city.Report.Template = form.Report.Decimals, form.Report.Template
	if !d.has(&form.Report.Decimals) {
		a.city.Report.Decimals = 1
	}
	for i := range form.Report.Attachments {
		a.attachment(d, &form.Report.Attachments[i])
	}
	for i := range form.Sections {
		a.unique(d, "section", form.Sections[i].ID, &form.Sections[i].ID)
	}
	if len(d.problems) > 0 {
		a.faulty[cityFile] = true
	}
	a.done(d)
}

// stems lists the names of the files of a folder, without extension.
func (a *assembly) stems(dir string) []string {
	var names []string
	for _, f := range a.in(dir) {
		names = append(names, stem(f.Name))
	}
	return names
}

// crawl checks how the city is to be crawled.
func (a *assembly) crawl(d *decoder, form *crawlForm) {
	c := Crawl{
		UserAgent: form.UserAgent, Delay: form.Delay, Jitter: form.Jitter, Workers: form.Workers,
		Proxy: form.Proxy, AllowPrivate: form.AllowPrivate, Browser: form.Browser, Sandbox: form.Sandbox || !d.has(&form.Sandbox),
	}
	if c.Browser == "" {
		c.Browser = BrowserAuto
	}
	if !d.has(&form.Delay) {
		c.Delay = defaultDelay
	}
	if !d.has(&form.Jitter) {
		c.Jitter = defaultJitter
	}
	if c.Workers == 0 {
		c.Workers = defaultWorkers
	}
	for _, p := range []*time.Duration{&form.Delay, &form.Jitter} {
		if *p < 0 || *p > maxPause {
			d.report(fmt.Sprintf("%s is out of range", *p), "from 0s to 1m", p)
		}
	}
	if form.UserAgent != "" {
		checkUserAgent(d, &form.UserAgent)
	}
	if form.Proxy != "" {
		checkProxy(d, &form.Proxy)
	}
	if form.ExtraCA != "" {
		c.ExtraCA = a.extraCA(d, &form.ExtraCA)
	}
	for i, p := range form.AllowPrivate {
		if p.IsValid() && p != p.Masked() {
			d.report(quoted(p.String())+" has bits set behind its mask", "did you mean "+p.Masked().String()+"?", &form.AllowPrivate[i])
		}
	}
	a.city.Crawl = c
}

// people checks who may decide about findings. Two people must be there where
// two are asked for.
func (a *assembly) people(d *decoder, form *peopleForm) {
	p := People{Alone: form.Alone, AnswerDays: form.AnswerDays, ReportDays: form.ReportDays}
	deciding := 0
	for i := range form.List {
		who := &form.List[i]
		a.unique(d, "person", who.Name, &who.Name)
		p.List = append(p.List, Official{Name: who.Name, Roles: who.Roles})
		if slices.Contains(who.Roles, RoleReviewer) || slices.Contains(who.Roles, RoleSigner) {
			deciding++
		}
	}
	if !p.Alone && len(p.List) > 0 && (deciding == 0 || len(p.List) < 2) {
		d.report("people: nobody could approve what another proposes", "list two persons, one of them as 审核 or 签发, or say alone: true", &form.List)
	}
	a.city.People = p
}

// attachment checks one table of the notice; its units are known later.
func (a *assembly) attachment(d *decoder, form *attachmentForm) {
	a.unique(d, "attachment", form.Name, &form.Name)
	if form.Indicator == "" && (form.Table == TableYear || form.Table == TableColumns) {
		d.report("a table of "+string(form.Table)+" needs an indicator", "name the one whose failures it lists", &form.Table)
	}
	if form.Indicator != "" && form.Table != TableYear && form.Table != TableColumns {
		d.report("a table of "+string(form.Table)+" has no indicator", "take it away: the table lists accounts or sites by their verdict", &form.Indicator)
	}
	if form.DateStyle != "" && !showsDay(form.DateStyle) {
		d.report("date_style "+quoted(form.DateStyle)+" shows no whole day", "write 2 January 2006 as the table would: 2006年1月2日", &form.DateStyle)
	}
	at := Attachment{Name: form.Name, Title: form.Title, Table: form.Table, Indicator: form.Indicator, DateStyle: form.DateStyle}
	if at.DateStyle == "" {
		at.DateStyle = time.DateOnly
	}
	a.city.Report.Attachments = append(a.city.Report.Attachments, at)
	into := len(a.city.Report.Attachments) - 1
	a.later(d, func(d *decoder) {
		a.city.Report.Attachments[into].Order = a.order(d, form.Order)
	})
}

// order resolves the units a table prints first.
func (a *assembly) order(d *decoder, refs []string) []string {
	var ids []string
	for i := range refs {
		id := a.unit(d, refs[i], &refs[i])
		if id != "" && slices.Contains(ids, id) {
			d.report("unit "+quoted(refs[i])+" stands in the order twice", "take one away", &refs[i])
		}
		ids = append(ids, id)
	}
	return ids
}

// checkRecipe reports what is wrong with a recipe at the lines of its keys.
func checkRecipe(d *decoder, r *extract.Recipe) { checkValid(d, r.Validate(), r) }

// checkValid reports what a form of package extract says is wrong with it at the
// lines of its keys.
func checkValid(d *decoder, err error, form any) {
	for _, e := range recipeErrors(err) {
		d.report(firstLine(e.Error()), "", fieldAt(form, e.Field), form)
	}
}

// recipeErrors takes a joined error apart.
func recipeErrors(err error) []*extract.RecipeError {
	switch e := err.(type) {
	case *extract.RecipeError:
		return []*extract.RecipeError{e}
	case interface{ Unwrap() []error }:
		var all []*extract.RecipeError
		for _, part := range e.Unwrap() {
			all = append(all, recipeErrors(part)...)
		}
		return all
	}
	return nil
}

// fieldAt returns a pointer to the field of a form with a key.
func fieldAt(form any, key string) any {
	v := reflect.ValueOf(form).Elem()
	if f := fieldNamed(fieldsOf(v.Type()), key); f != nil {
		return v.FieldByIndex(f.index).Addr().Interface()
	}
	return form
}

// unitForms reads units.yaml.
func (a *assembly) unitForms() {
	f, ok := a.mustHave(unitsFile)
	if !ok {
		return
	}
	forms := &[]unitForm{}
	d := a.decode(f, forms)
	for i := range *forms {
		form := &(*forms)[i]
		a.unique(d, "unit", form.ID, &form.ID)
		u := Unit{
			ID: form.ID, Name: form.Name, FullName: form.FullName, Aliases: form.Aliases, Superior: form.Superior,
			District: form.District, Level: form.Level, From: form.From, To: form.To,
		}
		if u.FullName == "" {
			u.FullName = u.Name
		}
		if !u.To.IsZero() && u.To.Before(u.From) {
			d.report("the name's last day lies before its first", "exchange from and to", &form.To)
		}
		a.nameUnit(d, form)
		a.city.Units = append(a.city.Units, u)
	}
	for i := range *forms {
		a.city.Units[i].Superior = a.unit(d, (*forms)[i].Superior, &(*forms)[i].Superior)
	}
	a.checkSuperiors(d, *forms)
	a.done(d)
}

// maxLevels bounds the units above one another.
const maxLevels = 16

// checkSuperiors refuses units above themselves: who walks up must arrive.
func (a *assembly) checkSuperiors(d *decoder, forms []unitForm) {
	above := map[string]string{}
	for _, u := range a.city.Units {
		above[u.ID] = u.Superior
	}
	for i := range forms {
		levels := 0
		for id := above[forms[i].ID]; id != "" && levels <= maxLevels; id = above[id] {
			levels++
		}
		if levels > maxLevels {
			d.report("the superiors of "+quoted(forms[i].ID)+" have no end", "a unit must not stand above itself", &forms[i].Superior, &forms[i].ID)
		}
	}
}

// nameUnit lets a unit be referred to by each of its names.
func (a *assembly) nameUnit(d *decoder, form *unitForm) {
	names := []*string{&form.ID, &form.Name, &form.FullName}
	for i := range form.Aliases {
		names = append(names, &form.Aliases[i])
	}
	for _, name := range names {
		switch other, ok := a.refs[*name]; {
		case *name == "":
		case !ok:
			a.refs[*name] = form.ID
		case other != form.ID:
			d.report(fmt.Sprintf("the name %s is also unit %s's", quoted(*name), other), "a reference could mean either: change one", name)
		}
	}
}
