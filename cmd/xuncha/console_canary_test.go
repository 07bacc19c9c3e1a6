//go:build !race

package main

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"xuncha/console"
	"xuncha/people"
)

// What would run or be asked for, if anything let it. The name says where it came
// from.
const (
	canaryHost    = "canary.example"
	canaryScript  = `"><script>window.pwned="NAME"</script>`
	canaryImage   = `"'><img src="http://` + canaryHost + `/NAME" onerror="window.pwned='NAME'">`
	canarySVG     = `"><svg onload="window.pwned='NAME'"><image href="http://` + canaryHost + `/NAME"/></svg>`
	canaryLink    = `javascript:window.pwned='NAME'//`
	canaryFormula = `=HYPERLINK("http://` + canaryHost + `/formula")`
	canaryShort   = `<svg onload=pwned=1>NAME` // where there is little room
	canaryName    = `javascript'pwned(1)'`     // of a person, which takes letters and little else
)

func canary(payload, name string) string { return strings.ReplaceAll(payload, "NAME", name) }

// asText is a payload that a page shows as its text: read from there, it is markup.
func asText(payload string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(payload)
}

// inYAML writes a value of a file.
func inYAML(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

// hostileFolder is the city with payloads in every name, title and link that comes
// from pages or lists.
func hostileFolder(t *testing.T) string {
	t.Helper()
	markup := canary(canaryScript+canaryImage+canarySVG, "raw")
	both := asText(canary(canaryScript+canaryImage, "title")) + markup
	facts := "subjects:\n"
	for _, id := range []string{"gxj/tzgg", "sjj/gzdt", "slj/gzdt", "cq/xwzx/yw", "jrb/gzdt", "xxgk/gxj/gzdt/tzgggs"} {
		newest := ""
		if strings.Contains(id, "gxj") {
			newest = "newest: 2023-06-01, " // accused, and told of in the notice
		}
		facts += "  " + id + ": {" + newest + "titled: " + inYAML(both) + ", linked: " + inYAML(canary(canaryLink, "link")) + "}\n"
	}
	for _, code := range []string{"140300M001WX0001", "140300M001XL0001", "140300M010DY0001", "140300M001TT0001", "140300M010KS0001"} {
		facts += "  account:" + code + ": {titled: " + inYAML(canary(canaryScript+canaryImage, "post")) + ", renamed: " + inYAML(canary(canaryScript+canaryImage, "renamed")) + "}\n"
	}
	return cityFolder(t,
		[3]string{"facts.yaml", "subjects:\n", facts},
		[3]string{"units.yaml", "name: 市工业和信息化局\n", "name: " + inYAML(canary(canaryScript+canaryImage, "unit")) + "\n"},
		[3]string{"sites/gxj.yaml", "name: 阳泉市工业和信息化局\n", "name: " + inYAML(canaryFormula+canary(canarySVG, "site")) + "\n"},
		[3]string{"sites/gxj.yaml", "  - name: 通知公告\n", "  - name: " + inYAML("通知公告"+canary(canaryImage, "column")) + "\n"},
		[3]string{"city.yaml", "crawl:\n", "crawl:\n  allow_private: [127.0.0.1/32]\n"}, // where the channel is
		[3]string{"city.yaml", "rsshub:", "messages:\n  console: " + canaryConsole + "\n  channels:\n    - {name: " + inYAML(canary(canaryImage, "channel")) + ", kind: webhook, address: 'env:" + canaryHook + "'}\nrsshub:"},
	)
}

// hostile is a user with every right but those of an administrator.
var hostile = people.User{Name: "hostile", FullName: canaryName, Roles: []people.Role{people.Handler, people.Reviewer, people.Signer, people.Operator}}

// send sends a form with a file under a name, past what a browser would do to it,
// and returns the answer.
func (s *served) send(path, file, name string, body []byte, pairs ...string) string {
	s.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i+1 < len(pairs); i += 2 {
		must(s.t, w.WriteField(pairs[i], pairs[i+1]))
	}
	if file != "" {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, file, name))
		part, err := w.CreatePart(h)
		must(s.t, err)
		_, err = part.Write(body)
		must(s.t, err)
	}
	must(s.t, w.Close())
	resp, err := s.client.Post(s.url+path, w.FormDataContentType(), &form)
	must(s.t, err)
	defer resp.Body.Close()
	var answer bytes.Buffer
	_, err = answer.ReadFrom(resp.Body)
	must(s.t, err)
	if resp.StatusCode != http.StatusOK {
		s.t.Errorf("%s is answered with %d: %.400s", path, resp.StatusCode, sentenceOf(answer.String()))
	}
	return answer.String()
}

