package console

import (
	archive "archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/internal/sheet"
	"xuncha/people"
	"xuncha/report"
)

// A NoticeOrder says which notice to make.
type NoticeOrder struct {
	Period    report.Period
	Point     time.Time // zero is the end of the newest round
	Final     bool
	Template  string    // "" is the city's
	Date, Due time.Time // zero leaves them open
	Number    string
}

// A NoticeMade is a notice in every format.
type NoticeMade struct {
	Files  []report.File
	Totals string // in one line, in Chinese
}

// A Blocking is what keeps a final notice from being made.
type Blocking struct {
	Subject string
	Finding string // ID of the case, "" for a verdict that nobody settled
	Name    string
	State   string
}

// A KeptNotice is one that was made and kept.
type KeptNotice struct {
	Number int
	At     time.Time
	By     string
	Period string
	Point  string
	Final  bool
	Totals string
	Files  []KeptFile
}

// A KeptFile is one file of it.
type KeptFile struct {
	Name, SHA256 string
	Size         int
}

// A NoticeCheck says whether a file of a notice can be made again.
type NoticeCheck struct {
	Period, Point string
	Final         bool
	Same          bool
	Differences   [][3]string // what, was, is; none where the file itself was changed
}

// A Wording is a template by which a notice may be worded.
type Wording struct{ ID, Name string } // Name is in Chinese

// Notices makes the notices of periods and the papers that follow them.
type Notices interface {
	// Make makes a notice, which takes seconds; the same again costs little. What keeps
	// a final one from being made is an error with a Chinese() sentence. Ready reports
	// whether it is at hand, and has it made meanwhile where it is not.
	Ready(o NoticeOrder) (bool, error)
	Make(ctx context.Context, o NoticeOrder) (NoticeMade, error)

	// Keep makes a notice, prints it where there is a browser, and keeps it.
	Keep(ctx context.Context, o NoticeOrder, by string, at time.Time) (KeptNotice, error)

	// Kept are those that were kept, the oldest first, and KeptFile one of their files.
	Kept() ([]KeptNotice, error)
	KeptFile(number int, name string) ([]byte, error)

	// Wordings are the templates that a notice may be worded by, the city's own first.
	Wordings() ([]Wording, error)

	// Blocking lists what keeps a final notice from being made. A reason that no
	// decision could remove is an error.
	Blocking(ctx context.Context, o NoticeOrder) ([]Blocking, error)

	// Paper makes a paper that follows a notice, as of a day.
	Paper(ctx context.Context, o NoticeOrder, kind string, day time.Time) ([]report.File, error)

	// Verify makes a notice again by what a file of it, or the summary beside it,
	// says, and compares.
	Verify(ctx context.Context, name string, data, summary []byte) (NoticeCheck, error)
}

var noticeRoutes = []Route{
	{"GET", "/notices", people.See, (*Console).notices},
	{"GET", "/notices/preview", people.See, (*Console).noticePreview},
	{"GET", "/notices/draft/{file}", people.See, (*Console).noticeDraft},
	{"POST", "/notices/draft", people.Propose, (*Console).keepDraft},
	{"POST", "/notices/final", people.Sign, (*Console).keepFinal},
	{"GET", "/notices/paper/{kind}", people.Propose, (*Console).noticePaper},
	{"GET", "/notices/made/{number}/{file}", people.See, (*Console).keptFile},
	{"GET", "/notices/verify", people.Propose, (*Console).verifyNotice},
	{"POST", "/notices/verify", people.Propose, (*Console).verifyNotice},
}

// A paperKind is a paper that follows a notice.
type paperKind struct{ ID, zh, en string }

// paperKinds are the papers, as package notice names them.
var paperKinds = []paperKind{
	{"order", "交办单", "orders, one a unit"}, {"reminder", "催办单", "reminders, one a unit"}, {"ledger", "整改台账", "ledger"},
	{"recheck", "复核报告", "report of re-checks"}, {"missing", "未报送名单", "who did not report"}, {"urge", "催报单（月报、自查）", "reminders of monthly papers, one a unit"}, {"brief", "领导一页纸", "one page for the leader"},
}

