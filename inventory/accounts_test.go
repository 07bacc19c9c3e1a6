package inventory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// date is midnight in Beijing of a day.
func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// accounts returns the good configuration with these accounts and no register.
func accounts(t *testing.T, text string, more map[string]string) *inventory.City {
	t.Helper()
	files := map[string]string{"accounts.yaml": text, "registers/province.yaml": "[]"}
	for name, data := range more {
		files[name] = data
	}
	return good(t, files)
}

const weibo = "- code: 140300M019XL0001\n  platform: weibo\n  name: 某市民政\n  unit: mz\n"

func TestAccountHoldsAllThatIsSaidOfIt(t *testing.T) {
	city := accounts(t, `- code: 140300M019WX0001
  platform: wechat
  name: 某市民政
  unit: 民政局
  supervisor: sz
  owner: 某市民政局
  uid: MzAxMjM0NTY3OA==
  album: "2000000000000000001"
  home: https://wx.example/mz
  feed: http://rss.example/mz
  feed_whole: true
  sources: [feed, link]
  states:
    - {state: 待备案}
    - {state: 正常, from: 2021-03-01}
    - {state: 注销, from: 2023-09-01}
`, nil)
	a, ok := city.Account("140300M019WX0001")
	if !ok || a.Unit != "mz" || a.Supervisor != "sz" || a.Owner != "某市民政局" || a.UID != "MzAxMjM0NTY3OA==" || a.Album != "2000000000000000001" {
		t.Errorf("got %+v", a)
	}
	if a.Home != "https://wx.example/mz" || a.Feed != "http://rss.example/mz" || !a.FeedWhole {
		t.Errorf("got %+v", a)
	}
	if want := []extract.SourceKind{extract.FromFeed, extract.FromLink}; !slices.Equal(a.Kinds, want) {
		t.Errorf("kinds %q, want %q", a.Kinds, want)
	}
	for day, want := range map[string]string{
		"2020-01-01": "待备案 -", "2021-02-28": "待备案 -", "2021-03-01": "正常 2021-03-01", "2023-08-31": "正常 2021-03-01", "2023-09-01": "注销 2023-09-01", "2030-01-01": "注销 2023-09-01",
	} {
		state, from := a.StateOn(date(t, day))
		since := "-"
		if !from.IsZero() {
			since = from.Format(time.DateOnly)
		}
		if got := fmt.Sprint(state, " ", since); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

func TestStateWithItsDayIsOneSpell(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "正常 0001-01-01"},
		{"  state: 冻结\n", "冻结 0001-01-01"},
		{"  state: 冻结\n  since: 2023-08-01\n", "冻结 2023-08-01"},
		{"  since: 2023-08-01\n", "正常 2023-08-01"},
	}
	for _, tt := range tests {
		a := accounts(t, weibo+tt.text, nil).Accounts[0]
		got := ""
		for _, s := range a.States {
			got += string(s.State) + " " + s.From.Format(time.DateOnly)
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// What the registration system knows as 主页地址 shows what the platform calls the
// account by.
func TestUIDIsFoundInTheHomeAddress(t *testing.T) {
	for home, want := range map[string]string{
		"https://weibo.com/u/1000000001":             "1000000001",
		"https://weibo.com/u/1000000001?is_all=1":    "1000000001",
		"https://weibo.com/mouren":                   "",
		"https://weibo.com/u/12":                     "",
		"https://other.example/weibo.com/u/1/000000": "",
	} {
		if a := accounts(t, weibo+"  home: "+home+"\n", nil).Accounts[0]; a.UID != want {
			t.Errorf("%s: uid %q, want %q", home, a.UID, want)
		}
	}
	if a := accounts(t, weibo+"  home: https://weibo.com/u/1000000001\n  uid: \"1000000002\"\n", nil).Accounts[0]; a.UID != "1000000002" {
		t.Errorf("uid %q, want the one that is given", a.UID)
	}
}

// What may be right is no mistake, and is listed for the office.
func TestDoubtsAboutAccountsAreListed(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"expected letters that differ", "- code: 140300M019WX0001\n  platform: douyin\n  name: 一\n  unit: mz\n",
			"accounts.yaml:1: 140300M019WX0001 is douyin, but the letters WX are expected to stand for wechat"},
		{"another area than the unit's", strings.Replace(weibo, "140300M", "140321M", 1), "accounts.yaml:1: 140321M019XL0001 has the area 140321, and its unit mz stands in 140300"},
		{"a uid that makes no address", weibo + "  uid: mouren\n", `accounts.yaml:5: uid "mouren" is not what 微博 calls an account by in its addresses`},
		{"two codes for one account", weibo + "  uid: \"1000000001\"\n" + strings.Replace(weibo, "0001", "0002", 1) + "  uid: \"1000000001\"\n",
			"accounts.yaml:10: 140300M019XL0002 has the uid 1000000001, as has 140300M019XL0001"},
		{"letters that nobody knows", strings.Replace(weibo, "XL", "QQ", 1), ""},
		{"an area that nobody asks", strings.Replace(strings.Replace(weibo, "140300M", "140321M", 1), "unit: mz", "unit: sz", 1), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, u := range accounts(t, tt.text, nil).Unconfirmed {
				if u.File == "accounts.yaml" {
					got = append(got, u.String())
					if zh := u.In("zh").What; !u.Doubt || !strings.ContainsFunc(zh, isHan) || englishRun.MatchString(zh) {
						t.Errorf("the doubt %q is %q in Chinese", u.What, zh)
					}
				}
			}
			if strings.Join(got, "\n") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