// hostileDeeds does as the hostile user whatever leaves words of theirs behind, and
// returns the finding that is full of them.
func (w *town) hostileDeeds(t *testing.T) (finding string) {
	t.Helper()
	w.post("/logout", nil)
	w.post("/login", url.Values{"name": {hostile.Name}, "password": {password}})
	w.post("/findings/sync", url.Values{"period": {demoPeriod}})
	file, note := canary(canaryImage, "file")+".pdf", canary(canaryScript+canaryImage, "note")
	w.send("/findings/new", "files", file, []byte("%PDF-1.4 …"), "subject", "gxj", "indicator", "national.V5.interaction", "period", demoPeriod, "source", "人工核查", "text", canary(canaryScript+canaryImage, "text"), "note", note)
	_, page := w.get("/findings?period=" + demoPeriod + "&q=gxj")
	for _, ref := range regexp.MustCompile(`href="(/findings/[0-9a-f]+/`+demoPeriod+`)"`).FindAllStringSubmatch(page, -1) {
		finding = ref[1]
		w.send("/findings/do/note", "files", file, []byte("%PDF-1.4 …"), "of", strings.TrimPrefix(finding, "/findings/"), "back", finding, "note", note)
	}
	if finding == "" {
		t.Fatalf("there are no findings of the hostile unit: %.800s", page)
	}
	list := "检查期,单位,报送期限,通报文号,签字人,备注\n" + demoPeriod + `,市财政局,2023-10-20,"` + csvText(canary(canaryImage, "document")) + `","` + csvText(canary(canarySVG, "signed")) + `","` + csvText(note) + "\"\n"
	answer := w.send("/registers/reports/check", "file", canary(canaryImage, "list")+".csv", []byte(list))
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(answer)
	if token == nil {
		t.Fatalf("the list is not taken: %s", sentenceOf(answer))
	}
	w.post("/registers/reports/import", url.Values{"token": {token[1]}})
	w.post("/notices/draft", url.Values{"period": {demoPeriod}})
	w.post("/account/tokens", url.Values{"name": {canary(canaryShort, "token")}, "scope": {"see"}, "days": {"90"}})
	return finding
}

func csvText(s string) string { return strings.ReplaceAll(s, `"`, `""`) }

// Whatever stands in a page's titles and links, in names of accounts, units and
// users, in lists and names of files: nothing of it runs on any screen, in any kept
// page, in the notice or in a sheet, and nobody is asked for anything.
func TestHostile_W01_W03_TheCanaryIsNeverAskedFor(t *testing.T) {
	messages := newHook(t)
	w := newTown(t, hostileFolder(t), 1, hostile, czjWriter, onlooker)
	w.serve(t, morningAfter, "--simulate-events", "none")
	must(t, w.makeBoss(t))
	w.post("/login", url.Values{"name": {boss.Name}, "password": {password}})
	if code := w.post("/users", url.Values{"name": {"someone"}, "full_name": {canary(canaryShort, "user")}, "role": {"viewer"}}); code != http.StatusUnprocessableEntity {
		t.Errorf("a user with markup for a name is answered with %d", code)
	}
	w.post("/system/messages/test", url.Values{"channel": {canary(canaryImage, "channel")}})
	finding := w.hostileDeeds(t)
	messages.isDead(t)
	w.documentsAreDead(t)
	b := w.as(t, hostile)
	b.trapWorks()
	for path, want := range map[string]string{"/sites/gxj": "<svg onload", "/columns/sjj/gzdt": "<script>window.pwned", "/accounts/140300M001XL0001": "onerror=", finding: "<script>window.pwned", "/registers/reports": "<img src="} {
		b.open(path)
		b.shows("main", want)
	}
	asks := map[string]*tab{hostile.Name: b, boss.Name: w.as(t, boss)}
	for _, s := range w.canaryScreens(t, b, finding) {
		asks[s.asks.Name].isQuiet(s.path)
	}
	for _, file := range w.canaryFiles(t, finding) {
		b.isQuietFile(file)
	}
}

