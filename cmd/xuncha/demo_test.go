//go:build !race

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xuncha/cases"
)

// The demonstration ends in a console in which a quarter was lived: findings in every
// state, slips with answers and without, a draft, a message, a backup, knocks. Who
// visits looks at all of it, tries the tuner, and changes nothing. Seven nights are
// enough for each finding to be raised before it is dealt with.
func TestDemoEndsInALivingConsole(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := started(t, "demo", "--data", data, "--nights", "7", "--simulate-latency", "0s")
	for _, want := range []string{"93.9", "94.5", "xuncha show xxgk/czj/gzdt/tzgggs --data " + data} {
		if !strings.Contains(s.out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, s.out)
		}
	}
	s.livesThrough(t)
	s.showsTheProgram(t)
	s.letsVisitorsTry(t)
	s.stop()

	if stdout, _ := xuncha(t, 0, "show", "xxgk/czj/gzdt/tzgggs", "--data", data); !strings.Contains(stdout, "2023-06-20") {
		t.Errorf("show after the demonstration: %s", stdout)
	}
	c := demoCmd{Data: data, Nights: 7}
	var out bytes.Buffer
	if err := c.prepare(t.Context(), &app{stdout: &out, stderr: &out, lang: "en", log: slog.New(slog.DiscardHandler)}); err != nil || out.Len() > 0 {
		t.Errorf("the second start does anew what is kept: %v, %s", err, &out)
	}
	if once, err := c.begin(); err != nil || once == data {
		t.Errorf("--once goes to %s, over the nights: %v", once, err)
	}
	if rounds := keptRounds(t, data); len(rounds) != 8 {
		t.Errorf("%d rounds are kept, want the seven nights and the point", len(rounds))
	}
}

// livesThrough wants findings of every state, and what is made of them.
func (s *served) livesThrough(t *testing.T) {
	t.Helper()
	states := map[string]string{}
	_, body := s.get("/api/v1/findings?size=100")
	var list struct {
		Items []struct{ Case, Period, State, Subject string }
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for _, f := range list.Items {
		states[f.State] = "/findings/" + f.Case + "/" + f.Period
	}
	for _, state := range []cases.State{
		cases.Suspected, cases.Verifying, cases.Confirmed, cases.Sent, cases.Fixing, cases.Reported, cases.Rechecked, cases.Cleared, cases.Returned,
		cases.Unfounded, cases.Exempted,
	} {
		if states[string(state)] == "" {
			t.Errorf("no finding is %s: %v", state, states)
		} else if code, page := s.get(states[string(state)]); code != http.StatusOK || !strings.Contains(page, string(state)) {
			t.Errorf("a finding that is %s: %d", state, code)
		}
	}
	if _, page := s.get(states[string(cases.Cleared)]); !strings.Contains(page, "王敏") || !strings.Contains(page, "李强") || !strings.Contains(page, "整改报告.txt") {
		t.Error("a cleared finding does not say by whom, and with which paper")
	}
	for path, want := range map[string]string{
		"/":                      "初判",
		"/findings":              "疑似",
		"/slips?period=2023Q3":   "市住房和城乡建设局",
		"/notices?period=2023Q3": "初稿",
		"/notices/preview?period=2023Q3&point=2023-09-28T00:00:00%2B08:00": "财政局",
		"/registers/reports": "市交通运输局",
	} {
		if code, page := s.get(path); code != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%s: %d, want %q", path, code, want)
		}
	}
}

// showsTheProgram wants what the program does for itself to be there.
func (s *served) showsTheProgram(t *testing.T) {
	t.Helper()
	s.until("a backup was made", func() bool {
		_, page := s.get("/system")
		return strings.Contains(page, "备份时已核验")
	})
	s.until("a message was told", func() bool {
		_, page := s.get("/system/messages")
		return strings.Contains(page, "演示（不外发）") && !strings.Contains(page, "没有消息")
	})
	if _, page := s.get("/sites/czj/visits"); !strings.Contains(page, "2023-09-28") {
		t.Error("no knock is shown")
	}
}

// letsVisitorsTry wants the tuner to answer a visitor, and everything that would
// change something to be refused with a sentence.
func (s *served) letsVisitorsTry(t *testing.T) {
	t.Helper()
	_, page := s.get("/tuner/" + redesigned)
	source := regexp.MustCompile(`data-source="([^"]+)"`).FindStringSubmatch(page)
	if source == nil || strings.Contains(page, `id="saver"`) {
		t.Fatalf("the tuner is not shown as to a visitor: %s", page)
	}
	question, err := json.Marshal(map[string]any{"id": redesigned, "source": source[1], "page": 1, "suggest": true})
	if err != nil {
		t.Fatal(err)
	}
	code, body := s.ask("/tuner/try", "application/json", string(question))
	if code != http.StatusOK || strings.Contains(body, `"error"`) {
		t.Errorf("trying the tuner: %d %s", code, body)
	}
	for _, path := range []string{"/tuner/save", "/rounds", "/findings/sync", "/findings/do/confirm", "/notices/draft", "/system/messages/test", "/system/backups"} {
		if code, body := s.ask(path, "application/x-www-form-urlencoded", ""); code != http.StatusForbidden || !strings.Contains(body, "演示中只能浏览和试用") {
			t.Errorf("%s: %d, want a refusal that says why: %s", path, code, sentenceOf(body))
		}
	}
}

// ask posts and returns the answer.
func (s *served) ask(path, kind, body string) (int, string) {
	s.t.Helper()
	resp, err := s.client.Post(s.url+path, kind, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// Deeds stand in the order of their times, as they are done.
func TestDemoDeedsAreInOrder(t *testing.T) {
	if !slices.IsSortedFunc(demoDeeds, func(a, b demoDeed) int { return strings.Compare(a.at, b.at) }) {
		t.Error("they are not")
	}
	for _, d := range demoDeeds {
		if _, err := demoMoment(d.at); err != nil {
			t.Error(err)
		}
	}
}
