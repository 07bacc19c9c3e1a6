package console

import (
	"cmp"
	"errors"
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
	"xuncha/report"
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

// roundPage is one round.
type roundPage struct {
	RoundSeen
	Running  bool
	Classes  []reasonCount
	Unread   []failedRow
	Only     extract.Reason // of Unread, "" for all
	List     listing        // of Unread
	Timeline timeline
	Slowest  []HostSpan
}

// A reasonCount is how many subjects were not read for one reason.
type reasonCount struct {
	Reason extract.Reason
	N      int
}

// A failedRow is a subject that was not read, as far as the user sees it.
type failedRow struct {
	board.Row
	RoundFailure
}

// slowestShown is how many hosts are named as the slowest.
const slowestShown = 10

// hasEnded reports whether a round is over, so that its page stays as it is.
func (c *Console) hasEnded(q *request) (state string, keep bool, err error) {
	u, running, _ := c.under()
	return "", !running || u.Round != "" && u.Round != q.PathValue("id"), nil
}

// round shows one round.
func (c *Console) round(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.roundOf(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	if p.List, err = q.listing("plan", "name", "unit", "reason"); err != nil {
		return err
	}
	q.sortFailed(p.Unread, p.List)
	switch {
	case format != "" && q.URL.Query().Get("table") == "hosts":
		return c.export(w, q, format, q.hostsSheet(p.Hosts))
	case format != "":
		return c.export(w, q, format, q.failedSheet(p.Unread))
	}
	p.Unread = cut(&p.List, p.Unread)
	return c.render(w, q, http.StatusOK, "round", p)
}

// sortFailed orders what was not read; "plan" leaves it as it was planned.
func (q *request) sortFailed(rows []failedRow, l listing) {
	units := q.comparison("unit")
	slices.SortStableFunc(rows, func(a, b failedRow) int {
		if l.Desc {
			a, b = b, a
		}
		switch l.Sort {
		case "name":
			return strings.Compare(a.Name, b.Name)
		case "unit":
			return units(a.Row, b.Row)
		case "reason":
			return slices.Index(reasons, a.RoundFailure.Reason) - slices.Index(reasons, b.RoundFailure.Reason)
		}
		return 0
	})
}

func (q *request) failedSheet(rows []failedRow) sheet.Table {
	t := sheet.Table{Name: q.say("未能监测的对象", "not-read"), Head: []string{q.say("对象", "Subject"), q.say("编号", "ID"), q.say("单位", "Unit"), q.say("原因", "Reason"), q.say("怎么办", "What to do"), q.say("技术详情", "Details")}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.Name, r.ID, unitName(q.board, r.Unit, q.lang), report.ReasonWord(r.RoundFailure.Reason, q.lang), nextStep(r.RoundFailure.Reason, q.lang), r.Detail})
	}
	return t
}

func (q *request) hostsSheet(hosts []HostSpan) sheet.Table {
	t := sheet.Table{Name: q.say("主机", "hosts"), Head: []string{
		q.say("主机", "Host"), q.say("开始", "Began"), q.say("结束", "Ended"), q.say("用时（秒）", "Took (seconds)"), q.say("对象", "Subjects"), q.say("未读出", "Not read"), q.say("第几遍", "Look"),
	}}
	for _, h := range hosts {
		took := ""
		if !h.Ended.IsZero() {
			took = strconv.FormatFloat(h.Took().Seconds(), 'f', 1, 64)
		}
		t.Rows = append(t.Rows, []string{h.Host, stamp(h.Began, time.DateTime), stamp(h.Ended, time.DateTime), took, strconv.Itoa(h.Subjects), strconv.Itoa(h.Failed), strconv.Itoa(h.Look)})
	}
	return t
}

// roundOf is one round with what became of its subjects, as far as the user sees
// them.
func (c *Console) roundOf(q *request, id string) (roundPage, error) {
	if c.Rounds == nil {
		return roundPage{}, errNoDaemon()
	}
	seen, err := c.Rounds.Round(id)
	if errors.Is(err, store.ErrNotFound) {
		return roundPage{}, refuse(http.StatusNotFound, "没有这个批次；请从“巡查批次”的列表中选择", "there is no such round; choose one from the list of rounds")
	}
	if err != nil {
		return roundPage{}, err
	}
	p := roundPage{RoundSeen: seen, Running: seen.State == store.Running}
	counts := map[extract.Reason]int{}
	for _, f := range seen.Failures {
		counts[f.Reason]++
	}
	only, err := q.choose("reason", q.say("原因", "Reason"), q.reasonOptions())
	if err != nil {
		return p, err
	}
	p.Only = extract.Reason(only.Value)
	for _, f := range seen.Failures {
		if r, err := q.row(f.Subject); err == nil && (p.Only == "" || f.Reason == p.Only) {
			p.Unread = append(p.Unread, failedRow{r, f})
		}
	}
	p.Classes = countReasons(counts)
	p.Timeline = newTimeline(seen.Hosts, seen.Started, cmp.Or(seen.Finished, q.now))
	p.Slowest = slowest(seen.Hosts)
	return p, nil
}

