package inventory

import (
	"fmt"
	"strings"

	"xuncha/extract"
)

// resolveAccounts makes the accounts.
func (b *builder) resolveAccounts() {
	d := b.accounts.decoder
	for i := range b.accounts.form {
		f := &b.accounts.form[i]
		a := Account{
			Code: f.Code, Platform: f.Platform, Name: f.Name, Unit: b.unit(d, &f.Unit), Supervisor: b.unit(d, &f.Supervisor),
			State: f.State, Feed: address(d, &f.Feed), Home: address(d, &f.Home),
			Recipe: extract.Recipe{Source: extract.SourceFeed},
		}
		if a.State == "" {
			a.State = StateNormal
		}
		if f.Code != "" {
			b.claimCode(d, f.Code, &f.Code)
			b.subjects[a.ID()] = d.origin(&f.Code)
		}
		checkLetters(d, f)
		b.city.Accounts = append(b.city.Accounts, a)
	}
}

// address returns an absolute address, or "" and notes why it is none.
func address(d *decoder, text *string) string {
	if *text == "" {
		return ""
	}
	u, message, hint := parseAddress(*text)
	if message != "" {
		d.report(message, hint, text)
		return ""
	}
	return u.String()
}

// checkLetters compares the platform with the letters in the code. Letters that
// are merely expected to mean a platform are brought to people's notice only.
func checkLetters(d *decoder, f *accountForm) {
	if f.Code == "" || f.Platform == "" {
		return
	}
	letters := f.Code[10:12]
	want, seen := platformOf(letters)
	switch {
	case want == "" || want == f.Platform:
	case seen:
		d.report(fmt.Sprintf("platform %s does not agree with the letters %s of the code %s", f.Platform, letters, f.Code),
			fmt.Sprintf("%s stands for %s; correct one of them", letters, want), &f.Platform)
	default:
		d.unconfirmed = append(d.unconfirmed, fmt.Sprintf("%s: %s is %s, but %s usually stands for %s", d.origin(&f.Code), f.Code, f.Platform, letters, want))
	}
}

// resolveRegisters makes the entries of the registers.
func (b *builder) resolveRegisters() {
	seen := map[Entry]origin{}
	for _, reg := range b.entries {
		for i := range reg.form {
			f := &reg.form[i]
			e := Entry{
				Subject: f.Subject, Indicator: f.Indicator, Source: string(f.Source), Body: f.Body,
				Date: f.Date, Text: f.Text, Inferred: f.Inferred,
			}
			b.checkSubject(reg.decoder, &f.Subject)
			if first, taken := seen[e]; taken {
				reg.report("the same entry stands at "+first.String(), "take one away", f)
			}
			seen[e] = reg.origin(f)
			b.city.Registers = append(b.city.Registers, e)
		}
	}
}

// checkSubject notes that a register speaks of a subject there is not. Where a
// file with subjects could not be read, its subjects are not held against the
// register.
func (b *builder) checkSubject(d *decoder, id *string) {
	if _, known := b.subjects[*id]; known || *id == "" {
		return
	}
	head, rest, _ := strings.Cut(*id, ":")
	if head == "account" {
		if len(b.accounts.problems) == 0 {
			d.report("no account has the code "+quoted(rest), didYouMean(*id, b.subjectIDs("account:")), id)
		}
		return
	}
	site, _, _ := strings.Cut(*id, "/")
	for _, s := range b.sites {
		if s.stem == site && len(s.problems) > 0 {
			return
		}
	}
	d.report("no subject has the id "+quoted(*id), fallback(didYouMean(*id, b.subjectIDs("")), "ids are like fgw, fgw/tzgg, account:140300M019XL0001"), id)
}

// subjectIDs returns the IDs of subjects with a prefix, sorted.
func (b *builder) subjectIDs(prefix string) []string {
	return sortedKeys(b.subjects, func(id string) bool { return strings.HasPrefix(id, prefix) })
}
