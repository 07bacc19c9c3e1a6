package inventory_test

import (
	"strings"
	"testing"

	"xuncha/inventory"
)

func TestAccountCodesAreTakenApart(t *testing.T) {
	tests := []struct {
		code string
		want inventory.AccountCode
	}{
		{"140300M019XL0001", inventory.AccountCode{Area: "140300", Unit: "019", Letters: "XL", Serial: "0001"}},
		{"140321M002ZZ0107", inventory.AccountCode{Area: "140321", Unit: "002", Letters: "ZZ", Serial: "0107"}}, // letters nobody knows are kept
		{"bm0700M001WX0002", inventory.AccountCode{Area: "bm0700", Unit: "001", Letters: "WX", Serial: "0002"}},
		{"bm07M001WX0002", inventory.AccountCode{Area: "bm07", Unit: "001", Letters: "WX", Serial: "0002"}},
	}
	for _, tt := range tests {
		got, err := inventory.ParseAccountCode(tt.code)
		if err != nil || got != tt.want || got.String() != tt.code {
			t.Errorf("%s: got %+v (%s), %v; want %+v", tt.code, got, got, err, tt.want)
		}
	}
}

func TestSiteCodesAreTakenApart(t *testing.T) {
	for code, want := range map[string]inventory.SiteCode{
		"1403000012": {Area: "140300", Serial: "0012"},
		"bm17000009": {Area: "bm17", Serial: "000009"},
	} {
		got, err := inventory.ParseSiteCode(code)
		if err != nil || got != want || got.String() != code {
			t.Errorf("%s: got %+v, %v; want %+v", code, got, err, want)
		}
	}
}

// Whoever mends a code must learn which part of it is wrong.
func TestBrokenCodesSayWhatIsWrong(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"nothing", "", "an M is wanted"},
		{"no mark", "140300019XL0001", "an M is wanted"},
		{"a short area", "14030M019XL0001", `the area before the M is "14030"`},
		{"a short unit", "140300M19XL0001", `the unit's number behind the M is "19X"`},
		{"small letters", "140300M019xl0001", `the letters of the platform are "xl"`},
		{"three letters", "140300M019XCX0001", `the serial number at its end is "X0001"`},
		{"a short serial", "140300M019XL001", `the serial number at its end is "001"`},
		{"something behind it", "140300M019XL0001 ", `the serial number at its end is "0001 "`},
		{"full-width digits", "１４０３００M019XL0001", "the area before the M"},
		{"rounded by a spreadsheet", "1.403E+15", "a spreadsheet has rounded it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := inventory.ParseAccountCode(tt.code); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%q: got %+v, %v; want %q", tt.code, got, err, tt.want)
			}
		})
	}
	for code, want := range map[string]string{
		"140300001":  "it has 9 characters, not 10",
		"1.403E+09":  "a spreadsheet has rounded it",
		"bm1700000x": "ten digits are wanted",
		"BM17000009": "ten digits are wanted",
		"140300001２": "ten digits are wanted",
	} {
		if got, err := inventory.ParseSiteCode(code); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %+v, %v; want %q", code, got, err, want)
		}
	}
}

// FuzzCodes: what is taken apart is put together again.
func FuzzCodes(f *testing.F) {
	for _, code := range []string{"140300M019XL0001", "bm07M001WX0002", "1403000012", "bm17000009", "M", "1e9"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if got, err := inventory.ParseAccountCode(code); err == nil && got.String() != code {
			t.Errorf("account %q became %q", code, got)
		}
		if got, err := inventory.ParseSiteCode(code); err == nil && got.String() != code {
			t.Errorf("site %q became %q", code, got)
		}
	})
}
