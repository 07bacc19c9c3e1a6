package inventory_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
)

// What the program is shipped with knows something of every platform, and be it how
// to supply what a guest is not shown.
func TestEveryPlatformHasAFile(t *testing.T) {
	city := shipped(t, "yangquan")
	var got []inventory.Platform
	for _, p := range city.Platforms {
		got = append(got, p.ID)
		if p.Name == "" || p.Hand == "" || p.HandEN == "" {
			t.Errorf("%s: %q, by hand %q, %q", p.ID, p.Name, p.Hand, p.HandEN)
		}
		if p.Manner.Delay < time.Second || p.Manner.After < 1 || p.Manner.CoolDown < time.Minute || p.Manner.Deadline <= 0 {
			t.Errorf("%s is asked without manners: %+v", p.ID, p.Manner)
		}
	}
	if !slices.Equal(got, inventory.Platforms()) {
		t.Errorf("platforms %q, want every one in order: %q", got, inventory.Platforms())
	}
	entries, err := fs.ReadDir(configs.FS, "platforms")
	if err != nil || len(entries) != len(inventory.Platforms()) {
		t.Errorf("%d files, %v; want one for each of %d platforms", len(entries), err, len(inventory.Platforms()))
	}
}

// Only letters that notices were seen to use are held against an account.
func TestLettersOfShippedPlatforms(t *testing.T) {
	got := map[string]string{}
	for _, p := range shipped(t, "yangquan").Platforms {
		for _, l := range p.Letters {
			got[l] = fmt.Sprint(p.ID, " ", slices.Contains(p.Seen, l))
		}
	}
	want := map[string]string{"XL": "weibo true", "DY": "douyin true", "XG": "xigua true", "WX": "wechat false", "TT": "toutiao false", "KS": "kuaishou false"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("letters %v, want %v", got, want)
	}
}

// The sources of the shipped platforms are those of an account that has all they
// want to know.
func TestSourcesOfShippedPlatforms(t *testing.T) {
	uids := map[inventory.Platform]string{
		inventory.Weibo: "1000000001", inventory.Wechat: "MzAxMjM0NTY3OA==", inventory.Douyin: "MS4wLjABAAAAexampleexample", inventory.Xigua: "1000000001",
		inventory.Toutiao: "MS4wLjABAAAAexample", inventory.Kuaishou: "3xexample", inventory.Bilibili: "100001", inventory.Xiaohongshu: "0123456789abcdef01234567",
	}
	want := map[inventory.Platform]string{
		inventory.Weibo: "platform https://m.weibo.cn/api/container/getIndex?type=uid&value=1000000001&containerid=1076031000000001 newest\n" +
			"browser https://m.weibo.cn/u/1000000001 newest\n" +
			"platform https://weibo.com/ajax/statuses/mymblog?uid=1000000001&page=1&feature=0 newest\n" +
			"feed http://hub.example/weibo/user/1000000001",
		inventory.Wechat:   "platform https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAxMjM0NTY3OA%3D%3D&action=getalbum&album_id=2001",
		inventory.Douyin:   "browser https://www.douyin.com/user/MS4wLjABAAAAexampleexample newest\nfeed http://hub.example/douyin/user/MS4wLjABAAAAexampleexample",
		inventory.Xigua:    "platform https://www.ixigua.com/home/1000000001 newest\nbrowser https://www.ixigua.com/home/1000000001 newest\nfeed http://hub.example/ixigua/user/video/1000000001",
		inventory.Toutiao:  "browser https://www.toutiao.com/c/user/token/MS4wLjABAAAAexample/ newest\nfeed http://hub.example/toutiao/user/token/MS4wLjABAAAAexample",
		inventory.Kuaishou: "browser https://c.kuaishou.com/fw/user/3xexample newest\nfeed http://hub.example/kuaishou/profile/3xexample",
		inventory.Bilibili: "platform https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?host_mid=100001 newest\nbrowser https://space.bilibili.com/100001/dynamic newest\n" +
			"feed http://hub.example/bilibili/user/dynamic/100001",
		inventory.Xiaohongshu: "browser https://www.xiaohongshu.com/user/profile/0123456789abcdef01234567\nfeed http://hub.example/xiaohongshu/user/0123456789abcdef01234567/notes",
	}
	for _, id := range inventory.Platforms() {
		text := fmt.Sprintf("- {code: 140300M019QQ0001, platform: %s, name: 某号, unit: mz, album: \"2001\"", id)
		if uids[id] != "" {
			text += fmt.Sprintf(", uid: %q", uids[id])
		}
		merged := overlay(t, "testdata/good")
		for name := range merged {
			if strings.HasPrefix(name, "platforms/") || strings.HasPrefix(name, "registers/") {
				delete(merged, name)
			}
		}
		merged["accounts.yaml"] = &fstest.MapFile{Data: []byte(text + "}\n")}
		merged["city.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(withHub(t), "http://hub.example:1200/rss/", "http://hub.example", 1))}
		files, err := inventory.ReadFiles(merged, configs.FS)
		if err != nil {
			t.Fatal(err)
		}
		city, err := inventory.Parse(files)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(city); got != want[id] {
			t.Errorf("%s: got\n%s\nwant\n%s", id, got, want[id])
		}
	}
}

// A city's own file takes the place of the shared one, and what city.yaml says is
// laid over either.
func TestMannersOfPlatforms(t *testing.T) {
	given := inventory.Manner{
		Hosts: []string{"m.weibo.example", "weibo.example"}, Delay: 2 * time.Second, After: 2, CoolDown: 10 * time.Minute,
		Deadline: time.Hour, From: 22 * time.Hour, To: 6*time.Hour + 30*time.Minute,
	}
	usual := inventory.Manner{Hosts: []string{"wx.example"}, Delay: 5 * time.Second, Jitter: 3 * time.Second, After: 3, CoolDown: 15 * time.Minute, Deadline: 2 * time.Hour}
	laid := given
	laid.Delay, laid.Jitter, laid.After, laid.From, laid.To, laid.RobotsOverride = 0, time.Second, 9, 0, 0, "某办 1号"
	tests := []struct {
		name, platforms string
		id              inventory.Platform
		want            inventory.Manner
	}{
		{"the file's", "", inventory.Weibo, given},
		{"the usual ones", "", inventory.Wechat, usual},
		{"the city's over the file's", "{weibo: {delay: 0s, jitter: 1s, after: 9, hours: \"00:00-24:00\", robots_override: 某办 1号}}", inventory.Weibo, laid},
		{"the city's, of another platform", "{wechat: {delay: 1m}}", inventory.Weibo, given},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := withHub(t)
			if tt.platforms != "" {
				text = strings.Replace(text, "crawl:\n", "platforms: "+tt.platforms+"\ncrawl:\n", 1)
			}
			p, _ := good(t, map[string]string{"city.yaml": text}).Platform(tt.id)
			if fmt.Sprintf("%+v", p.Manner) != fmt.Sprintf("%+v", tt.want) {
				t.Errorf("got  %+v\nwant %+v", p.Manner, tt.want)
			}
		})
	}
}

