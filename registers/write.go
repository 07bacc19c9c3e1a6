package registers

import (
	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// Table is a register as a list in its own columns, units by name, so that it
// reads back as it is. Without rows it is the empty form to be filled in.
func Table(kind Kind, rows []Row, city *inventory.City) sheet.Table {
	f := forms[kind]
	t := sheet.Table{Name: f.chinese}
	var columns []column
	for _, c := range f.columns {
		if c.kind != helping {
			columns = append(columns, c)
			t.Head = append(t.Head, c.names[0])
		}
	}
	for _, r := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = r.Values[c.field]
			if u, known := city.Unit(cells[i]); known && c.kind == unit {
				cells[i] = u.Name
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
