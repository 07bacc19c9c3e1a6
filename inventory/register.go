package inventory

import (
	"slices"
	"strings"
)

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
				Date: form.Date, Text: form.Text, Inferred: form.Inferred, Period: form.Period,
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
