package simcity

import (
	"net/http"
	"strconv"
	"strings"

	"xuncha/inventory"
)

// douyin is the one host of 抖音. Its pages are empty until their script has
// signed a request for the posts.
func douyin() []medium {
	return []medium{{platform: inventory.Douyin, host: "www.douyin.com", main: true, answer: (*asking).douyin}}
}

const douyinSize = 18

func (q *asking) douyin() response {
	if uid, ok := strings.CutPrefix(q.r.URL.Path, "/user/"); ok {
		return q.douyinPage(uid)
	}
	if q.r.URL.Path != "/aweme/v1/web/aweme/post/" {
		return q.nowhere()
	}
	known := q.about(q.form("sec_user_id"))
	switch {
	case !q.signed("a_bogus"), q.fault == faultCaptcha:
		return response{status: http.StatusOK, kind: "application/json"} // nothing at all
	case q.fault == faultLogin:
		return asJSON(http.StatusOK, object{"status_code": 8, "status_msg": "用户未登录", "extra": q.douyinExtra()})
	case q.fault == faultVisitor, q.fault == faultFrequency:
		return asJSON(http.StatusOK, object{"status_code": 5, "status_msg": q.fault.says(), "extra": q.douyinExtra()})
	case !known, q.fault.denies():
		return asJSON(http.StatusOK, object{"status_code": 0, "aweme_list": []object{}, "has_more": 0, "max_cursor": 0, "extra": q.douyinExtra()})
	}
	return q.douyinPosts()
}

func (q *asking) douyinPage(uid string) response {
	known := q.about(uid)
	switch {
	case q.fault == faultCaptcha:
		return q.asDocument("验证码中间页", func() {
			q.add(`<div id="captcha_container"></div><script>window.TTGCaptcha = {};</script>`, "\n")
		})
	case q.fault == faultLogin, q.fault == faultVisitor, q.fault == faultFrequency: // the page is there, and its script is told
	case !known || q.fault.denies():
		return q.asPage(http.StatusOK, "抖音", q.fault.says())
	}
	return q.scripted("抖音-记录美好生活", "  const query = 'device_platform=webapp&aid=6383&channel=channel_pc_web&sec_user_id="+uid+"&max_cursor=0&count="+itoa(douyinSize)+"';\n",
		"'/aweme/v1/web/aweme/post/?' + query + '&a_bogus=' + sign(query + '"+q.salt()+"')", "(data.aweme_list || []).map(p => p.desc)")
}

// douyinExtra says when an answer was made, in milliseconds.
func (q *asking) douyinExtra() object {
	now := q.now
	if q.account != nil {
		now = q.account.made(q.fault, q.now)
	}
	return object{"now": now.time().UnixMilli(), "logid": now.time().Format("20060102150405") + "0A1B2C3D4E5F", "fatal_item_ids": []any{}}
}

func (q *asking) douyinPosts() response {
	a, list := q.account, []object{}
	author := object{
		"uid": strconv.FormatUint(60_000_000_000+a.line.key%10_000_000_000, 10), "sec_uid": a.UID, "nickname": a.shown, "aweme_count": q.total(),
		"custom_verify": "", "enterprise_verify_reason": a.owner, "avatar_thumb": object{"uri": a.Code, "url_list": []string{a.avatar()}}, "secret": 0, "signature": a.owner,
	}
	posts := q.posts(douyinSize)
	for _, p := range posts {
		id := strconv.FormatUint(7_000_000_000_000_000_000+a.number(p), 10)
		one := object{"aweme_id": id, "desc": p.title, "author": author, "aweme_type": 0, "is_top": b2i(p.pinned), "statistics": object{"aweme_id": id, "digg_count": 7, "play_count": 0}}
		if q.fault != faultUndated {
			one["create_time"] = p.at.time().Unix()
		}
		list = append(list, one)
	}
	return asJSON(http.StatusOK, object{
		"status_code": 0, "min_cursor": 0, "max_cursor": q.now.time().UnixMilli(), "has_more": b2i(len(posts) > 0 && q.total() > len(posts)),
		"aweme_list": list, "extra": q.douyinExtra(), "log_pb": object{"impr_id": "0"},
	})
}