// Word is what a paper is called.
func (p paperKind) Word(lang string) string { return sayer(lang)(p.zh, p.en) }

// A noticesPage is where notices are made.
type noticesPage struct {
	Periods   []string
	Points    []point
	Templates []option
	Order     NoticeOrder
	Asked     url.Values // the order as an address
	Typed     url.Values // as typed, where it was refused
	Refused   string

	Ready  bool   // the preview is at hand; else it is being made
	Failed string // why it was not made

	Unsettled []Blocking
	Blocked   string // a reason that no decision could remove
	Counted   int
	Waiting   int
	Remark    time.Time // the point of the findings, where another is chosen

	Papers []paperKind
	Kept   []KeptNotice
	List   listing // of Kept
	MayFin bool
}

// URL is an address below /notices that is about the same order.
func (p noticesPage) URL(parts ...string) string {
	return "/notices/" + strings.Join(parts, "/") + "?" + p.Asked.Encode()
}

// Value is a field of the order as it was asked for, or as typed before it was refused.
func (p noticesPage) Value(name string) string {
	if p.Typed != nil {
		return p.Typed.Get(name)
	}
	return p.Asked.Get(name)
}

// whole refuses whoever does not see the whole city: a notice tells of all units.
func (q *request) whole() error {
	if q.user.Everywhere() {
		return nil
	}
	return refuse(http.StatusForbidden, "通报涉及全部单位，不在您的范围内；印发后请看收到的文件", "a notice tells of all units and is not yours to see; look at what was sent to you")
}

// notices shows what a notice would say, what keeps it from being final, and those
// that were made.
func (c *Console) notices(w http.ResponseWriter, q *request) error {
	return c.renderNotices(w, q, q.URL.Query(), nil)
}

// renderNotices shows the notice that some values ask for, with why they were refused.
// Where they make no order, the page is about the usual one, and they stand in its
// form to be corrected.
func (c *Console) renderNotices(w http.ResponseWriter, q *request, values url.Values, why *refusal) error {
	if err := q.whole(); err != nil {
		return err
	}
	format, err := q.wants()
	if err != nil {
		return err
	}
	if c.Notices == nil || q.board == nil {
		return c.render(w, q, http.StatusOK, "notices", (*noticesPage)(nil))
	}
	o, err := c.order(q, values)
	if refused, ok := err.(*refusal); ok && (sent{Values: values}).check() == nil {
		why = refused
		o, err = c.order(q, url.Values{})
	}
	if err != nil {
		return err
	}
	p, err := c.ordered(q, o)
	if err != nil {
		return err
	}
	if p.List, err = q.listing(keptSorts...); err != nil {
		return err
	}
	kept, err := c.Notices.Kept()
	if err != nil {
		return err
	}
	sortKept(kept, p.List)
	if format != "" {
		return c.export(w, q, format, q.keptSheet(kept))
	}
	p.Kept = cut(&p.List, kept)
	status := http.StatusOK
	if why != nil {
		status, p.Typed, p.Refused = why.status, values, q.say(why.chinese, why.english)
	}
	return c.render(w, q, status, "notices", p)
}

// keptSorts are the ways to sort notices that were kept, the usual one first.
var keptSorts = []string{"-number", "number", "period", "kind", "made"}

func sortKept(kept []KeptNotice, l listing) {
	slices.SortStableFunc(kept, func(a, b KeptNotice) int {
		if l.Desc {
			a, b = b, a
		}
		n := 0
		switch l.Sort {
		case "period":
			n = cmp.Compare(a.Period, b.Period)
		case "made":
			n = a.At.Compare(b.At)
		case "kind":
			if a.Final != b.Final {
				n = -1
				if a.Final {
					n = 1
				}
			}
		}
		return cmp.Or(n, a.Number-b.Number)
	})
}

