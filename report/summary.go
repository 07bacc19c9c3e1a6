package report

// summaryVersion is the version of summary.json.
const summaryVersion = 1

// A summary is summary.json: the numbers of a draft and what they rest on.
type summary struct {
	Version           int                 `json:"version"`
	Period            summaryPeriod       `json:"period"`
	City              string              `json:"city"`
	Office            string              `json:"office"`
	Draft             bool                `json:"draft"`
	Simulated         bool                `json:"simulated"`
	Mark              string              `json:"mark"`
	At                string              `json:"at"`
	PointDay          string              `json:"point_day"`
	Round             *roundRef           `json:"round"`
	Config            string              `json:"config"`
	RuleSet           ruleSetRef          `json:"rule_set"`
	Totals            Totals              `json:"totals"`
	Rates             string              `json:"rates"`
	Coverage          Coverage            `json:"coverage"`
	CoverageStatement string              `json:"coverage_statement"`
	Unknown           []summaryUnknown    `json:"unknown"`
	Missing           []summaryMissing    `json:"missing"`
	Attachments       []summaryAttachment `json:"attachments"`
	Findings          []string            `json:"findings"`
	Platforms         []Platform          `json:"platforms"`
	MadeFrom          any                 `json:"made_from,omitempty"`
}

type summaryPeriod struct {
	ID    string `json:"id"`
	Start string `json:"start"`
	End   string `json:"end"`
}

// A summaryUnknown is a subject that could not be monitored, by name: a final
// notice may not leave one unsettled.
type summaryUnknown struct {
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
}

// A summaryMissing is a mandated section that was not found.
type summaryMissing struct {
	Subject string `json:"subject"`
	Unit    string `json:"unit"`
	Name    string `json:"name"`
}

type summaryAttachment struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	File  string `json:"file"`
	Rows  int    `json:"rows"`
	Units int    `json:"units"`
}

func (d Draft) summary() summary {
	c := d.Check
	s := summary{
		Version: summaryVersion,
		Period:  summaryPeriod{ID: d.Period.String(), Start: day(d.Period.Start()), End: day(d.Period.End())},
		City:    c.City, Office: d.Office, Draft: !d.Final, Simulated: c.Simulated, Mark: d.marks(),
		At: c.At, PointDay: c.PointDay, Round: c.Round, Config: d.Config, RuleSet: c.RuleSet,
		Totals: c.Totals, Rates: c.rates(), Coverage: c.Coverage, CoverageStatement: c.coverage(chinese),
		Unknown: c.unknowns(), Missing: []summaryMissing{}, Attachments: []summaryAttachment{}, Findings: []string{},
		Platforms: c.Platforms, MadeFrom: d.MadeFrom,
	}
	for _, x := range d.missing {
		s.Missing = append(s.Missing, summaryMissing{x.ID, x.Unit, x.Name})
	}
	for _, t := range d.Tables {
		s.Attachments = append(s.Attachments, summaryAttachment{t.Name, t.Title, t.file(), len(t.Rows), t.Units()})
	}
	for _, f := range c.Findings {
		if f.Publicity == "" || f.Publicity == "点名" { // whose it is follows from the ID
			s.Findings = append(s.Findings, f.ID)
		}
	}
	return s
}

// file is the name of the table's file.
func (t Table) file() string { return "attachment-" + t.Name + ".csv" }

// unknowns are all subjects that could not be monitored, in order.
func (c Check) unknowns() []summaryUnknown {
	out := []summaryUnknown{}
	add := func(id, state string, reason Null) {
		if unknown(state) {
			out = append(out, summaryUnknown{id, string(reason)})
		}
	}
	for _, x := range c.Columns {
		add(x.ID, x.State, x.Reason)
	}
	for _, x := range c.Sections {
		add(x.ID, x.State, x.Reason)
	}
	for _, x := range c.Accounts {
		add("account:"+x.Code, x.State, x.Reason)
	}
	return out
}
