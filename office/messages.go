package office

import (
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/registers"
	"xuncha/store"
)

// CountMessages counts the messages of 我为政府网站找错 that came in from one day to
// another, as they stand on a day and by the imports up to one, as
// [store.Store.Register] has them. It is nil where no list speaks of these days:
// that none is kept does not say that nobody wrote. A list speaks of the days of
// its messages and, where it has none of them, if it was taken in when they were
// over.
func CountMessages(st *store.Store, city *inventory.City, from, to, on time.Time, imports int) (*registers.MessageFigures, error) {
	rows, err := st.Register(registers.Messages, imports)
	if err != nil {
		return nil, err
	}
	f, err := registers.CountMessages(rows, from, to, on, city.Workdays(), city.Report.Decimals)
	if err != nil {
		return nil, err
	}
	all, err := st.Imports()
	if err != nil {
		return nil, err
	}
	kept := f.Received+f.Declined > 0
	for _, i := range all {
		counts := i.Kind == registers.Messages && (imports == 0 || i.Seq <= imports)
		kept = kept || counts && !i.At.Before(extract.DayOf(to))
	}
	if !kept {
		return nil, nil
	}
	return &f, nil
}
