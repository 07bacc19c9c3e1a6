//go:build !race

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xuncha/store"
)

// Bad input gets one clear sentence with file, place and what to do, and a
// status; nothing is written over.
func TestBadInput(t *testing.T) {
	n := patrolledPlain(t)
	broken := cityFolder(t, [3]string{"sites/fgw.yaml", "cms: trs", "cmss: trs"}, [3]string{"units.yaml", "level: city", "level: [city"})
	selector := cityFolder(t, [3]string{"sites/fgw.yaml", "url: /gzdt/", "url: /gzdt/\n    item: \"li[\""})
	truncated := t.TempDir()
	whole, err := os.ReadFile(filepath.Join(n.data, storeName))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(truncated, storeName), whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	recipe := filepath.Join(t.TempDir(), "recipe.yaml")
	if err := os.WriteFile(recipe, []byte("item: \"li[\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		status int
		want   []string
		args   []string
	}{
		{"no command", 2, nil, nil},
		{"unknown flag", 2, []string{"--frobnicate"}, []string{"check", "--frobnicate"}},
		{"no such configuration", 1, []string{"nowhere", "demo, yangquan"}, []string{"crawl", "--config", "nowhere", "--data", t.TempDir()}},
		{"broken YAML", 1, []string{"units.yaml:"}, []string{"config", "check", "--config", broken}},
		{"misspelt key", 1, []string{"sites/fgw.yaml:5:1", "did you mean cms?"}, []string{"config", "check", "--config", broken}},
		{"a selector that does not compile", 1, []string{"sites/fgw.yaml:", "li["}, []string{"crawl", "--config", selector, "--data", t.TempDir(), "--simulate", "2023-09-27"}},
		{"a recipe that does not compile", 1, []string{"li["}, []string{"try", "fgw/gzdt", "--recipe", recipe, "--simulate", "2023-09-27"}},
		{"no store", 1, []string{"xuncha crawl"}, []string{"check", "--config", n.city, "--data", t.TempDir()}},
		{"truncated store", 1, []string{storeName, "data restore"}, []string{"check", "--config", n.city, "--data", truncated}},
		{"impossible point", 2, []string{"2023-02-30"}, []string{"check", "--config", n.city, "--data", n.data, "--at", "2023-02-30"}},
		{"a point before any round", 1, []string{"no finished round"}, []string{"check", "--config", n.city, "--data", n.data, "--at", "2020-01-01"}},
		{"a point in the future", 2, []string{"future"}, []string{"check", "--config", n.city, "--data", n.data, "--at", "2090-01-01"}},
		{"an empty flag", 2, []string{"--simulate"}, []string{"crawl", "--config", n.city, "--data", t.TempDir(), "--simulate", ""}},
		{"impossible clock", 2, []string{"tomorrow"}, []string{"crawl", "--config", n.city, "--data", t.TempDir(), "--simulate", "tomorrow"}},
		{"impossible period", 2, []string{"2023Q5"}, []string{"report", "--config", n.city, "--data", n.data, "--period", "2023Q5", "--out", t.TempDir()}},
		{"another quarter", 1, []string{"2022Q3"}, []string{"report", "--config", n.city, "--data", n.data, "--period", "2022Q3", "--out", t.TempDir()}},
		{"unknown subject", 1, []string{"fgw/nothing"}, []string{"show", "fgw/nothing", "--data", n.data}},
		{"nothing selected", 1, []string{"nothing/*"}, []string{"crawl", "--config", n.city, "--data", t.TempDir(), "--simulate", "2023-09-27", "--only", "nothing/*"}},
		{"no facts", 1, []string{"facts"}, []string{"crawl", "--config", n.city, "--data", t.TempDir(), "--simulate", "2023-09-27:no-such.yaml"}},
		{"final notice of a simulation", 1, []string{"simulated"}, []string{"report", "--config", n.city, "--data", n.data, "--period", "2023Q3", "--final", "--out", t.TempDir()}},
		{"real evidence into a simulated store", 1, []string{"never mixed"}, []string{"crawl", "--config", "yangquan", "--data", n.data}},
		{"unreachable page is data", 0, []string{""}, []string{"try", "zt/yhyshj", "--config", n.city, "--simulate", "2023-09-27"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, stderr := xuncha(t, tt.status, tt.args...)
			for _, want := range tt.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%s: got %q, want %q in it", strings.Join(tt.args, " "), stderr, want)
				}
			}
		})
	}
	after, err := os.ReadFile(filepath.Join(truncated, storeName))
	if err != nil || !bytes.Equal(after, whole[:len(whole)/2]) {
		t.Errorf("the truncated store was written over (%v)", err)
	}
}

