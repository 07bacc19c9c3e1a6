package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/rules"
	"xuncha/store"
)

// historyOf is what was kept of a subject: a night in which it was read, and the
// look that the state rests on.
func historyOf(look *rules.Look, pages ...extract.Page) []store.Snapshot {
	before := store.Snapshot{
		Subject: look.Subject, Round: "20230926-0130", At: look.At.AddDate(0, 0, -1), Look: 1, Digest: "d0",
		Reading: extract.Reading{Outcome: extract.Dated, Newest: date("2023-06-20")},
	}
	return []store.Snapshot{before, {
		Subject: look.Subject, Round: look.Round, At: look.At, Look: 1, Digest: look.Digest, Reading: look.Reading, Pages: pages,
	}}
}

func showText(t *testing.T, subject, lang string, pages ...extract.Page) string {
	t.Helper()
	city, res := smallCity()
	var history []store.Snapshot
	for _, look := range looksOf(res) {
		if look.Subject == subject {
			history = historyOf(look, pages...)
		}
	}
	p, err := NewProof(city, ruleSet(), round(), res, subject, history)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Show(&b, p, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func looksOf(res rules.Result) []*rules.Look {
	var out []*rules.Look
	for _, r := range res.Columns {
		out = append(out, r.Look)
	}
	for _, r := range res.Sections {
		out = append(out, r.Look)
	}
	for _, r := range res.Accounts {
		if r.Look != nil {
			out = append(out, r.Look)
		}
	}
	return out
}

func listPage() extract.Page {
	return extract.Page{
		Asked: "http://xxgk.yq.gov.cn/czj/gzdt/tzgggs", URL: "http://xxgk.yq.gov.cn/czj/gzdt/tzgggs/", Why: extract.WhyList,
		Status: 200, FetchedAt: on("2023-09-27").Add(97 * time.Minute), SHA256: strings.Repeat("5a", 32),
		Authority: "阳泉市人民政府办公室",
	}
}

func TestShow(t *testing.T) {
	timeout := extract.Page{Asked: "http://xxgk.yq.gov.cn/", Why: extract.WhyList, FetchedAt: on("2023-09-27"),
		Class: extract.ClassTimeout, Detail: "dial tcp: i/o timeout\x1b[2J"}
	for name, text := range map[string]string{
		"show-column.zh.txt":  showText(t, "xxgk/czj/gzdt/tzgggs", "zh", listPage()),
		"show-column.en.txt":  showText(t, "xxgk/czj/gzdt/tzgggs", "en", listPage()),
		"show-due.zh.txt":     showText(t, "fgw/fgdt", "zh"),
		"show-unknown.zh.txt": showText(t, "xxgk/czj/gzdt/rcgz", "zh", timeout),
		"show-section.zh.txt": showText(t, "平定县人民政府/zdhy", "zh"),
		"show-account.zh.txt": showText(t, "account:140300M010XL0009", "zh"),
		"show-site.zh.txt":    showText(t, "fgw", "zh"),
		"show-nolook.zh.txt":  showText(t, "140300M010WX0001", "zh"),
		"show-hidden.zh.txt":  showText(t, "account:140300M010KS0001", "zh"),
		"show-hidden.en.txt":  showText(t, "account:140300M010KS0001", "en"),
		"show-attest.zh.txt":  showText(t, "account:140300M010KS0003", "zh"),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, text)
			if strings.Contains(text, "\x1b") {
				t.Errorf("control characters reach the terminal: %q", text)
			}
		})
	}
}

func TestShowSaysHowLateInTheTradesWords(t *testing.T) {
	if got, want := showText(t, "xxgk/czj/gzdt/tzgggs", "zh"), "■ 超期未更新：距最近更新99天，时限2周，已超期85天\n"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
	got := showText(t, "xxgk/czj/gzdt/rcgz", "zh")
	if !strings.Contains(got, "◌ 未能监测：无法访问\n") || strings.Contains(got, "超期") {
		t.Errorf("an unread column is accused:\n%s", got)
	}
}

func TestProofIsComplete(t *testing.T) {
	city, res := smallCity()
	look := res.Columns[0].Look
	for i := range 40 {
		look.Reading.Items = append(look.Reading.Items, extract.Item{Title: strings.Repeat("长", 10000), Date: date(fmt.Sprintf("2023-01-%02d", 1+i%28))})
	}
	p, err := NewProof(city, ruleSet(), round(), res, look.Subject, historyOf(look, listPage()))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Reading.Items) != 41 || len(p.Reading.Items[1].Title) != 30000 || len(p.Pages) != 1 || len(p.History) != 2 {
		t.Errorf("got %d items, %d pages, %d looks, want 41, 1, 2", len(p.Reading.Items), len(p.Pages), len(p.History))
	}
	if p.NewestSource != "[06-20]" || p.Indicators[0].Basis == "" || len(p.Findings) != 1 {
		t.Errorf("source %q, basis %q, %d findings", p.NewestSource, p.Indicators[0].Basis, len(p.Findings))
	}
	var b strings.Builder
	if err := WriteJSON(&b, p); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), ": null,\n  \"parts\"") || strings.Contains(b.String(), `"findings": null`) {
		t.Error("a list is null in JSON")
	}
	b.Reset()
	if err := Show(&b, p, "zh"); err != nil || b.Len() > 20000 {
		t.Errorf("the terminal gets %d bytes, %v", b.Len(), err)
	}
}

func TestProofOfUnknownSubject(t *testing.T) {
	city, res := smallCity()
	_, err := NewProof(city, ruleSet(), round(), res, "czj", nil)
	want := `no such subject: "czj" (did you mean xxgk/czj/gzdt/tzgggs, xxgk/czj/gzdt/rcgz?); xuncha check lists every subject`
	if !errors.Is(err, ErrNoSubject) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := NewProof(city, ruleSet(), round(), res, "", nil); !errors.Is(err, ErrNoSubject) {
		t.Errorf("empty subject: got %v", err)
	}
}

// A snapshot kept without its digest is found by its moment.
func TestProofFindsTheSnapshotOfTheLook(t *testing.T) {
	look := &rules.Look{Round: "r", At: on("2023-09-27")}
	other := store.Snapshot{Round: "r", At: on("2023-09-26"), Pages: []extract.Page{{Asked: "other"}}}
	right := store.Snapshot{Round: "r", At: on("2023-09-27").UTC(), Pages: []extract.Page{{Asked: "right"}}}
	if got := pagesOf(look, []store.Snapshot{other, right}); len(got) != 1 || got[0].Asked != "right" {
		t.Errorf("got %+v, want the page of the same moment", got)
	}
	if got := pagesOf(nil, []store.Snapshot{right}); len(got) != 0 {
		t.Errorf("without a look: got %+v", got)
	}
}
