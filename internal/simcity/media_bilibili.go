package simcity

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"xuncha/inventory"
)

// bilibili lists the hosts of 哔哩哔哩: what scripts ask, and the pages whose
// answers bring the cookie that those questions need.
func bilibili() []medium {
	return []medium{
		{platform: inventory.Bilibili, host: "api.bilibili.com", main: true, needs: "space.bilibili.com", answer: (*asking).bilibiliData},
		{platform: inventory.Bilibili, host: "space.bilibili.com", answer: (*asking).bilibiliSpace},
	}
}

const bilibiliSize = 12

// bilibiliSpace answers with a space, or with a part of it.
func (q *asking) bilibiliSpace() response {
	uid, _, _ := strings.Cut(strings.TrimPrefix(q.r.URL.Path, "/"), "/")
	if !q.about(uid) {
		return q.asPage(http.StatusNotFound, "出错啦! - bilibili.com", "啥都木有")
	}
	res := q.scripted("个人空间-哔哩哔哩", "", "'https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?offset=&host_mid="+uid+"&timezone_offset=-480', {credentials: 'include'}",
		"((data.data || {}).items || []).map(p => p.modules.module_dynamic.desc.text)")
	res.set("Set-Cookie", "buvid3="+q.buvid()+"; Domain=.bilibili.com; Path=/; Secure")
	return res
}

// buvid is the cookie of the day.
func (q *asking) buvid() string {
	return fmt.Sprintf("%016X-0000-0000-0000-infoc", mix(23, uint64(q.now.day)))
}

func (q *asking) bilibiliData() response {
	at, name := q.r.URL.Path, "host_mid"
	if at == "/x/space/wbi/arc/search" || at == "/x/space/arc/search" {
		name = "mid"
	} else if at != "/x/polymer/web-dynamic/v1/feed/space" {
		return asJSON(http.StatusNotFound, object{"code": -404, "message": "啥都木有", "ttl": 1})
	}
	known := q.about(q.form(name))
	switch {
	case q.fault == faultFrequency:
		return asJSON(http.StatusOK, object{"code": -799, "message": "请求过于频繁，请稍后再试", "ttl": 1})
	case q.cookie("buvid3") != q.buvid(), q.fault == faultCaptcha, q.fault == faultVisitor:
		return asJSON(http.StatusOK, object{"code": -352, "message": "-352", "ttl": 1, "data": object{"v_voucher": "voucher_00000000-0000-0000-0000-000000000000"}})
	case q.fault == faultLogin:
		return asJSON(http.StatusOK, object{"code": -101, "message": "账号未登录", "ttl": 1})
	case !known || q.fault.denies():
		return asJSON(http.StatusOK, object{"code": -404, "message": q.fault.says(), "ttl": 1})
	case name == "mid":
		return q.bilibiliVideos()
	}
	return q.bilibiliDynamics()
}

func (q *asking) bilibiliDynamics() response {
	items := []object{}
	for _, p := range q.posts(bilibiliSize) {
		items = append(items, q.bilibiliItem(p))
	}
	return asJSON(http.StatusOK, object{"code": 0, "message": "0", "ttl": 1, "data": object{
		"has_more": q.total() > len(items), "items": items, "offset": "", "update_baseline": "", "update_num": 0,
	}})
}

func (q *asking) bilibiliItem(p post) object {
	a := q.account
	mid, _ := strconv.ParseInt(a.UID, 10, 64) // 0 for what is no number
	author := object{
		"mid": mid, "name": a.shown, "face": a.avatar(), "type": "AUTHOR_TYPE_NORMAL", "jump_url": "//space.bilibili.com/" + a.UID + "/dynamic",
		"official_verify": object{"desc": a.owner, "type": 1}, "pub_time": "", "pub_action": "", "label": "",
	}
	if q.fault != faultUndated {
		author["pub_ts"], author["pub_time"] = p.at.time().Unix(), p.at.time().Format("2006年01月02日")
	}
	modules := object{
		"module_author": author, "module_dynamic": object{"additional": nil, "desc": object{"text": p.title}, "major": nil, "topic": nil},
		"module_stat": object{"like": object{"count": 7}},
	}
	id := strconv.FormatUint(a.number(p), 10)
	one := object{
		"basic":  object{"comment_id_str": id, "comment_type": 11, "jump_url": "//www.bilibili.com/opus/" + id, "rid_str": id},
		"id_str": id, "modules": modules, "type": "DYNAMIC_TYPE_WORD", "visible": true,
	}
	if p.pinned {
		modules["module_tag"] = object{"text": "置顶"}
	}
	if p.repost {
		one["type"], one["orig"] = "DYNAMIC_TYPE_FORWARD", object{"id_str": "1", "type": "DYNAMIC_TYPE_AV"}
	}
	return one
}

func (q *asking) bilibiliVideos() response {
	a, list := q.account, []object{}
	mid, _ := strconv.ParseInt(a.UID, 10, 64)
	for _, p := range q.posts(bilibiliSize) {
		one := object{"aid": a.number(p), "bvid": "BV1" + strconv.FormatUint(a.number(p), 36), "author": a.shown, "mid": mid, "title": p.title, "length": "01:30", "play": 12}
		if q.fault != faultUndated {
			one["created"] = p.at.time().Unix()
		}
		list = append(list, one)
	}
	return asJSON(http.StatusOK, object{"code": 0, "message": "0", "ttl": 1, "data": object{
		"list": object{"vlist": list}, "page": object{"pn": 1, "ps": bilibiliSize, "count": q.total()},
	}})
}
