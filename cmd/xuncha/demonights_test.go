package main

import (
	"io"
	"log/slog"
	"os"
	"runtime/pprof"
	"testing"
	"time"

	"xuncha/store"
)

func TestTimeNights(t *testing.T) {
	dir := t.TempDir()
	s, err := loadSetup(demoConfig)
	if err != nil {
		t.Fatal(err)
	}
	st, err := openStore(dir, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	f, _ := os.Create("/tmp/x/nights.prof")
	pprof.StartCPUProfile(f)
	defer pprof.StopCPUProfile()
	a := &app{stdout: io.Discard, stderr: os.Stderr, lang: "en", log: slog.New(slog.DiscardHandler)}
	start := time.Now()
	if err := a.playNights(t.Context(), s, st); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start))
	stats, _ := st.Stats()
	t.Logf("%+v", stats)
}
