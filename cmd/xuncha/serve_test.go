//go:build !race

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/report"
)

// A served program is `xuncha serve` under the hands of a test.
type served struct {
	t      *testing.T
	url    string
	out    *shared
	client *http.Client
	stop   func() string // ends it in good order, and returns what it said on stderr
}

// shared is a buffer that one writes while another reads.
type shared struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// serve starts the daemon on an address of its own.
func serve(t *testing.T, args ...string) *served {
	t.Helper()
	return started(t, append([]string{"serve", "--metrics", "off"}, args...)...)
}

// started starts a command that ends in the console.
func started(t *testing.T, args ...string) *served {
	t.Helper()
	var out, errs shared
	ctx, cancel := context.WithCancel(t.Context())
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append(args, "--addr", "127.0.0.1:0", "--lang", "en"), &out, &errs)
	}()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	// A transport of its own: that of the process goes by the policy of the program.
	s := &served{t: t, out: &out, client: &http.Client{Jar: jar, Transport: &http.Transport{}}}
	s.stop = sync.OnceValue(func() string {
		t.Helper()
		start := time.Now()
		cancel()
		if got := <-status; got != 0 || time.Since(start) > 20*time.Second {
			t.Errorf("ended with %d after %s, want 0 within 20 s\n%s", got, time.Since(start), errs.String())
		}
		return errs.String()
	})
	for s.url == "" { // a demonstration plays its nights first
		if m := regexp.MustCompile(`Console: (http://\S+)/\n`).FindStringSubmatch(out.String()); m != nil {
			s.url = m[1]
			break
		}
		select {
		case got := <-status:
			t.Fatalf("ended with %d\n%s%s", got, out.String(), errs.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return s
}

// first is the path of the link that makes the administrator, which is said last.
func (s *served) first() (path string) {
	s.t.Helper()
	s.until("it says who may make an administrator", func() bool {
		if m := regexp.MustCompile(`(/setup\S+)\n`).FindStringSubmatch(s.out.String()); m != nil {
			path = m[1]
		}
		return path != ""
	})
	return path
}

// until waits for something to come true.
func (s *served) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if ok() {
			return
		}
		<-time.After(20 * time.Millisecond)
	}
	s.t.Fatalf("never: %s", what)
}

