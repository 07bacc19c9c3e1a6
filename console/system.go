package console

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

var systemRoutes = []Route{
	{"GET", "/system", people.Oversee, (*Console).system},
	{"GET", "/system/rules", people.See, (*Console).ruleSet},
	{"GET", "/system/unconfirmed", people.Oversee, (*Console).unconfirmed},
	{"POST", "/system/backups", people.Administer, (*Console).backUp},
	{"POST", "/system/backups/verify", people.Administer, (*Console).verifyBackup},
}

// System tells of the program itself.
type System interface {
	System() (SystemState, error)
}

// Backups make backups and read them again. Each returns at once; what came of it
// stands in [SystemState.Backups] afterwards.
type Backups interface {
	Make() error

	// Verify has a backup read whole, or returns store.ErrNotFound.
	Verify(name string) error
}

// A SystemState is how the program stands.
type SystemState struct {
	Version string
	Started time.Time
	Alerts  []Alert // what lasts first
	Jobs    []Job
	Config  ConfigState
	Set     *rules.RuleSet   // in force
	Sets    []*rules.RuleSet // all of the configuration
	Store   store.Stats
	Disks   []Disk
	Keep    int // days that snapshots are kept, 0 for ever

	Backups   []Backup // the newest first
	BackupDir string
	Making    bool // one is being made or read
}

// Others is how many rule sets the configuration has besides that in force.
func (s SystemState) Others() int { return max(0, len(s.Sets)-1) }

// An Alert is what is amiss with the program itself.
type Alert struct {
	Kind             string
	Since, Until     time.Time // Until is zero while it lasts
	Chinese, English string
}

// Lasting is how much is amiss now.
func (s SystemState) Lasting() (n int) {
	for _, a := range s.Alerts {
		if a.Until.IsZero() {
			n++
		}
	}
	return n
}

// A Job is something done on schedule.
type Job struct {
	Name    string // round, backup, tidy, probes
	Line    string // of cron, "" for never
	Next    time.Time
	Began   time.Time
	Ended   time.Time
	Good    time.Time
	Error   string
	Running bool
}

// A ConfigState is how the configuration stands.
type ConfigState struct {
	Folder string // or the name of a built-in one
	Digest string
	Since  time.Time // in force since
	Units  int
	Sites  int

	// Refused is why the files as they stand are not in force, "" if they are, and
	// Mistakes where.
	Refused  string
	Mistakes []Mistake

	Unconfirmed []inventory.Unsure
}

// A Mistake is one of a configuration file.
type Mistake struct {
	File         string
	Line, Column int
	Message      string
	Hint         string
	Text         string // of the line
}

// In is the mistake with its words in a language.
func (m Mistake) In(lang string) Mistake {
	p := inventory.Problem{Message: m.Message, Hint: m.Hint}.In(lang)
	m.Message, m.Hint = p.Message, p.Hint
	return m
}

// A Disk is room that is left.
type Disk struct {
	Path        string
	Free, Total uint64
}

// A Backup is one file.
type Backup struct {
	Name     string
	At       time.Time
	Bytes    int64
	Verified time.Time // last, beyond when it was made; zero for never
	Broken   string    // what was then found, "" if it is sound
}

// state is how the program stands.
func (c *Console) state() (SystemState, error) {
	if c.System == nil {
		return SystemState{}, errNoDaemon()
	}
	return c.System.System()
}

// system shows how the program stands.
func (c *Console) system(w http.ResponseWriter, q *request) error {
	var s SystemState
	if c.System != nil {
		var err error
		if s, err = c.System.System(); err != nil {
			return err
		}
	}
	return c.render(w, q, http.StatusOK, "system", s)
}

// An unsure is what nobody could confirm of one file and one sort, by where it stands.
type unsure struct {
	File, What string
	Lines      []string
	Doubt      bool // the program doubts it; else the configuration says so itself
}

// unsures groups what is unconfirmed by file and what it is, in a language.
func unsures(facts []inventory.Unsure, lang string) []unsure {
	var all []unsure
	at := map[[2]string]int{}
	for _, fact := range facts {
		fact = fact.In(lang)
		i, ok := at[[2]string{fact.File, fact.What}]
		if !ok {
			i = len(all)
			at[[2]string{fact.File, fact.What}], all = i, append(all, unsure{File: fact.File, What: fact.What, Doubt: fact.Doubt})
		}
		if fact.Line > 0 {
			all[i].Lines = append(all[i].Lines, strconv.Itoa(fact.Line))
		}
	}
	return all
}

