package registers

import "strings"

// check looks at what the cells of a row say together and settles what they say
// of its subject and unit. The complaints are by field.
func (r *reading) check(v map[string]string) map[string]*complaint {
	wrong := map[string]*complaint{}
	for _, pair := range r.form.pairs {
		first, second := v[pair[0]], v[pair[1]]
		if first == "" || second == "" {
			continue
		}
		if n := min(len(first), len(second)); second[:n] < first[:n] {
			wrong[pair[1]] = complain("“%s”早于%s“%s”：对调或改正", "%s lies before %s, %s; exchange or mend them", second, r.form.name(pair[0]), first)
		}
	}
	switch r.kind {
	case Superior, Filings:
		r.settleSubject(v, wrong)
	case Words:
		if v["unit"] == "" {
			if v["unit"] = r.known.UnitOf(v["page"]); v["unit"] == "" {
				delete(v, "unit") // a list may hold pages of others
			}
		}
	}
	for field, c := range r.kind.together(v) {
		wrong[field] = c
	}
	return wrong
}

// settleSubject leaves of the cells that name a subject its ID.
func (r *reading) settleSubject(v map[string]string, wrong map[string]*complaint) {
	for _, pair := range [][2]string{{"subject", "code"}, {"subject", "name"}, {"code", "name"}} {
		if c := r.known.agree(v[pair[0]], v[pair[1]]); c != nil {
			wrong[pair[1]] = c
			return
		}
	}
	id, c := r.known.subject(v["subject"], v["code"], v["name"], v["column"])
	if c != nil {
		field := "subject"
		for _, other := range []string{"name", "code", "column"} { // the column says most
			if v[other] != "" {
				field = other
			}
		}
		wrong[field] = c
		return
	}
	for _, field := range []string{"code", "name", "column"} {
		delete(v, field)
	}
	v["subject"] = id
}

// together looks at the rules of a register's rows.
func (k Kind) together(v map[string]string) map[string]*complaint {
	wrong := map[string]*complaint{}
	switch k {
	case Messages:
		if v["state"] == "已办结" && v["closed"] == "" {
			wrong["closed"] = complain("状态是已办结，但没有办结时间：补填办结时间，或改正状态", "it is closed and has no time of closing; fill it in, or mend the state")
		}
		if v["closed"] != "" && v["state"] != "" && v["state"] != "已办结" && !strings.HasPrefix(v["state"], "不") && v["state"] != "线下受理" {
			wrong["state"] = complain("有办结时间，状态却是“%s”：改为已办结，或删去办结时间", "it has a time of closing and the state is %s; mend one of them", v["state"])
		}
	case Reports:
		if v["received"] != "" && v["signed"] == "" {
			wrong["signed"] = complain("整改报告须由单位主要负责人签字：填写签字人；未签字的退回单位，不填收到日期", "a report must be signed by the head of the unit; name who signed it, or leave the day of receipt out")
		}
	case Monthly:
		if v["returned"] != "" && v["reason"] == "" {
			wrong["reason"] = complain("退回须写明原因", "a return needs its reason")
		}
	case Filings:
		if v["type"] != Closing && v["until"] == "" {
			wrong["until"] = complain("报备须写明结束日期", "a filing needs its last day")
		}
	}
	return wrong
}

// name is what exports call a field.
func (f form) name(field string) string {
	for _, c := range f.columns {
		if c.field == field {
			return c.names[0]
		}
	}
	return field
}