// get asks for a page.
func (s *served) get(path string) (int, string) {
	s.t.Helper()
	resp, err := s.client.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (s *served) post(path string, form url.Values) int {
	s.t.Helper()
	resp, err := s.client.PostForm(s.url+path, form)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// logIn makes the administrator by the first link.
func (s *served) logIn() {
	s.t.Helper()
	u, err := url.Parse(s.first())
	if err != nil {
		s.t.Fatal(err)
	}
	s.post("/setup", url.Values{"link": u.Query()["link"], "name": {"root"}, "full_name": {"王敏"}, "password": {password}, "again": {password}})
	s.post("/login", url.Values{"name": {"root"}, "password": {password}})
}

const password = "three plain words here"

// The daemon patrols the simulated city when it is asked to, survives being stopped
// in the middle of a round, shows a broken configuration at its line, and comes to
// the same judgement as the command.
func TestServe(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	args := []string{"--config", city, "--data", data, "--simulate", "2023-09-27", "--simulate-latency", "0s"}
	s := serve(t, args...)
	if code, body := s.get("/healthz"); code != 200 || body != "ok\n" {
		t.Errorf("healthz: %d %q", code, body)
	}
	if code, _ := s.get("/readyz"); code != 200 {
		t.Errorf("readyz: %d", code)
	}
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if code, _ := s.get("/system"); code != http.StatusSeeOther {
		t.Errorf("the system page for nobody: %d, want a redirect", code)
	}
	s.client.CheckRedirect = nil
	s.logIn()
	if code := s.post("/rounds", nil); code != 200 {
		t.Fatalf("patrol now: %d", code)
	}
	s.until("some subjects are kept", func() bool {
		_, body := s.get("/rounds?lang=en")
		m := regexp.MustCompile(`Looked at <b>(\d+)</b>`).FindStringSubmatch(body)
		return m != nil && m[1] != "0" || strings.Contains(body, "finished")
	})
	s.stop() // in the middle, if the machine is slow enough

	s = serve(t, args...)
	s.post("/login", url.Values{"name": {"root"}, "password": {password}})
	s.until("the round ends", func() bool {
		_, body := s.get("/rounds?lang=en")
		return strings.Contains(body, "finished") && !strings.Contains(body, "Under way")
	})
	if _, body := s.get("/rounds?lang=en"); strings.Count(body, `href="/rounds/2`) < 1 || strings.Contains(body, "not finished") {
		t.Errorf("the rounds are not one that is finished")
	}
	file := filepath.Join(city, "sites", "fgw.yaml")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append([]byte("clas: x\n"), good...), 0o600); err != nil {
		t.Fatal(err)
	}
	s.until("the mistake is shown at its line", func() bool {
		_, body := s.get("/system?lang=en")
		return strings.Contains(body, "sites/fgw.yaml:1:1") && strings.Contains(body, "<code>clas: x</code>")
	})
	if err := os.WriteFile(file, good, 0o600); err != nil {
		t.Fatal(err)
	}
	s.until("and gone when it is mended", func() bool {
		_, body := s.get("/system?lang=en")
		return strings.Contains(body, "in order and in force")
	})
	_, overview := s.get("/?lang=en")
	if _, body := s.get("/findings?lang=en"); !strings.Contains(body, "czj") {
		t.Error("what the round suspects is not among the findings")
	}
	s.stop()

	stdout, _ := xuncha(t, 0, "check", "--config", city, "--data", data, "--format", "json")
	var check report.Check
	if err := json.Unmarshal([]byte(stdout), &check); err != nil {
		t.Fatal(err)
	}
	stale := 0
	for _, c := range check.Columns {
		if c.State == "stale" {
			stale++
		}
	}
	if want := fmt.Sprintf(">%d columns stale<", stale); stale == 0 || !strings.Contains(overview, want) {
		t.Errorf("check says %d columns are stale, the overview does not: %s", stale, regexp.MustCompile(`<p class="answer">.*?</p>`).FindString(overview))
	}
}

func TestServeRefuses(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for _, tt := range []struct {
		status int
		says   string
		args   []string
	}{
		{1, "no such folder", []string{"--config", "nowhere"}},
		{2, "belong together", []string{"--config", "demo", "--tls-cert", "x.pem"}},
		{1, "certificate", []string{"--config", "demo", "--tls-cert", "x.pem", "--tls-key", "y.pem"}},
		{1, "choose another address with --addr", []string{"--config", "demo", "--addr", busy.Addr().String()}},
		{2, "no moment", []string{"--config", "demo", "--simulate", "yesterday"}},
		{2, "this machine alone", []string{"--config", "demo", "--role", "admin", "--addr", "0.0.0.0:0"}},
		{2, "for a simulated city", []string{"--config", "demo", "--role", "admin"}},
		{2, "for a simulated city", []string{"--config", "demo", "--role", "admin", "--simulate", "2023-09-27", "--url", "https://xuncha.example"}},
		{2, "for a simulated city", []string{"--config", "demo", "--role", "admin", "--simulate", "2023-09-27", "--trusted-proxy", "127.0.0.1/32"}},
	} {
		_, errs := xuncha(t, tt.status, append([]string{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0"}, tt.args...)...)
		if !strings.Contains(errs, tt.says) {
			t.Errorf("%q says %q, want %q", tt.args, errs, tt.says)
		}
	}
}

func TestPlayedClockIsHeld(t *testing.T) {
	at := time.Date(2023, 9, 27, 1, 0, 0, 0, time.UTC)
	c := newPlayed(at, 1e6)
	release := c.Hold()
	begin := c.Now()
	if gone := c.Now().Sub(begin); gone > time.Second {
		t.Errorf("held, it went on by %s at once", gone)
	}
	release()
	c.Sleep(t.Context(), c.Now().Add(time.Hour))
	for c.Now().Before(begin.Add(time.Hour)) {
		c.Sleep(t.Context(), begin.Add(time.Hour))
	}
	if c.Now().Before(begin) {
		t.Error("it went back")
	}
}
