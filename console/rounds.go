package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

var roundRoutes = []Route{
	{"GET", "/rounds", people.Oversee, (*Console).rounds},
	{"POST", "/rounds", people.Patrol, (*Console).runNow},
	{"GET", "/rounds/live", people.Oversee, (*Console).follow},
	{"POST", "/rounds/again", people.Patrol, (*Console).lookAgain},
	{"POST", "/rounds/cancel", people.Patrol, (*Console).cancelRound},
	{"POST", "/rounds/withdraw", people.Patrol, (*Console).withdrawRound},
	{"GET", "/rounds/{id}", people.Oversee, ofBoardAnd((*Console).hasEnded, (*Console).round)},
	{"GET", "/sites/{id}/visits", people.See, (*Console).visits},
}

// Rounds tell of rounds and of the knocks between them.
type Rounds interface {
	// Rounds are all rounds, the one that began last first.
	Rounds() ([]Round, error)

	// Round is one with what became of its subjects, or store.ErrNotFound.
	Round(id string) (RoundSeen, error)

	// Visits are the knocks at a site's home page on the days from one on up to
	// another.
	Visits(site string, from, to time.Time) ([]rules.Probe, error)
}

// Patrols make rounds. Each returns at once; what is refused says why in both
// languages.
type Patrols interface {
	// Begin asks for a round over everything, or over the subjects that any of some
	// globs matches.
	Begin(by string, globs []string) error

	// Again asks for another look at subjects.
	Again(by string, ids []string) error

	// Cancel ends the round under way; ok is false if there is none.
	Cancel(by string) (ok bool)

	// Waiting are the rounds that were asked for and are not begun, in the order in
	// which they will be made. Withdraw takes one back; ok is false if it no longer
	// waits.
	Waiting() []WaitingRound
	Withdraw(by, id string) (ok bool, err error)
}

// A WaitingRound was asked for and is not begun.
type WaitingRound struct {
	ID     string
	By     string // who asked, "" for the schedule
	At     time.Time
	Chosen int // subjects, 0 for everything
}

// Progress tells of the round under way.
type Progress interface {
	// Under is how far it is; ok is false if there is none. Moved is closed when
	// there is news.
	Under() (u Under, ok bool, moved <-chan struct{})
}

// A Round is one round in the list.
type Round struct {
	store.Round
	By     string // who asked for it, "" for the schedule or a command
	Chosen bool   // of chosen subjects only
	Plan   int    // subjects planned
}

// A RoundSeen is a round with what became of its subjects.
type RoundSeen struct {
	Round
	Failures []RoundFailure // of the first looks
	Again    int            // second looks
	Hosts    []HostSpan     // in the order in which they were begun; none of a round that a command made
}

// A RoundFailure is a subject that was not read.
type RoundFailure struct {
	Subject string
	Reason  extract.Reason
	Detail  string
}

// A HostSpan is what a round spent on one host.
type HostSpan struct {
	Host         string
	Began, Ended time.Time // Ended is zero while it is visited
	Subjects     int
	Failed       int
	Look         int
}

// Took is how long the host was visited.
func (h HostSpan) Took() time.Duration {
	if h.Ended.IsZero() {
		return 0
	}
	return h.Ended.Sub(h.Began)
}

// An Under is the round under way.
type Under struct {
	Round         string // "" before its first snapshot
	By            string
	Chosen        bool
	Began         time.Time
	Planned, Done int
	Read, Unread  int
	Again         int
	Reasons       map[extract.Reason]int
	Hosts         []HostSpan
	Waiting       int       // rounds that wait
	HostsWaiting  int       // that nobody visits yet
	Paused        time.Time // since when it waits for room on the disk
	Stopping      bool
}

// roundsPage is the list of rounds.
type roundsPage struct {
	List   listing
	Rounds []Round
	Last   *Round     // that ended, nil for none
	Under  *underPage // nil where nothing is under way
	Queue  []WaitingRound
	Sites  []option // that can be chosen
}

