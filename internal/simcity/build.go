package simcity

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"strings"

	"xuncha/inventory"
)

// builder turns an inventory and its facts into hosts.
type builder struct {
	city   *inventory.City
	facts  facts
	events []*event
	seed   uint64
	hosts  map[string]*host
	places map[string][]place // where an account's posts are seen, by its subject

	visitors *visitors
	skins    map[string]int // hosts so far of each family
	errs     []error
}

func (b *builder) build() error {
	b.skins, b.places, b.visitors = map[string]int{}, map[string][]place{}, &visitors{}
	for _, c := range b.city.Carriers {
		b.carrier(c)
	}
	for _, a := range b.city.Accounts {
		b.account(a)
	}
	for _, h := range b.hosts {
		h.watch(b.events)
		f := b.facts.hosts[h.name]
		if h.down = f.Down; f.Silent {
			h.everywhere = faultTimeout
		}
		if len(h.lists) > maxLists {
			b.errs = append(b.errs, fmt.Errorf("host %s: %d lists, want at most %d", h.name, len(h.lists), maxLists))
		}
	}
	return errors.Join(b.errs...)
}

// host returns the host with a name, made with a family's skin if it is new.
func (b *builder) host(name, title string, s *skin) *host {
	if h := b.hosts[name]; h != nil {
		return h
	}
	i := len(b.hosts)
	h := &host{
		name: name, title: title, skin: s, homePath: "/",
		byPath: map[string]*list{}, byDir: map[string]*list{},
		feeds: map[string]*account{}, accounts: map[string]*account{}, visitors: b.visitors,
		style: styleSheet(hash(name) ^ b.seed),
		look: look{
			charset: s.charsets[b.skins[s.name]%len(s.charsets)],
			gzip:    i%5 != 4, etag: i%3 == 0, lastMod: i%4 == 1, today: i%4 == 2, side: i%2 == 0, robots: i%6 != 5,
		},
	}
	b.skins[s.name]++
	b.hosts[name] = h
	return h
}

// carrier adds the hosts and lists of a carrier.
func (b *builder) carrier(c inventory.Carrier) {
	s := skinNamed(c.CMS)
	if s == nil {
		b.errs = append(b.errs, fmt.Errorf("carrier %s: no family %q to play; known are %s", c.ID, c.CMS, strings.Join(skinNames(), ", ")))
		return
	}
	name, home := pathOf(c.Home)
	h := b.host(name, c.Name, s)
	h.id, h.code, h.homePath, h.writer = c.ID, c.Code, home, b.writer(c.Unit)
	f := b.facts.subjects[c.ID]
	h.homeAs, h.fault = f.Newest, f.Unreadable
	if c.Kind == inventory.DisclosurePlatform {
		h.platform, h.look.etag, h.look.side, h.look.today = true, true, true, false // its pages change only with what they list
	}
	for _, col := range c.Columns {
		b.column(c, col, s)
	}
	for _, sec := range c.Sections {
		b.section(h, sec)
	}
}

// column adds the lists of a column to their hosts.
func (b *builder) column(c inventory.Carrier, col inventory.Column, s *skin) {
	f := b.fact(col.ID)
	key := hash(col.ID) ^ b.seed
	line := b.timeline(key, f, b.step(c, col, f, key))
	for i, address := range col.URLs {
		name, first := pathOf(address)
		h := b.host(name, c.Name, s)
		l := &list{
			id: col.ID, name: lastLevel(col.Name), class: col.Class, unit: col.Unit, path: first, dir: s.dir(first),
			line: line, nth: i, of: len(col.URLs), fault: f.Unreadable, writer: b.writer(col.Unit).saying(f.Titled), linked: f.Linked,
			filled: f.Rendered && s.name != "rss",
		}
		l.pinned = key%6 == 0 && col.Class != inventory.ClassProposals
		h.add(l)
	}
}

// fact returns what is special about a subject, with what events say of its
// publishing.
func (b *builder) fact(id string) fact {
	f, err := published(b.facts.subjects[id], id, b.events)
	if err != nil {
		b.errs = append(b.errs, err)
	}
	return f
}

// add gives a list its place on the host.
func (h *host) add(l *list) {
	l.index = len(h.lists)
	h.lists = append(h.lists, l)
	h.byPath[l.path] = l
	h.byDir[l.dir] = l
}

// step returns the days between two items of a column.
func (b *builder) step(c inventory.Carrier, col inventory.Column, f fact, key uint64) int {
	most := b.facts.cadence[col.Class]
	top, _, _ := strings.Cut(col.Name, "--")
	if c.Kind == inventory.DisclosurePlatform && (top == "工作动态" || top == "领导动态" || col.Name == "通知公告") {
		most = b.facts.disclosure
	}
	if f.Every > 0 {
		return f.Every
	}
	return within(most, key)
}

// within varies a number of days: between half of it and all of it.
func within(most int, key uint64) int {
	least := (most + 1) / 2
	return least + int((key>>20)%uint64(most-least+1))
}

