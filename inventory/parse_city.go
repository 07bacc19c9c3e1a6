package inventory

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Defaults of city.yaml.
const (
	defaultDelay     = time.Second
	defaultJitter    = 500 * time.Millisecond
	defaultWorkers   = 16
	defaultDecimals  = 1
	defaultDateStyle = time.DateOnly

	maxDelay = time.Minute
)

// resolveCity fills in what city.yaml says.
func (b *builder) resolveCity() {
	d, f := b.cityDoc.decoder, &b.cityDoc.form
	b.city.Name, b.city.Office, b.city.Simulated, b.city.RuleSet = f.Name, f.Office, f.Simulated, f.RuleSet
	if sets := b.stems(rulesetsDir); f.RuleSet != "" && !slices.Contains(sets, f.RuleSet) {
		d.report("there is no rule set "+quoted(f.RuleSet), fallback(didYouMean(f.RuleSet, sets), "add rulesets/"+f.RuleSet+yamlExt), &f.RuleSet)
	}
	b.city.Crawl = b.crawl(d, &f.Crawl)
	b.checkSections(d, f.Sections)
	b.city.Report = Report{Decimals: defaultDecimals}
	if d.has(&f.Report.Decimals) {
		b.city.Report.Decimals = f.Report.Decimals
	}
	b.attachments(d, f.Report.Attachments)
}

// crawl fills in the manner of crawling.
func (b *builder) crawl(d *decoder, f *crawlForm) Crawl {
	c := Crawl{UserAgent: f.UserAgent, Delay: defaultDelay, Jitter: defaultJitter, Workers: defaultWorkers, Proxy: f.Proxy, AllowPrivate: f.AllowPrivate}
	for key, x := range map[string]struct{ from, to *time.Duration }{"delay": {&f.Delay, &c.Delay}, "jitter": {&f.Jitter, &c.Jitter}} {
		if d.has(x.from) {
			*x.to = *x.from
		}
		if *x.to < 0 || *x.to > maxDelay {
			d.report(key+" is out of range", "from 0s to 1m", x.from)
		}
	}
	if d.has(&f.Workers) {
		c.Workers = f.Workers
	}
	if f.UserAgent != "" {
		checkUserAgent(d, &f.UserAgent)
	}
	if f.Proxy != "" {
		checkProxy(d, &f.Proxy)
	}
	if f.ExtraCA != "" {
		c.ExtraCA = b.extraCA(d, &f.ExtraCA)
	}
	for i := range f.AllowPrivate {
		if p := f.AllowPrivate[i]; p.IsValid() && p != p.Masked() {
			d.report(quoted(p.String())+" has bits set behind the mask", "did you mean "+p.Masked().String()+"?", &f.AllowPrivate[i])
		}
	}
	return c
}

// checkUserAgent demands an address at which owners of sites can reach us.
func checkUserAgent(d *decoder, ua *string) {
	switch {
	case strings.ContainsFunc(*ua, func(r rune) bool { return r < ' ' || r > '~' }):
		d.report("user_agent holds characters that no header can", "use plain letters", ua)
	case !strings.Contains(*ua, "+http://") && !strings.Contains(*ua, "+https://"):
		d.report("user_agent names no contact", "add one, as in Xuncha/1.0 (+https://www.example.gov.cn/xuncha)", ua)
	}
}

// checkProxy refuses proxies that would put a password into every round's
// record.
func checkProxy(d *decoder, proxy *string) {
	u, err := url.Parse(*proxy)
	switch {
	case err != nil || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) || !validHost(u.Host):
		d.report("proxy is no address of a proxy", "write it as http://proxy.example:3128", proxy)
	case u.User != nil:
		d.report("proxy holds a user name or a password", "rounds keep their configuration: allow this machine at the proxy instead", proxy)
	}
}

// extraCA returns the certificates of a file of the city.
func (b *builder) extraCA(d *decoder, name *string) []byte {
	f, ok := b.files[*name]
	switch {
	case !fs.ValidPath(*name) || isYAML(*name):
		d.report("extra_ca is no file of this folder", "write its name, as in ca.pem", name)
	case !ok:
		d.report("there is no file "+quoted(*name), "put it into the folder of city.yaml", name)
	case strings.Contains(string(f.Data), "PRIVATE KEY"):
		d.report("the file "+quoted(*name)+" holds a private key", "leave only certificates in it: rounds keep their configuration", name)
	case !holdsCertificate(f.Data):
		d.report("the file "+quoted(*name)+" holds no certificate", "it must be PEM: -----BEGIN CERTIFICATE-----", name)
	default:
		return f.Data
	}
	return nil
}

// holdsCertificate reports whether every block of a PEM file is a certificate,
// and there is one.
func holdsCertificate(data []byte) bool {
	found := false
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return found
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return false
		}
		found = true
	}
}

// checkSections refuses two sections of one id.
func (b *builder) checkSections(d *decoder, sections []sectionForm) {
	seen := map[string]origin{}
	for i := range sections {
		f := &sections[i]
		if first, taken := seen[f.ID]; taken && f.ID != "" {
			d.report("the id "+f.ID+" is taken by "+first.String(), "give one of the sections another id", &f.ID)
		}
		seen[f.ID] = d.origin(&f.ID)
	}
}

// attachments fills in the tables of the notice.
func (b *builder) attachments(d *decoder, forms []attachmentForm) {
	seen := map[string]origin{}
	for i := range forms {
		f := &forms[i]
		if first, taken := seen[f.Name]; taken && f.Name != "" {
			d.report("the attachment "+quoted(f.Name)+" is declared already at "+first.String(), "give one of them another name", &f.Name)
		}
		seen[f.Name] = d.origin(&f.Name)
		switch {
		case f.Table == TableAccounts && f.Indicator != "":
			d.report("a table of accounts has no indicator", "take it away: the table lists every failed account", &f.Indicator)
		case f.Table != TableAccounts && f.Table != "" && f.Indicator == "":
			d.report(`key "indicator" is missing`, "the table lists what fails it", f)
		}
		if f.DateStyle != "" && !showsDay(f.DateStyle) {
			d.report("date_style "+quoted(f.DateStyle)+" shows no whole day", "write 2 January 2006 as the table would: 2006年1月2日", &f.DateStyle)
		}
		b.city.Report.Attachments = append(b.city.Report.Attachments, Attachment{
			Name: f.Name, Title: f.Title, Table: f.Table, Indicator: f.Indicator,
			Order: b.order(d, f.Order), DateStyle: fallback(f.DateStyle, defaultDateStyle),
		})
	}
}

// order returns the units that a table prints first.
func (b *builder) order(d *decoder, names []string) []string {
	var ids []string
	for i := range names {
		id := b.unit(d, &names[i])
		switch {
		case id == "":
		case slices.Contains(ids, id):
			d.report("the unit "+id+" stands in the order twice", "take one away", &names[i])
		default:
			ids = append(ids, id)
		}
	}
	return ids
}

// showsDay reports whether a Go layout shows year, month and day, so that a
// day comes back as it went in.
func showsDay(layout string) bool {
	day := time.Date(2021, 11, 23, 0, 0, 0, 0, time.UTC)
	back, err := time.Parse(layout, day.Format(layout))
	return err == nil && back.Equal(day)
}
