package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
)

// tryCmd reads one page and shows how it was read. Nothing is kept, unless a
// sample or a recipe is to be.
type tryCmd struct {
	Target string `arg:"" name:"url|subject" help:"The address of a page, or a subject of the configuration." zh:"网页地址，或配置中的对象。"`
	Config string `help:"Configuration in which a subject is looked up." zh:"查找对象的配置。" placeholder:"DIR"`
	simulateFlag

	Recipe     string `help:"A YAML file with a recipe." zh:"采集规则文件（YAML）。" placeholder:"FILE" group:"recipe"`
	List       string `help:"Selector of the list." zh:"列表的选择器。" group:"recipe"`
	Item       string `help:"Selector of its rows." zh:"行的选择器。" group:"recipe"`
	Title      string `help:"Selector of a row's title." zh:"标题的选择器。" group:"recipe"`
	Link       string `help:"Selector of a row's link." zh:"链接的选择器。" group:"recipe"`
	Date       string `help:"Selector of a row's date." zh:"日期的选择器。" group:"recipe"`
	DateFormat string `help:"Go layout of the date." zh:"日期格式（Go 版式）。" group:"recipe"`
	Empty      string `help:"Text that an empty list shows." zh:"空列表显示的文字。" group:"recipe"`
	Source     string `help:"html or feed." zh:"html 或 feed。" group:"recipe"`

	At           string         `help:"Read as of this moment." zh:"按此时刻读数。" placeholder:"T"`
	AllowPrivate []netip.Prefix `help:"Private network that may be reached, as CIDR." zh:"允许访问的内网网段（CIDR）。" placeholder:"CIDR"`
	Format       string         `help:"text or json." zh:"输出格式：text 或 json。" enum:"text,json" default:"text"`
	keepFlags
}

// Run runs the command.
func (c tryCmd) Run(ctx context.Context, a *app) (err error) {
	s, err := openSetup(c.Config, c.simulateFlag)
	if err != nil {
		return err
	}
	n, err := openNetwork(s, c.simulateFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if c.At != "" {
		at, err := parseMoment(c.At)
		if err != nil {
			return usage("--at: %w", err)
		}
		n.clock = stopped(at.Add(-time.Second)) // the last instant of the day, where a day was given
	}
	subject, profile, err := c.subject(s, n.clock.Now())
	if err != nil {
		return err
	}
	k, err := c.keeper(a, s, n.clock.Now())
	if err != nil {
		return err
	}
	visitor, hangUp, err := a.newCrawler(s.city, n, forgetful{}, c.AllowPrivate, c.Target)
	if err != nil {
		return err
	}
	defer hangUp()
	v, err := visit(ctx, visitor, subject)
	if err != nil {
		return err
	}
	if c.unknown(s, subject) {
		subject, v, profile, _ = recognised(s.city, subject, v)
	}
	if err := a.tellTrial(c.Format, subject, v, profile); err != nil || k == nil {
		return err
	}
	return k.keep(ctx, visitor, subject, v)
}

// openSetup is the configuration named, or the one that is simulated, or the
// built-in one, whose manners every request has.
func openSetup(config string, simulated simulateFlag) (setup, error) {
	switch {
	case config != "":
		return loadSetup(config)
	case simulated.Simulate != "":
		return loadSetup(demoConfig)
	}
	return loadSetup("yangquan")
}

// subject is the target with the recipe by which it is read: the one given, its
// own, or none, so that the page itself must say what it is. The profile is that
// of its platform, where it is an account.
func (c tryCmd) subject(s setup, now time.Time) (inventory.Subject, inventory.PlatformProfile, error) {
	var profile inventory.PlatformProfile
	given, err := c.given()
	if err != nil {
		return inventory.Subject{}, profile, err
	}
	subject, known := find(s.city.Subjects(now), c.Target)
	switch {
	case known:
		profile, _ = profileOf(s.city, subject)
	default:
		if subject, err = stranger(c.Target); err != nil {
			return inventory.Subject{}, profile, err
		}
		subject.Task.Book = s.city.Book
		if given == (extract.Recipe{}) {
			subject, profile, _ = ofPlatform(s.city, subject)
		}
	}
	if given != (extract.Recipe{}) {
		subject.Task.Recipe, subject.Task.Method = given.Over(subject.Task.Recipe), "recipe"
	}
	if err := subject.Task.Recipe.Validate(); err != nil {
		return inventory.Subject{}, profile, fmt.Errorf("recipe: %w", err)
	}
	return subject, profile, nil
}

// unknown reports whether nobody has said what a subject is: neither the
// configuration, nor a recipe, nor the platform whose address it is.
func (c tryCmd) unknown(s setup, subject inventory.Subject) bool {
	return subject.ID == c.Target && subject.Kind == inventory.KindColumn && subject.Carrier == "" &&
		subject.Task.Recipe == (extract.Recipe{}) && len(s.city.Platforms) > 0
}

// given is the recipe of the command line.
func (c tryCmd) given() (extract.Recipe, error) {
	r := extract.Recipe{
		List: c.List, Item: c.Item, Title: c.Title, Link: c.Link, Date: c.Date, DateFormat: c.DateFormat, Empty: c.Empty,
		Source: extract.Source(c.Source),
	}
	if c.Recipe == "" {
		return r, nil
	}
	data, err := os.ReadFile(c.Recipe)
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("recipe %s: no such file", c.Recipe)
	} else if err != nil {
		return r, fmt.Errorf("recipe: %w", err)
	}
	if p := inventory.CheckYAML(data); p != nil {
		p.File = c.Recipe
		return r, errors.New(p.String())
	}
	var file extract.Recipe
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return r, fmt.Errorf("recipe %s: %s", c.Recipe, strings.TrimSpace(yaml.FormatError(err, false, false)))
	}
	return r.Over(file), nil
}

// find looks a target up among the subjects, by ID or by address.
func find(subjects []inventory.Subject, target string) (inventory.Subject, bool) {
	i := slices.IndexFunc(subjects, func(s inventory.Subject) bool {
		return s.ID == target || slices.Contains(s.Task.URLs, target)
	})
	if i < 0 {
		return inventory.Subject{}, false
	}
	return subjects[i], true
}

// stranger makes a subject of an address nobody has configured.
func stranger(target string) (inventory.Subject, error) {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return inventory.Subject{}, fmt.Errorf("%s: no such subject, and no address: give http://… or an id like fgw/tzgg with --config", target)
	}
	return inventory.Subject{
		ID: target, Kind: inventory.KindColumn, Host: strings.ToLower(u.Host),
		Task: extract.Task{Question: extract.AskNewest, URLs: []string{target}},
	}, nil
}

// visit visits one subject.
func visit(ctx context.Context, visitor patrol.Visitor, s inventory.Subject) (v crawler.Visit, err error) {
	err = visitor.Crawl(ctx, crawler.Job{Host: s.Host, Subjects: []inventory.Subject{s}, Fresh: true}, func(got crawler.Visit) error {
		v = got
		return nil
	})
	if err != nil {
		return v, fmt.Errorf("try %s: %w", s.ID, err)
	}
	return v, nil
}

// forgetful is a memory of nothing.
type forgetful struct{}

func (forgetful) Prior(string) (crawler.Visit, bool, error) { return crawler.Visit{}, false, nil }

func (forgetful) Reading(sha string) (extract.Reading, error) {
	return extract.Reading{}, fmt.Errorf("reading %s: nothing is kept", sha)
}

func (forgetful) Body(sha string) ([]byte, error) {
	return nil, fmt.Errorf("body %s: nothing is kept", sha)
}
