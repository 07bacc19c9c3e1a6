package daemon

import (
	"time"

	"xuncha/store"
)

// LastSeen is the newest moment that a store knows of: of its rounds, and at which a
// daemon over it was last alive. It is zero for a new store.
func LastSeen(st *store.Store) (newest time.Time, err error) {
	if _, err := get(st.Shelf(shelfDaemon), "seen", &newest); err != nil {
		return time.Time{}, err
	}
	round, err := newestRound(st)
	if round.After(newest) {
		newest = round
	}
	return newest, err
}

// newestRound is the newest moment of any round.
func newestRound(st *store.Store) (newest time.Time, err error) {
	rounds, err := st.Rounds()
	for _, r := range rounds {
		for _, t := range []time.Time{r.Started, r.Finished} {
			if t.After(newest) {
				newest = t
			}
		}
	}
	return newest, err
}
