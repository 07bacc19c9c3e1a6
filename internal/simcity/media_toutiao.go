package simcity

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"xuncha/inventory"
)

// xigua is the one host of 西瓜视频: its pages hold their data.
func xigua() []medium {
	return []medium{{platform: inventory.Xigua, host: "www.ixigua.com", main: true, answer: (*asking).xigua}}
}

// toutiao is the one host of 今日头条: its pages ask for their data, and whoever
// asks without a signature is given none.
func toutiao() []medium {
	return []medium{{platform: inventory.Toutiao, host: "www.toutiao.com", main: true, answer: (*asking).toutiao}}
}

const toutiaoSize = 20

func (q *asking) xigua() response {
	uid, ok := strings.CutPrefix(strings.TrimSuffix(q.r.URL.Path, "/"), "/home/")
	if !ok {
		return q.nowhere()
	}
	known := q.about(uid)
	switch {
	case q.fault == faultCaptcha:
		return q.asPage(http.StatusOK, "验证码中间页", q.fault.says())
	case !known || q.fault.denies():
		return q.asPage(http.StatusOK, "西瓜视频", q.fault.says())
	}
	return q.asDocument(q.account.shown+"的个人主页 - 西瓜视频", func() {
		q.add(`<div id="App"></div>`, "\n", `<script id="SSR_HYDRATED_DATA">window._SSR_HYDRATED_DATA=`, q.xiguaData(), "</script>\n")
	})
}

// xiguaData are the data of a page. What has no value is written as scripts know
// it and JSON does not.
func (q *asking) xiguaData() string {
	a, videos := q.account, []object{}
	for _, p := range q.posts(toutiaoSize) {
		id := strconv.FormatUint(2_000_000_000_000_000_000+a.number(p), 10)
		one := object{"gid": id, "groupId": id, "title": p.title, "duration": 60 + p.k%200, "playNum": 100 + p.k%900, "abstract": nil}
		if q.fault != faultUndated {
			one["publishTime"] = p.at.time().Unix()
		}
		videos = append(videos, one)
	}
	data, err := json.Marshal(object{
		"AuthorDetailInfo": object{"user_id": a.UID, "name": a.shown, "avatar": a.avatar(), "introduce": nil, "verifiedContent": a.owner, "videosCount": q.total()},
		"AuthorVideoList":  object{"videoList": videos, "hasMore": q.total() > len(videos), "cursor": nil},
		"AuthorTabsCount":  object{"videoCount": q.total()},
	})
	if err != nil {
		return "{}"
	}
	return strings.ReplaceAll(string(data), ":null", ":undefined")
}

func (q *asking) toutiao() response {
	if uid, ok := strings.CutPrefix(strings.TrimSuffix(q.r.URL.Path, "/"), "/c/user/token/"); ok {
		return q.toutiaoPage(uid)
	}
	if q.r.URL.Path != "/api/pc/list/feed" {
		return q.nowhere()
	}
	known := q.about(q.form("token"))
	if !known || !q.signed("a_bogus") || q.fault.denies() {
		return asJSON(http.StatusOK, object{"message": "success", "data": nil, "has_more": false, "next": object{"max_behot_time": 0}})
	}
	a, list := q.account, []object{}
	user := object{"token": a.UID, "user_id": strconv.FormatUint(a.line.key%1_000_000_000_000, 10), "name": a.shown, "avatar_url": a.avatar(), "description": a.owner, "verified_content": a.owner, "user_verified": true}
	last := int64(0)
	for _, p := range q.posts(toutiaoSize) {
		id := strconv.FormatUint(2_000_000_000_000_000_000+a.number(p), 10)
		last = p.at.time().Unix()
		one := object{
			"id": id, "group_id": id, "item_id": id, "title": p.title, "abstract": p.title, "source": a.shown, "user_info": user, "cell_type": 60, "article_genre": "article",
			"media_url": "/c/user/token/" + a.UID + "/", "source_url": "/group/" + id + "/", "tag": "news_politics", "is_stick": p.pinned, "comments_count": 0,
		}
		if q.fault != faultUndated {
			one["behot_time"], one["publish_time"] = last, last
		}
		list = append(list, one)
	}
	return asJSON(http.StatusOK, object{"message": "success", "data": list, "has_more": q.total() > len(list), "next": object{"max_behot_time": last}})
}

func (q *asking) toutiaoPage(uid string) response {
	known := q.about(uid)
	switch {
	case q.fault == faultCaptcha:
		return q.asPage(http.StatusOK, "验证码中间页", q.fault.says())
	case q.fault == faultVisitor: // the page is there, and its script is given nothing
	case !known || q.fault.denies():
		return q.asPage(http.StatusOK, "今日头条", q.fault.says())
	}
	return q.scripted("今日头条", "  const query = 'category=profile_all&token="+uid+"&max_behot_time=0&entrance_gid=&aid=24&app_name=toutiao_web';\n",
		"'/api/pc/list/feed?' + query + '&a_bogus=' + sign(query + '"+q.salt()+"')", "(data.data || []).map(p => p.title)")
}
