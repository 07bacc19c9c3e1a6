package extract

import "strings"

// scattered reports whether parts that were found stand in no common place: no
// page searched calls anything by the section's name, and their addresses share
// no directory. Where a page searched was not read, or may lead to the section
// by what no text names, nothing is said.
func (q *quest) scattered(parts []Part) bool {
	if q.hindrance() != nil || q.inScripts(q.section) {
		return false
	}
	for _, v := range q.searched {
		if v.hides(q.spec.Name) != "" {
			return false
		}
		for _, l := range v.labels {
			if q.section.likeColumn(l) {
				return false // a heading that holds them together
			}
		}
	}
	var found []string
	for _, p := range parts {
		if p.Outcome == Unread {
			return false
		}
		if p.Outcome == Found {
			found = append(found, p.URL)
		}
	}
	return len(found) > 0 && (len(found) == 1 || !together(found))
}

// together reports whether addresses lie in one directory below the top of their
// host, or are one.
func together(addresses []string) bool {
	first := addressOf(addresses[0])
	for _, a := range addresses[1:] {
		u := addressOf(a)
		if first == nil || u == nil || !sameHost(u, first) {
			return false
		}
		if key(a) == key(addresses[0]) {
			continue
		}
		if above(directory(u)) == "/" || above(directory(u)) != above(directory(first)) {
			return false
		}
	}
	return true
}

// above returns the directory that holds a directory, "/" at the top.
func above(dir string) string {
	dir = strings.TrimSuffix(dir, "/")
	return dir[:strings.LastIndexByte(dir, '/')+1]
}