// keptSheet is a line for each file: its digest is what one looks for.
func (q *request) keptSheet(kept []KeptNotice) sheet.Table {
	t := sheet.Table{Name: q.say("已生成的通报", "notices"), Head: []string{
		q.say("编号", "No."), q.say("检查期", "Period"), q.say("监测时间点", "Monitoring point"), q.say("种类", "Kind"), q.say("生成", "Made"), q.say("生成人", "By"),
		q.say("情况", "Totals"), q.say("文件", "File"), q.say("校验值", "Digest"),
	}}
	for _, k := range kept {
		kind := q.say("初稿", "draft")
		if k.Final {
			kind = q.say("定稿", "final")
		}
		for _, f := range k.Files {
			t.Rows = append(t.Rows, []string{strconv.Itoa(k.Number), k.Period, k.Point, kind, stamp(k.At, time.DateTime), k.By, totalsWord(k.Totals, q.lang), f.Name, f.SHA256})
		}
	}
	return t
}

// ordered says of an order what keeps it from being final, and what may be chosen
// instead.
func (c *Console) ordered(q *request, o NoticeOrder) (*noticesPage, error) {
	p := &noticesPage{
		Periods: q.periods(), Points: q.points(), Order: o, Asked: o.values(), Papers: paperKinds,
		MayFin: q.user.May(people.Sign),
	}
	if t := o.Point; !t.IsZero() && !slices.ContainsFunc(p.Points, func(x point) bool { return x.Value == t.Format(time.RFC3339) }) {
		p.Points = append([]point{{t.Format(time.RFC3339), stamp(t, "2006-01-02 15:04")}}, p.Points...)
	}
	if at := q.pointOfBook(o.Period.String()); !at.IsZero() && !at.Equal(o.Point) {
		p.Remark = at
	}
	for _, x := range q.book().In(o.Period.String()) {
		if x.Counted() {
			p.Counted++
		}
		if x.Pending != nil {
			p.Waiting++
		}
	}
	var err error
	if p.Templates, err = c.templates(q); err != nil {
		return nil, err
	}
	p.Unsettled, err = c.Notices.Blocking(q.Context(), o)
	if p.Blocked, err = q.sentenceOf(err); err != nil {
		return nil, err
	}
	p.Ready, err = c.Notices.Ready(o)
	p.Failed, err = q.sentenceOf(err)
	return p, err
}

// sentenceOf is what a refusal says, "" for none; what is no refusal stays an error.
func (q *request) sentenceOf(err error) (string, error) {
	switch told := told(err).(type) {
	case nil:
		return "", nil
	case *refusal:
		return q.say(told.chinese, told.english), nil
	}
	return "", err
}

// made is the notice of an address.
func (c *Console) made(q *request, values url.Values) (NoticeMade, NoticeOrder, error) {
	if err := q.whole(); err != nil {
		return NoticeMade{}, NoticeOrder{}, err
	}
	if c.Notices == nil {
		return NoticeMade{}, NoticeOrder{}, notThere()
	}
	o, err := c.order(q, values)
	if err != nil {
		return NoticeMade{}, o, err
	}
	m, err := c.Notices.Make(q.Context(), o)
	return m, o, told(err)
}

// noticePreview is the notice as a page, for a frame.
func (c *Console) noticePreview(w http.ResponseWriter, q *request) error {
	m, _, err := c.made(q, q.URL.Query())
	if err != nil {
		return err
	}
	for _, f := range m.Files {
		if f.Name == "notice.html" {
			sandboxed(w, q, f.Data)
			return nil
		}
	}
	return noFile()
}

func noFile() error {
	return refuse(http.StatusNotFound, "没有这个文件；请回到“通报”页，从列出的文件中下载", "there is no such file; choose one of those that the page of notices lists")
}

// noticeDraft hands out a file of a draft that was not kept; all.zip is all of them.
func (c *Console) noticeDraft(w http.ResponseWriter, q *request) error {
	m, o, err := c.made(q, q.URL.Query())
	if err != nil {
		return err
	}
	return handOut(w, q, q.PathValue("file"), o.Period.String()+"-初稿-", m.Files)
}

