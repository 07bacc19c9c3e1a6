package crawler

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkShow shows a page of a real one's weight, whose list a script fills,
// and tells what Chromium spends on it besides us.
func BenchmarkShow(b *testing.B) {
	if _, err := exec.LookPath("chromium"); err != nil {
		b.Fatal("this benchmark needs Chromium: run scripts/need")
	}
	w := newWorld(b)
	page := strings.Replace(filled, "<body>", "<body>"+strings.Repeat(`<div class="nav"><a href="/x/">政务公开</a><span>2023</span></div>`, 900), 1)
	w.site("a.gov.cn", paths(map[string]string{"/": page, "/data.json": rows}))
	cfg := quick()
	cfg.Pages, cfg.Quiet = 1<<20, 500*time.Millisecond
	browser := NewBrowser(cfg, nil)
	defer browser.Close()
	c := w.crawler(nil, func(cfg *Config) { cfg.Browser, cfg.Delay = browser, 0 })
	show(b, c, "http://a.gov.cn/") // starts it
	browser.mu.Lock()
	group := browser.now.group
	browser.mu.Unlock()
	before, _ := spent(group)
	most := int64(0)
	for b.Loop() {
		if p := show(b, c, "http://a.gov.cn/")[0]; p.Class != "" {
			b.Fatal(p.Class, p.Detail)
		}
		_, memory := spent(group)
		most = max(most, memory)
	}
	after, _ := spent(group)
	b.ReportMetric(float64((after-before).Milliseconds())/float64(b.N), "chromium-cpu-ms/op")
	b.ReportMetric(float64(most)/(1<<20), "chromium-MB")
}

// spent returns the time on a processor of a group of processes and their ended
// children, and the memory they hold, what they share counted once.
func spent(group int) (cpu time.Duration, memory int64) {
	const tick = 10 * time.Millisecond // of every Linux in use
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		data, _ := os.ReadFile(name)
		_, rest, _ := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 15 || fields[2] != strconv.Itoa(group) {
			continue
		}
		for _, f := range fields[11:15] { // own and ended children's, user and system
			n, _ := strconv.Atoi(f)
			cpu += time.Duration(n) * tick
		}
		rollup, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "smaps_rollup"))
		_, pss, _ := strings.Cut(string(rollup), "\nPss:")
		if fields := strings.Fields(pss); len(fields) > 0 {
			n, _ := strconv.ParseInt(fields[0], 10, 64)
			memory += n << 10
		}
	}
	return cpu, memory
}
