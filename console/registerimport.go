package console

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"xuncha/cases"
	"xuncha/inventory"
	"xuncha/registers"
	"xuncha/store"
)

// An importPage is a list on its way into a register.
type importPage struct {
	Kind     registers.Kind
	Word     string
	Head     []string
	File     string
	Token    string // of what was checked and waits to be taken in
	Whole    bool
	Would    *store.Import
	Mistakes []registers.Mistake
	More     int // mistakes that are not shown
	Wrong    string
}

// shownMistakes is how many mistakes a page lists.
const shownMistakes = 200

// importPage is the form by which a list is sent.
func (c *Console) importPage(w http.ResponseWriter, q *request) error {
	kind, err := q.registerKind()
	if err != nil {
		return err
	}
	return c.renderImport(w, q, http.StatusOK, &importPage{Kind: kind})
}

func (c *Console) renderImport(w http.ResponseWriter, q *request, status int, p *importPage) error {
	p.Word, p.Head = registerWord(p.Kind, q.lang), registers.Table(p.Kind, nil, &inventory.City{}).Head
	return c.render(w, q, status, "register-import", p)
}

// importForm reads the form of a register's import.
func (c *Console) importForm(q *request) (kind registers.Kind, s sent, err error) {
	if kind, err = q.registerKind(); err != nil {
		return kind, s, err
	}
	if c.Registers == nil {
		return kind, s, notThere()
	}
	s, err = c.form(q)
	return kind, s, err
}

// checkImport says what taking a list in would do, and writes nothing.
func (c *Console) checkImport(w http.ResponseWriter, q *request) error {
	kind, s, err := c.importForm(q)
	if err != nil {
		return err
	}
	f, err := s.one("file")
	if err != nil {
		return err
	}
	p := &importPage{Kind: kind, File: f.name}
	if p.Whole, err = s.ticked("whole"); err != nil {
		return err
	}
	would, mistakes, err := c.Registers.Import(store.Import{Kind: kind, At: c.Now(), File: f.name, Whole: p.Whole}, f.data, true)
	if refused, ok := told(err).(*refusal); ok {
		p.Wrong = q.say(refused.chinese, refused.english)
		return c.renderImport(w, q, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		p.Mistakes, p.More = mistakes[:min(len(mistakes), shownMistakes)], max(0, len(mistakes)-shownMistakes)
		return c.renderImport(w, q, http.StatusUnprocessableEntity, p)
	}
	p.Would = &would
	p.Token = c.waiting.put(q.user.Name, kind, f, p.Whole, c.Now())
	return c.renderImport(w, q, http.StatusOK, p)
}

// takeImport takes a list in that was checked before.
func (c *Console) takeImport(w http.ResponseWriter, q *request) error {
	kind, s, err := c.importForm(q)
	if err != nil {
		return err
	}
	list, ok := c.waiting.take(s.text("token"), q.user.Name, kind, c.Now())
	if !ok {
		return refuse(http.StatusConflict, "检查过的文件已不在；请重新上传并检查", "the list that was checked is no longer there; send it again")
	}
	i, mistakes, err := c.takeIn(q, kind, list.file, list.whole)
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		p := &importPage{Kind: kind, File: list.name, Whole: list.whole, Mistakes: mistakes[:min(len(mistakes), shownMistakes)], More: max(0, len(mistakes)-shownMistakes)}
		return c.renderImport(w, q, http.StatusUnprocessableEntity, p)
	}
	return c.done(w, q, "/registers/"+string(kind),
		fmt.Sprintf("已导入：新增 %d 行，变更 %d 行，相同 %d 行，删去 %d 行", i.Added, i.Changed, i.Same, i.Gone),
		fmt.Sprintf("Taken in: added %d, changed %d, same %d, taken away %d", i.Added, i.Changed, i.Same, i.Gone))
}

// takeIn takes a list into a register, once that is noted.
func (c *Console) takeIn(q *request, kind registers.Kind, f file, whole bool) (store.Import, []registers.Mistake, error) {
	persons := q.persons()
	by := q.user.Name
	if len(persons) > 0 {
		by = persons[0].Name
	}
	if err := c.log(q, didImport, string(kind), f.name); err != nil {
		return store.Import{}, nil, err
	}
	i, mistakes, err := c.Registers.Import(store.Import{Kind: kind, At: c.Now(), By: by, File: f.name, Whole: whole}, f.data, false)
	return i, mistakes, told(err)
}

// waiting are lists that were checked and wait for their second click. They are
// kept in memory for a while, and no more of them than a bound.
type waiting struct {
	mu    sync.Mutex
	lists []waitingList // the oldest first
}

// A waitingList is one of them.
type waitingList struct {
	file
	token, user string
	kind        registers.Kind
	whole       bool
	since       time.Time
}

const (
	waitsFor = time.Hour
	waitSize = 64 << 20 // bytes of all that wait
)

// put has a list wait and returns the word by which it is called for.
func (w *waiting) put(user string, kind registers.Kind, f file, whole bool, now time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := waitingList{file: f, user: user, kind: kind, whole: whole, since: now, token: cases.Attach(f.name, f.data).SHA256}
	w.lists = append(slices.DeleteFunc(w.lists, func(x waitingList) bool {
		return now.Sub(x.since) > waitsFor || x.token == l.token && x.user == user && x.kind == kind
	}), l)
	size := 0
	for _, x := range w.lists {
		size += len(x.data)
	}
	for len(w.lists) > 1 && size > waitSize {
		size -= len(w.lists[0].data)
		w.lists = slices.Delete(w.lists, 0, 1)
	}
	return l.token
}

// take returns a list that waits for a user, and lets go of it.
func (w *waiting) take(token, user string, kind registers.Kind, now time.Time) (waitingList, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.lists, func(x waitingList) bool {
		return x.token == token && x.user == user && x.kind == kind && now.Sub(x.since) <= waitsFor
	})
	if i < 0 {
		return waitingList{}, false
	}
	l := w.lists[i]
	w.lists = slices.Delete(w.lists, i, i+1)
	return l, true
}
