package intake

import (
	"slices"
	"strings"

	"xuncha/internal/sheet"
	"xuncha/inventory"
)

// Export returns the entries of a kind as a list, in the columns that a list of
// it may have. Taken in again it changes nothing.
func Export(city *inventory.City, k Kind) sheet.Table {
	t := sheet.Table{Name: k.Word("zh")}
	var fields []field
	for _, h := range heads[k] {
		if !slices.Contains(exportsNot[k], h.field) {
			fields = append(fields, h.field)
			t.Head = append(t.Head, h.names[0])
		}
	}
	x := exporter{city: city}
	for _, line := range x.lines(k) {
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = line[f]
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// An exporter says in words what the configuration says in IDs.
type exporter struct{ city *inventory.City }

// lines are the entries of a kind by field.
func (x exporter) lines(k Kind) []map[field]string {
	var all []map[field]string
	switch k {
	case Units:
		for _, u := range x.city.Units {
			all = append(all, x.unitLine(u))
		}
	case Sites:
		for _, c := range x.city.Carriers {
			all = append(all, x.siteLine(c))
		}
	case Columns:
		for _, c := range x.city.Carriers {
			for _, col := range c.Columns {
				all = append(all, x.columnLine(c, col))
			}
		}
	case Accounts:
		for _, a := range x.city.Accounts {
			all = append(all, x.accountLine(a))
		}
	}
	return all
}

// unit is the name by which lists know a unit.
func (x exporter) unit(id string) string {
	u, _ := x.city.Unit(id)
	return u.Name
}

func (x exporter) unitLine(u inventory.Unit) map[field]string {
	v := unitValues(u)
	line := map[field]string{
		fID: u.ID, fName: u.Name, fFull: u.FullName, fAliases: strings.Join(u.Aliases, "；"), fSuperior: x.unit(u.Superior),
		fDistrict: u.District, fFrom: v["from"], fTo: v["to"],
	}
	if words := unitLevels[u.Level]; len(words) > 0 {
		line[fLevel] = words[0]
	}
	return line
}

func (x exporter) siteLine(c inventory.Carrier) map[field]string {
	line := map[field]string{
		fCode: c.Code, fName: c.Name, fHome: c.Home, fUnit: x.unit(c.Unit), fType: siteTypeName(c), fCMS: c.CMS,
		fHosts: strings.Join(c.Hosts, "；"), fID: c.ID,
	}
	if u, ok := x.city.Unit(c.Unit); ok && c.Kind == inventory.Site {
		line[fSupervisor] = x.unit(u.Superior)
	}
	if c.Kind == inventory.Site {
		line[fState] = "正常"
	}
	return line
}

func (x exporter) columnLine(c inventory.Carrier, col inventory.Column) map[field]string {
	_, local, _ := strings.Cut(col.ID, "/")
	line := map[field]string{
		fSiteCode: c.Code, fSite: c.Name, fName: col.Name, fURL: strings.Join(col.URLs, "；"), fUnit: x.unit(col.Unit),
		fClass: string(col.Class), fID: local,
	}
	if col.OnDemand {
		line[fOften] = oftenWords[0][0]
	}
	switch {
	case col.CountsTo == "" && c.Kind == inventory.Site:
		line[fCounts] = "不计入"
	case col.CountsTo != "" && col.CountsTo != c.ID:
		line[fCounts] = col.CountsTo
	}
	return line
}

func (x exporter) accountLine(a inventory.Account) map[field]string {
	state, since := lastState(a)
	line := map[field]string{
		fUnit: x.unit(a.Unit), fSupervisor: x.unit(a.Supervisor), fPlatform: platformName(a.Platform), fCode: a.Code, fUID: a.UID,
		fState: string(state), fSince: since, fHome: a.Home, fName: a.Name, fOwner: a.Owner, fFeed: a.Feed, fAlbum: a.Album,
	}
	for _, c := range x.city.Carriers {
		if c.Unit == a.Unit && c.Code != "" {
			line[fUnitCode] = c.Code
			break
		}
	}
	return line
}