func TestSecondProcessIsTold(t *testing.T) {
	data := t.TempDir()
	st, err := store.Open(filepath.Join(data, storeName), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	_, stderr := xuncha(t, 1, "crawl", "--config", cityFolder(t), "--data", data, "--simulate", "2023-09-27")
	if !strings.Contains(stderr, "another process") {
		t.Errorf("got %q", stderr)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestHelpIsInTheUsersLanguage(t *testing.T) {
	for lang, want := range map[string]string{"zh": "命令：", "en": "Commands:"} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), []string{"--help", "--lang", lang}, &out, &errs); status != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("--lang %s: status %d, %s", lang, status, out.String())
		}
	}
}

// A page nobody configured is read by the CMS profile that fits it best.
func TestTryOfAStrangePage(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/tzgg/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `<html><head><meta charset="utf-8"></head><body><ul class="list"><li><a href="t20230823_1.html">关于开展检查的通知</a><span>2023-08-23</span></li></ul></body></html>`)
	}))
	defer site.Close()
	stdout, _ := xuncha(t, 0, "try", site.URL+"/tzgg/", "--allow-private", "127.0.0.0/8", "--format", "json")
	for _, want := range []string{`"outcome": "dated"`, `"newest": "2023-08-23"`, `"method": "induced`} {
		if !strings.Contains(stdout, want) {
			t.Errorf("got no %s in\n%s", want, stdout)
		}
	}
	stdout, _ = xuncha(t, 0, "try", site.URL+"/tzgg/", "--format", "json")
	if !strings.Contains(stdout, `"outcome": "unread"`) {
		t.Errorf("a private address was reached without leave:\n%s", stdout)
	}
}

// The page of one item answers with its own date, whatever lists stand beside
// it.
func TestTryOfAnArticle(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<html><head><meta charset="utf-8"><title>关于开展政务公开检查的通知</title><meta name="PubDate" content="2023-09-01"></head><body>
			<h1>关于开展政务公开检查的通知</h1><div>发布时间：2023-08-23 10:05　来源：市政府办</div><p>各县区人民政府，市直各单位：为做好2022年3月5日会议部署的各项工作，现就开展政务公开检查的有关事项通知如下，请认真贯彻执行，并于月底前上报。</p>
			<div class="list"><ul class="list"><li><a href="1.html">关于做好防汛工作的紧急通知</a><span>2023-09-20</span></li></ul></div></body></html>`)
	}))
	defer site.Close()
	stdout, _ := xuncha(t, 0, "try", site.URL+"/tzgg/content_9.html", "--allow-private", "127.0.0.0/8", "--format", "json")
	for _, want := range []string{`"outcome": "article"`, `"newest": "2023-08-23"`, `"newest_title": "关于开展政务公开检查的通知"`, `meta PubDate says`} {
		if !strings.Contains(stdout, want) {
			t.Errorf("got no %s in\n%s", want, stdout)
		}
	}
}

// The name of a built-in configuration means it even where a folder of that
// name holds something else, and a demonstration removes nobody's rounds.
func TestDemoLeavesOtherWorkAlone(t *testing.T) {
	data := t.TempDir()
	xuncha(t, 0, "crawl", "--config", cityFolder(t), "--data", data, "--simulate", "2023-09-20", "--simulate-latency", "0s", "--only", "fgw/*")
	_, stderr := xuncha(t, 1, "demo", "--once", "--data", data)
	if !strings.Contains(stderr, "another folder") {
		t.Errorf("got %q", stderr)
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("demo", 0o700); err != nil {
		t.Fatal(err)
	}
	xuncha(t, 0, "config", "check", "--config", "demo")
}