// trapWorks wants the payloads to run, and the canary to be asked for, where nothing
// hinders them: else the test shows nothing.
func (b *tab) trapWorks() {
	b.t.Helper()
	for _, payload := range []string{canaryScript, canaryImage, canarySVG} {
		name := filepath.Join(b.t.TempDir(), "trap.html")
		must(b.t, os.WriteFile(name, []byte("<!doctype html><p title=\"x"+canary(payload, "trap")), 0o600))
		b.do(chromedp.Navigate("file://" + name))
		b.until(`window.pwned`)
		if payload != canaryScript {
			eventually(b.t, "a request for the canary", func() bool { return len(b.town.outside.wanted()) > 0 })
		}
	}
}

// canaryScreens are the addresses that show what is hostile: every route that a
// browser can ask for, and every page of what is hostile itself.
func (w *town) canaryScreens(t *testing.T, b *tab, finding string) (all []screen) {
	t.Helper()
	add := func(asks people.User, paths ...string) {
		for _, p := range paths {
			all = append(all, screen{path: p, asks: asks})
		}
	}
	b.open("/accounts?q=canary")
	accounts := value[[]string](b, `[...document.querySelectorAll('#list tbody th a')].map(a=>a.getAttribute('href'))`)
	b.open("/columns?q=canary")
	columns := value[[]string](b, `[...document.querySelectorAll('#list tbody th a')].map(a=>a.getAttribute('href'))`)
	b.open("/rounds")
	rounds := value[[]string](b, `[...document.querySelectorAll('#list tbody th a')].map(a=>a.getAttribute('href'))`)
	if len(accounts) == 0 || len(columns) == 0 || len(rounds) == 0 {
		t.Fatalf("there are %d accounts, %d columns and %d rounds to look at", len(accounts), len(columns), len(rounds))
	}
	add(hostile, accounts...)
	add(hostile, columns...)
	add(hostile, rounds...)
	for _, id := range []string{"gxj/tzgg", "sjj/gzdt", "slj/gzdt", "cq/xwzx/yw", "jrb/gzdt", "xxgk/gxj/gzdt/tzgggs"} {
		add(hostile, "/columns/"+id, "/tuner/"+id)
	}
	add(hostile, "/", "/sites", "/sites?unit=gxj", "/sites/gxj", "/sites/gxj/visits", "/columns", "/columns?unit=gxj", "/columns?state=stale", "/columns?state=unknown",
		"/accounts", "/tuner", "/tuner?q=canary", "/account", "/findings", "/findings?q=canary", finding, "/findings/new?subject=gxj&period="+demoPeriod,
		"/findings/draw?of=sites&share=100&seed=x&period="+demoPeriod, "/findings/check?subject=gxj&period="+demoPeriod, "/slips", "/slips/gxj?period="+demoPeriod,
		"/notices?period="+demoPeriod, "/notices/preview?period="+demoPeriod, "/notices/verify", "/registers", "/registers/reports", "/registers/reports?q=canary", "/registers/reports/import",
		"/rounds", "/system", "/system/rules", "/system/unconfirmed", "/system/messages", "/overview/nights")
	add(boss, "/users", "/users/"+hostile.Name, "/audit", "/audit?who="+hostile.Name)
	for _, r := range console.Routes() {
		if r.Method == "GET" && strings.HasPrefix(r.Path, "/api/") {
			add(hostile, strings.NewReplacer("{id...}", "gxj", "{id}", "gxj").Replace(r.Path))
		}
	}
	for _, p := range []string{`<script>pwned=1</script>`, canary(canaryImage, "address")} { // what an address holds comes back too
		for _, path := range []string{"/columns?q=", "/findings?q=", "/tuner?q=", "/accounts?q=", "/nowhere/", "/sites/", "/login?to=", "/registers/reports?q="} {
			add(hostile, path+url.PathEscape(p))
		}
	}
	return all
}