// rounds lists the rounds.
func (c *Console) rounds(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	l, all, err := c.roundsAsked(q)
	if err != nil {
		return err
	}
	if format != "" {
		return c.export(w, q, format, q.roundsSheet(all))
	}
	p := roundsPage{List: l}
	for i, r := range all {
		if r.State == store.Finished && (p.Last == nil || r.Started.After(p.Last.Started)) {
			p.Last = &all[i]
		}
	}
	p.Rounds = cut(&p.List, all)
	if u, ok, _ := c.under(); ok {
		p.Under = newUnderPage(u, c.Now())
	}
	if c.Patrols != nil {
		p.Queue = c.Patrols.Waiting()
	}
	if q.board != nil {
		for _, s := range q.board.City.Sites() {
			p.Sites = append(p.Sites, option{Value: s.ID, Word: s.Name})
		}
	}
	return c.render(w, q, http.StatusOK, "rounds", p)
}

func (q *request) roundsSheet(rounds []Round) sheet.Table {
	t := sheet.Table{Name: q.say("巡查批次", "rounds"), Head: []string{
		q.say("批次", "Round"), q.say("开始", "Began"), q.say("结束", "Ended"), q.say("计划", "Planned"), q.say("读出", "Read"), q.say("未能监测", "Not read"), q.say("由谁发起", "Asked for by"),
	}}
	for _, r := range rounds {
		t.Rows = append(t.Rows, []string{
			r.ID, stamp(r.Started, time.DateTime), stamp(r.Finished, time.DateTime), strconv.Itoa(r.Plan), strconv.Itoa(r.Read), strconv.Itoa(r.Failed), cmp.Or(r.By, q.say("定时", "schedule")),
		})
	}
	return t
}

// roundsAsked are the rounds, in the order that an address asks for; none where no
// daemon runs.
func (c *Console) roundsAsked(q *request) (l listing, all []Round, err error) {
	if l, err = q.listing("-started", "started"); err != nil || c.Rounds == nil {
		return l, nil, err
	}
	if all, err = c.Rounds.Rounds(); err == nil && !l.Desc {
		slices.Reverse(all)
	}
	return l, all, err
}

// errNoDaemon is said where no daemon runs behind the pages.
func errNoDaemon() error {
	return refuse(http.StatusConflict, "演示中没有常驻巡查；请用 xuncha serve 启动", "the demonstration has no daemon; start one with xuncha serve")
}

// under is the round under way.
func (c *Console) under() (Under, bool, <-chan struct{}) {
	if c.Progress == nil {
		return Under{}, false, nil
	}
	return c.Progress.Under()
}

// runNow asks for a round over everything, or over what was chosen.
func (c *Console) runNow(w http.ResponseWriter, q *request) error {
	ids, err := q.chosen()
	if err != nil {
		return err
	}
	typed := strings.FieldsFunc(q.PostFormValue("only"), func(r rune) bool { return strings.ContainsRune(" ,，、\t\r\n", r) })
	zh, en, err := c.begin(q, ids, typed)
	if err != nil {
		return err
	}
	return c.done(w, q, "/rounds", zh, en)
}

// before is how many rounds a new one would wait for.
func (c *Console) before() (n int) {
	if _, under, _ := c.under(); under {
		n++
	}
	if c.Patrols != nil {
		n += len(c.Patrols.Waiting())
	}
	return n
}

// withdrawRound takes back a round that waits.
func (c *Console) withdrawRound(w http.ResponseWriter, q *request) error {
	s, err := q.form()
	if err != nil {
		return err
	}
	if err := c.withdraw(q, s.Get("id")); err != nil {
		return err
	}
	return c.done(w, q, "/rounds", withdrawn[0], withdrawn[1])
}

var withdrawn = [2]string{"已取消排队的这一批", "The waiting round was taken back"}

// withdraw takes back a round that waits.
func (c *Console) withdraw(q *request, id string) error {
	if c.Patrols == nil {
		return errNoDaemon()
	}
	switch ok, err := c.Patrols.Withdraw(q.fullName(), id); {
	case err != nil:
		return told(err)
	case !ok:
		return refuse(http.StatusConflict, "这一批已不在排队：它可能已开始或已取消；请刷新后查看", "the round no longer waits: it may have begun, or was taken back; look once more at those that wait")
	}
	c.did(q, "round.withdraw", id, "")
	return nil
}

