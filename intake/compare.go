package intake

import (
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/rules"
)

// A Verdict is how what three sources say of one thing agrees.
type Verdict string

// The verdicts.
const (
	Agrees      Verdict = "一致"
	Registered  Verdict = "登记不一致" // the system and the inventory say different things
	Shown       Verdict = "显示不一致" // the site or the platform shows another
	NotInSystem Verdict = "系统中无"
	NotInList   Verdict = "清单中无"
	NotSeen     Verdict = "未能监测" // what is registered agrees, and what is shown could not be read
)

// A Line is one thing of one subject: what the reporting system, the inventory
// and the site or platform itself say of it.
type Line struct {
	Subject   string  `json:"subject"` // ID; of what the inventory lacks, its code
	Name      string  `json:"name"`
	Item      string  `json:"item"`
	System    string  `json:"system"`
	Inventory string  `json:"inventory"`
	Shown     string  `json:"shown"`
	Verdict   Verdict `json:"verdict"`
	Row       int     `json:"row,omitempty"` // of the system's list
}

// A Checklist is 报送系统核对表.
type Checklist struct {
	Lines    []Line          `json:"lines"`
	Counts   map[Verdict]int `json:"counts"`
	Mistakes []Mistake       `json:"mistakes"` // cells that could not be read
}

// Compare holds the reporting system's lists of sites and accounts against the
// inventory and against what was seen, nil where nothing was. Of what was not
// seen nothing is said but that.
func Compare(files []inventory.File, books []*sheet.Book, opts Options, seen *rules.Result) (*Checklist, error) {
	city, err := inventory.Parse(files)
	if err != nil {
		return nil, err
	}
	t := &taking{opts: opts, plan: &Plan{Rows: map[Kind]int{}}, files: files, nears: map[string]string{}}
	tables := findTables(books, opts, &t.sink)
	if err := t.learn(city); err != nil {
		return nil, err
	}
	t.scanStems(nil)
	c := &checker{t: t, list: &Checklist{Counts: map[Verdict]int{}}, seen: seen}
	for _, k := range []Kind{Sites, Accounts} {
		var lists []*table
		for _, one := range tables {
			if one.kind == k {
				lists = append(lists, one)
			}
		}
		switch {
		case len(lists) == 0:
		case k == Sites:
			c.sites(t.readSites(lists))
		default:
			c.accounts(t.readAccounts(lists))
		}
	}
	c.list.Mistakes = t.sink.mistakes
	return c.list, nil
}

// A checker fills a checklist.
type checker struct {
	t    *taking
	list *Checklist
	seen *rules.Result
}

// add notes a line.
func (c *checker) add(l Line) {
	c.list.Lines = append(c.list.Lines, l)
	c.list.Counts[l.Verdict]++
}

// An item is one thing that is compared. Shown is "" where nobody reads it.
type item struct {
	name, key        string
	system, own      string
	shown            string
	readable, differ bool // the thing can be seen; what is seen is another
}

// notSeen stands in the place of what could not be seen.
const notSeen = string(NotSeen)

// judge gives an item its verdict.
func (c *checker) judge(e *entry, id, name string, it item) {
	l := Line{Subject: id, Name: name, Item: it.name, System: it.system, Inventory: it.own, Shown: it.shown, Verdict: Agrees, Row: e.row.r.Number}
	_, said := e.keys[it.key]
	switch {
	case said && !same(it.key, it.own, it.system):
		l.Verdict = Registered
	case it.differ:
		l.Verdict = Shown
	case it.readable && it.shown == "":
		l.Verdict = NotSeen
	}
	if it.shown == "" {
		l.Shown = notSeen
	}
	c.add(l)
}

// absent notes what one of the two registers lacks.
func (c *checker) absent(all []*entry, k Kind, prefix string) {
	matched := map[string]bool{}
	for _, e := range all {
		matched[e.old] = true
		if e.old == "" && e.id != "" && !e.closed {
			code := e.keys["code"]
			c.add(Line{Subject: prefix + code, Name: e.name, Item: codeTitle(k), System: code, Verdict: NotInList, Shown: notSeen, Row: e.row.r.Number})
		}
	}
	for _, l := range c.t.missing(k, nil, matched) {
		have := c.t.values(k, l.id)
		c.add(Line{Subject: prefix + l.id, Name: l.name, Item: codeTitle(k), Inventory: have["code"], Verdict: NotInSystem, Shown: notSeen})
	}
}

// codeTitle is what the code of a kind is called.
func codeTitle(k Kind) string { return titleOf(k, fCode) }

// sites compares sites.
func (c *checker) sites(all []*entry) {
	for _, e := range all {
		if e.old == "" {
			continue
		}
		have := c.t.values(Sites, e.old)
		look := c.home(e.old)
		url, differs := shownHome(have["home"], look)
		word := func(key string, values map[string]string) string {
			if key == "unit" {
				return exporter{c.t.city}.unit(values[key])
			}
			return values[key]
		}
		for _, it := range []item{
			{name: "网站标识码", key: "code"}, {name: "网站名称", key: "name"}, {name: "主办单位", key: "unit"},
			{name: "首页网址", key: "home", shown: url, readable: true, differ: differs},
		} {
			it.system, it.own = word(it.key, e.keys), word(it.key, have)
			c.judge(e, e.old, have["name"], it)
		}
		c.siteState(e, have["name"], url)
	}
	c.absent(all, Sites, "")
}