// handOut answers with one file of several, or with all of them as a ZIP.
func handOut(w http.ResponseWriter, q *request, name, prefix string, files []report.File) error {
	if name == "all.zip" {
		data, err := zipped(files)
		if err == nil {
			download(w, q, prefix+"全部.zip", data)
		}
		return err
	}
	for _, f := range files {
		if f.Name == name {
			download(w, q, prefix+f.Name, f.Data)
			return nil
		}
	}
	return noFile()
}

// zipped puts files into a ZIP.
func zipped(files []report.File) ([]byte, error) {
	var b bytes.Buffer
	z := archive.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// keepDraft makes a draft and keeps it.
func (c *Console) keepDraft(w http.ResponseWriter, q *request) error {
	return c.keepNotice(w, q, false)
}

// keepFinal makes the final notice, of what people have confirmed and nothing else.
func (c *Console) keepFinal(w http.ResponseWriter, q *request) error { return c.keepNotice(w, q, true) }

func (c *Console) keepNotice(w http.ResponseWriter, q *request, final bool) error {
	if err := q.whole(); err != nil {
		return err
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	k, o, what, err := c.keepOrdered(q, s.Values, final)
	if refused, ok := err.(*refusal); ok && c.Notices != nil && q.board != nil {
		return c.renderNotices(w, q.behind("/notices"), s.Values, refused)
	}
	if err != nil {
		return err
	}
	return c.done(w, q, "/notices?"+o.values().Encode()+"#made", fmt.Sprintf("%s已生成，编号 %d，校验值已留存", what, k.Number), fmt.Sprintf("The %s was made as number %d; its digests are kept", what, k.Number))
}

// keepOrdered makes the notice that some values ask for, and keeps it.
func (c *Console) keepOrdered(q *request, values url.Values, final bool) (k KeptNotice, o NoticeOrder, what string, err error) {
	if err = q.whole(); err != nil {
		return
	}
	if c.Notices == nil {
		return k, o, "", notThere()
	}
	if o, err = c.order(q, values); err != nil {
		return
	}
	o.Final = final
	what = q.say("初稿", "draft")
	if final {
		what = q.say("定稿", "final notice")
		if o.Date.IsZero() { // said before it is noted that one was made
			return k, o, what, refuse(http.StatusConflict, "定稿须有成文日期；请填写", "a final notice needs its day; name it")
		}
	}
	if err = c.log(q, didNotice, o.Period.String(), what); err != nil {
		return
	}
	persons := q.persons()
	by := q.user.Name
	if len(persons) > 0 {
		by = persons[len(persons)-1].String()
	}
	k, err = c.Notices.Keep(q.Context(), o, by, c.Now())
	return k, o, what, told(err)
}

// noticePaper makes a paper that follows a notice.
func (c *Console) noticePaper(w http.ResponseWriter, q *request) error {
	if err := q.whole(); err != nil {
		return err
	}
	if c.Notices == nil {
		return notThere()
	}
	o, err := c.order(q, q.URL.Query())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(paperKinds, func(p paperKind) bool { return p.ID == q.PathValue("kind") })
	if i < 0 {
		return refuse(http.StatusNotFound, "没有这种文书；请从“通报”页的“后续文书”中选择", "there is no such paper; choose one of those that the page of notices lists")
	}
	day, err := sent{Values: q.URL.Query()}.day("day", "文书日期", "the day of the paper")
	if err != nil {
		return err
	}
	if day.IsZero() {
		day = c.Now()
	}
	files, err := c.Notices.Paper(q.Context(), o, paperKinds[i].ID, day)
	if err != nil {
		return told(err)
	}
	name := paperKinds[i].zh + "-" + o.Period.String()
	if len(files) == 1 {
		download(w, q, name+files[0].Name[strings.LastIndexByte(files[0].Name, '.'):], files[0].Data)
		return nil
	}
	data, err := zipped(files)
	if err == nil {
		download(w, q, name+".zip", data)
	}
	return err
}
