package console

import (
	"bytes"
	"net/http"
	"time"

	"xuncha/internal/sheet"
)

// wants reports whether a page is asked for as a file: "csv" or "xlsx", "" for the
// page itself.
func (q *request) wants() (string, error) {
	switch format := q.URL.Query().Get("format"); format {
	case "", "csv", "xlsx":
		return format, nil
	}
	return "", refuse(http.StatusBadRequest, "没有这种导出格式；可选 csv 或 xlsx", "there is no such format to export to; choose csv or xlsx")
}

// exportBoard answers with a table of the board as a file. It is of the board's day,
// however long ago: a list of last week must not pass for one of today.
func (c *Console) exportBoard(w http.ResponseWriter, q *request, format string, t sheet.Table) error {
	day := q.now
	if q.board != nil && !q.board.Result.PointDay.IsZero() {
		day = q.board.Result.PointDay
	}
	return exportOf(w, q, format, t, day)
}

// export answers with a table as a file. The name says of which day it is.
func (c *Console) export(w http.ResponseWriter, q *request, format string, t sheet.Table) error {
	return exportOf(w, q, format, t, q.now)
}

func exportOf(w http.ResponseWriter, q *request, format string, t sheet.Table, day time.Time) error {
	var out bytes.Buffer
	kind := "text/csv; charset=utf-8"
	var err error
	if format == "xlsx" {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		err = sheet.WriteXLSX(&out, t)
	} else {
		err = sheet.WriteCSV(&out, t)
	}
	if err != nil {
		return err
	}
	name := t.Name + "-" + stamp(day, "20060102") + "." + format
	attachment(w, name)
	send(w, q.Request, http.StatusOK, kind, out.Bytes())
	return nil
}
