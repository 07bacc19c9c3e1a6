package daemon

import (
	"errors"
	"net/http"
)

// Health answers whether the process is alive: it answers, and its store can be
// read. It tells nobody anything else.
func (d *Daemon) Health(w http.ResponseWriter, _ *http.Request) { answer(w, d.Alive()) }

// Ready answers whether the daemon does its work: it is alive, its store can be
// written to, and its clock can be right.
func (d *Daemon) Ready(w http.ResponseWriter, _ *http.Request) {
	err := d.Alive()
	switch {
	case err != nil:
	case d.held():
		err = ErrClock
	default:
		d.mu.Lock()
		if !d.full.IsZero() {
			err = errors.New("storage full")
		}
		d.mu.Unlock()
	}
	answer(w, err)
}

// Alive returns why the process had better begin anew, nil if it need not.
func (d *Daemon) Alive() error {
	d.mu.Lock()
	fatal := d.fatal
	d.mu.Unlock()
	if fatal != nil {
		return fatal
	}
	_, err := Seen(d.Store)
	return err
}

func answer(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("not ready\n")) // whoever went away misses nothing
		return
	}
	_, _ = w.Write([]byte("ok\n")) // as above
}
