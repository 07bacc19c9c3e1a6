package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// accountForms reads accounts.yaml; a city may have none.
func (a *assembly) accountForms() {
	f, ok := a.file(accountsFile)
	if !ok {
		return
	}
	forms := &[]accountForm{}
	d := a.decode(f, forms)
	for i := range *forms {
		a.account(d, &(*forms)[i])
	}
	a.done(d)
}

// account makes one account.
func (a *assembly) account(d *decoder, form *accountForm) {
	a.unique(d, "新媒体标识码", form.Code, &form.Code)
	acc := Account{
		Code: form.Code, Platform: form.Platform, Name: form.Name, Unit: a.unit(d, form.Unit, &form.Unit),
		Supervisor: a.unit(d, form.Supervisor, &form.Supervisor), Feed: form.Feed, Home: form.Home,
		States: []AccountSpell{{State: cmp.Or(form.State, StateNormal)}},
	}
	if like, _ := patternOf("account-code"); like.matches(form.Code) {
		letters := form.Code[10:12]
		switch p, seen := platformOf(letters); {
		case p == "" || p == form.Platform || form.Platform == "":
		case !seen:
			d.unconfirmed = append(d.unconfirmed, fmt.Sprintf("%s: %s is %s, but the letters %s are expected to stand for %s", d.where(&form.Code), form.Code, form.Platform, letters, p))
		default:
			d.report("the letters "+letters+" of the code stand for "+string(p)+", not for "+string(form.Platform), "correct the code or the platform", &form.Platform)
		}
	}
	for _, p := range []*string{&form.Feed, &form.Home} {
		if *p == "" {
			continue
		}
		if _, message, hint := absolute(nil, *p); message != "" {
			d.report(message, hint, p)
		}
	}
	a.city.Accounts = append(a.city.Accounts, acc)
}

// registerForms reads the registers, whose entries speak of subjects.
func (a *assembly) registerForms() {
	ids := a.city.ids()
	for _, f := range a.in(registersDir) {
		forms := &[]entryForm{}
		d := a.decode(f, forms)
		for i := range *forms {
			form := &(*forms)[i]
			carrier, _, _ := strings.Cut(form.Subject, "/")
			readable := !a.faulty[sitesDir+"/"+carrier+yamlExt]
			if form.Subject != "" && readable && !slices.Contains(ids, form.Subject) {
				d.report("no subject "+quoted(form.Subject), didYouMean(form.Subject, ids), &form.Subject)
			}
			a.city.Registers = append(a.city.Registers, Entry{
				Subject: form.Subject, Indicator: form.Indicator, Source: string(form.Source), Body: form.Body,
				Date: form.Date, Text: form.Text, Inferred: form.Inferred,
			})
		}
		a.done(d)
	}
}

// ids returns every subject's ID.
func (c *City) ids() []string {
	var ids []string
	for _, carrier := range c.Carriers {
		if carrier.Kind == Site {
			ids = append(ids, carrier.ID)
		}
		for _, col := range carrier.Columns {
			ids = append(ids, col.ID)
		}
		for _, s := range carrier.Sections {
			ids = append(ids, s.ID)
		}
	}
	for _, acc := range c.Accounts {
		ids = append(ids, acc.ID())
	}
	return ids
}
