package extract

// MaxPinned is how many posts a platform lets an account hold on top of its list,
// whatever their day: up to three of 抖音, two of 微博, five of 今日头条. A newest
// post below more than that is no sign of pins but of a list that is not sorted.
const MaxPinned = 5

// fallOverYears holds inferred years against the order of the posts: below a
// post of last year none is of this year. Among those that may be pinned the
// order says nothing, and a year too late clears, where one too early accuses.
func fallOverYears(rows []row) {
	crossed := false
	var before Date
	for i := range rows {
		d := &rows[i].item.Date
		if d.IsZero() || i < MaxPinned {
			continue
		}
		if !before.IsZero() {
			crossed = crossed || d.Day().Year() < before.Day().Year()
			for crossed && d.Inferred && d.Day().Sub(before.Day()) > jitter {
				d.Time = d.Time.AddDate(-1, 0, 0)
			}
		}
		before = *d
	}
}
