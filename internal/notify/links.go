package notify

import (
	"net/url"
	"strings"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/rules"
)

// rowPath is the page of the console that shows a row.
func rowPath(r board.Row) string {
	if strings.HasPrefix(r.ID, groupPrefix) {
		return "/accounts?" + url.Values{"unit": {r.Unit}}.Encode()
	}
	switch r.Kind {
	case inventory.KindSite:
		return "/sites/" + escaped(r.ID)
	case inventory.KindAccount:
		return "/accounts/" + escaped(strings.TrimPrefix(r.ID, "account:"))
	}
	return "/columns/" + escaped(r.ID)
}

// groupPrefix begins the ID of all accounts of a unit on one platform, which are no row;
// see [rules.GroupID].
const groupPrefix = "unit:"

func escaped(id string) string { return (&url.URL{Path: id}).EscapedPath() }

// named is how many rows a link to a table names one by one.
const named = 5

// tables are the console's tables of rows: exactly them where they are few, else
// all of their state, unless that is the state of nearly all.
func tables(rows []board.Row) []string {
	var paths []string
	for _, t := range []struct {
		path  string
		holds func(inventory.SubjectKind) bool
	}{
		{"/sites", func(k inventory.SubjectKind) bool { return k == inventory.KindSite }},
		{"/columns", func(k inventory.SubjectKind) bool { return k != inventory.KindSite && k != inventory.KindAccount }},
		{"/accounts", func(k inventory.SubjectKind) bool { return k == inventory.KindAccount }},
	} {
		q := url.Values{}
		for _, r := range rows {
			if t.holds(r.Kind) && !strings.HasPrefix(r.ID, groupPrefix) {
				q.Add("id", r.ID)
				q.Set("state", string(r.State))
			}
		}
		switch n := len(q["id"]); {
		case n == 0, n > named && q.Get("state") == string(rules.Fresh): // a table of nearly all says nothing
			continue
		case n <= named:
			q.Del("state")
		default:
			q.Del("id")
		}
		paths = append(paths, t.path+"?"+q.Encode())
	}
	return paths
}
