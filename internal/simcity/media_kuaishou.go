package simcity

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"xuncha/inventory"
)

// kuaishou lists the hosts of 快手: pages to be shared, whose script asks for the
// posts, and those of its live shows, where posts bear no time.
func kuaishou() []medium {
	return []medium{
		{platform: inventory.Kuaishou, host: "c.kuaishou.com", main: true, answer: (*asking).kuaishou},
		{platform: inventory.Kuaishou, host: "live.kuaishou.com", answer: (*asking).kuaishouLive},
	}
}

const kuaishouSize = 24

func (q *asking) kuaishou() response {
	if uid, ok := strings.CutPrefix(q.r.URL.Path, "/fw/user/"); ok {
		return q.kuaishouPage(uid)
	}
	if q.r.URL.Path != "/rest/wd/feed/profile" {
		return q.nowhere()
	}
	known := q.about(q.kuaishouAsked())
	switch {
	case q.fault == faultCaptcha:
		return asJSON(http.StatusOK, object{"result": 400002, "error_msg": q.fault.says(), "captcha": object{"type": 1}})
	case q.fault == faultLogin, q.fault == faultVisitor:
		return asJSON(http.StatusOK, object{"result": 109, "error_msg": faultLogin.says()})
	case q.fault == faultFrequency:
		return asJSON(http.StatusOK, object{"result": 2, "error_msg": q.fault.says()})
	case !known || q.fault.denies():
		return asJSON(http.StatusOK, object{"result": 21, "error_msg": q.fault.says()})
	}
	return q.kuaishouFeed()
}

func (q *asking) kuaishouPage(uid string) response {
	known := q.about(uid)
	if q.fault == faultCaptcha || !known || q.fault.denies() && q.fault != faultVisitor {
		return q.asPage(http.StatusOK, "快手", q.fault.says())
	}
	return q.scripted("快手", "", "'/rest/wd/feed/profile', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({eid: '"+uid+"', count: "+itoa(kuaishouSize)+", pcursor: ''})}",
		"(data.feeds || []).map(p => p.caption)")
}

func (q *asking) kuaishouFeed() response {
	feeds := []object{}
	a, posts := q.account, q.posts(kuaishouSize)
	for _, p := range posts {
		one := q.kuaishouPost(p)
		if q.fault != faultUndated {
			one["timestamp"] = p.at.time().UnixMilli()
		}
		feeds = append(feeds, one)
	}
	cursor := any("no_more")
	if len(posts) > 0 && q.total() > len(posts) {
		cursor = float64(posts[len(posts)-1].at.time().UnixMilli())
	}
	return asJSON(http.StatusOK, object{"result": 1, "feeds": feeds, "pcursor": cursor, "llsid": a.line.key >> 12})
}

func (q *asking) kuaishouPost(p post) object {
	a := q.account
	id := strconv.FormatUint(5_000_000_000_000_000_000+a.number(p), 10)
	return object{
		"photoId": id, "caption": p.title, "userId": a.line.key % 1_000_000_000, "userEid": a.UID, "userName": a.shown, "headUrl": a.avatar(), "kwaiId": "",
		"video": true, "type": 1, "viewCount": 100 + p.k%1000, "likeCount": 7, "commentCount": 0, "share_info": "userId=" + a.UID + "&photoId=" + id,
	}
}

// kuaishouAsked is whose posts are asked for: a script sends it.
func (q *asking) kuaishouAsked() string {
	if q.r.Method != http.MethodPost {
		return q.form("eid")
	}
	var asked struct {
		EID string `json:"eid"`
	}
	if err := json.NewDecoder(io.LimitReader(q.r.Body, 1<<12)).Decode(&asked); err != nil {
		return ""
	}
	return asked.EID
}

// kuaishouLive answers as live.kuaishou.com.
func (q *asking) kuaishouLive() response {
	if uid, ok := strings.CutPrefix(q.r.URL.Path, "/profile/"); ok && q.about(uid) {
		return q.scripted("快手直播", "", "'/live_api/profile/public?count="+itoa(kuaishouSize)+"&pcursor=&principalId="+uid+"&hasMore=true'", "data.data.list.map(p => p.caption)")
	}
	if q.r.URL.Path != "/live_api/profile/public" {
		return q.nowhere()
	}
	list := []object{}
	if q.about(q.form("principalId")) && !q.fault.denies() {
		for _, p := range q.posts(kuaishouSize) {
			one := q.kuaishouPost(p)
			list = append(list, object{"id": one["photoId"], "caption": p.title, "author": object{"id": q.account.UID, "name": q.account.shown}, "playUrl": "", "poster": q.account.avatar()})
		}
	}
	return asJSON(http.StatusOK, object{"data": object{"result": 1, "pcursor": "", "list": list}})
}