// countReasons lists reasons, the most frequent first.
func countReasons(counts map[extract.Reason]int) []reasonCount {
	var all []reasonCount
	for r, n := range counts {
		all = append(all, reasonCount{r, n})
	}
	slices.SortFunc(all, func(a, b reasonCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Reason, b.Reason)) })
	return all
}

// slowest are the hosts that took longest.
func slowest(hosts []HostSpan) []HostSpan {
	all := slices.Clone(hosts)
	slices.SortStableFunc(all, func(a, b HostSpan) int { return cmp.Compare(b.Took(), a.Took()) })
	return all[:min(len(all), slowestShown)]
}

// visitsPage is how a site's home page opened in the days before the point.
type visitsPage struct {
	Row    board.Row
	Access *rules.Access
	Days   []visitDay
	Shut   []rules.Probe
	Alone  bool // no other host bears witness, and nothing is judged
}

// A visitDay is one day of knocks.
type visitDay struct {
	Day                     time.Time
	Opened, Failed, NotMade int
}

// visitDays is how many days of knocks are shown.
const visitDays = 14

// visits shows the knocks at a site's home page.
func (c *Console) visits(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.visitsOf(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	switch {
	case format != "" && q.URL.Query().Get("table") == "shut":
		return c.export(w, q, format, q.shutSheet(p))
	case format != "":
		return c.export(w, q, format, q.visitsSheet(p))
	}
	return c.render(w, q, http.StatusOK, "visits", p)
}

func (q *request) visitsSheet(p visitsPage) sheet.Table {
	t := sheet.Table{Name: q.say("首页访问", "visits"), Head: []string{q.say("网站", "Site"), q.say("日期", "Day"), q.say("打开", "Opened"), q.say("未打开", "Not opened"), q.say("不计", "Not counted")}}
	for _, d := range p.Days {
		t.Rows = append(t.Rows, []string{p.Row.Name, stamp(d.Day, time.DateOnly), strconv.Itoa(d.Opened), strconv.Itoa(d.Failed), strconv.Itoa(d.NotMade)})
	}
	return t
}

func (q *request) shutSheet(p visitsPage) sheet.Table {
	t := sheet.Table{Name: q.say("未打开的访问", "not-opened"), Head: []string{q.say("网站", "Site"), q.say("时间", "When"), q.say("情况", "What came"), q.say("状态码", "Status"), q.say("历时（秒）", "Took (seconds)"), q.say("说明", "What it means"), q.say("技术详情", "Details")}}
	for _, k := range p.Shut {
		status := ""
		if k.Status != 0 {
			status = strconv.Itoa(k.Status)
		}
		t.Rows = append(t.Rows, []string{p.Row.Name, stamp(k.At, time.DateTime), cameWord(k.Class, q.lang), status, strconv.FormatFloat(k.Took.Seconds(), 'f', 1, 64), q.faultCell(k.Detail), k.Detail})
	}
	return t
}

// visitsOf are the knocks at a site's home page.
func (c *Console) visitsOf(q *request, id string) (visitsPage, error) {
	row, err := q.row(id)
	if err != nil {
		return visitsPage{}, err
	}
	today := extract.DayOf(c.Now())
	var probes []rules.Probe
	if c.Rounds != nil {
		if probes, err = c.Rounds.Visits(row.ID, today.AddDate(0, 0, 1-visitDays), today.AddDate(0, 0, 1)); err != nil {
			return visitsPage{}, err
		}
	}
	p := visitsPage{Row: row, Alone: !rules.Witnessed(q.board.City, row.ID)}
	if s := c.memo.digestOf(q.board).sites[row.ID]; s != nil {
		p.Access = s.Access
	}
	for n := range visitDays {
		p.Days = append(p.Days, visitDay{Day: today.AddDate(0, 0, -n)})
	}
	for _, k := range slices.Backward(probes) {
		d := &p.Days[int(today.Sub(extract.DayOf(k.At))/(24*time.Hour))]
		switch k.Came {
		case rules.Opened:
			d.Opened++
		case rules.Shut:
			d.Failed++
			p.Shut = append(p.Shut, k)
		default:
			d.NotMade++
		}
	}
	return p, nil
}
