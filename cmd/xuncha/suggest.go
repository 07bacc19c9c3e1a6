package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"xuncha/configs"
	"xuncha/inventory"
	"xuncha/patrol"
)

// suggestCmd finds the columns of a site and says how to write them down.
// Nothing is kept.
type suggestCmd struct {
	URL    string `arg:"" name:"url" help:"A home page, or the page of a section." zh:"首页或栏目页的网址。"`
	Config string `help:"Configuration whose columns are marked as known." zh:"配置目录：其中已有的栏目会标明。" placeholder:"DIR"`
	simulateFlag

	AllowPrivate []netip.Prefix `help:"Private network that may be reached, as CIDR." zh:"允许访问的内网网段（CIDR）。" placeholder:"CIDR"`
	Limit        int            `help:"Read at most so many columns; all are listed." zh:"最多试读多少个栏目；找到的全部列出。" default:"60"`
	Format       string         `help:"yaml or json." zh:"输出格式：yaml 或 json。" enum:"yaml,json" default:"yaml"`
}

// Run runs the command.
func (c suggestCmd) Run(ctx context.Context, a *app) (err error) {
	if _, err := stranger(c.URL); err != nil {
		return usage("%s is no address: give the http:// or https:// address of a page", c.URL)
	}
	if c.Limit < 0 || c.Limit > maxSuggested {
		return usage("--limit %d: from 0 to %d", c.Limit, maxSuggested)
	}
	s, err := openSetup(c.Config, c.simulateFlag)
	if err != nil {
		return err
	}
	n, err := openNetwork(s, c.simulateFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	visitor, hangUp, err := a.newCrawler(s.city, n, forgetful{}, c.AllowPrivate, c.URL)
	if err != nil {
		return err
	}
	defer hangUp()
	e, err := c.explorer(s, visitor)
	if err != nil {
		return err
	}
	found, err := e.Explore(ctx, c.URL)
	if err != nil {
		return err
	}
	return a.tellSuggestion(c.Format, found)
}

// maxSuggested bounds --limit: what one run may ask of one site.
const maxSuggested = 1000

// explorer is what explores the site, with what the configuration knows of it.
func (c suggestCmd) explorer(s setup, visitor patrol.Visitor) (patrol.Explorer, error) {
	classes, err := classesOf(s)
	if err != nil {
		return patrol.Explorer{}, err
	}
	profiles, err := inventory.Profiles(s.city.Files)
	if err != nil {
		return patrol.Explorer{}, err
	}
	e := patrol.Explorer{Visitor: visitor, Classes: classes, Profiles: profiles, Book: s.city.Book, Limit: c.Limit}
	if c.Config != "" || c.Simulate != "" {
		e.Unit = unitNamed(s.city)
	}
	if c.Config != "" {
		e.Known = knownColumns(s.city)
		if carrier, ok := carrierAt(s.city, c.URL); ok {
			e.CMS, e.Hosts = carrier.CMS, carrier.Hosts
		}
	}
	return e, nil
}

// classesOf is the dictionary of classes: the shared one, extended by the
// city's.
func classesOf(s setup) (inventory.Dictionary, error) {
	data, err := fs.ReadFile(configs.FS, inventory.ClassesFile)
	if err != nil {
		return inventory.Dictionary{}, fmt.Errorf("dictionary of classes: %w", err)
	}
	files := []inventory.File{{Name: inventory.ClassesFile, Data: data}}
	for _, f := range s.city.Files {
		if f.Name == inventory.ClassesFile {
			files = append(files, f)
		}
	}
	dict, err := inventory.ParseClasses(files...)
	if err != nil {
		return dict, fmt.Errorf("dictionary of classes:\n%w", err)
	}
	return dict, nil
}

// unitNamed finds units by every name they have.
func unitNamed(city *inventory.City) func(string) (string, bool) {
	ids := map[string]string{}
	for _, u := range city.Units {
		for _, name := range append([]string{u.Name, u.FullName}, u.Aliases...) {
			ids[name] = u.ID
		}
	}
	return func(name string) (string, bool) {
		id, ok := ids[name]
		return id, ok
	}
}

// knownColumns finds configured columns by their addresses.
func knownColumns(city *inventory.City) func(string) (string, bool) {
	ids := map[string]string{}
	for _, carrier := range city.Carriers {
		for _, col := range carrier.Columns {
			for _, u := range col.URLs {
				ids[inventory.Canonical(u)] = col.ID
			}
		}
	}
	return func(address string) (string, bool) {
		id, ok := ids[inventory.Canonical(address)]
		return id, ok
	}
}

// carrierAt finds the carrier to whose hosts an address belongs.
func carrierAt(city *inventory.City, address string) (inventory.Carrier, bool) {
	host := func(s string) string {
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		return strings.ToLower(u.Host)
	}
	i := slices.IndexFunc(city.Carriers, func(c inventory.Carrier) bool {
		return host(c.Home) == host(address) || slices.Contains(c.Hosts, host(address))
	})
	if i < 0 {
		return inventory.Carrier{}, false
	}
	return city.Carriers[i], true
}
