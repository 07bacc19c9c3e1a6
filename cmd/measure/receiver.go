package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// A received message is one that a channel took.
type received struct {
	ID      string `json:"id"`
	Again   string `json:"again"`
	Message string `json:"message"`
}

// A receiver is where channels send to: one address that takes what comes, but for
// an outage, and one that never does.
type receiver struct {
	server   *http.Server
	listener net.Listener

	mu      sync.Mutex // guards what follows
	taken   []received
	refused int    // tries that are still to be refused
	kept    int    // tries that were refused in outages
	never   int    // tries at the other address
	sending func() // called once, before what is being sent is answered
}

func newReceiver() (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{listener: l}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /good", r.good)
	mux.HandleFunc("POST /never", r.bad)
	r.server = &http.Server{Handler: mux, ReadHeaderTimeout: readHeader}
	go func() { _ = r.server.Serve(l) }() // it ends with close
	return r, nil
}

func (r *receiver) close() error { return r.server.Close() }

func (r *receiver) url(path string) string { return "http://" + r.listener.Addr().String() + path }

func (r *receiver) good(w http.ResponseWriter, q *http.Request) {
	var m received
	body, err := io.ReadAll(q.Body)
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil || m.ID == "":
		w.WriteHeader(http.StatusBadRequest)
		return
	case r.refused > 0:
		r.refused--
		r.kept++
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.taken = append(r.taken, m)
	if r.sending != nil {
		r.sending()
		r.sending = nil
	}
}

func (r *receiver) bad(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.never++
	w.WriteHeader(http.StatusServiceUnavailable)
}

// fail refuses the next tries.
func (r *receiver) fail(tries int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused = tries
}

// onSending calls something when the next message comes.
func (r *receiver) onSending(what func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sending = what
}

// failing reports whether tries are refused still.
func (r *receiver) failing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refused > 0
}

// messages are those that were taken, each once, in order, and how many came again
// and said so. One that came again without saying so is an error.
func (r *receiver) messages() (once []received, again int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := map[string]bool{}
	for _, m := range r.taken {
		switch {
		case !seen[m.ID]:
			once = append(once, m)
			seen[m.ID] = true
		case m.Again == "true":
			again++
		default:
			return nil, 0, fmt.Errorf("message %s came twice and did not say so", m.ID)
		}
	}
	return once, again, nil
}

// A ledger is what people know who read every digest: which subjects are suspected.
type ledger map[string]bool

// read reads digests. What is new to the program must be new to its readers.
func (l ledger) read(messages []received) error {
	for _, m := range messages {
		if !strings.HasPrefix(m.ID, "digest/") {
			continue
		}
		heading, before := "", ""
		for line := range strings.Lines(m.Message) {
			line = strings.TrimRight(line, "\n")
			path, link := strings.CutPrefix(line, "  "+consoleAddress)
			told := before // what the link is of
			before = line
			switch {
			case link && strings.Contains(told, "：疑似："): // a finding that is no state
			case strings.HasPrefix(line, "【"):
				heading, _, _ = strings.Cut(line, "】")
			case link && heading == "【新发现":
				if id := subjectAt(path); l[id] {
					return fmt.Errorf("%s tells of %s as new, which was told of before", m.ID, id)
				} else {
					l[id] = true
				}
			case link && heading == "【已恢复":
				if id := subjectAt(path); !l[id] {
					return fmt.Errorf("%s tells of %s as cleared, of which nobody was told", m.ID, id)
				} else {
					delete(l, id)
				}
			}
		}
	}
	return nil
}

// subjectAt is the subject that a page of the console shows.
func subjectAt(path string) string {
	if code, ok := strings.CutPrefix(path, "/accounts/"); ok {
		return "account:" + code
	}
	_, id, _ := strings.Cut(path[1:], "/")
	return id
}
