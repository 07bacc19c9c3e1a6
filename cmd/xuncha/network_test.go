package main

import (
	"slices"
	"testing"

	"xuncha/extract"
	"xuncha/internal/egress"
	"xuncha/inventory"
)

// A feed that a city makes for itself stands on a port of its own, and is rarely
// the first source of an account.
func TestThePortsOfAllSourcesMayBeConnectedTo(t *testing.T) {
	subjects := []inventory.Subject{
		{Task: extract.Task{URLs: []string{"http://a.gov.cn:8080/"}}},
		{Task: extract.Task{URLs: []string{"https://m.weibo.cn/1"}, Posting: &extract.Posting{Sources: []extract.PostSource{
			{URL: "https://m.weibo.cn/1"}, {URL: "http://rss.gov.cn:1200/weibo/user/1"},
		}}}},
	}
	if ports := egress.PortsOf(addressesOf(subjects)...); !slices.Equal(ports, []uint16{8080, 1200}) {
		t.Errorf("ports %v, want those of the site and of the feed", ports)
	}
}
