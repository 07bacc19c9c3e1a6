package simcity

import (
	"strconv"
	"strings"
)

// Quirks are what is odd about a list on a day, though it can be read.
type quirks struct {
	oneDay    day // older items bear this day since a migration; 0 for none
	today     day // every row bears this day, on which it is looked at
	numbered  bool
	banner    bool // today's date stands above the list
	relative  bool // 3天前
	farAhead  bool // one row bears a day of the year 2032
	tomorrow  bool // an old item stands on top with tomorrow's day
	pins      int
	upwards   bool // the oldest item first
	turned    bool // each page upside down
	doubled   bool // every row again, for phones
	withdrawn bool // no item is shown any more
}

// add lets an event of dates or rows happen to the list.
func (q *quirks) add(e *event, d day) {
	switch e.what {
	case "one-day":
		q.oneDay, q.numbered = e.from, true
	case "head":
		q.banner = true
	case "every-row":
		q.today = d
	case "relative":
		q.relative = true
	case "far-ahead":
		q.farAhead = true
	case "tomorrow":
		q.tomorrow = true
	case "pinned":
		q.pins = 3
	case "upwards":
		q.upwards = true
	case "turned":
		q.turned = true
	case "doubled":
		q.doubled = true
	case "gone":
		q.withdrawn = true
	}
}

// listed is the moment that a list shows for an item.
func (q quirks) listed(at moment) moment {
	if q.today != 0 {
		return moment{q.today, 0}
	}
	return q.kept(at)
}

// kept is the moment that an item bears itself.
func (q quirks) kept(at moment) moment {
	if q.oneDay != 0 && at.day < q.oneDay {
		return moment{q.oneDay, 10 * 60}
	}
	return at
}

// obscure reports whether nobody can tell from the rows when the item of a day
// was published.
func (q quirks) obscure(newest day) bool {
	return q.today != 0 || q.oneDay != 0 && newest < q.oneDay
}

// listRows writes the rows of page n in the list's order, with what stands on
// top of them.
func (p *page) listRows(l *list, n int) {
	f, size, total := p.host.skin.list, p.host.skin.size, l.size(p.now)
	if n == 1 {
		p.onTop(f, l, total)
	}
	from, to := (n-1)*size, min(n*size, total)
	for i := from; i < to; i++ {
		at := total - 1 - i
		switch {
		case l.quirks.upwards:
			at = i
		case l.quirks.turned:
			at = total - 1 - (to - 1 - (i - from))
		}
		it := l.item(at)
		if l.quirks.farAhead && n == 1 && i == 3 {
			it.shown = ahead(it.shown, 2032)
		}
		p.row(f, l, it, i, false)
	}
}

// onTop writes what stands above the newest row.
func (p *page) onTop(f frame, l *list, total int) {
	old := total - 1 - 2*p.host.skin.size
	if l.quirks.tomorrow && old > 0 {
		it := l.item(old)
		it.shown = moment{p.now.day + 1, 0}
		p.row(f, l, it, 0, false)
	}
	pins := l.quirks.pins
	if l.pinned {
		pins = max(pins, 1)
	}
	for i := 0; i < pins && total > 3*p.host.skin.size; i++ {
		p.row(f, l, l.item(old-i), 0, true)
	}
}

// ahead moves a moment to the same day of a later year.
func ahead(m moment, year int) moment {
	t := m.day.time()
	return moment{dayOf(t.AddDate(year-t.Year(), 0, 0)), m.minute}
}

// again writes the rows once more as a page does that has its list twice, once
// for phones.
func (p *page) again(l *list, n int) {
	f := p.host.skin.list
	p.add(`<div class="show-phone" style="display:none">`, f.open)
	p.listRows(l, n)
	p.add(f.close, "</div>\n")
}

// banner writes today's date above a list.
func (p *page) banner() {
	p.add(`<p class="now">今天是 `, p.now.day.time().Format("2006-01-02"), "</p>\n")
}

// hot writes a list of what is new elsewhere on the host above the column's own.
func (p *page) hot(l *list) {
	p.add(`<div class="recommend"><h3>热点推荐</h3><ul>`)
	shown := 0
	for i := 0; i < len(p.host.lists) && shown < 6; i++ {
		other := p.host.lists[i]
		size := other.size(p.now)
		if other == l || size == 0 || other.fault != "" {
			continue
		}
		shown++
		it := other.item(size - 1)
		p.seen(it.at)
		p.add(`<li><a href="`, p.host.hrefFrom(other, it, itoa(other.number(it))), `">`, it.title, "</a><span>", it.shown.day.time().Format("2006-01-02"), "</span></li>\n")
	}
	p.add("</ul></div>\n")
}

// ago says how long ago a day was, for days that are not long ago.
func ago(back day) string {
	switch {
	case back < 0 || back > 30:
		return ""
	case back == 0:
		return "今天"
	case back == 1:
		return "昨天"
	}
	return strconv.Itoa(int(back)) + "天前"
}

// fullLayout reports whether a layout shows month and day together.
func fullLayout(layout string) bool {
	rest := strings.ReplaceAll(layout, "2006", "")
	return strings.Contains(rest, "1") && strings.Contains(rest, "2")
}
