package daemon

import (
	"net/http"
	"time"

	"xuncha/store"
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
	case d.isFull():
		err = store.ErrFull
	}
	answer(w, err)
}

// Alive returns why the process had better begin anew, nil if it need not.
func (d *Daemon) Alive() error {
	if err := d.Fatal(); err != nil {
		return err
	}
	var seen time.Time
	_, err := get(d.Store.Shelf(shelfDaemon), "seen", &seen)
	return err
}

// Fatal returns why nothing more can be written by this process, nil while it can.
func (d *Daemon) Fatal() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fatal
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
