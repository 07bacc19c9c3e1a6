package report

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A Platform says how one platform let its accounts be read in the newest round.
type Platform struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Accounts  int     `json:"accounts"`
	Round     Null    `json:"round"`
	Tried     int     `json:"tried"`
	Read      int     `json:"read"`
	Blocked   int     `json:"blocked"`
	Other     int     `json:"other"`
	Elsewhere int     `json:"elsewhere"`
	Failing   bool    `json:"failing"`
	Reasons   Reasons `json:"unread_by_reason"`
	Hindrance Null    `json:"hindrance"`
	Since     Null    `json:"since"`
}

func newPlatforms(city *inventory.City, all []rules.PlatformHealth) []Platform {
	out := make([]Platform, 0, len(all))
	for _, h := range all {
		p := Platform{
			ID: string(h.Platform), Name: PlatformName(city, h.Platform), Accounts: h.Accounts, Round: Null(h.Round), Tried: h.Tried,
			Read: h.Read, Blocked: h.Blocked, Other: h.Other, Elsewhere: h.Elsewhere, Failing: h.Failing(), Reasons: Reasons{},
			Hindrance: Null(h.Hindrance), Since: Null(moment(h.Since)),
		}
		maps.Copy(p.Reasons, h.Reasons)
		out = append(out, p)
	}
	return out
}

func platformHeader(t tongue) []string {
	if t == english {
		return []string{"platform", "accounts", "tried", "read", "blocked", "other", "elsewhere", "in the way", "since"}
	}
	return []string{"平台", "账号", "尝试", "读到", "被拦截", "其他未读", "其中另由其他来源读到", "受阻原因", "自"}
}

// platformRows are the platforms that were asked for anything.
func (c Check) platformRows(t tongue) [][]string {
	var rows [][]string
	for _, p := range c.Platforms {
		if p.Tried == 0 {
			continue
		}
		row := []string{clean(p.Name)}
		for _, n := range []int{p.Accounts, p.Tried, p.Read, p.Blocked, p.Other, p.Elsewhere} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, append(row, p.inTheWay(t), cutDay(p.Since)))
	}
	return rows
}

// inTheWay says what kept a platform's accounts from being read.
func (p Platform) inTheWay(t tongue) string {
	if p.Hindrance != "" {
		return t.hindrance(extract.Hindrance(p.Hindrance))
	}
	return p.Reasons.words(t)
}

// explained reports whether an account is unknown because its platform turned
// most accounts away, which is said once.
func (c Check) explained(a Account) bool {
	for _, p := range c.Platforms {
		if p.ID == a.Platform && p.Failing {
			return unknown(a.State) && a.Verdict == string(rules.NotMonitored) && p.Reasons[extract.Reason(a.Reason)] > 0
		}
	}
	return false
}

// platformCauses are the platforms that turned most accounts away, each with the
// accounts that are unknown for it.
func (c Check) platformCauses(t tongue) [][]string {
	var rows [][]string
	for _, p := range c.Platforms {
		var names []string
		for _, a := range c.Accounts {
			if a.Platform == p.ID && c.explained(a) {
				names = append(names, clean(a.Name))
			}
		}
		if len(names) == 0 {
			continue
		}
		why := sign(rules.Unknown) + " " + p.inTheWay(t)
		if since := cutDay(p.Since); since != "" {
			why += t.say("（自"+since+"）", " (since "+since+")")
		}
		what := t.say(fmt.Sprintf("%s %d个账号：", clean(p.Name), len(names)), fmt.Sprintf("%s, %s: ", clean(p.Name), t.count(len(names), "个账号", "account")))
		rows = append(rows, []string{t.say("（平台原因）", "(platform)"), what + strings.Join(names, t.say("、", ", ")), why, "account:*"})
	}
	return rows
}
