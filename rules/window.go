package rules

// A Window is a 更新时限: so many days, calendar months or years back from the
// point's day, both ends inclusive. The zero Window is none.
type Window struct {
	Days, Months, Years int
}