// isQuiet wants a page to run nothing and to ask nobody.
func (b *tab) isQuiet(path string) {
	b.t.Helper()
	b.complaints()
	b.open(path)
	b.do(chromedp.WaitReady(chromedp.CSS("body")))
	if strings.HasPrefix(value[string](b, `document.contentType`), "text/html") && value[bool](b, `!!document.querySelector('link[href*="console.css"]')`) {
		b.drawn()
	}
	b.stayedQuiet(path)
}

// stayedQuiet wants nothing to have run.
func (b *tab) stayedQuiet(where string) {
	b.t.Helper()
	if ran := value[string](b, `String(window.pwned || '')+[...document.querySelectorAll('[onload],[onerror],[onclick],a[href^="javascript:" i]')].map(e=>e.outerHTML.slice(0,200)).join(' ')`); ran != "" {
		b.t.Errorf("%s: it ran, or would if one clicked: %s", where, ran)
	}
	for _, what := range b.complaints() {
		if !strings.Contains(what, "the server responded with a status of 4") { // pages that are not there
			b.t.Errorf("%s: %s", where, what)
		}
	}
	if asked := b.town.outside.wanted(); len(asked) > 0 {
		b.t.Errorf("%s: asked for %q", where, asked)
	}
}

// canaryFiles are what is handed out as HTML: the notice, its comparison, the sheet
// for a unit. They are opened from a disk, where no policy of ours holds.
func (w *town) canaryFiles(t *testing.T, finding string) (names []string) {
	t.Helper()
	dir := t.TempDir()
	keep := func(name, text string) {
		if !strings.Contains(text, "<") {
			t.Errorf("%s is no HTML: %.200s", name, text)
		}
		if !strings.Contains(text, "canary") && !strings.Contains(text, "pwned") {
			t.Logf("%s holds no payload", name)
		}
		names = append(names, filepath.Join(dir, name))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for _, name := range []string{"notice.html", "compare.html"} {
		_, text := w.get("/notices/draft/" + name + "?period=" + demoPeriod)
		keep(name, text)
	}
	_, page := w.get("/findings?period=" + demoPeriod + "&unit=gxj")
	for i, ref := range regexp.MustCompile(`href="(/findings/[0-9a-f]+/`+demoPeriod+`)"`).FindAllStringSubmatch(page, -1) {
		if _, text := w.get(ref[1]); strings.Contains(text, `/sheet"`) {
			keep(fmt.Sprintf("sheet-%d.html", i), w.send(ref[1]+"/sheet", "", "", nil))
		}
	}
	return names
}

func (b *tab) isQuietFile(name string) {
	b.t.Helper()
	b.complaints()
	b.do(chromedp.Navigate("file://"+name), chromedp.WaitReady(chromedp.CSS("body")))
	for _, what := range b.complaints() {
		if !strings.Contains(what, "file://") {
			b.t.Errorf("%s: %s", name, what)
		}
	}
	b.stayedQuiet(name)
}

// makeBoss makes the administrator by the first link.
func (w *town) makeBoss(t *testing.T) error {
	t.Helper()
	u, err := url.Parse(w.first())
	if err != nil {
		return err
	}
	w.post("/setup", url.Values{"link": u.Query()["link"], "name": {boss.Name}, "full_name": {boss.FullName}, "password": {password}, "again": {password}})
	return nil
}