// timeline lays out what a subject publishes.
func (b *builder) timeline(key uint64, f fact, step int) *timeline {
	const epoch = day(16801) // 2016-01-01
	first := epoch + day((key>>8)%700)
	t := &timeline{key: key}
	regular := func(last factDay) {
		start := min(first, last.day()-400)
		if f.OnlyYear {
			y := last.day().time()
			start = last.day() - day(y.YearDay()-1)
		}
		t.until(start, step, last.day())
	}
	switch {
	case f.Empty:
		return t
	case f.Newest.given():
		regular(f.Newest)
	case f.Items != nil:
		if f.Before.given() {
			regular(f.Before)
		}
		days := make([]day, len(f.Items))
		for i, d := range f.Items {
			days[i] = d.day()
		}
		t.on(days)
	case !f.From.given():
		t.from(first, step)
		return t
	}
	if f.From.given() {
		t.from(f.From.day(), step)
	}
	return t
}

// section adds a mandated section, unless the facts say that it is not there.
func (b *builder) section(h *host, sec inventory.Section) {
	f := b.facts.subjects[sec.ID]
	for _, address := range sec.Search {
		if name, p := pathOf(address); name == h.name && p != h.homePath {
			h.index = p
		}
	}
	if f.Absent {
		return
	}
	s := &section{name: sec.Spec.Name, path: h.skin.first("/" + path.Base(sec.ID) + "/"), on: h.homePath}
	if h.index != "" {
		s.on = h.index
	}
	if f.Called != "" {
		s.name = f.Called
	}
	for i, part := range sec.Spec.Parts {
		key := hash(sec.ID+part.Name) ^ b.seed
		name := part.Name
		if len(part.Synonyms) > 0 && key%3 == 0 {
			name = part.Synonyms[0]
		}
		p := h.skin.first(fmt.Sprintf("/%s/hy%d/", path.Base(sec.ID), i+1))
		l := &list{
			id: sec.ID, name: name, class: inventory.ClassMeeting, unit: sec.Unit, path: p, dir: h.skin.dir(p),
			line: b.timeline(key, fact{}, within(b.facts.cadence[inventory.ClassMeeting], key)), of: 1, writer: b.writer(sec.Unit),
		}
		h.add(l)
		s.parts = append(s.parts, l)
	}
	h.section = s
}

// account adds an account to the hosts of its platform and to those of its
// feeds.
func (b *builder) account(a inventory.Account) {
	f := b.fact(a.ID())
	key := hash(a.ID()) ^ b.seed
	step := f.Every
	if step == 0 {
		step = within(b.facts.posts, key)
	}
	one := &account{
		Account: a, shown: a.Name, owner: b.ownerOf(a, f), line: b.timeline(key, f, step), fault: f.Unreadable, writer: b.writer(a.Unit).saying(f.Titled),
		pinned: f.Pinned, closed: f.Closed,
	}
	if f.Renamed != "" {
		one.shown = f.Renamed
	}
	if f.ClosedOn.given() {
		one.closedOn = f.ClosedOn.day()
	}
	b.places[a.ID()] = []place{{known: one}}
	if a.UID != "" {
		b.posts(one)
	}
	for _, s := range a.Sources {
		if s.Kind == "feed" && s.URL != a.Feed {
			b.feed(one, s.URL, s.Whole != "newest")
		}
	}
	if a.Feed != "" {
		b.feed(one, a.Feed, !a.FeedWhole)
	}
}

// posts adds an account to the hosts of its platform.
func (b *builder) posts(one *account) {
	for _, m := range mediaOf(one.Platform) {
		h := b.host(m.host, m.host, skinNamed("rss"))
		h.medium, h.secure, h.accounts[one.UID] = &m, true, one
		if m.main && !(m.bound && one.Album == "") {
			b.places[one.ID()] = append(b.places[one.ID()], place{known: one, host: m.host, needs: m.needs, bound: m.bound})
		}
	}
}

// feed adds a feed of an account.
func (b *builder) feed(one *account, address string, bound bool) {
	name := hostOf(address)
	if b.hosts[name] == nil {
		b.host(name, name, skinNamed("rss")).medium = feedHost()
	}
	h := b.hosts[name]
	h.feeds[requestPath(address)] = one
	h.secure = h.secure || strings.HasPrefix(address, "https:")
	if !one.timeless(h) {
		b.places[one.ID()] = append(b.places[one.ID()], place{known: one, host: name, path: requestPath(address), bound: bound})
	}
}

// ownerOf returns the 认证主体 that a platform shows of an account.
func (b *builder) ownerOf(a inventory.Account, f fact) string {
	if f.Verified != "" {
		return f.Verified
	}
	if a.Owner != "" {
		return a.Owner
	}
	for _, u := range b.city.Units {
		if u.ID == a.Unit {
			return cmp.Or(u.FullName, u.Name)
		}
	}
	return ""
}

// writer returns the writer of a unit's titles.
func (b *builder) writer(unit string) writer {
	w := writer{unit: unit, city: "阳泉市"}
	for _, u := range b.city.Units {
		if u.ID == unit {
			w.unit = u.Name
			if len(u.Aliases) > 0 {
				w.unit = u.Aliases[0]
			}
		}
	}
	return w
}

// lastLevel returns 通知公告公示 of 工作动态--通知公告公示.
func lastLevel(name string) string {
	if i := strings.LastIndex(name, "--"); i >= 0 {
		return name[i+2:]
	}
	return name
}
