package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"xuncha/extract"
	"xuncha/rules"
)

// WriteCSV writes every column of a check for a spreadsheet: UTF-8 with a byte
// order mark, cells that no spreadsheet takes for a formula.
func WriteCSV(w io.Writer, c Check) error {
	rows := make([][]string, 0, len(c.Columns))
	for _, col := range c.Columns {
		by, days := col.decisive(), ""
		if n, ok := daysBetween(string(col.Newest), c.PointDay); ok {
			days = strconv.Itoa(n)
		}
		inYear := ""
		if col.ItemsInYear != nil {
			inYear = strconv.Itoa(*col.ItemsInYear)
		}
		rows = append(rows, []string{
			col.ID, col.Unit, col.Carrier, string(col.CountsTo), col.Name, col.Class,
			chinese.stateAndReason(rules.State(col.State), extract.Reason(col.Reason)), col.State, string(col.Reason),
			string(col.Newest), string(col.NewestTitle), days, chinese.window(string(by.Window)),
			string(by.WindowStart), by.StaleSince, by.StaleOn, by.Indicator, strconv.Itoa(col.Looks),
			strconv.Itoa(col.ItemsRead), inYear, c.PointDay, c.mark(),
		})
	}
	data, err := encodeCSV(columnsOfCSV(), rows)
	if err != nil {
		return err
	}
	_, err = w.Write(append([]byte("\xEF\xBB\xBF"), data...))
	return err
}

func columnsOfCSV() []string {
	return []string{
		"对象", "单位", "载体", "计入网站", "栏目名称", "栏目类别", "状态", "state", "reason", "最近更新", "最近更新标题",
		"距今天数", "更新时限", "时限起始日", "超期起始日", "将于何日超期", "检查指标", "一致查看次数", "读到条数",
		"本年条数", "监测时间点", "说明",
	}
}

// mark says what a reader must know of where a table comes from.
func (c Check) mark() string {
	if c.Simulated {
		return SimulatedMark
	}
	return "初判"
}

// encodeCSV writes a table with newlines of one character and guarded cells.
func encodeCSV(header []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		return nil, fmt.Errorf("encode CSV: %w", err)
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = guard(cell)
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("encode CSV: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("encode CSV: %w", err)
	}
	return b.Bytes(), nil
}
