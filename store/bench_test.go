package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// Snapshots per second, a hundred per transaction against one, and the disk's
// share of the raw bytes.
func BenchmarkKeep(b *testing.B) {
	for _, batch := range []int{1, 100} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			s := benchStore(b)
			begin(b, s, "r1", night)
			bodies := make([]string, 400)
			for i := range bodies {
				bodies[i] = string(page(uint64(i), 66_000))
			}
			var raw int64
			n := 0
			b.ResetTimer()
			for n < b.N {
				var snaps []Snapshot
				b.StopTimer()
				for range min(batch, b.N-n) {
					body := fmt.Sprintf("%s<!-- %d -->", bodies[n%len(bodies)], n)
					snaps = append(snaps, shot(fmt.Sprintf("s/%d", n), "r1", night, body))
					raw += int64(len(body))
					n++
				}
				b.StartTimer()
				keep(b, s, snaps...)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "snapshots/s")
			st := must(s.Stats())(b)
			b.ReportMetric(float64(st.FileBytes-st.FreeBytes)/float64(raw), "disk/raw")
		})
	}
}

// A year of nights over 800 subjects: what one check reads of it.
func BenchmarkYear(b *testing.B) {
	s := benchStore(b)
	const nights, subjects = 365, 800
	for i := range nights {
		id, at := fmt.Sprintf("n%04d", i), night.AddDate(0, 0, i)
		begin(b, s, id, at)
		var batch []Snapshot
		for n := range subjects {
			batch = append(batch, shot(fmt.Sprintf("s/%d", n), id, at, "the same page every night"))
		}
		keep(b, s, batch...)
	}
	st := must(s.Stats())(b)
	b.Run("newest", func(b *testing.B) {
		for b.Loop() {
			for n := range subjects {
				must(s.Prior(fmt.Sprintf("s/%d", n)))(b)
			}
		}
	})
	b.Run("every-summary", func(b *testing.B) {
		b.ReportMetric(float64(st.FileBytes)/1e6, "MB")
		for b.Loop() {
			count := 0
			for n := range subjects {
				for _, err := range s.History(fmt.Sprintf("s/%d", n), time.Time{}) {
					check(b, err)
					count++
				}
			}
			if count != nights*subjects {
				b.Fatalf("got %d", count)
			}
		}
	})
}

func benchStore(b *testing.B) *Store {
	s, err := Open(filepath.Join(b.TempDir(), "xuncha.db"), Options{Create: true})
	check(b, err)
	b.Cleanup(func() { check(b, s.Close()) })
	return s
}
