package inventory_test

import (
	"testing"

	"xuncha/inventory"
)

func TestCanonicalIsOneSpelling(t *testing.T) {
	for name, pair := range map[string][2]string{
		"scheme and www":    {"https://www.a.gov.cn/x/", "http://a.gov.cn/x"},
		"an index page":     {"http://a.gov.cn/x/index.shtml", "http://A.gov.cn/x/"},
		"a default page":    {"http://a.gov.cn/Default.aspx", "http://a.gov.cn"},
		"behind the hash":   {"http://a.gov.cn/x#1", "http://a.gov.cn/x#2"},
		"no address at all": {"http://[", "http://["},
	} {
		if a, b := inventory.Canonical(pair[0]), inventory.Canonical(pair[1]); a != b {
			t.Errorf("%s: %q and %q are %q and %q", name, pair[0], pair[1], a, b)
		}
	}
	for name, pair := range map[string][2]string{
		"another query": {"http://a.gov.cn/x?id=1", "http://a.gov.cn/x?id=2"},
		"a later page":  {"http://a.gov.cn/x/index_1.shtml", "http://a.gov.cn/x/"},
	} {
		if a, b := inventory.Canonical(pair[0]), inventory.Canonical(pair[1]); a == b {
			t.Errorf("%s: %q and %q are both %q", name, pair[0], pair[1], a)
		}
	}
}