// siteState compares whether a site runs.
func (c *checker) siteState(e *entry, name, url string) {
	l := Line{Subject: e.old, Name: name, Item: "运行状态", System: e.row.text(fState), Inventory: "正常", Verdict: Agrees, Row: e.row.r.Number, Shown: notSeen}
	if url != "" {
		l.Shown = "可访问"
	}
	switch {
	case e.closed:
		l.Verdict = Registered
	case url == "":
		l.Verdict = NotSeen
	}
	c.add(l)
}

// home is the newest look at a site's home page.
func (c *checker) home(id string) *rules.Look {
	if c.seen == nil {
		return nil
	}
	for _, s := range c.seen.Sites {
		if s.Carrier.ID == id {
			return s.Look
		}
	}
	return nil
}

// shownHome is where a home page was found, "" where it was not, and whether that
// is on another host than is registered.
func shownHome(home string, look *rules.Look) (url string, differs bool) {
	if look == nil || home == "" {
		return "", false
	}
	for _, p := range look.Evidence {
		if p.Status < 200 || p.Status > 299 {
			continue
		}
		bare := func(address string) string { return strings.TrimPrefix(hostOf(address), "www.") }
		return p.URL, bare(p.URL) != bare(home)
	}
	return "", false
}

// accounts compares accounts.
func (c *checker) accounts(all []*entry) {
	results := map[string]rules.AccountResult{}
	if c.seen != nil {
		for _, a := range c.seen.Accounts {
			results[a.Account.Code] = a
		}
	}
	for _, e := range all {
		if e.old == "" {
			continue
		}
		have := c.t.values(Accounts, e.old)
		seen := results[e.old]
		owner := ""
		if seen.Look != nil {
			owner = seen.Look.Reading.Owner
		}
		state, differs := shownState(inventory.AccountState(have["state"]), seen)
		x := exporter{c.t.city}
		for _, it := range []item{
			{name: "账号名称", key: "name", shown: shownName(seen, have["name"]), readable: true, differ: shownName(seen, have["name"]) != "" && !same("name", seen.Observed, have["name"])},
			{name: "账号状态", key: "state", shown: state, readable: true, differ: differs},
			{name: "账号主体", key: "owner", shown: owner, differ: owner != "" && have["owner"] != "" && !same("owner", owner, have["owner"])},
			{name: "主页地址", key: "home"}, {name: "唯一标识", key: "uid"}, {name: "账号类型", key: "platform"}, {name: "主办单位", key: "unit"},
		} {
			it.system, it.own = e.keys[it.key], have[it.key]
			c.judgeWorded(e, have["name"], it, x)
		}
	}
	c.absent(all, Accounts, "account:")
}

// shownName is the name that the platform shows. A feed's title is its maker's:
// it may say the registered name and never another.
func shownName(seen rules.AccountResult, registered string) string {
	byFeed := seen.Named == nil || seen.Named.Reading.From == extract.FromFeed ||
		slices.ContainsFunc(seen.Named.Reading.Tries, func(t extract.Try) bool { return t.Kind == extract.FromFeed && t.Outcome != extract.Unread })
	if byFeed && !same("name", seen.Observed, registered) {
		return ""
	}
	return seen.Observed
}

// judgeWorded judges an item of an account and shows it in words.
func (c *checker) judgeWorded(e *entry, name string, it item, x exporter) {
	n := len(c.list.Lines)
	c.judge(e, "account:"+e.old, name, it)
	l := &c.list.Lines[n]
	switch it.key {
	case "platform":
		l.System, l.Inventory = platformWord(it.system), platformWord(it.own)
	case "unit":
		l.System, l.Inventory = x.unit(it.system), x.unit(it.own)
	}
}

// platformWord is platformName, and nothing for nothing.
func platformWord(p string) string {
	if p == "" {
		return ""
	}
	return platformName(inventory.Platform(p))
}

// shownState is what a platform shows of an account's state, "" where it was not
// seen, and whether that contradicts what is registered.
func shownState(registered inventory.AccountState, seen rules.AccountResult) (text string, differs bool) {
	if seen.Look == nil {
		return "", false
	}
	closed := slices.Contains([]inventory.AccountState{inventory.StateCancelled, inventory.StateOffline}, registered)
	words := map[extract.Hindrance]string{
		extract.HindNoUser: "用户不存在", extract.HindCancelled: "已注销", extract.HindBanned: "被封禁", extract.HindRecycled: "已被回收", extract.HindMoved: "已迁移",
	}
	r := seen.Look.Reading
	if text = words[r.Hindrance]; text != "" {
		agrees := closed || registered == inventory.StateFrozen && r.Hindrance == extract.HindBanned || registered == inventory.StateMoved && r.Hindrance == extract.HindMoved
		return text, !agrees
	}
	if r.Outcome == extract.Dated && !seen.Look.At.IsZero() {
		return "可见", closed
	}
	return "", false
}

// Table is the checklist as a table: all lines, or those that do not agree.
func (c *Checklist) Table(all bool) sheet.Table {
	t := sheet.Table{Name: "核对表", Head: []string{"对象", "名称", "项目", "报送系统", "本地清单", "实际显示", "结论", "系统表行号"}}
	for _, l := range c.Lines {
		if l.Verdict == Agrees && !all {
			continue
		}
		row := ""
		if l.Row > 0 {
			row = itoa(l.Row)
		}
		t.Rows = append(t.Rows, []string{l.Subject, l.Name, l.Item, l.System, l.Inventory, l.Shown, string(l.Verdict), row})
	}
	return t
}

// Differing are the lines that do not agree.
func (c *Checklist) Differing() []Line {
	return slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Verdict == Agrees })
}