func TestPlatformHoldsAllThatIsSaidOfIt(t *testing.T) {
	city := good(t, nil)
	p, ok := city.Platform(inventory.Weibo)
	if !ok || p.Name != "微博" || p.Route != "/weibo/user/{uid}" || p.RouteWhole != extract.WholeNever || p.Hand != "报送链接" || p.HandEN != "hand in a link" {
		t.Errorf("got %+v", p)
	}
	form := p.Forms[0]
	if form.Source != extract.SourceJSON || form.List != "posts" || form.Name != "user.name" || form.UID != "user.id" || form.Posts != "user.count" || form.At != "/posts" || form.Signs[0] != `"posts"` {
		t.Errorf("form %+v", form)
	}
	if len(p.Sources) != 2 || p.Sources[1].Kind != extract.FromBrowser || p.Sources[1].Whole != extract.WholeCounted || len(p.Sources[1].Forms) != 1 {
		t.Errorf("sources %+v", p.Sources)
	}
	wechat, _ := city.Platform(inventory.Wechat)
	if len(wechat.Sources[0].Forms) != 1 || wechat.Sources[0].Whole != extract.WholeNever || len(wechat.Exports) != 2 {
		t.Errorf("wechat %+v", wechat)
	}
	if _, ok := city.Platform(inventory.Xigua); ok {
		t.Error("a platform without a file is known")
	}
}

// A city from before there were such files still loads, and asks no platform.
func TestCityWithoutPlatformFiles(t *testing.T) {
	merged := overlay(t, "testdata/good")
	for name := range merged {
		if strings.HasPrefix(name, "platforms/") {
			delete(merged, name)
		}
	}
	city, err := load(merged)
	if err != nil || len(city.Platforms) != 0 || len(city.Accounts[0].Sources) != 1 {
		t.Errorf("got %v, %+v", err, city)
	}
}
