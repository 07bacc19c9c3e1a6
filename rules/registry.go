package rules

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// What the registration says of an account, held against what is seen of it. All
// of it is told to people, and none comes to a verdict: what a platform tells a
// guest may be wrong, and so may our 唯一标识.

// ofAccounts are the hindrances that tell of the account and not of the look.
func ofAccounts() []string {
	var all []string
	for _, h := range extract.Hindrances() {
		if h.OfAccount() {
			all = append(all, string(h))
		}
	}
	return all
}

// told notes what people should know of an account.
func (j *judge) told(r *AccountResult, t target, s sighting) {
	j.reopened(r, t, s)
	j.closed(r, t, s)
	j.owner(r, t, s)
	j.avatar(r, t, s)
	j.original(r, t, s)
}

// reopened notes an account that posted after the day from which it is registered as
// 注销 or 永久下线. Without that day nothing is known to have come after it.
func (j *judge) reopened(r *AccountResult, t target, s sighting) {
	a := r.Account
	state, from := a.StateOn(j.day)
	v := s.surest()
	switch {
	case state != inventory.StateCancelled && state != inventory.StateOffline, v == nil:
		return
	case from.IsZero():
		d := v.newest.Day().Format(time.DateOnly)
		r.hint("登记状态为"+string(state)+"而未登记日期，"+d+"有发布，请补登日期",
			"registered as "+string(state)+" without a day, and a post of "+d+" was seen: register the day")
		return
	case !v.newest.Day().After(from):
		return
	}
	for _, ind := range j.applicable(t, KindAlive) {
		if state == inventory.StateOffline {
			ind.Effect = EffectHint
		}
		j.findings.add(ind, Finding{
			Subject: a.ID(), Unit: a.Unit, Since: v.newest.Day(), Newest: v.newest,
			Text: j.say(ind, 0) + "，自" + from.Format(time.DateOnly) + "起登记为" + string(state) + lastUpdate(v.newest),
		})
		r.Look = v.Look
	}
}

// surest is the view with the newest post of which nothing is guessed, nil without
// one: an inferred year may be wrong, and so may all that came of a platform that
// was hardly read.
func (s sighting) surest() (best *view) {
	for i := range s.views {
		v := &s.views[i]
		sure := v.Reading.Outcome == extract.Dated && !v.newest.IsZero() && !v.newest.Inferred && v.shaken == ""
		if sure && (best == nil || v.newest.Time.After(best.newest.Time)) {
			best = v
		}
	}
	return best
}

// closed notes an account that is registered as 正常 and of which the platform
// says that it is closed or moved. That there is no such user may be our mistake,
// unless the platform has shown it before.
func (j *judge) closed(r *AccountResult, t target, s sighting) {
	v, says := s.farewell()
	if v == nil || r.Registered != inventory.StateNormal {
		return
	}
	if says == extract.HindNoUser && !s.known() {
		r.hint("平台称用户不存在，此前也未曾读到，请先核对唯一标识和主页地址",
			"the platform knows no such user and never showed it before: check the uid and the address first")
		return
	}
	for _, ind := range j.applicable(t, KindClosed) {
		if !slices.Contains(ind.Says, string(says)) {
			continue
		}
		day := extract.DayOf(v.At)
		j.findings.add(ind, Finding{
			Subject: r.Account.ID(), Unit: r.Account.Unit, Since: day,
			Text: j.say(ind, 0) + "，平台显示“" + saidBy(says) + "”（" + day.Format(time.DateOnly) + "），登记状态为" + string(r.Registered),
		})
		if r.State == Unknown {
			r.Look = v.Look
		}
	}
}

// farewell returns the view by which a platform says last that an account is
// closed or moved, and what it says; nil where a later look, or a later post from
// wherever, shows that it is not.
func (s sighting) farewell() (last *view, says extract.Hindrance) {
	for i := range s.views {
		v := &s.views[i]
		if !v.within || v.shaken != "" {
			continue
		}
		if h := v.said(); h != "" {
			last, says = v, h
		} else if v.Reading.Conclusive() && v.Reading.From != extract.FromFeed {
			last, says = nil, ""
		}
	}
	if last != nil && s.clearing(extract.DayOf(last.At)) != nil {
		return nil, ""
	}
	return last, says
}

// said is what the platform itself says of the account, "" for nothing.
func (v view) said() extract.Hindrance {
	var says extract.Hindrance
	for _, t := range v.Reading.Tries {
		switch {
		case !adapter(t.Kind):
		case showed(t):
			return ""
		case t.Hindrance.OfAccount():
			says = t.Hindrance
		}
	}
	return says
}

// known reports whether the platform ever showed the account.
func (s sighting) known() bool {
	return slices.ContainsFunc(s.views, func(v view) bool { return probed(*v.Look, adapter).read })
}

// saidBy is what a platform says of an account, in the words people know.
func saidBy(h extract.Hindrance) string {
	switch h {
	case extract.HindNoUser:
		return "用户不存在"
	case extract.HindCancelled:
		return "账号已注销"
	case extract.HindBanned:
		return "账号被封禁"
	case extract.HindRecycled:
		return "账号已被回收"
	case extract.HindMoved:
		return "账号已迁移"
	}
	return string(h)
}

// GroupID is the subject of what is found of all accounts of a unit on one
// platform: "unit:ga/weibo".
func GroupID(unit string, p inventory.Platform) string { return "unit:" + unit + "/" + string(p) }

// single notes units that have several accounts on one platform, those that are
// closed left out.
func (j *judge) single() {
	groups := map[string][]inventory.Account{}
	var order []string
	for _, a := range j.in.City.Accounts {
		if state := j.stateOf(a); state == inventory.StateCancelled || state == inventory.StateOffline {
			continue
		}
		id := GroupID(a.Unit, a.Platform)
		if groups[id] == nil {
			order = append(order, id)
		}
		groups[id] = append(groups[id], a)
	}
	for _, id := range order {
		g := groups[id]
		if len(g) < 2 {
			continue
		}
		var names []string
		for _, a := range g {
			names = append(names, a.Name)
		}
		for _, ind := range j.applicable(j.targetOfAccount(g[0]), KindSingle) {
			j.findings.add(ind, Finding{
				Subject: id, Unit: g[0].Unit, Since: j.day,
				Text: j.say(ind, len(g)) + "：" + strings.Join(names, "、") + "（共" + strconv.Itoa(len(g)) + "个）",
			})
		}
	}
}
