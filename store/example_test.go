package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xuncha/extract"
	"xuncha/store"
)

// A round is begun with its plan, its snapshots are kept in batches, and it is
// finished once every planned subject has one.
func Example() {
	dir, err := os.MkdirTemp("", "xuncha-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := oneRound(filepath.Join(dir, "xuncha.db")); err != nil {
		fmt.Println(err)
	}
	// Output:
	// still to do: false
	// fgw/tzgg: dated 2023-08-23, 21 bytes of proof
	// 20230927-0130: planned 1, read 1, failed 0
}

func oneRound(path string) error {
	s, err := store.Open(path, store.Options{Create: true})
	if err != nil {
		return err
	}
	defer s.Close()

	start := time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)
	id, err := s.NewRoundID(start)
	if err != nil {
		return err
	}
	if err := s.Begin(store.Round{ID: id, Started: start, Planned: []string{"fgw/tzgg"}}); err != nil {
		return err
	}
	_, err = s.Keep([]store.Snapshot{{
		Subject: "fgw/tzgg", Round: id, At: start.Add(time.Minute), Look: 1,
		Pages: []extract.Page{{URL: "http://fgw.yq.gov.cn/tzgg/", Body: []byte("<li>2023-08-23 通知")}},
		Reading: extract.Reading{
			Outcome: extract.Dated,
			Newest:  extract.Date{Time: time.Date(2023, 8, 23, 0, 0, 0, 0, extract.Beijing)},
		},
	}})
	if err != nil {
		return err
	}
	done, err := s.Done(id)
	if err != nil {
		return err
	}
	fmt.Println("still to do:", !done["fgw/tzgg"])
	return look(s, id, start)
}

func look(s *store.Store, id string, start time.Time) error {
	for sum, err := range s.History("fgw/tzgg", time.Time{}) {
		if err != nil {
			return err
		}
		snap, err := s.Load(sum)
		if err != nil {
			return err
		}
		body, err := s.Body(snap.Pages[0].SHA256)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s %s, %d bytes of proof\n", sum.Subject, sum.Outcome, sum.Newest.Time.Format(time.DateOnly), len(body))
	}
	if err := s.Finish(id, start.Add(time.Hour), store.Finished); err != nil {
		return err
	}
	r, err := s.Round(id)
	if err != nil {
		return err
	}
	fmt.Printf("%s: planned %d, read %d, failed %d\n", r.ID, len(r.Planned), r.Read, r.Failed)
	return nil
}
