package notice

import (
	"strconv"
	"time"

	"xuncha/report"
)

// An Owed is a monthly form or a self-check that a unit let its day pass with.
type Owed struct {
	Unit  string // ID
	Month string // 2023-09
	Form  string
	Due   time.Time
	How   string // 未报送, or that it was returned, and why
}

// urge makes one document for each unit that owes monthly papers.
func (p paper) urge() ([]report.File, error) {
	header := []string{"序号", "月份", "材料", "报送期限", "情况"}
	var files []report.File
	for _, unit := range p.order {
		var rows [][]string
		for _, x := range p.in.Owed {
			if x.Unit == unit {
				rows = append(rows, []string{strconv.Itoa(len(rows) + 1), x.Month, x.Form, digits(x.Due), x.How})
			}
		}
		if len(rows) == 0 {
			continue
		}
		made, err := p.document(p.units[unit], nil, header, rows)
		if err != nil {
			return nil, err
		}
		files = append(files, report.File{Name: string(Urge) + "-" + unit + ".docx", Data: made})
	}
	if len(files) == 0 {
		return nil, ErrNothingOwed
	}
	return files, nil
}

// ErrNothingOwed says that no unit owes a monthly paper.
var ErrNothingOwed error = &sentence{"没有需要催报的单位：登记了月报自查的月份都已按期报送", "no unit owes a monthly form or a self-check of a month whose papers are registered"}
