package simcity

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xuncha/extract"
	"xuncha/inventory"
)

// sectioned is the town with a mandated section on every site.
func sectioned() *inventory.City {
	c := town()
	for i := range c.Carriers {
		c.Carriers[i].Sections = []inventory.Section{{
			ID: c.Carriers[i].ID + "/zdhy", Unit: "fgw", Carrier: c.Carriers[i].ID, Search: []string{c.Carriers[i].Home},
			Spec: extract.SectionSpec{Name: "重大会议信息", Parts: []extract.PartSpec{{Name: "政府全体会议"}, {Name: "常务会议"}}},
		}}
	}
	return c
}

// href returns the address behind a link's text, "" if there is none.
func href(doc *goquery.Document, text string) (at string) {
	doc.Find("a").Each(func(_ int, a *goquery.Selection) {
		if strings.TrimSpace(a.Text()) == text {
			at = a.AttrOr("href", "")
		}
	})
	return at
}

func TestSectionsLeadToTheirParts(t *testing.T) {
	hc := client(t, start(t, sectioned(), townFacts, Options{}))
	for _, s := range skins()[:8] {
		base, p := "http://"+s.name+".test.gov.cn", profileOf(t, s.name)
		at := href(document(t, get(t, hc, base+"/")), "重大会议信息")
		if at == "" {
			t.Errorf("%s: no link to the section on the home page", s.name)
			continue
		}
		sec := document(t, get(t, hc, base+at))
		for _, part := range []string{"政府全体会议", "常务会议"} {
			u := base + href(sec, part)
			rows := read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)
			if newest(rows) < "2023-07-01" {
				t.Errorf("%s: %s: newest %q, want it of this summer", u, part, newest(rows))
			}
		}
	}
}

func TestSectionFacts(t *testing.T) {
	facts := townFacts + "  trs/zdhy: {absent: true}\n  nfcms/zdhy: {called: 政府会议}\n"
	city := sectioned()
	for i := range city.Carriers {
		if s := &city.Carriers[i].Sections[0]; s.Carrier == "vsb" {
			s.Search = append(s.Search, "http://vsb.test.gov.cn/zwgk/")
		}
	}
	hc := client(t, start(t, city, facts, Options{}))
	tests := []struct {
		name, url, text string
		want            bool
	}{
		{"absent", "http://trs.test.gov.cn/", "重大会议信息", false},
		{"called otherwise", "http://nfcms.test.gov.cn/", "重大会议信息", false},
		{"called otherwise", "http://nfcms.test.gov.cn/", "政府会议", true},
		{"searched elsewhere too: not on the home page", "http://vsb.test.gov.cn/", "重大会议信息", false},
		{"but on the page searched last", "http://vsb.test.gov.cn/zwgk/", "重大会议信息", true},
	}
	for _, tt := range tests {
		if got := href(document(t, get(t, hc, tt.url)), tt.text) != ""; got != tt.want {
			t.Errorf("%s: %s links to %s: %v, want %v", tt.name, tt.url, tt.text, got, tt.want)
		}
	}
	if got := get(t, hc, "http://trs.test.gov.cn/zdhy/").status; got != 404 {
		t.Errorf("absent: its address answers %d, want 404", got)
	}
}

func TestHomePageStandsStillWhereTheFactsSaySo(t *testing.T) {
	hc := client(t, start(t, town(), townFacts+"  nfcms: {newest: 2023-09-01}\n  trs: {unreadable: blocked}\n", Options{}))
	p := profileOf(t, "nfcms")
	u := "http://nfcms.test.gov.cn/"
	rows := read(t, document(t, get(t, hc, u)), u, p.Home.List, p.Home.Item, p.Home.Date)
	if n := newest(rows); n > "2023-09-01" || n < "2023-08-25" {
		t.Errorf("newest on the home page %q, want it up to 2023-09-01", n)
	}
	if a := get(t, hc, "http://trs.test.gov.cn/"); !strings.Contains(a.body, "访问被拦截") {
		t.Error("a blocked home page is readable")
	}
}