func (q *request) unsureSheet(all []unsure) sheet.Table {
	t := sheet.Table{Name: q.say("未经确认的内容", "unconfirmed"), Head: []string{q.say("文件", "File"), q.say("行", "Line"), q.say("内容", "What")}}
	for _, u := range all {
		t.Rows = append(t.Rows, []string{u.File, strings.Join(u.Lines, " "), u.What})
	}
	return t
}

// unconfirmed lists what nobody could confirm of the configuration.
func (c *Console) unconfirmed(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	s, err := c.state()
	if err != nil {
		return err
	}
	all := unsures(s.Config.Unconfirmed, q.lang)
	if format != "" {
		return c.export(w, q, format, q.unsureSheet(all))
	}
	p := struct {
		Total int
		List  listing
		Rows  []unsure
	}{Total: len(s.Config.Unconfirmed)}
	if p.List, err = q.listing("file"); err != nil {
		return err
	}
	p.Rows = cut(&p.List, all)
	return c.render(w, q, http.StatusOK, "unconfirmed", p)
}

// backUp has a backup made.
func (c *Console) backUp(w http.ResponseWriter, q *request) error {
	if err := c.makeBackup(q); err != nil {
		return err
	}
	return c.done(w, q, "/system", "已开始备份，完成并核验后列在下面", "The backup begins; it is listed below once it is made and verified")
}

func (c *Console) makeBackup(q *request) error {
	if c.Backups == nil {
		return errNoDaemon()
	}
	return told(c.Backups.Make())
}

// readBackup has a backup read again.
func (c *Console) readBackup(q *request, name string) error {
	if c.Backups == nil {
		return errNoDaemon()
	}
	err := c.Backups.Verify(name)
	if errors.Is(err, store.ErrNotFound) {
		return refuse(http.StatusNotFound, "没有这份备份；可能已轮换删除", "there is no such backup; it may have given way to newer ones")
	}
	return told(err)
}

// verifyBackup has a backup read again.
func (c *Console) verifyBackup(w http.ResponseWriter, q *request) error {
	form, err := q.form()
	if err == nil {
		err = c.readBackup(q, form.Get("name"))
	}
	if err != nil {
		return err
	}
	return c.done(w, q, "/system", "已开始核验，结果稍后列在下面", "The backup is being read; what comes of it is listed below")
}

// jobWord names a job.
func jobWord(name, lang string) string {
	say := sayer(lang)
	switch name {
	case "round":
		return say("巡查", "Round")
	case "backup":
		return say("备份", "Backup")
	case "tidy":
		return say("清理与压缩", "Tidying")
	case "probes":
		return say("首页访问", "Visits of home pages")
	}
	return name
}

// alertWord names what is amiss.
func alertWord(kind, lang string) string {
	say := sayer(lang)
	for _, k := range []struct{ kind, zh, en string }{
		{"no-round", "久未巡查", "No round"},
		{"coverage", "监测覆盖不足", "Coverage"},
		{"clock", "系统时间可疑", "Clock suspect"},
		{"disk-low", "磁盘空间不足", "Disk low"},
		{"backup-stale", "备份过期", "Backup stale"},
		{"adapter-down", "平台无法读取", "Platform not read"},
		{"storage-full", "磁盘已满", "Storage full"},
		{"config", "配置有错误", "Configuration"},
		{"network", "本机网络异常", "Our network"},
	} {
		if k.kind == kind {
			return say(k.zh, k.en)
		}
	}
	return kind
}

// sizeWord is a number of bytes as people say it: 1.5 GB.
func sizeWord(bytes any) string {
	var n float64
	switch b := bytes.(type) {
	case int:
		n = float64(b)
	case int64:
		n = float64(b)
	case uint64:
		n = float64(b)
	}
	unit := 0
	for n >= 1024 && unit < 4 {
		n, unit = n/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%.0f B", n)
	}
	return fmt.Sprintf("%.1f %cB", n, "KMGT"[unit-1])
}
