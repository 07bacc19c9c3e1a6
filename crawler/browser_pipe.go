package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// A pipe speaks the DevTools protocol with one Chromium. It keeps no picture of
// the pages as chromedp's own client does, which would cost as much as showing
// them, and it never waits for a page: whoever calls says how long.
type pipe struct {
	conn  *chromedp.PipeConn
	ended chan struct{} // closed once Chromium has hung up

	mu      sync.Mutex
	last    int64                                        // guarded by mu; number of the newest command
	waiting map[int64]chan *cdproto.Message              // guarded by mu; by command
	tabs    map[target.SessionID]chan<- *cdproto.Message // guarded by mu; where events go
}

// errHungUp is what Chromium's end brings to whoever still waits for it.
var errHungUp = errors.New("the browser has ended")

// newPipe begins to read what Chromium says; it reads until Chromium hangs up.
func newPipe(r io.ReadCloser, w io.WriteCloser) *pipe {
	p := &pipe{
		conn: chromedp.NewPipeConn(r, w), ended: make(chan struct{}),
		waiting: map[int64]chan *cdproto.Message{}, tabs: map[target.SessionID]chan<- *cdproto.Message{},
	}
	go p.read()
	return p
}

// read hands answers to those who wait for them and events to their tabs.
func (p *pipe) read() {
	defer close(p.ended)
	for {
		m := new(cdproto.Message)
		if err := p.conn.Read(context.Background(), m); err != nil {
			var damaged *jsonv2.SyntacticError
			if errors.As(err, &damaged) {
				continue // one message is lost; whoever waits for it has a deadline
			}
			return
		}
		if m.ID != 0 {
			p.mu.Lock()
			answer := p.waiting[m.ID]
			delete(p.waiting, m.ID)
			p.mu.Unlock()
			if answer != nil {
				answer <- m
			}
			continue
		}
		p.mu.Lock()
		events := p.tabs[m.SessionID]
		p.mu.Unlock()
		if events != nil {
			events <- m
		}
	}
}

// listen has the events of a session sent to a channel, which must be read until
// stop has returned.
func (p *pipe) listen(session target.SessionID, events chan *cdproto.Message) (stop func()) {
	p.mu.Lock()
	p.tabs[session] = events
	p.mu.Unlock()
	return func() {
		p.mu.Lock()
		delete(p.tabs, session)
		p.mu.Unlock()
		for { // the reader may stand before the channel with one event more
			select {
			case <-events:
			default:
				return
			}
		}
	}
}

// send gives a command and returns where its answer will be.
func (p *pipe) send(session target.SessionID, method string, params any) (id int64, answer chan *cdproto.Message, err error) {
	data, err := jsonv2.Marshal(params, chromedp.DefaultMarshalOptions)
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", method, err)
	}
	answer = make(chan *cdproto.Message, 1)
	p.mu.Lock()
	p.last++
	id = p.last
	p.waiting[id] = answer
	p.mu.Unlock()
	m := &cdproto.Message{ID: id, SessionID: session, Method: cdproto.MethodType(method), Params: data}
	if err := p.conn.Write(context.Background(), m); err != nil {
		p.forget(id)
		return 0, nil, fmt.Errorf("%s: %w", method, errHungUp)
	}
	return id, answer, nil
}

func (p *pipe) forget(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiting, id)
}

// tell gives a command whose answer nobody needs.
func tell[P, R any](p *pipe, session target.SessionID, c cdp.Command[P, R], params P) error {
	id, _, err := p.send(session, c.Method, params)
	p.forget(id)
	return err
}

// call gives a command and waits for its answer.
func call[P, R any](ctx context.Context, p *pipe, session target.SessionID, c cdp.Command[P, R], params P) (R, error) {
	var result R
	id, answer, err := p.send(session, c.Method, params)
	if err != nil {
		return result, err
	}
	defer p.forget(id)
	select {
	case m := <-answer:
		if m.Error != nil {
			return result, fmt.Errorf("%s: %w", c.Method, m.Error)
		}
		if err := jsonv2.Unmarshal(m.Result, &result, chromedp.DefaultUnmarshalOptions); err != nil {
			return result, fmt.Errorf("%s: %w", c.Method, err)
		}
		return result, nil
	case <-p.ended:
		return result, fmt.Errorf("%s: %w", c.Method, errHungUp)
	case <-ctx.Done():
		return result, fmt.Errorf("%s: %w", c.Method, ctx.Err())
	}
}
