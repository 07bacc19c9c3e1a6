package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"sync"
	"time"

	"xuncha/board"
)

// What is made of the board alone is made once for all who see the same of it: the
// answers of a board are kept until another takes its place, and no longer than a
// minute, since pages also say what day it is.
//
// Nothing of one user can reach another, whatever a route does: an answer is made
// for a request that is nobody's. Of who asks it has the roles, the unit and the
// rights, of the request the address and the language, and all that stands in the
// key. What is somebody's own, their name and what was just done for them, is in the
// frame of a page, which is made for each request.

// A made answer is finished but for the frame, if it is a page.
type made struct {
	status      int
	header      http.Header
	body        *piece // of a page what stands in its frame
	framed      bool
	title, head template.HTML
}

// maxMade bounds the bytes that are kept of answers: some hundred pages of lists.
const maxMade = 24 << 20

// mades keeps the answers made of one board in one minute.
type mades struct {
	mu     sync.Mutex // guards all below
	board  *board.Board
	minute time.Time
	kept   map[string]*making
	bytes  int
}

// A making is an answer that somebody makes and others wait for.
type making struct {
	once   sync.Once
	answer *made
	err    error
}

// errUnmade is what those get who waited for an answer whose making panicked.
var errUnmade = errors.New("the answer was not made")

// get returns the answer to what a key says, made now where it is not kept. One that
// fails, or for which there is no room, is made anew for whoever asks next.
func (s *mades) get(b *board.Board, now time.Time, key string, do func() (*made, error)) (*made, error) {
	m := s.begin(b, now.Truncate(time.Minute), key)
	m.once.Do(func() {
		m.err = errUnmade
		defer func() { s.end(key, m) }()
		m.answer, m.err = do()
	})
	return m.answer, m.err
}

func (s *mades) begin(b *board.Board, minute time.Time, key string) *making {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.board != b || !s.minute.Equal(minute) {
		s.board, s.minute, s.kept, s.bytes = b, minute, map[string]*making{}, 0
	}
	m := s.kept[key]
	if m == nil {
		m = &making{}
		s.kept[key] = m
	}
	return m
}

func (s *mades) end(key string, m *making) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[key] != m {
		return // of a board that is gone
	}
	size := len(key)
	if m.err == nil {
		size += m.answer.body.size()
	}
	if m.err != nil || m.answer.status != http.StatusOK || s.bytes+size > maxMade {
		delete(s.kept, key)
		return
	}
	s.bytes += size
}

// A server answers a route.
type server func(*Console, http.ResponseWriter, *request) error

// ofBoard is a GET route whose answer is made of the board and of nothing else that
// may change.
func ofBoard(serve server) server {
	return ofBoardAnd(func(*Console, *request) (string, bool, error) { return "", true, nil }, serve)
}

// ofBoardAnd is one whose answer is also made of something else. Besides names the
// state of that, and reports whether the answer can be kept at all.
func ofBoardAnd(besides func(*Console, *request) (state string, keep bool, err error), serve server) server {
	return func(c *Console, w http.ResponseWriter, q *request) error {
		other, keep, err := besides(c, q)
		if err != nil {
			return err
		}
		if q.board == nil || !keep {
			return serve(c, w, q)
		}
		nobodys := q.nobodys()
		key, err := json.Marshal([]any{nobodys.user, q.lang, q.URL.RequestURI(), other})
		if err != nil {
			return err
		}
		m, err := c.mades.get(q.board, q.now, string(key), func() (*made, error) {
			taken := &taker{made: made{status: http.StatusOK, header: http.Header{}}}
			nobodys.into = &taken.made
			if err := serve(c, taken, nobodys); err != nil {
				return nil, err
			}
			if !taken.framed {
				taken.body = newPiece(taken.bytes.Bytes())
				taken.header.Del("Content-Length") // said again to each
				taken.header.Del("Vary")
			}
			return &taken.made, nil
		})
		if err != nil {
			return err
		}
		return c.give(w, q, m)
	}
}

// nobodys is the request as any other could have made it who may see the same.
func (q *request) nobodys() *request {
	n := &request{Request: q.Request.WithContext(context.WithoutCancel(q.Context())), user: q.user, lang: q.lang, board: q.board, now: q.now, mask: q.mask}
	n.Method, n.Header, n.Body, n.Host, n.RemoteAddr, n.TLS = http.MethodGet, http.Header{}, http.NoBody, "", "", nil
	n.user.Name, n.user.FullName, n.user.Via, n.user.Lang, n.user.Formerly = someName, "", "", "", nil
	return n
}

// someName is in the place of a name: a user without one is nobody and sees nothing.
const someName = "-"

// A taker takes down an answer.
type taker struct {
	made
	bytes bytes.Buffer
}

func (t *taker) Header() http.Header         { return t.made.header }
func (t *taker) WriteHeader(status int)      { t.status = status }
func (t *taker) Write(p []byte) (int, error) { return t.bytes.Write(p) }

// give answers with what was made.
func (c *Console) give(w http.ResponseWriter, q *request, m *made) error {
	if m.framed {
		return c.inFrame(w, q, m)
	}
	h := w.Header()
	maps.Copy(h, m.header.Clone())
	if unchanged(w, q) {
		return nil
	}
	sendPieces(w, q.Request, m.status, h.Get("Content-Type"), m.body)
	return nil
}