// begin asks for a round over sites that were chosen and what some globs match, over
// everything where there are none of both. It says whether the round begins or waits.
func (c *Console) begin(q *request, ids, typed []string) (zh, en string, err error) {
	if c.Patrols == nil {
		return "", "", errNoDaemon()
	}
	var globs []string
	for _, id := range ids {
		if _, err := q.row(id); err != nil {
			return "", "", err
		}
		globs = append(globs, id, id+"/*")
	}
	if globs = append(globs, typed...); len(globs) > 2*maxChosen || slices.ContainsFunc(globs, func(g string) bool { return len(g) > maxText }) {
		return "", "", refuse(http.StatusBadRequest, "选择的对象太多或编号太长；请分几次，或巡查全部", "too much was chosen, or an ID is too long; do it in parts, or patrol everything")
	}
	before := c.before()
	if err := c.Patrols.Begin(q.fullName(), globs); err != nil {
		return "", "", told(err)
	}
	c.did(q, "round.begin", strings.Join(globs, " "), "")
	if before > 0 {
		return fmt.Sprintf("已排队，前面还有 %d 批；开始之前可以取消", before), fmt.Sprintf("The round waits behind %d; until it begins it can be taken back", before), nil
	}
	return "已开始巡查，进度见“巡查批次”", "The round begins; the rounds show how far it is", nil
}

// lookAgain asks for another look at subjects, and goes back to where it was asked.
func (c *Console) lookAgain(w http.ResponseWriter, q *request) error {
	ids, err := q.chosen()
	if err != nil {
		return err
	}
	if err := c.again(q, ids); err != nil {
		return err
	}
	return c.done(w, q, cmp.Or(q.PostFormValue("to"), "/rounds"), "已安排再看一次（选网站的，连同它的全部栏目），看完后本页的结果会更新",
		"Another look is on its way, of a site with all its columns; the page shows what comes of it afterwards")
}

// again asks for another look at subjects, each of which the user may see.
func (c *Console) again(q *request, ids []string) error {
	if c.Patrols == nil {
		return errNoDaemon()
	}
	if len(ids) == 0 {
		return refuse(http.StatusBadRequest, "没有选择对象；请先勾选", "nothing was chosen; mark some rows first")
	}
	whole := slices.Clone(ids)
	for _, id := range ids {
		row, err := q.row(id)
		if err != nil {
			return err
		}
		if row.Kind == inventory.KindSite {
			whole = append(whole, c.columnsOf(q, row)...)
		}
	}
	if err := c.Patrols.Again(q.fullName(), whole); err != nil {
		return told(err)
	}
	c.did(q, "round.again", strings.Join(ids[:min(len(ids), 20)], " "), "")
	return nil
}

// columnsOf are the columns and sections of a site: those on it, and those elsewhere
// that count to it.
func (c *Console) columnsOf(q *request, site board.Row) (ids []string) {
	d := c.memo.digestOf(q.board)
	for _, r := range q.rows(inventory.KindColumn, inventory.KindSection) {
		if r.Carrier == site.ID || d.countsTo(r.ID) == site.ID {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// cancelRound ends the round under way.
func (c *Console) cancelRound(w http.ResponseWriter, q *request) error {
	switch under, err := c.cancel(q); {
	case err != nil:
		return err
	case !under:
		return c.done(w, q, "/rounds", "没有正在进行的巡查，可能刚刚结束；请看下面最近一批", "No round is under way; it may just have ended: see the newest below")
	}
	return c.done(w, q, "/rounds", "正在取消；已留存的快照仍保留", "The round is being cancelled; what was kept stays")
}

// cancel ends the round under way; false says that there is none.
func (c *Console) cancel(q *request) (bool, error) {
	if c.Patrols == nil {
		return false, errNoDaemon()
	}
	if !c.Patrols.Cancel(q.fullName()) {
		return false, nil
	}
	c.did(q, "round.cancel", "", "")
	return true, nil
}
